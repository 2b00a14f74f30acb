"""How long viewers stay, and what makes them leave.

Watch time is survival: entering is birth, leaving is the event, and a viewer still there when the
broadcast ends is censored (the stay was at least so long). Kaplan–Meier curves and the Cox model are
lifelines'. What is added here is the fit to a live room: cutting stays at the minutes of the room so
that prompts and stutter can vary in time, a model for all entries at once, the prompt trial, and the
comparison that commenting itself cannot fool.

Sources: Kaplan and Meier, JASA 53 (1958); Cox, JRSS B 34 (1972); piecewise exponential model: Holford,
Biometrics 36 (1980), Laird and Olivier, JASA 76 (1981); landmark: Anderson, Cain and Gelber, Journal
of Clinical Oncology 1 (1983); immortal time: Suissa, American Journal of Epidemiology 167 (2008).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from liveshop.methods._inputs import listed, need

# ------------------------------------------------------------------------------------- survival

@dataclass(frozen=True)
class Survival:
    """``curves``: group, minutes, survival, low, high (the share still there after so many minutes).
    ``medians``: group, entries, left, censored, median_minutes, low, high; the median is NaN when
    less than half had left by the end."""

    curves: pd.DataFrame
    medians: pd.DataFrame

    def mean_minutes(self, up_to):
        """Mean minutes watched within the first ``up_to`` minutes, per group: area under the curve."""
        def area(curve):
            minutes, share = curve["minutes"].to_numpy(), curve["survival"].to_numpy()
            grid = np.append(minutes[minutes < up_to], up_to)
            return float((share[: len(grid) - 1] * np.diff(grid)).sum())
        return pd.Series({name: area(curve) for name, curve in self.curves.groupby("group", sort=False)})


def survival(sessions, by=None):
    """Kaplan–Meier curve of minutes watched, for all entries or for each value of ``by``.

    ``sessions``: viewer_sessions with watch_seconds and stayed_to_end. Entries that stayed to the end
    are censored, neither dropped nor taken for leavers.
    Raises ValueError on missing columns, negative watch times, and no watch time at all.
    """
    from lifelines import KaplanMeierFitter
    from lifelines.utils import median_survival_times

    data = _stays(sessions, [by] if by else [])
    groups = [("all", data)] if by is None else list(data.groupby(by, observed=True))
    curves, medians = [], []
    for name, group in groups:
        # Stays of the same length are counted together; the curve is the same and comes much sooner.
        alike = group.groupby(["minutes", "left"]).size().reset_index(name="count")
        fit = KaplanMeierFitter().fit(alike["minutes"], alike["left"], weights=alike["count"])
        bounds = fit.confidence_interval_survival_function_
        curves.append(pd.DataFrame({
            "group": name, "minutes": fit.survival_function_.index,
            "survival": fit.survival_function_.iloc[:, 0].to_numpy(),
            "low": bounds.iloc[:, 0].to_numpy(), "high": bounds.iloc[:, 1].to_numpy()}))
        low, high = median_survival_times(bounds).iloc[0]
        found = [fit.median_survival_time_, low, high]
        medians.append([name, len(group), int(group["left"].sum()), int((~group["left"]).sum()),
                        *(np.nan if np.isinf(value) else float(value) for value in found)])
    columns = ["group", "entries", "left", "censored", "median_minutes", "low", "high"]
    return Survival(pd.concat(curves, ignore_index=True), pd.DataFrame(medians, columns=columns).set_index("group"))


@dataclass(frozen=True)
class LogRank:
    """``statistic``: chi-square; ``freedom``: groups − 1; ``pvalue``: of all groups leaving at one rate."""

    statistic: float
    freedom: int
    pvalue: float


def log_rank(sessions, by):
    """Do groups leave at the same rate? The log-rank test of their survival curves (lifelines).

    ``sessions``: as for :func:`survival`; ``by``: column of groups. It weighs all minutes alike, so it sees a steady
    difference and can miss curves that cross: draw them first.
    Raises ValueError as :func:`survival`, on groups that are missing or only one, and when nobody left.
    """
    from lifelines.statistics import multivariate_logrank_test

    data = _stays(sessions, [by]).dropna(subset=[by])
    groups = int(data[by].nunique())
    if groups < 2 or not data["left"].any():
        raise ValueError(f"The log-rank test needs two groups of {by} or more, and someone who left.")
    found = multivariate_logrank_test(data["minutes"], data[by].astype(str), data["left"])
    return LogRank(float(found.test_statistic), groups - 1, float(found.p_value))


def median_minutes(sessions):
    """Median minutes watched, with the censored handled (Kaplan–Meier); NaN if half never left.

    Raises ValueError as :func:`survival`.
    """
    data = _stays(sessions).groupby("minutes")["left"].agg(["sum", "size"]).sort_index()
    at_risk = data["size"][::-1].cumsum()[::-1]
    share = (1 - data["sum"] / at_risk).cumprod()
    below = share.index[share <= 0.5 + 1e-12]
    return float(below[0]) if len(below) else float("nan")


def _stays(sessions, columns=()):
    needed = ["watch_seconds", "stayed_to_end", *columns]
    need(sessions, needed, "The sessions lack")
    data = sessions[needed].dropna(subset=["watch_seconds"])
    if data.empty:
        raise ValueError("There is no session with a watch time.")
    if (data["watch_seconds"] < 0).any():
        raise ValueError("A watch time is negative: adapt the sessions first.")
    return data.assign(minutes=data["watch_seconds"] / 60,
                       left=~data["stayed_to_end"].fillna(False).astype(bool))


# ------------------------------------------------------------------------------ stays by minute

def episodes(sessions, prompts=None, minutes=None, sample=None, longest=90, keep=(), seed=0):
    """Cut every stay at the minutes of the room: the long (start, stop] table of survival analysis.

    One row for each minute of the room that an entry touches. Columns: session_id, stream_id, minute
    (of the room), start and stop (minutes since entering), left (True if the viewer left in this
    row), and

    since_prompt  minutes from the room's last spoken prompt to the start of the row; NaN before the
                  first (needs ``prompts``). Also for those who came in after it: they find a room
                  that is talking. Taken at the start, because the end of a row depends on leaving
    prompts_before  spoken prompts of the room in the ten minutes before the row (needs ``prompts``)
    stutter       stalled time / watch time of the whole room in this minute (needs ``minutes``)
    stutter_before  the same in the minute before

    and the columns of sessions named in ``keep`` (source, say). ``sample``: take so many entries
    at random; stays are cut off at ``longest`` minutes (censored there).
    """
    columns = ["session_id", "stream_id", "entered_second", "watch_seconds", "stayed_to_end", *keep]
    data = sessions[columns]
    if sample is not None and sample < len(data):
        data = data.sample(sample, random_state=seed)
    data = data[data["watch_seconds"] > 0].reset_index(drop=True)
    entered = data["entered_second"].to_numpy(np.int64)
    watched = data["watch_seconds"].to_numpy(np.int64)
    cut = np.minimum(watched, longest * 60)
    gone = entered + cut
    leaves = ~data["stayed_to_end"].fillna(False).to_numpy(bool) & (cut == watched)
    first, last = entered // 60, (gone - 1) // 60
    count = (last - first + 1).astype(np.intp)               # a browser's Python has 32 bits and repeats by no other
    row = np.repeat(np.arange(len(data)), count)
    offset = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    minute = first[row] + offset
    begin = np.maximum(minute * 60, entered[row])
    end = np.minimum((minute + 1) * 60, gone[row])
    table = pd.DataFrame({
        "session_id": data["session_id"].to_numpy()[row], "stream_id": data["stream_id"].to_numpy()[row],
        "minute": minute, "start": (begin - entered[row]) / 60, "stop": (end - entered[row]) / 60,
        "left": (minute == last[row]) & leaves[row]})
    for column in keep:
        table[column] = data[column].to_numpy()[row]
    streams, code = np.unique(data["stream_id"].to_numpy(str), return_inverse=True)
    if prompts is not None:
        since, recent = _last_prompts(prompts[prompts["spoken"].astype(bool)], streams, code[row], begin)
        table["since_prompt"], table["prompts_before"] = since, recent
    if minutes is not None:
        room = minutes[["stream_id", "minute", "stutter_seconds", "watch_seconds"]]
        share = (room["stutter_seconds"] / room["watch_seconds"].where(room["watch_seconds"] > 0)).fillna(0.0)
        width = int(max(minute.max(initial=0), room["minute"].max())) + 2
        where = pd.Series(np.arange(len(streams)), index=streams).reindex(room["stream_id"].astype(str))
        known = where.notna().to_numpy()
        lookup = np.zeros((len(streams), width))
        lookup[where[known].to_numpy(int), room["minute"].to_numpy()[known] + 1] = share.to_numpy()[known]
        table["stutter"] = lookup[code[row], minute + 1]
        table["stutter_before"] = lookup[code[row], minute]
    return table


def _last_prompts(prompts, streams, code, second):
    """Minutes from the last prompt of the room up to ``second`` (NaN where there was none), and how
    many there were in the ten minutes before."""
    where = pd.Series(np.arange(len(streams)), index=streams).reindex(prompts["stream_id"].astype(str))
    known = where.notna().to_numpy()
    if not known.any():
        return np.full(len(second), np.nan), np.zeros(len(second), int)
    stride = 10_000_000                       # one long time line, room after room
    times = np.sort(where[known].to_numpy(np.int64) * stride + prompts["at_second"].to_numpy(np.int64)[known])
    place = code.astype(np.int64) * stride + second
    until = np.searchsorted(times, place, side="right")
    last = times[(until - 1).clip(0)]
    found = (until > 0) & (last // stride == code)
    return np.where(found, (place - last) / 60, np.nan), until - np.searchsorted(times, place - 600, side="right")


AGE_EDGES = (0, 0.5, 1, 2, 3, 5, 8, 12, 20, 30, 60)   # minutes since entering
# For the model the first piece of a stay has a band of its own: nobody can have commented (say) before
# it, and its high hazard would otherwise make every later piece in the band look like a success.
BASELINE_EDGES = (0, 0.001, 0.5, 1, 1.5, 2, 3, 4, 5, 6.5, 8, 10, 12, 16, 20, 30, 60)

def leaving_hazard(table, covariates, by=None, cluster="stream_id"):
    """Hazard ratios of leaving, from all rows of :func:`episodes` at once.

    A piecewise exponential model: the hazard depends on the time since entering (bands
    ``BASELINE_EDGES``), on the ``by`` column if given (source, say), and is multiplied by exp(coefficient)
    per unit of each covariate. ``covariates``: columns with numbers, or booleans, used as they are. Errors are
    robust to clusters, if there are two or more. Returns one row a covariate: hazard_ratio, low, high, log_ratio,
    standard_error. It gives the Cox model's answer and takes seconds for hundreds of thousands of entries, because
    rows alike are added up first.
    Raises ValueError on covariates with missing or infinite values, on one that never varies or goes one to one with
    others, when nobody left, and when no finite ratio fits (nobody with the covariate left, or only they did).
    """
    covariates = listed(covariates)
    need(table, ["start", "stop", "left", cluster, *covariates, *listed(by)], "The rows lack")
    cells = _alike(table, covariates, by, cluster)
    at, scale = cells[covariates].mean(), cells[covariates].std(ddof=0)
    constant = [column for column in covariates if not scale[column] > 1e-12 * abs(at[column])]
    if constant:
        raise ValueError(f"{constant[0]} is the same in every row that counts: leave it out.")
    parts = [pd.get_dummies(cells["band"], dtype=float), (cells[covariates] - at) / scale]
    if by is not None:
        parts.append(pd.get_dummies(cells["by"], drop_first=True, dtype=float))
    x = np.column_stack(parts)
    if np.linalg.matrix_rank(x.T @ x, hermitian=True) < x.shape[1]:
        raise ValueError(f"The covariates ({', '.join(covariates)}) go one to one with each other, with the time since "
                         f"entering{'' if by is None else f' or with {by}'}: leave one out.")
    beta, error = _poisson(x, cells["leaves"].to_numpy(), cells["time"].to_numpy(), cells["cluster"].to_numpy(np.intp))
    own = slice(parts[0].shape[1], parts[0].shape[1] + len(covariates))
    return _ratios(covariates, beta[own] / scale.to_numpy(), error[own] / scale.to_numpy())


def _alike(table, covariates, by, cluster):
    """Minutes and leavers of the rows that are alike: band, cluster, covariates and by.

    Bands, and values of ``by``, that nobody left in are out: their hazard is 0 and says nothing about the covariates.
    """
    keys = pd.DataFrame({"band": np.digitize(table["start"], BASELINE_EDGES) - 1,
                         "cluster": pd.factorize(table[cluster])[0]})
    if by is not None:
        keys["by"] = pd.factorize(table[by], sort=True)[0]
    for column in covariates:
        keys[column] = table[column].astype(float).to_numpy()
        if not np.isfinite(keys[column]).all():
            raise ValueError(f"{column} has empty values; fill them or turn the column into yes and no.")
    names = list(keys.columns)
    keys["time"] = (table["stop"] - table["start"]).to_numpy()
    keys["leaves"] = table["left"].to_numpy(float)
    if (keys["cluster"] < 0).any():
        raise ValueError(f"{cluster} has empty values.")
    if not keys["leaves"].sum() > 0:
        raise ValueError("Nobody left in these rows: there is no hazard of leaving to compare.")
    cells = keys.groupby(names, sort=False).sum().reset_index()
    for column in [name for name in ("by", "band") if name in cells]:
        cells = cells[cells.groupby(column)["leaves"].transform("sum") > 0]
    return cells


def _poisson(x, leaves, time, cluster):
    """Coefficients and errors (robust to clusters) of a log-linear rate leaves / time: Newton's method
    on the normal equations, many times faster than a general fit when rows are many and columns few."""
    begin = np.full(len(x), np.log(leaves.sum() / time.sum()))                # the average rate
    beta = np.linalg.solve(x.T @ x, x.T @ begin)
    linear = x @ beta
    for _ in range(100):
        mean = time * np.exp(linear)
        information = x.T @ (x * mean[:, None])
        step = np.linalg.lstsq(information, x.T @ (leaves - mean), rcond=None)[0]
        if np.abs(step).max() < 1e-9:
            break
        likelihood, size = leaves @ linear - mean.sum(), 1.0
        while size > 1e-6:                                        # the likelihood has one top: never go down
            moved = x @ (beta + size * step)
            if moved.max() < 50 and leaves @ moved - time @ np.exp(moved) >= likelihood - 1e-9 * abs(likelihood):
                break
            size /= 2
        beta, linear = beta + size * step, moved
    # The information counts leavers: without a finite best coefficient it falls to nothing along the way.
    if np.abs(step).max() >= 1e-9 or np.linalg.eigvalsh(information)[0] < 1e-6:
        raise ValueError("No finite hazard ratio fits: with some value of a covariate nobody left, or all at once.")
    inverse = np.linalg.inv(information)
    cluster = np.unique(cluster, return_inverse=True)[1]
    count = int(cluster.max()) + 1
    if count > 1:
        gap = leaves - mean
        score = np.column_stack([np.bincount(cluster, column * gap, minlength=count) for column in x.T])
        middle = score.T @ score * count / (count - 1)
    else:
        middle = information
    return beta, np.sqrt(np.diag(inverse @ middle @ inverse))


TICKS = 60              # a minute: episodes are cut at whole seconds


def cox(table, covariates):
    """Hazard ratios of leaving from lifelines' time-varying Cox model, on rows of :func:`episodes`.

    Slow: use a sample of some thousand entries. Output as :func:`leaving_hazard`; errors take entries as independent.
    Times are counted in whole seconds, so that two viewers who left after the same time are a tie (Efron's way),
    whatever the last digit of a float says.
    Raises ValueError on times that are no whole seconds, or on a row that takes none.
    """
    from lifelines import CoxTimeVaryingFitter

    covariates = listed(covariates)
    data = table[["session_id", "left", *covariates]].copy()
    data[covariates] = data[covariates].astype(float)
    if not np.isfinite(data[covariates]).all(axis=None):
        raise ValueError("A covariate has empty values; fill them or turn the column into yes and no.")
    for name in ("start", "stop"):
        exact = table[name].to_numpy(float) * TICKS
        data[name] = np.rint(exact)
        if np.abs(exact - data[name]).max() > 1e-3:
            raise ValueError(f"The column {name} must hold whole seconds, in minutes: make the rows with episodes().")
    if (data["stop"] <= data["start"]).any():
        raise ValueError("A row ends before it has lasted a second.")
    scale = data[covariates].std(ddof=0)
    if not (scale > 1e-12 * data[covariates].abs().max()).all():
        raise ValueError(f"{scale.idxmin()} is the same in every row: leave it out.")
    data[covariates] = (data[covariates] - data[covariates].mean()) / scale        # lifelines warns of small numbers
    fit = CoxTimeVaryingFitter().fit(data, id_col="session_id", start_col="start", stop_col="stop", event_col="left")
    summary = fit.summary.loc[covariates]
    return _ratios(covariates, (summary["coef"] / scale).to_numpy(), (summary["se(coef)"] / scale).to_numpy())


def _ratios(names, log_ratio, error):
    with np.errstate(over="ignore"):                       # per unit of a covariate of tiny range: read the log ratio
        low, ratio, high = (np.exp(log_ratio + side * error) for side in (-1.959964, 0, 1.959964))
    return pd.DataFrame({"hazard_ratio": ratio, "low": low, "high": high, "log_ratio": log_ratio,
                         "standard_error": error}, index=pd.Index(names, name="covariate"))


def hazard_by_minute(sessions, longest=60):
    """Leaving hazard per minute in each minute since entering: leavers / minutes watched in it.

    A Series indexed by minute since entering (0 is the first). The base for what-if curves.
    """
    data = _stays(sessions)
    minutes = data["minutes"].to_numpy()
    edge = np.arange(longest + 1)
    # Minutes watched in [a, a+1) over all entries.
    at_risk = np.array([np.clip(minutes - a, 0, 1).sum() for a in edge[:-1]])
    leaves = np.histogram(minutes[data["left"].to_numpy()], bins=edge)[0]
    with np.errstate(invalid="ignore", divide="ignore"):
        return pd.Series(leaves / at_risk, index=edge[:-1], name="hazard")


def stay_curve(hazard, ratio=1.0):
    """Share still there at the start of each minute, and at the end of the last, when the hazards per
    minute are multiplied by ``ratio`` (a number, or one a minute). Length: len(hazard) + 1."""
    total = np.cumsum(np.nan_to_num(np.asarray(hazard, float)) * ratio)
    return np.exp(-np.concatenate([[0.0], total]))


def expected_minutes(hazard, ratio=1.0):
    """Expected minutes watched within the span of ``hazard`` (area under :func:`stay_curve`)."""
    share = stay_curve(hazard, ratio)
    return float((share[1:] + share[:-1]).sum() / 2)


# ------------------------------------------------------------------------------- the prompt trial

def prompt_effect(sessions, prompts, lags=10, randomised=True, draws=400, seed=0):
    """Effect of a spoken prompt on leaving, by minutes since the prompt.

    Compares moments at which the prompt was spoken with moments at which the coin said no, for viewers
    in the room at the time, within the same broadcast, source and band of time since entering
    (Mantel–Haenszel rate ratio). The bands matter: a prompt that works keeps impatient viewers, and
    a plain comparison of those still there minutes later would hold that against it.
    Returns one row a minute since the prompt: hazard_ratio, low, high (95 %, bootstrap over
    broadcasts), leaves_spoken, leaves_silent. ``randomised=True`` uses only moments decided by the
    coin; without the coin, the comparison is only as good as the host's choice of moment.
    Raises ValueError unless there are moments with and moments without a spoken prompt.
    """
    moments = prompts[prompts["randomised"].fillna(False).astype(bool)] if randomised else prompts
    if moments.empty or moments["spoken"].nunique() < 2:
        raise ValueError("The prompt trial needs moments with and without a spoken prompt; the table prompts "
                         "has only one kind. Let a coin decide in some broadcasts.")
    room = sessions[sessions["stream_id"].isin(moments["stream_id"].unique())]
    kind = np.zeros(len(room), int)
    for column in ("source", "is_fan"):
        if column in room:
            codes, found = pd.factorize(room[column])
            kind = kind * (len(found) + 1) + codes
    kinds, bands = int(kind.max(initial=0)) + 1, len(AGE_EDGES)
    by_room = dict(list(room.assign(kind=kind).groupby("stream_id", observed=True)))
    streams = [name for name in moments["stream_id"].unique() if name in by_room]
    counts = np.zeros((len(streams), lags, kinds * bands, 2, 2))   # …, silent/spoken, leaves/seconds
    by_moment = dict(list(moments.groupby("stream_id", observed=True)))
    for at, name in enumerate(streams):
        here, room = by_moment[name], by_room[name]
        entered = room["entered_second"].to_numpy(np.int64)
        gone = entered + room["watch_seconds"].to_numpy(np.int64)
        left = ~room["stayed_to_end"].fillna(False).to_numpy(bool)
        kind = room["kind"].to_numpy()
        for second, spoken in zip(here["at_second"].to_numpy(np.int64), here["spoken"].to_numpy(bool), strict=True):
            there = np.flatnonzero((entered <= second) & (gone > second))
            for lag in range(lags):
                begin = second + 60 * lag
                there = there[gone[there] > begin]
                age = np.digitize((begin - entered[there]) / 60, AGE_EDGES) - 1
                cell = kind[there] * bands + age
                seconds = np.minimum(gone[there] - begin, 60)
                leaves = left[there] & (gone[there] <= begin + 60)
                counts[at, lag, :, int(spoken), 0] += np.bincount(cell, leaves, minlength=kinds * bands)
                counts[at, lag, :, int(spoken), 1] += np.bincount(cell, seconds, minlength=kinds * bands)
    estimate = _mantel_haenszel(counts, np.ones((1, len(streams))))[0]
    weights = np.random.default_rng(seed).multinomial(len(streams), np.full(len(streams), 1 / len(streams)), draws)
    drawn = _mantel_haenszel(counts, weights)
    low, high = np.nanquantile(drawn, [0.025, 0.975], axis=0)
    total = counts.sum(axis=(0, 2))
    table = pd.DataFrame({"hazard_ratio": estimate, "low": low, "high": high,
                          "leaves_spoken": total[:, 1, 0].astype(int), "leaves_silent": total[:, 0, 0].astype(int)},
                         index=pd.RangeIndex(lags, name="minute_since_prompt"))
    table.attrs["draws"] = drawn.tolist()
    return table


def _mantel_haenszel(counts, weights):
    """Rate ratio spoken / silent per row of ``weights`` (draws, broadcasts) and lag; ``counts`` has
    shape (broadcasts, lags, strata, 2, 2)."""
    leaves, seconds = counts[..., 0], counts[..., 1]
    total = seconds.sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        above = np.nan_to_num(leaves[..., 1] * seconds[..., 0] / total).sum(axis=2)
        below = np.nan_to_num(leaves[..., 0] * seconds[..., 1] / total).sum(axis=2)
        return (weights @ above) / (weights @ below)


@dataclass(frozen=True)
class Fade:
    """An effect that fades in a straight line on the log scale: ``ratio`` right after the prompt, 1
    after ``minutes``. low and high are 95 % (bootstrap over broadcasts)."""

    ratio: float
    ratio_low: float
    ratio_high: float
    minutes: float
    minutes_low: float
    minutes_high: float


def fade(effect, longest=10.0):
    """Fit a fading effect to the rows of :func:`prompt_effect`: for how long does a prompt work?"""
    spans = np.arange(1.0, longest + 0.01, 0.05)
    shape = np.clip(1 - (effect.index.to_numpy(float) + 0.5) / spans[:, None], 0, None)     # spans, lags
    error = np.log(effect["high"] / effect["low"]).to_numpy()
    weight = np.where(np.isfinite(error), 1 / np.maximum(error, 1e-6) ** 2, 0.0)

    def fit(log_ratios):                                                                     # draws, lags
        across = log_ratios @ (weight * shape).T
        own = (weight * shape**2).sum(axis=1)
        best = (across**2 / own).argmax(axis=1)          # the span that leaves the smallest misfit
        return np.exp((across / own)[np.arange(len(best)), best]), spans[best]

    (ratio,), (minutes,) = fit(np.log(effect["hazard_ratio"].to_numpy())[None, :])
    with np.errstate(divide="ignore", invalid="ignore"):
        draws = np.log(np.asarray(effect.attrs["draws"]))
    ratios, minutes_drawn = fit(draws[np.isfinite(draws).all(axis=1)])
    return Fade(float(ratio), *(float(q) for q in np.quantile(ratios, [0.025, 0.975])),
                float(minutes), *(float(q) for q in np.quantile(minutes_drawn, [0.025, 0.975])))


# ---------------------------------------------------------------------- commenting and replying

def commenters(sessions, at_minute=None):
    """Minutes watched by those who comment and those who do not.

    Without ``at_minute`` the naive comparison of whole stays: fooled by immortal time, since a comment
    needs time to happen. With it the landmark comparison: of the entries still there after
    ``at_minute`` minutes, those who had commented by then against those who had not yet; minutes are
    counted from the landmark. Returns group (commented: True, False), entries, mean_minutes,
    median_minutes, and ``.attrs["ratio"]`` of the means. Means cut nothing off: use medians where many
    stayed to the end.
    Raises ValueError unless there are both commenters and others.
    """
    data = _stays(sessions, ["first_comment_second", "comments"])
    if at_minute is None:
        commented, minutes = data["comments"].fillna(0) > 0, data["minutes"]
    else:
        data = data[data["minutes"] > at_minute]
        commented = (data["first_comment_second"] <= 60 * at_minute).fillna(False).astype(bool)
        minutes = data["minutes"] - at_minute
    if commented.nunique() < 2:
        raise ValueError("There are not both commenters and others to compare; choose another landmark minute.")
    rows = []
    for flag in (False, True):
        mine = commented == flag
        stays = pd.DataFrame({"watch_seconds": 60 * minutes[mine], "stayed_to_end": data.loc[mine, "stayed_to_end"]})
        rows.append([flag, int(mine.sum()), float(minutes[mine].mean()), median_minutes(stays)])
    table = pd.DataFrame(rows, columns=["commented", "entries", "mean_minutes", "median_minutes"])
    table = table.set_index("commented")
    table.attrs["ratio"] = float(table.loc[True, "mean_minutes"] / table.loc[False, "mean_minutes"])
    return table


def reply_effect(sessions, edges=(0, 10, 20, 40, 60, 120, np.inf)):
    """Share of entries that ordered, by how long the viewer's first question waited for its answer.

    Only entries with an answered question. Returns one row a band: entries, ordering, conversion
    (ordering / entries), low, high (95 %, Wilson).
    Raises ValueError when no session has a waiting time.
    """
    asked = sessions[sessions["wait_seconds"].notna()]
    if asked.empty:
        raise ValueError("No session has a waiting time: the comments need reply times.")
    band = pd.cut(asked["wait_seconds"], list(edges), right=False)
    bought = (asked["orders"].fillna(0) > 0).groupby(band, observed=True)
    return _shares(bought.size(), bought.sum(), "wait_seconds")


@dataclass(frozen=True)
class ReplyCurve:
    """Orders of a viewer who asked: ``base`` × (1 + ``boost`` × exp(−seconds waited / ``decay``)).
    Intervals are 95 %, by profile likelihood; ``decay`` in seconds."""

    base: float
    boost: float
    boost_low: float
    boost_high: float
    decay: float
    decay_low: float
    decay_high: float

    def orders(self, wait_seconds):
        """Expected orders per viewer whose first question waited so long."""
        return self.base * (1 + self.boost * np.exp(-np.asarray(wait_seconds, float) / self.decay))


def reply_curve(sessions, within=("stream_id", "is_fan")):
    """How orders fade with the wait for an answer, comparing only viewers alike in ``within``.

    A Poisson model with a level of its own for each group of ``within`` (conditional likelihood), so
    that full rooms, festival nights and fans are compared with themselves. Only answered questions.
    Raises ValueError when no session has a waiting time.
    """
    asked = sessions[sessions["wait_seconds"].notna()]
    if asked.empty:
        raise ValueError("No session has a waiting time: the comments need reply times.")
    group = asked.groupby([column for column in within if column in asked], observed=True).ngroup().to_numpy(np.intp)
    bought, wait = asked["orders"].fillna(0).to_numpy(float), asked["wait_seconds"].to_numpy(float)
    total = np.bincount(group, bought)
    decays, boosts = np.geomspace(15, 400, 28), np.linspace(0, 3, 31)
    likely = np.empty((len(decays), len(boosts)))
    for row, decay in enumerate(decays):
        fading = np.exp(-wait / decay)
        # log(1 + boost × fading) summed over buyers; the groups' sums are linear in the boost.
        mine, size = np.bincount(group, fading), np.bincount(group)
        likely[row] = ((bought[bought > 0, None] * np.log1p(np.outer(fading[bought > 0], boosts))).sum(axis=0)
                       - total @ np.log(size[:, None] + np.outer(mine, boosts)))
    best = np.unravel_index(likely.argmax(), likely.shape)
    inside = likely > likely.max() - 1.92
    spans, gains = decays[inside.any(axis=1)], boosts[inside.any(axis=0)]
    decay, boost = float(decays[best[0]]), float(boosts[best[1]])
    base = bought.sum() / (1 + boost * np.exp(-wait / decay)).sum()
    return ReplyCurve(float(base), boost, float(gains.min()), float(gains.max()),
                      decay, float(spans.min()), float(spans.max()))


def _shares(count, hits, name):
    from statsmodels.stats.proportion import proportion_confint

    low, high = proportion_confint(hits, count, method="wilson")
    table = pd.DataFrame({"entries": count, "ordering": hits.astype(int), "conversion": hits / count,
                          "low": low, "high": high})
    table.index.name = name
    return table
