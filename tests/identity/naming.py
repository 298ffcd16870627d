"""What decides on names in tests: by given classes, without vendors."""

from __future__ import annotations

from typing import Any

from headwise.identity import Products
from headwise.models.knowledge import Knowledge
from headwise.models.manifest import Manifest


def products_of(classes: tuple[str, ...], kinds: dict[str, str] | None = None, label: str = "device", **more: Any) -> Products:
    """Return what names devices by a model of classes that knows nothing else but their kinds; `more` is of its manifest."""
    manifest = Manifest(
        features_version=1,
        features=("packets_sent",),
        sequence=0,
        family="rfc",
        group="all-device",
        label=label,
        classes=classes,
        categories=dict.fromkeys(classes, "home-automation") if kinds is None else kinds,
        graphs=("model.onnx",),
        length=600.0,
        temperature=1.0,
        unknown_below=0.5,
        **more,
    )
    return Products(manifest, Knowledge())
