"""Who is who in a test-bed."""

from __future__ import annotations

from pathlib import Path

import pytest

from headwise.errors import InputError
from headwise.testbeds.units import read_units

HEADING = "mac,device,model,category,notes\n"
HUB = "00:21:cc:4d:ce:8c,hub,wink-hub-2,hub,wired\n"


def units(folder: Path, rows: str) -> list[tuple[int, str, str, str, bool]]:
    """Read a table of these rows."""
    (folder / "devices.csv").write_text(HEADING + rows)
    return [(unit.mac, unit.name, unit.product, unit.category, unit.is_class) for unit in read_units(folder)]


def test_two_macs_can_be_one_unit(tmp_path: Path) -> None:
    """A hub with a wired and a wireless MAC is one unit; routers and computers are known but are no classes."""
    rows = HUB + "DC-EF-CA-22-B8-FF,hub,wink-hub-2,hub,\n020000000001,gateway,router,router\n020000000002,phone,phone,computer\n"
    assert units(tmp_path, rows) == [
        (0x0021CC4DCE8C, "hub", "wink-hub-2", "hub", True),
        (0xDCEFCA22B8FF, "hub", "wink-hub-2", "hub", True),
        (0x020000000001, "gateway", "router", "router", False),
        (0x020000000002, "phone", "phone", "computer", False),
    ]


@pytest.mark.parametrize(
    ("row", "what"),
    [
        (HUB, "'mac' is there twice: also of 'hub'"),
        ("00:21:cc:4d:ce:8,plug,plug,appliance,\n", "'mac' is no MAC: '00:21:cc:4d:ce:8'"),
        ("01:00:5e:00:00:01,plug,plug,appliance,\n", "a group address"),
        ("00:00:00:00:00:00,plug,plug,appliance,\n", "zero or a group"),
        ("02:00:00:00:00:01,plug,unknown,appliance,\n", "'model' is 'unknown'"),
        ("02:00:00:00:00:01,,plug,appliance,\n", "'device' is empty"),
        ("02:00:00:00:00:01,hub,other,hub,\n", "'model' is 'other', but 'wink-hub-2' in another row of 'hub'"),
        ("02:00:00:00:00:01,hub-2,wink-hub-2,audio,\n", "'category' is 'audio', but 'hub' in another row of 'wink-hub-2'"),
    ],
)
def test_a_contradiction_is_told_with_row_and_column(tmp_path: Path, row: str, what: str) -> None:
    """Rows that cannot be right, alone or together, are refused with their place."""
    with pytest.raises(InputError) as caught:
        units(tmp_path, HUB + row)
    assert caught.value.where.endswith("devices.csv, row 3")
    assert what in caught.value.what


def test_a_table_without_devices_is_refused(tmp_path: Path) -> None:
    """A heading alone names no device."""
    with pytest.raises(InputError, match="names no device"):
        units(tmp_path, "")


def test_every_test_bed_is_read(data: Path) -> None:
    """Each of the labelled folders has a table that holds, and classes to learn."""
    products = {
        folder.parent.name: len({unit.product for unit in read_units(folder.parent) if unit.is_class})
        for folder in data.glob("*/devices.csv")
    }
    assert products["stevens-2019"] == 7
    assert products["aalto-2016"] == 25
    assert all(products.values())
