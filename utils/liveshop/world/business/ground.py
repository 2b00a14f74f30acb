"""The ground of the business tables: cities and their sizes, weeks, counts with more spread than chance gives."""

from __future__ import annotations

import numpy as np
import pandas as pd

from liveshop.world.shop.customers import CITIES, CITY_SHARE

CITY_SIZE = CITY_SHARE / CITY_SHARE.mean()  # mean 1, from the largest city to the smallest


def weeks(first, count):
    """Mondays of `count` weeks from `first` on."""
    return pd.date_range(first, periods=count, freq="7D")


def panel(first, count, **columns):
    """One row a city and week, cities first; each column is given as an array of shape (cities, weeks)."""
    cities, mondays = np.array(CITIES, dtype=object), weeks(first, count)
    rows = {"city": np.repeat(cities, count), "week": np.tile(mondays, len(cities))}
    shape = len(cities), count
    return pd.DataFrame(rows | {name: np.broadcast_to(values, shape).ravel() for name, values in columns.items()})


def counts(random, mean, variance_ratio):
    """Negative binomial counts with this mean and a variance of `variance_ratio` (above 1) times the mean."""
    extra = variance_ratio - 1
    return random.poisson(random.gamma(np.asarray(mean) / extra, extra))
