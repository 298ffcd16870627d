"""Which of a home's own windows may teach a model, and by what name: no person labels them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from headwise.clock import NS
from headwise.devices import format_mac
from headwise.identity.identities import Identities, Known
from headwise.testbeds import NOT_CLASSES, UNKNOWN, LabelledWindows, Length
from headwise.windows import WindowTable, content_weights

TESTBED = "home"


@dataclass(frozen=True)
class LessonSettings:
    """What may teach.

    Attributes
    ----------
    sure : float
        Probability that a name which no person told must have.
    steady_s : float
        Seconds for which it must have been held.
    most_disputed : float
        Share of a device's windows, by content, that the model may firmly take for other products; with more, the device is
        left out: a near twin would else pull the other's labels over. A told device teaches all the same.
    firm : float
        Probability from which the model takes a window firmly for a product.
    most_each : int
        Windows of a device, spread evenly over time.
    """

    sure: float = 0.95
    steady_s: float = 12 * 3600.0
    most_disputed: float = 0.2
    firm: float = 0.8
    most_each: int = 2000


@dataclass(frozen=True)
class Lessons:
    """What there is to learn from.

    Attributes
    ----------
    windows : LabelledWindows
        In the order of time; the unit is the MAC.
    left_out : dict of str to int
        Windows that teach nothing, by reason.
    """

    windows: LabelledWindows
    left_out: dict[str, int]


def lessons_of(
    table: WindowTable,
    probabilities: np.ndarray,
    identities: Identities,
    categories: Mapping[str, str],
    length: Length,
    now: int,
    settings: LessonSettings | None = None,
) -> Lessons:
    """Choose and label windows by the names that their devices earned or were told.

    Parameters
    ----------
    table : WindowTable
        n windows of a home.
    probabilities : float array of n x classes
        Of the model in use.
    identities : Identities
        Of the same classes.
    categories : mapping of str to str
        Category of each product.
    length : float or "capture"
        How the windows were cut.
    now : int
        ns since 1970 UTC.
    settings : LessonSettings, optional
    """
    settings = settings or LessonSettings()
    weights = content_weights(table.features, table.names)
    left_out: Counter[str] = Counter()
    chosen: list[np.ndarray] = []
    labels: dict[int, str] = {}
    for mac in np.unique(table.device).tolist():
        rows = np.flatnonzero(table.device == mac)
        known = identities.devices.get(mac)
        reason = _reason(known, categories, now, settings)
        if reason is None and known is not None and known.identity.state != "told":
            disputed = _disputed(known, probabilities[rows], weights[rows], identities.classes, settings.firm)
            reason = "disputed" if disputed > settings.most_disputed else None
        if reason is not None or known is None:
            left_out[reason or "never seen"] += len(rows)
            continue
        labels[mac] = str(known.identity.label)
        chosen.append(_spread(rows[np.argsort(table.start[rows], kind="stable")], settings.most_each))
    rows = np.concatenate(chosen) if chosen else np.zeros(0, int)
    rows = rows[np.lexsort((table.device[rows], table.start[rows]))]
    taught = table.select(rows)
    product = [labels[mac] for mac in taught.device.tolist()]
    return Lessons(labelled(taught, product, categories, length), dict(left_out))


def _reason(known: Known | None, categories: Mapping[str, str], now: int, settings: LessonSettings) -> str | None:
    """Return why a device may not teach; None where it may."""
    if known is None:
        return "never seen"
    identity = known.identity
    if identity.state == "told":
        return None if _is_class(identity.label, categories) else "no product"
    if identity.state != "named" or identity.rival is not None:
        return identity.state
    if identity.streak > 0:
        return "in doubt"
    if identity.line:
        return "only a line"
    if not _is_class(identity.label, categories):
        return "no product"
    if (identity.probability or 0.0) < settings.sure:
        return "not sure"
    if identity.state_since is None or now - identity.state_since < settings.steady_s * NS:
        return "not steady"
    return None


def _is_class(label: str | None, categories: Mapping[str, str]) -> bool:
    return label is not None and label != UNKNOWN and label in categories and categories[label] not in NOT_CLASSES


def _disputed(known: Known, probabilities: np.ndarray, weights: np.ndarray, classes: tuple[str, ...], firm: float) -> float:
    """Return the share of windows, by content, that are firmly something else than the device's name."""
    if known.identity.label not in classes or not weights.sum():
        return 0.0
    own = classes.index(known.identity.label)
    elsewhere = (probabilities.argmax(axis=1) != own) & (probabilities.max(axis=1) >= firm)
    return float(weights[elsewhere].sum() / weights.sum())


def _spread(rows: np.ndarray, most: int) -> np.ndarray:
    return rows if len(rows) <= most else rows[np.linspace(0, len(rows) - 1, most).round().astype(int)]


def labelled(table: WindowTable, product: Sequence[str], categories: Mapping[str, str], length: Length) -> LabelledWindows:
    """Return windows of a home as labelled ones, each with its product and that product's category."""
    return LabelledWindows(
        device=table.device,
        start=table.start,
        length_s=table.length_s,
        features=table.features,
        sequence=table.sequence,
        capture=table.capture,
        testbed=np.full(len(table), TESTBED, object),
        unit=np.array([format_mac(mac) for mac in table.device.tolist()], object),
        product=np.array(product, object),
        category=np.array([categories[name] for name in product], object),
        names=tuple(table.names),
        version=table.version,
        length=length,
    )
