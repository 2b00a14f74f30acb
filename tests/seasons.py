"""A few simulated seasons for the tests that ask whether a truth can be found: kept among the simulated worlds.

The fixture seasons is there for every test (conftest.py).
"""

from __future__ import annotations

import json
import os
from concurrent.futures import ProcessPoolExecutor
from functools import cached_property
from multiprocessing import get_context
from pathlib import Path

import pandas as pd
import pytest

from common import alone
from worlds import Worlds

SEEDS = range(101, 109)
SIZE = 0.5  # half of Qinghe's audience: a harder problem than the committed data


class Season:
    """One simulated season: tables by name (read when asked for) and the truth: name -> value, skill of the hosts."""

    def __init__(self, seed: int, folder: Path):
        self.seed, self.folder = seed, folder

    @cached_property
    def truth(self):
        from liveshop import world
        from liveshop.world.rooms import plan

        derived = json.loads((self.folder / "truth.json").read_text(encoding="utf-8"))["derived"]
        hosts = plan.season(world.Parameters(), self.seed, size=SIZE).hosts
        skill = dict(zip(hosts.host_id, map(float, hosts.skill), strict=True))
        return {name: fact["value"] for name, fact in derived.items()} | {"skill": skill}

    def __getitem__(self, table):
        return pd.read_parquet(self.folder / f"{table}.parquet")

    def __getattr__(self, table):
        if not (self.folder / f"{table}.parquet").exists():
            raise AttributeError(table)
        return self[table]


def _make(job):
    kept, seed = job
    return Worlds(kept).folder_of(seed=seed, size=SIZE, truth=True)


@pytest.fixture(scope="session")
def seasons(simulated):
    """The list of seasons, simulated on both cores the first time."""
    kept = simulated.folder.parent
    with alone(kept / "seasons.lock"):  # another worker of the tests waits and does not simulate them as well
        with ProcessPoolExecutor(min(2, os.cpu_count() or 1), mp_context=get_context("spawn")) as pool:
            folders = pool.map(_make, [(kept, seed) for seed in SEEDS])
            return [Season(seed, folder) for seed, folder in zip(SEEDS, folders, strict=True)]
