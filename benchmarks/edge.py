"""Measure the memory of a whole process that names devices: ``python -m benchmarks.edge``, with --write into docs/models.md."""

from __future__ import annotations

import argparse
import platform
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from benchmarks.measuring import best, run

CHECKOUT = Path(__file__).resolve().parents[1]
WORK = CHECKOUT / "build" / "bench" / "edge"
DOCUMENT = CHECKOUT / "docs" / "models.md"
BEGIN, END = "<!-- measured: edge -->\n", "<!-- end: measured: edge -->\n"
HEADWISE = [str(Path(sys.executable).with_name("headwise"))]
DEVICES = 30
FAMILIES = ("fc", "conv1d", "lstm")
RUNTIMES = ("onnx", "litert", "litert-int8")
RUNS = 3
TRAIN = """
import sys
from pathlib import Path
from headwise.models import GROUPS, train
from headwise.testbeds import Selection, load, parse_period, read_testbeds
home, family, model = sys.argv[1:]
selection = Selection(period=parse_period(None, "2026-01-02"), others=False)
windows = load(read_testbeds([Path(home)]), length=600.0, sequence=32, selection=selection)
train(windows, family_name=family, group=GROUPS["all-device"], parameters={"epochs": 1}).save(Path(model))
"""
MB = 1_000_000
MOST = 100 * MB


def main() -> int:
    """Make a home, train and export its networks, name its devices in each runtime; fail where a process is too large."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--write", action="store_true", help="write the table into docs/models.md")
    arguments = parser.parse_args()
    peaks = dict(_measured())
    text = _document(peaks)
    print(text)
    if arguments.write:
        before, _, rest = DOCUMENT.read_text().partition(BEGIN)
        DOCUMENT.write_text(f"{before}{BEGIN}\n{text}\n{END}{rest.partition(END)[2]}")
    return int(max(peaks.values()) >= MOST)


def _measured() -> Iterator[tuple[tuple[str, str], int]]:
    home, day = WORK / "home", WORK / "home/captures/home-2026-01-02.pcap"
    WORK.mkdir(parents=True, exist_ok=True)
    if not day.exists():
        run([*HEADWISE, "simulate", "-o", str(home), "--devices", str(DEVICES), "--days", "2", "--seed", "2"])
    for family in FAMILIES:
        model = WORK / f"{family}.headwise"
        _make(home, family, model)
        for runtime in RUNTIMES:
            yield (family, runtime), best([*HEADWISE, "identify", str(day), "--model", str(model), "--runtime", runtime], RUNS).peak


def _make(home: Path, family: str, model: Path) -> None:
    if model.exists():
        return
    # Memory does not depend on how long a network was trained.
    plain = str(model.with_suffix(".plain"))
    run([sys.executable, "-c", TRAIN, str(home), family, plain])
    run([*HEADWISE, "export", plain, "--to", "litert", "--quantize", "int8", "-o", str(model)])


def _document(peaks: dict[tuple[str, str], int]) -> str:
    libraries = ", ".join(f"{name} {version(name)}" for name in ("numpy", "onnxruntime", "ai-edge-litert"))
    rows = [["family", *RUNTIMES], ["---"] * (1 + len(RUNTIMES))]
    rows += [[f"`{family}`", *(f"{peaks[family, runtime] / MB:.0f} MB" for runtime in RUNTIMES)] for family in FAMILIES]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    about = f"{platform.machine()}, Python {platform.python_version()}, {libraries}"
    return f"{table}\n\n{about}; largest of {RUNS} runs, on a day of a simulated home of {DEVICES} devices. All should be under 100 MB."


if __name__ == "__main__":
    sys.exit(main())
