"""The model that comes with headwise: trained on published captures of other homes, so that a home needs no data of its own."""

from __future__ import annotations

from pathlib import Path

PATH = Path(__file__).with_name("base.headwise")
"""Where it lies; made by `make base-model`."""
