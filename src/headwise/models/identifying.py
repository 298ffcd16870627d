"""The devices of a capture, each with its name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from headwise.clock import iso_time
from headwise.devices import Device, format_mac, vendor
from headwise.models.model import Model
from headwise.models.voting import NO_GUESS, Guess, Votes, best, by_category
from headwise.windows import WindowReader


@dataclass(frozen=True)
class Identified:
    """A device of a capture.

    Attributes
    ----------
    mac : str
    vendor : str or None
        Of the MAC.
    role : "device" or "router"
        A router has its traffic listed but is not named: what it sends is mostly other devices' business.
    packets, bytes_sent, bytes_received, windows : int
        Of its traffic. Packets are those sent and received.
    first_seen, last_seen : str
        When it first and last sent something, ISO 8601, UTC.
    product, category : Guess
        Unknown with no probability where nothing names it: without a model, without a window, of a router, or a product where
        the model names only categories.
    """

    mac: str
    vendor: str | None
    role: str
    packets: int
    bytes_sent: int
    bytes_received: int
    windows: int
    first_seen: str
    last_seen: str
    product: Guess = NO_GUESS
    category: Guess = NO_GUESS

    def to_json(self) -> dict[str, Any]:
        """Return the object that ``--json`` prints of a device."""
        return asdict(self)


def identify(reader: WindowReader, model: Model | None) -> list[Identified]:
    """Read captures and name their devices, window by window, in bounded memory.

    Parameters
    ----------
    reader : WindowReader
        Of windows as the model wants them; not read yet.
    model : Model, optional
        Without it there are no names.

    Returns
    -------
    list of Identified
        Those that sent most bytes first, routers last.
    """
    votes, windows = Votes(), Counter[int]()
    for table in reader:
        windows.update(table.device.tolist())
        if model is not None and len(table):
            votes.add(table.device, model.probabilities(table.features, table.sequence))
    named = {mac: names_by(model, votes.of(mac)) for mac in windows} if model is not None else {}
    found = [identified(devices, windows[mac], named.get(mac)) for mac, devices in _by_mac(reader.devices).items()]
    return sorted(found, key=lambda each: (each.role == "router", -each.bytes_sent, each.mac))


Names = tuple[Guess, Guess]


def names_by(model: Model, probabilities: np.ndarray | None) -> Names:
    """Return product and category by the probabilities of windows together."""
    manifest = model.manifest
    if probabilities is None:
        return NO_GUESS, NO_GUESS
    guess = best(probabilities, manifest.classes, manifest.unknown_below)
    if manifest.label == "category":
        return NO_GUESS, guess
    names, summed = by_category(probabilities, manifest.classes, manifest.categories)
    return guess, best(summed, names, manifest.unknown_below)


def _by_mac(devices: Sequence[Device]) -> dict[int, list[Device]]:
    # With windows by capture, a MAC is there once for each capture.
    found: dict[int, list[Device]] = {}
    for device in devices:
        found.setdefault(device.mac, []).append(device)
    return found


def identified(devices: Sequence[Device], windows: int, names: Names | None) -> Identified:
    """Return what is told of a device: of all its captures, which need not be one."""
    mac = devices[0].mac
    role = "router" if any(each.role == "router" for each in devices) else "device"
    product, category = names if names and role != "router" else (NO_GUESS, NO_GUESS)
    return Identified(
        mac=format_mac(mac),
        vendor=vendor(mac),
        role=role,
        packets=sum(each.packets_sent + each.packets_received for each in devices),
        bytes_sent=sum(each.bytes_sent for each in devices),
        bytes_received=sum(each.bytes_received for each in devices),
        windows=windows,
        first_seen=iso_time(min(each.first_seen for each in devices)),
        last_seen=iso_time(max(each.last_seen for each in devices)),
        product=product,
        category=category,
    )
