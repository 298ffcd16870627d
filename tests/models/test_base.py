"""The model that comes with headwise."""

from __future__ import annotations

from pathlib import Path

from headwise.cli.main import main
from headwise.models.base import PATH
from headwise.models.model import load_model
from headwise.models.trainable import read_trainable


def test_it_loads_and_knows_what_it_says() -> None:
    """It is of this version's features, passes every check of a file from elsewhere, and knows the vendors of its products."""
    model = load_model(PATH)
    manifest = model.manifest
    assert len(manifest.classes) > 60
    assert set(model.knowledge.vendors) == set(manifest.classes) == set(model.knowledge.typical)
    assert manifest.label == "device"
    assert 0 < manifest.unknown_below <= manifest.named_above < 1


def test_a_home_can_go_on_training_it() -> None:
    """It carries a replay sample of all its products, without address or time."""
    trainable = read_trainable(PATH)
    assert trainable.replay is not None
    assert set(trainable.replay.product) == set(trainable.manifest.classes)
    assert not trainable.replay.device.any()


def test_it_is_a_few_megabytes() -> None:
    """The wheel carries it."""
    assert PATH.stat().st_size < 4 << 20


def test_its_card_lists_where_it_comes_from(tmp_path: Path) -> None:
    """The card inside names the test-beds, every class, and the scores on days set aside."""
    from headwise.models.archive import read_archive

    manifest, files = read_archive(PATH)
    card = files["README.md"].decode()
    assert all(name in card for name in manifest.training["testbeds"])
    assert all(f"| {name} |" in card for name in manifest.classes)
    assert "macro_f1" in card
    assert "known_in_their_line" in card


def test_naming_by_it_needs_no_option(tmp_path: Path) -> None:
    """A capture is named with nothing but its path."""
    assert main(["simulate", "-o", str(tmp_path / "home"), "--devices", "3", "--days", "1", "--seed", "2"]) == 0
    assert main(["identify", str(tmp_path / "home" / "captures"), "--json"]) == 0
