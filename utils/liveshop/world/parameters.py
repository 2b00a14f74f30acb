"""Scenario parameters of the simulated brand: every cause that is planted, with its unit and meaning."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field

SOURCES = ("feed", "follow", "search", "share", "paid", "video")


def value(default, unit, meaning):
    """A parameter: its default, its unit, and one sentence that says what it does."""
    return field(default=default, metadata={"unit": unit, "meaning": meaning})


@dataclass(frozen=True)
class Live:
    lift: float = value(
        1.6,
        "ratio of conversions",
        "How much likelier the same viewer orders in a session in a room than in a visit to the shelf page, averaged "
        "over the viewers who enter rooms.",
    )
    advantage_feed: float = value(
        1.15,
        "relative size",
        "Live advantage of viewers from the recommendation feed, relative to the other sources; the advantages are "
        "scaled together so that their average gives live.lift.",
    )
    advantage_follow: float = value(
        1.0, "relative size", "Live advantage of viewers who come from the page of followed hosts."
    )
    advantage_search: float = value(
        0.0, "relative size", "Live advantage of viewers who come from search: none, they knew what they wanted."
    )
    advantage_share: float = value(1.0, "relative size", "Live advantage of viewers who come through a friend's share.")
    advantage_paid: float = value(1.1, "relative size", "Live advantage of viewers who come from paid placement.")
    advantage_video: float = value(
        1.2, "relative size", "Live advantage of viewers who come from the brand's short videos."
    )


@dataclass(frozen=True)
class Audience:
    views_per_minute: float = value(
        9.0,
        "entries per minute",
        "Entries of an average room in an average minute, before channel, time slot, festival and chance.",
    )
    room_spread: float = value(
        0.62,
        "standard deviation of the log",
        "How unequal rooms are for no visible reason; larger makes a heavier tail of room sizes.",
    )
    wave_spread: float = value(
        0.22,
        "standard deviation of the log",
        "Waves within a broadcast: how unevenly the feed sends viewers from minute to minute.",
    )
    intent_spread: float = value(
        0.85, "standard deviation of the log", "Spread of the intent to buy among people of the same kind."
    )
    customer_intent: float = value(
        8.0, "ratio to a stranger", "Intent of a person who is a customer already but does not follow."
    )
    fan_intent: float = value(5.5, "ratio to a stranger", "Intent of a person who follows but has not bought yet.")
    fan_customer_intent: float = value(12.0, "ratio to a stranger", "Intent of a customer who also follows.")
    activity_spread: float = value(
        1.9,
        "standard deviation of the log",
        "Spread of how often people visit; larger makes customer revenue more unequal.",
    )
    reentry: float = value(0.10, "share of entries", "Entries by a viewer who was in the same room earlier that night.")
    choosiness: float = value(
        1.0,
        "0 to 1.3",
        "Self-selection: at 1 rooms draw many fans and customers, at 0 about the same mix of people as the shelf page.",
    )
    clicks_per_minute: float = value(
        0.055, "clicks per viewer minute", "Clicks on product cards of an average viewer in an average minute."
    )
    paid_entry_cost: float = value(1.1, "CNY per entry", "Price of one entry bought with promotion spend.")


@dataclass(frozen=True)
class Shelf:
    visits: float = value(
        0.40, "visits per live session", "Visits of the shop's ordinary pages for each session in a room."
    )
    conversion: float = value(0.0070, "orders per visit", "Orders per shelf visit of a stranger of average intent.")


@dataclass(frozen=True)
class Giveaway:
    entry_lift: float = value(
        1.1,
        "share of entries",
        "Entries that a giveaway adds while it runs and shortly after, as a share of the entries the room would have "
        "had in those minutes.",
    )
    after_minutes: float = value(10.0, "minutes", "How long the extra entries go on after the giveaway.")
    crowd_intent: float = value(
        0.35,
        "ratio",
        "Readiness to buy of the people whom a giveaway draws, against ordinary viewers of the same kind.",
    )
    crowd_hazard: float = value(
        0.70, "hazard ratio", "Leaving hazard of the people whom a giveaway draws: they wait for the next one."
    )
    anchor: float = value(
        0.22,
        "share of orders lost",
        "After the first giveaway everybody in the room orders this much less for the rest of the night: free is the "
        "price that they compare with.",
    )
    attention: float = value(
        0.70,
        "ratio of clicks",
        "Clicks on the product on the table while a giveaway runs, against the same slot without one.",
    )
    prize_cost: float = value(
        400.0,
        "CNY per giveaway",
        "Cost of the prizes of one giveaway; in no table, used for the margin after prizes in the truth.",
    )


@dataclass(frozen=True)
class Host:
    skill_spread: float = value(
        0.25, "standard deviation of the log", "Spread of the hosts' true skill: its effect on orders per click."
    )
    favouritism: float = value(
        0.98, "correlation", "How much of the manager's preference for hosts has nothing to do with their skill."
    )
    preference: float = value(
        1.9, "log odds per unit", "How strongly preferred hosts get prime slots, large channels and promotion spend."
    )
    learning: float = value(
        0.16, "exponent", "Power law of newcomers: performance grows as the number of broadcasts to this power."
    )
    broadcast_spread: float = value(
        0.08,
        "standard deviation of the log",
        "Good and bad nights: spread of orders per click between broadcasts for no visible reason.",
    )


@dataclass(frozen=True)
class Rundown:
    traffic_entries: float = value(
        1.80, "ratio", "Entries that a traffic product attracts, against the average; the feed follows with a delay."
    )
    hero_entries: float = value(1.10, "ratio", "Entries while a hero product is on the table.")
    profit_entries: float = value(0.62, "ratio", "Entries while a profit product is on the table.")
    image_entries: float = value(0.90, "ratio", "Entries while an image product is on the table.")
    entry_delay: float = value(
        8.0,
        "minutes",
        "Time in which the feed follows a change of role: it keeps pushing a room that was lively just before.",
    )
    traffic_hazard: float = value(0.80, "hazard ratio", "Leaving hazard while a traffic product is on the table.")
    hero_hazard: float = value(0.95, "hazard ratio", "Leaving hazard while a hero product is on the table.")
    profit_hazard: float = value(1.25, "hazard ratio", "Leaving hazard while a profit product is on the table.")
    image_hazard: float = value(1.00, "hazard ratio", "Leaving hazard while an image product is on the table.")
    role_fatigue: float = value(0.82, "ratio of clicks", "Clicks when a role follows itself, for each repetition.")
    repeat_fatigue: float = value(
        0.75, "ratio of clicks", "Clicks when a product returns in the same night, for each earlier showing."
    )
    second_order: float = value(
        0.30,
        "ratio",
        "Chance that a further click of a viewer who has just ordered ends in another order, against her first.",
    )
    off_table: float = value(
        0.08, "share of clicks", "Clicks that go to a product of the night that is not on the table."
    )
    discount_lift: float = value(
        1.9,
        "log ratio per unit of discount",
        "Orders per click rise by this much on the log scale for each 100 % of price cut.",
    )
    price_elasticity: float = value(0.45, "elasticity", "How fast orders per click fall with the price.")
    bundle_orders: float = value(1.08, "ratio", "Orders per click with a bundle offer.")
    gift_orders: float = value(1.10, "ratio", "Orders per click with a gift.")


@dataclass(frozen=True)
class Scene:
    outdoor_hazard: float = value(0.94, "hazard ratio", "Leaving hazard outdoors, against the studio.")
    outdoor_orders: float = value(0.95, "ratio", "Orders per click outdoors, against the studio.")
    factory_hazard: float = value(0.98, "hazard ratio", "Leaving hazard in the factory, against the studio.")
    factory_orders: float = value(1.07, "ratio", "Orders per click in the factory, against the studio.")


@dataclass(frozen=True)
class Retention:
    shape: float = value(
        0.62, "Weibull shape", "Below 1: the longer a viewer has stayed, the less likely she leaves in the next minute."
    )
    feed_minutes: float = value(
        1.6,
        "minutes",
        "Weibull scale of the watch time of viewers from the feed: 63 % have left by then in an average room.",
    )
    follow_minutes: float = value(4.0, "minutes", "Weibull scale of viewers from the page of followed hosts.")
    search_minutes: float = value(3.0, "minutes", "Weibull scale of viewers from search.")
    share_minutes: float = value(2.4, "minutes", "Weibull scale of viewers from a share.")
    paid_minutes: float = value(1.2, "minutes", "Weibull scale of viewers from paid placement.")
    video_minutes: float = value(2.0, "minutes", "Weibull scale of viewers from short videos.")
    fan_hazard: float = value(
        0.78,
        "hazard ratio",
        "Leaving hazard of a person who follows or is a customer, against a stranger from the same source.",
    )


@dataclass(frozen=True)
class Prompt:
    hazard: float = value(
        0.70,
        "hazard ratio",
        "Leaving hazard right after a spoken prompt; the effect fades in a straight line on the log scale.",
    )
    minutes: float = value(5.0, "minutes", "Time after which the effect of a prompt is gone.")
    fatigue: float = value(
        0.05, "log hazard per prompt", "Rise of the leaving hazard for each spoken prompt above two within ten minutes."
    )
    trial_share: float = value(
        0.27,
        "share of broadcasts",
        "Broadcasts in the prompt trial, in which a coin decides whether a scheduled prompt is spoken.",
    )


@dataclass(frozen=True)
class Stutter:
    hazard: float = value(
        1.8, "hazard ratio", "Leaving hazard in a minute in which the picture stalls and in the minute after it."
    )
    frequency: float = value(0.025, "episodes per minute", "Ordinary short hiccups of the picture.")


@dataclass(frozen=True)
class Chat:
    comments_per_minute: float = value(
        0.036, "comments per viewer minute", "How fast viewers comment; commenting has no effect on staying."
    )
    greeting: float = value(0.065, "share of entries", "Viewers who greet in the first seconds.")
    answered: float = value(0.78, "share of questions", "Questions that are answered at all.")
    wait_median: float = value(55.0, "seconds", "Median waiting time of an answered question in an average room.")
    reply_boost: float = value(
        0.9,
        "ratio minus 1",
        "Rise of the purchase propensity of a viewer whose question is answered at once, against one who gets no "
        "answer.",
    )
    reply_decay: float = value(90.0, "seconds", "The rise fades with waiting: it falls to 37 % after this time.")


@dataclass(frozen=True)
class Festival:
    entries: float = value(1.75, "ratio", "Entries during the June shopping festival (1 to 20 June).")
    orders: float = value(1.45, "ratio", "Orders per session during the festival, in rooms and on the shelf.")
    refunds: float = value(1.20, "ratio", "Refund probability of what was bought during the festival.")


@dataclass(frozen=True)
class Refund:
    interest_video: float = value(
        0.30, "share of order lines", "Refund rate of the channel interest_video for an average product bought live."
    )
    community_video: float = value(0.25, "share of order lines", "Refund rate of the channel community_video.")
    marketplace: float = value(0.20, "share of order lines", "Refund rate of the channel marketplace.")
    quality_retail: float = value(0.13, "share of order lines", "Refund rate of the channel quality_retail.")
    group_deal: float = value(0.34, "share of order lines", "Refund rate of the channel group_deal.")
    shelf: float = value(0.62, "ratio", "Refund probability of a purchase on the shelf page, against one in a room.")
    delay_median: float = value(7.5, "days", "Median time from payment to refund.")
    delay_spread: float = value(
        0.48, "standard deviation of the log", "Spread of that time: most refunds come after 3 to 15 days, with a tail."
    )
    unpaid: float = value(0.055, "share of orders", "Orders that are placed and never paid.")


@dataclass(frozen=True)
class Social:
    known_share: float = value(
        0.12,
        "share of members",
        "Members of the social shop who come by themselves and were customers of Qinghe before the season.",
    )
    invitations: float = value(
        2.4,
        "invitations per member",
        "Invitations that a member sends on average; lively circles of friends send more.",
    )
    invitation_delay: float = value(13.0, "days", "Mean time from signing up to an invitation.")
    acceptance: float = value(0.13, "share of invitations", "Invitations whose receiver signs up.")
    liveliness: float = value(
        0.22,
        "log ratio per standard deviation",
        "How much more invitations come from circles whose members order often and stay long.",
    )
    likeness: float = value(
        0.45, "share of variance", "How much friends of one circle have in common in buying rate and in loyalty."
    )
    referral_rate: float = value(
        1.55,
        "ratio",
        "Orders per week of a member because she was invited by a friend, against the same person without.",
    )
    referral_drop: float = value(
        0.70, "ratio of odds", "Odds of drifting away after an order because she was invited by a friend."
    )
    festival: float = value(1.10, "ratio", "Orders in the social shop during the June festival.")
    ordering: float = value(0.88, "share of members", "Members who ever order.")
    rate_r: float = value(0.36, "shape", "Shape r of the gamma distribution of members' orders per week.")
    rate_alpha: float = value(1.6, "weeks", "Scale alpha of that distribution: the mean is r / alpha orders per week.")
    drop_a: float = value(
        0.80, "shape", "Shape a of the beta distribution of the chance to drift away after a repeat order."
    )
    drop_b: float = value(3.00, "shape", "Shape b of that distribution: the mean is a / (a + b).")
    basket_mean: float = value(205.0, "CNY per order", "Mean money of an order before it is made up of whole pieces.")
    basket_p: float = value(6.0, "shape", "Gamma-Gamma shape p: how alike the orders of one member are.")
    basket_q: float = value(2.6, "shape", "Gamma-Gamma shape q: how alike the members are.")
    taste: float = value(
        1.1, "standard deviation of the log", "How much members differ in what they like; a recommender can learn it."
    )
    fashion: float = value(
        3.2,
        "log ratio",
        "How much a product is in demand in its best weeks, against ordinary weeks; a random split of the orders "
        "lets a recommender know them beforehand.",
    )


@dataclass(frozen=True)
class Deal:
    share: float = value(0.08, "share of orders", "Orders of members that come from group deals.")
    acceptances: float = value(
        0.10,
        "acceptances per hour",
        "How fast friends accept a group deal, averaged over a day; most come soon after the share, few at night.",
    )
    size: float = value(3.0, "persons", "Usual group size; some deals are for two, some for five.")
    reward: float = value(0.02, "ratio per CNY", "Rise of the acceptance rate for each yuan of reward to a friend.")


@dataclass(frozen=True)
class Service:
    tickets: float = value(0.22, "tickets per order", "Orders in the social shop that lead to a contact with service.")
    wait: float = value(
        4.5,
        "minutes",
        "Median wait for the first answer in an average daytime hour; it rises with the load of the hour.",
    )
    standard: float = value(5.0, "minutes", "An answer within this time does no harm.")
    leave: float = value(0.38, "share of tickets", "Members who drift away because of an endlessly late answer.")
    patience: float = value(40.0, "minutes", "The harm of a late answer builds up with this time constant.")
    complaint_leave: float = value(
        0.10,
        "share of complaints",
        "Members who drift away because of what they complain about, however fast the answer.",
    )


@dataclass(frozen=True)
class Coupon:
    face: float = value(20.0, "CNY", "Value of the coupon of the trial and of the two earlier sendings.")
    redeem: float = value(0.80, "share", "Members with a coupon who use it when they order anyway.")
    moves: float = value(
        0.28,
        "share of members",
        "Members silent for four to ten weeks whom the coupon moves to an order within four weeks; times the factor "
        "of the segment.",
    )
    moves_others: float = value(
        0.10,
        "share of members",
        "The same for members who ordered lately but not often, have been silent for longer, or have not ordered yet.",
    )
    sure: float = value(
        0.0,
        "share of members",
        "The same for members with three orders or more and one in the last four weeks: they order anyway.",
    )
    bargain: float = value(1.8, "ratio", "How much more a coupon moves bargain hunters.")
    office: float = value(0.3, "ratio", "How much less a coupon moves office buyers.")
    annoys: float = value(
        0.15,
        "share of members",
        "Office buyers with an order in the last ten weeks whom a coupon puts off: they order nothing for four weeks.",
    )


@dataclass(frozen=True)
class Visit:
    load_loss: float = value(
        0.11,
        "log ratio per second",
        "Visits of the social shop that open a product page fall by this much on the log scale for each further "
        "second of load; half of it again from page to basket.",
    )
    checkout_loss: float = value(
        0.16,
        "log ratio per minute",
        "Checkouts that end in payment fall by this much on the log scale for each further minute.",
    )


@dataclass(frozen=True)
class Content:
    photo_basics: float = value(
        2.20, "ratio", "Response of the segment basics to photos, against the response of all segments to photos."
    )
    video_office: float = value(
        1.65, "ratio", "Response of the segment office to videos, against that of all segments to videos."
    )
    video_weekend: float = value(
        1.55, "ratio", "Response of the segment weekend to videos, against that of all segments to videos."
    )
    link_bargain: float = value(
        3.90, "ratio", "Response of the segment bargain to links, against that of all segments to links."
    )
    evening_office: float = value(
        0.5,
        "log ratio",
        "How much more often posts of the evening are shown to office buyers than posts of the morning.",
    )


@dataclass(frozen=True)
class Anomaly:
    broadcasts: int = value(
        40, "broadcasts", "Broadcasts with a planted abnormal episode (of 230; fewer in a smaller world)."
    )
    order_loss: float = value(
        0.97, "share of orders lost", "Orders lost while the link or the price of the product is broken."
    )
    flood: float = value(5.0, "ratio to ordinary entries", "Entries of bots during a flood.")
    absence: float = value(0.25, "ratio of clicks", "Clicks while the host has left the table.")


@dataclass(frozen=True)
class Parameters:
    """All scenario parameters in groups; `Parameters().but(**{"giveaway.anchor": 0})` changes some."""

    live: Live = field(default_factory=Live)
    audience: Audience = field(default_factory=Audience)
    shelf: Shelf = field(default_factory=Shelf)
    giveaway: Giveaway = field(default_factory=Giveaway)
    host: Host = field(default_factory=Host)
    rundown: Rundown = field(default_factory=Rundown)
    scene: Scene = field(default_factory=Scene)
    retention: Retention = field(default_factory=Retention)
    prompt: Prompt = field(default_factory=Prompt)
    stutter: Stutter = field(default_factory=Stutter)
    chat: Chat = field(default_factory=Chat)
    festival: Festival = field(default_factory=Festival)
    refund: Refund = field(default_factory=Refund)
    social: Social = field(default_factory=Social)
    deal: Deal = field(default_factory=Deal)
    service: Service = field(default_factory=Service)
    coupon: Coupon = field(default_factory=Coupon)
    visit: Visit = field(default_factory=Visit)
    content: Content = field(default_factory=Content)
    anomaly: Anomaly = field(default_factory=Anomaly)

    def but(self, changes=None, /, **more):
        """A copy with some parameters changed, named as `group.name`; ValueError names the nearest known one."""
        result = self
        for name, new in {**(changes or {}), **more}.items():
            group_name, _, own = name.partition(".")
            known = names()
            if name not in known:
                import difflib

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
