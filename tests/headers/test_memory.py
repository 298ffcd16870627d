"""Memory does not grow with the capture."""

from __future__ import annotations

import gzip
import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests.headers.files import SECOND, START, ethernet, ip_udp, pcap, write

SCRIPT = """
import re, sys
from headwise.headers import HeaderReader
reader = HeaderReader(sys.argv[1:])
for batch in reader:
    pass
most = re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())  # ru_maxrss would be the parent's where that is larger
print(reader.packets, reader.rows, int(most[1]) // 1024)
"""
LIMIT_MB = 120


def memory(*paths: Path) -> tuple[int, int]:
    """Read captures in a process of its own; return the packets and the most memory it took, in MB."""
    done = subprocess.run([sys.executable, "-c", SCRIPT, *map(str, paths)], capture_output=True, check=True, timeout=280)
    packets, rows, most = map(int, done.stdout.split())
    assert packets == rows
    return packets, most


def repeated(path: Path, times: int, *, payload: int = 1000) -> Path:
    """Write a capture of `times` thousand packets with this much payload, without holding it in memory."""
    packets = [(START + n * SECOND // 1000, ethernet(ip_udp(port=n, number=n + 1, payload=bytes(payload)))) for n in range(1000)]
    data = pcap(packets)
    with path.open("wb") as file:
        file.write(data[:24])
        for _ in range(times):
            file.write(data[24:])
    return path


def test_capture_of_a_hundred_megabytes_takes_little(tmp_path: Path) -> None:
    """A hundred megabytes take no more than a small fixed amount, which is well under the limit."""
    packets, most = memory(repeated(tmp_path / "a", 100))
    assert packets == 100_000
    assert most < LIMIT_MB


@pytest.mark.slow
def test_capture_of_a_gigabyte_takes_no_more(tmp_path: Path) -> None:
    """Ten times as many bytes take the same memory, give or take 10 MB."""
    _, small = memory(repeated(tmp_path / "small", 100))
    packets, most = memory(repeated(tmp_path / "large", 1000))
    assert packets == 1_000_000
    assert most < small + 10


def test_many_packets_in_a_second_take_little(tmp_path: Path) -> None:
    """Packets that wait for late ones are bounded: two hundred thousand within one second."""
    chance = random.Random(1)
    frames = [ethernet(ip_udp(port=n + 1)) for n in range(64)]
    path = write(tmp_path / "a", pcap((START + chance.randrange(SECOND), frames[n % 64]) for n in range(200_000)))
    packets, most = memory(path)
    assert packets == 200_000
    assert most < LIMIT_MB


def test_bomb_takes_little(tmp_path: Path) -> None:
    """A compressed capture that unfolds a thousandfold is read in pieces."""
    head = pcap([])
    frame = ethernet(ip_udp(payload=bytes(60_000)))
    record = pcap([(START, frame)])[len(head) :]
    with gzip.open(tmp_path / "bomb", "wb", compresslevel=6) as file:
        file.write(head)
        for _ in range(1500):
            file.write(record)
    assert (tmp_path / "bomb").stat().st_size < 1_200_000
    packets, most = memory(tmp_path / "bomb")
    assert packets == 1500
    assert most < LIMIT_MB


def test_hundreds_of_captures_at_once_take_little(tmp_path: Path) -> None:
    """Three hundred captures of the same hour need no more memory and no more open files than there are."""
    frames = [ethernet(ip_udp(port=n + 1)) for n in range(1000)]
    for number in range(300):
        write(tmp_path / f"{number}.pcap", pcap((START + n * SECOND + number, frames[n]) for n in range(300)))
    packets, most = memory(tmp_path)
    assert packets == 90_000
    assert most < LIMIT_MB
