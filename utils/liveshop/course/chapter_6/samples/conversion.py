"""Turning visits into orders: baskets and tiers, causes in the funnel, and the trial of a coupon."""

import numpy as np
import pandas as pd

from liveshop.course.chapter_6.samples.orders import DAY, from_an_export, shop_lines
from liveshop.methods.uplift import effect_by_group
from liveshop.metrics import contribution
from liveshop.tables.memory import once_per_tables

STEPS = ["viewed", "carted", "checkout", "paid"]
CONTROLS = {"control", "none", "old", "ctrl", "holdout", "placebo", "baseline", "对照", "对照组", "控制组"}
SILENT = "silent 4 to 10 weeks"
REFUND_WINDOW = 15 * DAY                  # most refunds have come by then


@once_per_tables
def baskets(tables):
    """Orders of the social shop: paid, left (the contribution), settled (old enough for its refunds to be known).

    Without refunds or fees in the tables nothing is taken off for them.
    """
    lines = shop_lines(tables)
    none = pd.DataFrame(columns=["order_id", "line_no", "refunded_amount"])
    refunds = tables.refunds if "refunds" in tables else none
    if "channels" in tables:
        channels = tables.channels
    else:
        channels = lines[["channel_id"]].drop_duplicates().assign(take_rate=0.0, payment_fee_rate=0.0)
    orders = contribution(lines, refunds, tables.products, channels, per="order_id").set_index("order_id")
    paid = orders.index.map(lines.groupby("order_id").paid.max())
    settled = paid <= paid.max() - REFUND_WINDOW
    return pd.DataFrame({"paid": orders.gmv, "left": orders.contribution, "settled": settled | ~settled.any()})


def tiers(baskets, at, reward, gain, piece):
    """For each tier: shares of the baskets above and near (one piece below), and of these the share that must climb.

    reward: yuan paid on every basket above; gain: yuan that a basket which climbs leaves, the reward taken off.
    """
    table = pd.DataFrame({"tier": at})
    table["above"] = [(baskets >= tier).mean() for tier in at]
    table["near"] = [baskets.between(tier - piece, tier, inclusive="left").mean() for tier in at]
    return table.assign(break_even=reward * table.above / (gain * table.near))


@once_per_tables
def shop_visits(tables):
    """Visits to the shop, with paid: ended in an order."""
    return tables.shop_visits.assign(paid=lambda d: d.order_id.notna())


@once_per_tables
def by_load(tables):
    """Visits, opened pages, filled baskets by device and half second of load: the visits' answer, in fewer rows."""
    visits = shop_visits(tables)
    return (
        visits.assign(load=(2 * visits.load_seconds).round() / 2)
        .groupby(["device", "load"], as_index=False)
        .agg(visits=("visit_id", "size"), viewed=("viewed", "sum"), carted=("carted", "sum")).query("viewed > 0")
    )


@once_per_tables
def by_minute(tables):
    """Visits that began checkout, and paid, by device and minutes in checkout, to a sixth."""
    visits = shop_visits(tables)
    return (
        visits[visits.checkout].assign(minutes=lambda d: (d.checkout_seconds / 10).round() / 6)
        .groupby(["device", "minutes"], as_index=False).agg(checkout=("visit_id", "size"), paid=("paid", "sum"))
    )


def orders_to_win(visits, page, basket, pay, load=2.0, checkout=60):
    """Orders won at each step when load and checkout come down to these seconds.

    page, basket, pay: the ratios of a second, a second and a minute. An order in spite of a second too much stands
    for 1 / ratio.
    """
    bought = visits[visits.paid]
    late = (bought.load_seconds - load).clip(lower=0)
    long = (bought.checkout_seconds - checkout).clip(lower=0) / 60
    opening, filling = (page**-late).sum(), ((page * basket) ** -late).sum()
    paying = (pay**-long).sum()
    return pd.Series({"viewed": opening - len(bought), "carted": filling - opening, "checkout": 0.0,
                      "paid": paying - len(bought)})


def order_book(tables, day, units):
    """What the order book knew of customers (ids as text) at the start of a day: orders, silent (days), state."""
    book = shop_lines(tables)
    book = book[book.created < day].drop_duplicates("order_id")
    known = book.groupby(book.customer_id.astype(str)).created.agg(["size", "max"]).reindex(units)
    silent, few = (day - known["max"]).dt.days, known["size"] < 3
    state = np.select([known["size"].isna(), (silent <= 28) & few, silent <= 28, silent <= 70],
                      ["no order yet", "occasional", "regular", SILENT], "silent longer")
    return pd.DataFrame({"orders": known["size"].fillna(0), "silent": silent, "state": state}, index=known.index)


def arms_of(tables, name):
    """(control, the further arms) of a trial, by its plan or by their names; never by the order of the rows.

    ValueError where neither says which arm is the control.
    """
    arms = sorted(tables.experiments.arm[tables.experiments.experiment_id == name].dropna().unique())
    control = [arm for arm in arms if str(arm).strip().lower() in CONTROLS]
    if len(control) != 1 and len(arms) == 2 and "experiment_plans" in tables and "treatment" in tables.experiment_plans:
        plans = tables.experiment_plans
        new = set(plans.treatment[plans.experiment_id == name])
        control = [arm for arm in arms if arm not in new] if new & set(arms) else control
    if len(control) != 1:
        raise ValueError(
            f"of the arms of {name} ({', '.join(map(str, arms))}) {'none' if not control else 'more than one'} is "
            f"known to be the control; write control: and its name into the mapping")
    others = [arm for arm in arms if arm != control[0]]
    if not others:
        raise ValueError(f"{name} has no arm but {control[0]}: whoever got the new thing must be in the table too")
    return control[0], others


def people_of(tables, name, arm=None):
    """People of one trial, in the order of the table, with treated: in the arm with the offer, not in the control.

    arm: which of the further arms, the first by name where nothing is said; the others are left out.
    """
    control, others = arms_of(tables, name)
    arm = others[0] if arm is None else arm
    if arm not in others:
        raise ValueError(f"{name} has no further arm {arm}: it has {', '.join(map(str, others))}")
    rows = tables.experiments[tables.experiments.experiment_id == name]
    return rows[rows.arm.isin([control, arm])].assign(treated=lambda d: d.arm == arm)


def told_arms(tables, trial):
    """A sentence on the arms that a trial compares, and one on each further arm against the same control."""
    name, (control, others) = trial.experiment_id.iloc[0], arms_of(tables, trial.experiment_id.iloc[0])
    arm = trial.arm[trial.treated].iloc[0]
    told = [f"{name}: {arm}, {trial.treated.sum():,} people, against {control}, {(~trial.treated).sum():,}."]
    for other in others:
        people = people_of(tables, name, other).dropna(subset="outcome")
        effect = effect_by_group(people, "outcome", "treated").loc["all"]
        told.append(f"{other} against {control}: {effect.uplift:+.3g} ({effect.low:+.3g} to {effect.high:+.3g}).")
    if len(others) == 1:
        return told[0]
    return "\n".join([*told, f"What follows compares {arm}; samples.trial(tables, arm=…) takes another."])


@once_per_tables
def trial(tables, name=None, arm=None):
    """people_of the trial `name`, or of the latest that a coin decided, with segment and state.

    In the order of their ids; where these are pseudonyms, in one drawn from the order of the table, so that it is the
    same in every run. Who has no outcome is left out. Without an order book that knows them the state is the measure
    before the trial.
    """
    if name is None:
        listed = tables.experiments
        if "experiment_plans" in tables:                     # what a coin decided, on people, not on broadcasts
            plans = tables.experiment_plans
            drawn = plans.get("randomised", pd.Series(True, plans.index)).fillna(False).astype(bool)
            people = plans.unit.isin(["customer", "member"]) if "unit" in plans else drawn
            listed = listed[listed.experiment_id.isin(plans.experiment_id[drawn & people])]
        name = listed.groupby("experiment_id").assigned.max().idxmax()
    rows = people_of(tables, name, arm).dropna(subset="outcome").assign(segment="all")
    drawn = rows.sample(frac=1, random_state=0) if from_an_export(tables) else rows.sort_values("unit_id")
    rows = drawn.reset_index(drop=True)
    if "customers" in tables and "segment" in tables.customers:
        segments = tables.customers.segment.set_axis(tables.customers.customer_id.astype(str))
        rows["segment"] = rows.unit_id.map(segments)
    if "orders" in tables and rows.unit_id.isin(tables.orders.customer_id.astype(str)).mean() > 0.2:
        rows["state"] = order_book(tables, rows.assigned.min(), rows.unit_id).state.to_numpy()
    else:
        rows["state"] = _state_before(rows)
    return rows


def _state_before(rows):
    """The people by the measure before the trial; all alike where there is none."""
    if "before" not in rows or not rows.before.notna().any():
        return "everybody"
    few = "few before" if (rows.before > 0).any() and rows.before[rows.before > 0].nunique() > 1 else "some before"
    middle = rows.before[rows.before > 0].median()
    return np.select([rows.before.isna(), rows.before <= 0, rows.before <= middle],
                     ["not known before", "none before", few], "many before")


def halves(trial):
    """Every second member of a trial, and the others: one half to learn from, one to judge by."""
    return trial.iloc[::2], trial.iloc[1::2]


def paired_gains(trial, first, second, draws=200, seed=0):
    """Outcomes won per 1,000 members by treating a share of them, best score first, by two scores of the same members.

    A row a share: the gain by each score (columns of these names), their difference, and its 95 % interval low, high,
    by drawing members anew, the same for both.
    """
    shares = np.linspace(0, 1, 11)
    orders = {name: np.argsort(-trial[name].to_numpy(), kind="stable") for name in (first, second)}
    outcome, treated = trial.outcome.to_numpy(float), trial.treated.to_numpy(float)

    def gains(name, weight):
        at = orders[name]
        people, arm = np.cumsum(weight[at]), treated[at]
        last = np.searchsorted(people, np.maximum(shares[1:], 0.02) * people[-1])
        means = [np.cumsum(weight[at] * one * outcome[at])[last] / np.cumsum(weight[at] * one)[last]
                 for one in (arm, 1 - arm)]
        return np.r_[0.0, 1000 * shares[1:] * (means[0] - means[1])]

    once = np.ones(len(trial))
    found = pd.DataFrame({"share": shares, first: gains(first, once), second: gains(second, once)})
    rng = np.random.default_rng(seed)
    drawn = [rng.multinomial(len(trial), once / len(trial)) for _ in range(draws)]
    low, high = np.quantile([gains(first, one) - gains(second, one) for one in drawn], [0.025, 0.975], axis=0)
    return found.assign(difference=found[first] - found[second], low=low, high=high)


def past_tests(tables):
    """Last year's tests by customer: rows with title, planned_units, full (ran to the planned number) and treated."""
    plans = tables.experiment_plans[["experiment_id", "title", "planned_units"]]
    rows = tables.experiments[tables.experiments.experiment_id.str.startswith("past")].merge(plans, on="experiment_id")
    units = rows.groupby("experiment_id").unit_id.transform("size")
    return rows.assign(units=units, full=units >= rows.planned_units, treated=rows.arm == "new")


def used_coupon(tables, trial):
    """Which members of a trial placed a paid order with its coupon."""
    orders = tables.orders[tables.orders.coupon_id.isin(trial.experiment_id) & tables.orders.paid.notna()]
    return trial.unit_id.isin(orders.customer_id.astype(str))


def true_uplift(trial, truth):
    """The planted uplift of each member in orders, by state and segment."""
    cells = truth["coupon.effect_by_cell"]
    return [cells[state].get(segment, {"orders": 0.0})["orders"]
            for state, segment in zip(trial.state, trial.segment, strict=True)]
