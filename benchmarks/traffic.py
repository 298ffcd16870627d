"""The captures that are measured: real traffic merged and repeated, or a simulated home where there is none.

Run as a process of its own, so that its memory is not taken for that of the programs measured.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from headwise.capture import open_blocks
from headwise.capture.simulated import Plan, write
from headwise.headers import HeaderReader

ETHERNET = 1
SECOND = 10**9
LONGEST_PAUSE = 600 * SECOND
HEADER = np.array([0xA1B23C4D, 0x00040002, 0, 0, 262144, ETHERNET], "<u4").tobytes()


def merged(data: Path, output: Path) -> bool:
    """Merge all Ethernet captures of the test-beds into one, in order of time; return whether there were any, and a program for it."""
    if shutil.which("mergecap") is None:
        print("bench: no mergecap here (it comes with tshark): a simulated home is measured instead of real captures", file=sys.stderr)
        return False
    with tempfile.TemporaryDirectory(dir=output.parent) as scratch:
        beds = []
        for bed in sorted(data.glob("*/captures")):
            plain = [_plain(path, Path(scratch, f"{bed.parent.name}-{n}")) for n, path in enumerate(_ethernet(bed))]
            if plain:
                beds.append(Path(scratch, bed.parent.name))
                _mergecap(plain, beds[-1])
        if beds:
            _mergecap(beds, output)
    return bool(beds)


def _ethernet(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*.pcap*")):
        first = next(iter(HeaderReader([path])), None)
        if first is not None and bool((first["link_type"] == ETHERNET).all()):
            yield path


def _plain(path: Path, output: Path) -> Path:
    with open_blocks(path) as blocks, output.open("wb") as file:
        while len(blocks) or blocks.fill():
            file.write(blocks.buffer[blocks.start : blocks.end].tobytes())
            blocks.advance(len(blocks))
    return output


def _mergecap(paths: list[Path], output: Path) -> None:
    subprocess.run(["mergecap", "-F", "nsecpcap", "-w", output, *paths], check=True, capture_output=True)


def records(capture: Path) -> tuple[np.ndarray, np.ndarray]:
    """Return the bytes of a nanosecond pcap file behind its header, and where its records begin, with the end of the last."""
    content = np.fromfile(capture, np.uint8)[24:]
    lengths = memoryview(content.tobytes())
    starts, at = [], 0
    while at + 16 <= len(lengths):
        starts.append(at)
        at += 16 + int.from_bytes(lengths[at + 8 : at + 12], "little")
    return content, np.array([*starts, at])


def repeat(base: Path, output: Path, packets: int) -> None:
    """Write `packets` packets of `base` over and over, each time later; pauses of over ten minutes are cut to that."""
    content, bounds = records(base)
    starts, words = bounds[:-1], np.arange(8)
    stamps = content[starts[:, None] + words].view("<u4").astype(np.int64)
    time = stamps[:, 0] * SECOND + stamps[:, 1]
    time = time[0] + np.cumsum(np.diff(time, prepend=time[0]).clip(0, LONGEST_PAUSE))
    span = int(time[-1] - time[0]) + LONGEST_PAUSE
    with output.open("wb") as file:
        file.write(HEADER)
        for turn in range(-(-packets // len(time))):
            count = min(len(time), packets - turn * len(time))
            later = time[:count] + turn * span
            stamp = np.stack([later // SECOND, later % SECOND], axis=1).astype("<u4").view(np.uint8).reshape(-1, 8)
            content[starts[:count, None] + words] = stamp
            content[: bounds[count]].tofile(file)


def sample(base: Path, output: Path, packets: int) -> None:
    """Write `packets` packets of `base`, evenly spread over it, for programs that would take hours for all of them."""
    content, bounds = records(base)
    chosen = np.linspace(0, len(bounds) - 2, packets).astype(np.int64)
    output.write_bytes(HEADER + b"".join(content[bounds[n] : bounds[n + 1]].tobytes() for n in chosen))


def cut(capture: Path, output: Path, first: int, last: int) -> None:
    """Write the packets of a nanosecond pcap file from `first` to `last` (ns since 1970)."""
    content, bounds = records(capture)
    stamps = content[bounds[:-1, None] + np.arange(8)].view("<u4").astype(np.int64)
    inside = np.searchsorted(stamps[:, 0] * SECOND + stamps[:, 1], [first, last])
    output.write_bytes(HEADER + content[bounds[inside[0]] : bounds[inside[1]]].tobytes())


def main() -> int:
    """Write base, repeated capture and home into a folder, where they are not there yet."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--packets", type=int, nargs="+", required=True, help="captures of so many packets each")
    parser.add_argument("--sample", type=int, default=30000)
    arguments = parser.parse_args()
    folder: Path = arguments.folder
    home = folder / "home"
    if not (home / "SHA256SUMS").exists():
        write(Plan(devices=9, days=3), home)
    day = home / "captures/home-2026-01-03.pcap"
    cut(day, folder / "hour.pcap", int(1767463200 * SECOND), int(1767466800 * SECOND))
    base = folder / "base.pcap"
    if not base.exists() and not (arguments.data and merged(arguments.data, base)):
        base = day
    sample(base, folder / "sample.pcap", arguments.sample)
    # Peers read it once through; for us it is repeated.
    repeat(base, folder / "once.pcap", len(records(base)[1]) - 1)
    for packets in arguments.packets:
        output = folder / f"repeated-{packets}.pcap"
        if not output.exists():
            repeat(base, output, packets)
    print(json.dumps({"real": base.stem == "base", "packets": len(records(base)[1]) - 1, "bytes": base.stat().st_size}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
