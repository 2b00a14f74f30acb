"""Wrong answers of section 1.3: counting, joining, units."""

from liveshop.course.chapter_1.samples import first_steps


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
    if "refunds" in asked.tables:
        keys = ["order_id", "line_no"]
        back = asked.tables.refunds.merge(paid[keys], on=keys).refunded_amount.sum()
        yield {"host_gmv": own.used.sum() - back}, "Refunds are taken off: that is net sales. GMV has them inside."


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
