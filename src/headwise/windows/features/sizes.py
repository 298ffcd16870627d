"""Sizes of packets and of their payload, each way."""

from __future__ import annotations

from headwise.windows._raw import QUANTILES
from headwise.windows.catalogue import Definition
from headwise.windows.features._formulas import WAYS, Group, count, known, share, spread


def definitions() -> list[Definition]:
    """Return the group ``sizes``."""
    group = Group("sizes")
    for way, name in WAYS:
        _add_sizes(group, way, name)
    for way, name in WAYS:
        _add_payloads(group, way, name)
    return group.found


def _add_sizes(group: Group, way: int, name: str) -> None:
    add = group.adder(f"size_{{}}_{name}", name, f"{{}}; NaN where none was {name}")
    packets, second = count("by", way, "packets"), count("by", way, "size_second_count")
    add("min", "bytes", "Smallest size", known(packets, count("by", way, "size_least")))
    add("mean", "bytes", "Mean size", share(count("by", way, "bytes"), packets))
    squares = count("by", way, "size_squares")
    add("std", "bytes", "Standard deviation of sizes", spread(packets, count("by", way, "bytes"), squares))
    add("max", "bytes", "Largest size", known(packets, count("by", way, "size_most")))
    for index, percent in enumerate(QUANTILES):
        meaning = f"Smallest size, in steps (see Sizes), that at least {percent} % of packets do not exceed"
        add(f"q{percent}", "bytes", meaning, known(packets, count("by", way, "size_quantile", index)))
    add("distinct", "count", "Distinct sizes, in steps", known(packets, count("by", way, "size_distinct")))
    add("mode", "bytes", "Most common size, in steps; of equals the smallest", known(packets, count("by", way, "size_mode")))
    add("mode_share", "share", "Packets of the most common size", share(count("by", way, "size_mode_count"), packets))
    add(
        "mode2",
        "bytes",
        "Second most common size, in steps; NaN too where there is but one",
        known(second, count("by", way, "size_second")),
    )
    add("mode2_share", "share", "Packets of the second most common size", share(second, packets))


def _add_payloads(group: Group, way: int, name: str) -> None:
    meaning = f"TCP and UDP packets with payload, of the packets {name}; NaN where none was {name}"
    group.add(f"payload_packets_{name}", "share", name, meaning, share(count("by", way, "carriers"), count("by", way, "packets")))
    payloads, second = count("by", way, "payload_packets"), count("by", way, "payload_second_count")
    meaning = f"{{}} of TCP and UDP packets {name} but those of the group messages; NaN where there is none"
    add = group.adder(f"payload_{{}}_{name}", name, meaning)
    add("mean", "bytes", "Mean payload", share(count("by", way, "payload_bytes"), payloads))
    add("max", "bytes", "Largest payload", known(payloads, count("by", way, "payload_most")))
    add("q50", "bytes", "Median payload, in steps,", known(payloads, count("by", way, "payload_median")))
    add("mode", "bytes", "Most common payload, in steps, of equals the smallest,", known(payloads, count("by", way, "payload_mode")))
    add("mode_share", "share", "Share of the most common payload", share(count("by", way, "payload_mode_count"), payloads))
    add("mode2", "bytes", "Second most common payload, in steps,", known(second, count("by", way, "payload_second")))
    add("mode2_share", "share", "Share of the second most common payload", share(second, payloads))
    add("distinct", "count", "Distinct lengths, in steps, of the payload", known(payloads, count("by", way, "payload_distinct")))
