"""The command windows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from headwise.cli.main import main
from headwise.windows import FEATURES_VERSION, read_window_table


@pytest.fixture
def capture(data: Path) -> str:
    """Return a small capture."""
    return str(data / "illinois-2024" / "captures")


def test_windows_are_written_and_summed_up(capture: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The table holds as many windows as the summary says, a line a device."""
    path = tmp_path / "windows.parquet"
    assert main(["windows", capture, "-o", str(path), "--length", "60", "--sequence", "5"]) == 0
    shown = capsys.readouterr()
    table = read_window_table(path)
    assert table.sequence.shape == (len(table), 5, 4)
    assert f"{len(table)} windows are in {path}" in shown.err
    lines = shown.out.strip().splitlines()[1:]
    assert sum(int(line.split()[-1]) for line in lines) == len(table) > len(lines) == len(set(table.device.tolist()))


def test_json_is_one_object_whose_counts_add_up(capture: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Rows and counted packets are all packets, and devices' windows are all windows."""
    assert main(["windows", capture, "--json", "--length", "capture"]) == 0
    summary = json.loads(capsys.readouterr().out)
    assert summary["packets"] == summary["rows"] + sum(summary["counted"].values()) > 0
    assert summary["windows"] == sum(device["windows"] for device in summary["devices"]) > 0
    assert summary["length"] == "capture"
    assert summary["features_version"] == FEATURES_VERSION
    assert set(summary["devices"][0]) == {"mac", "vendor", "role", "windows"}


@pytest.mark.parametrize("arguments", [["--length", "5"], ["--length", "soon"], ["--sequence", "-1"]])
def test_arguments_out_of_bounds_are_errors_of_one_line(arguments: list[str], capture: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What was wrong is said in one line, with exit code 2."""
    assert main(["windows", capture, *arguments]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert len(shown.err.strip().splitlines()) == 1


def test_what_is_no_capture_leaves_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A text given as a capture is an error, and no table appears."""
    text = tmp_path / "text.pcap"
    text.write_text("no capture")
    assert main(["windows", str(text), "-o", str(tmp_path / "windows.parquet")]) == 2
    assert "text.pcap" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == [text]
