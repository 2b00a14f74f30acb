"""The trial over cities, and tracked journeys."""

from liveshop.tables.memory import once_per_tables


@once_per_tables
def trial(tables):
    """The trial over cities with live, social and both as 0 or 1, and first: whether a week is the first of a block."""
    rows = tables.geo_tests.sort_values(["city", "week"])
    live, social = (rows.cell.isin([kind, "both"]).astype(float) for kind in ("live", "social"))
    first = rows.groupby(["city", "block"]).cumcount() == 0
    return rows.assign(live=live, social=social, both_extra=live * social, first=first & (rows.block > 0))


def observed_synergy(journeys):
    """Share of orders that live and social seem to bring only together, in journeys of which nothing was withheld.

    The additive interaction of the four groups of journeys (neither, one, both), times those with both.
    """
    free = journeys[journeys.withheld == "none"]
    path = free.path.fillna("")
    live, social = path.str.contains("live"), path.str.contains("social")
    rate = free.converted.groupby([live.rename("live"), social.rename("social")]).mean()
    extra = rate[True, True] - rate[True, False] - rate[False, True] + rate[False, False]
    return float(extra * (live & social).sum() / free.converted.sum())
