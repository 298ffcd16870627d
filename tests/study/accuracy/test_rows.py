"""The measuring of rows, on windows that are made up."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="scikit-learn is not installed")
pytest.importorskip("onnx", reason="onnx is not installed")

from headwise.study.accuracy import boots, days, phases, services
from headwise.study.accuracy.contenders import Contender, fit
from headwise.study.accuracy.effort import QUICK
from headwise.study.accuracy.everything import FEW, OTHER, SIBLING, kinds_of_errors, name_all
from headwise.study.accuracy.minutes import running
from headwise.study.accuracy.splits import each_units
from headwise.study.accuracy.trials import Trial, of_lines, together
from headwise.study.dead_services import Death
from headwise.testbeds import LabelledWindows, day_of
from headwise.testbeds.interactions import Interaction
from tests.models.synthetic import synthetic_windows
from tests.study.accuracy.beds import two_beds

SMALL = Contender("small", "etc", {"n_estimators": 10}, weighs=True)
WINDOWS = synthetic_windows(classes=4, days=4, each=6)


def hold_much(windows: LabelledWindows) -> None:
    """Let windows hold thirty packets of the device's own business, and so count in full."""
    for name, value in (("packets_sent", 30.0), ("arp_sent", 0.0), ("igmp_sent", 0.0), ("icmpv6_sent", 0.0), ("eapol_sent", 0.0)):
        windows.features[:, windows.names.index(name)] = value


def test_every_later_day_is_scored_by_how_far_ahead_it_is() -> None:
    """Of four days the first start has three later ones; with classes that lie apart all are right."""
    scored = days.measure(WINDOWS, SMALL, 1, replace(QUICK, starts=None))
    assert {ahead: len(values) for ahead, values in scored.ahead.items()} == {1: 3, 2: 2, 3: 1}
    assert scored.until(7).least > 0.99
    assert not scored.confused


def test_a_product_with_another_products_traffic_is_told_as_confused() -> None:
    """From the second day on product-0 sends what product-1 sends: each of its windows is counted."""
    features = WINDOWS.features.copy()
    turned = np.flatnonzero((WINDOWS.product == "product-0") & (WINDOWS.start >= 86_400 * 10**9))
    features[turned] = features[np.flatnonzero(WINDOWS.product == "product-1")[: len(turned)]]
    scored = days.measure(replace(WINDOWS, features=features), SMALL, 1, replace(QUICK, starts=1))
    assert scored.confused == {("product-0", "product-1"): len(turned)}


def test_what_came_before_outvotes_one_odd_window() -> None:
    """A unit keeps its name through a window of another's traffic."""
    early, late = (WINDOWS.select(mask) for mask in (WINDOWS.start < 2 * 86_400 * 10**9, WINDOWS.start >= 2 * 86_400 * 10**9))
    late = late.select(np.argsort(late.start, kind="stable"))
    odd = int(np.flatnonzero(late.product == "product-0")[8])
    late.features[odd] = late.features[np.flatnonzero(late.product == "product-1")[8]]
    hold_much(late)
    model = fit(SMALL, early)
    assert model.names(late.features)[odd] == "product-1"
    assert running(model, late)[odd] == "product-0"


def test_the_mode_of_a_boot_is_that_of_the_device_that_starts() -> None:
    """Another device's windows in the same capture have none."""
    starts = {unit: WINDOWS.start[WINDOWS.unit == unit] for unit in ("unit-0", "unit-1")}
    line = [
        Interaction(int(starts["unit-0"][n]) + 1, int(starts["unit-0"][n]) + 2, "unit-0", f"power-on/interception-{n}:x", "active")
        for n in (2, 4)
    ]
    mode = boots.modes(WINDOWS, line)
    assert sorted(mode[WINDOWS.unit == "unit-0"].tolist())[-2:] == [2, 4]
    assert (mode[WINDOWS.unit == "unit-1"] == boots.NO_MODE).all()
    train, test = boots.boot_split(WINDOWS, line)
    assert (mode[train].tolist(), mode[test].tolist()) == ([2], [4])


def test_phases_are_compared_on_the_same_units_and_later_windows() -> None:
    """A unit that is never active is not scored; what is scored is later than what the unit taught."""
    phase = np.where(np.arange(len(WINDOWS)) % 3 == 0, "active", "idle").astype(object)
    phase[WINDOWS.unit == "unit-3"] = "idle"
    train, other, same = phases.split(WINDOWS, phase, "idle", "active")
    assert set(WINDOWS.unit[train].tolist()) == {f"unit-{n}" for n in range(4)}
    assert set(WINDOWS.unit[other].tolist()) == set(WINDOWS.unit[same].tolist()) == {"unit-0", "unit-1", "unit-2"}
    assert set(phase[other].tolist()) == {"active"}
    for unit in ("unit-0", "unit-1", "unit-2"):
        last = WINDOWS.start[train][WINDOWS.unit[train] == unit].max()
        assert WINDOWS.start[np.concatenate([other, same])][WINDOWS.unit[np.concatenate([other, same])] == unit].min() > last


def test_units_are_named_by_all_their_later_windows() -> None:
    """With classes that overlap a little the units are right where single windows are not."""
    windows = two_beds(classes=4, away=0, spread=8.0)
    early, late = each_units(windows)
    named = name_all(windows, early, late, replace(SMALL, parameters={"n_estimators": 60}), QUICK)
    assert 0.3 < named.window.spread.mean < 0.999
    assert named.unit.spread.mean > named.window.spread.mean


def test_a_siblings_name_is_right_where_a_lines_name_counts() -> None:
    """The score with lines forgives twins alone; several trials together keep both scores."""
    truth = np.array(["a-x", "a-y", "b", "c", "d"], object)
    trial = Trial()
    trial.add(truth, np.array(["a-y", "a-y", "b", "c", "c"], object), truth)
    assert trial.scores[0] == pytest.approx((0 + 2 / 3 + 1 + 2 / 3 + 0) / 5)
    assert trial.of_lines[0] == pytest.approx((1 + 1 + 1 + 2 / 3 + 0) / 5)
    both = together([trial, trial])
    assert (both.scores, both.of_lines) == (trial.scores * 2, trial.of_lines * 2)
    row = of_lines(5, "F1", "somewhere", trial, both)
    assert (row.measure, row.values["headwise"]) == ("F1, a line's name counts", pytest.approx(trial.of_lines[0]))


def test_wrong_windows_are_told_apart_by_what_they_hold() -> None:
    """A sibling's name, hardly a packet, and the rest; what is right is none of them."""
    windows = WINDOWS.select(np.arange(4))
    features = windows.features.copy()
    features[:, windows.names.index("packets_received")] = 0
    features[:, windows.names.index("packets_sent")] = [3, 3, 100, 100]
    truth = np.array(["a-x", "b", "c", "a-y"], object)
    windows = replace(windows, features=features, product=truth)
    classes = np.array(["a-x", "a-y", "b", "c"], object)
    found = kinds_of_errors(windows, np.array(["a-y", "c", "b", "a-y"], object), classes)
    assert found == {SIBLING: 1, FEW: 1, OTHER: 1}


def test_windows_of_a_dead_service_are_scored_by_product() -> None:
    """A product whose dead windows are another's is never right, the others always; every training is older than what is scored."""
    windows = synthetic_windows(classes=4, days=9, each=6)
    features = windows.features.copy()
    turned = np.flatnonzero(windows.product == "product-0")
    features[turned] = features[np.flatnonzero(windows.product == "product-1")[: len(turned)]]
    found = services.named_right(windows, replace(windows, features=features), SMALL, QUICK)
    assert {days: len(models) for days, models in found.items()} == {1: 2, 7: 2}
    for model in found[1] + found[7]:
        assert model == {"product-0": 0.0, **{f"product-{number}": 1.0 for number in (1, 2, 3)}}


@pytest.mark.slow
def test_a_home_lives_through_the_death_of_each_devices_service() -> None:
    """With windows that are as before, every name is kept and every window right on each of the days left on which the device is heard."""
    windows = synthetic_windows(classes=2, days=8, each=16)
    windows = replace(windows, features=windows.features - np.nanmin(windows.features))
    hold_much(windows)
    windows = windows.select((windows.product != "product-1") | (day_of(windows.start) < day_of(windows.start).max()))
    lived = list(services.lives(windows, windows))
    assert [life.product for life in lived] == ["product-0", "product-1"]
    assert [len(life.nights) for life in lived] == [8 - services.DIES_AFTER, 7 - services.DIES_AFTER]
    for life in lived:
        assert min(map(min, life.nights)) > 0.95
        assert life.kept


def test_names_that_were_kept_and_changes_that_were_told_are_counted() -> None:
    """The row has the last day's windows, by the home's first model and by the one in use."""
    lived = [services.Life("a", [(0.5, 0.5), (0.4, 0.8)], True, 1), services.Life("b", [(0.0, 0.2), (0.2, 1.0)], False, None)]
    row = services.of_lives(lived, Death.UNANSWERED)
    assert row.values == {"retrained": pytest.approx(0.9), "never retrained": pytest.approx(0.3), "kept": 1, "told": 1}
    assert "day 2" in row.measure
    assert "| b | 0.00 > 0.20, 0.20 > 1.00 | no | - |" in row.details
