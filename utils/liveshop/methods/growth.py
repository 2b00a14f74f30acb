"""Where users come from, whether they stay, and what their invitations bring.

Growth accounting splits each period's users into new, kept and revived, and counts the lost;
retention curves follow cohorts; the viral loop is arithmetic on K, the users whom one user brings;
a cascade is one tree of shares, and the branching process says how such trees grow and die out.

Sources: Croll and Yoskovitz, Lean Analytics (2013) for K; Skok, "Lessons learned: viral marketing"
(2009) for the cycle; Harris, The Theory of Branching Processes (1963). The accounting identity is
common practice among investors in consumer products.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from liveshop.methods._inputs import listed, moments, need, number, numbers, whole

PERIODS = {"day": "D", "week": "W-SUN", "month": "M"}


# --- the viral loop -----------------------------------------------------------------------------------


def k_factor(users, invites, joins):
    """Users whom one user brings: invitations per user × share of invitations that join (K因子).

    2,000 users, 5,000 invitations, 500 joined → 2.5 × 0.10 = 0.25 (Lean Analytics). All three count
    the same period; users are all who could invite, not only those who did.
    Raises ValueError without users, and when more joined than were invited.
    """
    users, invites, joins = number(users, "Users"), number(invites, "Invitations"), number(joins, "Joins")
    if users <= 0:
        raise ValueError("k_factor needs users above zero.")
    if invites < 0 or joins < 0 or joins > invites:
        raise ValueError(f"Of {invites:g} invitations {joins:g} cannot have joined: count those who came by an "
                         "invitation only.")
    return float(invites / users * (joins / invites)) if invites else 0.0


def arrivals_within(rate, count, time):
    """Chance that at least ``count`` people come within ``time`` when they come at random (Poisson): a group deal that
    waits for two more fills with ``count`` 2.

    rate: people per unit of time, of ``time``'s own unit. The count-th is expected after count / rate. At 1 a day
    nobody comes for two days with chance e^-2 = .1353. Source: Ross, Introduction to Probability Models, chapter 5.
    Raises ValueError on negative numbers and a count that is not whole.
    """
    from scipy.stats import poisson

    rate, count, time = numbers(rate, "The rate"), whole(count, "The count", 0), numbers(time, "The time")
    if not (rate >= 0).all() or not (time >= 0).all():
        raise ValueError("Rate and time must not be negative or missing.")
    value = poisson.sf(count - 1, rate * time)
    return float(value) if np.ndim(value) == 0 else value


def viral_multiplier(k):
    """Users in the end for each user won otherwise: 1 + K + K² + … = 1 / (1 − K); infinite from K = 1 on.

    Raises ValueError on a K that is negative or missing.
    """
    k = numbers(k, "K")
    if not (k >= 0).all():
        raise ValueError("K must not be negative or missing.")
    value = np.where(k < 1, 1 / np.where(k < 1, 1 - k, 1.0), np.inf)
    return float(value) if value.ndim == 0 else value


def viral_users(users, k, cycle, time):
    """Users after ``time`` when each invites once and those who accept join one ``cycle`` later.

    users · (K^(time/cycle + 1) − 1) / (K − 1), in whole cycles; ``cycle`` and ``time`` in one unit.
    Nobody leaves and invitations never run out of people: an upper bound. Source: Skok 2009.
    Raises ValueError on a cycle not above zero, negative numbers, and more users than can be counted.
    """
    users, k = number(users, "Users"), number(k, "K")
    cycle, time = number(cycle, "The cycle"), number(time, "The time")
    if cycle <= 0 or time < 0 or k < 0 or users < 0:
        raise ValueError("viral_users needs a cycle above zero, and users, K and time not negative.")
    rounds = np.floor(time / cycle + 1e-9) + 1
    if k > 1 and rounds * np.log(k) > 690:
        raise ValueError(f"After {time:g} more users would have come than can be counted: ask for a shorter time.")
    return float(users * (rounds if k == 1 else (k**rounds - 1) / (k - 1)))


def growth_path(start, arrivals, invites, acceptance, cycle_days, retention, weeks=26):
    """Users week by week when some arrive, invite others, and leave.

    start: users at the beginning, all just joined · arrivals: users a week who come without an
    invitation · invites: invitations per user who joins, sent once · acceptance: share of these that
    join, ``cycle_days`` (whole, at least 1) later · retention: share of users who stay from a week to
    the next, or an array, the share still active 0, 1, 2 … weeks after joining (its last value lasts).
    Returns one row a week, 0 … ``weeks``: week, joined (in that week), invited (of these by an
    invitation), active (at its end). Reckoned by days; expected values, so not whole.
    Raises ValueError on negative numbers, an acceptance or retention outside of 0 to 1, and days or
    weeks that are not whole.
    """
    cycle, weeks = whole(cycle_days, "cycle_days", 1), whole(weeks, "weeks", 1)
    start, arrivals, invites, acceptance = (number(value, what) for value, what in (
        (start, "start"), (arrivals, "arrivals"), (invites, "invites"), (acceptance, "acceptance")))
    days = 7 * weeks
    if min(start, arrivals, invites) < 0 or not 0 <= acceptance <= 1:
        raise ValueError("start, arrivals and invites must not be negative, and acceptance lies between 0 and 1.")
    curve = numbers(retention, "retention")
    if curve.size == 0 or curve.ndim > 1 or not ((curve >= 0) & (curve <= 1)).all():
        raise ValueError("retention is a share (or shares) between 0 and 1.")
    age = np.arange(days + 1) / 7
    staying = curve**age if curve.ndim == 0 else np.interp(age, np.arange(len(curve)), curve)
    k = invites * acceptance
    joined, invited = np.zeros(days + 1), np.zeros(days + 1)
    joined[0] = start
    for day in range(1, days + 1):
        invited[day] = k * joined[day - cycle] if day >= cycle else 0.0
        joined[day] = arrivals / 7 + invited[day]
    active = np.convolve(joined, staying)[: days + 1]
    week = np.arange(weeks + 1)

    def weekly(daily):
        return np.r_[daily[0], daily[1:].reshape(-1, 7).sum(axis=1)]

    return pd.DataFrame({"week": week, "joined": weekly(joined), "invited": weekly(invited),
                         "active": active[week * 7]})


# --- who was active when ------------------------------------------------------------------------------


def growth_accounting(activity, period="month", known=(), customer="customer_id", when="day"):
    """Active users of each period, split by what they were before (增长核算).

    activity: one row for each time that somebody was active, in any order; ``known``: customers who
    had been active before the table begins, so that their return is not taken for new. One row a
    period (period is "day", "week" from Monday, or "month"), also where nobody was active:

    active = new (first seen) + kept (active in the period before) + revived (seen before, but not in
    the period before); lost = active in the period before and not now; so
    active − active before = new + revived − lost. quick_ratio = (new + revived) / lost.
    In the first period nothing is known of the one before: kept and lost are 0 and quick_ratio is missing.
    Raises ValueError on missing columns, times that are none, and another period.
    """
    seen = _periods(activity, period, customer, when).drop_duplicates()
    first = seen.groupby("customer")["period"].min()
    before = seen.assign(period=seen["period"] + 1)
    kept = seen.merge(before, on=["customer", "period"]).groupby("period").size()
    new = first[~first.index.isin(list(known))].value_counts()
    every = pd.period_range(seen["period"].min(), seen["period"].max(), freq=PERIODS[period])
    table = pd.DataFrame({"active": seen.groupby("period").size(), "new": new, "kept": kept}, index=every)
    table = table.fillna(0).astype(int)
    table["revived"] = table["active"] - table["new"] - table["kept"]
    table["lost"] = table["active"].shift(1, fill_value=0) - table["kept"]
    table["quick_ratio"] = (table["new"] + table["revived"]) / table["lost"].where(table["lost"] > 0)
    table.index.name = period
    return table


def retention_curves(activity, by=None, period="week", horizon=None, customer="customer_id", when="day"):
    """Share of a cohort that is active again, by periods since its first (留存曲线).

    One row a cohort (customers whose first activity was in the same period); or, with ``by``, a column of
    ``activity`` that is the same for all rows of a customer (say, route), one row for each of its
    values over all cohorts. Columns: customers (size of the cohort), then 0, 1, 2 … periods. The
    denominator is the customers of cohorts old enough to be seen at that age; younger ones are left
    out, and a share that nobody is old enough for is missing. The last period counts as complete.
    Raises ValueError on missing columns, another period, and a customer with two values of ``by``.
    """
    horizon = None if horizon is None else whole(horizon, "horizon", 0)
    seen = _periods(activity, period, customer, when, by).drop_duplicates(["customer", "period"])
    last = seen["period"].max()
    if by is not None and (seen.groupby("customer")["by"].nunique() > 1).any():
        raise ValueError(f"{by} differs between rows of one customer: give each customer one value.")
    cohort = seen.groupby("customer")["period"].min()
    people = pd.DataFrame({"cohort": cohort, "key": cohort if by is None else seen.groupby("customer")["by"].first()})
    ordinal = people["cohort"].astype("int64")
    people["oldest"] = last.ordinal - ordinal
    seen = seen.join(people[["key"]], on="customer")
    seen["age"] = seen["period"].astype("int64") - seen["customer"].map(ordinal)
    active = pd.crosstab(seen["key"], seen["age"])
    ages = range(int(people["oldest"].max()) + 1 if horizon is None else horizon + 1)
    active = active.reindex(columns=list(ages), fill_value=0)
    oldest = range(int(people["oldest"].max()) + 1)
    sizes = pd.crosstab(people["key"], people["oldest"]).reindex(columns=oldest, fill_value=0)
    # Customers at risk at an age are those whose cohort is at least so old.
    at_risk = sizes.iloc[:, ::-1].cumsum(axis=1).iloc[:, ::-1].reindex(columns=list(ages), fill_value=0)
    curves = active / at_risk.where(at_risk > 0)
    curves.insert(0, "customers", people.groupby("key").size())
    curves.index.name, curves.columns.name = ("cohort" if by is None else by), None
    return curves


def _periods(activity, period, customer, when, by=None):
    if period not in PERIODS:
        raise ValueError(f'period is "day", "week" or "month", not {period!r}.')
    need(activity, (customer, when, *listed(by)), "The activity lacks", "; name yours with customer= and when=")
    rows = activity[activity[when].notna() & activity[customer].notna()]
    if rows.empty:
        raise ValueError(f"No row of the activity has a time in {when}.")
    times = moments(rows[when], when).dt.to_period(PERIODS[period])
    table = pd.DataFrame({"customer": rows[customer], "period": times})
    return table if by is None else table.assign(by=rows[by])


# --- trees of shares ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cascade:
    """Trees of shares. ``sizes``: one row a tree (index: its first share): shares (in the tree, the
    first included), depth (0 when nobody shared on), joined (shares that brought a user; only with a
    column for it). ``generations``: one row a generation: shares, passed_on (their direct
    followers), per_share (their ratio)."""

    sizes: pd.DataFrame
    generations: pd.DataFrame
    mean: float             # followers per share, over all: what one share brings
    followers: np.ndarray   # how many shares had 0, 1, 2 … direct followers


def cascade(shares, share="share_id", parent="parent_share_id", joined="joined"):
    """Sizes and depths of the trees that shares form: each row is a share, ``parent`` the share that
    it followed (missing for the first of a tree). Source of the reading: Harris 1963.

    ``mean`` understates what a share brings while late shares may still be passed on: leave out the
    youngest, or wait. Raises ValueError on repeated ids, parents that are not in the table, and loops.
    """
    need(shares, (share, parent), "The shares lack")
    ids = shares[share]
    if len(ids) == 0:
        raise ValueError("There is no share in the table.")
    if ids.duplicated().any():
        raise ValueError(f"{share} {ids[ids.duplicated()].iloc[0]} stands twice: one row a share is needed.")
    above = pd.Index(ids).get_indexer(shares[parent])
    lost = (above < 0) & shares[parent].notna().to_numpy()
    if lost.any():
        raise ValueError(f"{share} {ids[lost].iloc[0]} follows {shares[parent][lost].iloc[0]}, which is not in "
                         f"the table ({int(lost.sum())} such): give whole trees, or clear those parents.")
    own = np.arange(len(ids))
    # Jumps of doubling length lead every share to its root in log2(depth) rounds.
    jump, depth = np.where(above < 0, own, above), (above >= 0).astype(np.int64)
    for _ in range(int(np.ceil(np.log2(len(ids) + 1))) + 1):
        depth, jump = depth + depth[jump], jump[jump]
    if (above[jump] >= 0).any():
        at = int(np.flatnonzero(above[jump] >= 0)[0])
        raise ValueError(f"{share} {ids.iloc[at]} follows itself in a loop of parents.")
    followers = np.bincount(above[above >= 0], minlength=len(ids))
    frame = pd.DataFrame({"root": ids.to_numpy()[jump], "depth": depth, "followers": followers})
    sizes = frame.groupby("root").agg(shares=("depth", "size"), depth=("depth", "max"))
    if joined in shares.columns:
        sizes["joined"] = shares[joined].fillna(False).astype(bool).groupby(frame["root"].to_numpy()).sum()
    sizes.index.name = share
    generations = frame.groupby("depth").agg(shares=("followers", "size"), passed_on=("followers", "sum"))
    generations.index.name = "generation"
    generations["per_share"] = generations["passed_on"] / generations["shares"]
    return Cascade(sizes.sort_values("shares", ascending=False), generations, float(followers.mean()),
                   np.bincount(followers))


@dataclass(frozen=True)
class Branching:
    """What a branching process comes to, per starter."""

    mean: float             # followers of one
    expected_size: float    # of the whole tree, the starter included; infinite from a mean of 1 on
    extinction: float       # chance that the tree ends

    def expected_generation(self, n):
        """Expected number in generation n (0 is the starter): mean to the power n."""
        value = self.mean ** np.asarray(n, float)
        return float(value) if np.ndim(n) == 0 else value


def branching(followers=None, mean=None):
    """Galton–Watson process: each has, independently, 0, 1, 2 … followers.

    ``followers``: probabilities or counts of 0, 1, 2 … (such as Cascade.followers); or ``mean`` of a
    Poisson number. The chance of extinction is the smallest s ≥ 0 with G(s) = s, G being the
    generating function. Holds while those who might follow do not run out.
    Raises ValueError unless exactly one of the two is given, and on negative numbers.
    """
    from scipy.optimize import brentq

    if (followers is None) == (mean is None):
        raise ValueError("Give either the probabilities of 0, 1, 2 … followers or their mean.")
    if mean is not None:
        mean = number(mean, "The mean number of followers")
        if mean < 0:
            raise ValueError("The mean number of followers must not be negative.")
        average, none = float(mean), np.exp(-mean)

        def generating(s):
            return np.exp(mean * (s - 1))
    else:
        chance = numbers(followers, "Probabilities of followers")
        if chance.ndim != 1 or not len(chance) or not (chance >= 0).all() or not chance.sum() > 0:
            raise ValueError("Probabilities (or counts) of 0, 1, 2 … followers must not be negative nor all zero.")
        chance = chance / chance.sum()
        average, none = float(chance @ np.arange(len(chance))), chance[0]

        def generating(s):
            return np.polynomial.polynomial.polyval(s, chance)
    if average <= 1:
        ends = 0.0 if none == 0 else 1.0        # exactly one follower each: it never ends
    elif none == 0:
        ends = 0.0
    else:
        # G(s) − s is convex, positive at 0 and zero at 1: between its minimum and 0 lies the root.
        low, high = 0.0, 1.0
        while generating((low + high) / 2) - (low + high) / 2 >= 0 and high - low > 1e-12:
            middle = (low + high) / 2
            slope = (generating(middle + 1e-9) - generating(middle - 1e-9)) / 2e-9 - 1
            low, high = (middle, high) if slope < 0 else (low, middle)
        middle = (low + high) / 2
        # So close to a mean of 1 that the two roots cannot be told apart: it dies out.
        ends = 1.0
        if generating(middle) < middle:
            ends = float(brentq(lambda s: generating(s) - s, 0.0, middle, xtol=1e-14))
    return Branching(average, 1 / (1 - average) if average < 1 else np.inf, ends)
