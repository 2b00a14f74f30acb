"""What the tests of the sections share: the estimates of the course over simulated seasons."""

import pandas as pd
import pytest

from liveshop.course.chapter_5 import recovery
from liveshop.world.parameters import Parameters, describe


class Season(dict):
    """Tables by name, as attributes too, and what was planted in them."""

    __getattr__ = dict.__getitem__

    def __init__(self, frames, parameters):
        super().__init__(frames)
        derived = frames.get("truth", {}).get("derived", {})
        planted = {name: value for name, value, *_ in describe(Parameters().but(parameters))}
        self["truth"] = planted | {name: fact["value"] for name, fact in derived.items()}


@pytest.fixture(scope="session")
def recovered(simulated):
    """One row a season and estimate, by truth and method: seed, true, estimate, low, high, bias, covers (the truth)."""
    def simulate(parameters, **asked):
        return Season(simulated(parameters, **asked), parameters)

    rows = [{"seed": seed, **vars(row)} for seed in range(101, 121)
            for row in recovery.estimates(simulate({}, seed=seed, size=0.5, truth=True))]
    rows += [{"seed": seed, **vars(row)} for seed, row in recovery.further(simulate)]
    table = pd.DataFrame(rows)
    table = table.assign(bias=table.estimate - table.true, covers=table.true.between(table.low, table.high))
    return table.set_index(["truth", "method"]).sort_index()
