"""Fingerprints: exact values that a product shows wherever it is, and how much likelier they make it than any other.

Trees that tell products apart in their own places learn the places too. What stays the same in another home is exact: the options and
the window of a TCP connection's first packet, lengths of DNS names and of DHCP, mDNS and SSDP messages, ports that are talked to. A *mark*
is one such thing, a *token* a value of it. A product's fingerprint is how often it shows which token; a token that few products show
says much, one that all show says nothing (record linkage: Fellegi and Sunter, *A Theory for Record Linkage*, JASA 64, 1969).
"""

from __future__ import annotations

import functools
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

Shares = Mapping[str, Mapping[str, float]]
"""Of each mark, the share of each token; the shares of a mark add up to 1."""
Showing = Mapping[str, tuple[str, ...]]
"""Of each mark that a window shows, its tokens."""


@dataclass(frozen=True)
class Mark:
    """A thing that a product does alike everywhere.

    Attributes
    ----------
    name : str
    how : "values", "stack" or "presence"
        Whether each feature's value is a token, all values together are one, or each feature that is above zero is.
    features : tuple of str
    exact : bool
        Whether a product shows the same values again. A measured delay it does not, and one that is new says nothing against it.
    """

    name: str
    how: Literal["values", "stack", "presence"]
    features: tuple[str, ...]
    exact: bool = True


def _stack(kind: str) -> tuple[str, ...]:
    places = ("mss", "scale", "sack", "timestamps")
    return (f"{kind}_options_sent", f"{kind}_padding_sent", *(f"{kind}_{name}_position_sent" for name in places))


_TO = (
    "dynamic registered low dns mdns ssdp dhcp ntp http https web mqtt mqtts stun xmpp push rtsp rtmp coap tuya kasa lifx upnp netbios "
    "llmnr ws_discovery airplay sonos mail shell printing sip vpn"
).split()
_FROM = "low dns mdns ssdp dhcp ntp coap tuya kasa lifx netbios stun ws_discovery".split()

MARKS = (
    Mark("syn-window", "values", ("syn_window_sent",)),
    Mark("syn-mss", "values", ("syn_mss_sent",)),
    Mark("syn-scale", "values", ("syn_scale_sent",)),
    Mark("syn-options", "stack", _stack("syn")),
    Mark("syn-ack-window", "values", ("syn_ack_window_sent",)),
    Mark("syn-ack-options", "stack", (*_stack("syn_ack"), "syn_ack_scale_sent")),
    Mark("tcp-window", "values", ("tcp_window_max_sent", "tcp_window_min_sent")),
    Mark("ttl", "values", ("ttl_initial_sent",)),
    Mark("dscp", "values", ("dscp_max_sent",)),
    Mark(
        "dns",
        "values",
        (
            *(f"dns_{name}_sent" for name in ("first", "min", "max", "mode", "mode2")),
            *(f"dns_length{number}_sent" for number in range(1, 5)),
        ),
    ),
    Mark("hello", "values", tuple(f"hello_{name}_sent" for name in ("first", "min", "max", "mode", "mode2"))),
    Mark("hello-received", "values", tuple(f"hello_{name}_received" for name in ("first", "min", "max"))),
    Mark("dhcp", "values", ("dhcp_first_sent", "dhcp_max_sent")),
    Mark("mdns", "values", ("mdns_first_sent", "mdns_min_sent", "mdns_max_sent")),
    Mark("ssdp", "values", ("ssdp_first_sent", "ssdp_min_sent", "ssdp_max_sent")),
    Mark("broadcast", "values", ("broadcast_first_sent", "broadcast_max_sent")),
    Mark("ntp-period", "values", ("ntp_period_sent",), exact=False),
    Mark("period", "values", ("contact_mode_sent", "connection_mode_sent", "burst_mode"), exact=False),
    Mark("ports", "presence", tuple(f"to_{name}_sent" for name in _TO)),
    Mark("own-ports", "presence", tuple(f"from_{name}_sent" for name in _FROM)),
    Mark(
        "protocols",
        "presence",
        (
            *(f"{name}_sent" for name in ("igmp", "icmp", "icmpv6", "eapol", "fragments", "arp_own", "echo_requests", "ipv6")),
            "tcp_timestamps_sent",
            "syn_congestion_sent",
        ),
    ),
    Mark("payload", "values", ("payload_mode_sent", "payload_mode2_sent")),
    Mark("payload-received", "values", ("payload_mode_received", "payload_mode2_received")),
    Mark("size", "values", ("size_mode_sent", "size_mode2_sent", "size_min_sent", "size_max_sent")),
    Mark("size-received", "values", ("size_mode_received", "size_mode2_received")),
)

CHANGED = 0.85
"""Probability that a mark is another one in another place, with other firmware or at another time, and so tells nothing."""
CHANGED_AT_HOME = 0.0025
"""The same of a single window in the place that was learned: a product that never showed a token there is little likely to show it now."""
MOST_TOKENS, KEPT_TOKENS = 64, 48
"""Of a mark, tokens that are remembered at most, and how many of them, the commonest, when there were more."""
MOST_WINDOWS = 1000
"""Windows that show a mark, from which on the earlier ones count half."""
LEAST_SHARE = 0.002


class Fingerprint:
    """What one device showed, in memory that does not grow."""

    def __init__(self) -> None:
        self.counts: dict[str, dict[str, float]] = {}
        self._totals: dict[str, float] = {}

    def add(self, showing: Showing) -> None:
        """Count a window in."""
        for mark, tokens in showing.items():
            counts = self.counts.setdefault(mark, {})
            for token in tokens:
                counts[token] = counts.get(token, 0.0) + 1
            total = self._totals[mark] = self._totals.get(mark, 0.0) + len(tokens)
            if len(counts) > MOST_TOKENS or total > MOST_WINDOWS * len(tokens):
                self.counts[mark] = {token: count / 2 for token, count in _commonest(counts, KEPT_TOKENS)}
                self._totals[mark] = sum(self.counts[mark].values())

    def shares(self) -> Shares:
        """Return how often it shows each token."""
        totals = {mark: sum(counts.values()) for mark, counts in self.counts.items()}
        return {mark: {token: count / totals[mark] for token, count in counts.items()} for mark, counts in self.counts.items()}

    def to_json(self) -> dict[str, Any]:
        """Return what `from_json` takes."""
        return {mark: dict(sorted(counts.items())) for mark, counts in sorted(self.counts.items())}

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Fingerprint:
        """Return the fingerprint that `to_json` wrote.

        Raises
        ------
        AttributeError, TypeError, ValueError
            Where it is none.
        """
        found, known = cls(), {mark.name for mark in MARKS}
        for mark, counts in content.items():
            kept = {str(token): float(count) for token, count in counts.items()}
            if not all(math.isfinite(count) and count > 0 for count in kept.values()) or len(kept) > MOST_TOKENS:
                raise ValueError(mark)
            if mark in known and kept:
                found.counts[mark] = kept
                found._totals[mark] = sum(kept.values())
        return found


def showings(features: np.ndarray, names: Sequence[str]) -> Iterator[Showing]:
    """Yield the tokens that each window shows.

    Parameters
    ----------
    features : float array of n x F
        NaN where undefined.
    names : sequence of str
        Of the F features. Of another feature set no mark is known.
    """
    shown = [(mark.name, tokens, kind.tolist()) for mark, tokens, kind in _shown(features, names)]
    for row in range(len(features)):
        yield {name: tokens[kind[row]] for name, tokens, kind in shown if tokens[kind[row]]}


def learn_fingerprints(seen: Iterable[tuple[str, str, Showing]]) -> dict[str, Shares]:
    """Return the fingerprint of each product: the mean of its units' shares.

    Parameters
    ----------
    seen : iterable of (str, str, Showing)
        Of each window the product, the unit, and what it shows.
    """
    units: dict[str, dict[str, Fingerprint]] = defaultdict(dict)
    for product, unit, showing in seen:
        units[product].setdefault(unit, Fingerprint()).add(showing)
    return {product: mean_shares([each.shares() for each in found.values()]) for product, found in sorted(units.items())}


def mean_shares(parts: Sequence[Shares]) -> dict[str, dict[str, float]]:
    """Return the mean of shares, of each mark over those that show it; what is hardly ever shown is left out."""
    found = {}
    for mark in sorted({mark for part in parts for mark in part}):
        having = [part[mark] for part in parts if part.get(mark)]
        total: dict[str, float] = {}
        for shares in having:
            for token, share in shares.items():
                total[token] = total.get(token, 0.0) + share / len(having)
        kept = {token: round(share, 4) for token, share in sorted(_commonest(total, KEPT_TOKENS)) if share >= LEAST_SHARE}
        if kept:
            found[mark] = kept
    return found


class Likeness:
    """How much likelier what a device showed makes each product than it makes any device.

    Of each mark, a product shows its own tokens with a probability of 1 - `CHANGED`, and those of any device otherwise; any device is
    one of the known products at random, or has a token of its own.

    Parameters
    ----------
    fingerprints : mapping of str to Shares
        Of products.
    classes : sequence of str
        Products, in the order of the answer.
    """

    def __init__(self, fingerprints: Mapping[str, Shares], classes: Sequence[str]) -> None:
        # A row of ratios of each token, and one of each mark for tokens that no product shows; 1 of a product whose marks nobody learned.
        rows: list[np.ndarray] = []
        self._row: dict[str, dict[str, int]] = {}
        self._unseen: dict[str, int] = {}
        for mark in MARKS:
            found = [(place, shares) for place, name in enumerate(classes) if (shares := fingerprints.get(name, {}).get(mark.name))]
            if not found:
                continue
            tokens, having = _by_token(found, len(classes)), [place for place, _ in found]
            self._unseen[mark.name] = len(rows)
            # What is known of any device is that much, and one unseen token more.
            unseen = 1 / (len(tokens) + 1)
            rows.append(_only(having, np.zeros(len(classes))))
            self._row[mark.name] = dict(zip(tokens, range(len(rows), len(rows) + len(tokens)), strict=True))
            rows += [_only(having, shown / ((shown.sum() + unseen) / (len(found) + 1))) for shown in tokens.values()]
        ratios = np.array(rows).reshape(len(rows), len(classes))
        self._rows = _logarithms(ratios, CHANGED)
        self._against = np.minimum(_logarithms(ratios, CHANGED_AT_HOME), 0)

    def __bool__(self) -> bool:
        """Whether any product has a fingerprint."""
        return len(self._rows) > 0

    def logarithms(self, shares: Shares) -> np.ndarray:
        """Return the natural logarithms of the likelihood ratios (float array of classes); 0 of a product whose marks nobody learned."""
        places: list[int] = []
        weights: list[float] = []
        for mark, own in shares.items():
            if mark in self._unseen:
                row, unseen = self._row[mark], self._unseen[mark]
                places += [row.get(token, unseen) for token in own]
                weights += own.values()
        found: np.ndarray = np.array(weights) @ self._rows[places].astype(float)
        return found

    def of_windows(self, features: np.ndarray, names: Sequence[str], *, at_home: bool) -> np.ndarray:
        """Return the same of each window alone (n x classes); at home only what its marks say against products, never above 0.

        At home what agrees is nothing new: trees know it as well. What they cannot know is how little a product does what it never did.

        Parameters
        ----------
        features : float array of n x F
        names : sequence of str
            Of the F features.
        at_home : bool
            Whether windows are of the place where the products were learned, and `CHANGED_AT_HOME` holds.
        """
        found = np.zeros((len(features), self._rows.shape[1]))
        rows = self._against if at_home else self._rows
        for mark, tokens, kind in _shown(features, names):
            if mark.name in self._unseen and (mark.exact or not at_home):
                found += np.array([self._of_tokens(rows, mark.name, each) for each in tokens])[kind]
        return found

    def _of_tokens(self, rows: np.ndarray, mark: str, tokens: tuple[str, ...]) -> np.ndarray:
        if not tokens:
            return np.zeros(rows.shape[1])
        row, unseen = self._row[mark], self._unseen[mark]
        found: np.ndarray = rows[[row.get(token, unseen) for token in tokens]].sum(axis=0, dtype=float) / len(tokens)
        return found


def _only(places: Sequence[int], ratios: np.ndarray) -> np.ndarray:
    found = np.ones(len(ratios))
    found[places] = ratios[places]
    return found


def _logarithms(ratios: np.ndarray, changed: float) -> np.ndarray:
    found: np.ndarray = np.log(changed + (1 - changed) * ratios).astype(np.float32)
    return found


def _shown(features: np.ndarray, names: Sequence[str]) -> Iterator[tuple[Mark, list[tuple[str, ...]], np.ndarray]]:
    """Yield of each mark the distinct sets of tokens that windows show, and which of them each window does (int array of n)."""
    place_of = {name: place for place, name in enumerate(names)}
    for mark in MARKS:
        present = [name for name in mark.features if name in place_of]
        if present and len(features):
            values = np.ascontiguousarray(features[:, [place_of[name] for name in present]])
            _, first, kind = np.unique(values.view(f"V{values.itemsize * len(present)}")[:, 0], return_index=True, return_inverse=True)
            yield mark, [_tokens(mark, present, row) for row in values[first].tolist()], kind


def _by_token(found: Sequence[tuple[int, Mapping[str, float]]], classes: int) -> dict[str, np.ndarray]:
    tokens: dict[str, np.ndarray] = {}
    for place, shares in found:
        for token, share in shares.items():
            tokens.setdefault(token, np.zeros(classes))[place] = share
    return tokens


def _tokens(mark: Mark, names: Sequence[str], values: Sequence[float]) -> tuple[str, ...]:
    if mark.how == "presence":
        return tuple(name for name, value in zip(names, values, strict=True) if value > 0)
    if mark.how == "stack":
        return () if all(value != value for value in values) else ("/".join(map(_written, values)),)
    return tuple(dict.fromkeys(_written(value) for value in values if value == value))


def _commonest(counts: Mapping[str, float], most: int) -> list[tuple[str, float]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:most]


@functools.lru_cache(maxsize=65536)
def _written(value: float) -> str:
    return "-" if value != value else f"{round(value, 3):g}"
