"""`headwise watch` tells of an interface as it goes on, and ends cleanly."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import pty
import signal
import struct
import subprocess
import sys
import termios
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from headwise.cli.live_schemas import EVENTS
from headwise.cli.main import main
from tests.capture.test_ring import give_up_privileges
from tests.machine import require_namespaces
from tests.wire import Wire, laid

MARKER = b"a-private-marker"
LAMP, RADIO = b"\x24\x0a\xc4\0\0\1", b"\x98\xf1\x70\0\0\2"


@pytest.fixture
def wire() -> Iterator[Wire]:
    """Yield a virtual cable."""
    with laid(require_namespaces()) as made:
        yield made


def datagram(source: bytes, target: bytes, port: int) -> bytes:
    """Return a frame of UDP over IPv4 between two devices, with a marker as its payload."""
    payload = MARKER * 3
    udp = port.to_bytes(2, "big") + b"\x14\xe9" + (8 + len(payload)).to_bytes(2, "big") + b"\0\0" + payload
    address = [b"\xc0\xa8\0" + mac[-1:] for mac in (source, target)]
    network = b"\x45\0" + (20 + len(udp)).to_bytes(2, "big") + b"\0\1\x40\0\xff\x11\0\0" + b"".join(address)
    return target + source + b"\x08\0" + network + udp


def frames(count: int) -> list[bytes]:
    """Return a conversation: the lamp sends `count` datagrams, the radio one for every ten."""
    return [f for n in range(count) for f in [datagram(LAMP, RADIO, 9999)] + [datagram(RADIO, LAMP, 5353)] * (n % 10 == 0)]


@contextlib.contextmanager
def watching(wire: Wire, *arguments: str, **streams: Any) -> Iterator[subprocess.Popen[bytes]]:
    """Yield `headwise watch` of the far end, running."""
    command = wire.command(sys.executable, "-m", "headwise", "watch", "--interface", wire.far, *arguments)
    # Named, because a library of pytest's puts a terminal's width of its own into what is passed on otherwise.
    environment = dict(os.environ)
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, **({"stdout": subprocess.PIPE} | streams))
    try:
        yield process
    finally:
        process.kill()
        process.wait(10)
        for stream in (process.stdout, process.stderr):
            if stream:
                stream.close()


def events(process: subprocess.Popen[bytes]) -> Iterator[dict[str, Any]]:
    """Yield the lines of a process as objects, each held to its schema."""
    assert process.stdout
    for line in process.stdout:
        assert MARKER not in line
        event = json.loads(line)
        jsonschema.validate(event, EVENTS[event["event"]])
        yield event


def test_lines_add_up_to_what_was_sent(wire: Wire) -> None:
    """Lines tell of devices at each refresh, of windows as they end and of everything at the end; Ctrl-C is the way to end."""
    with watching(wire, "--json", "--length", "10", "--refresh", "0.2") as process:
        told = events(process)
        assert next(told)["event"] == "devices"
        sent = frames(200)
        wire.send(sent)
        for event in told:
            if event["event"] == "devices" and event["packets"] == len(sent):
                break
        process.send_signal(signal.SIGINT)
        rest = list(told)
        assert process.wait(10) == 0
    windows = [event for event in rest if event["event"] == "window"]
    end = rest[-1]
    assert end["event"] == "end"
    assert [end["packets"], end["rows"] + sum(end["counted"].values()), end["dropped"]] == [len(sent), len(sent), 0]
    assert {each["mac"]: each["packets"] for each in end["devices"]} == {"24:0a:c4:00:00:01": 220, "98:f1:70:00:00:02": 220}
    assert sum(w["packets_sent"] for w in windows) == len(sent)
    assert sum(w["bytes_sent"] for w in windows) == sum(len(frame) - 14 for frame in sent)


def test_a_window_is_told_when_its_time_is_over(wire: Wire) -> None:
    """A window that ended is told as complete while watching goes on, though no further packet came."""
    with watching(wire, "--json", "--length", "10", "--refresh", "0.5") as process:
        told = events(process)
        next(told)
        wire.send(frames(5))
        window = next(event for event in told if event["event"] == "window")
        assert window["complete"]
        assert (window["packets_sent"] + window["packets_received"], window["length_s"]) == (6, 10.0)
        process.send_signal(signal.SIGTERM)
        assert [event["event"] for event in told][-1] == "end"
        assert process.wait(10) == 0


def test_a_pipe_gets_one_table_at_the_end(wire: Wire) -> None:
    """Without a terminal nothing is drawn until the time is over; then come the devices, and on stderr what was counted."""
    with watching(wire, "--duration", "3") as process:
        sender = threading.Timer(2, wire.send, [frames(20)])
        sender.start()
        out, err = process.communicate(timeout=30)
        sender.join()
    lines = out.decode().splitlines()
    assert lines[0].split()[:3] == ["MAC", "vendor", "product"]
    assert [line.split()[0] for line in lines[1:]] == ["24:0a:c4:00:00:01", "98:f1:70:00:00:02"]
    assert f"{wire.far}: 22 packets in 3 s, 0 dropped by the kernel" in err.decode()
    assert process.returncode == 0


def test_a_terminal_sees_the_table_change(wire: Wire) -> None:
    """On a terminal the table is drawn again and again in its place, and once more when Ctrl-C ends it."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("4H", 40, 140, 0, 0))
    with watching(wire, "--refresh", "0.1", stdout=slave) as process:
        os.close(slave)
        shown = b""
        while b"0 packets" not in shown:
            shown += os.read(master, 4096)
        wire.send(frames(10))
        while b"11 packets" not in shown:
            shown += os.read(master, 4096)
        assert b"\x1b[" in shown  # the cursor went back
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(OSError):  # how a terminal says that nobody writes to it any more
            while part := os.read(master, 4096):
                shown += part
        assert process.wait(10) == 0
    os.close(master)
    assert b"24:0a:c4:00:00:01" in shown[shown.rindex(b"MAC") :]
    assert MARKER not in shown


def test_says_that_there_is_no_such_interface(capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown interface ends with exit code 2 and the names of those there are."""
    assert main(["watch", "--interface", "nowhere0"]) == 2
    assert capsys.readouterr().err.startswith("headwise watch: there is no interface 'nowhere0'; choose one of ")


def test_says_what_permission_is_missing() -> None:
    """Without the right to capture it ends with exit code 1 and says how to get it."""
    command = [sys.executable, "-m", "headwise", "watch", "--interface", "lo", "--duration", "1"]
    result = subprocess.run(command, preexec_fn=give_up_privileges, capture_output=True, text=True, timeout=60, check=False)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.startswith("headwise watch: interface lo: capturing is not permitted; run it as root")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(("option", "value"), [("--length", "5"), ("--duration", "0"), ("--refresh", "soon")])
def test_refuses_times_that_cannot_be(capsys: pytest.CaptureFixture[str], option: str, value: str) -> None:
    """A length, duration or refresh outside its limits is an error of the user's in one line."""
    try:
        code = main(["watch", "--interface", "lo", option, value])
    except SystemExit as end:
        code = int(end.code or 0)
    error = capsys.readouterr().err
    assert (code, error.count("\n")) == (2, 1)
    assert value in error


def test_loads_nothing_heavy(tmp_path: Path) -> None:
    """A process that watches loads no library of training, nor the one of Parquet."""
    code = """
import sys
from headwise.cli.main import main
main(["watch", "--interface", "nowhere0"])
import headwise.capture.ring, headwise.headers.live, headwise.windows.live, headwise.models.model
import headwise.cli.live_names, headwise.cli.live_output, headwise.cli.live_state
print(*sorted({"sklearn", "scipy", "pandas", "torch", "pyarrow", "lightgbm"} & set(sys.modules)))
"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert result.stdout == "\n"
