"""What spoke for a name, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from headwise.identity.habits import Habits
from headwise.identity.vendor_categories import RANDOM, SHARES, known_for
from headwise.models.fingerprints import Fingerprint, Showing
from headwise.models.knowledge import TELLING, Knowledge

PHRASES: dict[str, str] = {
    "syn_window_sent": "opens TCP connections with a window of {:.0f} bytes",
    "syn_mss_sent": "takes TCP segments of at most {:.0f} bytes",
    "syn_scale_sent": "scales its TCP window by {:.0f} bits",
    "syn_options_sent": "opens TCP connections with {:.0f} options",
    "hello_first_sent": "introduces itself on a connection with {:.0f} bytes",
    "hello_mode_sent": "mostly introduces itself with {:.0f} bytes",
    "dns_first_sent": "first asks for a DNS name in a query of {:.0f} bytes",
    "dns_mode_sent": "mostly asks for DNS names in queries of {:.0f} bytes",
    "dns_max_sent": "sends DNS queries of up to {:.0f} bytes",
    "dhcp_first_sent": "asks for its address in a DHCP message of {:.0f} bytes",
    "mdns_first_sent": "announces itself over mDNS with {:.0f} bytes",
    "ssdp_first_sent": "announces itself over SSDP with {:.0f} bytes",
    "broadcast_first_sent": "calls to everyone with {:.0f} bytes",
    "payload_mode_sent": "mostly sends {:.0f} bytes of payload at once",
    "size_mode_sent": "mostly sends packets of {:.0f} bytes",
    "contact_mode_sent": "turns to a remote every {:.1f} s",
    "connection_mode_sent": "opens a connection every {:.1f} s",
    "ntp_period_sent": "asks for the time every {:.1f} s",
    "ttl_initial_sent": "sends with a TTL of {:.0f}",
    "to_kasa_sent": "talks to TP-Link Kasa's port",
    "to_tuya_sent": "talks to Tuya's ports",
    "to_mqtt_sent": "talks MQTT",
    "to_mqtts_sent": "talks MQTT over TLS",
    "to_xmpp_sent": "talks XMPP",
    "to_stun_sent": "looks for its public address (STUN)",
    "to_push_sent": "waits for push messages",
    "to_rtsp_sent": "talks RTSP",
    "to_coap_sent": "talks CoAP",
    "to_lifx_sent": "talks to LIFX's port",
    "to_sonos_sent": "talks to Sonos's ports",
    "to_airplay_sent": "talks to AirPlay's ports",
    "to_web_sent": "talks to a web server on an unusual port",
}
"""How each telling feature is said."""

_LENGTHS_OF = {
    **dict.fromkeys(("hello_first_sent", "hello_mode_sent"), "hello"),
    **dict.fromkeys(("dns_first_sent", "dns_mode_sent", "dns_max_sent"), "dns"),
}
"""Where one length is the first, the commonest and the largest, it is one reason."""

ALIKE = 0.03
RARE = 0.34
MOST = 3
NO_SIGNS = np.zeros(0, bool)


class Shown:
    """The telling features that a device last showed, its marks and its habits, in memory that does not grow."""

    def __init__(self) -> None:
        self.values = np.full(len(TELLING), np.nan)
        self.fingerprint = Fingerprint()
        self.habits = Habits()

    def add(self, values: np.ndarray, showing: Showing | None = None, signs: np.ndarray = NO_SIGNS) -> None:
        """Count a window in: its telling features, NaN where undefined, its marks and its signs.

        Of ports, once talked to stays talked to.
        """
        self.fingerprint.add(showing or {})
        self.habits.add(signs)
        ports = _PORTS & (self.values == 1)
        self.values = np.where(np.isfinite(values) & ~ports, values, self.values)

    def to_json(self) -> dict[str, Any]:
        """Return what `from_json` takes."""
        values = {name: value for name, value in zip(TELLING, self.values.tolist(), strict=True) if np.isfinite(value)}
        return {"values": values, "marks": self.fingerprint.to_json(), "habits": self.habits.to_json()}

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Shown:
        """Return what `to_json` wrote; features that are not known any more are left out.

        Raises
        ------
        AttributeError, TypeError, ValueError
            Where it is none.
        """
        shown = cls()
        shown.fingerprint = Fingerprint.from_json(content.get("marks", {}))
        # A home of before headwise kept them has none.
        shown.habits = Habits.from_json(content.get("habits", {}))
        for name, value in content.get("values", {}).items():
            if name in TELLING:
                shown.values[TELLING.index(name)] = float(value)
        return shown


def reasons(shown: Shown, product: str, knowledge: Knowledge) -> list[str]:
    """Return what the device does as this product typically does and few others do, rarest first, in words."""
    own = knowledge.typical.get(product, {})
    found: list[tuple[int, str, float]] = []
    for name, value in zip(TELLING, shown.values.tolist(), strict=True):
        if name not in own or not alike(value, own[name]) or (name.startswith("to_") and value != 1):
            continue
        others = sum(alike(value, other.get(name, np.nan)) for label, other in knowledge.typical.items() if label != product)
        if others <= RARE * (len(knowledge.typical) - 1):
            found.append((others, name, value))
    told: dict[tuple[str, float], str] = {}
    for others, name, value in sorted(found):
        told.setdefault((_LENGTHS_OF.get(name, name), value), _said(name, value, others, len(knowledge.typical)))
    return list(told.values())[:MOST]


def alike(one: float, other: float) -> bool:
    """Tell whether two values are the same within 3 %; undefined is like nothing."""
    return bool(abs(one - other) <= ALIKE * max(abs(one), abs(other)))


def _said(name: str, value: float, others: int, known: int) -> str:
    as_others = f"as {others + 1} of {known} known products do" if others else "as no other known product does"
    return f"{PHRASES[name].format(value)}, {as_others}"


def vendor_reason(vendor: str, product: str, vendors: Mapping[str, Mapping[str, int]]) -> list[str]:
    """Return that the vendor is one of the product's, in words; nothing where it is not."""
    return [f"its network card is of {vendor}, as the product's"] if vendors.get(product, {}).get(vendor) else []


def kind_reason(vendor: str | None, category: str) -> list[str]:
    """Return that half or more of what a vendor makes for homes is of a category, in words; nothing where it is not."""
    if vendor is None or known_for(vendor).get(category, 0.0) < SHARES / 2:
        return []
    if vendor == RANDOM:
        return ["its MAC is random, as those of phones and laptops are"]
    return [f"its network card is of {vendor}, which is known for the kind {category}"]


_PORTS = np.array([name.startswith("to_") for name in TELLING])
