"""Names of link types, as the registry of capture formats has them."""

from __future__ import annotations

# Those that are read, and those that captures of homes and labs hold most.
_NAMES = {
    0: "NULL",
    1: "ETHERNET",
    9: "PPP",
    50: "PPP_HDLC",
    51: "PPP_ETHER",
    101: "RAW",
    105: "IEEE802_11",
    108: "LOOP",
    113: "LINUX_SLL",
    127: "IEEE802_11_RADIOTAP",
    192: "PPI",
    195: "IEEE802_15_4_WITHFCS",
    220: "USB_LINUX_MMAPPED",
    228: "IPV4",
    229: "IPV6",
    230: "IEEE802_15_4_NOFCS",
    239: "NFLOG",
    276: "LINUX_SLL2",
}


def link_type_name(number: int) -> str:
    """Return the name of a link type, or its number where it has none here."""
    return _NAMES.get(number, str(number))
