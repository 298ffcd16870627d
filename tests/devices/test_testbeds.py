"""Attribution of real captures: roles, whole accounts, and agreement with the plain twin."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from headwise.devices import Attribution, Direction, parse_mac
from headwise.headers import HeaderBatch, HeaderReader
from tests.devices.packets import mapped, table
from tests.reference.devices import PlainAttribution

ALL = [
    "aalto-2016",
    "boston-2021",
    "floridatech-2021",
    "illinois-2024",
    "london-2019",
    "netherlands-2024",
    "nku-2024",
    "stevens-2019",
    "unsw-2014",
]
COOKED_ROUTER = parse_mac("60:38:e0:12:83:8a")


def listed(testbed: Path) -> dict[int, str]:
    """Return the categories of `devices.csv` by MAC."""
    with (testbed / "devices.csv").open(encoding="utf-8") as file:
        return {parse_mac(row["mac"]): row["category"] for row in csv.DictReader(file)}


def batches(path: Path) -> Iterator[HeaderBatch]:
    """Read a capture or a folder of them."""
    return iter(HeaderReader(path))


@pytest.mark.parametrize("name", ALL)
def test_roles_are_those_of_the_list(data: Path, name: str) -> None:
    """Of the MACs in `devices.csv` the routers that sent something are found, and nothing else is called a router."""
    attribution = Attribution()
    for batch in batches(data / name / "captures"):
        attribution.update(batch)
    roles = {device.mac: device.role for device in attribution.devices}
    categories = listed(data / name)
    known = {mac: role for mac, role in roles.items() if mac in categories}
    assert known == {mac: "router" if categories[mac] == "router" else "device" for mac in known}
    assert "router" in roles.values()
    assert len(known) >= 0.9 * len(categories)
    assert attribution.headers == attribution.attributed == attribution.headers - sum(attribution.unattributed.values())


@pytest.mark.parametrize(
    "capture",
    [
        "illinois-2024/captures/kasa-bulb.pcap.zst",
        "london-2019/captures/blink-hub/2019-04-25-idle.pcap.zst",
        "netherlands-2024/captures/mood-lamp.pcap.zst",
        "unsw-2014/captures/nest/fire-test2.pcap.zst",
        "stevens-2019/captures/belkin-wemo-smart-plug/2019-07-03.pcapng.zst",
        "aalto-2016/captures/philips-hue-bridge",
    ],
)
def test_kernel_is_its_twin_on_captures(data: Path, capture: str) -> None:
    """Kernel and twin attribute real packets alike."""
    kernel, plain = Attribution(), PlainAttribution()
    for batch in batches(data / capture):
        np.testing.assert_array_equal(table(kernel.update(batch)), plain.update(batch))
    assert kernel.attributed == plain.attributed > 0


@pytest.mark.parametrize(("device", "last"), [("ring-chime", 130), ("tenvis-camera", 101), ("tp-link-light-bulb", 112)])
def test_cooked_captures_give_both_directions(data: Path, device: str, last: int) -> None:
    """Without destination MACs a device gets all that it sent, and all that came to its address since it was known."""
    testbed = data / "stevens-2019"
    with (testbed / "devices.csv").open(encoding="utf-8") as file:
        mac = next(parse_mac(row["mac"]) for row in csv.DictReader(file) if row["device"] == device)
    own, attribution, missing, received = np.frombuffer(mapped(f"192.168.1.{last}"), np.uint8), Attribution(), 0, 0
    for batch in batches(testbed / "captures" / device / "2019-07-03.pcapng.zst"):
        out = attribution.update(batch)
        rows = {d: set(out.row[(out.device == mac) & (out.direction == d)].tolist()) for d in Direction}
        assert set(np.flatnonzero(batch["source_mac"] == mac).tolist()) <= rows[Direction.SENT]
        to_it = (batch["destination_ip"] == own).all(axis=1) & (batch["source_mac"] == COOKED_ROUTER) & ~batch.has("arp_operation")
        missing += len(set(np.flatnonzero(to_it).tolist()) - rows[Direction.RECEIVED])
        received += int(np.count_nonzero(to_it))
    assert missing <= 3 < received
