"""`headwise export`, `--runtime`, and `headwise models inspect`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

pytest.importorskip("torch", reason="PyTorch is not installed: networks cannot be trained")

from headwise.cli.main import main
from headwise.cli.schemas import SCHEMAS
from tests.models.litert.conftest import require_converter


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a simulated home, a network of its first day, and the same with LiteRT files."""
    require_converter()
    folder = tmp_path_factory.mktemp("home")
    assert main(["simulate", "-o", str(folder / "home"), "--days", "2", "--devices", "3", "--seed", "3"]) == 0
    trained = ["train", str(folder / "home"), "--until", "2026-01-02", "--family", "fc", "-o", str(folder / "plain")]
    assert main(trained) == 0
    assert main(["export", str(folder / "plain"), "--to", "litert", "--quantize", "int8", "-o", str(folder / "both")]) == 0
    return folder


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    """Return the object that a command prints with --json."""
    capsys.readouterr()
    assert main([*arguments, "--json"]) == 0
    output = capsys.readouterr().out
    assert output.count("\n") == 1
    return json.loads(output)


def test_every_runtime_gives_the_same_names(home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A capture is named alike in each runtime, chosen by the option or by the environment."""
    day, model = str(home / "home/captures/home-2026-01-02.pcap"), str(home / "both")
    found = {name: printed(capsys, "identify", day, "--model", model, "--runtime", name) for name in ("onnx", "litert", "litert-int8")}
    monkeypatch.setenv("HEADWISE_RUNTIME", "litert")
    assert printed(capsys, "identify", day, "--model", model) == found["litert"]
    names = {name: [device["product"]["label"] for device in each["devices"]] for name, each in found.items()}
    assert names["onnx"] == names["litert"] == names["litert-int8"]
    assert set(names["onnx"]) > {"unknown"}
    for one, other in zip(found["onnx"]["devices"], found["litert"]["devices"], strict=True):
        assert one["product"]["probability"] == pytest.approx(other["product"]["probability"], abs=1e-4)


MEASURED = """
import sys
from headwise.cli.main import main
assert main(sys.argv[1:]) == 0
print(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1], file=sys.stderr)
"""


@pytest.mark.parametrize("runtime", ["onnx", "litert", "litert-int8"])
def test_a_process_that_identifies_is_small(home: Path, runtime: str) -> None:
    """With either runtime the whole process stays under 100 MB, as on a router it must."""
    day = str(home / "home/captures/home-2026-01-02.pcap")
    command = [sys.executable, "-c", MEASURED, "identify", day, "--model", str(home / "both"), "--runtime", runtime]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert 20_000 < int(ran.stderr.split()[-1]) * 1.024 < 100_000


def test_scores_are_the_same(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`evaluate` has the option too."""
    command = ["evaluate", str(home / "both"), str(home / "home"), "--from", "2026-01-02"]
    one, other = printed(capsys, *command), printed(capsys, *command, "--runtime", "litert")
    assert one["window"]["macro_f1"] == other["window"]["macro_f1"]


def test_a_runtime_that_the_model_is_not_for_is_refused(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The line says how to make the file for it; an unknown name in the environment is refused by that."""
    day = str(home / "home/captures/home-2026-01-02.pcap")
    assert main(["identify", day, "--model", str(home / "plain"), "--runtime", "litert"]) == 2
    assert f"headwise export {home / 'plain'} --to litert" in capsys.readouterr().err


def test_the_environment_may_not_name_nonsense(home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable and its choices are named."""
    monkeypatch.setenv("HEADWISE_RUNTIME", "abacus")
    day = str(home / "home/captures/home-2026-01-02.pcap")
    assert main(["identify", day, "--model", str(home / "plain")]) == 2
    assert "HEADWISE_RUNTIME: 'abacus' is no runtime" in capsys.readouterr().err


def test_export_tells_how_alike_the_runtimes_are(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Agreement with ONNX Runtime is printed, as a table and as data."""
    found = printed(capsys, "export", str(home / "plain"), "--to", "litert", "--quantize", "int8", "-o", str(tmp_path / "both"))
    jsonschema.validate(found, SCHEMAS["export"], cls=jsonschema.Draft202012Validator)
    assert found["agreement"]["litert"]["difference"] < 1e-4
    assert found["agreement"]["litert-int8"]["labels"] > 0.9
    assert main(["export", str(home / "plain"), "--to", "litert", "-o", str(tmp_path / "one")]) == 0
    assert "same label as onnx" in capsys.readouterr().out


def test_export_of_a_tree_is_refused(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It ends with 2 and one line, and writes nothing."""
    assert main(["train", str(home / "home"), "--until", "2026-01-02", "--family", "dtc", "-o", str(tmp_path / "tree")]) == 0
    capsys.readouterr()
    assert main(["export", str(tmp_path / "tree"), "--to", "litert", "-o", str(tmp_path / "none")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert not (tmp_path / "none").exists()


def test_inspect_tells_what_is_in_it(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Family, files and runtimes are shown; as data by its schema."""
    found = printed(capsys, "models", "inspect", str(home / "both"))
    jsonschema.validate(found, SCHEMAS["models"], cls=jsonschema.Draft202012Validator)
    assert {each["name"] for each in found["runtimes"] if not each["held"]} == {"core"}  # which runs trees alone
    assert found["scores"]["runtimes"]["litert"]["difference"] < 1e-4
    assert main(["models", "inspect", str(home / "plain")]) == 0
    output = capsys.readouterr().out
    assert "litert: not in the file" in output
    assert "model.onnx" in output


def test_inspect_refuses_what_is_broken(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A cut file ends with 2 and its name."""
    (tmp_path / "cut").write_bytes((home / "both").read_bytes()[:-100])
    assert main(["models", "inspect", str(tmp_path / "cut")]) == 2
    assert str(tmp_path / "cut") in capsys.readouterr().err
