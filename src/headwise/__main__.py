"""`python -m headwise` is the command `headwise`."""

from __future__ import annotations

from headwise.cli.main import entry

entry()
