"""One treated unit against a weighted mean of others; :mod:`liveshop.methods.panel` gives it its place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from liveshop.methods._inputs import listed, need
from liveshop.methods._regression import complete


@dataclass(frozen=True)
class SyntheticControl:
    """``weights``: one a donor, 0 or more, adding up to 1. ``path``: one row a period: actual, synthetic, gap.
    ``effect``: mean gap from the start on; ``share``: the same / mean of the synthetic one then, how much more there
    was than without; ``misfit_before`` and ``misfit_after``: root mean squared gaps."""

    weights: pd.Series
    path: pd.DataFrame
    effect: float
    share: float
    misfit_before: float
    misfit_after: float

    @property
    def ratio(self):
        """misfit_after / misfit_before: how far the gap after stands out from what the fit leaves before."""
        return self.misfit_after / self.misfit_before if self.misfit_before else float("inf")


def synthetic_control(frame, outcome, unit, period, treated, start, donors=None, relative=False):
    """A weighted mean of other units that went like the treated one before the start (合成控制).

    frame: one row a unit and period · treated: name of the treated unit · start: first treated period · donors: units
    to weigh, all others by default: leave out those that the treatment spills over to · relative: divide every unit
    by its mean before the start first, so that a unit larger than all others can be matched; the effect is then in
    such means, and ``.share`` as before. The weights make the squared gap before the start smallest, not below 0 and
    adding up to 1 (exactly, by non-negative least squares).
    Raises ValueError on units or periods that are not there, a value missing for one of them, and no period before or
    after the start.
    """
    wide, early = _wide(frame, outcome, unit, period, treated, start, donors)
    if relative:
        level = wide[early].mean()
        if (level <= 0).any():
            raise ValueError("relative needs a mean above zero before the start for every unit.")
        wide = wide / level
    return _synthetic(wide, treated, early)


def _wide(frame, outcome, unit, period, treated, start, donors):
    data = complete(frame, [outcome, unit, period], [outcome])
    if data.duplicated([unit, period]).any():
        raise ValueError(f"A {unit} stands twice in one {period}: add its rows up first.")
    wide = data.pivot(index=period, columns=unit, values=outcome).astype(float)
    names = [treated, *(wide.columns.drop(treated, errors="ignore") if donors is None else listed(donors))]
    missing = [str(name) for name in names if name not in wide.columns]
    if missing:
        raise ValueError(f"The table has no {unit} {', '.join(missing)}.")
    if len(names) < 2 or treated in names[1:]:
        raise ValueError("A synthetic control needs donors, other than the treated unit.")
    wide = wide[names]
    if wide.isna().any().any():
        raise ValueError(f"{wide.columns[wide.isna().any()][0]} has no {outcome} in some {period}: leave it out or "
                         "fill it.")
    early = np.asarray(wide.index < start)
    if early.sum() < 2 or early.all():
        raise ValueError("At least two periods before the start and one after it are needed.")
    return wide, early


def _synthetic(wide, treated, early):
    from scipy.optimize import nnls

    actual, others = wide[treated].to_numpy(), wide.drop(columns=treated)
    # Weights that add up to 1 turn the gap into (others − actual) · w. One more row that asks for a sum of 1
    # only settles the length of w: at any length the direction is the best one, so dividing by the sum is exact.
    gaps = others.to_numpy()[early] - actual[early, None]
    size = max(np.abs(gaps).max(), 1e-300)
    weights, _ = nnls(np.vstack([gaps / size, np.ones(gaps.shape[1])]), np.r_[np.zeros(len(gaps)), 1.0])
    weights = pd.Series(weights / weights.sum(), index=others.columns)
    path = pd.DataFrame({"actual": actual, "synthetic": others.to_numpy() @ weights.to_numpy()}, index=wide.index)
    path["gap"] = path["actual"] - path["synthetic"]
    gap = path["gap"].to_numpy()
    without = path["synthetic"].to_numpy()[~early].mean()
    return SyntheticControl(weights, path, float(gap[~early].mean()),
                            float(gap[~early].mean() / without) if without else np.nan,
                            float(np.sqrt((gap[early] ** 2).mean())), float(np.sqrt((gap[~early] ** 2).mean())))


def placebo_units(frame, outcome, unit, period, treated, start, donors=None, relative=False):
    """The same for every donor, as if it had been treated: how often would a gap like this come by chance?

    One row a unit, the treated first: effect, ratio (misfit after / before). ``.attrs["pvalue"]``: share of units,
    the treated included, with a ratio as large as hers; with n donors never below 1 / (n + 1), so four donors can
    prove nothing. The treated unit is no donor of the others.
    """
    wide, early = _wide(frame, outcome, unit, period, treated, start, donors)
    wide = wide / wide[early].mean() if relative else wide
    if wide.shape[1] < 3:
        raise ValueError("Placebos over units need two donors or more.")
    found = {treated: _synthetic(wide, treated, early)}
    for name in wide.columns[1:]:
        found[name] = _synthetic(wide.drop(columns=treated), name, early)
    table = pd.DataFrame({"effect": {name: each.effect for name, each in found.items()},
                          "ratio": {name: each.ratio for name, each in found.items()}})
    table.attrs["pvalue"] = float((table["ratio"] >= found[treated].ratio).mean())
    return table


def placebo_dates(frame, outcome, unit, period, treated, start, dates, donors=None, relative=False):
    """The same with starts that were none, on the periods before the real one: what comes out should be nothing.

    dates: periods before ``start``, each with two periods before it or more. One row a date: effect, share, ratio.
    Raises ValueError as :func:`synthetic_control`, and on a date that is not before the start.
    """
    need(frame, (period,))
    before, dates = frame[frame[period] < start], listed(dates)
    if not dates or not all(date < start for date in dates):
        raise ValueError(f"Placebo dates lie before the real start, {start}.")
    found = {date: synthetic_control(before, outcome, unit, period, treated, date, donors, relative) for date in dates}
    return pd.DataFrame({name: {date: getattr(each, name) for date, each in found.items()}
                         for name in ("effect", "share", "ratio")}).rename_axis("date")
