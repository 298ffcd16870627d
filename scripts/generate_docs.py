"""Fill the generated blocks of docs/*.md from the code, or with ``--check`` fail where they differ.

A document holds ``<!-- generated: NAME -->`` and ``<!-- end: NAME -->``, each alone on its line; what stands between them is the
function's that is registered under that name in `BLOCKS`. Everything else in a document is written by people.
"""

from __future__ import annotations

import argparse
import difflib
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parents[1] / "docs"

Block = Callable[[], str]
BLOCKS: dict[str, Block] = {}

_MARKED = re.compile(r"^<!-- generated: (?P<name>\S+) -->\n(?P<text>.*?)^<!-- end: (?P=name) -->$", re.DOTALL | re.MULTILINE)


def block(name: str) -> Callable[[Block], Block]:
    """Register a function as what fills the block of that name."""

    def register(function: Block) -> Block:
        BLOCKS[name] = function
        return function

    return register


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in line) + " |" for line in lines)


@block("commands")
def commands() -> str:
    """Return every command with its arguments and examples."""
    from headwise.cli.commands import COMMANDS

    return "\n\n".join(_command(command.name) for command in COMMANDS)


def _command(name: str) -> str:
    from headwise.cli.commands import COMMANDS

    module = next(command for command in COMMANDS if command.name == name).load()
    parser = argparse.ArgumentParser(prog=f"headwise {name}", add_help=False)
    module.add_arguments(parser)
    actions = [action for action in parser._actions if action.help != argparse.SUPPRESS]
    rows = [(f"`{_invocation(action)}`", action.help or "") for action in actions]
    examples = "\n".join(line.strip() for line in module.EXAMPLES.strip().splitlines())
    summary = module.SUMMARY[:1].upper() + module.SUMMARY[1:]
    return f"## headwise {name}\n\n{summary}.\n\n{table(['argument', 'meaning'], rows)}\n\n```\n{examples}\n```"


def _invocation(action: argparse.Action) -> str:
    # Not argparse's own text, which differs from one Python to the next.
    value = action.metavar if action.metavar is not None else action.dest.upper()
    if action.choices is not None:
        value = "|".join(map(str, action.choices))
    value = " ".join(value) if isinstance(value, tuple) else value
    if not action.option_strings:
        return f"{value}..." if action.nargs in ("+", "*") else value
    many = "..." if action.nargs in ("+", "*") else ""
    return ", ".join(action.option_strings) + ("" if action.nargs == 0 else f" {value}{many}")


@block("exit-codes")
def exit_codes() -> str:
    """Return the exit codes of all commands."""
    from headwise.cli.main import EXIT_CODES

    return table(["exit code", "meaning"], (line.split(maxsplit=1) for line in EXIT_CODES.strip().splitlines()))


@block("header-columns")
def header_columns() -> str:
    """Return the columns of the header table."""
    from headwise.headers.schema import COLUMNS

    rows = ((f"`{c.name}`", c.arrow + (" null" if c.bit is not None else ""), c.unit, f"`{c.source}`") for c in COLUMNS)
    return table(["column", "type", "unit", "source"], rows)


@block("features")
def features() -> str:
    """Return the catalogue of features, group by group."""
    from headwise.windows import FEATURES_VERSION, catalogue

    groups: dict[str, list[Sequence[object]]] = {}
    for feature in catalogue():
        row = (f"`{feature.name}`", feature.unit, feature.direction, feature.meaning, feature.since)
        groups.setdefault(feature.group, []).append(row)
    headings = ["feature", "unit", "direction", "meaning", "since"]
    parts = [f"## {group[:1].upper()}{group[1:]}\n\n{table(headings, rows)}" for group, rows in groups.items()]
    total = sum(map(len, groups.values()))
    return "\n\n".join([f"Version {FEATURES_VERSION} of the catalogue: {total} features.", *parts])


@block("port-classes")
def port_classes() -> str:
    """Return the classes of ports; where two hold a port, the later one has it."""
    from headwise.windows.ports import PORT_CLASSES, ports_of

    return table(["class", "ports"], ((f"`{name}`", ports_of(name)) for name in PORT_CLASSES))


@block("habits")
def habits() -> str:
    """Return what each habit says of the kinds of devices."""
    from headwise.identity.habit_categories import KINDS, TABLE, WORDS

    return table(["habit", *KINDS], ((WORDS[habit], *rates) for habit, rates in TABLE.items()))


@block("packet-kinds")
def packet_kinds() -> str:
    """Return the numbers of the kinds of packet in a sequence."""
    from headwise.windows.table import PACKET_KINDS

    return table(["number", "packet"], enumerate(PACKET_KINDS))


@block("states")
def states() -> str:
    """Return the states of a device."""
    from headwise.identity import STATES

    return table(["state", "meaning"], ((f"*{name}*", meaning) for name, meaning in STATES.items()))


@block("events")
def events() -> str:
    """Return the kinds of event."""
    from headwise.identity import KINDS

    return table(["event", "what happened"], ((f"`{name}`", meaning) for name, meaning in KINDS.items()))


@block("json")
def json_schemas() -> str:
    """Return the JSON Schema of each command's output, with a table of its fields."""
    from headwise.cli.schemas import SCHEMAS

    parts = []
    for command, schema in SCHEMAS.items():
        rows = [(f"`{path}`", kind, meaning) for path, kind, meaning in _fields(schema, "")]
        parts.append(f"## headwise {command}\n\n{table(['field', 'type', 'meaning'], rows)}")
    return "\n\n".join(parts)


@block("watch-json")
def watch_lines() -> str:
    """Return the lines of `headwise watch --json` with their fields; of devices only once."""
    from headwise.cli.live_schemas import EVENTS

    parts = []
    for event, schema in EVENTS.items():
        rows = [(f"`{path}`", kind, meaning) for path, kind, meaning in _fields(schema, "") if not path.startswith("devices[]")]
        parts.append(
            f"### {event}\n\n{schema['description'][:1].upper()}{schema['description'][1:]}.\n\n{table(['field', 'type', 'meaning'], rows)}"
        )
    return "\n\n".join(parts)


def _fields(schema: dict[str, Any], path: str) -> Iterable[tuple[str, str, str]]:
    for name, field in schema.get("properties", {}).items():
        here = f"{path}.{name}".lstrip(".")
        yield here, _kind(field), field["description"]
        yield from _fields(field, here)
        yield from _fields(field.get("items", {}), f"{here}[]")
        more = field.get("additionalProperties")
        if isinstance(more, dict):
            yield from _fields(more, f"{here}.*")


def _kind(field: dict[str, Any]) -> str:
    if "enum" in field:
        return ", ".join(f"`{value}`" for value in field["enum"])
    kinds = field["type"] if isinstance(field["type"], list) else [field["type"]]
    return " or ".join(kinds)


def filled(text: str, where: str) -> str:
    """Return a document with its blocks made anew.

    Raises
    ------
    SystemExit
        Where a block has a name that nothing is registered for.
    """

    def fill(match: re.Match[str]) -> str:
        name = match["name"]
        if name not in BLOCKS:
            raise SystemExit(f"{where}: nothing generates '{name}'; there are {', '.join(sorted(BLOCKS))}")
        return f"<!-- generated: {name} -->\n\n{BLOCKS[name]().strip()}\n\n<!-- end: {name} -->"

    return _MARKED.sub(fill, text)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write or check the documents; return 1 where a check found a difference."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail where a document is not up to date")
    check: bool = parser.parse_args(arguments).check
    stale, used = 0, set[str]()
    for path in sorted(DOCS.glob("*.md")):
        before = path.read_text()
        after = filled(before, path.name)
        used |= {match["name"] for match in _MARKED.finditer(before)}
        if before == after:
            continue
        if check:
            stale += 1
            old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
            sys.stdout.writelines(difflib.unified_diff(old, new, path.name, "generated"))
        else:
            path.write_text(after)
    for name in sorted(BLOCKS.keys() - used):
        print(f"no document has the block '{name}'", file=sys.stderr)
    if stale:
        print("run: make docs", file=sys.stderr)
    return int(stale > 0 or used != BLOCKS.keys())


if __name__ == "__main__":
    sys.exit(main())
