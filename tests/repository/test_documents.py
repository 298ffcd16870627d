"""Documents say what is there."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from headwise import __version__
from headwise.cli.commands import COMMANDS
from headwise.cli.main import main
from tests.machine import CHECKOUT
from tests.repository.tree import texts

LINK = re.compile(r"\]\((?!https?:)([^)#\s]+)")
PATH = re.compile(r"(?<![\w/.$}])(?:src|docs|native|tests|scripts|build_backend|requirements|benchmarks)/[\w.*/-]*[\w*]")
MAKE = re.compile(r"(?:^|`)make ([a-z][a-z0-9-]*)", re.MULTILINE)


def test_every_link_leads_somewhere() -> None:
    """A link from one document to another file finds it."""
    documents = {name: text for name, text in texts().items() if name.endswith(".md")}
    missing = [
        f"{n}: {link}" for n, text in documents.items() for link in LINK.findall(text) if not (CHECKOUT / n).parent.joinpath(link).exists()
    ]
    assert missing == []


def test_every_path_that_is_named_exists() -> None:
    """A file or folder that a document, comment or script names is there."""
    missing = []
    for name, text in texts().items():
        if name.startswith("requirements/") or name == "tests/repository/test_documents.py":
            continue
        for path in set(PATH.findall(text)):
            if "NAME" not in path and not any(CHECKOUT.glob(path.rstrip("."))):
                missing.append(f"{name}: {path}")
    assert sorted(missing) == []


def test_every_make_target_that_is_named_exists() -> None:
    """`make X` in a document is a target of the Makefile."""
    targets = set(re.findall(r"^([a-z0-9-]+):", (CHECKOUT / "Makefile").read_text(), re.MULTILINE))
    named = {target for name, text in texts().items() if name.endswith(".md") for target in MAKE.findall(text)}
    assert named - targets == set()


def test_version_is_the_same_everywhere() -> None:
    """The package, its metadata and the changelog agree on the version."""
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
    top = re.search(r"^## (\S+)", (CHECKOUT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert top
    assert (project["version"], top[1]) == (__version__, __version__)


def test_generated_blocks_are_up_to_date() -> None:
    """What the documents show of the code is what the code says now."""
    command = [sys.executable, "scripts/generate_docs.py", "--check"]
    result = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, timeout=120, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_every_command_has_its_heading() -> None:
    """Each command is described under its own name."""
    text = (CHECKOUT / "docs/commands.md").read_text()
    assert [command.name for command in COMMANDS if f"\n## headwise {command.name}\n" not in text] == []


def readme_commands() -> list[list[str]]:
    """Return the commands of the README that need neither root nor a capture of one's own."""
    blocks = re.findall(r"^```sh\n(.*?)^```", (CHECKOUT / "README.md").read_text(), re.DOTALL | re.MULTILINE)
    lines = [line.split("#")[0].split() for block in blocks for line in block.splitlines()]
    return [words[1:] for words in lines if words and words[0].endswith("headwise") and "home.pcap" not in words and "watch" not in words]


def test_commands_of_the_readme_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A newcomer who types the README's commands in their order gets names."""
    monkeypatch.chdir(tmp_path)
    commands = readme_commands()
    assert [words[0] for words in commands] == ["simulate", "train", "evaluate", "identify"]
    for words in commands:
        arguments = [str(path) for word in words for path in (sorted(tmp_path.glob(word)) if "*" in word else [word])]
        assert main(arguments) == 0, capsys.readouterr().err
