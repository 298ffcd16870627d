"""Lines of the table of accuracy."""

from __future__ import annotations

import json
from collections import Counter

from headwise.study.accuracy import Row, Spread
from headwise.study.accuracy.row import in_words, table


def test_a_spread_says_mean_least_most_and_count() -> None:
    """One measurement is printed alone; several with their range."""
    assert Spread.of([0.5, 1.0, 0.75]) == Spread(0.75, 0.5, 1.0, 3)
    assert Spread.of([0.5, 1.0]).text(2) == "0.75 (0.50 to 1.00, 2)"
    assert Spread.of([0.25]).text() == "0.250"


def test_a_row_comes_back_from_json() -> None:
    """What is kept beside the document gives the same row when it is written out again."""
    row = Row(5, "per set-up", "aalto-2016", "0.9", "0.95", "0.98", {"mean": 0.95}, ["split by time"], ["| a |"], {"ours": [(1.0, 0.95)]})
    kept = json.loads(json.dumps(row.to_json()))
    assert Row.from_json(kept).to_json() == kept


def test_confusions_are_told_most_frequent_first() -> None:
    """Each says what was taken for what, and how often; none is told as nothing."""
    assert in_words(Counter({("plug", "bulb"): 2, ("bulb", "plug"): 9}), 1) == "bulb taken for plug (9)"
    assert in_words(Counter()) == "nothing"


def test_a_table_has_a_line_under_its_heading() -> None:
    """Markdown needs it."""
    assert table(["a", "b"], [["1", "2"]]) == ["| a | b |", "| --- | --- |", "| 1 | 2 |"]
