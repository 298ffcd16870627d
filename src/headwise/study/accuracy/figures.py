"""The figures of docs/accuracy.md."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from headwise.durable import replacing
from headwise.study.accuracy.row import Row

AHEAD, RELIABLE = "accuracy-by-days-ahead.svg", "accuracy-reliability.svg"


def draw(rows: Iterable[Row], folder: Path) -> list[str]:
    """Draw the figures that the rows have points for, and return the names of their files.

    Parameters
    ----------
    rows : iterable of Row
        Of the table.
    folder : Path
        Made where it is missing.
    """
    kept = list(rows)
    drawn = []
    folder.mkdir(parents=True, exist_ok=True)
    for name, numbers, fill in ((AHEAD, (1, 2), _by_days_ahead), (RELIABLE, (16,), _reliability)):
        curves = {label: points for row in kept if row.number in numbers for label, points in row.series.items()}
        if curves:
            with replacing(folder / name) as file:
                file.write(_picture(curves, fill))
            drawn.append(name)
    return drawn


def _picture(curves: dict[str, Any], fill: Any) -> bytes:
    import matplotlib

    # Same points, same bytes: no date, and names of parts that are not drawn by chance.
    with matplotlib.rc_context({"svg.hashsalt": "headwise", "svg.fonttype": "none"}):
        from matplotlib.figure import Figure

        figure = Figure(figsize=(8, 4.5), layout="constrained")
        fill(figure, curves)
        content = io.BytesIO()
        figure.savefig(content, format="svg", metadata={"Date": None})
    return content.getvalue()


def _by_days_ahead(figure: Any, curves: dict[str, Any]) -> None:
    axes = figure.subplots()
    for label, points in curves.items():
        axes.plot(*zip(*points, strict=True), marker="o", markersize=3, label=label, linestyle="-" if "7 days" in label else "--")
    axes.set(xlabel="days ahead", ylabel="macro F1 per window", title="stevens-2019: later days, by how far they are ahead of training")
    axes.grid(alpha=0.3)
    axes.legend(fontsize="small")


def _reliability(figure: Any, curves: dict[str, Any]) -> None:
    parts = sorted({label.split(", ", 1)[1] for label in curves}, key=list(curves).__str__().find)
    every = figure.subplots(1, len(parts), sharey=True, squeeze=False)[0]
    for axes, part in zip(every, parts, strict=True):
        axes.plot([0, 1], [0, 1], color="grey", linewidth=0.8)
        for label, points in curves.items():
            who, of = label.split(", ", 1)
            if of == part:
                axes.plot(*zip(*points, strict=True), marker="o", markersize=3, label=who)
        axes.set(xlabel="how sure", title=part)
        axes.title.set_fontsize("small")
        axes.grid(alpha=0.3)
    every[0].set_ylabel("share right")
    every[0].legend(fontsize="small")
