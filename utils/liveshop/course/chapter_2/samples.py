"""The samples of chapter 2: visits of rooms and of shelf pages, side by side."""

import numpy as np
import pandas as pd

from liveshop.methods import standardise
from liveshop.tables.memory import once_per_tables


@once_per_tables
def visits(tables):
    """(visits of rooms, visits of shelf pages), each with viewer_id, source, bought (whether she placed an order)."""
    return tuple(sessions.assign(bought=sessions.orders > 0)[["viewer_id", "source", "bought"]]
                 for sessions in (tables.viewer_sessions, tables.shelf_sessions))


def standardised_ratio(live, shelf, strata):
    """Share of room visits that order / share that the same mix of strata would order on shelf pages."""
    counts = pd.concat([part.groupby(strata).bought.agg(["sum", "size"]).assign(place=place).reset_index()
                        for place, part in (("live", live), ("shelf", shelf))])
    rates = standardise.standardised_rates(counts, "place", strata, "sum", "size", mix="live").rates.standardised
    return rates["live"] / rates["shelf"]


def within_persons(live, shelf):
    """(ratio, error of its log) of the chances to order, room against shelf page, among those seen in both.

    Mantel and Haenszel's ratio of rates with persons as strata: nobody is compared with anybody else. The error is
    Greenland and Robins's for sparse strata (Biometrics 41, 1985).
    """
    both = (live.groupby("viewer_id").bought.agg(["sum", "size"])
            .join(shelf.groupby("viewer_id").bought.agg(["sum", "size"]).add_suffix("_shelf"), how="inner"))
    won, seen, won_shelf, seen_shelf = (both[name] for name in ("sum", "size", "sum_shelf", "size_shelf"))
    of_all = seen + seen_shelf
    top, bottom = (won * seen_shelf / of_all).sum(), (won_shelf * seen / of_all).sum()
    together = (seen * seen_shelf * (won + won_shelf) - won * won_shelf * of_all) / of_all**2
    return top / bottom, float(np.sqrt(together.sum() / (top * bottom)))
