"""What --json prints is what its schema says."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from headwise.cli.main import main
from headwise.cli.schemas import SCHEMAS
from tests.machine import CHECKOUT


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small simulated home of two days, and a model of its first."""
    folder = tmp_path_factory.mktemp("home")
    assert main(["simulate", "-o", str(folder / "home"), "--days", "2", "--devices", "4", "--seed", "3"]) == 0
    assert main(["train", str(folder / "home"), "--until", "2026-01-02", "--family", "dtc", "-o", str(folder / "model")]) == 0
    nights(folder)
    return folder


def nights(folder: Path) -> None:
    """Make a home's folder with a night behind it, and a second model that came into use."""
    from headwise.identity.home import HomeFolder, Promoted
    from headwise.identity.nightly import run_night

    run_night(folder / "folder", [folder / "home/captures/home-2026-01-01.pcap"], model=folder / "model")
    place = HomeFolder(folder / "folder")
    with place.alone() as home:
        place.model("000001.headwise").write_bytes((folder / "model").read_bytes())
        place.commit(home.promote(Promoted("000001.headwise", home.now)))


def command_lines(home: Path, again: Path) -> dict[str, list[str]]:
    """Return a command line for each schema, by command."""
    testbed, day = str(home / "home"), str(home / "home/captures/home-2026-01-02.pcap")
    return {
        "headers": [day],
        "windows": [day],
        "train": [testbed, "--until", "2026-01-02", "--family", "dtc", "-o", str(again / "model")],
        "retrain": [str(home / "model"), testbed, "--from", "2026-01-02", "-o", str(again / "model")],
        "models": ["inspect", str(home / "model")],
        "evaluate": [str(home / "model"), testbed, "--from", "2026-01-02"],
        "identify": [day, "--model", str(home / "model")],
        "nightly": [day, "--home", str(again / "folder"), "--model", str(home / "model")],
        "tell": [str(home / "folder"), "02:00:00:00:00:07", "kettle", "--category", "appliance"],
        "rollback": [str(home / "folder")],
        "simulate": ["-o", str(again / "home"), "--days", "1", "--devices", "2"],
    }


@pytest.fixture
def printed(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Return what runs a command with --json and returns the object that it prints."""

    def run(command: str, *arguments: str) -> Any:
        capsys.readouterr()
        given = arguments or command_lines(home, tmp_path)[command]
        assert main([command, *given, "--json"]) == 0
        output = capsys.readouterr().out
        assert output.count("\n") == 1
        return json.loads(output)

    return run


# Only a network can be exported: tests/cli/test_export.py has one.
@pytest.mark.parametrize("command", sorted(SCHEMAS.keys() - {"export"}))
def test_output_is_as_its_schema_says(command: str, printed: Any) -> None:
    """Each command prints one object with every field of its schema and no other."""
    jsonschema.validate(printed(command), SCHEMAS[command], cls=jsonschema.Draft202012Validator)


def test_identify_without_a_model_has_the_same_fields(home: Path, printed: Any) -> None:
    """A reader of the JSON needs no second form for devices that have no name: they are unknown."""
    found = printed("identify", str(home / "home/captures/home-2026-01-02.pcap"))
    jsonschema.validate(found, SCHEMAS["identify"], cls=jsonschema.Draft202012Validator)
    assert {device["product"]["label"] for device in found["devices"]} == {"unknown"}


WITHOUT_TRAINING = """
import sys
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"sklearn", "scipy", "pandas", "torch", "onnx", "pyarrow"}:
            raise ModuleNotFoundError(name, name=name)
sys.meta_path.insert(0, Missing())
from headwise.cli.main import main
sys.exit(main(sys.argv[1:]))
"""


def test_identify_runs_with_the_edge_set_alone(home: Path) -> None:
    """A router has nothing that only training needs, and naming devices does not even need what reads Parquet."""
    day = home / "home/captures/home-2026-01-02.pcap"
    command = [sys.executable, "-c", WITHOUT_TRAINING, "identify", str(day), "--model", str(home / "model")]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (result.returncode, result.stderr) == (0, "")
    assert "simulated-" in result.stdout


def test_training_without_its_packages_says_what_to_install(home: Path, tmp_path: Path) -> None:
    """Where scikit-learn is missing, train names the extra that brings it, in one line."""
    command = [sys.executable, "-c", WITHOUT_TRAINING, "train", str(home / "home"), "-o", str(tmp_path / "model")]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 1
    assert result.stderr.splitlines()[-1].endswith("run: pip install 'headwise[trees]'")
    assert "Traceback" not in result.stderr


def test_rows_and_counted_add_up(printed: Any) -> None:
    """What the documents promise of the counts holds."""
    found = printed("headers")
    assert found["packets"] == found["rows"] + sum(found["counted"].values())


@pytest.mark.parametrize("command", SCHEMAS)
def test_schema_is_one(command: str) -> None:
    """The schemas themselves are valid and every field has a meaning."""
    jsonschema.Draft202012Validator.check_schema(SCHEMAS[command])
    assert [name for name, field in SCHEMAS[command]["properties"].items() if not field["description"]] == []


def test_every_schema_is_in_the_documents() -> None:
    """The page on JSON has a heading for each command that prints it."""
    text = (CHECKOUT / "docs/json.md").read_text()
    assert [command for command in SCHEMAS if f"\n## headwise {command}\n" not in text] == []
