"""Why a column may differ from tshark's field: the whole list. What is not explained here is a fault of ours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.tshark import Fields
from tests.tshark_columns import TCP, UDP, Value

INT64 = 1 << 63
MOBILITY_BEFORE_RFC = 62


@dataclass
class Difference:
    """One value that differs.

    Attributes
    ----------
    file, packet : str, int
        Where: packet numbers count from 1.
    column : str
        Name of the column.
    ours, theirs : int, bytes or None
        The two values; `None` is absent.
    row : dict
        All our present columns, and ``cut`` and ``malformed``.
    fields : dict
        All fields of tshark.
    """

    file: str
    packet: int
    column: str
    ours: Value
    theirs: Value
    row: dict[str, Value]
    fields: Fields

    @property
    def tcp(self) -> bool:
        """Whether the column is of the TCP header or of what follows it."""
        return self.row.get("protocol") == TCP and (self.column.startswith("tcp_") or self.column == "payload_length")


def clock(d: Difference) -> bool:
    """Whether tshark's time is outside 1970 to 2262: it reads pcap's seconds as signed, and prints times that 64 bits of ns cannot hold."""
    return d.column == "time" and isinstance(d.theirs, int) and not 0 <= d.theirs < INT64


def swapped_records(d: Difference) -> bool:
    """Whether tshark took the file for one of a patched libpcap with longer record headers, by guessing from a damaged second record."""
    return d.file.endswith("bug-6875-01_fuzz.pcap")


REASONS: dict[str, tuple[str, Callable[[Difference], bool]]] = {
    "guessed record header": ("tshark guesses longer record headers where the second record is damaged", swapped_records),
    "clock": ("tshark's time is negative, or too large for 64 bits of ns; ours is from 1970 to 2262 or absent", clock),
    "section": (
        "tshark numbers interfaces in each section from 0, we number them through",
        lambda d: d.column == "interface" and isinstance(d.ours, int) and isinstance(d.theirs, int) and d.theirs < d.ours,
    ),
    "wire length": (
        "tshark takes lengths over 2^31 - 1 for that",
        lambda d: d.column == "wire_length" and d.theirs == (1 << 31) - 1,
    ),
    "version": (
        "tshark shows the version number of what is no IP, we leave it out and mark the packet malformed",
        lambda d: d.column == "ip_version" and d.ours is None and bool(d.row["malformed"]) and d.theirs not in (4, 6),
    ),
    "short options": (
        "TCP data offset below 5: tshark stops at the offset, we keep what stands at fixed places",
        lambda d: d.tcp and d.theirs is None and bool(d.row["malformed"]),
    ),
    "broken option": (
        "a TCP option of impossible length: we keep its kind and stop, tshark leaves it out or goes on",
        lambda d: d.column == "tcp_options" and bool(d.row["malformed"]),
    ),
    "long header": (
        "the TCP header ends behind the packet: tshark gives its length for the payload's, we give none",
        lambda d: d.column == "payload_length" and d.tcp and d.ours is None and bool(d.row["malformed"]),
    ),
    "cut addresses": (
        "IPv4 addresses are read only together by tshark, where the rest of a header with options is cut",
        lambda d: d.column == "destination_ip" and d.theirs is None and bool(d.row["cut"]),
    ),
    "cut extension": (
        "an extension header that is cut: tshark has read its first byte, for us it was not reached",
        lambda d: d.column == "protocol" and d.row.get("ip_version") == 6 and bool(d.row["cut"]),
    ),
    "jumbogram": (
        "an IPv6 length of 0 with no jumbo option: tshark stops, we go on to the end on the wire",
        lambda d: d.row.get("ip_version") == 6 and d.row.get("ip_length") == 40 and d.column == "protocol",
    ),
    "mobility": (
        "protocol 62 was proposed for mobility headers; tshark follows them, the registry names another",
        lambda d: d.column == "protocol" and d.ours == MOBILITY_BEFORE_RFC and "mip6.proto" in d.fields,
    ),
    "no UDP length": (
        "a UDP length of 0: tshark gives 0, we go by the IP header (RFC 2675)",
        lambda d: d.column == "payload_length" and d.row.get("protocol") == UDP and d.fields.get("udp.length") == ["0"],
    ),
}


def reason(d: Difference) -> str | None:
    """Return the name of the first reason that holds."""
    return next((name for name, (_, holds) in REASONS.items() if holds(d)), None)
