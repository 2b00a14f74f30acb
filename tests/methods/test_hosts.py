"""Hosts: fair scorecards, shrinkage, and how sure a ranking is."""

import math

import numpy as np
import pandas as pd
import pytest

from liveshop.methods import hosts


@pytest.mark.parametrize("candidates, trials", [(2, 3), (3, 5), (6, 10), (12, 2)])
def test_selection_in_closed_form_is_what_simulation_gives(candidates, trials):
    exact = hosts.select_best(candidates, trials, 0.25, 0.6)
    drawn = hosts.simulate_selection(candidates, trials, 0.25, 0.6, hires=60_000)
    assert exact.probability_best == pytest.approx(drawn.probability_best, abs=0.008)
    assert exact.regret == pytest.approx(drawn.regret, abs=0.003)
    assert exact.luck == pytest.approx(drawn.luck, abs=0.005)


def test_probability_of_the_best_at_its_limits():
    assert hosts._probability_best(4, 0.0) == pytest.approx(0.25, abs=1e-3)
    assert hosts._probability_best(4, 1.0) == 1.0
    assert hosts._probability_best(2, 0.6) == pytest.approx(0.5 + math.asin(0.6) / math.pi)


def test_trials_needed_is_the_first_number_that_is_enough():
    needed = hosts.trials_needed(3, 0.25, 0.6)
    assert (
        hosts.select_best(3, needed, 0.25, 0.6).probability_best
        >= 0.8
        > hosts.select_best(3, needed - 1, 0.25, 0.6).probability_best
    )
    with pytest.raises(ValueError, match="between 0 and 1"):
        hosts.trials_needed(3, 0.25, 0.6, probability=80)


def test_shrinkage_weight_is_on_the_own_figure():
    assert hosts.shrinkage_weight(0.2, 0.4, 4) == pytest.approx(0.5)
    assert hosts.shrinkage_weight(0.2, 0.4, 400) > 0.98 and hosts.shrinkage_weight(0.2, 0.4, 1) == pytest.approx(0.2)


def test_scorecard_recovers_skill_that_slots_hide():
    covered = better = total = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        skill = rng.normal(0, 0.25, 12)
        skill -= skill.mean()
        favour = rng.normal(0, 1, 12)                                   # the manager's taste, not skill
        host = np.repeat(np.arange(12), 15)
        prime = rng.random(len(host)) < 1 / (1 + np.exp(-2 * favour[host]))
        y = skill[host] + 0.8 * prime + rng.normal(0, 0.5, len(host))
        frame = pd.DataFrame(
            {"host_id": [f"H{h:02}" for h in host], "slot": np.where(prime, "evening", "morning"), "y": y}
        )
        card = hosts.scorecard(frame, "y", controls=["slot"]).sort_index()
        covered += ((card["low"] <= skill) & (skill <= card["high"])).sum()
        total += 12
        better += np.corrcoef(card["estimate"], skill)[0, 1] > np.corrcoef(card["raw"], skill)[0, 1]
    assert covered / total > 0.88 and better >= 19


def test_hosts_cannot_be_told_from_a_control_that_goes_with_them():
    frame = pd.DataFrame({"host_id": list("aabb"), "room": list("xxyy"), "y": [1.0, 2, 3, 4]})
    with pytest.raises(ValueError, match="leave out one of room"):
        hosts.adjusted_effects(frame, "y", controls=["room"])


def test_rank_uncertainty_adds_up():
    table = hosts.rank_uncertainty(pd.Series([0.3, 0.1, -0.4], index=list("abc")), [0.1, 0.1, 0.1])
    assert table["best"].sum() == pytest.approx(1) and table["rank"].to_dict() == {"a": 1, "b": 2, "c": 3}
    assert table.loc["a", "best"] == pytest.approx(0.921, abs=0.01)     # P(N(0.2, 0.02) > 0)


# --- shifts ----------------------------------------------------------------------------------------


@pytest.fixture
def room():
    """Two broadcasts of ten minutes; in the first, hosts take turns and share two minutes."""
    streams = pd.DataFrame({"stream_id": ["S1", "S2"], "host_id": ["A", "B"], "slot": ["late", "noon"],
                            "stream_seconds": [600, 600], "views": [100, 50], "product_clicks": [50, 20],
                            "orders": [10, 5], "gmv": [1000.0, 500.0], "promotion_spend": [80.0, 0.0]})
    minutes = pd.DataFrame({"stream_id": "S1", "minute": range(10), "enters": 10, "product_clicks": 5,
                            "orders": [0, 0, 2, 2, 0, 0, 3, 3, 0, 0], "gmv": [0, 0, 200, 200, 0, 0, 300, 300, 0, 0]})
    shifts = pd.DataFrame({"stream_id": "S1", "host_id": ["A", "C"], "from_minute": [0, 4], "to_minute": [6, 9]})
    return streams, minutes, shifts


def test_what_happened_goes_to_the_host_of_the_minute(room):
    parts = hosts.by_shift(*room).set_index(["stream_id", "host_id"])
    a, c = parts.loc[("S1", "A")], parts.loc[("S1", "C")]
    assert (a.orders, c.orders) == (4, 6) and (a.gmv, c.gmv) == (400, 600)
    assert a.stream_seconds == 60 * 5 and c.stream_seconds == 60 * 4      # minutes 4 and 5 are shared, 9 is nobody's
    assert (a.views, c.views) == (50, 40) and a.slot == "late"
    assert a.promotion_spend == pytest.approx(80 * 50 / 90)


def test_a_broadcast_that_the_roster_does_not_name_stays_whole(room):
    parts = hosts.by_shift(*room)
    whole = parts[parts.stream_id == "S2"]
    assert whole.host_id.tolist() == ["B"] and whole.orders.tolist() == [5]


def test_a_roster_that_does_not_fit_is_refused(room):
    streams, minutes, shifts = room
    with pytest.raises(ValueError, match="lacks the column to_minute"):
        hosts.by_shift(streams, minutes, shifts.drop(columns="to_minute"))
    with pytest.raises(ValueError, match="S9, which is no broadcast"):
        hosts.by_shift(streams, minutes, shifts.assign(stream_id="S9"))
