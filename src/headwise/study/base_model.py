"""What the model that comes with headwise learns from: the windows of every test-bed, as many of each unit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from headwise.errors import InputError
from headwise.models.groups import GROUPS
from headwise.models.lines import of_known_line, together
from headwise.models.manifest import FAMILIAR_ABOVE
from headwise.models.training import Trained, train
from headwise.study.accuracy.asked import ask
from headwise.study.accuracy.splits import at_most, of_units
from headwise.testbeds import LabelledWindows, join, load, read_testbeds
from headwise.testbeds.units import FILE as DEVICES

LENGTH_S = 600.0
WINDOWS_A_UNIT = 40
REPLAY = 12
# In another place than those of its training a model is wrong about all windows of a device alike, so that they make it no surer. Chosen
# by trials with each test-bed left out in turn, between what suits names with the vendor and without.
MOST_EVIDENCE = 0.5
HOW = {"family_name": "etc", "group": GROUPS["all-device"], "parameters": {"n_estimators": 60}, "most_evidence": MOST_EVIDENCE}
# Of strangers in another place, those that may get a name: a household is worse off with a wrong one than with none.
WRONG_NAMES = 0.1


def train_base_model(data: Path, say: Callable[[str], None], jobs: int | None = None) -> Trained:
    """Train on all test-beds of a folder.

    Captures shorter than a window, as of set-ups and boots, make a window each; those of longer ones are cut as they are in use.

    Raises
    ------
    InputError
        Where there is no test-bed.
    """
    folders = sorted(path.parent for path in data.glob(f"*/{DEVICES}"))
    if not folders:
        raise InputError("holds no test-bed", where=str(data), do="give the folder that holds the folders of test-beds")
    return train_on(join([windows_of(folder, say) for folder in folders]), [folder.resolve().name for folder in folders], say, jobs)


def train_on(windows: LabelledWindows, testbeds: Sequence[str], say: Callable[[str], None], jobs: int | None = None) -> Trained:
    """Train on windows of test-beds as the model that comes with headwise is."""
    chosen = windows.select(at_most(windows, np.arange(len(windows)), WINDOWS_A_UNIT))
    say(f"training on {len(chosen)} of {len(windows)} windows, {len(set(chosen.product.tolist()))} products")
    training = {"testbeds": list(testbeds)}
    trained = train(chosen, **HOW, jobs=jobs, replay=REPLAY, training=training)  # type: ignore[arg-type]
    say("leaving each test-bed out in turn, to learn what is familiar in another place")
    familiar_above, elsewhere = familiar_abroad(chosen, jobs)
    scores = {**trained.manifest.scores, "other_places": elsewhere}
    return replace(trained, manifest=replace(trained.manifest, familiar_above=familiar_above, scores=scores))


def familiar_abroad(windows: LabelledWindows, jobs: int | None = None) -> tuple[float, dict[str, float]]:
    """Return from what on a unit is familiar in a place that a model has not seen: what all strangers but `WRONG_NAMES` stay under.

    Each test-bed is left out in turn, with the vendor of the MACs. Units of products that are not known but whose line is are no strangers:
    the line is their right name. With one test-bed it is what is assumed of any model.

    Returns
    -------
    float
        The threshold.
    dict of str to float
        With it, there: share of the known units that are familiar and in their right line, share of strangers that are not familiar,
        and how many there are of each. They are of the same units as the threshold.
    """
    ours: list[tuple[float, bool]] = []
    strange: list[float] = []
    for bed in np.unique(windows.testbed.astype(str)).tolist():
        away = windows.testbed == bed
        if len(set(windows.product[~away].tolist())) < 2:
            continue
        trained = train(windows.select(~away), **HOW, jobs=jobs, replay=0, turns=())  # type: ignore[arg-type]
        product, classes = of_units(windows, windows.product), trained.manifest.classes
        for each in ask(trained, windows.select(away), use_vendor=True):
            truth, verdict = product[each.unit], each.verdict
            if truth in classes:
                ours.append((verdict.known, bool(together(classes)[verdict.best, classes.index(truth)])))
            elif not of_known_line([truth], classes)[0]:
                strange.append(verdict.known)
    if not strange:
        return FAMILIAR_ABOVE, {}
    threshold = round(float(np.quantile(strange, 1 - WRONG_NAMES)), 4)
    scores = {
        "known_in_their_line": round(float(np.mean([sure >= threshold and right for sure, right in ours])), 4) if ours else 0.0,
        "known": len(ours),
        "strangers_unknown": round(float((np.array(strange) < threshold).mean()), 4),
        "strangers": len(strange),
    }
    return threshold, scores


def windows_of(folder: Path, say: Callable[[str], None]) -> LabelledWindows:
    """Return windows of ten minutes; of a test-bed whose captures are mostly shorter, windows of whole captures."""
    cut = load(read_testbeds([folder]), length=LENGTH_S)
    whole = load(read_testbeds([folder]), length="capture")
    short = bool(np.median(whole.length_s) < LENGTH_S)
    chosen = replace(whole, length=LENGTH_S) if short else cut
    chosen = chosen.select(chosen.is_class())
    say(f"{folder.name}: {len(chosen)} windows, {'of a capture each' if short else f'of {LENGTH_S:g} s'}")
    return chosen
