"""What each trick is worth, one added after the other."""

from __future__ import annotations

from pathlib import Path

from headwise.study.accuracy.ablation import compared, counted, light, measured, measures_of
from headwise.study.accuracy.abroad import beds_by_product
from headwise.study.accuracy.beds import every_bed
from headwise.study.accuracy.contenders import STEPS
from headwise.study.accuracy.effort import FULL, Effort
from headwise.study.accuracy.places import Found
from headwise.study.accuracy.row import Row, Say
from headwise.study.accuracy.splits import of_units, shared


def rows(data: Path, say: Say, effort: Effort = FULL) -> list[Row]:
    """Return the comparison."""
    measures = list(measures_of(data, say))
    if not measures:
        return []
    lines = [(each.name, measured(each, measures, light(effort), say)) for each in STEPS]
    about = (
        "Each step adds to the one before; one seed, three start days, one draw, a whole test-bed left out in row 8. The last two are the "
        "product's own answers, calibrated, without and with the vendor, which says something in other places alone:"
    )
    return [compared("what each trick is worth", about, [*lines, *_answers(data, say, effort)])]


def _answers(data: Path, say: Say, effort: Effort) -> list[tuple[str, dict[str, float]]]:
    windows = every_bed(data, say)
    if windows is None or not shared(windows):
        return []
    product, lines = of_units(windows, windows.product), []
    for vendor in (False, True):
        found = Found()
        found.add((each[vendor] for each in beds_by_product(data, 0, effort.jobs)), product)
        lines.append((f"the product, vendor {'on' if vendor else 'off'}", counted(found)))
        say(f"tricks, {lines[-1][0]}: {found.text()}")
    return lines
