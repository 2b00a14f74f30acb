"""What chapter 6's methods make of the planted truths in one season; liveshop.world.recovery gathers them."""

import numpy as np
import pandas as pd

from liveshop.course.chapter_6 import samples
from liveshop.course.recovery import Row
from liveshop.methods import clv, counts, effects, growth, recommend, uplift

CALLS = 250        # half of Qinghe's five hundred, in seasons of half the size
COUPON = 20        # yuan


def estimates(season):
    """Rows of all sections. season: tables by name, with the truth as name -> value."""
    yield from growing_users(season)
    yield from content(season)
    yield from coupons(season)
    yield from visits(season)
    yield from coming_back(season)
    yield from call_lists(season)
    yield from late_answers(season)


def _effect(truth, method, true, effect):
    return Row(truth, method, float(true), float(effect.estimate), *map(float, effect.interval))


def _of_table(truth, method, true, one):
    return Row(truth, method, float(true), float(one.ratio), float(one.low), float(one.high))


def growing_users(season):
    """6.1: referral, K, and the hits of recommenders, for which the later weeks are the truth."""
    found, true = samples.buyers(season), season.truth["referral.effect_on_repeat"]

    def around(ties):
        circles = samples.circles(found, ties)
        return effects.matched_effect(circles, "again", "invited", ["friend"], cluster="friend")

    paper = ["segment", "channel_id", "age_band", "month"]
    for method, effect in {
        "naive": effects.pooled_effect(found, "again", "invited"),
        "others alike on paper": effects.matched_effect(found, "again", "invited", paper),
        "other contacts of the same friend": around(samples.contacts(season)),
        "contacts of contacts": around(samples.contacts_of_contacts(season)),
    }.items():
        yield _effect("referral.effect_on_repeat", method, true, effect)

    k, ripe, sent = season.truth["referral.k"], samples.ripe_members(season), samples.invitations(season)
    uninvited = ripe[samples.members(season).referrer_id.loc[ripe].isna()]
    alone = samples.friends_within(season, uninvited, 91)
    reading, half = alone.mean(), 1.96 * alone.sem()
    yield Row("referral.k", "thirteen weeks, came by themselves", k, reading, reading - half, reading + half)
    yield Row("referral.k", "naive", k, growth.k_factor(sent.sharer_id.nunique(), len(sent), sent.came.sum()))
    yield Row("referral.k", "members of eight weeks or less", k,
              samples.friends_within(season, samples.young_members(season), 91).mean())
    yield Row("referral.k", "read after two weeks", k, samples.friends_within(season, ripe, 14).mean())

    yield from _recommenders(season)


def _recommenders(season):
    """Hits of a random split against those of the last fortnight."""
    events = samples.member_orders(season)[["customer_id", "product_id", "created"]]
    splits = recommend.random_split(events, 0.2), recommend.time_split(events, samples.last_fortnight(season))
    contest = samples.recommenders()
    for name, fit in {
        "best sellers of the season": contest["best sellers"],
        "item neighbours": contest["item neighbours"],
        "matrix factorisation": contest["matrix factorisation"],
        "best sellers of the last week": samples.recommenders(days=7)["best sellers"],
    }.items():
        shuffled, later = (recommend.hit_rate(fit(train), test, 10, known_only=True).rate for train, test in splits)
        yield Row(f"hit rate of later weeks: {name}", "random split", later, shuffled)


def content(season):
    """6.2: the response to types of content, over everybody and by segment; favourites; the topic of the top posts."""
    feed, known = samples.feed(season), season.truth
    fair = samples.like_for_like(feed)
    plain = samples.type_ratios(counts.rate_ratios(feed, "reactions", "type", references={"type": "photo"},
                                                   cluster="author_id").table)
    for kind, true in known["content.response_of_all"].items():
        if kind != "photo":
            yield _of_table(f"content.response_of_all: {kind}", "naive", true, plain.loc[kind])
            yield _of_table(f"content.response_of_all: {kind}", "same author and time", true, fair.loc[kind])

    tastes = samples.tastes(samples.audience(season))
    for (segment, kind), one in tastes.drop(index="photo", level=1).iterrows():
        true = known["content.response"][segment][kind] / known["content.response"][segment]["photo"]
        yield _of_table(f"content.response: {segment}, {kind}", "same author and time", true, one)
        yield _of_table(f"content.response: {segment}, {kind}", "naive", true, fair.loc[kind])

    best = pd.Series(known["content.best_of_segment"])
    favourites = tastes.ratio.unstack().idxmax(axis=1)
    plainly = samples.fortnight_favourites(season)
    right = favourites.to_numpy() == best[favourites.index].to_numpy()
    right_plainly = plainly.to_numpy() == best[plainly.columns].to_numpy()
    yield Row("content.best_of_segment", "same author and time", 1.0, right.mean())
    yield Row("content.best_of_segment", "plain rates of a fortnight", 1.0, right_plainly.mean())

    stars = samples.stars(season)                        # topics do nothing in this world
    topic = stars.topic.mode()[0]
    yield Row("content.topic", "naive", 1.0, float((stars.topic == topic).mean() / (feed.topic == topic).mean()))
    fair = samples.against_the_rest(feed, "topic", topic)
    yield _of_table("content.topic", "same type, author and time", 1.0, fair)


def coupons(season):
    """6.3: what a coupon moves, whom to treat, and what the list of the best share earns."""
    july, may, known = samples.trial(season), samples.people_of(season, "coupon-may"), season.truth
    july = july.assign(used=samples.used_coupon(season, july), true_uplift=samples.true_uplift(july, known))
    by_state = uplift.effect_by_group(july, "outcome", "treated", by="state")
    coin, silent = by_state.loc["all"], by_state.loc[samples.SILENT]
    users = effects.pooled_effect(july, "outcome", "used")
    true, true_may = (known[name]["orders"] for name in ("coupon.effect", "coupon-may.effect_on_treated"))
    yield _effect("coupon.effect", "naive", true, users)
    yield Row("coupon.effect", "by coin", true, coin.uplift, coin.low, coin.high)
    yield Row(f"coupon.effect: {samples.SILENT}", "by coin", july.true_uplift[july.state == samples.SILENT].mean(),
              silent.uplift, silent.low, silent.high)
    chosen = effects.pooled_effect(may, "outcome", "treated")
    matched = effects.matched_effect(may, "outcome", "treated", ["before"])
    yield _effect("coupon-may.effect_on_treated", "naive", true_may, chosen)
    yield _effect("coupon-may.effect_on_treated", "matched on orders before", true_may, matched)

    learn, unseen = samples.halves(july)
    model = uplift.two_models(learn, "outcome", "treated", ["state", "segment"])
    yield from _best_fifth(season, learn, unseen, model)

    baskets = samples.baskets(season)
    order_brings = baskets.left[baskets.settled].mean()
    money = [order_brings * half.outcome - COUPON * half.used for half in (learn, unseen)]
    promised = uplift.best_share(model.predict(learn), money[0], learn.treated)
    kept, _ = uplift.profit_at(promised.cutoff, model.predict(unseen), money[1], unseen.treated)
    use = unseen.groupby(["state", "segment"]).apply(lambda cell: cell.used[cell.treated].mean()).rename("use")
    listed = unseen[model.predict(unseen) >= promised.cutoff].join(use, on=["state", "segment"])
    earns = (order_brings * listed.true_uplift - COUPON * listed.use).sum() / len(unseen)
    yield Row("yuan a member of the coupon list", "the half that chose it", earns, promised.profit)
    yield Row("yuan a member of the coupon list", "the unseen half", earns, kept)


def _best_fifth(season, learn, unseen, model):
    """True orders a coupon when it goes to the best-scored fifth of the members that were not learned from."""
    many = len(unseen) // 5
    numbers = ["so_far", "silent", "before", "segment"]

    def with_numbers(half):
        book = samples.order_book(season, learn.assigned.min(), half.unit_id)
        return half.assign(so_far=book.orders.to_numpy(float), silent=book.silent.fillna(200).to_numpy(float))

    few = learn.sample(len(learn) // 10, random_state=0)
    scores = {
        "by predicted uplift": model.predict(unseen),
        "naive": model.propensity(unseen),
        "by uplift, raw numbers": uplift.two_models(with_numbers(learn), "outcome", "treated", numbers)
        .predict(with_numbers(unseen)),
        "by uplift, a tenth of the trial": uplift.two_models(few, "outcome", "treated", ["state", "segment"])
        .predict(unseen),
    }
    best = unseen.true_uplift.nlargest(many).mean()
    yield Row("orders a coupon of the best fifth", "by lot", best, unseen.true_uplift.mean())
    for method, score in scores.items():
        chosen = unseen.assign(score=score).nlargest(many, "score")
        yield Row("orders a coupon of the best fifth", method, best, chosen.true_uplift.mean())


def visits(season):
    """6.3: what seconds cost at equal device, and the orders to be won."""
    shop, load = samples.shop_visits(season), season.truth["visit.load_effect"]
    true = [1 + load["viewed"], 1 + load["carted"], 1 + season.truth["visit.checkout_effect"]]
    loads, minutes = samples.by_load(season), samples.by_minute(season)
    costs = pd.concat([
        counts.rate_ratios(loads, "viewed", ["load"], ["device"], exposure="visits").table,
        counts.rate_ratios(loads, "carted", ["load"], ["device"], exposure="viewed").table,
        counts.rate_ratios(minutes, "paid", ["minutes"], ["device"], exposure="checkout").table,
    ])
    for truth, planted, (_, one) in zip(
            ["visit.load_effect: viewed", "visit.load_effect: carted", "visit.checkout_effect"], true, costs.iterrows(),
            strict=True):
        yield _of_table(truth, "at equal device", planted, one)
    pooled = counts.rate_ratios(loads, "viewed", ["load"], exposure="visits")
    yield _of_table("visit.load_effect: viewed", "naive", true[0], pooled.table.iloc[0])
    won = samples.orders_to_win(shop, *true).sum()
    yield Row("orders to be won", "measured causes", won, samples.orders_to_win(shop, *costs.ratio).sum())
    devices = shop.groupby("device")
    reached = pd.concat([devices.size().rename("visits"), devices[samples.STEPS].sum()], axis=1)
    rates = (reached / reached.shift(axis=1)).iloc[:, 1:]
    yield Row("orders to be won", "naive", won, (rates.max() / rates - 1).mul(reached.paid, axis=0).sum().sum())


def coming_back(season):
    """6.4: the rates and the drop-out of members, and the orders and the money of ten weeks."""
    (cut, _), held, known = samples.cut_and_end(season), samples.foretold(season), season.truth
    by_habit = clv.summary(samples.own_accord(season), cut)
    every, own = (clv.fit_bgnbd(one.frequency, one.recency, one.age, at_limit="keep") for one in (held, by_habit))
    names = {"r": "social.rate_r", "alpha": "social.rate_alpha", "a": "social.drop_a", "b": "social.drop_b"}
    for method, fit in {"all orders": every, "orders of one's own accord": own}.items():
        for name, truth in names.items():
            half = 1.96 * fit.standard_errors.get(name, np.nan)
            ends = [] if np.isnan(half) else [getattr(fit, name) - half, getattr(fit, name) + half]
            yield Row(truth, method, known[truth], getattr(fit, name), *ends)
        mean = known["social.drop_a"] / (known["social.drop_a"] + known["social.drop_b"])
        yield Row("mean drop-out after a repeat order", method, mean, fit.a / (fit.a + fit.b))

    table = clv.calibration(every, held, weeks=10)
    for group, truth in {"all": "orders of ten weeks", "0": "orders of ten weeks, one order before"}.items():
        one = table.loc[group]
        yield Row(truth, "BG/NBD", one.customers * one.actual, one.customers * one.predicted)
    visits, came = samples.member_visits(season), held.actual_value.sum()
    before = visits.paid.dt.normalize() <= cut
    yield Row("yuan of ten weeks", "BG/NBD × Gamma-Gamma", came, held.value_ahead.sum())
    for method, client_weeks in {
        "formula, calendar weeks": len(held) * (cut - visits.paid.min().normalize()).days / 7,
        "formula, own clock": held.age.sum(),
    }.items():
        orders = len(held) * before.sum() / client_weeks * 10
        yield Row("yuan of ten weeks", method, came, visits.known[before].mean() * orders)


def call_lists(season):
    """6.4: which part of the money of the best buyers each list finds."""
    held = samples.foretold(season)
    rfm = clv.rfm(samples.member_visits(season), samples.cut_and_end(season)[0], amount="known")
    spent = held.actual_value
    best = spent.nlargest(CALLS).sum()
    yield Row("yuan of the best buyers", "by lot", best, CALLS * spent.mean())
    for name, score in samples.call_lists(held, rfm).items():
        yield Row("yuan of the best buyers", name, best, samples.found_by(score, spent, CALLS))


def late_answers(season):
    """6.4: who does not come back after a late answer, and the orders lost by waiting."""
    asked = samples.service_tickets(season)
    judged = samples.judged(asked)
    naive = effects.pooled_effect(judged, "gone", "late", cluster="customer_id")
    fair = effects.adjusted_effect(judged, "gone", "late", samples.equal_conditions(judged), cluster="customer_id")
    returning = 1 - judged.gone[judged.late == 0].mean()       # only they can be lost by waiting
    harm = samples.harm_of_waiting(judged, season.truth).mean() * returning
    yield _effect("gone after a late answer", "naive", harm, naive)
    yield _effect("gone after a late answer", "at equal conditions", harm, fair)
    later = asked.later[asked.late == 0].mean()
    lost = [one / returning * asked.late.sum() * later for one in (fair.estimate, *fair.interval)]
    yield Row("service.orders_lost", "at equal conditions", season.truth["service.orders_lost"], *lost)
