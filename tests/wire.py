"""A wire to test on: two ends of a virtual cable in a network namespace of their own."""

from __future__ import annotations

import contextlib
import ctypes
import os
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
_NEW_NETWORK = 0x40000000


@dataclass(frozen=True)
class Wire:
    """A namespace with the interfaces `near` and `far`, on which nothing but a test speaks."""

    ip: str
    namespace: str
    near: str = "near0"
    far: str = "far0"

    def command(self, *words: str) -> list[str]:
        """Return a command line that runs inside."""
        return [self.ip, "netns", "exec", self.namespace, *words]

    def inside(self, work: Callable[[], T]) -> T:
        """Run `work` in a thread of its own that has moved inside, and return its result."""
        results: list[T] = []
        errors: list[BaseException] = []

        def run() -> None:
            try:
                _move_to(self.namespace)
                results.append(work())
            except BaseException as error:
                errors.append(error)

        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
        if errors:
            raise errors[0]
        return results[0]

    def send(self, frames: Iterable[bytes]) -> int:
        """Put frames on the wire at the near end; return how many."""

        def work() -> int:
            sent = 0
            with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as end:
                end.bind((self.near, 0))
                for frame in frames:
                    end.send(frame)
                    sent += 1
            return sent

        return self.inside(work)


@contextlib.contextmanager
def laid(ip: str) -> Iterator[Wire]:
    """Yield a wire that is taken away again."""
    wire = Wire(ip, f"headwise-{os.getpid()}-{time.monotonic_ns() % 10**6}")
    _do(ip, "netns", "add", wire.namespace)
    try:
        # No addresses: the machine's own chatter must not mix with the test's packets.
        _do(*wire.command("sh", "-c", "echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6"))
        _do(*wire.command(ip, "link", "add", wire.near, "mtu", "9000", "type", "veth", "peer", "name", wire.far, "mtu", "9000"))
        for end in (wire.near, wire.far):
            _do(*wire.command(ip, "link", "set", end, "up"))
        yield wire
    finally:
        _do(ip, "netns", "delete", wire.namespace)


def _do(*words: str) -> None:
    subprocess.run(words, check=True, capture_output=True, timeout=30)


def _move_to(namespace: str) -> None:
    with Path("/var/run/netns", namespace).open() as name:
        if ctypes.CDLL(None, use_errno=True).setns(name.fileno(), _NEW_NETWORK):
            raise OSError(ctypes.get_errno(), "setns")
