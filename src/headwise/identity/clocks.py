"""How far the clocks of captures are believed: one that was ahead must not make all that comes after it old."""

from __future__ import annotations

from typing import Any

import numpy as np

from headwise.clock import DAY_NS, iso_time

# So many windows, and that share of all, are a few: a device's odd packets, and not a day of a home.
FEW, FEW_SHARE = 20, 0.1
FOREVER = 2**63 - 1


def believed_until(stored: np.ndarray, new: np.ndarray, clock: int, kept_ns: int) -> tuple[int, str]:
    """Return the moment up to which windows are believed, and why the later ones are not.

    This machine's clock bounds them, with a day to spare, unless it is behind all that the home knows, as on a router that started without
    a network: then, or where captures are of long ago, it is the home that tells. A few windows that lie further after all others than
    windows are kept are of a clock that was ahead for a moment.

    Parameters
    ----------
    stored, new : int array of n, of m
        Ends of the windows that are kept and of those to take in: ns since 1970 UTC.
    clock : int
        What this machine's clock says: ns since 1970 UTC.
    kept_ns : int
        For how long windows are kept.
    """
    limit, why = FOREVER, ""
    if not (_most_after(stored, clock + DAY_NS) and _most_after(new, clock + DAY_NS)):
        # Windows that were taken in are only doubted where they would make others old.
        known = stored[stored <= clock + kept_ns]
        limit = max(clock, int(known.max(initial=0))) + DAY_NS
        why = f"they are ahead of this machine's clock, which says {iso_time(clock)[:16]}Z"
    while (start := _stray(stored[stored <= limit], new[new <= limit], clock, kept_ns)) is not None:
        limit, why = start, f"they lie more than {kept_ns // DAY_NS} days after all others, so their clock was ahead"
    return limit, why


def not_after(content: Any, moment: int) -> Any:
    """Return what is kept of devices with no time after a moment: it would be of a clock that was ahead, and stand still until then.

    Parameters
    ----------
    content : JSON value
        As `headwise.identity.Identities.to_json` gives it.
    moment : int
        ns since 1970 UTC.
    """
    if isinstance(content, dict):
        return {name: not_after(each, moment) for name, each in content.items()}
    if isinstance(content, list):
        return [not_after(each, moment) for each in content]
    # Nothing else that is kept of a device is a whole number as large as a time.
    return min(content, moment) if isinstance(content, int) else content


def _most_after(ends: np.ndarray, moment: int) -> bool:
    return not len(ends) or float((ends > moment).mean()) > 0.5


def _stray(stored: np.ndarray, new: np.ndarray, clock: int, kept_ns: int) -> int | None:
    """Return the end of the last window before the few that lie far after it; None where there are none such."""
    ends = np.sort(np.concatenate([stored, new]))
    gaps = np.flatnonzero(np.diff(ends) > kept_ns)
    if not len(gaps):
        return None
    before = int(gaps[-1]) + 1
    after = len(ends) - before
    few = after <= FEW and after <= FEW_SHARE * len(ends)
    # What is of now is no stray; and where the night brought nothing else, the home was off in between.
    if not few or abs(clock - int(ends[-1])) <= DAY_NS or not (new <= ends[before - 1]).any():
        return None
    return int(ends[before - 1])
