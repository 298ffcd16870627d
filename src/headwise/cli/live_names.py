"""Names for the devices of a live capture: what all windows of a device so far say together."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from headwise.errors import InputError

if TYPE_CHECKING:
    from headwise.models.model import Model
    from headwise.windows import WindowTable

LENGTH_S = 600.0
Name = tuple[str, float | None]
UNNAMED: Name = ("unknown", None)


@dataclass
class Names:
    """Keeps a vote a device: the sum of its windows' logarithms of probabilities, so that memory does not grow with time.

    Attributes
    ----------
    model : Model or None
        What names windows; without one devices stay unknown.
    length : float
        Seconds of a window.
    sequence : int
        Packets of a window's sequence.
    windows : dict of int to int
        Windows of each MAC so far.
    """

    model: Model | None = None
    length: float = LENGTH_S
    sequence: int = 0
    windows: dict[int, int] = field(default_factory=dict)
    _sums: dict[int, np.ndarray] = field(default_factory=dict)

    def add(self, table: WindowTable) -> list[tuple[Name, Name]]:
        """Count the windows in; return the product and category that each of them alone would be."""
        for mac in table.device.tolist():
            self.windows[mac] = self.windows.get(mac, 0) + 1
        if self.model is None or not len(table):
            return [(UNNAMED, UNNAMED)] * len(table)
        probabilities = self.model.probabilities(table.features, table.sequence)
        for mac, row in zip(table.device.tolist(), probabilities, strict=True):
            self._sums[mac] = self._sums.get(mac, 0.0) + np.log(row)
        return [self._named(row) for row in probabilities]

    def of(self, mac: int) -> tuple[Name, Name]:
        """Return product and category of a device, each a label and its probability."""
        if mac not in self._sums:
            return UNNAMED, UNNAMED
        mean = np.exp(self._sums[mac] / self.windows[mac])
        return self._named(mean / mean.sum())

    def _named(self, probabilities: np.ndarray) -> tuple[Name, Name]:
        from headwise.models.voting import best, by_category

        assert self.model is not None
        manifest = self.model.manifest
        guess = best(probabilities, manifest.classes, manifest.unknown_below)
        if manifest.label == "category":
            return UNNAMED, (guess.label, guess.probability)
        names, grouped = by_category(probabilities, manifest.classes, manifest.categories)
        category = best(grouped, names, manifest.unknown_below)
        return (guess.label, guess.probability), (category.label, category.probability)


def load_names(model: Path | None, length: float | None) -> Names:
    """Return names by a model file, or by none.

    Raises
    ------
    InputError
        Where the windows asked for are not those of the model.
    """
    if model is None:
        return Names(length=LENGTH_S if length is None else length)
    from headwise.models.model import load_model

    loaded = load_model(model)
    own = loaded.manifest.length
    if own == "capture":
        raise InputError(
            "was trained on windows of whole captures, which a live capture has none of", where=str(model), do="train one by time"
        )
    if length is not None and length != own:
        raise InputError(f"was trained on windows of {own:g} s, not {length:g} s", where=str(model), do="leave --length out")
    return Names(loaded, float(own), loaded.manifest.sequence)
