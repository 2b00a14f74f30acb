"""Twelve weeks of Qinghe, 1 September to 23 November 2025, to be played: the weekly model of the capstone.

A player decides each week on rundown, hours on air, four media budgets, coupons, agents (and temporary ones for the
week after), pieces to order (they arrive in two weeks), and on measures against risks. All seeds are played at once: a
state and an action hold arrays over seeds. static/weeks.js is the same model for a page, one seed at a time; both
read weeks.json. The random numbers are mulberry32, in 32-bit whole numbers alone, so that both draw the same.

Taken from the world: what giveaways do to entries and orders, invitations, contacts an order, coupons, baskets,
margins, and the response to media. Assumed: trust, fatigue, wear of coupons, what a planned rundown brings, the rates
of outages, disruptions and fines, the values at the end, and the fixed costs.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd

HABIT, GIVEAWAY, PLANNED = range(3)  # rundowns
NONE, ALL, SILENT = range(3)  # coupons


@cache
def constants():
    """The constants of the model, in groups: `constants().room.basket`."""
    text = Path(__file__).with_suffix(".json").read_text(encoding="utf-8")
    return json.loads(text, object_hook=lambda group: SimpleNamespace(**group))


class Luck:
    """Uniform draws by mulberry32, one stream for each seed."""

    def __init__(self, seeds):
        self.state = (np.asarray(seeds, dtype=np.uint64) * np.uint64(2654435761) % np.uint64(2**32)).astype(np.uint32)

    def uniform(self):
        """The next draw of each stream, in [0, 1)."""
        with np.errstate(over="ignore"):
            self.state = self.state + np.uint32(0x6D2B79F5)
            t = self.state
            t = (t ^ (t >> np.uint32(15))) * (t | np.uint32(1))
            t = t ^ (t + (t ^ (t >> np.uint32(7))) * (t | np.uint32(61)))
        return (t ^ (t >> np.uint32(14))).astype(np.float64) / 2.0**32

    def normal(self):
        """Nearly normal, mean 0 and variance 1: the sum of six uniform draws."""
        total = self.uniform()
        for _ in range(5):
            total = total + self.uniform()
        return total * np.sqrt(2.0) - 3 * np.sqrt(2.0)


@dataclass
class State:
    """Where the shop stands at the start of week `week` (from 0); arrays over seeds."""

    week: int
    active: np.ndarray
    silent: np.ndarray
    fatigue: np.ndarray
    anchor: np.ndarray
    trust: np.ndarray
    wear: np.ndarray
    stock: np.ndarray
    due: list  # pieces that arrive this week and in the weeks after
    media: np.ndarray  # level by kind, (seeds, kinds)
    joined: list  # members who joined last week and the week before
    demand: np.ndarray  # pieces asked for last week
    temporary: np.ndarray  # temporary agents booked for this week
    stress: list  # of the suppliers: this week, next, the week after; hidden
    signal: np.ndarray  # what is seen of the last one
    luck: Luck = field(repr=False)

    @property
    def ordered(self):
        """Pieces in stock and on order."""
        return self.stock + sum(self.due)


@dataclass
class Action:
    """What is decided for a week; numbers or arrays over seeds."""

    rundown: int = HABIT
    hours: float = 18.0
    media: tuple | None = None  # CNY by kind; None for the usual
    coupon: int = NONE
    agents: float = 4.0
    temporary: float = 0.0  # temporary agents for the week after
    order: float = 0.0  # pieces
    backup: float = 0.0  # 1 to rent the backup line
    second: float = 0.0  # 1 to keep a second supplier ready
    review: float = 0.0  # 1 to have the scripts read

    def within(self, state):
        """The action over all seeds, in its limits; over the budget of the week, media shrink."""
        c, count = constants(), len(state.active)
        usual = c.media.usual if self.media is None else self.media
        given = {name: np.broadcast_to(np.asarray(getattr(self, name), float), count) for name in _NUMBERS}
        media = np.broadcast_to(np.maximum(np.asarray(usual, float), 0), (count, len(c.kinds)))
        given["hours"] = np.clip(given["hours"], c.room.hours_least, c.room.hours_most)
        given["agents"] = np.clip(given["agents"], 0, c.service.agents_most)
        given["temporary"] = np.clip(given["temporary"], 0, c.service.temporary_most)
        given["order"] = np.clip(given["order"], 0, c.goods.order_most)
        for name in ("rundown", "coupon"):
            given[name] = np.broadcast_to(np.asarray(getattr(self, name), int), count)
        action = Action(**given, media=media)
        room = np.maximum(budget(state.week) - spent(state, replace(action, media=0 * media)), 0)
        share = np.minimum(1, room / np.maximum(media.sum(axis=1), 1))
        return replace(action, media=media * share[:, None])


_NUMBERS = ("hours", "agents", "temporary", "order", "backup", "second", "review")


def budget(week):
    """What a week (from 0) may spend on media, agents, rundown and measures, CNY."""
    c = constants()
    return c.money.budget_festival if week in c.festival_weeks else c.money.budget


def spent(state, action):
    """Money that the budget of a week pays for, CNY by seed, whether or not the budget suffices."""
    c = constants()
    return (
        action.media.sum(axis=1)
        + c.room.plan_cost * (action.rundown == PLANNED) + c.room.prizes * (action.rundown == GIVEAWAY)
        + c.service.agent * action.agents + c.service.temporary * state.temporary
        + c.risk.backup * action.backup + c.goods.second * action.second + c.risk.review * action.review
    )


def posts(action, told):
    """The week's profit by post, CNY: margins above nought, costs below; together they are the profit.

    action: as `within` gives it; told: what `step` tells of the week.
    """
    c = constants()
    kinds = {kind: -action.media[:, k] for k, kind in enumerate(c.kinds)}
    return {
        "rooms": told["live_orders"] * c.room.basket * c.room.margin,
        "members": told["member_orders"] * c.members.basket * c.members.margin,
        "coupons": -told["coupons"],
        "hours": -action.hours * c.room.hour_cost,
        **kinds,
        "planning": -c.room.plan_cost * (action.rundown == PLANNED),
        "prizes": -c.room.prizes * (action.rundown == GIVEAWAY),
        "agents": -c.service.agent * action.agents,
        "temporary": -c.service.temporary * told["temporary"],
        "backup": -c.risk.backup * action.backup,
        "second": -c.goods.second * action.second,
        "review": -c.risk.review * action.review,
        "holding": -c.goods.hold * told["stock"],
        "fine": -told["fine"],
        "fixed": np.full(len(action.hours), -float(c.money.fixed)),
    }


def _risen(level):
    """Rise of log visits at a level of media, over the kinds."""
    m = constants().media
    return (np.array(m.effect) * (1 - 2.0 ** (-level / np.array(m.half)))).sum(axis=-1)


def start(seeds):
    """The state before the first week, one for each seed."""
    c, luck = constants(), Luck(seeds)
    s, g = c.start, c.goods
    ones = np.ones(len(luck.state))
    stress = [g.stress_first * luck.normal()]
    for _ in range(2):
        stress.append(g.stress_keep * stress[-1] + g.stress_spread * luck.normal())
    return State(
        week=0,
        **{name: getattr(s, name) * ones for name in (
            "active", "silent", "fatigue", "anchor", "trust", "wear", "stock", "demand")},
        due=[pieces * ones for pieces in s.due],
        media=np.tile(np.array(c.media.usual, float), (len(ones), 1)),
        joined=[s.joined * ones, s.joined * ones],
        temporary=0 * ones,
        stress=stress,
        signal=stress[-1] + g.signal_spread * luck.normal(),
        luck=luck,
    )


def _chance(state, expected):
    """The draws of a week: three normal ones, then what happens of outage, disruption and fine; or their middle."""
    if expected:
        return [0.0, 0.0, 0.0], None
    return [state.luck.normal() for _ in range(3)], [state.luck.uniform() for _ in range(6)]


def _mishaps(state, action, u):
    """Share of the rooms' orders lost to an outage, whether goods come late, and the fine; expected without draws."""
    c, r = constants(), constants().risk
    festive = state.week in c.festival_weeks
    p_out = min(r.outage * (r.outage_festival if festive else 1), 1)
    p_late = np.minimum(c.goods.disruption * np.exp(c.goods.stress * state.stress[0]), c.goods.disruption_most)
    giveaway = np.array(c.rundown.anchor)[action.rundown]
    p_fine = (r.fine + r.fine_giveaway * giveaway) * (1 - r.review_cut * action.review)
    cut = 1 - r.backup_cut * action.backup
    if u is None:
        middle, fine = (r.outage_low + r.outage_high) / 2, (r.fine_low + r.fine_high) / 2
        return p_out * middle * cut, np.zeros(len(cut), bool), p_fine * fine
    lost = (u[0] < p_out) * (r.outage_low + (r.outage_high - r.outage_low) * u[1]) * cut
    late = (u[2] < p_late) & ~((u[5] < c.goods.second_cut) & (action.second > 0))
    return lost, late, (u[3] < p_fine) * (r.fine_low + (r.fine_high - r.fine_low) * u[4])


def _wanted(state, action, media, normal, lost):
    """Orders wanted in rooms and by members, members moved by a coupon, put off by one, and the pull of the week."""
    c, f = constants(), constants().season[state.week]
    room, m = c.room, c.members
    rundown = {name: np.array(getattr(c.rundown, name))[action.rundown] for name in ("entries", "orders")}
    pull = f**room.season_power * np.exp(_risen(media) - _risen(np.array(c.media.usual, float)))
    entries = room.entries * room.hours * (action.hours / room.hours) ** room.hours_power * pull
    entries = entries * rundown["entries"] * np.exp(room.spread * normal[0])
    mood = -room.fatigue * state.fatigue - room.anchor * state.anchor + room.trust * (state.trust - c.start.trust)
    conversion = room.conversion * rundown["orders"] * np.exp(mood) * f**room.conversion_power
    live = entries * conversion * np.exp(room.conversion_spread * normal[1]) * (1 - lost)
    moved = state.silent * (1 - state.wear) * np.array(c.coupon.moves)[action.coupon]
    annoyed = state.active * c.coupon.annoys * (action.coupon == ALL)
    usual = (state.active - annoyed) * m.rate * f**m.season_power
    own = usual * np.exp(m.spread * normal[2] + m.trust * (state.trust - c.start.trust)) + moved
    return live, own, moved, annoyed, pull, entries


def _goods(state, action, late, asked):
    """Pieces under way after the week, asked for, and left; the share of the asking that is served; late pieces."""
    g = constants().goods
    delayed = np.where(late, g.late * state.due[0], 0.0)
    due = [*state.due[1:], 0 * state.stock]
    due[1] = due[1] + delayed
    due[g.lead - 1] = due[g.lead - 1] + action.order
    there, demand = state.stock + state.due[0] - delayed, asked * g.pieces
    sold = np.minimum(demand, there)
    return due, demand, there - sold, sold / np.maximum(demand, 1e-9), delayed


def _suppliers(state, expected):
    """Stress of the suppliers a week on, and what is seen of it."""
    g = constants().goods
    if expected:
        return state.stress, state.signal
    stress = [*state.stress[1:], g.stress_keep * state.stress[2] + g.stress_spread * state.luck.normal()]
    return stress, stress[2] + g.signal_spread * state.luck.normal()


def _moods(state, action, slow):
    """Fatigue, anchor, trust, and wear of coupons after the week."""
    c = constants()
    keep = c.memory
    tired = keep.fatigue_gain * np.maximum(action.hours - c.room.hours, 0) / keep.fatigue_hours
    anchor = np.array(c.rundown.anchor)[action.rundown]
    return {
        "fatigue": keep.fatigue * state.fatigue + tired,
        "anchor": keep.anchor * state.anchor + (1 - keep.anchor) * anchor,
        "trust": keep.trust * state.trust + (1 - keep.trust) * (1 - slow),
        "wear": np.minimum(c.coupon.wear_keep * state.wear + c.coupon.wear * (action.coupon != NONE), 1.0),
    }


def step(state, action, expected=False):
    """One week: (the state after it, a dict of what happened, each an array over seeds).

    action: an `Action`, as `within` gives it. expected: no chance, for looking one week ahead; a state that was
    stepped with chance must not be stepped again, for its luck has moved on.
    """
    c = constants()
    m, desk, carry = c.members, c.service, np.array(c.media.carry)
    media = carry * state.media + (1 - carry) * action.media
    normal, u = _chance(state, expected)
    lost, late, fine = _mishaps(state, action, u)
    live, own, moved, annoyed, pull, entries = _wanted(state, action, media, normal, lost)
    due, demand, stock, fill, delayed = _goods(state, action, late, live + own)
    live_sold, own_sold, back = live * fill, own * fill, moved * fill
    regulars = c.coupon.redeem * (state.active - annoyed) * m.rate * fill * c.coupon.regular * (action.coupon == ALL)
    coupons = c.coupon.face * (back + regulars)
    contacts = desk.of_members * own_sold + desk.of_rooms * live_sold
    load = contacts / (desk.contacts * np.maximum(action.agents + state.temporary, desk.least))
    slow = 1 / (1 + np.exp(-desk.steep * (load - 1)))
    unserved = c.goods.unfilled * (own - own_sold)
    gone = np.minimum(desk.harm * slow * contacts + unserved, m.most_gone * state.active)
    joined = m.join * pull + m.friends * state.joined[1]
    returned = m.returning * state.silent + back * c.coupon.stay
    left = m.leave * state.active
    active = state.active - left - gone + joined + returned
    silent = np.maximum(state.silent * (1 - m.lapse) - returned + left + m.stays_known * gone, 0)
    stress, signal = _suppliers(state, expected)
    after = State(
        week=state.week + 1, active=active, silent=silent, stock=stock, due=due, media=media, demand=demand,
        joined=[joined, state.joined[0]], temporary=action.temporary, stress=stress, signal=signal, luck=state.luck,
        **_moods(state, action, slow),
    )
    told = dict(
        entries=entries, live_orders=live_sold, member_orders=own_sold, fill=fill, slow=slow, fine=fine,
        outage=lost, late=late * 1.0, active=active, silent=silent, stock=stock, spent=spent(state, action),
        coupons=coupons, hours=action.hours, agents=action.agents, temporary=state.temporary, gone=gone,
        unserved=(live + own) * (1 - fill), moved=back, contacts=contacts, late_pieces=delayed,
    )
    told["profit"] = sum(posts(action, told).values())
    return after, told


def end_posts(state):
    """What the shop is worth after the last week by post, CNY: its members, its name, its stock out of bounds."""
    c, end = constants(), constants().end
    short, over = np.maximum(end.stock_low - state.ordered, 0), np.maximum(state.ordered - end.stock_high, 0)
    return {
        "active": state.active * end.active,
        "silent": state.silent * end.silent,
        "name": end.content * (1 - 2.0 ** (-state.media[:, 3] / c.media.half[3])),
        "stock": -end.stock_low_cost * short - end.stock_high_cost * over,
    }


def end_value(state):
    """What the shop is worth after the last week, CNY: the sum of `end_posts`."""
    return sum(end_posts(state).values())


@dataclass(frozen=True)
class Played:
    """Twelve weeks by one policy: profit and value at the end by seed, CNY, and the means of every week as a frame."""

    profit: np.ndarray
    value: np.ndarray
    weeks: pd.DataFrame

    @property
    def result(self):
        """Score of each play: profit and value at the end, CNY."""
        return self.profit + self.value


def play(policy, seeds):
    """Play twelve weeks by a policy, a function from a `State` to an `Action`, on each seed."""
    state, profit, rows = start(seeds), 0.0, []
    for _ in range(constants().weeks):
        state, told = step(state, policy(state).within(state))
        profit = profit + told["profit"]
        rows.append({name: float(np.mean(values)) for name, values in told.items()})
    return Played(profit, end_value(state), pd.DataFrame(rows, index=pd.RangeIndex(1, len(rows) + 1, name="week")))


def score(results):
    """Score of a policy: half the mean of its plays and half the mean of their worst tenth, which prices the risk."""
    ordered = np.sort(results)
    return float((ordered.mean() + ordered[: max(1, len(ordered) // 10)].mean()) / 2)
