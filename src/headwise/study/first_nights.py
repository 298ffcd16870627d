"""A home that begins with a model of other places: what its devices are called, night by night, where a person named some of them."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from headwise.errors import InputError
from headwise.identity import Identity
from headwise.identity.home import HomeFolder
from headwise.identity.naming import fits
from headwise.identity.night import Night, NightSettings
from headwise.identity.nightly import tell_device
from headwise.models import load_model
from headwise.study.base_model import train_on, windows_of
from headwise.study.replay_home import began, days_of, table_of
from headwise.testbeds import LabelledWindows, day_name, day_of, join
from headwise.testbeds.units import FILE as DEVICES

WORDS = {
    "told": "a person said what it is",
    "right": "named, by its product or its line",
    "wrong": "named as something else",
    "unknown": "unknown, or a guess",
    "changed": "under a name that it earned and no longer behaves like",
}
"""What may be said of a device in the morning."""


@dataclass(frozen=True)
class Morning:
    """A home after a night.

    Attributes
    ----------
    day : str
        ``2019-07-01``.
    model : str
        File of the model in use.
    devices : dict of int to str
        One of `WORDS` by MAC.
    labels : dict of int to str or None
        What each is called.
    """

    day: str
    model: str
    devices: dict[int, str]
    labels: dict[int, str | None]

    def count(self, word: str) -> int:
        """Return how many devices it is said of."""
        return Counter(self.devices.values())[word]


def first_nights(
    place: HomeFolder, days: Sequence[LabelledWindows], told: Collection[int], settings: NightSettings | None = None
) -> Iterator[Morning]:
    """Let a home live through days; after its first night a person says what some devices are.

    Parameters
    ----------
    place : HomeFolder
        With its base model.
    days : sequence of LabelledWindows
        One after another; the home is told no label but those.
    told : collection of int
        MACs that a person names.
    settings : NightSettings, optional
    """
    truth: dict[int, str] = {}
    for number, windows in enumerate(days):
        truth |= dict(zip(windows.device.tolist(), windows.product.tolist(), strict=True))
        with place.alone() as home:
            night = Night(place, home, settings or NightSettings())
            night.run(table_of(windows))
        found = {known.identity.device: known.identity for known in night.identities}
        yield Morning(
            day_name(int(day_of(windows.start)[0])),
            night.home.in_use.file,
            {mac: word_of(identity, truth[mac]) for mac, identity in found.items()},
            {mac: identity.label for mac, identity in found.items()},
        )
        if number == 0:
            _tell(place, windows, told)


def word_of(identity: Identity, product: str) -> str:
    """Return what is said of a device that is a product, of `WORDS`."""
    if identity.state == "told":
        return "told" if identity.label == product else "wrong"
    if identity.state not in ("named", "changed"):
        return "unknown"
    if not fits(identity.label, identity.line, product, False):
        return "wrong"
    return "right" if identity.state == "named" else "changed"


def measure(data: Path, bed: str, told: int, draws: int, nights: int, say: Callable[[str], None], jobs: int = 1) -> list[str]:
    """Return a table in Markdown: what devices of a test-bed are called after each night, with and without retraining.

    The model that the home begins with learned all other test-beds, as the one that comes with headwise did.

    Parameters
    ----------
    data : Path
        Folder of the test-beds.
    bed : str
        The home.
    told : int
        Products of which a person names one unit.
    draws : int
        How often they are drawn anew.
    nights : int
        How many days it lives.

    Raises
    ------
    InputError
        Where there is no such test-bed, or no other one.
    """
    others = sorted(path.parent for path in data.glob(f"*/{DEVICES}") if path.parent.name != bed)
    if not others or not (data / bed / DEVICES).is_file():
        raise InputError("is no test-bed beside others", where=str(data / bed), do="give one of those in --data")
    days = days_of(windows_of(data / bed, say))[:nights]
    lines = [
        "| products told | night | retrained | told | right | wrong | unknown | changed |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder) / "base.headwise"
        train_on(join([windows_of(other, say) for other in others]), [other.name for other in others], say, jobs).save(base)
        for draw in range(draws):
            macs = drawn(join(days), told, draw)
            names = ", ".join(macs.values())
            for retrain in (False, True):
                place = began(Path(folder) / f"home-{draw}-{retrain}", base)
                for number, morning in enumerate(first_nights(place, days, macs, NightSettings(retrain=retrain, watch=False)), start=1):
                    counts = " | ".join(str(morning.count(word)) for word in WORDS)
                    lines.append(f"| {names} | {number} | {'yes' if retrain else 'no'} | {counts} |")
                    say(lines[-1])
    return lines


def drawn(windows: LabelledWindows, count: int, draw: int) -> dict[int, str]:
    """Return one unit of so many products, by MAC."""
    products = np.unique(windows.product.astype(str))
    chosen = np.random.default_rng(draw).choice(products, min(count, len(products)), replace=False)
    return {int(np.unique(windows.device[windows.product == product])[0]): str(product) for product in sorted(chosen)}


def _tell(place: HomeFolder, windows: LabelledWindows, told: Collection[int]) -> None:
    known = load_model(place.model(place.read().in_use.file)).manifest.categories
    for mac in sorted(told):
        row = int(np.flatnonzero(windows.device == mac)[0])
        product = str(windows.product[row])
        tell_device(place.folder, mac, product, None if product in known else str(windows.category[row]), int(windows.start.max()))
