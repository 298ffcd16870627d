"""`headwise simulate` writes a test-bed."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from headwise.cli.main import main
from headwise.cli.schemas import SIMULATE


def digests(folder: Path) -> dict[str, str]:
    """Return the checksum of every file under a folder."""
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_writes_the_same_bytes_for_the_same_arguments(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two runs agree in every byte; another seed does not; more days leave the first ones as they were."""
    for name, more in (("one", []), ("two", []), ("other", ["--seed", "2"]), ("longer", ["--days", "2"])):
        assert main(["simulate", "-o", str(tmp_path / name), "--devices", "1", "--days", "1", *more]) == 0
    one, two, other, longer = (digests(tmp_path / name) for name in ("one", "two", "other", "longer"))
    capture = "captures/home-2026-01-01.pcap"
    assert one == two
    assert one[capture] != other[capture]
    assert one[capture] == longer[capture]
    assert "captures/home-2026-01-02.pcap" in longer
    assert ": 2 days of 1 device, a phone, a laptop and a router, " in capsys.readouterr().out


def test_replaces_an_earlier_simulated_home_and_nothing_else(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A second run leaves no file of the first behind; a folder of something else is left alone, with an error."""
    home, mine = tmp_path / "home", tmp_path / "mine"
    main(["simulate", "-o", str(home), "--devices", "1", "--days", "2"])
    main(["simulate", "-o", str(home), "--devices", "1", "--days", "1", "--format", "pcapng"])
    assert [path.name for path in (home / "captures").iterdir()] == ["home-2026-01-01.pcapng"]
    mine.mkdir()
    (mine / "letter.txt").write_text("dear")
    assert main(["simulate", "-o", str(mine)]) == 2
    assert [path.name for path in mine.iterdir()] == ["letter.txt"]
    assert capsys.readouterr().err.endswith("the folder holds something else; name a new or empty folder\n")


def test_lists_its_files_and_their_checksums(tmp_path: Path) -> None:
    """`SHA256SUMS` names every other file with its checksum."""
    main(["simulate", "-o", str(tmp_path / "home"), "--devices", "2", "--days", "1"])
    found = digests(tmp_path / "home")
    found.pop("SHA256SUMS")
    lines = (tmp_path / "home/SHA256SUMS").read_text().splitlines()
    assert {name: digest for digest, name in (line.split("  ") for line in lines)} == found


def test_prints_one_object(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With --json stdout is one object with the fields of its schema."""
    main(["simulate", "-o", str(tmp_path / "home"), "--devices", "2", "--days", "1", "--json"])
    told = json.loads(capsys.readouterr().out)
    assert set(told) == set(SIMULATE["properties"])
    assert told["packets"] > 1000


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--devices", "0"], "--devices: 0 is not from 1 to 5000"),
        (["--days", "-1"], "--days: -1 is not from 1 to 3660"),
        (["--seed", "-1"], "--seed: -1 is not from 0"),
        (["--snap", "8"], "--snap: 8 bytes hold no Ethernet header"),
        (["--start", "tomorrow"], "'tomorrow' is no date such as 2026-01-31"),
        (["--start", "1066-10-14"], "--start: the year 1066 is not from 1970"),
    ],
)
def test_says_what_it_cannot_do(tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str) -> None:
    """An argument outside its limits is an error of the user's in one line."""
    try:
        code = main(["simulate", "-o", str(tmp_path / "home"), *arguments])
    except SystemExit as end:
        code = int(end.code or 0)
    error = capsys.readouterr().err
    assert (code, error.count("\n")) == (2, 1)
    assert message in error
    assert not (tmp_path / "home").exists()
