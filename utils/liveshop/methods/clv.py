"""What a customer is still worth: recency, frequency and money; purchases to come; their value; renewals.

================= ======================================= ==========================================
function          asks                                    takes
================= ======================================= ==========================================
rfm               who bought lately, often, much?         order lines
summary, holdout  the same as frequency, recency, age     order lines, a day that ends the past
fit_bgnbd         how many orders will come? still alive? frequency, recency, age
fit_gamma_gamma   what will an order be worth?            frequency, mean value
fit_sbg           how many will renew a subscription?     survivors at each renewal
================= ======================================= ==========================================

The likelihoods are written here and maximised with SciPy, in logs of the parameters and with exact
gradients: the libraries that used to fit these models are no longer maintained. When data cannot
settle the parameters, :class:`ClvError` says why in a sentence.

Sources: Fader, Hardie and Lee, "Counting your customers the easy way", Marketing Science 24 (2005);
Fader and Hardie, "The Gamma-Gamma model of monetary value" (note, 2013) and "How to project customer
retention", Journal of Interactive Marketing 21 (2007).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits  # comes with scikit-learn

from liveshop.methods._inputs import day, moments, need, numbers, whole

BOUND = 14.0    # logs of the parameters are searched within ± this: factors of a million
NO_DROP_OUT = 0.005     # a search that runs off with a mean drop-out below this is heading for none at all
VAGUE = 6.0     # a standard error of a log parameter above this means that the data do not settle it
ALIKE = 1e4     # a + b above this: customers hardly differ in the chance to leave


class ClvError(ValueError):
    """Why a customer-value model cannot be fitted or used, in one sentence with a remedy."""


# --- from orders to one row a customer ----------------------------------------------------------------


def rfm(orders, on, groups=5, customer="customer_id", when="paid", amount="paid_amount", order="order_id"):
    """Recency, frequency, monetary value (最近一次消费、消费频率、消费金额) of every customer on the day ``on``.

    One row a customer: recency_days (days since the last paid order), frequency (paid orders; lines of
    one order count once), monetary (yuan in all), and the scores r, f, m from 1 to ``groups``
    (``groups`` is best), each from the customer's rank among all. Equal customers get equal scores,
    so groups are not of equal size where many bought once. ``rfm`` joins the scores, as in "535".
    Orders that were not paid, or later than ``on``, are left out.
    """
    on, groups = day(on, ClvError), whole(groups, "The number of groups", 2, ClvError)
    bought = _orders(orders, on, customer, when, amount, order)
    people = bought.groupby("customer")
    table = pd.DataFrame({"recency_days": (on - people["day"].max()).dt.days,
                          "frequency": people.size(), "monetary": people["amount"].sum()})
    table.index.name = customer
    for score, column, rising in (("r", "recency_days", False), ("f", "frequency", True), ("m", "monetary", True)):
        share = table[column].rank(method="average", ascending=rising) / len(table)
        table[score] = np.ceil(share * groups).clip(1, groups).astype(int)
    return table.assign(rfm=table["r"].astype(str) + table["f"].astype(str) + table["m"].astype(str))


def summary(orders, until, since=None, customer="customer_id", when="paid", amount="paid_amount",
            order="order_id"):
    """Every customer in three numbers of weeks and orders, as the models take them.

    first (day of the first purchase) · frequency (repeat purchases: days with a purchase, less the
    first) · recency (weeks from the first to the last purchase, 0 without a repeat: *not* the time
    since the last) · age (weeks from the first purchase to the end of ``until``) · mean_value (yuan
    per repeat purchase; missing without one). Orders on one day are one purchase: two carts of an
    evening are one trip. ``since`` keeps customers whose first purchase in the table was on that day
    or later; set it to some time after the table begins, or those who had bought before look new.
    """
    until = day(until, ClvError)
    trips = _trips(_orders(orders, until, customer, when, amount, order), since)
    people = trips.groupby("customer")
    first, last, days = people["day"].min(), people["day"].max(), people.size()
    repeat = trips[trips["day"] > trips["customer"].map(first)]
    table = pd.DataFrame({"first": first, "frequency": days - 1, "recency": (last - first).dt.days / 7,
                          "age": (until - first).dt.days / 7,
                          "mean_value": repeat.groupby("customer")["amount"].mean()})
    table.index.name = customer
    return table


def holdout(orders, until, end, since=None, customer="customer_id", when="paid", amount="paid_amount",
            order="order_id"):
    """:func:`summary` up to ``until``, and what the same customers did afterwards, up to ``end``.

    Adds actual (purchases, counted in days with one, after ``until`` and up to ``end``) and
    actual_value (yuan of those). Customers who first bought after ``until`` are not in it.
    """
    until, end = day(until, ClvError), day(end, ClvError)
    if end <= until:
        raise ClvError(f"The hold-out must end after {until:%Y-%m-%d}, not on {end:%Y-%m-%d}.")
    table = summary(orders, until, since, customer, when, amount, order)
    later = _trips(_orders(orders, end, customer, when, amount, order), None)
    later = later[later["day"] > until].groupby("customer")["amount"].agg(["size", "sum"])
    later = later.reindex(table.index)
    return table.assign(actual=later["size"].fillna(0).astype(int), actual_value=later["sum"].fillna(0.0))


def calibration(fit, held_out, weeks, top=7):
    """Predicted against actual purchases of the hold-out, by what was known before it.

    ``held_out``: from :func:`holdout`; ``weeks``: its length. One row for each number of repeat
    purchases before (``top`` and above together) and one for all: customers, predicted and actual
    (purchases per customer), error (predicted / actual − 1; missing where nobody bought).
    """
    predicted = fit.expected_purchases(weeks, held_out["frequency"], held_out["recency"], held_out["age"])
    data = pd.DataFrame({"group": np.minimum(held_out["frequency"], top), "predicted": predicted,
                         "actual": held_out["actual"].astype(float)})
    by = data.groupby("group").agg(
        customers=("actual", "size"), predicted=("predicted", "mean"), actual=("actual", "mean"))
    by.index = [f"{int(value)}+" if value == top else f"{int(value)}" for value in by.index]
    by.loc["all"] = [len(data), data["predicted"].mean(), data["actual"].mean()]
    by.index.name = "frequency"
    error = by["predicted"] / by["actual"].where(by["actual"] > 0) - 1
    return by.assign(customers=by["customers"].astype(int), error=error)


def _orders(orders, on, customer, when, amount, order):
    """Paid orders up to the end of the day ``on``: customer, day, amount; one row an order."""
    need(orders, (customer, when, amount), "The orders lack", "; name yours with customer=, when=, amount=", ClvError)
    known = orders[orders[when].notna() & orders[customer].notna()]
    moment = moments(known[when], when, ClvError)
    known = pd.DataFrame({"customer": known[customer], "day": moment.dt.normalize(),
                          "amount": numbers(known[amount], f"The amounts in {amount}", ClvError),
                          "order": known[order] if order in orders.columns else np.arange(len(known))})
    known = known[known["day"] <= on]
    if known.empty:
        raise ClvError(f"No order in {when} is paid on or before {on:%Y-%m-%d}: check the day and the column.")
    return known.groupby(["customer", "order"], as_index=False, sort=False).agg(
        day=("day", "min"), amount=("amount", "sum"))


def _trips(bought, since):
    trips = bought.groupby(["customer", "day"], as_index=False)["amount"].sum()
    if since is not None:
        trips = trips[trips.groupby("customer")["day"].transform("min") >= day(since, ClvError)]
        if trips.empty:
            raise ClvError(f"No customer has a first purchase on or after {day(since):%Y-%m-%d}.")
    return trips


# --- how many orders will come: BG/NBD ----------------------------------------------------------------


@dataclass(frozen=True)
class BgNbd:
    """Beta-geometric/NBD: while alive a customer buys at random at her own rate (gamma with shape
    ``r`` and rate ``alpha`` weeks), and after each repeat purchase leaves for good with her own
    probability (beta with ``a`` and ``b``). Can be made from known parameters too; with a = 0 nobody
    ever leaves (the NBD model), and b does not matter."""

    r: float
    alpha: float            # in the time unit of recency and age
    a: float
    b: float
    loglik: float = np.nan
    customers: int = 0
    standard_errors: dict = field(default_factory=dict)
    note: str = ""          # what to know before use; empty for an ordinary fit

    def __post_init__(self):
        if not (self.r > 0 and self.alpha > 0 and (self.a == 0 or self.a > 0 and self.b > 0)):
            raise ClvError("BG/NBD has r, alpha, a and b above zero; a alone may be zero.")

    def probability_alive(self, frequency, recency, age):
        """Chance that the customer has not left. 1 for everybody without a repeat purchase: the
        model lets nobody leave before the second order, which flatters one-time buyers."""
        x, last, age = np.broadcast_arrays(*_customers(frequency, recency, age))
        if self.a == 0:
            return _plain(np.ones(x.shape), x)
        odds = (np.log(self.a) - np.log(self.b + np.maximum(x, 1) - 1)
                + (self.r + x) * (np.log(self.alpha + age) - np.log(self.alpha + last)))
        return _plain(np.where(x > 0, 1 / (1 + np.exp(np.minimum(odds, 700))), 1.0), x)

    def expected_purchases(self, t, frequency, recency, age):
        """Expected purchases in the next ``t`` weeks of a customer with this history (equation 10)."""
        x, last, age = _customers(frequency, recency, age)
        t = numbers(t, "The time to look ahead", ClvError)
        if not ((t >= 0) & np.isfinite(t)).all():
            raise ClvError("The time to look ahead must not be negative or missing.")
        t, x, last, age = np.broadcast_arrays(t, x, last, age)
        return _plain(self._while_alive(t, x, age) * self.probability_alive(x, last, age), x)

    def expected_repeats(self, t):
        """Expected repeat purchases of a new customer within ``t`` weeks of her first (equation 9)."""
        return self.expected_purchases(t, 0, 0, 0)

    def _while_alive(self, t, x, age):
        """Expected purchases in t of a customer known to be alive."""
        from scipy.special import hyp2f1

        if self.a == 0:
            return (self.r + x) / (self.alpha + age) * t
        if self.a + self.b > ALIKE:
            return self._all_alike(t, x, age)
        # Equation 10 after Euler's transformation: the powers of r + x, which overflow for a heavy
        # buyer, cancel.
        a, c = self.a, self.a + self.b + x - 1
        near = (np.abs(c) < 1e-4) | (abs(a - 1) < 1e-4)        # 0/0 in the closed form
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            z = t / (self.alpha + age + t)
            value = np.full(x.shape, np.nan)
            if a != 1:
                value = c / (a - 1) * (1 - (1 - z) ** (a - 1) * hyp2f1(a + self.b - 1 - self.r, a - 1, c, z))
        again = near | ~np.isfinite(value)
        if again.any():
            value = np.where(again, self._integrated(t, x, age), value)
        # hyp2f1 overflows before ALIKE for some histories.
        return np.where(np.isfinite(value), value, self._all_alike(t, x, age))

    def _all_alike(self, t, x, age):
        """The same where all leave with one chance after a purchase: a sum of purchases until one is the last."""
        leaving = self.a / (self.a + self.b + x)
        return -np.expm1(-(self.r + x) * np.log1p(leaving * t / (self.alpha + age))) / leaving

    def _integrated(self, t, x, age):
        """The same by quadrature: the chance to be alive still, times the rate, over the t weeks."""
        from scipy.special import hyp2f1

        node, weight = np.polynomial.legendre.leggauss(32)
        top = np.log1p(t / (self.alpha + age))
        y = top[..., None] * (node + 1) / 2
        with np.errstate(invalid="ignore", over="ignore"):
            inside = np.exp(y * (1 - self.a)) * hyp2f1(self.a + self.b - self.r - 1, self.a,
                                                       (self.a + self.b + x)[..., None], -np.expm1(-y))
        return (self.r + x) * top / 2 * (inside @ weight)


def fit_bgnbd(frequency, recency, age, start=None, at_limit="raise"):
    """BG/NBD by maximum likelihood. Arrays of shape (customers,), in one time unit (weeks).

    frequency: repeat purchases · recency: time from the first to the last purchase · age: time from
    the first purchase to the end of the data. ``start``: (r, alpha, a, b) to begin at; not needed.
    ``.standard_errors`` are from the curvature of the likelihood. Raises ClvError on impossible
    histories, when nobody or too few bought again, and when the likelihood has no maximum (nobody
    seems to leave, or all customers seem alike). With ``at_limit="keep"`` the last gives the model
    that the likelihood rises to, without standard errors and with the reason in ``.note``: its
    forecasts can be used, its parameters not read. Where nobody seems to leave, that is the
    NBD model (a = 0). Source: Fader, Hardie and Lee 2005.
    """
    if at_limit not in ("raise", "keep"):
        raise ClvError(f'at_limit is "raise" or "keep", not {at_limit!r}.')
    x, last, age = np.broadcast_arrays(*_customers(frequency, recency, age))
    if x.ndim != 1 or len(x) < 10:
        raise ClvError(f"BG/NBD needs one row a customer and at least ten customers, not {x.size}.")
    if not (x > 0).any():
        raise ClvError("No customer bought again (all frequencies are 0), so nothing says how often people "
                       "return: take a longer period, or count repeat purchases, not purchases.")
    if (x > 0).sum() < 5:
        raise ClvError(f"Only {(x > 0).sum()} customers bought again: too few for four parameters; take a longer "
                       "period.")
    scale = age.mean()
    if scale == 0:
        raise ClvError("Every age is 0: age is the time from the first purchase to the end of the data.")
    loglik = _bgnbd_likelihood(x, last / scale, age / scale)
    starts = [] if start is None else [_start(start, ("r", "alpha", "a", "b"), (1, scale, 1, 1))]
    starts += [np.log([0.5, 0.2, 0.8, 2.4]), np.log([1.0, 1.0, 0.2, 2.0]),
               np.log([0.1, 0.05, 0.5, 0.5]), np.log([3.0, 3.0, 2.0, 10.0])]
    found = _maximise(loglik, starts, len(x))
    r, alpha, a, b = np.exp(found.at)
    if not found.settled:
        note = f"BG/NBD has no maximum that these {len(x):,} customers settle: " + _bgnbd_reason(r, a, b)
        if at_limit == "raise":
            raise ClvError(note)
        if a / (a + b) < NO_DROP_OUT:
            def without_leaving(theta):
                value, slope = loglik(np.r_[theta, np.log(1e-12), 0.0])
                return value, slope[:2]

            found = _maximise(without_leaving, [found.at[:2], np.log([0.5, 0.2])], len(x))
            (r, alpha), a, b = np.exp(found.at), 0.0, np.nan
        return BgNbd(float(r), float(alpha * scale), float(a), float(b), float(found.loglik - x.sum() * np.log(scale)),
                     len(x), {}, note)
    parameters = np.array([r, alpha * scale, a, b])
    return BgNbd(*(float(value) for value in parameters), float(found.loglik - x.sum() * np.log(scale)), len(x),
                 dict(zip(("r", "alpha", "a", "b"), (parameters * found.errors).tolist(), strict=True)))


def _bgnbd_reason(r, a, b):
    """Where the likelihood has no maximum: in which direction it keeps rising, and what that means."""
    leaving = a / (a + b)
    if leaving < NO_DROP_OUT:
        return ("the likelihood keeps rising as drop-out vanishes (a → 0). Nobody seems to leave after a repeat "
                "purchase: the weeks are too few to see it, or a festival near the end brought people back. Watch "
                'longer, or take at_limit="keep" for a forecast without drop-out.')
    if leaving > 0.995:
        return ("the likelihood keeps rising until everybody leaves after the first repeat purchase (b → 0): "
                "check whether orders of one day were counted as several.")
    if r > 20:
        return ("the likelihood keeps rising as all customers buy at one rate (r and alpha → ∞). Check that "
                'frequency counts purchases of single customers, not of groups; or take at_limit="keep".')
    return ("the likelihood keeps rising as all customers become alike in drop-out (a and b → ∞), or the few "
            'repeat buyers say nothing about it. Take more customers or a longer period, or at_limit="keep".')


def _bgnbd_likelihood(x, last, age):
    """Mean log-likelihood and its gradient in (ln r, ln alpha, ln a, ln b), on distinct histories only."""
    from scipy.special import digamma, expit, gammaln

    distinct = pd.DataFrame({"x": x, "last": last, "age": age}).groupby(["x", "last", "age"], sort=False).size()
    x, last, age = (distinct.index.get_level_values(name).to_numpy(float) for name in distinct.index.names)
    weight = distinct.to_numpy(float)
    total = weight.sum()
    counts, place = np.unique(x, return_inverse=True)
    of_count = np.bincount(place, weight)
    none, some = x == 0, x > 0
    age0, weight0 = age[none], weight[none]
    x, last, age, weight = x[some], last[some], age[some], weight[some]

    def loglik(theta):
        r, alpha, a, b = np.exp(theta)
        log_age, log_last, log_age0 = np.log(alpha + age), np.log(alpha + last), np.log(alpha + age0)
        power = r + x
        staying = -power * log_age
        left = np.log(a) - np.log(b + x - 1) - power * log_last
        gone = weight * expit(left - staying)                  # weight on having left at the last purchase
        here = weight - gone
        value = (of_count @ (gammaln(r + counts) + gammaln(b + counts) - gammaln(a + b + counts))
                 + total * (r * np.log(alpha) - gammaln(r) - gammaln(b) + gammaln(a + b))
                 - r * (weight0 @ log_age0) + weight @ np.logaddexp(staying, left))
        by_sum = total * digamma(a + b) - of_count @ digamma(a + b + counts)
        by_r = (of_count @ digamma(r + counts) + total * (np.log(alpha) - digamma(r))
                - weight0 @ log_age0 - here @ log_age - gone @ log_last)
        by_alpha = (total * r / alpha - r * (weight0 @ (1 / (alpha + age0)))
                    - (here * power) @ (1 / (alpha + age)) - (gone * power) @ (1 / (alpha + last)))
        by_a = by_sum + gone.sum() / a
        by_b = by_sum + of_count @ digamma(b + counts) - total * digamma(b) - gone @ (1 / (b + x - 1))
        return value / total, np.array([by_r * r, by_alpha * alpha, by_a * a, by_b * b]) / total

    return loglik


def _customers(frequency, recency, age):
    """The three as float arrays, after a look at what cannot be."""
    index = next((values.index for values in (frequency, recency, age) if isinstance(values, pd.Series)), None)
    what = "frequency, recency and age (in weeks)"
    x, last, age = (numbers(values, what, ClvError) for values in (frequency, recency, age))
    try:
        one, two, three = np.broadcast_arrays(x, last, age)
    except ValueError:
        raise ClvError(f"frequency, recency and age must have one entry a customer; they have {x.size}, {last.size} "
                       f"and {age.size}.") from None

    def refuse(bad, sentence):
        if bad.any():
            at = int(np.flatnonzero(np.atleast_1d(bad))[0])
            who = index[at] if index is not None and len(index) == bad.size else at
            values = tuple(float(np.atleast_1d(part)[at]) for part in (one, two, three))
            raise ClvError(f"Customer {who}: {sentence} (frequency {values[0]:g}, recency {values[1]:g}, "
                           f"age {values[2]:g}; {int(bad.sum())} such in all).")

    refuse(~(np.isfinite(one) & np.isfinite(two) & np.isfinite(three)), "a value is missing or not finite")
    refuse((one < 0) | (one != np.floor(one)), "frequency must be a whole number of repeat purchases, 0 or more")
    refuse((two < 0) | (three < 0), "recency and age must not be negative")
    refuse(two > three + 1e-9, "recency is larger than age; both count from the first purchase, so the last "
           "purchase cannot come after the end")
    refuse((one == 0) & (two > 0), "recency is the time from the first to the last purchase, so it is 0 without a "
           "repeat purchase; do not give the time since the last one")
    return x, last, age


def _plain(values, *given):
    return float(values) if all(np.ndim(part) == 0 for part in given) else np.asarray(values)


# --- what an order will be worth: Gamma-Gamma ---------------------------------------------------------


@dataclass(frozen=True)
class GammaGamma:
    """Orders of a customer scatter around her own mean (gamma with shape ``p``); the means of
    customers follow an inverse gamma (``q``, ``v``). Assumes that the value of an order has nothing
    to do with how often she buys: look at ``.correlation``."""

    p: float
    q: float
    v: float                # in the currency of the values
    loglik: float = np.nan
    customers: int = 0
    standard_errors: dict = field(default_factory=dict)
    correlation: float = np.nan     # of frequency and mean value over repeat buyers; should be near 0
    note: str = ""          # what to know before use; empty for an ordinary fit

    def expected_value(self, frequency, mean_value):
        """Expected value of an order of this customer: her own mean, drawn towards that of all the
        more the fewer orders she has. With frequency 0 the mean of all (mean_value may be missing)."""
        x, z = numbers(frequency, "frequency", ClvError), numbers(mean_value, "mean_value", ClvError)
        if not (x >= 0).all() or ((x > 0) & ~((z >= 0) & np.isfinite(z))).any():
            raise ClvError("A customer with repeat purchases needs a mean value, 0 or more, and frequency must not "
                           "be negative or missing.")
        spent = np.where(x > 0, x * np.where(np.isnan(z), 0.0, z), 0.0)
        below = self.p * x + self.q - 1
        value = np.where(below > 0, self.p * (self.v + spent) / np.where(below > 0, below, 1.0), np.inf)
        return _plain(value, frequency, mean_value)


def fit_gamma_gamma(frequency, mean_value, start=None, at_limit="raise"):
    """Gamma-Gamma by maximum likelihood, from customers with at least one repeat purchase.

    frequency: repeat purchases · mean_value: their mean, in yuan, above zero; both of shape
    (customers,). Customers with frequency 0 say nothing and are left out. ``start``: (p, q, v).
    Raises ClvError when values are not positive, too few bought again, or nothing separates the
    scatter within customers from that between them. With ``at_limit="keep"`` the last two give what can
    be said, with the reason in ``.note``: the mean of all repeat purchases for everybody, or each
    customer's own mean where her orders are all but equal. Source: Fader and Hardie 2013.
    """
    if at_limit not in ("raise", "keep"):
        raise ClvError(f'at_limit is "raise" or "keep", not {at_limit!r}.')
    x, z = numbers(frequency, "frequency", ClvError), numbers(mean_value, "mean_value", ClvError)
    if x.shape != z.shape or x.ndim != 1:
        raise ClvError(f"frequency and mean_value must have one entry a customer; they have {x.size} and {z.size}.")
    if not np.isfinite(x).all() or (x < 0).any():
        raise ClvError("frequency must be a number of repeat purchases, 0 or more, for every customer.")
    keep = x > 0
    bad = keep & ~((z > 0) & np.isfinite(z))
    if bad.any():
        at = int(np.flatnonzero(bad)[0])
        who = mean_value.index[at] if isinstance(mean_value, pd.Series) else at
        raise ClvError(f"Customer {who}: the mean value of repeat purchases must be above zero, not {z[at]:g} "
                       f"({int(bad.sum())} such in all); leave free orders and returns out.")
    x, z = x[keep], z[keep]
    unfit = _unfit(x, z)
    if unfit and (at_limit == "raise" or not len(x)):
        raise ClvError(unfit)
    if unfit:
        return _mean_of_all(x, z, unfit)
    scale = z.mean()
    loglik, size = _gamma_gamma_likelihood(x, z / scale), len(x)
    starts = [] if start is None else [_start(start, ("p", "q", "v"), (1, 1, scale))]
    starts += [np.log([5.0, 4.0, 0.5]), np.log([1.0, 3.0, 2.0]), np.log([50.0, 10.0, 0.2])]
    found = _maximise(loglik, starts, size)
    p, q, v = np.exp(found.at)
    if not found.settled:
        reason = ("orders of one customer are all but equal (p → ∞); use each customer's own mean" if p > 1e4 else
                  "customers do not differ beyond the scatter of single orders (q → ∞); use the mean of all"
                  if q > 1e3 else
                  "the repeat buyers are too few or too alike; take a longer period")
        note = f"Gamma-Gamma has no maximum that these {size:,} repeat buyers settle: {reason}."
        if at_limit == "raise":
            raise ClvError(note)
        if p <= 1e4:
            return _mean_of_all(x, z, note)
        return GammaGamma(float(p), float(q), float(v * scale), np.nan, size, note=note)
    parameters = np.array([p, q, v * scale])
    return GammaGamma(*(float(value) for value in parameters), float(found.loglik - size * np.log(scale)), size,
                      dict(zip("pqv", (parameters * found.errors).tolist(), strict=True)),
                      float(np.corrcoef(x, z)[0, 1]) if np.ptp(x) > 0 else np.nan)


def _unfit(x, z):
    """Why these repeat buyers cannot tell the value of an order, as a sentence; empty where they may."""
    if len(x) < 10:
        return f"Only {len(x)} customers bought again: too few to fit the value of an order."
    if x.max() == 1:
        return ("Every repeat buyer has just one repeat purchase, so scatter within a customer cannot be told "
                "from scatter between customers: take a longer period.")
    if np.ptp(z) <= 1e-9 * z.mean():
        return f"Every customer's mean value is {z[0]:g}: there is nothing to fit, use that value."
    return ""


def _mean_of_all(x, z, note):
    """Customers who do not differ (q → ∞): everybody's next order is worth the mean of the repeat purchases."""
    alike = 1e9
    return GammaGamma(1.0, alike, float((x * z).sum() / x.sum() * (alike - 1)), np.nan, len(x), note=note)


def _gamma_gamma_likelihood(x, mean):
    """Mean log-likelihood and its gradient in (ln p, ln q, ln v)."""
    from scipy.special import digamma, gammaln

    log_mean, log_x, size = np.log(mean), np.log(x), len(x)

    def loglik(theta):
        p, q, v = np.exp(theta)
        shape, log_all = p * x, np.log(v + x * mean)
        value = (gammaln(shape + q) - gammaln(shape) - gammaln(q) + q * np.log(v)
                 + (shape - 1) * log_mean + shape * log_x - (shape + q) * log_all)
        both = digamma(shape + q)
        by_p = (x * (both - digamma(shape) + log_mean + log_x - log_all)).sum() * p
        by_q = (both - log_all).sum() * q + size * q * (np.log(v) - digamma(q))
        by_v = size * q - ((shape + q) * v / (v + x * mean)).sum()
        return value.sum() / size, np.array([by_p, by_q, by_v]) / size

    return loglik


# --- how many will renew: shifted beta-geometric ------------------------------------------------------


@dataclass(frozen=True)
class ShiftedBetaGeometric:
    """Each subscriber leaves at every renewal with her own probability; over subscribers it follows a
    beta distribution with ``alpha`` and ``beta``. Retention rises with time although nobody changes:
    those who leave easily have left."""

    alpha: float
    beta: float
    loglik: float = np.nan
    customers: int = 0
    standard_errors: dict = field(default_factory=dict)

    def retention(self, t):
        """Share of those still there after renewal t − 1 who renew at t; t = 1, 2, …"""
        t = numbers(t, "t", ClvError)
        if not (t >= 1).all():
            raise ClvError("Renewals count from 1: retention is asked for t of 1 or more.")
        return _plain((self.beta + t - 1) / (self.alpha + self.beta + t - 1), t)

    def survival(self, t):
        """Share of all who began that is still there after t renewals; 1 at t = 0."""
        from scipy.special import betaln

        t = numbers(t, "t", ClvError)
        if not (t >= 0).all():
            raise ClvError("Survival is asked for t of 0 or more renewals.")
        return _plain(np.exp(betaln(self.alpha, self.beta + t) - betaln(self.alpha, self.beta)), t)


def fit_sbg(survivors, start=None):
    """Shifted beta-geometric by maximum likelihood, from one cohort.

    survivors: customers still there, shape (renewals + 1,): those who began, then those left after
    each renewal. ``start``: (alpha, beta). Raises ClvError when survivors rise, nobody leaves, or
    retention does not rise with time (then one constant rate does). Source: Fader and Hardie 2007.
    """
    from scipy.special import betaln, digamma

    left = numbers(survivors, "Survivors", ClvError)
    if left.ndim != 1 or len(left) < 3:
        raise ClvError("fit_sbg needs the customers at the start and after at least two renewals.")
    if not np.isfinite(left).all() or (left < 0).any() or left[0] <= 0:
        raise ClvError("Survivors must be numbers, 0 or more, and some must have begun.")
    if left[0] <= 1:
        raise ClvError("Survivors are customers, not shares: multiply by how many began.")
    rises = np.flatnonzero(np.diff(left) > 0)
    if len(rises):
        at = int(rises[0]) + 1
        raise ClvError(f"Survivors rise from {left[at - 1]:g} to {left[at]:g} at renewal {at}: follow one cohort, "
                       "without newcomers.")
    lost, renewals, began = -np.diff(left), np.arange(1, len(left)), left[0]
    if lost.sum() == 0:
        raise ClvError(f"Nobody left in {len(lost)} renewals: there is no drop-out to project.")

    def loglik(theta):
        alpha, beta = np.exp(theta)
        whole = digamma(alpha + beta)
        stay_sum = digamma(alpha + beta + renewals[-1])
        value = (lost @ (betaln(alpha + 1, beta + renewals - 1)) + left[-1] * betaln(alpha, beta + renewals[-1])
                 - began * betaln(alpha, beta))
        each = digamma(alpha + beta + renewals)
        by_alpha = (lost @ (digamma(alpha + 1) - each) + left[-1] * (digamma(alpha) - stay_sum)
                    - began * (digamma(alpha) - whole))
        by_beta = (lost @ (digamma(beta + renewals - 1) - each) + left[-1] * (digamma(beta + renewals[-1]) - stay_sum)
                   - began * (digamma(beta) - whole))
        return value / began, np.array([by_alpha * alpha, by_beta * beta]) / began

    starts = [] if start is None else [_start(start, ("alpha", "beta"), (1, 1))]
    found = _maximise(loglik, [*starts, np.log([1.0, 1.0]), np.log([0.5, 5.0])], began)
    alpha, beta = np.exp(found.at)
    if not found.settled:
        rate = 1 - lost.sum() / left[:-1].sum()
        raise ClvError("Shifted beta-geometric has no maximum on these survivors: retention does not rise from "
                       f"renewal to renewal, so customers look alike; use the constant rate of {rate:.3f} per renewal.")
    parameters = np.array([alpha, beta])
    return ShiftedBetaGeometric(float(alpha), float(beta), float(found.loglik), int(began),
                                dict(zip(("alpha", "beta"), (parameters * found.errors).tolist(), strict=True)))


# --- the search ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Maximum:
    at: np.ndarray          # logs of the parameters
    loglik: float           # of all customers together
    errors: np.ndarray      # standard errors of the logs
    settled: bool           # an inner maximum, curved enough to be one


def _start(start, names, units):
    start = numbers(start, "start", ClvError)
    if start.shape != (len(names),) or not (np.isfinite(start) & (start > 0)).all():
        raise ClvError(f"start must be {len(names)} numbers above zero: {', '.join(names)}.")
    return np.clip(np.log(start / np.asarray(units, float)), -BOUND + 1, BOUND - 1)


@threadpool_limits.wrap(limits=1, user_api="blas")     # four parameters: threads would only wait for each other
def _maximise(loglik, starts, size):
    """The first start that leads to a settled maximum; otherwise the highest point that was reached."""
    best = None
    for start in starts:
        found = _climb(loglik, start, size)
        if best is None or found.settled > best.settled or found.settled == best.settled and found.loglik > best.loglik:
            best = found
        if best.settled:
            break
    return best


def _climb(loglik, start, size):
    from scipy.optimize import minimize

    def minus(theta):
        value, slope = loglik(theta)
        return -value, -slope

    rough = minimize(minus, start, jac=True, method="L-BFGS-B", bounds=[(-BOUND, BOUND)] * len(start),
                     options={"maxiter": 500, "ftol": 1e-11, "gtol": 1e-7})
    at = rough.x
    value, slope = minus(at)
    curvature = None
    # Newton steps end what the quasi-Newton search leaves on a flat ridge; the last curvature gives the errors.
    for _ in range(12):
        if np.abs(at).max() > BOUND - 0.01:
            break
        curvature = _curvature(minus, at)
        roots, axes = np.linalg.eigh(curvature)
        step = -axes @ ((axes.T @ slope) / np.maximum(np.abs(roots), 1e-9))
        step *= min(1.0, 2.0 / np.abs(step).max()) if np.abs(step).max() > 0 else 1.0
        while np.abs(step).max() > 1e-9:
            new_value, new_slope = minus(np.clip(at + step, -BOUND, BOUND))
            if new_value <= value:
                break
            step = step / 4
        else:
            break
        at, value, slope = np.clip(at + step, -BOUND, BOUND), new_value, new_slope
        if np.abs(step).max() < 1e-6:
            break
    errors, settled = np.full(len(at), np.inf), False
    if curvature is not None and np.abs(at).max() < BOUND - 0.01 and np.linalg.eigvalsh(curvature)[0] > 0:
        errors = np.sqrt(np.diag(np.linalg.inv(curvature)) / size)
        settled = bool(errors.max() < VAGUE and np.abs(slope).max() < 1e-6)
    return _Maximum(at, -value * size, errors, settled)


def _curvature(minus, at, width=1e-4):
    rows = []
    for axis in np.eye(len(at)) * width:
        rows.append((minus(at + axis)[1] - minus(at - axis)[1]) / (2 * width))
    rows = np.array(rows)
    return (rows + rows.T) / 2
