"""Seeing a dip within minutes: control charts on a minute's residual from the expected curve.

Three steps. :func:`fit_expected` learns from past broadcasts how many clicks (or exits, or orders) a
minute with so many people in the room should bring, and gives residuals in standard deviations.
:func:`ewma` or :func:`cusum` gathers small deviations until they are an alarm. :func:`score_alarms`
counts detections, delay and false alarms against labelled minutes.

Sources: Lucas and Saccucci, "Exponentially weighted moving average control schemes", Technometrics 32
(1990) 1–12; run lengths by integral equation as in Crowder, Technometrics 29 (1987) 401–407;
Page (1954), and Montgomery, Introduction to Statistical Quality Control, chapter 9.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from liveshop.methods._inputs import need, number, numbers

LONGEST_RUN = 1e10      # average run lengths above this are not reckoned


# ---------------------------------------------------------------------------------------- charts

@dataclass(frozen=True)
class ControlChart:
    """Arrays as long as the values. ``statistic`` with its limits ``lower`` and ``upper``; ``alarm``
    is True where the statistic is outside. For CUSUM ``statistic`` is the upper sum, and
    ``low_statistic`` the sum for falls, to be held against ``lower`` as a negative number."""

    statistic: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    alarm: np.ndarray
    low_statistic: np.ndarray | None = None

    @property
    def first_alarm(self):
        """Position of the first alarm, or None."""
        return int(self.alarm.argmax()) if self.alarm.any() else None


def ewma(values, lam, width, mean=0.0, sd=1.0, exact_limits=True, restart=False):
    """Exponentially weighted moving average chart.

    ``values``: residuals in order of time (missing ones leave the average where it was); ``lam``
    (0–1]: weight of the newest value; ``width``: limits in standard deviations of the average;
    ``mean`` and ``sd`` of the values when all is well. z = lam·x + (1−lam)·z, starting at the mean.
    ``exact_limits`` narrows the limits at the start, when the average has gathered little.
    ``restart`` begins afresh after each alarm, as a control room does once it has looked.
    """
    _check_ewma(lam, width)
    x = _standardised(values, mean, sd)
    steady = lam / (2 - lam)
    z, limit = np.zeros(len(x)), np.zeros(len(x))
    level, steps = 0.0, 0
    for position, value in enumerate(x.tolist()):
        if value == value:                              # not missing
            level = lam * value + (1 - lam) * level
        steps += 1
        z[position] = level
        gathered = 1 - (1 - lam) ** (2 * steps) if exact_limits else 1.0
        limit[position] = width * (steady * gathered) ** 0.5
        if restart and abs(level) > limit[position]:
            level, steps = 0.0, 0
    return ControlChart(mean + sd * z, mean - sd * limit, mean + sd * limit, np.abs(z) > limit)


def cusum(values, k, h, mean=0.0, sd=1.0, restart=False):
    """Two-sided cumulative sum chart.

    ``k``: slack, usually half of the shift that should be found; ``h``: decision interval; both in
    standard deviations. Upper sum: max(0, previous + x − k); lower sum the same for falls. Alarm when
    either exceeds h. Missing values leave the sums where they were. ``restart`` begins afresh after
    each alarm, as a control room does once it has looked.
    """
    _check_cusum(k, h)
    x = _standardised(values, mean, sd)
    up, down = np.zeros(len(x)), np.zeros(len(x))
    high = low = 0.0
    for position, value in enumerate(x.tolist()):
        if value == value:                              # not missing
            high, low = max(0.0, high + value - k), max(0.0, low - value - k)
        up[position], down[position] = high, low
        if restart and (high > h or low > h):
            high = low = 0.0
    limit = np.full(len(x), float(h))
    return ControlChart(up, -limit, limit, (up > h) | (down > h), -down)


def _standardised(values, mean, sd):
    x = numbers(values, "The values of a chart")
    if x.ndim != 1 or not sd > 0:
        raise ValueError("A chart needs its values in one row of time, and an sd above zero.")
    return (x - mean) / sd


def _check_ewma(lam, width):
    if not 0 < lam <= 1 or not width > 0:
        raise ValueError("EWMA needs lam above 0 and at most 1, and a width above 0.")


def _check_cusum(k, h):
    if not k >= 0 or not h > 0:
        raise ValueError("CUSUM needs a slack k of zero or more and a decision interval h above zero.")


def _run_length(value):
    # The equations are all but singular where alarms are rarer than this, and digits get lost.
    if not 1 <= value <= LONGEST_RUN:
        raise ValueError(f"An alarm would come less than once in {LONGEST_RUN:.0e} values, too seldom to reckon: "
                         "narrow the limits.")
    return float(value)


def ewma_arl(lam, width, shift=0.0):
    """Average run length of a two-sided EWMA chart: values until the first alarm, when the mean has
    been off by ``shift`` standard deviations from the start (0: until a false alarm).

    Limits are the steady ones. Solves Crowder's integral equation on 61 Gauss–Legendre points, or more
    where lam is tiny. Raises ValueError above ten billion values.
    Lucas and Saccucci (1990), table 3: lam 0.20, width 2.962 → 500 in control, 10.5 at one sigma.
    """
    _check_ewma(lam, width)
    return _run_length(_ewma_run(lam, width, number(shift, "The shift")))


def _ewma_run(lam, width, shift=0.0):
    limit = width * np.sqrt(lam / (2 - lam))
    node, weight = np.polynomial.legendre.leggauss(max(61, int(4 * limit / lam)))
    node, weight = limit * node, limit * weight

    def kernel(start):
        z = (node - (1 - lam) * np.asarray(start)[..., None]) / lam - shift
        return weight / lam * np.exp(-z**2 / 2) / np.sqrt(2 * np.pi)

    run = np.linalg.solve(np.eye(len(node)) - kernel(node), np.ones(len(node)))
    return float(1 + kernel(np.array(0.0)) @ run)


def cusum_arl(k, h, shift=0.0):
    """Average run length of a two-sided CUSUM chart, mean off by ``shift`` standard deviations.

    One-sided run lengths from Page's integral equation on Gauss–Legendre points, put together by
    1/both = 1/upper + 1/lower. Montgomery: k 0.5, h 4 → 168 in control, 8.38 at one sigma, 26.6 at 0.5.
    Raises ValueError above ten billion values.
    """
    from scipy.special import ndtr

    _check_cusum(k, h)
    shift = number(shift, "The shift")
    node, weight = np.polynomial.legendre.leggauss(max(60, int(4 * h)))
    node, weight = h * (node + 1) / 2, h * weight / 2

    def one_sided(mean):
        starts = np.concatenate([[0.0], node])           # the sum rests at zero with positive chance
        step = node - starts[:, None] + k - mean
        density = weight * np.exp(-step**2 / 2) / np.sqrt(2 * np.pi)
        matrix = np.column_stack([ndtr(k - mean - starts), density])
        return np.linalg.solve(np.eye(len(starts)) - matrix, np.ones(len(starts)))[0]

    upper, lower = one_sided(shift), one_sided(-shift)
    # The side that the shift leads away from may never alarm; what is left of it is rounding.
    rates = [1 / run if 1 <= run <= 1e15 else 0.0 for run in (upper, lower)]
    return _run_length(1 / sum(rates) if sum(rates) else np.inf)


def ewma_width(lam, false_alarm_every):
    """Width at which an EWMA chart gives a false alarm once in so many values, on average.

    Raises ValueError on runs too short or too long to reckon.
    """
    from scipy.optimize import brentq

    if not 2 < false_alarm_every <= 1e8:
        raise ValueError("A chart that alarms on every second value is no chart, and one that never does is none: "
                         "ask for a false alarm in more than 2 and at most 100 million values, not "
                         f"{false_alarm_every:g}.")
    _check_ewma(lam, 1.0)
    high = 1.0
    while _ewma_run(lam, high) < false_alarm_every:
        high += 0.5
    return float(brentq(lambda width: np.log(_ewma_run(lam, width) / false_alarm_every), 0.01, high))


# ------------------------------------------------------------------------------- expected curve

@dataclass(frozen=True)
class ExpectedCurve:
    """What a normal minute brings, learned by :func:`fit_expected`."""

    outcome: str
    exposure: str | None
    by: tuple[str, ...]
    rates: pd.Series        # outcome per unit of exposure, per cell of ``by``
    overall: float
    dispersion: float       # variance of a normal minute / its Poisson variance
    prior: float            # expected events that a broadcast's own level is worth at its start
    memory: float           # half-life, in minutes, of what the level remembers

    def expected(self, minutes):
        """Expected outcome of each minute, from the room's size and the cell's rate, times how this
        broadcast has run so far (only minutes before the one in question are used)."""
        base = self._base(minutes)
        seen = minutes[self.outcome].astype(float)
        # A minute far off its curve must not teach the level what is normal.
        spread = 3 * np.sqrt(self.dispersion * base.clip(lower=0.5))
        seen = seen.clip(lower=base - spread, upper=base + spread)
        return base * _running_level(seen.to_numpy(), base.to_numpy(), minutes["stream_id"], self.prior, self.memory)

    def residuals(self, minutes):
        """How far each minute is off its curve, in standard deviations; about mean 0, sd 1 when all is
        well. Rows must be in order of time within each broadcast.

        Counts of a few a minute are skewed, and a chart would take every lucky minute for an alarm. So the
        difference is taken between square roots (Anscombe, Biometrika 35, 1948), less what the root of a
        Poisson count is on average, and divided by its spread.
        """
        mean, spread = _root_of_poisson(self.expected(minutes).to_numpy(float))
        root = np.sqrt(minutes[self.outcome].to_numpy(float) + 0.375)
        return pd.Series((root - mean) / (spread * np.sqrt(self.dispersion)), index=minutes.index)

    def _base(self, minutes):
        exposure = _exposure(minutes, self.exposure)
        if not self.by:
            return exposure * self.overall
        keys = pd.MultiIndex.from_frame(minutes[list(self.by)]) if len(self.by) > 1 else minutes[self.by[0]]
        rate = pd.Series(self.rates.reindex(keys).to_numpy(), index=minutes.index).fillna(self.overall)
        return exposure * rate


@lru_cache(maxsize=1)
def _root_table():
    from scipy.stats import poisson

    mean = np.geomspace(1e-3, 100, 400)
    count = np.arange(0, 200)
    chance = poisson.pmf(count, mean[:, None])
    root = np.sqrt(count + 0.375)
    first = chance @ root
    return np.log(mean), first, np.sqrt(chance @ root**2 - first**2)


def _root_of_poisson(mean):
    """Mean and standard deviation of √(Y + 3/8) for a Poisson count Y, exact to 100 and by the limit above."""
    at, first, spread = _root_table()
    log = np.log(np.clip(mean, 1e-3, None))
    large = mean > 100
    # Below an expectation of a twentieth an event is a surprise, but not one of ten standard deviations.
    return (np.where(large, np.sqrt(mean + 0.125), np.interp(log, at, first)),
            np.where(large, 0.5, np.maximum(np.interp(log, at, spread), 0.12)))


def _running_level(seen, base, stream, prior, memory):
    """Seen / expected over the minutes before, per broadcast, older minutes counting less."""
    keep = 0.5 ** (1.0 / memory)
    level = np.empty(len(seen))
    above = below = 0.0
    last = object()
    for at, (name, y, mu) in enumerate(zip(stream.to_numpy(), seen.tolist(), base.tolist(), strict=True)):
        if name != last:
            above = below = 0.0
            last = name
        level[at] = (above + prior) / (below + prior)
        above, below = keep * above + y, keep * below + mu
    return level


def fit_expected(minutes, outcome, exposure="online", by=(), trim=0.05, prior=20.0, memory=30.0):
    """Learn the expected curve of a count (clicks, orders, exits, entries) from past broadcasts.

    ``minutes``: stream_minutes, one row a minute, in order of time; ``exposure``: the column that the
    count should be proportional to (None: nothing); ``by``: columns that change the rate, such as the
    role on the table or minutes since the slot began. The rate of a cell is total outcome over total
    exposure after the ``trim`` share of its minutes with the oddest residuals has been put aside, so
    that abnormal minutes in the past do little harm. The dispersion comes from the median residual
    for the same reason. A broadcast's own level is learned as it runs: it starts at the average, worth
    ``prior`` expected events, and forgets with a half-life of ``memory`` minutes. A short memory follows
    the room, and forgives a slow decline.
    Raises ValueError on missing columns, an empty table, and outcomes that are no counts.
    """
    by = (by,) if isinstance(by, str) else tuple(by)
    need(minutes, ("stream_id", outcome, *by, *([exposure] if exposure else [])), "The table of minutes lacks")
    if not 0 <= trim < 0.5:
        raise ValueError("trim is the share of minutes put aside: from 0 to below 0.5.")
    if not prior > 0 or not memory > 0:
        raise ValueError("prior (expected events) and memory (minutes) must be above zero.")
    if len(minutes) == 0:
        raise ValueError("The table of minutes is empty: there is nothing to learn from.")
    if not (numbers(minutes[outcome], outcome) >= 0).all():
        raise ValueError(f"{outcome} must hold a count, 0 or more, in every minute.")
    data = pd.DataFrame({"y": minutes[outcome].astype(float), "e": _exposure(minutes, exposure)})
    for column in by:
        data[column] = minutes[column]
    if data["e"].sum() <= 0:
        raise ValueError(f"{exposure} is zero in every minute: no rate can be learned.")

    def rates(kept):
        total = kept[["y", "e"]].sum()
        overall = total["y"] / total["e"]
        if not by:
            return pd.Series(dtype=float), overall
        cells = kept.groupby(list(by) if len(by) > 1 else by[0], observed=True)[["y", "e"]].sum()
        # A cell seen for little exposure leans on the overall rate, by about five events.
        lean = 5.0 / overall if overall > 0 else 1.0
        return (cells["y"] + lean * overall) / (cells["e"] + lean), overall

    rate, overall = rates(data)
    for _ in range(2):
        curve = ExpectedCurve(outcome, exposure, by, rate, overall, 1.0, prior, memory)
        expected = curve.expected(minutes).clip(lower=0.5)
        odd = ((data["y"] - expected) / np.sqrt(expected)).abs()
        rate, overall = rates(data[odd <= odd.quantile(1 - trim)])
    curve = ExpectedCurve(outcome, exposure, by, rate, overall, 1.0, prior, memory)
    expected = curve.expected(minutes)
    pearson = ((data["y"] - expected) / np.sqrt(expected))[expected >= 1]
    # 0.4549 is the median of a chi-square with one degree of freedom; below one event a minute the
    # count is too coarse for it.
    dispersion = max(1.0, float((pearson**2).median() / 0.4549)) if len(pearson) >= 50 else 1.0
    return ExpectedCurve(outcome, exposure, by, rate, overall, dispersion, prior, memory)


def _exposure(minutes, exposure):
    if exposure is None:
        return pd.Series(1.0, index=minutes.index)
    return minutes[exposure].astype(float)


# -------------------------------------------------------------------------------------- scoring

@dataclass(frozen=True)
class AlarmScore:
    """How alarms did against labelled minutes."""

    episodes: int              # runs of abnormal minutes
    detected: int              # of these, with an alarm in time
    delays: np.ndarray         # minutes from the start of an episode to its first alarm, if detected
    false_alarms: int          # runs of alarm minutes that meet no episode
    streams: int

    @property
    def false_alarms_per_stream(self):
        """False alarms / broadcasts; NaN without any."""
        return self.false_alarms / self.streams if self.streams else float("nan")

    @property
    def median_delay(self):
        """Minutes, over the episodes that were detected; NaN without any."""
        return float(np.median(self.delays)) if len(self.delays) else float("nan")

    @property
    def detection_rate(self):
        """Episodes detected / episodes; NaN without any."""
        return self.detected / self.episodes if self.episodes else float("nan")

    def mean_delay(self, missed=30.0):
        """Mean delay in minutes over all episodes; a missed one counts as ``missed`` minutes."""
        if not self.episodes:
            return float("nan")
        return (float(self.delays.sum()) + missed * (self.episodes - self.detected)) / self.episodes


def score_alarms(alarm, abnormal, stream, grace=5):
    """Detections, delays and false alarms. Arrays of equal length, one entry a minute, in order of
    time within each broadcast.

    ``alarm``: True where the chart was outside its limits; ``abnormal``: True in labelled minutes;
    ``stream``: broadcast. Adjoining alarm minutes are one alarm. An
    alarm that begins within an episode, or up to ``grace`` minutes after its end, counts for it; its
    delay runs from the first abnormal minute. Every other alarm is false, also one that began before the
    episode: it did not see it.
    Raises ValueError when the arrays differ in length.
    """
    alarm, abnormal = np.asarray(alarm, bool), np.asarray(abnormal, bool)
    if not alarm.shape == abnormal.shape == np.shape(stream) or alarm.ndim != 1:
        raise ValueError(f"alarm, abnormal and stream must have one entry a minute; they have {alarm.size}, "
                         f"{abnormal.size} and {np.size(stream)}.")
    stream = pd.factorize(np.asarray(stream))[0]
    starts, ends = _runs(alarm, stream)
    begins, stops = _runs(abnormal, stream)
    delays, matched = [], np.zeros(len(starts), bool)
    for begin, stop in zip(begins, stops, strict=True):
        mine = (stream[starts] == stream[begin]) & (starts >= begin) & (starts <= stop + grace)
        matched |= mine
        if mine.any():
            delays.append(starts[mine].min() - begin)
    return AlarmScore(len(begins), len(delays), np.asarray(delays, float), int((~matched).sum()),
                      int(stream.max()) + 1 if len(stream) else 0)


def _runs(flag, stream):
    """First and last positions of runs of True that do not cross from one broadcast to the next."""
    before = np.zeros(len(flag), bool)
    after = np.zeros(len(flag), bool)
    before[1:] = flag[:-1] & (stream[1:] == stream[:-1])
    after[:-1] = flag[1:] & (stream[1:] == stream[:-1])
    return np.flatnonzero(flag & ~before), np.flatnonzero(flag & ~after)
