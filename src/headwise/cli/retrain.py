"""`headwise retrain`: a model file and new captures to a model that knows both."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from headwise.cli.testbeds import add_testbeds, load_windows, selection_of
from headwise.cli.training import check_folder, epochs, jobs, origin, replay, seed

if TYPE_CHECKING:
    from headwise.models import Trained

SUMMARY = "teach a model what it does not know yet"
EXAMPLES = """\
  headwise retrain home.headwise home --from 2026-01-03 --freeze 2
  headwise retrain week.headwise new-devices -o with-new-devices.headwise
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("model", metavar="MODEL", type=Path, help="model file; it says how windows are cut")
    add_testbeds(parser)
    parser.add_argument("-o", "--output", metavar="MODEL", type=Path, help="model file to write (the one that was given)")
    parser.add_argument("--freeze", type=int, choices=range(4), default=0, help="first layers of a network that stay as they are (0)")
    parser.add_argument("--epochs", metavar="N", type=epochs, default=10, help="most passes of a network over the windows (10)")
    parser.add_argument(
        "--replay", metavar="N", type=replay, default=40, help="windows of each product kept in the model for the next time (40)"
    )
    parser.add_argument("--seed", metavar="N", type=seed, help="chance (the one that the model was trained with)")
    parser.add_argument("--jobs", metavar="N", type=jobs, help="threads, where the family has them (as many as processors)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Retrain, write the model file whole or not at all, say how right it was on what was set aside."""
    from headwise.cli.failures import say
    from headwise.cli.output import write_json
    from headwise.cli.progress import share_done
    from headwise.models import How, read_trainable, retrain
    from headwise.testbeds import read_testbeds

    output = arguments.output or arguments.model
    check_folder(output)
    model = read_trainable(arguments.model)
    selection = selection_of(arguments, others=False)
    testbeds = read_testbeds(arguments.testbeds)
    windows = load_windows(testbeds, model.manifest.length, model.manifest.sequence, selection)
    how = How(arguments.freeze, arguments.epochs, replay=arguments.replay, seed=arguments.seed, jobs=arguments.jobs)
    with share_done("retraining") as tell:
        trained = retrain(model, windows, how, training=origin(testbeds, selection, arguments), tell=tell)
    trained.save(output)
    for note in trained.notes:
        say("headwise retrain", note)
    new = sorted(set(trained.manifest.classes) - set(model.manifest.classes))
    if arguments.json:
        write_json({"model": str(output), "new_classes": new, **_summary(trained)})
    else:
        print(_sentence(output, new, trained))
    return 0


def _summary(trained: Trained) -> dict[str, Any]:
    manifest, this = trained.manifest, trained.manifest.training["retrained"][-1]
    return {
        "family": manifest.family,
        "group": manifest.group,
        "label": manifest.label,
        "classes": list(manifest.classes),
        "windows": sum(this["windows"].values()),
        "replayed": this["replayed"],
        "days": this["days"],
        "freeze": this["freeze"],
        "epochs": this["epochs"],
        "days_set_aside": manifest.scores["days_set_aside"],
        "unknown_below": manifest.unknown_below,
        "notes": list(trained.notes),
    }


def _sentence(path: Path, new: list[str], trained: Trained) -> str:
    summary = _summary(trained)
    learned = f"{summary['windows']} new windows and {summary['replayed']} that it remembered"
    said = f"{path}: {summary['family']}, {len(summary['classes'])} classes ({len(new)} new), {learned}"
    scores = summary["days_set_aside"]
    return f"{said}; macro-F1 {scores['macro_f1']:.3f} on what was set aside" if "macro_f1" in scores else said
