"""What the tests of the world share: one world in full, twenty small ones, and the committed tables."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from liveshop.tables import load

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture(scope="module")
def tables(simulated):
    """One small world with both halves and its truth."""
    return simulated(seed=5, rooms=90, size=0.4, truth=True)


@pytest.fixture(scope="module")
def worlds(simulated):
    """Twenty small worlds, the live half."""
    return [simulated(seed=seed, rooms=80, size=0.3, truth=True, social=False) for seed in range(1, 21)]


@pytest.fixture(scope="module")
def qinghe():
    """The committed tables and the truths."""
    known = json.loads((DATA / "truth.json").read_text(encoding="utf-8"))["derived"]
    return load(DATA), {name: fact["value"] for name, fact in known.items()}
