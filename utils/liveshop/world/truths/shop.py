"""What is true in the social half: planted causes, and effects from twin worlds with one cause switched off."""

from __future__ import annotations

import numpy as np
import pandas as pd

from liveshop.world.shop import posts as content, purchases, trials, visits
from liveshop.world.shop.members import DAY, SEGMENTS
from liveshop.world.rooms.plan import DAYS
from liveshop.world.truths.rooms import fact


def truths(parameters, seed, members, invitations, base, asked, deals, sendings, effects, tables):
    """Derived truths of the social half: {name: {value, meaning}}."""
    return {
        **_growth(parameters, seed, members, invitations, base),
        **content.truths(parameters, tables["posts"]),
        **_coupon(parameters, members, sendings),
        **_service(parameters, seed, members, base, asked),
        **_deals(parameters, deals),
        **_past(effects),
        **visits.truths(parameters),
    }


def _growth(parameters, seed, members, invitations, base):
    again = purchases.repeat_rate(base, members)
    without = (
        purchases.repeat_rate(purchases.buy(parameters, seed, members, referral=False)[0], members)
        .set_index("member")
        .again
    )
    referred = (members.route == "referral")[again.member]
    ours, theirs = again.again[referred].mean(), without.reindex(again.member[referred]).mean()
    others = again.again[~referred].mean()
    s = parameters.social
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
            round(float((invitations.receiver >= 0).sum() / len(members)), 4),
            "Sign-ups by invitation within the season per member.",
        ),
        "referral.cycle_days": fact(
            round(
                float(
                    (
                        members.signed[invitations.receiver[invitations.receiver >= 0]]
                        - members.signed[invitations.sharer[invitations.receiver >= 0]]
                    ).mean()
                    / DAY
                ),
                2,
            ),
            "Mean days from a member's sign-up to the sign-up of a friend whom she invited, as far as seen in the "
            "season.",
        ),
    }


def _coupon(parameters, members, sendings):
    trial = next(s for s in sendings if s.randomised)
    cells = {}
    for state, name in enumerate(purchases.STATES):
        cells[name] = {}
        for k, segment in enumerate(SEGMENTS):
            own = (trial.state == state) & (members.segment[trial.unit] == k)
            if own.any():
                cells[name][segment] = {
                    "members": int(own.sum()),
                    "orders": round(float(trial.extra[own].mean()), 4),
                    "yuan": round(float(trial.gain[own].mean()), 2),
                }
    facts = {
        "coupon.effect_by_cell": fact(
            cells,
            "Expected effect of the coupon of July in the four weeks after it, on orders and on yuan paid per member "
            "(after the coupon's value), by state of the member on 7 July and segment. States count orders in the "
            "social shop: regular has three or more and one in the last 28 days.",
        ),
        "coupon.effect": fact(
            {"orders": round(float(trial.extra.mean()), 4), "yuan": round(float(trial.gain.mean()), 2)},
            "The same over all members of the trial.",
        ),
    }
    for s in sendings:
        if not s.randomised:
            facts[f"{s.name}.effect_on_treated"] = fact(
                {
                    "orders": round(float(s.extra[s.treated].mean()), 4),
                    "yuan": round(float(s.gain[s.treated].mean()), 2),
                },
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


def _service(parameters, seed, members, base, asked):
    fast, _ = purchases.buy(parameters, seed, members, slow=False)
    money = lambda orders: float(purchases.aims(parameters, seed, members, orders).sum())
    extra = len(fast) - len(base)
    late = asked[asked.wait > parameters.service.standard]
    harm = parameters.service.leave * (
        1 - np.exp(-(late.wait - parameters.service.standard) / parameters.service.patience)
    )
    return {
        "service.orders_lost": fact(
            int(extra),
            "Orders of members in the season that would have come in addition had every ticket been answered within "
            "the standard: a twin world, before group deals and coupons.",
        ),
        "service.money_lost": fact(round(money(fast) - money(base), 0), "Money of those orders, CNY."),
        "service.harm_of_late_answer": fact(
            round(float(harm.mean()), 4),
            "Share of members who drift away because of a late answer, over tickets answered later than the standard.",
        ),
        "service.late_share": fact(
            round(float((asked.wait > parameters.service.standard).mean()), 4),
            "Share of members' tickets answered later than the standard.",
        ),
        "service.wait_median_by_hour": fact(
            {str(h): round(float(x), 2) for h, x in enumerate(purchases.wait_medians(parameters))},
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
