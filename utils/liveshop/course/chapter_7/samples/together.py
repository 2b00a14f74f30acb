"""The trial over cities, and tracked journeys: what the rules of attribution pay, and what a coin shows."""

import numpy as np
import pandas as pd

from liveshop.methods import attribution, panel
from liveshop.tables.memory import once_per_tables

KINDS = ["live", "social", "search", "paid"]
RULES = ["first click", "last click", "linear", "markov"]    # linear is Shapley, where no kind comes twice
ALONE = ["live", "social", "both_extra"]                     # what each brings alone, and what only both bring
WINDOW = 7                                                   # days in which a touch counts, where journeys are built


@once_per_tables
def trial(tables):
    """The trial over cities with live, social and both as 0 or 1, and first: whether a week is the first of a block."""
    rows = tables.geo_tests.sort_values(["city", "week"])
    live, social = (rows.cell.isin([kind, "both"]).astype(float) for kind in ("live", "social"))
    first = rows.groupby(["city", "block"]).cumcount() == 0
    return rows.assign(live=live, social=social, both_extra=live * social, first=first & (rows.block > 0))


def settled(tables):
    """The rows of `trial` in which nothing of the block before is at work: without the first weeks of blocks."""
    rows = trial(tables)
    return rows[~rows["first"]]


def together(rows):
    """Effects on log orders with a level for each city and week, intervals by city: live and social where they ran
    alone, both where both ran, and both_extra: what is over when the two effects alone are added."""
    apart = rows.assign(both=rows.both_extra, live=rows.live - rows.both_extra, social=rows.social - rows.both_extra)
    whole = _effects(apart, ["live", "social", "both"])
    return pd.concat([whole, _effects(rows, ALONE).loc[["both_extra"]]])


def _effects(rows, terms):
    return panel.two_way_effects(rows, "orders", terms, "city", "week", family="poisson").table


def left_over(tables):
    """How far the first week of a block still stands with the block before, on log orders: live_left and social_left.

    Where a kind has just stopped orders are so much higher than later, where it has just begun so much lower: one
    number for both, and 0 where nothing changed.
    """
    rows = trial(tables)
    before = rows.groupby("city").cell.shift()
    rows = rows.assign(**{f"{kind}_left": (before.isin([kind, "both"]) - rows[kind]).where(rows["first"], 0.0)
                          for kind in ("live", "social")})
    return _effects(rows, [*ALONE, "live_left", "social_left"]).tail(2)


@once_per_tables
def journeys(tables):
    """One row a journey: path ("live > search"; missing for no touch), converted, withheld (none without a coin).

    Where there is no table of journeys they are made of touchpoints and orders, `WINDOW` days back. Raises ValueError
    where neither is there.
    """
    if "journeys" not in tables:
        if "touchpoints" not in tables or "orders" not in tables:
            raise ValueError("Attribution needs journeys (path, converted), or touchpoints and orders to make them of.")
        return order_paths(tables, WINDOW)
    rows = tables.journeys
    return rows if "withheld" in rows else rows.assign(withheld="none")


def undisturbed(tables):
    """The journeys of which nothing was withheld."""
    rows = journeys(tables)
    return rows[rows.withheld == "none"]


def has_coin(tables):
    """Whether something was withheld by a coin."""
    return journeys(tables).withheld.nunique() > 1


@once_per_tables
def touches_before(tables, days):
    """The touches with the customer's next paid order within so many days: order_id, and age (days before it).

    order_id is missing where none followed. Orders are those of customers who appear in `touchpoints`.
    """
    paid = tables.orders.dropna(subset=["paid"]).drop_duplicates("order_id")
    paid = paid[["customer_id", "created", "order_id"]].sort_values("created", kind="stable")
    touches = tables.touchpoints[["customer_id", "touched", "kind"]].sort_values("touched", kind="stable")
    both = pd.merge_asof(touches, paid, left_on="touched", right_on="created", by="customer_id", direction="forward",
                         tolerance=pd.Timedelta(days=days), allow_exact_matches=False)
    return both.assign(age=(both.created - both.touched).dt.total_seconds() / 86_400)


def order_paths(tables, days):
    """Journeys made of touches and orders: path, converted, withheld (none). A customer's touches that no order
    followed within so many days make one journey that did not convert; an order without a touch has no path."""
    touches = touches_before(tables, days)
    followed = touches.order_id.notna()
    won = touches[followed].groupby("order_id").kind.agg(" > ".join)
    lost = touches[~followed].groupby("customer_id").kind.agg(" > ".join)
    known = tables.orders[tables.orders.customer_id.isin(touches.customer_id)].dropna(subset=["paid"])
    won = won.reindex(known.order_id.unique())
    path = pd.concat([won, lost], ignore_index=True)
    return pd.DataFrame({"path": path, "converted": np.arange(len(path)) < len(won), "withheld": "none"})


def decayed(touches, half_life=None):
    """Share of the credit by kind when a touch's part of an order halves with every so many days of its age (time
    decay); None: equal parts. touches: of `touches_before`; orders without a touch count for nobody."""
    touches = touches.dropna(subset=["order_id"])
    age = touches.age - touches.groupby("order_id").age.transform("min")          # no order fades away
    weight = 0.5 ** (age / half_life) if half_life else age * 0 + 1
    part = weight / weight.groupby(touches.order_id).transform("sum")
    return part.groupby(touches.kind).sum().reindex(KINDS, fill_value=0.0) / part.sum()


def of_all_orders(paths):
    """What each rule credits to each kind, as a share of all orders, those without a touch too; they belong to nobody.

    paths: columns path, conversions, nulls. The rules share out the orders that met a touch; a share of these alone
    has another denominator than what would be missing.
    """
    orders = paths.conversions.to_numpy(float)
    met = np.array([len(path) > 0 for path in paths.path])
    shares = attribution.compare(paths)[RULES] * orders[met].sum() / orders.sum()
    return shares.loc[[*(kind for kind in KINDS if kind in shares.index), *shares.index.difference(KINDS)]]


@once_per_tables
def credited(tables):
    """`of_all_orders` of the journeys of which nothing was withheld."""
    return of_all_orders(attribution.paths(undisturbed(tables)))


@once_per_tables
def per_thousand(tables):
    """Orders per 1,000 touches of a kind, by whoever says it: the rules, and the coin where it withheld two kinds or
    more (missing for the others)."""
    shares = credited(tables)
    if journeys(tables).withheld.nunique() > 2:
        shares["coin"] = attribution.incremental(journeys(tables)).share
    return worth(tables, shares)


def worth(tables, shares):
    """Shares of all orders (a row a kind) as orders per 1,000 journeys with that kind of touch, nothing withheld."""
    return shares.mul(1000 * undisturbed(tables).converted.sum() / _touched(tables, shares.index), axis=0)


def _touched(tables, kinds):
    """Journeys that met each kind of touch, nothing withheld."""
    counted = attribution.paths(undisturbed(tables))
    there = counted.conversions + counted.nulls
    return pd.Series({kind: there[[kind in path for path in counted.path]].sum() for kind in kinds})


def moves(promised, real=None):
    """What each rule would do with 1,000 touches, all of one price: take them from the kind to which it gives least a
    touch, and give them to the one with most. promised: as `per_thousand`; real: {kind: orders per 1,000 touches}.

    A row a rule: source, target, promised and, where real is known, earned; in orders, if the next touches are worth
    what the present are.
    """
    ends = pd.DataFrame({"source": promised.idxmin(), "target": promised.idxmax()})
    ends["promised"] = promised.max() - promised.min()
    if real is not None:
        real = pd.Series(real)
        ends["earned"] = real[ends.target].to_numpy() - real[ends.source].to_numpy()
    return ends


def moved(tables, source, target):
    """What the coin expects of 1,000 touches moved from source to target: low and high end, orders (95 %); both are
    missing where it did not withhold the two."""
    rows, free = journeys(tables), undisturbed(tables)
    if not {source, target} <= set(rows.withheld):
        return np.nan, np.nan
    arms = rows.converted.groupby(rows.withheld).agg(["mean", "size"])
    rate, variance = arms["mean"], arms["mean"] * (1 - arms["mean"]) / arms["size"]
    gives, takes = (1000 * len(free) / _touched(tables, [target, source])).loc[[target, source]]
    gain = gives * (rate["none"] - rate[target]) - takes * (rate["none"] - rate[source])
    half = 1.959964 * np.sqrt(variance["none"] * (gives - takes) ** 2 + variance[target] * gives**2
                              + variance[source] * takes**2)
    return gain - half, gain + half


def reached(tables, kind):
    """Whom a lot over a kind of touch is about: orders, the share of all orders (nothing withheld) that met it; and
    half_width of the share missing (95 %), were only those compared in both arms who met it or would have met it.

    The orders of the others are noise in both arms. As Poisson counts, of arms of equal size and nearly equal numbers.
    """
    free = undisturbed(tables)
    counted = attribution.paths(free[free.converted])
    met = counted.conversions[[kind in path for path in counted.path]].sum() / counted.conversions.sum()
    return pd.Series({"orders": met, "half_width": 1.959964 * np.sqrt(2 * met / free.converted.sum())})


def claims(tables):
    """Two answers for each kind of touch, as shares of all orders with 95 % intervals: what last click credits to it,
    and what is missing where it was withheld (for kinds that a coin withheld). Rows by kind and answer."""
    lost, orders = attribution.incremental(journeys(tables)), undisturbed(tables).converted.sum()
    share = credited(tables)["last click"]
    half = 1.959964 * np.sqrt(share * (1 - share) / orders)
    last = pd.DataFrame({"estimate": share, "low": share - half, "high": share + half})
    coin = lost.rename(columns={"share": "estimate"})[["estimate", "low", "high"]]
    both = pd.concat({"last click credits": last, "missing where withheld": coin}).swaplevel()
    return both.loc[[(kind, who) for kind in share.index for who in ("last click credits", "missing where withheld")
                     if (kind, who) in both.index]]


def policy(tables):
    """The table of the card: decision, the rule that may decide it, and what these tables say."""
    last = credited(tables)["last click"]
    by_rule = ", ".join(f"{kind} {share:.0%}" for kind, share in last.items())
    if has_coin(tables):
        lost = attribution.incremental(journeys(tables))
        lost = lost.reindex([kind for kind in last.index if kind in lost.index])
        missing = ", ".join(f"{kind} {row.share:.0%}" for kind, row in lost.iterrows())
        clear = ", ".join(lost.index[lost.low > 0]) or "none"
    else:
        missing, clear = "no lot: not known", "no lot: none"
    rows = [("Settle a bill, pay a commission", "the rule in the contract, with its window", by_rule),
            ("Move budget between channels", "orders missing where a lot withheld the channel", missing),
            ("Stop a channel", "the same, and only where the interval is narrow", f"shown to bring orders: {clear}"),
            ("Run live and social together", "a trial over cities", "see the field above"),
            ("Forecast next month", "no rule of attribution", "orders in all, and last year"),
            ("Tell people what they did well", "the numbers of their own job", "stays, joins, answers: not credits")]
    return pd.DataFrame(rows, columns=["decision", "rule", "here"])


def observed_synergy(journeys):
    """Share of orders that live and social seem to bring only together, in journeys of which nothing was withheld.

    The additive interaction of the four groups of journeys (neither, one, both), times those with both.
    """
    free = journeys[journeys.withheld == "none"]
    path = free.path.fillna("")
    live, social = path.str.contains("live"), path.str.contains("social")
    rate = free.converted.groupby([live.rename("live"), social.rename("social")]).mean()
    extra = rate[True, True] - rate[True, False] - rate[False, True] + rate[False, False]
    return float(extra * (live & social).sum() / free.converted.sum())


def small_world(synergy, anyway, searching, meet=0.4, persons=10_000, rate=0.06):
    """Paths of a world small enough to see through, for an explorer: (paths, what would be missing without a kind).

    Of the orders a share ``anyway`` would come without any touch and a share ``synergy`` comes only where live and
    social meet; the rest is half live's, half social's. Whoever did not need a touch has it with chance ``meet``.
    Search brings nothing: a share ``searching`` of buyers look the shop up before they pay. Of ``persons`` a share
    ``rate`` buy; of the others a tenth search.
    """
    alone = (1 - anyway - synergy) / 2
    needs = {(): anyway, ("live",): alone, ("social",): alone, ("live", "social"): synergy}
    groups = [*(((needed, True), share * rate) for needed, share in needs.items()), (((), False), 1 - rate)]
    rows = []
    for (needed, buys), share in groups:
        for live in ([True] if "live" in needed else [True, False]):
            for social in ([True] if "social" in needed else [True, False]):
                chance = share
                for kind, has in (("live", live), ("social", social)):
                    chance *= 1 if kind in needed else meet if has else 1 - meet
                rows += _orders_of(live, social, buys, chance, searching if buys else 0.1)
    table = pd.DataFrame(rows, columns=["path", "buys", "count"])
    table["count"] *= persons
    counts = table.pivot_table(index="path", columns="buys", values="count", aggfunc="sum", fill_value=0.0)
    paths = pd.DataFrame({"path": counts.index, "conversions": counts[True].to_numpy(),
                          "nulls": counts[False].to_numpy()})
    return paths, pd.Series({"live": alone + synergy, "social": alone + synergy, "search": 0.0})


def _orders_of(live, social, buys, chance, searching):
    """Both orders of live and social equally often, and search, if any, at the end."""
    first = [kind for kind, has in (("live", live), ("social", social)) if has]
    sequences = [first, first[::-1]] if len(first) == 2 else [first]
    return [(" > ".join([*steps, *end]), buys, chance / len(sequences) * part) for steps in sequences
            for end, part in (((), 1 - searching), (("search",), searching))]
