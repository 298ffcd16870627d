"""The pcap file format (draft-ietf-opsawg-pcap), and its variants as other readers know them."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from tests.reference.capture import DAMAGED, LONGEST_RECORD, UNSUPPORTED, EndOfWalk, Frame, nanoseconds, unpack

YEAR_S = 366 * 86400
LONGEST_ON_WIRE = 128 << 20

# Magic number -> units in a second, bytes before the records, bytes of a record header: as promised, then of those who broke the promise.
VARIANTS: dict[int, tuple[int, int, tuple[int, ...]]] = {
    0xA1B2C3D4: (10**6, 0, (16, 24, 20)),  # or Kuznetzov's first, or Nokia's
    0xA1B23C4D: (10**9, 0, (16,)),
    0xA1B2CD34: (10**6, 0, (24, 28)),  # Kuznetzov's last, or the one before it
    0x1C0001AC: (10**6, 4, (16,)),  # IXIA's
    0x1C0001AB: (10**6, 4, (16,)),
}
MAGICS = {struct.pack(order + "I", magic): (order, *variant) for order in "<>" for magic, variant in VARIANTS.items()}
# AIX's version 2.2 has interface types for link types, and nanoseconds.
AIX = {6: 1, 9: 6, 15: 10, 24: 0}


@dataclass
class Record:
    """Times in seconds and units, and lengths of one record."""

    seconds: int
    fraction: int
    captured: int
    wire: int

    def odd(self, units: int) -> bool:
        """Whether no capture program writes such a record."""
        lengths = self.captured > LONGEST_RECORD or self.wire > LONGEST_ON_WIRE or self.captured > self.wire
        return lengths or self.fraction >= units


@dataclass
class Layout:
    """How a file's records are laid out."""

    order: str
    version: tuple[int, int]
    units: int
    header: int = 16

    def record(self, data: bytes, at: int, size: int = 16) -> Record:
        """Return the record at `at`, whose header must be there with all its `size` bytes."""
        seconds, fraction, one, other = unpack(f"{self.order}IIII{size - 16}x", data, at)
        if self.version in ((2, 0), (2, 1), (2, 2), (543, 0)) or (self.version == (2, 3) and one > other):
            one, other = other, one
        return Record(seconds, fraction, one, other)

    def choose(self, data: bytes, at: int, headers: tuple[int, ...]) -> int:
        """Return the length of record headers with which a second record stands behind the first."""
        if len(headers) == 1 or at + 16 > len(data):
            return headers[0]
        first = self.record(data, at)
        if first.odd(self.units):
            return headers[0]
        for header in headers:
            following = at + header + first.captured
            if following + 16 > len(data):
                if header == headers[0]:
                    break
                continue
            second = self.record(data, following)
            near = header == headers[0] or abs(second.seconds - first.seconds) < YEAR_S
            if near and not second.odd(self.units):
                return header
        return headers[0]


def pcap_frames(data: bytes) -> Iterator[Frame]:
    """Yield the records of a pcap file; end the walk at damage."""
    order, units, preamble, headers = MAGICS[data[:4]]
    major, minor, _zone, _accuracy, _snap, network = unpack(f"{order}HHiIII{preamble}x", data, 4)
    link_type = network & 0xFFFF
    if (major, minor) == (2, 2) and link_type in AIX:
        link_type, units = AIX[link_type], 10**9
    if major < 2:
        raise EndOfWalk(UNSUPPORTED)
    at = 24 + preamble
    layout = Layout(order, (major, minor), units)
    header = layout.choose(data, at, headers)
    while at < len(data):
        record = layout.record(data, at, header)
        if record.captured > LONGEST_RECORD:
            raise EndOfWalk(DAMAGED)
        start = at + header
        unpack(f"{record.captured}x", data, start)  # The whole record must be there.
        at = start + record.captured
        time = nanoseconds(record.seconds * units + record.fraction, units)
        yield Frame(time, record.wire, record.captured, 0, link_type, data[start:at])
