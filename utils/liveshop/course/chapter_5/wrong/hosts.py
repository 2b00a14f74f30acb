"""Wrong ways in section 5.2: the fair comparison, shrinkage, trials and commission."""

import numpy as np

from liveshop.methods.hosts import select_best
from liveshop.practice import wrong_ratios


def fair(asked):
    """Other comparisons with the house, for 5.2a."""
    nights, hers = asked.nights, asked.hers()
    yield from wrong_ratios("per_hour", hers.gmv, hers.hours, of="nights")
    expected, observed = (hers.hours * hers.house).sum(), hers.gmv.sum()
    yield {"index": (observed - expected) / hers.hours.sum()}, (
        "That is a difference in yuan per hour. Divide her GMV by the expected one.")
    yield {"index": observed - expected}, "That is a difference in yuan. Divide her GMV by the expected one."
    yield {"index": expected}, "That is the expected GMV. Divide hers by it."
    for how in ("median", "max"):
        cells = hers.drop(columns="house").join(nights.groupby(asked.cell).rate.agg(how).rename("house"), on=asked.cell)
        yield {"index": observed / (cells.hours * cells.house).sum()}, (
            f"For the house you took the {how} of the nights; take the ratio of sums in each channel and slot.")
    hosts = nights.groupby("host_id")[["gmv", "hours"]].sum()
    hosts = hosts.gmv / hosts.hours
    for value, name in ((hosts.mean(), "mean of the hosts"), (hosts.median(), "median of the hosts"),
                        (hosts.max(), "best host"), (hosts.drop(asked.host).mean(), "mean of the other hosts")):
        yield {"index": hosts[asked.host] / value}, (
            f"You compared her with the {name}. Compare with the house in the same channel and slot.")
    plain = hers[~hers.is_festival.astype(bool)]
    yield {"per_hour": plain.gmv.sum() / plain.hours.sum()}, "You left the festivals out. All her broadcasts are asked."
    views = nights.groupby(asked.cell)[["gmv", "views"]].sum()
    per_view = hers.drop(columns="house").join((views.gmv / views.views).rename("house"), on=asked.cell)
    yield {"index": observed / (per_view.views * per_view.house).sum()}, (
        "You expected GMV per view, times her views. Asked is GMV per hour, times her hours.")
    for column in ("scene", "opener", "is_festival"):
        for cell in ([column], [*asked.cell, column]):
            yield {"index": asked.but(cell=cell).right()[1]}, f"You matched by {', '.join(cell)}. Asked: channel, slot."


def other_money(asked):
    """5.2a with another GMV: of lines that nobody paid too, or less what was refunded; where the tables are there."""
    tables = asked.tables
    if "orders" not in tables or "refunds" not in tables:
        return
    back = tables.refunds[["order_id", "line_no", "refunded_amount"]]
    lines = tables.orders.merge(back, on=["order_id", "line_no"], how="left").fillna({"refunded_amount": 0.0})
    paid = lines[lines.paid.notna()]
    for money, sentence in (
        (lines.groupby("stream_id").paid_amount.sum(), "Unpaid order lines are in. GMV counts those that were paid."),
        ((paid.paid_amount - paid.refunded_amount).groupby(paid.stream_id).sum(),
         "You took refunds off. Asked is GMV, which leaves them in."),
    ):
        other = asked.but(streams=lambda d, money=money: d.assign(gmv=d.stream_id.map(money).fillna(0.0)))
        if abs(other.right()[0] - asked.right()[0]) > 1:
            yield other.right(), sentence


def amounts_of_hers(asked):
    """What the numbers of 5.2a are made of."""
    hers, nights = asked.hers(), asked.nights
    said = {"gmv": "GMV", "hours": "hours on air", "watch_seconds": "seconds watched", "views": "entries",
            "viewers": "viewers", "orders": "orders", "product_clicks": "product clicks",
            "promotion_spend": "promotion spend", "buyers": "buyers"}
    mine = {f"her {name}": hers[column].sum() for column, name in said.items()}
    house = {f"the house's {name}": nights[column].sum() for column, name in said.items() if column in ("gmv", "hours")}
    rest = {"the number of her broadcasts": len(hers), "the hours of viewers": hers.watch_seconds.sum() / 3600,
            "her expected GMV": (hers.hours * hers.house).sum()}
    return {"per_hour": mine | house | rest, "index": mine | house | rest}


def trials(asked):
    """Other weights, for 5.2b."""
    talent, noise, trials, average = asked.talent, asked.noise, asked.trials, asked.average
    for weight, sentence in (
        (talent**2 / (talent**2 + trials * noise**2), "More trials make noise smaller: divide it by 5, not times."),
        (noise / (noise + talent), "That is the noise's part of the two standard deviations, of one trial."),
        (noise**2 / (noise**2 + talent**2), "That is the noise's part, and of one trial. Her average takes talent's."),
        (talent / noise, "That is talent by noise. The weight is talent by the two together, squared."),
        (talent**2 / noise**2, "That is talent's variance by the noise's. The two together stand below the line."),
        (talent**2 * trials / noise**2, "That is talent's variance by the noise's: add talent's below the line."),
        (talent / trials / (talent / trials + noise), "You divided talent by 5. The noise is what averages out."),
        (talent**2 / trials / (talent**2 / trials + noise**2),
         "You divided the variance of talent by 5. The noise is what averages out."),
        (np.sqrt(trials) * talent**2 / (np.sqrt(trials) * talent**2 + noise**2),
         "You took the root of 5 for 5: the variance of the average is a fifth, its root is for standard deviations."),
        (np.sqrt(asked.weight()), "That is the root of the weight: variances are not rooted again."),
        (1 / trials, "The weight does not follow from the number of trials alone."),
        (1.0, "A weight of 1 takes her average as it is. Five trials do not say so much."),
        (0.0, "A weight of 0 takes nothing of her own average. Five trials say something."),
    ):
        yield (weight, weight * average), sentence
        yield {"weight": weight}, sentence
        yield {"shrunk": weight * average}, f"The weight in it is not right: {sentence}"
    right = asked.weight() * average
    yield {"shrunk": average - right}, "That is how far she is drawn. Asked is where she ends."
    yield {"shrunk": average / trials}, "Her average is a mean of five already: do not divide it again."
    yield {"shrunk": average * trials * asked.weight()}, "Her average is a mean of five: not times 5."
    yield {"shrunk": average + right}, "Shrinking goes towards the mean, 0, not away from it."
    yield {"shrunk": asked.weight() * np.log1p(average)}, "0.40 is on the log scale already: no logarithm again."
    yield {"shrunk": asked.weight() * noise}, "That is the weight times the noise. It weighs her average, 0.40."
    yield {"shrunk": asked.weight() + average}, "You added the weight to her average. Multiply them."
    yield {"shrunk": average / 2}, "That is half of her average. The weight is a little more than half."
    yield {"shrunk": asked.weight()}, "That is the weight. Times her average, 0.40, it is the estimate."


def needed(asked):
    """What each number of trials gives, for 5.2c."""
    for name, noise in zip(("thin", "full"), asked.noises, strict=True):
        for trials in range(1, 66):
            chance = select_best(asked.candidates, trials, asked.talent, noise).probability_best
            yield {name: trials}, (
                f"With {trials} trials each the best is hired in {chance:.1%} of the cases; 80 % are asked, with as "
                "few trials as possible.")


def carried(asked):
    """A wrong rate and the loss that follows from it, for 5.2d."""
    sales, (_, loser, _) = asked.sales, asked.right()
    gmv, net = sales.gmv.sum(), sales.net.sum()
    for rate, sentence in (
        (2.0 * net / gmv, "You turned the ratio round: net sales are smaller than GMV, so the rate must go up."),
        (2.0 * (1 + sales.refunded.sum() / gmv), "You added the refunded share. Divide by what is left: 1 less that "
                                                 "share."),
        (2.0 / (1 - (sales.refunded / sales.gmv).mean()), "You averaged the hosts' refund rates. Large hosts count "
                                                          "more: divide the sums."),
        (2.0 * (sales.gmv / sales.net).mean(), "That is the mean of the hosts' own ratios. Large hosts count more: "
                                               "divide the sums."),
    ):
        yield {"rate": rate, "loss": -asked.change(rate)[loser]}, f"{sentence} The loss follows from that rate."


def commission(asked):
    """Other rates and other losses, for 5.2d."""
    sales, (rate, loser, _) = asked.sales, asked.right()
    change = asked.change(rate)
    yield {"rate": rate - 2.0}, "That is by how much the rate rises. The new rate is asked."
    yield {"rate": 100 * (rate / 2.0 - 1)}, "That is by how many per cent the rate rises. The new rate is asked."
    yield {"rate": 2.0 * (sales.gmv / sales.net).median()}, (
        "That is the median of the hosts' own ratios. Divide the sums.")
    yield {"rate": 2.0 * sales.gmv[loser] / sales.net[loser]}, "That is the rate for one host. All are asked."
    yield {"rate": 2.0 * (sales.gmv / sales.net).max()}, "That is the highest ratio of a host. Divide the sums."
    yield {"rate": 100 * sales.refunded.sum() / sales.gmv.sum()}, "That is the refund rate. The commission is asked."
    yield {"rate": 100 * sales.net.sum() / sales.gmv.sum()}, "That is the share that stays. The commission is asked."
    yield {"rate": 2.0 * sales.refunded.sum() / sales.net.sum()}, "That is by how much the rate rises. Add 2.0."
    losses = -change[change < 0]
    for value, name in ((losses.sum(), "sum of all losses"), (losses.mean(), "mean of the losses"),
                        (losses.median(), "median of the losses"), (losses.min(), "smallest loss"),
                        (change.abs().mean(), "mean of all changes"), (change.abs().sum(), "sum of all changes")):
        yield {"loss": value}, f"That is the {name}. Asked is what one host loses."
    for host in change.index:
        lost = "loses" if change[host] < 0 else "gains"
        yield {"loss": abs(change[host])}, f"That is what {host} {lost}. Asked is who loses most."
    yield {"loss": 0.02 * (sales.gmv - sales.net).mean()}, "That is the mean commission on refunds."
    yield {"loss": (0.02 * sales.gmv - 0.02 * sales.net).mean()}, "The rate stays 2.0 % there, over a mean host."
    yield {"loss": rate / 100 * sales.refunded[loser]}, "That is the new rate on what came back to her."
    yield {"loss": -change.mean()}, "That is the mean change, and it is nothing: the pool stays the same."


def amounts_of_commission(asked):
    """What the loss of 5.2d is made of."""
    sales, loser = asked.sales, asked.right()[1]
    lines = {"the number of paid lines": len(asked.lines), "all GMV": sales.gmv.sum(), "all net sales": sales.net.sum(),
             "all refunds": sales.refunded.sum(), "her GMV": sales.gmv[loser], "her net sales": sales.net[loser],
             "her refunds": sales.refunded[loser], "all commission": 0.02 * sales.gmv.sum()}
    return {"loss": lines}
