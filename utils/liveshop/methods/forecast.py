"""What comes next, with an interval; and how good such forecasts were, judged by rolling origin.

A forecast is a function of (history, horizon) that gives one row a step: mean, low, high. Every one of them is judged
in the same way (:func:`rolling_origin`): it sees the past up to an origin, and nothing later.

Sources: Hyndman and Athanasopoulos, Forecasting: Principles and Practice (3rd edition, 2021), chapters 5, 7, 8;
Hyndman and Koehler, International Journal of Forecasting 22 (2006), for the scaled error. Exponential smoothing and
regression with autocorrelated errors are statsmodels'. Looked at and left alone: statsforecast, darts and prophet
(large for what three functions need).
"""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits  # comes with scikit-learn

from liveshop.methods._inputs import need, number, numbers, whole

FEWEST = 4          # errors of its own that an interval takes


def naive(history, horizon, level=0.95):
    """The last value stays. Interval: spread of the steps between values, growing with the root of the horizon."""
    y, horizon = _history(history, horizon, 3)
    steps = np.diff(y)
    spread = np.sqrt((steps**2).mean() * np.arange(1, horizon + 1))
    return _table(np.full(horizon, y[-1]), spread, level)


def seasonal_naive(history, horizon, period, level=0.95):
    """The value one season ago comes again; what every better forecast must beat.

    period: values a season. Raises ValueError with less than a season and a value.
    """
    period = whole(period, "The period", 1)
    y, horizon = _history(history, horizon, period + 1)
    ahead = np.arange(horizon)
    spread = np.sqrt(((y[period:] - y[:-period]) ** 2).mean() * (ahead // period + 1))
    return _table(y[len(y) - period + ahead % period], spread, level)


def grown(history, horizon, period, recent=8, level=0.95):
    """The value one season ago, times the growth of the last values over theirs of a season ago.

    period: values a season · recent: values whose growth is averaged, on the logarithm. Interval: the errors that the
    same forecast would have made so many values ahead within the history; where fewer than four of these are known, the
    spread of the longest reach that has four. Values above zero.
    Raises ValueError with fewer than a season, ``recent`` values and four more, and on a horizon beyond a season.
    """
    period, recent = whole(period, "The period", 1), whole(recent, "recent", 2)
    y, horizon = _history(history, horizon, period + recent + FEWEST)
    if horizon > period:
        raise ValueError(f"The values of a season ago tell {period} steps at most, not {horizon}.")
    if not (y > 0).all():
        raise ValueError("For growth in per cent all values must be above zero.")
    growth = np.log(y[period:] / y[:-period])
    mean = np.convolve(growth, np.full(recent, 1 / recent), "valid")        # as it stood after each value
    reach = np.arange(1, min(horizon, len(mean) - FEWEST) + 1)
    spread = [np.sqrt(((growth[recent + ahead - 1:] - mean[:-ahead]) ** 2).mean()) for ahead in reach]
    spread = np.r_[spread, np.full(horizon - len(reach), spread[-1])]
    base = np.log(y[len(y) - period:][:horizon])
    return np.exp(_table(base + mean[-1], spread, level, len(mean) - 1))


def drift(history, horizon, level=0.95):
    """A line from the first value through the last one: the mean step goes on."""
    y, horizon = _history(history, horizon, 2)
    ahead, count = np.arange(1, horizon + 1), len(y) - 1
    slope = (y[-1] - y[0]) / count
    spread = np.sqrt(((np.diff(y) - slope) ** 2).sum() / max(count - 1, 1) * ahead * (1 + ahead / count))
    return _table(y[-1] + slope * ahead, spread, level)


@threadpool_limits.wrap(limits=1, user_api="blas")
def smoothing(history, horizon, period=None, damped=True, level=0.95):
    """Exponential smoothing with a (damped) trend, and an additive season where ``period`` is given (ETS).

    On the logarithm where all values are above zero, so that parts grow with the level. Raises ValueError with fewer
    than two seasons, or ten values.
    """
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    y, horizon = _history(history, horizon, 10 if period is None else max(2 * whole(period, "The period", 2) + 1, 10))
    log = bool((y > 0).all())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")         # a search that stops at its best rather than at its tolerance
        model = ETSModel(pd.Series(np.log(y) if log else y), error="add", trend="add", damped_trend=damped,
                         seasonal=None if period is None else "add", seasonal_periods=period)
        found = model.fit(disp=False, maxiter=500).get_prediction(start=len(y), end=len(y) + horizon - 1)
        table = found.summary_frame(alpha=1 - _level(level))
    table = table[["mean", "pi_lower", "pi_upper"]].set_axis(["mean", "low", "high"], axis=1)
    return _steps(np.exp(table) if log else table)


@threadpool_limits.wrap(limits=1, user_api="blas")
def calendar(history, horizon, events=None, period=None, waves=1, log=True, level=0.95):
    """Trend, yearly waves and known events by regression, and errors that last from one value to the next (AR 1).

    events: table or array with a row for each value of the history *and* of the horizon at least (festival: 0 or 1,
    or its strength); what is known of the calendar beforehand · period: values a year (52.18 weeks), for ``waves``
    pairs of sine and cosine · log: effects in per cent; needs values above zero. Cochrane–Orcutt by statsmodels'
    GLSAR.
    Raises ValueError on fewer values than three times the terms, and events that end before the horizon.
    """
    import statsmodels.api as sm

    y, horizon = _history(history, horizon, 8)
    if log and not (y > 0).all():
        raise ValueError("For effects in per cent all values must be above zero; else say log=False.")
    x = _calendar(len(y) + horizon, len(y), events, period, whole(waves, "waves", 1))
    if len(y) < 3 * x.shape[1]:
        raise ValueError(f"{len(y)} values are too few for {x.shape[1]} terms.")
    target, past = np.log(y) if log else y, x[: len(y)]
    used = np.ptp(past, axis=0) > 0
    used[0] = True                                  # an event that has not been seen yet is left out
    fit = sm.GLSAR(target, past[:, used], rho=1).iterative_fit(maxiter=8)
    rho = float(np.clip(np.ravel(fit.model.rho)[0], -0.98, 0.98))
    ahead = np.arange(1, horizon + 1)
    rest = target - past[:, used] @ fit.params
    mean = x[len(y):, used] @ fit.params + rest[-1] * rho**ahead
    # Beside the shocks to come, the line itself is known with an error.
    shock = fit.scale * (1 - rho ** (2 * ahead)) / (1 - rho**2)
    line = np.einsum("ij,jk,ik->i", x[len(y):, used], fit.cov_params(), x[len(y):, used])
    table = _table(mean, np.sqrt(shock + line), level, len(y) - used.sum() - 1)
    return np.exp(table) if log else table


def _calendar(count, past, events, period, waves):
    t = np.arange(count)
    columns = [np.ones(count), t / count]
    if period is not None:
        period = number(period, "The period")
        for wave in range(1, waves + 1):
            columns += [np.cos(2 * np.pi * wave * t / period), np.sin(2 * np.pi * wave * t / period)]
    if events is not None:
        table = numbers(events, "Events")
        table = table[:, None] if table.ndim == 1 else table
        if len(table) < count or not np.isfinite(table[:count]).all():
            raise ValueError("Events must reach to the end of the horizon, none missing: "
                             f"{count} rows are needed, {past} of them past.")
        columns += list(table[:count].T)
    return np.column_stack(columns)


# --- judging ------------------------------------------------------------------------------------------


def rolling_origin(values, forecast, first, horizon=1, step=1):
    """Forecasts from many origins, each seeing only what came before it (滚动起点检验).

    values: the whole series · forecast: function of (history, horizon) · first: values that the first forecast sees ·
    step: values between origins. One row a forecast and step: origin (values seen), ahead, mean, low, high, actual.
    The horizon is cut at the end of the series.
    Raises ValueError when no origin is left.
    """
    y = numbers(values, "The values")
    first, horizon, step = whole(first, "first", 1), whole(horizon, "The horizon", 1), whole(step, "step", 1)
    if y.ndim != 1 or first >= len(y):
        raise ValueError(f"Nothing is left to forecast after {first} of {y.size} values.")
    tables = []
    for origin in range(first, len(y), step):
        length = min(horizon, len(y) - origin)
        table = pd.DataFrame(forecast(y[:origin].copy(), length))
        tables.append(pd.DataFrame({"origin": origin, "ahead": np.arange(1, length + 1),
                                    **{name: table[name].to_numpy() for name in ("mean", "low", "high")},
                                    "actual": y[origin:origin + length]}))
    return pd.concat(tables, ignore_index=True)


def accuracy(judged, history=None, period=1):
    """Errors of :func:`rolling_origin` (or of any table with mean and actual).

    mae: mean absolute error · rmse: root of the mean squared one · mape: mean absolute error in per cent of the
    actual value / 100 (a share) · bias: mean of mean − actual · coverage: share of actual values within low and high
    · mase: mae / mean absolute change from a season before within ``history`` (below 1: better than the seasonal
    naive forecast was there; missing where nothing changed); only with a history.
    """
    need(judged, ("mean", "actual"))
    if judged.empty:
        raise ValueError("There is no forecast to judge.")
    error = judged["mean"] - judged["actual"]
    found = {"mae": error.abs().mean(), "rmse": np.sqrt((error**2).mean()), "bias": error.mean(),
             "mape": (error / judged["actual"].where(judged["actual"] != 0)).abs().mean()}
    if {"low", "high"} <= set(judged.columns):
        found["coverage"] = ((judged["actual"] >= judged["low"]) & (judged["actual"] <= judged["high"])).mean()
    if history is not None:
        past, period = numbers(history, "The history"), whole(period, "The period", 1)
        if len(past) <= period:
            raise ValueError("The history must be longer than a season.")
        change = np.abs(past[period:] - past[:-period]).mean()
        found["mase"] = found["mae"] / change if change > 0 else np.nan
    return pd.Series(found, dtype=float)


def _history(history, horizon, least):
    y, horizon = numbers(history, "The history"), whole(horizon, "The horizon", 1)
    if y.ndim != 1 or len(y) < least or not np.isfinite(y).all():
        raise ValueError(f"The history must hold {least} values or more, none missing; it holds {y.size}.")
    return y, horizon


def _level(level):
    level = number(level, "The level")
    if not 0 < level < 1:
        raise ValueError(f"The level of an interval is a share between 0 and 1, not {level:g}.")
    return level


def _table(mean, spread, level, freedom=None):
    from scipy.stats import norm
    from scipy.stats import t as student

    half = (norm if freedom is None else student(freedom)).ppf(0.5 + _level(level) / 2) * spread
    return _steps(pd.DataFrame({"mean": mean, "low": mean - half, "high": mean + half}))


def _steps(table):
    return table.set_axis(pd.RangeIndex(1, len(table) + 1, name="ahead"))
