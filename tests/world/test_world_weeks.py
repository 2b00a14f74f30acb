"""The weekly model of the capstone: the same in Python and in JavaScript, and policies that are worth what is told."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from liveshop.world.play import policies, weeks
from liveshop.world.play.search import search

CONSTANTS = Path(weeks.__file__).with_suffix(".json")
MODEL = CONSTANTS.parents[2] / "static" / "weeks.js"
SEEDS = np.arange(1, 401)
PLAYER = """
const fs = require("fs"), [model, constants, actions] = process.argv.slice(2);
const weeks = require(model)(JSON.parse(fs.readFileSync(constants)));
const results = JSON.parse(fs.readFileSync(actions)).map((own, index) => {
  const state = weeks.start(index + 1);
  const profits = own.map((action) => weeks.step(state, weeks.within(state, action)).profit);
  return [...profits, weeks.endValue(state)];
});
console.log(JSON.stringify(results));
"""


def _drawn_actions():
    """Actions by lot over all levers, for each seed and week, beyond the limits now and then."""
    random = np.random.default_rng(9)
    shape = len(SEEDS), weeks.constants().weeks
    usual = np.array(weeks.constants().media.usual)
    return {
        "rundown": random.integers(0, 3, shape),
        "hours": random.uniform(3, 45, shape).round(1),
        "coupon": random.integers(0, 3, shape),
        "agents": random.integers(0, 13, shape),
        "temporary": random.integers(0, 23, shape),
        "order": random.integers(0, 9000, shape),
        **{name: random.integers(0, 2, shape) for name in ("backup", "second", "review")},
        "media": (usual * random.uniform(0, 3, (*shape, 4))).round(0),
    }


@pytest.mark.skipif(not shutil.which("node"), reason="Node is not there")
def test_python_and_javascript_are_the_same_model(tmp_path):
    actions = _drawn_actions()
    lists = {name: values.tolist() for name, values in actions.items()}
    told = [
        [{name: values[index][week] for name, values in lists.items()} for week in range(12)]
        for index in range(len(SEEDS))
    ]
    (tmp_path / "actions.json").write_text(json.dumps(told))
    (tmp_path / "player.js").write_text(PLAYER)
    run = subprocess.run(
        ["node", "player.js", str(MODEL), str(CONSTANTS), "actions.json"],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )
    theirs = np.array(json.loads(run.stdout))
    state, ours = weeks.start(SEEDS), []
    for week in range(12):
        action = weeks.Action(**{name: values[:, week] for name, values in actions.items()})
        state, what = weeks.step(state, action.within(state))
        ours.append(what["profit"])
    ours = np.column_stack([*ours, weeks.end_value(state)])
    assert np.abs(ours - theirs).max() < 1e-6


def test_the_draws_are_uniform_and_nearly_normal():
    luck = weeks.Luck(np.arange(5000))
    draws = np.array([luck.uniform() for _ in range(20)])
    assert draws.min() >= 0 and draws.max() < 1 and draws.mean() == pytest.approx(0.5, abs=0.005)
    normal = np.array([luck.normal() for _ in range(10)])
    assert normal.mean() == pytest.approx(0, abs=0.02) and normal.std() == pytest.approx(1, abs=0.02)


def test_over_the_budget_media_shrink_and_levers_keep_their_limits():
    state = weeks.start([1, 2])
    action = weeks.Action(media=(50_000, 0, 0, 50_000), hours=80, agents=50).within(state)
    c = weeks.constants()
    assert (action.hours == c.room.hours_most).all() and (action.agents == c.service.agents_most).all()
    assert weeks.spent(state, action) == pytest.approx(c.money.budget)
    assert (action.media[:, 0] == action.media[:, 3]).all()


def test_looking_ahead_takes_no_luck():
    state = weeks.start(SEEDS[:20])
    before = state.luck.state.copy()
    first = weeks.step(state, weeks.Action().within(state), expected=True)[1]["profit"]
    again = weeks.step(state, weeks.Action().within(state), expected=True)[1]["profit"]
    assert (state.luck.state == before).all() and (first == again).all()


def test_temporary_agents_come_a_week_later_and_answer():
    state = weeks.start(SEEDS)
    with_help, _ = weeks.step(state, weeks.Action(agents=4, temporary=10).within(state))
    assert (with_help.temporary == 10).all()
    slow = {}
    for temporary in (0, 10):
        helped = weeks.start(SEEDS)
        helped.temporary = temporary + 0 * helped.active
        slow[temporary] = weeks.step(helped, weeks.Action(agents=4).within(helped))[1]["slow"].mean()
    assert slow[10] < slow[0] / 3


# Policies -------------------------------------------------------------------------------------------------------------

UNSEEN = np.arange(20001, 21001)  # used neither to search nor to choose
SCORES = {"habit": 963_000, "greedy": 1_336_000, "best": 2_298_000}  # yuan


@pytest.fixture(scope="module")
def played():
    """The three policies on the same thousand unseen seeds."""
    return {name: weeks.play(getattr(policies, name), UNSEEN) for name in SCORES}


def _lever(**change):
    """Score of the best policy with levers set otherwise, on the unseen seeds."""
    return weeks.score(weeks.play(lambda state: replace(policies.best(state), **change), UNSEEN).result)


def test_greedy_beats_habit_and_the_best_beats_greedy(played):
    scores = {name: weeks.score(one.result) for name, one in played.items()}
    assert scores == pytest.approx(SCORES, rel=1e-3)
    assert (played["greedy"].result > played["habit"].result).mean() > 0.99
    assert (played["best"].result > played["greedy"].result).mean() > 0.99
    assert played["greedy"].weeks.slow.mean() > 0.9 > 3 * played["best"].weeks.slow.mean()  # greedy lets them wait


def test_the_best_is_on_air_longer_in_the_festival_and_is_ready_for_it(played):
    best = played["best"].weeks
    assert best.hours[10] >= best.hours[9] and best.hours[11] >= best.hours[9]
    assert best.fill[[10, 11]].min() > 0.98 and best.temporary[[10, 11]].min() >= 3


def test_preparing_stock_and_desk_decides_and_every_lever_is_felt(played):
    base = weeks.score(played["best"].result)
    habit_of_stock = weeks.play(
        lambda state: replace(policies.best(state), order=np.maximum(3 * state.demand - state.ordered, 0)), UNSEEN)
    assert weeks.score(habit_of_stock.result) < base - 500_000
    felt = {
        "no temporary agents": _lever(temporary=0),
        "no planned rundown": _lever(rundown=0),
        "no review": _lever(review=0),
        "coupons to all": _lever(coupon=1),
        "usual media": _lever(media=None),
        "few hours": _lever(hours=15),
        "many hours": _lever(hours=36),
        "half the agents": _lever(agents=5),
    }
    assert {name: base - value > 20_000 for name, value in felt.items()} == dict.fromkeys(felt, True), felt


def test_the_search_finds_better_policies():
    _, begun = search(rounds=0, seeds=range(5001, 5021))
    found, reached = search(rounds=2, seeds=range(5001, 5021))
    assert set(found) == set(vars(weeks.constants().best)) and reached > begun
