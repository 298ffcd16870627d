"""One night's retraining: a candidate from the base model and the home's own windows, checked against the model in use.

Only a process that ends imports what this needs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from headwise.clock import DAY_NS
from headwise.identity.anchors import not_of
from headwise.identity.checking import LATER, REFUSED, REPLAY, Check, compare
from headwise.models import How, load_model, read_trainable, retrain
from headwise.models.model import Model
from headwise.models.trainable import Trainable
from headwise.testbeds import LabelledWindows
from headwise.testbeds.labelled import join

LEAST_WINDOWS = 20


@dataclass(frozen=True)
class Outcome:
    """What came of a night's retraining.

    Attributes
    ----------
    promoted : bool
        Whether the candidate was not worse anywhere; its file is then whole and there.
    why : tuple of str
        The checks, in words, or why there is no candidate.
    checks : tuple of Check
        On later windows and on the replay set.
    taught : int
        Windows of the home that the candidate learned from.
    """

    promoted: bool
    why: tuple[str, ...]
    checks: tuple[Check, ...] = ()
    taught: int = 0

    @property
    def tried(self) -> bool:
        """Whether there was a candidate."""
        return bool(self.checks)


def split_last_day(windows: LabelledWindows, now: int) -> tuple[LabelledWindows, LabelledWindows]:
    """Return the windows before the last day, and those of it.

    That is the last UTC day, once half of it has passed; else the last 24 hours, so that captures may end at any hour, or less where these
    are all that there is. Where too few windows are left to check on, as of a day in which hardly anything was captured, the days before
    are held out with them.

    Parameters
    ----------
    windows : LabelledWindows
    now : int
        End of the home's last window: ns since 1970 UTC.
    """
    midnight = (now - 1) // DAY_NS * DAY_NS
    moments = [midnight] if 2 * (now - midnight) >= DAY_NS else [now - DAY_NS, midnight]
    moments += range(moments[0] - DAY_NS, int(windows.start.min(initial=now)), -DAY_NS)
    for since in moments:
        later = windows.start >= since
        if min(later.sum(), (~later).sum()) >= LEAST_WINDOWS:
            break
    else:
        later = windows.start >= moments[0]
    return windows.select(~later), windows.select(later)


def split_replay(replay: LabelledWindows) -> tuple[LabelledWindows, LabelledWindows]:
    """Return every other window of each product of a replay sample, the first one too, to learn from, and the rest, to check on."""
    place = np.zeros(len(replay), int)
    for product in np.unique(replay.product.astype(str)):
        rows = np.flatnonzero(replay.product == product)
        place[rows] = np.arange(len(rows))
    return replay.select(place % 2 == 0), replay.select(place % 2 == 1)


def teach(
    base: Path,
    in_use: Path,
    lessons: LabelledWindows,
    output: Path,
    now: int,
    *,
    anchors: LabelledWindows | None = None,
    refused: Sequence[tuple[Path, int]] = (),
    seed: int | None = None,
    jobs: int | None = None,
) -> Outcome:
    """Make a candidate and check it.

    Every night starts again from the base model: what it remembers, and the home's windows of the days that are kept, up to the
    last day, which is held out. So no night's mistake is handed on to the next. The candidate is checked against the model in use
    on the held-out day and on the half of the base model's replay sample that it did not learn from.

    Parameters
    ----------
    base, in_use : Path
        Model files. What only the model in use remembers, such as a product that a person told, is learned too.
    lessons : LabelledWindows
        The home's own windows with their labels.
    output : Path
        Where the candidate is written; removed again where it is not promoted.
    now : int
        End of the home's last window: ns since 1970 UTC.
    anchors : LabelledWindows, optional
        Of devices without a name, labelled by the base model (`headwise.identity.anchors`). Those that turn out to be like what the home
        teaches are left out.
    refused : sequence of pairs of Path and int
        Models that a person rolled back, each with the end of the last window then: the candidate must be better on what came after.
    seed, jobs : int, optional
        As in `headwise.models.How`.
    """
    earlier, later = split_last_day(lessons, now)
    if len(earlier) < LEAST_WINDOWS or len(later) < LEAST_WINDOWS:
        return Outcome(False, (f"{len(earlier)} windows to learn from and {len(later)} of a later day to check on: too few",))
    since = later.select(later.start >= max((moment for _, moment in refused), default=0))
    if refused and len(since) < LEAST_WINDOWS:
        return Outcome(False, (f"{len(since)} windows since a person rolled a model back: too few to better it",))
    start = read_trainable(base)
    if start.replay is None:
        return Outcome(False, ("the base model holds no replay sample, so nobody could tell what a new one forgot",))
    remember, check_on = split_replay(start.replay)
    remember = join([remember, _learned_at_home(read_trainable(in_use), start, earlier)])
    how = How(seed=seed, jobs=jobs)
    start_again = replace(start, replay=remember)
    retrain(start_again, earlier, how).save(output)
    if anchors is not None and len(still := not_of(load_model(output), anchors)):
        retrain(start_again, earlier, how, anchors=still).save(output)
    old, new = load_model(in_use), load_model(output)
    checks = [compare(old, new, later, LATER), compare(reference(start, old, how, output), new, check_on, REPLAY)]
    checks += [compare(load_model(path), new, since, REFUSED) for path, _ in refused]
    promoted = all(check.not_worse for check in checks)
    if not promoted:
        output.unlink()
    return Outcome(promoted, tuple(map(str, checks)), tuple(checks), len(earlier))


def review(in_use: Path, previous: Path, lessons: LabelledWindows, since: int) -> Outcome:
    """Look back at the windows since a model came into use: did it lose products that the one before it knew.

    Returns
    -------
    Outcome
        Promoted where the previous model is to come back.
    """
    fresh = lessons.select(lessons.start >= since)
    if len(fresh) < LEAST_WINDOWS:
        return Outcome(False, ("too few windows since it came into use",))
    old, new = load_model(previous), load_model(in_use)
    check = compare(old, new, fresh, LATER)
    return Outcome(bool(check.lost), (str(check),), (check,))


def reference(base: Trainable, in_use: Model, how: How, beside: Path) -> Model:
    """Return the model that a candidate must not forget more than.

    That is the model in use; but a base model of trees learned the very windows that it would be asked about, and is right on them
    whatever it knows. In its place stands what it would be had it learned the half of the sample that the candidate learned too.
    """
    if base.networks or in_use.manifest.training != base.manifest.training or base.replay is None:
        return in_use
    remember, _ = split_replay(base.replay)
    path = beside.with_name(f".{beside.name}.control.part")
    try:
        retrain(replace(base, replay=None), remember, how).save(path)
        return load_model(path)
    finally:
        path.unlink(missing_ok=True)


def _learned_at_home(in_use: Trainable, base: Trainable, lessons: LabelledWindows) -> LabelledWindows:
    """Return what the model in use remembers of products that neither the base model nor the lessons know."""
    if in_use.replay is None:
        return lessons.select(np.zeros(0, int))
    known = {*base.manifest.classes, *lessons.labels(base.manifest.label).tolist()}
    return in_use.replay.select(~np.isin(in_use.replay.labels(base.manifest.label), sorted(known)))
