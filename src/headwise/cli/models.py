"""`headwise models`: what is in a model file."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from headwise.models.inspecting import Availability, Inspected
    from headwise.models.manifest import Manifest

SUMMARY = "say what is in a model file"
EXAMPLES = """\
  headwise models inspect home.headwise
  headwise models inspect home.headwise --json
"""
_FEW = 12
"""Classes that are listed on a line; of more, how many there are."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("action", choices=("inspect",), help="what to do with it: check every member and tell what it holds")
    parser.add_argument("model", metavar="FILE", type=Path, help="model file; nothing in it is run")
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace) -> int:
    """Check the file and print what it holds."""
    from headwise.cli.failures import say
    from headwise.cli.output import write_json
    from headwise.models.inspecting import inspect

    found = inspect(arguments.model)
    if arguments.json:
        write_json({"model": str(arguments.model), **found.to_json()})
    else:
        _print(found)
    for note in found.notes:
        say("headwise models", f"{arguments.model}: {note}")
    return 0


def _print(found: Inspected) -> None:
    from headwise.cli.output import write_table
    from headwise.cli.progress import quantity

    write_table(("", ""), [*_lines(found.manifest), *(("runtime", _runtime(each)) for each in found.runtimes)])
    print()
    write_table(("file", "size"), [(name, quantity(size, "B")) for name, size in found.files.items()], right=("size",))


def _lines(manifest: Manifest) -> Iterator[tuple[str, str]]:
    names = manifest.classes
    yield "family", manifest.family
    yield "group", f"{manifest.group} ({len(manifest.graphs)} graph{'s' if len(manifest.graphs) > 1 else ''})"
    yield f"{len(names)} classes", ", ".join(names[:_FEW]) + (f" and {len(names) - _FEW} more" if len(names) > _FEW else "")
    yield (
        "features",
        f"{len(manifest.features)} of {manifest.feature_set} version {manifest.features_version}, and {manifest.sequence} packets",
    )
    yield "windows", "one capture each" if manifest.length == "capture" else f"{manifest.length:g} s"
    if manifest.label == "device":
        yield (
            "unknown below",
            f"a familiarity of {100 * manifest.familiar_above:.0f} %; by a typical window alone, of {100 * manifest.unknown_below:.0f} %",
        )
    else:
        yield "unknown below", f"{100 * manifest.unknown_below:.0f} %"
    yield from _trained(manifest)
    yield "made with", ", ".join(f"{name} {version}" for name, version in manifest.libraries.items())


def _trained(manifest: Manifest) -> Iterator[tuple[str, str]]:
    # The manifest is from elsewhere: what is not as we write it is not shown.
    training = manifest.training
    if isinstance(days := training.get("days"), list) and days:
        yield "trained on", f"{len(days)} days, {days[0]} to {days[-1]}"
    if isinstance(units := training.get("units"), list):
        yield "units", f"{len(units)}: {', '.join(map(str, units[:_FEW]))}"
    if isinstance(windows := training.get("windows"), dict):
        yield "training windows", str(sum(count for count in windows.values() if isinstance(count, int)))
    if isinstance(times := training.get("retrained"), list):
        yield "retrained", f"{len(times)} times"
    for name, where in (("days_set_aside", "on days set aside"), ("other_places", "in other places")):
        if isinstance(scores := manifest.scores.get(name), dict) and scores:
            yield where, ", ".join(f"{each} {value}" for each, value in scores.items())


def _runtime(each: Availability) -> str:
    if not each.held:
        return f"{each.name}: not in the file"
    return f"{each.name}: ready" if each.installed else f"{each.name}: in the file, not installed here"
