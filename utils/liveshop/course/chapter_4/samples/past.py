"""The past tests."""

import numpy as np
import pandas as pd

from liveshop.methods import experiment
from liveshop.tables.memory import once_per_tables

BROKEN = 0.002                                  # p-value of the split, for twenty-four tests at .05


@once_per_tables
def past_tests(tables):
    """One row a past test: lift (ratio of means − 1), error (of it), pvalue (Welch), broken (sample ratio)."""
    from scipy.stats import ttest_ind

    plans = tables.experiment_plans.set_index("experiment_id")
    rows = {}
    for name, units in tables.experiments.groupby("experiment_id"):
        if not name.startswith("past-"):
            continue
        share = float(plans.planned_share[name])
        arms = [(units.arm == arm).sum() for arm in ("new", "old")]
        new, old = (units.outcome[units.arm == arm].dropna() for arm in ("new", "old"))
        rows[name] = {"lift": new.mean() / old.mean() - 1,
                      "error": np.hypot(new.sem() / old.mean(), new.mean() * old.sem() / old.mean() ** 2),
                      "pvalue": ttest_ind(new, old, equal_var=False).pvalue,
                      "broken": experiment.srm_pvalue(arms, [share, 1 - share]) < BROKEN}
    return pd.DataFrame.from_dict(rows, orient="index").astype(
        {"lift": float, "error": float, "pvalue": float, "broken": bool})
