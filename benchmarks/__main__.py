"""Measure headwise beside other programs on one merged capture: ``python -m benchmarks``, or `make bench`."""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from benchmarks.measuring import Run, best, best_by_turns, read_anew, run

CHECKOUT = Path(__file__).resolve().parents[1]
WORK = CHECKOUT / "build" / "bench"
DOCUMENT = CHECKOUT / "docs" / "performance.md"
BEGIN, END = "<!-- measured -->\n", "<!-- end: measured -->\n"
HEADWISE = [str(Path(sys.executable).with_name("headwise"))]
# What the other programs are asked for as well, with `-e` before each.
FIELDS = """
    frame.time_epoch frame.len eth.src eth.dst eth.type ip.src ip.dst ipv6.src ipv6.dst ip.proto ip.ttl ip.len tcp.srcport tcp.dstport
    tcp.flags tcp.window_size_value tcp.seq_raw tcp.ack_raw udp.srcport udp.dstport
"""
# What is measured of ours in memory: the way that people use, then what bounds it.
OURS = (
    ("headwise", "columns"),
    ("headwise, the C core alone, from a mapped file", "core"),
    ("headwise, the C core alone, from the processor's cache", "cached"),
    ("bound: only finding the records of a mapped file", "frames"),
    ("bound: only copying the file's bytes, as reading it does", "copied"),
)
MB = 1_000_000


@dataclass(frozen=True)
class Row:
    """A line of the table: what was done by whom, how it went, and what the target is."""

    task: str
    program: str
    packets: int
    result: str
    peak: int
    target: str = ""
    met: bool | None = None

    def cells(self) -> list[str]:
        """Return the line's cells."""
        verdict = "" if self.met is None else " (met)" if self.met else " (**missed**)"
        return [
            self.task,
            self.program,
            f"{self.packets:,}" if self.packets else "",
            self.result,
            f"{self.peak / MB:.0f} MB",
            self.target + verdict,
        ]


@dataclass(frozen=True)
class Contender:
    """A program that does a task: its command, in how many rounds, the packets where it does not say, and what is asked of it."""

    task: str
    program: str
    command: list[str]
    runs: int
    packets: int = 0
    least: int = 0

    def row(self, one: Run) -> Row:
        """Return the line of what it took; `least` is in M packets a CPU-second."""
        packets = one.packets or self.packets
        rate = packets / one.work / 1e6
        judged = (f"at least {self.least} M/CPU-s", rate >= self.least) if self.least else ("", None)
        return Row(self.task, self.program, packets, f"{rate:.3g} M/CPU-s", one.peak, *judged)


def main() -> int:
    """Measure, print, and with --write put the table into docs/performance.md."""
    arguments = _arguments()
    WORK.mkdir(parents=True, exist_ok=True)
    traffic = _traffic(arguments)
    rows = []
    for part in (_columns, _windows, _memory, _home):
        for row in part(arguments):
            print(_line(row.cells()), flush=True)
            rows.append(row)
    Path(_repeated(_large(arguments))).unlink(missing_ok=True)
    text = _document(rows, traffic, arguments)
    (WORK / "performance.md").write_text(text)
    if arguments.write:
        before, _, rest = DOCUMENT.read_text().partition(BEGIN)
        DOCUMENT.write_text(before + BEGIN + "\n" + text + "\n" + END + rest.partition(END)[2])
    return int(any(row.met is False for row in rows))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--packets", type=int, default=10_000_000, help="of the repeated capture (10,000,000)")
    parser.add_argument("--runs", type=int, default=5, help="of each program of ours, of which the best counts (5)")
    parser.add_argument("--peer-runs", type=int, default=3, help="of each other program (3)")
    parser.add_argument("--data", type=Path, default=CHECKOUT.parent / "shared" / "data", help="folder of the test-beds to merge")
    parser.add_argument("--peers", type=Path, help="Python with dpkt, scapy and nfstream; without it they are left out")
    parser.add_argument("--large", action="store_true", help="measure memory on 10 GB too")
    parser.add_argument("--write", action="store_true", help="write the table into docs/performance.md")
    return parser.parse_args()


def _traffic(arguments: argparse.Namespace) -> dict[str, int]:
    counts = [str(arguments.packets)] + [str(_large(arguments))] * arguments.large
    command = [sys.executable, "-m", "benchmarks.traffic", str(WORK), "--data", str(arguments.data), "--packets", *counts]
    made = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, cwd=CHECKOUT)
    traffic: dict[str, int] = json.loads(made.stdout)
    return traffic


def _large(arguments: argparse.Namespace) -> int:
    return max(70_000_000, arguments.packets + 1)


def _repeated(packets: int) -> str:
    return str(WORK / f"repeated-{packets}.pcap")


def _columns(arguments: argparse.Namespace) -> Iterator[Row]:
    task, runs = "capture file to header columns in memory", arguments.runs
    capture, written = _repeated(arguments.packets), str(WORK / "written.pcap")
    shutil.copyfile(capture, written)
    read_anew(Path(capture))
    contenders = [Contender(task, program, _ours(name, capture), runs, least=40 if name == "columns" else 0) for program, name in OURS]
    contenders.append(Contender(task, "headwise, of a file that was only just written", _ours("columns", written), runs))
    if shutil.which("tshark"):
        command = ["tshark", "-n", "-r", str(WORK / "once.pcap"), "-T", "fields", *(w for f in FIELDS.split() for w in ("-e", f))]
        contenders.append(Contender(task, _tshark(), command, arguments.peer_runs, _counted("once")))
    for name, some in (("dpkt", "once"), ("scapy", "sample")):
        contenders += _peer(arguments, task, name, some)
    yield from _rows(contenders)
    Path(written).unlink()


def _windows(arguments: argparse.Namespace) -> Iterator[Row]:
    command = [*HEADWISE, "windows", _repeated(arguments.packets), "-o", str(WORK / "windows.parquet")]
    ours = Contender("capture file to windows, whole command", "headwise windows", command, arguments.runs, arguments.packets, least=3)
    yield from _rows([ours, *_peer(arguments, "capture file to flows with statistics", "nfstream", "once")])


def _rows(contenders: list[Contender]) -> Iterator[Row]:
    done = best_by_turns([(each.command, each.runs) for each in contenders])
    yield from (each.row(one) for each, one in zip(contenders, done, strict=True))


def _ours(name: str, capture: str) -> list[str]:
    return [sys.executable, "-m", "benchmarks.ours", name, capture]


def _counted(capture: str) -> int:
    return run(_ours("columns", str(WORK / f"{capture}.pcap"))).packets


def _peer(arguments: argparse.Namespace, task: str, name: str, capture: str) -> list[Contender]:
    if not arguments.peers:
        return []
    program = [str(arguments.peers), str(CHECKOUT / "benchmarks" / "peers.py"), name]
    command = [*program, str(WORK / f"{capture}.pcap"), str(_counted(capture))]
    return [Contender(task, _peer_version(arguments.peers, name), command, arguments.peer_runs)]


def _memory(arguments: argparse.Namespace) -> Iterator[Row]:
    headers, windows = (["-o", str(WORK / f"{name}.parquet")] for name in ("headers", "windows"))
    for packets in [arguments.packets] + [_large(arguments)] * arguments.large:
        capture = _repeated(packets)
        task = f"memory on {Path(capture).stat().st_size / 1e9:.1f} GB"
        for name, more in (("headers", headers), ("windows", windows), ("identify", [])):
            one = run([*HEADWISE, name, capture, *more])
            yield Row(task, f"headwise {name}", packets, f"{one.wall:.1f} s", one.peak, "under 200 MB", one.peak < 200 * MB)


def _home(arguments: argparse.Namespace) -> Iterator[Row]:
    model, home = WORK / "home.headwise", WORK / "home"
    if not model.exists():
        run([*HEADWISE, "train", str(home), "--until", "2026-01-03", "-o", str(model)])
    day = best([*HEADWISE, "identify", str(home / "captures/home-2026-01-03.pcap"), "--model", str(model)], arguments.runs)
    yield Row("a day of a home, named", "headwise identify", 0, f"{day.wall:.2f} s", day.peak, "under 150 MB", day.peak < 150 * MB)
    hour = [*HEADWISE, "identify", str(WORK / "hour.pcap"), "--model", str(model)]
    for start, clear in (("started anew", False), ("started anew, nothing in the page cache", True)):
        if clear and not _forget_files():
            continue
        one = run(hour) if clear else best(hour, arguments.runs)
        yield Row(f"an hour of a home, named, {start}", "headwise identify", 0, f"{one.wall:.2f} s", one.peak, "under 1 s", one.wall < 1)
    one = best([*HEADWISE, "--help"], arguments.runs)
    yield Row("help", "headwise --help", 0, f"{one.wall:.2f} s", one.peak, "under 0.2 s", one.wall < 0.2)


def _forget_files() -> bool:
    """Drop the page cache, where this user may."""
    try:
        os.sync()
        Path("/proc/sys/vm/drop_caches").write_text("3\n")
    except OSError:
        return False
    return True


def _tshark() -> str:
    said = subprocess.run(["tshark", "--version"], capture_output=True, text=True, check=True).stdout
    return "tshark " + next(word for word in said.split() if word[0].isdigit()).rstrip(".")


def _peer_version(python: Path, name: str) -> str:
    code = f"import importlib.metadata as m; print(m.version('{name}'))"
    return f"{name} " + subprocess.run([python, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _document(rows: list[Row], traffic: dict[str, int], arguments: argparse.Namespace) -> str:
    mean = traffic["bytes"] / traffic["packets"] - 16
    source = "all Ethernet captures of the test-beds" if traffic["real"] else "a simulated home, for want of captures"
    head = [
        f"Measured on {datetime.date.today():%Y-%m-%d}: {_processor()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, NumPy {version('numpy')}, headwise {version('headwise')}.",
        f"Traffic: {source}, {traffic['packets']:,} packets of {mean:.0f} bytes captured on average, repeated to {arguments.packets:,}.",
    ]
    table = [["task", "program", "packets", "result", "peak memory", "target"], ["---"] * 6, *(row.cells() for row in rows)]
    return "\n\n".join([*head, "\n".join(map(_line, table))]) + "\n"


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith(("model name", "Model")):
            return line.partition(":")[2].strip()
    return platform.machine()


if __name__ == "__main__":
    sys.exit(main())
