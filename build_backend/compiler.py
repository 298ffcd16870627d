"""Compile the packet core with whatever C compiler there is.

The system's own (``CC``, cc, gcc, clang) is taken where it works; otherwise the `ziglang` package, which is one.
``HEADWISE_TARGET`` (x86_64 or aarch64) asks for a wheel for machines of that kind and is always built by `ziglang`.
"""

from __future__ import annotations

import argparse
import functools
import importlib.util
import os
import platform
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LIBRARY = "libheadwise.so"
ZIGLANG = "ziglang>=0.13"
TARGETS = ("x86_64", "aarch64")
# The oldest C library that wheels made by `ziglang` run on.
GLIBC = (2, 17)

_FLAGS = ("-std=c11", "-O3", "-fPIC", "-shared")
# Instructions that any processor has, in the order that suits the one at hand; where the compiler knows how.
_TUNED = ("-mtune=native",)
_STRICT = ("-Wall", "-Wextra", "-Werror")
_TRIAL = "#include <stdint.h>\n#include <string.h>\nvoid f(uint8_t *a, const uint8_t *b) { memcpy(a, b, 9); }\n"


def target() -> str | None:
    """Return the machine that a wheel is asked for, or None for this one."""
    wanted = os.environ.get("HEADWISE_TARGET")
    if wanted and wanted not in TARGETS:
        raise SystemExit(f"HEADWISE_TARGET={wanted}: not one of {', '.join(TARGETS)}")
    return wanted or None


@functools.cache
def system_compiler() -> tuple[str, ...] | None:
    """Return the command of a C compiler that can make a shared library here, or None."""
    named = os.environ.get("CC")
    for command in [named] if named else ["cc", "gcc", "clang", "c99", "tcc"]:
        words = shlex.split(command)
        if words and shutil.which(words[0]) and _works(words):
            # Some only warn of what they do not know, which `--strict` would not forgive.
            return (*words, *_TUNED) if _works([*words, *_TUNED, "-Werror"]) else tuple(words)
    return None


def requirements() -> list[str]:
    """Return the packages that compiling needs here: none, or `ziglang`."""
    return [ZIGLANG] if target() or system_compiler() is None else []


def compile_library(output: Path, *, strict: bool = False) -> None:
    """Compile all of ``native/*.c`` into one shared library, which appears whole.

    Raises
    ------
    SystemExit
        Where there is no compiler, or it refuses the sources.
    """
    sources = sorted(map(str, (ROOT / "native").glob("*.c")))
    with tempfile.TemporaryDirectory() as cache:
        compiler = _compiler()
        beside = output.with_name(f".{output.name}.{os.getpid()}")
        warnings = _STRICT if strict else ("-w",)
        environment = os.environ | {"ZIG_GLOBAL_CACHE_DIR": cache, "ZIG_LOCAL_CACHE_DIR": cache}
        result = subprocess.run([*compiler, *_FLAGS, *warnings, "-o", str(beside), *sources], env=environment)
    if result.returncode:
        beside.unlink(missing_ok=True)
        raise SystemExit(f"the packet core does not compile with {compiler[0]}")
    beside.replace(output)


def _compiler() -> tuple[str, ...]:
    wanted = target()
    own = None if wanted else system_compiler()
    if own:
        return own
    if importlib.util.find_spec("ziglang") is None:
        raise SystemExit("no C compiler here; install gcc or clang, or run: pip install ziglang")
    machine = wanted or platform.machine()
    glibc = ".".join(map(str, GLIBC))
    # A target that is named means its baseline processor, not the one at hand.
    return (sys.executable, "-m", "ziglang", "cc", "-target", f"{machine}-linux-gnu.{glibc}", "-s")


def _works(compiler: list[str]) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "trial.c")
        source.write_text(_TRIAL)
        try:
            command = [*compiler, *_FLAGS, "-o", f"{folder}/trial.so", str(source)]
            return subprocess.run(command, capture_output=True, timeout=60).returncode == 0
        except (OSError, subprocess.TimeoutExpired):
            return False


def main() -> None:
    """Compile from the command line."""
    parser = argparse.ArgumentParser(description=compile_library.__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("output", type=Path, nargs="?", default=ROOT / "src/headwise" / LIBRARY)
    parser.add_argument("--strict", action="store_true", help="warnings are errors")
    parser.add_argument("--find", action="store_true", help="only tell whether the system has a compiler")
    options = parser.parse_args()
    if options.find:
        sys.exit(system_compiler() is None)
    compile_library(options.output, strict=options.strict)


if __name__ == "__main__":
    main()
