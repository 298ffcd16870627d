"""Build hook: compile the packet core into the wheel, or in place for an editable install."""

from __future__ import annotations

import platform
import re
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# Hatchling loads this file by its path; its sibling is found the same way.
sys.path.insert(0, str(Path(__file__).parent))

import compiler


class PacketCoreHook(BuildHookInterface[Any]):
    """Compile ``native/*.c``; the wheel is for one platform and any Python 3."""

    def dependencies(self) -> list[str]:
        """Return what must be installed before the build: a compiler, where the system has none."""
        return compiler.requirements()

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile before the wheel is filled."""
        build_data["pure_python"] = False
        if version == "editable":
            compiler.compile_library(compiler.ROOT / "src/headwise" / compiler.LIBRARY)
            return
        self._folder = tempfile.TemporaryDirectory()
        library = Path(self._folder.name, compiler.LIBRARY)
        compiler.compile_library(library)
        build_data["force_include"][str(library)] = f"headwise/{compiler.LIBRARY}"
        build_data["tag"] = f"py3-none-{platform_tag(library)}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the compiled library, which the wheel now holds."""
        if version != "editable":
            self._folder.cleanup()


def platform_tag(library: Path) -> str:
    """Return the wheel's platform: manylinux only for what `ziglang` linked against an old C library."""
    if compiler.target() is None and compiler.system_compiler():
        return re.sub(r"[-.]", "_", sysconfig.get_platform())
    major, minor = compiler.GLIBC
    newest = max((tuple(map(int, found)) for found in re.findall(rb"GLIBC_(\d+)\.(\d+)", library.read_bytes())), default=(0, 0))
    if newest > compiler.GLIBC:
        raise SystemExit(f"the packet core asks for glibc {newest}, newer than its wheel's name says")
    machine = compiler.target() or platform.machine()
    return f"manylinux_{major}_{minor}_{machine}.manylinux2014_{machine}"
