"""Which indicator moves *before* the loss, by how much time, and at which limit does an alarm pay?

=================== ========================================================= =================================
function            asks                                                      fooled by
=================== ========================================================= =================================
same_day            which indicator moves together with the losses?           echoes: they come with or after them
cross_correlation   which lag of two series goes together?                    trends: every lag does
prewhitened         the same, after what the leader tells of itself is gone   too few values
lead_time           after how many days does the indicator show in events?    several causes in one indicator
alarm_value         what would alarms have been worth in money?               limits tuned on the days that judge
=================== ========================================================= =================================

Sources: Box, Jenkins, Reinsel and Ljung, Time Series Analysis (2015), chapter 12, for prewhitening; Cameron and
Trivedi, Regression Analysis of Count Data (2013). ARIMA and Poisson fits are statsmodels'.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits  # comes with scikit-learn

from liveshop.methods._inputs import number, numbers, whole


def same_day(indicators, events, window=7):
    """Correlation of sums over ``window`` days of each indicator with those of the events, largest first.

    The naive search: it finds what moves with the losses, not what comes before. indicators: {name: values}, or a
    table; events: a number a day. Raises ValueError on lengths that differ.
    """
    if not isinstance(indicators, (pd.DataFrame, Mapping)):
        raise ValueError("The indicators are a table, or {name: values}.")
    table = indicators if isinstance(indicators, pd.DataFrame) else pd.DataFrame(dict(indicators))
    counts, window = _series(events, "Events"), whole(window, "The window", 1)
    found = {}
    for name in table.columns:
        values = _series(table[name], f"The values of {name}")
        _alike(values, counts)
        one, other = (np.convolve(each, np.ones(window), "valid") for each in (values, counts))
        found[name] = np.corrcoef(one, other)[0, 1] if np.ptp(one) and np.ptp(other) else np.nan
    return pd.Series(found, name="correlation").sort_values(key=np.abs, ascending=False)


@dataclass(frozen=True)
class CrossCorrelation:
    """``table``: one row a lag: correlation of the leader with the outcome so many steps later. ``band``:
    correlations of two white series lie within ± this in 95 of 100 lags (it does not hold for raw series)."""

    table: pd.DataFrame
    band: float

    @property
    def lag(self):
        """The lag of the largest correlation, up or down."""
        return int(self.table["correlation"].abs().idxmax())


def cross_correlation(leader, outcome, lags=15):
    """Correlation of the leader with the outcome 0 … ``lags`` steps later, on the raw values.

    Two series that trend or wander go together at every lag: use :func:`prewhitened`.
    Raises ValueError on lengths that differ, and fewer than three values a lag.
    """
    leader, outcome = _series(leader, "The leader"), _series(outcome, "The outcome")
    _alike(leader, outcome)
    lags, count = whole(lags, "lags", 0), len(leader)
    if count < 3 * (lags + 1):
        raise ValueError(f"{count} values are too few for {lags} lags.")
    if not np.ptp(leader) or not np.ptp(outcome):
        raise ValueError("A series that never changes goes together with nothing.")
    x, y = leader - leader.mean(), outcome - outcome.mean()
    size = np.sqrt((x @ x) * (y @ y))
    found = [float(x[: count - lag] @ y[lag:] / size) for lag in range(lags + 1)]
    return CrossCorrelation(pd.DataFrame({"correlation": found}, index=pd.RangeIndex(lags + 1, name="lag")),
                            float(1.959964 / np.sqrt(count)))


@dataclass(frozen=True)
class Prewhitened(CrossCorrelation):
    """Also the leader's own model: ``coefficients`` and ``errors`` by name (ma.L1 …), ``variance`` of its shocks."""

    coefficients: dict
    errors: dict
    variance: float


@threadpool_limits.wrap(limits=1, user_api="blas")
def prewhitened(leader, outcome, lags=15, order=(0, 1, 1)):
    """Cross-correlation of the leader's shocks with the outcome filtered in the same way (预白化).

    order: of the leader's ARIMA model (p, d, q). Box and Jenkins's series M: ma −.4475, and correlations .675 at lag
    3 and .451 at 4 stand out of a band of ± .161; the raw levels correlate .95 and more at every lag.
    Raises ValueError as :func:`cross_correlation`.
    """
    from scipy.signal import lfilter
    from statsmodels.tsa.arima.model import ARIMA

    leader, outcome = _series(leader, "The leader"), _series(outcome, "The outcome")
    _alike(leader, outcome)
    p, d, q = (whole(each, "The order", 0) for each in order)
    if len(leader) < 20 + p + d + q:
        raise ValueError(f"{len(leader)} values are too few to whiten a series.")
    x, y = np.diff(leader, d), np.diff(outcome, d)
    fit = ARIMA(x, order=(p, 0, q), trend="n").fit(cov_type="approx")
    white = (lfilter(np.r_[1, -fit.arparams], np.r_[1, fit.maparams], series) for series in (x, y))
    found = cross_correlation(*white, lags)
    names = [name for name in fit.model.param_names if name != "sigma2"]
    places = [fit.model.param_names.index(name) for name in names]
    return Prewhitened(found.table, found.band, dict(zip(names, fit.params[places].tolist(), strict=True)),
                       dict(zip(names, fit.bse[places].tolist(), strict=True)),
                       float(fit.params[fit.model.param_names.index("sigma2")]))


@dataclass(frozen=True)
class LeadTime:
    """``days``: the lag at which the indicator tells most of the events; ``low`` and ``high``: lags that tell nearly
    as much (95 %, profile likelihood); 0 within means that it may only move along. ``ratio``: events a day, times
    this for one standard deviation more. ``profile``: lag, loglik (below the best), ratio."""

    days: int
    low: int
    high: int
    ratio: float
    profile: pd.DataFrame

    @property
    def leads(self):
        """Whether the indicator surely moves before the events, and more of it brings more of them."""
        return self.low > 0 and self.ratio > 1


@threadpool_limits.wrap(limits=1, user_api="blas")
def lead_time(indicator, events, longest=30, week=7):
    """By how many days does the indicator lead the events (先行天数)?

    indicator: a number a day · events: how many began on each day · longest: lag to look at · week: days of a level
    of their own each (7), or None. Poisson regression of a day's events on the indicator so many days before, for
    each lag, all on the same days. With few events the interval is often wide, and that is the answer. A weekday on
    which nothing ever began tells nothing and is left out.
    Raises ValueError on lengths that differ, too few days and no events.
    """
    import statsmodels.api as sm

    values, counts = _series(indicator, "The indicator"), _series(events, "Events")
    _alike(values, counts)
    longest = whole(longest, "longest", 1)
    if len(values) < 4 * longest or not np.ptp(values):
        raise ValueError(f"{len(values)} days are too few for a lag of {longest}, or the indicator never changes.")
    y = counts[longest:]
    if not (y >= 0).all() or y.sum() < 5:
        raise ValueError("At least five events are needed, and none may be counted below zero.")
    x = (values - values.mean()) / values.std()
    days = np.arange(longest, len(values))
    levels = np.ones((len(days), 1)) if week is None else np.eye(whole(week, "week", 1))[days % week]
    seen = (levels * y[:, None]).sum(axis=0) > 0
    told = levels[:, seen].any(axis=1)      # a weekday without events has the level 0 at any lag: it tells nothing
    y, levels, days = y[told], levels[told][:, seen], days[told]
    rows = []
    for lag in range(longest + 1):
        fit = sm.GLM(y, np.column_stack([levels, x[days - lag]]), family=sm.families.Poisson()).fit()
        rows.append((lag, fit.llf, np.exp(fit.params[-1])))
    profile = pd.DataFrame(rows, columns=["lag", "loglik", "ratio"]).set_index("lag")
    profile["loglik"] -= profile["loglik"].max()
    near = profile.index[profile["loglik"] > -1.92]
    best = int(profile["loglik"].idxmax())
    return LeadTime(best, int(near.min()), int(near.max()), float(profile.loc[best, "ratio"]), profile)


# --- limits in money ----------------------------------------------------------------------------------


def smoothed(values, lam, learn):
    """Exponentially weighted mean of an indicator, in standard deviations of its first ``learn`` days.

    No day's number changes when later days are added. lam: weight of the newest day (0–1].
    Raises ValueError on a lam outside of 0 to 1 and too few days to learn from.
    """
    from scipy.signal import lfilter

    x, lam, learn = _series(values, "The values"), number(lam, "lam"), whole(learn, "learn", 10)
    if not 0 < lam <= 1 or learn > len(x):
        raise ValueError(f"lam lies above 0 and up to 1, and learn within the {len(x)} days.")
    z = lfilter([lam], [1, lam - 1], x - x[:learn].mean())
    spread = z[:learn].std()
    if not spread > 0:
        raise ValueError("The indicator never changes while it is learned from.")
    return z / spread


@dataclass(frozen=True)
class AlarmValue:
    """``value``: saved − spent, CNY; ``alarms``: times that somebody acted; ``warned``: events with an alarm in time;
    ``events``: all; ``false``: alarms that no event followed in time; ``by_day``: CNY of each day, what a warned event
    saves on the event's day, what acting costs on the day of acting."""

    value: float
    alarms: int
    warned: int
    events: int
    false: int
    by_day: np.ndarray = field(compare=False, repr=False)


def alarm_value(alarm, events, saves, costs, warned=(3, 20), hold=14):
    """What acting on these alarms is worth.

    alarm: one yes or no a day · events: how many began on each day · saves: CNY that a warned event saves · costs:
    CNY of acting once · warned: an event counts as warned if somebody acted so many days before (first, last) · hold:
    days after acting in which a further alarm costs nothing and brings nothing.
    Raises ValueError on lengths that differ, negative money, and days out of order.
    """
    on, counts = _series(alarm, "Alarms") > 0, _series(events, "Events")
    _alike(on, counts)
    saves, costs, hold = number(saves, "saves"), number(costs, "costs"), whole(hold, "hold", 1)
    first, last = warned
    if saves < 0 or costs < 0 or not 0 <= first <= last:
        raise ValueError("Money must not be negative, and warned is (first, last) day, in this order.")
    acted, day = [], 0
    places = np.flatnonzero(on)
    for place in places:
        if place >= day:
            acted.append(int(place))
            day = place + hold
    struck = np.flatnonzero(counts > 0)
    gaps = struck[:, None] - np.array(acted, int)[None, :]
    in_time = (gaps >= first) & (gaps <= last)
    warned = np.zeros(len(on))
    if acted:
        warned[struck] = counts[struck] * in_time.any(axis=1)
    false = int((~in_time.any(axis=0)).sum()) if acted else 0
    by_day = saves * warned
    by_day[acted] -= costs
    return AlarmValue(float(by_day.sum()), len(acted), int(warned.sum()), int(counts.sum()), false, by_day)


def tune_limit(indicator, events, learn, saves, costs, lams=(0.1, 0.2, 0.4, 1.0), limits=None, warned=(3, 20), hold=14):
    """The limit that pays best on the first ``learn`` days, and what it brings on the days after.

    One row for each lam and limit (in standard deviations; .5 to 3.5): tuned and unseen, CNY a year, alarms_a_year
    (unseen). Sorted by tuned: the first row is the choice, its unseen value the one to believe. Arguments as for
    :func:`smoothed` and :func:`alarm_value`. Raises ValueError as they do, and without days after.
    """
    counts = _series(events, "Events")
    limits = np.arange(0.5, 3.6, 0.25) if limits is None else numbers(limits, "Limits")
    learn = whole(learn, "learn", 10)
    if learn >= len(counts) - max(warned):
        raise ValueError(f"No days are left to judge after {learn} of {len(counts)}.")
    rows = []
    for lam in lams:
        z = smoothed(indicator, lam, learn)
        _alike(z, counts)
        for limit in limits:
            parts = [alarm_value(z[part] > limit, counts[part], saves, costs, warned, hold)
                     for part in (slice(0, learn), slice(learn, None))]
            years = learn / 365.25, (len(counts) - learn) / 365.25
            rows.append((lam, limit, parts[0].value / years[0], parts[1].value / years[1], parts[1].alarms / years[1]))
    table = pd.DataFrame(rows, columns=["lam", "limit", "tuned", "unseen", "alarms_a_year"])
    return table.sort_values("tuned", ascending=False, kind="stable").reset_index(drop=True)


def _series(values, what):
    if isinstance(values, Mapping):
        raise ValueError(f"{what} must be a series, one number a day.")
    found = numbers(values, what)
    if found.ndim != 1 or not found.size or not np.isfinite(found).all():
        raise ValueError(f"{what} must be a series of numbers, none missing.")
    return found


def _alike(one, other):
    if len(one) != len(other):
        raise ValueError(f"Both series must be equally long; they hold {len(one)} and {len(other)} values.")
