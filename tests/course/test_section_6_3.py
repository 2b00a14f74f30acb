"""Section 6.3 against the truth over twenty seasons: what a coupon moves, what seconds cost, whom to treat, and where each method fails."""

import numpy as np
import pandas as pd
import pytest

from liveshop import methods


def trial_of(season, name="coupon-july"):
    """The trial with the states of the order book and the true uplift of each member, as the notebook makes it."""
    trial = season.experiments.query("experiment_id == @name").sort_values("unit_id", ignore_index=True)
    trial["treated"] = trial.arm == "coupon"
    day, orders = trial.assigned.min(), season.orders
    trial["used"] = trial.unit_id.isin(orders[orders.coupon_id.eq(name) & orders.paid.notna()].customer_id.astype(str))
    book = orders[orders.paid.notna() & (orders.created < day) & (orders.source == "social")].drop_duplicates("order_id")
    known = book.groupby(book.customer_id.astype(str)).created.agg(["size", "max"]).reindex(trial.unit_id)
    silent, few = (day - known["max"]).dt.days, known["size"] < 3
    trial["state"] = np.select([known["size"].isna(), (silent <= 28) & few, silent <= 28, silent <= 70],
                               ["no order yet", "occasional", "regular", "silent 4 to 10 weeks"], "silent longer")
    trial["so_far"], trial["silent"] = known["size"].fillna(0).to_numpy(float), silent.fillna(200).to_numpy(float)
    customers = season.customers
    trial["segment"] = trial.unit_id.map(pd.Series(customers.segment.to_numpy(), customers.customer_id.astype(str)))
    if name == "coupon-july":
        cells = season.truth["coupon.effect_by_cell"]
        trial["true_uplift"] = [cells[state].get(segment, {"orders": 0.0})["orders"] for state, segment in zip(trial.state, trial.segment)]
    return trial


def score(learn, unseen, features, rule="predict", share=0.2):
    """True orders per coupon when the best-scored fifth of the unseen half is treated."""
    model = methods.uplift.two_models(learn, "outcome", "treated", features)
    best = unseen.assign(score=getattr(model, rule)(unseen)).nlargest(int(share * len(unseen)), "score")
    return best.true_uplift.mean()


@pytest.fixture(scope="module")
def coupons(seasons):
    rows = []
    for season in seasons:
        july, may = trial_of(season), season.experiments.query("experiment_id == 'coupon-may'").assign(treated=lambda d: d.arm == "coupon")
        whole = methods.uplift.effect_by_group(july, "outcome", "treated").loc["all"]
        matched = methods.effects.matched_effect(may, "outcome", "treated", ["before"])
        learn, unseen = july.iloc[::2], july.iloc[1::2]
        few = learn.sample(len(learn) // 10, random_state=season.seed)
        model = methods.uplift.two_models(learn, "outcome", "treated", ["state", "segment"])
        promised = methods.uplift.best_share(model.predict(learn), 116 * learn.outcome - 20 * learn.used, learn.treated)
        kept = methods.uplift.profit_at(promised.cutoff, model.predict(unseen), 116 * unseen.outcome - 20 * unseen.used, unseen.treated)[0]
        rows.append({
            "truth": season.truth["coupon.effect"]["orders"], "trial": whole.uplift, "low": whole.low, "high": whole.high,
            "users": july.outcome[july.used].mean() - july.outcome[~july.used].mean(),
            "may_truth": season.truth["coupon-may.effect_on_treated"]["orders"],
            "may": may.outcome[may.treated].mean() - may.outcome[~may.treated].mean(),
            "matched": matched.estimate, "matched_covers": matched.covers(season.truth["coupon-may.effect_on_treated"]["orders"]),
            "silent": methods.uplift.effect_by_group(july, "outcome", "treated", by="state").uplift["silent 4 to 10 weeks"],
            "silent_truth": july.true_uplift[july.state == "silent 4 to 10 weeks"].mean(),
            "lot": unseen.true_uplift.mean(), "best": unseen.true_uplift.nlargest(int(0.2 * len(unseen))).mean(),
            "by_uplift": score(learn, unseen, ["state", "segment"]), "by_propensity": score(learn, unseen, ["state", "segment"], "propensity"),
            "raw_numbers": score(learn, unseen, ["so_far", "silent", "before", "segment"]), "few": score(few, unseen, ["state", "segment"]),
            "promised": promised.profit, "kept": kept,
        })
    return pd.DataFrame(rows)


@pytest.fixture(scope="module")
def visits(seasons):
    rows = []
    for season in seasons:
        shop = season.shop_visits.assign(paid=lambda d: d.order_id.notna(), load=lambda d: (2 * d.load_seconds).round() / 2)
        by_load = shop.groupby(["device", "load"], as_index=False).agg(visits=("visit_id", "size"), viewed=("viewed", "sum"), carted=("carted", "sum")).query("viewed > 0")
        by_minute = (shop[shop.checkout].assign(minutes=lambda d: (d.checkout_seconds / 10).round() / 6)
                     .groupby(["device", "minutes"], as_index=False).agg(checkout=("visit_id", "size"), paid=("paid", "sum")))
        fits = {"page": methods.counts.rate_ratios(by_load, "viewed", ["load"], ["device"], exposure="visits"),
                "basket": methods.counts.rate_ratios(by_load, "carted", ["load"], ["device"], exposure="viewed"),
                "pay": methods.counts.rate_ratios(by_minute, "paid", ["minutes"], ["device"], exposure="checkout")}
        load = season.truth["visit.load_effect"]
        true = {"page": 1 + load["viewed"], "basket": 1 + load["carted"], "pay": 1 + season.truth["visit.checkout_effect"]}
        bought = shop[shop.paid]
        late, long = (bought.load_seconds - 2).clip(lower=0), (bought.checkout_seconds - 60).clip(lower=0) / 60

        def won(ratio):
            return ((ratio["page"] * ratio["basket"]) ** -late).sum() + (ratio["pay"] ** -long).sum() - 2 * len(bought)

        counts = shop.groupby("device")[["viewed", "carted", "checkout", "paid"]].sum()
        counts.insert(0, "visits", shop.groupby("device").size())
        rates = (counts / counts.shift(axis=1)).iloc[:, 1:]
        rows.append({f"{name}_covers": fit.covers(fit.table.index[0], true[name]) for name, fit in fits.items()}
                    | {name: fit.table.ratio.iloc[0] for name, fit in fits.items()} | {f"{name}_truth": true[name] for name in fits}
                    | {"won": won({name: fit.table.ratio.iloc[0] for name, fit in fits.items()}), "won_truth": won(true),
                       "gap": ((rates.max() / rates - 1).mul(counts.paid, axis=0)).sum().sum(),
                       "pooled": methods.counts.rate_ratios(by_load, "viewed", ["load"], exposure="visits").table.ratio.iloc[0],
                       "lowest": rates.columns[(shop[["viewed", "carted", "checkout", "paid"]].sum() / np.r_[len(shop), shop[["viewed", "carted", "checkout"]].sum()]).argmin()]})
    return pd.DataFrame(rows)


# ------------------------------------------------------------------------------------------- the coupon

def test_the_trial_holds_the_truth(coupons):
    covered = coupons.truth.between(coupons.low, coupons.high)
    assert len(coupons) == 20 and covered.sum() == 20 and (coupons.low <= 0).sum() == 10          # as the text says
    assert abs((coupons.trial - coupons.truth).mean()) < 0.03


def test_the_silent_are_moved_as_truly_planted(coupons):
    assert (coupons.silent - coupons.silent_truth).mean() == pytest.approx(0, abs=0.04)
    assert (coupons.silent > coupons.trial).mean() >= 0.95


def test_counting_users_and_chosen_buyers_is_far_out_in_every_season(coupons):
    assert (coupons.users > 10 * coupons.truth).all() and round((coupons.users / coupons.truth).mean()) == 13          # as the text says
    assert (coupons.may > coupons.may_truth + 0.2).all()


def test_uplift_beats_lots_and_propensity_on_unseen_members(coupons):
    assert (coupons.by_uplift > coupons.by_propensity).all()
    assert (coupons.by_uplift > coupons.lot).sum() == 19
    assert round(100 * (coupons.by_uplift / coupons.best).mean()) == 75          # as the text says, of a fifth of the members
    assert (coupons.by_propensity < coupons.lot).mean() >= 0.9


def test_it_fails_where_matching_stands_in_for_a_coin(coupons):
    """The manager's choice is more than a count of eight weeks: matched members still differ."""
    assert [round(coupons[name].mean(), 2) for name in ("matched", "may_truth")] == [0.28, 0.06]          # as the text says
    assert coupons.matched_covers.mean() < 0.85


def test_it_fails_with_a_small_trial_and_with_raw_numbers(coupons):
    assert coupons.few.mean() < 0.75 * coupons.by_uplift.mean() and (coupons.few < coupons.lot).any()
    assert coupons.raw_numbers.mean() < 0.75 * coupons.by_uplift.mean()


def test_the_best_share_promises_more_than_it_keeps(coupons):
    assert [round(coupons[name].mean()) for name in ("promised", "kept")] == [17, 9]          # as the text says, in yuan


# ------------------------------------------------------------------------------------------- the funnel

@pytest.mark.parametrize("cause", ["page", "basket", "pay"])
def test_seconds_and_minutes_cost_what_was_planted(visits, cause):
    assert visits[f"{cause}_covers"].sum() >= 17
    assert (visits[cause] < 1).all() and visits[cause].mean() == pytest.approx(visits[f"{cause}_truth"].iloc[0], abs=0.01)


def test_orders_to_win_are_those_of_the_true_causes(visits):
    ratio = visits.won / visits.won_truth
    assert ratio.mean() == pytest.approx(1, abs=0.05) and [round(100 * ratio.min()), round(100 * ratio.max())] == [92, 104]          # as the text says


def test_the_lowest_rate_is_the_basket_and_the_gap_to_the_best_device_promises_too_much(visits):
    assert (visits.lowest == "carted").all()
    assert (visits.gap > 1.3 * visits.won_truth).all() and round((visits.gap / visits.won_truth).mean(), 1) == 1.9          # nearly twice


def test_it_fails_when_devices_are_thrown_together(visits):
    """Slow devices are other people: the pooled ratio blames the seconds for them too."""
    assert (visits.pooled < visits.page_truth).mean() >= 0.9


# ------------------------------------------------------------------------------------------- the tier

def test_a_tier_at_its_break_even_share_earns_nothing():
    """Baskets drawn anew: with exactly that share climbing, reward and margin cancel."""
    baskets = pd.Series(np.random.default_rng(1).gamma(2, 100, 200_000))
    tier, reward, piece, margin = 199, 8, 69, 0.59
    near, above = baskets.between(tier - piece, tier, inclusive="left"), baskets >= tier
    share = reward * above.mean() / ((margin * piece - reward) * near.mean())
    climbs = near & (np.random.default_rng(2).random(len(baskets)) < share)
    profit = (margin * piece - reward) * climbs - reward * above
    assert profit.mean() == pytest.approx(0, abs=0.05) and 0 < share < 1
    assert ((margin * piece - reward) * (near & (np.random.default_rng(2).random(len(baskets)) < share / 2)) - reward * above).mean() < -1


def test_the_exercise_on_the_tier_needs_paid_orders_and_the_margin():
    from liveshop import load
    from liveshop.course.chapter_6.section_6_3 import Tier

    tables = load()
    tier = Tier(tables)
    best, share = tier.right()
    assert best < tier.baskets.mean() and share == tier.tiers.break_even.min() and 0.2 < share < 0.5
