"""The command `headwise`: choose a command, run it, turn whatever happens into an exit code."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import warnings
from collections.abc import Sequence
from types import FrameType
from typing import NoReturn

from headwise import __version__
from headwise.cli import failures
from headwise.cli.commands import COMMANDS, Command

DESCRIPTION = "Name the devices of a network from packet headers alone."

EXAMPLES = """\
  headwise identify home.pcap                        name the devices of a capture
  headwise simulate -o home --devices 9 --days 3     make a small home to try things on
  headwise train home --label device -o home.headwise
  headwise identify home/captures --model home.headwise
"""

EXIT_CODES = """\
  0    done
  1    the system could not do it: no permission, no space, no such interface
  2    what was given cannot be used: an option, a file, a table
  130  interrupted (Ctrl-C)
  141  the reader of the output went away
  143  asked to end (SIGTERM)
"""

# What libraries are told when they are loaded, where the user says nothing else. NumPy's linear algebra would make a thread a processor,
# each of which spins for hundredths of a second at first; Arrow's own allocator keeps tens of megabytes that the system's gives back.
SPARING = {"OPENBLAS_NUM_THREADS": "1", "ARROW_DEFAULT_MEMORY_POOL": "system"}


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the arguments and end with exit code 2."""
        failures.say(self.prog, f"{message}; see '{self.prog} --help'")
        raise SystemExit(2)


def entry() -> NoReturn:
    """Run as a process of its own."""
    signal.signal(signal.SIGTERM, _terminate)
    for name, value in SPARING.items():
        os.environ.setdefault(name, value)
    sys.exit(main())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit code.

    Parameters
    ----------
    arguments : sequence of str, optional
        What follows the word `headwise`; by default what the process was started with.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in given
    chosen = _chosen(given)
    name = f"headwise {chosen.name}" if chosen else "headwise"
    try:
        with warnings.catch_warnings():
            if not debug and not sys.warnoptions:
                warnings.simplefilter("ignore")
            code = _run(given, chosen)
    except BaseException as error:
        code = failures.exit_code(error, name=name, debug=debug)
    return failures.after_flushing(code)


def parser(chosen: Command | None = None) -> Parser:
    """Return the parser of all commands, of which only the chosen one knows its own arguments."""
    top = Parser(
        prog="headwise",
        description=DESCRIPTION,
        epilog=f"examples:\n{EXAMPLES}\nexit codes:\n{EXIT_CODES}\n'headwise COMMAND --help' tells more of a command.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    top.add_argument("--version", action="version", version=f"headwise {__version__}")
    top.add_argument("--debug", action="store_true", help="show where an error came from")
    commands = top.add_subparsers(metavar="COMMAND", dest="command", required=True, title="commands")
    for command in COMMANDS:
        if command is chosen:
            _add_chosen(commands, command)
        else:
            commands.add_parser(command.name, help=command.summary)
    return top


def _add_chosen(commands: argparse._SubParsersAction[Parser], command: Command) -> None:
    module = command.load()
    own = commands.add_parser(
        command.name,
        help=command.summary,
        description=module.SUMMARY[:1].upper() + module.SUMMARY[1:].rstrip(".") + ".",
        epilog=f"examples:\n{module.EXAMPLES.rstrip()}\n\nexit codes:\n{EXIT_CODES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    module.add_arguments(own)
    own.add_argument("--debug", action="store_true", default=argparse.SUPPRESS, help="show where an error came from")
    own.set_defaults(run=module.run)


def _run(given: list[str], chosen: Command | None) -> int:
    if not given:
        parser().print_help(sys.stderr)
        return 2
    arguments = parser(chosen).parse_args(given)
    code: int = arguments.run(arguments)
    return code


def _chosen(given: Sequence[str]) -> Command | None:
    word = next((word for word in given if not word.startswith("-")), None)
    return next((command for command in COMMANDS if command.name == word), None)


def _terminate(number: int, frame: FrameType | None) -> NoReturn:
    # Leaving by an exception lets files that are half written be removed.
    raise SystemExit(128 + number)
