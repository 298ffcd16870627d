"""What a device does that tells its kind: how many servers it turns to, how it announces itself, which way the bulk goes, known ports.

A *sign* is what one window shows or does not, a *habit* what the windows of a device together say of it. Habits are few and mean something
to a person; what each says of a device's kind stands in `headwise.identity.habit_categories`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

Columns = Callable[[str], np.ndarray]
"""Gives a feature of all windows by its name; 0 where undefined."""

# Of a window of ten minutes: what one app or cloud service does not come to, and a television or a speaker soon does.
MANY_NAMES, MANY_SERVERS, MANY_HELLOS = 8, 15, 6
# Bytes that take more than settings and updates of state: some seconds of film, and how lopsided they are.
UPLOAD, UPLOAD_RATIO = 300e3, 4.0
DOWNLOAD, DOWNLOAD_RATIO = 800e3, 2.0
# A stack that scales its TCP window so far has megabytes to spare.
LARGE_SCALE = 5
# Datagrams of its own to the internet in a window that keep a way open through the router.
RELAY_DATAGRAMS = 4

LEAST_SHARE = 0.01
"""Share of windows that must show a sign: over days, a source port or a name is like anything once."""
MOSTLY = 0.5
MOST_WINDOWS = 1000
"""Windows from which on the earlier ones count half."""

KNOWN_UDP = tuple(f"to_{name}_sent" for name in ("dns", "mdns", "ssdp", "dhcp", "ntp", "https"))


def _ports(*names: str) -> Callable[[Columns], np.ndarray]:
    return lambda column: np.any([column(name) > 0 for name in names], axis=0)


def _relays(column: Columns) -> np.ndarray:
    datagrams = np.maximum(0.0, column("udp_sent") - np.sum([column(name) for name in KNOWN_UDP], axis=0)) * column("packets_sent")
    local = column("peer_local_packets_sent") * column("packets_sent") + column("broadcast_count_sent")
    found: np.ndarray = (datagrams - local > RELAY_DATAGRAMS) & (column("peer_internet_packets_sent") > 0)
    return found


def _lopsided(more: str, less: str, least: float, ratio: float) -> Callable[[Columns], np.ndarray]:
    return lambda column: (column(more) > least) & (column(more) > ratio * column(less))


SIGNS: dict[str, Callable[[Columns], np.ndarray]] = {
    "many names": lambda column: column("dns_distinct_sent") >= MANY_NAMES,
    "many servers": lambda column: column("remotes_sent") >= MANY_SERVERS,
    "many hellos": lambda column: column("hello_distinct_sent") >= MANY_HELLOS,
    "connects": lambda column: column("syn_options_sent") > 0,
    "scales": lambda column: column("syn_scale_position_sent") > 0,
    "scales far": lambda column: column("syn_scale_sent") >= LARGE_SCALE,
    "starts at 255": lambda column: column("ttl_initial_sent") == 255,
    "mdns": _ports("to_mdns_sent", "from_mdns_sent"),
    "ssdp": _ports("to_ssdp_sent", "from_ssdp_sent"),
    "uploads": _lopsided("bytes_sent", "bytes_received", UPLOAD, UPLOAD_RATIO),
    "downloads": _lopsided("bytes_received", "bytes_sent", DOWNLOAD, DOWNLOAD_RATIO),
    "relays": _relays,
    "tuya": _ports("to_tuya_sent", "from_tuya_sent"),
    "kasa": _ports("from_kasa_sent", "accepts_kasa_sent"),
    "push": _ports("to_push_sent"),
    "camera ports": _ports("to_ws_discovery_sent", "from_ws_discovery_sent", "to_rtsp_sent", "to_rtmp_sent"),
    "mqtt": _ports("to_mqtt_sent", "to_mqtts_sent"),
    "stun": _ports("to_stun_sent", "from_stun_sent"),
    "serves web": _ports("accepts_http_sent"),
    "xmpp": _ports("to_xmpp_sent"),
    "plays": _ports("to_airplay_sent", "to_sonos_sent"),
}
NAMES = tuple(SIGNS)
ALONE = ("tuya", "kasa", "push", "camera ports", "stun", "serves web", "xmpp", "plays")
"""Signs that are habits as they are, where they are shown; that they are not shown says nothing."""


def signs_of(features: np.ndarray, names: Sequence[str]) -> np.ndarray:
    """Return which signs each window shows (n x len(NAMES) of bool); of another feature set than headwise's n x 0.

    Parameters
    ----------
    features : float array of n x F
        NaN where undefined.
    names : sequence of str
        Of the F features.
    """
    place_of = {name: place for place, name in enumerate(names)}
    if "packets_sent" not in place_of:
        return np.zeros((len(features), 0), bool)

    def column(name: str) -> np.ndarray:
        values: np.ndarray = np.nan_to_num(features[:, place_of[name]].astype(float))
        return values

    return np.column_stack([sign(column) for sign in SIGNS.values()])


class Habits:
    """What the windows of one device showed, in memory that does not grow."""

    def __init__(self) -> None:
        self.windows = 0.0
        self.counts = np.zeros(len(NAMES))

    def add(self, signs: np.ndarray) -> None:
        """Count a window in: which signs it shows, or none of any feature set but headwise's."""
        if not len(signs):
            return
        if self.windows >= MOST_WINDOWS:
            self.windows, self.counts = self.windows / 2, self.counts / 2
        self.windows += 1
        self.counts = self.counts + signs

    def found(self) -> tuple[str, ...]:
        """Return the habits of the device: names of `headwise.identity.habit_categories.TABLE`."""
        if not self.windows:
            return ()
        shown = {name: count >= max(1.0, LEAST_SHARE * self.windows) for name, count in zip(NAMES, self.counts.tolist(), strict=True)}
        mostly = {name: count >= MOSTLY * self.windows for name, count in zip(NAMES, self.counts.tolist(), strict=True)}
        broad = sum(shown[name] for name in ("many names", "many servers", "many hellos"))
        found = ["turns to few" if not broad else "turns to some" if broad == 1 else "turns to many"]
        stack = _stack(shown, mostly)
        found += [stack] if stack else []
        found.append(("announces nothing", "mdns", "ssdp", "mdns and ssdp")[shown["mdns"] + 2 * shown["ssdp"]])
        # What turns to many has other reasons to send a lot.
        if shown["uploads"] and broad < 2:
            found.append("uploads")
        elif shown["downloads"]:
            found.append("downloads")
        found.append("mqtt" if shown["mqtt"] else "no mqtt")
        found += ["relays"] if mostly["relays"] else []
        return (*found, *(name for name in ALONE if shown[name]))

    def to_json(self) -> dict[str, Any]:
        """Return what `from_json` takes."""
        return {"windows": self.windows, "signs": {name: count for name, count in zip(NAMES, self.counts.tolist(), strict=True) if count}}

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Habits:
        """Return what `to_json` wrote; signs that are not known any more are left out.

        Raises
        ------
        AttributeError, TypeError, ValueError
            Where it is none.
        """
        habits = cls()
        habits.windows = float(content.get("windows", 0.0))
        for name, count in content.get("signs", {}).items():
            if name in SIGNS:
                habits.counts[NAMES.index(name)] = float(count)
        if not (math.isfinite(habits.windows) and np.isfinite(habits.counts).all() and min(habits.windows, habits.counts.min()) >= 0):
            raise ValueError("habits")
        return habits


def _stack(shown: Mapping[str, bool], mostly: Mapping[str, bool]) -> str | None:
    if shown["scales far"]:
        return "large stack"
    if shown["scales"]:
        return "middle stack"
    return "small stack" if shown["connects"] or mostly["starts at 255"] else None
