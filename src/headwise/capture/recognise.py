"""What a file is, by its first bytes and never by its name."""

from __future__ import annotations

HEAD = 32

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\xd4\xc3\xb2\xa1", "pcap"),
    (b"\xa1\xb2\xc3\xd4", "pcap"),
    (b"\x4d\x3c\xb2\xa1", "pcap"),
    (b"\xa1\xb2\x3c\x4d", "pcap"),
    (b"\x34\xcd\xb2\xa1", "pcap"),
    (b"\xa1\xb2\xcd\x34", "pcap"),
    (b"\xac\x01\x00\x1c", "pcap"),
    (b"\x1c\x00\x01\xac", "pcap"),
    (b"\xab\x01\x00\x1c", "pcap"),
    (b"\x1c\x00\x01\xab", "pcap"),
    (b"\x0a\x0d\x0d\x0a", "pcapng"),
    (b"\x1f\x8b\x08", "gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"PAR1", "parquet"),
)

COMPRESSED = frozenset({"gzip", "zstd", "xz", "bzip2"})


def recognise(head: bytes) -> str:
    """Return ``pcap``, ``pcapng``, ``gzip``, ``zstd``, ``xz``, ``bzip2``, ``parquet`` or ``unknown``.

    Parameters
    ----------
    head : bytes
        The first `HEAD` bytes of a file, or all of a shorter one.
    """
    for magic, name in _MAGIC:
        if head.startswith(magic):
            return name
    if _is_bzip2(head):
        return "bzip2"
    if len(head) >= 4 and head[1:4] == b"\x2a\x4d\x18" and head[0] & 0xF0 == 0x50:
        return "zstd"  # begins with a frame that is skipped
    return "unknown"


def _is_bzip2(head: bytes) -> bool:
    blocks = (b"\x31\x41\x59\x26\x53\x59", b"\x17\x72\x45\x38\x50\x90")  # of data, or the end of an empty stream
    return head.startswith(b"BZh") and head[3:4] in b"123456789" and head[4:10] in blocks
