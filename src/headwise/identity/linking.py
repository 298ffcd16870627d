"""The same device under a new MAC: one fell silent when the other appeared, and they behave alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from headwise.clock import NS, iso_time
from headwise.devices import format_mac, is_random, vendor
from headwise.identity.events import Event
from headwise.identity.evidence import Posterior
from headwise.identity.likeness import Scale, likeness
from headwise.windows import WindowTable, content_weights

MOST_NEW, MOST_OLD = 40, 200
SLICE_NS = 600 * NS
# One outage in two hundred silences is not what a device usually does.
USUAL = 0.995


@dataclass(frozen=True)
class LinkSettings:
    """What is linked.

    Attributes
    ----------
    arrived_s : float
        Seconds for which a device counts as new.
    least : int
        Windows with content that a device must have had.
    content : float
        Weight from which a window has content.
    alike : float
        Likeness from which there is no doubt by it: half of what a device's own windows reach.
    suggest : float
        How sure a link must be to be suggested, if the new device is one that fell silent at all.
    accept : float
        How sure it must be for a rule to accept it.
    """

    arrived_s: float = 7 * 86_400.0
    least: int = 3
    content: float = 0.2
    alike: float = 0.25
    suggest: float = 0.25
    accept: float = 0.7


@dataclass(frozen=True)
class Link:
    """A suggestion that a new device is one that fell silent.

    Attributes
    ----------
    new, old : int
        MACs.
    sure : float
        From 0 to 1.
    appeared, gone : int
        Start of the new one's first window and end of the old one's last: ns since 1970 UTC.
    likeness, silence, share, mac : float
        What it is the product of: behaviour; how unusual the silence is; how much more alike they are than others, also such that still
        speak, of whose kind it may be one more unit; what the MACs say. Each from 0 to 1.
    among : float
        `share` among those that fell silent alone, which is at least as much: one that speaks is not meant.
    """

    new: int
    old: int
    sure: float
    appeared: int
    gone: int
    likeness: float
    silence: float
    share: float
    mac: float
    among: float

    @property
    def if_back(self) -> float:
        """How sure it would be if the new device were known to be one that fell silent: what a person who knows needs to see."""
        return self.likeness * self.silence * self.among * self.mac

    def words(self, name: str | None) -> tuple[str, ...]:
        """Return the suggestion in words.

        Parameters
        ----------
        name : str, optional
            What the old device is called.
        """
        who = f"{name} ({format_mac(self.old)})" if name else format_mac(self.old)
        return (
            f"it behaves like {who}, gone since {iso_time(self.gone)[:16]}Z",
            f"likeness {self.likeness:.0%}, silence {self.silence:.0%}, no other {self.share:.0%}, MAC {self.mac:.0%}",
        )

    def event(self, name: str | None, time: int) -> Event:
        """Return the event of the suggestion."""
        return Event(time, "link", self.new, label=name, probability=self.sure, evidence=self.words(name))


def suggest(
    table: WindowTable, now: int, posteriors: Mapping[int, Posterior] | None = None, settings: LinkSettings | None = None
) -> list[Link]:
    """Find new devices that behave like ones that fell silent.

    Parameters
    ----------
    table : WindowTable
        The home's windows of the last days.
    now : int
        ns since 1970 UTC.
    posteriors : mapping of int to Posterior, optional
        What the model believes of each MAC.
    settings : LinkSettings, optional

    Returns
    -------
    list of Link
        The best of each new device, surest first; those whose `Link.if_back` is under `LinkSettings.suggest` are left out.
    """
    settings = settings or LinkSettings()
    lives = _lives(table, settings)
    new = [life for life in lives if life.since >= now - settings.arrived_s * NS and life.since > int(table.start.min())]
    old = [life for life in lives if any(life is not other and life.last_start <= other.since for other in new)]
    if not new or not old:
        return []
    scale = Scale(table.features[content_weights(table.features, table.names) >= settings.content])
    units = np.array([[_behave(arrived, life, scale) if life is not arrived else 0.0 for life in lives] for arrived in new])
    possible = np.array([[_possible(arrived, gone, posteriors) for gone in old] for arrived in new])
    alike = units[:, [lives.index(gone) for gone in old]] * possible
    slices = np.unique(table.start // SLICE_NS)
    silences = [_silence(gone, slices) for gone in old]
    links = [_link(new, old, alike, units, row, silences, settings) for row in range(len(new))]
    return sorted((link for link in links if link is not None and link.if_back >= settings.suggest), key=lambda link: -link.sure)


@dataclass(frozen=True, eq=False)
class _Life:
    """When a device was there, and its windows that have content."""

    mac: int
    starts: np.ndarray
    until: int
    rich: WindowTable

    @property
    def since(self) -> int:
        return int(self.starts[0])

    @property
    def last_start(self) -> int:
        return int(self.starts[-1])


def _lives(table: WindowTable, settings: LinkSettings) -> list[_Life]:
    weights = content_weights(table.features, table.names)
    found = []
    for mac in np.unique(table.device).tolist():
        rows = np.flatnonzero(table.device == mac)
        rows = rows[np.argsort(table.start[rows], kind="stable")]
        rich = rows[weights[rows] >= settings.content]
        if len(rich) >= settings.least:
            last = rows[-1]
            until = int(table.start[last]) + round(float(table.length_s[last]) * NS)
            found.append(_Life(mac, table.start[rows], until, table.select(rich)))
    return found


def _possible(new: _Life, old: _Life, posteriors: Mapping[int, Posterior] | None) -> float:
    """Return how well two MACs may be one device by time and by the model; 0 where both were there at the same time.

    The window in which a device takes its new MAC holds both.
    """
    return 0.0 if old is new or old.last_start > new.since else _agreement(new.mac, old.mac, posteriors)


def _behave(new: _Life, old: _Life, scale: Scale) -> float:
    some, others = (life.rich.select(_spread(len(life.rich), most)) for life, most in ((new, MOST_NEW), (old, MOST_OLD)))
    return likeness(scale(some.features), scale(others.features), others.start)


def _agreement(new: int, old: int, posteriors: Mapping[int, Posterior] | None) -> float:
    """Return how much the model's beliefs of two devices overlap (Bhattacharyya), from 0 to 1."""
    if posteriors is None or new not in posteriors or old not in posteriors:
        return 1.0
    return float(np.sqrt(posteriors[new].probabilities * posteriors[old].probabilities).sum())


def _link(
    new: Sequence[_Life],
    old: Sequence[_Life],
    alike: np.ndarray,
    units: np.ndarray,
    row: int,
    silences: list[float],
    settings: LinkSettings,
) -> Link | None:
    """Return the surest link of a new device."""
    links: list[Link] = []
    for column, gone in enumerate(old):
        found = float(alike[row, column])
        if not found:
            continue
        arrived = new[row]
        others = _rivals(alike[:, column], found)
        parts: dict[str, Any] = {
            "likeness": min(1.0, found / settings.alike),
            "silence": silences[column],
            "share": found / max(_rivals(units[row], found), others),
            "mac": _macs(arrived.mac, gone.mac),
        }
        sure = float(np.prod(list(parts.values())))
        among = found / max(_rivals(alike[row], found), others)
        links.append(Link(arrived.mac, gone.mac, round(sure, 4), arrived.since, gone.until, **parts, among=among))
    return max(links, key=lambda link: (link.sure, link.if_back), default=None)


def _rivals(alike: np.ndarray, found: float) -> float:
    """Return the sum of what is about as much alike: other units of one product, and several that rotate at once, may all be meant."""
    return max(found, float(alike[alike >= found / 2].sum()))


def _silence(gone: _Life, slices: np.ndarray) -> float:
    """Return how unusual a device's silence is, from 0 (it had such ones) to 1 (twice as long as its longest).

    Time passes only where some device of the home was heard: a day without a capture is nobody's silence.
    """
    heard = np.searchsorted(slices, gone.starts // SLICE_NS)
    usual = np.quantile(np.diff(heard), USUAL) if len(heard) > 1 else len(slices)
    return float(np.clip((len(slices) - heard[-1]) / max(usual, 1) - 1, 0, 1))


def _macs(new: int, old: int) -> float:
    """Return what two MACs say: a chosen one may be anybody; one that was burnt in is rather another device, and never linked by a rule."""
    if is_random(new):
        return 1.0
    return 0.6 if vendor(new) is not None and vendor(new) == vendor(old) else 0.3


def _spread(count: int, most: int) -> np.ndarray:
    return np.arange(count) if count <= most else np.linspace(0, count - 1, most).round().astype(int)
