"""A model file and new windows to a model that knows both: networks go on from their weights, trees are refitted."""

from __future__ import annotations

import copy
import functools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from headwise.errors import InputError, ModelFileError
from headwise.models.calibration import MOST_SURE, Calibration, Held, calibration_by, hold, reached
from headwise.models.families import Network
from headwise.models.fingerprints import showings
from headwise.models.folds import FOLDS, last_days
from headwise.models.groups import Members, fit_members
from headwise.models.knowledge import FILE as KNOWLEDGE
from headwise.models.knowledge import Knowledge, joined, learn_knowledge, read_knowledge
from headwise.models.litert.refresh import refreshed
from headwise.models.model import rows_of
from headwise.models.replay import EACH, sample
from headwise.models.telling import Tell, part, silent, within
from headwise.models.trainable import Trainable, make_again
from headwise.models.training import Trained, check_finite, describe, libraries_of
from headwise.testbeds import LabelledWindows, join

EPOCHS = 10
MOST_REMEMBERED = 100
"""Retrainings that a manifest tells of; of a model that is retrained every night the oldest are dropped."""


@dataclass(frozen=True)
class How:
    """How to retrain.

    Attributes
    ----------
    freeze : int
        First stages of a network that stay as they are, 0 to 3.
    epochs : int
        Most passes of a network.
    cache : bool
        Compute what the frozen stages give once; changes nothing but the time.
    replay : int
        Windows of each product that the new model file keeps; 0 for none.
    seed : int or None
        None for the model's.
    jobs : int or None
        Threads of families that have them; as many as processors by default.
    """

    freeze: int = 0
    epochs: int = EPOCHS
    cache: bool = True
    replay: int = EACH
    seed: int | None = None
    jobs: int | None = None


def retrain(
    model: Trainable,
    windows: LabelledWindows,
    how: How | None = None,
    *,
    anchors: LabelledWindows | None = None,
    training: Mapping[str, Any] | None = None,
    tell: Tell = silent,
) -> Trained:
    """Learn from new windows what a model does not know yet, and from its replay sample what it must not forget.

    A network goes on from its weights, with the first stages frozen; other families are refitted on both. Products that are
    new become classes. The last day of each product's new windows decides when to stop and how sure the model may be.

    Parameters
    ----------
    model : Trainable
        As `headwise.models.trainable.read_trainable` gives it.
    windows : LabelledWindows
        Cut as the model's are.
    how : How, optional
        The defaults, where it is not given.
    anchors : LabelledWindows, optional
        Windows for which the model is to go on saying what it says, labelled by it. They are learned, but nothing is checked by them.
    training : mapping, optional
        What the windows are, for the manifest.
    tell : callable
        Told how far it is, and a network's loss.

    Returns
    -------
    Trained
        To be saved, in the place of the old file or elsewhere.

    Raises
    ------
    InputError
        Where the windows are none, of other features, or too few kinds; or a family has no stages to freeze.
    ModelFileError
        Where what the model file says cannot be trained.
    """
    how = how or How()
    windows = windows.select(windows.is_class())
    _check(model, windows, how)
    data = _Data(model, windows, anchors)
    try:
        members, held = _retrained(model, data, how, tell)
    except ValueError as error:
        what = f"cannot be retrained: {str(error).splitlines()[0]}"
        raise ModelFileError(what, where=model.where, do="train it anew with headwise train") from error
    calibration = _calibration(model, data, held)
    manifest = replace(
        model.manifest,
        classes=members.classes,
        categories=data.categories,
        graphs=(),
        weights={},
        temperature=calibration.temperature,
        unknown_below=calibration.unknown_below,
        named_above=calibration.named_above,
        familiar_above=calibration.familiar_above,
        set_above=calibration.set_above,
        at_home=_at_home(model, data, held, calibration.temperature),
        training=_training(model, windows, data, how, training or {}),
        scores={"days_set_aside": calibration.scores},
        libraries=libraries_of(members.fitted[0]),
    )
    sampled = sample(windows, how.replay, manifest.sequence, model.replay)
    others, notes = refreshed(model.files, members.graphs, members.weights(), data.rows, model.where)
    return Trained(manifest, members, sampled, (*_notes(model, data), *notes), others, _knowledge(model, windows))


class _Data:
    """New windows, the replay sample and anchors as one, and which of them are set aside."""

    def __init__(self, model: Trainable, windows: LabelledWindows, anchors: LabelledWindows | None) -> None:
        given = [each for each in (windows, model.replay, anchors) if each is not None and len(each)]
        self.windows = join([replace(each, sequence=each.sequence[:, : model.manifest.sequence]) for each in given])
        cut, last = self.windows.select(np.arange(len(windows))), len(self.windows) - (len(anchors) if anchors is not None else 0)
        self.labels = self.windows.labels(model.manifest.label)
        self.rows = rows_of(self.windows.features, self.windows.sequence, model.manifest.sequence)
        check_finite(self.rows)
        self.categories = _categories(model, self.windows)
        self.held = np.zeros(len(self.rows), bool)
        self.held[: len(cut)] = last_days(cut.start, self.labels[: len(cut)])
        self.new = np.arange(len(self.rows)) < len(cut)
        self.held[len(cut) : last] = _every_fifth(self.labels[len(cut) : last])
        self.kinds = set(self.labels.tolist())
        # Categories have no marks.
        of_products = model.manifest.label == "device"
        self.marks = list(showings(self.windows.features, self.windows.names)) if of_products else []


def _retrained(model: Trainable, data: _Data, how: How, tell: Tell) -> tuple[Members, Members]:
    """Return the members, and members that have not seen what is set aside."""
    seed = model.manifest.seed if how.seed is None else how.seed
    if model.networks:
        members = _networks(model, data, replace(how, seed=seed), tell)
        return members, members

    def fit(rows: np.ndarray, number: int) -> Members:
        make = functools.partial(make_again, model.manifest, model.where, seed, how.jobs)
        return fit_members(make, model.group, data.rows[rows], data.labels[rows], tell=part(tell, number, 2))

    before = fit(~data.held, 0)
    return fit(np.ones(len(data.rows), bool), 1), before


def _networks(model: Trainable, data: _Data, how: How, tell: Tell) -> Members:
    old = model.manifest.classes
    classes = tuple(sorted({*old, *data.kinds}))
    if not model.group.each:
        network = copy.deepcopy(model.networks[0])
        _go_on(network, data, data.labels.astype(str), how, tell, (0, 1))
        return Members(classes, (network,))
    fitted = []
    for number, one in enumerate(classes):
        # A network for what is new starts as another one: its first stages have learned to look at traffic.
        network = copy.deepcopy(model.networks[old.index(one) if one in old else 0])
        if one in data.kinds:
            _go_on(network, data, data.labels == one, how, tell, (number, len(classes)))
        fitted.append(network)
    return Members(classes, tuple(fitted))


def _go_on(network: Network, data: _Data, target: np.ndarray, how: How, tell: Tell, place: tuple[int, int]) -> None:
    network.set_params(epochs=how.epochs, random_state=how.seed)
    network.retrain(data.rows, target, freeze=how.freeze, cache=how.cache, validation=data.held, progress=within(tell, *place))
    tell((place[0] + 1) / place[1], "")


def _calibration(model: Trainable, data: _Data, members: Members) -> Calibration:
    test = np.flatnonzero(data.held)
    # Without strangers to learn from, a device is called unknown no more readily than the first training found right.
    most = model.manifest.training.get("unknown_below", MOST_SURE)
    most = min(float(most), MOST_SURE) if isinstance(most, int | float) and 0 <= most <= 1 else MOST_SURE
    if not len(test):
        old = model.manifest
        return Calibration(old.temperature, min(old.unknown_below, most), old.named_above, old.familiar_above, old.set_above)
    found = calibration_by([_hold(model, data, test, members)], most)
    if not model.manifest.from_elsewhere:
        return replace(found, familiar_above=min(found.familiar_above, model.manifest.familiar_above))
    # What was learned elsewhere is no surer for the easy windows of home that were set aside with it.
    return replace(
        found,
        temperature=max(found.temperature, model.manifest.temperature),
        familiar_above=model.manifest.familiar_above,
        named_above=max(found.named_above, model.manifest.named_above),
        set_above=min(found.set_above, model.manifest.set_above),
    )


def _at_home(model: Trainable, data: _Data, members: Members, temperature: float) -> dict[str, float]:
    """Return from what probability a device is one of the products that the new windows taught, where the model is from elsewhere."""
    test = np.flatnonzero(data.held & data.new)
    if not model.manifest.from_elsewhere or model.manifest.label != "device" or not len(test):
        return model.manifest.at_home
    found = reached(_hold(model, data, test, members), temperature)
    return {**model.manifest.at_home, **found}


def _hold(model: Trainable, data: _Data, test: np.ndarray, members: Members) -> Held:
    learn, at_home = np.flatnonzero(~data.held), not model.manifest.from_elsewhere
    return hold(data.windows, data.rows, data.labels, data.marks, learn, test, members, at_home=at_home)


def _check(model: Trainable, windows: LabelledWindows, how: How) -> None:
    manifest = model.manifest
    if not len(windows):
        raise InputError("no window is left to learn from", do="widen --from, --until, --only, --without or --phase")
    if (windows.version, windows.names, windows.length) != (manifest.features_version, manifest.features, manifest.length):
        raise InputError("windows have other features or another length than the model's", where=model.where, do="cut them as it says")
    if windows.sequence.shape[1] < manifest.sequence:
        raise InputError(f"windows hold fewer than the model's {manifest.sequence} packets", where=model.where, do="read more of them")
    if how.freeze and not model.networks:
        raise InputError(f"family {manifest.family} has no layers to freeze", where="--freeze", do="leave it out: it is refitted")
    kinds = set(windows.labels(manifest.label).tolist())
    missing = sorted(set(manifest.classes) - kinds)
    if model.replay is None and missing and not model.networks:
        what = f"holds no replay sample, and the new windows lack its class '{missing[0]}'"
        raise InputError(what, where=model.where, do="give windows of every class, or train it anew with a replay sample")
    if model.replay is None and len(kinds) < 2:
        what = f"holds no replay sample, and the new windows are of one {manifest.label} alone"
        raise InputError(what, where=model.where, do="give windows of at least two")


def _categories(model: Trainable, windows: LabelledWindows) -> dict[str, str]:
    known, found = model.manifest.categories, windows.categories()
    for product, category in found.items():
        if known.get(product, category) != category:
            what = f"product '{product}' is '{category}' in devices.csv but '{known[product]}' in the model"
            raise InputError(what, where=model.where, do="make the table agree with the model")
    return dict(sorted({**known, **found}.items()))


def _training(model: Trainable, windows: LabelledWindows, data: _Data, how: How, more: Mapping[str, Any]) -> dict[str, Any]:
    old, new = model.manifest.training, describe(windows, model.group)
    counts = {name: count for name, count in _inside(old, "windows", dict).items() if isinstance(count, int)}
    counts |= {name: counts.get(name, 0) + count for name, count in new["windows"].items()}
    replayed = len(data.windows) - len(windows)
    this = {**new, **more, "freeze": how.freeze, "epochs": how.epochs, "replayed": replayed}
    return {
        **old,
        **{name: sorted({*map(str, _inside(old, name, list)), *new[name]}) for name in ("days", "units")},
        "windows": dict(sorted(counts.items())),
        "retrained": [*_inside(old, "retrained", list), this][-MOST_REMEMBERED:],
    }


def _knowledge(model: Trainable, windows: LabelledWindows) -> Knowledge:
    earlier = read_knowledge(model.files[KNOWLEDGE], model.where) if KNOWLEDGE in model.files else Knowledge()
    return joined(earlier, learn_knowledge(windows))


def _inside(content: Mapping[str, Any], name: str, kind: type) -> Any:
    value = content.get(name)
    return value if isinstance(value, kind) else kind()


def _notes(model: Trainable, data: _Data) -> list[str]:
    absent = sorted(set(model.manifest.classes) - data.kinds)
    notes = []
    if absent:
        kept = "its models stay as they were" if model.group.each else "they may be forgotten"
        notes.append(f"{len(absent)} classes are neither in the new windows nor in a replay sample ({absent[0]} and others): {kept}")
    return notes


def _every_fifth(labels: np.ndarray) -> np.ndarray:
    """Return a mask of the middle one of every five rows of a label."""
    chosen = np.zeros(len(labels), bool)
    for label in np.unique(labels.astype(str)):
        chosen[np.flatnonzero(labels == label)[FOLDS // 2 :: FOLDS]] = True
    return chosen
