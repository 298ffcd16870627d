"""The command identify."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("sklearn", reason="scikit-learn is not installed")
pytest.importorskip("onnx", reason="onnx is not installed")

from headwise.cli.main import main
from headwise.testbeds import read_units

# No process that stays on a router loads these; PyArrow only where Parquet is read or written, ONNX Runtime for networks.
HEAVY = {"sklearn", "onnxruntime", "scipy", "pandas", "torch", "lightgbm", "onnx", "pyarrow"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two days of a small simulated home, and a model of its first."""
    folder = tmp_path_factory.mktemp("identify") / "home"
    assert main(["simulate", "-o", str(folder), "--days", "2", "--devices", "5", "--seed", "4"]) == 0
    assert main(["train", str(folder), "--until", "2026-01-02", "--jobs", "1", "-o", str(folder / "model.headwise")]) == 0
    return folder


def identified(home: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, dict[str, object]]:
    """Return the devices of the second day by MAC."""
    capsys.readouterr()
    assert main(["identify", str(home / "captures/home-2026-01-02.pcap"), "--json", *arguments]) == 0
    return {device["mac"]: device for device in json.loads(capsys.readouterr().out)["devices"]}


def test_the_devices_of_a_later_day_get_their_names(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each product that was trained on is named, with its category; the router is marked and not named."""
    found = identified(home, capsys, "--model", str(home / "model.headwise"))
    units = {unit.mac.to_bytes(6, "big").hex(":"): unit for unit in read_units(home)}
    named = {mac: device["product"]["label"] for mac, device in found.items() if units[mac].is_class}  # type: ignore[index]
    assert named == {mac: units[mac].product for mac in named}
    assert all(found[mac]["category"]["label"] == units[mac].category for mac in named)  # type: ignore[index]
    routers = [device for mac, device in found.items() if units[mac].category == "router"]
    assert [(device["role"], device["product"]) for device in routers] == [("router", {"label": "unknown", "probability": None})]


def test_without_a_model_the_one_that_comes_with_headwise_names(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Traffic is the same whatever names it, and made-up devices are no known product."""
    plain = identified(home, capsys)
    named = identified(home, capsys, "--model", str(home / "model.headwise"))
    assert {mac: device["bytes_sent"] for mac, device in plain.items()} == {mac: device["bytes_sent"] for mac, device in named.items()}
    simulated = [device["product"] for device in plain.values() if device["role"] == "device"]
    assert [product["label"] for product in simulated].count("unknown") >= len(simulated) - 1  # type: ignore[index]
    assert main(["identify", str(home / "captures/home-2026-01-02.pcap")]) == 0
    assert all(mac in capsys.readouterr().out for mac in list(plain)[:1])


def test_says_how_sure_since_when_and_why(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A named device has its alternatives, a set that holds its name, the moment since when, and reasons in words."""
    found = identified(home, capsys, "--model", str(home / "model.headwise"))
    device: dict[str, Any] = next(device for device in found.values() if device["product"]["label"] != "unknown")  # type: ignore[index]
    assert device["state"] in ("named", "guessing")
    assert device["alternatives"][0] == device["product"]
    assert device["product"]["label"] in device["prediction_set"]
    assert "2026-01-02T00:00:00" <= device["since"] <= device["last_seen"]
    assert all(isinstance(line, str) and line for line in device["evidence"])


def test_the_vendor_can_be_left_out(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With --no-vendor no reason speaks of it, and probabilities are those of the traffic alone."""
    with_vendor = identified(home, capsys, "--model", str(home / "model.headwise"))
    without = identified(home, capsys, "--model", str(home / "model.headwise"), "--no-vendor")
    assert any("network card" in line for device in with_vendor.values() for line in device["evidence"])  # type: ignore[attr-defined]
    assert not any("network card" in line for device in without.values() for line in device["evidence"])  # type: ignore[attr-defined]


def test_a_category_model_names_categories_alone(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A model of categories says nothing of products."""
    model = str(tmp_path / "kinds.headwise")
    assert main(["train", str(home), "--until", "2026-01-02", "--label", "category", "--family", "dtc", "-o", model]) == 0
    found = identified(home, capsys, "--model", model)
    assert {device["product"]["label"] for device in found.values()} == {"unknown"}  # type: ignore[index]
    assert {device["category"]["label"] for device in found.values()} > {"unknown"}  # type: ignore[index]


def test_a_folder_is_one_capture(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The files of a folder are read as one, so traffic adds up."""
    second = identified(home, capsys)
    capsys.readouterr()
    assert main(["identify", str(home / "captures"), "--json"]) == 0
    both = {device["mac"]: device for device in json.loads(capsys.readouterr().out)["devices"]}
    assert set(second) <= set(both)
    assert all(both[mac]["packets"] > second[mac]["packets"] for mac in second)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="peak memory is read from /proc")
def test_nothing_heavy_is_imported_and_memory_is_small(home: Path) -> None:
    """Naming a day of a home loads no library that trains or reads Parquet, nor ONNX Runtime for trees, and peaks under 80 MB."""
    code = (
        "import sys\n"
        "from headwise.cli.main import main\n"
        "assert main(sys.argv[1:]) == 0\n"
        "peak = next(line for line in open('/proc/self/status') if line.startswith('VmHWM'))\n"
        "print(int(peak.split()[1]) // 1024, *sorted(sys.modules), file=sys.stderr)\n"
    )
    command = [sys.executable, "-c", code, "identify", str(home / "captures/home-2026-01-02.pcap"), "--model", str(home / "model.headwise")]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    megabytes, *modules = run.stderr.split()
    assert HEAVY.isdisjoint(modules)
    assert int(megabytes) < 80
