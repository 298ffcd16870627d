"""Which changes of devices were told already: nights look at the same windows again and again."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from headwise.clock import DAY_NS
from headwise.devices import format_mac, parse_mac
from headwise.identity.drift import Drift


@dataclass(frozen=True)
class Noticed:
    """A change that was told.

    Attributes
    ----------
    device : int
        MAC.
    quantity : str
        Of which it was a change.
    rising : bool
        Whether it is more since.
    time, noticed : int
        About when it changed, and when there was enough to tell: ns since 1970 UTC.
    """

    device: int
    quantity: str
    rising: bool
    time: int
    noticed: int

    @classmethod
    def of(cls, drift: Drift) -> Noticed:
        """Return what is remembered of a change."""
        return cls(drift.device, drift.quantity, drift.after > drift.before, drift.time, drift.noticed)

    def is_same(self, other: Noticed) -> bool:
        """Tell whether another look at a device found this change again: about when it was depends on what is kept."""
        about = self.time - DAY_NS <= other.time <= self.noticed
        return about and (self.device, self.quantity, self.rising) == (other.device, other.quantity, other.rising)

    def to_json(self) -> dict[str, Any]:
        """Return what `from_json` takes."""
        return {
            "device": format_mac(self.device),
            "quantity": self.quantity,
            "rising": self.rising,
            "time": self.time,
            "noticed": self.noticed,
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Noticed:
        """Return what `to_json` wrote.

        Raises
        ------
        KeyError, TypeError, ValueError
            Where it is none.
        """
        time, noticed = int(content["time"]), int(content["noticed"])
        return cls(parse_mac(content["device"]), str(content["quantity"]), bool(content["rising"]), time, noticed)


def news(drifts: Collection[Drift], told: Collection[Noticed]) -> list[Drift]:
    """Return the changes that were not told yet."""
    return [drift for drift in drifts if not any(each.is_same(Noticed.of(drift)) for each in told)]
