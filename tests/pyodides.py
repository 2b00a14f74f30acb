"""Pyodide for tests: its interpreter from npm, wheels from PyPI, kept between runs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest


def cannot(why):
    """No check where something is missing; in CI nothing may be missing."""
    if os.environ.get("CI"):
        pytest.fail(why)
    pytest.skip(why)


def interpreter(cache, version) -> Path:
    """The folder of Pyodide's interpreter, from npm, kept in pytest's cache."""
    if not (shutil.which("node") and shutil.which("npm")):
        cannot("A browser's Python comes from npm, and node or npm is not installed.")
    kept = Path(cache.mkdir(f"pyodide-{version}"))
    found = kept / "node_modules" / "pyodide"
    if not (found / "pyodide.mjs").exists():
        command = ["npm", "install", "--no-audit", "--no-fund", "--prefix", str(kept), f"pyodide@{version}"]
        run = subprocess.run(command, capture_output=True, text=True, timeout=300)
        if run.returncode:
            cannot(f"Pyodide could not be had from npm: {run.stderr[-300:]}")
    return found


def fetched(folder, *wanted) -> list[Path]:
    """The wheels that pip downloads for this, kept between runs; none where they cannot be had."""
    if not (found := [*folder.glob("*.whl")]):
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
        subprocess.run([*pip, "--dest", folder, *wanted], capture_output=True, timeout=300)
        found = [*folder.glob("*.whl")]
    return found
