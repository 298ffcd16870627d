"""The attribution kernel agrees with its plain twin, however packets are cut into batches."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headwise import native
from headwise.devices import Attribution
from headwise.devices._kernel import check_sizes
from headwise.headers.batch import HeaderBatch
from tests.devices.packets import SECOND, arp, batch_of, cut, ip, table
from tests.reference.devices import PlainAttribution

MACS = ["00:10:00:00:00:01", "00:10:00:00:00:02", "00:10:00:00:00:03", "02:10:00:00:00:04", "00:10:00:00:00:05"]
GROUPS = ["ff:ff:ff:ff:ff:ff", "01:00:5e:00:00:fb", "33:33:00:00:00:01"]
IPV4 = [f"192.168.1.{n}" for n in (1, 2, 3, 255)] + [
    "10.0.0.7",
    "169.254.3.4",
    "0.0.0.0",
    "127.0.0.1",
    "240.1.1.1",
    "100.64.9.9",
    "172.16.0.1",
]
IPV4 += [
    "8.8.8.8",
    "8.8.8.9",
    "9.9.9.9",
    "17.5.5.5",
    "129.94.5.1",
    "129.94.5.2",
    "239.255.255.250",
    "255.255.255.255",
    "172.32.0.1",
    "100.128.0.1",
]
IPV6 = ["fe80::1", "fe80::2", "fd00::1", "2001:db8::1", "2001:db8::2", "2001:db8:1::1", "2600:1::1", "2a00:2::1", "ff02::1", "::", "::1"]

macs = st.sampled_from(MACS)
PORTS = [{}, {"source_port": 53, "destination_port": 999}, {"source_port": 67, "destination_port": 68}]
PORTS += [{"source_port": 67, "destination_port": 67}, {"source_port": 443, "destination_port": 999}]
lengths = st.integers(40, 1500)


@st.composite
def packet(draw: st.DrawFn, cooked: bool) -> dict[str, Any]:
    """Draw a packet among few MACs and addresses, so that they meet and quarrel."""
    destination = None if cooked else draw(st.one_of(macs, macs, st.sampled_from(GROUPS), st.just(0)))
    source = draw(st.one_of(macs, macs, macs, st.sampled_from(["01:00:5e:00:00:fb", 0, None])))
    family = draw(st.sampled_from([IPV4, IPV4, IPV6]))
    addresses = draw(st.sampled_from(family)), draw(st.sampled_from(family))
    more: dict[str, Any] = {"wire_length": draw(lengths), "vlan": draw(st.sampled_from([None, None, 1, 2, 3, 4, 5, 6]))}
    kind = draw(st.integers(0, 9))
    if kind == 0 and family is IPV4:
        return arp(source, destination, *addresses, arp_operation=draw(st.sampled_from([1, 2])), **more)
    if kind == 1:
        return {"source_mac": source, "destination_mac": destination, "ethertype": 0x888E} | more
    if kind == 2 and family is IPV6:
        return ip(source, destination, *addresses, protocol=58, ttl=255, icmp_type=draw(st.sampled_from([133, 134, 136, 143])), **more)
    ttl = draw(st.sampled_from([64, 64, 128, 255, 63, 50, 1]))
    return ip(source, destination, *addresses, ttl=ttl, protocol=draw(st.sampled_from([6, 17, 17])), **draw(st.sampled_from(PORTS)), **more)


@st.composite
def traffic(draw: st.DrawFn) -> HeaderBatch:
    """Draw up to 120 packets whose clock mostly goes forwards, now and then by minutes."""
    cooked = draw(st.sampled_from([False, True, None]))
    drawn = draw(st.lists(packet(draw(st.booleans()) if cooked is None else cooked), max_size=120))
    steps = draw(st.lists(st.sampled_from([0, SECOND, SECOND, 61 * SECOND, -SECOND]), min_size=len(drawn), max_size=len(drawn)))
    now = 1_700_000_000 * SECOND
    for one, step in zip(drawn, steps, strict=True):
        now += step
        one["time"] = now
    return batch_of(drawn)


def assert_same_state(kernel: Attribution, plain: PlainAttribution) -> None:
    """Compare counts, devices and bindings."""
    assert list(kernel.unattributed.values()) == plain.unattributed
    assert (kernel.headers, kernel.attributed, kernel.addresses_forgotten) == (plain.headers, plain.attributed, plain.forgotten)
    assert kernel.headers == kernel.attributed + sum(kernel.unattributed.values())
    spoke = [known for known in plain.known if known.packets[0]]
    assert [(d.mac, d.role, d.first_seen, d.last_seen, list(d.vlans)) for d in kernel.devices] == [
        (k.mac, k.role, k.first_seen, k.last_seen, k.vlans) for k in spoke
    ]
    for device, known in zip(kernel.devices, spoke, strict=True):
        assert [device.packets_sent, device.packets_received] == known.packets
        assert [device.bytes_sent, device.bytes_received] == known.bytes
        bound = {(int.from_bytes(plain.slots[s].address), plain.slots[s].first_seen, plain.slots[s].last_seen) for s in known.slots}
        assert {(_number(a.address), a.first_seen, a.last_seen) for a in device.addresses} == bound


def _number(address: Any) -> int:
    return int(address) if address.version == 6 else 0xFFFF << 32 | int(address)


def test_structs_are_those_of_the_core() -> None:
    """The sizes that Python assumes are the sizes that the core was compiled with."""
    check_sizes(native.library())


def test_reused_arrays_that_are_too_small_grow() -> None:
    """A batch that is longer than those before it is attributed whole."""
    attribution = Attribution()
    few = [ip(MACS[1], MACS[2], "192.168.1.2", "192.168.1.3")]
    assert attribution.update(batch_of(few)).rows == 2
    assert attribution.update(batch_of(few * 100)).rows == 200
    assert attribution.update(batch_of([])).rows == 0


@given(traffic())
@settings(max_examples=300, deadline=None)
def test_kernel_is_its_twin(batch: HeaderBatch) -> None:
    """Rows, counts, roles and bindings are those of the plain twin on any traffic."""
    kernel, plain = Attribution(), PlainAttribution()
    np.testing.assert_array_equal(table(kernel.update(batch)), plain.update(batch))
    assert_same_state(kernel, plain)


@given(traffic(), st.lists(st.integers(0, 120), max_size=6))
@settings(max_examples=100, deadline=None)
def test_batches_do_not_matter(batch: HeaderBatch, cuts: list[int]) -> None:
    """Any split of the packets into batches gives the rows of one batch."""
    whole = table(Attribution().update(batch))
    attribution, parts = Attribution(), []
    edges = [0, *sorted(min(c, batch.rows) for c in cuts), batch.rows]
    for start, stop in pairwise(edges):
        part = table(attribution.update(cut(batch, start, stop)))
        part[:, 0] += start
        parts.append(part)
    np.testing.assert_array_equal(np.concatenate(parts), whole)


@pytest.mark.parametrize("room", [(3, 32), (40, 33), (300, 64)])
def test_full_tables_are_those_of_the_twin(room: tuple[int, int]) -> None:
    """With more MACs and addresses than fit, the same are kept and forgotten, and what does not fit is counted."""
    random = np.random.default_rng(20261123)
    macs = random.integers(1, 80, 3000) + 0x001000000000
    addresses = [f"192.168.{n % 200}.{n // 200 + 1}" for n in random.integers(0, 800, 3000)]
    batch = batch_of(
        ip(int(mac), "00:20:00:00:00:01", address, "8.8.8.8", time=SECOND * second)
        for second, (mac, address) in enumerate(zip(macs, addresses, strict=True))
    )
    kernel, plain = Attribution(devices=room[0], addresses=room[1]), PlainAttribution(devices=room[0], addresses=room[1])
    np.testing.assert_array_equal(table(kernel.update(batch)), plain.update(batch))
    assert_same_state(kernel, plain)
    assert kernel.addresses_forgotten > 0 or room == (3, 32)
    assert (kernel.unattributed["too_many_devices"] > 0) == (room[0] < 80)
