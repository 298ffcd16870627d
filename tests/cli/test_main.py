"""The command line's frame: help, exit codes, errors of one line."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from headwise import __version__
from headwise.cli import main as frame
from headwise.cli.commands import COMMANDS, Command, CommandModule
from headwise.errors import InputError, SystemFailure

HEAVY = ("cryptography", "numpy", "onnxruntime", "pyarrow", "rich", "scipy", "sklearn", "zstandard")


@dataclass
class Stub:
    """A command whose work is one function."""

    work: Callable[[Namespace], int]
    SUMMARY: str = "do a thing"
    EXAMPLES: str = "  headwise headers x"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare one optional argument."""
        parser.add_argument("capture", nargs="?")
        parser.add_argument("--length", type=float)

    def run(self, arguments: Namespace) -> int:
        """Do the work."""
        return self.work(arguments)


@pytest.fixture
def headers(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Namespace], int]], None]:
    """Return what replaces the command `headers` by a function."""

    def replace(work: Callable[[Namespace], int]) -> None:
        def load(command: Command) -> CommandModule:
            return Stub(work)

        monkeypatch.setattr(Command, "load", load)

    return replace


def raising(error: BaseException) -> Callable[[Namespace], int]:
    """Return work that raises."""

    def work(arguments: Namespace) -> int:
        raise error

    return work


def headwise(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    """Run the command line as a process of its own."""
    command = [sys.executable, "-m", "headwise", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, **options)  # type: ignore[call-overload,no-any-return]


def test_help_imports_nothing_heavy() -> None:
    """`headwise --help` must start quickly, so it loads no library."""
    program = (
        f"import sys; from headwise.cli.main import main; code = main(['--help']); print(code, [m for m in {HEAVY} if m in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert result.stdout.splitlines()[-1] == "0 []"


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_help_of_a_command_imports_nothing_heavy(command: Command) -> None:
    """The help of each command shows its examples and exit codes, and loads no library."""
    program = (
        f"import sys; from headwise.cli.main import main; code = main(['{command.name}', '--help']); "
        f"print(code, [m for m in {HEAVY} if m in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert result.stdout.splitlines()[-1] == "0 []"
    assert f"headwise {command.name} " in result.stdout.partition("examples:")[2]
    assert "exit codes:" in result.stdout


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_summary_in_the_table_is_the_module_s(command: Command) -> None:
    """The list of commands says of each what the command's own help says."""
    assert command.summary == command.load().SUMMARY


def test_help_lists_every_command() -> None:
    """The help names each command with its summary, and the exit codes."""
    result = headwise("--help")
    assert (result.returncode, result.stderr) == (0, "")
    for command in COMMANDS:
        assert f"{command.name} " in result.stdout
        assert command.summary in result.stdout
    assert "exit codes:" in result.stdout


def test_libraries_are_told_to_be_sparing() -> None:
    """Linear algebra's threads spin when they are made, and no command needs them; Arrow leaves memory to the system's allocator."""
    program = """
import os, sys
from headwise.cli.main import entry
sys.argv = ["headwise", "--version"]
try:
    entry()
except SystemExit:
    import numpy
    threads = len(os.listdir("/proc/self/task"))
    import pyarrow
    print(threads, pyarrow.default_memory_pool().backend_name)
"""
    environment = {name: value for name, value in os.environ.items() if not name.endswith(("_NUM_THREADS", "_MEMORY_POOL"))}
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True, env=environment)
    assert result.stdout.splitlines()[-1] == "1 system"


def test_version() -> None:
    """`--version` prints the name and the version."""
    result = headwise("--version")
    assert (result.returncode, result.stdout) == (0, f"headwise {__version__}\n")


@pytest.mark.parametrize("given", [["frobnicate"], ["--frobnicate"], ["headers", "--frobnicate"], ["headers", "--length", "long"]])
def test_wrong_arguments_are_one_line(given: list[str], headers: Callable[..., None], capsys: pytest.CaptureFixture[str]) -> None:
    """Arguments that mean nothing end with exit code 2 and one line that points at the help."""
    headers(lambda arguments: 0)
    assert frame.main(given) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert len(output.err.splitlines()) == 1
    assert "--help" in output.err


def test_no_command_shows_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    """The bare word `headwise` explains itself and is not a success."""
    assert frame.main([]) == 2
    assert "commands:" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (InputError("no capture", where="a.pcap", do="give one"), 2, "a.pcap: no capture; give one"),
        (SystemFailure("no such interface", where="eth9"), 1, "eth9: no such interface"),
        (FileNotFoundError(errno.ENOENT, "No such file or directory", "a\nb"), 2, "a b: No such file or directory"),
        (OSError(errno.ENOSPC, "No space left on device", "/x"), 1, "/x: No space left on device; free some space and run again"),
        (
            PermissionError(errno.EACCES, "Permission denied", "/x"),
            1,
            "/x: Permission denied; run as a user who may, or choose another place",
        ),
        (MemoryError(), 1, "not enough memory; give fewer or smaller captures, or a machine with more"),
        (ModuleNotFoundError("x", name="sklearn.tree"), 1, "the package sklearn is missing; run: pip install 'headwise[trees]'"),
        (ModuleNotFoundError("x", name="headwise.cli.x"), 1, "headwise.cli.x is not part of this installation; install a whole one"),
        (ModuleNotFoundError("x", name="lightgbm"), 1, "the package lightgbm is missing; run: pip install 'headwise[train]'"),
        (
            OSError("libx.so: cannot open shared object file"),
            1,
            "a library of the system is missing: libx.so: cannot open shared object file; "
            "install it (of libgomp.so.1, Debian's package is libgomp1)",
        ),
        (KeyboardInterrupt(), 130, "interrupted"),
        (ZeroDivisionError("by\nzero"), 1, "internal error: ZeroDivisionError: by zero; run with --debug and report what it prints"),
        (InputError("odd \x1b[31m name"), 2, "odd \\x1b[31m name"),
    ],
)
def test_every_failure_is_one_line(
    error: BaseException, code: int, line: str, headers: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever a command raises ends in one line on stderr and its exit code, with no traceback."""
    headers(raising(error))
    assert frame.main(["headers"]) == code
    output = capsys.readouterr()
    assert (output.out, output.err) == ("", f"headwise headers: {line}\n")


@pytest.mark.parametrize("given", [["--debug", "headers"], ["headers", "--debug"]])
def test_debug_shows_the_traceback(given: list[str], headers: Callable[..., None], capsys: pytest.CaptureFixture[str]) -> None:
    """With --debug, before or after the command, the traceback comes before the line."""
    headers(raising(ZeroDivisionError()))
    assert frame.main(given) == 1
    error = capsys.readouterr().err
    assert error.startswith("Traceback")
    assert error.splitlines()[-1].startswith("headwise headers: internal error")


def test_exit_code_of_a_command_is_passed_on(headers: Callable[..., None]) -> None:
    """What a command returns is the process's exit code."""
    headers(lambda arguments: 7)
    assert frame.main(["headers"]) == 7


@pytest.mark.parametrize(("given", "shown"), [([], False), (["--debug"], True)])
def test_warnings_of_libraries_are_for_debugging(
    given: list[str], shown: bool, headers: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A library's warning reaches the user with --debug only."""
    import warnings

    monkeypatch.setattr(sys, "warnoptions", [])

    def work(arguments: Namespace) -> int:
        try:
            warnings.warn("old", DeprecationWarning, stacklevel=1)
        except DeprecationWarning:  # the tests' own filter
            return 5
        return 6

    headers(work)
    assert frame.main(["headers", *given]) == (5 if shown else 6)


PRINTING = """
import sys
from headwise.cli import main
from headwise.cli.commands import Command
class Work:
    SUMMARY = EXAMPLES = ""
    def add_arguments(self, parser): pass
    def run(self, arguments):
        print("x" * {size})
        return 0
Command.load = lambda self: Work()
sys.argv = ["headwise", "headers"]
main.entry()
"""


@pytest.mark.parametrize("size", [10, 1_000_000])
def test_a_reader_that_goes_away_is_no_error(size: int) -> None:
    """`headwise ... | head` prints nothing on stderr, whether the output breaks at once or at the end."""
    read, write = os.pipe()
    os.close(read)
    result = subprocess.run(
        [sys.executable, "-c", PRINTING.format(size=size)], stdout=write, stderr=subprocess.PIPE, timeout=60, check=False
    )
    os.close(write)
    assert (result.returncode, result.stderr) == (141, b"")


def test_output_that_cannot_be_written_is_an_error() -> None:
    """A full disk behind `>` is told in one line and is no success."""
    with open("/dev/full", "wb") as full:
        command = [sys.executable, "-c", PRINTING.format(size=10)]
        result = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False)
    assert result.returncode == 1
    assert len(result.stderr.splitlines()) == 1
    assert "No space left on device" in result.stderr


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_signals_end_a_command_cleanly(number: signal.Signals, code: int, tmp_path: Path) -> None:
    """Ctrl-C and SIGTERM leave by an exception, so that what is half written is removed."""
    program = f"""
import os, pathlib, signal, sys
# A shell lets what it starts in the background ignore Ctrl-C.
signal.signal(signal.SIGINT, signal.default_int_handler)
from headwise.cli import main
from headwise.cli.commands import Command
class Work:
    SUMMARY = EXAMPLES = ""
    def add_arguments(self, parser): pass
    def run(self, arguments):
        try:
            os.kill(os.getpid(), {int(number)})
            import time; time.sleep(30)
        finally:
            pathlib.Path({str(tmp_path / "left")!r}).touch()
Command.load = lambda self: Work()
sys.argv = ["headwise", "headers"]
main.entry()
"""
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == code
    assert "Traceback" not in result.stderr
    assert (tmp_path / "left").exists()
