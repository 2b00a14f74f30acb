"""Section 5.1 against the truth: the giveaway over twenty simulated seasons, where its comparison fails, and the rundown."""

import numpy as np
import pandas as pd
import pytest

from liveshop import load, methods, practice
from liveshop.course.chapter_5 import section_5_1

FIXED = ["host_id", "slot", "channel_id", "is_festival", "log_spend", "scene"]


def estimates(season):
    """The effects on log orders per click exactly as the notebook makes them, with their truths."""
    effects = methods.effects
    nights = season.streams.loc[lambda d: (d.product_clicks > 0) & ~d.is_trial.astype(bool)]
    prime = nights.groupby("slot").gmv.median().nlargest(2).index
    nights = nights.assign(log_ctor=np.log((nights.orders + 0.5) / (nights.product_clicks + 1)), log_spend=np.log1p(nights.promotion_spend),
                           treated=nights.opener == "giveaway", prime=nights.slot.isin(prime))
    slots = methods.rundown.slot_totals(season.rundown, season.stream_minutes)
    slots = slots[slots.stream_id.isin(nights.stream_id) & (slots.room_clicks > 0)]

    def summed(part, by):
        sums = part.groupby(["stream_id", by])[["room_orders", "room_clicks"]].sum().reset_index()
        return sums.assign(log_ctor=np.log((sums.room_orders + 0.5) / (sums.room_clicks + 1)))

    opened = slots.stream_id.map(nights.set_index("stream_id").treated).astype(bool)
    before_after = summed(slots[~opened & (slots.activity != "giveaway")], "after_giveaway")
    running = summed(slots[opened].assign(running=slots.slot_no == 1), "running")
    night = season.truth["opener.log_orders_per_click"]
    after = np.log1p(season.truth["giveaway.after.orders_per_click"])
    found = {
        "naive": (effects.pooled_effect(nights, "log_ctor", "treated"), night),
        "matched": (effects.matched_effect(nights, "log_ctor", "treated", ["host_id", "is_festival", "prime"]), night),
        "adjusted": (effects.adjusted_effect(nights, "log_ctor", "treated", FIXED), night),
        "within": (effects.within_effect(before_after, "log_ctor", "after_giveaway", "stream_id", weights="room_clicks"), after),
        "running": (effects.within_effect(running, "log_ctor", "running", "stream_id", weights="room_clicks"), night),
    }
    return [{"seed": season.seed, "method": name, "estimate": e.estimate, "low": e.interval[0], "high": e.interval[1], "truth": truth}
            for name, (e, truth) in found.items()]


@pytest.fixture(scope="module")
def recovered(seasons):
    table = pd.DataFrame([row for season in seasons for row in estimates(season)])
    return table.assign(covers=table.truth.between(table.low, table.high), bias=table.estimate - table.truth).set_index("method")


def test_there_are_twenty_seasons_and_the_truth_is_negative_in_each(recovered):
    assert recovered.loc["naive"].seed.nunique() == 20
    assert (recovered.truth < -0.1).all()


def test_the_naive_estimate_has_the_wrong_sign(recovered):
    naive = recovered.loc["naive"]
    assert (naive.estimate > 0).all() and not naive.covers.any()            # the text: every time, never


@pytest.mark.parametrize("method, covered, most_bias", [("matched", 19, 0.06), ("adjusted", 19, 0.04), ("within", 16, 0.10)])
def test_the_better_estimates_recover_sign_and_size(recovered, method, covered, most_bias):
    """95 % intervals over 20 seasons; the text says 19, 19 and 16, and that few rooms make the last too narrow."""
    better = recovered.loc[method]
    assert abs(better.covers.sum() - covered) <= 1, better.covers.sum()     # one more or less is rounding; more, and the text is stale
    assert (better.estimate < 0).mean() >= 0.9
    assert abs(better.bias.mean()) < most_bias, better.bias.mean()


def test_the_comparison_within_leans_towards_too_much(recovered):
    within = recovered.loc["within"]
    assert np.expm1(within.estimate.mean()) == pytest.approx(-0.27, abs=0.011) and np.expm1(within.truth.mean()) == pytest.approx(-0.23, abs=0.011)


def test_within_the_opened_night_the_damage_is_not_seen(recovered):
    """The failing case of the text: the rest of the night is spoiled too, so its comparison finds too little."""
    running = recovered.loc["running"]
    assert 0.55 < running.estimate.mean() / running.truth.mean() < 0.68       # the text says: about six tenths
    assert running.bias.mean() > 2 * abs(recovered.loc["adjusted"].bias.mean())


def test_the_rundown_model_finds_which_roles_hold_and_which_lose(seasons):
    """True hazard ratios against a profit slot: traffic 0.64, hero 0.76; half of a repeat's and a discount's effect at least."""
    models = [methods.rundown.fit(s.rundown, s.stream_minutes, s.products) for s in seasons[:8]]
    leave = pd.DataFrame([model.leave for model in models])
    assert (leave.traffic < leave.hero).all() and (leave.hero < 1).all()
    assert np.median([model.discount for model in models]) == pytest.approx(1.9, abs=0.6)
    assert np.median([model.repeat for model in models]) == pytest.approx(0.82, abs=0.08)


def test_the_computed_order_beats_habit_and_greedy_on_unseen_nights(seasons):
    gains = []
    for season in seasons[:10]:
        model = methods.rundown.fit(season.rundown, season.stream_minutes, season.products)
        rules = methods.rundown.Constraints(hero_from_minute=15)
        nights = season.rundown.groupby("stream_id").filter(lambda d: len(d) == 10 and not (d.activity == "giveaway").any())
        slots = methods.rundown.plan(nights[nights.stream_id == nights.stream_id.max()], season.products)
        margin = {name: section_5_1.unseen_nights(slots, order) for name, order in {
            "best": methods.rundown.optimise(slots, model, rules), "greedy": methods.rundown.greedy(slots, model, rules),
            "habit": methods.rundown.habit(slots, model, season.rundown, rules)}.items()}
        gains.append((margin["best"].mean() / margin["habit"].mean() - 1, margin["best"].mean() / margin["greedy"].mean() - 1))
    habit, greedy = np.transpose(gains)
    assert habit.mean() > 0.05 and (habit > 0).mean() >= 0.8, habit
    assert greedy.mean() > 0.05 and (greedy > 0).mean() >= 0.8, greedy


@pytest.fixture(scope="module")
def tables():
    return load()


def test_the_three_orders_look_as_the_text_says(tables):
    """Computed: every traffic product in front of a hero, a profit product first. Greedy: heroes in a string, traffic late. Habit: two traffic early."""
    model = methods.rundown.fit(tables.rundown, tables.stream_minutes, tables.products)
    given = tables.rundown.stream_id[tables.rundown.activity == "giveaway"]
    slots = tables.rundown[~tables.rundown.stream_id.isin(given)].groupby("stream_id").size()
    night = tables.rundown[tables.rundown.stream_id == slots[slots.between(6, 10)].index.max()]
    tonight, rules = methods.rundown.plan(night, tables.products), methods.rundown.Constraints(hero_from_minute=15)
    roles = lambda order: "".join(tonight.role.str[0].iloc[order])
    best = roles(methods.rundown.optimise(tonight, model, rules))
    greedy, habit = roles(methods.rundown.greedy(tonight, model, rules)), roles(methods.rundown.habit(tonight, model, tables.rundown, rules))
    assert len(best) == 10 and best[0] == "p" and best.count("th") == best.count("t") >= 2
    assert "hhhh" in greedy and "h" not in greedy[greedy.rindex("t"):]
    assert habit[:3].count("t") == 2


@pytest.mark.parametrize("exercise", ["5.1a", "5.1b", "5.1c"])
def test_the_exercises_know_right_wrong_and_not_attempted(exercise):
    assert practice.audit(exercise, load()) == []


def test_nine_of_the_ten_best_rooms_opened_with_a_giveaway(tables):
    assert (tables.streams.nlargest(10, "gmv").opener == "giveaway").sum() == 9


def test_the_evening_of_5_1c_has_a_better_order_than_habit_and_greedy(tables):
    orders, slots = section_5_1.rivals(tables), section_5_1.evening(tables)
    assert all(methods.rundown.allowed(slots, order, section_5_1.house_rules()) for order in orders.values())
    margin = {name: section_5_1.unseen_nights(slots, order).mean() for name, order in orders.items()}
    assert margin["optimum"] >= margin["best"] > 1.03 * max(margin["habit"], margin["greedy"])


def test_the_score_of_5_1c_grows_with_the_order(tables):
    practice.use(tables)
    letters = lambda order: "".join(section_5_1.LETTERS[at] for at in order)
    orders = section_5_1.rivals(tables)
    judge = section_5_1.BetterOrder(tables).judge
    assert judge(letters(orders["best"])).state == "right"
    assert judge(" ".join(letters(orders["best"]).lower())).state == "right"
    assert judge(letters(orders["habit"])).share == 0


def test_the_truth_that_the_section_opens_is_in_its_file(tables):
    derived = tables.truth
    for name in ("opener.log_orders_per_click", "giveaway.after.orders_per_click", "opener.entries", "opener.gmv",
                 "opener.margin_after_prizes", "scene.log_conversion"):
        assert name in derived
