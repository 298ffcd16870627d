"""The table of commands. `headwise --help` is made from it alone, so that it loads no command's module."""

from __future__ import annotations

import importlib
from argparse import ArgumentParser, Namespace
from dataclasses import dataclass
from typing import Protocol, cast


class CommandModule(Protocol):
    """What the module of a command offers."""

    SUMMARY: str
    EXAMPLES: str

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the command's own arguments."""

    def run(self, arguments: Namespace) -> int:
        """Do the work; the result is the exit code."""


@dataclass(frozen=True)
class Command:
    """A command's name and the one line that `headwise --help` shows of it.

    The module is ``headwise.cli.NAME``; its ``SUMMARY`` is the same line (a test compares them).
    """

    name: str
    summary: str

    def load(self) -> CommandModule:
        """Import the command's module, and no other's."""
        return cast(CommandModule, importlib.import_module(f"headwise.cli.{self.name}"))


COMMANDS: tuple[Command, ...] = (
    Command("headers", "read captures into a table of packet headers"),
    Command("windows", "read captures into features per device and window of time"),
    Command("train", "train a model on labelled captures"),
    Command("retrain", "teach a model what it does not know yet"),
    Command("export", "add files for another runtime to a model"),
    Command("models", "say what is in a model file"),
    Command("evaluate", "score a model on labelled captures it was not trained on"),
    Command("identify", "name the devices of a capture"),
    Command("watch", "name the devices of a network interface, live"),
    Command("nightly", "name a home's devices and learn from its own windows"),
    Command("tell", "say what a device of a home is"),
    Command("rollback", "bring a home's earlier model back into use"),
    Command("simulate", "make captures of a simulated home"),
)
