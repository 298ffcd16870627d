"""Header rows of one capture, in the order of its records."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING

from headwise import native
from headwise.errors import CaptureError

if TYPE_CHECKING:
    from headwise.capture import Blocks, Mapping
    from headwise.headers.chunk import Chunk

_FORMATS = {native.PCAP: "pcap", native.PCAPNG: "pcapng"}
ADVICE = "give a pcap or pcapng capture, plain or compressed by gzip, zstd, xz or bzip2"


class CaptureRows:
    """Reads the records of one capture into chunks.

    Attributes
    ----------
    state : native.HwCapture
        Where the core is in the capture.
    counted : list of int
        Packets that are no rows, by the core's reason.
    parsed : int
        Rows given so far.
    warning : str
        Why reading ended early; empty where it did not.

    Raises
    ------
    CaptureError
        By `fill`, where the bytes are of no capture.
    """

    def __init__(self, blocks: Blocks) -> None:
        self.blocks = blocks
        self.state = native.HwCapture()
        self.parsed = 0
        self.warning = ""
        self.ended = False
        self._counted = native.Counted()
        self._link_types: list[int] = []
        self._consumed, self._walked = ctypes.c_uint64(), ctypes.c_uint64()
        self._read = native.library().hw_read
        self._mapping = blocks.map()

    @property
    def packets(self) -> int:
        """Records walked so far."""
        return int(self.state.packets)

    @property
    def format(self) -> str:
        """``pcap`` or ``pcapng``, and how it is compressed."""
        name = _FORMATS.get(self.state.format, "unknown")
        return f"{name}, {self.blocks.compression}" if self.blocks.compression else name

    def link_types(self) -> list[int]:
        """Return the link type of each interface described so far."""
        count = self._described()
        if count != len(self._link_types):
            self._link_types = [interface.link_type for interface in self.interfaces()]
        return self._link_types

    def interfaces(self) -> list[native.HwInterface]:
        """Return the capture's interfaces as far as they are known."""
        return list(self.state.interfaces[: self._described()])

    def _described(self) -> int:
        return 1 if self.state.format == native.PCAP else min(self.state.interface_count, native.INTERFACES)

    @property
    def counted(self) -> dict[str, int]:
        """Packets that are no rows, by reason; unread link types by their number."""
        reasons = {name: int(self._counted[number]) for number, name in enumerate(native.REASONS) if number and name != "link_type"}
        for interface in self.interfaces():
            if interface.skipped:
                reason = f"link_type_{interface.link_type}"
                reasons[reason] = reasons.get(reason, 0) + int(interface.skipped)
        return {reason: count for reason, count in reasons.items() if count}

    def fill(self, chunk: Chunk) -> None:
        """Fill `chunk` from its first row; whole, but at the end of the capture."""
        rows = 0
        while not self.ended and rows < chunk.room:
            rows += self._step_mapped(self._mapping, chunk, rows) if self._mapping else self._step(chunk, rows)
        chunk.rows = rows
        self.parsed += rows

    def close(self) -> None:
        """Let go of the file, if it is mapped."""
        if self._mapping:
            self._mapping.close()
            self._mapping = None

    def _step_mapped(self, mapping: Mapping, chunk: Chunk, first: int) -> int:
        """Read from the mapped file; from its end, or where it cannot be had, `_step` goes on."""
        view, state, limit = mapping.view, self.state, chunk.room - first
        kept = mapping.read(state, chunk.pointers, first, limit, self._counted, chunk.survey_at)
        chunk.seen = None if view.failed else chunk.survey
        if view.walked == limit and state.status == native.OK:
            self.blocks.read = state.position
            return kept
        self.close()
        if state.status == native.OK:
            self.blocks.resume(int(state.position))
        else:
            self._stop()
        return kept

    def _step(self, chunk: Chunk, first: int) -> int:
        blocks, limit, chunk.seen = self.blocks, chunk.room - first, None
        final = blocks.final
        kept = self._read(
            ctypes.byref(self.state),
            blocks.address,
            len(blocks),
            final,
            ctypes.byref(chunk.pointers),
            first,
            limit,
            ctypes.byref(self._consumed),
            ctypes.byref(self._walked),
            self._counted,
        )
        blocks.advance(self._consumed.value)
        if self.state.status != native.OK:
            self._stop()
        elif self._walked.value < limit:
            if final:
                self._finish()
            else:
                blocks.fill()
        return int(kept)

    def _finish(self) -> None:
        self.ended = True
        if self.blocks.damage:
            self.warning = f"{self.blocks.damage}; the {self.packets} whole packets before are read"

    def _stop(self) -> None:
        self.ended = True
        refused(self.state, self.blocks.name)
        place = f"after packet {self.packets}, at byte {self.state.position}"
        if self.state.status == native.TRUNCATED:
            cause = self.blocks.damage or "it ends inside a packet"
            self.warning = f"{cause}, {place}; its {self.packets} whole packets are read"
        else:
            kind = "it is damaged" if self.state.status == native.DAMAGED else "it goes on in a version that is not read"
            self.warning = f"{kind} {place}; the packets before are read"


def refused(state: native.HwCapture, name: str) -> None:
    """Raise CaptureError where the core found nothing that can be read."""
    if state.status == native.NOT_A_CAPTURE:
        raise CaptureError("is not a capture", where=name, do=ADVICE)
    if state.packets or state.status in (native.OK, native.TRUNCATED):
        return
    if state.status == native.UNSUPPORTED:
        raise CaptureError("is a capture of a version that is not read", where=name, do="convert it with editcap -F pcapng")
    raise CaptureError(f"is damaged at byte {state.position}, before its first packet", where=name, do="get the file again")
