"""What models cost: times that are compared, and the page that tells of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from benchmarks.models.kinds import METHOD
from benchmarks.models.report import write
from benchmarks.models.retraining import of_passes
from benchmarks.models.turns import by_turns, ratio

ABOUT = {"full": False, "runs": 3, "retrainings": 3, "turn": 0.25, "passes": 4}


def test_what_is_compared_takes_turns() -> None:
    """Each is called once a round, in one order, and its times are kept by round."""
    called: list[str] = []

    def take(name: str) -> float:
        called.append(name)
        return float(len(called))

    assert by_turns({"a": lambda: take("a"), "b": lambda: take("b")}, 2) == {"a": [1.0, 3.0], "b": [2.0, 4.0]}
    assert called == ["a", "b", "a", "b"]


def test_a_ratio_outlasts_a_machine_that_slows_down() -> None:
    """Rounds at half the speed have the same ratio, while the ratio of the medians is another one."""
    assert ratio([8.0, 16.0, 16.0], [1.0, 1.0, 2.0]) == 8.0
    with pytest.raises(ValueError, match=r"longer|shorter"):
        ratio([8.0, 16.0], [1.0])


def test_passes_that_were_not_run_count_and_what_comes_before_them_counts_once() -> None:
    """Three seconds before the first pass, passes of two seconds and one second after the last."""
    assert of_passes([0.0, 5.0, 7.0, 9.0, 10.0], 10) == 3 + 10 * 2 + 1


def test_the_page_says_what_was_missed(tmp_path: Path) -> None:
    """A ratio, or a memory, on the wrong side of its bound is told as missed, on the right side as met."""
    found = {"home/lstm/all-device": _network(unfrozen=7.9, trained=40.0), "home/rfc/all-device": _forest(held=41e6, identify=99e6)}
    lines = write(found, tmp_path, ABOUT).splitlines()
    (ratios,) = [line for line in lines if line.startswith("| home | `lstm` | ") and "at least" in line]
    assert ratios == "| home | `lstm` | 7.9 (at least 8: **missed**) | 10.0 (at least 5: met) | 10.0 |"
    (memory,) = [line for line in lines if line.startswith("| home | `rfc` | all-device | ") and "under" in line]
    assert "41 MB (under 40: **missed**)" in memory
    assert "99 MB (met)" in memory
    assert (tmp_path / "models-inference.svg").read_text().count("<rect") > 5


def test_the_page_takes_networks_first_and_groups_in_their_order(tmp_path: Path) -> None:
    """Rows stand in the same order whatever was measured first."""
    cells = ["home/rfc/all-device", "home/fc/per-device", "home/fc/all-category", "home/fc/all-device"]
    text = write({each: _forest() if "rfc" in each else _network() for each in cells}, tmp_path, ABOUT)
    told = [
        line.split(" | ")[1:3]
        for line in text.partition("## Inference")[2].partition("![")[0].splitlines()
        if line.startswith("| home | `")
    ]
    assert told == [["`fc`", "all-device"], ["`rfc`", "all-device"], ["`fc`", "all-category"], ["`fc`", "per-device"]]


def test_the_page_leaves_out_what_an_earlier_method_measured(tmp_path: Path) -> None:
    """Rows that were measured otherwise are not to be compared with the others."""
    earlier = {**_network(), "method": METHOD - 1, "processor": "B"}
    lines = write({"home/fc/all-device": earlier, "home/rfc/all-device": _forest()}, tmp_path, ABOUT).splitlines()
    memory = [line for line in lines[lines.index("## Size, memory and start") :] if line.startswith("| home | `")]
    assert [line.split(" | ")[1] for line in memory] == ["`rfc`"]
    assert lines[0].startswith("Measured on 2026-01-01 with A, ")


def _network(unfrozen: float = 10.0, trained: float = 10.0) -> dict[str, Any]:
    runtimes = {"trained": _runtime(trained), "onnx": _runtime(5.0), "litert": _runtime(4.0), "litert-int8": _runtime(2.0)}
    agreement = {name: {"labels": 1.0, "difference": 1e-6} for name in ("litert", "litert-int8")}
    return {**_cell({"0 plain": [unfrozen], "3 cache": [1.0]}, 90e6), "runtimes": runtimes, "agreement": agreement}


def _forest(held: float = 5e6, identify: float = 60e6) -> dict[str, Any]:
    runtimes = {"trained": _runtime(10.0), "core": {**_runtime(1.0), "model_bytes": held}, "onnx": _runtime(2.0)}
    return {**_cell({"0 plain": [1.0]}, identify), "runtimes": runtimes}


def _cell(retraining: dict[str, list[float]], identify: float) -> dict[str, Any]:
    sizes = {
        "method": METHOD,
        "day": "2026-01-01",
        "processor": "A",
        "rows": 10,
        "classes": 2,
        "train_s": 1.0,
        "file_bytes": 1e6,
        "graph_bytes": 1e6,
    }
    return {**sizes, "retraining": {"retrain_s": retraining}, "identify": {"peak": identify, "cpu_s": 0.5}}


def _runtime(seconds: float) -> dict[str, Any]:
    return {"infer_s": {"1": [seconds], "256": [seconds / 10]}, "import_s": 0.1, "load_s": 0.1, "peak": 50e6, "model_bytes": 1e6}
