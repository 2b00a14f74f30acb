"""Suspicions that a column is in another unit: fen for yuan, percent for a share."""

import numpy as np

from liveshop.tables.checks.finding import finding, have, median_ratio
from liveshop.tables.errors import Problem

FEN = (30, 300)  # a ratio of two amounts near 100: one of them is in fen; wide enough for discounts of 70 %
SHORTEST, LONGEST = 300, 10 * 86400  # seconds of a median broadcast
LEAST_WATCHED, MOST_WATCHED = 0.02, 10  # of a broadcast's length: by all viewers together, by each
LARGE = 5000  # whole amounts with such a median, for one garment or one order, are in fen


def looks_like_fen(ratio):
    """Whether the ratio of two amounts that should be about equal says that the first is in fen."""
    return FEN[0] < ratio < FEN[1]


def fen(table, column, ratio, against):
    """The finding that amounts are in fen, because others that they should agree with are not."""
    return Problem("unit", table, column, None,
                   f"the amounts are about {ratio:,.0f} times {against}: they look like fen (分)",
                   "give yuan: divide by 100, or write unit: fen into the mapping", "warning")


def units(sound, spec):
    """The suspicions about one table, from its own columns."""
    return [*_shares(sound, spec), *_SUSPECTED.get(spec.name, lambda sound: [])(sound)]


def _shares(sound, spec):
    problems = []
    for name, column in spec.columns.items():
        if column.is_ratio and column.maximum is None and name in sound and sound[name].median() > 1.5:
            problems.append(Problem("unit", spec.name, name, None,
                                    f"the median is {sound[name].median():.3g}: it looks like percent",
                                    "give a share, 0.12 for 12 %, or write unit: percent into the mapping", "warning"))
    return problems


def _orders(sound):
    if "paid_amount" not in sound:
        return []
    problems, paid = [], sound["paid_amount"]
    ratio = median_ratio(paid, sound["list_amount"]) if "list_amount" in sound else np.nan
    each = paid / sound["quantity"].where(sound["quantity"] > 0) if "quantity" in sound else paid
    if looks_like_fen(ratio):
        problems.append(fen("orders", "paid_amount", ratio, "list_amount"))
    elif _whole(paid) and each.median() > LARGE:
        problems.append(_large("orders", "paid_amount", each.median(), "an item"))
    if "list_amount" in sound and not ratio > FEN[0]:
        bad = paid > sound["list_amount"] * 1.001 + 0.01
        problems += finding("size", "orders", "paid_amount", bad, "more was paid than the list price",
                            "check the unit and whether postage is inside", "warning")
    return problems


def _streams(sound):
    return [*_lengths(sound), *_gmv(sound)]


def _lengths(sound):
    """Lengths that cannot be those of a broadcast, or of watching it."""
    problems = []

    def suspected(column, what, unit):
        problems.append(Problem("unit", "streams", column, None, f"{what}: the lengths look like {unit}",
                                f"give seconds, or write unit: {unit.split(' ')[0]} into the mapping", "warning"))

    if "stream_seconds" not in sound:
        return problems
    length = sound["stream_seconds"].where(sound["stream_seconds"] > 0)
    if "ended" not in sound and length.median() < SHORTEST:
        suspected("stream_seconds", f"the median broadcast has {length.median():.3g} seconds",
                  "hours" if length.median() <= 24 else "minutes")
    elif "ended" not in sound and length.median() > LONGEST:
        suspected("stream_seconds", f"the median broadcast has {length.median() / 86400:,.0f} days", "milliseconds")
    elif "watch_seconds" in sound:
        watched = sound["watch_seconds"].where(sound["watch_seconds"] > 0)
        share = (watched / length).median()
        most = (watched / (length * sound["views"])).median() if "views" in sound else 0.0
        if share < LEAST_WATCHED:
            suspected("watch_seconds", f"all viewers together watched {watched.median():.3g} seconds of broadcasts of "
                      f"{length.median():,.0f}", "days (a spreadsheet shows 12.5 days as 300:00:00) or hours")
        elif most > MOST_WATCHED:
            suspected("watch_seconds", f"each view is {most:.0f} times as long as its broadcast", "milliseconds")
    return problems


def _gmv(sound):
    if not have(sound, "gmv", "orders"):
        return []
    basket = sound["gmv"] / sound["orders"].where(sound["orders"] > 0)
    ratio = median_ratio(basket, sound["reported_aov"]) if "reported_aov" in sound else np.nan
    if looks_like_fen(ratio):
        return [fen("streams", "gmv", ratio, "reported_aov × orders")]
    if _whole(sound["gmv"]) and basket.median() > LARGE:
        return [_large("streams", "gmv", basket.median(), "an order")]
    return []


def _products(sound):
    if "list_price" in sound and _whole(sound["list_price"]) and sound["list_price"].median() > LARGE:
        return [_large("products", "list_price", sound["list_price"].median(), "an item")]
    return []


_SUSPECTED = {"orders": _orders, "streams": _streams, "products": _products}


def _whole(values):
    values = values.dropna()
    return len(values) > 0 and bool((values == np.floor(values)).all())


def _large(table, column, median, per):
    return Problem("unit", table, column, None,
                   f"the median is {median:,.0f} for {per} and all amounts are whole numbers: they look like fen (分)",
                   "give yuan: divide by 100, or write unit: fen into the mapping; or currency: and its code, where "
                   "the amounts are of another currency", "warning")
