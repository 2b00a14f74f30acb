"""Orders of the members of the social shop: known rates, drop-out, service, group deals and coupons.

A member's first order comes soon after she signs up; from then on she orders at her own
rate until she drifts away, which may happen after each repeat order (the assumptions of
the BG/NBD model) or because service answered too late. Every draw belongs to a member
and the number of her order, so twin worlds differ by their one cause only.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from liveshop.world import catalogue, draws
from liveshop.world.shop.members import DAY, SEGMENTS, day_weights, seconds_of_day
from liveshop.world.rooms.plan import DAYS, HOURS, START

ONE = np.timedelta64(1, "s")
MOST = 160  # orders of one member
TICKET_TOPICS = ("size", "delivery", "product", "return", "complaint", "praise")
TICKET_SHARE = np.array([0.26, 0.24, 0.16, 0.18, 0.11, 0.05])
COMPLAINT = TICKET_TOPICS.index("complaint")
STATES = ("no order yet", "occasional", "regular", "silent 4 to 10 weeks", "silent longer")
COUPONS = (("coupon-april", 42, False), ("coupon-may", 70, False), ("coupon-july", 126, True))
WEEKS_OF_COUPON = 4
FASHION_DAYS = 9.0


def wait_medians(parameters):
    """Median minutes to the first answer by hour of the day, shape (24,): by load in the day, until morning at night."""
    day = HOURS / HOURS[8:].mean()
    return np.where(np.arange(24) < 8, 170.0 - 18.0 * np.arange(24), parameters.service.wait * day**1.7)


def wait_minutes(parameters, seed, identity, number, hour, topic, regular):
    """Minutes to the first answer: regulars are served first, complaints take longer."""
    spread = np.exp(0.9 * draws.normal(seed, "answer", identity, number))
    return (
        wait_medians(parameters)[hour] * spread * np.where(regular, 0.7, 1.0) * np.where(topic == COMPLAINT, 1.6, 1.0)
    )


def ticket_topic(seed, identity, number):
    """Topic of a ticket, as a number."""
    return draws.choice(draws.uniform(seed, "ticket topic", identity, number), TICKET_SHARE).astype(np.int64)


def buy(parameters, seed, members, referral=True, slow=True):
    """Orders and tickets of all members by their own rates: two DataFrames.

    referral=False: the world in which being invited changes nothing about the invited.
    slow=False: the world in which service answers everything within its standard.
    orders: member, number (0 for the first), at (seconds); tickets: member, number of the order,
    opened (seconds), topic, wait (minutes).
    """
    s, service = parameters.social, parameters.service
    clock = np.concatenate(
        [[0.0], np.cumsum(day_weights(parameters) / day_weights(parameters).mean())]
    )  # operational days at each midnight
    identity = members.number.astype(np.uint64)
    invited = (members.route == "referral") & referral
    rate = members.rate * np.where(invited, s.referral_rate, 1.0) * (1 - parameters.deal.share) / 7
    odds = members.drop / (1 - members.drop) * np.where(invited, s.referral_drop, 1.0)
    drop = odds / (1 + odds)
    who = np.flatnonzero(draws.uniform(seed, "ever orders", identity) < s.ordering)
    quick = draws.uniform(seed, "first order quick", identity[who]) < 0.55
    wait = np.where(quick, 0.0, 6.0 * draws.exponential(seed, "first order", identity[who]))
    moment = np.interp(members.signed[who] / DAY, np.arange(DAYS + 1), clock) + wait
    last = np.full(len(members), -1, dtype=np.int64)
    orders, tickets = [], []
    for number in range(MOST):
        on = moment < clock[-1]
        who, moment = who[on], moment[on]
        if not who.size:
            break
        own, count = identity[who], np.full(len(who), number)
        day = np.minimum(np.interp(moment, clock, np.arange(DAYS + 1)).astype(np.int64), DAYS - 1)
        at = day * DAY + seconds_of_day(seed, "order hour", own, count)
        at = np.maximum(
            at,
            np.maximum(
                last[who] + 400,
                members.signed[who] + 150 + (600 * draws.uniform(seed, "order wait", own, count)).astype(np.int64),
            ),
        )
        last[who] = at
        orders.append(pd.DataFrame({"member": who, "number": number, "at": at}))
        asks = draws.uniform(seed, "asks", own, count) < service.tickets
        day_of = (at + 2.0 * DAY * draws.exponential(seed, "ticket day", own, count)).astype(np.int64) // DAY
        opened = np.maximum(day_of * DAY + seconds_of_day(seed, "ticket hour", own, count), at + 300)
        topic = ticket_topic(seed, own, count)
        minutes = wait_minutes(parameters, seed, own, count, opened // 3600 % 24, topic, count >= 3)
        late = np.maximum(minutes - service.standard, 0) if slow else np.zeros(len(who))
        harm = service.leave * (1 - np.exp(-late / service.patience)) + np.where(
            topic == COMPLAINT, service.complaint_leave, 0
        )
        tickets.append(
            pd.DataFrame({"member": who, "number": number, "opened": opened, "topic": topic, "wait": minutes})[asks]
        )
        leaves = ((number > 0) & (draws.uniform(seed, "drifts", own, count) < drop[who])) | (
            asks & (draws.uniform(seed, "put off", own, count) < harm)
        )
        moment = moment + draws.exponential(seed, "gap", own, count) / np.maximum(rate[who], 1e-12)
        who, moment = who[~leaves], moment[~leaves]
    orders = pd.concat(orders, ignore_index=True)
    orders = orders[orders["at"] < DAYS * DAY].reset_index(drop=True)
    return orders, pd.concat(tickets, ignore_index=True)


def repeat_rate(orders, members, days=56):
    """Share of members who ordered again within so many days of the first order, by member: DataFrame(member, again), first orders early enough only."""
    first = orders[orders.number == 0].set_index("member")["at"]
    first = first[first < (DAYS - days) * DAY]
    second = orders[orders.number == 1].set_index("member")["at"].reindex(first.index)
    return pd.DataFrame({"member": first.index, "again": (second - first).le(days * DAY).to_numpy()})


# --- group deals ------------------------------------------------------------------------------------


def attention_since():
    """Relative attention to a share by hours since it was sent, shape (48,)."""
    hours = np.arange(48)
    return 0.35 + 2.2 * np.exp(-hours / 2.5)


def deals(parameters, seed, members, orders):
    """Group deals opened by members and the orders that filled ones bring.

    Returns (deals, invites, orders): deals have opener, size, opened, limit_hours, reward, filled (seconds or -1),
    joined (persons in it at the end, with the opener); invites have deal, sharer, receiver (members), shared, opened
    (or -1), accepted (or -1); orders are member, at, deal.
    """
    d = parameters.deal
    random = draws.generator(seed, "deals")
    span = orders.groupby("member")["at"].agg(["min", "max", "size"])
    alive_from = np.full(len(members), np.iinfo(np.int64).max)
    alive_to = np.full(len(members), -1, dtype=np.int64)
    alive_from[span.index], alive_to[span.index] = span["min"], span["max"] + DAY
    wish = len(orders) * d.share / (1 - d.share) / 1.9  # a deal brings about 1.9 orders, failed ones included
    openers = span.index[span["size"] >= 2].to_numpy()
    if wish < 1 or len(openers) < 10:
        wish, openers = 1, span.index.to_numpy()
    opener = random.choice(openers, int(wish), p=(w := span.loc[openers, "size"].to_numpy() ** 0.8) / w.sum())
    opened = (alive_from[opener] + random.random(len(opener)) * (alive_to[opener] - DAY - alive_from[opener])).astype(
        np.int64
    ) // DAY * DAY + DAY
    opened = np.minimum(opened, (DAYS - 3) * DAY) + np.interp(
        random.random(len(opener)), np.concatenate([[0], np.cumsum(HOURS) / HOURS.sum()]), np.arange(25) * 3600.0
    ).astype(np.int64)
    usual = int(round(d.size))
    size = np.maximum(2, random.choice([usual - 1, usual, usual + 2], len(opener), p=[0.2, 0.65, 0.15]))
    limit = random.choice([12, 24, 48], len(opener), p=[0.2, 0.6, 0.2])
    reward = random.choice([0.0, 10.0], len(opener))
    attention = HOURS / HOURS.mean()
    fresh = attention_since()
    hour0 = opened // 3600 % 24
    intensity = (
        d.acceptances
        * (1 + d.reward * reward)[:, None]
        * fresh
        / fresh[:24].mean()
        * attention[(hour0[:, None] + np.arange(48)) % 24]
    )
    intensity[np.arange(48)[None, :] >= limit[:, None]] = 0
    count = random.poisson(intensity)
    row, hour = np.nonzero(count)
    times = count[row, hour]
    row, hour = np.repeat(row, times), np.repeat(hour, times)
    accepted = opened[row] + hour * 3600 + random.integers(60, 3600, len(row))
    order = np.lexsort((accepted, row))
    row, accepted = row[order], accepted[order]
    place = np.arange(len(row)) - np.searchsorted(row, row)
    in_time = place < size[row] - 1
    row, accepted, place = row[in_time], accepted[in_time], place[in_time]
    friend = _friends(random, members, alive_from, alive_to, opener[row], accepted, row)
    found = friend >= 0
    row, accepted, friend = row[found], accepted[found], friend[found]
    place = np.arange(len(row)) - np.searchsorted(row, row)
    joined = 1 + np.bincount(row, minlength=len(opener))
    full = joined >= size
    filled = np.full(len(opener), -1, dtype=np.int64)
    closing = place == size[row] - 2
    filled[row[closing]] = accepted[closing]
    # the share that each friend got, and shares that nobody took up
    shared = opened[row] + np.minimum(
        (random.exponential(600, len(row))).astype(np.int64) + 20, np.maximum(accepted - opened[row] - 40, 20)
    )
    more = random.poisson(4.0, len(opener))
    other = np.repeat(np.arange(len(opener)), more)
    stray = _friends(
        random,
        members,
        alive_from,
        np.full(len(members), np.iinfo(np.int64).max),
        opener[other],
        opened[other],
        np.arange(len(other)) + len(row) + 7,
    )
    late = opened[other] + (random.exponential(900, len(other))).astype(np.int64) + 20
    invites = pd.concat(
        [
            pd.DataFrame(
                {
                    "deal": row,
                    "sharer": opener[row],
                    "receiver": friend,
                    "shared": shared,
                    "opened": (shared + (accepted - shared) * random.uniform(0.2, 0.95, len(row))).astype(np.int64),
                    "accepted": accepted,
                }
            ),
            pd.DataFrame(
                {
                    "deal": other,
                    "sharer": opener[other],
                    "receiver": stray,
                    "shared": late,
                    "opened": np.where(
                        random.random(len(other)) < 0.45,
                        late + (random.exponential(5400, len(other))).astype(np.int64) + 5,
                        -1,
                    ),
                    "accepted": -1,
                }
            ),
        ],
        ignore_index=True,
    )
    invites = invites[invites.receiver >= 0].reset_index(drop=True)
    table = pd.DataFrame(
        {
            "opener": opener,
            "size": size,
            "opened": opened,
            "limit_hours": limit,
            "reward": reward,
            "filled": filled,
            "joined": joined,
        }
    )
    bought = np.flatnonzero(full)
    those = full[row]
    made = pd.concat(
        [
            pd.DataFrame({"member": opener[bought], "at": opened[bought], "deal": bought}),
            pd.DataFrame({"member": friend[those], "at": accepted[those], "deal": row[those]}),
        ],
        ignore_index=True,
    )
    return table, invites, made


def _friends(random, members, alive_from, alive_to, opener, at, group):
    """A friend of the opener for each acceptance: of her circle if one is there, nobody twice in a group; -1 if nobody is found."""
    by_circle = np.argsort(members.circle, kind="stable")
    edges = np.searchsorted(members.circle[by_circle], np.arange(members.circle.max() + 2))
    circle = members.circle[opener]
    friend = np.full(len(opener), -1, dtype=np.int64)
    for attempt in range(60):
        open_ = np.flatnonzero(friend < 0)
        if not open_.size:
            break
        low, high = edges[circle[open_]], edges[circle[open_] + 1]
        pick = (
            by_circle[low + (random.random(len(open_)) * (high - low)).astype(np.int64)]
            if attempt < 40
            else random.integers(0, len(members), len(open_))
        )
        fits = (alive_from[pick] <= at[open_]) & (at[open_] < alive_to[pick]) & (pick != opener[open_])
        friend[open_[fits]] = pick[fits]
        taken = (
            pd.DataFrame({"g": group, "f": np.where(friend >= 0, friend, -1 - np.arange(len(friend)))})
            .duplicated()
            .to_numpy()
        )
        friend[taken] = -1
    return friend


# --- coupons ----------------------------------------------------------------------------------------


@dataclass
class Sending:
    """One sending of coupons: who could get one, who did, what it did."""

    name: str
    day: int
    randomised: bool
    unit: np.ndarray  # members
    treated: np.ndarray
    state: np.ndarray
    before: np.ndarray  # paid orders in the eight weeks before
    outcome: np.ndarray  # paid orders in the four weeks after
    money: np.ndarray  # money of those orders, CNY
    gain: np.ndarray  # expected effect of a coupon on that money, CNY
    extra: np.ndarray  # expected effect on the number of orders


def state_of(members, orders, day):
    """State of each member at the start of a day, as a number of STATES; the money she paid before is not needed."""
    past = orders[orders["at"] < day * DAY]
    count = np.bincount(past.member, minlength=len(members))
    last = np.full(len(members), -(10**9), dtype=np.int64)
    np.maximum.at(last, past.member.to_numpy(), past["at"].to_numpy())
    silent = day - last / DAY
    return np.select([count == 0, (silent <= 28) & (count < 3), silent <= 28, silent <= 70], [0, 1, 2, 3], 4)


def coupon_chances(parameters, state, segment):
    """Chance that a coupon moves a member to one more order, and that it puts her off: two arrays."""
    c = parameters.coupon
    moves = (
        np.array([c.moves_others, c.moves_others, c.sure, c.moves, c.moves_others])[state]
        * np.array([1.0, c.office, 1.0, c.bargain])[segment]
    )
    annoys = np.where((segment == SEGMENTS.index("office")) & np.isin(state, [1, 2, 3]), c.annoys, 0.0)
    return np.minimum(moves, 1), np.minimum(annoys, 1)


def send(parameters, seed, members, orders, name, day, randomised, worth):
    """Send coupons on a day; returns (orders with what the coupons changed, Sending without before, outcome and money).

    worth: money that an order of each member brings on average, CNY. Orders have member, at, money, coupon (or None). A coupon brings further orders, is used on the first order
    of the four weeks, or keeps a member away for four weeks.
    """
    c = parameters.coupon
    random = draws.generator(seed, "send", name)
    unit = np.flatnonzero(members.signed < (day - 1) * DAY)
    state = state_of(members, orders, day)[unit]
    identity = members.number[unit].astype(np.uint64)
    if randomised:
        # a coin within pairs of members alike in state, segment and orders so far: less noise than one coin for each
        count = np.bincount(orders.member[orders["at"] < day * DAY], minlength=len(members))[unit]
        alike = np.lexsort((random.random(len(unit)), count, members.segment[unit], state))
        coin = random.random(len(unit) // 2 + 1) < 0.5
        treated = np.empty(len(unit), dtype=bool)
        treated[alike] = np.where(
            np.arange(len(unit)) % 2 == 0, coin[np.arange(len(unit)) // 2], ~coin[np.arange(len(unit)) // 2]
        )
    else:
        # the manager picks those who buy most: they are sure to like it
        count = np.bincount(orders.member[orders["at"] < day * DAY], minlength=len(members))[unit]
        score = np.log1p(count) + random.normal(0, 0.5, len(unit))
        treated = score >= np.quantile(score, 0.7)
    moves, annoys = coupon_chances(parameters, state, members.segment[unit])
    end = (day + 7 * WEEKS_OF_COUPON) * DAY
    window = (orders["at"] >= day * DAY) & (orders["at"] < end)
    usual = np.bincount(orders.member[window], orders.money[window], minlength=len(members))[unit]
    first = orders[window].sort_values("at").drop_duplicates("member")
    usable = np.zeros(len(members), dtype=bool)
    usable[first.member[first.money >= 3 * c.face]] = True
    gain = (
        moves * (np.maximum(worth[unit], 3 * c.face) - c.face)
        - annoys * usual
        - (1 - annoys) * c.redeem * c.face * usable[unit]
    )
    extra = moves - annoys * np.bincount(orders.member[window], minlength=len(members))[unit]
    put_off = treated & (draws.uniform(seed, name + " annoys", identity) < annoys)
    moved = treated & ~put_off & (draws.uniform(seed, name + " moves", identity) < moves)
    away = np.zeros(len(members), dtype=bool)
    away[unit[put_off]] = True
    orders = orders[~(window & away[orders.member])]
    uses = np.zeros(len(members), dtype=bool)
    uses[unit[treated & (draws.uniform(seed, name + " redeems", identity) < c.redeem)]] = True
    use = first[uses[first.member] & ~away[first.member] & (first.money >= 3 * c.face)].index
    orders.loc[use, "coupon"] = name
    delay = np.minimum(7.0 * draws.exponential(seed, name + " delay", identity[moved]), 7 * WEEKS_OF_COUPON - 1.01)
    at = (day + delay.astype(np.int64)) * DAY + np.maximum(
        seconds_of_day(seed, name + " hour", identity[moved]), 9 * 3600
    )
    level = draws.normal(seed, name + " money", identity[moved])
    new = pd.DataFrame(
        {
            "member": unit[moved],
            "number": -1,
            "at": at,
            "money": np.maximum(members.basket[unit[moved]] * np.exp(0.35 * level - 0.06), 3 * c.face),
            "deal": -1,
            "coupon": name,
            "key": np.nan,
        }
    )
    orders = pd.concat([orders, new], ignore_index=True)
    return orders, Sending(
        name,
        day,
        randomised,
        unit,
        treated,
        state,
        np.zeros(len(unit)),
        np.zeros(len(unit)),
        np.zeros(len(unit)),
        gain,
        extra,
    )


# --- what is in the baskets -------------------------------------------------------------------------


def aims(parameters, seed, members, orders):
    """Money that each order is made for: alike within a member (Gamma-Gamma), CNY."""
    from scipy.special import gammaincinv

    s = parameters.social
    u = draws.uniform(seed, "order money", members.number[orders.member].astype(np.uint64), orders.number.to_numpy())
    return members.basket[orders.member] / s.basket_p * gammaincinv(s.basket_p, u)


def lines(parameters, seed, plan, members, orders, purpose=""):
    """Order lines of orders (member, at, money): by taste, fashion of the week and price; one to three products."""
    s = parameters.social
    random = draws.generator(seed, "baskets", purpose)
    products = plan.products
    price = products.list_price.to_numpy()
    category = products.category.astype("category").cat.codes.to_numpy()
    kinds = category.max() + 1
    # taste: of the segment for categories, and personal along two hidden styles
    by_segment = draws.generator(seed, "segment taste").normal(0, 0.7 * s.taste, (len(SEGMENTS), kinds))
    style = draws.generator(seed, "styles").normal(0, 1, (len(price), 2))
    person = np.column_stack([draws.normal(seed, f"taste {k}", members.number.astype(np.uint64)) for k in range(2)])
    peak = draws.generator(seed, "fashion").uniform(0, DAYS, len(price))
    launched = (products.launched - START).dt.days.to_numpy()
    peak = np.maximum(peak, launched + 7)
    who, at = orders.member.to_numpy(), orders["at"].to_numpy()
    day = at / DAY
    base = (
        np.log(products.true_appeal.to_numpy())[None, :]
        + by_segment[members.segment[who]][:, category]
        + 0.55 * s.taste * person[who] @ style.T
        + s.fashion * np.exp(-0.5 * ((day[:, None] - peak[None, :]) / FASHION_DAYS) ** 2)
    )
    base[day[:, None] < launched[None, :]] = -np.inf
    rest = orders.money.to_numpy().copy()
    out = []
    taken = np.zeros(base.shape, dtype=bool)
    open_ = np.arange(len(orders))
    deal = orders.deal.to_numpy() >= 0
    for line in range(1, 4):
        fit = -1.3 * np.abs(np.log(price[None, :] * 0.93 / np.maximum(rest[open_], 20)[:, None]))
        weight = np.exp(np.minimum(base[open_], 30) + 1.4 * fit)
        weight[taken[open_]] = 0
        total = np.cumsum(weight, axis=1)
        u = random.random(len(open_)) * total[:, -1]
        product = np.minimum((total < u[:, None]).sum(axis=1), len(price) - 1)
        cut = np.array([0.0, 0.05, 0.10, 0.15])[random.integers(0, 4, len(open_))]
        cut = np.where(deal[open_], 0.20, cut)
        paid = np.round(price[product] * (1 - cut) * 2) / 2
        quantity = np.clip(np.rint(rest[open_] / paid), 1, 3).astype(np.int64)
        quantity = np.where(random.random(len(open_)) < 0.75, 1, quantity)
        out.append(
            pd.DataFrame(
                {
                    "order": open_,
                    "line_no": line,
                    "product": product,
                    "quantity": quantity,
                    "discount": cut,
                    "list_amount": quantity * price[product],
                    "paid_amount": quantity * paid,
                }
            )
        )
        taken[open_, product] = True
        rest[open_] -= quantity * paid
        open_ = open_[(rest[open_] > 45) & ~deal[open_]]
    return pd.concat(out, ignore_index=True).sort_values(["order", "line_no"], ignore_index=True)
