"""What is true in the social half: planted causes, and effects from twin worlds with one cause switched off."""

from __future__ import annotations

import numpy as np

from liveshop.world.calendar import DAY
from liveshop.world.facts import fact
from liveshop.world.shop import baskets, coupons, posts, purchases, service, trials, visits
from liveshop.world.shop.members import SEGMENTS


def truths(parameters, seed, members, invitations, base, asked, deals, sendings, effects, tables):
    """Derived truths of the social half: {name: {value, meaning}}."""
    return {
        **_growth(parameters, seed, members, invitations, base),
        **_content(parameters, tables["posts"]),
        **_coupon(members, sendings),
        **_service(parameters, seed, members, base, asked),
        **_deals(parameters, deals),
        **_past(effects),
        **_visits(parameters),
    }


def _growth(parameters, seed, members, invitations, base):
    again = purchases.repeat_rate(base)
    twin, _ = purchases.buy(parameters, seed, members, referral=False)
    without = purchases.repeat_rate(twin).set_index("member").again
    referred = (members.route == "referral")[again.member]
    ours, theirs = again.again[referred].mean(), without.reindex(again.member[referred]).mean()
    others = again.again[~referred].mean()
    s = parameters.social
    joined = invitations[invitations.receiver >= 0]
    cycle = members.signed[joined.receiver] - members.signed[joined.sharer]
    return {
        "referral.effect_on_repeat": fact(
            round(float(ours - theirs), 4),
            "What being invited by a friend adds to the share of members who order again within 56 days of their "
            "first order, over those who were invited: the same people in a twin world in which it adds nothing.",
        ),
        "referral.naive_difference": fact(
            round(float(ours - others), 4),
            "Invited members against the others, the same measure: effect and selection together, before group deals "
            "and coupons.",
        ),
        "referral.selection": fact(
            round(float(theirs - others), 4),
            "How much more often the invited would order again even if being invited did nothing: lively circles "
            "invite more.",
        ),
        "referral.k": fact(
            round(s.invitations * s.acceptance, 4),
            "Expected sign-ups that a member's invitations bring in the end (sent within the season or later), "
            "averaged over those who came by themselves; those who were invited live in livelier circles and bring "
            "more.",
        ),
        "referral.k_of_season": fact(
            round(float(len(joined) / len(members)), 4),
            "Sign-ups by invitation within the season per member.",
        ),
        "referral.cycle_days": fact(
            round(float(cycle.mean() / DAY), 2),
            "Mean days from a member's sign-up to the sign-up of a friend whom she invited, as far as seen in the "
            "season.",
        ),
    }


def _coupon(members, sendings):
    trial = next(s for s in sendings if s.randomised)
    cells = {}
    for state, name in enumerate(coupons.STATES):
        cells[name] = {}
        for k, segment in enumerate(SEGMENTS):
            own = (trial.state == state) & (members.segment[trial.unit] == k)
            if own.any():
                cells[name][segment] = {"members": int(own.sum()), **_effect(trial.extra[own], trial.gain[own])}
    facts = {
        "coupon.effect_by_cell": fact(
            cells,
            "Expected effect of the coupon of July in the four weeks after it, on orders and on yuan paid per member "
            "(after the coupon's value), by state of the member on 7 July and segment. States count orders in the "
            "social shop: regular has three or more and one in the last 28 days.",
        ),
        "coupon.effect": fact(
            _effect(trial.extra, trial.gain),
            "The same over all members of the trial.",
        ),
    }
    for s in sendings:
        if not s.randomised:
            facts[f"{s.name}.effect_on_treated"] = fact(
                _effect(s.extra[s.treated], s.gain[s.treated]),
                "True effect of this sending on those who got it: they would have ordered anyway.",
            )
            facts[f"{s.name}.naive_difference"] = fact(
                {
                    "orders": round(float(s.outcome[s.treated].mean() - s.outcome[~s.treated].mean()), 4),
                    "yuan": round(float(s.money[s.treated].mean() - s.money[~s.treated].mean()), 2),
                },
                "Orders and yuan in the four weeks after of those who got it, less those who did not: mostly who was "
                "chosen.",
            )
    return facts


def _effect(orders, yuan):
    return {"orders": round(float(orders.mean()), 4), "yuan": round(float(yuan.mean()), 2)}


def _service(parameters, seed, members, base, asked):
    fast, _ = purchases.buy(parameters, seed, members, slow=False)
    ours, theirs = (float(baskets.aims(parameters, seed, members, orders).sum()) for orders in (fast, base))
    extra = len(fast) - len(base)
    late = asked[asked.wait > parameters.service.standard]
    s = parameters.service
    harm = s.leave * (1 - np.exp(-(late.wait - s.standard) / s.patience))
    return {
        "service.orders_lost": fact(
            int(extra),
            "Orders of members in the season that would have come in addition had every ticket been answered within "
            "the standard: a twin world, before group deals and coupons.",
        ),
        "service.money_lost": fact(round(ours - theirs, 0), "Money of those orders, CNY."),
        "service.harm_of_late_answer": fact(
            round(float(harm.mean()), 4),
            "Share of members who drift away because of a late answer, over tickets answered later than the standard.",
        ),
        "service.late_share": fact(
            round(float((asked.wait > parameters.service.standard).mean()), 4),
            "Share of members' tickets answered later than the standard.",
        ),
        "service.wait_median_by_hour": fact(
            {str(h): round(float(x), 2) for h, x in enumerate(service.wait_medians(parameters))},
            "Median minutes to the first answer by the hour in which a ticket is opened, for an ordinary ticket of a "
            "member with fewer than three repeat orders.",
        ),
    }


def _deals(parameters, deals):
    full = deals.filled >= 0
    cells = deals.assign(full=full).groupby(["size", "limit_hours"]).full.agg(["mean", "size"])
    return {
        "deal.fill_rate": fact(
            {f"{size} persons, {limit} h": round(float(row["mean"]), 3) for (size, limit), row in cells.iterrows()},
            "Share of opened group deals that filled in time, by size and limit, as it came out.",
        ),
        "deal.reward_effect": fact(
            round(parameters.deal.reward * 10, 3),
            "Relative rise of the acceptance rate with a reward of 10 yuan, which a coin gave to half of the deals.",
        ),
    }


def _past(effects):
    ids = list(effects)
    return {
        "experiments.past_effects": fact(
            {k: v / 100 for k, v in effects.items()}, "True relative effect of each past test on the mean outcome."
        ),
        "experiments.broken_split": fact(
            [ids[k] for k in trials.BROKEN],
            "Past tests in which a part of the weakest treated units was never logged: the split is broken and "
            "flatters the new arm.",
        ),
        "experiments.stopped_early": fact(
            [ids[k] for k in trials.STOPPED],
            "Past tests that were watched every day, to be stopped on the first day with p below 0.05.",
        ),
    }


def _content(parameters, table):
    kind = table.groupby("type")[["reactions", "impressions"]].sum()
    response = posts.relative_response(parameters) * posts.RESPONSE
    nested = {
        s: {t: round(float(response[i, k]), 3) for k, t in enumerate(posts.TYPES)} for i, s in enumerate(SEGMENTS)
    }
    best = {s: max(row, key=row.get) for s, row in nested.items()}
    over = {t: round(float(posts.RESPONSE[k]), 3) for k, t in enumerate(posts.TYPES)}
    hours = range(7, 24)
    shares = posts.audience(parameters, np.array(hours))
    return {
        "content.response": fact(
            nested,
            "Reactions per impression of each segment to each type of post, against the response of everybody to a "
            "photo of the same author.",
        ),
        "content.response_of_all": fact(
            over, "Reactions per impression of everybody to each type, against a photo of the same author."
        ),
        "content.best_of_segment": fact(best, "Type to which each segment responds most: never the winner over all."),
        "content.best_of_all": fact(
            max(over, key=over.get), "Type with the largest response over all segments: second for each of them."
        ),
        "content.audience_by_hour": fact(
            {
                str(h): {s: round(float(x), 4) for s, x in zip(SEGMENTS, row, strict=True)}
                for h, row in zip(hours, shares, strict=True)
            },
            "Share of a post's impressions that each segment gets, by the hour of publishing.",
        ),
        "content.photo_rate": fact(
            round(float(kind.loc["photo"].reactions / kind.loc["photo"].impressions), 5),
            "Reactions per impression of all photos together: multiplies content.response to give rates.",
        ),
    }


def _visits(parameters):
    v = parameters.visit
    return {
        "visit.load_effect": fact(
            {
                "viewed": round(float(np.exp(-v.load_loss) - 1), 4),
                "carted": round(float(np.exp(-v.load_loss / 2) - 1), 4),
            },
            "Relative change of the share of visits that open a product page, and of those that go on to the basket, "
            "for each further second of load on the same device.",
        ),
        "visit.checkout_effect": fact(
            round(float(np.exp(-v.checkout_loss) - 1), 4),
            "Relative change of the share of checkouts that end in payment for each further minute that the checkout "
            "takes.",
        ),
        "visit.steps": fact(
            {
                d: {
                    "viewed": visits.STEPS[k, 0],
                    "carted": visits.STEPS[k, 1],
                    "checkout": visits.STEPS[k, 2],
                    "paid": visits.PAY[k],
                }
                for k, d in enumerate(visits.DEVICES)
            },
            "Share of visits that go on to each step, by device, at two seconds of load and 75 seconds of checkout.",
        ),
    }
