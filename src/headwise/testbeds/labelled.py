"""Windows whose device is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Literal

import numpy as np

from headwise.testbeds.units import NOT_CLASSES, Unit

Label = Literal["device", "category"]
Length = float | Literal["capture", "flow"]


@dataclass(frozen=True)
class LabelledWindows:
    """Windows of known devices: n rows that belong together by position.

    Attributes
    ----------
    device : uint64 array of n
        MAC.
    start : int64 array of n
        Nanoseconds since 1970, UTC.
    length_s : float64 array of n
        Seconds.
    features : float32 array of n x F
        NaN where undefined.
    sequence : float32 array of n x L x 4
        The first packets.
    capture : int32 array of n
        Index of the file where each file is a window, else -1.
    testbed, unit, product, category : object array of n
        Of the device.
    names : tuple of str
        Of the features.
    version : int
        Of the features.
    length : float, "capture" or "flow"
        How the windows were cut; each is a flow where it is the last.
    """

    device: np.ndarray
    start: np.ndarray
    length_s: np.ndarray
    features: np.ndarray
    sequence: np.ndarray
    capture: np.ndarray
    testbed: np.ndarray
    unit: np.ndarray
    product: np.ndarray
    category: np.ndarray
    names: tuple[str, ...]
    version: int
    length: Length

    def __len__(self) -> int:
        return len(self.device)

    def labels(self, label: Label) -> np.ndarray:
        """Return what each window's device is: its product or its category."""
        return self.product if label == "device" else self.category

    def units(self) -> np.ndarray:
        """Return for each window ``testbed/unit``, which names one physical device."""
        return np.array([f"{testbed}/{unit}" for testbed, unit in zip(self.testbed, self.unit, strict=True)], object)

    def is_class(self) -> np.ndarray:
        """Return for each window whether its product is something to learn."""
        return ~np.isin(self.category, list(NOT_CLASSES))

    def select(self, rows: np.ndarray) -> LabelledWindows:
        """Return the windows that a mask or an array of positions names."""
        columns: dict[str, Any] = {name: getattr(self, name)[rows] for name in _ROWS}
        return replace(self, **columns)

    def categories(self) -> dict[str, str]:
        """Return the category of each product."""
        return dict(sorted(zip(self.product.tolist(), self.category.tolist(), strict=True)))


_ROWS = tuple(field.name for field in fields(LabelledWindows) if field.type == "np.ndarray")


def join(parts: Sequence[LabelledWindows]) -> LabelledWindows:
    """Return the windows of several test-beds as one, in the order given."""
    columns: dict[str, Any] = {name: np.concatenate([getattr(part, name) for part in parts]) for name in _ROWS}
    return replace(parts[0], **columns)


def labels_of(units: Sequence[Unit], device: np.ndarray) -> dict[str, np.ndarray]:
    """Return test-bed, unit, product and category of each MAC; every MAC must be of one of the units."""
    known = {unit.mac: unit for unit in units}
    of = [known[mac] for mac in device.tolist()]
    return {
        "testbed": np.array([unit.testbed for unit in of], object),
        "unit": np.array([unit.name for unit in of], object),
        "product": np.array([unit.product for unit in of], object),
        "category": np.array([unit.category for unit in of], object),
    }
