"""A night's candidate, and what it is compared with."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="scikit-learn is not installed")
pytest.importorskip("onnx", reason="onnx is not installed")

from headwise.identity.retraining import DAY_NS, LEAST_WINDOWS, reference, split_last_day, split_replay
from headwise.models import How, load_model, read_trainable, retrain
from headwise.study.replay_home import called, days_of
from headwise.testbeds import LabelledWindows
from headwise.testbeds.labelled import join
from tests.identity.homes import small_model

HOUR_NS = DAY_NS // 24


@pytest.mark.parametrize(
    ("until", "held_out"),
    [(48, 24), (43, 24), (36, 24), (34, 10), (25, 1), (24.1, 0.1)],
    ids=["a whole day", "most of a day", "half a day", "less than half", "an hour", "nothing before"],
)
def test_a_day_to_check_on_is_held_out_at_whatever_hour_captures_end(stevens: LabelledWindows, until: float, held_out: float) -> None:
    """The last UTC day once half of it has passed, else the last 24 hours: one that has just begun is no day to check on."""
    midnight = int(days_of(stevens)[3].start.min()) // DAY_NS * DAY_NS
    now = midnight + round(until * HOUR_NS)
    windows = stevens.select((stevens.start >= midnight) & (stevens.start < now))
    earlier, later = split_last_day(windows, now)
    assert len(earlier) + len(later) == len(windows)
    assert (later.start >= midnight + held_out * HOUR_NS).all()
    assert (earlier.start < midnight + held_out * HOUR_NS).all()
    assert min(len(earlier), len(later)) >= (LEAST_WINDOWS if held_out >= 1 else 0)


def test_a_young_home_learns_its_first_day_from_what_came_after_it(stevens: LabelledWindows) -> None:
    """Where the last 24 hours are all that there is, the hours of the last UTC day are held out."""
    day, after = days_of(stevens)[:2]
    earlier, later = split_last_day(join([day, after]), int(after.start.max()) + 600 * 10**9)
    assert (len(earlier), len(later)) == (len(day), len(after))


def test_a_day_with_hardly_a_window_is_held_out_with_the_one_before(stevens: LabelledWindows) -> None:
    """Nine windows of a later day are too few to check on: the day before is what there is."""
    days = days_of(stevens)
    windows = join([days[3], days[4], days[7].select(np.arange(9))])
    earlier, later = split_last_day(windows, int(days[7].start.min()) + 600 * 10**9)
    assert len(later) >= LEAST_WINDOWS
    assert len(earlier) >= LEAST_WINDOWS
    assert set(later.start) > set(days[7].start[:9])


def test_each_product_of_a_replay_sample_is_learned_and_checked(stevens: LabelledWindows) -> None:
    """Every other window of each product; one of which there is a single window is learned, or it would be forgotten."""
    single = np.flatnonzero(stevens.product == "ring-chime")[:1]
    rows = np.concatenate([single, np.flatnonzero(stevens.product == "tenvis-camera")[:7]])
    learn, check = split_replay(stevens.select(rows))
    assert learn.product.tolist().count("ring-chime") == 1
    assert (learn.product.tolist().count("tenvis-camera"), check.product.tolist().count("tenvis-camera")) == (4, 3)


def test_a_base_model_is_not_asked_what_it_learned_by_heart(stevens: LabelledWindows, tmp_path: Path) -> None:
    """In its place stands one that learned half of its sample, and leaves no file; a model of a later night stands for itself."""
    path = small_model(days_of(stevens)[2], tmp_path / "base.headwise")
    base, model = read_trainable(path), load_model(path)
    assert base.replay is not None
    _, check = split_replay(base.replay)
    stands = reference(base, model, How(jobs=1), tmp_path / "000001.headwise")
    assert stands is not model
    assert (called(stands, check) == check.product).mean() > 0.9
    assert [each.name for each in tmp_path.iterdir()] == ["base.headwise"]
    retrain(base, days_of(stevens)[3], How(jobs=1)).save(tmp_path / "later.headwise")
    later = load_model(tmp_path / "later.headwise")
    assert reference(base, later, How(jobs=1), tmp_path / "000002.headwise") is later
