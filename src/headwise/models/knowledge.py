"""What a model file knows of its products beside the graphs: who makes their network cards, and what is telling about their traffic.

It stands in the file as `knowledge.json`. Nothing of it is shown to the graphs: a vendor is a prior of the identity, which can be
switched off, and what is telling serves to say in words what spoke for a name.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from headwise.devices import vendor
from headwise.errors import ModelFileError
from headwise.models.fingerprints import Shares, learn_fingerprints, mean_shares, showings
from headwise.models.manifest import MOST_CLASSES, MOST_LETTERS
from headwise.testbeds import LabelledWindows

FILE = "knowledge.json"
MOST_BYTES = 8 << 20
MOST_ENTRIES = 1000

UNLISTED = ""
"""Stands for the vendor of a MAC that no vendor is known of."""

TELLING = (
    "syn_window_sent",
    "syn_mss_sent",
    "syn_scale_sent",
    "syn_options_sent",
    "hello_first_sent",
    "hello_mode_sent",
    "dns_first_sent",
    "dns_mode_sent",
    "dns_max_sent",
    "dhcp_first_sent",
    "mdns_first_sent",
    "ssdp_first_sent",
    "broadcast_first_sent",
    "payload_mode_sent",
    "size_mode_sent",
    "contact_mode_sent",
    "connection_mode_sent",
    "ntp_period_sent",
    "ttl_initial_sent",
    "to_kasa_sent",
    "to_tuya_sent",
    "to_mqtt_sent",
    "to_mqtts_sent",
    "to_xmpp_sent",
    "to_stun_sent",
    "to_push_sent",
    "to_rtsp_sent",
    "to_coap_sent",
    "to_lifx_sent",
    "to_sonos_sent",
    "to_airplay_sent",
    "to_web_sent",
)
"""Features that mean something to a person and last: of a kind of port, only whether it was talked to."""


@dataclass(frozen=True)
class Knowledge:
    """Of each product that a model knows.

    Attributes
    ----------
    vendors : mapping of str to mapping of str to int
        Product to the vendors of its units' MACs, with the number of units; `UNLISTED` where there is none.
    typical : mapping of str to mapping of str to float
        Product to its median of each of the `TELLING` features that it showed.
    fingerprints : mapping of str to Shares
        Product to how often it shows each token of each mark.
    """

    vendors: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    typical: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    fingerprints: Mapping[str, Shares] = field(default_factory=dict)

    def to_json(self) -> bytes:
        """Return the bytes of the file, the same for the same content."""
        content = {"vendors": self.vendors, "typical": self.typical, "fingerprints": self.fingerprints}
        return json.dumps(content, indent=1, sort_keys=True, allow_nan=False, ensure_ascii=False).encode() + b"\n"


def telling_values(features: np.ndarray, names: tuple[str, ...]) -> np.ndarray:
    """Return the `TELLING` features (n x len(TELLING)); a share of packets to a kind of port becomes 1 where there is any."""
    padded = np.concatenate([features, np.full((len(features), 1), np.nan, features.dtype)], axis=1)
    place_of = {name: place for place, name in enumerate(names)}
    # Other feature sets have none of them.
    values: np.ndarray = padded[:, [place_of.get(name, -1) for name in TELLING]].astype(float)
    ports = [place for place, name in enumerate(TELLING) if name.startswith("to_")]
    values[:, ports] = np.where(np.isnan(values[:, ports]), np.nan, values[:, ports] > 0)
    return values


def learn_knowledge(windows: LabelledWindows) -> Knowledge:
    """Return what labelled windows show of their products."""
    units: dict[str, set[tuple[str, int]]] = {}
    for product, unit, mac in zip(windows.product, windows.units(), windows.device.tolist(), strict=True):
        units.setdefault(str(product), set()).add((unit, mac))
    vendors = {product: dict(Counter(vendor(mac) or UNLISTED for _, mac in found)) for product, found in units.items()}
    values = telling_values(windows.features, windows.names)
    typical = {product: _typical(values[windows.product == product]) for product in units}
    shown = zip(map(str, windows.product), windows.units(), showings(windows.features, windows.names), strict=True)
    return Knowledge(vendors, typical, learn_fingerprints(shown))


def joined(earlier: Knowledge, later: Knowledge) -> Knowledge:
    """Return what both say; of products that are in both, units are counted once where they may be the same, and marks are averaged."""
    vendors = {product: dict(found) for product, found in earlier.vendors.items()}
    for product, found in later.vendors.items():
        own = vendors.setdefault(product, {})
        for name, count in found.items():
            own[name] = max(own.get(name, 0), count)
    fingerprints = {
        product: mean_shares([found[product] for found in (earlier.fingerprints, later.fingerprints) if product in found])
        for product in sorted({*earlier.fingerprints, *later.fingerprints})
    }
    return Knowledge(vendors, {**earlier.typical, **later.typical}, fingerprints)


def read_knowledge(content: bytes, where: str) -> Knowledge:
    """Read and check the file, which is untrusted.

    Raises
    ------
    ModelFileError
        Where it is no such file, or larger than it can be.
    """
    try:
        if len(content) > MOST_BYTES:
            raise ValueError("size")
        parsed = json.loads(content.decode())
        return Knowledge(
            {product: _counts(found) for product, found in _entries(parsed["vendors"], MOST_CLASSES).items()},
            {product: _numbers(found) for product, found in _entries(parsed["typical"], MOST_CLASSES).items()},
            # Model files of before there were marks have none.
            {product: _shares(found) for product, found in _entries(parsed.get("fingerprints", {}), MOST_CLASSES).items()},
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ModelFileError(f"holds a {FILE} that is none", where=where, do="get the model file again") from error


def _typical(values: np.ndarray) -> dict[str, float]:
    shown = {name: column[np.isfinite(column)] for name, column in zip(TELLING, values.T, strict=True)}
    return {name: round(float(np.median(column)), 4) for name, column in shown.items() if len(column)}


def _entries(value: Any, most: int) -> dict[str, Any]:
    if not isinstance(value, dict) or len(value) > most or any(len(key) > MOST_LETTERS for key in value):
        raise ValueError("entries")
    return value


def _counts(value: Any) -> dict[str, int]:
    found = _entries(value, MOST_ENTRIES)
    if not all(type(count) is int and 0 < count < 1 << 31 for count in found.values()):
        raise ValueError("counts")
    return found


def _shares(value: Any) -> dict[str, dict[str, float]]:
    found = {mark: _numbers(shares) for mark, shares in _entries(value, MOST_ENTRIES).items()}
    if not all(0 < share <= 1 for shares in found.values() for share in shares.values()):
        raise ValueError("shares")
    return found


def _numbers(value: Any) -> dict[str, float]:
    found = {name: float(number) for name, number in _entries(value, MOST_ENTRIES).items()}
    if not all(map(math.isfinite, found.values())):
        raise ValueError("numbers")
    return found
