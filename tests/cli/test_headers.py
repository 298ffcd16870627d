"""The command `headwise headers`."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from headwise.cli.main import main
from headwise.headers.chunk import Chunk
from headwise.headers.spill import SpillFile
from tests.headers.files import COOKED, SECOND, START, cooked, ethernet, ip_udp, numbered, pcap, pcapng, read, write

MARKER = b"never-to-be-copied-anywhere"


@pytest.fixture
def capture(tmp_path: Path) -> Path:
    """Return a capture of ten packets."""
    return write(tmp_path / "home.pcap", pcap(numbered([n * SECOND for n in range(10)])))


def test_summary_shows_what_is_in_a_capture(capture: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without -o the counts, the link types and the span of time are shown, and nothing is written."""
    assert main(["headers", str(capture)]) == 0
    lines = [re.split(r"  +", line) for line in capsys.readouterr().out.splitlines()]
    assert ["packets", "10"] in lines
    assert ["packets of link type ETHERNET", "10"] in lines
    assert ["first packet", "2020-09-13T12:26:40.000000000Z"] in lines
    assert os.listdir(capture.parent) == ["home.pcap"]


def test_reasons_and_remarks_are_shown_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is no row, and what is odd, has a line each."""
    packets = [(0, START, cooked(ip_udp())), (0, START + 1, cooked(ip_udp())), (1, START + 2, b"radio"), (0, None, cooked(ip_udp()))]
    assert main(["headers", str(write(tmp_path / "a", pcapng(packets, [COOKED, 127])))]) == 0
    out = capsys.readouterr().out
    for words in ("repeat of another packet", "link type IEEE802_11_RADIOTAP is not read", "the capture gives no time"):
        assert words in out
    assert "captures of several interfaces" in out


def test_table_is_written(capture: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With -o the rows are in the file, and talk is on stderr alone."""
    out = capture.with_name("home.parquet")
    assert main(["headers", str(capture), "-o", str(out), "--json"]) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out)["rows"] == 10
    assert printed.err == f"10 rows are in {out}\n"
    assert read(out)[0].rows == 10


def test_truncated_capture_is_a_warning(capture: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A capture that ends in mid-packet gives its whole packets, a warning and exit code 0."""
    capture.write_bytes(capture.read_bytes()[:-1])
    assert main(["headers", str(capture), "--json"]) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out)["packets"] == 9
    assert printed.err.startswith(f"warning: {capture}: it ends inside a packet, after packet 9, at byte")


@pytest.mark.parametrize("content", [b"", b"just text\n", bytes(1000), b"PAR1"])
def test_file_that_is_no_capture_is_an_error_of_one_line(capture: Path, content: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    """What is no capture ends with exit code 2 and one line that names it; no file is written."""
    capture.write_bytes(content)
    assert main(["headers", str(capture), "-o", str(capture.with_name("out"))]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert re.fullmatch(rf"headwise headers: {re.escape(str(capture))}: [^\n]+\n", printed.err)
    assert os.listdir(capture.parent) == ["home.pcap"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ([], "no capture was named"),
        (["nowhere.pcap"], "no such file or folder"),
        (["{capture}", "--keep-vendor"], "--keep-vendor has no meaning without --anonymize"),
        (["{capture}", "--anonymize", "key"], "--anonymize has no meaning without -o"),
        (["{capture}", "-o", "x", "--anonymize", "nowhere.key"], "nowhere.key: cannot be read"),
        (["{capture}", "--make-key", "new.key"], "--make-key only makes a key"),
    ],
)
def test_options_that_make_no_sense_are_refused(
    capture: Path, options: list[str], message: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Options that do not go together are refused before anything is read or written."""
    monkeypatch.chdir(capture.parent)
    assert main(["headers", *[option.format(capture=capture) for option in options]]) == 2
    assert message in capsys.readouterr().err
    assert os.listdir(capture.parent) == ["home.pcap"]


def test_key_is_made_and_used(capture: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A key that --make-key made hides addresses and MACs; --keep-vendor leaves the vendor part."""
    key = capture.with_name("home.key")
    assert main(["headers", "--make-key", str(key)]) == 0
    outputs = [capture.with_name(name) for name in ("clear", "hidden", "vendor")]
    for out, options in zip(outputs, [[], ["--anonymize", str(key)], ["--anonymize", str(key), "--keep-vendor"]], strict=True):
        assert main(["headers", str(capture), "-o", str(out), *options]) == 0
    clear, hidden, vendor = ({name: values.tolist() for name, values in read(out)[1].items()} for out in outputs)
    changed = {name for name in clear if clear[name] != hidden[name]}
    assert changed == {"source_ip", "destination_ip", "source_mac", "destination_mac"}
    assert [mac >> 24 for mac in vendor["source_mac"]] == [mac >> 24 for mac in clear["source_mac"]]
    assert vendor["source_mac"] != clear["source_mac"]
    assert "warning" not in capsys.readouterr().err


def test_payload_is_in_no_output(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes behind the UDP header are in no file that is written, not in temporary ones, and in nothing that is printed."""
    kept: list[bytes] = []
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setattr("headwise.headers.room._STEPS", ((1, 1 << 16, 0),))
    write_rows = SpillFile.write

    def watched(self: SpillFile, chunk: Chunk) -> object:
        extent = write_rows(self, chunk)
        assert self._file is not None
        self._file.seek(0)
        kept.append(self._file.read())
        return extent

    monkeypatch.setattr(SpillFile, "write", watched)
    (tmp_path / "captures").mkdir()
    for number in range(3):
        frames = [(START + n * SECOND + number, ethernet(ip_udp(port=n + 1, number=n + 1, payload=MARKER * 9))) for n in range(20)]
        write(tmp_path / "captures" / str(number), pcap(frames))
    out = tmp_path / "out.parquet"
    assert main(["headers", str(tmp_path / "captures"), "-o", str(out), "--json"]) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out)["rows"] == 60
    assert len(kept) == 2
    written = [*kept, out.read_bytes(), printed.out.encode(), printed.err.encode(), *(path.read_bytes() for path in scratch.iterdir())]
    assert not any(MARKER[:8] in data for data in written)
