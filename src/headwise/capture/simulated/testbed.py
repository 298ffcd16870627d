"""A simulated home as a test-bed on disk: captures, `devices.csv`, `interactions.csv`, `README.md`, `SHA256SUMS`."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from headwise.capture.simulated.frames import encode
from headwise.capture.simulated.home import MOST_DEVICES, Home
from headwise.durable import replacing
from headwise.errors import InputError, SystemFailure

MARK = "# A simulated home\n"
_README = (
    MARK
    + """
Written by `headwise simulate --devices {devices} --days {days} --seed {seed} --start {start:%Y-%m-%d} --format {form} --snap {snap}`.
The same command writes the same bytes.

**Nothing here was captured.** Products are invented, and so are their habits: no score on this traffic says anything about the
accuracy on a real home. It serves demonstrations, tests of the way from a capture to names, and load tests.

One capture a UTC day of the whole home, as its router sees it (Ethernet, IPv4 and IPv6, nanoseconds). Payload bytes are zero and so
are messages of DNS, DHCP and their like; lengths, addresses, ports, TCP numbers and checksums are consistent. Addresses of servers
are of the blocks for documentation (RFC 5737, RFC 3849). The first half of a MAC is a real maker's of network modules, the
router's is of the block for documentation (RFC 7042), the phone's is random. `interactions.csv` says when someone used a device.
"""
)


@dataclass(frozen=True)
class Plan:
    """What to simulate.

    Attributes
    ----------
    devices, days : int
        Units besides the router, the phone and the laptop; UTC days.
    seed : int
        Chance: the same plan writes the same bytes.
    start : datetime
        First day.
    form : {"pcap", "pcapng"}
        Capture format.
    snap : int
        Bytes kept of each frame; 0 keeps all.
    """

    devices: int = 9
    days: int = 3
    seed: int = 1
    start: datetime = datetime(2026, 1, 1, tzinfo=UTC)
    form: str = "pcap"
    snap: int = 128

    def check(self) -> None:
        """Raise InputError where a value is outside its limits."""
        limits = {"devices": (1, MOST_DEVICES), "days": (1, 3660), "seed": (0, 2**63), "snap": (0, 262144)}
        for name, (least, most) in limits.items():
            if not least <= getattr(self, name) <= most:
                raise InputError(f"{getattr(self, name)} is not from {least} to {most}", where=f"--{name}")
        if 0 < self.snap < 14:
            raise InputError(f"{self.snap} bytes hold no Ethernet header", where="--snap", do="give 0 for whole frames, or 14 and more")
        if not 1970 <= self.start.year <= 2099:
            raise InputError(f"the year {self.start.year} is not from 1970 to 2099", where="--start")


def write(plan: Plan, folder: Path, progress: Callable[[int, int | None], None] | None = None) -> int:
    """Write the test-bed and return its number of packets.

    Parameters
    ----------
    folder : pathlib.Path
        Made where it is missing. An earlier simulated home in it is replaced.
    progress : callable, optional
        Called with days done and days in all.

    Raises
    ------
    InputError
        Where a value of the plan is outside its limits, or the folder holds something else.
    """
    plan.check()
    _prepare(folder)
    home = Home(plan.devices, int(plan.start.timestamp()) * 10**9, plan.seed)
    packets, sums, actions = 0, {}, []
    for number, day in enumerate(home.days(plan.days)):
        name = f"captures/home-{_utc(day.start):%Y-%m-%d}.{plan.form}"
        sums[name] = _put(folder / name, encode(day.packets, home.house.book, form=plan.form, snap=plan.snap))
        packets += len(day.packets["time"])
        actions += day.actions
        if progress:
            progress(number + 1, plan.days)
    sums["devices.csv"] = _put(folder / "devices.csv", [_devices(home)])
    sums["interactions.csv"] = _put(folder / "interactions.csv", [_interactions(actions)])
    sums["README.md"] = _put(folder / "README.md", [_README.format(**vars(plan)).encode()])
    _put(folder / "SHA256SUMS", ["".join(f"{digest}  {name}\n" for name, digest in sums.items()).encode()])
    return packets


def _prepare(folder: Path) -> None:
    """Make the folder, or empty it of an earlier simulated home."""
    try:
        if folder.is_dir() and any(folder.iterdir()):
            readme = folder / "README.md"
            if not readme.is_file() or not readme.read_bytes().startswith(MARK.encode()):
                raise InputError("the folder holds something else", where=str(folder), do="name a new or empty folder")
            for old in folder.glob("captures/home-*.pcap*"):
                old.unlink()
        (folder / "captures").mkdir(parents=True, exist_ok=True)
        # The mark comes first, so that an interrupted run can be run again.
        _put(folder / "README.md", [MARK.encode()])
    except FileExistsError as error:
        raise InputError("is no folder", where=str(folder), do="name a new or empty folder") from error
    except OSError as error:
        raise SystemFailure(f"cannot write: {error.strerror}", where=str(folder)) from error


def _put(path: Path, pieces: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    with replacing(path) as file:
        for piece in pieces:
            digest.update(piece)
            file.write(piece)
    return digest.hexdigest()


def _devices(home: Home) -> bytes:
    lines = ["mac,device,model,category,notes"]
    for inhabitant in home.inhabitants:
        mac = inhabitant.unit.mac.to_bytes(6, "big").hex(":")
        lines.append(f"{mac},{inhabitant.unit.name},simulated-{inhabitant.product.name},{inhabitant.product.category},simulated")
    return ("\n".join(lines) + "\n").encode()


def _interactions(actions: list[tuple[int, int, str, str]]) -> bytes:
    lines = ["start_utc,end_utc,device,action"]
    lines += [f"{_stamp(start)},{_stamp(end)},{device},{action}" for start, end, device, action in actions]
    return ("\n".join(lines) + "\n").encode()


def _utc(time: int) -> datetime:
    return datetime.fromtimestamp(time // 10**9, UTC)


def _stamp(time: int) -> str:
    return f"{_utc(time):%Y-%m-%dT%H:%M:%S}.{time % 10**9 // 1000:06}Z"
