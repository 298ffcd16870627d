"""Row 15: a device that takes a new MAC half-way through, linked to what it was; and devices that are really new, linked to nobody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from headwise.clock import NS
from headwise.identity.linking import Link, LinkSettings, suggest
from headwise.study.accuracy.row import Row, Say, table
from headwise.study.replay_home import table_of
from headwise.testbeds import LabelledWindows, day_of, load, read_testbeds
from headwise.windows import WindowTable

HOUR_NS = 3600 * NS
# Hours from the first midnight: about the midst, and around it.
MOMENTS = {"stevens-2019": (102, 144, 174), "floridatech-2021": (48, 60)}
# Hours after it at which a home looks; and at the end of the captures.
NIGHTS = (6, 24, 48, 72)
SETTINGS = LinkSettings()


@dataclass(frozen=True)
class Case:
    """What was suggested for one new MAC.

    Attributes
    ----------
    kind : str
        ``rotated``; ``all rotated`` at once; ``new`` while nobody falls silent; ``new, another gone``; ``new, its like gone``: a unit of
        its own product.
    who : str
        Unit behind the new MAC.
    first, accepted : int or None
        MAC that the first suggestion, and the first one that the rule accepts, names.
    hours : float or None
        From the new MAC's first window to the first suggestion.
    truth : int or None
        MAC that it had before.
    """

    kind: str
    who: str
    first: int | None
    accepted: int | None
    hours: float | None
    truth: int | None


def rows(data: Path, say: Say) -> list[Row]:
    """Return the row, of the test-beds that are there."""
    cases = {name: cases_of(load(read_testbeds([data / name]), sequence=0), name, say) for name in MOMENTS if (data / name).is_dir()}
    return [_row(cases)] if cases else []


def cases_of(windows: LabelledWindows, name: str, say: Say) -> list[Case]:
    """Return the cases of a test-bed: each device at each moment."""
    found: list[Case] = []
    for hours in MOMENTS[name]:
        moment = int(day_of(windows.start).min()) * 24 * HOUR_NS + hours * HOUR_NS
        found += list(_cases(windows, moment))
        say(f"{name}: new MACs {hours} hours after the first midnight, {len(found)} cases")
    return found


def _cases(windows: LabelledWindows, moment: int) -> Iterator[Case]:
    later = windows.start >= moment
    macs = [mac for mac in np.unique(windows.device).tolist() if set(later[windows.device == mac].tolist()) == {True, False}]
    product = dict(zip(windows.device.tolist(), windows.product.tolist(), strict=True))
    everybody = _rotated(windows, moment, macs)
    for mac in macs:
        yield _case("rotated", windows, _rotated(windows, moment, [mac]), moment, mac, mac)
        yield _case("all rotated", windows, everybody, moment, mac, mac)
        arrived = windows.select((windows.device != mac) | later)
        yield _case("new", windows, _rotated(arrived, moment, [mac]), moment, mac, None)
        for gone in macs:
            if gone != mac:
                without = arrived.select((arrived.device != gone) | (arrived.start < moment))
                kind = "new, its like gone" if product[gone] == product[mac] else "new, another gone"
                yield _case(kind, windows, _rotated(without, moment, [mac]), moment, mac, None)


def _case(kind: str, windows: LabelledWindows, home: WindowTable, moment: int, mac: int, truth: int | None) -> Case:
    unit = str(windows.unit[windows.device == mac][0])
    end = int(windows.start.max()) + 1
    nights = [*(moment + hours * HOUR_NS for hours in NIGHTS if moment + hours * HOUR_NS < end), end]
    first: tuple[Link, int] | None = None
    for now in nights if truth is not None else nights[1::2]:
        links = [link for link in suggest(home.select(home.start < now), now) if link.new == chosen(mac)]
        if links and first is None:
            first = (links[0], now)
        if links and links[0].sure >= SETTINGS.accept:
            assert first is not None
            return Case(kind, unit, first[0].old, links[0].old, (first[1] - moment) / HOUR_NS, truth)
    return Case(kind, unit, first[0].old if first else None, None, (first[1] - moment) / HOUR_NS if first else None, truth)


def _rotated(windows: LabelledWindows, moment: int, macs: Sequence[int]) -> WindowTable:
    """Return a home in which devices have another MAC from a moment on."""
    moved = np.isin(windows.device, np.array(macs, np.uint64)) & (windows.start >= moment)
    device = np.where(moved, [chosen(mac) for mac in windows.device.tolist()], windows.device).astype(np.uint64)
    return table_of(replace(windows, device=device))


def chosen(mac: int) -> int:
    """Return the locally administered MAC that a device takes instead of its own."""
    return (mac & 0xFFFFFFFF) | 0x025A << 32


def _row(cases: dict[str, list[Case]]) -> Row:
    every = [case for of_bed in cases.values() for case in of_bed]
    rotated = [case for case in every if case.kind == "rotated"]
    right = sum(case.first == case.truth for case in rotated) / len(rotated)
    accepted = sum(case.accepted == case.truth for case in rotated) / len(rotated)
    honest = ("rotated", "all rotated", "new", "new, another gone")
    wrong = sum(case.accepted is not None and case.accepted != case.truth for case in every if case.kind in honest)
    alike = [case for case in every if case.kind == "new, its like gone"]
    hours = [case.hours for case in rotated if case.hours is not None]
    return Row(
        15,
        "a rotated MAC linked to its device, half-way through",
        ", ".join(cases),
        "-",
        f"right link first {right:.2f}, accepted {accepted:.2f}; wrong link accepted {wrong}",
        "right link first 0.95, wrong link accepted 0",
        {
            "right_first": right,
            "accepted": accepted,
            "wrong_accepted": wrong,
            "rotated": len(rotated),
            "median_hours": float(np.median(hours)),
        },
        [
            f"{len(rotated)} rotations, one device at a time, at several moments; median {np.median(hours):.0f} hours to the first "
            f"suggestion. A link is accepted from {SETTINGS.accept} on.",
            "Wrong links are counted in those, where all devices rotate at once, and where a device is really new, under a MAC that it "
            "chose: while nobody falls silent, and while each other device does.",
            f"Not counted: a unit that takes the place of another unit of the same product in that very hour ({len(alike)} cases, "
            f"accepted {sum(case.accepted is not None for case in alike)}). By traffic they are one device; a MAC that was burnt in tells "
            "them apart, and then the rule accepts nothing.",
        ],
        table(["test-bed", "case", "MACs", "suggested", "right first", "right accepted", "wrong accepted"], _lines(cases)),
    )


def _lines(cases: dict[str, list[Case]]) -> Iterator[list[str]]:
    for name, of_bed in cases.items():
        for kind in dict.fromkeys(case.kind for case in of_bed):
            some = [case for case in of_bed if case.kind == kind]
            suggested = sum(case.first is not None for case in some)
            first = sum(case.truth is not None and case.first == case.truth for case in some)
            right = sum(case.truth is not None and case.accepted == case.truth for case in some)
            wrong = sum(case.accepted is not None and case.accepted != case.truth for case in some)
            yield [name, kind, str(len(some)), str(suggested), str(first), str(right), str(wrong)]
