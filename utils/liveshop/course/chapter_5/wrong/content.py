"""Wrong ways in section 5.1: the roles' shares, and the giveaway."""

import numpy as np

from liveshop import methods
from liveshop.course.chapter_5 import samples
from liveshop.practice import wrong_parts


def amounts_of_roles(asked):
    """What the shares of 5.1a are made of."""
    streams, sums, hero = asked.tables.streams, asked.sums(), asked.tables.rundown.role == "hero"
    shared = {"the number of hero slots": hero.sum(), "the number of slots": len(hero),
              "the number of hero products": asked.tables.rundown.product_id[hero].nunique(),
              "the number of products": asked.tables.rundown.product_id.nunique(),
              "the number of broadcasts": len(streams)}
    names = {"minutes": "minutes", "product_clicks": "clicks", "gmv": "GMV"}
    whole = {"minutes": streams.stream_seconds.sum() / 60, "product_clicks": streams.product_clicks.sum(),
             "gmv": streams.gmv.sum()}
    made = {}
    for one, column in zip(asked.fields, asked.columns, strict=True):      # of other columns some ratio fits by chance
        made[one.name] = {f"the {names[column]} of the {role} slots": sums.loc[role, column] for role in sums.index}
        made[one.name] |= {f"the {names[column]} of whole broadcasts": whole[column],
                           f"the {names[column]} of all slots": sums[column].sum()}
    made["hero_minutes"] |= shared
    return made


def roles(asked):
    """Other shares of the roles, for 5.1a."""
    rundown = asked.tables.rundown
    hers = rundown[rundown.role == "hero"].groupby("stream_id")[asked.columns].sum()
    own = hers / rundown.groupby("stream_id")[asked.columns].sum()
    yield tuple(own.mean()), "That is the mean of the shares, of the broadcasts that had a hero. Sum first."
    yield tuple(own.median()), "That is the median of the broadcasts' own shares. Sum first, then divide once."
    for role in ("traffic", "profit", "image"):
        others = rundown[rundown.role != role][asked.columns].sum()
        yield tuple(asked.sums().loc["hero"] / others), f"The {role} products are missing below the line."
        two = asked.sums().loc["hero"] + asked.sums().loc[role]
        yield tuple(asked.sums().loc["hero"] / two), f"Below the line there are only hero and {role} products."
    if "orders" in asked.tables:
        lines = samples.live_lines(asked.tables).dropna(subset=["role"])
        yield {"hero_gmv": lines.paid_amount[lines.role == "hero"].sum() / lines.paid_amount.sum()}, (
            "You summed order lines by the product's role. Asked is the GMV in the slots of the rundown.")
    plain = rundown[rundown.activity != "giveaway"].groupby("role")[asked.columns].sum()
    yield tuple((plain / plain.sum()).loc["hero"]), "You left the slots with a giveaway out. All are asked."
    per = rundown.groupby("role")[asked.columns].mean().loc["hero"]
    yield tuple(per), "That is the mean of a hero slot, and no share."


def giveaway(asked):
    """Other weights, controls and outcomes, for 5.1b."""
    slots, nights, shelf = asked.slots, asked.nights, samples.ON_THE_SHELF
    effects = methods.effects
    within = effects.within_effect(slots, "log_ctor", "after_giveaway", "stream_id", shelf, weights="room_clicks")
    yield from wrong_parts("within", within, lambda log: 100 * np.expm1(log))
    yield {"within": 100 * np.exp(within.estimate)}, "That is the ratio in per cent. Asked is the change: 100 less."
    yield {"within": np.expm1(within.estimate)}, "That is the change as a fraction. Per cent are asked."
    for weights in ("minutes", "viewers", "viewer_minutes", "product_clicks", "room_orders"):
        yield {"within": asked.change_within(slots, weights=weights)}, (
            f"You weighted with `{weights}`. The clicks in the slot are `room_clicks`.")
    for controls, weights in (((), None), (shelf, None), (shelf, "room_clicks")):
        pooled = (effects.adjusted_effect(slots, "log_ctor", "after_giveaway", controls, weights=weights) if controls
                  else effects.pooled_effect(slots, "log_ctor", "after_giveaway"))
        yield {"within": 100 * np.expm1(pooled.estimate)}, (
            "That compares slots of different broadcasts. Compare each broadcast with itself: `within_effect`.")
    for column in ("activity", "slot_no", "start_minute", "minutes"):
        yield {"within": asked.change_within(slots, controls=[*shelf, column])}, (
            f"You held `{column}` fixed too. Asked are role, discount and price alone.")
    given, clicks, views = nights.given, nights.product_clicks, nights.views
    for value, sentence in (
        (nights.gmv, "You divided GMV by clicks, where orders are asked."),
        (nights.sku_orders, "You counted order lines. Asked are orders."),
        (nights.buyers, "You counted buyers. Asked are orders."),
        (nights["items"], "You counted items. Asked are orders."),
    ):
        yield {"pooled": asked.pooled_change(nights.assign(orders=value))}, sentence
        yield {"pooled": asked.pooled_change(nights.assign(orders=value), "views")}, f"{sentence} And by entries."
    yield {"pooled": asked.pooled_change(nights.assign(orders=clicks), "views")}, "Those are clicks per entry."
    logs = np.log((nights.orders + 0.5) / (clicks + 1)).groupby(given).mean()
    yield {"pooled": 100 * np.expm1(logs[True] - logs[False])}, (
        "You compared means of the logarithms, night by night. Sum orders and clicks first, then divide.")
    medians = (nights.orders / clicks).groupby(given).median()
    yield {"pooled": 100 * (medians[True] / medians[False] - 1)}, (
        "You compared the medians of the nights. Sum orders and clicks first, then divide.")
    rate, every = nights.orders[given].sum() / clicks[given].sum(), nights.orders.sum() / clicks.sum()
    yield {"pooled": 100 * (rate / every - 1)}, (
        "You compared with all nights, those with a giveaway among them. Compare with the others.")
    yield {"pooled": 100 * rate}, "Those are orders per 100 clicks of the nights with a giveaway alone."
    yield {"pooled": 100 * nights.orders[~given].sum() / clicks[~given].sum()}, (
        "Those are orders per 100 clicks of the nights without a giveaway.")
    yield {"pooled": 100 * (views[given].mean() / views[~given].mean() - 1)}, "Those are entries per broadcast."
