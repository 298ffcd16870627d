"""Bursts and periods: what repeats, and how regularly."""

from __future__ import annotations

from headwise.windows.catalogue import Definition, Quantity
from headwise.windows.features._formulas import RECEIVED, SENT, Group, count, difference, known, share, total


def definitions() -> list[Definition]:
    """Return the group ``rhythm``."""
    group = Group("rhythm")
    _add_bursts(group)
    _add_period(group, "burst", "both", "between the starts of bursts; NaN where there are less than two bursts")
    remote = "between the starts of contacts with one remote (see Times), over all remotes; NaN where there is none"
    _add_period(group, "contact", "sent", remote)
    meaning = "Median time, in steps, between NTP requests; NaN where there are less than two"
    group.add("ntp_period_sent", "s", "sent", meaning, known(count("ntp", "gaps"), count("ntp", "median")))
    return group.found


def _add_bursts(group: Group) -> None:
    bursts = count("bursts")
    group.add("bursts", "count", "both", "Bursts: packets, either way, with no silence of over a second between", bursts)
    add = group.adder("burst_{}", "both")
    add("packets_mean", "count", "Packets a burst", share(_both("packets"), bursts))
    add("packets_max", "count", "Packets of the burst that has most", count("burst_packets_most"))
    add("bytes_mean", "bytes", "Bytes a burst", share(_both("bytes"), bursts))
    add("bytes_max", "bytes", "Bytes of the burst that has most", count("burst_bytes_most"))
    add("seconds_mean", "s", "Mean duration of bursts", share(count("burst_seconds"), bursts))
    add("seconds_max", "s", "Longest duration of a burst", count("burst_seconds_most"))


def _both(field: str) -> Quantity:
    return total(count("by", SENT, field), count("by", RECEIVED, field))


def _add_period(group: Group, name: str, direction: str, between: str) -> None:
    add = group.adder(f"{name}_{{}}_sent" if direction == "sent" else f"{name}_{{}}", direction, f"{{}} {between}")
    gaps, median = count(name, "gaps"), count(name, "median")
    spread = difference(count(name, "high"), count(name, "low"))
    add("period", "s", "Median time, in steps,", known(gaps, median))
    add("spread", "share", "Interquartile range by median of the times, in steps,", share(spread, median))
    add("mode", "s", "Most common time (of equals the shortest), in steps,", known(gaps, count(name, "mode")))
    add("mode_share", "share", "Share of the most common time, in steps,", share(count(name, "mode_count"), gaps))
