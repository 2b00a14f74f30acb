"""Scenario parameters of the simulated brand: every cause that is planted, with its unit and meaning."""

from __future__ import annotations

import dataclasses
import difflib
from dataclasses import dataclass, field

from liveshop.world.parameters import firm, market, risk, rooms, shop

SEED = 109  # of the committed tables
SOURCES = ("feed", "follow", "search", "share", "paid", "video")


@dataclass(frozen=True)
class Parameters:
    """All scenario parameters in groups; `Parameters().but(**{"giveaway.anchor": 0})` changes some."""

    live: rooms.Live = field(default_factory=rooms.Live)
    audience: rooms.Audience = field(default_factory=rooms.Audience)
    shelf: rooms.Shelf = field(default_factory=rooms.Shelf)
    giveaway: rooms.Giveaway = field(default_factory=rooms.Giveaway)
    host: rooms.Host = field(default_factory=rooms.Host)
    rundown: rooms.Rundown = field(default_factory=rooms.Rundown)
    scene: rooms.Scene = field(default_factory=rooms.Scene)
    retention: rooms.Retention = field(default_factory=rooms.Retention)
    prompt: rooms.Prompt = field(default_factory=rooms.Prompt)
    stutter: rooms.Stutter = field(default_factory=rooms.Stutter)
    chat: rooms.Chat = field(default_factory=rooms.Chat)
    festival: rooms.Festival = field(default_factory=rooms.Festival)
    refund: rooms.Refund = field(default_factory=rooms.Refund)
    social: shop.Social = field(default_factory=shop.Social)
    deal: shop.Deal = field(default_factory=shop.Deal)
    service: shop.Service = field(default_factory=shop.Service)
    coupon: shop.Coupon = field(default_factory=shop.Coupon)
    visit: shop.Visit = field(default_factory=shop.Visit)
    content: shop.Content = field(default_factory=shop.Content)
    anomaly: rooms.Anomaly = field(default_factory=rooms.Anomaly)
    media: market.Media = field(default_factory=market.Media)
    geo: market.Geo = field(default_factory=market.Geo)
    journey: market.Journey = field(default_factory=market.Journey)
    programme: market.Programme = field(default_factory=market.Programme)
    acquisition: firm.Acquisition = field(default_factory=firm.Acquisition)
    income: firm.Income = field(default_factory=firm.Income)
    contact: firm.Contact = field(default_factory=firm.Contact)
    platform: firm.Platform = field(default_factory=firm.Platform)
    loss: risk.Loss = field(default_factory=risk.Loss)
    outage: risk.Outage = field(default_factory=risk.Outage)
    script: risk.Script = field(default_factory=risk.Script)
    indicator: risk.Indicator = field(default_factory=risk.Indicator)
    supply: risk.Supply = field(default_factory=risk.Supply)

    def but(self, changes=None, /, **more):
        """A copy with some parameters changed, named as `group.name`; ValueError names the nearest known one."""
        result = self
        for name, new in {**(changes or {}), **more}.items():
            group_name, _, own = name.partition(".")
            known = names()
            if name not in known:
                near = difflib.get_close_matches(name, known, 1)
                hint = f"; did you mean {near[0]}?" if near else "; --help lists them all"
                raise ValueError(f"There is no scenario parameter {name!r}{hint}")
            group = getattr(result, group_name)
            old = getattr(group, own)
            try:
                new = type(old)(float(new))
            except (TypeError, ValueError):
                raise ValueError(f"Scenario parameter {name} needs a number, not {new!r}") from None
            if not abs(new) < 1e12:
                raise ValueError(f"Scenario parameter {name} needs a finite number, not {new!r}")
            if new < 0:
                raise ValueError(f"Scenario parameter {name} may not be negative, and {new} is")
            result = dataclasses.replace(result, **{group_name: dataclasses.replace(group, **{own: new})})
        return result


def describe(parameters=None):
    """Rows (name, value, unit, meaning) of all parameters, in order."""
    parameters = parameters or Parameters()
    return [
        (
            f"{group.name}.{own.name}",
            getattr(getattr(parameters, group.name), own.name),
            own.metadata["unit"],
            own.metadata["meaning"],
        )
        for group in dataclasses.fields(parameters)
        for own in dataclasses.fields(getattr(parameters, group.name))
    ]


def names():
    """Names of all parameters, as `group.name`."""
    return [row[0] for row in describe()]


def given(parameters):
    """Parameters from what a caller gave: `Parameters`, a dict of changes such as {"giveaway.anchor": 0}, or None."""
    return parameters if isinstance(parameters, Parameters) else Parameters().but(parameters or {})
