"""Bars as SVG, drawn without a library: a few hundred bytes each, the same for the same numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, LABEL, VALUE, BAR, GAP, GROUP_GAP, HEAD = 760, 190, 90, 14, 3, 12, 40
COLOURS = ("#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377", "#777777")


@dataclass(frozen=True)
class Bars:
    """Bars of several series in groups.

    Attributes
    ----------
    title : str
        Heading, with the unit.
    groups, series : sequence of str
        Names down the side, and of the colours.
    values : sequence of sequences of float or None
        One row a group, one number a series; None for what was not measured.
    """

    title: str
    groups: Sequence[str]
    series: Sequence[str]
    values: Sequence[Sequence[float | None]]


def draw(bars: Bars) -> str:
    """Return the picture; lengths are logarithmic, from the power of ten below the least to that above the largest."""
    known = [value for row in bars.values for value in row if value]
    low, high = math.floor(math.log10(min(known))), math.ceil(math.log10(max(known)))
    scale = (WIDTH - LABEL - VALUE) / max(high - low, 1)
    parts, y = [*_legend(bars), *_grid(low, high, scale)], HEAD
    for name, row in zip(bars.groups, bars.values, strict=True):
        shown = [(number, value) for number, value in enumerate(row) if value]
        parts.append(_text(LABEL - 8, y + len(shown) * (BAR + GAP) / 2 + 4, name, "end"))
        for number, value in shown:
            length = max((math.log10(value) - low) * scale, 1)
            parts.append(f'<rect x="{LABEL}" y="{y}" width="{length:.1f}" height="{BAR}" fill="{COLOURS[number]}"/>')
            parts.append(_text(LABEL + length + 4, y + BAR - 3, _number(value), "start"))
            y += BAR + GAP
        y += GROUP_GAP
    style = 'font-family="sans-serif" font-size="11"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{y + 20}" {style}>\n' + "\n".join(
        ['<rect width="100%" height="100%" fill="white"/>', *(part.replace("BOTTOM", str(y)) for part in parts), "</svg>\n"]
    )


def _legend(bars: Bars) -> list[str]:
    parts, x = [_text(8, 14, bars.title, "start", ' font-weight="bold"')], 8.0
    for number, name in enumerate(bars.series):
        parts.append(f'<rect x="{x}" y="20" width="10" height="10" fill="{COLOURS[number]}"/>')
        parts.append(_text(x + 14, 29, name, "start"))
        x += 30 + 6.2 * len(name)
    return parts


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"


def _grid(low: int, high: int, scale: float) -> list[str]:
    parts = []
    for power in range(low, high + 1):
        x = LABEL + (power - low) * scale
        parts.append(f'<line x1="{x:.1f}" y1="{HEAD - 4}" x2="{x:.1f}" y2="BOTTOM" stroke="#dddddd"/>')
        parts.append(f'<text x="{x:.1f}" y="BOTTOM" dy="13" text-anchor="middle" fill="#666666">{10.0**power:g}</text>')
    return parts


def _text(x: float, y: float, text: str, anchor: str, more: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{more}>{escape(text)}</text>'
