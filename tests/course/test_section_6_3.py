"""Section 6.3 against the truth over twenty seasons: what a coupon moves, what seconds cost, whom to treat."""

import numpy as np
import pandas as pd
import pytest

from liveshop import load
from liveshop.course.chapter_6 import samples
from liveshop.course.chapter_6.section_6_3 import Tier
from recovered import of, off, unbiased

SENT = "coupon-may.effect_on_treated"
FIFTH, EARNED, TO_WIN = "orders a coupon of the best fifth", "yuan a member of the coupon list", "orders to be won"


# ------------------------------------------------------------------------------------------- the coupon

def test_the_trial_holds_the_truth():
    rows = of("coupon.effect", "by coin")
    assert len(rows) == 20 and rows.covers.mean() >= 0.9 and unbiased(rows)
    assert 0.25 < (rows.low <= 0).mean() < 0.75                # of half the size: right, and says little


def test_the_silent_are_moved_as_truly_planted():
    silent, every = of(f"coupon.effect: {samples.SILENT}", "by coin"), of("coupon.effect", "by coin")
    assert (silent.estimate - silent.true).mean() == pytest.approx(0, abs=0.04)
    assert (silent.estimate > every.estimate).mean() >= 0.95


def test_counting_users_and_chosen_buyers_is_far_out_in_every_season():
    assert (off(of("coupon.effect", "naive")) > 9).all()
    chosen = of(SENT, "naive")
    assert (chosen.estimate > chosen.true + 0.2).all()


def test_uplift_beats_lots_and_propensity_on_unseen_members():
    uplift, lot, likely = (of(FIFTH, how) for how in ("by predicted uplift", "by lot", "naive"))
    assert (uplift.estimate > likely.estimate).all() and (uplift.estimate > lot.estimate).mean() >= 0.9
    assert 0.65 < (uplift.estimate / uplift.true).mean() < 0.85
    assert (likely.estimate < lot.estimate).mean() >= 0.9


def test_it_fails_where_matching_stands_in_for_a_coin():
    """The manager's choice is more than a count of eight weeks: matched members still differ."""
    matched = of(SENT, "matched on orders before")
    assert matched.estimate.mean() > 3 * matched.true.mean() and matched.covers.mean() < 0.85


def test_it_fails_with_a_small_trial_and_with_raw_numbers():
    uplift, few, numbers, lot = (of(FIFTH, how).estimate for how in (
        "by predicted uplift", "by uplift, a tenth of the trial", "by uplift, raw numbers", "by lot"))
    assert few.mean() < 0.75 * uplift.mean() and (few < lot).any()
    assert numbers.mean() < 0.75 * uplift.mean()


def test_the_best_share_promises_more_than_it_keeps():
    promised, kept = of(EARNED, "the half that chose it"), of(EARNED, "the unseen half")
    assert promised.estimate.mean() > 1.5 * promised.true.mean() and unbiased(kept)


# ------------------------------------------------------------------------------------------- the funnel

@pytest.mark.parametrize("cause", ["visit.load_effect: viewed", "visit.load_effect: carted", "visit.checkout_effect"])
def test_seconds_and_minutes_cost_what_was_planted(cause):
    rows = of(cause, "at equal device")
    assert rows.covers.sum() >= 17
    assert (rows.estimate < 1).all() and rows.estimate.mean() == pytest.approx(rows.true.iloc[0], abs=0.01)


def test_orders_to_win_are_those_of_the_true_causes():
    assert off(of(TO_WIN, "measured causes")).mean() == pytest.approx(0, abs=0.05)
    assert off(of(TO_WIN, "measured causes")).abs().max() < 0.12


def test_the_lowest_rate_is_the_basket_and_the_gap_to_the_best_device_promises_too_much():
    visits = samples.shop_visits(load())
    reached = pd.Series({"visits": len(visits), **visits[samples.STEPS].sum()})
    assert (reached / reached.shift()).idxmin() == "carted"
    assert (off(of(TO_WIN, "naive")) > 0.3).all() and 0.7 < off(of(TO_WIN, "naive")).mean() < 1.1       # nearly twice


def test_it_fails_when_devices_are_thrown_together():
    """Slow devices are other people: the pooled ratio blames the seconds for them too."""
    pooled = of("visit.load_effect: viewed", "naive")
    assert (pooled.estimate < pooled.true).mean() >= 0.9


# ------------------------------------------------------------------------------------------- the tier

def test_a_tier_at_its_break_even_share_earns_nothing():
    """Baskets drawn anew: with exactly that share climbing, reward and margin cancel."""
    baskets = pd.Series(np.random.default_rng(1).gamma(2, 100, 200_000))
    tier, reward, piece = 199, 8, 69
    gain = 0.59 * piece - reward
    share = samples.tiers(baskets, [tier], reward, gain, piece).break_even[0]
    near, above = baskets.between(tier - piece, tier, inclusive="left"), baskets >= tier
    luck = np.random.default_rng(2).random(len(baskets))

    def profit(climbing):
        return (gain * (near & (luck < climbing)) - reward * above).mean()

    assert 0 < share < 1 and profit(share) == pytest.approx(0, abs=0.05) and profit(share / 2) < -1


def test_the_exercise_on_the_tier_needs_paid_orders_and_the_margin():
    tables = load()
    tier = Tier(tables)
    best, share = tier.right()
    assert best < tier.baskets.mean() and share == tier.table().break_even[best] and 0.2 < share < 0.8
