"""Measure the memory of a whole process that names devices: ``python -m benchmarks.edge``, with --write into docs/models.md."""

from __future__ import annotations

import argparse
import platform
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from benchmarks.homes import DAY, DEVICES, HEADWISE, HOME, UNTIL, simulate
from benchmarks.measuring import best, run

CHECKOUT = Path(__file__).resolve().parents[1]
WORK = CHECKOUT / "build" / "bench" / "edge"
DOCUMENT = CHECKOUT / "docs" / "models.md"
BEGIN, END = "<!-- measured: edge -->\n", "<!-- end: measured: edge -->\n"
FOREST, NETWORK = ("core", "onnx"), ("onnx", "litert", "litert-int8")
RUNTIMES = ("core", *NETWORK)
FAMILIES = {
    **dict.fromkeys(("rfc", "etc", "dtc", "lgbm"), FOREST),
    **dict.fromkeys(("fc", "conv1d", "lstm", "hybrid"), NETWORK),
}
RUNS = 3
EXPORTED = ".litert"
TRAIN = """
import sys
from pathlib import Path
from headwise.models import GROUPS, train
from headwise.models.families import family as family_of, is_network
from headwise.testbeds import Selection, load, parse_period, read_testbeds
home, until, family, model = sys.argv[1:]
selection = Selection(period=parse_period(None, until), others=False)
windows = load(read_testbeds([Path(home)]), length=600.0, sequence=32, selection=selection)
made = family_of(family)()
parameters = {"epochs": 1} if is_network(made) else {}
if "least_steps" in made.get_params():
    parameters["least_steps"] = 60
group = GROUPS["all-device"]
train(windows, family_name=family, group=group, jobs=1, turns=(), parameters=parameters).save(Path(model))
"""
MB = 1_000_000
MOST = 100 * MB


def main() -> int:
    """Make a home, train and export its networks, name its devices in each runtime; fail where a process is too large."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument(
        "--no-export", action="store_true", help="LiteRT only for models that an earlier run exported, which takes minutes each"
    )
    parser.add_argument("--families", nargs="+", choices=FAMILIES, default=list(FAMILIES), help="which to measure (all)")
    parser.add_argument("--write", action="store_true", help="write the table into docs/models.md")
    arguments = parser.parse_args()
    peaks = dict(_measured(arguments.families, exporting=not arguments.no_export))
    text = _document(peaks)
    print(text)
    if arguments.write:
        before, _, rest = DOCUMENT.read_text().partition(BEGIN)
        DOCUMENT.write_text(f"{before}{BEGIN}\n{text}\n{END}{rest.partition(END)[2]}")
    # Forests in ONNX Runtime are measured to compare with.
    return int(any(peak >= MOST for (family, runtime), peak in peaks.items() if FAMILIES[family] != FOREST or runtime == "core"))


def _measured(families: list[str], *, exporting: bool) -> Iterator[tuple[tuple[str, str], int]]:
    WORK.mkdir(parents=True, exist_ok=True)
    simulate()
    for family in families:
        runtimes = FAMILIES[family]
        model = _make(family, exporting="litert" in runtimes and exporting)
        for runtime in runtimes if model.suffix == EXPORTED or "litert" not in runtimes else ("onnx",):
            yield (family, runtime), best([*HEADWISE, "identify", str(DAY), "--model", str(model), "--runtime", runtime], RUNS).peak


def _make(family: str, *, exporting: bool) -> Path:
    plain, exported = WORK / f"{family}.headwise", WORK / f"{family}{EXPORTED}"
    if exported.exists():
        return exported
    if not plain.exists():
        # Memory does not depend on how long a network was trained.
        run([sys.executable, "-c", TRAIN, str(HOME), UNTIL, family, str(plain)])
    if not exporting:
        return plain
    run([*HEADWISE, "export", str(plain), "--to", "litert", "--quantize", "int8", "-o", str(exported)])
    return exported


def _document(peaks: dict[tuple[str, str], int]) -> str:
    libraries = ", ".join(f"{name} {version(name)}" for name in ("numpy", "onnxruntime", "ai-edge-litert"))
    rows = [["family", *RUNTIMES], ["---"] * (1 + len(RUNTIMES))]
    rows += [
        [f"`{family}`", *(_megabytes(peaks.get((family, runtime))) for runtime in RUNTIMES)]
        for family in dict.fromkeys(family for family, _ in peaks)
    ]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    about = f"{platform.machine()}, Python {platform.python_version()}, {libraries}"
    home = f"a day of a simulated home of {DEVICES} devices, each a class"
    return f"{table}\n\n{about}; largest of {RUNS} runs, on {home}. All but forests in ONNX Runtime should be under 100 MB."


def _megabytes(peak: int | None) -> str:
    return "" if peak is None else f"{peak / MB:.0f} MB"


if __name__ == "__main__":
    sys.exit(main())
