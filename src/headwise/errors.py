"""Errors that a user can act on. Each says what is wrong, where, and what to do."""

from __future__ import annotations


class HeadwiseError(Exception):
    """Base of all errors shown in one line. ``exit_code`` is what the command ends with."""

    exit_code = 1

    def __init__(self, what: str, *, where: str = "", do: str = "") -> None:
        self.what, self.where, self.do = what, where, do
        super().__init__(what)

    def __str__(self) -> str:
        head = f"{self.where}: {self.what}" if self.where else self.what
        return f"{head}; {self.do}" if self.do else head


class InputError(HeadwiseError):
    """What the user gave cannot be used: a file, an option, a table."""

    exit_code = 2


class CaptureError(InputError):
    """A file is no capture, or not one that can be read."""


class ModelFileError(InputError):
    """A model file is broken, altered, or made for another version."""


class SystemFailure(HeadwiseError):
    """The machine could not do what was asked: no permission, no space, no interface."""
