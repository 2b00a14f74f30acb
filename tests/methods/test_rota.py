"""Rotas: a textbook's post office, another solver's costs, and rules that hold."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from liveshop.methods import rota
from printed import printed

POST = pd.Series([17, 13, 15, 19, 14, 16, 11], index=["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"])


def test_the_post_office():
    """Winston's problem: 23 people, 22.33 if they could be split; by cost 15,300, and 14,966.67."""
    found = rota.weekly_rota(POST)
    assert found.people == 23 and printed(found.bound, 2) == 22.33 and (found.cover >= POST).all()
    dear = rota.weekly_rota(POST, cost=[500, 600, 800, 800, 800, 800, 700])
    assert dear.cost == 15_300 and printed(dear.bound, 2) == 14_966.67
    assert found.starts.index.tolist() == POST.index.tolist()


def test_rotas_against_another_solver():
    """references/rota.R: R's lpSolve."""
    for case in pd.read_csv(Path(__file__).parent / "references" / "rota.csv").itertuples():
        need, price = (np.array(text.split(), float) for text in (case.need, case.price))
        found = rota.weekly_rota(need, case.on, price)
        assert found.cost == pytest.approx(case.cost) and found.bound == pytest.approx(case.bound, abs=1e-5)


PEOPLE = pd.DataFrame({"wage_per_hour": [32, 35, 40, 50, 33, 38], "hours_a_week": [40, 40, 40, 24, 40, 40],
                       "may_work_nights": [True, False, True, True, False, True]}, index=list("ABCDEF"))
NEED = pd.DataFrame({"early": [2] * 7, "late": [1, 1, 1, 1, 2, 2, 2]}, index=POST.index)


def test_a_roster_keeps_its_rules():
    found = rota.roster(PEOPLE, NEED, {"early": 8, "late": 8}, rest=[("late", "early")], longest=5, night=["late"])
    assert found.covered and found.cost > 0
    table = found.table
    assert not (table.loc[["B", "E"]] == "late").any().any()
    assert ((table != "").sum(axis=1) * 8 <= PEOPLE["hours_a_week"]).all()
    for row in table.to_numpy():
        twice = np.r_[row, row]
        assert not any(a == "late" and b == "early" for a, b in zip(twice[:7], twice[1:8], strict=True))
        runs = "".join("x" if name else " " for name in twice).split()
        assert max(map(len, runs), default=0) <= 5
    wages = (table != "").mul(PEOPLE["wage_per_hour"], axis=0).to_numpy().sum() * 8
    assert found.cost == pytest.approx(wages)


def test_a_roster_says_what_is_missing():
    found = rota.roster(PEOPLE[:2], NEED, {"early": 8, "late": 8})
    assert not found.covered and (found.missing.to_numpy().sum() == NEED.to_numpy().sum() - 10)


def test_cheap_hands_first():
    found = rota.roster(PEOPLE, NEED[["early"]][:2], {"early": 8})
    assert found.cost == 2 * 8 * (32 + 33)


@pytest.mark.parametrize("call, words", [
    (lambda: rota.weekly_rota([3, -1, 2]), "0 or more"),
    (lambda: rota.weekly_rota([3, 1.5, 2]), "whole number"),
    (lambda: rota.weekly_rota([3, 1, 2], 5), "cycle of 3"),
    (lambda: rota.weekly_rota(POST, cost=[1, 2]), "one cost above zero"),
    (lambda: rota.roster(PEOPLE, NEED, {"early": 8}), "shift late has no hours"),
    (lambda: rota.roster(PEOPLE.drop(columns="wage_per_hour"), NEED, {"early": 8, "late": 8}), "wage_per_hour"),
    (lambda: rota.roster(PEOPLE, -NEED, {"early": 8, "late": 8}), "not be negative"),
])
def test_what_cannot_be_planned_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_half_a_person_is_no_need():
    people = pd.DataFrame({"wage_per_hour": [20.0], "hours_a_week": [40.0]}, index=["A"])
    with pytest.raises(ValueError, match="whole number of people"):
        rota.roster(people, pd.DataFrame({"early": [0.5] * 7}), {"early": 8})
