"""Exercises of section 5.2, Hosts."""

from functools import cached_property

import numpy as np

from liveshop.methods.hosts import trials_needed
from liveshop.practice import Exercise, Field, exercise


@exercise(
    "5.2a", title="Raw and fair, by hand",
    fields=[Field("per_hour", "GMV per hour of H04", "yuan per hour on air", decimals=0, tolerance=1.0),
            Field("index", "Her GMV against expected GMV", "ratio, 1.00 is as expected", decimals=2)],
    hint="Sum first, divide last. For the second number you need the house's GMV and hours for each channel and slot, "
         "joined to her broadcasts, times her hours; then one division of two sums.",
    needs=("streams",),
)
class RawAndFair(Exercise):
    praise = ("Third on the money list, and below what the house makes in the same channels and slots. The house "
              "figure holds her own broadcasts too, so in a cell that she has to herself she is compared with herself: "
              "the index leans towards 1 and still stays below it.")
    explain = ("Both are ratios of sums. A mean of her nightly ratios would let a forty-minute night count as much as "
               "a three-hour one. The index is indirect standardisation: observed over expected.")

    def right(self):
        cells = self.tables.streams.assign(hours=lambda d: d.stream_seconds / 3600)
        house = cells.groupby(["channel_id", "slot"])[["gmv", "hours"]].sum()
        hers = cells[cells.host_id == "H04"].join((house.gmv / house.hours).rename("house"), on=["channel_id", "slot"])
        return hers.gmv.sum() / hers.hours.sum(), hers.gmv.sum() / (hers.hours * hers.house).sum()

    def mistakes(self):
        cells = self.tables.streams.assign(hours=lambda d: d.stream_seconds / 3600, rate=lambda d: d.gmv / d.hours)
        hers = cells[cells.host_id == "H04"]
        yield {"per_hour": hers.rate.mean()}, ("You averaged the nightly ratios. A short night then counts as much as "
                                               "a long one; divide the sum of GMV by the sum of hours.")
        yield {"per_hour": hers.gmv.mean()}, (
            "That is GMV per broadcast. Her broadcasts differ in length; divide by hours.")
        house_mean = cells.groupby(["channel_id", "slot"]).rate.mean().rename("house")
        joined = hers.join(house_mean, on=["channel_id", "slot"])
        yield {"index": hers.gmv.sum() / (joined.hours * joined.house).sum()}, (
            "For the house you took the mean of nightly ratios; take the ratio of sums in each channel and slot.")
        whole = cells.gmv.sum() / cells.hours.sum()
        yield {"index": hers.gmv.sum() / (hers.hours.sum() * whole)}, (
            "That compares her with the average hour of the whole house. The point is to compare within the same "
            "channel and slot.")
        house = cells.groupby(["channel_id", "slot"])[["gmv", "hours"]].sum()
        joined = hers.join((house.gmv / house.hours).rename("house"), on=["channel_id", "slot"])
        yield {"index": (joined.hours * joined.house).sum() / hers.gmv.sum()}, (
            "You turned it round: her GMV goes on top, the expected GMV below.")
        slot_only = cells.groupby("slot")[["gmv", "hours"]].sum()
        joined = hers.join((slot_only.gmv / slot_only.hours).rename("house"), on="slot")
        yield {"index": hers.gmv.sum() / (joined.hours * joined.house).sum()}, (
            "You matched the slot and forgot the channel.")


@exercise(
    "5.2b", title="How much do five trials weigh?",
    fields=[Field("weight", "Weight on her own average", "fraction", decimals=3, tolerance=0.002),
            Field("shrunk", "Shrunk estimate", "log CTOR against the house", decimals=3, tolerance=0.002)],
    hint="Weight = variance of talent / (variance of talent + variance of her average). The average of five trials has "
         "a fifth of the variance of one.",
)
class FiveTrials(Exercise):
    praise = (
        "A little more than half: five thin trials are worth about as much as knowing nothing but the mean of all "
        "newcomers.")
    explain = (
        "0.25² / (0.25² + 0.50²/5) = 0.0625 / 0.1125 = 0.556; times 0.40 is 0.222, and the other 0.444 of the weight "
        "lies on the mean, 0.")
    code = "own_weight = 0.25**2 / (0.25**2 + 0.50**2 / 5)\nshrunk = own_weight * 0.40"

    def right(self):
        weight = 0.25**2 / (0.25**2 + 0.50**2 / 5)
        return weight, weight * 0.40

    def mistakes(self):
        weight = 0.25**2 / (0.25**2 + 0.50**2 / 5)
        yield {"weight": 1 - weight}, (
            "That weight belongs to the mean of all newcomers. The more trials, the more her *own* average should "
            "count.")
        yield {"weight": 0.25**2 / (0.25**2 + 0.50**2)}, (
            "You used the noise of one trial. She had five: the variance of their average is a fifth of it.")
        yield {"weight": 0.25 / (0.25 + 0.50 / np.sqrt(5))}, (
            "You weighed standard deviations. Weights come from variances: square them.")
        yield {"weight": 5 * 0.25**2 / (0.25**2 + 0.50**2)}, (
            "Five times the weight of one trial goes beyond 1; put the 5 under the noise instead.")
        yield {"shrunk": (1 - weight) * 0.40}, (
            "You put the weight on the wrong side: her own average takes the weight, the mean takes the rest.")
        yield {"shrunk": 0.40}, "That is the raw average. It has to be drawn towards the mean, 0."


@exercise(
    "5.2c", title="Trials needed",
    fields=[Field("thin", "Trials each with thin trials", "broadcasts", decimals=0),
            Field("full", "Trials each with full rooms", "broadcasts", decimals=0)],
    hint="`methods.hosts.trials_needed(3, talent_sd=…, noise_sd=…)` with the noise of one trial; it divides by the "
         "trials itself.",
)
class TrialsNeeded(Exercise):
    praise = "Thin trials take a month of working days, full rooms less than a week. Buy clicks, not weeks."
    explain = ("The average of n trials has noise/√n. The chance that the highest average belongs to the best of three "
               "rises with the ratio of talent to that; `trials_needed` looks for the smallest n that reaches 80 %. "
               "Noise falls by the factor 0.50/0.215, trials by its square.")
    code = """
        trials_thin = methods.hosts.trials_needed(3, talent_sd=0.25, noise_sd=0.50)
        trials_full = methods.hosts.trials_needed(3, talent_sd=0.25, noise_sd=0.215)
    """

    def right(self):
        return trials_needed(3, 0.25, 0.50), trials_needed(3, 0.25, 0.215)

    def mistakes(self):
        yield {"thin": trials_needed(2, 0.25, 0.50)}, (
            "That is for two candidates. With three there is one more chance that somebody lucky comes first.")
        yield {"thin": 3 * trials_needed(3, 0.25, 0.50)}, "That is the total for all three; the question asks for each."
        yield {"thin": trials_needed(3, 0.50, 0.25)}, (
            "Talent and noise are swapped: the noise of one trial is the larger.")
        yield {"full": trials_needed(2, 0.25, 0.215)}, "That is for two candidates."
        yield {"full": 3 * trials_needed(3, 0.25, 0.215)}, (
            "That is the total for all three; the question asks for each.")
        yield {"thin": 5}, "Five is what they had. The explorer shows how far that goes: little better than lots."


@exercise(
    "5.2d", title="Commission on net sales",
    fields=[Field("rate", "Rate on net sales", "per cent of net sales", decimals=3),
            Field("loser", "Loses most", options=tuple(f"H{n:02d}" for n in range(1, 15))),
            Field("loss", "Her loss over 26 weeks", "yuan", decimals=0, tolerance=1.0)],
    hint="Join paid order lines to refunds by order and line (left join: most have none) and to hosts by broadcast. "
         "The new rate is the old pool divided by all net sales.",
    needs=("orders", "refunds", "streams"),
)
class NetCommission(Exercise):
    praise = (
        "The firm pays the same; hosts whose goods stay with the buyers gain. Whether her refunds are her doing or her "
        "channel's is the next question to ask.")
    explain = ("Rate = 2.0 % × GMV / net sales, both over all hosts. A host's change is new rate × her net sales − 2.0 "
               "% × her GMV: she loses exactly when her refund rate by amount is above the average.")
    code = """
        net_rate = 2.0 * host_sales.gmv.sum() / host_sales.net.sum()
        pay_change = net_rate / 100 * host_sales.net - 0.02 * host_sales.gmv
        loses_most = pay_change.idxmin()
        loss = -pay_change.min()
    """

    @cached_property
    def lines(self):
        """Paid order lines of broadcasts with their host and what was refunded of them."""
        tables = self.tables
        return (
            tables.orders[tables.orders.paid.notna()]
            .merge(tables.refunds[["order_id", "line_no", "refunded_amount"]], on=["order_id", "line_no"], how="left")
            .merge(tables.streams[["stream_id", "host_id"]], on="stream_id")        # inner: shelf orders have no host
            .rename(columns={"paid_amount": "gmv", "refunded_amount": "refunded"})
        )

    @cached_property
    def sales(self):
        """gmv and refunded of each host, in yuan."""
        return self.lines.groupby("host_id")[["gmv", "refunded"]].sum()

    def right(self):
        sales = self.sales
        net = sales.gmv - sales.refunded
        rate = 2.0 * sales.gmv.sum() / net.sum()
        change = rate / 100 * net - 0.02 * sales.gmv
        return rate, change.idxmin(), -change.min()

    def mistakes(self):
        sales = self.sales
        net = sales.gmv - sales.refunded
        rate = 2.0 * sales.gmv.sum() / net.sum()
        yield {"rate": 2.0}, (
            "At 2.0 % of net sales the firm spends less than before, and every host loses. The pool has to stay the "
            "same.")
        yield {"rate": 2.0 * net.sum() / sales.gmv.sum()}, (
            "You turned the ratio round: net sales are smaller than GMV, so the rate must go up.")
        yield {"rate": 2.0 / (1 - (1 - net / sales.gmv).mean())}, (
            "You averaged the hosts' refund rates. Large hosts count more: divide the sums.")
        yield {"rate": 2.0 / (1 - self.lines.refunded.notna().mean())}, (
            "You took the refund rate by lines. Money is paid on amounts, and dear lines come back more often.")
        change = rate / 100 * net - 0.02 * sales.gmv
        share = change / (0.02 * sales.gmv)
        if share.idxmin() != change.idxmin():
            yield {"loser": share.idxmin()}, "She loses the largest *share* of her pay; the question asks for yuan."
        yield {"loser": change.idxmax()}, "She gains most."
        yield {"loss": (0.02 * sales.refunded).max()}, (
            "That is 2.0 % of what came back to her, at the old rate. The rate has gone up as well.")
