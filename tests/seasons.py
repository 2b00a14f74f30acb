"""Twenty simulated seasons for the tests that ask whether a method finds the truth: made once, kept for all of them.

The fixture seasons is there for every test (conftest.py).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pandas as pd
import pytest

from conftest import alone

SEEDS = range(101, 121)
SIZE = 0.5  # half of Qinghe's audience: a harder problem than the committed data
TABLES = [
    "streams",
    "rundown",
    "stream_minutes",
    "prompts",
    "viewer_sessions",
    "shelf_sessions",
    "comments",
    "orders",
    "refunds",
    "products",
    "customers",
    "follows",
    "posts",
    "post_segments",
    "shares",
    "group_deals",
    "shop_visits",
    "tickets",
    "experiments",
    "experiment_plans",
]


class Season:
    """One simulated season: tables by name (read when asked for) and the truth: name -> value, skill of the hosts."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.seed = int(folder.name)
        self.truth = json.loads((folder / "truth.json").read_text())

    def __getattr__(self, table):
        if table not in TABLES:
            raise AttributeError(table)
        return pd.read_parquet(self.folder / f"{table}.parquet")

    def __getitem__(self, table):
        return getattr(self, table)

    def frames(self, *tables):
        return {table: getattr(self, table) for table in tables}


def _make(job):
    from liveshop import world
    from liveshop.world.rooms import plan

    seed, target = job
    scratch = target.with_name(f"{target.name}.{os.getpid()}")
    scratch.mkdir(parents=True)
    frames = world.simulate(seed=seed, size=SIZE, truth=True)
    for table in TABLES:
        frames[table].to_parquet(scratch / f"{table}.parquet", index=False)
    hosts = plan.season(world.Parameters(), seed, size=SIZE).hosts
    known = {name: fact["value"] for name, fact in frames["truth"]["derived"].items()}
    skill = dict(zip(hosts.host_id, map(float, hosts.skill), strict=True))
    (scratch / "truth.json").write_text(json.dumps(known | {"skill": skill}))
    try:
        scratch.rename(target)
    except OSError:  # another worker was first
        shutil.rmtree(scratch)


@pytest.fixture(scope="session")
def seasons(request):
    """The list of seasons, simulated on both cores and cached until the simulator's code changes."""
    from liveshop import world

    code = b"".join(path.read_bytes() for path in sorted(Path(world.__file__).parent.rglob("*.py")))
    kept = Path(request.config.cache.mkdir("seasons"))
    folder = kept / hashlib.sha256(code + Path(__file__).read_bytes()).hexdigest()[:12]
    with alone(kept / "lock"):  # another worker of the tests waits for the seasons and does not simulate them as well
        missing = [(seed, folder / str(seed)) for seed in SEEDS if not (folder / str(seed)).exists()]
        if missing:
            with ProcessPoolExecutor(min(2, os.cpu_count() or 1), mp_context=get_context("spawn")) as pool:
                list(pool.map(_make, missing))
    return [Season(folder / str(seed)) for seed in SEEDS]
