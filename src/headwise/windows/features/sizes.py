"""Sizes of packets and of their payload, each way."""

from __future__ import annotations

from headwise.windows._raw import QUANTILES
from headwise.windows.catalogue import Definition
from headwise.windows.features._formulas import WAYS, Group, share, spread, way, where


def definitions() -> list[Definition]:
    """Return the group ``sizes``."""
    group = Group("sizes")
    for direction, name in WAYS:
        _add_sizes(group, direction, name)
    for direction, name in WAYS:
        _add_payloads(group, direction, name)
    return group.found


def _add_sizes(group: Group, d: int, name: str) -> None:
    def add(start: str, unit: str, meaning: str, formula) -> None:  # type: ignore[no-untyped-def]
        group.add(f"size_{start}_{name}", unit, name, f"{meaning}; NaN where none was {name}", lambda raw: formula(way(raw, d)))

    add("min", "bytes", "Smallest size", lambda by: where(by["packets"], by["size_least"]))
    add("mean", "bytes", "Mean size", lambda by: share(by["bytes"], by["packets"]))
    add("std", "bytes", "Standard deviation of sizes", lambda by: spread(by["packets"], by["bytes"], by["size_squares"]))
    add("max", "bytes", "Largest size", lambda by: where(by["packets"], by["size_most"]))
    for index, percent in enumerate(QUANTILES):
        meaning = f"Smallest size that at least {percent} % of packets do not exceed, in steps (see Sizes)"
        add(f"q{percent}", "bytes", meaning, lambda by, i=index: where(by["packets"], by["size_quantile"][:, i]))
    add("distinct", "count", "Distinct sizes, in steps", lambda by: where(by["packets"], by["size_distinct"]))
    add("mode", "bytes", "Most common size, in steps; of equals the smallest", lambda by: where(by["packets"], by["size_mode"]))
    add("mode_share", "share", "Packets of the most common size", lambda by: share(by["size_mode_count"], by["packets"]))
    add(
        "mode2",
        "bytes",
        "Second most common size; NaN too where there is one size",
        lambda by: where(by["size_second_count"], by["size_second"]),
    )
    add("mode2_share", "share", "Packets of the second most common size", lambda by: share(by["size_second_count"], by["packets"]))


def _add_payloads(group: Group, d: int, name: str) -> None:
    def add(start: str, unit: str, meaning: str, formula) -> None:  # type: ignore[no-untyped-def]
        text = f"{meaning}; of the TCP and UDP packets {name} that carry payload, NaN where none does"
        group.add(f"payload_{start}_{name}", unit, name, text, lambda raw: formula(way(raw, d)))

    group.add(
        f"payload_packets_{name}",
        "share",
        name,
        f"TCP and UDP packets with payload, of the packets {name}; NaN where none was {name}",
        lambda raw: share(way(raw, d)["payload_packets"], way(raw, d)["packets"]),
    )
    add("mean", "bytes", "Mean payload", lambda by: share(by["payload_bytes"], by["payload_packets"]))
    add("max", "bytes", "Largest payload", lambda by: where(by["payload_packets"], by["payload_most"]))
    add("q50", "bytes", "Median payload, in steps", lambda by: where(by["payload_packets"], by["payload_median"]))
    add(
        "mode",
        "bytes",
        "Most common payload, in steps; of equals the smallest",
        lambda by: where(by["payload_packets"], by["payload_mode"]),
    )
    add("mode_share", "share", "Packets with the most common payload", lambda by: share(by["payload_mode_count"], by["payload_packets"]))
    add("distinct", "count", "Distinct payload lengths, in steps", lambda by: where(by["payload_packets"], by["payload_distinct"]))
