"""What a model file knows of its products beside the graphs."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from headwise.errors import ModelFileError
from headwise.models.knowledge import MOST_BYTES, TELLING, UNLISTED, Knowledge, joined, learn_knowledge, read_knowledge, telling_values
from headwise.windows import names
from tests.models.synthetic import synthetic_windows

BELKIN, RANDOM = 0x24F5A2FFAD97, 0x024F5A2FFAD9


def test_vendors_are_counted_by_unit() -> None:
    """A product's windows are of one unit each, whose MAC has a vendor or none."""
    windows = synthetic_windows(classes=2, days=2, each=3)
    of = np.where(windows.product == "product-0", BELKIN, RANDOM).astype(np.uint64)
    found = learn_knowledge(replace(windows, device=of)).vendors
    assert found == {"product-0": {"Belkin International Inc.": 1}, "product-1": {UNLISTED: 1}}


def test_what_is_telling_is_a_median_of_what_was_shown() -> None:
    """Undefined values do not count; of a kind of port it is said whether it was talked to; a feature never shown is left out."""
    windows = synthetic_windows(classes=2, days=1, each=3)
    windows.features[:, names().index("syn_window_sent")] = [np.nan, 1000, 3000, 5, 5, 5]
    windows.features[:, names().index("to_tuya_sent")] = [0.1, 0.2, 0, 0, 0, 0]
    windows.features[:, names().index("ntp_period_sent")] = np.nan
    typical = learn_knowledge(windows).typical["product-0"]
    assert typical["syn_window_sent"] == 2000
    assert typical["to_tuya_sent"] == 1
    assert "ntp_period_sent" not in typical


def test_every_telling_feature_is_one() -> None:
    """The list names features of the catalogue, none twice."""
    assert set(TELLING) <= set(names())
    assert len(set(TELLING)) == len(TELLING)
    assert telling_values(np.zeros((1, len(names()))), names()).shape == (1, len(TELLING))


def test_joined_keeps_both() -> None:
    """A retrained model knows the old products and the new."""
    one = Knowledge({"a": {"X": 1}, "b": {"Y": 2}}, {"a": {"dns_max_sent": 1.0}})
    two = Knowledge({"b": {"Y": 1, "Z": 1}, "c": {"X": 1}}, {"c": {"dns_max_sent": 2.0}})
    assert joined(one, two) == Knowledge(
        {"a": {"X": 1}, "b": {"Y": 2, "Z": 1}, "c": {"X": 1}}, {"a": {"dns_max_sent": 1.0}, "c": {"dns_max_sent": 2.0}}
    )


def test_what_is_written_is_read() -> None:
    """The file gives back what went in."""
    knowledge = learn_knowledge(synthetic_windows(classes=3, days=2, each=2))
    assert read_knowledge(knowledge.to_json(), "test") == knowledge


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b"[" * 100_000,
        json.dumps({"vendors": {"a": {"X": -1}}, "typical": {}}).encode(),
        json.dumps({"vendors": {"a": {"X": True}}, "typical": {}}).encode(),
        json.dumps({"vendors": {"a": 1}, "typical": {}}).encode(),
        json.dumps({"vendors": {}, "typical": {"a": {"dns_max_sent": "many"}}}).encode(),
        b'{"vendors": {}, "typical": {"a": {"dns_max_sent": NaN}}}',
        json.dumps({"vendors": {"a" * 300: {}}, "typical": {}}).encode(),
        b'{"vendors": {}, "typical": {}, "more": "' + b"x" * MOST_BYTES + b'"}',
    ],
)
def test_what_is_no_knowledge_is_refused(content: bytes) -> None:
    """A file from elsewhere that is something else, or too large, gives one clear error."""
    with pytest.raises(ModelFileError, match=r"knowledge\.json"):
        read_knowledge(content, "test")
