"""MAC addresses as numbers and as text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headwise.devices import format_mac, is_random, parse_mac
from headwise.errors import InputError


@given(st.integers(0, 2**48 - 1))
def test_text_and_back(mac: int) -> None:
    """Every MAC survives being written and read."""
    assert parse_mac(format_mac(mac)) == mac


@pytest.mark.parametrize("text", ["00:17:88:24:76:ff", "00-17-88-24-76-FF", "0017.8824.76ff", "0017882476FF", " 00:17:88:24:76:ff\n"])
def test_usual_spellings(text: str) -> None:
    """All usual ways of writing a MAC are read."""
    assert parse_mac(text) == 0x0017882476FF


@pytest.mark.parametrize("text", ["", "00:17:88:24:76", "00:17:88:24:76:fg", "00:17-88:24:76:ff", "00:17:88:24:76:ff:00", "0017882476f"])
def test_what_is_no_mac_is_refused(text: str) -> None:
    """Anything else is an input error that shows what was given."""
    with pytest.raises(InputError, match="is no MAC address"):
        parse_mac(text)


def test_random_is_the_second_lowest_bit() -> None:
    """Locally administered MACs are told by bit 1 of their first octet."""
    assert is_random(parse_mac("8a:60:8a:92:83:f6"))
    assert not is_random(parse_mac("88:60:8a:92:83:f6"))
