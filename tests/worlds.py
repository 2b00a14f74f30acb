"""Simulated worlds for tests: each is made once, kept as Parquet in pytest's cache, and shared by tests and workers.

    def test_something(simulated):
        # as liveshop.world.simulate, and quick the second time
        tables = simulated(seed=4, rooms=30, size=0.4, social=False)

The fixture is there for every test (conftest.py). Every call reads the tables anew, so that a test may change them.
Types are those of the committed tables: times to the millisecond, texts as pandas' str.
"""
from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import shutil
from pathlib import Path

import pandas as pd
import pytest

from common import alone


class Worlds:
    """A store of simulated worlds, by the code of the simulator and what it is asked for; call it for a world."""

    def __init__(self, kept: Path):
        self.folder = kept / code_digest()
        with alone(kept / "lock"):
            self.folder.mkdir(parents=True, exist_ok=True)
            for old in kept.iterdir():       # worlds of a simulator that is no more
                if old.is_dir() and old != self.folder:
                    shutil.rmtree(old)

    def __call__(self, parameters: dict | None = None, **asked) -> dict:
        """What `liveshop.world.simulate(parameters, **asked)` returns: tables by name, and the truth if asked for."""
        return _read(self.folder_of(parameters, **asked))

    def folder_of(self, parameters: dict | None = None, **asked) -> Path:
        """The folder in which that world lies, for who wants a few of its tables; simulated if it is not there."""
        wanted = json.dumps([parameters or {}, asked], sort_keys=True, default=float)
        folder = self.folder / hashlib.sha256(wanted.encode()).hexdigest()[:16]
        with alone(folder.with_suffix(".lock")):
            if not folder.exists():
                _write(folder, parameters, asked)
        return folder


def code_digest() -> str:
    """Of all that a world depends on: the simulator, the contract of its tables, the libraries, and how it is kept."""
    from liveshop import tables, world

    package = [path for room in (world, tables) for path in Path(room.__file__).parent.rglob("*")]
    files = [path for path in sorted(package) if path.suffix in (".py", ".json")]
    versions = [importlib.metadata.version(name) for name in ("numpy", "pandas", "pyarrow")]
    content = [path.read_bytes() for path in [*files, Path(__file__)]]
    return hashlib.sha256(b"\0".join([*content, *map(str.encode, versions)])).hexdigest()[:16]


def _write(folder: Path, parameters: dict | None, asked: dict) -> None:
    from liveshop import world

    scratch = folder.with_suffix(f".{os.getpid()}")
    scratch.mkdir()
    for name, made in world.simulate(parameters, **asked).items():
        if name == "truth":
            (scratch / "truth.json").write_text(json.dumps(made), encoding="utf-8")
        else:
            made.to_parquet(scratch / f"{name}.parquet", index=False)
    scratch.rename(folder)


def _read(folder: Path) -> dict:
    tables = {path.stem: pd.read_parquet(path) for path in sorted(folder.glob("*.parquet"))}
    if (folder / "truth.json").exists():
        tables["truth"] = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    return tables


@pytest.fixture(scope="session")
def simulated(request) -> Worlds:
    return Worlds(Path(request.config.cache.mkdir("worlds")))
