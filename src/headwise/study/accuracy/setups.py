"""Row 5: what devices do when they are set up, earlier set-ups against later ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from headwise.study.accuracy.beds import read_bed, teaches
from headwise.study.accuracy.contenders import FAMILIES, OURS, PLAIN
from headwise.study.accuracy.effort import FULL, Effort
from headwise.study.accuracy.row import Row, Say, in_words, table
from headwise.study.accuracy.splits import seen, setup_splits
from headwise.study.accuracy.trials import Trial, by_window, of_lines, together

BED = "aalto-2016"
SIDE_BY_SIDE = (PLAIN, OURS, *FAMILIES)


def rows(data: Path, say: Say, effort: Effort = FULL) -> list[Row]:
    """Return the lines of row 5."""
    windows = read_bed(data, BED, say)
    if windows is None:
        return []
    found: dict[str, dict[str, Trial]] = {each.name: {} for each in SIDE_BY_SIDE}
    for name, train in setup_splits(windows):
        test = seen(windows, train, np.setdiff1d(np.arange(len(windows)), train))
        if not teaches(windows, train, test):
            continue
        split = f"{name} ({len(train)}, scored {len(test)})"
        for each in SIDE_BY_SIDE:
            found[each.name][split] = by_window(windows, train, test, each, effort)
        say(f"row 5: {split}: {found[OURS.name][split].spread.text()}")
    if not found[OURS.name]:
        say(f"{BED} has no earlier and later set-ups of two products: row 5 is left out")
        return []
    plain, ours = (together(list(found[each.name].values())) for each in (PLAIN, OURS))
    splits = list(found[OURS.name])
    measure = f"macro F1 per set-up, earlier to later, {len(set(windows.product.tolist()))} products"
    return [
        Row(
            5,
            measure,
            BED,
            plain.spread.text(),
            ours.spread.text(),
            "0.98",
            values={"plain": plain.spread.mean, "headwise": ours.spread.mean, "headwise, least": ours.spread.least},
            notes=[f"What headwise confuses, all splits and seeds together: {in_words(ours.confused)}."],
            details=[
                f"{BED}, by the set-ups that train, mean over the seeds:",
                "",
                *table(
                    ["set-ups that train", *found], [[split, *(found[name][split].spread.text() for name in found)] for split in splits]
                ),
            ],
        ),
        of_lines(5, measure, BED, plain, ours),
    ]
