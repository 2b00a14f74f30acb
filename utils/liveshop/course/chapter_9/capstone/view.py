"""What a desk knows before a week of the capstone, and what it decides: never a hidden state, never luck."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import numpy as np

from liveshop.world.play.weeks import constants

SWITCHES = ("backup", "second", "review")
WHOLE = ("agents", "temporary", "order")  # people and pieces
NUMBERS = ("hours", *WHOLE)


@cache
def words():
    """The words of the game, which the page shows too: levers, posts of the ledger, and why things happened."""
    return json.loads(Path(__file__).with_name("words.json").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class View:
    """What a desk knows before it decides on a week. Plain values alone: `asdict` and JSON take it whole.

    past holds a record of every earlier week, oldest first; `last` is the latest. A record has what was carried out
    (`decided`, the levers) and what was told: profit (CNY), entries (viewers), live_orders, member_orders, unserved
    (orders), asked (pieces), fill (share of the asking that was served), slow (share of answers), outage (share of the
    rooms' orders that was lost), late_pieces, fine, coupons, spent (CNY), gone (members who left over slow answers and
    unfilled orders), and signal as it was before that week: what past[-2] has is about the goods due now.
    """

    week: int  # 1 to 12
    first_day: str  # Monday, as 2025-09-01
    season: float  # index of this week; 1 is an ordinary one
    ahead: tuple  # season index of the weeks to come, next week first
    festival: bool
    budget: float  # CNY this week, for media, agents, rundown and measures
    active: float  # members who buy
    silent: float  # members who have stopped
    stock: float  # pieces
    arriving: tuple  # pieces on their way: due this week, next week, and the two after
    asked: float  # pieces asked for last week
    signal: float  # noisy sign of the suppliers' stress in the week after next: 0 is usual, at 1 late goods are likely
    temporary: float  # temporary agents who were booked for this week
    profit: float  # CNY so far
    past: tuple = field(default=(), repr=False)

    @property
    def last(self):
        """The record of last week, or None before the first."""
        return self.past[-1] if self.past else None

    @property
    def ordered(self):
        """Pieces in stock and on their way."""
        return self.stock + sum(self.arriving)


def first_day(week):
    """Monday of a week (from 1), as text."""
    return (date.fromisoformat(constants().first_week) + timedelta(weeks=week - 1)).isoformat()


def day_words(week):
    """Monday of a week (from 1), as 1 September 2025."""
    day = date.fromisoformat(first_day(week))
    return f"{day.day} {day:%B %Y}"


def usual_media():
    """What the house spends on media in an ordinary week, CNY by kind."""
    return dict(zip(constants().kinds, constants().media.usual, strict=True))


@dataclass(frozen=True)
class Decision:
    """What is decided for a week; left out, a lever stays as the house has it.

    Numbers beyond the limits of a lever are carried out at the limit, and over the budget media shrink: the log says
    so. What is no number, or no word of the lever, is an error.
    """

    rundown: str = "habit"  # or "giveaway", "planned"
    hours: float = 18  # on air, a week
    media: dict = field(default_factory=usual_media)  # CNY by kind: feed, search, influencer, content
    coupon: str = "none"  # or "all", "silent"
    agents: float = 4
    temporary: float = 0  # temporary agents for the week after
    order: float = 0  # pieces; they arrive in two weeks
    backup: bool = False  # rent the backup line
    second: bool = False  # keep a second supplier ready
    review: bool = False  # have the scripts read

    def __post_init__(self):
        c = constants()
        _one_of("rundown", self.rundown, c.rundowns)
        _one_of("coupon", self.coupon, c.coupons)
        for name in NUMBERS:
            object.__setattr__(self, name, _number(name, getattr(self, name)))
        for name in SWITCHES:
            _one_of(name, getattr(self, name), (True, False))
            object.__setattr__(self, name, bool(getattr(self, name)))
        if not isinstance(self.media, Mapping) or set(self.media) - set(c.kinds):
            raise ValueError(f"media: give CNY for each of {', '.join(c.kinds)}, as {{'feed': 9100}}.")
        usual = usual_media()
        media = {kind: _number(f"media {kind}", self.media.get(kind, usual[kind])) for kind in c.kinds}
        object.__setattr__(self, "media", media)


LEVERS = tuple(one.name for one in fields(Decision))


def _one_of(name, value, allowed):
    """Stop at a choice that the lever does not have."""
    if not isinstance(value, str | int | np.bool_) or value not in allowed:
        told = ", ".join(str(one) if isinstance(one, bool) else f'"{one}"' for one in allowed)
        raise ValueError(f"{name}: {str(value)[:40]!r} is no choice; give one of {told}.")


def _number(name, value):
    """A finite number, or an error that names the lever."""
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if isinstance(value, str | bytes) or not math.isfinite(number):
        raise ValueError(f"{name}: {str(value)[:40]!r} is no number; give a plain one.")
    return number


def decision(given):
    """A `Decision` of what a strategy gives: one, or a dict of levers.

    Raises ValueError, in one sentence, for anything else, for a lever that does not exist, and for a wrong value.
    """
    if isinstance(given, Decision):
        return given
    if not isinstance(given, Mapping):
        raise ValueError(f"A decision is a dict of levers, not {type(given).__name__}.")
    unknown = [str(name)[:40] for name in given if name not in LEVERS]
    if unknown:
        raise ValueError(f"There is no lever {unknown[0]!r}; the levers are {', '.join(LEVERS)}.")
    return Decision(**given)
