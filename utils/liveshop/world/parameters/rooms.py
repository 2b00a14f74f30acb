"""Parameters of rooms, of the shelf beside them, and of what is bought there and sent back."""

from __future__ import annotations

from dataclasses import dataclass

from liveshop.world.parameters.value import value


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
class Anomaly:
    broadcasts: int = value(
        40, "broadcasts", "Broadcasts with a planted abnormal episode (of 230; fewer in a smaller world)."
    )
    order_loss: float = value(
        0.97, "share of orders lost", "Orders lost while the link or the price of the product is broken."
    )
    flood: float = value(5.0, "ratio to ordinary entries", "Entries of bots during a flood.")
    absence: float = value(0.25, "ratio of clicks", "Clicks while the host has left the table.")
