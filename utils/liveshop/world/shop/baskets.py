"""What is in the baskets of the social shop: the money an order is made for, and the products it buys."""

from __future__ import annotations

import numpy as np
import pandas as pd

from liveshop.world import draws
from liveshop.world.calendar import DAY, DAYS, START
from liveshop.world.catalogue import paid_price
from liveshop.world.shop.deals import DISCOUNT, one_piece
from liveshop.world.shop.members import SEGMENTS

FASHION_DAYS = 9.0


def fill(parameters, seed, plan, members, base, deals, dealt):
    """All orders with their lines, before any coupon: (orders, lines, worth).

    orders: member, number (-1 outside of a member's own rate), at, money, deal (-1 for none), coupon, key; lines carry
    the key of their order. worth: money that an order of each member brings on average, CNY.
    """
    own = base.assign(money=aims(parameters, seed, members, base), deal=-1)
    random = draws.generator(seed, "deal baskets")
    money = members.basket[dealt.member] * np.exp(0.3 * random.normal(size=len(dealt)))
    orders = pd.concat([own, dealt.assign(number=-1, money=money)], ignore_index=True)
    orders["coupon"] = pd.Series([None] * len(orders), dtype=object)
    orders["key"] = np.arange(len(orders))
    bought = one_piece(plan, deals, orders, lines(parameters, seed, plan, members, orders))
    bought = bought.rename(columns={"order": "key"})
    aim = orders.money.mean()
    orders["money"] = money_of(orders, bought)
    return orders, bought, members.basket * orders.money.mean() / aim


def money_of(orders, lines):
    """Money of each order by its lines, CNY."""
    return lines.groupby("key").paid_amount.sum().reindex(orders.key).to_numpy()


def aims(parameters, seed, members, orders):
    """Money that each order is made for: alike within a member (Gamma-Gamma), CNY."""
    from scipy.special import gammaincinv

    s = parameters.social
    u = draws.uniform(seed, "order money", members.number[orders.member].astype(np.uint64), orders.number.to_numpy())
    return members.basket[orders.member] / s.basket_p * gammaincinv(s.basket_p, u)


def lines(parameters, seed, plan, members, orders, purpose=""):
    """Order lines of orders (member, at, money): by taste, fashion of the week and price; one to three products.

    Returns a DataFrame whose column order is the row in `orders`; purpose names the stream of random numbers.
    """
    random = draws.generator(seed, "baskets", purpose)
    price = plan.products.list_price.to_numpy()
    base = _liking(parameters, seed, plan, members, orders)
    rest = orders.money.to_numpy().copy()
    deal = orders.deal.to_numpy() >= 0
    taken = np.zeros(base.shape, dtype=bool)
    more = np.arange(len(orders))  # orders that go on to another line
    out = []
    for line in range(1, 4):
        fit = -1.3 * np.abs(np.log(price[None, :] * 0.93 / np.maximum(rest[more], 20)[:, None]))
        weight = np.exp(np.minimum(base[more], 30) + 1.4 * fit)
        weight[taken[more]] = 0
        total = np.cumsum(weight, axis=1)
        u = random.random(len(more)) * total[:, -1]
        product = np.minimum((total < u[:, None]).sum(axis=1), len(price) - 1)
        cut = np.array([0.0, 0.05, 0.10, 0.15])[random.integers(0, 4, len(more))]
        cut = np.where(deal[more], DISCOUNT, cut)
        paid = paid_price(price[product], cut)
        quantity = np.clip(np.rint(rest[more] / paid), 1, 3).astype(np.int64)
        quantity = np.where(random.random(len(more)) < 0.75, 1, quantity)
        out.append(
            pd.DataFrame(
                {
                    "order": more,
                    "line_no": line,
                    "product": product,
                    "quantity": quantity,
                    "discount": cut,
                    "list_amount": quantity * price[product],
                    "paid_amount": quantity * paid,
                }
            )
        )
        taken[more, product] = True
        rest[more] -= quantity * paid
        more = more[(rest[more] > 45) & ~deal[more]]
    return pd.concat(out, ignore_index=True).sort_values(["order", "line_no"], ignore_index=True)


def _liking(parameters, seed, plan, members, orders):
    """How much the member of each order likes each product that week, log scale: (orders, products).

    Taste is of the segment for categories, and personal along two hidden styles.
    """
    s, products = parameters.social, plan.products
    category = products.category.astype("category").cat.codes.to_numpy()
    by_segment = draws.generator(seed, "segment taste").normal(0, 0.7 * s.taste, (len(SEGMENTS), category.max() + 1))
    style = draws.generator(seed, "styles").normal(0, 1, (len(products), 2))
    person = np.column_stack([draws.normal(seed, f"taste {k}", members.number.astype(np.uint64)) for k in range(2)])
    launched = (products.launched - START).dt.days.to_numpy()
    peak = np.maximum(draws.generator(seed, "fashion").uniform(0, DAYS, len(products)), launched + 7)
    who, day = orders.member.to_numpy(), orders["at"].to_numpy() / DAY
    base = (
        np.log(products.true_appeal.to_numpy())[None, :]
        + by_segment[members.segment[who]][:, category]
        + 0.55 * s.taste * person[who] @ style.T
        + s.fashion * np.exp(-0.5 * ((day[:, None] - peak[None, :]) / FASHION_DAYS) ** 2)
    )
    base[day[:, None] < launched[None, :]] = -np.inf
    return base
