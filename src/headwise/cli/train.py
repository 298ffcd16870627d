"""`headwise train`: labelled captures to a model file."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from headwise.cli.testbeds import add_testbeds, load_windows, selection_of, window_length
from headwise.cli.training import check_folder, jobs, origin, replay, seed

if TYPE_CHECKING:
    from headwise.models import Trained
    from headwise.testbeds import Length

SUMMARY = "train a model on labelled captures"
EXAMPLES = """\
  headwise train home -o home.headwise
  headwise train stevens-2019 --until 2019-07-06 -o week.headwise
  headwise train lab-1 lab-2 --label category --family dtc -o kinds.headwise
  headwise train aalto-2016 --length capture --until 2016-09-01 -o setups.headwise
  headwise train stevens-2019 --features kolcun2020 --family lstm --shape published --until 2019-07-06 -o published.headwise
"""
# Written out, since the help shows them and must not wait for NumPy.
GROUP_NAMES = ("all-device", "per-device", "all-category", "per-category")
FEATURE_SETS = ("headwise", "kolcun2020")
SHAPES = ("product", "published")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    from headwise.models.families import names

    add_testbeds(parser)
    parser.add_argument("-o", "--output", metavar="MODEL", type=Path, required=True, help="model file to write")
    parser.add_argument("--family", choices=names(), default="etc", help="kind of model (etc)")
    parser.add_argument("--label", choices=("device", "category"), help="what to name: products or categories (device)")
    parser.add_argument("--group", choices=GROUP_NAMES, help="one model for all classes or one for each (all-device)")
    parser.add_argument(
        "--features",
        choices=FEATURE_SETS,
        default="headwise",
        help="what is learned from: kolcun2020 is flows of published work (headwise)",
    )
    parser.add_argument("--shape", choices=SHAPES, help="layers of a network: ours, or those of published work (product)")
    parser.add_argument(
        "--length", metavar="SECONDS", type=window_length, default=600.0, help="of a window, or 'capture': one a file (600)"
    )
    parser.add_argument(
        "--replay", metavar="N", type=replay, default=40, help="windows of each product kept in the model for retraining, 0 for none (40)"
    )
    parser.add_argument("--seed", metavar="N", type=seed, default=0, help="chance: the same arguments give the same file (0)")
    parser.add_argument("--jobs", metavar="N", type=jobs, help="threads, where the family has them (as many as processors)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Train, write the model file, say how right it was on training days set aside."""
    from headwise.cli.output import write_json
    from headwise.cli.progress import share_done
    from headwise.models import choose_group, sequence_of, train
    from headwise.testbeds import read_testbeds

    check_folder(arguments.output)
    group = choose_group(arguments.group, arguments.label)
    selection = selection_of(arguments, others=False)
    parameters = _parameters(arguments)
    testbeds = read_testbeds(arguments.testbeds)
    length: Length = "flow" if arguments.features == "kolcun2020" else arguments.length
    windows = load_windows(testbeds, length, parameters.get("sequence_length", sequence_of(arguments.family)), selection)
    with share_done("training") as tell:
        trained = train(
            windows,
            family_name=arguments.family,
            group=group,
            seed=arguments.seed,
            jobs=arguments.jobs,
            replay=arguments.replay,
            parameters=parameters,
            training=origin(testbeds, selection, arguments),
            tell=tell,
        )
    trained.save(arguments.output)
    if arguments.json:
        write_json({"model": str(arguments.output), **_summary(trained)})
    else:
        print(_sentence(arguments.output, trained))
    return 0


def _parameters(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return parameters of the family: neither flows nor the published layers have a sequence of packets."""
    from headwise.errors import InputError
    from headwise.models import sequence_of

    network = sequence_of(arguments.family) > 0
    if arguments.shape and not network:
        raise InputError(f"family {arguments.family} has no layers", where="--shape", do="leave it out, or choose a network")
    parameters: dict[str, Any] = {"shape": arguments.shape} if arguments.shape else {}
    if network and (arguments.shape == "published" or arguments.features != "headwise"):
        parameters["sequence_length"] = 0
    return parameters


def _summary(trained: Trained) -> dict[str, Any]:
    manifest = trained.manifest
    return {
        "family": manifest.family,
        "group": manifest.group,
        "label": manifest.label,
        "length": manifest.length,
        "classes": list(manifest.classes),
        "windows": sum(manifest.training["windows"].values()),
        "days": manifest.training["days"],
        "days_set_aside": manifest.scores["days_set_aside"],
        "unknown_below": manifest.unknown_below,
    }


def _sentence(path: Path, trained: Trained) -> str:
    summary = _summary(trained)
    days = len(summary["days"])
    said = f"{path}: {summary['family']}, {len(summary['classes'])} classes, {summary['windows']} windows of {days} day{'s' * (days > 1)}"
    scores = summary["days_set_aside"]
    return f"{said}; macro-F1 {scores['macro_f1']:.3f} on training days set aside" if "macro_f1" in scores else said
