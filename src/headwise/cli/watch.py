"""`headwise watch`: the devices of a network interface, live."""

from __future__ import annotations

import argparse
import contextlib
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from headwise.cli.runtimes import add_runtime

if TYPE_CHECKING:
    from headwise.cli.live_output import LiveOutput
    from headwise.cli.live_state import LiveState

SUMMARY = "name the devices of a network interface, live"
EXAMPLES = """\
  headwise watch --interface eth0
  headwise watch --interface br-lan --model home.headwise
  headwise watch --interface eth0 --json --length 60 > devices.jsonl

  Needs root or CAP_NET_RAW. Ctrl-C ends it and shows a last table. Only headers leave the kernel.
"""
_WAIT_S = 0.25


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--interface", "-i", metavar="NAME", required=True, help="network interface, such as eth0")
    parser.add_argument("--model", metavar="FILE", type=Path, help="model file (the one that comes with headwise)")
    parser.add_argument("--no-vendor", action="store_true", help="name by traffic alone, not also by the vendor of the MAC")
    add_runtime(parser)
    parser.add_argument("--json", action="store_true", help="print a JSON object a line: windows as they end, devices at each refresh")
    parser.add_argument("--length", metavar="SECONDS", type=float, help="length of a window (600, or the model's)")
    parser.add_argument("--duration", metavar="SECONDS", type=_positive, help="end after so long (at Ctrl-C)")
    parser.add_argument("--refresh", metavar="SECONDS", type=_positive, help="time between two tables (1; with --json 10)")
    parser.add_argument("--no-promiscuous", action="store_true", help="see only packets that are for this machine")


def run(arguments: argparse.Namespace) -> int:
    """Watch until the time is over, Ctrl-C or SIGTERM."""
    from headwise.capture.ring import Ring
    from headwise.cli.live_names import load_names
    from headwise.cli.live_output import JsonLines, table_on
    from headwise.cli.live_state import LiveState
    from headwise.headers.live import LiveReader
    from headwise.windows.live import LiveWindows

    names = load_names(arguments.model, arguments.length, arguments.runtime, use_vendor=not arguments.no_vendor)
    with _asked_to_stop() as stopped, Ring(arguments.interface, promiscuous=not arguments.no_promiscuous) as ring:
        state = LiveState(ring, LiveWindows(LiveReader(ring), names.length, names.sequence), names)
        output = JsonLines(state) if arguments.json else table_on(sys.stdout, state)
        with output:
            _watch(state, output, stopped, arguments)
        _warn(state)
    return 0


def _watch(state: LiveState, output: LiveOutput, stopped: list[int], arguments: argparse.Namespace) -> None:
    begun = time.monotonic()
    end = begun + arguments.duration if arguments.duration else float("inf")
    every = arguments.refresh or (10.0 if arguments.json else 1.0)
    due = begun + every
    while not stopped and (now := time.monotonic()) < end:
        output.windows(state.read(min(_WAIT_S, end - now)), complete=True)
        if time.monotonic() >= due:
            output.devices()
            due = time.monotonic() + every
    for table, complete in state.finish():
        output.windows(table, complete=complete)
    output.end()


@contextlib.contextmanager
def _asked_to_stop() -> Iterator[list[int]]:
    """Yield a list that a signal to stop is put into, in place of ending the process."""
    asked: list[int] = []
    before = {number: signal.signal(number, lambda received, _: asked.append(received)) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _warn(state: LiveState) -> None:
    from headwise.cli.failures import say

    if state.dropped:
        say("headwise watch", f"the kernel dropped {state.dropped} packets on {state.ring.interface}: this machine was too busy")


def _positive(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < 1e9:
        raise argparse.ArgumentTypeError(f"'{text}' is no number of seconds above 0")
    return value
