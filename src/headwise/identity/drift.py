"""What a device does that it did not do before, in words."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from headwise.clock import iso_time
from headwise.identity.adwin import Adwin, Cut
from headwise.identity.events import Event
from headwise.windows import WindowTable, content_weights

HOUR_NS = 3600 * 1_000_000_000
# Of all quantities of a device together; each has its share of false alarms.
DELTA = 0.01
# A new habit is told only from such a change of a share on.
LEAST_CHANGE = 0.3
# Windows with less content are not what a device usually does.
LEAST_CONTENT = 0.2

PORTS = {
    "to_dns_sent": "DNS",
    "to_ntp_sent": "NTP",
    "to_http_sent": "port 80",
    "to_https_sent": "port 443",
    "to_web_sent": "other web ports",
    "to_mqtt_sent": "MQTT",
    "to_mqtts_sent": "MQTT over TLS",
    "to_stun_sent": "STUN",
    "to_xmpp_sent": "XMPP",
    "to_push_sent": "push services",
    "to_rtsp_sent": "RTSP",
    "to_rtmp_sent": "RTMP",
    "to_coap_sent": "CoAP",
    "to_mail_sent": "mail ports",
    "to_shell_sent": "remote shells",
    "to_low_sent": "other system ports",
    "to_registered_sent": "other registered ports",
    "to_dynamic_sent": "dynamic ports",
    "to_ssdp_sent": "SSDP",
    "to_mdns_sent": "mDNS",
}
AMOUNTS = {
    "bytes_sent": "sends {} as many bytes",
    "bytes_received": "receives {} as many bytes",
    "dns_count_sent": "asks {} as many names",
    "connections_sent": "opens {} as many connections",
    "remotes_sent": "talks to {} as many hosts",
    "size_q50_sent": "sends packets {} as large",
}
STACK = ("ttl_initial_sent", "syn_scale_sent", "syn_options_sent", "syn_mss_sent")


@dataclass(frozen=True)
class Quantity:
    """Something that is watched of a device.

    Attributes
    ----------
    name : str
        Of the feature, or ``belief``.
    values : float array of n
        Of each window, from 0 to 1; NaN where there is none.
    words : callable
        What a change is, in words; empty where it is none to tell. Takes the change, and how many times as high the counts are now.
    counts : float array of n, optional
        What the values were made of, where that has no bound.
    """

    name: str
    values: np.ndarray
    words: Callable[[Cut, float], str]
    counts: np.ndarray | None = None


@dataclass(frozen=True)
class Drift:
    """A change of one quantity of a device.

    Attributes
    ----------
    device : int
        MAC.
    quantity : str
    time : int
        About when it changed: ns since 1970 UTC.
    noticed : int
        When there was enough to tell.
    before, after : float
        Means, from 0 to 1.
    words : str
    """

    device: int
    quantity: str
    time: int
    noticed: int
    before: float
    after: float
    words: str


def drifts_of(table: WindowTable, device: int, belief: np.ndarray | None = None, name: str | None = None) -> list[Drift]:
    """Return what changed of a device in the windows given, in the order in which it was noticed.

    Each quantity is watched by ADWIN over the means of hours: its bound takes values for independent, which windows of ten minutes are
    not.

    Parameters
    ----------
    table : WindowTable
        Windows of some days.
    device : int
        MAC.
    belief : float array of n, optional
        Probability of the device's name in each window of the table.
    name : str, optional
        What it is called.
    """
    rows = np.flatnonzero(table.device == device)
    rows = rows[content_weights(table.features[rows], table.names) >= LEAST_CONTENT]
    rows = rows[np.argsort(table.start[rows], kind="stable")]
    if not len(rows):
        return []
    quantities = list(_quantities(table.select(rows), None if belief is None else belief[rows], name))
    hour = table.start[rows] // HOUR_NS
    found = [drift for quantity in quantities for drift in _watch(quantity, hour, device, DELTA / len(quantities))]
    return sorted(found, key=lambda drift: (drift.noticed, drift.quantity))


def event_of(drifts: Sequence[Drift], label: str | None, state: str | None) -> Event:
    """Return one event of all that changed of a device at about the same time."""
    words = dict.fromkeys(drift.words for drift in drifts)
    since = f"since about {iso_time(min(drift.time for drift in drifts))[:16]}Z"
    return Event(max(drift.noticed for drift in drifts), "drift", drifts[0].device, state, label, evidence=(since, *words))


def _watch(quantity: Quantity, hour: np.ndarray, device: int, delta: float) -> Iterator[Drift]:
    there = ~np.isnan(quantity.values)
    hours, place = np.unique(hour[there], return_inverse=True)
    if not len(hours):
        return
    means = np.bincount(place, quantity.values[there]) / np.bincount(place)
    detector = Adwin(delta)
    for number, value in enumerate(means.tolist()):
        cut = detector.add(value)
        if cut is None:
            continue
        first = max(0, number + 1 - cut.newer)
        changed = int(hours[first]) * HOUR_NS
        words = quantity.words(cut, _ratio(quantity, there, place, first, number))
        if not words:
            continue
        yield Drift(device, quantity.name, changed, (int(hours[number]) + 1) * HOUR_NS, cut.before, cut.after, words)


def _ratio(quantity: Quantity, there: np.ndarray, place: np.ndarray, first: int, last: int) -> float:
    """Return how many times as high the median count is since the change as in as many hours as there were before it."""
    if quantity.counts is None:
        return 1.0
    counts = quantity.counts[there]
    before, after = counts[place < first], counts[(place >= first) & (place <= last)]
    return float((np.median(after) + 1) / (np.median(before) + 1)) if len(before) else 1.0


def _quantities(table: WindowTable, belief: np.ndarray | None, name: str | None) -> Iterator[Quantity]:
    if belief is not None and name is not None:
        yield Quantity("belief", belief, functools.partial(_belief_words, name))
    for feature, what in PORTS.items():
        yield Quantity(feature, _present(table, feature), functools.partial(_port_words, what))
    yield Quantity("answers", _present(table, "bytes_received"), _answer_words)
    yield Quantity("connections_unanswered_sent", table.feature("connections_unanswered_sent").astype(float), _unanswered_words)
    for feature, sentence in AMOUNTS.items():
        counts = np.nan_to_num(table.feature(feature)).astype(float)
        yield Quantity(feature, _about_usual(counts), functools.partial(_amount_words, sentence), counts)
    for feature in STACK:
        yield Quantity(feature, _same_as_usual(table.feature(feature).astype(float)), _stack_words)


def _present(table: WindowTable, feature: str) -> np.ndarray:
    """Return 1 for the windows in which something is there at all."""
    present: np.ndarray = (np.nan_to_num(table.feature(feature)) > 0).astype(float)
    return present


def _about_usual(counts: np.ndarray) -> np.ndarray:
    """Return counts from 0 to 1: a half at the device's median, 1 from about three times it on, 0 at a third of it."""
    logarithms = np.log10(counts + 1)
    about: np.ndarray = np.clip(0.5 + logarithms - np.median(logarithms), 0, 1)
    return about


def _same_as_usual(values: np.ndarray) -> np.ndarray:
    """Return 1 where a value is the device's most common one, NaN where it has none."""
    kinds, counts = np.unique(values[~np.isnan(values)], return_counts=True)
    usual = kinds[counts.argmax()] if len(kinds) else np.nan
    return np.where(np.isnan(values), np.nan, (values == usual).astype(float))


def _belief_words(name: str, cut: Cut, ratio: float) -> str:
    return f"looks less like {name} ({cut.before:.0%} before, {cut.after:.0%} now)" if cut.after < cut.before else ""


def _port_words(what: str, cut: Cut, ratio: float) -> str:
    if abs(cut.after - cut.before) < LEAST_CHANGE:
        return ""
    if cut.after > cut.before:
        return f"talks to new ports: {what}" if cut.before < 0.05 else f"talks more often to {what}"
    return f"no longer talks to {what}" if cut.after < 0.05 else f"talks less often to {what}"


def _answer_words(cut: Cut, ratio: float) -> str:
    return "gets no answers any more" if cut.after < cut.before - LEAST_CHANGE else ""


def _unanswered_words(cut: Cut, ratio: float) -> str:
    if abs(cut.after - cut.before) < LEAST_CHANGE:
        return ""
    return "opens connections that nobody answers" if cut.after > cut.before else "has its connections answered again"


def _amount_words(sentence: str, cut: Cut, ratio: float) -> str:
    if 0.5 < ratio < 2:
        return ""
    return sentence.format(f"{ratio:.0f} times" if ratio > 1 else f"1/{1 / ratio:.0f}")


def _stack_words(cut: Cut, ratio: float) -> str:
    return "has another network stack, as after an update" if abs(cut.after - cut.before) >= LEAST_CHANGE else ""
