"""What the tests of the sections share: what the course's estimates found over simulated seasons."""

import json
from pathlib import Path

import pandas as pd
import pytest

FILE = Path(__file__).parents[2] / "data" / "recovered.json"


@pytest.fixture(scope="session")
def recovered():
    """One row a season and estimate, by truth and method: seed, true, estimate, low, high, bias, covers (the truth)."""
    known = json.loads(FILE.read_text(encoding="utf-8"))["recovered"]
    columns = ["seed", "true", "estimate", "low", "high"]
    parts = [pd.DataFrame({name: lists[name] for name in columns}, dtype=float).assign(truth=truth, method=method)
             for truth, methods in known.items() for method, lists in methods.items()]
    rows = pd.concat(parts)
    rows = rows.assign(bias=rows.estimate - rows.true, covers=rows.true.between(rows.low, rows.high))
    return rows.set_index(["truth", "method"]).sort_index()
