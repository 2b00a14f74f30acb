"""Exercises of section 1.3, Purpose and route."""

from functools import cached_property

from liveshop.course.chapter_1.samples import first_steps
from liveshop.course.chapter_1.wrong import tables as wrong
from liveshop.practice import Exercise, Field, exercise, unpaid_in, usual

KEYS = {"A": "order_id", "B": "order_id and line_no", "C": "customer_id and created",
        "D": "product_id and created"}
PAIRS = {sign.join(pair): letter for letter, words in KEYS.items() if " and " in words
         for pair in (words.split(" and "), words.split(" and ")[::-1])
         for sign in (", ", ",", " + ", "+", " & ", " and ", " 和 ", "和")}
COLUMNS = {"A": ("order_id",), "B": ("order_id", "line_no"), "C": ("customer_id", "created"),
           "D": ("product_id", "created")}


@exercise(
    "1.3a", title="Rows, days and key",
    fields=[Field("rows", "Rows of `orders`", "rows", decimals=0, whole=True, least=0),
            Field("days", "Days from the first order placed to the last", "days, both counted", decimals=0, whole=True,
                  least=0),
            Field("key", "Columns that name a row and no other", options=KEYS, also=PAIRS)],
    hint=["`len(tables.orders)` counts rows. `created` says when an order was placed; take days, not hours.",
          "`tables.orders.duplicated([\"order_id\"]).sum()` says how many rows repeat an earlier `order_id`. A key "
          "gives 0. Days: last day − first day + 1."],
    needs=("orders",),
)
class RowsDaysKey(Exercise):
    counted, table, ends = "created", "orders", 1            # ends: days to add so that both ends count

    @property
    def explain(self):
        first, last = (f"{end.day} {end:%B}" for end in self.frame[self.counted].agg(["min", "max"]))
        return ("A row of `orders` is one line of an order: three of one dress and one of another are two lines of one "
                f"order. So `order_id` comes again, and `order_id` with `line_no` does not. From {first} to {last} "
                f"there are {self.key.right['days']:.0f} days when both ends count.")

    @property
    def praise(self):
        again = first_steps.repeats(self.tables.orders, COLUMNS["A"])
        return (f"Rows are order lines: {again:,} of them repeat an order_id. Whoever counts rows and says “orders” "
                "has the first wrong number of the course.")

    @property
    def frame(self):
        return self.tables[self.table]

    def right(self):
        return len(self.frame), first_steps.days_covered(self.frame[self.counted]) - 1 + self.ends, "B"

    def mistakes(self):
        return wrong.rows_days_key(self, COLUMNS)

    def variants(self):
        yield self.but(ends=0), "Last day less first day: one of the two ends is not counted. Both are asked."

    def rarer(self):
        yield from wrong.other_rows(self)
        yield from wrong.other_parts(self)


@exercise(
    "1.3b", title="Join without losing or doubling",
    fields=[Field("rows", "Rows after the join", "rows", decimals=0, whole=True, least=0),
            Field("host_gmv", "GMV of the rooms of H05", "yuan", decimals=0, least=0),
            Field("no_room", "GMV without a broadcast", "fraction of all GMV", decimals=3)],
    hint=["Keep every order line, also those that belong to no broadcast: `how=\"left\"`. Then count the rows before "
          "and after.",
          "`tables.orders.merge(tables.streams[[\"stream_id\", \"host_id\"]], on=\"stream_id\", how=\"left\")`. GMV: "
          "`paid_amount` of rows whose `paid` is not empty. Where `host_id` is empty, there was no broadcast."],
    needs=("orders", "streams", "rundown"),
)
class JoinHosts(Exercise):
    host, money = "H05", "paid_amount"
    explain = ("`streams` has one row a broadcast, so a left join on `stream_id` gives every order line one partner or "
               "none: the number of rows stays. An inner join throws away the lines of shelf and posts. `rundown` has "
               "many rows a broadcast: joined on `stream_id`, each line comes once for every slot.")

    @property
    def praise(self):
        return (f"The rows are as many as before, and no line is lost: {self.key.right['no_room']:.0%} of the money "
                "was paid outside the rooms, and a join that forgets it makes the shop look smaller.")

    @cached_property
    def lines(self):
        """Order lines with host_id and used, the yuan that count."""
        lines = self.tables.orders
        host = self.tables.streams.set_index("stream_id").host_id
        used = lines[self.money].where(lines.paid.notna(), 0.0)
        return lines.assign(host_id=lines.stream_id.map(host), used=used)

    def right(self):
        lines = self.lines
        return (len(lines), lines.used[lines.host_id == self.host].sum(),
                lines.used[lines.host_id.isna()].sum() / lines.used.sum())

    def mistakes(self):
        return wrong.joined(self)

    def variants(self):
        yield from usual(self)
        yield self.but(money="list_amount"), "That is list_amount, before offers and coupons. Use paid_amount."

        if "refunds" in self.tables:
            yield self.but(orders=wrong.net_of_refunds(self.tables)), (
                "Refunds are taken off: that is net sales. GMV has them inside.")
        yield self.but(money="list_amount", orders=unpaid_in), (
            "That is list_amount, and unpaid lines are in. GMV is `paid_amount` of paid lines.")

    def rarer(self):
        yield from wrong.other_hosts(self)
        yield from wrong.other_joins(self)
        yield from wrong.other_amounts(self)


UNITS = ("fen", "yuan", "yuan per order", "yuan per 1,000 views", "yuan per 1,000 impressions")
PER = {"yuan per order": ("order", "an order", "单", "订单", "每单"),
       "yuan per 1,000 views": ("1,000 views", "1000 views", "1 000 views", "thousand views", "千次观看", "千次浏览",
                                "千次进入", "千次进房"),
       "yuan per 1,000 impressions": ("1,000 impressions", "1000 impressions", "1 000 impressions",
                                      "thousand impressions", "千次曝光", "千次展示", "千次展现")}
SAID = {"分": "fen", "元": "yuan", "CNY": "yuan", "RMB": "yuan", "人民币": "yuan", "人民币元": "yuan", "¥": "yuan"} | {
    f"{sign}{words}": unit for unit, said in PER.items() for words in said
    for sign in ("yuan per ", "yuan/", "yuan / ", "元/", "元 / ", "元每", "每", "yuan ", "元")}


@exercise(
    "1.3c", title="The unit of each money column (no code)",
    fields=[Field(name, f"Column {name.upper()}", options=UNITS, also=SAID) for name in "abcdef"],
    hint=["A yuan is 100 fen. One column is 100 times another, and one is 100 times a number in the text.",
          "The three that are left are ratios: divide the yuan of GMV by the orders, by the views in thousands, by the "
          "impressions in thousands."],
    needs=("streams",),
)
class Units(Exercise):
    stream = "S0001"
    praise = ("A column without a unit is checked against another one that has it. It takes a minute, and it finds the "
              "factor of 100 before the owner does.")
    explain = ("B is 100 times A: yuan and fen of the same GMV. A over the orders is E, A over the views in thousands "
               "is D, and A over the impressions in thousands is C. F is 100 times the yuan that were spent: fen.")

    def right(self):
        return "yuan", "fen", "yuan per 1,000 impressions", "yuan per 1,000 views", "yuan per order", "fen"

    def mistakes(self):
        return wrong.units(self)
