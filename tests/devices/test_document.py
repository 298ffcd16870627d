"""The document of attribution names what the code has."""

from __future__ import annotations

from headwise.devices import REASONS, Peer
from tests.machine import CHECKOUT


def test_peers_and_reasons_are_in_the_document() -> None:
    """Every kind of peer and every reason has its place in docs/devices.md."""
    text = (CHECKOUT / "docs" / "devices.md").read_text(encoding="utf-8")
    assert [name for name in (*REASONS, *(peer.name.lower() for peer in Peer)) if f"`{name}`" not in text] == []
