"""A home that lives through days of a test-bed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="scikit-learn is not installed")
pytest.importorskip("onnx", reason="onnx is not installed")

from headwise.identity.home import BASE
from headwise.study.replay_home import base_model, began, days_of, replayed
from headwise.testbeds import LabelledWindows


def test_a_home_is_not_told_the_labels_and_scored_by_them(stevens: LabelledWindows, tmp_path: Path) -> None:
    """Three days: the first is scored with the model it began with, and nothing was learned when the first night came."""
    days = days_of(stevens)
    place = began(tmp_path / "home", base_model(days[2], tmp_path / "base.headwise", n_estimators=30))
    found = list(replayed(place, days[3:6]))
    assert [day.name for day in found] == ["2019-07-02", "2019-07-03", "2019-07-04"]
    assert [day.windows for day in found] == [len(each) for each in days[3:6]]
    assert (found[0].model, found[0].without, found[0].missed) == (BASE, found[0].found, 0)
    assert [event.kind for event in found[0].events if event.device is None] == []
    assert {event.kind for day in found[1:] for event in day.events if event.device is None} <= {"promoted", "kept"}


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_weeks_of_nights_are_never_worse_than_none_by_more_than_a_window(
    stevens: LabelledWindows, floridatech: LabelledWindows, tmp_path: Path
) -> None:
    """Two test-beds from one day of training on: no day loses more than a window, and a fifth of what was still wrong is put right."""
    lived = []
    for windows in (stevens, floridatech):
        days = days_of(windows)
        folder = tmp_path / str(len(days))
        folder.mkdir()
        found = list(replayed(began(folder / "home", base_model(days[0], folder / "base.headwise")), days[1:]))
        for day in found:
            print(f"{day.name}: {day.without:.4f} without, {day.found:.4f} with {day.model}")
        assert max(day.missed for day in found) <= 1
        lived += found
    # Held against what there is to gain: the better the first model is, the less that is.
    learned = [day for day in lived if day.model != BASE]
    assert np.mean([1 - day.found for day in learned]) < 0.8 * np.mean([1 - day.without for day in learned])
