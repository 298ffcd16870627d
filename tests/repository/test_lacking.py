"""What a test lacks is a skip on a developer's machine and a failure in CI."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.machine import CHECKOUT

LACKING = {
    "a package at the top of a file": 'import pytest\n\npytest.importorskip("headwise_has_no_such_module")\n\n\ndef test_it():\n    pass\n',
    "something inside a test": 'from tests.machine import lacking\n\n\ndef test_it():\n    lacking("no such tool")\n',
}


@pytest.mark.parametrize(("setting", "code"), [("false", {0, 5}), ("true", {1, 2})])
@pytest.mark.parametrize("program", LACKING.values(), ids=LACKING)
def test_ci_fails_what_others_skip(program: str, setting: str, code: set[int], tmp_path: Path) -> None:
    """With CI=true a file or test that lacks something does not pass; without, it is skipped."""
    (tmp_path / "test_it.py").write_text(program)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "tests.conftest",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        str(tmp_path),
        str(tmp_path),
    ]
    environment = os.environ | {"CI": setting, "PYTHONPATH": str(CHECKOUT)}
    ran = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode in code, ran.stdout
