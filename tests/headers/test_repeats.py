"""Repeats: copies are removed, packets that are alike are not, and the kernel does what its twin does."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headwise import native
from headwise.headers import HeaderReader
from headwise.headers.chunk import Chunk
from headwise.headers.repeats import COOKED_ONLY, EVERYWHERE, SEVERAL_INTERFACES, Repeats, rule_for
from headwise.headers.schema import IP_ID, PRESENT
from tests.headers.files import COOKED, ETHERNET, START, Packet, arp, cooked, ethernet, ip_tcp, ip_udp, pcap, pcapng, read, write
from tests.reference.repeats import kept_rows

MS = 1_000_000


def rows_of(tmp_path: Path, packets: list[Packet], link_type: int = COOKED) -> int:
    """Return how many rows a capture of these packets (time in ms after START) gives; the rest must be counted as repeats."""
    timed = [(START + round(time * MS), frame) for time, frame in packets]
    reader, _ = read(write(tmp_path / "capture", pcap(timed, link_type)))
    assert reader.packets == len(packets)
    assert reader.counted == ({"repeat": len(packets) - reader.rows} if reader.rows < len(packets) else {})
    return reader.rows


def test_copy_of_a_forwarded_packet_is_one_row(tmp_path: Path) -> None:
    """A packet that comes in and goes out with a lower TTL is one packet, and the device's own copy is kept."""
    timed = [(START, cooked(ip_udp(ttl=64))), (START + 5 * MS, cooked(ip_udp(ttl=63), mac=b"\x02\0\0\0\0\x01"))]
    reader, columns = read(write(tmp_path / "capture", pcap(timed, COOKED)))
    assert (reader.rows, reader.counted) == (1, {"repeat": 1})
    assert columns["ttl"].tolist() == [64]
    assert columns["source_mac"].tolist() == [0x020000000005]


def test_router_fills_the_checksum_between_copies(tmp_path: Path) -> None:
    """With an IP identification, copies whose UDP checksum was filled in on the way are the same packet."""
    assert rows_of(tmp_path, [(0, cooked(ip_udp(number=9, checksum=1))), (1, cooked(ip_udp(number=9, checksum=2)))]) == 1


def test_new_packet_has_a_new_identification(tmp_path: Path) -> None:
    """Keep-alives that are alike but for their IP identification are all kept."""
    assert rows_of(tmp_path, [(n, cooked(ip_udp(number=n + 1))) for n in range(20)]) == 20


def test_without_identification_only_what_follows_closely_is_a_copy(tmp_path: Path) -> None:
    """An equal packet whose IP identification is zero is a copy within 10 ms, and a new packet later."""
    assert rows_of(tmp_path, [(0, cooked(ip_udp(number=0))), (2, cooked(ip_udp(number=0)))]) == 1
    assert rows_of(tmp_path, [(0, cooked(ip_udp(number=0))), (11, cooked(ip_udp(number=0)))]) == 2


def test_without_identification_the_checksum_tells_content(tmp_path: Path) -> None:
    """Packets of one length whose IP identification is zero are told apart by their checksum."""
    assert rows_of(tmp_path, [(n / 10, cooked(ip_udp(number=0, checksum=n))) for n in range(1, 9)]) == 8


def test_retransmission_is_a_packet(tmp_path: Path) -> None:
    """A segment that is sent again 200 ms later is a row, whatever its identification."""
    assert rows_of(tmp_path, [(0, cooked(ip_tcp(number=5))), (200, cooked(ip_tcp(number=5)))]) == 2


def test_higher_ttl_is_another_packet(tmp_path: Path) -> None:
    """Forwarding never raises a TTL: probes with growing TTL are all kept."""
    assert rows_of(tmp_path, [(n, cooked(ip_udp(ttl=n))) for n in range(1, 6)]) == 5


def test_arp_broadcast_on_four_interfaces_is_one_row(tmp_path: Path) -> None:
    """ARP has no identification; its copies follow within milliseconds."""
    assert rows_of(tmp_path, [(n * 0.9, cooked(arp(), kind=0x806)) for n in range(4)]) == 1


def test_kept_copy_is_what_time_is_measured_from(tmp_path: Path) -> None:
    """A chain of equal packets 6 ms apart is no single packet: every other one is new."""
    assert rows_of(tmp_path, [(6 * n, cooked(ip_udp(number=0))) for n in range(6)]) == 3


def test_plain_ethernet_capture_is_never_searched(tmp_path: Path) -> None:
    """On one Ethernet interface equal packets are packets, at whatever distance."""
    assert rows_of(tmp_path, [(n / 100, ethernet(ip_udp())) for n in range(9)], ETHERNET) == 9


def test_several_interfaces_repeat_on_another_interface_only(tmp_path: Path) -> None:
    """Of two Ethernet interfaces the second one's copy is a repeat; the same interface seeing it twice is not."""
    frame = ethernet(ip_udp())
    path = write(tmp_path / "two", pcapng([(0, START, frame), (1, START + MS, frame)], [ETHERNET, ETHERNET]))
    assert read(path)[0].counted == {"repeat": 1}
    path = write(tmp_path / "one", pcapng([(0, START, frame), (0, START + MS, frame)], [ETHERNET, ETHERNET]))
    assert read(path)[0].counted == {}


def test_capture_that_copies_nothing_has_no_repeats(tmp_path: Path) -> None:
    """Where packets with an identification come once, equal ones without come twice because they were sent twice."""
    single: list[Packet] = [(n, cooked(ip_udp(number=n + 1))) for n in range(40)]
    twice: list[Packet] = [(50 + n, cooked(ip_udp(number=0))) for n in range(5)]
    assert rows_of(tmp_path, single + twice) == 45
    copied: list[Packet] = [(n, cooked(ip_udp(number=n // 2 + 1))) for n in range(80)]
    assert rows_of(tmp_path, copied + [(time + 50, frame) for time, frame in twice]) == 41


def test_packets_without_a_time_are_kept(tmp_path: Path) -> None:
    """Without a time nothing can be said."""
    path = write(tmp_path / "simple", pcapng([(0, None, cooked(ip_udp()))] * 3, [COOKED]))
    assert read(path)[0].rows == 3


@pytest.mark.parametrize(
    ("link_types", "rule"),
    [([1], None), ([], None), ([113], COOKED_ONLY), ([276], COOKED_ONLY), ([1, 1], SEVERAL_INTERFACES), ([1, 113], SEVERAL_INTERFACES)],
)
def test_rule_follows_from_the_interfaces(link_types: list[int], rule: int | None) -> None:
    """Only cooked captures and those of several interfaces are searched."""
    assert rule_for(link_types) == rule


def random_chunk(seed: int, rows: int) -> Chunk:
    """Return rows that are often alike, in every column that tells packets apart."""
    chance = np.random.default_rng(seed)
    chunk = Chunk(rows)
    chunk.rows = rows
    columns = chunk.columns
    for name, column in columns.items():
        if name not in ("present", "record"):
            column[...] = chance.integers(0, 2, column.shape) * (chance.random() < 0.3)
    columns["time"][:] = np.cumsum(chance.choice([0, MS // 3, 3 * MS, 40 * MS, -MS], rows, p=[0.3, 0.3, 0.29, 0.1, 0.01])) + START
    columns["ttl"][:] = chance.integers(62, 65, rows)
    columns["interface"][:] = chance.integers(0, 3, rows)
    columns["link_type"][:] = chance.choice([1, 113, 276], rows)
    columns["ip_id"][:] = chance.integers(0, chance.choice([3, 1000]), rows)
    columns["present"][:] = PRESENT["time"] | PRESENT["ip_version"] | IP_ID
    odd = chance.random(rows) < 0.2
    columns["present"][odd] ^= chance.choice(
        [1, PRESENT["ip_version"], PRESENT["arp_operation"], IP_ID, PRESENT["vlan"]], odd.sum()
    ).astype("u4")
    columns["record"][:] = np.arange(rows)
    return chunk


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 1 << 32), st.sampled_from([COOKED_ONLY, SEVERAL_INTERFACES, EVERYWHERE]), st.integers(1, 400), st.integers(0, 300))
def test_kernel_keeps_the_rows_that_the_twin_keeps(seed: int, rule: int, rows: int, cut: int) -> None:
    """Whatever the rows and wherever the batch ends, both keep the same, with every column of a kept row unchanged."""
    compare(seed, rule, rows, cut)


def test_kernel_keeps_the_rows_of_a_long_capture_that_the_twin_keeps() -> None:
    """So it is over many more packets than the kernel weighs at a time."""
    compare(1, EVERYWHERE, 20_000, 9_999)


def compare(seed: int, rule: int, rows: int, cut: int) -> None:
    """Fail where kernel and twin differ in any column of any row."""
    whole = random_chunk(seed, rows)
    before = {name: column.copy() for name, column in whole.columns.items()}
    expected = kept_rows(before, rule)
    repeats, got = Repeats(), []
    for start, stop in ((0, min(cut, rows)), (min(cut, rows), rows)):
        part = Chunk(max(stop - start, 1))
        part.rows = stop - start
        for name, column in part.columns.items():
            column[: part.rows] = before[name][start:stop]
        left = repeats.remove(part, rule)
        got.append({name: column[:left].copy() for name, column in part.columns.items()})
    for name, column in before.items():
        np.testing.assert_array_equal(np.concatenate([part[name] for part in got]), column[expected], name)
    assert repeats.found == rows - len(expected)


def test_table_of_the_core_is_what_is_allocated() -> None:
    """The kernel's memory is a fixed fifth of a megabyte for a capture of any length."""
    library = native.library()
    assert library.hw_repeat_table_size() == 16 + 1024 * 8 * 24


def test_stevens_has_the_share_of_repeats_that_was_counted_there(data: Path) -> None:
    """Of each device's packets about half are repeats, as its README counted by whole packets and this by headers."""
    for folder in sorted((data / "stevens-2019" / "captures").iterdir()):
        reader = HeaderReader(folder)
        assert sum(batch.rows for batch in reader) == reader.rows
        assert 0.47 < reader.counted["repeat"] / reader.packets < 0.62, folder.name
