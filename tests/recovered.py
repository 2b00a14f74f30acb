"""What the course's methods made of the planted truths over twenty seasons, for the tests of the sections."""
from pathlib import Path

import numpy as np

from liveshop import load
from liveshop.course.recovery import seasons

TABLES = load(Path(__file__).parents[1] / "data")


def of(truth, method):
    """One row a season: true, estimate, low, high, covers."""
    return seasons(TABLES, truth, method)


def off(rows):
    """Estimate over truth, less one, season by season."""
    return rows.estimate / rows.true - 1


def unbiased(rows, errors=2.5):
    """The mean error is no larger than so many of its standard errors."""
    error = rows.estimate - rows.true
    return abs(error.mean()) < errors * error.std() / np.sqrt(len(error))
