"""Programs of native/tools, built with sanitizers and kept by the hash of their sources."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

from tests.machine import CHECKOUT, lacking

NATIVE = CHECKOUT / "native"
BUILT = CHECKOUT / ".cache" / "native-tools"
STRICT = ("-std=c11", "-g", "-O1", "-fno-omit-frame-pointer", "-Wall", "-Wextra", "-Werror")
SANITIZED = ("-fsanitize=address,undefined", "-fno-sanitize-recover=all")
FUZZED = ("-fsanitize=fuzzer,address,undefined", "-fno-sanitize-recover=all")
_TRIAL = (
    "#include <stdint.h>\n#include <stddef.h>\nint LLVMFuzzerTestOneInput(const uint8_t *d, size_t n) { (void)d; (void)n; return 0; }\n"
)
_MAIN = "int main(void) { return 0; }\n"


def build(tool: str, compilers: tuple[str, ...], flags: tuple[str, ...]) -> Path:
    """Return the program native/tools/`tool`.c with the whole core in it; end the test where no compiler can build it.

    Parameters
    ----------
    tool : str
        ``walk``, ``trees`` or ``fuzz``.
    compilers : tuple of str
        Tried in this order.
    flags : tuple of str
        `SANITIZED` or `FUZZED`.
    """
    sources = [*sorted(NATIVE.glob("*.c")), *(NATIVE / "tools" / f"{name}.c" for name in ("feed", "forests", "kernels", "mapped", tool))]
    compiler = next((name for name in compilers if shutil.which(name) and _works(name, flags)), None)
    if compiler is None:
        lacking(f"no C compiler with {flags[0]}; run scripts/install-system-packages")
    everything = [*sources, *sorted(NATIVE.rglob("*.h"))]
    content = repr([compiler, flags, *(path.read_bytes() for path in everything)])
    program = BUILT / f"{tool}-{hashlib.sha256(content.encode()).hexdigest()[:16]}"
    if not program.exists():
        for old in BUILT.glob(f"{tool}-*"):
            old.unlink()
        _compile(compiler, flags, sources, program)
    return program


def _compile(compiler: str, flags: tuple[str, ...], sources: list[Path], program: Path) -> None:
    BUILT.mkdir(parents=True, exist_ok=True)
    beside = program.with_suffix(".new")
    command = [compiler, *STRICT, *flags, "-o", str(beside), *map(str, sources)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert result.returncode == 0, result.stderr
    beside.replace(program)


def _works(compiler: str, flags: tuple[str, ...]) -> bool:
    trial = _TRIAL if flags == FUZZED else _MAIN
    command = [compiler, *flags, "-x", "c", "-o", "/dev/null", "-"]
    return subprocess.run(command, input=trial, capture_output=True, text=True, timeout=60).returncode == 0
