"""Progress on a terminal."""

from __future__ import annotations

import io

import pytest

from headwise.cli.progress import duration, progress, quantity, share_done


class Terminal(io.StringIO):
    """A text stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Return True."""
        return True


class Clock:
    """Time that passes when told."""

    now = 100.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


def test_a_pipe_gets_nothing() -> None:
    """Where stderr is no terminal nothing is drawn, however long it takes."""
    stream, clock = io.StringIO(), Clock()
    with progress("reading", stream=stream, clock=clock) as show:
        clock.now += 10
        show(5, 10)
    assert stream.getvalue() == ""


def test_nothing_is_drawn_for_two_seconds() -> None:
    """A short job shows no progress."""
    stream, clock = Terminal(), Clock()
    with progress("reading", stream=stream, clock=clock) as show:
        clock.now += 1.9
        show(5, 10)
    assert stream.getvalue() == ""


def test_rate_and_time_left_are_drawn_then_wiped() -> None:
    """After two seconds one line tells how far, how fast and how long still, and goes at the end."""
    stream, clock = Terminal(), Clock()
    with progress("reading", stream=stream, clock=clock) as show:
        clock.now += 4
        show(2_000_000, 10_000_000)
        show(2_000_001, 10_000_000)
    line, *wiped = stream.getvalue().removeprefix("\r").split("\r")
    assert line == "reading: 2 MB of 10 MB (20 %), 500 kB/s, 16 s left"
    assert wiped == [" " * len(line), ""]


def test_unknown_total_has_no_time_left() -> None:
    """Standard input has no length: only what is done and the rate are shown."""
    stream, clock = Terminal(), Clock()
    with progress("reading", unit="packets", stream=stream, clock=clock) as show:
        clock.now += 10
        show(5000, None)
        assert stream.getvalue() == "\rreading: 5 k packets, 500 packets/s"


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0 B"), (999, "999 B"), (1500, "1.5 kB"), (999_900, "1 MB"), (2.5e9, "2.5 GB"), (4e12, "4 TB")]
)
def test_quantity(value: float, text: str) -> None:
    """Amounts have three digits and a prefix."""
    assert quantity(value, "B") == text


@pytest.mark.parametrize(("seconds", "text"), [(0.4, "0 s"), (59, "59 s"), (125, "2 min 5 s"), (7320, "2 h 2 min")])
def test_duration(seconds: float, text: str) -> None:
    """Durations have their two largest units."""
    assert duration(seconds) == text


def test_a_share_is_drawn_with_time_left_and_a_word() -> None:
    """Work of which only the share done is known says how long still and what there is to say of it."""
    stream, clock = Terminal(), Clock()
    with share_done("training", stream=stream, clock=clock) as tell:
        tell(0.01, "loss 2.0000")
        clock.now += 30
        tell(0.25, "loss 0.1234")
        clock.now += 1
        tell(0.5, "")
    assert "training: 25 %, 1 min 30 s left, loss 0.1234" in stream.getvalue()
    assert "training: 50 %, 31 s left " in stream.getvalue()
    assert "2.0000" not in stream.getvalue()


def test_a_pipe_gets_no_share() -> None:
    """Where stderr is no terminal nothing is drawn."""
    stream, clock = io.StringIO(), Clock()
    with share_done("training", stream=stream, clock=clock) as tell:
        clock.now += 30
        tell(0.5, "loss")
    assert stream.getvalue() == ""
