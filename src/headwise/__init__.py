"""Name the devices of a network from packet headers alone."""

__version__ = "0.1.0"
