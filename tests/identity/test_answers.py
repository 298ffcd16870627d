"""What is said of devices of real captures holds together, and is the same whoever says it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from headwise.cli.live_names import LiveNames
from headwise.clock import NS, moment_of
from headwise.devices import parse_mac
from headwise.identity import Answer, Identities, Names, Products
from headwise.identity.identifying import identify
from headwise.models.base import PATH
from headwise.models.model import Model, load_model
from headwise.windows import WindowReader, WindowTable
from tests.identity.answers import NAMED, contradictions


@pytest.fixture(scope="module")
def model() -> Model:
    """Return the model that comes with headwise."""
    return load_model(PATH)


def captures_of(data: Path) -> list[list[Path]]:
    """Return set-ups of many products, and a whole day of a home."""
    alone = [*data.glob("unsw-2014/captures/*/setup*"), *data.glob("aalto-2016/captures/*/Setup-C-3-STA*")]
    return [*([path] for path in sorted(alone)[::3]), sorted(data.glob("stevens-2019/captures/*/2019-06-29*"))]


def reader_of(captures: list[Path], model: Model) -> WindowReader:
    """Return the windows of captures, as the model wants them."""
    return WindowReader(captures, length=model.manifest.length, sequence=model.manifest.sequence)


def as_json(answer: Answer) -> dict[str, Any]:
    """Return what is printed of an answer."""
    content: dict[str, Any] = json.loads(json.dumps(answer.to_json()))
    return content


@pytest.mark.parametrize("use_vendor", [True, False])
def test_what_is_said_of_real_devices_holds_together_whoever_says_it(data: Path, model: Model, *, use_vendor: bool) -> None:
    """All three say the same of the same windows, but for names that a home keeps, and nothing contradicts itself."""
    kinds, said = model.manifest.categories, 0
    for captures in captures_of(data):
        tables = list(reader_of(captures, model))
        home, live = Identities(Products(model.manifest, model.knowledge, use_vendor)), LiveNames(Names(model, use_vendor))
        whole = WindowTable.concatenate(tables, model.manifest.sequence)
        home.add(whole, model.probabilities(whole.features, whole.sequence))
        for table in tables:
            live.add(table)
        for each in identify(reader_of(captures, model), model, use_vendor=use_vendor):
            mac, alone = parse_mac(each.mac), as_json(each.answer)
            if each.role == "router" or mac not in home.devices:
                continue
            kept = as_json(home.answer(mac))
            assert [*contradictions(alone, kinds), *contradictions(kept, kinds)] == []
            assert live.names is not None
            assert as_json(live.names.of(mac)) == alone
            if each.answer.since is not None:
                assert moment_of(each.first_seen) - 600 * NS < each.answer.since <= moment_of(each.last_seen)
            if kept["state"] == alone["state"]:
                assert {**kept, "since": None} == {**alone, "since": None}
                assert kept["since"] is alone["since"] is None or kept["since"] <= alone["since"]
            else:
                assert kept["state"] in (*NAMED, "unknown")
            said += 1
    assert said > 20
