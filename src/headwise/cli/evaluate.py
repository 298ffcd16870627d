"""`headwise evaluate`: score a model on labelled captures."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from headwise.cli.runtimes import add_runtime, load
from headwise.cli.testbeds import add_testbeds, load_windows, selection_of

if TYPE_CHECKING:
    from headwise.models import Evaluation, Scores

SUMMARY = "score a model on labelled captures it was not trained on"
EXAMPLES = """\
  headwise evaluate home.headwise home --from 2026-01-03
  headwise evaluate week.headwise stevens-2019 --from 2019-07-06 --json
  headwise evaluate setups.headwise aalto-2016 --from 2016-09-01 --confusion
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("model", metavar="MODEL", type=Path, help="model file; it says how windows are cut")
    add_testbeds(parser)
    add_runtime(parser)
    parser.add_argument("--confusion", action="store_true", help="print the confusion matrices too")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Load the model, read the test-beds, print scores per window and per device."""
    from headwise.cli.failures import say
    from headwise.cli.output import write_json
    from headwise.models import evaluate
    from headwise.testbeds import read_testbeds
    from headwise.windows import FEATURE_SETS

    model = load(arguments.model, arguments, FEATURE_SETS)
    selection = selection_of(arguments, others=True)
    windows = load_windows(read_testbeds(arguments.testbeds), model.manifest.length, model.manifest.sequence, selection)
    found = evaluate(model, windows)
    for warning in found.warnings:
        say("headwise evaluate", warning)
    if arguments.json:
        write_json(found.to_json())
    else:
        _print(found, confusion=arguments.confusion)
    return 0


def _print(found: Evaluation, *, confusion: bool) -> None:
    from headwise.cli.output import write_table

    rows = [_summary("window", found.window), _summary("device", found.device)]
    headings = ("per", "count", "macro-F1", "weighted F1", "balanced accuracy", "accuracy")
    write_table(headings, rows, right=headings[1:])
    print()
    _print_classes(found.window)
    if confusion:
        for scores in (found.window, found.device):
            print()
            _print_confusion(scores)
    if found.strangers:
        print()
        write_table(
            ("not in the model", "product", "windows", "called"),
            [(each.unit, each.product, each.windows, each.called.label) for each in found.strangers],
            right=("windows",),
        )


def _summary(name: str, scores: Scores) -> tuple[object, ...]:
    averages = (scores.macro_f1, scores.weighted_f1, scores.balanced_accuracy, scores.accuracy)
    return (name, scores.count, *(f"{value:.4f}" for value in averages))


def _print_classes(scores: Scores) -> None:
    from headwise.cli.output import write_table

    headings = ("class", "precision", "recall", "F1", "windows")
    scored = ((label, (each.precision, each.recall, each.f1), each.support) for label, each in scores.classes.items())
    rows = [(label, *(f"{value:.4f}" for value in values), support) for label, values, support in scored]
    write_table(headings, rows, right=headings[1:])


def _print_confusion(scores: Scores) -> None:
    from headwise.cli.output import write_table

    headings = ("truth \\ called", *scores.labels)
    rows = [(label, *(count or "." for count in row)) for label, row in zip(scores.labels, scores.confusion.tolist(), strict=True)]
    write_table(headings, rows, right=headings[1:])
