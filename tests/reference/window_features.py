"""Every feature of a window, straight from the definitions in docs/windows.md: the plain twin of the window kernel."""

from __future__ import annotations

from tests.reference.window_connections import connections
from tests.reference.window_packets import gap_statistics, handshakes, ports, protocols, sizes, stack, tcp, traffic
from tests.reference.window_rhythm import activity, messages, rhythm
from tests.reference.windows import Window

GROUPS = (traffic, sizes, gap_statistics, protocols, ports, tcp, stack, handshakes, connections, messages, rhythm, activity)


def features(window: Window) -> dict[str, float]:
    """Return every feature of a window by name."""
    found: dict[str, float] = {}
    for group in GROUPS:
        found.update(group(window))
    return found
