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
    paid = own[own.paid.notna()]
    back = paid.merge(tables.refunds[["order_id", "line_no"]].drop_duplicates(), on=["order_id", "line_no"])
    by_line = len(back) / len(paid)
    bought_anywhere = tables.streams[asked.bought].sum()
    kept, left = one.gmv - one.refunded, one.contribution
    all_goods = (own[own.paid.notna()].merge(tables.products[["product_id", "unit_cost"]], on="product_id")
                 .eval("quantity * unit_cost").sum())
    for wrong, sentence in (
        (left + one.refunded - by_order * one.gmv,
         "You took refunds by the share of orders. Dear orders come back more often: take the money refunded."),
        (left + one.refunded - by_item * one.gmv,
         "You took refunds by the share of pieces. Take the money refunded."),
        (left + one.refunded - by_line * one.gmv,
         "You took refunds by the share of order lines. Take the money refunded."),
        ((1 - by_line) * one.gmv - one.goods - fees.sum() * (1 - by_line) * one.gmv - one.promotion,
         "You took refunds by the share of order lines. Take the money refunded."),
        (kept - all_goods - fees.sum() * one.gmv - one.promotion,
         "Goods and fees are of all that was sold. They are of the money kept: what comes back is sold again."),
        (left + 2 * one.promotion, "Promotion is added. It is a cost: take it off."),
        (one.gmv - one.promotion, "That is GMV less promotion. Refunds, goods and fees are missing."),
        (left + one.promotion - bought_anywhere,
         "You took off the traffic bought on all channels. Asked is this channel's own."),
        (left + one.promotion - one.promotion * one.viewers / 1000,
         "You took the whole promotion from 1,000 viewers. Divide it by the viewers too."),
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
        (left - one.refunded, "Refunds are taken off twice."),
        (one.gmv - left, "Those are the refunds and costs. Asked is what is left after them."),
        (kept - one.fees, "That is net sales less fees. Goods and promotion are missing."),
    ):
        yield {"left_1000": 1000 * wrong / one.viewers}, sentence
    yield from other_books(asked, own)


def other_books(asked, own):
    """2.3a: sums from another table, of other persons, or over another denominator; `own`: lines of the channel."""
    one, tables = asked.parts, asked.tables
    kept, left = one.gmv - one.refunded, one.contribution
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
    yield from other_denominators(asked)
    yield {"gmv_1000": 1000 * kept / one.viewers}, "Refunds are off already. GMV still has them inside."
    yield {"left_1000": left / one.gmv}, "That is contribution per yuan of GMV. Asked is per 1,000 viewers."
    yield {"left_1000": 100 * left / one.gmv}, "That is contribution in per cent of GMV. Asked is per 1,000 viewers."


def other_denominators(asked):
    """2.3a per something else (impressions, hours, the peak, one viewer), as reported, and over all channels."""
    one, streams = asked.parts, asked.tables.streams
    own = streams[streams.channel_id == asked.channel]
    amounts = {"gmv_1000": one.gmv, "left_1000": one.contribution}
    for below, sentence in (
        (1000 * own.stream_seconds.sum() / 3600, "That is per hour on air. Asked is per 1,000 viewers."),
        (1000 * one.viewers, "That is per viewer. Asked is per 1,000 of them."),
        (own.impressions.sum(), "You divided by impressions. Who was shown the room need not have come in."),
        (own.pcu.sum(), "You divided by the peaks (PCU). Viewers are all who came, not those of the fullest second."),
        (1000 * one.orders, "That is per order. Asked is per 1,000 viewers."),
        (platforms.live_orders(asked.tables).query("channel_id == @asked.channel").customer_id.nunique(),
         "You divided by customers of the season. Asked is per 1,000 viewers."),
        (1000 * one.buyers, "That is per buyer. Asked is per 1,000 viewers."),
    ):
        yield {name: 1000 * amount / below for name, amount in amounts.items()}, sentence
        for name, amount in amounts.items():
            yield {name: 1000 * amount / below}, sentence
    if "reported_watch_gpm" in own:
        yield {"gmv_1000": own.reported_watch_gpm.mean()}, (
            "That is the mean of the platform's GPM, which is per 1,000 views. Asked is per 1,000 viewers.")
    live = platforms.live_orders(asked.tables)
    left = metrics.contribution(live, asked.tables.refunds, asked.tables.products, asked.tables.channels).iloc[0]
    everywhere = {"gmv_1000": left.gmv, "left_1000": left.contribution - streams[asked.bought].sum()}
    yield {name: 1000 * amount / streams.viewers.sum() for name, amount in everywhere.items()}, (
        f"Those are the rooms of all channels. Asked is {asked.channel}.")


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
    live = platforms.live_orders(asked.tables)
    live = live[live.paid >= asked.from_]
    live = live.assign(new=live.customer_id.isin(new.customer_id))
    for name, channel in (("interest_new", "interest_video"), ("market_new", "marketplace")):
        yield {name: (new.channel_id == channel).mean()}, (
            "That is the channel's part of all new customers. Asked is the part of new ones among its own buyers.")
        yield {name: (asked.buyers.channel_id == channel).mean()}, "That is the channel's part of all buyers."
        yield {name: 1 - asked.shares[channel]}, "That is the share of those who were there before."
        for other, share in asked.shares.items():
            if other not in ("interest_video", "marketplace"):
                yield {name: share}, f"That is the share of {other}."
        bought = live[live.channel_id == channel]
        yield {name: bought.paid_amount[bought.new].sum() / bought.paid_amount.sum()}, (
            "That is the part of the money. Asked is the part of the buyers.")
        yield {name: (new.channel_id == channel).sum()}, "That is how many are new. Asked is their share of the buyers."
        yield {name: (new.channel_id == channel).sum() / len(asked.tables.customers)}, (
            "You divided by the table of customers. Divide by those who bought in the channel's rooms.")
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


def rarer_lists(asked):
    """2.3b with a part of the months, with unpaid orders, or with each person's first order of the season alone."""
    live, joined = platforms.live_orders(asked.tables), asked.tables.customers.set_index("customer_id").joined
    tries = [(asked.but(since=day, from_=day), f"You took {month} and later. Asked are May to August.")
             for day, month in (("2025-07-01", "July"), ("2025-08-01", "August"))]
    tries.append((asked.but(since="2025-01-01"), "New is who joined on 1 May 2025 or later, not in the whole year."))
    for other, sentence in tries:
        yield other.right(), sentence
    in_may = asked.but(orders=lambda orders: orders[orders.paid < "2025-06-01"])
    yield in_may.right(), "Those are the buyers of May alone. Asked are May to August."
    unpaid = live[(live.paid >= asked.from_) | live.paid.isna()].drop_duplicates(asked.unit)
    first = live.dropna(subset="paid").sort_values("paid").drop_duplicates(asked.unit)
    for rows, sentence in (
        (unpaid, "Unpaid orders are in. Keep those with a time in `paid`."),
        (first[first.paid >= asked.from_], "You kept each person's first order before you chose the months. Choose the "
         "months first: who bought in March and again in June is a buyer of these months too."),
    ):
        shares = (rows.customer_id.map(joined) >= asked.since).groupby(rows.channel_id).mean()
        yield (shares["interest_video"], shares["marketplace"], shares.idxmax()), sentence


def other_firsts(asked):
    """2.3b with new: the first paid order in any room, or in the channel's rooms, falls into the window."""
    live = platforms.live_orders(asked.tables).dropna(subset="paid")
    for keys, words in ((["customer_id"], "in a room"), (["customer_id", "channel_id"], "on the channel")):
        first = live.groupby(keys).paid.min()
        buyers = asked.buyers.join(first.rename("first"), on=keys)
        shares = (buyers["first"] >= asked.since).groupby(buyers.channel_id).mean()
        yield (shares["interest_video"], shares["marketplace"], shares.idxmax()), (
            f"You took the first order {words} for the first of all. New is who `joined` on the day or later.")
        everybody = live.drop_duplicates(asked.unit).join(first.rename("first"), on=keys)
        shares = (everybody["first"] >= asked.since).groupby(everybody.channel_id).mean()
        yield (shares["interest_video"], shares["marketplace"], shares.idxmax()), (
            f"You took the first order {words} for the first of all, among the buyers of the whole season.")


def other_customers(asked):
    """2.3b on other lists of persons: the customers of a channel, its own buyers among them, buyers of the shelf."""
    customers = asked.tables.customers
    new = (customers.joined >= asked.since).groupby(customers.channel_id).mean()
    home = asked.buyers.customer_id.map(customers.set_index("customer_id").channel_id)
    own = asked.buyers[home == asked.buyers.channel_id]
    won = (own.joined >= asked.since).groupby(own.channel_id).mean()
    orders = asked.tables.orders
    shelf = orders[orders.stream_id.isna() & (orders.paid >= asked.from_)].drop_duplicates(asked.unit)
    joined = shelf.customer_id.map(customers.set_index("customer_id").joined)
    beside = (joined >= asked.since).groupby(shelf.channel_id).mean()
    for shares, sentence in (
        (new, "Those are all customers who first came on a channel. Asked are the buyers of its rooms."),
        (won, "You kept only buyers who first came on the same channel. Asked are all buyers of its rooms."),
        (beside, "Those are the buyers outside the rooms. Asked are those of the rooms: they have a stream_id."),
    ):
        if {"interest_video", "marketplace"} <= set(shares.index):
            yield (shares["interest_video"], shares["marketplace"], shares.idxmax()), sentence


def break_even(asked):
    """2.3c: fees of another sum or from another start, and the refunds."""
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
        (fees.take_rate[asked.other], "That is the other channel's take rate, and what they leave differs for more."),
        (fees.payment_fee_rate[asked.first] + gap / kept,
         "You started from the payment fee. Start from the take rate."),
        (own * (1 + gap / kept), "You raised the rate by that part of itself. Add points: rate + rise."),
        (gap / kept / own, "That is the rise in per cent of today's rate. Asked is the rate it would reach."),
        (own + gap / one.contribution, "You divided by contribution. The fee is taken of the money kept."),
        (own + gap / (rows.gmv - rows.refunded)[asked.other],
         "You divided by the other channel's money kept. It is this channel's fee: divide by its own."),
    ):
        yield {"fee": 100 * fee}, sentence
    totals = platforms.rooms(asked.tables).groupby("channel_id")[platforms.PARTS].sum()
    first, other = totals.loc[asked.first], totals.loc[asked.other]
    yield {"fee": 100 * (own + (first.contribution - other.contribution) / (first.gmv - first.refunded))}, (
        "You compared the whole half-year. One channel has more viewers; compare 1,000 of each.")
    yield from break_even_refunds(asked)


def break_even_refunds(asked):
    """2.3c: shares refunded that leave goods, fees or promotion where they are, or are shares of something else."""
    rows, fees = asked.rows, asked.fees
    one, goal = rows.loc[asked.other], rows.contribution[asked.goal]
    rate, kept = fees.loc[asked.other].sum(), one.gmv - one.refunded
    goods, of_goal = one.goods / kept, rows.loc[asked.goal]
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
        ((goal - one.promotion) / (1 - rate - goods), "Promotion has the wrong sign: it has to be earned too."),
        (one.promotion / (1 - rate - goods), "At that share it leaves nothing at all. Asked is what the goal leaves."),
        (kept - (goal - one.contribution) / (1 - rate - goods), "The sign is turned: refunds have to fall."),
        ((goal + one.promotion) / (1 - rate - one.goods / one.gmv),
         "You took the goods per yuan of GMV. Take them per yuan kept: what comes back is sold again."),
        ((goal + one.promotion) / (1 - fees.loc[asked.goal].sum() - of_goal.goods / (of_goal.gmv - of_goal.refunded)),
         "You took the other channel's fees and goods. Take those of the channel whose refunds fall."),
        (kept + rows.gmv[asked.goal] - one.gmv, "You compared GMV. Compare contributions."),
    ):
        yield {"share": 100 * (1 - needed / one.gmv)}, sentence
    share = 1 - (goal + one.promotion) / (1 - rate - goods) / one.gmv
    now = one.refunded / one.gmv
    yield {"share": 100 * now}, "That is today's share."
    yield {"share": 100 * (now - share)}, "That is by how much it has to fall. Asked is the share it has to reach."
    yield {"share": 100 * (1 - share / now)}, (
        "That is by how much it falls, in per cent of today's share. Asked is the share it has to reach.")
    yield {"share": share * one.gmv}, "Those are yuan. Asked is the share, in per cent of GMV."
    for below in (kept, one.gmv * (1 - share)):
        yield {"share": 100 * share * one.gmv / below}, "You divided by the money kept. Asked is the share of GMV."
    yield {"share": 100 * (1 - (goal + one.promotion) / (1 - rate - goods) / of_goal.gmv)}, (
        "You divided by the other channel's GMV. Divide by that of the channel whose refunds fall.")
    yield {"share": 100 * (1 - share)}, "That is the share of the money kept."
    yield {"share": 100 * rows.refunded[asked.goal] / rows.gmv[asked.goal]}, (
        "That is the other channel's share. The two differ in more than refunds.")


def rarer_break_even(asked):
    """2.3c: slips that may give like numbers, and are then told together."""
    rows, fees = asked.rows, asked.fees
    first, other = rows.loc[asked.first], rows.loc[asked.other]
    own, rise = fees.loc[asked.first], first.contribution - other.contribution
    yield {"fee": 100 * own.sum()}, "That is what is taken today, with the payment fee."
    yield {"fee": 100 * (own.take_rate - own.payment_fee_rate + rise / (first.gmv - first.refunded))}, (
        "You took the payment fee off. It stays beside the take rate.")
    yield {"fee": 100 * (first.fees + rise) / first.gmv}, "You divided by GMV. The fee is taken of the money kept."
    more = (first.gmv - first.refunded - other.gmv + other.refunded) / (first.gmv - first.refunded)
    yield {"fee": 100 * (own.take_rate + more)}, "You compared net sales. Compare contributions."
    yield {"share": other.refunded}, "That is what comes back today, in yuan."
    yield {"share": other.refunded / other.gmv}, "That is today's share, as a fraction."
    yield {"share": 100 * other.refunded / (other.gmv - other.refunded)}, (
        "That is today's, and of the money kept. Asked is the share of GMV that it has to reach.")
    yield {"share": (1 - asked.right()[1] / 100) * other.gmv}, "Those are yuan kept. Asked is a share of GMV."
    yield {"share": 100 * (rows.contribution[asked.goal] - other.contribution) / other.gmv}, (
        "That is the gap in contribution, of GMV. Asked is the share refunded that closes it.")
    kept = (rows.gmv - rows.refunded)[asked.first]
    gap, before = (of[asked.first] - of[asked.other] for of in (
        rows.contribution, rows.contribution + rows.promotion))
    yield {"fee": 100 * (fees.take_rate[asked.other] + gap / kept)}, "You started from the other channel's take rate."
    yield {"fee": 100 * (fees.take_rate[asked.first] + before / kept)}, (
        "You compared what is left before promotion. Compare contributions.")
    gap = rows.contribution[asked.goal] - rows.contribution[asked.other]
    yield {"fee": 100 * (fees.take_rate[asked.goal] + gap / (rows.gmv - rows.refunded)[asked.goal])}, (
        f"That is for {asked.goal}. Asked is the take rate of {asked.first}.")


DESCRIBED = {
    "Taobao Live": "a deep catalogue, influencers, stars and professional buyers",
    "JD Live": "brands, selling on its own account, logistics and after-sales",
    "Pinduoduo Live": "sharing, group deals and fun",
    "Kuaishou": "short videos that feed the room, and down-to-earth hosts of all kinds",
    "Douyin": "short videos that feed the room, and the idea that its head named in 2021",
}
JUDGED = {
    ("e", "measure"): "Your tables do not hold other people's rules.",
    ("e", "strike"): "It is a rule with its day, and no number from a story. It is of use while it holds.",
    ("f", "date it"): "It is about your own rooms: no source outside can confirm it.",
    ("f", "strike"): "It is about your own rooms, so it can be made sound, and then it is of use.",
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
            yield {one.name: option}, said
