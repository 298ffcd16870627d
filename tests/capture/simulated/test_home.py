"""A simulated home holds together."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from headwise.capture.simulated import Home, Plan, write
from headwise.capture.simulated.house import DAY, link_local
from headwise.capture.simulated.products import PRODUCTS
from headwise.capture.simulated.scripts import FIN, SYN, Script
from headwise.devices import Attribution
from headwise.headers import HeaderReader

START = 1767225600 * 10**9
CATEGORIES = {"surveillance", "media", "audio", "hub", "appliance", "home-automation"}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a home of nine devices and two days."""
    folder = tmp_path_factory.mktemp("home")
    write(Plan(devices=9, days=2, seed=1), folder)
    return folder


def test_nine_devices_are_of_all_six_categories() -> None:
    """The default home has a product of every category, and there are at least twelve products."""
    assert {product.category for product in PRODUCTS[:9]} == CATEGORIES
    assert len({product.name for product in PRODUCTS}) == len(PRODUCTS) >= 12


def test_more_devices_than_products_are_units_of_the_same_ones() -> None:
    """Units beyond the products begin anew, each with a name, a MAC and an address of its own."""
    home = Home(3 * len(PRODUCTS), START, 1)
    units = [inhabitant.unit for inhabitant in home.inhabitants]
    assert sum(inhabitant.product.name == "smart-plug" for inhabitant in home.inhabitants) == 3
    for attribute in ("name", "mac", "ip4", "ip6"):
        assert len({getattr(unit, attribute) for unit in units}) == len(units)


def test_every_device_speaks_through_the_whole_day() -> None:
    """Each unit sends something in nearly every ten minutes, so that windows are there to learn from."""
    home = Home(len(PRODUCTS), START, 4)
    (day,) = home.days(1)
    slot = (day.packets["time"] - START) // (600 * 10**9)
    for inhabitant in home.inhabitants[: len(PRODUCTS)]:
        assert len(np.unique(slot[day.packets["source_mac"] == inhabitant.unit.mac])) > 130, inhabitant.unit.name


def test_days_join_without_a_seam() -> None:
    """Packets lie inside their day and in order; conversations go on over midnight and begin on the one before."""
    home = Home(3, START, 5)
    for number, day in enumerate(home.days(2)):
        time = day.packets["time"]
        assert (np.diff(time) >= 0).all()
        assert START + number * DAY <= time[0] < time[-1] < START + (number + 1) * DAY
        hours = np.bincount((time - START - number * DAY) // (3600 * 10**9), minlength=24)
        assert hours.min() > 0.2 * np.median(hours)


def test_connections_of_a_stream_keep_their_numbers() -> None:
    """A script's acknowledgments name what was sent, and both sides end with all bytes acknowledged."""
    steps = Script(0.02, segment=1000).tls(500, 3500).exchange(100, 25000).close().steps()
    sent = {True: 0, False: 0}
    for outward, flags, length, sequence, acknowledgment in zip(
        steps.outward.tolist(),
        steps.flags.tolist(),
        steps.length.tolist(),
        steps.sequence.tolist(),
        steps.acknowledgment.tolist(),
        strict=True,
    ):
        assert sequence == sent[outward]
        assert acknowledgment <= sent[not outward]
        sent[outward] += length + bool(flags & (SYN | FIN))
    last = {outward: steps.acknowledgment[steps.outward == outward][-1] for outward in (True, False)}
    assert last[True] == sent[False]
    assert last[False] == sent[True] or steps.flags[-1] & FIN == 0
    assert (np.diff(steps.delay) >= 0).all()


def test_the_library_knows_the_home_s_devices(written: Path) -> None:
    """Attribution finds each MAC of `devices.csv` and no other, knows the router, and gives each device its addresses."""
    attribution = Attribution()
    for batch in HeaderReader(list(written.glob("captures/*"))):
        attribution.update(batch)
    with (written / "devices.csv").open() as table:
        listed = {row["mac"]: row for row in csv.DictReader(table)}
    found = {device.mac.to_bytes(6, "big").hex(":"): device for device in attribution.devices}
    assert set(found) == set(listed)
    assert [listed[mac]["device"] for mac, device in found.items() if device.role == "router"] == ["router"]
    assert [listed[mac]["device"] for mac, device in found.items() if device.random] == ["phone"]
    speaker = next(device for mac, device in found.items() if listed[mac]["device"] == "smart-speaker")
    assert {address.address.version for address in speaker.addresses} == {4, 6}
    assert {row["category"] for row in listed.values()} == CATEGORIES | {"router", "computer"}


def test_interactions_name_devices_and_lie_in_the_days(written: Path) -> None:
    """Each interaction is of a listed device and begins in the days of the captures."""
    with (written / "interactions.csv").open() as table:
        rows = list(csv.DictReader(table))
    assert len(rows) > 50
    assert {row["device"] for row in rows} <= {row.split(",")[1] for row in (written / "devices.csv").read_text().splitlines()}
    assert all("2025-12-31T23:59" < row["start_utc"] < "2026-01-03" and row["start_utc"] < row["end_utc"] for row in rows)


@pytest.mark.parametrize(("mac", "address"), [(0x0017882476FF, "fe80::217:88ff:fe24:76ff"), (0x020000000001, "fe80::0:0ff:fe00:1")])
def test_link_local_addresses_are_made_from_macs(mac: int, address: str) -> None:
    """The universal bit is flipped and ff:fe put in the middle, as RFC 4291 says."""
    assert link_local(mac) == address
