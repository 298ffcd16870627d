"""Measures of sureness."""

from __future__ import annotations

import numpy as np
import pytest

from headwise.study.accuracy.measures import auroc, calibration_error, error_by_chance, kept_right, most_named, reliability, right_of_surest


def test_auroc_counts_the_pairs_in_which_the_known_one_is_surer() -> None:
    """It is what counting all pairs gives, ties as a half."""
    random = np.random.default_rng(0)
    known, unknown = random.integers(2, 9, 40).astype(float), random.integers(0, 6, 30).astype(float)
    pairs = [1.0 if a > b else 0.5 if a == b else 0.0 for a in known for b in unknown]
    assert auroc(known, unknown) == pytest.approx(np.mean(pairs))
    assert np.isnan(auroc(known, np.zeros(0)))


def test_the_known_are_kept_above_what_finds_nearly_all_unknown_ones() -> None:
    """Of twenty unknown ones one may lie above the threshold; a wrong name is kept but not right."""
    unknown = np.append(np.linspace(0.1, 0.5, 19), 0.95)
    known = np.array([0.2, 0.6, 0.7, 0.99])
    right = np.array([True, True, False, True])
    assert kept_right(known, right, unknown) == (0.5, 0.75)


def test_calibration_error_is_the_gap_between_sureness_and_being_right() -> None:
    """Always 0.8 sure and right in eight of ten is no error; right in six of ten is one of 0.2."""
    sure = np.full(10, 0.8)
    assert calibration_error(sure, np.arange(10) < 8) == pytest.approx(0.0)
    assert calibration_error(sure, np.arange(10) < 6) == pytest.approx(0.2)
    assert reliability(np.array([0.05, 1.0]), np.array([False, True])) == [(0.05, 0.0, 1), (1.0, 1.0, 1)]


def test_chance_alone_makes_an_error_that_more_answers_make_smaller() -> None:
    """Of answers all 0.9 sure it is the mean distance of their share right from 0.9, which falls with the root of their number."""
    few, many = error_by_chance(np.full(50, 0.9)), error_by_chance(np.full(5000, 0.9))
    assert few[0] == pytest.approx(np.sqrt(2 / np.pi * 0.9 * 0.1 / 50), rel=0.1)
    assert many[0] == pytest.approx(np.sqrt(2 / np.pi * 0.9 * 0.1 / 5000), rel=0.1)
    assert few[1] > few[0]
    assert error_by_chance(np.array([1.0, 0.0])) == (0.0, 0.0)


def test_the_surest_are_named_first() -> None:
    """Shares and precision follow the order of sureness, and equally sure ones share their luck."""
    sure, right = np.array([0.9, 0.8, 0.7, 0.6]), np.array([True, True, False, True])
    assert right_of_surest(sure, right, 0.5) == 1.0
    assert right_of_surest(sure, right, 1.0) == 0.75
    assert most_named(sure, right, 0.9) == 0.5
    assert right_of_surest(np.full(4, 0.5), right, 0.25) == 0.75
    assert most_named(sure, np.zeros(4, bool), 0.9) == 0.0
