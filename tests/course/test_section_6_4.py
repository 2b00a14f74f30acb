"""Section 6.4 against the truth: coming back, its forecast, and the harm of late answers over twenty seasons; and where they fail."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from liveshop import load, methods
from liveshop.course.chapter_6 import samples as practice

clv = methods.clv
CUT, END = "2025-06-22", "2025-08-31"
PLANTED = load(Path(__file__).parents[2] / "data").truth
TRUE = clv.BgNbd(*(PLANTED[f"social.{name}"] for name in ("rate_r", "rate_alpha", "drop_a", "drop_b")))


def found(score, actual, calls):
    """What the first of a list bring; who ties with others counts as the mean of them all."""
    return actual.groupby(score).transform("mean")[score.nlargest(calls).index].sum()


def lists(visits, held, fit, calls=250):
    """What share of the money of the best each list finds."""
    orders = pd.Series(fit.expected_purchases(10, held.frequency, held.recency, held.age), held.index)
    value = orders * practice.order_worth(held).expected_value(held.frequency, held.mean_value)
    past = clv.rfm(visits, CUT, amount="known").reindex(held.index)
    scores = {"model": value, "by_number": orders, "rfm": past.r + past.f + past.m, "spent": past.monetary,
              "alive": pd.Series(fit.probability_alive(held.frequency, held.recency, held.age), held.index)}
    best = held.actual_value.nlargest(calls).sum()
    return {name: found(score, held.actual_value, calls) / best for name, score in scores.items()} | {
        "lots": calls * held.actual_value.mean() / best, "money": value.sum() / held.actual_value.sum() - 1}


def coming_back(season):
    orders, visits = practice.member_orders(season), practice.member_visits(season)
    held = clv.holdout(visits, CUT, END, amount="known")
    fit = clv.fit_bgnbd(held.frequency, held.recency, held.age, at_limit="keep")
    deals = season.shares.order_id[season.shares.what == "group_deal"]
    members = season.customers.set_index("customer_id")
    by_habit = orders[orders.coupon_id.isna() & ~orders.order_id.isin(deals) & (orders.customer_id.map(members.route) != "referral")]
    own = clv.summary(by_habit, CUT)
    own = clv.fit_bgnbd(own.frequency, own.recency, own.age, at_limit="keep")
    calibrated = clv.calibration(fit, held, 10)
    past = visits[visits.paid < pd.Timestamp(CUT) + pd.Timedelta(days=1)]
    money = past.known
    days = (pd.Timestamp(CUT) - past.paid.min().normalize()).days
    return {"r": fit.r, "alpha": fit.alpha, "a": fit.a, "b": fit.b, "drop": fit.a / (fit.a + fit.b),
            "own_r": own.r, "own_alpha": own.alpha, "own_r_error": own.standard_errors.get("r", np.nan), "own_alpha_error": own.standard_errors.get("alpha", np.nan),
            "own_drop": own.a / (own.a + own.b), "total": calibrated.error["all"], "zero": calibrated.error["0"],
            "calendar": money.sum() / days * 70 / held.actual_value.sum() - 1,
            "own_clock": money.sum() / held.age.sum() * 10 * len(held) / held.actual_value.sum() - 1, **lists(visits, held, fit)}


def answers(season):
    """The comparison of late with prompt answers exactly as the notebook makes it."""
    asked = practice.service_tickets(season).assign(late=lambda d: (d.wait > 5).astype(float))
    judged = asked[asked.weeks_left >= 8]
    naive = methods.effects.pooled_effect(judged, "gone", "late", cluster="customer_id")
    fair = methods.effects.adjusted_effect(judged, "gone", "late", ["order_number", "topic", "weeks_left"], cluster="customer_id")
    late, returning = judged.late == 1, 1 - judged.gone[judged.late == 0].mean()
    harm = PLANTED["service.leave"] * (1 - np.exp(-(judged.wait[late] - PLANTED["service.standard"]) / PLANTED["service.patience"]))
    truth = harm.mean() * returning
    lost = fair.estimate / returning * asked.late.sum() * asked.later[asked.late == 0].mean()
    low, high = (lost * end / fair.estimate for end in fair.interval)
    return {"naive": naive.estimate, "fair": fair.estimate, "truth": truth, "naive_covers": naive.covers(truth), "fair_covers": fair.covers(truth),
            "lost": lost, "true_lost": season.truth["service.orders_lost"], "lost_covers": low <= season.truth["service.orders_lost"] <= high}


@pytest.fixture(scope="module")
def fits(seasons):
    return pd.DataFrame([coming_back(season) for season in seasons])


@pytest.fixture(scope="module")
def desks(seasons):
    return pd.DataFrame([answers(season) for season in seasons])


def percent(value):
    """As the text rounds it."""
    return round(100 * float(value))


def test_the_forecast_of_the_total_is_near_in_every_season(fits):
    """The text: between 5 % too low and 21 % too high, 8 % too high on average."""
    assert len(fits) == 20
    assert (percent(fits.total.min()), percent(fits.total.max()), percent(fits.total.mean())) == (-5, 21, 8)


def test_the_money_is_foretold_a_little_worse(fits):
    """The text: 11 % too much on average, between 10 % too little and 26 % too much."""
    assert (percent(fits.money.min()), percent(fits.money.max()), percent(fits.money.mean())) == (-10, 26, 11)


def test_habits_are_recovered_where_orders_come_from_habit(fits):
    """Of the uninvited, without coupons and group deals: the rates that were planted. With everything in, r is too high."""
    near_r = (fits.own_r - TRUE.r).abs() < 1.96 * fits.own_r_error
    near_alpha = (fits.own_alpha - TRUE.alpha).abs() < 1.96 * fits.own_alpha_error
    assert near_r.mean() >= 0.8 and near_alpha.mean() >= 0.6
    assert fits.own_r.mean() == pytest.approx(TRUE.r, abs=0.04)
    assert fits.r.mean() > TRUE.r + 0.05


def test_a_and_b_are_weakly_identified(fits):
    """The failing case of the text, a between 0.7 and 7.6 and b between 4 and 63: forecasts agree, a and b do not."""
    assert (round(fits.a.min(), 1), round(fits.a.max(), 1), round(fits.b.min()), round(fits.b.max())) == (0.7, 7.6, 4, 63)
    assert (TRUE.a, TRUE.b) == (0.8, 3)
    assert fits["drop"].mean() < TRUE.a / (TRUE.a + TRUE.b) - 0.04 and abs(fits.own_drop.mean() - TRUE.a / (TRUE.a + TRUE.b)) < 0.05


def test_the_zero_class_is_promised_too_much(fits):
    assert fits.zero.mean() > 0.04 and (fits.zero > 0).mean() >= 0.7


def test_the_model_finds_more_money_than_other_lists(fits):
    """The text: more than RFM in 16 seasons, by two points on average and never five; than past spending in 19; by number of orders two points less."""
    gain = fits.model - fits.rfm
    assert (gain > 0).sum() == 16 and percent(gain.mean()) == 2 and gain.max() < 0.05
    assert (fits.model > fits.spent).sum() == 19 and percent((fits.model - fits.by_number).mean()) == 2
    assert (fits.alive < fits.lots).all() and (fits.lots < fits.rfm).all()              # the chance to be alive is no call list


def test_the_formula_promises_too_much(fits):
    assert fits.own_clock.min() > 1.0 and fits.calendar.mean() > fits.money.mean() + 0.05


def test_the_harm_of_late_answers_is_recovered(desks):
    """The text: 7.6 points on average where 7.0 are true, each interval holds it; the naive difference 10.5."""
    assert desks.fair_covers.sum() == 20 and (desks.fair > 0).all()
    assert [round(100 * desks[name].mean(), 1) for name in ("fair", "truth", "naive")] == [7.6, 7.0, 10.5]
    assert desks.naive_covers.sum() < 20


def test_the_orders_lost_by_waiting_are_recovered(desks):
    """The text: 19 of 20 such intervals held the truth."""
    assert desks.lost_covers.sum() == 19
    assert desks.lost.mean() == pytest.approx(desks.true_lost.mean(), rel=0.35)


def test_gamma_gamma_sees_customers_too_much_alike_when_baskets_are_whole_garments():
    """Wishes with the planted shapes are recovered; the same wishes, in the same order, at the sizes of Qinghe's baskets are not."""
    baskets = practice.member_orders(load(Path(__file__).parents[2] / "data")).groupby("order_id").paid_amount.sum().to_numpy()
    p, q = PLANTED["social.basket_p"], PLANTED["social.basket_q"]
    v = PLANTED["social.basket_mean"] * (q - 1) / p
    q_of_wishes, q_of_baskets = [], []
    for seed in range(5):
        rng = np.random.default_rng(seed)
        frequency = 1 + rng.geometric(0.3, 3000)
        owner = np.repeat(np.arange(3000), frequency)
        wish = rng.gamma(p, 1 / rng.gamma(q, 1 / v, 3000)[owner])
        served = np.quantile(baskets, wish.argsort().argsort() / (len(wish) - 1))
        for values, found in ((wish, q_of_wishes), (served, q_of_baskets)):
            found.append(clv.fit_gamma_gamma(frequency, np.bincount(owner, values) / frequency).q)
    assert np.mean(q_of_wishes) == pytest.approx(q, rel=0.1)
    assert round(np.mean(q_of_baskets), 1) == 3.7                                       # as the text says: a part of the way to 5.5


def test_the_published_survivors():
    """Fader and Hardie 2007, High End: all seven renewals give the printed values; four foretell too few, a constant rate fewer."""
    survivors = [1000, 869, 743, 653, 593, 551, 517, 491]
    whole, early = clv.fit_sbg(survivors), clv.fit_sbg(survivors[:5])
    assert (f"{whole.alpha:.3f}", f"{whole.beta:.3f}") == ("0.668", "3.806")
    assert 1000 * 0.593 ** (7 / 4) < 1000 * early.survival(7) < 491


def test_qinghe_as_the_text_tells_it():
    tables = load(Path(__file__).parents[2] / "data")
    asked = practice.service_tickets(tables)
    one = answers(tables)
    assert (asked.wait > 5).sum() == 1773 and one["fair_covers"] and one["lost_covers"]


def test_the_gift_shop_as_the_text_tells_it():
    """A quarter too little in the ten weeks before Christmas, right to one per cent in the ten before them."""
    path = Path(os.environ.get("LIVESHOP_REAL_DATA") or "") / "online_retail.csv.gz"
    if not path.is_file():
        pytest.skip(f"LIVESHOP_REAL_DATA names no folder with {path.name}")
    lines = pd.read_csv(path, dtype=str, usecols=["InvoiceNo", "Quantity", "UnitPrice", "InvoiceDate", "CustomerID"])
    lines = lines[lines.CustomerID.notna() & (lines.Quantity.astype(float) > 0) & (lines.UnitPrice.astype(float) > 0)]
    orders = lines.drop_duplicates("InvoiceNo").assign(paid=lambda d: pd.to_datetime(d.InvoiceDate), paid_amount=1.0)
    orders = orders.rename(columns={"InvoiceNo": "order_id", "CustomerID": "customer_id"})
    assert len(lines) == 397_884 and len(orders) == 18_532 and orders.customer_id.nunique() == 4_338
    errors = []
    for end in (orders.paid.max().normalize(), orders.paid.max().normalize() - pd.Timedelta(weeks=10)):
        held = clv.holdout(orders, end - pd.Timedelta(weeks=10), end)
        errors.append(clv.calibration(clv.fit_bgnbd(held.frequency, held.recency, held.age, at_limit="keep"), held, weeks=10).error["all"])
    assert percent(errors[0]) == -26 and abs(percent(errors[1])) == 1, errors
