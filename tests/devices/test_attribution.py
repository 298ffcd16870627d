"""Whose packets are, who is at the other end, and who is the router."""

from __future__ import annotations

from typing import Any

import pytest

from headwise.devices import REASONS, Attribution, Direction, Peer, format_mac
from tests.devices.packets import EVERYONE, SECOND, arp, batch_of, ip

ROUTER, CAMERA, PLUG, PHONE = (f"00:10:00:00:00:0{n}" for n in (1, 2, 3, 4))
GATEWAY, CAMERA_IP, PLUG_IP = "192.168.1.1", "192.168.1.2", "192.168.1.3"
SERVERS = ["8.8.8.8", "9.9.9.9", "17.1.1.1"]
ND = {"protocol": 58, "ttl": 255, "icmp_type": 136}


def rows(attribution: Attribution, *packets: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Return (device, direction, peer) of the attributed rows of some packets, in words."""
    names = {ROUTER: "router", CAMERA: "camera", PLUG: "plug", PHONE: "phone"}
    out = attribution.update(batch_of(packets))
    return [
        (names.get(format_mac(mac), format_mac(mac)), Direction(direction).name.lower(), Peer(peer).name.lower())
        for mac, direction, peer in zip(out.device.tolist(), out.direction.tolist(), out.peer.tolist(), strict=True)
    ]


def addresses(attribution: Attribution, mac: str) -> set[str]:
    """Return the addresses that a MAC is known by."""
    return {str(a.address) for d in attribution.devices if format_mac(d.mac) == mac for a in d.addresses}


def role(attribution: Attribution, mac: str) -> str:
    """Return the role of a MAC."""
    return next(d.role for d in attribution.devices if format_mac(d.mac) == mac)


@pytest.fixture
def home() -> Attribution:
    """Return what is known of a home whose camera, plug and router announced themselves, and whose router passed packets on."""
    attribution = Attribution()
    rows(
        attribution,
        arp(CAMERA, EVERYONE, CAMERA_IP, GATEWAY),
        arp(ROUTER, CAMERA, GATEWAY, CAMERA_IP, arp_operation=2),
        arp(PLUG, EVERYONE, PLUG_IP, GATEWAY),
        *(ip(CAMERA, ROUTER, CAMERA_IP, server) for server in SERVERS),
    )
    return attribution


@pytest.fixture
def cooked_home() -> Attribution:
    """Return the same of a link without destination MACs."""
    attribution = Attribution()
    rows(
        attribution,
        arp(CAMERA, None, CAMERA_IP, GATEWAY),
        arp(ROUTER, None, GATEWAY, CAMERA_IP, arp_operation=2),
        arp(PLUG, None, PLUG_IP, GATEWAY),
        *(ip(ROUTER, None, server, CAMERA_IP, ttl=50) for server in SERVERS),
    )
    return attribution


def test_packet_between_devices_is_a_row_of_each(home: Attribution) -> None:
    """What one device sends another is sent by the one and received by the other, both local."""
    assert rows(home, ip(CAMERA, PLUG, CAMERA_IP, PLUG_IP)) == [("camera", "sent", "local"), ("plug", "received", "local")]


def test_internet_goes_through_the_router_without_being_its_own(home: Attribution) -> None:
    """A forwarded packet is a row of the device alone, its peer the internet, both ways."""
    assert rows(home, ip(CAMERA, ROUTER, CAMERA_IP, SERVERS[0])) == [("camera", "sent", "internet")]
    assert rows(home, ip(ROUTER, CAMERA, SERVERS[0], CAMERA_IP, ttl=50)) == [("camera", "received", "internet")]
    assert rows(home, ip(ROUTER, CAMERA, SERVERS[0], CAMERA_IP, ttl=64)) == [("camera", "received", "internet")]


def test_router_has_rows_of_its_own(home: Attribution) -> None:
    """Packets to and from the router's own address are rows of both, and the device's peer is the router."""
    assert rows(home, ip(CAMERA, ROUTER, CAMERA_IP, GATEWAY)) == [("camera", "sent", "router"), ("router", "received", "local")]
    assert rows(home, ip(ROUTER, CAMERA, GATEWAY, CAMERA_IP)) == [("router", "sent", "local"), ("camera", "received", "router")]
    assert rows(home, arp(ROUTER, CAMERA, GATEWAY, CAMERA_IP)) == [("router", "sent", "local"), ("camera", "received", "router")]
    eapol = {"source_mac": CAMERA, "destination_mac": ROUTER, "ethertype": 0x888E}
    assert rows(home, eapol) == [("camera", "sent", "router"), ("router", "received", "local")]


def test_group_packets_are_sent_rows_alone(home: Attribution) -> None:
    """Multicast and broadcast are rows of who sent them, of nobody who received them."""
    assert rows(home, ip(CAMERA, "01:00:5e:00:00:fb", CAMERA_IP, "224.0.0.251", ttl=255)) == [("camera", "sent", "multicast")]
    assert rows(home, ip(CAMERA, EVERYONE, CAMERA_IP, "192.168.1.255")) == [("camera", "sent", "broadcast")]
    assert rows(home, ip(PHONE, EVERYONE, "0.0.0.0", "255.255.255.255")) == [("phone", "sent", "broadcast")]
    assert addresses(home, PHONE) == set()


def test_what_lies_behind_the_router_is_internet(home: Attribution) -> None:
    """A private address of another network that is reached through the router is beyond it; one of this network is the router's."""
    assert rows(home, ip(CAMERA, ROUTER, CAMERA_IP, "10.9.9.9")) == [("camera", "sent", "internet")]
    assert rows(home, ip(ROUTER, CAMERA, "10.9.9.9", CAMERA_IP, ttl=63)) == [("camera", "received", "internet")]
    assert rows(home, ip(CAMERA, ROUTER, CAMERA_IP, "192.168.1.254")) == [("camera", "sent", "router"), ("router", "received", "local")]


def test_router_is_proven_by_what_it_passes_on(home: Attribution) -> None:
    """Three networks of the internet behind a MAC make it the router; devices stay devices, and no internet address is bound."""
    assert (role(home, ROUTER), role(home, CAMERA), role(home, PLUG)) == ("router", "device", "device")
    rows(home, *(ip(ROUTER, CAMERA, f"23.{n}.1.1", CAMERA_IP, ttl=ttl) for n in range(200) for ttl in (64, 50)))
    assert addresses(home, ROUTER) == {GATEWAY}


def test_first_answer_from_afar_proves_a_router() -> None:
    """One packet out and its answer with a lowered TTL are enough, and neither is a row of the router."""
    attribution = Attribution()
    out, back = ip(CAMERA, ROUTER, CAMERA_IP, SERVERS[0]), ip(ROUTER, CAMERA, SERVERS[0], CAMERA_IP, ttl=47)
    assert rows(attribution, out, back) == [("camera", "sent", "internet"), ("camera", "received", "internet")]
    assert rows(attribution, {"source_mac": CAMERA, "destination_mac": ROUTER})[0] == ("camera", "sent", "router")


def test_proxied_answers_are_taken_back() -> None:
    """Where a router answers in a server's name with a full TTL, the server's address is bound only until the router is known."""
    attribution = Attribution()
    rows(attribution, arp(ROUTER, CAMERA, GATEWAY, CAMERA_IP), ip(ROUTER, CAMERA, SERVERS[0], CAMERA_IP))
    assert addresses(attribution, ROUTER) == {GATEWAY, SERVERS[0]}
    rows(attribution, *(ip(CAMERA, ROUTER, CAMERA_IP, server) for server in ("23.1.1.1", "23.2.2.2", "23.3.3.3")))
    assert (role(attribution, ROUTER), addresses(attribution, ROUTER)) == ("router", {GATEWAY})


def test_forger_of_addresses_is_no_router(home: Attribution) -> None:
    """A device that sends from thousands of forged addresses stays a device, keeps its rows, and takes no more than its room."""
    forged = [ip(PLUG, ROUTER, f"23.{n % 200}.{n // 200}.7", SERVERS[0]) for n in range(5000)]
    assert rows(home, *forged) == [("plug", "sent", "internet")] * 5000
    assert role(home, PLUG) == "device"
    assert len(addresses(home, PLUG)) == 32
    assert addresses(home, CAMERA) == {CAMERA_IP}


def test_address_server_is_the_router_until_one_is_proven() -> None:
    """Who answers DHCP is taken for the router, unless another MAC is seen to pass packets on."""
    attribution = Attribution()
    rows(attribution, ip(PLUG, PHONE, PLUG_IP, "192.168.1.4", source_port=67, destination_port=68))
    assert role(attribution, PLUG) == "router"
    rows(attribution, *(ip(CAMERA, ROUTER, CAMERA_IP, server) for server in SERVERS))
    rows(attribution, arp(ROUTER, CAMERA, GATEWAY, CAMERA_IP))
    assert (role(attribution, PLUG), role(attribution, ROUTER)) == ("device", "router")
    rows(attribution, ip(PHONE, CAMERA, "192.168.1.4", CAMERA_IP, source_port=67, destination_port=68))
    assert role(attribution, PHONE) == "device"


def test_router_advertisements_alone_prove_nothing(home: Attribution) -> None:
    """A speaker that routes for its own radio network advertises too, and is a device."""
    rows(home, ip(PLUG, "33:33:00:00:00:01", "fe80::3", "ff02::1", **ND | {"icmp_type": 134}))
    assert role(home, PLUG) == "device"


def test_both_families_are_one_device(home: Attribution) -> None:
    """IPv4, link-local, unique local and global IPv6 addresses of one MAC are one device's."""
    rows(
        home,
        ip(PLUG, "33:33:00:00:00:01", "fe80::3", "ff02::fb", ttl=255),
        ip(PLUG, ROUTER, "fd00::3", "fd00::1"),
        ip(PLUG, ROUTER, "2001:db8::3", "2600::1"),
    )
    assert addresses(home, PLUG) == {PLUG_IP, "fe80::3", "fd00::3", "2001:db8::3"}


def test_privacy_addresses_follow(home: Attribution) -> None:
    """New addresses of a device are added, the newest first, and the oldest beyond 32 forgotten."""
    rows(home, *(ip(PLUG, ROUTER, f"2001:db8::{n:x}", "2600::1", time=n * SECOND) for n in range(1, 100)))
    newest = [str(a.address) for d in home.devices if format_mac(d.mac) == PLUG for a in d.addresses][:31]
    assert newest == [f"2001:db8::{n:x}" for n in range(99, 68, -1)]


def test_ipv6_neighbours_are_local_before_they_speak(home: Attribution) -> None:
    """A packet to another address of the sender's /64 is local; to another network it is internet."""
    rows(home, ip(PLUG, EVERYONE, "2001:db8::3", "ff02::1"))
    assert rows(home, ip(PLUG, PHONE, "2001:db8::3", "2001:db8::4")) == [("plug", "sent", "local"), ("phone", "received", "local")]
    assert rows(home, ip(PLUG, ROUTER, "2001:db8::3", "2600::1")) == [("plug", "sent", "internet")]


def test_public_lan_is_local(home: Attribution) -> None:
    """Hosts with internet addresses that answered ARP are local to each other, in other networks than /24 too."""
    rows(home, arp(PLUG, EVERYONE, "129.94.5.1", "129.94.6.2"), arp(PHONE, PLUG, "129.94.6.2", "129.94.5.1"))
    assert rows(home, ip(PLUG, PHONE, "129.94.5.1", "129.94.6.2")) == [("plug", "sent", "local"), ("phone", "received", "local")]
    assert rows(home, ip(PLUG, ROUTER, "129.94.5.1", "129.94.7.7")) == [("plug", "sent", "internet")]


def test_renumbering_by_arp_is_at_once(home: Attribution) -> None:
    """An address that another MAC announces by ARP is that MAC's from then on."""
    rows(home, arp(PHONE, EVERYONE, CAMERA_IP, CAMERA_IP))
    assert (addresses(home, PHONE), addresses(home, CAMERA)) == ({CAMERA_IP}, set())


def test_renumbering_without_arp_waits_a_minute(home: Attribution) -> None:
    """Without ARP an address changes hands once its owner has left it for a minute; the packets are the sender's all the same."""
    early, late = (ip(PHONE, PLUG, CAMERA_IP, PLUG_IP, time=t * SECOND) for t in (59, 60))
    assert rows(home, early)[0] == ("phone", "sent", "local")
    assert CAMERA_IP in addresses(home, CAMERA)
    rows(home, late)
    assert (addresses(home, PHONE), addresses(home, CAMERA)) == ({CAMERA_IP}, set())


def test_probes_bind_nothing(home: Attribution) -> None:
    """ARP probes and neighbour discovery from no address bind none."""
    rows(home, arp(PHONE, EVERYONE, "0.0.0.0", "192.168.1.4"), ip(PHONE, "33:33:00:00:00:01", "::", "ff02::1", **ND))
    assert addresses(home, PHONE) == set()


def test_router_does_not_take_a_device_by_forwarding(home: Attribution) -> None:
    """A device's address on a packet that the router relays stays the device's, and the other end is local."""
    relayed = ip(ROUTER, PLUG, CAMERA_IP, PLUG_IP, ttl=63, time=999 * SECOND)
    assert rows(home, relayed) == [("plug", "received", "local")]
    assert addresses(home, CAMERA) == {CAMERA_IP}


def test_cooked_receivers_are_found_by_address(cooked_home: Attribution) -> None:
    """Without destination MACs receivers are known by address: from the internet, the router and other devices."""
    home = cooked_home
    assert rows(home, ip(ROUTER, None, SERVERS[0], CAMERA_IP, ttl=50)) == [("camera", "received", "internet")]
    assert rows(home, ip(CAMERA, None, CAMERA_IP, SERVERS[0])) == [("camera", "sent", "internet")]
    assert rows(home, ip(CAMERA, None, CAMERA_IP, GATEWAY)) == [("camera", "sent", "router"), ("router", "received", "local")]
    assert rows(home, ip(CAMERA, None, CAMERA_IP, PLUG_IP)) == [("camera", "sent", "local"), ("plug", "received", "local")]
    assert rows(home, arp(CAMERA, None, CAMERA_IP, GATEWAY, arp_operation=2)) == [
        ("camera", "sent", "router"),
        ("router", "received", "local"),
    ]


def test_cooked_copies_of_the_router_are_the_devices(cooked_home: Attribution) -> None:
    """A packet that left with the router's MAC but a device's address was sent by the device."""
    copy = ip(ROUTER, None, CAMERA_IP, SERVERS[0], ttl=63)
    assert rows(cooked_home, copy) == [("camera", "sent", "internet")]
    assert addresses(cooked_home, CAMERA) == {CAMERA_IP}


def test_cooked_groups_are_told_by_address(cooked_home: Attribution) -> None:
    """Without destination MACs addresses tell multicast and broadcast, and requests by ARP are broadcast."""
    home = cooked_home
    assert rows(home, ip(CAMERA, None, CAMERA_IP, "224.0.0.251", ttl=255)) == [("camera", "sent", "multicast")]
    assert rows(home, ip(CAMERA, None, CAMERA_IP, "255.255.255.255")) == [("camera", "sent", "broadcast")]
    assert rows(home, ip(CAMERA, None, CAMERA_IP, "192.168.1.255")) == [("camera", "sent", "broadcast")]
    assert rows(home, arp(CAMERA, None, CAMERA_IP, PLUG_IP)) == [("camera", "sent", "broadcast")]


def test_every_header_row_is_accounted_for(cooked_home: Attribution) -> None:
    """Rows that no device gets are counted by reason, and with the others they are all rows."""
    no_mac = ip(CAMERA, None, CAMERA_IP, PLUG_IP) | {"source_mac": None}
    cases = {
        "no_hardware_address": no_mac,
        "group_source": ip("01:00:5e:00:00:01", CAMERA, CAMERA_IP, PLUG_IP),
        "forwarded": ip(ROUTER, EVERYONE, SERVERS[0], "239.1.1.1", ttl=50),
        "receiver_unknown": ip(ROUTER, None, SERVERS[0], "192.168.1.77", ttl=50),
    }
    for reason, packet in cases.items():
        before = cooked_home.unattributed[reason]
        assert rows(cooked_home, packet) == []
        assert cooked_home.unattributed[reason] == before + 1
    assert rows(cooked_home, ip(0, None, CAMERA_IP, PLUG_IP)) == []
    assert cooked_home.headers == cooked_home.attributed + sum(cooked_home.unattributed.values())
    assert tuple(cooked_home.unattributed) == REASONS


def test_full_table_of_macs_counts_the_rest() -> None:
    """MACs beyond the room are counted, those known keep their rows, and numbers are never reused."""
    attribution = Attribution(devices=2)
    known = ip(CAMERA, PLUG, CAMERA_IP, PLUG_IP)
    assert len(rows(attribution, known, ip(PHONE, CAMERA, "192.168.1.4", CAMERA_IP), known)) == 4
    assert attribution.unattributed["too_many_devices"] == 1
    assert [d.index for d in attribution.devices] == [0]


def test_device_record(home: Attribution) -> None:
    """A record counts packets and wire bytes each way, when the device first and last spoke, and its VLANs."""
    rows(
        home,
        ip(PHONE, PLUG, "192.168.1.4", PLUG_IP, time=5 * SECOND, wire_length=60, vlan=7),
        ip(PLUG, PHONE, PLUG_IP, "192.168.1.4", time=6 * SECOND, wire_length=1500),
        ip(PHONE, PLUG, "192.168.1.4", PLUG_IP, time=4 * SECOND, wire_length=61, vlan=8),
    )
    phone = next(d for d in home.devices if format_mac(d.mac) == PHONE)
    assert (phone.packets_sent, phone.bytes_sent, phone.packets_received, phone.bytes_received) == (2, 121, 1, 1500)
    assert (phone.first_seen, phone.last_seen, phone.vlans) == (4 * SECOND, 5 * SECOND, (7, 8))
    assert (phone.random, phone.role) == (False, "device")


def test_who_never_spoke_is_no_device() -> None:
    """A MAC that only received is in the rows but not among the devices."""
    attribution = Attribution()
    assert ("plug", "received", "local") in rows(attribution, ip(CAMERA, PLUG, CAMERA_IP, PLUG_IP))
    assert [format_mac(d.mac) for d in attribution.devices] == [CAMERA]


@pytest.mark.parametrize("room", [{"devices": 0}, {"addresses": 31}])
def test_too_small_tables_are_refused(room: dict[str, int]) -> None:
    """Tables that cannot work are refused with the sizes that were given."""
    with pytest.raises(ValueError, match="must be at least"):
        Attribution(**room)
