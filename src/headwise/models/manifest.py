"""What a model file says of itself: `manifest.json`, checked field by field as it is read."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, cast

from headwise.errors import ModelFileError
from headwise.testbeds import UNKNOWN, Label, Length
from headwise.windows import FEATURE_SETS, FLOW, feature_set_of
from headwise.windows.feature_sets import OURS

FORMAT = 1
TRAINABLE = "trainable/"

MOST_CLASSES = 10_000
MOST_FEATURES = 10_000
MOST_LETTERS = 200
MOST_WEIGHTS = 1000
MOST_WIDTH = 1 << 20
FAMILIAR_ABOVE = 0.4
MOST_AT_HOME = 4.0
"""Most evidence, in independent windows, where a model is used in the place that trained it."""
_GRAPH = re.compile(r"model(-[0-9]{3,5})?\.onnx")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_FAMILY = re.compile(r"[a-z][a-z0-9_]{0,31}")


@dataclass(frozen=True)
class Manifest:
    """All that is known of a model beside its graphs.

    Attributes
    ----------
    features_version : int
        Version of the features that it was trained on.
    features : tuple of str
        Their names, in the order of the graph's columns.
    sequence : int
        First packets of the window whose values stand behind the features in a graph's row; 0 for none.
    family, group : str
        Kind of model, and what the graphs are one for.
    label : "device" or "category"
        What the classes are: products or categories.
    classes : tuple of str
        In the order of the probabilities.
    categories : dict of str to str
        Category of each product (of a device model).
    graphs : tuple of str
        Files of the graphs: one, or one a class in the order of `classes`.
    length : float, "capture" or "flow"
        How windows are cut.
    temperature : float
        Probabilities are raised to its inverse and scaled to a sum of 1, to make them as sure as they are right.
    unknown_below : float
        A device is unknown where the likeliest line of products, or product without a line, has a lower probability.
    named_above : float
        Best probability from which one product is named, and not only its line.
    familiar_above : float
        How sure at least, by its traffic, its marks and its vendor together, that a device is of a known line, for it not to be unknown.
    set_above : float
        Products with at least this probability are a set that holds the truth of 95 % of the known.
    most_evidence : float
        How much windows of one device may make a name surer than one window does, in independent windows: what is odd about a
        device, or about a place where the model was not trained, is odd in all of them.
    at_home : dict of str to float
        Products of which windows of the place of use taught a model that was trained elsewhere, each with the probability of a typical
        window that its own later windows there reach, all but 5 %. From it on, evidence of the product grows as it does at home, to
        `MOST_AT_HOME`; under it one product is not named.
    parameters, training, scores, libraries : dict
        Of the family; what it was trained on; how right it was on training days that it had not seen; versions.
    seed : int
        Of the training.
    feature_set : str
        One of `headwise.windows.FEATURE_SETS`: what the features are.
    weights : dict of str to tuple of int
        Shape of each weight in the files below `TRAINABLE`, of which there is one a graph; empty where retraining starts afresh.
    """

    features_version: int
    features: tuple[str, ...]
    sequence: int
    family: str
    group: str
    label: Label
    classes: tuple[str, ...]
    categories: dict[str, str]
    graphs: tuple[str, ...]
    length: Length
    temperature: float
    unknown_below: float
    named_above: float = 0.0
    familiar_above: float = FAMILIAR_ABOVE
    set_above: float = 0.0
    most_evidence: float = MOST_AT_HOME
    at_home: dict[str, float] = field(default_factory=dict)
    parameters: dict[str, Any] = field(default_factory=dict)
    training: dict[str, Any] = field(default_factory=dict)
    scores: dict[str, Any] = field(default_factory=dict)
    libraries: dict[str, Any] = field(default_factory=dict)
    seed: int = 0
    weights: dict[str, tuple[int, ...]] = field(default_factory=dict)
    feature_set: str = OURS

    @property
    def from_elsewhere(self) -> bool:
        """Whether the model was trained to name devices in other places than those of its windows."""
        return self.most_evidence < MOST_AT_HOME

    def weight_files(self) -> tuple[str, ...]:
        """Return the files of weights, in the order of the graphs."""
        return tuple(f"{TRAINABLE}{name.removesuffix('.onnx')}.safetensors" for name in self.graphs) if self.weights else ()

    def to_json(self, files: Mapping[str, Mapping[str, object]]) -> bytes:
        """Return the manifest with the sizes and checksums of the other files, the same bytes for the same content."""
        content = {"format": FORMAT, **asdict(self), "files": files}
        return json.dumps(content, indent=1, sort_keys=True, allow_nan=False, ensure_ascii=False).encode() + b"\n"


@dataclass(frozen=True)
class Stored:
    """Size and checksum of a file inside a model file."""

    size: int
    sha256: str


def read_manifest(content: bytes, where: str) -> tuple[Manifest, dict[str, Stored]]:
    """Read and check a manifest.

    Returns
    -------
    Manifest
        The model's.
    dict of str to Stored
        Size and checksum that each other file must have.

    Raises
    ------
    ModelFileError
        Where it is no manifest, of another format version, or a field is wrong.
    """
    fields = _Fields(_parse(content, where), where)
    version = fields.take("format", int)
    if version != FORMAT:
        what = f"is of model format {version}; this headwise reads format {FORMAT}"
        raise ModelFileError(what, where=where, do="train it again, or use a headwise of its age")
    manifest = Manifest(
        features_version=fields.integer("features_version", 0, 1 << 31),
        features=fields.names("features", MOST_FEATURES),
        sequence=fields.integer("sequence", 0, 1024),
        family=fields.matching("family", _FAMILY),
        group=fields.text("group"),
        label=cast(Label, fields.one_of("label", ("device", "category"))),
        classes=fields.names("classes", MOST_CLASSES),
        categories=fields.pairs("categories"),
        graphs=fields.names("graphs", MOST_CLASSES),
        length=fields.length("length"),
        temperature=fields.number("temperature", 0.01, 100.0),
        unknown_below=fields.number("unknown_below", 0.0, 1.0),
        named_above=fields.number("named_above", 0.0, 1.0),
        set_above=fields.number("set_above", 0.0, 1.0),
        # Model files of before there were marks say nothing of it.
        familiar_above=fields.number("familiar_above", 0.0, 1.0) if "familiar_above" in fields.content else FAMILIAR_ABOVE,
        most_evidence=fields.number("most_evidence", 0.01, 100.0),
        # Files of before a home could teach have none.
        at_home=fields.shares("at_home") if "at_home" in fields.content else {},
        parameters=fields.take("parameters", dict),
        training=fields.take("training", dict),
        scores=fields.take("scores", dict),
        libraries=fields.take("libraries", dict),
        seed=fields.integer("seed", 0, 2**32 - 1),
        weights=fields.shapes("weights"),
        # Model files of before there was a choice do not name it.
        feature_set=fields.one_of("feature_set", FEATURE_SETS) if "feature_set" in fields.content else OURS,
    )
    _check_whole(manifest, fields)
    return manifest, fields.files("files")


def _check_whole(manifest: Manifest, fields: _Fields) -> None:
    if len(manifest.classes) < 2 or UNKNOWN in manifest.classes:
        raise fields.error("classes", f"must be at least two, none '{UNKNOWN}'")
    if manifest.label == "device" and not set(manifest.classes) <= set(manifest.categories):
        raise fields.error("categories", "lacks a product")
    if not set(manifest.at_home) <= set(manifest.classes):
        raise fields.error("at_home", "holds what is no class")
    if manifest.feature_set != feature_set_of(manifest.length):
        raise fields.error("feature_set", "is not that of its length")
    if len(manifest.graphs) not in (1, len(manifest.classes)) or not all(map(_GRAPH.fullmatch, manifest.graphs)):
        raise fields.error("graphs", "must name one model.onnx, or one a class")


def _parse(content: bytes, where: str) -> dict[str, Any]:
    def refuse(constant: str) -> None:
        raise ValueError(constant)

    try:
        parsed = json.loads(content.decode(), parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        raise ModelFileError("holds a manifest that is no JSON", where=where, do="get the model file again") from error
    if not isinstance(parsed, dict):
        raise ModelFileError("holds a manifest that is no JSON object", where=where, do="get the model file again")
    return parsed


class _Fields:
    """Fields of an untrusted object, each taken with what it must be."""

    def __init__(self, content: Mapping[str, Any], where: str) -> None:
        self.content, self.where = content, where

    def error(self, name: str, rule: str) -> ModelFileError:
        return ModelFileError(f"has a manifest whose '{name}' {rule}", where=self.where, do="get the model file again")

    def take(self, name: str, kind: type) -> Any:
        value = self.content.get(name)
        if not isinstance(value, kind) or isinstance(value, bool):
            raise self.error(name, f"is no {kind.__name__}")
        return value

    def text(self, name: str) -> str:
        return self._text(name, self.take(name, str))

    def _text(self, name: str, value: object) -> str:
        if not isinstance(value, str) or not 0 < len(value) <= MOST_LETTERS or not value.isprintable():
            raise self.error(name, f"holds what is no text of 1 to {MOST_LETTERS} letters")
        return value

    def one_of(self, name: str, allowed: tuple[str, ...]) -> str:
        value = self.text(name)
        if value not in allowed:
            raise self.error(name, f"is none of {', '.join(allowed)}")
        return value

    def matching(self, name: str, pattern: re.Pattern[str]) -> str:
        value = self.text(name)
        if not pattern.fullmatch(value):
            raise self.error(name, "is no such name")
        return value

    def names(self, name: str, most: int) -> tuple[str, ...]:
        values = self.take(name, list)
        if not 0 < len(values) <= most:
            raise self.error(name, f"holds {len(values)} names, not 1 to {most}")
        checked = tuple(self._text(name, value) for value in values)
        if len(set(checked)) != len(checked):
            raise self.error(name, "names something twice")
        return checked

    def pairs(self, name: str) -> dict[str, str]:
        values = self.take(name, dict)
        if len(values) > MOST_CLASSES:
            raise self.error(name, f"holds more than {MOST_CLASSES} entries")
        return {self._text(name, key): self._text(name, value) for key, value in values.items()}

    def shares(self, name: str) -> dict[str, float]:
        return {key: float(self._between(name, self._number(name, value), 0.0, 1.0)) for key, value in self.take(name, dict).items()}

    def shapes(self, name: str) -> dict[str, tuple[int, ...]]:
        values = self.take(name, dict)
        if len(values) > MOST_WEIGHTS:
            raise self.error(name, f"holds more than {MOST_WEIGHTS} entries")
        return {self._text(name, key): self._shape(name, value) for key, value in values.items()}

    def _shape(self, name: str, value: object) -> tuple[int, ...]:
        if not isinstance(value, list) or len(value) > 4 or not all(type(size) is int and 0 < size <= MOST_WIDTH for size in value):
            raise self.error(name, "holds what is no shape")
        return tuple(value)

    def integer(self, name: str, least: int, most: int) -> int:
        return cast(int, self._between(name, self.take(name, int), least, most))

    def number(self, name: str, least: float, most: float) -> float:
        return float(self._between(name, self._number(name, self.content.get(name)), least, most))

    def _number(self, name: str, value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.error(name, "is no number")
        return value

    def _between(self, name: str, value: float, least: float, most: float) -> float:
        if not (least <= value <= most and math.isfinite(value)):
            raise self.error(name, f"is not from {least} to {most}")
        return value

    def length(self, name: str) -> Length:
        value = self.content.get(name)
        return cast(Length, value) if value in ("capture", FLOW) else self.number(name, 1.0, 86_400.0)

    def files(self, name: str) -> dict[str, Stored]:
        return {key: self._stored(name, value) for key, value in self.take(name, dict).items()}

    def _stored(self, name: str, value: object) -> Stored:
        inner = _Fields(value if isinstance(value, dict) else {}, self.where)
        return Stored(inner.integer("size", 0, 1 << 40), inner.matching("sha256", _SHA256))
