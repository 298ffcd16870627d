"""Names for the devices of a live capture: what all windows of a device so far say together."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from headwise.errors import InputError
from headwise.identity.answer import NOTHING, Answer
from headwise.identity.identifying import Identified, Names, identified
from headwise.models.base import PATH

if TYPE_CHECKING:
    from headwise.devices import Device
    from headwise.windows import WindowTable

LENGTH_S = 600.0


@dataclass
class LiveNames:
    """Counts windows and what they say of devices, in memory that does not grow with time.

    Attributes
    ----------
    names : Names or None
        What names devices; without it they have no name.
    length : float
        Seconds of a window.
    sequence : int
        Packets of a window's sequence.
    """

    names: Names | None = None
    length: float = LENGTH_S
    sequence: int = 0
    _windows: Counter[int] = field(default_factory=Counter)

    def add(self, table: WindowTable) -> list[Answer]:
        """Count windows in; return what each of them alone would say."""
        self._windows.update(table.device.tolist())
        if self.names is None:
            return [NOTHING] * len(table)
        self.names.add(table)
        return self.names.alone(table)

    def of(self, device: Device) -> Identified:
        """Return a device with its traffic and what is said of it so far."""
        answer = self.names.of(device.mac) if self.names is not None else NOTHING
        return identified([device], self._windows[device.mac], answer)


def load_names(model: Path | None, length: float | None, runtime: str | None = None, *, use_vendor: bool = True) -> LiveNames:
    """Return names by a model file in a runtime.

    Without a file it is the model that comes with headwise, and for windows of another length than its own there are no names.

    Raises
    ------
    InputError
        Where the windows asked for are not those of the model.
    """
    from headwise.models.model import load_model
    from headwise.models.runtime import choose_runtime, stay_small

    if model is None and length not in (None, LENGTH_S):
        return LiveNames(length=length or LENGTH_S)
    model = model or PATH
    stay_small()
    loaded = load_model(model, choose_runtime(runtime))
    own = loaded.manifest.length
    if own == "capture":
        raise InputError(
            "was trained on windows of whole captures, which a live capture has none of", where=str(model), do="train one by time"
        )
    if length is not None and length != own:
        raise InputError(f"was trained on windows of {own:g} s, not {length:g} s", where=str(model), do="leave --length out")
    return LiveNames(Names(loaded, use_vendor), float(own), loaded.manifest.sequence)
