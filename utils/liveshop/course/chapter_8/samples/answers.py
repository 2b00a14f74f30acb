"""Answers to risks: what stock, backups, buys and measures do, on the tables of the section."""

from functools import cache

import numpy as np
import pandas as pd

from liveshop.course.chapter_8.samples.register import DAYS, FIRST, LAST, LINES, YEARS
from liveshop.methods import inventory, reliability
from liveshop.tables.memory import once_per_tables

SERVICE = 0.95                  # chance of not running out before a delivery arrives
STEADY = 56, 2                  # days seen and pieces a day from which a product is planned
DRAWS = 4                       # of the lead times; each product has its own
RULES = {"average": "the average alone", "demand": "and the spread of demand", "both": "and that of the lead time"}
WAYS = {"forecast": "the forecast", "sold": "critical ratio, learnt from sales",
        "asked": "critical ratio, learnt from demand", "upside": "the ratio upside down"}
BUDGET = 120_000                # CNY a year


# --- losses and measures -----------------------------------------------------------------------------

@once_per_tables
def loss_a_year(tables):
    """Loss a year by kind of risk, CNY, the largest first: what the register holds over its length."""
    first, last = tables.incidents.began.min(), tables.incidents.began.max()
    course = abs((first - FIRST).days) < 14 and abs((last - LAST).days) < 14   # the course's own register
    years = YEARS if course else max((last - first).days + 1, 1) / (DAYS / YEARS)
    return (tables.incidents.groupby("kind").loss.sum() / years).sort_values(ascending=False)


def worth(measures, losses):
    """Function: CNY a year that a list of measures avoids; of two against one cause only the better counts.

    measures: the table `risk_measures` · losses: CNY a year by kind. What a measure leaves is (1 − cut of frequency) ×
    (1 − cut of severity) of the loss of its kinds; those of several measures multiply.
    """
    table = measures.set_index("measure")
    left = ((1 - table.cut_of_frequency) * (1 - table.cut_of_severity)).to_dict()
    twin = table.shares_cause_with.dropna().to_dict()
    touches = {name: [kind.strip() for kind in kinds.split(",")] for name, kinds in table.kinds.items()}
    losses = losses.to_dict()

    @cache
    def avoided(taken):
        remains = dict.fromkeys(losses, 1.0)
        for name in taken:
            other = twin.get(name)
            if other in taken and (left[other], other) < (left[name], name):
                continue
            for kind in touches[name]:
                if kind in remains:
                    remains[kind] *= left[name]
        return sum(losses[kind] * (1 - share) for kind, share in remains.items())

    return lambda taken: avoided(frozenset(taken))


# --- lines and their backup --------------------------------------------------------------------------

def log_period(tables):
    """First moment of the log of outages and the one after its last; a log of one's own: from its first day on."""
    began = tables.outages.began.dropna()
    if began.min() >= LINES[0] and began.max() < LINES[1] and began.max() - began.min() > pd.Timedelta(days=300):
        return LINES
    return began.min().normalize(), began.max().normalize() + pd.Timedelta(days=1)


@once_per_tables
def lines(tables):
    """`reliability.availability` of the log of outages, over its period."""
    return reliability.availability(tables.outages, *log_period(tables))


@once_per_tables
def both_down(tables):
    """Hours a year without any line, as estimate, low and high of an interval (95 %); ``.attrs``: minutes of each time.

    The interval draws how many times (gamma) and how long (from those that came): it never sees a time longer than the
    longest. NaN where it never happened.
    """
    since, until = log_period(tables)
    hours = np.array(lines(tables).attrs["together"])
    years = (until - since).total_seconds() / 3600 / 8760
    generator = np.random.default_rng(0)
    drawn = [generator.choice(hours, generator.poisson(generator.gamma(len(hours) + 0.5))).sum() / years
             for _ in range(2000)] if len(hours) else [np.nan]
    found = pd.Series([hours.sum() / years, *np.quantile(drawn, [0.025, 0.975])], ["estimate", "low", "high"])
    found.attrs["minutes"] = np.sort(60 * hours)[::-1]
    return found


# --- stock -------------------------------------------------------------------------------------------

def supplier_card(tables, until=None):
    """`reliability.supplier_scorecard` with promised (mean days); defects are missing where nobody counts them."""
    deliveries = tables.deliveries
    counted = "defective" in deliveries
    card = reliability.supplier_scorecard(deliveries if counted else deliveries.assign(defective=0), until=until)
    promised = (deliveries.promised - deliveries.ordered).dt.days.groupby(deliveries.supplier_id).mean()
    return card.assign(promised=promised, defects=card.defects if counted else np.nan)


def middle(tables):
    """The day that halves the days of the stock: rules are made before it and judged after it."""
    days = tables.inventory.day
    return days.min() + (days.max() - days.min()) / 2


@once_per_tables
def stock_plan(tables):
    """One row a product that sells steadily before the middle day: demand, lead time and three reorder points.

    supplier_id · demand_mean, demand_sd: pieces a day · lead_mean, lead_sd: days, of the product's supplier · average,
    demand, both: pieces at which an order is placed (`RULES`).
    """
    half, (days, pieces) = middle(tables), STEADY
    before = tables.inventory[tables.inventory.day < half]
    plan = before.groupby("product_id").demand.agg(["size", "mean", "std"])
    plan = plan[(plan["size"] >= days) & (plan["mean"] >= pieces)].drop(columns="size")
    plan.columns = ["demand_mean", "demand_sd"]
    supplier = tables.deliveries.groupby("product_id").supplier_id.agg(lambda names: names.mode().iloc[0])
    card = supplier_card(tables, until=half)
    plan = plan.join(supplier, how="inner").join(card[["lead_mean", "lead_sd"]], on="supplier_id").dropna()
    for rule, spreads in {"average": (0.0, 0.0), "demand": (1.0, 0.0), "both": (1.0, 1.0)}.items():
        plan[rule] = [inventory.safety_stock(
            row.demand_mean, spreads[0] * row.demand_sd, row.lead_mean, spreads[1] * row.lead_sd, SERVICE).reorder_point
            for row in plan.itertuples()]
    return plan


@once_per_tables
def late_pieces(tables):
    """Pieces asked for and pieces that wait, by when, rule, supplier and product.

    Each product of `stock_plan` orders a week's demand whenever stock and what is under way fall to the reorder point.
    The demand is the real one; lead times are drawn anew, with the mean and spread of the plan. when: before the
    middle day, after it, or shuffled (the days before, in random order) · asked, late: pieces · stock: pieces on hand,
    the mean day · days: how many. late and stock are means over `DRAWS` drawings.
    """
    plan, half, rows = stock_plan(tables), middle(tables), []
    by_day = tables.inventory.pivot_table(index="day", columns="product_id", values="demand", aggfunc="sum")
    for place, (product, row) in enumerate(plan.iterrows()):
        before, after = (by_day.loc[which, product].dropna().to_numpy(float)
                         for which in (by_day.index < half, by_day.index >= half))
        shuffled = np.random.default_rng(place).permutation(before)
        for when, pieces in {"before": before, "after": after, "shuffled": shuffled}.items():
            for rule in RULES:
                runs = [inventory.simulate_stock(pieces, row[rule], 7 * row.demand_mean, row.lead_mean, row.lead_sd,
                                                 seed=DRAWS * place + draw) for draw in range(DRAWS)]
                rows.append((when, rule, row.supplier_id, product, pieces.sum(),
                             np.mean([run.late.sum() for run in runs]),
                             np.mean([run.on_hand.mean() for run in runs]), len(pieces)))
    keys = ["when", "rule", "supplier_id", "product_id"]
    return pd.DataFrame(rows, columns=[*keys, "asked", "late", "stock", "days"]).set_index(keys).sort_index()


def share_late(pieces, by):
    """Share of the pieces that wait, by levels of `late_pieces`."""
    sums = pieces.groupby(by)[["late", "asked"]].sum()
    return sums.late / sums.asked


def days_to_keep(card, variation):
    """Days of demand that cover the spread at `SERVICE`, one a supplier.

    card: of `reliability.supplier_scorecard` · variation: standard deviation of a day's demand over its mean.
    """
    return pd.Series({name: inventory.safety_stock(1, variation, row.lead_mean, row.lead_sd, SERVICE).stock
                      for name, row in card.iterrows()})


# --- buys --------------------------------------------------------------------------------------------

@once_per_tables
def styles(tables):
    """Past styles with ratio (the critical ratio of each) and held (is it of the last year, kept for judging)."""
    past = tables.buys
    ratio = (past.price - past.unit_cost) / (past.price - past.salvage)
    return past.assign(ratio=ratio, held=past.year == past.year.max())


@once_per_tables
def ways_to_buy(tables):
    """What four ways to buy bring on the styles of the last year, each learnt on the years before.

    One row a way (`WAYS`): multiple (mean, of the forecast), profit (CNY), against (CNY more than buying the forecast,
    with low and high of a 95 % interval over styles), served (share of what was asked for), left (share of what was
    bought).
    """
    past = styles(tables)
    learnt, held = past[~past.held], past[past.held]
    quantile = {"asked": (learnt.asked / learnt.forecast).quantile, "sold": (learnt.sold / learnt.forecast).quantile}
    multiples = {"forecast": np.ones(len(held)), "sold": quantile["sold"](held.ratio).to_numpy(),
                 "asked": quantile["asked"](held.ratio).to_numpy(),
                 "upside": quantile["asked"](1 - held.ratio).to_numpy()}
    generator, rows, base = np.random.default_rng(0), {}, None
    again = generator.integers(0, len(held), (2000, len(held)))
    for way, multiple in multiples.items():
        bought = multiple * held.forecast.to_numpy()
        profit = _profit(bought, held)
        base = profit if base is None else base
        gain = profit - base
        sold = np.minimum(bought, held.asked)
        rows[way] = (multiple.mean(), profit.sum(), gain.sum(), *np.quantile(gain[again].sum(axis=1), [0.025, 0.975]),
                     sold.sum() / held.asked.sum(), 1 - sold.sum() / bought.sum())
    return pd.DataFrame.from_dict(
        rows, orient="index", columns=["multiple", "profit", "against", "low", "high", "served", "left"])


def _profit(bought, styles):
    """Profit of each style, CNY."""
    asked = styles.asked.to_numpy(float)
    sold, over = np.minimum(bought, asked), np.maximum(bought - asked, 0)
    return (styles.price * sold + styles.salvage * over - styles.unit_cost * bought).to_numpy(float)


# --- is it seen in the register ----------------------------------------------------------------------

def years_to_see(a_year, cut):
    """Years before and after, each, until a cut of a frequency shows (5 %, power 80 %), incidents independent."""
    from scipy.stats import norm

    z = norm.ppf(0.975) + norm.ppf(0.8)
    return z**2 * (2 - cut) / (a_year * cut**2)
