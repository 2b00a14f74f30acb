"""How bad can a year be? From a register of incidents to the distribution of annual losses, and its tail.

Count how often, measure how bad, and add both up by simulation. The unit that comes by chance is the *cause*: one
cause (a supplier fails) can bring a dozen incidents, and taking these for independent hides the bad years.

Sources: Klugman, Panjer and Willmot, Loss Models (2019), for frequency and severity; McNeil, Frey and Embrechts,
Quantitative Risk Management (2015), for value at risk, expected shortfall and the generalised Pareto tail.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from liveshop.methods._inputs import need, number, numbers, whole

SHARED = 3      # a cause with so many incidents or more is modelled as a shared one


# --- reading a distribution of losses -----------------------------------------------------------------


def value_at_risk(losses, level=0.95):
    """The loss that is not exceeded in ``level`` of all years (在险价值): a quantile, blind to what lies beyond.

    losses: simulated annual losses, or a frozen SciPy distribution. Normal: .95 → 1.6449, .99 → 2.3263.
    Raises ValueError on an empty array, missing values and a level outside of 0 to 1.
    """
    losses, level = _losses(losses, level)
    return float(losses.ppf(level)) if hasattr(losses, "ppf") else float(np.quantile(losses, level))


def expected_shortfall(losses, level=0.95):
    """Mean loss of the years at or beyond the value at risk (预期尾部损失): what a bad year costs on average.

    Arguments as for :func:`value_at_risk`. Normal: .95 → 2.0627, .975 → 2.3378, .99 → 2.6652.
    """
    losses, level = _losses(losses, level)
    if hasattr(losses, "ppf"):
        edge = losses.ppf(level)
        return float(losses.expect(lambda x: x, lb=edge) / (1 - level))
    edge = np.quantile(losses, level)
    return float(losses[losses >= edge].mean())


def tail_shares(by_kind, level=0.95):
    """Which kind of risk makes the bad years: its share of the losses in years at or beyond the value at risk.

    by_kind: table of years × kinds (``LossYears.by_kind``). Shares add up to 1.
    """
    need(by_kind, ())
    total, _ = _losses(by_kind.sum(axis=1), level)
    bad = by_kind[total >= np.quantile(total, level)]
    return (bad.sum() / bad.to_numpy().sum()).rename("share")


def concentration(shares):
    """Herfindahl–Hirschman index (赫芬达尔指数): sum of squared shares; 1 / it is the number of equal sources.

    Shares that add up to 1 give an index of at most 1; shares in percent one of at most 10,000 (30 30 20 20 → 2,600).
    Raises ValueError on negative shares, and such that add up to neither.
    """
    shares = numbers(shares, "Shares")
    total = shares.sum() if shares.ndim == 1 and shares.size else np.nan
    if not (shares >= 0).all() or not (abs(total - 1) < 0.005 or abs(total - 100) < 0.5):
        raise ValueError(f"Shares must not be negative and add up to 1 (or to 100 per cent); they add up to {total:g}.")
    return float((shares**2).sum())


def _losses(losses, level):
    level = number(level, "The level")
    if not 0 < level < 1:
        raise ValueError(f"The level is a share between 0 and 1, such as 0.95; it is {level:g}.")
    if hasattr(losses, "ppf"):
        return losses, level
    losses = numbers(losses, "Losses")
    if losses.ndim != 1 or not losses.size or not np.isfinite(losses).all():
        raise ValueError("Losses must be a series of numbers, not empty and none missing.")
    return losses, level


# --- the register -------------------------------------------------------------------------------------


def frequency_severity(incidents, years, kind="kind", loss="loss", often=(1, 4, 12, 40),
                       severe=(500, 5_000, 50_000, 500_000)):
    """One row a kind: incidents, a_year, median_loss, mean_loss, loss_a_year, and the colour matrix (风险矩阵).

    frequency_band and severity_band: 1, and one more for each of the edges ``often`` (a year: yearly, quarterly,
    monthly, nearly weekly) and ``severe`` (CNY, of the median) that is reached; matrix_score: their product, what
    most registers are sorted by. It knows nothing of the tail: see :func:`tail_shares`. years: length of the
    register.
    Raises ValueError on missing columns, negative losses, and years not above zero.
    """
    data, years = _register(incidents, years, [kind, loss])
    by = data.groupby(kind)[loss]
    table = pd.DataFrame({"incidents": by.size(), "a_year": by.size() / years, "median_loss": by.median(),
                          "mean_loss": by.mean(), "loss_a_year": by.sum() / years})
    table["frequency_band"] = np.searchsorted(np.sort(often), table["a_year"], side="right") + 1
    table["severity_band"] = np.searchsorted(np.sort(severe), table["median_loss"], side="right") + 1
    table["matrix_score"] = table["frequency_band"] * table["severity_band"]
    return table.sort_values("matrix_score", ascending=False)


@dataclass(frozen=True)
class LossYears:
    """Simulated years. ``by_kind``: one row a year, one column a kind of risk, CNY."""

    by_kind: pd.DataFrame
    by: str                 # what came by chance: causes or incidents

    @property
    def total(self):
        """Loss of each year, as an array."""
        return self.by_kind.sum(axis=1).to_numpy()


def simulate_losses(incidents, years, by="cause", draws=20_000, kind="kind", cause="cause_id", loss="loss", seed=0):
    """Years as they could come, from a register of ``years`` years (float).

    by="cause": causes come by chance (Poisson). Those of one or two incidents are drawn from the register; those of
    three or more have a lognormal total, split over kinds as in one of theirs: the register holds too few of them to
    draw from. by="incident": every incident comes alone; the naive answer, which sees no shared causes.
    Raises ValueError on missing columns, negative losses, no incident, and years not above zero.
    """
    data, years = _register(incidents, years, [kind, loss] + ([cause] if by == "cause" else []))
    draws, generator = whole(draws, "draws", 1), np.random.default_rng(seed)
    if by not in ("cause", "incident"):
        raise ValueError(f'by is "cause" or "incident", not {by!r}.')
    kinds = sorted(data[kind].unique())
    if by == "incident":
        columns = {}
        for name, own in data.groupby(kind)[loss]:
            columns[name] = _yearly(generator, own.to_numpy()[:, None], len(own) / years, draws)[:, 0]
        return LossYears(pd.DataFrame(columns)[kinds], by)
    found = _by_causes(generator, *_causes(data, kind, cause, loss, kinds), years, draws)
    return LossYears(pd.DataFrame(found, columns=kinds), by)


def shortfall_interval(incidents, years, level=0.95, draws=200, kind="kind", cause="cause_id", loss="loss", seed=0):
    """Interval (95 %) of the expected shortfall, for what a register of this length leaves open.

    Draws the rates of single and shared causes (gamma), the lognormal of the shared ones (Student's t and chi-square)
    and the single losses anew, then the years. A plain bootstrap of causes is too narrow: it never sees a cause worse
    than the worst. Needs three shared causes or more. Returns (low, high).
    Raises ValueError as :func:`simulate_losses`, and with too few shared causes.
    """
    data, years = _register(incidents, years, [kind, loss, cause])
    generator = np.random.default_rng(seed)
    wide, shared = _causes(data, kind, cause, loss, ["all"])
    single, log = wide[~shared], np.log(np.maximum(wide[shared].sum(axis=1), 1e-9))
    if len(log) < 3:
        raise ValueError(f"{len(log)} causes with {SHARED} incidents or more are too few for an interval; a longer "
                         "register is needed.")
    count, found = len(log), []
    for _ in range(whole(draws, "draws", 20)):
        sd = log.std(ddof=1) * np.sqrt((count - 1) / generator.chisquare(count - 1))
        mean = log.mean() + sd / np.sqrt(count) * generator.standard_normal()
        again = single[generator.integers(0, len(single), len(single))] if len(single) else single
        total = _yearly(generator, again, generator.gamma(len(single) + 0.5) / years, 2000)
        total += _shared(generator, generator.poisson(generator.gamma(count + 0.5) / years, 2000), mean, sd, None)
        found.append(expected_shortfall(total[:, 0], level))
    return tuple(float(edge) for edge in np.quantile(found, [0.025, 0.975]))


def tail_shares_anew(incidents, years, level=0.95, draws=100, kind="kind", cause="cause_id", loss="loss", seed=0):
    """How firm the order of the kinds is: :func:`tail_shares` of registers whose causes are drawn anew from this one.

    One row a draw, one column a kind; the quantiles of a column are an interval of its share. Rather too narrow: no
    draw holds a cause that this register lacks. Years are drawn by causes, as in :func:`simulate_losses`.
    Raises ValueError as :func:`simulate_losses`.
    """
    data, years = _register(incidents, years, [kind, loss, cause])
    generator, kinds = np.random.default_rng(seed), sorted(data[kind].unique())
    wide, shared = _causes(data, kind, cause, loss, kinds)
    rows = []
    for _ in range(whole(draws, "draws", 20)):
        pick = generator.integers(0, len(wide), len(wide))
        found = _by_causes(generator, wide[pick], shared[pick], years, 1000)
        rows.append(tail_shares(pd.DataFrame(found, columns=kinds), level))
    return pd.DataFrame(rows).reset_index(drop=True)


def _register(incidents, years, columns):
    need(incidents, columns, "The register lacks")
    data, years = incidents[columns], number(years, "The years")
    gaps = [name for name in columns if data[name].isna().any()]
    if gaps:
        raise ValueError(f"{gaps[0]} is missing for {int(data[gaps[0]].isna().sum())} incidents. They happened all the "
                         "same: fill in an estimate, or leave them out yourself.")
    if years <= 0:
        raise ValueError("The register must span some time: years above zero.")
    loss = numbers(data[columns[1]], f"The values of {columns[1]}")
    if data.empty or not (loss >= 0).all():
        raise ValueError("The register needs incidents, and no loss may be negative.")
    return data, years


def _causes(data, kind, cause, loss, kinds):
    """Losses as an array of causes × kinds, and whether a cause is a shared one."""
    size = data.groupby(cause).size()
    if kinds == ["all"]:
        wide = data.groupby(cause)[loss].sum().to_frame("all")
    else:
        wide = data.pivot_table(index=cause, columns=kind, values=loss, aggfunc="sum", fill_value=0.0)[kinds]
    return wide.to_numpy(float), (size.reindex(wide.index) >= SHARED).to_numpy()


def _by_causes(generator, wide, shared, years, draws):
    """Losses of years drawn by causes, array of draws × kinds: single ones as they are, shared ones lognormal."""
    single, big = wide[~shared], wide[shared]
    found = _yearly(generator, single, len(single) / years, draws)
    if len(big) < 3:
        return found + _yearly(generator, big, len(big) / years, draws)
    log = np.log(np.maximum(big.sum(axis=1), 1e-9))
    return found + _shared(generator, generator.poisson(len(big) / years, draws), log.mean(), log.std(ddof=1), big)


def _yearly(generator, losses, rate, draws):
    """Sums of a Poisson number of rows of ``losses`` a year: array of draws × columns."""
    if not len(losses):
        return np.zeros((draws, losses.shape[1]))
    count = generator.poisson(rate, draws)
    return _sums(count, losses[generator.integers(0, len(losses), count.sum())])


def _shared(generator, count, mean, sd, examples):
    """Sums of lognormal causes a year, split over kinds like one of the examples."""
    total = np.exp(mean + sd * generator.standard_normal(count.sum()))[:, None]
    if examples is not None:
        split = examples[generator.integers(0, len(examples), len(total))]
        total = total * split / np.maximum(split.sum(axis=1, keepdims=True), 1e-12)
    return _sums(count, total)


def _sums(count, values):
    """The first count[0] rows of ``values`` added up, then the next count[1] …"""
    year = np.repeat(np.arange(len(count)), count.astype(np.intp))       # a browser's Python has 32 bits
    return np.column_stack([np.bincount(year, column, minlength=len(count)) for column in values.T])


# --- without chance: exact sums, tails, what matters --------------------------------------------------


@dataclass(frozen=True)
class CompoundLoss:
    """The law of an annual loss on a grid. ``loss``: grid, CNY; ``cumulative``: chance of at most so much."""

    loss: np.ndarray
    cumulative: np.ndarray

    def ppf(self, level):
        """The quantile: value_at_risk takes this object as it takes a SciPy distribution."""
        place = int(np.searchsorted(self.cumulative, level))
        low = self.cumulative[place - 1] if place else 0.0
        return float(self.loss[place] - (self.loss[1] - self.loss[0])
                     * (self.cumulative[place] - level) / max(self.cumulative[place] - low, 1e-300))

    def expect(self, function=lambda x: x, lb=-np.inf):
        """Expected value of ``function`` of the loss where it is ``lb`` or more."""
        mass, step = np.diff(self.cumulative, prepend=0.0), self.loss[1] - self.loss[0]
        part = np.clip((self.loss - lb) / step, 0, 1)             # the piece of the cell that lies beyond lb
        middle = self.loss - step * part / 2
        return float((function(middle) * mass * part).sum())


def compound_poisson(rate, severity, points=2**18):
    """Exact law of a year's loss: a Poisson number (``rate`` a year) of losses with law ``severity``.

    severity: a frozen SciPy distribution of losses, not negative. By the fast Fourier transform on a grid. Rate 3,
    exponential of mean 100: mean 300, sd 244.95, value at risk .95 772.89, shortfall 956.86.
    Raises ValueError on a rate not above zero, and a severity without a mean and variance.
    """
    rate, points = number(rate, "The rate"), whole(points, "points", 256)
    if not hasattr(severity, "stats"):
        raise ValueError("The severity is a SciPy distribution with its parameters, such as stats.expon(scale=100).")
    mean, variance = (float(value) for value in severity.stats("mv"))
    if rate <= 0 or not np.isfinite(mean + variance) or severity.cdf(-1e-12) > 1e-9:
        raise ValueError("The rate must be above zero, and losses not negative with a finite mean and variance.")
    top = max(rate * mean + 20 * np.sqrt(rate * (mean**2 + variance)), float(severity.ppf(1 - 1e-9)))
    step = top / points
    edges = step * (np.arange(2 * points + 1) - 0.5)
    mass = np.diff(severity.cdf(np.maximum(edges, 0)))
    law = np.fft.irfft(np.exp(rate * (np.fft.rfft(mass) - 1)), 2 * points)
    # The mass at a grid point lies within half a step of it: its end is where the chance is reached.
    return CompoundLoss(step * (np.arange(2 * points) + 0.5), np.minimum(np.cumsum(np.maximum(law, 0)), 1.0))


@dataclass(frozen=True)
class ParetoTail:
    """Losses above ``threshold`` have a generalised Pareto law with ``shape`` (0.5 and more: no finite variance; 1
    and more: no mean) and ``scale``. ``shape_error``: its standard error, (1 + shape) / √exceedances; ``share``: of
    all losses that lie above."""

    threshold: float
    shape: float
    scale: float
    shape_error: float
    share: float
    exceedances: int

    def value_at_risk(self, level):
        """Quantile of a single loss; the level must lie above 1 − share."""
        if not 1 - self.share < level < 1:
            raise ValueError(f"The tail speaks for levels above {1 - self.share:.4f} only.")
        if abs(self.shape) < 1e-9:                      # the exponential law is the limit
            return self.threshold - self.scale * np.log((1 - level) / self.share)
        return self.threshold + self.scale / self.shape * (((1 - level) / self.share) ** -self.shape - 1)

    def expected_shortfall(self, level):
        """Mean of a single loss beyond its quantile; infinite with a shape of 1 or more."""
        edge = self.value_at_risk(level)
        if self.shape >= 1:
            return float("inf")
        return (edge + self.scale - self.shape * self.threshold) / (1 - self.shape)


def pareto_tail(losses, threshold):
    """Generalised Pareto law of the losses above a threshold, by maximum likelihood (SciPy).

    Raises ValueError with fewer than 20 losses above the threshold, or none that differ.
    """
    from scipy.optimize import minimize
    from scipy.stats import genpareto

    losses, threshold = _losses(losses, 0.5)[0], number(threshold, "The threshold")
    beyond = losses[losses > threshold] - threshold
    if len(beyond) < 20:
        raise ValueError(f"Only {len(beyond)} losses lie above {threshold:g}: at least 20 are needed.")
    if not np.ptp(beyond):
        raise ValueError(f"All losses above {threshold:g} are the same: they show no tail.")

    def cost(place):
        return -genpareto.logpdf(beyond, place[0], scale=np.exp(place[1])).sum()

    begin = genpareto.fit(beyond, floc=0)
    best = minimize(cost, [begin[0], np.log(begin[2])], method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-10})
    shape, scale = float(best.x[0]), float(np.exp(best.x[1]))
    return ParetoTail(threshold, shape, scale, float((1 + shape) / np.sqrt(len(beyond))),
                      len(beyond) / len(losses), len(beyond))


def tornado(outcome, base, ranges):
    """Which assumption matters most: the outcome at the low and the high end of each, the others at their base.

    outcome: function of the assumptions as keywords · base: {name: value} · ranges: {name: (low, high)}. One row a
    name: at_low, at_high, swing (absolute); sorted by swing. ``.attrs["base"]``: the outcome at the base.
    Raises ValueError on a range for what is no assumption.
    """
    unknown = [name for name in ranges if name not in base]
    if unknown or not ranges:
        raise ValueError(f"Give a range for some of {', '.join(base)}" + (f", not {unknown[0]}." if unknown else "."))
    ends = {name: [number(outcome(**{**base, name: end}), "The outcome") for end in pair]
            for name, pair in ranges.items()}
    table = pd.DataFrame.from_dict(ends, orient="index", columns=["at_low", "at_high"])
    table["swing"] = (table["at_high"] - table["at_low"]).abs()
    table.attrs["base"] = number(outcome(**base), "The outcome")
    return table.sort_values("swing", ascending=False).rename_axis("assumption")
