"""What the tests of the sections share: the estimates of the course over simulated seasons."""

import json
from pathlib import Path

import pandas as pd
import pytest

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture(scope="session")
def recovered():
    """One row a season and estimate, by truth and method: seed, true, estimate, low, high, bias, covers (the truth).

    From data/recovered.json; low and high are missing without an interval.
    """
    known = json.loads((DATA / "recovered.json").read_text(encoding="utf-8"))["recovered"]
    lists = ["seed", "true", "estimate", "low", "high"]
    rows = pd.concat(
        pd.DataFrame({name: one[name] for name in lists}).assign(truth=truth, method=method)
        for truth, methods in known.items()
        for method, one in methods.items()
    )
    rows = rows.astype({"low": float, "high": float})
    rows = rows.assign(bias=rows.estimate - rows.true, covers=rows.true.between(rows.low, rows.high))
    return rows.set_index(["truth", "method"]).sort_index()
