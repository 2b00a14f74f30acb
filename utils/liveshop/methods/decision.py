"""Choosing between options: weights from comparisons in pairs, rankings, how stable they are, sets under a budget.

==================== =======================================================================================
function             asks
==================== =======================================================================================
ahp                  which weights do these comparisons in pairs imply, and do they agree with each other?
weighted_scores      which option has the best weighted mean of its scores?
topsis               which option is nearest to the best and farthest from the worst of every criterion?
stability, flips     does the winner stay when the weights move? what is the smallest move that turns it?
best_set             which measures avoid the greatest loss under a budget? (greedy_set: what most people do)
regrets              which option is never far from the best, whatever comes?
wait_or_act          is it worth more to wait for the news?
==================== =======================================================================================

Sources: Saaty, The Analytic Hierarchy Process (1980); Hwang and Yoon, Multiple Attribute Decision Making (1981);
Belton and Gear, Omega 11 (1983), for rank reversal; Dixit and Pindyck, Investment under Uncertainty (1994). Sets
under a budget are SciPy's integer programme. Looked at for the rest and left alone: pymcdm (a third of this page, one
more dependency).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from liveshop.methods._inputs import need, number, numbers, whole

# Mean consistency index of random matrices, by size. Saaty printed two tables; say which you used.
RANDOM_INDEX = {1980: dict(zip(range(3, 11), (.58, .90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49), strict=True)),
                2005: dict(zip(range(3, 11), (.52, .89, 1.11, 1.25, 1.35, 1.40, 1.45, 1.49), strict=True))}


@dataclass(frozen=True)
class Ahp:
    """``weights``: add up to 1, in the order of the matrix. ``eigenvalue``: the largest one; equal to the number of
    items if all comparisons agree. ``consistency_ratio``: above 0.1 the comparisons contradict each other."""

    weights: pd.Series
    eigenvalue: float
    consistency_ratio: float


def ahp(matrix, random_index=1980):
    """Weights from comparisons in pairs (层次分析法): the principal eigenvector.

    matrix: how many times as important the row is as the column; 1 on the diagonal, and below it the reciprocals of
    above. random_index: year of Saaty's table, 1980 or 2005 (they differ by up to a tenth). "Choosing a leader" (1 4
    3 7 / ¼ 1 ⅓ 3 / ⅓ 3 1 5 / 1/7 ⅓ 1/5 1) → .548 .127 .270 .056, consistency ratio .0439.
    Raises ValueError on a matrix that is not square, not above zero or not reciprocal, and on more than ten items.
    """
    names = list(matrix.index) if isinstance(matrix, pd.DataFrame) else None
    table = numbers(matrix, "The comparisons")
    if table.ndim != 2 or table.shape[0] != table.shape[1] or not 1 <= len(table) <= 10:
        raise ValueError("The comparisons must be a square matrix of 1 to 10 items.")
    if not (table > 0).all() or not np.allclose(table * table.T, 1, rtol=0.02):
        raise ValueError("Comparisons must be above zero, and each the reciprocal of its counterpart (3 against 1/3).")
    if random_index not in RANDOM_INDEX:
        raise ValueError("random_index is the year of Saaty's table: 1980 or 2005.")
    values, vectors = np.linalg.eig(table)
    place = int(values.real.argmax())
    weights, largest, size = np.abs(vectors[:, place].real), float(values[place].real), len(table)
    index = (largest - size) / (size - 1) if size > 2 else 0.0
    ratio = index / RANDOM_INDEX[random_index][size] if size > 2 else 0.0
    return Ahp(pd.Series(weights / weights.sum(), index=names, name="weight"), largest, float(ratio))


def pairwise_matrix(pairs, items=None, a="a", b="b", ratio="ratio"):
    """The matrix that :func:`ahp` takes, from one row a comparison; several of one pair by their geometric mean.

    pairs: columns a, b and ratio (how many times as important a is as b); either order of a pair will do.
    Raises ValueError on missing columns, ratios not above zero, and a pair that nobody compared.
    """
    need(pairs, (a, b, ratio))
    log = numbers(pairs[ratio], f"The values of {ratio}")
    if not (log > 0).all():
        raise ValueError(f"{ratio} must be above zero in every row.")
    items = list(dict.fromkeys([*pairs[a], *pairs[b]])) if items is None else list(items)
    both = pd.DataFrame({"row": [*pairs[a], *pairs[b]], "column": [*pairs[b], *pairs[a]],
                         "log": np.r_[np.log(log), -np.log(log)]})
    table = both.groupby(["row", "column"])["log"].mean().unstack().reindex(index=items, columns=items)
    table = table.mask(np.eye(len(items), dtype=bool), 0.0)
    if table.isna().any().any():
        row = table.index[table.isna().any(axis=1)][0]
        raise ValueError(f"Nobody compared {row} with {table.columns[table.loc[row].isna()][0]}.")
    return np.exp(table).rename_axis(index=None, columns=None)


def normalised(scores, how="range"):
    """Scores put on one scale, criterion by criterion: "range", from 0 for the worst option to 1 for the best; "sum",
    shares that add up to 1 (as AHP weighs options); "most", in parts of the largest.

    All three hang on which options are in the table: add a hopeless one, and the order of the others may turn.
    Raises ValueError on a criterion that is the same for all ("range") or not above zero ("sum", "most").
    """
    table = scores if isinstance(scores, pd.DataFrame) else pd.DataFrame(numbers(scores, "Scores"))
    if how == "range":
        low, size = table.min(), table.max() - table.min()
    elif how in ("sum", "most"):
        low, size = 0.0, table.sum() if how == "sum" else table.max()
        size = size.where((table >= 0).all(), 0.0)
    else:
        raise ValueError(f'how is "range", "sum" or "most", not {how!r}.')
    if not (size > 0).all():
        raise ValueError(f"{size.index[~(size > 0)][0]} cannot be put on that scale: its scores are all the same, zero "
                         "or negative.")
    return (table - low) / size


def weighted_scores(scores, weights):
    """Weighted mean of an option's scores. scores: table of options × criteria, high is good; weights add up to 1."""
    table, weights = _scores(scores, weights)
    return pd.Series(table.to_numpy() @ weights, index=table.index, name="score")


@dataclass(frozen=True)
class Topsis:
    """``closeness``: distance from the worst / (from the worst + from the best), 0 to 1, high is good. ``ranking``:
    options from the best on."""

    closeness: pd.Series

    @property
    def ranking(self):
        return list(self.closeness.sort_values(ascending=False, kind="stable").index)


def topsis(scores, weights, benefit):
    """Options by their distance from the ideal one (逼近理想解排序法).

    scores: table or array of options × criteria · weights: one a criterion, adding up to 1 · benefit: True where high
    is good, False for a cost. Columns are divided by their length (root of the sum of squares). Hwang and Yoon's
    fighter: four aircraft, the fourth criterion a cost → .643 .268 .614 .312.
    Raises ValueError on lengths that do not fit, weights that do not add up to 1, and a criterion that is all 0.
    """
    table, weights = _scores(scores, weights)
    benefit = np.asarray(benefit, bool)
    if benefit.shape != weights.shape:
        raise ValueError(f"Say for each of the {len(weights)} criteria whether high is good.")
    values = table.to_numpy()
    length = np.sqrt((values**2).sum(axis=0))
    if not (length > 0).all():
        raise ValueError(f"All options score 0 on {table.columns[length == 0][0]}: leave that criterion out.")
    values = values / length * weights
    best = np.where(benefit, values.max(axis=0), values.min(axis=0))
    worst = np.where(benefit, values.min(axis=0), values.max(axis=0))
    near, far = np.sqrt(((values - best) ** 2).sum(axis=1)), np.sqrt(((values - worst) ** 2).sum(axis=1))
    with np.errstate(invalid="ignore"):
        closeness = np.where(near + far > 0, far / (near + far), 0.5)      # options all alike
    return Topsis(pd.Series(closeness, index=table.index, name="closeness"))


def stability(scores, weights, spread=0.3, draws=4000, seed=0, rank=weighted_scores):
    """Share of weightings in which each option wins, when weights are drawn at random around the given ones.

    spread: standard deviation of the logarithm of each weight before they are made to add up to 1 (0.3: about a third
    up or down); None: any weights that add up to 1, all alike likely (a Dirichlet law with ones), whatever is given.
    rank: function of (scores, weights) that gives one number an option.
    """
    table, weights = _scores(scores, weights)
    draws, random = whole(draws, "draws", 1), np.random.default_rng(seed)
    if spread is None:
        drawn = random.dirichlet(np.ones(len(weights)), draws)
    else:
        if number(spread, "spread") < 0:
            raise ValueError("spread must not be negative.")
        drawn = weights * np.exp(spread * random.standard_normal((draws, len(weights))))
        drawn = drawn / drawn.sum(axis=1, keepdims=True)
    if rank is weighted_scores:
        winner = (drawn @ table.to_numpy().T).argmax(axis=1)
    else:
        winner = np.array([np.asarray(rank(table, each)).argmax() for each in drawn])
    return pd.Series(np.bincount(winner, minlength=len(table)) / draws, index=table.index, name="wins")


def flips(scores, weights):
    """The smallest change of one weight that turns the winner, the others keeping their proportions.

    One row a criterion: weight, turns_at (the weight where the winner changes), change, new_winner; missing where no
    weight between 0 and 1 turns it. Sorted by the size of the change.
    """
    table, weights = _scores(scores, weights)
    values = table.to_numpy()
    first = int((values @ weights).argmax())
    rows = []
    for place, name in enumerate(table.columns):
        others = np.delete(weights, place)
        rest = others / others.sum() if others.sum() > 0 else np.full(len(others), 1 / max(len(others), 1))
        # score(t) = t · own + (1 − t) · rest, a line in the weight t: where does a rival's line cross the winner's?
        lead = (values[first, place] - values[:, place],
                (values[first] - values)[:, np.arange(len(weights)) != place] @ rest)
        slope = lead[0] - lead[1]
        with np.errstate(divide="ignore", invalid="ignore"):
            at = np.where(np.abs(slope) > 1e-12, -lead[1] / slope, np.nan)
        at[first] = np.nan
        at = np.where((at >= 0) & (at <= 1), at, np.nan)
        change = at - weights[place]
        if np.isnan(change).all():
            rows.append((name, weights[place], np.nan, np.nan, None))
            continue
        rival = int(np.nanargmin(np.abs(change)))
        rows.append((name, weights[place], at[rival], change[rival], table.index[rival]))
    found = pd.DataFrame(rows, columns=["criterion", "weight", "turns_at", "change", "new_winner"])
    return found.set_index("criterion").sort_values("change", key=np.abs)


def _scores(scores, weights):
    table = scores if isinstance(scores, pd.DataFrame) else pd.DataFrame(numbers(scores, "Scores"))
    values = numbers(table, "Scores")
    if isinstance(weights, (Mapping, pd.Series)) and isinstance(scores, pd.DataFrame):
        weights = pd.Series(weights).reindex(table.columns)
    weights = numbers(weights, "Weights")
    if values.size == 0 or weights.shape != (values.shape[1],):
        raise ValueError(f"Give one weight for each criterion: there are {values.shape[1]} criteria.")
    if not np.isfinite(values).all():
        raise ValueError("A score is missing.")
    if not (weights >= 0).all() or abs(weights.sum() - 1) > 1e-3:
        raise ValueError(f"Weights must not be negative and must add up to 1; they add up to {weights.sum():g}.")
    return pd.DataFrame(values, index=table.index, columns=table.columns), weights / weights.sum()


# --- sets under a budget ------------------------------------------------------------------------------


@dataclass(frozen=True)
class ChosenSet:
    """``chosen``: names (places, counted from 0, if there are none); ``cost`` and ``value`` of all together."""

    chosen: list
    cost: float
    value: float


def best_set(costs, values, budget):
    """The set with the greatest value that the budget pays for (背包问题).

    costs: {name: cost}, or an array · values: the same keys, where values add up; or a function of a list of names,
    where measures overlap (two that avoid the same loss are not worth twice as much; at most 16 measures then). Costs
    41 50 49 59 55 57 60, values 442 525 511 593 546 564 617, budget 170 → 1,735 (second, fourth, seventh).
    Raises ValueError on negative costs, and lengths that do not fit.
    """
    names, cost, value, budget = _measures(costs, values, budget)
    if isinstance(value, Callable):
        if len(names) > 16:
            raise ValueError("Where values do not add up, at most 16 measures can be tried in all combinations.")
        best = ChosenSet([], 0.0, float(value([])))
        for mask in range(1, 1 << len(names)):
            places = [place for place in range(len(names)) if mask >> place & 1]
            spent = float(cost[places].sum())
            if spent <= budget + 1e-9:
                worth = float(value([names[place] for place in places]))
                if worth > best.value + 1e-12:
                    best = ChosenSet([names[place] for place in places], spent, worth)
        return best
    from scipy.optimize import Bounds, LinearConstraint, milp

    found = milp(-value, constraints=LinearConstraint(cost[None, :], -np.inf, budget), integrality=np.ones(len(cost)),
                 bounds=Bounds(0, 1), options={"mip_rel_gap": 0})
    places = np.flatnonzero(found.x > 0.5)
    return ChosenSet([names[place] for place in places], float(cost[places].sum()), float(value[places].sum()))


def greedy_set(costs, values, budget):
    """The best ratio of value to cost first, then the next that the budget still pays for: what most people do.

    On the case of :func:`best_set` it reaches 1,478, a seventh less. Arguments as there.
    """
    names, cost, value, budget = _measures(costs, values, budget)
    alone = np.array([value([name]) - value([]) for name in names]) if isinstance(value, Callable) else value
    chosen, left = [], budget
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(cost > 0, alone / cost, np.where(alone > 0, np.inf, 0))
    for place in np.argsort(-ratio, kind="stable"):
        if cost[place] <= left + 1e-9 and alone[place] > 0:
            chosen.append(place)
            left -= cost[place]
    picked = [names[place] for place in sorted(chosen)]
    worth = value(picked) if isinstance(value, Callable) else value[chosen].sum()
    return ChosenSet(picked, float(cost[chosen].sum()), float(worth))


def _measures(costs, values, budget):
    named = isinstance(costs, (Mapping, pd.Series))
    cost = pd.Series(dict(costs)) if named else pd.Series(numbers(costs, "Costs"))
    names, amount = list(cost.index), numbers(cost, "Costs")
    if not isinstance(values, Callable):
        if isinstance(values, (Mapping, pd.Series)):
            values = pd.Series(dict(values)).reindex(names)
        values = numbers(values, "Values")
        if values.shape != amount.shape or not np.isfinite(values).all():
            raise ValueError("Give one value for each cost.")
    budget = number(budget, "The budget")
    if amount.size == 0 or not (amount >= 0).all() or budget < 0:
        raise ValueError("At least one measure is needed, and costs and budget must not be negative.")
    return names, amount, values, budget


# --- what may come ------------------------------------------------------------------------------------


def regrets(payoffs):
    """How far each option is from the best in each scenario. payoffs: table of options × scenarios, high is good.

    Adds the columns worst_payoff, worst_regret and good_in: scenarios in which the option is within a tenth of the
    scenario's range from the best. Sorted by the worst regret: the first is the robust choice (Savage 1951).
    """
    values = numbers(payoffs, "Payoffs")
    if values.ndim != 2 or values.size == 0 or not np.isfinite(values).all():
        raise ValueError("Payoffs must be a table of options and scenarios without a gap.")
    named = isinstance(payoffs, pd.DataFrame)
    table = pd.DataFrame(values, payoffs.index if named else None, payoffs.columns if named else None)
    regret = table.max() - table
    good = (regret <= 0.1 * (table.max() - table.min()) + 1e-12).sum(axis=1)
    return regret.assign(worst_payoff=table.min(axis=1), worst_regret=regret.max(axis=1), good_in=good).sort_values(
        "worst_regret")


@dataclass(frozen=True)
class Waiting:
    """Present values: ``now`` of acting at once, ``wait`` of acting a period later where it then pays."""

    now: float
    wait: float

    @property
    def option_value(self):
        """What the freedom to wait is worth beyond the better of acting now and never."""
        return self.wait - max(self.now, 0.0)


def wait_or_act(cost, first, later, chances, rate):
    """Act now, or wait one period for the news? (Dixit and Pindyck, chapter 2.)

    cost: of acting, once · first: income of this period, if acted now · later: income of every later period, for
    ever, in each scenario · chances: of the scenarios, adding up to 1 · rate: of interest, a period. 1,600 now, 200
    then 300 or 100 for ever, 10 % → now 600, wait 772.7.
    Raises ValueError on chances that do not add up to 1, and a rate not above zero.
    """
    cost, first, rate = number(cost, "The cost"), number(first, "The first income"), number(rate, "The rate")
    later, chances = numbers(later, "Later incomes"), numbers(chances, "Chances")
    if later.shape != chances.shape or later.ndim != 1 or not (chances >= 0).all() or abs(chances.sum() - 1) > 1e-9:
        raise ValueError("Give one chance for each scenario, adding up to 1.")
    if rate <= 0:
        raise ValueError("The rate must be above zero.")
    now = first + chances @ later / rate - cost
    # In the next period income has just begun: worth itself and the same for ever after.
    acted = np.maximum(later * (1 + 1 / rate) - cost, 0)
    return Waiting(float(now), float(chances @ acted / (1 + rate)))
