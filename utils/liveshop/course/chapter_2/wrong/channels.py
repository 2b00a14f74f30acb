"""Wrong answers to the exercises of section 2.3, Platforms."""

from liveshop import metrics
from liveshop.course.chapter_2 import platforms


def parts_of_contribution(asked):
    """2.3a: contributions in which something is missing, or taken from another sum."""
    one, tables = asked.parts, asked.tables
    fees = tables.channels.set_index("channel_id").loc[asked.channel, ["take_rate", "payment_fee_rate"]]
    own = platforms.live_orders(tables)
    own = own[own.channel_id == asked.channel]
    by_order = metrics.refund_rate(own, tables.refunds, by="order")
    by_item = metrics.refund_rate(own, tables.refunds, by="item")
    kept, left = one.gmv - one.refunded, one.contribution
    all_goods = (own[own.paid.notna()].merge(tables.products[["product_id", "unit_cost"]], on="product_id")
                 .eval("quantity * unit_cost").sum())
    for wrong, sentence in (
        (left + one.refunded - by_order * one.gmv,
         "You took refunds by the share of orders. Dear orders come back more often: take the money refunded."),
        (left + one.refunded - by_item * one.gmv,
         "You took refunds by the share of pieces. Take the money refunded."),
        (kept - one.goods - fees.sum() * one.gmv - one.promotion,
         "The fee is on all that was paid. It is on the money kept: the fee on refunded money is given back."),
        (left + fees.payment_fee_rate * kept, "The payment fee is missing."),
        (left + fees.take_rate * kept, "The channel's own fee, its take rate, is missing."),
        (left + one.fees, "The fees are not taken off."),
        (left + one.promotion, "The bought traffic (promotion) is not taken off."),
        (left + one.goods, "The goods are not taken off."),
        (left + one.refunded, "Goods and fees are of the money kept, but the refunds themselves are not taken off."),
        (kept - all_goods - one.fees - one.promotion,
         "You took the goods of all pieces sold. What comes back counts as back on the shelf."),
        (kept, "That is net sales: goods, fees and promotion are not taken off yet."),
        (kept - one.promotion, "That is net sales less promotion. Goods and fees are missing."),
        (one.gmv - one.goods, "That is GMV less goods. Refunds, fees and promotion are missing."),
        (one.gmv - one.fees, "That is GMV less fees. Refunds, goods and promotion are missing."),
        (left - one.promotion, "Promotion is taken off twice."),
        (kept - one.fees, "That is net sales less fees. Goods and promotion are missing."),
    ):
        yield {"left_1000": 1000 * wrong / one.viewers}, sentence
    if "spend" in tables:
        spent = tables.spend[tables.spend.channel_id == asked.channel]
        for kinds in (spent, spent[spent.kind != "coupon"]):
            yield {"left_1000": 1000 * (left + one.promotion - kinds.amount.sum()) / one.viewers}, (
                "You took all that was spent on the channel. Asked is the traffic bought for its broadcasts.")
    yield {"gmv_1000": 1000 * own.list_amount[own.paid.notna()].sum() / one.viewers}, (
        "Those are list prices. GMV is what was paid.")
    persons = tables.viewer_sessions.merge(tables.streams.query("channel_id == @asked.channel")[["stream_id"]]
                                           ).viewer_id.nunique() if "viewer_sessions" in tables else 0
    if persons:
        yield ({"gmv_1000": 1000 * one.gmv / persons, "left_1000": 1000 * left / persons},
               "You divided by persons of the whole season. `streams.viewers` counts a person once a broadcast.")
    yield {"gmv_1000": 1000 * kept / one.viewers}, "Refunds are off already. GMV still has them inside."
    yield {"left_1000": left / one.gmv}, "That is contribution per yuan of GMV. Asked is per 1,000 viewers."
    yield {"left_1000": 100 * left / one.gmv}, "That is contribution in per cent of GMV. Asked is per 1,000 viewers."


def without_trials(asked):
    """2.3a with the trial broadcasts left out, above and below the line."""
    streams = asked.tables.streams
    regular = set(streams.stream_id[~streams.is_trial.astype(bool)])
    return asked.but(streams=lambda rows: rows[rows.stream_id.isin(regular)],
                     orders=lambda rows: rows[rows.stream_id.isin(regular)])


def whole_channel(asked):
    """2.3a with the orders of shelf and posts in."""
    tables = asked.tables
    orders = tables.orders[tables.orders.channel_id == asked.channel]
    left = metrics.contribution(orders, tables.refunds, tables.products, tables.channels).iloc[0]
    values = {"gmv_1000": left.gmv, "left_1000": left.contribution - asked.parts.promotion}
    return {name: 1000 * value / asked.parts.viewers for name, value in values.items()}


def new_customers(asked):
    """2.3b: other shares of the same lists."""
    new = asked.buyers[asked.buyers.joined >= asked.since]
    for name, channel in (("interest_new", "interest_video"), ("market_new", "marketplace")):
        yield {name: (new.channel_id == channel).mean()}, (
            "That is the channel's part of all new customers. Asked is the part of new ones among its own buyers.")
        yield {name: (asked.buyers.channel_id == channel).mean()}, "That is the channel's part of all buyers."
        yield {name: 1 - asked.shares[channel]}, "That is the share of those who were there before."
        for other, share in asked.shares.items():
            if other not in ("interest_video", "marketplace"):
                yield {name: share}, f"That is the share of {other}."
    yield {"interest_new": len(new) / len(asked.buyers)}, "That is the share over all channels together."
    numbers, right = new.channel_id.value_counts(), asked.shares.idxmax()
    for channel in asked.shares.index:
        if channel != right:
            most = " It has the most new customers; asked is the highest share." if channel == numbers.idxmax() else ""
            yield {"newest": channel}, (
                f"In {channel} {100 * asked.shares[channel]:.0f} of 100 buyers are new; one channel has more.{most}")


def other_lists(asked, which):
    """2.3b by the time of the order ("created"), or by the channel in which a customer first came ("home")."""
    if which == "created":
        return asked.but(orders=lambda orders: orders.assign(paid=orders.created))
    home = asked.tables.customers.set_index("customer_id").channel_id
    return asked.but(orders=lambda orders: orders.assign(channel_id=orders.customer_id.map(home)))


def all_places(asked):
    """2.3b with buyers on shelf and through posts."""
    return asked.but(orders=lambda orders: orders.assign(stream_id=orders.stream_id.fillna("none")))


def first_in_table(asked):
    """2.3b with new: the first paid order that the table knows falls into the window."""
    orders = asked.tables.orders
    first = orders[orders.paid.notna()].groupby("customer_id").paid.min()
    return asked.but(customers=lambda customers: customers.assign(joined=customers.customer_id.map(first)))


def break_even(asked):
    """2.3c: fees of another sum, and refunds that leave goods or fees where they are."""
    rows, fees = asked.rows, asked.fees
    one, gap = rows.loc[asked.first], rows.contribution[asked.first] - rows.contribution[asked.other]
    kept, own = one.gmv - one.refunded, fees.take_rate[asked.first]
    for fee, sentence in (
        (gap / kept, "That is by how much the take rate may rise. Add what it is today."),
        (own + gap / one.gmv, "You divided by GMV. The fee is taken of the money kept."),
        (gap / one.gmv, "That is the rise, and of GMV. Add today's rate, and divide by the money kept."),
        (own + fees.payment_fee_rate[asked.first] + gap / kept,
         "That holds the payment fee too. Asked is the take rate alone."),
        (own - gap / kept, "The sign is turned: the channel leaves more, so its fee may rise."),
        (own + one.contribution / kept, "At that rate it leaves nothing at all. Asked is what the other one leaves."),
        (own + (one.gmv - rows.gmv[asked.other]) / kept, "You compared GMV. Compare contributions."),
        (own, "That is today's take rate."),
        (gap / rows.contribution[asked.other], "That is how much more it leaves, in per cent. Asked is a fee."),
        (gap / rows.contribution[asked.first], "That is how much less the other leaves, in per cent. Asked is a fee."),
        (fees.take_rate[asked.other] + gap / kept, "You started from the other channel's take rate."),
    ):
        yield {"fee": 100 * fee}, sentence
    totals = platforms.rooms(asked.tables).groupby("channel_id")[platforms.PARTS].sum()
    first, other = totals.loc[asked.first], totals.loc[asked.other]
    yield {"fee": 100 * (own + (first.contribution - other.contribution) / (first.gmv - first.refunded))}, (
        "You compared the whole half-year. One channel has more viewers; compare 1,000 of each.")
    one, goal = rows.loc[asked.other], rows.contribution[asked.goal]
    rate, kept = fees.loc[asked.other].sum(), one.gmv - one.refunded
    goods = one.goods / kept
    for needed, sentence in (
        ((goal + one.promotion + one.goods) / (1 - rate),
         "You left the goods as they are, or the fees out. Both grow with what is kept."),
        (goal + one.promotion + one.goods + one.fees,
         "You left both goods and fees as they are. They grow with what is kept."),
        (goal / (1 - rate - goods), "Promotion is missing: it has to be earned too."),
        ((goal + one.promotion) / (1 - goods),
         "You left the goods as they are, or the fees out. Both grow with what is kept."),
        ((goal + one.promotion) / (1 - fees.take_rate[asked.other] - goods), "The payment fee is missing."),
        (kept + (goal - one.contribution) / (1 - goods), "You left the fees as they are. They grow with what is kept."),
        (kept * goal / one.contribution, "You let promotion grow too. It stays what it is."),
        (kept + rows.gmv[asked.goal] - one.gmv, "You compared GMV. Compare contributions."),
    ):
        yield {"share": 100 * (1 - needed / one.gmv)}, sentence
    share = 1 - (goal + one.promotion) / (1 - rate - goods) / one.gmv
    now = one.refunded / one.gmv
    yield {"share": 100 * now}, "That is today's share."
    yield {"share": 100 * (now - share)}, "That is by how much it has to fall. Asked is the share it has to reach."
    yield {"share": 100 * (1 - share)}, "That is the share of the money kept."
    yield {"share": 100 * rows.refunded[asked.goal] / rows.gmv[asked.goal]}, (
        "That is the other channel's share. The two differ in more than refunds.")


DESCRIBED = {
    "Taobao Live": "a deep catalogue, influencers, stars and professional buyers",
    "JD Live": "brands, selling on its own account, logistics and after-sales",
    "Pinduoduo Live": "sharing, group deals and fun",
    "Kuaishou": "short videos that feed the room, and down-to-earth hosts of all kinds",
    "Douyin": "short videos that feed the room, and the idea that its head named in 2021",
}
JUDGED = {
    ("e", "measure"): "Your tables do not hold other people's rules. Keep the line with its date, and check it.",
    ("e", "strike"): "It is dated and sourced, so it may stay. It may also have changed since: check it.",
    ("f", "date it"): "It is your own number: no source outside can confirm it. Compute it from your own orders.",
    ("f", "strike"): "The line is useful if it is yours. Compute it from your own orders.",
    ("g", "date it"): "There is nothing to check: Qinghe's channel is invented, and its numbers are nobody's.",
    ("g", "measure"): "Your tables say what you pay. The number here is of an invented channel, not of JD Live.",
}


def which_platform(asked):
    """2.3d: each other choice."""
    right = asked.named(asked.right())
    for one in asked.fields:
        for option in one.options:
            if option == right[one.name]:
                continue
            said = f"{option} is described by {DESCRIBED[option]}." if option in DESCRIBED else next(
                text for (name, start), text in JUDGED.items() if name == one.name and option.startswith(start))
            yield {one.name: option}, f"{one.name.upper()}: {said}"
