"""Do the course's methods find what was planted? Their estimates beside the truth, over twenty simulated seasons.

    python -m liveshop.world.recovery [--out data] [--seeds 101 102 …] [--jobs 2]

writes recovered.json. The estimates are the chapters' own: `liveshop.course.chapter_N.recovery` has a function
`estimates(season)` that yields `liveshop.course.recovery.Row`s, for each truth and method one or more a season, and
may have `further(simulate)` for questions that need other worlds, which yields (seed, row). This is the one place of
the world that knows the course.
"""

from __future__ import annotations

import argparse
import json
import os
import pkgutil
import re
import sys
import tempfile
from importlib import import_module
from importlib.util import find_spec
from math import isfinite
from pathlib import Path

import numpy as np
import pandas as pd

from liveshop.tables.load import load
from liveshop.tables.writing import write_text

FILE = "recovered.json"
SEEDS = range(101, 121)
SIZE = 0.5  # half of Qinghe's audience: a harder problem than the committed data
DIGITS = 6
COLUMNS = ["seed", "truth", "method", "true", "estimate", "low", "high"]
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def recover(seeds=SEEDS, size=SIZE, jobs=2):
    """The content of recovered.json.

    seeds: one simulated season each; size: scale of their audience; jobs: seasons worked on at once, each in a process
    of its own. Returns {"seasons": {seeds, size}, "recovered": {truth: {method: …}}}; under a method stand the lists
    seed, true, estimate, low and high (the last two None without intervals) and what `summary` says of them. The same
    seeds give the same numbers.
    """
    seeds = [int(seed) for seed in seeds]
    if not seeds or len(set(seeds)) < len(seeds):
        raise ValueError("Recovery needs at least one seed, and each seed once")
    for name in THREADS:  # the processes share the cores
        os.environ[name] = "1"
    from concurrent.futures import ProcessPoolExecutor  # here, as Python in a browser has no processes
    from multiprocessing import get_context

    with ProcessPoolExecutor(max(1, jobs), mp_context=get_context("spawn"), max_tasks_per_child=1) as pool:
        further = [pool.submit(of_other_worlds, chapter.__name__) for chapter in chapters()]
        seasons = [pool.submit(of_season, seed, size) for seed in seeds]
        rows = [row for part in [*seasons, *further] for row in part.result()]
    return {"seasons": {"seeds": seeds, "size": size}, "recovered": _by_truth(rows)}


def chapters():
    """The modules with a chapter's estimates, in order of the chapters."""
    course = import_module("liveshop.course")
    names = [f"liveshop.course.{part.name}" for part in pkgutil.iter_modules(course.__path__) if part.ispkg]
    return [import_module(f"{name}.recovery") for name in sorted(names) if find_spec(f"{name}.recovery")]


def of_season(seed, size=SIZE):
    """What all chapters estimate in one season: a list of rows, each as long as COLUMNS."""
    with tempfile.TemporaryDirectory(prefix="season-") as folder:
        season = _written(folder, seed=seed, size=size)
        return [_row(seed, row, chapter.__name__) for chapter in chapters() for row in chapter.estimates(season)]


def of_other_worlds(chapter):
    """What a chapter estimates in worlds of its own: a list of rows."""
    further = getattr(import_module(chapter), "further", None)
    if further is None:
        return []
    with tempfile.TemporaryDirectory(prefix="worlds-") as folder:

        def simulate(parameters=None, **about):
            return _written(tempfile.mkdtemp(dir=folder), parameters, **about)

        return [_row(seed, row, chapter) for seed, row in further(simulate)]


def _written(folder, parameters=None, **about):
    """A simulated season as a reader has it: written to a folder and loaded, with its truth."""
    from liveshop.world.season import write

    write(folder, parameters, **about)
    return load(folder)


def _row(seed, row, where):
    numbers = [row.true, row.estimate, row.low, row.high]
    return [int(seed), row.truth, row.method, *(_rounded(x, f"{where}, {row.truth}, {row.method}") for x in numbers)]


def _rounded(number, where):
    if number is None:
        return None
    if not isfinite(number):
        raise ValueError(f"{where}: {number} is no estimate")
    return float(f"{float(number):.{DIGITS}g}")


def _by_truth(rows):
    """Lists over the seasons and their summary, by truth and method."""
    frame = pd.DataFrame(rows, columns=COLUMNS)
    recovered = {}
    for (truth, method), part in frame.groupby(["truth", "method"]):
        lists = part.drop(columns=["truth", "method"]).to_dict("list")
        for side in ("low", "high"):
            without = part[side].isna()
            lists[side] = None if without.all() else [None if pd.isna(x) else x for x in lists[side]]
        recovered.setdefault(truth, {})[method] = lists | summary(lists)
    return recovered


def summary(lists):
    """Summary of a method.

    lists: true, estimate, low, high (the last two None without intervals, or with None where one is missing)
    Returns mean_true, mean_estimate, bias (mean of estimate less true), coverage (share of the intervals that hold
    the truth, None without any), sign (share of the estimates that have the sign of the truth).
    """
    true, estimate = np.array(lists["true"]), np.array(lists["estimate"])
    coverage = None
    if lists["low"] is not None:
        low, high = (np.array(lists[side], dtype=float) for side in ("low", "high"))
        there = ~(np.isnan(low) | np.isnan(high))
        coverage = ((low <= true) & (true <= high))[there].mean()
    values = {
        "mean_true": true.mean(),
        "mean_estimate": estimate.mean(),
        "bias": (estimate - true).mean(),
        "coverage": coverage,
        "sign": (np.sign(estimate) == np.sign(true)).mean(),
    }
    return {name: _rounded(value, name) for name, value in values.items()}


def as_text(recovered):
    """The content as JSON: keys in order, a list of numbers on one line."""
    text = json.dumps(recovered, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False)
    return re.sub(r"\[\s+([^\[\]\"]*?)\s+\]", lambda found: "[" + " ".join(found[1].split()) + "]", text) + "\n"


def main(arguments=None):
    """Run the command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m liveshop.world.recovery", description=__doc__.splitlines()[0])
    parser.add_argument("--out", default="data", help=f"folder to write {FILE} to (default: data)")
    parser.add_argument("--seeds", nargs="+", type=int, default=[*SEEDS], help="one a season (default: 101 to 120)")
    parser.add_argument("--size", type=float, default=SIZE, help=f"scale of the audience (default: {SIZE})")
    parser.add_argument("--jobs", type=int, default=2, help="seasons worked on at once (default: 2)")
    options = parser.parse_args(arguments)
    try:
        found = recover(options.seeds, options.size, options.jobs)
        path = write_text(Path(options.out) / FILE, as_text(found))
    except (ValueError, OSError) as error:
        print(f"liveshop.world.recovery: {error}", file=sys.stderr)
        return 2
    methods = sum(map(len, found["recovered"].values()))
    print(f"{len(found['recovered'])} truths, {methods} estimates of them, {len(options.seeds)} seasons: {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
