"""Every column against tshark: zero differences but for the reasons of tests/tshark_reasons.py, which are counted."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from headwise.headers.schema import CUT, MALFORMED, PRESENT
from tests.core import numbered
from tests.corpus import capture_bytes, index
from tests.tshark import Fields, tshark
from tests.tshark_columns import Row, theirs
from tests.tshark_reasons import Difference, reason

TEST_BEDS = "aalto-2016 boston-2021 floridatech-2021 illinois-2024 london-2019 netherlands-2024 nku-2024 stevens-2019 unsw-2014".split()
FEW_PACKETS = 1000
SAMPLE = 8

# Differences in all of the parser corpus, by reason: values, not packets.
CORPUS_DIFFERENCES = {
    "clock": 201,
    "guessed record header": 18,
    "short options": 15,
    "version": 13,
    "section": 11,
    "mobility": 6,
    "broken option": 4,
    "no UDP length": 4,
    "cut extension": 2,
    "cut addresses": 1,
    "jumbogram": 1,
    "long header": 1,
    "wire length": 1,
}


def values(columns: dict[str, np.ndarray], row: int) -> Row:
    """Return a row's present columns, and its two remarks."""
    present = int(columns["present"][row])
    found: Row = {name: None for name, bit in PRESENT.items() if not present & bit}
    for name, column in columns.items():
        if name not in found:
            found[name] = column[row].tobytes() if column.ndim > 1 else int(column[row])
    return found | {"cut": present & CUT, "malformed": present & MALFORMED}


def differences(name: str, data: bytes, reference: list[Fields]) -> list[Difference]:
    """Return where rows of a capture differ from tshark's packets, as many of them as there are."""
    found, before = [], 0
    for walked, columns in numbered(data):
        for row, number in enumerate((columns.pop("packet") + before).tolist()):
            if number >= len(reference):
                return found
            ours = values(columns, row)
            for column, value in theirs(reference[number]).items():
                if ours[column] != value:
                    found.append(Difference(name, number + 1, column, ours[column], value, ours, reference[number]))
        before += walked
    return found


def explained(found: list[Difference]) -> Counter[str]:
    """Return how many differences have which reason; fail on those with none."""
    reasons = [(reason(d), d) for d in found]
    assert [(d.file, d.packet, d.column, d.ours, d.theirs) for why, d in reasons if why is None] == []
    return Counter(why for why, _ in reasons if why)


def packets(data: bytes) -> int:
    """Return the packets that the core walks."""
    return sum(walked for walked, _ in numbered(data))


def sample(data: Path) -> list[Path]:
    """Return one capture of each test-bed, and some of the corpus."""
    beds = [sorted((data / bed / "captures").rglob("*.*"))[0] for bed in TEST_BEDS]
    corpus = [
        data / "parser-corpus" / row["file"] for row in index(data) if row["format"] in ("pcap", "pcapng") and row["tshark_status"] == "ok"
    ]
    return beds + corpus[:: len(corpus) // SAMPLE]


def decompressed(path: Path, folder: Path) -> tuple[Path, bytes]:
    """Return a capture in a form that tshark reads, and its bytes."""
    content = capture_bytes(path)
    plain = folder / "capture"
    plain.write_bytes(content)
    return plain, content


def test_columns_agree_with_tshark_on_a_sample(data: Path, tmp_path: Path) -> None:
    """One capture of each test-bed and a sample of the corpus: no value differs without a reason."""
    for path in sample(data):
        plain, content = decompressed(path, tmp_path)
        explained(differences(path.name, content, tshark(plain, FEW_PACKETS)))


@pytest.mark.slow
@pytest.mark.timeout(1500)
def test_columns_agree_with_tshark_on_the_whole_corpus(data: Path, tmp_path: Path) -> None:
    """Every file of the corpus that tshark reads: as many packets, and the differences of each reason are as many as noted here."""
    found: list[Difference] = []
    for entry in index(data):
        if entry["format"] in ("pcap", "pcapng") and not entry["tshark_status"].startswith("refused"):
            plain, content = decompressed(data / "parser-corpus" / entry["file"], tmp_path)
            reference = tshark(plain)
            found += differences(entry["file"], content, reference)
            if entry["tshark_status"] == "ok":
                assert packets(content) == len(reference), entry["file"]
    assert dict(explained(found)) == CORPUS_DIFFERENCES


@pytest.mark.slow
@pytest.mark.timeout(3000)
@pytest.mark.parametrize("bed", TEST_BEDS)
def test_columns_agree_with_tshark_on_every_capture(data: Path, tmp_path: Path, bed: str) -> None:
    """Every packet of every capture of the test-beds: as many packets, and no value differs."""
    files = [path for path in sorted((data / bed / "captures").rglob("*")) if path.is_file()]
    assert files
    for path in files:
        plain, content = decompressed(path, tmp_path)
        reference = tshark(plain)
        assert packets(content) == len(reference), path
        assert explained(differences(path.name, content, reference)) == Counter(), path
