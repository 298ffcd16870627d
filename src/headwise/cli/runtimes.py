"""The option of every command that runs a model: what is to run it."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from headwise.models.model import Model

NAMES = ("core", "onnx", "litert", "litert-int8")
"""As in `headwise.models.runtime`, which `--help` need not load."""


def add_runtime(parser: ArgumentParser) -> None:
    """Declare the option."""
    meaning = (
        "what runs the model (HEADWISE_RUNTIME, or core for trees and onnx for networks); litert needs a model that was exported for it"
    )
    parser.add_argument("--runtime", choices=NAMES, help=meaning)


def load(path: Path, arguments: Namespace, feature_sets: tuple[str, ...] | None = None) -> Model:
    """Load a model file into the runtime that is chosen; of our own features, where no other set is asked for."""
    from headwise.models.model import load_model
    from headwise.models.runtime import choose_runtime, stay_small

    stay_small()
    runtime = choose_runtime(arguments.runtime)
    return load_model(path, runtime, feature_sets) if feature_sets else load_model(path, runtime)
