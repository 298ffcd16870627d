"""Features by group: one file a group, each with `definitions()`."""

from headwise.windows.features import (
    activity,
    connections,
    gaps,
    handshakes,
    messages,
    ports,
    protocols,
    rhythm,
    sizes,
    stack,
    tcp,
    traffic,
)

GROUPS = (traffic, sizes, gaps, protocols, ports, tcp, stack, handshakes, connections, messages, rhythm, activity)

__all__ = ["GROUPS"]
