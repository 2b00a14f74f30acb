"""Members of the social shop: circles of friends, sign-ups by route, invitations that lead to further sign-ups.

Persons live in circles. Friends resemble each other: how often they buy and how soon they
drift away is partly shared in a circle. Lively circles also invite more, so the members
who come by invitation would stay longer even if nobody had invited them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from liveshop.world import calendar, draws
from liveshop.world.calendar import DAY, DAYS, START, seconds_of_day
from liveshop.world.people import FAN

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


def day_weights(parameters):
    """Relative number of orders by day of the season: weekends and the June festival, shape (DAYS,)."""
    return calendar.day_weights(weekend=1.12, weekday=0.952, festival=parameters.social.festival)


def circles(seed, count):
    """Traits of so many circles."""
    random = draws.generator(seed, "circles")
    return Circles(random.normal(size=count), random.normal(size=count), random.dirichlet(9 * SEGMENT_SHARE, count))


def grow(parameters, seed, people, customers, visitors, share):
    """Members of a world that is `share` of full size, and the invitations they sent.

    customers: the table as it stands; visitors: ids of persons seen in rooms or on the shelf
    Returns (Members, invitations, strangers): an invitation is a row of a DataFrame with sharer (index of a
    member), sent, receiver (index of a member or -1), accepted (seconds or -1); strangers are ids of persons who
    did not become members.
    """
    random = draws.generator(seed, "members")
    start = max(60, int(round(BASE_MEMBERS * share)))
    group = circles(seed, max(4, int(round(1.6 * start / CIRCLE))))
    frame, invitations = _sign_ups(random, parameters, group, start)
    known, number, strangers = _persons(random, parameters, people, customers, visitors, frame)
    order = np.argsort(frame.signed.to_numpy(), kind="stable")
    members = _in_order(parameters, seed, people, customers, group, frame, known, number, order)
    place = np.empty(len(frame), dtype=np.int64)
    place[order] = np.arange(len(frame))
    receiver = np.full(len(invitations), -1, dtype=np.int64)
    joined = members.share >= 0
    receiver[members.share[joined]] = np.flatnonzero(joined)
    return members, invitations.assign(sharer=place[invitations.sharer.to_numpy()], receiver=receiver), strangers


def _sign_ups(random, parameters, group, start):
    """Sign-ups in waves (circle, inviter, share, signed), each wave invited by the one before, and all invitations."""
    waves, sent, total, invited = [_first_wave(random, parameters, group, start)], [], 0, 0
    while len(waves[-1]) and len(waves) < 60:
        part = _invited_by(random, parameters, group, waves[-1])
        part["sharer"] += total
        joins = part.accepted >= 0
        new = pd.DataFrame(
            {
                "circle": part.circle[joins],
                "inviter": part.sharer[joins],
                "share": np.flatnonzero(joins) + invited,
                "signed": part.accepted[joins],
            }
        )
        total, invited = total + len(waves[-1]), invited + len(part)
        sent.append(part)
        waves.append(new)
    return pd.concat(waves, ignore_index=True), pd.concat(sent, ignore_index=True)


def _first_wave(random, parameters, group, start):
    """Those who come by themselves: more and more over the season, most on weekends and in the festival."""
    size = random.gamma(2.0, 1.0, len(group.rate))
    weight = day_weights(parameters) * (0.75 + 0.5 * np.arange(DAYS) / DAYS)
    day = np.searchsorted(np.cumsum(weight) / weight.sum(), random.random(start))
    circle = draws.choice(random.random(start), size / size.sum()).astype(np.int64)
    signed = np.minimum(day, DAYS - 1) * DAY + seconds_of_day(random.random(start))
    return pd.DataFrame({"circle": circle, "inviter": -1, "share": -1, "signed": signed})


def _invited_by(random, parameters, group, wave):
    """Invitations that a wave of members sends within the season: sharer (row of the wave), sent, accepted, circle."""
    s, signed, circle = parameters.social, wave.signed.to_numpy(), wave.circle.to_numpy()
    liveliness = np.exp(s.liveliness * (group.rate + group.loyalty)[circle] - s.liveliness**2)
    count = random.poisson(s.invitations * liveliness * random.gamma(0.6, 1 / 0.6, len(wave)))
    who = np.repeat(np.arange(len(wave)), count.astype(np.intp))
    at = signed[who] + (random.exponential(s.invitation_delay, len(who)) * DAY).astype(np.int64)
    earliest = np.where(at // DAY == signed[who] // DAY, signed[who] % DAY + 60, 0)
    at = (at // DAY) * DAY + np.maximum(seconds_of_day(random.random(len(at))), earliest)
    yes = random.random(len(who)) < s.acceptance
    accepted = np.where(yes, at + (random.exponential(2.5, len(who)) * DAY).astype(np.int64) + 120, -1)
    accepted = np.where(accepted < DAYS * DAY, accepted, -1)
    frame = pd.DataFrame({"sharer": who, "sent": at, "accepted": accepted, "circle": circle[who]})
    return frame[at < DAYS * DAY].reset_index(drop=True)


def _persons(random, parameters, people, customers, visitors, frame):
    """Who the members are: some are customers already, most were only seen in rooms.

    Returns (whether each was known, her number, numbers of those left over).
    """
    known_pool = customers[(customers.joined < START) & (customers.route != "referral")].customer_id.to_numpy()
    fresh_pool = np.setdiff1d(people.number, customers.customer_id)
    kind = pd.Series(people.kind, index=people.number)
    seen = np.isin(fresh_pool, visitors)
    order = random.random(len(fresh_pool)) - 0.9 * seen - 0.35 * (kind[fresh_pool].to_numpy() == FAN)
    fresh_pool = fresh_pool[np.argsort(order, kind="stable")][: max(len(frame) * 3, 200)]
    fresh = random.permutation(fresh_pool)
    known = (frame.inviter < 0).to_numpy() & (random.random(len(frame)) < parameters.social.known_share)
    known[np.flatnonzero(known)[len(known_pool) :]] = False
    number = np.empty(len(frame), dtype=np.int64)
    number[known] = random.permutation(known_pool)[: known.sum()]
    strangers = (~known).sum()
    if strangers > len(fresh):
        raise ValueError(
            "The population is too small for the members of the social shop; lower social.invitations or "
            "social.acceptance"
        )
    number[~known] = fresh[:strangers]
    return known, number, fresh[strangers:]


def _in_order(parameters, seed, people, customers, group, frame, known, number, order):
    """Members in order of sign-up, with their traits."""
    from scipy.special import gammaincinv

    s, circle, inviter = parameters.social, frame.circle.to_numpy(), frame.inviter.to_numpy()
    identity = number.astype(np.uint64)
    segment = draws.choice(draws.uniform(seed, "member segment", identity), group.segments[circle]).astype(np.int64)
    own = customers.set_index("customer_id").segment.map({name: i for i, name in enumerate(SEGMENTS)})
    segment[known] = own.loc[number[known]].to_numpy()
    entry = draws.choice(draws.uniform(seed, "member route", identity), ENTRY_SHARE)
    route = np.where(inviter >= 0, "referral", np.array(ENTRY_ROUTES, dtype=object)[entry])
    rate, drop = traits(parameters, seed, identity, group.rate[circle], group.loyalty[circle])
    level = gammaincinv(s.basket_q, draws.uniform(seed, "basket level", identity))
    basket = s.basket_mean * (s.basket_q - 1) / np.maximum(level, 1e-3)
    channel = pd.Series(people.channel, index=people.number)
    place = np.argsort(order)
    return Members(
        number=number[order],
        channel=channel[number[order]].to_numpy().astype(np.int64),
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


def traits(parameters, seed, identity, circle_rate, circle_loyalty):
    """Rate and drop-out chance of each member: exactly gamma and beta over members, alike within circles."""
    from scipy.special import betaincinv, gammaincinv, ndtr

    s = parameters.social
    own = np.sqrt(s.likeness)
    rest = np.sqrt(1 - s.likeness)
    high = ndtr(own * circle_rate + rest * draws.normal(seed, "member rate", identity))
    rate = gammaincinv(s.rate_r, high) / s.rate_alpha
    low = ndtr(-own * circle_loyalty + rest * draws.normal(seed, "member drop", identity))
    return rate, betaincinv(s.drop_a, s.drop_b, np.clip(low, 1e-9, 1 - 1e-9))
