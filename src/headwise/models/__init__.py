"""Models of devices: families, groups, training, the model file, and what runs it.

Names are loaded when they are first used, so that what only runs a model never imports what trains one.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from headwise.models.evaluation import Evaluation, evaluate
    from headwise.models.groups import GROUPS, Group, choose_group
    from headwise.models.manifest import Manifest
    from headwise.models.model import Model, load_model
    from headwise.models.retraining import How, retrain
    from headwise.models.scores import ClassScore, Scores, score
    from headwise.models.trainable import Trainable, read_trainable
    from headwise.models.training import Trained, sequence_of, train
    from headwise.models.voting import Guess

_HOMES = {
    "ClassScore": "scores",
    "Evaluation": "evaluation",
    "GROUPS": "groups",
    "Group": "groups",
    "Guess": "voting",
    "Manifest": "manifest",
    "Model": "model",
    "Scores": "scores",
    "Trained": "training",
    "choose_group": "groups",
    "evaluate": "evaluation",
    "load_model": "model",
    "score": "scores",
    "How": "retraining",
    "Trainable": "trainable",
    "read_trainable": "trainable",
    "retrain": "retraining",
    "sequence_of": "training",
    "train": "training",
}

__all__ = [
    "GROUPS",
    "ClassScore",
    "Evaluation",
    "Group",
    "Guess",
    "How",
    "Manifest",
    "Model",
    "Scores",
    "Trainable",
    "Trained",
    "choose_group",
    "evaluate",
    "load_model",
    "read_trainable",
    "retrain",
    "score",
    "sequence_of",
    "train",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__} has no attribute {name}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
