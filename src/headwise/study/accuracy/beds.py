"""Windows of the test-beds, read once a run and shared by all rows of the table."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from headwise.study.accuracy.row import Say
from headwise.testbeds import LabelledWindows, Length, join, load, read_testbeds
from headwise.testbeds.interactions import FILE as INTERACTIONS
from headwise.testbeds.interactions import Interaction, read_interactions
from headwise.testbeds.units import FILE as DEVICES

# Their captures are one set-up and one boot each; the captures of all others go on for hours.
SHORT = ("aalto-2016", "boston-2021")
WINDOW_S = 600.0

_READ: dict[tuple[Path, str, Length], LabelledWindows] = {}


def read_bed(data: Path, name: str, say: Say, length: Length | None = None) -> LabelledWindows | None:
    """Return the windows of a test-bed in the order of time; None, and a word of it, where it is missing.

    Parameters
    ----------
    data : Path
        Folder of the test-beds.
    length : float or "capture", optional
        By default that which suits the test-bed's captures.
    """
    if not (data / name / DEVICES).is_file():
        say(f"{name} is not in the folder: left out")
        return None
    chosen: Length = length if length is not None else ("capture" if name in SHORT else WINDOW_S)
    key = (data.resolve(), name, chosen)
    if key not in _READ:
        say(f"reading {name}, windows of {chosen if isinstance(chosen, str) else f'{chosen:.0f} s'}")
        # Trees look at no sequence, and those of all windows would be a lot of memory.
        windows = load(read_testbeds([data / name]), length=chosen, sequence=1)
        _READ[key] = windows.select(np.lexsort((windows.device, windows.start)))
    return _READ[key]


def every_bed(data: Path, say: Say) -> LabelledWindows | None:
    """Return the windows of all test-beds as one; None, and a word of it, where there are not two of them."""
    names = sorted(path.parent.name for path in data.glob(f"*/{DEVICES}"))
    found = [bed for name in names if (bed := read_bed(data, name, say)) is not None and len(bed)]
    if len(found) < 2:
        say("there are no two test-beds in the folder: rows over all of them are left out")
        return None
    return join(found)


def time_line(data: Path, name: str, say: Say) -> list[Interaction]:
    """Return what was done to the units of a test-bed; nothing, and a word of it, where nobody wrote that down."""
    if not (data / name / INTERACTIONS).is_file():
        say(f"{name} has no {INTERACTIONS}: rows that need it are left out")
        return []
    return read_interactions(data / name)


def teaches(windows: LabelledWindows, train: np.ndarray, test: np.ndarray) -> bool:
    """Return whether there are two products to tell apart among what trains, and anything to score."""
    return len(test) > 0 and len(set(windows.product[train].tolist())) > 1
