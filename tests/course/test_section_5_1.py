"""Section 5.1 against the truth: the giveaway over twenty simulated seasons, where it fails, and the rundown."""

import numpy as np
import pandas as pd
import pytest

from liveshop import methods, metrics, practice
from liveshop.course.chapter_5 import samples, section_5_1, sheets

NIGHT, AFTER = "opener.log_orders_per_click", "giveaway.after.log_orders_per_click"


def test_there_are_twenty_seasons_and_the_truth_is_negative_in_each(recovered):
    for truth, method in ((NIGHT, "naive"), (AFTER, "within")):
        rows = recovered.loc[truth, method]
        assert rows.seed.nunique() == len(rows) == 20
        assert (rows.true < -0.1).all()


def test_the_naive_estimate_has_the_wrong_sign(recovered):
    naive = recovered.loc[NIGHT, "naive"]
    assert (naive.estimate > 0).all() and not naive.covers.any()


@pytest.mark.parametrize(("truth", "method", "covered", "most_bias"), [
    (NIGHT, "matched", 0.9, 0.06), (NIGHT, "adjusted", 0.9, 0.04), (AFTER, "within", 0.75, 0.10),
    (AFTER, "within, same shelf", 0.8, 0.06)])
def test_the_better_estimates_recover_sign_and_size(truth, method, covered, most_bias, recovered):
    """95 % intervals over twenty seasons; few rooms make those within broadcasts too narrow."""
    better = recovered.loc[truth, method]
    assert better.covers.mean() >= covered
    assert (better.estimate < 0).mean() >= 0.9
    assert abs(better.bias.mean()) < most_bias


def test_the_comparison_within_leans_towards_too_much_and_is_too_sure(recovered):
    within, adjusted = recovered.loc[AFTER, "within"], recovered.loc[NIGHT, "adjusted"]
    assert -0.1 < within.bias.mean() < 0
    assert within.covers.mean() < adjusted.covers.mean()


def test_what_is_on_the_shelf_differs_before_and_after(recovered, tables):
    """Other products follow a giveaway than come before it; with the shelf held fixed the estimate scatters less."""
    slots = samples.mid_show(tables)
    both = slots.groupby("stream_id").after_giveaway.transform("nunique") > 1
    clicks = slots[both].groupby(["after_giveaway", "role"]).room_clicks.sum().unstack()
    share = clicks.div(clicks.sum(axis=1), axis=0).traffic
    assert share[0] > 1.5 * share[1]
    spread, held = (recovered.loc[AFTER, method].bias.std() for method in ("within", "within, same shelf"))
    assert held < 0.9 * spread


def test_within_the_opened_night_the_damage_is_not_seen(recovered):
    """The failing case of the text: the rest of the night is spoiled too, so its comparison finds too little."""
    running = recovered.loc[NIGHT, "within the opened night"]
    assert 0.55 < running.estimate.mean() / running.true.mean() < 0.68
    assert running.bias.mean() > 2 * abs(recovered.loc[NIGHT, "adjusted"].bias.mean())


def test_the_rundown_model_finds_which_roles_hold_and_which_lose(recovered):
    """Leaving against a profit slot; half of a repeat's and of a discount's effect at least."""
    traffic, hero = (recovered.loc[f"rundown.{role}_hazard_against_profit", "rundown model"].set_index("seed").estimate
                     for role in ("traffic", "hero"))
    assert (traffic < hero).all() and (hero < 1).all()
    for truth, within in (("rundown.discount_lift", 0.6), ("rundown.repeat_fatigue", 0.15)):
        rows = recovered.loc[truth, "rundown model"]
        assert rows.estimate.median() == pytest.approx(rows.true.iloc[0], abs=within)
    assert (1 - recovered.loc["rundown.repeat_fatigue", "rundown model"].estimate > 0.5 * 0.25).mean() >= 0.9


@pytest.mark.parametrize("other", ["habit", "greedy"])
def test_the_computed_order_beats_habit_and_greedy_on_unseen_nights(other, recovered):
    gain = recovered.loc[f"rundown.gain_over_{other}", "computed order"].true
    assert gain.mean() > 0.05 and (gain > 0).mean() >= 0.8


def test_the_three_orders_have_their_shapes(tables):
    """Computed: every traffic product in front of a hero, a profit product first. Greedy: heroes in a string, traffic
    late. Habit: two traffic early."""
    model = methods.rundown.fit(tables.rundown, tables.stream_minutes, tables.products)
    tonight, rules = samples.tonight(tables), samples.nobody_sells_to_an_empty_room()
    best, greedy, habit = ("".join(tonight.role.str[0].iloc[order]) for order in (
        methods.rundown.optimise(tonight, model, rules), methods.rundown.greedy(tonight, model, rules),
        methods.rundown.habit(tonight, model, tables.rundown, rules)))
    assert len(best) == 10 and best[0] == "p" and best.count("th") == best.count("t") >= 2
    assert "hhhh" in greedy and "h" not in greedy[greedy.rindex("t"):]
    assert habit[:3].count("t") == 2


@pytest.mark.parametrize("exercise", ["5.1a", "5.1b", "5.1c"])
def test_the_exercises_know_right_wrong_and_not_attempted(exercise, tables):
    assert practice.audit(exercise, tables) == []


def test_nine_of_the_ten_best_rooms_opened_with_a_giveaway(tables):
    assert (tables.streams.nlargest(10, "gmv").opener == "giveaway").sum() == 9


def test_the_evening_of_5_1c_has_a_better_order_than_habit_and_greedy(tables):
    orders, slots = section_5_1.rivals(tables), samples.evening(tables)
    assert all(methods.rundown.allowed(slots, order, samples.house_rules()) for order in orders.values())
    margin = {name: samples.unseen_nights(slots, order).mean() for name, order in orders.items()}
    assert margin["optimum"] >= margin["best"] > 1.03 * max(margin["habit"], margin["greedy"])


def test_the_score_of_5_1c_grows_with_the_order(tables):
    def letters(order):
        return "".join(samples.LETTERS[at] for at in order)

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


def test_the_samples_of_the_giveaway_leave_out_what_they_must(tables):
    slots, nights = samples.mid_show(tables), samples.opened(tables)
    assert not nights.is_trial.any() and nights.prime.mean() == pytest.approx(
        nights.slot.isin(nights.slot[nights.prime].unique()).mean())
    assert (slots.activity != "giveaway").all() and (slots.room_clicks > 0).all()
    assert not slots.stream_id.isin(nights.stream_id[nights.treated]).any()
    sums = samples.summed(slots, "after_giveaway")
    assert sums.room_orders.sum() == slots.room_orders.sum() and np.isfinite(sums.log_ctor).all()


def test_a_ratio_of_sums_has_the_error_of_whole_broadcasts():
    frame = pd.DataFrame({"role": "hero", "stream_id": ["a", "a", "b", "c"], "exits": [1, 2, 4, 9],
                          "viewer_minutes": [5, 5, 20, 30]})
    found = samples.ratio_by(frame, "exits", "viewer_minutes", "role").loc["hero"]
    off = np.array([3, 4, 9]) - 16 / 60 * np.array([10, 20, 30])
    error = np.sqrt((off**2).sum() * 3 / 2) / 60
    assert found.estimate == pytest.approx(16 / 60)
    assert (found.high - found.low) / (2 * 1.96) == pytest.approx(error)


def test_an_ordinary_night_keeps_what_the_margin_of_the_course_keeps(tables):
    """At the usual cut an order leaves what `metrics.contribution` says of all orders of the rooms."""
    lines = tables.orders[(tables.orders.source == "live") & tables.orders.paid.notna()]
    sums = metrics.contribution(lines, tables.refunds, tables.products, tables.channels).iloc[0]
    model = methods.rundown.fit(tables.rundown, tables.stream_minutes, tables.products)
    night = samples.ordinary_night(tables, samples.opened(tables), model)
    each = samples.contribution_of(night, night.usual_cut, 1000, 1.0)
    assert each == pytest.approx(sums.contribution / lines.order_id.nunique(), rel=0.05)
    assert samples.contribution_of(night, night.usual_cut, 1000, 1.0, prizes=400) == pytest.approx(each - 400)


def test_the_sheet_of_a_night_names_what_comes_next(tables):
    sheet = sheets.night_sheet(samples.tonight(tables), tables.products)
    assert sheet.minute.iloc[0] == 0 and sheet.minute.is_monotonic_increasing
    assert all(sheet["product"].iloc[at + 1] in sheet.line.iloc[at] for at in range(len(sheet) - 1))
    assert (sheet.interaction == sheets.DRAW).sum() == 1 and "ordered" in sheets.DRAW
