"""Who is who in a test-bed: `devices.csv`, one row a MAC."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from headwise.errors import InputError
from headwise.testbeds.rows import Row, read_rows

FILE = "devices.csv"
COLUMNS = ("mac", "device", "model", "category")

# Known, so that they are mistaken for nothing else, but not products to learn.
NOT_CLASSES = frozenset({"router", "computer"})
UNKNOWN = "unknown"

_MAC = re.compile(r"[0-9a-f]{2}(?:([:-])[0-9a-f]{2}(?:\1[0-9a-f]{2}){4})|[0-9a-f]{12}")
_GROUP_BIT = 1 << 40


@dataclass(frozen=True)
class Unit:
    """One physical device, as one of its MACs shows it.

    Attributes
    ----------
    mac : int
        48 bits.
    testbed : str
        Name of the folder.
    name : str
        The unit; two MACs of one unit bear the same.
    product, category : str
        What it is; the labels of the two kinds of model.
    """

    mac: int
    testbed: str
    name: str
    product: str
    category: str

    @property
    def is_class(self) -> bool:
        """Whether its product is something to learn: not a router or a computer."""
        return self.category not in NOT_CLASSES


def read_units(folder: Path) -> list[Unit]:
    """Read the devices of a test-bed, in the order of the table.

    Raises
    ------
    InputError
        With file, row and column, where the table is missing or wrong.
    """
    table = folder / FILE
    rows = read_rows(table, COLUMNS)
    if not rows:
        raise InputError("names no device", where=str(table), do="add a row for each device")
    units: list[Unit] = []
    for row in rows:
        unit = _unit(folder, row)
        _check_agreement(unit, units, row)
        units.append(unit)
    return units


def parse_mac(text: str) -> int | None:
    """Return a MAC written as ``aa:bb:cc:dd:ee:ff``, with dashes or nothing between, as 48 bits; None for other text."""
    lowered = text.lower()
    return int(re.sub("[:-]", "", lowered), 16) if _MAC.fullmatch(lowered) else None


def _unit(folder: Path, row: Row) -> Unit:
    mac = parse_mac(row.text("mac"))
    if mac is None:
        raise row.error("mac", f"is no MAC: '{row.text('mac')}'", "write it as aa:bb:cc:dd:ee:ff")
    if mac == 0 or mac & _GROUP_BIT:
        raise row.error("mac", f"is no device's own: '{row.text('mac')}' is zero or a group address", "write the device's own MAC")
    names = {column: row.text(column) for column in COLUMNS[1:]}
    for column in ("model", "category"):
        if names[column] == UNKNOWN:
            raise row.error(column, f"is '{UNKNOWN}', which stands for what no model knows", "leave the row out")
    return Unit(mac, folder.resolve().name, names["device"], names["model"], names["category"])


def _check_agreement(unit: Unit, earlier: list[Unit], row: Row) -> None:
    for other in earlier:
        if other.mac == unit.mac:
            raise row.error("mac", f"is there twice: also of '{other.name}'", "keep one row a MAC")
        if other.name == unit.name and other.product != unit.product:
            raise row.error("model", f"is '{unit.product}', but '{other.product}' in another row of '{unit.name}'")
        if other.product == unit.product and other.category != unit.category:
            raise row.error("category", f"is '{unit.category}', but '{other.category}' in another row of '{unit.product}'")
