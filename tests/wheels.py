"""The wheel, built once from a copy of what it is made of."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory):
    """The wheel that `pip wheel .` makes."""
    copy = tmp_path_factory.mktemp("source") / "course"
    for folder in ("utils", "notebooks", "data"):
        ignore = shutil.ignore_patterns("__pycache__", "*.egg-info", ".ipynb_checkpoints")
        shutil.copytree(ROOT / folder, copy / folder, ignore=ignore)
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, copy)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", copy / "out"]
    run = subprocess.run([*command, copy], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr[-2000:]
    (made,) = (copy / "out").glob("*.whl")
    return made
