"""Whose packet is it: addresses to MACs, direction, peer, vendor."""

from headwise.devices.attribution import REASONS, Attribution
from headwise.devices.batch import AttributedBatch, Direction, Peer
from headwise.devices.device import Address, Device
from headwise.devices.mac import format_mac, is_random, parse_mac
from headwise.devices.vendor import vendor

__all__ = [
    "REASONS",
    "Address",
    "AttributedBatch",
    "Attribution",
    "Device",
    "Direction",
    "Peer",
    "format_mac",
    "is_random",
    "parse_mac",
    "vendor",
]
