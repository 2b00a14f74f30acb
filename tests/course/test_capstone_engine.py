"""The capstone's engine: a ledger that adds up, a log with true reasons, views without secrets, honest replays."""

from __future__ import annotations

import json
import math
import re
import subprocess
from dataclasses import asdict, replace

import numpy as np
import pytest

from liveshop import medium
from liveshop.course.chapter_9 import capstone
from liveshop.course.chapter_9.capstone import log, replay
from liveshop.course.chapter_9.capstone.game import Week, lever_values, so_far, views
from liveshop.course.chapter_9.capstone.tool import limits
from liveshop.course.chapter_9.capstone.view import NUMBERS, SWITCHES
from liveshop.world.play import policies, weeks

SEEDS = range(301, 341)
FEN = 0.005  # CNY
C = weeks.constants()


def plan(seed):
    """Twelve decisions by lot, within the limits of the levers, often over the budget."""
    random = np.random.default_rng(seed)
    media, most = {kind: float(random.integers(0, 20_000)) for kind in C.kinds}, 9000 if seed % 2 else 3000
    return [
        capstone.Decision(
            rundown=str(random.choice(C.rundowns)), hours=float(random.integers(6, 41)),
            media={kind: money * float(random.integers(0, 3)) for kind, money in media.items()},
            coupon=str(random.choice(C.coupons)), agents=float(random.integers(0, 11)),
            temporary=float(random.integers(0, 21)), order=float(random.integers(0, most)),
            **{name: bool(random.integers(0, 2)) for name in SWITCHES})
        for _ in range(12)
    ]


def wild(view):
    """Decisions that differ by seed, now and then outside the limits."""
    size = view.signal - math.floor(view.signal)
    return {"hours": 60 * size, "agents": 20 * size - 3, "order": 9000 * size - 1000, "media": {"feed": 90_000 * size},
            "rundown": C.rundowns[int(3 * size)], "coupon": C.coupons[int(3 * size)]}


# --- the ledger -----------------------------------------------------------------------------------

@pytest.mark.parametrize("strategy", [capstone.HABIT, capstone.GREEDY, capstone.BEST, wild, plan(1), plan(2)])
def test_the_ledger_adds_up_to_the_fen(strategy):
    game = capstone.play(strategy, SEEDS)
    for week in game.weeks:                                              # seed by seed
        assert np.abs(sum(week.posts.values()) - week.told["profit"]).max() < FEN
    ledger = game.ledger
    assert np.abs(ledger.drop(columns="profit").sum(axis=1) - ledger.profit).max() < FEN
    assert abs(ledger.profit.sum() - game.profit.mean()) < FEN
    assert abs(game.ends.sum() - game.value.mean()) < FEN
    assert np.abs(game.profit + game.value - game.result).max() < FEN
    assert set(ledger) == {*capstone.words()["posts"], "profit"}
    assert set(game.ends.index) == set(capstone.words()["ends"])


def test_posts_by_hand():
    """The costs of one week, reckoned from the constants alone."""
    one = capstone.Decision(rundown="planned", hours=20, media=dict(feed=1000, search=0, influencer=2000, content=300),
                            agents=5, temporary=2, backup=True, second=True, review=True)
    first, second = capstone.play([one] * 12, [7]).ledger.to_dict("records")[:2]
    assert (first["hours"], first["feed"], first["influencer"], first["content"]) == (-20 * 435, -1000, -2000, -300)
    assert (first["planning"], first["prizes"], first["agents"]) == (-1800, 0, -7000)
    assert (first["temporary"], second["temporary"]) == (0, -3800)           # booked a week ahead
    assert (first["backup"], first["second"], first["review"], first["fixed"]) == (-1500, -2500, -700, -52_000)


def test_the_known_policies_are_those_of_the_world():
    """The same results as the world's own play, on seeds of its tests."""
    for known in replay.KNOWN:
        theirs = weeks.play(known.policy, np.arange(1, 31))
        ours = capstone.play(known, range(1, 31))
        assert np.allclose(ours.result, theirs.result) and ours.score == pytest.approx(weeks.score(theirs.result))
    table = capstone.standing(capstone.BEST, range(20001, 20101), name="the same")
    assert list(table.index[-2:]) == ["greedy", "habit"] and table.score.iloc[0] == table.score.iloc[1]


# --- decisions ------------------------------------------------------------------------------------

@pytest.mark.parametrize(("given", "said"), [
    ({"rundown": "party"}, "rundown: 'party' is no choice"),
    ({"rundown": 7}, "rundown: '7' is no choice"),
    ({"rundown": ["habit"]}, "is no choice"),
    ({"coupon": None}, "coupon: 'None' is no choice"),
    ({"hours": "20"}, "hours: '20' is no number"),
    ({"hours": math.nan}, "hours: 'nan' is no number"),
    ({"agents": math.inf}, "agents: 'inf' is no number"),
    ({"order": [1]}, "order: '[1]' is no number"),
    ({"order": 10**400}, "is no number"),
    ({"backup": "yes"}, "backup: 'yes' is no choice; give one of True, False"),
    ({"media": 5}, "media: give CNY for each of feed"),
    ({"media": {"tv": 5}}, "media: give CNY for each of feed"),
    ({"media": {"feed": "all"}}, "media feed: 'all' is no number"),
    ({"profit": 10**9}, "There is no lever 'profit'"),
    ({1: 2}, "There is no lever '1'"),
    (None, "A decision is a dict of levers, not NoneType"),
    ("planned", "not str"),
])
def test_what_is_no_decision_is_said_in_one_sentence_with_its_week(given, said):
    with pytest.raises(ValueError, match="Week 1, seed 3: ") as stopped:
        capstone.play(lambda view: given, [3])
    assert said in str(stopped.value) and len(str(stopped.value)) < 250


def test_a_lever_left_out_is_the_houses_own_and_media_may_be_a_part():
    left = capstone.decision({"media": {"feed": 0}})
    assert left.media == {"feed": 0, **dict(list(zip(C.kinds, C.media.usual, strict=True))[1:])}
    assert (left.rundown, left.hours, left.agents, left.order) == ("habit", C.room.hours, 4, 0)
    assert capstone.decision({"backup": np.True_, "hours": np.int64(20)}).backup is True


def test_a_plan_has_twelve_weeks():
    with pytest.raises(ValueError, match="A plan has 12 weeks; this one has 11"):
        capstone.play(plan(1)[:11], [1])


def test_beyond_the_limits_levers_stay_at_them_and_the_log_says_so():
    game = capstone.play(lambda view: {"hours": 99, "agents": -2, "order": 10**9, "media": {"feed": 10**12}}, [5])
    row = game.log.iloc[0]
    assert (row.hours, row.agents, row.order) == (C.room.hours_most, 0, C.goods.order_most)
    for sentence in ("Hours on air: 99 is outside the limits; 40 was used.", "Agents: -2 is outside the limits; 0 was",
                     "Pieces to order: 1000000000 is outside", "Media were cut by"):
        assert sentence in row.happened
    assert row.feed + row.search + row.influencer + row.content == pytest.approx(C.money.budget)


# --- views ----------------------------------------------------------------------------------------

def test_a_view_is_plain_and_tells_no_luck_and_no_hidden_state():
    """The same view on two states that differ in all that is hidden; and JSON takes it whole."""
    seen = []
    capstone.play(lambda view: seen.append(view) or {}, [11])
    assert [view.week for view in seen] == list(range(1, 13)) and seen[9].festival and not seen[8].festival
    assert seen[0].first_day == "2025-09-01" and seen[11].first_day == "2025-11-17" and seen[11].ahead == ()
    again = capstone.View(**json.loads(json.dumps(asdict(seen[5]))))
    assert again.last["decided"]["rundown"] == "habit" and len(again.past) == 5 and again.ordered == seen[5].ordered
    state = weeks.start([11])
    hidden = replace(state, stress=[9, 9, 9], trust=state.trust + 0.5, fatigue=state.fatigue + 1, wear=state.wear + 1,
                     anchor=state.anchor + 1, luck=None, media=state.media * 2)
    assert views(state, [[]], [0.0]) == views(hidden, [[]], [0.0])
    assert state.week == 0 and seen[0] == views(state, [[]], [0.0])[0]


def test_a_strategy_is_told_last_weeks_results():
    seen = []
    game = capstone.play(lambda view: seen.append(view) or {"order": view.asked}, [11, 12])
    for index in (0, 1):
        told = [view for view in seen if view.week == 7][index]
        assert told.last["profit"] == pytest.approx(game.weeks[5].told["profit"][index])
        assert told.profit == pytest.approx(sum(week.told["profit"][index] for week in game.weeks[:6]))
        assert told.asked == told.last["asked"] == pytest.approx(game.weeks[5].after.demand[index])
        assert told.past[-2]["signal"] == pytest.approx(game.weeks[4].before.signal[index])
        assert told.last["decided"]["order"] == pytest.approx(game.weeks[5].before.demand[index])


def test_each_seed_is_played_by_its_own_views():
    def answer(view):
        return {"order": max(3 * view.asked - view.ordered, 0), "second": view.signal > 0.5}
    both = capstone.play(answer, [4, 9])
    assert np.allclose(both.result, [capstone.play(answer, [seed]).result.iloc[0] for seed in (4, 9)])


def test_so_far_is_the_beginning_of_the_whole():
    decisions = plan(3)
    begun, view = so_far(decisions[:5], 8)
    whole = capstone.play(decisions, [8])
    assert np.allclose(begun.ledger, whole.ledger[:5]) and view.week == 6
    assert view.profit == pytest.approx(whole.curve[5]) and view.last["profit"] == pytest.approx(whole.ledger.profit[5])


# --- the log --------------------------------------------------------------------------------------

def test_every_reason_comes_about_and_is_true():
    """Over many games each sentence is met, and its number is what the model says."""
    games = [capstone.play(decisions, range(1, 61)) for decisions in map(plan, range(4))]
    said = "\n".join(sentence for game in games for sentence in game.log.happened)
    for name, text in capstone.words()["why"].items():
        if name not in ("quiet", "limited"):
            assert re.search(re.sub(r"\\\{\w+\\\}", r"[\\d,.]+", re.escape(text)), said), name
    for game in games:
        for row in game.log.itertuples():
            week, index = game.weeks[row.week - 1], list(game.seeds).index(row.seed)
            told = {name: float(values[index]) for name, values in week.told.items()}
            assert ("An outage" in row.happened) == (told["outage"] > 0)
            assert ("A fine of" in row.happened) == (told["fine"] > 0)
            assert ("Stock ran out" in row.happened) == (told["unserved"] >= 1)
            if found := re.search(r"unfilled because of it: ([\d,]+)", row.happened):
                asked = (told["live_orders"] + told["member_orders"]) / told["fill"]
                assert float(found[1].replace(",", "")) == pytest.approx(asked * (1 - told["fill"]), abs=0.51)
            if "Media were cut" in row.happened:
                assert told["spent"] == pytest.approx(max(weeks.budget(row.week - 1), told["spent"]))


def test_a_quiet_week_is_called_quiet():
    week = capstone.play(plan(1), [1]).weeks[0]
    nothing = {name: 0 * values for name, values in week.told.items()}
    still = replace(week.before, fatigue=np.zeros(1), anchor=np.zeros(1), trust=np.array([C.start.trust]))
    calm = replace(week.done, coupon=np.array([0]))
    assert log.happened(Week(still, calm, calm, nothing, week.after), 0) == ["Nothing out of the ordinary."]


# --- replays --------------------------------------------------------------------------------------

def test_costliest_is_the_difference_of_two_plays():
    """By the long way: one decision exchanged by hand, all others kept, both plays compared."""
    decisions = plan(5)
    base = capstone.play(decisions, [6])
    table = capstone.costliest(decisions, 6)
    assert len(table) > 100 and table.gain.is_monotonic_decreasing
    for row in table.iloc[[0, 1, 20, 60, len(table) - 1]].itertuples():
        instead = {**asdict(decisions[row.week - 1])}
        if row.lever in C.kinds:
            instead["media"] = {**instead["media"], row.lever: row.instead}
        else:
            instead[row.lever] = bool(row.instead) if row.lever in SWITCHES else row.instead
        changed = [*decisions[: row.week - 1], capstone.Decision(**instead), *decisions[row.week:]]
        gain = capstone.play(changed, [6]).result.iloc[0] - base.result.iloc[0]
        assert gain == pytest.approx(row.gain, abs=FEN), row
        state = base.weeks[row.week - 1].before
        if row.lever in NUMBERS:
            assert getattr(policies.best(state).within(state), row.lever)[0] == row.instead
            assert getattr(decisions[row.week - 1], row.lever) == row.decided


def test_the_best_known_has_nothing_to_exchange_with_itself():
    assert capstone.costliest(capstone.BEST, 3).empty
    assert capstone.costliest(capstone.HABIT, 3, against=capstone.HABIT).empty


@pytest.mark.parametrize(
    ("week", "lever", "value", "instead"), [(5, "agents", 0.0, 10.0), (3, "coupon", "all", "silent")])
def test_a_planted_mistake_is_named(week, lever, value, instead):
    """The best known's own weeks with one decision spoiled: that one costs most, and the best known's stands beside."""
    decisions = [lever_values(one.done, 0) for one in capstone.play(capstone.BEST, [12]).weeks]
    decisions[week - 1][lever] = value
    table = capstone.costliest(decisions, 12)
    assert tuple(table.iloc[0, :4]) == (week, lever, value, instead)
    assert table.gain[0] > 3 * table.gain[1] > 0


def test_compare_is_on_the_same_luck():
    table = capstone.compare(capstone.HABIT, 2)
    assert list(table) == ["yours", "habit", "greedy", "best known"] and (table.yours == table.habit).all()
    assert table["best known"].iloc[-1] == pytest.approx(capstone.play(capstone.BEST, [2]).profit.iloc[0])


# --- the same in JavaScript -----------------------------------------------------------------------

PLAYER = """
const fs = require("fs"), [weeks, replaying, given] = process.argv.slice(2);
const { constants, words, plans } = JSON.parse(fs.readFileSync(given));
const model = require(weeks)(constants), replays = require(replaying)(model, constants, words);
console.log(JSON.stringify(plans.map(({ plan, seed }) => {
  const game = replays.play(plan, seed), states = game.weeks.map((week) => week.before);
  return {
    posts: game.weeks.map((week) => week.posts), ends: game.ends, profit: game.profit, result: game.result,
    said: game.weeks.map(replays.happened), best: states.map(model.best), costly: replays.costliest(plan, seed),
  };
})));
"""


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """Games by lot in Python, and the same as JavaScript plays them: a list of (game, seed, what JavaScript tells)."""
    folder = tmp_path_factory.mktemp("capstone")
    drawn = [(plan(seed), 100 + seed) for seed in range(12)]
    plans = [
        {"seed": seed, "plan": [{
            **asdict(one), "media": list(one.media.values()), "rundown": C.rundowns.index(one.rundown),
            "coupon": C.coupons.index(one.coupon), **{name: int(getattr(one, name)) for name in SWITCHES},
        } for one in decisions]} for decisions, seed in drawn
    ]
    given = {"constants": json.loads(json.dumps(C, default=vars)), "words": capstone.words(), "plans": plans}
    (folder / "given.json").write_text(json.dumps(given))
    (folder / "player.js").write_text(PLAYER)
    run = subprocess.run(
        ["node", "player.js", str(medium.STATIC / "weeks.js"), str(medium.STATIC / "replays.js"), "given.json"],
        cwd=folder, capture_output=True, text=True, check=True)
    return [(decisions, seed, theirs) for (decisions, seed), theirs in zip(drawn, json.loads(run.stdout), strict=True)]


def test_javascript_has_the_same_ledger_and_the_same_reasons(both):
    for decisions, seed, theirs in both:
        game = capstone.play(decisions, [seed])
        for week, posts in zip(game.weeks, theirs["posts"], strict=True):
            assert list(posts) == list(week.posts)
            ours = [float(value[0]) for value in week.posts.values()]
            assert np.allclose(list(posts.values()), ours, atol=FEN, rtol=0)
        assert list(theirs["ends"]) == list(game.ends.index)
        assert np.allclose(list(theirs["ends"].values()), game.ends, atol=FEN, rtol=0)
        assert theirs["result"] == pytest.approx(game.result.iloc[0], abs=FEN)
        assert [" ".join(sentences) for sentences in theirs["said"]] == list(game.log.happened)


def test_javascript_knows_the_same_best_policy(both):
    for decisions, seed, theirs in both:
        for week, best in zip(capstone.play(decisions, [seed]).weeks, theirs["best"], strict=True):
            ours = policies.best(week.before)
            for name in ("rundown", "coupon", *NUMBERS, *SWITCHES):
                assert float(np.asarray(getattr(ours, name)).reshape(-1)[0]) == pytest.approx(best[name])
            assert np.allclose(ours.media, best["media"])


def test_javascript_names_the_same_costliest_decisions(both):
    for decisions, seed, theirs in both:
        ours = capstone.costliest(decisions, seed)
        assert len(ours) == len(theirs["costly"])
        gains = {(row.week, row.lever): row.gain for row in ours.itertuples()}
        assert all(one["gain"] == pytest.approx(gains[one["week"], one["lever"]], abs=FEN) for one in theirs["costly"])
        assert [one["gain"] for one in theirs["costly"]] == pytest.approx(list(ours.gain), abs=FEN)


# --- by hand --------------------------------------------------------------------------------------

def test_the_form_of_a_kernel_plays_the_weeks(monkeypatch):
    shown = []
    monkeypatch.setenv(medium.VARIABLE, "live")
    monkeypatch.setattr("IPython.display.display", shown.append)
    mine = capstone.desk(seed=4)
    assert len(shown) == 1 and mine.plan == [] and "Week 1 of 12, from 1 September 2025" in mine.situation.value
    assert "decided 21,350 CNY: 20,650 CNY left." in mine.money.value
    mine.boxes["feed"].value = 80_000
    assert "50,250 CNY too much, so media will shrink." in mine.money.value
    mine.boxes["feed"].value, mine.boxes["order"].value = 9_100, 2_600
    mine.boxes["rundown"].value, mine.boxes["review"].value = "planned", True
    for _ in range(12):
        mine.button.click()
    game = capstone.play([capstone.Decision(rundown="planned", order=2_600, review=True)] * 12, [4])
    assert f"Your result is {game.result[4]:,.0f} CNY." in mine.said.value and mine.button.disabled
    assert f"<td>{capstone.costliest(mine.plan, 4).gain[0]:,.0f}</td>" in mine.said.value
    assert "<th>Rooms' margin</th>" in mine.said.value and "<td>Coupon of 20 yuan</td>" in mine.said.value
    mine.close()                                                             # over is over
    assert len(mine.plan) == 12 and capstone.play(mine.plan, [4]).result[4] == pytest.approx(game.result[4])


def test_the_form_has_every_lever_and_its_limits():
    assert set(capstone.LEVERS) - {"media"} == {*NUMBERS, *SWITCHES, "rundown", "coupon"}
    assert set(limits()) == {*NUMBERS, *C.kinds}
    assert set(capstone.words()["levers"]) == {*limits(), *SWITCHES, "rundown", "coupon"}
