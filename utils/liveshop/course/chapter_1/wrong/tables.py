"""Wrong answers of section 1.3: counting, joining, units."""

import pandas as pd

from liveshop.course.chapter_1.samples import first_steps, trends


def rows_days_key(asked, columns):
    """1.3a: other counts, other days, and columns that repeat."""
    lines = asked.frame
    paid = lines[lines.paid.notna()]
    yield {"rows": lines.order_id.nunique()}, (
        "Those are the orders, each once. A row is a line of an order; count the rows.")
    yield {"rows": len(paid)}, "Those are the paid rows. Asked are all rows of the table."
    yield {"rows": int(lines.paid.isna().sum())}, "Those are the rows that were never paid. Asked are all."
    yield {"rows": paid.order_id.nunique()}, "Those are the paid orders, each once. Asked are all rows."
    yield {"rows": lines.customer_id.nunique()}, "Those are the customers, each once. Count the rows."
    yield {"rows": lines.size}, "That is rows times columns (`size`). `len` counts the rows."
    yield {"rows": lines.shape[1]}, "That is the number of columns."
    yield {"rows": len(lines) - 1}, (
        "One row is missing: numbers from 0 end one below the count.")
    yield {"rows": len(lines) + 1}, "One too many: the line of headings is no row."
    yield {"rows": int(lines.quantity.sum())}, "Those are the items. A row may hold several; count the rows."
    yield {"rows": int(lines.stream_id.notna().sum())}, "Those are the rows of broadcasts. Asked are all rows."
    right = asked.right()[1]
    yield {"days": right / 7}, "Those are weeks. Asked are days."
    yield {"days": 24 * right}, "Those are hours. Asked are days."
    yield {"days": right + 1}, "One too many: last day − first day + 1 counts both ends already."
    yield {"days": 6}, "Those are months. Asked are days."
    for letter, key in columns.items():
        again = first_steps.repeats(lines, key)
        if again:
            yield {"key": letter}, f"{again:,} rows repeat an earlier row in these columns. A key never repeats."


def net_of_refunds(tables):
    """Order lines whose paid_amount lacks what was refunded."""
    keys = ["order_id", "line_no"]
    back = tables.orders[keys].merge(tables.refunds[[*keys, "refunded_amount"]], how="left").refunded_amount
    return tables.orders.assign(paid_amount=tables.orders.paid_amount - back.fillna(0.0).to_numpy())


def other_joins(asked):
    """1.3b, rarer: rows of other joins and of parts, and other shares."""
    lines, tables = asked.lines, asked.tables
    paid, room = lines.paid.notna(), lines.host_id.notna()
    own = lines.host_id == asked.host
    silent_paid = int((~tables.streams.stream_id.isin(lines.stream_id[paid])).sum())
    pairs = tables.streams[["channel_id", "host_id"]].drop_duplicates().channel_id.value_counts()
    for value, words in (
        (paid.sum() + silent_paid, "That is an outer join, and the unpaid lines are gone. Keep all order lines."),
        ((paid & room).sum() + silent_paid,
         "That is a right join, and the unpaid lines are gone. Keep all order lines."),
        (lines.channel_id.map(pairs).fillna(1).sum(),
         "You joined on channel_id: each line meets every host of its channel. Join on stream_id."),
        ((~room).sum(), "Those are the lines without a broadcast alone. Asked are all."),
        ((~room & paid).sum(), "Those are the paid lines without a broadcast. Asked are all rows."),
        ((~paid).sum(), "Those are the unpaid lines alone. Asked are all rows."),
        (own.sum(), f"Those are the lines of {asked.host}. Asked are all rows."),
        ((own & paid).sum(), f"Those are the paid lines of {asked.host}. Asked are all rows."),
        (len(lines) * len(tables.streams), "Every line meets every broadcast: a cross join. Join on stream_id."),
        (tables.streams.host_id.nunique(), "Those are the hosts. Asked are the rows of the result."),
        (tables.orders.shape[1] + 1, "That is the number of columns. Asked are the rows."),
        (len(lines) * (tables.orders.shape[1] + 1), "That is rows times columns (`size`). `len` counts the rows."),
        (len(lines) + 1, "One too many: the line of headings is no row."),
        (len(lines) - 1, "One row is missing: numbers from 0 end one below the count."),
        (room.sum() - len(tables.streams), "You took one table off the other. A left join keeps every order line."),
    ):
        yield {"rows": int(value)}, words
    all_, outside, orders = lines.used.sum(), lines.used[~room].sum(), lines[paid]
    everything = lines.paid_amount.sum()
    share = "Asked is the share of the money."
    for value, words in (
        (lines.used[room].sum() / outside, "Upside down, and over a part: divide what is outside by all GMV."),
        (lines.used[own].sum() / all_, f"That is the share of {asked.host}. Asked is the share without a broadcast."),
        (1 - lines.used[own].sum() / all_, f"That is all but {asked.host}. Other hosts have broadcasts too."),
        (orders.customer_id[~room].nunique() / orders.customer_id.nunique(), f"That is the share of buyers. {share}"),
        (orders.quantity[~room].sum() / orders.quantity.sum(), f"That is the share of items. {share}"),
        (lines.groupby("order_id").host_id.count().eq(0).mean(), f"That is the share of orders, unpaid in. {share}"),
        (outside / everything, "Unpaid lines are below the line, and not above. Leave them out of both."),
        (lines.paid_amount[~room].sum() / all_, "Unpaid lines are above the line, not below. Leave them out of both."),
        (1 - tables.streams.gmv.sum() / everything, "Unpaid lines are in the total. GMV is of paid lines."),
        (lines.used[lines.post_id.isna()].sum() / all_, "That is all without a *post*. Asked is without a broadcast."),
        (lines.used[lines.post_id.notna()].sum() / all_, "Those are the lines of posts. Asked is without a broadcast."),
    ):
        yield {"no_room": value}, words


def other_amounts(asked):
    """1.3b, rarer: other amounts in place of the host's GMV."""
    lines, streams = asked.lines, asked.tables.streams
    own, room = lines[lines.host_id == asked.host], lines.host_id.notna()
    paid, gmv = own[own.paid.notna()], own.used.sum()
    broadcasts = streams[streams.host_id == asked.host]
    rooms = trends.broadcasts(asked.tables)
    festival = own.stream_id.isin(rooms.stream_id[rooms.festival])
    asked_for = f"Asked is the GMV of {asked.host}, in yuan."
    pairs = streams[["channel_id", "host_id"]].drop_duplicates()
    channels = pairs.channel_id[pairs.host_id == asked.host]
    for value, words in (
        (lines.used.sum(), f"That is the GMV of all lines. {asked_for}"),
        (lines.used[room].sum(), f"That is the GMV of all rooms. {asked_for}"),
        (lines.used[~room].sum(), f"That is the GMV outside the rooms. {asked_for}"),
        (gmv / lines.used.sum(), f"That is a share of all GMV. {asked_for}"),
        (gmv / lines.used[room].sum(), f"That is a share of the GMV of the rooms. {asked_for}"),
        (gmv / len(broadcasts), f"That is GMV per broadcast. {asked_for}"),
        (own.groupby("stream_id").used.sum().max(), f"That is the best broadcast of {asked.host}. Asked are all."),
        (3600 * gmv / broadcasts.stream_seconds.sum(), f"That is GMV per hour on air. {asked_for}"),
        (gmv / paid.customer_id.nunique(), f"That is GMV per buyer. {asked_for}"),
        (paid.paid_amount[~paid.duplicated("order_id")].sum(), "Only the first line of each order is in. Add up all."),
        (own.paid_amount[own.paid.isna()].sum(), "Those are the unpaid lines. GMV counts the paid ones."),
        ((paid.list_amount - paid.paid_amount).sum(), "Those are the discounts: list amount less paid amount."),
        (own.used[~festival].sum(), "The festival broadcasts are missing. All rooms of the host count."),
        (lines.used[lines.channel_id.isin(channels)].sum(),
         "You joined on channel_id: all lines of the host's channels are in. Join on stream_id."),
        (paid.customer_id.nunique(), "Those are buyers. Asked is their money: add up `paid_amount`."),
        (paid.quantity.sum(), "Those are items. Asked is their money: add up `paid_amount`."),
        (len(own), "Those are lines, unpaid ones too. Asked is the money: add up `paid_amount`."),
        (len(broadcasts), f"Those are the broadcasts of {asked.host}. Asked is their money."),
        (paid.paid_amount.mean() * paid.order_id.nunique(), "You multiplied the mean of a *line* by the orders."),
    ):
        yield {"host_gmv": value}, words
    if "refunds" in asked.tables:
        back = lines.used - net_of_refunds(asked.tables).paid_amount.where(lines.paid.notna(), 0.0)
        yield {"host_gmv": back[own.index].sum()}, "That is what was refunded. Asked is what was paid."


def other_parts(asked):
    """1.3a, rarer: rows of parts of the table, and other ways to count days."""
    lines = asked.frame
    paid, room = lines.paid.notna(), lines.stream_id.notna()
    for value, words in (
        (lines.quantity[paid].sum(), "Those are the paid items. A row may hold several; count the rows."),
        (lines.customer_id[paid].nunique(), "Those are the customers who paid, each once. Count the rows."),
        (len(lines.dropna()), "You dropped every row with an empty cell. An empty cell does not make a row invalid."),
        ((~room).sum(), "Those are the rows without a broadcast. Asked are all rows."),
        (lines.duplicated("order_id").sum(), "Those are the rows that repeat an order. Asked are all rows."),
        ((~lines.duplicated("order_id", keep=False)).sum(), "Those are the orders of one line. Asked are all rows."),
        (len(lines.drop_duplicates(["customer_id", "created"])), "You dropped rows as doubles. Each line is a row."),
        (len(lines.drop_duplicates(["product_id", "created"])), "You dropped rows as doubles. Each line is a row."),
        (lines.line_no.max(), "That is the longest order, in lines. Asked are all rows."),
    ):
        yield {"rows": int(value)}, words
    for column, words in (("session_id", "a visit"), ("coupon_id", "a coupon"), ("post_id", "a post")):
        if column in lines:
            told = f"Those are the rows with {words}. Asked are all rows, empty cells or not."
            yield {"rows": int(lines[column].notna().sum())}, told
            yield {"rows": lines[column].nunique()}, f"Those are the values of `{column}`, each once. Count the rows."
    for name in ("viewer_sessions", "shelf_sessions", "comments", "posts"):
        if name in asked.tables:
            yield {"rows": len(asked.tables[name])}, f"Those are the rows of `{name}`. Asked is `orders`."
    times = lines[asked.counted]
    span = times.max() - times.min()
    exact = span.total_seconds()
    for unit, words in ((86400, "days with a fraction"), (3600, "hours"), (1, "seconds"), (60, "minutes")):
        for decimals in (0, 1, 2, 3, 12):
            if unit != 86400 or decimals:
                yield {"days": round(exact / unit, decimals)}, (
                    f"Those are {words}, from the first moment to the last. Count the days of the calendar.")
    day = times.dt.normalize()
    for value, words in (
        (times.nunique(), "Those are the moments, each once. Count days: leave the time of day out."),
        (day[room].nunique(), "Those are the days with an order in a room. Asked are all orders."),
        (len(pd.bdate_range(day.min(), day.max())), "Those are working days. A shop sells at weekends too."),
        (180, "Six months of 30 days: an estimate. Count from the first day to the last."),
        (7 * ((day.max() - day.min()).days // 7), "Those are whole weeks only. Count the days left over as well."),
    ):
        yield {"days": float(value)}, words


def other_rows(asked):
    """1.3a, rarer: the rows of other tables, and days on which something else happened."""
    for name in ("streams", "customers", "products", "refunds", "rundown"):
        if name in asked.tables:
            yield {"rows": len(asked.tables[name])}, f"Those are the rows of `{name}`. Asked is `orders`."
    if "streams" in asked.tables:
        on_air = asked.tables.streams.started.dt.normalize().nunique()
        yield {"days": on_air}, "Those are the days with a broadcast. Asked is from the first order to the last."


def joined(asked):
    """1.3b: joins that lose or double, for each field."""
    lines, tables = asked.lines, asked.tables
    size = {words: first_steps.joined_size(tables.orders, tables[name], on, how)
            for words, (name, on, how) in first_steps.JOINS.items()}
    yield {"rows": size["inner, with streams"][0]}, (
        "The lines of shelf and posts are lost: that is an inner join. Keep them with how=\"left\".")
    for how in ("left", "inner"):
        yield {"rows": size[f"{how}, with rundown"][0]}, (
            "That is a join with `rundown`: it has many rows a broadcast, so each line comes many times.")
        yield {"rows": size[f"{how}, with streams by channel"][0]}, (
            "You joined on channel_id: each line meets every broadcast of its channel. Join on stream_id.")
    yield {"rows": int(lines.paid.notna().sum())}, "The unpaid lines are gone. The join itself keeps all lines."
    yield {"rows": int((lines.paid.notna() & lines.host_id.notna()).sum())}, (
        "Lines without a broadcast and unpaid lines are both lost. The join itself keeps all lines.")
    silent = int((~tables.streams.stream_id.isin(lines.stream_id)).sum())
    if silent:
        yield {"rows": size["inner, with streams"][0] + silent}, (
            "That is a right join: it keeps all broadcasts and loses the lines without one. Keep the order lines.")
        yield {"rows": len(lines) + silent}, (
            "That is an outer join: broadcasts without a line come as rows too. Keep the order lines only.")
    yield {"rows": lines.order_id.nunique()}, "Those are orders. A row is a line of an order."
    yield {"rows": len(tables.streams)}, "Those are the broadcasts. The order lines are to be kept."
    yield {"rows": len(lines) + len(tables.streams)}, (
        "Rows of both tables one below the other: that is concat. A join puts columns beside rows.")
    slots = tables.rundown.groupby("stream_id").size()
    own = lines[lines.host_id == asked.host]
    yield {"host_gmv": (own.used * own.stream_id.map(slots).fillna(0)).sum()}, (
        "Each line counts once for every slot of its rundown: the join was on a key that repeats.")
    yield {"host_gmv": own.paid_amount.sum()}, "Unpaid order lines are in. GMV counts lines whose `paid` is not empty."
    yield from _other_sums(asked, own)
    yield {"host_gmv": 100 * own.used.sum()}, "That is in fen. The tables are in yuan."
    room, all_ = lines.host_id.notna(), lines.used.sum()
    yield {"no_room": lines.used[room].sum() / all_}, (
        "That is the share *with* a broadcast. Asked is the share without.")
    yield {"no_room": lines.used[~room].sum() / lines.used[room].sum()}, (
        "You divided by the GMV of the rooms. The denominator is all GMV.")
    paid = lines[lines.paid.notna()]
    yield {"no_room": paid.host_id.isna().mean()}, "That is the share of paid lines. Asked is the share of the money."
    yield {"no_room": lines.host_id.isna().mean()}, "That is the share of lines. Asked is the share of the money."
    orders = paid.groupby("order_id").host_id.count().eq(0)
    yield {"no_room": orders.mean()}, "That is the share of orders. Asked is the share of the money."
    for source in ("shelf", "social"):
        yield {"no_room": lines.used[lines.source == source].sum() / all_}, (
            f"That is `{source}` alone. Everything without a broadcast counts, shelf and social.")
    yield {"no_room": own.used.sum() / all_}, f"That is the share of {asked.host}. Asked is what has no broadcast."
    yield {"no_room": 0.0}, "An inner join has thrown the lines without a broadcast away: nothing of them is left."
    yield {"no_room": lines.used[~room & lines.post_id.isna()].sum() / all_}, (
        "Lines of posts are left out. They have no broadcast either.")


def _other_sums(asked, own):
    """Other numbers of the host's lines in place of their GMV."""
    paid = own[own.paid.notna()]
    yield {"host_gmv": paid.paid_amount.mean()}, "That is the mean of a paid line. Asked is the sum."
    yield {"host_gmv": own.used.sum() / paid.order_id.nunique()}, "That is GMV per order. Asked is the sum."
    yield {"host_gmv": len(paid)}, "Those are paid lines. Asked is their money: add up `paid_amount`."
    yield {"host_gmv": paid.order_id.nunique()}, "Those are orders. Asked is their money: add up `paid_amount`."
    broadcasts = asked.tables.streams[asked.tables.streams.host_id == asked.host]
    yield {"host_gmv": own.used.sum() / len(broadcasts)}, "That is GMV per broadcast. Asked is the sum of all of them."
    yield {"host_gmv": int(paid.quantity.sum())}, "Those are items. Asked is their money: add up `paid_amount`."
    for words, lines in {"all lines": asked.lines, "all rooms": asked.lines[asked.lines.host_id.notna()],
                         "what was sold outside the rooms": asked.lines[asked.lines.host_id.isna()]}.items():
        yield {"host_gmv": lines.used.sum()}, f"That is the GMV of {words}. Asked are the rooms of {asked.host} alone."
    yield {"host_gmv": own.used.sum() / 1e4}, "That is in ten thousands of yuan (万). Asked is yuan."
    yield {"host_gmv": (paid.quantity * paid.paid_amount).sum()}, (
        "You multiplied by quantity. `paid_amount` is already the money of the whole line.")


def other_hosts(asked):
    """1.3b, rarer: the money of another host."""
    for host, money in asked.lines.groupby("host_id").used.sum().items():
        if host != asked.host:
            yield {"host_gmv": money}, f"That is the GMV of {host}. Asked is {asked.host}."


RATIOS = {"yuan per order": "the orders", "yuan per 1,000 views": "the views in thousands",
          "yuan per 1,000 impressions": "the impressions in thousands"}


def units(asked):
    """1.3c: each other choice."""
    right = asked.named(asked.right())
    for one in asked.fields:
        for option in one.options:
            if option == right[one.name]:
                continue
            yield {one.name: option}, _why_not(option, right[one.name])


def _why_not(chosen, right):
    """Why a column has not the unit chosen, without telling which it has."""
    if {chosen, right} == {"fen", "yuan"}:
        return ("A yuan is 100 fen. Of two columns with the same money the larger number is in fen; for F compare with "
                "the yuan in the text.")
    if chosen in RATIOS:
        return f"The yuan of GMV, divided by {RATIOS[chosen]}, are another number than this one."
    return "This is no sum of money: the GMV of the broadcast, divided by something of the same broadcast, gives it."
