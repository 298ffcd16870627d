"""What was measured as a page with tables and figures."""

from __future__ import annotations

import platform
import statistics
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.models.figures import Bars, draw
from benchmarks.models.kinds import FORESTS, GROUPS, METHOD, NETWORKS
from benchmarks.models.turns import ratio

BEGIN, END = "<!-- measured -->\n", "<!-- end: measured -->\n"
RUNTIMES = {
    "trained": "PyTorch, scikit-learn, LightGBM",
    "core": "packet core",
    "onnx": "ONNX Runtime",
    "litert": "LiteRT",
    "litert-int8": "LiteRT int8",
}
SETTINGS = {
    "0 plain": "0 frozen",
    "1 plain": "1 frozen",
    "1 cache": "1 frozen, cached",
    "2 plain": "2 frozen",
    "2 cache": "2 frozen, cached",
    "3 plain": "3 frozen",
    "3 cache": "3 frozen, cached",
}
MB = 1_000_000
Results = dict[str, Any]


def write(results: Results, folder: Path, about: dict[str, Any]) -> str:
    """Write tables and figures into a folder, and return the text.

    Parameters
    ----------
    results : dict
        By ``home/family/group`` what `benchmarks.models.__main__.measure` gives.
    folder : Path
        Where ``models-cost.md`` is, or is to be.
    about : dict
        How it was measured.
    """
    results = dict(sorted(((key, found) for key, found in results.items() if found["method"] == METHOD), key=_place))
    lines = [
        _head(results, about),
        *_ratios(results),
        *_retraining(results),
        *_inference(results),
        *_agreement(results),
        *_memory(results),
    ]
    text = "\n".join(lines) + "\n"
    for name, bars in _figures(results).items():
        if any(value for row in bars.values for value in row):
            (folder / f"{name}.svg").write_text(draw(bars))
    page = folder / "models-cost.md"
    before, _, rest = page.read_text().partition(BEGIN) if page.exists() else ("", "", END)
    page.write_text(before + BEGIN + "\n" + text + "\n" + END + rest.partition(END)[2])
    return text


def _place(item: tuple[str, Any]) -> tuple[str, int, bool, str]:
    home, family, group = item[0].split("/")
    return home, GROUPS.index(group), family not in NETWORKS, family


def _head(results: Results, about: dict[str, Any]) -> str:
    packages = {
        "PyTorch": "torch",
        "ONNX Runtime": "onnxruntime",
        "LiteRT": "ai-edge-litert",
        "scikit-learn": "scikit-learn",
        "LightGBM": "lightgbm",
    }
    versions = ", ".join(f"{name} {version(package)}" for name, package in packages.items())
    turns = f"{about['runs']} turns of about {about['turn']} s, from which the time of 100,000 samples follows"
    samples = f"{about['runs']} turns of all 100,000 samples" if about["full"] else turns
    passes = "" if about["full"] else f", from {about['passes']} passes of which the time of ten follows"
    return (
        f"Measured {_when(results)}, one thread, Python {platform.python_version()}, {versions}. "
        f"Medians: of inference of {samples}; of retraining of {about['retrainings']} turns{passes}. "
        f"`headwise identify`: the largest memory and the least time of {about['retrainings']} runs.\n"
    )


def _when(results: Results) -> str:
    """Return days and processors of what was measured."""
    days, processors = ({found[name] for found in results.values()} for name in ("day", "processor"))
    return f"on {', '.join(sorted(days))} with {', '.join(sorted(processors))}"


def _ratios(results: Results) -> list[str]:
    rows = []
    for key, found in results.items():
        home, family, group = key.split("/")
        if family in NETWORKS and group == "all-device":
            rows.append([home, f"`{family}`", *_reached(family, found)])
    heading = [
        "home",
        "family",
        "3 frozen and cached against unfrozen",
        "best at the edge against PyTorch, batch 1",
        "LiteRT against PyTorch, batch 1",
    ]
    return ["## Ratios", "", *_table(heading, rows), ""]


def _reached(family: str, found: Results) -> list[str]:
    retrained = found["retraining"]["retrain_s"]
    of = {name: each["infer_s"]["1"] for name, each in found["runtimes"].items()}
    cached = _judged(ratio(retrained["0 plain"], retrained["3 cache"]), 8 if family in ("lstm", "conv1d") else None)
    edge = max(ratio(of["trained"], of[name]) for name in ("onnx", "litert") if name in of)
    litert = _judged(ratio(of["trained"], of["litert"]), 10 if family in ("fc", "conv1d") else None) if "litert" in of else "not exported"
    return [cached, _judged(edge, 5), litert]


def _judged(ratio: float, least: int | None) -> str:
    if least is None:
        return f"{ratio:.1f}"
    return f"{ratio:.1f} (at least {least}: {'met' if ratio >= least else '**missed**'})"


def _retraining(results: Results) -> list[str]:
    lines = ["## Training and retraining", "", "Processor seconds, in-process. Networks: ten passes over all rows; trees: fitted anew.", ""]
    rows = []
    for key, found in results.items():
        home, family, group = key.split("/")
        taken = found["retraining"]["retrain_s"]
        cells = [f"{statistics.median(taken[name]):.2f}" if name in taken else "" for name in SETTINGS]
        rows.append([home, f"`{family}`", group, str(found["rows"]), str(found["classes"]), _seconds(found["train_s"]), *cells])
    heading = ["home", "family", "group", "rows", "classes", "trained anew", *SETTINGS.values()]
    return [*lines, *_table(heading, rows), "", "![Retraining](models-retraining.svg)", ""]


def _inference(results: Results) -> list[str]:
    lines = ["## Inference", "", "Processor seconds for 100,000 samples, in-process, by runtime and rows at a time.", ""]
    rows = []
    for key, found in results.items():
        home, family, group = key.split("/")
        cells = [
            f"{statistics.median(found['runtimes'][name]['infer_s'][batch]):.2f}" if name in found["runtimes"] else ""
            for name in RUNTIMES
            for batch in ("1", "256")
        ]
        rows.append([home, f"`{family}`", group, *cells])
    heading = ["home", "family", "group", *(f"{name}, {batch}" for name in RUNTIMES.values() for batch in ("1", "256"))]
    return [*lines, *_table(heading, rows), "", "![Inference](models-inference.svg)", ""]


def _memory(results: Results) -> list[str]:
    lines = [
        "## Size, memory and start",
        "",
        "Of a whole process that imports, loads and names 256 rows at a time: processor seconds of starting and importing, of loading",
        "after that, and the largest memory. *Held* is what a loaded model adds in the runtime that is its default, ready for",
        "one row; forests and boosted trees are to stay under 40 MB. Last is `headwise identify` on a day's capture, whole, to stay",
        "under 100 MB.",
        "",
    ]
    rows = []
    for key, found in results.items():
        home, family, group = key.split("/")
        cells = [*(_process(found["runtimes"].get(name)) for name in RUNTIMES), _held(family, found["runtimes"])]
        sizes = [f"{found['file_bytes'] / MB:.1f}", f"{found['graph_bytes'] / MB:.2f}"]
        rows.append([home, f"`{family}`", group, *sizes, *cells, *_identify(found["identify"])])
    heading = ["home", "family", "group", "model file, MB", "ONNX graphs, MB", *RUNTIMES.values(), "held", "identify: memory", "time"]
    return [*lines, *_table(heading, rows), ""]


def _identify(named: dict[str, float]) -> list[str]:
    peak = named["peak"] / MB
    return [f"{peak:.0f} MB ({'met' if peak < 100 else '**missed**'})", f"{named['cpu_s']:.1f} s"]


def _held(family: str, runtimes: Results) -> str:
    held = runtimes["core" if "core" in runtimes else "onnx"]["model_bytes"] / MB
    verdict = f" (under 40: {'met' if held < 40 else '**missed**'})" if family in FORESTS else ""
    return f"{held:.0f} MB{verdict}"


def _agreement(results: Results) -> list[str]:
    lines = [
        "## What LiteRT answers",
        "",
        "Beside ONNX Runtime, on windows that the model remembers and on made-up ones of all magnitudes: share of the same labels, and the",
        "largest difference of a probability.",
        "",
    ]
    rows = []
    for key, found in results.items():
        if "agreement" in found:
            home, family, group = key.split("/")
            told = (found["agreement"][name] for name in ("litert", "litert-int8"))
            rows.append([home, f"`{family}`", group, *(f"{each['labels']:.1%}, {each['difference']:.1g}" for each in told)])
    return [*lines, *_table(["home", "family", "group", RUNTIMES["litert"], RUNTIMES["litert-int8"]], rows), ""] if rows else []


def _process(told: dict[str, Any] | None) -> str:
    return f"{told['import_s']:.2f} s, {told['load_s']:.2f} s, {told['peak'] / MB:.0f} MB" if told else ""


def _figures(results: Results) -> dict[str, Bars]:
    cells = {key: found for key, found in results.items() if key.endswith("/all-device")}
    names = [" ".join(key.split("/")[:2]) for key in cells]
    networks = [(name, found) for name, key, found in zip(names, cells, cells.values(), strict=True) if key.split("/")[1] in NETWORKS]
    retraining = [[_median(found["retraining"]["retrain_s"].get(setting)) for setting in SETTINGS] for _, found in networks]
    inference = [[_median(found["runtimes"].get(name, {}).get("infer_s", {}).get("1")) for name in RUNTIMES] for found in cells.values()]
    return {
        "models-retraining": Bars("Retraining, ten passes, seconds", [name for name, _ in networks], list(SETTINGS.values()), retraining),
        "models-inference": Bars("Naming 100,000 windows one at a time, seconds", names, list(RUNTIMES.values()), inference),
    }


def _seconds(taken: float | None) -> str:
    return "" if taken is None else f"{taken:.1f}"


def _median(taken: list[float] | None) -> float | None:
    return statistics.median(taken) if taken else None


def _table(heading: list[str], rows: list[list[str]]) -> list[str]:
    return ["| " + " | ".join(cells) + " |" for cells in (heading, ["---"] * len(heading), *rows)]
