"""The whole plain-Python reader: bytes of a capture to header rows as dictionaries, with reasons for what is no row."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.reference.capture import Frame, walk
from tests.reference.link import LINK_TYPES, LinkCut
from tests.reference.packet import Cut, Malformed, Packet


@dataclass
class Read:
    """One packet as the twin reads it.

    Attributes
    ----------
    columns : dict of str to int or bytes
        Present columns by name, internal ones (``ip_id``, ``checksum``) included.
    reason : str
        Why the packet is no row, else empty.
    cut, malformed : bool
        Whether a header was cut by the snap length, or says what cannot be.
    """

    columns: dict[str, int | bytes] = field(default_factory=dict)
    reason: str = ""
    cut: bool = False
    malformed: bool = False


@dataclass
class Reading:
    """All packets of one capture and what ended the walk."""

    packets: list[Read]
    status: str


def read_frame(frame: Frame) -> Read:
    """Read the headers of one frame."""
    if frame.link_type is None:
        return Read(reason="interface not described")
    if frame.link_type not in LINK_TYPES:
        return Read(reason="link type")
    packet = Packet(frame.data, max(frame.wire_length, frame.captured_length))
    result = Read(packet.columns)
    packet.columns |= {"wire_length": frame.wire_length, "captured_length": frame.captured_length, "interface": frame.interface}
    if frame.time is not None:
        packet.columns["time"] = frame.time
    try:
        LINK_TYPES[frame.link_type](packet)
    except LinkCut:
        return Read(reason="link header cut")
    except (Cut, Malformed) as problem:
        packet.stop(type(problem))
    result.cut, result.malformed = packet.problem is Cut, packet.problem is Malformed
    return result


def read_capture(data: bytes) -> Reading:
    """Read a capture of uncompressed bytes."""
    frames = walk(data)
    return Reading([read_frame(frame) for frame in frames.frames], frames.status)
