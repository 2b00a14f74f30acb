"""Wrong ways in section 5.4: the ratios of a room, and splitting a change over the links of a chain."""

from itertools import permutations

import numpy as np

from liveshop.course.chapter_5 import samples
from liveshop.course.chapter_5.samples import EARLIER, LATER

PARTS = ("entries", "clicks_per_view", "orders_per_click", "money_per_order")


def parts(values):
    """Four numbers as the fields of 5.4b."""
    return dict(zip(PARTS, map(float, values), strict=True))


def links(row):
    """The four links of a broadcast."""
    return np.array([row.views, row.product_clicks / row.views, row.orders / row.product_clicks,
                     row.gmv / row.orders], float)


def amounts_of_room(asked):
    """What the ratios of 5.4a are made of."""
    room = asked.room
    said = {"gmv": "GMV", "views": "views", "viewers": "viewers", "impressions": "impressions",
            "product_clicks": "product clicks", "product_impressions": "product impressions", "orders": "orders",
            "sku_orders": "order lines", "items": "items", "buyers": "buyers", "pcu": "the peak (PCU)",
            "watch_seconds": "seconds watched", "stream_seconds": "seconds on air", "likes": "likes",
            "comments": "comments", "promotion_spend": "promotion spend", "new_followers": "new followers"}
    amounts = {name: room[column] for column, name in said.items()}
    amounts |= {"minutes on air": room.stream_seconds / 60, "hours on air": room.stream_seconds / 3600,
                "minutes watched": room.watch_seconds / 60, "hours watched": room.watch_seconds / 3600}
    return {one.name: amounts for one in asked.fields}


def ratios(asked):
    """Other ratios of a room, for 5.4a."""
    room = asked.room
    minutes = asked.tables.stream_minutes
    minutes = minutes[minutes.stream_id == asked.room.name]
    for value, name in ((minutes.online.median(), "median of the minutes"), (minutes.online.max(), "largest minute"),
                        (minutes.online.mean(), "mean of what the minutes show"), (minutes.online.sum(), "sum")):
        yield {"acu": value}, f"That is the {name}. ACU is all seconds watched over the seconds on air."
    yield {"gpm": 100 * room.gmv / room.views}, "That is per 100 views. GPM is per 1,000."
    yield {"gpm": 1000 * room.gmv / room.views / (room.stream_seconds / 3600)}, (
        "You divided by the hours as well. GPM is per 1,000 views, however long the broadcast.")
    yield {"gpm": 1000 * room.orders / room.views}, "Those are orders per 1,000 views. GPM is GMV per 1,000."
    streams = asked.tables.streams.set_index("stream_id")
    mean = (streams.orders / streams.product_clicks).mean()
    yield {"ctor": mean}, f"That is the mean of all broadcasts. Asked is {room.name}."
    place = streams.index.get_loc(room.name)
    for other, row in streams.iloc[[max(place - 1, 0), place + 1 - len(streams)]].iterrows():
        if other != room.name:
            yield (1000 * row.gmv / row.views, row.orders / row.product_clicks,
                   row.watch_seconds / row.stream_seconds), f"That is broadcast {other}. Asked is {room.name}."
    slots = asked.tables.rundown if "rundown" in asked.tables else None
    if slots is not None:
        yield {"ctor": room.orders / slots[slots.stream_id == room.name].product_clicks.sum()}, (
            "You divided by the clicks in the slots of the rundown. CTOR is per product click of the broadcast.")
    yield {"acu": room.watch_seconds / 3600 / 24}, "Divide by the seconds that this broadcast was on air."
    for column in ("orders", "sku_orders", "items", "buyers"):
        for base in ("product_clicks", "views", "viewers", "product_impressions", "impressions", "likes"):
            yield {"ctor": room[column] / room[base]}, (
                f"That is `{column}` by `{base}`. CTOR is orders by product clicks.")
    for column in ("product_clicks", "views"):
        for base in ("views", "viewers", "impressions", "product_impressions"):
            if column != base:
                yield {"ctor": room[column] / room[base]}, (
                    f"That is `{column}` by `{base}`, and no order is in it. CTOR is orders by product clicks.")


def whole_changes(asked):
    """The whole change of GMV in the place of one link's part, for 5.4b."""
    old, new = asked.links
    for name in PARTS:
        yield {name: new.prod() - old.prod()}, "That is the whole change of GMV, not this link's part."
    one, two, three, four = asked.right().values()
    yield parts([one + two, three, four, new.prod() - old.prod()]), (
        "Two links are put together, and the sum stands last. Asked is each link's own part.")


def split(row, later, columns):
    """What each link of another chain of columns did to its last one (LMDI)."""
    logs = np.log(np.array([later[c] for c in columns], float) / np.array([row[c] for c in columns], float))
    change = later[columns[-1]] - row[columns[-1]]
    return change / logs[-1] * np.diff(logs, prepend=0.0)


def shares(asked):
    """More of them, rarer."""
    (old, new), right = asked.links, np.array(list(asked.right().values()))
    change, logs = new.prod() - old.prod(), np.log(new / old)
    streams = asked.tables.streams.set_index("stream_id")
    before, after = streams.loc[EARLIER], streams.loc[LATER]
    for chain, sentence in (
        (("viewers", "product_clicks", "orders", "gmv"), "You took viewers for entries. The first link is `views`."),
        (("impressions", "product_clicks", "orders", "gmv"), "You took impressions. The first link is `views`."),
        (("views", "product_clicks", "sku_orders", "gmv"), "You took SKU orders. The third link is paid `orders`."),
        (("views", "product_clicks", "buyers", "gmv"), "You took buyers. The third link is paid `orders`."),
        (("views", "product_clicks", "items", "gmv"), "You took items. The third link is paid `orders`."),
        (("impressions", "views", "product_clicks", "orders", "gmv"),
         "You began at impressions, one link too early. The chain starts with `views`."),
    ):
        yield parts(split(before, after, list(chain))[:4]), sentence
    at_old, at_new = old.prod() * (new / old - 1), new.prod() * (1 - old / new)
    yield parts((at_old + at_new) / 2), (
        "That is the mean of two accounts of one link at a time, at old and at new values. It leaves a remainder.")
    weight = change / np.log(new.prod() / old.prod())
    yield parts(weight * np.log10(new / old)), "Those are logarithms to the base 10. Take natural ones (`np.log`)."
    yield parts(change / np.log10(new.prod() / old.prod()) * logs), (
        "The weight has a logarithm to the base 10, and the links have natural ones.")
    yield parts(new), "Those are the links of the later broadcast. Asked is what each did to GMV, in yuan."
    yield parts(old), "Those are the links of the earlier broadcast. Asked is what each did to GMV, in yuan."
    yield parts(np.abs(right)), "The signs are lost: a link that cost has a minus."
    for link, name in enumerate(PARTS):
        title = name.replace("_", " ")
        whole = np.zeros(4)
        whole[link] = change
        yield parts(whole), f"You gave the whole change to {title}. All four links moved."
        yield {name: 0.0}, f"The link {title} moved too: its part is not nothing."
        yield {name: change - right[link]}, "That is the part of the other three links together."
    for places in (-1, -2, -3):
        yield parts(np.round(right, places)), f"You rounded to {10 ** -places:,}. Whole yuan are asked."


def decompositions(asked):
    """Other ways to split a change over the links of a chain, for 5.4b."""
    (old, new), right = asked.links, np.array(list(asked.right().values()))
    start, end, logs = old.prod(), new.prod(), np.log(new / old)
    change = end - start
    yield parts(start * (new / old - 1)), (
        "One link at a time, the others held at their old values: your parts sum to "
        f"¥{(start * (new / old - 1)).sum():,.0f}, the change is ¥{change:,.0f}. The remainder is what links did "
        "together.")
    yield parts(end * (1 - old / new)), (
        "One link at a time, the others held at their new values: your parts sum to "
        f"¥{(end * (1 - old / new)).sum():,.0f}, the change is ¥{change:,.0f}.")
    alone = start * (new / old - 1)
    yield parts([*alone[:3], change - alone[:3].sum()]), (
        "One link at a time, and the remainder in the last: money per order takes what links did together.")
    for order in permutations(range(4)):
        yield parts(asked.chained(order)), (
            "Chain substitution: it adds up, but only in this order of the links. Take another link first and the "
            "parts change. LMDI has no order.")
    yield parts(-right), "The sign is turned round: a fall is negative, after minus before."
    small = ("Numbers so small are log ratios, relative changes or shares. The parts are asked in yuan: each log "
             "ratio times the common weight, (after − before) / ln(after / before).")
    for values in (logs, new / old - 1, new / old, right / change, right / start):
        yield parts(values), small
    for values in (100 * logs, 100 * (new / old - 1), 100 * right / change, 100 * right / start):
        yield parts(values), "Those are per cent. The parts are asked in yuan, and add up to the change of GMV."
    yield parts(new - old), "Those are the changes of the links themselves, each in its unit. Yuan are asked."
    columns = samples.pair(asked.tables).loc[LATER] - samples.pair(asked.tables).loc[EARLIER]
    yield parts(columns), (
        "Those are the changes of views, clicks, orders and GMV. Asked is what each link did to GMV, in yuan.")
    yield parts(np.full(4, change / 4)), "You split the change evenly. Each link's part follows from its ratio."
    for mean, weight in (("geometric mean of the two GMVs", np.sqrt(start * end)),
                         ("plain mean of the two GMVs", (start + end) / 2),
                         ("earlier GMV", start), ("later GMV", end)):
        yield parts(logs * weight), (
            f"Your weight is the {mean}; your parts sum to ¥{(logs * weight).sum():,.0f} and not ¥{change:,.0f}. "
            "Use the logarithmic mean.")
    yield parts(change * np.abs(logs) / np.abs(logs).sum()), (
        "You shared the change out by the size of the ratios, without their sign.")
