"""Which module measures which rows."""

from __future__ import annotations

import pytest

from headwise.errors import InputError
from headwise.study.accuracy.registry import PARTS, chosen


def test_every_row_has_one_module_that_is_there() -> None:
    """No number is measured twice, and each module has what measures it."""
    names = [name for part in PARTS for name in part.names]
    assert len(names) == len(set(names))
    pytest.importorskip("sklearn", reason="scikit-learn is not installed")
    assert all(callable(part.rows) for part in PARTS)


def test_rows_are_chosen_by_number() -> None:
    """A number brings its module, which may bring neighbours; all come without a choice; another number is refused by name."""
    assert [part.module for part in chosen("5, 12")] == ["setups", "places"]
    assert [part.module for part in chosen("features,tricks")] == ["tricks", "features"]
    assert list(chosen(None)) == list(PARTS)
    with pytest.raises(InputError, match="no row '99'"):
        chosen("5,99")
