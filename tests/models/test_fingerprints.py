"""Fingerprints: what a product shows wherever it is."""

from __future__ import annotations

import math

import numpy as np
import pytest

from headwise.models.fingerprints import (
    CHANGED,
    CHANGED_AT_HOME,
    KEPT_TOKENS,
    MARKS,
    MOST_TOKENS,
    MOST_WINDOWS,
    Fingerprint,
    Likeness,
    learn_fingerprints,
    mean_shares,
    showings,
)
from headwise.windows import names


def window(**values: float) -> np.ndarray:
    """Return the features of one window (1 x F), undefined but for those given."""
    features = np.full((1, len(names())), np.nan, np.float32)
    for name, value in values.items():
        features[0, names().index(name)] = value
    return features


def test_every_feature_of_a_mark_is_one() -> None:
    """Marks name features of the catalogue, and each has a name of its own."""
    assert {name for mark in MARKS for name in mark.features} <= set(names())
    assert len({mark.name for mark in MARKS}) == len(MARKS)


def test_windows_show_values_stacks_and_presences() -> None:
    """Equal values are one token, undefined ones none; a stack is one token of all its places; a share above zero is present."""
    row = window(
        dns_first_sent=30, dns_max_sent=47, dns_mode_sent=30, syn_options_sent=5, syn_mss_position_sent=1, to_tuya_sent=0.2, to_mqtt_sent=0
    )
    (shown,) = showings(row, names())
    assert shown["dns"] == ("30", "47")
    assert shown["syn-options"] == ("5/-/1/-/-/-",)
    assert shown["ports"] == ("to_tuya_sent",)
    assert "hello" not in shown


def test_windows_of_other_features_show_nothing() -> None:
    """Of another feature set no mark is known."""
    assert list(showings(np.ones((2, 1), np.float32), ("flow_duration",))) == [{}, {}]


def test_windows_together_show_what_each_shows_alone() -> None:
    """Windows are read many at a time; likenesses too, and no windows have none."""
    random = np.random.default_rng(4)
    rows = random.choice([np.nan, 0, 30, 47], (40, len(names()))).astype(np.float32)
    alone = [next(showings(row[None], names())) for row in rows]
    assert list(showings(rows, names())) == alone
    products = learn_fingerprints((f"product-{place % 5}", "unit", showing) for place, showing in enumerate(alone))
    likeness = Likeness(products, tuple(products))
    by_hand = [likeness.logarithms({mark: dict.fromkeys(tokens, 1 / len(tokens)) for mark, tokens in each.items()}) for each in alone]
    assert likeness.of_windows(rows, names(), at_home=False) == pytest.approx(np.array(by_hand))
    one_by_one = np.concatenate([likeness.of_windows(row[None], names(), at_home=True) for row in rows])
    assert likeness.of_windows(rows, names(), at_home=True) == pytest.approx(one_by_one)
    assert list(showings(rows[:0], names())) == []
    assert likeness.of_windows(rows[:0], names(), at_home=True).shape == (0, 5)


def test_a_fingerprint_is_bounded_and_keeps_what_is_common() -> None:
    """However many tokens come, few are kept, the commonest among them; however many windows, later ones count."""
    found = Fingerprint()
    for number in range(20 * MOST_TOKENS):
        found.add({"dns": (str(number), "always")})
    assert len(found.counts["dns"]) <= MOST_TOKENS
    assert max(found.counts["dns"], key=found.counts["dns"].__getitem__) == "always"
    changed = Fingerprint()
    for token in ("old",) * 2 * MOST_WINDOWS + ("new",) * MOST_WINDOWS:
        changed.add({"dns": (token,)})
    assert changed.shares()["dns"]["new"] > 0.5


def test_what_is_written_is_read() -> None:
    """A fingerprint that was kept goes on."""
    found = Fingerprint()
    found.add({"dns": ("30", "47"), "ttl": ("64",)})
    assert Fingerprint.from_json(found.to_json()).shares() == found.shares()


@pytest.mark.parametrize("content", [{"dns": {"30": -1}}, {"dns": {"30": math.nan}}, {"dns": {"30": "many"}}, {"dns": 3}])
def test_what_is_no_fingerprint_is_refused(content: dict[str, object]) -> None:
    """What cannot have been written is not taken."""
    with pytest.raises((AttributeError, TypeError, ValueError)):
        Fingerprint.from_json(content)


def test_a_product_is_the_mean_of_its_units() -> None:
    """A chatty unit counts as much as a quiet one; a mark is of those that show it."""
    seen = [("a", "one", {"dns": ("30",)})] * 9 + [("a", "two", {"dns": ("47",), "ttl": ("64",)}), ("b", "three", {"ttl": ("255",)})]
    found = learn_fingerprints(seen)
    assert found["a"] == {"dns": {"30": 0.5, "47": 0.5}, "ttl": {"64": 1.0}}
    assert found["b"] == {"ttl": {"255": 1.0}}
    assert len(mean_shares([{"dns": {str(number): 1 / 100 for number in range(100)}}])["dns"]) == KEPT_TOKENS


def test_a_rare_token_says_more_than_a_common_one() -> None:
    """The ratio is that of a mixture: the product's own tokens, or those of any device where the mark has changed."""
    products = {"a": {"dns": {"30": 1.0}, "ttl": {"64": 1.0}}, "b": {"dns": {"47": 1.0}, "ttl": {"64": 1.0}}, "c": {"ttl": {"64": 1.0}}}
    like = Likeness(products, ("a", "b", "c", "d"))
    rare, common = like.logarithms({"dns": {"30": 1.0}}), like.logarithms({"ttl": {"64": 1.0}})
    anywhere = (1 + 1 / 3) / 3
    assert rare[0] == pytest.approx(math.log(CHANGED + (1 - CHANGED) / anywhere))
    assert rare[1] == pytest.approx(math.log(CHANGED))
    assert rare[2] == rare[3] == common[3] == 0
    assert rare[0] > common[0] > 0


def test_nothing_known_says_nothing() -> None:
    """Products without fingerprints are not told apart by marks."""
    like = Likeness({}, ("a", "b"))
    assert not like
    assert np.array_equal(like.logarithms({"dns": {"30": 1.0}}), np.zeros(2))


def test_windows_elsewhere_are_as_their_fingerprints() -> None:
    """In another place a window says alone what a device says that showed nothing else."""
    products = {"a": {"dns": {"30": 1.0}}, "b": {"dns": {"47": 0.5, "30": 0.5}}}
    like = Likeness(products, ("a", "b"))
    rows = np.concatenate([window(dns_first_sent=30, dns_max_sent=47), window(dns_first_sent=99), window()])
    found = like.of_windows(rows, names(), at_home=False)
    both, other = Fingerprint(), Fingerprint()
    both.add({"dns": ("30", "47")})
    other.add({"dns": ("99",)})
    assert found == pytest.approx(np.array([like.logarithms(both.shares()), like.logarithms(other.shares()), np.zeros(2)]))


def test_a_window_at_home_speaks_against_products_that_never_showed_it() -> None:
    """Who never showed a token loses by it; who showed it often neither loses nor wins, nor does who never showed the mark."""
    products = {"a": {"dns": {"30": 1.0}}, "b": {"dns": {"47": 0.5, "30": 0.5}}, "c": {"ttl": {"64": 1.0}}}
    like = Likeness(products, ("a", "b", "c"))
    rows = np.concatenate([window(dns_first_sent=47), window(dns_first_sent=99), window(dns_first_sent=30, dns_max_sent=47), window()])
    found = like.of_windows(rows, names(), at_home=True)
    never = math.log(CHANGED_AT_HOME)
    assert found == pytest.approx(np.array([[never, 0, 0], [never, never, 0], [never / 2, found[2, 1], 0], [0, 0, 0]]), abs=1e-6)
    assert never < found[2, 1] <= 0


def test_a_rare_token_speaks_against_products_that_show_it_least() -> None:
    """A product that shows a token seldom loses a little where others show it often, and less than one that never did."""
    like = Likeness({"a": {"dns": {"30": 0.9, "47": 0.1}}, "b": {"dns": {"47": 1.0}}, "c": {"dns": {"30": 1.0}}}, ("a", "b", "c"))
    ((seldom, often, never),) = like.of_windows(window(dns_first_sent=47), names(), at_home=True)
    assert never < seldom < often == 0


def test_a_new_delay_speaks_against_nothing() -> None:
    """A delay is measured anew in each window: one that no product showed tells nothing, though equal ones tell of a device."""
    like = Likeness({"a": {"ntp-period": {"64.1": 1.0}}, "b": {"ntp-period": {"32": 1.0}}}, ("a", "b"))
    assert np.array_equal(like.of_windows(window(ntp_period_sent=64.2), names(), at_home=True), np.zeros((1, 2)))
    assert like.logarithms({"ntp-period": {"32": 1.0}})[1] > 0
