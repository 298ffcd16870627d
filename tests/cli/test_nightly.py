"""The commands nightly, tell and rollback on a simulated home."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

pytest.importorskip("sklearn", reason="scikit-learn is not installed")
pytest.importorskip("onnx", reason="onnx is not installed")

from headwise.cli.main import main
from headwise.models import load_model
from tests.identity.answers import contradictions


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return four days of a small simulated home, and a model of its first."""
    folder = tmp_path_factory.mktemp("nightly")
    assert main(["simulate", "-o", str(folder / "home"), "--days", "4", "--devices", "5", "--seed", "4"]) == 0
    arguments = ["--until", "2026-01-02", "--jobs", "1", "-o", str(folder / "model.headwise")]
    assert main(["train", str(folder / "home"), *arguments]) == 0
    return folder


def day(simulated: Path, number: int) -> str:
    """Return the capture of a day."""
    return str(simulated / f"home/captures/home-2026-01-0{number}.pcap")


@pytest.fixture
def night(simulated: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """Return a home's folder with one night behind it."""
    arguments = ["--home", str(tmp_path / "my-home"), "--model", str(simulated / "model.headwise")]
    assert main(["nightly", day(simulated, 2), *arguments]) == 0
    capsys.readouterr()
    return tmp_path / "my-home"


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, object]:
    """Return the object that a command prints."""
    assert main([*arguments, "--json"]) == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def test_nights_name_devices_and_learn(simulated: Path, night: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The first night names every device; two nights later the model was tried against a better one, or has become one."""
    state = json.loads((night / "home.json").read_text())
    named = [known["identity"]["label"] for known in state["identities"]["devices"].values() if known["identity"]["state"] == "named"]
    assert len([label for label in named if label.startswith("simulated-")]) >= 4
    found = [printed(capsys, "nightly", "--home", str(night), day(simulated, number)) for number in (3, 4)]
    assert found[1]["night"] == 3
    kinds = [event["kind"] for each in found for event in each["events"] if event["device"] is None]  # type: ignore[attr-defined]
    assert set(kinds) <= {"promoted", "kept"}
    assert kinds


def test_what_a_person_says_stays(simulated: Path, night: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Told is an event, needs the kind of a product that nobody knows, and the next night does not overwrite it."""
    state = json.loads((night / "home.json").read_text())
    mac = next(mac for mac, known in state["identities"]["devices"].items() if known["identity"]["state"] == "named")
    assert main(["tell", str(night), mac, "kettle"]) == 2
    assert "--category" in capsys.readouterr().err
    event = printed(capsys, "tell", str(night), mac, "kettle", "--category", "appliance")["event"]
    assert (event["kind"], event["label"], event["state"]) == ("told", "kettle", "told")  # type: ignore[index]
    assert main(["tell", str(night), mac, "kettle", "--category", "hub"]) == 2
    assert main(["nightly", "--home", str(night), day(simulated, 3)]) == 0
    state = json.loads((night / "home.json").read_text())
    assert state["identities"]["devices"][mac]["identity"]["label"] == "kettle"


@pytest.fixture
def rotated(simulated: Path, night: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    """Return the MAC of a named device, and the one under which it is there in the home's second night."""
    devices = json.loads((night / "home.json").read_text())["identities"]["devices"]
    old, new = next(mac for mac, known in devices.items() if known["identity"]["state"] == "named"), "5a:31:90:22:41:07"
    content = Path(day(simulated, 3)).read_bytes().replace(bytes.fromhex(old.replace(":", "")), bytes.fromhex(new.replace(":", "")))
    (tmp_path / "rotated.pcap").write_bytes(content)
    assert main(["nightly", "--home", str(night), str(tmp_path / "rotated.pcap"), "--no-retrain"]) == 0
    capsys.readouterr()
    return old, new


def test_a_device_goes_on_under_a_new_mac(night: Path, rotated: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    """Its name moves to the new MAC and the old one is gone; MACs that nobody saw are refused."""
    devices, (old, new) = json.loads((night / "home.json").read_text())["identities"]["devices"], rotated
    event = printed(capsys, "tell", str(night), new, "--same-as", old)["event"]
    assert (event["kind"], event["device"], event["label"]) == ("linked", new, devices[old]["identity"]["label"])  # type: ignore[index]
    assert old not in json.loads((night / "home.json").read_text())["identities"]["devices"]
    assert main(["tell", str(night), new, "--same-as", old]) == 2
    assert "never seen" in capsys.readouterr().err
    assert main(["tell", str(night), new]) == 2


def test_a_name_that_a_person_told_goes_on_under_a_new_mac(
    night: Path, rotated: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Whichever of the two MACs it was told of; where it was told of both, they must be told alike first."""
    before, (old, new) = (night / "home.json").read_bytes(), rotated
    for mac in (new, old):
        (night / "home.json").write_bytes(before)
        assert main(["tell", str(night), mac, "my-chime", "--category", "audio"]) == 0
        capsys.readouterr()
        event = printed(capsys, "tell", str(night), new, "--same-as", old)["event"]
        assert (event["label"], event["state"]) == ("my-chime", "told")  # type: ignore[index]
    (night / "home.json").write_bytes(before)
    for mac, product in ((new, "my-chime"), (old, "my-kettle")):
        assert main(["tell", str(night), mac, product, "--category", "audio"]) == 0
    capsys.readouterr()
    assert main(["tell", str(night), new, "--same-as", old]) == 2
    assert f"{new}: was told to be 'my-chime', and {old} to be 'my-kettle'" in capsys.readouterr().err


def test_two_devices_are_not_taken_for_one(night: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One MAC given twice, one that still speaks, and a category, which the same device has already: one line, and nothing changes."""
    before = (night / "home.json").read_bytes()
    one, other = list(json.loads(before)["identities"]["devices"])[:2]
    for arguments, said in (
        ([one, "--same-as", one], "is one MAC, given twice"),
        ([one, "--same-as", other], f"{other}: still spoke at 2026-01-03T00:00Z, when {one} had been there since 2026-01-02T00:00Z"),
        ([one, "--same-as", other, "--category", "hub"], "--category: is of a product"),
    ):
        assert main(["tell", str(night), *arguments]) == 2
        assert said in capsys.readouterr().err
    assert (night / "home.json").read_bytes() == before


def test_rolling_back_is_an_event_and_ends_at_the_first_model(simulated: Path, night: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The model of before is in use again; of the first one the command says that there is none before it."""
    from headwise.identity.home import HomeFolder, Promoted

    place = HomeFolder(night)
    with place.alone() as home:
        shutil.copy(simulated / "model.headwise", place.model("000001.headwise"))
        place.commit(home.promote(Promoted("000001.headwise", home.now)))
    event = printed(capsys, "rollback", str(night))["event"]
    assert (event["kind"], event["label"], event["was"]) == ("rolled-back", "base.headwise", "000001.headwise")  # type: ignore[index]
    assert main(["rollback", str(night)]) == 2
    assert f"{night}: is already at its first model; there is no earlier one" in capsys.readouterr().err


def test_mistakes_are_told_in_one_line(simulated: Path, night: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A first night with a model that is not there, a second one with any, and a folder that is no home's."""
    nowhere, model = str(tmp_path / "nowhere"), str(simulated / "model.headwise")
    for arguments, said in (
        (["nightly", "--home", nowhere, "--model", nowhere, day(simulated, 2)], "cannot be read"),
        (["nightly", "--home", str(night), "--model", model, day(simulated, 3)], "has a model already"),
        (["tell", nowhere, "02:00:00:00:00:01", "kettle"], "is no home's folder"),
        (["rollback", nowhere], "is no home's folder"),
        (["tell", str(night), "02:00:00:00:00", "kettle"], "is no MAC address"),
    ):
        assert main(arguments) == 2
        error = capsys.readouterr().err
        assert said in error
        assert error.count("\n") == 1
    assert not (tmp_path / "nowhere").exists()


def test_what_is_no_device_or_no_product_cannot_be_told(night: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A MAC of many devices, and names that no product has: one line each, and nothing is written down."""
    before = (night / "home.json").read_bytes()
    for mac, product, said in (
        ("ff:ff:ff:ff:ff:ff", "kettle", "is an address of many devices"),
        ("02:00:00:00:00:01", "unknown", "is no name of a product"),
        ("02:00:00:00:00:01", "", "is no name of a product"),
        ("02:00:00:00:00:01", "a\nb", "is no name of a product"),
    ):
        assert main(["tell", str(night), mac, product, "--category", "appliance"]) == 2
        assert said in capsys.readouterr().err
    assert (night / "home.json").read_bytes() == before


def test_a_home_whose_files_are_broken_says_so_and_goes_on_where_it_can(
    simulated: Path, night: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Windows that cannot be read teach nothing any more; a state that cannot be read ends the night in one line."""
    (night / "windows/000001.parquet").write_bytes(b"PAR1")
    assert main(["nightly", "--home", str(night), day(simulated, 3), "--no-retrain"]) == 0
    assert "000001.parquet: is not whole" in capsys.readouterr().err
    state = json.loads((night / "home.json").read_text())
    assert [each["file"] for each in state["windows"]] == ["000002.parquet"]
    for broken in ({**state, "models": []}, {**state, "identities": {"classes": ["a"], "devices": {"02:00:00:00:00:01": {}}}}):
        (night / "home.json").write_text(json.dumps(broken))
        assert main(["nightly", "--home", str(night), day(simulated, 4)]) == 2
        assert "begin with a new folder" in capsys.readouterr().err


def test_a_folder_that_lost_its_state_is_left_as_it_is(simulated: Path, night: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No command begins a new home in it, and its models and windows stay."""
    (night / "home.json").unlink()
    before = sorted(path for path in night.rglob("*") if path.is_file())
    for command in (
        ["nightly", "--home", str(night), day(simulated, 3)],
        ["tell", str(night), "02:00:00:00:00:01", "kettle", "--category", "appliance"],
        ["rollback", str(night)],
    ):
        assert main(command) == 2
        assert "has models or windows, but no home.json; put back a copy of it" in capsys.readouterr().err
    assert sorted(path for path in night.rglob("*") if path.is_file()) == before


def test_a_first_night_that_was_killed_begins_again(
    simulated: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever it had written by then is no home that lost its state."""
    from headwise.identity import nightly

    def killed(*_: object) -> object:
        raise KeyboardInterrupt

    model = str(simulated / "model.headwise")
    arguments = ["nightly", day(simulated, 2), "--home", str(tmp_path / "home"), "--model", model, "--no-retrain"]
    with monkeypatch.context() as patch:
        patch.setattr(nightly, "Night", killed)
        assert main(arguments) == 130
    assert main(["rollback", str(tmp_path / "home")]) == 2
    assert "is no home's folder" in capsys.readouterr().err
    assert main(arguments) == 0


def test_a_first_night_names_devices_as_identify_does(simulated: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same model and capture give the same products, lines, sets and reasons, with the vendor and without."""
    model, capture = str(simulated / "model.headwise"), day(simulated, 2)
    kinds = load_model(Path(model)).manifest.categories
    for number, vendor in enumerate(([], ["--no-vendor"])):
        home = str(tmp_path / f"home-{number}")
        nightly = printed(capsys, "nightly", "--home", home, "--model", model, "--no-retrain", capture, *vendor)["devices"]
        identified = {each["mac"]: each for each in printed(capsys, "identify", capture, "--model", model, *vendor)["devices"]}  # type: ignore[attr-defined]
        assert len(nightly) >= 5  # type: ignore[arg-type]
        kept = [each["mac"] for each in nightly if each["state"] != identified[each["mac"]]["state"]]  # type: ignore[attr-defined]
        assert len(kept) < len(nightly) - 3  # type: ignore[arg-type]
        for each in nightly:  # type: ignore[attr-defined]
            # A name that was earned is kept, with the moment since when, where identify would guess again.
            other = {"state", "product", "family", "since", "evidence"} if each["mac"] in kept else set()
            assert contradictions(each, kinds) == contradictions(identified[each["mac"]], kinds) == []
            assert each["mac"] not in kept or each["state"] in ("named", "changed")
            same = [name for name in each if name not in other]
            assert rounded({name: identified[each["mac"]][name] for name in same}) == rounded({name: each[name] for name in same})


def test_a_home_with_a_model_of_categories_names_them_as_identify_does(
    simulated: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the devices earn are categories, and no product."""
    model, capture, home = str(tmp_path / "kinds.headwise"), day(simulated, 2), str(tmp_path / "home")
    assert main(["train", str(simulated / "home"), "--label", "category", "--family", "dtc", "--until", "2026-01-02", "-o", model]) == 0
    capsys.readouterr()
    nightly = printed(capsys, "nightly", "--home", home, "--model", model, capture)["devices"]
    identified = {each["mac"]: each for each in printed(capsys, "identify", capture, "--model", model)["devices"]}  # type: ignore[attr-defined]
    assert any(each["state"] == "named" for each in nightly)  # type: ignore[attr-defined]
    for each in nightly:  # type: ignore[attr-defined]
        assert contradictions(each, {}) == []
        assert rounded(each) == rounded({name: identified[each["mac"]][name] for name in each})


def rounded(value: object) -> object:
    """Return JSON with its numbers to six digits: what is kept of evidence is rounded."""
    if isinstance(value, dict):
        return {name: rounded(each) for name, each in value.items()}
    if isinstance(value, list):
        return [rounded(each) for each in value]
    return round(value, 6) if isinstance(value, float) else value
