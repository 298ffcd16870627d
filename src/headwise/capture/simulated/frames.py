"""Simulated packets as bytes: Ethernet frames with right checksums, in pcap or pcapng records."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from headwise.capture.simulated.scene import ARP, COLUMNS, ICMP, IGMP, MLD, SECOND, TCP, UDP, Book, Packets

_SMALLEST = 60  # Ethernet's smallest frame without its checksum
_CHUNK = 1 << 16
_HOP_BY_HOP = bytes([58, 0, 5, 2, 0, 0, 1, 0])  # router alert, then ICMPv6
_ROUTER_ALERT = bytes([0x94, 4, 0, 0])

_PCAP = np.dtype([("seconds", "<u4"), ("fraction", "<u4"), ("captured", "<u4"), ("wire", "<u4")])
_PCAPNG = np.dtype([(n, "<u4") for n in ("type", "total", "interface", "high", "low", "captured", "wire")])


def encode(packets: Packets, book: Book, *, form: str = "pcap", snap: int = 0) -> Iterator[bytes]:
    """Yield a whole capture file in pieces.

    Parameters
    ----------
    packets : dict of str to numpy.ndarray
        In order of time.
    form : {"pcap", "pcapng"}
        pcap counts nanoseconds, little-endian.
    snap : int
        Bytes kept of a frame; 0 keeps all.
    """
    yield _pcapng_start(snap) if form == "pcapng" else _pcap_start(snap)
    for first in range(0, len(packets["time"]), _CHUNK):
        yield _records({name: packets[name][first : first + _CHUNK] for name in COLUMNS}, book, form, snap or 262144)


def _pcap_start(snap: int) -> bytes:
    return np.array([0xA1B23C4D, 0x00040002, 0, 0, snap or 262144, 1], "<u4").tobytes()


def _pcapng_start(snap: int) -> bytes:
    section = np.array([0x0A0D0D0A, 28, 0x1A2B3C4D, 1, 0xFFFFFFFF, 0xFFFFFFFF, 28], "<u4").tobytes()
    resolution = bytes([9, 0, 1, 0, 9, 0, 0, 0]) + bytes(4)  # if_tsresol: nanoseconds; end of options
    return section + np.array([1, 32, 1, snap], "<u4").tobytes() + resolution + np.array([32], "<u4").tobytes()


def _records(packets: Packets, book: Book, form: str, snap: int) -> bytes:
    groups = list(_groups(packets, book))
    wire = np.zeros(len(packets["time"]), np.int64)
    for rows, head in groups:
        wire[rows] = head.shape[1] + packets["length"][rows]
    wire = np.where(packets["pads"] != 0, np.maximum(wire, _SMALLEST), wire)
    captured = np.minimum(wire, snap)
    before, total = (28, (captured + 3) // 4 * 4 + 32) if form == "pcapng" else (16, captured + 16)
    starts = np.cumsum(total) - total
    out = np.zeros(int(total.sum()), np.uint8)
    header = _pcapng_headers(packets["time"], total, captured, wire) if form == "pcapng" else _pcap_headers(packets["time"], captured, wire)
    _place(out, starts, header)
    if form == "pcapng":
        _place(out, starts + total - 4, total.astype("<u4").view(np.uint8).reshape(-1, 4))
    for rows, head in groups:
        _place(out, starts[rows] + before, head[:, :snap])
    return out.tobytes()


def _place(out: np.ndarray, starts: np.ndarray, content: np.ndarray) -> None:
    out[starts[:, None] + np.arange(content.shape[1])] = content


def _pcap_headers(time: np.ndarray, captured: np.ndarray, wire: np.ndarray) -> np.ndarray:
    headers = np.zeros(len(time), _PCAP)
    headers["seconds"], headers["fraction"] = time // SECOND, time % SECOND
    headers["captured"], headers["wire"] = captured, wire
    return headers.view(np.uint8).reshape(-1, _PCAP.itemsize)


def _pcapng_headers(time: np.ndarray, total: np.ndarray, captured: np.ndarray, wire: np.ndarray) -> np.ndarray:
    headers = np.zeros(len(time), _PCAPNG)
    headers["type"], headers["total"] = 6, total
    headers["high"], headers["low"] = time >> 32, time & 0xFFFFFFFF
    headers["captured"], headers["wire"] = captured, wire
    return headers.view(np.uint8).reshape(-1, _PCAPNG.itemsize)


def _groups(packets: Packets, book: Book) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield packets of one shape: their rows and their headers, ``(rows, header bytes)``."""
    sizes = np.array([len(extra) for extra in book.extras])
    shape = (packets["kind"].astype(np.int64) * 8 + packets["version"]) * 256 + sizes[packets["extra"]]
    for value in np.unique(shape):
        rows = np.flatnonzero(shape == value)
        yield rows, _headers({name: values[rows] for name, values in packets.items()}, book)


def _headers(packets: Packets, book: Book) -> np.ndarray:
    kind, version = int(packets["kind"][0]), int(packets["version"][0])
    rows = len(packets["time"])
    upper = _upper(packets, kind, _rows_of(book.extras, packets["extra"]))
    ethernet = np.zeros((rows, 14), np.uint8)
    ethernet[:, 0:6] = _bytes(packets["destination_mac"], 8)[:, 2:]
    ethernet[:, 6:12] = _bytes(packets["source_mac"], 8)[:, 2:]
    if kind == ARP:
        ethernet[:, 12:14] = (0x08, 0x06)
        return np.hstack([ethernet, upper])
    ethernet[:, 12:14] = (0x86, 0xDD) if version == 6 else (0x08, 0x00)
    addresses = np.hstack([_rows_of(book.addresses, packets[name]) for name in ("source", "destination")])
    if kind in (TCP, UDP, ICMP, IGMP, MLD):
        _fill_checksum(upper, packets, kind, version, addresses)
    network = _ipv6(packets, kind, upper.shape[1], addresses) if version == 6 else _ipv4(packets, kind, upper.shape[1], addresses)
    return np.hstack([ethernet, network, upper])


def _upper(packets: Packets, kind: int, extra: np.ndarray) -> np.ndarray:
    ports = np.hstack([_bytes(packets["source_port"], 2), _bytes(packets["destination_port"], 2)])
    if kind == UDP:
        return np.hstack([ports, _bytes(packets["length"] + 8, 2), np.zeros((len(ports), 2), np.uint8)])
    if kind != TCP:
        return extra.copy()
    numbers = np.hstack([_bytes(packets["sequence"], 4), _bytes(packets["acknowledgment"], 4)])
    offset_and_flags = _bytes((5 + extra.shape[1] // 4 << 12) | packets["flags"], 2)
    head = np.hstack([ports, numbers, offset_and_flags, _bytes(packets["window"], 2), np.zeros((len(ports), 4), np.uint8), extra])
    _fill_time_stamps(head, packets)
    return head


def _fill_time_stamps(head: np.ndarray, packets: Packets) -> None:
    """Write the sender's clock (ms) into time-stamp options, wherever a row has one."""
    clock = packets["time"] // 1_000_000
    for offset in (24, 28, 32):
        if head.shape[1] < offset + 8:
            return
        rows = np.flatnonzero((head[:, offset - 2] == 8) & (head[:, offset - 1] == 10))
        head[rows, offset : offset + 4] = _bytes(clock[rows] & 0xFFFFFFFF, 4)
        echoed = np.where((packets["flags"][rows] & 0x10) != 0, clock[rows] - 20, 0) & 0xFFFFFFFF
        head[rows, offset + 4 : offset + 8] = _bytes(echoed, 4)


def _ipv4(packets: Packets, kind: int, upper: int, addresses: np.ndarray) -> np.ndarray:
    options = _ROUTER_ALERT if kind == IGMP else b""
    rows, size = len(packets["time"]), 20 + len(options)
    head = np.zeros((rows, size), np.uint8)
    head[:, 0] = 0x40 | size // 4
    head[:, 2:4] = _bytes(size + upper + packets["length"], 2)
    head[:, 4:6] = _bytes(packets["identification"], 2)
    head[:, 6] = np.where(packets["counts"] != 0, 0, 0x40)
    head[:, 8] = packets["ttl"]
    head[:, 9] = {TCP: 6, UDP: 17, ICMP: 1, IGMP: 2}[kind]
    head[:, 12:20] = addresses
    head[:, 20:] = np.frombuffer(options, np.uint8)
    head[:, 10:12] = _checksum(head)
    return head


def _ipv6(packets: Packets, kind: int, upper: int, addresses: np.ndarray) -> np.ndarray:
    extension = np.frombuffer(_HOP_BY_HOP if kind == MLD else b"", np.uint8)
    head = np.zeros((len(packets["time"]), 40 + len(extension)), np.uint8)
    head[:, 0] = 0x60
    head[:, 4:6] = _bytes(len(extension) + upper + packets["length"], 2)
    head[:, 6] = {TCP: 6, UDP: 17, ICMP: 58, MLD: 0}[kind]
    head[:, 7] = packets["ttl"]
    head[:, 8:40] = addresses
    head[:, 40:] = extension
    return head


def _fill_checksum(upper: np.ndarray, packets: Packets, kind: int, version: int, addresses: np.ndarray) -> None:
    """Write the checksum of the layer above IP. Payload is zero, so only its length counts."""
    summed = [upper]
    if kind in (TCP, UDP) or version == 6:
        protocol = {TCP: 6, UDP: 17}.get(kind, 58)
        summed += [addresses, _bytes(upper.shape[1] + packets["length"], 2), np.full((len(upper), 2), (0, protocol), np.uint8)]
    at = {TCP: 16, UDP: 6}.get(kind, 2)
    checksum = _checksum(np.hstack(summed))
    if kind == UDP:
        checksum[(checksum == 0).all(axis=1)] = 0xFF  # zero would mean: none
    upper[:, at : at + 2] = checksum


def _checksum(content: np.ndarray) -> np.ndarray:
    words = content[:, 0::2].astype(np.uint32) * 256 + content[:, 1::2]
    total = words.sum(axis=1)
    for _ in range(2):
        total = (total & 0xFFFF) + (total >> 16)
    return _bytes(~total & 0xFFFF, 2)


def _rows_of(table: list[bytes], numbers: np.ndarray) -> np.ndarray:
    """Return the byte strings that `numbers` name, all of one length, shape ``(rows, length)``."""
    used, place = np.unique(numbers, return_inverse=True)
    return np.frombuffer(b"".join(table[number] for number in used), np.uint8).reshape(len(used), -1)[place]


def _bytes(values: np.ndarray, size: int) -> np.ndarray:
    """Return unsigned numbers as big-endian bytes, shape ``(rows, size)``."""
    return np.ascontiguousarray(values.astype(f">u{size}")).view(np.uint8).reshape(-1, size)
