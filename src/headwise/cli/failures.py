"""What a command says, in one line, and its exit code when it cannot go on."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import traceback

from headwise.errors import HeadwiseError

INTERRUPTED = 130
READER_GONE = 141

# What has to be installed for a module that a command did not find.
_EXTRAS = {"sklearn": "trees", "onnx": "trees", "lightgbm": "train", "torch": "train"}


def say(name: str, message: str) -> None:
    """Print one line on stderr; control characters of file names and the like do not reach the terminal."""
    with contextlib.suppress(OSError, ValueError):
        print(f"{name}: {one_line(message)}", file=sys.stderr)


def one_line(text: str) -> str:
    """Return the text with line breaks as blanks and other unprintable characters escaped."""
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in " ".join(text.split()))


def exit_code(error: BaseException, *, name: str, debug: bool) -> int:
    """Say what ended a command and return its exit code.

    Parameters
    ----------
    error : BaseException
        What was raised.
    name : str
        The command, as the user wrote it.
    debug : bool
        Whether to show the traceback as well.
    """
    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else int(bool(error.code))
    if isinstance(error, BrokenPipeError):
        return _reader_gone()
    if debug:
        traceback.print_exception(error)
    if isinstance(error, KeyboardInterrupt):
        say(name, "interrupted")
        return INTERRUPTED
    message, code = _describe(error)
    say(name, message)
    return code


def after_flushing(code: int) -> int:
    """Return the exit code once all output is written, or that of a reader who went away."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        return _reader_gone()
    except OSError as error:
        message, code = _system_error(error)
        say("headwise", f"cannot write the output: {message}")
        _forget_output()
    return code


def _describe(error: BaseException) -> tuple[str, int]:
    if isinstance(error, HeadwiseError):
        return str(error), error.exit_code
    if isinstance(error, MemoryError):
        return "not enough memory; give fewer or smaller captures, or a machine with more", 1
    if isinstance(error, ModuleNotFoundError):
        return _missing_module(error.name or str(error)), 1
    if isinstance(error, OSError) and error.errno is not None:
        return _system_error(error)
    if isinstance(error, OSError) and "cannot open shared object file" in str(error):
        return f"a library of the system is missing: {error}; install it (of libgomp.so.1, Debian's package is libgomp1)", 1
    return f"internal error: {type(error).__name__}: {error}; run with --debug and report what it prints", 1


def _missing_module(module: str) -> str:
    if module.startswith("headwise."):
        return f"{module} is not part of this installation; install a whole one"
    package = module.partition(".")[0]
    wanted = f"headwise[{_EXTRAS[package]}]" if package in _EXTRAS else "headwise"
    return f"the package {package} is missing; run: pip install '{wanted}'"


def _system_error(error: OSError) -> tuple[str, int]:
    reason = error.strerror or str(error)
    where = f"{os.fspath(error.filename)!s}: " if isinstance(error.filename, str | bytes) else ""
    if error.errno == errno.ENOSPC:
        return f"{where}{reason}; free some space and run again", 1
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"{where}{reason}; run as a user who may, or choose another place", 1
    user_error = error.errno in (errno.ENOENT, errno.ENOTDIR, errno.EISDIR)
    return f"{where}{reason}", 2 if user_error else 1


def _reader_gone() -> int:
    _forget_output()
    return READER_GONE


def _forget_output() -> None:
    # Python flushes stdout once more at its end and would complain again.
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
