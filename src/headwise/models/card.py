"""The model card: what a person should know of a model before using it."""

from __future__ import annotations

from headwise.models.manifest import Manifest

_TEXT = """\
# A headwise model

Names {what} from packet headers, in windows of {length}. Family `{family}`, group `{group}`, features version {version}.

## Trained on
{windows} windows of {units} units{testbeds}, from {days}.

| class | windows |
|---|---|
{classes}

## How right it was
On training days set aside by turns ({scores}).{elsewhere} For later days, score it with `headwise evaluate`.

## Limits
It knows these classes alone. Anything else is to be called unknown, which happens where the likeliest product line of a device is
less likely than {unknown_below}; a device that is much like a known one may still be taken for it. It was trained in
the homes or laboratories named in
the manifest; products behave differently after updates, in other places and when used otherwise.
"""


_LENGTHS: dict[object, str] = {"capture": "one capture each", "flow": "one flow each"}


def card(manifest: Manifest) -> str:
    """Return the text of a model's card."""
    counted: dict[str, int] = manifest.training.get("windows", {})
    testbeds: list[str] = manifest.training.get("testbeds", [])
    days: list[str] = manifest.training.get("days", [])
    scores: dict[str, float] = manifest.scores.get("days_set_aside", {})
    elsewhere: dict[str, float] = manifest.scores.get("other_places", {})
    return _TEXT.format(
        what="products" if manifest.label == "device" else "categories",
        length=_LENGTHS.get(manifest.length) or f"{manifest.length:g} s",
        family=manifest.family,
        group=manifest.group,
        version=manifest.features_version,
        windows=sum(counted.values()),
        testbeds=f" in {', '.join(map(str, testbeds))}" if testbeds else "",
        units=len(manifest.training.get("units", [])),
        days=f"{len(days)} days between {days[0]} and {days[-1]}" if days else "days that are not recorded",
        classes="\n".join(f"| {name} | {count} |" for name, count in counted.items()),
        scores=_said(scores) or "not measured",
        elsewhere=f" In test-beds left out in turn, vendor on ({_said(elsewhere)})." if elsewhere else "",
        unknown_below=manifest.unknown_below,
    )


def _said(scores: dict[str, float]) -> str:
    return ", ".join(f"{name} {value}" for name, value in scores.items())
