"""The command that measures the table of accuracy."""

from __future__ import annotations

import argparse
import datetime
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from headwise.errors import HeadwiseError, InputError
from headwise.study.accuracy import report
from headwise.study.accuracy.effort import FULL, QUICK, Effort
from headwise.study.accuracy.figures import draw
from headwise.study.accuracy.kept import Kept, Measured, read_kept
from headwise.study.accuracy.registry import Part, chosen
from headwise.windows import FEATURES_VERSION

RESULTS = "accuracy.json"


def main(arguments: Sequence[str], *, data: Path, docs: Path) -> int:
    """Measure rows and print them; with ``--write`` put them into the documents.

    Parameters
    ----------
    arguments : sequence of str
        Of the command line.
    data, docs : Path
        Folders of the test-beds, by default, and of the documents.

    Returns
    -------
    int
        Exit code.
    """
    options = _parser(data).parse_args(arguments)
    try:
        if options.quick and options.write:
            raise InputError("measures too little to be written down", where="--quick", do="leave out --quick or --write")
        kept = read_kept(docs / RESULTS, FEATURES_VERSION) if options.write else Kept(FEATURES_VERSION)
        effort = replace(QUICK if options.quick else FULL, jobs=options.jobs)
        for part in chosen(options.rows):
            kept = _measure(kept, part, options.data, effort)
            if options.write:
                write(kept, docs)
    except HeadwiseError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    print("\n".join(report.render(kept)))
    return 0


def write(kept: Kept, docs: Path) -> None:
    """Put what was measured into the documents."""
    kept.write(docs / RESULTS)
    draw(kept.rows(), docs / "figures")
    report.write(docs / "accuracy.md", kept)


def _measure(kept: Kept, part: Part, data: Path, effort: Effort) -> Kept:
    began = time.monotonic(), time.process_time()
    rows = part.rows(data, _tell, effort)
    took = time.monotonic() - began[0], time.process_time() - began[1]
    _tell(f"{part.module}: {len(rows)} rows in {took[0]:.0f} s, {took[1]:.0f} s of computing")
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    return kept.with_part(part.module, Measured(today, tuple(rows))) if rows else kept


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _parser(data: Path) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="accuracy", description="Train and score on labelled captures, ordered by time.")
    parser.add_argument("--data", type=Path, default=data, help="folder of the test-beds; those that are missing are left out")
    parser.add_argument("--rows", metavar="LIST", help="rows of the table to measure, as 8,9 or features; all by default")
    parser.add_argument("--quick", action="store_true", help="one seed and few start days: to see that it works")
    parser.add_argument("--jobs", type=int, default=1, help="threads of a training (default: 1)")
    parser.add_argument("--write", action="store_true", help="put the rows into docs/accuracy.md, its figures and docs/accuracy.json")
    return parser
