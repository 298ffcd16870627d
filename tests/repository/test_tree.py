"""What the repository may hold."""

from __future__ import annotations

import re

from headwise.models.base import PATH
from tests.machine import CHECKOUT
from tests.repository.tree import texts, tracked

# In pieces, so that this file does not hold what it looks for.
FOREIGN = re.compile(
    "|".join(
        [
            "/(work|root|opt)" + "/",
            "/home" + "/[a-z]",
            "/tmp" + r"/[\w.]",
            "pypi" + r"\.org",
            "python" + "hosted",
            "npmjs" + r"\.",
            "deb\\.deb" + "ian",
        ]
    )
)
CAPTURES = (".pcap", ".pcapng", ".cap", ".erf", ".parquet", ".so", ".o", ".onnx", ".headwise", ".pkl", ".pickle", ".joblib")
# The model that comes with headwise; tests of it hold its size.
SHIPPED = CHECKOUT / "src" / "headwise" / "models" / PATH.name


def test_no_path_of_a_machine_and_no_registry_host() -> None:
    """Nothing in the repository names a folder of someone's machine or the host of a package registry."""
    found = [f"{name}: {match.group()}" for name, text in texts().items() for match in FOREIGN.finditer(text)]
    assert found == []


def test_no_captures_and_nothing_compiled() -> None:
    """Captures are not ours to publish, and what is built is not kept."""
    found = [path for path in tracked() if path.name.removesuffix(".gz").endswith(CAPTURES)]
    assert [path.name for path in found if path != SHIPPED] == []


def test_no_file_is_large() -> None:
    """The repository holds sources: half a megabyte is more than any of them needs."""
    assert [path.name for path in tracked() if path.stat().st_size > 500_000 and path != SHIPPED] == []


def test_no_module_is_long() -> None:
    """A module of over 400 lines is several things."""
    long = {name: text.count("\n") for name, text in texts().items() if name.endswith((".py", ".c", ".h")) and text.count("\n") > 400}
    assert long == {}


def test_no_pickle() -> None:
    """Model files come from strangers: nothing in the package loads a pickle."""
    imports = re.compile(r"^\s*(import|from) (pickle|joblib|dill|cloudpickle)", re.MULTILINE)
    assert [name for name, text in texts().items() if name.startswith("src/") and imports.search(text)] == []


def test_scripts_are_executable() -> None:
    """What the Makefile and CI call by name can be called."""
    scripts = [path for path in tracked() if path.parent in (CHECKOUT / "scripts", CHECKOUT / ".ci") and path.suffix == ""]
    assert scripts
    assert [path.name for path in scripts if not path.stat().st_mode & 0o100] == []
