"""Exercises of section 2.3, Platforms."""

from functools import cached_property

import pandas as pd

from liveshop import metrics
from liveshop.course.chapter_2 import platforms
from liveshop.course.chapter_2.wrong import channels as wrong
from liveshop.practice import Exercise, Field, exercise, usual
from liveshop.practice.ways import wrong_ratios

CHANNELS = ("interest_video", "community_video", "marketplace", "quality_retail", "group_deal")
SOLD = ("orders", "refunds", "products", "channels", "streams")


@exercise(
    "2.3a", title="What a thousand viewers leave",
    fields=[Field("gmv_1000", "GMV per 1,000 viewers of community_video", "yuan per 1,000 viewers", decimals=0),
            Field("left_1000", "Contribution per 1,000 viewers of community_video", "yuan per 1,000 viewers",
                  decimals=0)],
    hint=["Sum over all broadcasts of the channel first; divide once, by the sum of `streams.viewers`.",
          "`metrics.contribution(orders, refunds, products, channels, spend=…, per=\"channel_id\")` takes everything "
          "off; for `spend` give it a table with channel_id and amount, made of `streams.promotion_spend`."],
    needs=SOLD,
)
class ThousandViewers(Exercise):
    channel, below, bought = "community_video", "viewers", "promotion_spend"
    explain = ("GMV less refunds, goods, fees and promotion, over the viewers of the same broadcasts, times 1,000. "
               "Goods and fees are of the money that was kept: what comes back is sold again, and its fee is returned.")

    @property
    def praise(self):
        gmv, left = self.right()
        return (f"Of every 100 yuan that a thousand viewers pay {100 * left / gmv:.0f} stay. The two figures have one "
                "denominator; only the second pays wages.")

    @cached_property
    def parts(self):
        """The row of the channel: gmv, refunded, goods, fees, promotion, contribution, and its viewers and views."""
        tables, streams = self.tables, self.tables.streams[self.tables.streams.channel_id == self.channel]
        live = platforms.live_orders(tables)
        live = live[live.channel_id == self.channel]
        left = metrics.contribution(live, tables.refunds, tables.products, tables.channels)
        row = left.iloc[0].to_dict() | {"promotion": streams[self.bought].sum()}
        row["contribution"] -= row["promotion"]
        return pd.Series(row | streams[["viewers", "views", "orders", "buyers"]].sum().to_dict())

    def right(self):
        return tuple(1000 * self.parts[what] / self.parts[self.below] for what in ("gmv", "contribution"))

    def mistakes(self):
        own = platforms.rooms(self.tables)
        own = own[own.channel_id == self.channel]
        yield from wrong_ratios("gmv_1000", own.gmv, own.viewers, "broadcasts", 1000)
        yield from wrong_ratios("left_1000", own.contribution, own.viewers, "broadcasts", 1000)
        yield from wrong.parts_of_contribution(self)

    def variants(self):
        yield self.but(below="views"), "You divided by views (entries). Somebody who comes twice is one viewer."
        for channel in CHANNELS:
            if channel != self.channel:
                yield self.but(channel=channel), f"Those are the numbers of {channel}; asked is {self.channel}."
        yield from usual(self)
        yield wrong.without_trials(self), "The newcomers' trials are left out. All broadcasts of the channel are asked."
        yield wrong.whole_channel(self), (
            "All orders of the channel are in, those of shelf and posts too. Asked are those of its rooms: they have a "
            "stream_id.")

    def amounts(self):
        amounts = {f"the {name} of the channel's rooms": self.parts[name] for name in (*platforms.PARTS, "viewers")}
        amounts |= {"the orders": self.parts.orders, "the buyers": self.parts.buyers}
        return {"gmv_1000": amounts, "left_1000": amounts}


@exercise(
    "2.3b", title="Where new customers buy",
    fields=[Field("interest_new", "New among the buyers of interest_video", "fraction of its buyers", decimals=3),
            Field("market_new", "New among the buyers of marketplace", "fraction of its buyers", decimals=3),
            Field("newest", "Highest share of new customers", options=CHANNELS)],
    hint=["The unit is a person. Make one list of persons who paid in the channel's rooms from May to August, each "
          "once, and look up `joined`.",
          "`buyers = live[live.paid >= \"2025-05-01\"].drop_duplicates([\"channel_id\", \"customer_id\"])`, then merge "
          "`customers` and take the mean of `joined >= \"2025-05-01\"` by channel."],
    needs=("orders", "customers"),
)
class NewCustomers(Exercise):
    since, from_, unit = "2025-05-01", "2025-05-01", ["channel_id", "customer_id"]
    explain = ("Buyers of May to August, each once a channel; new is who first came to Qinghe in the same "
               "four months. The first order in the table would not do: the table begins in March, and whoever "
               "bought before looks new when she comes back.")

    @property
    def praise(self):
        shares = self.shares
        return (f"From {100 * shares.min():.0f} to {100 * shares.max():.0f} of 100 buyers are new. It says who comes "
                "through the channel, not what the channel does: nobody was sent there by a coin.")

    @cached_property
    def buyers(self):
        """Persons who paid for a live order in the window, once a channel, with joined."""
        live = platforms.live_orders(self.tables)
        live = live[live.paid >= self.from_]
        joined = self.tables.customers.set_index("customer_id").joined
        return live.drop_duplicates(self.unit).assign(joined=lambda d: d.customer_id.map(joined))

    @cached_property
    def shares(self):
        """Share of new customers among the buyers of each channel."""
        return (self.buyers.joined >= self.since).groupby(self.buyers.channel_id).mean()

    def right(self):
        shares = self.shares.reindex(CHANNELS)
        return shares["interest_video"], shares["marketplace"], shares.idxmax()

    def mistakes(self):
        yield from wrong.new_customers(self)

    def variants(self):
        for unit in (["order_id"], ["order_id", "line_no"]):
            yield self.but(unit=unit), "You counted orders or their lines. Asked are persons, each once a channel."
        yield self.but(unit=["customer_id"]), (
            "You kept each person once in all, in the channel of her first order. Asked is once a channel.")
        yield self.but(since="2025-03-03"), (
            "You took everybody who joined in the season for new. Asked is who joined in May to August.")
        yield self.but(since="2025-03-03", from_="2025-03-03"), "That is the whole season. Asked are May to August."
        yield self.but(from_="2025-03-03"), "Those are the buyers of the whole season. Asked are May to August."
        yield self.but(since="2025-06-01", from_="2025-06-01"), "You left May out. Asked are May to August."
        yield wrong.other_lists(self, "created"), "You took the time of the order. Asked is the time in `paid`."
        yield wrong.other_lists(self, "home"), (
            "You took the channel of the customer, where she first came. Asked is the channel of the order.")
        yield wrong.all_places(self), "Buyers on shelf and through posts are in. Asked are those of the rooms."
        yield from wrong.other_firsts(self)
        yield from wrong.other_customers(self)
        yield wrong.first_in_table(self), (
            "You took the first order in the table for the first of all. The table begins in March: whoever bought "
            "before looks new.")

    def rarer(self):
        yield from wrong.rarer_lists(self)


@exercise(
    "2.3c", title="Break-even",
    fields=[Field("fee", "Take rate of marketplace at break-even", "per cent of the money kept", decimals=1),
            Field("share", "Share of GMV refunded on interest_video at break-even", "per cent of GMV", decimals=1)],
    hint=["Work with the rows of 1,000 viewers. How much more does the one leave than the other, and of which sum does "
          "a fee take its per cent?",
          "Fee: own take rate + difference / (GMV − refunded). Refunds: goods and fees shrink with them, so "
          "contribution = money kept × (1 − fees − goods per yuan kept) − promotion; solve for the money kept."],
    needs=SOLD,
)
class BreakEven(Exercise):
    first, other, goal, below = "marketplace", "interest_video", "community_video", "viewers"
    explain = ("A point of take rate costs one per cent of the money kept. A point of refunds costs GMV × (1 − fees − "
               "goods per yuan kept), because goods come back and fees are returned.")

    @property
    def praise(self):
        fee, share = self.right()
        rows = self.rows
        now, today = 100 * rows.refunded[self.other] / rows.gmv[self.other], 100 * self.fees.take_rate[self.first]
        far = " Half a point at the negotiating table does not turn that order." if abs(fee - today) > 2 else ""
        return (f"From {today:.0f} to {fee:.0f} per cent of the money kept, and from {now:.0f} to {share:.0f} per cent "
                f"of GMV.{far} The sum assumes that nobody buys more or less because of it.")

    @cached_property
    def rows(self):
        """Channels × parts, per 1,000 viewers."""
        return platforms.per_thousand(platforms.rooms(self.tables), self.below)

    @cached_property
    def fees(self):
        return self.tables.channels.set_index("channel_id")[["take_rate", "payment_fee_rate"]]

    def right(self):
        fee = platforms.break_even_fee(self.rows, self.first, self.other, self.fees.take_rate[self.first])
        one, goal = self.rows.loc[self.other], self.rows.contribution[self.goal]
        goods = one.goods / (one.gmv - one.refunded)
        kept = (goal + one.promotion) / (1 - self.fees.loc[self.other].sum() - goods)
        return 100 * fee, 100 * (1 - kept / one.gmv)

    def mistakes(self):
        yield from wrong.break_even(self)

    def rarer(self):
        yield from wrong.rarer_break_even(self)

    def variants(self):
        yield self.but(first=self.other, other=self.first, goal=self.first), (
            "The two channels are exchanged: look again which one is to leave what which other one leaves.")
        yield self.but(below="views"), "You worked with views. Asked are rows of 1,000 viewers."
        for other in CHANNELS:
            if other not in (self.first, self.other):
                yield {"fee": self.but(other=other).right()[0]}, (
                    f"That makes it leave what {other} leaves. Asked is {self.other}.")
            if other not in (self.goal, self.other):
                yield {"share": self.but(goal=other).right()[1]}, (
                    f"That makes it leave what {other} leaves. Asked is {self.goal}.")


NAMES = ("Taobao Live", "JD Live", "Pinduoduo Live", "Kuaishou", "Douyin")
OTHER_NAMES = {"淘宝直播": "Taobao Live", "淘宝": "Taobao Live", "Taobao": "Taobao Live", "京东直播": "JD Live",
               "京东": "JD Live", "JD": "JD Live", "多多直播": "Pinduoduo Live", "拼多多": "Pinduoduo Live",
               "Pinduoduo": "Pinduoduo Live", "快手": "Kuaishou", "抖音": "Douyin"}
CHECK, MEASURE, STRIKE = "date it and check it again", "measure it on your own tables", "strike it out"


@exercise(
    "2.3d", title="Which platform, and which line to check",
    fields=[
        Field("a", "A. Buyers bring friends to get the lower price, and the game is part of it", options=NAMES,
              also=OTHER_NAMES),
        Field("b", "B. It sells on its own account and delivers; brand merchants, after-sales", options=NAMES,
              also=OTHER_NAMES),
        Field("c", "C. Its head of e-commerce named the idea “interest e-commerce” in April 2021", options=NAMES,
              also=OTHER_NAMES),
        Field("d", "D. A deep catalogue, and professional buyers among its hosts", options=NAMES, also=OTHER_NAMES),
        Field("e", "E. “Since 9 October 2020 a room of this platform may not link to another shop.”",
              options=(CHECK, MEASURE, STRIKE)),
        Field("f", "F. “30 % of what our rooms there sell comes back.”", options=(CHECK, MEASURE, STRIKE)),
        Field("g", "G. “JD Live takes 8 % and 10 % comes back: see the table of Qinghe's channels.”",
              options=(CHECK, MEASURE, STRIKE)),
    ],
    hint=["A to D: read the five descriptions again. Two of them begin with goods, one with friends, two with videos.",
          "E to G: is it a rule of somebody else, a number of your own shop, or a number of an invented channel?"],
)
class WhichPlatform(Exercise):
    praise = ("Rules of others are dated and checked, numbers of your own shop are measured, and a number of an "
              "invented channel says nothing about a company.")
    explain = ("Group price: Pinduoduo. Own stock: JD. Interest e-commerce: Douyin. Catalogue and professional buyers: "
               "Taobao. A rule may have changed since its date. A refund rate depends on what you sell. Qinghe's "
               "channels are archetypes that we invented.")

    def right(self):
        return "Pinduoduo Live", "JD Live", "Douyin", "Taobao Live", CHECK, MEASURE, STRIKE

    def mistakes(self):
        yield from wrong.which_platform(self)
