"""Touches that customers had with Qinghe, and what the touches cost."""

from __future__ import annotations

import numpy as np
import pandas as pd

from liveshop.world import catalogue, draws
from liveshop.world.shop.members import DAY
from liveshop.world.rooms.plan import DAYS, END, START
from liveshop.world.shop.ties import ONE, moments

WINDOW_DAYS = 7


def touchpoints(seed, members, tables, social_touches=2.2):
    """Touches of the members: their entries into rooms, visits from search and paid placement, shares they opened, posts seen."""
    random = draws.generator(seed, "touches")
    customers = tables["customers"]
    number = members.number
    home = pd.Series(members.channel, index=number)
    names = np.array(catalogue.CHANNEL_IDS, dtype=object)
    streams = tables["streams"].set_index("stream_id")
    live = tables["viewer_sessions"]
    live = live[live.viewer_id.isin(number)]
    shelf = tables["shelf_sessions"]
    shelf = shelf[shelf.viewer_id.isin(number) & shelf.source.isin(["search", "paid"])]
    opened = tables["shares"].dropna(subset=["opened", "receiver_id"])
    opened = opened[opened.receiver_id.isin(number)]
    # posts seen in the week around sign-up and before orders
    orders = tables["orders"]
    orders = orders[(orders.source == "social") & orders.customer_id.isin(number)].drop_duplicates("order_id")
    seen = np.repeat(orders.customer_id.to_numpy(), count := random.poisson(0.5, len(orders)))
    before = (
        np.repeat(orders.created.to_numpy().astype("datetime64[s]"), count)
        - (60 + random.exponential(1.8 * DAY, len(seen))).astype(np.int64) * ONE
    )
    idle = random.choice(number, int(social_touches * len(number) / 2))
    at = moments(random.random(len(idle)) * DAYS * DAY)
    # the touch that brought each member who came by search or paid placement
    route = pd.Series(members.route, index=np.arange(len(members)))
    brought = route.index[route.isin(["search", "paid"])].to_numpy()
    parts = [
        pd.DataFrame(
            {
                "customer_id": live.viewer_id,
                "touched": streams.started.loc[live.stream_id].to_numpy().astype("datetime64[s]")
                + live.entered_second.to_numpy().astype(np.int64) * ONE,
                "kind": "live",
                "channel_id": streams.channel_id.loc[live.stream_id].to_numpy(),
            }
        ),
        pd.DataFrame(
            {
                "customer_id": shelf.viewer_id,
                "touched": shelf.visited,
                "kind": shelf.source,
                "channel_id": shelf.channel_id,
            }
        ),
        pd.DataFrame(
            {
                "customer_id": opened.receiver_id.astype("int64"),
                "touched": opened.opened,
                "kind": "social",
                "channel_id": names[home[opened.receiver_id.astype("int64")].to_numpy()],
            }
        ),
        pd.DataFrame(
            {"customer_id": seen, "touched": before, "kind": "social", "channel_id": names[home[seen].to_numpy()]}
        ),
        pd.DataFrame(
            {"customer_id": idle, "touched": at, "kind": "social", "channel_id": names[home[idle].to_numpy()]}
        ),
        pd.DataFrame(
            {
                "customer_id": number[brought],
                "touched": moments(np.maximum(members.signed[brought] - 200, 1)),
                "kind": route[brought].to_numpy(),
                "channel_id": names[members.channel[brought]],
            }
        ),
    ]
    frame = pd.concat(
        [p.astype({"touched": "datetime64[s]", "customer_id": "int64"}) for p in parts], ignore_index=True
    )
    frame = frame[(frame.touched >= START) & (frame.touched < END)].sort_values(
        ["touched", "customer_id", "kind"], kind="stable", ignore_index=True
    )
    paid = tables["orders"].dropna(subset=["paid"]).drop_duplicates("order_id")[["customer_id", "created", "order_id"]]
    paid = (
        paid[paid.customer_id.isin(number)]
        .astype({"created": "datetime64[s]", "customer_id": "int64"})
        .sort_values("created", kind="stable")
    )
    frame = pd.merge_asof(
        frame,
        paid,
        left_on="touched",
        right_on="created",
        by="customer_id",
        direction="forward",
        tolerance=pd.Timedelta(days=WINDOW_DAYS),
        allow_exact_matches=False,
    )
    frame.insert(0, "touch_id", np.arange(1, len(frame) + 1))
    return frame[["touch_id", "customer_id", "touched", "kind", "channel_id", "order_id"]]


def spend(parameters, seed, members, tables, invitation_reward=12.0):
    """Money by day, channel and kind: promotion of broadcasts, coupons used and rewards paid add up to the other tables."""
    random = draws.generator(seed, "spend")
    names = np.array(catalogue.CHANNEL_IDS, dtype=object)
    streams, orders = tables["streams"], tables["orders"]
    day = lambda times: pd.to_datetime(times).dt.normalize()
    rows = [
        streams.assign(day=day(streams.started), kind="traffic", amount=streams.promotion_spend)[
            ["day", "channel_id", "kind", "amount"]
        ]
    ]
    used = orders.dropna(subset=["coupon_id", "paid"])
    rows.append(
        pd.DataFrame(
            {
                "day": day(used.created),
                "channel_id": used.channel_id,
                "kind": "coupon",
                "amount": parameters.coupon.face,
            }
        )
    )
    invited = np.flatnonzero(members.route == "referral")
    rows.append(
        pd.DataFrame(
            {
                "day": pd.Series(moments(members.signed[invited])).dt.normalize(),
                "channel_id": names[members.channel[invited]],
                "kind": "referral",
                "amount": invitation_reward,
            }
        )
    )
    deals = tables["group_deals"]
    filled = deals.dropna(subset=["filled"])
    rows.append(
        pd.DataFrame(
            {
                "day": day(filled.filled),
                "channel_id": "group_deal",
                "kind": "referral",
                "amount": filled.reward * (filled["size"] - 1),
            }
        )
    )
    posts = tables["posts"]
    cost = posts.type.map({"photo": 60.0, "video": 180.0, "live": 150.0, "link": 20.0, "status": 10.0})
    rows.append(
        pd.DataFrame({"day": day(posts.published), "channel_id": posts.channel_id, "kind": "content", "amount": cost})
    )
    # opinion leaders and paid placement of the social shop: weekly bookings, more before and in the festival
    for k, channel in enumerate(names):
        came = np.flatnonzero((members.route == "paid") & (members.channel == k))
        per_day = np.bincount(members.signed[came] // DAY, minlength=DAYS)[:DAYS]
        amount = (
            np.rint(
                2
                * (18 * np.convolve(per_day, np.ones(5) / 5, mode="same") + 4)
                * np.exp(0.35 * random.normal(size=DAYS))
            )
            / 2
        )
        rows.append(
            pd.DataFrame(
                {
                    "day": pd.date_range(START, periods=DAYS),
                    "channel_id": channel,
                    "kind": "influencer",
                    "amount": amount,
                }
            )
        )
    frame = pd.concat([r.astype({"day": "datetime64[s]"}) for r in rows if len(r)], ignore_index=True)
    frame = frame.groupby(["day", "channel_id", "kind"], as_index=False).amount.sum()
    return frame[frame.amount > 0].sort_values(["day", "channel_id", "kind"], ignore_index=True)
