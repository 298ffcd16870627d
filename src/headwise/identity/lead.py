"""Which label has been the likeliest of a device, and from when on."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Lead:
    """The label that leads, and when each that ever led last ceased to, in memory that does not grow with time.

    Attributes
    ----------
    place : int or None
        Of the label that leads, among the classes; None before the first window, and where the model has just become one that lacks it.
    begun : int
        Start of the first window with such a label: ns since 1970 UTC.
    latest : int or None
        Start of the last window; None before the first.
    left : dict of int to int
        By place: start of the window with which it last ceased to lead.
    """

    place: int | None = None
    begun: int = 0
    latest: int | None = None
    left: dict[int, int] = field(default_factory=dict)

    def note(self, place: int, start: int) -> None:
        """Note which label leads once a window that began at `start` is counted in.

        One that comes late counts as if it had begun with the last.
        """
        start = start if self.latest is None else max(start, self.latest)
        if self.place is None:
            self.begun = start
        elif place != self.place:
            self.left[self.place] = start
        self.place, self.latest = place, start

    def since(self, places: Collection[int]) -> int | None:
        """Return from when on one of these labels has led: the start of a window; None before the first.

        Of labels that no window made lead, as where the model has just become another one, it is the last window.
        """
        if self.place not in places:
            return self.latest
        return max([self.begun, *(start for place, start in self.left.items() if place not in places)])

    def under(self, classes: Sequence[str], others: Sequence[str]) -> Lead:
        """Return the same for a model of other classes; it begins anew where the label that leads is none of them."""
        if self.place is None or classes[self.place] not in others:
            return Lead(latest=self.latest)
        moved = Lead(others.index(classes[self.place]), self.begun, self.latest)
        for place, start in self.left.items():
            if classes[place] in others:
                moved.left[others.index(classes[place])] = start
            else:
                moved.begun = max(moved.begun, start)
        return moved

    def to_json(self) -> dict[str, Any] | None:
        """Return what `from_json` takes."""
        if self.latest is None:
            return None
        left = {str(place): start for place, start in sorted(self.left.items())}
        return {"place": self.place, "begun": self.begun, "latest": self.latest, "left": left}

    @classmethod
    def from_json(cls, content: Mapping[str, Any] | None, count: int) -> Lead:
        """Return the lead among so many classes that `to_json` wrote.

        Raises
        ------
        AttributeError, KeyError, TypeError, ValueError
            Where it is none.
        """
        if content is None:
            return cls()
        left = {int(place): int(start) for place, start in content["left"].items()}
        place = None if content["place"] is None else int(content["place"])
        found = cls(place, int(content["begun"]), int(content["latest"]), left)
        if not all(0 <= each < count for each in (place or 0, *left)):
            raise ValueError("lead")
        return found
