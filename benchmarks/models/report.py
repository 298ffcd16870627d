"""What was measured as a page with tables and figures."""

from __future__ import annotations

import datetime
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.models.figures import Bars, draw

BEGIN, END = "<!-- measured -->\n", "<!-- end: measured -->\n"
NETWORKS = ("fc", "lstm", "conv1d")
FORESTS = ("rfc", "etc", "lgbm")
RUNTIMES = {"trained": "PyTorch, scikit-learn, LightGBM", "onnx": "ONNX Runtime", "litert": "LiteRT", "litert-int8": "LiteRT int8"}
SETTINGS = {
    "0 cache": "0 frozen",
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
    """Write tables and figures into a folder, and return the text."""
    lines = [_head(about), *_ratios(results), *_retraining(results), *_inference(results), *_memory(results)]
    text = "\n".join(lines) + "\n"
    for name, bars in _figures(results).items():
        (folder / f"{name}.svg").write_text(draw(bars))
    page = folder / "models-cost.md"
    before, _, rest = page.read_text().partition(BEGIN) if page.exists() else ("", "", END)
    page.write_text(before + BEGIN + "\n" + text + "\n" + END + rest.partition(END)[2])
    return text


def _head(about: dict[str, Any]) -> str:
    packages = {
        "PyTorch": "torch",
        "ONNX Runtime": "onnxruntime",
        "LiteRT": "ai-edge-litert",
        "scikit-learn": "scikit-learn",
        "LightGBM": "lightgbm",
    }
    versions = ", ".join(f"{name} {version(package)}" for name, package in packages.items())
    samples = "all 100,000 samples run" if about["full"] else "the time of 100,000 samples follows from runs of about 0.4 s"
    return (
        f"Measured on {datetime.date.today():%Y-%m-%d}: {_processor()}, one thread, Python {platform.python_version()}, {versions}; "
        f"medians of {about['runs']} runs of inference and of {about['retrainings']} of retraining (groups of one model a class: 1); "
        f"{samples}.\n"
    )


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
    edge = min(of[name] for name in ("onnx", "litert") if name in of)
    cached = _judged(retrained["0 cache"] / retrained["3 cache"], 8 if family != "fc" else None)
    litert = _judged(of["trained"] / of["litert"], 10 if family != "lstm" else None) if "litert" in of else "not exported"
    return [cached, _judged(of["trained"] / edge, 5), litert]


def _judged(ratio: float, least: int | None) -> str:
    if least is None:
        return f"{ratio:.1f}"
    return f"{ratio:.1f} (at least {least}: {'met' if ratio >= least else '**missed**'})"


def _retraining(results: Results) -> list[str]:
    lines = ["## Training and retraining", "", "Processor seconds, in-process. Networks: ten passes over all rows; trees: refitted.", ""]
    rows = []
    for key, found in results.items():
        home, family, group = key.split("/")
        taken = found["retraining"]["retrain_s"]
        cells = [f"{taken[name]:.2f}" if name in taken and (name == "0 cache" or family in NETWORKS) else "" for name in SETTINGS]
        rows.append([home, f"`{family}`", group, str(found["rows"]), str(found["classes"]), f"{found['train_s']:.1f}", *cells])
    heading = ["home", "family", "group", "rows", "classes", "trained anew", *SETTINGS.values()]
    return [*lines, *_table(heading, rows), "", "![Retraining](models-retraining.svg)", ""]


def _inference(results: Results) -> list[str]:
    lines = ["## Inference", "", "Processor seconds for 100,000 samples, in-process, by runtime and rows at a time.", ""]
    rows = []
    for key, found in results.items():
        home, family, group = key.split("/")
        cells = [
            f"{found['runtimes'][name]['infer_s'][batch]:.2f}" if name in found["runtimes"] else ""
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
        "after that, and the largest memory. *Held* is what a loaded model adds in ONNX Runtime, ready for",
        "one row; forests and boosted trees are to stay under 40 MB. Last is `headwise identify` on a day's capture, whole, to stay",
        "under 100 MB.",
        "",
    ]
    rows = []
    for key, found in results.items():
        home, family, group = key.split("/")
        cells = [*(_process(found["runtimes"].get(name)) for name in RUNTIMES), _held(family, found["runtimes"]["onnx"])]
        named = found["identify"]["peak"] / MB
        verdict = f"{named:.0f} MB ({'met' if named < 100 else '**missed**'})"
        sizes = [f"{found['file_bytes'] / MB:.1f}", f"{found['graph_bytes'] / MB:.2f}"]
        rows.append([home, f"`{family}`", group, *sizes, *cells, verdict, f"{found['identify']['cpu_s']:.1f} s"])
    heading = ["home", "family", "group", "model file, MB", "ONNX graphs, MB", *RUNTIMES.values(), "held", "identify: memory", "time"]
    return [*lines, *_table(heading, rows), ""]


def _held(family: str, told: dict[str, Any]) -> str:
    held = told["model_bytes"] / MB
    verdict = f" (under 40: {'met' if held < 40 else '**missed**'})" if family in FORESTS else ""
    return f"{held:.0f} MB{verdict}"


def _process(told: dict[str, Any] | None) -> str:
    return f"{told['import_s']:.2f} s, {told['load_s']:.2f} s, {told['peak'] / MB:.0f} MB" if told else ""


def _figures(results: Results) -> dict[str, Bars]:
    cells = {key: found for key, found in results.items() if key.endswith("/all-device")}
    names = [key.removesuffix("/all-device").replace("/", " ") for key in cells]
    networks = [(name, found) for name, found in zip(names, cells.values(), strict=True) if name.split()[-1] in NETWORKS]
    retraining = [[found["retraining"]["retrain_s"].get(setting) for setting in SETTINGS] for _, found in networks]
    inference = [[found["runtimes"].get(name, {}).get("infer_s", {}).get("1") for name in RUNTIMES] for found in cells.values()]
    return {
        "models-retraining": Bars("Retraining, ten passes, seconds", [name for name, _ in networks], list(SETTINGS.values()), retraining),
        "models-inference": Bars("Naming 100,000 windows one at a time, seconds", names, list(RUNTIMES.values()), inference),
    }


def _table(heading: list[str], rows: list[list[str]]) -> list[str]:
    return ["| " + " | ".join(cells) + " |" for cells in (heading, ["---"] * len(heading), *rows)]


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith(("model name", "Model")):
            return line.partition(":")[2].strip()
    return platform.machine()
