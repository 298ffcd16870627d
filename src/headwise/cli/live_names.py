"""Names for the devices of a live capture: what all windows of a device so far say together."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from headwise.errors import InputError
from headwise.models.identifying import Identified, Names, identified, names_by
from headwise.models.voting import NO_GUESS, Votes

if TYPE_CHECKING:
    from headwise.devices import Device
    from headwise.models.model import Model
    from headwise.windows import WindowTable

LENGTH_S = 600.0


@dataclass
class LiveNames:
    """Counts windows and votes of devices, in memory that does not grow with time.

    Attributes
    ----------
    model : Model or None
        What names windows; without one devices stay unknown.
    length : float
        Seconds of a window.
    sequence : int
        Packets of a window's sequence.
    """

    model: Model | None = None
    length: float = LENGTH_S
    sequence: int = 0
    _windows: Counter[int] = field(default_factory=Counter)
    _votes: Votes = field(default_factory=Votes)

    def add(self, table: WindowTable) -> list[Names]:
        """Count windows in; return the product and category that each of them alone would be."""
        self._windows.update(table.device.tolist())
        if self.model is None or not len(table):
            return [(NO_GUESS, NO_GUESS)] * len(table)
        probabilities = self.model.probabilities(table.features, table.sequence)
        self._votes.add(table.device, probabilities)
        return [names_by(self.model, row) for row in probabilities]

    def of(self, device: Device) -> Identified:
        """Return a device with its traffic and its names so far."""
        names = names_by(self.model, self._votes.of(device.mac)) if self.model is not None else None
        return identified([device], self._windows[device.mac], names)


def load_names(model: Path | None, length: float | None, runtime: str | None = None) -> LiveNames:
    """Return names by a model file in a runtime, or by none.

    Raises
    ------
    InputError
        Where the windows asked for are not those of the model.
    """
    if model is None:
        return LiveNames(length=LENGTH_S if length is None else length)
    from headwise.models.model import load_model
    from headwise.models.runtime import choose_runtime, stay_small

    stay_small()
    loaded = load_model(model, choose_runtime(runtime))
    own = loaded.manifest.length
    if own == "capture":
        raise InputError(
            "was trained on windows of whole captures, which a live capture has none of", where=str(model), do="train one by time"
        )
    if length is not None and length != own:
        raise InputError(f"was trained on windows of {own:g} s, not {length:g} s", where=str(model), do="leave --length out")
    return LiveNames(loaded, float(own), loaded.manifest.sequence)
