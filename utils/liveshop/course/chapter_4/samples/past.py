"""The past tests: what they found, whether they can be believed, and what their winners are worth."""

from pathlib import Path

import numpy as np
import pandas as pd

from liveshop.methods import experiment, hosts
from liveshop.tables.memory import once_per_tables

BROKEN = 0.002                                  # p-value of the split, for twenty-four tests at .05
NEW, OLD = "new", "old"


def is_past(experiments):
    """Rows of the past tests, one batch with one measure: their ids begin with "past-"; all rows where none does."""
    past = experiments.experiment_id.str.startswith("past-")
    return past if past.any() else past | True


@once_per_tables
def past_tests(tables):
    """One row a past test that two arms have: title, units, new_units, planned (units), lift (ratio of means − 1),
    error (of it), pvalue (Welch), split (p-value of the sample ratio), broken (split below BROKEN), stopped (ended
    before most of the tests had lasted, and short of its planned units), removed (share of the variance that CUPED
    takes; missing without `before`).

    The arm of the plan's `treatment` counts as new; every other row as old.
    """
    from scipy.stats import ttest_ind

    plans = tables.experiment_plans.set_index("experiment_id")
    days = (plans.ended - plans.began).dt.days
    known = tables.experiments[is_past(tables.experiments)]
    usual = days.loc[known.experiment_id.unique()].median()
    rows = {}
    for name, units in known.groupby("experiment_id"):
        plan, treated = plans.loc[name], units.arm == plans.treatment[name]
        new, old = units.outcome[treated].dropna(), units.outcome[~treated].dropna()
        if min(len(new), len(old)) < 2:
            continue
        share, lift = float(plan.planned_share), new.mean() / old.mean() - 1
        error = np.hypot(new.sem() / old.mean(), new.mean() * old.sem() / old.mean() ** 2)
        split = experiment.srm_pvalue([treated.sum(), (~treated).sum()], [share, 1 - share])
        both = units[["outcome", "before"]].dropna() if "before" in units else units.iloc[:0]
        rows[name] = {
            "title": plan.title, "units": len(units), "new_units": int(treated.sum()), "planned": plan.planned_units,
            "lift": lift, "error": error,
            "pvalue": ttest_ind(new, old, equal_var=False).pvalue, "split": split, "broken": split < BROKEN,
            "stopped": days[name] < usual and bool(pd.notna(plan.planned_units) and len(units) < plan.planned_units),
            "removed": experiment.cuped(both.outcome, both.before).removed if len(both) > 2 else np.nan}
    return pd.DataFrame.from_dict(rows, orient="index").astype(
        {"lift": float, "error": float, "pvalue": float, "broken": bool, "stopped": bool, "removed": float})


def won(tests):
    """The tests that a meeting would call won: p below .05 and the new arm ahead."""
    return tests[(tests.pvalue < 0.05) & (tests.lift > 0)]


def shrunk(tests):
    """Lift of each test, drawn towards the mean of all these tests by how little it is known."""
    return pd.Series(hosts.shrink(tests.lift, tests.error).estimate, tests.index)


def ladder(tests):
    """What the winners look like as faults are taken out: rule -> lifts by test. `tests`: of `past_tests`.

    "false discoveries held" and "shrunk" are of the sound tests that ran to plan.
    """
    sound = tests[~tests.broken]
    whole = sound[~sound.stopped]
    kept = experiment.false_discoveries(whole.pvalue).kept.astype(bool) & (whole.lift > 0)
    winners = won(whole).index
    return {"naive": won(tests).lift, "sound split": won(sound).lift, "run to plan": whole.lift[winners],
            "false discoveries held": whole.lift[kept], "shrunk": shrunk(whole)[winners]}


def by_day(tables, name):
    """A test as its desk saw it: one row a day with the share of the planned units, lift and p-value until then.

    The outcome of a unit is taken as known on the day on which it was assigned (a real one comes later).
    """
    from scipy.stats import ttest_ind

    plan = tables.experiment_plans.set_index("experiment_id").loc[name]
    units = tables.experiments[tables.experiments.experiment_id == name]
    day, treated = (units.assigned.dt.normalize() - units.assigned.min().normalize()).dt.days + 1, (
        units.arm == plan.treatment)
    rows = {}
    for until in range(1, int(day.max()) + 1):
        new, old = units.outcome[treated & (day <= until)], units.outcome[~treated & (day <= until)]
        if min(len(new), len(old)) > 1:
            rows[until] = {"share": min((day <= until).sum() / plan.planned_units, 1.0),
                           "lift": new.mean() / old.mean() - 1,
                           "pvalue": ttest_ind(new, old, equal_var=False).pvalue}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("day")


def against_boundary(tables, tests):
    """For the tests that were stopped: share of the plan, z when they ended (of their p-value), and the limit that a
    boundary of O'Brien and Fleming (spending), looked at every day, would have asked for at that moment."""
    from scipy.stats import norm

    rows = {}
    for name in tests.index[tests.stopped & ~tests.broken]:
        share = by_day(tables, name)["share"].drop_duplicates()
        limits = experiment.sequential_boundaries([*share, 1.0], kind="spending").limits
        rows[name] = {"share": share.iloc[-1], "days": int(share.index[-1]), "z": norm.isf(tests.pvalue[name] / 2),
                      "limit": limits[len(share) - 1]}
    return pd.DataFrame.from_dict(rows, orient="index", columns=["share", "days", "z", "limit"])


def daily_summaries(folder):
    """Results by day that a platform gives in place of units: experiment-summaries.parquet or .csv in a folder.

    None where there is no such file. Columns: experiment_id, variant_id, metric_id, time_since_start, and count,
    mean and variance of both arms, each with _c (control) and _t (treated), as in the ASOS data.
    """
    for path in (Path(folder) / f"experiment-summaries{ending}" for ending in (".parquet", ".csv")):
        if path.is_file():
            return pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path)
    return None


def series(summaries):
    """One row a series (experiment, variant, measure) of `daily_summaries`: looks, z at the last one, the largest
    absolute z at any look, and the two-sided p-value at the end."""
    from scipy.stats import norm

    spread = summaries.variance_c / summaries.count_c + summaries.variance_t / summaries.count_t
    known = summaries.assign(z=(summaries.mean_t - summaries.mean_c) / np.sqrt(spread))
    known = known[np.isfinite(known.z)].sort_values("time_since_start")
    by = known.groupby(["experiment_id", "variant_id", "metric_id"]).z
    found = pd.DataFrame({"looks": by.size(), "z": by.last(), "largest": by.agg(lambda z: z.abs().max())})
    return found.assign(pvalue=2 * norm.sf(found.z.abs()))
