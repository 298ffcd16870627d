"""Rows as they are kept beside the document, so that some can be measured anew without the rest."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from headwise.durable import replacing
from headwise.study.accuracy.registry import PARTS
from headwise.study.accuracy.row import Row


@dataclass(frozen=True)
class Measured:
    """The rows of a part, and the day on which they were measured."""

    date: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Kept:
    """What was measured.

    Attributes
    ----------
    features_version : int
        Of the windows.
    parts : mapping of str to Measured
        By the name of the part.
    """

    features_version: int
    parts: Mapping[str, Measured] = field(default_factory=dict)

    def with_part(self, name: str, measured: Measured) -> Kept:
        """Return it with a part measured anew."""
        return replace(self, parts={**self.parts, name: measured})

    def rows(self) -> list[Row]:
        """Return every row in the order of the table."""
        every = [row for part in PARTS if part.module in self.parts for row in self.parts[part.module].rows]
        return sorted(every, key=lambda row: row.number)

    def write(self, path: Path) -> None:
        """Write it, whole or not at all."""
        parts = {name: {"date": each.date, "rows": [row.to_json() for row in each.rows]} for name, each in sorted(self.parts.items())}
        with replacing(path) as file:
            file.write((json.dumps({"features_version": self.features_version, "parts": parts}, indent=1) + "\n").encode())


def read_kept(path: Path, features_version: int) -> Kept:
    """Return what is kept; nothing where there is no file, or where it is of other features: they cannot stand in one table."""
    if not path.is_file():
        return Kept(features_version)
    content = json.loads(path.read_text())
    if content["features_version"] != features_version:
        return Kept(features_version)
    parts = {name: Measured(each["date"], tuple(map(Row.from_json, each["rows"]))) for name, each in content["parts"].items()}
    return Kept(features_version, parts)
