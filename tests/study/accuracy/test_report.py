"""The document that rows are written into."""

from __future__ import annotations

from pathlib import Path

import pytest

from headwise.study.accuracy import Row, report
from headwise.study.accuracy.figures import AHEAD, RELIABLE, draw
from headwise.study.accuracy.kept import Kept, Measured, read_kept
from headwise.windows import FEATURES_VERSION
from tests.machine import CHECKOUT

CURVES = {"plain, 1 day of training": [(1.0, 0.9), (2.0, 0.8)]}
ROW = Row(2, "per window", "stevens-2019", "0.9", "0.95", "0.997", {"plain": 0.9}, ["Split by time."], ["| day |"], CURVES)
KEPT = Kept(
    3, {"days": Measured("2026-01-02", (ROW,)), "features": Measured("2026-01-03", (Row(0, "x", "all", "-", "-", "-", details=["d"]),))}
)


def test_the_table_holds_rows_and_the_rest_stands_below_it() -> None:
    """Rows of the table, what was seen, details and the figure that there are points for; dates by row where they differ."""
    lines = report.render(KEPT)
    assert lines[0] == "Measured on 2026-01-02 (rows 1, 2); 2026-01-03 (rows features), features version 3."
    assert "| 2 | per window | stevens-2019 | 0.9 | 0.95 | 0.997 |" in lines
    assert not any(line.startswith("| 0 |") for line in lines)
    assert "- **Row 2, per window.** Split by time." in lines
    assert {"| day |", "d"} <= set(lines)
    assert any(AHEAD in line for line in lines)
    assert not any(RELIABLE in line for line in lines)


def test_only_what_stands_between_the_markers_is_replaced(tmp_path: Path) -> None:
    """What a person wrote stays, and a second time changes nothing."""
    page = tmp_path / "accuracy.md"
    page.write_text(f"before\n{report.BEGIN}\nstale words\n{report.END}\nafter\n")
    report.write(page, KEPT)
    once = page.read_text()
    assert once.startswith("before\n")
    assert once.endswith("\nafter\n")
    assert "stale words" not in once
    report.write(page, KEPT)
    assert page.read_text() == once


def test_kept_rows_come_back_unless_the_features_are_others(tmp_path: Path) -> None:
    """Numbers of two versions of the features do not stand in one table."""
    KEPT.write(tmp_path / "a.json")
    assert read_kept(tmp_path / "a.json", 3).rows() == read_kept(tmp_path / "a.json", 3).rows()
    assert report.render(read_kept(tmp_path / "a.json", 3)) == report.render(KEPT)
    assert read_kept(tmp_path / "a.json", 4).parts == {}
    assert read_kept(tmp_path / "none.json", 3).parts == {}


def test_the_same_points_give_the_same_figure(tmp_path: Path) -> None:
    """Byte for byte, so that a figure only changes when a number does."""
    pytest.importorskip("matplotlib", reason="matplotlib is not installed")
    assert draw([ROW], tmp_path / "a") == [AHEAD]
    draw([ROW], tmp_path / "b")
    assert (tmp_path / "a" / AHEAD).read_bytes() == (tmp_path / "b" / AHEAD).read_bytes()
    assert b"days ahead" in (tmp_path / "a" / AHEAD).read_bytes()
    other = Row(16, "x", "all", "", "", "", series={"plain, a": [(0.5, 0.4)], "headwise, a": [(0.5, 0.5)], "plain, b": [(0.9, 0.9)]})
    assert draw([other], tmp_path / "c") == [RELIABLE]


def test_the_document_says_what_is_kept() -> None:
    """docs/accuracy.md is what `docs/accuracy.json` gives, and its figures are there."""
    kept = read_kept(CHECKOUT / "docs" / "accuracy.json", FEATURES_VERSION)
    page = (CHECKOUT / "docs" / "accuracy.md").read_text()
    assert page.partition(report.BEGIN)[2].partition(report.END)[0].strip() == "\n".join(report.render(kept)).strip()
    for name in (AHEAD, RELIABLE):
        assert (name in page) == (CHECKOUT / "docs" / "figures" / name).is_file()
