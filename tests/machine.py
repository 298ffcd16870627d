"""What a machine must offer before a test can run.

A test that lacks something is skipped with the reason; where ``CI=true`` nothing may be lacking and it fails.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import NoReturn

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]


def lacking(reason: str) -> NoReturn:
    """End the test for want of something: a skip, or a failure where CI=true."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"CI must have it: {reason}", pytrace=False)
    pytest.skip(reason)


def require_tool(name: str) -> str:
    """Return the path of a program, or end the test where it is not installed."""
    path = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if path is None:
        lacking(f"{name} is not installed; run scripts/install-system-packages")
    return path


def require_root() -> None:
    """End the test where it does not run as root."""
    if os.geteuid() != 0:
        lacking("needs root")


def require_namespaces() -> str:
    """Return the path of `ip`, or end the test where no network namespace can be made."""
    require_root()
    ip = require_tool("ip")
    name = f"headwise-{os.getpid()}"
    made = subprocess.run([ip, "netns", "add", name], capture_output=True, text=True, timeout=30)
    if made.returncode:
        lacking(f"cannot make a network namespace: {made.stderr.strip()}")
    subprocess.run([ip, "netns", "delete", name], check=True, capture_output=True, timeout=30)
    return ip
