"""A filter that runs in the kernel and lets only the headers of a packet through, so that payload never reaches this process.

It is a program of the classic packet filter (Documentation/networking/filter): its result is how many bytes of a packet are copied.
A load beyond the end of a packet would drop it, so lengths are asked first.
"""

from __future__ import annotations

import struct

# What is kept where headers are not plainly IP with TCP, UDP or ICMP right behind: tags, tunnels, extension headers, ARP.
OTHER = 128

_LOAD_HALF, _LOAD_BYTE, _LOAD_BYTE_AT_X, _LOAD_LENGTH, _LOAD_IMMEDIATE = 0x28, 0x30, 0x50, 0x80, 0x00
_X_HEADER_LENGTH, _A_FROM_X = 0xB1, 0x87
_ADD, _ADD_X, _SUBTRACT_X, _AND, _SHIFT_RIGHT = 0x04, 0x0C, 0x1C, 0x54, 0x74
_EQUAL, _AT_LEAST, _AT_LEAST_X, _ANY_BIT = 0x15, 0x35, 0x3D, 0x45
_RETURN, _RETURN_A = 0x06, 0x16
_PACKET_TYPE = 0xFFFFF000 + 4  # not a place in the packet, but what the kernel says of it
_OUTGOING = 4
_AUTHENTICATION = 51

Step = tuple[int, int, str, str]


def program(*, ethernet: bool, skip_outgoing: bool) -> bytes:
    """Return the filter as an array of ``struct sock_filter``.

    Parameters
    ----------
    ethernet : bool
        Whether packets begin with an Ethernet header; else with IP.
    skip_outgoing : bool
        Leave out what this machine sends: on the loopback interface each packet is seen as sent and as received.
    """
    base = 14 if ethernet else 0
    steps: list[str | Step] = []
    if skip_outgoing:
        steps += [_do(_LOAD_BYTE, _PACKET_TYPE), _if(_EQUAL, _OUTGOING, "drop")]
    steps += [_do(_LOAD_LENGTH), _if(_AT_LEAST, base + 20, "", "other")]
    if ethernet:
        steps += [_do(_LOAD_HALF, 12), _if(_EQUAL, 0x0800, "ipv4"), _if(_EQUAL, 0x86DD, "ipv6", "other")]
    else:
        steps += [_do(_LOAD_BYTE, 0), _do(_SHIFT_RIGHT, 4), _if(_EQUAL, 4, "ipv4"), _if(_EQUAL, 6, "ipv6", "other")]
    steps += _ipv4(base) + _ipv6(base)
    steps += ["other", _do(_RETURN, OTHER), "drop", _do(_RETURN, 0)]
    return _assemble(steps)


def _ipv4(base: int) -> list[str | Step]:
    return [
        "ipv4", _do(_X_HEADER_LENGTH, base), _do(_A_FROM_X), _if(_AT_LEAST, 20, "", "other"),
        _do(_LOAD_HALF, base + 6), _if(_ANY_BIT, 0x1FFF, "later fragment"),
        _do(_LOAD_BYTE, base + 9), _if(_EQUAL, 6, "tcp"), _if(_EQUAL, _AUTHENTICATION, "other"),
        _do(_A_FROM_X), _do(_ADD, base + 8), _do(_RETURN_A),
        "later fragment", _do(_A_FROM_X), _do(_ADD, base), _do(_RETURN_A),
        "tcp", _do(_LOAD_LENGTH), _if(_AT_LEAST_X, 0, "", "other"), _do(_SUBTRACT_X), _if(_AT_LEAST, base + 13, "", "other"),
        _do(_LOAD_BYTE_AT_X, base + 12), *_tcp_length("tcp length"), _do(_ADD_X), _do(_ADD, base), _do(_RETURN_A),
    ]  # fmt: skip


def _ipv6(base: int) -> list[str | Step]:
    return [
        "ipv6", _do(_LOAD_LENGTH), _if(_AT_LEAST, base + 53, "", "other"),
        _do(_LOAD_BYTE, base + 6), _if(_EQUAL, 6, "tcp over ipv6"), _if(_EQUAL, 17, "short"), _if(_EQUAL, 58, "short", "other"),
        "short", _do(_RETURN, base + 48),
        "tcp over ipv6", _do(_LOAD_BYTE, base + 52), *_tcp_length("tcp length over ipv6"), _do(_ADD, base + 40), _do(_RETURN_A),
    ]  # fmt: skip


def _tcp_length(label: str) -> list[str | Step]:
    """Turn the byte with TCP's data offset into bytes of header, 20 where it says less."""
    return [_do(_AND, 0xF0), _do(_SHIFT_RIGHT, 2), _if(_AT_LEAST, 20, label), _do(_LOAD_IMMEDIATE, 20), label]


def _do(code: int, value: int = 0) -> Step:
    return (code, value, "", "")


def _if(code: int, value: int, then: str, otherwise: str = "") -> Step:
    """Jump to a label; an empty one is the next step."""
    return (code, value, then, otherwise)


def _assemble(steps: list[str | Step]) -> bytes:
    places: dict[str, int] = {}
    code: list[Step] = []
    for step in steps:
        if isinstance(step, str):
            places[step] = len(code)
        else:
            code.append(step)
    lines = []
    for at, (operation, value, then, otherwise) in enumerate(code):
        jumps = [places[label] - at - 1 if label else 0 for label in (then, otherwise)]
        lines.append(struct.pack("=HBBI", operation, *jumps, value))
    return b"".join(lines)
