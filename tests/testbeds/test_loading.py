"""Test-beds to labelled windows."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from headwise.capture.simulated import Plan, write
from headwise.errors import InputError
from headwise.testbeds import LabelledWindows, Period, Selection, checksums, load, parse_period, read_testbeds


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two days of a small simulated home."""
    folder = tmp_path_factory.mktemp("testbeds") / "home"
    write(Plan(3, 2, 5, datetime(2026, 1, 1, tzinfo=UTC), "pcap", 96), folder)
    return folder


def loaded(folder: Path, **selection: object) -> LabelledWindows:
    """Load one test-bed in windows of an hour."""
    return load(read_testbeds([folder]), length=3600.0, sequence=4, selection=Selection(**selection))  # type: ignore[arg-type]


def test_windows_are_labelled_by_mac(home: Path) -> None:
    """Every window bears the labels of its MAC's row, also where one capture holds all devices."""
    testbed = read_testbeds([home])[0]
    windows = loaded(home, others=True)
    expected = {unit.mac: (unit.name, unit.product, unit.category) for unit in testbed.units}
    assert {mac: labels for mac, *labels in zip(windows.device.tolist(), windows.unit, windows.product, windows.category, strict=True)} == {
        mac: list(labels) for mac, labels in expected.items() if mac in windows.device
    }
    assert len(set(windows.unit)) > 3


def test_routers_and_computers_are_left_out_unless_asked_for(home: Path) -> None:
    """What is no class is in the windows only where others are wanted."""
    assert not {"router", "computer"} & set(loaded(home).category)
    assert {"router", "computer"} & set(loaded(home, others=True).category)


def test_days_split_without_loss(home: Path) -> None:
    """What is until a day and what is from it on are together all windows, and share none."""
    border = "2026-01-02"
    before, after = loaded(home, period=parse_period(None, border)), loaded(home, period=parse_period(border, None))
    whole = loaded(home)
    assert 0 < len(before) < len(whole)
    assert before.start.max() < after.start.min()
    pairs = [sorted(zip(each.start.tolist(), each.device.tolist(), strict=True)) for each in (before, after, whole)]
    assert sorted(pairs[0] + pairs[1]) == pairs[2]


def test_only_and_without_choose_units(home: Path) -> None:
    """Units are chosen by name, alone or with their test-bed's; the two options are each other's rest."""
    whole = loaded(home)
    name = str(whole.unit[0])
    assert set(loaded(home, only=[name]).unit) == {name} == set(loaded(home, only=[f"home/{name}"]).unit)
    assert set(loaded(home, without=[name]).unit) == set(whole.unit) - {name}


def test_a_unit_that_is_nowhere_is_an_error(home: Path) -> None:
    """A misspelt unit is told, not silently nothing."""
    with pytest.raises(InputError, match="no unit 'toaster' in home"):
        loaded(home, without=["toaster"])


def test_a_phase_needs_a_time_line(home: Path, tmp_path: Path) -> None:
    """Without interactions.csv no window has a phase."""
    folder = Path(shutil.copytree(home, tmp_path / "home"))
    (folder / "interactions.csv").unlink()
    with pytest.raises(InputError, match=r"has no interactions\.csv"):
        loaded(folder, phase="idle")


def test_phases_divide_the_windows(home: Path, tmp_path: Path) -> None:
    """Windows that an action touches are active and all others idle."""
    folder = Path(shutil.copytree(home, tmp_path / "home"))
    unit = str(loaded(home).unit[0])
    row = f"2026-01-01T00:00:00Z,2026-01-01T23:59:59Z,{unit},switched\n"
    (folder / "interactions.csv").write_text("start_utc,end_utc,device,action\n" + row)
    active, idle = loaded(folder, phase="active"), loaded(folder, phase="idle")
    assert set(active.unit) == {unit}
    assert len(active) + len(idle) == len(loaded(home))


def test_windows_by_capture(home: Path) -> None:
    """With one window a capture, each device has one for each file that it is in."""
    windows = load(read_testbeds([home]), length="capture", sequence=0)
    pairs = list(zip(windows.device.tolist(), windows.capture.tolist(), strict=True))
    assert len(pairs) == len(set(pairs)) > len(set(windows.device.tolist()))
    assert windows.length == "capture"


@pytest.mark.parametrize(
    ("break_it", "what"),
    [
        (lambda folder: shutil.rmtree(folder), "is no folder"),
        (lambda folder: shutil.rmtree(folder / "captures"), "holds no captures"),
        (lambda folder: (folder / "devices.csv").unlink(), "cannot be read"),
    ],
)
def test_what_is_no_test_bed_is_refused(home: Path, tmp_path: Path, break_it: object, what: str) -> None:
    """A folder without its parts is refused with the part that it lacks."""
    folder = Path(shutil.copytree(home, tmp_path / "home"))
    break_it(folder)  # type: ignore[operator]
    with pytest.raises(InputError, match=what):
        read_testbeds([folder])


def test_test_beds_must_agree(home: Path, tmp_path: Path) -> None:
    """One given twice is refused, and so is a product that two test-beds put in different categories."""
    with pytest.raises(InputError, match="given twice"):
        read_testbeds([home, home])
    other = Path(shutil.copytree(home, tmp_path / "lab"))
    table = (other / "devices.csv").read_text()
    product = read_testbeds([home])[0].units[0]
    (other / "devices.csv").write_text(table.replace(f"{product.product},{product.category}", f"{product.product},media"))
    with pytest.raises(InputError, match=f"product '{product.product}' is 'media' in lab"):
        read_testbeds([home, other])


def test_checksums_tell_a_changed_capture(home: Path, tmp_path: Path) -> None:
    """The checksum of a test-bed depends on its bytes and names, not on where it lies."""
    copy = Path(shutil.copytree(home, tmp_path / "home"))
    first, second = (checksums(read_testbeds([folder])[0]) for folder in (home, copy))
    assert first == second
    capture = read_testbeds([copy])[0].captures[0]
    capture.write_bytes(capture.read_bytes()[:-1])
    assert checksums(read_testbeds([copy])[0])["sha256"] != first["sha256"]


def test_period_of_everything_is_everything() -> None:
    """No bounds leave nothing out."""
    assert Period().holds(np.array([-(2**62), 2**62]), np.array([600.0, 600.0])).all()


def test_real_captures_give_windows_of_each_known_device(data: Path) -> None:
    """A folder of one device's captures also gives windows of the router that its table names."""
    windows = load(read_testbeds([data / "netherlands-2024"]), sequence=0, selection=Selection(others=True))
    assert {"tapo-p115", "mood-lamp", "door-sensor"} <= set(windows.unit)
    assert {"gateway", "gateway-2"} & set(windows.unit)
