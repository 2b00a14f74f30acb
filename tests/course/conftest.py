"""What the tests of the sections share: the tables, and the estimates of the course over simulated seasons."""

import pandas as pd
import pytest

from liveshop.course.recovery import seasons
from liveshop.tables import load
from recovered import TABLES


@pytest.fixture(scope="module")
def tables():
    """The course's own tables."""
    return load()


@pytest.fixture(scope="session")
def recovered():
    """One row a season and estimate, by truth and method: seed, true, estimate, low, high, bias, covers (the truth).

    From data/recovered.json; low and high are missing without an interval.
    """
    rows = pd.concat(
        seasons(TABLES, truth, method).reset_index().assign(truth=truth, method=method)
        for truth, method in TABLES.recovered.index
    )
    return rows.assign(bias=rows.estimate - rows.true).set_index(["truth", "method"]).sort_index()
