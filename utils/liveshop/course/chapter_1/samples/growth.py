"""How a trade grows (1.1): published counts of users, markets simulated with a known ceiling, a shop's own newcomers.

The counts are published figures, cited by body and date; they are the same for every reader and in every season.
"""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from liveshop.methods.adoption import ceilings

# US sales of video recorders, 1980 to 1989, in thousands, as Cowpertwait and Metcalfe print them (Introductory Time
# Series with R, 2009, section 3.3.4), who name the website of Bass.
RECORDERS = (840, 1470, 2110, 4000, 7590, 10950, 10530, 9470, 7790, 5890)
# Means of p and q over 213 sets of sales (Sultan, Farley and Lehmann 1990).
MEAN_P, MEAN_Q = 0.03, 0.38
CEILING = 1000.0            # of a simulated market, in millions; half of it is reached in year 8


def live_users():
    """Users of live streams in China by date: what was counted, and by whom.

    years: since June 2020 · live: users of live streams, millions · live_share: their per cent of internet users ·
    selling: users of live streams that sell, millions · selling_share: their per cent of internet users · body: who
    counted. Missing: not stated by the body. Sources: CNNIC, statistical reports on internet development; for
    December 2024 China Netcasting Services Association, report of 2025.
    """
    columns = ["date", "years", "live", "live_share", "selling", "selling_share", "body"]
    return pd.DataFrame([
        ("June 2020", 0.0, 562.0, 59.8, 309.0, 32.9, "CNNIC"),
        ("December 2020", 0.5, 617.0, 62.4, 388.0, 39.2, "CNNIC"),
        ("June 2021", 1.0, 638.0, 63.1, 384.0, np.nan, "CNNIC"),
        ("December 2022", 2.5, 751.0, 70.3, np.nan, 48.2, "CNNIC"),
        ("December 2024", 4.5, 833.0, 75.2, np.nan, np.nan, "CNSA"),
    ], columns=columns).set_index("date")


@cache
def ceilings_of(column="live", since=0, until=5, within=0.05, measure="sum", spacing=None):
    """Lowest and highest ceiling that fit a column of `live_users` nearly as well as the best, rows since to until.

    spacing: years between the counts, if not those of the table · selling and internet: millions, where the share is
    known. within, measure: as `ceilings`. Kept, as the counts are published and a fit takes its time.
    """
    users = live_users()
    internet = 100 * users.live / users.live_share
    selling = users.selling.fillna(internet * users.selling_share / 100)
    counts = users.assign(internet=internet, selling=selling)[column].iloc[since:until].dropna()
    found = ceilings(users.years[counts.index] if spacing is None else np.arange(len(counts)) * spacing, counts, within,
                     measure)
    return found.low, found.high


def by_word_of_mouth(p, q):
    """The share of all buyers in a Bass market who were won by those before them: 1 − p/q · ln(1 + q/p)."""
    return 1 - p / q * np.log1p(q / p) if q else 0.0


# -- ceilings that fit nearly as well, for many markets at once -----------------------------------------------


def least_errors(t, counts, ceilings):
    """The squared error of the best S-curve with each of these ceilings.

    t: times · counts: one row a market, one column a time · ceilings: one row a market. Returns the shape of
    `ceilings`. It is what `methods.adoption.ceilings` does for one market, done for many in one go (Levenberg and
    Marquardt's steps for pace and midpoint).
    """
    x = (t - t.mean()) / np.ptp(t)
    counts, ceilings = counts[:, None, :], ceilings[:, :, None]

    def bent(level, slope):
        share = 1 / (1 + np.exp(-np.clip(level[..., None] + slope[..., None] * x, -40, 40)))
        off = counts - ceilings * share
        return (off**2).sum(axis=-1), off, ceilings * share * (1 - share)

    start = np.clip(counts / ceilings, 1e-4, 0.999)
    heavy = start * (1 - start)
    heavy = heavy**2 / (heavy**2).sum(axis=-1, keepdims=True)
    odds, middle = np.log(start / (1 - start)), (heavy * x).sum(axis=-1, keepdims=True)
    slope = (heavy * (x - middle) * odds).sum(axis=-1) / (heavy * (x - middle) ** 2).sum(axis=-1)
    level = (heavy * odds).sum(axis=-1) - slope * middle[..., 0]
    (error, off, steep), damped = bent(level, slope), np.full(slope.shape, 1e-2)
    for _ in range(25):
        one, two, both = (steep**2).sum(axis=-1), (steep**2 * x**2).sum(axis=-1), (steep**2 * x).sum(axis=-1)
        up, turn = (steep * off).sum(axis=-1), (steep * off * x).sum(axis=-1)
        one, two = one * (1 + damped) + 1e-12, two * (1 + damped) + 1e-12
        size = one * two - both**2
        tried = level + (two * up - both * turn) / size, slope + (one * turn - both * up) / size
        better = bent(*tried)
        won = better[0] < error
        level, slope = np.where(won, tried[0], level), np.where(won, tried[1], slope)
        error, damped = np.where(won, better[0], error), np.where(won, damped / 4, damped * 5)
        off, steep = (np.where(won[..., None], *pair) for pair in ((better[1], off), (better[2], steep)))
    return error


def allowed(points, level=0.95):
    """How many times the least squared error a ceiling may have to stay in the interval: 1 + t² / (points − 3).

    t is Student's, on points − 3 degrees of freedom: the curve has three unknowns. Needs four points or more.
    """
    from scipy.stats import t as student

    free = points - 3
    return float(1 + student.ppf((1 + level) / 2, free) ** 2 / free)


def interval(t, counts, level=0.95):
    """Ceilings by profile likelihood, one row a market: best, low, high.

    A ceiling stays in while its error is at most `allowed` times the least. high is infinite where thirty times the
    largest count still stays in, and low is 0.7 times it where that does.
    """
    t, counts = np.asarray(t, float), np.atleast_2d(np.asarray(counts, float))
    grid, row = np.geomspace(0.7, 30, 45) * counts.max(axis=1, keepdims=True), np.arange(len(counts))
    ends, fine = grid[:, [0, -1]], grid
    for _ in range(3):                                    # nearer and nearer to the best ceiling
        errors = least_errors(t, counts, fine)
        place = errors.argmin(axis=1)
        best, least = fine[row, place], errors.min(axis=1)
        near = fine[row, np.maximum(place - 1, 0)], fine[row, np.minimum(place + 1, fine.shape[1] - 1)]
        fine = np.geomspace(*near, 21, axis=1)
    limit = least * allowed(len(t), level)
    inside, outside = np.stack([best, best], 1), ends
    open_end = least_errors(t, counts, outside) <= limit[:, None]
    for _ in range(14):                                   # halve the way between what stays in and what is out
        middle = np.sqrt(inside * outside)
        stays = least_errors(t, counts, middle) <= limit[:, None]
        inside, outside = np.where(stays, middle, inside), np.where(stays, outside, middle)
    low, high = np.where(open_end, ends * [1, np.inf], inside).T
    return pd.DataFrame({"best": best, "low": low, "high": high})


def markets(years, count=40, error=10.0, running=False, seed=11):
    """Counts of `count` simulated markets at the end of years 1, 2 … `years`, each with the ceiling `CEILING`.

    error: standard deviation of a count, in millions · running: each year's newcomers are off instead, and the
    total carries every earlier slip. Returns (times, counts with one row a market).
    """
    t = np.arange(1.0, years + 1)
    true = CEILING / (1 + np.exp(-0.5 * (t - 8)))
    slips = np.random.default_rng(seed).normal(0, error, (count, 20))[:, :years]
    return t, np.maximum(true + (slips.cumsum(axis=1) if running else slips), 1.0)


def simulated(years=(6, 8, 10, 12, 14), **options):
    """What is read off simulated markets by the years that have been seen: one row a market and number of years."""
    found = [interval(*markets(seen, **options)).assign(years=seen) for seen in years]
    return pd.concat(found, ignore_index=True).assign(
        ratio=lambda d: d.best / CEILING, holds=lambda d: d.low.le(CEILING) & d.high.ge(CEILING))


# -- a shop's own ----------------------------------------------------------------------------------------------


def newcomers(tables):
    """New customers week by week since the order log begins: week, number (1, 2 …), new, users (all so far).

    New by `customers.joined` where that is there, else by the first paid order in the log, which takes everybody who
    bought before the log began for new. The last week is left out where it is not over.
    """
    orders = tables.orders.dropna(subset=["paid"]) if "orders" in tables else None
    if "customers" in tables:
        first = tables.customers.joined
        start = orders.created.min() if orders is not None else first.min()
    else:
        first, start = orders.groupby("customer_id").created.min(), orders.created.min()
    start = start.normalize()
    last = max(first.max(), orders.created.max() if orders is not None else first.max())
    weeks = int((last - start) / pd.Timedelta(weeks=1) + 1 / 14)         # half a day short of a week is a week
    number = ((first - start).dt.total_seconds() // (7 * 86400)).astype("Int64")
    new = number[number.between(0, weeks - 1)].value_counts().reindex(range(weeks), fill_value=0)
    return pd.DataFrame({"week": start + pd.to_timedelta(7 * np.arange(weeks), unit="D"), "number": range(1, weeks + 1),
                         "new": new.astype(int).to_numpy(), "users": new.cumsum().astype(int).to_numpy()})


def two_columns(path):
    """A csv file of two columns, period and users so far, as `newcomers` gives them: week, number, new, users.

    The period is a year, a number or a date; number counts in years since the first where it is a date.
    Raises ValueError with one sentence when the file does not hold that.
    """
    path = Path(path)
    if not path.is_file():
        raise ValueError(f"There is no file {path}: give the path of a csv file with two columns, period and users.")
    frame = pd.read_csv(path)
    if frame.shape[1] < 2:
        raise ValueError(f"{path.name} has {frame.shape[1]} column; two are needed, period and users, with a comma.")
    period, users = frame.iloc[:, 0], pd.to_numeric(frame.iloc[:, 1], errors="coerce")
    number = pd.to_numeric(period, errors="coerce")
    if number.isna().any():
        dates = pd.to_datetime(period, errors="coerce")
        number = (dates - dates.min()).dt.days / 365.25
    bad = number.isna() | users.isna()
    if bad.any():
        raise ValueError(f"{path.name}: row {int(bad.idxmax()) + 2} holds no period or no number of users; mend or "
                         "delete it.")
    found = pd.DataFrame({"week": period, "number": number, "users": users}).sort_values("number", ignore_index=True)
    return found.assign(new=found.users.diff().fillna(found.users))


def seen_so_far(counts, parts=(0.3, 0.5, 0.65, 1.0)):
    """What the S-curve promised at several times, of counts from `newcomers` or `two_columns`: one row a time.

    seen: points used · users: reached by then · best, low, high: the ceiling and its 95 % interval by profile
    likelihood. Missing where the counts do not rise.
    """
    rows = []
    for seen in sorted({min(max(4, round(part * len(counts))), len(counts)) for part in parts}):
        past = counts.iloc[:seen]
        row = {"seen": seen, "users": past.users.iloc[-1], "best": np.nan, "low": np.nan, "high": np.nan}
        if seen > 3 and past.users.iloc[-1] > past.users.iloc[0]:
            row |= interval(past.number, past.users).iloc[0].to_dict()
        rows.append(row)
    return pd.DataFrame(rows).set_index("seen")
