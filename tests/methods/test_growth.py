"""Growth: viral loops, accounts, trees of shares, by hand and against the literature."""

import numpy as np
import pandas as pd
import pytest

from liveshop.methods import growth
from printed import printed


def test_k_factor():
    """Lean Analytics: 2,000 users, 5,000 invitations, 500 joined → 0.25."""
    assert growth.k_factor(2000, 5000, 500) == 0.25
    assert growth.viral_multiplier(0.25) == pytest.approx(4 / 3) and growth.viral_multiplier(1.0) == np.inf
    assert growth.k_factor(100, 0, 0) == 0.0


def test_viral_cycle_of_skok():
    """Skok 2009: 10 users, K = 2, 20 days: 20,470 with a cycle of two days, over 20 million with one of a day."""
    assert growth.viral_users(10, 2, 2, 20) == 20470
    assert growth.viral_users(10, 2, 1, 20) == 20971510
    assert growth.viral_users(10, 1, 5, 20) == 50


def test_growth_path():
    path = growth.growth_path(1000, 0, 2.5, 0.1, cycle_days=7, retention=1.0, weeks=40)
    assert path["joined"].head(3).tolist() == [1000, 250, 62.5]
    assert path["active"].iloc[-1] == pytest.approx(1000 * growth.viral_multiplier(0.25))
    leaving = growth.growth_path(1000, 0, 0, 0, cycle_days=7, retention=0.9, weeks=3)
    assert leaving["active"].to_numpy() == pytest.approx(1000 * 0.9 ** np.arange(4))
    curve = growth.growth_path(1000, 0, 0, 0, cycle_days=7, retention=[1, 0.5, 0.4], weeks=4)
    assert curve["active"].tolist() == pytest.approx([1000, 500, 400, 400, 400])
    steady = growth.growth_path(0, 100, 3, 0.1, cycle_days=10, retention=0.9, weeks=200)
    assert steady["joined"].iloc[-1] == pytest.approx(100 / (1 - 0.3))


ACTIVITY = pd.DataFrame(
    [
        (1, "2025-01-05"),
        (1, "2025-02-05"),
        (1, "2025-02-06"),
        (1, "2025-04-01"),
        (2, "2025-01-09"),
        (2, "2025-04-03"),
        (3, "2025-02-11"),
        (4, "2025-02-02"),
        (4, "2025-04-25"),
    ],
    columns=["customer_id", "day"],
).assign(day=lambda t: pd.to_datetime(t["day"]), route=lambda t: np.where(t["customer_id"] % 2, "friend", "search"))


def test_growth_accounting_by_hand():
    table = growth.growth_accounting(ACTIVITY)
    assert table.index.astype(str).tolist() == ["2025-01", "2025-02", "2025-03", "2025-04"]
    assert table["active"].tolist() == [2, 3, 0, 3]
    assert table["new"].tolist() == [2, 2, 0, 0] and table["kept"].tolist() == [0, 1, 0, 0]
    assert table["revived"].tolist() == [0, 0, 0, 3] and table["lost"].tolist() == [0, 1, 3, 0]
    assert table["quick_ratio"].fillna(-1).tolist() == [-1, 2, 0, -1]
    known = growth.growth_accounting(ACTIVITY, known=[2, 4])
    assert known["new"].tolist() == [1, 1, 0, 0] and known["revived"].tolist() == [1, 1, 0, 3]


@pytest.mark.parametrize("period", ["day", "week", "month"])
def test_growth_accounting_adds_up(period):
    rng = np.random.default_rng(6)
    days = pd.Timestamp("2025-03-03") + pd.to_timedelta(rng.integers(0, 120, 2000), "D")
    activity = pd.DataFrame({"customer_id": rng.integers(0, 300, 2000), "day": days})
    table = growth.growth_accounting(activity, period)
    assert (table["active"] == table["new"] + table["kept"] + table["revived"]).all()
    assert (table["active"].diff().iloc[1:] == (table["new"] + table["revived"] - table["lost"]).iloc[1:]).all()
    assert table["new"].sum() == activity["customer_id"].nunique()


def test_retention_curves_by_hand():
    cohorts = growth.retention_curves(ACTIVITY, period="month")
    assert cohorts["customers"].tolist() == [2, 2]
    assert cohorts.iloc[0, 1:].tolist() == [1.0, 0.5, 0.0, 1.0]
    assert cohorts.iloc[1, 1:4].tolist() == [1.0, 0.0, 0.5] and np.isnan(cohorts.iloc[1, 4])
    routes = growth.retention_curves(ACTIVITY, by="route", period="month")
    assert routes.loc["friend"].tolist() == [2, 1.0, 0.5, 0.0, 1.0]          # age 3: only customer 1 is old enough
    assert routes.loc["search"].tolist() == [2, 1.0, 0.0, 0.5, 1.0]


SHARES = pd.DataFrame({"share_id": [11, 12, 13, 14, 15, 16], "parent_share_id": [None, 11, 11, 12, None, 14],
                       "joined": [True, False, True, True, None, True]})


def test_cascade_by_hand():
    trees = growth.cascade(SHARES)
    assert trees.sizes.loc[11].tolist() == [5, 3, 4] and trees.sizes.loc[15].tolist() == [1, 0, 0]
    assert trees.generations["shares"].tolist() == [2, 2, 1, 1] and trees.generations["per_share"].tolist() == [
        1.0,
        0.5,
        1.0,
        0.0,
    ]
    assert trees.mean == 4 / 6 and trees.followers.tolist() == [3, 2, 1]


def test_cascade_against_networkx():
    import networkx as nx

    rng = np.random.default_rng(1)
    parent = [None if i < 30 or rng.random() < 0.05 else int(rng.integers(0, i)) for i in range(2000)]
    shuffled = pd.DataFrame({"share_id": range(2000), "parent_share_id": parent}).sample(frac=1, random_state=0)
    trees = growth.cascade(shuffled).sizes
    graph = nx.DiGraph()
    graph.add_nodes_from(range(2000))
    graph.add_edges_from((above, i) for i, above in enumerate(parent) if above is not None)
    for root in (i for i, above in enumerate(parent) if above is None):
        depths = nx.single_source_shortest_path_length(graph, root)
        assert (trees.loc[root, "shares"], trees.loc[root, "depth"]) == (len(depths), max(depths.values()))


def test_cascade_of_a_long_chain():
    chain = pd.DataFrame({"share_id": range(1000), "parent_share_id": [None, *range(999)]})
    assert growth.cascade(chain).sizes.loc[0].tolist() == [1000, 999]


def test_branching_published():
    """Lotka's sons of white males in the United States, 1920: p0 .4825, then .2126 × .5893^(k−1): extinction .819."""
    k = np.arange(1, 200)
    assert printed(growth.branching(np.r_[0.4825, 0.2126 * 0.5893 ** (k - 1)]).extinction, 3) == 0.819
    assert growth.branching([0.25, 0.25, 0.5]).extinction == pytest.approx(0.5)              # textbook: roots 1/2 and 1
    assert printed(growth.branching(mean=2).extinction, 4) == 0.2032                         # Poisson 2
    assert growth.branching(mean=1).extinction == 1.0 and growth.branching(mean=1).expected_size == np.inf
    assert (
        growth.branching(mean=0.25).expected_size == pytest.approx(4 / 3)
        and growth.branching(mean=1 + 1e-9).extinction > 0.999
    )
    assert growth.branching([0.0, 0.5, 0.5]).extinction == 0.0 and growth.branching([0.0, 1.0]).extinction == 0.0


def test_branching_against_simulated_cascades():
    rng = np.random.default_rng(2)
    rows, born = [(i, None) for i in range(4000)], list(range(4000))
    while born:
        children = rng.poisson(0.6, len(born))
        fresh = range(len(rows), len(rows) + children.sum())
        rows += list(zip(fresh, np.repeat(born, children).tolist(), strict=True))
        born = list(fresh)
    trees = growth.cascade(pd.DataFrame(rows, columns=["share_id", "parent_share_id"]))
    process = growth.branching(trees.followers)
    assert process.mean == pytest.approx(0.6, abs=0.03) and process.extinction == 1.0
    assert trees.sizes["shares"].mean() == pytest.approx(process.expected_size, rel=1e-9)     # both are shares / roots
    assert process.expected_size == pytest.approx(2.5, rel=0.06)
    assert trees.generations.loc[3, "shares"] / 4000 == pytest.approx(process.expected_generation(3), rel=0.2)


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: growth.k_factor(0, 10, 1), "users above zero"),
        (lambda: growth.k_factor(100, 10, 11), "cannot have joined"),
        (lambda: growth.viral_users(10, 2, 0, 20), "cycle above zero"),
        (lambda: growth.growth_path(10, 1, 1, 1.2, 7, 0.9), "between 0 and 1"),
        (lambda: growth.growth_path(10, 1, 1, 0.2, 0.5, 0.9), "cycle_days must be a whole number"),
        (lambda: growth.growth_accounting(ACTIVITY, "year"), "period is"),
        (lambda: growth.growth_accounting(ACTIVITY, when="at"), "lacks the column at"),
        (lambda: growth.growth_accounting(ACTIVITY.assign(day=pd.NaT)), "has a time"),
        (lambda: growth.retention_curves(ACTIVITY.assign(route=range(9)), by="route"), "differs between rows"),
        (lambda: growth.cascade(SHARES.assign(share_id=1)), "stands twice"),
        (
            lambda: growth.cascade(SHARES.assign(parent_share_id=[None, 11, 11, 12, None, 99])),
            "follows 99.0, which is not in the table",
        ),
        (lambda: growth.cascade(SHARES.assign(parent_share_id=[12, 11, 11, 12, None, 14])), "in a loop"),
        (lambda: growth.branching(), "Give either"),
        (lambda: growth.branching([-1, 2]), "must not be negative"),
    ],
)
def test_growth_refuses_in_a_sentence(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_people_who_come_at_random():
    """Ross, example 5.13: at 1 a day, more than two days between two with chance .1353; the tenth after ten days."""
    assert printed(1 - growth.arrivals_within(1, 1, 2), 4) == .1353
    days = np.linspace(0, 60, 60_001)
    mean = np.sum(1 - growth.arrivals_within(1, 10, days)) * (days[1] - days[0])
    assert printed(mean, 2) == 10.00
    assert growth.arrivals_within(3, 0, 0) == 1 and growth.arrivals_within(0, 1, 5) == 0
    with pytest.raises(ValueError, match="Rate and time"):
        growth.arrivals_within(-1, 1, 1)
    with pytest.raises(ValueError, match="whole number"):
        growth.arrivals_within(1, 1.5, 1)
