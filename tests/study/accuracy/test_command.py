"""The command that measures the table, on small test-beds."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("sklearn", reason="scikit-learn is not installed")
pytest.importorskip("onnx", reason="onnx is not installed")

from headwise.capture.simulated import Plan, write
from headwise.study.accuracy import report
from headwise.study.accuracy.command import RESULTS, main
from headwise.study.accuracy.kept import read_kept
from headwise.windows import FEATURES_VERSION


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with a simulated home under the name of a test-bed."""
    folder = tmp_path_factory.mktemp("beds")
    write(Plan(devices=4, days=2), folder / "stevens-2019")
    return folder


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """Folder of documents with an empty page."""
    (tmp_path / "accuracy.md").write_text(f"# Page\n{report.BEGIN}\n{report.END}\nend\n")
    return tmp_path


def test_missing_test_beds_are_left_out_with_a_word(simulated: Path, docs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The rows of those that are there are printed, and for each that is not there is a line."""
    assert main(["--quick", "--rows", "2,5,6"], data=simulated, docs=docs) == 0
    out, err = capsys.readouterr()
    assert "| 2 | macro F1 per window, 1 day of training, 1 to 7 days ahead | stevens-2019 |" in out
    assert "| 5 |" not in out
    assert "aalto-2016 is not in the folder: left out" in err
    assert "has not 8 days in a row, with two products: row 1 is left out" in err


@pytest.mark.slow
def test_written_rows_stay_when_others_are_measured(simulated: Path, docs: Path) -> None:
    """The page then holds both, and what a person wrote around them."""
    pytest.importorskip("matplotlib", reason="matplotlib is not installed")
    first = read_kept(docs / RESULTS, FEATURES_VERSION)
    assert first.parts == {}
    assert main(["--rows", "3", "--write"], data=simulated, docs=docs) == 0
    assert main(["--rows", "2", "--write"], data=simulated, docs=docs) == 0
    assert [row.number for row in read_kept(docs / RESULTS, FEATURES_VERSION).rows()] == [2, 3]
    page = (docs / "accuracy.md").read_text()
    assert page.startswith("# Page\n")
    assert page.endswith("\nend\n")
    assert "\n| 2 | " in page
    assert "\n| 3 | " in page


@pytest.mark.slow
def test_other_days_of_the_test_beds_are_scored_by_the_same_command(
    simulated: Path, tmp_path: Path, docs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two homes of other products, days and counts than those that the table is of give every row that they can."""
    write(Plan(devices=7, days=2, seed=2), tmp_path / "floridatech-2021")
    (tmp_path / "stevens-2019").symlink_to(simulated / "stevens-2019")
    (tmp_path / "boston-2021").symlink_to(simulated / "stevens-2019")
    assert main(["--quick", "--rows", "2,3,6,7,8,11,13,16"], data=tmp_path, docs=docs) == 0
    out, err = capsys.readouterr()
    numbers = {line.split("|")[1].strip() for line in out.splitlines() if line.startswith("| ")}
    assert {"2", "3", "7", "8", "11", "12", "13", "16"} <= numbers
    assert "boston-2021 has no boots in modes of both kinds: row 6 is left out" in err
    assert "row 16: boston-2021 has nothing to score: left out" in err


@pytest.mark.parametrize(("options", "says"), [(["--rows", "99"], "no row '99'"), (["--quick", "--write"], "too little")])
def test_what_cannot_be_measured_is_refused(options: list[str], says: str, docs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line, and the exit code of what the user gave."""
    assert main(options, data=docs, docs=docs) == 2
    assert says in capsys.readouterr().err


@pytest.mark.slow
def test_real_captures_are_measured_in_a_minute_or_two(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Set-ups and boots are named far better than by chance, and headwise is no worse than the plain forest by more than a little."""
    for name in ("aalto-2016", "boston-2021"):
        if not (data / name).is_dir():
            pytest.skip(f"no {name}")
    assert main(["--quick", "--rows", "5,6"], data=data, docs=tmp_path) == 0
    lines = {
        line.split("|")[1].strip(): line.split("|") for line in capsys.readouterr().out.splitlines() if line.startswith(("| 5 |", "| 6 |"))
    }
    for number in ("5", "6"):
        plain, ours = (float(lines[number][place].split()[0]) for place in (4, 5))
        assert ours > 0.8
        assert ours > plain - 0.02
