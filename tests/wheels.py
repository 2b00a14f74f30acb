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


def source(copy: Path) -> Path:
    """What a wheel is made of, copied into a folder."""
    for folder in ("utils", "notebooks", "data"):
        ignore = shutil.ignore_patterns("__pycache__", "*.egg-info", ".ipynb_checkpoints")
        shutil.copytree(ROOT / folder, copy / folder, ignore=ignore)
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE", "_config.yml"):
        shutil.copy(ROOT / name, copy)
    return copy


def wheel_of(copy: Path) -> Path:
    """The wheel that `pip wheel .` makes of a folder."""
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", copy / "out"]
    run = subprocess.run([*command, copy], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr[-2000:]
    (made,) = (copy / "out").glob("*.whl")
    return made


@pytest.fixture(scope="session")
def wheel(tmp_path_factory):
    """The wheel of the course."""
    return wheel_of(source(tmp_path_factory.mktemp("source") / "course"))
