"""The devices of a capture, each with its name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from headwise.clock import NS, iso_time
from headwise.devices import Device, format_mac, vendor
from headwise.identity.answer import NOTHING, Answer
from headwise.identity.evidence import Evidence, EvidenceSettings
from headwise.identity.habits import signs_of
from headwise.identity.products import Products
from headwise.identity.reasons import Shown
from headwise.models.fingerprints import Showing, showings
from headwise.models.knowledge import telling_values
from headwise.models.model import Model
from headwise.models.voting import EVIDENCE_FLOOR
from headwise.windows import WindowReader, WindowTable, content_weights


@dataclass(frozen=True)
class Identified:
    """A device of a capture.

    Attributes
    ----------
    mac : str
    vendor : str or None
        Of the MAC.
    role : "device" or "router"
        A router has its traffic listed but is not named: what it sends is mostly other devices' business.
    packets, bytes_sent, bytes_received, windows : int
        Of its traffic. Packets are those sent and received.
    first_seen, last_seen : str
        When it first and last sent something, ISO 8601, UTC.
    answer : Answer
        Of the state ``new``, without a name, where nothing names it: without a model, without a window, or of a router.
    """

    mac: str
    vendor: str | None
    role: str
    packets: int
    bytes_sent: int
    bytes_received: int
    windows: int
    first_seen: str
    last_seen: str
    answer: Answer = NOTHING

    def to_json(self) -> dict[str, Any]:
        """Return the object that ``--json`` prints of a device."""
        content = asdict(self)
        del content["answer"]
        return {**content, **self.answer.to_json()}


@dataclass
class _Like:
    """What a device's marks said of each product, when, and at how many windows they are asked again."""

    windows: int = 0
    due: int = 0
    logarithms: np.ndarray = field(default_factory=lambda: np.zeros(0))


@dataclass
class Names:
    """What the windows of each device say of it, as they come, in memory that does not grow with time.

    Attributes
    ----------
    model : Model
        What names windows.
    use_vendor : bool
        Whether the vendor of a MAC is a prior.
    """

    model: Model
    use_vendor: bool = True
    _found: dict[int, tuple[Evidence, Shown]] = field(default_factory=dict)
    _like: dict[int, _Like] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._products = Products(self.model.manifest, self.model.knowledge, self.use_vendor)

    def add(self, table: WindowTable) -> None:
        """Count windows in."""
        for start, (mac, said, telling) in zip(table.start.tolist(), self._read(table), strict=True):
            evidence, shown = self._found.setdefault(mac, self._nothing())
            evidence.add(*said)
            shown.add(*telling)
            likeness = self._likeness(mac, shown)
            if evidence.amount:
                evidence.lead.note(self._products.judge(evidence, likeness, mac).best, start)

    def alone(self, table: WindowTable) -> list[Answer]:
        """Return what each window would say if there were no other; nothing is counted in."""
        answers = []
        for mac, said, telling in self._read(table):
            evidence, shown = self._nothing()
            evidence.add(*said)
            shown.add(*telling)
            answers.append(self._products.answer(evidence, shown, mac))
        return answers

    def of(self, mac: int) -> Answer:
        """Return what all windows of a device so far say."""
        return self._products.answer(*self._found[mac], mac) if mac in self._found else NOTHING

    def _likeness(self, mac: int, shown: Shown) -> np.ndarray:
        """Return what a device's marks say of each product, or said a tenth of its windows ago: it takes long and changes little."""
        like = self._like.setdefault(mac, _Like())
        like.windows += 1
        if like.windows >= like.due:
            like.due = like.windows + max(1, like.windows // 10)
            like.logarithms = self._products.likeness(shown)
        return like.logarithms

    def _nothing(self) -> tuple[Evidence, Shown]:
        manifest = self.model.manifest
        return Evidence(manifest.classes, EvidenceSettings(most=manifest.most_evidence)), Shown()

    def _read(self, table: WindowTable) -> Iterator[tuple[int, tuple[int, np.ndarray, float], tuple[np.ndarray, Showing, np.ndarray]]]:
        if not len(table):
            return
        logarithms = np.log(np.maximum(self.model.probabilities(table.features, table.sequence), EVIDENCE_FLOOR))
        weights = content_weights(table.features, table.names)
        telling = telling_values(table.features, tuple(table.names))
        ends = table.start + (table.length_s * NS).astype(np.int64)
        marks = showings(table.features, table.names)
        signs = signs_of(table.features, table.names)
        for row, (mac, showing) in enumerate(zip(table.device.tolist(), marks, strict=True)):
            yield mac, (int(ends[row]), logarithms[row], float(weights[row])), (telling[row], showing, signs[row])


def identify(reader: WindowReader, model: Model | None, *, use_vendor: bool = True) -> list[Identified]:
    """Read captures and name their devices, window by window, in bounded memory.

    Parameters
    ----------
    reader : WindowReader
        Of windows as the model wants them; not read yet.
    model : Model, optional
        Without it there are no names.
    use_vendor : bool
        Whether the vendor of a MAC is a prior.

    Returns
    -------
    list of Identified
        Those that sent most bytes first, routers last.
    """
    names = Names(model, use_vendor) if model is not None else None
    windows = Counter[int]()
    for table in reader:
        windows.update(table.device.tolist())
        if names is not None:
            names.add(table)
    found = [
        identified(devices, windows[mac], NOTHING if names is None else names.of(mac)) for mac, devices in _by_mac(reader.devices).items()
    ]
    return sorted(found, key=lambda each: (each.role == "router", -each.bytes_sent, each.mac))


def identified(devices: Sequence[Device], windows: int, answer: Answer) -> Identified:
    """Return what is told of a device: of all its captures, which need not be one."""
    mac = devices[0].mac
    role = "router" if any(each.role == "router" for each in devices) else "device"
    return Identified(
        mac=format_mac(mac),
        vendor=vendor(mac),
        role=role,
        packets=sum(each.packets_sent + each.packets_received for each in devices),
        bytes_sent=sum(each.bytes_sent for each in devices),
        bytes_received=sum(each.bytes_received for each in devices),
        windows=windows,
        first_seen=iso_time(min(each.first_seen for each in devices)),
        last_seen=iso_time(max(each.last_seen for each in devices)),
        answer=answer if role != "router" else NOTHING,
    )


def _by_mac(devices: Sequence[Device]) -> dict[int, list[Device]]:
    # With windows by capture, a MAC is there once for each capture.
    found: dict[int, list[Device]] = {}
    for device in devices:
        found.setdefault(device.mac, []).append(device)
    return found
