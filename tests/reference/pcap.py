"""The pcap file format (draft-ietf-opsawg-pcap), with its nanosecond and modified variants."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from tests.reference.capture import DAMAGED, LONGEST_RECORD, UNSUPPORTED, EndOfWalk, Frame, nanoseconds, unpack

MICROSECONDS, NANOSECONDS, MODIFIED = 0xA1B2C3D4, 0xA1B23C4D, 0xA1B2CD34

# First four bytes -> byte order, units in a second, bytes of a record header.
MAGICS: dict[bytes, tuple[str, int, int]] = {
    struct.pack(order + "I", magic): (order, units, header)
    for order in "<>"
    for magic, units, header in ((MICROSECONDS, 10**6, 16), (NANOSECONDS, 10**9, 16), (MODIFIED, 10**6, 24))
}


def pcap_frames(data: bytes) -> Iterator[Frame]:
    """Yield the records of a pcap file; end the walk at damage."""
    order, units, record_header = MAGICS[data[:4]]
    major, minor, _zone, _accuracy, _snap, network = unpack(order + "HHiIII", data, 4)
    if major < 2:
        raise EndOfWalk(UNSUPPORTED)
    at = 24
    while at < len(data):
        seconds, fraction, captured, wire = unpack(f"{order}IIII{record_header - 16}x", data, at)
        captured, wire = lengths(major, minor, captured, wire)
        if captured > LONGEST_RECORD:
            raise EndOfWalk(DAMAGED)
        start = at + record_header
        unpack(f"{start - at + captured}x", data, at)  # The whole record must be there.
        yield Frame(
            time=nanoseconds(seconds * units + fraction, units),
            wire_length=wire,
            captured_length=captured,
            interface=0,
            link_type=network & 0xFFFF,
            data=data[start : start + captured],
        )
        at = start + captured


def lengths(major: int, minor: int, first: int, second: int) -> tuple[int, int]:
    """Return captured and wire length, which old versions wrote in the other order, and 2.3 in either."""
    if (major, minor) in ((2, 0), (2, 1), (2, 2), (543, 0)) or ((major, minor) == (2, 3) and first > second):
        return second, first
    return first, second
