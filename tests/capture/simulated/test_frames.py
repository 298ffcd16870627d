"""Simulated frames are well-formed."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pytest

from headwise.capture.simulated import Home, Plan, write
from headwise.capture.simulated.scene import TCP
from headwise.headers import HeaderReader
from headwise.headers.schema import CUT, MALFORMED, PRESENT
from tests.machine import require_tool

START = 1767225600 * 10**9
_CHECKED = [f"-o{protocol}.check_checksum:TRUE" for protocol in ("ip", "tcp", "udp")]
_WRONG = "_ws.malformed || ip.checksum.status == 0 || tcp.checksum.status == 0 || udp.checksum.status == 0 || icmp.checksum.status == 0"
_WRONG_6 = " || icmpv6.checksum.status == 0 || igmp.checksum.status == 0 || tcp.analysis.lost_segment || tcp.analysis.ack_lost_segment"


@pytest.mark.parametrize(("form", "devices"), [("pcap", 14), ("pcapng", 2)])
def test_tshark_finds_nothing_wrong(tmp_path: Path, form: str, devices: int) -> None:
    """No frame of any product is malformed, every checksum is right, no TCP byte is missing."""
    write(Plan(devices=devices, days=1, seed=2, form=form, snap=0), tmp_path)
    (capture,) = tmp_path.glob("captures/*")
    # A day's connections that began the day before, or end after it, look cut off: only what is wrong in a packet counts there.
    command = [require_tool("tshark"), "-r", str(capture), *_CHECKED, "-Y", _WRONG + _WRONG_6, "-c", "40000"]
    result = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    assert result.stdout.splitlines()[:5] == []


@pytest.mark.parametrize(("form", "snap"), [("pcap", 128), ("pcapng", 0)])
def test_headers_read_back_as_they_were_planned(tmp_path: Path, form: str, snap: int) -> None:
    """The core reads from the bytes what the home meant to send: each packet, in order."""
    write(Plan(devices=6, days=1, seed=3, form=form, snap=snap), tmp_path)
    (day,) = Home(6, START, 3).days(1)
    sent = day.packets
    reader = HeaderReader(list(tmp_path.glob("captures/*")))
    first = 0
    for batch in reader:
        planned = {name: values[first : first + batch.rows] for name, values in sent.items()}
        first += batch.rows
        for name in ("time", "source_mac", "destination_mac"):
            assert np.array_equal(batch[name], planned[name]), name
        has_ports = planned["source_port"] != 0
        tcp = planned["kind"] == TCP
        for name, column, rows in (
            ("source_port", "source_port", has_ports),
            ("destination_port", "destination_port", has_ports),
            ("flags", "tcp_flags", tcp),
            ("window", "tcp_window", tcp),
            ("sequence", "tcp_sequence", tcp),
            ("acknowledgment", "tcp_acknowledgment", tcp),
            ("length", "payload_length", has_ports),
        ):
            assert np.array_equal(batch[column][rows], planned[name][rows]), name
        assert not (batch["present"] & MALFORMED).any()
        assert not (batch["present"] & CUT).any()
        assert (batch["captured_length"] <= (snap or 1 << 18)).all()
        assert not (batch["present"][tcp] & PRESENT["tcp_flags"] == 0).any()
    assert reader.packets == len(sent["time"]) == first


def test_payload_is_zero(tmp_path: Path) -> None:
    """Behind the headers of whole frames stands nothing but zeros."""
    write(Plan(devices=2, days=1, snap=0), tmp_path)
    (capture,) = tmp_path.glob("captures/*")
    content = np.frombuffer(capture.read_bytes(), np.uint8)
    for batch in HeaderReader([capture]):
        long = np.flatnonzero(batch["payload_length"] > 400)
        if len(long):
            break
    at = 24
    for row in range(int(long[0])):
        at += 16 + int(batch["captured_length"][row])
    length, payload = int(batch["captured_length"][long[0]]), int(batch["payload_length"][long[0]])
    frame = content[at + 16 : at + 16 + length]
    assert frame[:40].any()
    assert not frame[length - payload :].any()
