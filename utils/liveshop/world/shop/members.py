"""Members of the social shop: circles of friends, sign-ups by route, invitations that lead to further sign-ups.

Persons live in circles. Friends resemble each other: how often they buy and how soon they
drift away is partly shared in a circle. Lively circles also invite more, so the members
who come by invitation would stay longer even if nobody had invited them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from liveshop.world import draws
from liveshop.world.people import FAN
from liveshop.world.rooms.plan import DAYS, HOURS, START, is_festival

DAY = 86400
SEGMENTS = ("basics", "office", "weekend", "bargain")
SEGMENT_SHARE = np.array([0.28, 0.27, 0.25, 0.20])
ENTRY_ROUTES = ("live", "search", "paid", "content")
ENTRY_SHARE = np.array([0.34, 0.22, 0.20, 0.24])
BASE_MEMBERS = 5200  # members who come without an invitation, in a world of full size
CIRCLE = 55  # members in a circle, on average


@dataclass
class Members:
    """Arrays over members in order of sign-up; times are seconds since the start of the season."""

    number: np.ndarray  # public id
    channel: np.ndarray
    known: np.ndarray  # was a customer of Qinghe before
    circle: np.ndarray
    segment: np.ndarray
    route: np.ndarray  # "live", "search", "paid", "content" or "referral"
    inviter: np.ndarray  # index of the member who invited, -1 for none
    share: np.ndarray  # row of the invitation that brought her, -1 for none
    signed: np.ndarray
    rate: np.ndarray  # orders per week while she is a customer, before the effect of having been invited
    drop: np.ndarray  # chance to drift away after each repeat order, before that effect
    basket: np.ndarray  # mean money of an order

    def __len__(self):
        return len(self.number)


@dataclass
class Circles:
    """Shared traits of circles: rate and loyalty (standard normal), segment shares."""

    rate: np.ndarray
    loyalty: np.ndarray
    segments: np.ndarray  # (circles, 4)


def seconds_of_day(seed, purpose, identity, count=None):
    """Seconds since midnight with the daily rhythm of the trade."""
    u = draws.uniform(seed, purpose, identity, count)
    edges = np.concatenate([[0.0], np.cumsum(HOURS) / HOURS.sum()])
    return np.interp(u, edges, np.arange(25) * 3600.0).astype(np.int64)


def day_weights(parameters):
    """Relative number of orders by day of the season: weekends and the June festival, shape (DAYS,)."""
    days = pd.date_range(START, periods=DAYS, freq="D")
    return np.where(days.day_of_week >= 5, 1.12, 0.952) * np.where(is_festival(days), parameters.social.festival, 1.0)


def circles(seed, count):
    """Traits of so many circles."""
    random = draws.generator(seed, "circles")
    return Circles(random.normal(size=count), random.normal(size=count), random.dirichlet(9 * SEGMENT_SHARE, count))


def grow(parameters, seed, people, customers, visitors, share):
    """Members of a world that is `share` of full size, and the invitations they sent.

    customers: the table as it stands; visitors: ids of persons seen in rooms or on the shelf
    Returns (Members, invitations); an invitation is a row of a DataFrame with sharer (index of a
    member), sent, receiver (index of a member or -1), accepted (seconds or -1).
    """
    s = parameters.social
    random = draws.generator(seed, "members")
    start = max(60, int(round(BASE_MEMBERS * share)))
    group = circles(seed, max(4, int(round(1.6 * start / CIRCLE))))
    size = random.gamma(2.0, 1.0, len(group.rate))
    pick_circle = lambda n: (
        draws.choice(random.random(n), size / size.sum())
        if len(size) < 120
        else np.searchsorted(np.cumsum(size) / size.sum(), random.random(n))
    )

    # those who come by themselves: more and more over the season, most on weekends and in the festival
    weight = day_weights(parameters) * (0.75 + 0.5 * np.arange(DAYS) / DAYS)
    day = np.searchsorted(np.cumsum(weight) / weight.sum(), random.random(start))
    waves = [
        pd.DataFrame(
            {
                "circle": pick_circle(start).astype(np.int64),
                "inviter": -1,
                "share": -1,
                "signed": np.minimum(day, DAYS - 1) * DAY + _clock(random, start),
            }
        )
    ]
    sent = []
    total, invited = 0, 0
    while len(waves[-1]) and len(waves) < 60:
        wave = waves[-1]
        liveliness = np.exp(s.liveliness * (group.rate + group.loyalty)[wave.circle] - s.liveliness**2)
        count = random.poisson(s.invitations * liveliness * random.gamma(0.6, 1 / 0.6, len(wave)))
        who = np.repeat(np.arange(len(wave)), count)
        at = wave.signed.to_numpy()[who] + (random.exponential(s.invitation_delay, len(who)) * DAY).astype(np.int64)
        at = (at // DAY) * DAY + np.maximum(
            _clock(random, len(at)),
            np.where(at // DAY == wave.signed.to_numpy()[who] // DAY, wave.signed.to_numpy()[who] % DAY + 60, 0),
        )
        yes = random.random(len(who)) < s.acceptance
        accepted = np.where(yes, at + (random.exponential(2.5, len(who)) * DAY).astype(np.int64) + 120, -1)
        keep = at < DAYS * DAY
        accepted = np.where(accepted < DAYS * DAY, accepted, -1)
        part = pd.DataFrame(
            {"sharer": total + who, "sent": at, "accepted": accepted, "circle": wave.circle.to_numpy()[who]}
        )[keep].reset_index(drop=True)
        sent.append(part)
        joins = part.accepted >= 0
        new = pd.DataFrame(
            {
                "circle": part.circle[joins],
                "inviter": part.sharer[joins],
                "share": np.flatnonzero(joins) + invited,
                "signed": part.accepted[joins],
            }
        ).reset_index(drop=True)
        total, invited = total + len(wave), invited + len(part)
        waves.append(new)
    frame = pd.concat(waves, ignore_index=True)
    invitations = pd.concat(sent, ignore_index=True)
    count = len(frame)

    # persons: some are customers already, most were only seen in rooms
    known_pool = customers[(customers.joined < START) & (customers.route != "referral")].customer_id.to_numpy()
    fresh_pool = np.setdiff1d(people.number, customers.customer_id)
    kind = pd.Series(people.kind, index=people.number)
    seen = np.isin(fresh_pool, visitors)
    order = random.random(len(fresh_pool)) - 0.9 * seen - 0.35 * (kind[fresh_pool].to_numpy() == FAN)
    fresh_pool = fresh_pool[np.argsort(order, kind="stable")][: max(count * 3, 200)]
    fresh = random.permutation(fresh_pool)
    known = (frame.inviter < 0).to_numpy() & (random.random(count) < s.known_share)
    known[np.flatnonzero(known)[len(known_pool) :]] = False
    number = np.empty(count, dtype=np.int64)
    number[known] = random.permutation(known_pool)[: known.sum()]
    if (~known).sum() > len(fresh):
        raise ValueError(
            "The population is too small for the members of the social shop; lower social.invitations or "
            "social.acceptance"
        )
    number[~known] = fresh[: (~known).sum()]

    circle = frame.circle.to_numpy()
    identity = number.astype(np.uint64)
    of_person = pd.Series(people.channel, index=people.number)
    segment = draws.choice(draws.uniform(seed, "member segment", identity), group.segments[circle]).astype(np.int64)
    own = customers.set_index("customer_id").segment.map({name: i for i, name in enumerate(SEGMENTS)})
    segment[known] = own.loc[number[known]].to_numpy()
    route = np.array(ENTRY_ROUTES, dtype=object)[
        draws.choice(draws.uniform(seed, "member route", identity), ENTRY_SHARE)
    ]
    route[frame.inviter.to_numpy() >= 0] = "referral"
    rate, drop = _traits(parameters, seed, identity, group.rate[circle], group.loyalty[circle])
    from scipy.special import gammaincinv

    level = gammaincinv(s.basket_q, draws.uniform(seed, "basket level", identity))
    basket = s.basket_mean * (s.basket_q - 1) / np.maximum(level, 1e-3)
    order = np.argsort(frame.signed.to_numpy(), kind="stable")
    place = np.empty(count, dtype=np.int64)
    place[order] = np.arange(count)
    inviter = frame.inviter.to_numpy()
    made = Members(
        number=number[order],
        channel=of_person[number[order]].to_numpy().astype(np.int64),
        known=known[order],
        circle=circle[order],
        segment=segment[order],
        route=route[order],
        inviter=np.where(inviter >= 0, place[inviter], -1)[order],
        share=frame.share.to_numpy()[order],
        signed=frame.signed.to_numpy()[order],
        rate=rate[order],
        drop=drop[order],
        basket=np.minimum(basket, 12 * s.basket_mean)[order],
    )
    receiver = np.full(len(invitations), -1, dtype=np.int64)
    joined = made.share >= 0
    receiver[made.share[joined]] = np.flatnonzero(joined)
    invitations = invitations.assign(sharer=place[invitations.sharer.to_numpy()], receiver=receiver)
    return made, invitations, fresh[(~known).sum() :]


def _traits(parameters, seed, identity, circle_rate, circle_loyalty):
    """Rate and drop-out chance of each member: exactly gamma and beta over members, alike within circles."""
    from scipy.special import betaincinv, gammaincinv, ndtr

    s = parameters.social
    own = np.sqrt(s.likeness)
    rest = np.sqrt(1 - s.likeness)
    high = ndtr(own * circle_rate + rest * draws.normal(seed, "member rate", identity))
    rate = gammaincinv(s.rate_r, high) / s.rate_alpha
    low = ndtr(-own * circle_loyalty + rest * draws.normal(seed, "member drop", identity))
    return rate, betaincinv(s.drop_a, s.drop_b, np.clip(low, 1e-9, 1 - 1e-9))


def _clock(random, count):
    edges = np.concatenate([[0.0], np.cumsum(HOURS) / HOURS.sum()])
    return np.interp(random.random(count), edges, np.arange(25) * 3600.0).astype(np.int64)
