"""Exercises of section 5.2, Hosts."""

from functools import cached_property

import numpy as np

from liveshop.course.chapter_5.wrong import hosts
from liveshop.methods.hosts import trials_needed
from liveshop.practice import Exercise, Field, exercise, unpaid_in

HERS = "H04"              # the host of 5.2a


@exercise(
    "5.2a", title="Raw and fair, by hand",
    fields=[Field("per_hour", "GMV per hour of H04", "yuan per hour on air", decimals=0),
            Field("index", "Her GMV against expected GMV", "ratio, 1.00 is as expected", decimals=2)],
    hint=["Sum first, divide last: no mean of nightly ratios anywhere.",
          "For the second number you need the house's GMV and hours for each channel and slot, joined to her "
          "broadcasts, times her hours; then one division of two sums."],
    needs=("streams",),
)
class RawAndFair(Exercise):
    host, cell = HERS, ["channel_id", "slot"]

    @property
    def praise(self):
        sums = self.tables.streams.groupby("host_id")[["gmv", "stream_seconds"]].sum()
        place = (sums.gmv / sums.stream_seconds).rank(ascending=False)[HERS]
        below = self.key.right["index"] < 1
        return (f"Number {place:.0f} on the money list, and {'below' if below else 'above'} what the house makes in "
                "the same channels and slots. The house figure holds her own broadcasts too, so in a cell that she has "
                "to herself she is compared with herself: the index leans towards 1"
                f"{' and still stays below it' if below else ''}.")

    explain = ("Both are ratios of sums. A mean of her nightly ratios would let a forty-minute night count as much as "
               "a three-hour one. The index is indirect standardisation: observed over expected.")

    @cached_property
    def nights(self):
        """All broadcasts with hours, and rate: GMV per hour."""
        return self.tables.streams.assign(hours=lambda d: d.stream_seconds / 3600, rate=lambda d: d.gmv / d.hours)

    def hers(self, house=None):
        """Her broadcasts with house: GMV per hour in the same cell, from these broadcasts (default: all)."""
        sums = (self.nights if house is None else house).groupby(self.cell)[["gmv", "hours"]].sum()
        return self.nights[self.nights.host_id == self.host].join((sums.gmv / sums.hours).rename("house"), on=self.cell)

    def right(self):
        hers = self.hers()
        return hers.gmv.sum() / hers.hours.sum(), hers.gmv.sum() / (hers.hours * hers.house).sum()

    def mistakes(self):
        nights, hers = self.nights, self.hers()
        yield {"per_hour": hers.rate.mean()}, ("You averaged the nightly ratios. A short night then counts as much as "
                                               "a long one; divide the sum of GMV by the sum of hours.")
        yield {"per_hour": hers.gmv.mean()}, (
            "That is GMV per broadcast. Her broadcasts differ in length; divide by hours.")
        yield {"per_hour": hers.gmv.sum()}, "That is her GMV in all, not divided by her hours yet."
        yield {"per_hour": (hers.hours * hers.house).sum() / hers.hours.sum()}, (
            "That is what the house makes in her place. The first number is hers.")
        yield {"per_hour": nights.gmv.sum() / nights.hours.sum()}, "That is the house's GMV per hour."
        for host, rows in nights[nights.host_id != HERS].groupby("host_id"):
            yield {"per_hour": rows.gmv.sum() / rows.hours.sum()}, f"That is host {host}; asked is {HERS}."
            other = self.but(host=host, nights=nights).right()
            if abs(other[1] - self.right()[1]) > 0.01:
                yield other, f"Those are the numbers of host {host}; asked is {HERS}."
        yield {"index": (hers.rate / hers.house).mean()}, (
            "That is the mean of the nights' own ratios. Sum her GMV and the expected GMV first, then divide once.")
        joined = hers.drop(columns="house").join(nights.groupby(self.cell).rate.mean().rename("house"), on=self.cell)
        yield {"index": hers.gmv.sum() / (joined.hours * joined.house).sum()}, (
            "For the house you took the mean of nightly ratios; take the ratio of sums in each channel and slot.")
        mean = hers.drop(columns="house").join(nights.groupby(self.cell).gmv.mean().rename("house"), on=self.cell)
        yield {"index": hers.gmv.sum() / mean.house.sum()}, (
            "You expected the house's GMV per broadcast. Broadcasts differ in length: GMV per hour, times her hours.")
        others = self.hers(nights[nights.host_id != HERS])
        others = others[others.house.notna()]
        yield {"index": others.gmv.sum() / (others.hours * others.house).sum()}, (
            "You left her own broadcasts out of the house. Asked are all hosts, she among them.")

    def variants(self):
        for cell, sentence in (
            ([], "That compares her with the average hour of the whole house. The point is to compare within the same "
                 "channel and slot."),
            (["slot"], "You matched the slot and forgot the channel."),
            (["channel_id"], "You matched the channel and forgot the slot."),
        ):
            whole = self.but(cell=cell or ["whole"], nights=self.nights.assign(whole=1))
            yield {"index": whole.right()[1]}, sentence
        yield from hosts.other_money(self)
        trials = self.but(streams=lambda d: d[~d.is_trial.astype(bool)])
        if trials.right() != self.right():
            yield trials, "The trials are left out, of the house or of hers. All broadcasts are asked."

    def rarer(self):
        return hosts.fair(self)

    def amounts(self):
        return hosts.amounts_of_hers(self)


@exercise(
    "5.2b", title="How much do five trials weigh?",
    fields=[Field("weight", "Weight on her own average", "fraction", decimals=2),
            Field("shrunk", "Shrunk estimate", "log CTOR against the house", decimals=2)],
    hint=["The more the five nights of one person scatter, the less their average says.",
          "Weight = variance of talent / (variance of talent + variance of her average). The average of five trials "
          "has a fifth of the variance of one."],
)
class FiveTrials(Exercise):
    praise = (
        "A little more than half: five thin trials are worth about as much as knowing nothing but the mean of all "
        "newcomers.")
    explain = (
        "0.25² / (0.25² + 0.50²/5) = 0.0625 / 0.1125 = 0.56; times 0.40 is 0.22, and the other 0.44 of the weight "
        "lies on the mean, 0.")
    talent, noise, trials, average = 0.25, 0.50, 5, 0.40

    def weight(self):
        return self.talent**2 / (self.talent**2 + self.noise**2 / self.trials)

    def right(self):
        return self.weight(), self.weight() * self.average

    def mistakes(self):
        weight, average = self.weight(), self.average
        yield {"shrunk": average}, "That is the raw average. It has to be drawn towards the mean, 0."
        yield {"shrunk": average * weight**2}, "You weighed it twice. Her average takes the weight once."
        yield {"weight": 5 * self.but(trials=1).weight()}, (
            "Five times the weight of one trial goes beyond what is right; put the 5 under the noise instead.")

    def variants(self):
        talent, noise, trials = self.talent, self.noise, self.trials
        yield self.but(trials=4), "That is talent by noise, or the weight of four trials. She had five: 0.50²/5."
        yield self.but(trials=6), "That is the weight of six trials. She had five: the noise of the average is 0.50²/5."
        yield self.but(trials=1), (
            "You used the noise of one trial. She had five: the variance of their average is a fifth of it.")
        yield self.but(talent=noise, noise=talent), "Talent and noise are exchanged: the noise of one trial is larger."
        yield self.but(trials=25), "You divided the noise by 5 and then squared. Its variance is a fifth."
        for weight, sentence in (
            (1 - self.weight(), "That weight belongs to the mean of all newcomers. The more trials, the more her own "
                                "average should count."),
            (talent / (talent + noise / np.sqrt(trials)),
             "You weighed standard deviations. Weights come from variances: square them."),
            (talent / (talent + noise / trials),
             "You weighed standard deviations and divided one by 5, or took ten trials. Square them first; then a "
             "fifth of the noise's."),
            (talent / (talent + noise), "Those are standard deviations, and of one trial. Square them, and let the "
                                        "noise be that of an average of five."),
            (noise**2 / trials / talent**2, "That is noise by talent. The weight is talent by the two together."),
            (trials / (trials + 1), "That would hold if a trial were as noisy as talents differ. It is noisier."),
        ):
            yield (weight, weight * self.average), sentence

    def rarer(self):
        return hosts.trials(self)


@exercise(
    "5.2c", title="Trials needed",
    fields=[Field("thin", "Trials each with thin trials", "broadcasts for each candidate", decimals=0, tolerance=1,
                  least=1),
            Field("full", "Trials each with full rooms", "broadcasts for each candidate", decimals=0, least=1)],
    hint=["The average of n trials has the noise of one, divided by the root of n.",
          "`methods.hosts.trials_needed(3, talent_sd=…, noise_sd=…)` with the noise of one trial; it divides by the "
          "trials itself."],
)
class TrialsNeeded(Exercise):
    praise = "Thin trials take a month of working days, full rooms less than a week. Buy clicks, not weeks."
    explain = ("The average of n trials has noise/√n. The chance that the highest average belongs to the best of three "
               "rises with the ratio of talent to that; `trials_needed` looks for the smallest n that reaches 80 %. "
               "Noise falls by the factor 0.50/0.215, trials by its square. Near the edge the chance rises by half a "
               "point a trial, so a simulation of one's own may be one off.")
    candidates, talent, noises, chance = 3, 0.25, (0.50, 0.215), 0.80

    def right(self):
        return tuple(trials_needed(self.candidates, self.talent, noise, self.chance) for noise in self.noises)

    def mistakes(self):
        thin, full = self.right()
        yield {"full": 25 * full}, "Those are orders: 25 for each trial. Asked are the trials."
        yield {"thin": 5}, "Five is what they had. The explorer shows how far that goes: little better than lots."
        yield {"full": thin}, "That is the answer with thin trials. Full rooms need fewer, by the square of the noise."
        yield {"full": round(thin * self.noises[1] / self.noises[0])}, (
            "You let the trials fall with the noise. They fall with its square.")
        yield {"full": 1}, "One full trial has nearly the noise of a talent: it says too little."

    def variants(self):
        for candidates in (2, 4, 5):
            also = ", or for a chance of 70 %, where 80 % are asked" if candidates == 2 else ""     # the same numbers
            yield self.but(candidates=candidates), (
                f"That is for {candidates} candidates{also}. With three the chance that somebody lucky comes first "
                "differs.")
        yield self.but(talent=self.talent**2, noises=tuple(noise**2 for noise in self.noises)), (
            "You gave variances. `trials_needed` takes standard deviations.")
        yield self.but(talent=self.talent / 2), "You halved the talent. Its standard deviation is 0.25."
        yield tuple(16 * noise**2 / self.talent**2 for noise in self.noises), (
            "That is the rule for the size of a trial of two arms. Asked is how often the best of three comes first.")
        for chance in (0.75, 0.9, 0.95):
            yield self.but(chance=chance), f"That is for a chance of {chance:.0%}; 80 % are asked."
        yield self.but(noises=tuple(noise**2 for noise in self.noises)), (
            "You squared the noise before you gave it. `noise_sd` is a standard deviation.")
        yield self.but(noises=tuple(noise**0.5 for noise in self.noises)), (
            "You took the root of the noise. It is a standard deviation already.")
        yield self.but(talent=self.talent**2), "You squared the talent. It is a standard deviation."
        yield tuple(self.candidates * trials for trials in self.right()), (
            "That is the total for all three; the question asks for each.")
        yield (trials_needed(3, self.noises[0], self.talent), trials_needed(3, self.noises[1], self.talent)), (
            "Talent and noise are exchanged.")

    def rarer(self):
        return hosts.needed(self)


@exercise(
    "5.2d", title="Commission on net sales",
    fields=[Field("rate", "Rate on net sales", "per cent of net sales", decimals=2),
            Field("loser", "Loses most", options=tuple(f"H{n:02d}" for n in range(1, 15))),
            Field("loss", "Her loss over 26 weeks", "yuan", decimals=0, tolerance=1.0)],
    hint=["The pool of commission stays the same: what is 2.0 % of GMV, by how many yuan of net sales?",
          "`host_sales` has gmv and net of each host. The new rate is the old pool divided by all net sales; a host's "
          "change is the new rate times her net sales, less 2.0 % of her GMV."],
    needs=("orders", "refunds", "streams"),
)
class NetCommission(Exercise):
    praise = (
        "The firm pays the same; hosts whose goods stay with the buyers gain. Whether her refunds are her doing or her "
        "channel's is the next question to ask.")
    explain = ("Rate = 2.0 % × GMV / net sales, both over all hosts. A host's change is new rate × her net sales − 2.0 "
               "% × her GMV: she loses exactly when her refund rate by amount is above the average.")

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
        """gmv, refunded and net of each host, in yuan."""
        return self.lines.groupby("host_id")[["gmv", "refunded"]].sum().assign(net=lambda d: d.gmv - d.refunded)

    def change(self, rate):
        """What each host gets more at this rate on net sales, in yuan."""
        return rate / 100 * self.sales.net - 0.02 * self.sales.gmv

    def right(self):
        rate = 2.0 * self.sales.gmv.sum() / self.sales.net.sum()
        change = self.change(rate)
        return rate, change.idxmin(), -change.min()

    def mistakes(self):
        sales, lines, (rate, loser, _) = self.sales, self.lines, self.right()
        change, refunded = self.change(rate), sales.refunded / sales.gmv
        yield from hosts.carried(self)
        yield {"rate": 2.0}, (
            "At 2.0 % of net sales the firm spends less than before, and every host loses. The pool has to stay the "
            "same.")
        yield {"rate": 2.0 * sales.net.sum() / sales.gmv.sum()}, (
            "You turned the ratio round: net sales are smaller than GMV, so the rate must go up.")
        yield {"rate": 2.0 * (1 + sales.refunded.sum() / sales.gmv.sum())}, (
            "You added the refunded share. Divide by what is left: 1 less that share.")
        yield {"rate": 2.0 / (1 - refunded.mean())}, (
            "You averaged the hosts' refund rates. Large hosts count more: divide the sums.")
        yield {"rate": 2.0 * (sales.gmv / sales.net).mean()}, (
            "That is the mean of the hosts' own ratios. Large hosts count more: divide the sums.")
        for rate_of_others in (2.0 / (1 - lines.refunded.notna().mean()), self.but(orders=unpaid_in).right()[0]):
            yield {"rate": rate_of_others}, (
                "Lines are wrongly in: unpaid ones (keep those with a time in `paid`), or you counted refunded lines, "
                "where money is paid on amounts.")
        yield {"rate": 200 * sales.refunded.sum() / sales.gmv.sum() / 100}, "That is 2 % of the refunds' share."
        share = change / (0.02 * sales.gmv)
        named = {change.idxmax(): "She gains most.", refunded.idxmax(): "She has the highest refund rate; in yuan "
                 "another one loses more.", sales.gmv.idxmax(): "She has the highest GMV; that is not the same.",
                 sales.refunded.idxmax(): "Most yuan came back to her; but she sold much as well.",
                 share.idxmin(): "She loses the largest share of her pay; the question asks for yuan."}
        yield from (({"loser": host}, sentence) for host, sentence in named.items() if host != loser)
        for host in change.index.difference([*named, loser]):
            said = f"loses ¥{-change[host]:,.0f}, and another one more" if change[host] < 0 else "gains"
            yield {"loser": host}, f"{host} {said}. Take the host with the smallest change in yuan."
        old_rate = (0.02 * sales.refunded)[loser]
        yield {"loss": old_rate}, "That is 2.0 % of what came back to her, at the old rate. But the rate has gone up."
        yield {"loss": (0.02 * sales.refunded).sum()}, "That is 2.0 % of all refunds, over all hosts."
        yield {"loss": change.max()}, "That is the largest gain."
        for part in {share.min(), share[loser]}:
            yield {"loss": -part}, "That is a share of her pay. Yuan are asked."
            yield {"loss": -100 * part}, "That is per cent of her pay. Yuan are asked."
        yield {"loss": rate / 100 * sales.net[loser]}, "That is her new pay. How much less is it than the old one?"
        yield {"loss": 0.02 * sales.gmv[loser]}, "That is her old pay. How much less is the new one?"
        yield {"loss": -change.nsmallest(2).iloc[1]}, "That is the loss of the host who loses second most."
        for places in (1, 2):
            yield {"loss": -self.change(round(rate, places))[loser]}, (
                "You rounded the rate first. Carry it on unrounded.")

    def variants(self):
        yield {"loss": self.but(orders=unpaid_in).right()[2]}, (
            "Unpaid order lines are in: keep those with a time in `paid`.")
        gmv = self.sales.gmv.sum()
        yield {"rate": 2.0 * gmv / (gmv - self.tables.refunds.refunded_amount.sum())}, (
            "You took off all refunds, those of orders outside the broadcasts too.")

    def rarer(self):
        return hosts.commission(self)

    def amounts(self):
        return hosts.amounts_of_commission(self)
