"""Bursts and periods: what repeats, and how regularly."""

from __future__ import annotations

from headwise.windows.catalogue import Definition
from headwise.windows.features._formulas import RECEIVED, SENT, Group, share, way, where


def definitions() -> list[Definition]:
    """Return the group ``rhythm``."""
    group = Group("rhythm")
    _add_bursts(group)
    _add_period(group, "burst", "both", "between the starts of bursts", "bursts")
    _add_period(
        group, "contact", "sent", "between the starts of contacts with one remote (see Times), over all remotes", "contacts with any remote"
    )
    _add_period(group, "ntp", "sent", "between NTP requests", "requests")
    return group.found


def _add_bursts(group: Group) -> None:
    def add(name: str, unit: str, meaning: str, formula) -> None:  # type: ignore[no-untyped-def]
        group.add(name, unit, "both", meaning, formula)

    add("bursts", "count", "Bursts: packets, either way, with no silence of over a second between", lambda raw: raw["bursts"])
    add("burst_packets_mean", "count", "Packets a burst", lambda raw: share(_both(raw, "packets"), raw["bursts"]))
    add("burst_packets_max", "count", "Packets of the burst that has most", lambda raw: raw["burst_packets_most"])
    add("burst_bytes_mean", "bytes", "Bytes a burst", lambda raw: share(_both(raw, "bytes"), raw["bursts"]))
    add("burst_bytes_max", "bytes", "Bytes of the burst that has most", lambda raw: raw["burst_bytes_most"])
    add("burst_seconds_mean", "s", "Mean duration of bursts", lambda raw: share(raw["burst_seconds"], raw["bursts"]))
    add("burst_seconds_max", "s", "Longest duration of a burst", lambda raw: raw["burst_seconds_most"])


def _both(raw, field: str):  # type: ignore[no-untyped-def]
    return way(raw, SENT)[field] + way(raw, RECEIVED)[field]


def _add_period(group: Group, name: str, direction: str, between: str, what: str) -> None:
    def add(start: str, unit: str, meaning: str, formula) -> None:  # type: ignore[no-untyped-def]
        end = "_sent" if direction == "sent" else ""
        text = f"{meaning} {between}; NaN where there are less than two {what}"
        group.add(f"{name}_{start}{end}", unit, direction, text, lambda raw: formula(raw[name]))

    add("period", "s", "Median time, in steps,", lambda r: where(r["gaps"], r["median"]))
    if name == "ntp":
        return
    add("spread", "share", "Interquartile range by median of the times, in steps,", lambda r: share(r["high"] - r["low"], r["median"]))
    add("mode", "s", "Most common time (of equals the shortest), in steps,", lambda r: where(r["gaps"], r["mode"]))
    add("mode_share", "share", "Share of the most common time, in steps,", lambda r: share(r["mode_count"], r["gaps"]))
