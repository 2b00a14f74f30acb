"""Exercises of section 6.1, Growing users."""

from functools import cached_property

import pandas as pd

from liveshop.course.chapter_6 import samples
from liveshop.methods import effects, growth, recommend
from liveshop.practice import Exercise, Field, exercise


@exercise(
    "6.1a", title="The month after the festival",
    fields=[Field("new", "New", "persons", decimals=0), Field("revived", "Revived", "persons", decimals=0),
            Field("lost", "Lost", "persons", decimals=0),
            Field("quick_ratio", "Quick ratio", "won for each lost", decimals=2)],
    hint="`methods.growth.growth_accounting(…, \"month\", known=…, when=\"created\")` on the paid live orders; "
         "`known` are the ids of customers who "
         "`joined` before 3 March. Take the row of July.",
    needs=("orders", "customers"),
)
class AfterTheFestival(Exercise):
    praise = ("The rooms won one for every two or three they lost: the festival's buyers were visitors. "
              "The social shop's ratio in the same month stayed above 1.")
    explain = ("Active = new + kept + revived, and active now − active before = new + revived − lost. Those who were "
               "customers before the season "
               "and come back are revived the first time they are seen: the table does not know their earlier orders, "
               "the customer list does.")
    code = ("live_orders = tables.orders[tables.orders.paid.notna() & (tables.orders.source == \"live\")]\n"
            "seen_before = tables.customers.customer_id[tables.customers.joined < \"2025-03-03\"]\n"
            "july = methods.growth.growth_accounting(live_orders, \"month\", known=seen_before, "
            "when=\"created\").loc[\"2025-07\"]\n"
            "new_live, revived_live, lost_live, quick_live = july.new, july.revived, july.lost, july.quick_ratio")

    def accounts(self, known=True, paid=True, live=True):
        orders, customers = self.tables.orders, self.tables.customers
        counted = (orders.paid.notna() | (not paid)) & ((orders.source == "live") | (not live))
        before = customers.customer_id[customers.joined < "2025-03-03"] if known else ()
        return growth.growth_accounting(orders[counted], "month", known=before, when="created")

    @cached_property
    def months(self):
        return self.accounts()

    def right(self):
        july = self.months.loc["2025-07"]
        return july.new, july.revived, july.lost, july.quick_ratio

    def mistakes(self):
        table = self.months
        july, june = table.loc["2025-07"], table.loc["2025-06"]
        parts = ["new", "revived", "lost", "quick_ratio"]
        for other, name in (("2025-06", "June"), ("2025-08", "August")):
            yield dict(table.loc[other, parts]), f"That is the row of {name}. Take July, which is held against June."
        yield {"new": july.new + july.revived}, (
            "You counted the revived as new: everybody who was not active in June. New is only who had never bought "
            "before.")
        yield {"revived": july.kept}, "Those are the kept: active in June and in July. Revived were away in June."
        blind = self.accounts(known=False).loc["2025-07"]
        yield {"new": blind.new, "revived": blind.revived}, (
            "You took the first order in the table for the first order ever. Whoever had joined before 3 March is "
            "revived, not new.")
        yield {"new": blind.new}, (
            "Some of these had joined before 3 March: the table begins then, they do not. They are revived.")
        yield {"revived": blind.revived}, (
            "Customers from before the season are missing here: the first time you see them again they are revived.")
        for wider, sentence in (
            ({"paid": False}, "You counted unpaid orders as well. Active means a paid one: keep the lines with a time "
                              "in `paid`."),
            ({"live": False}, "Those are the buyers of the whole firm. Keep the orders with `source == \"live\"`."),
        ):
            other = self.accounts(**wider).loc["2025-07"]
            for name in ("new", "revived", "lost", "quick_ratio"):
                yield {name: other[name]}, sentence
        yield {"lost": june.active - july.active}, (
            "That is the net change. Lost are all who were active in June and not in July; the newly won must not be "
            "set off against them.")
        yield {"lost": june.lost}, "Those were lost in June. Take the row of July: active in June, not in July."
        yield {"quick_ratio": july.new / july.lost}, "The revived count too: (new + revived) / lost."
        yield {"quick_ratio": july.active / june.active}, (
            "That is the growth of the active. The quick ratio divides the won by the lost.")
        yield {"quick_ratio": july.lost / (july.new + july.revived)}, "You turned it round: the won go on top."


@exercise(
    "6.1b", title="K of the April members",
    fields=[Field("k", "K", "sign-ups per member", decimals=3),
            Field("multiplier", "Multiplier", "members in the end for each", decimals=2)],
    hint="Users are all members who joined in April, whether they invited or not. The multiplier is 1 + K + K² + …",
    needs=("customers", "shares"),
)
class AprilMembers(Exercise):
    praise = ("April's members have had four months and are ripe: their K lies above the figure for all members, in "
              "which the young are mixed.")
    explain = ("K = invitations per member × share accepted = sign-ups / members. Each of them brings K, each of "
               "these K again: 1 / (1 − K).")
    code = ("april = members.index[members.since.between(\"2025-04-01\", \"2025-05-01\", inclusive=\"left\")]\n"
            "sent = tables.shares[(tables.shares.what == \"product\") & tables.shares.sharer_id.isin(april)]\n"
            "came = sent[sent.joined & sent.receiver_id.isin(members.index)]\n"
            "k = len(came) / len(april)\n"
            "1 / (1 - k)")

    @cached_property
    def users(self):
        since = samples.members(self.tables).since
        return since.index[since.between("2025-04-01", "2025-05-01", inclusive="left")]

    @cached_property
    def sent(self):
        sent = samples.invitations(self.tables)
        return sent[sent.sharer_id.isin(self.users)]

    def right(self):
        k = self.sent.came.sum() / len(self.users)
        return k, 1 / (1 - k)

    def mistakes(self):
        users, sent, came = self.users, self.sent, self.sent[self.sent.came]
        k, _ = self.right()
        inviters = len(came) / sent.sharer_id.nunique()
        yield {"k": 1 / (1 - k), "multiplier": k}, "You gave the two in the other order: K first."
        yield {"k": inviters, "multiplier": 1 / (1 - inviters)}, (
            "You divided by those who invited. Members who never invite are members too, and most of the multiplier's "
            "modesty comes from them.")
        yield {"k": inviters}, "You divided by those who invited. Members who never invite are members too."
        yield {"k": len(came) / len(sent)}, "That is the share accepted. K multiplies it by the invitations per member."
        yield {"k": len(sent) / len(users)}, (
            "Those are the invitations per member. K multiplies them by the share accepted.")
        yield {"k": sent.opened.notna().sum() / len(users)}, "Those are invitations opened. A look is not a sign-up."
        members, everything = samples.members(self.tables), samples.invitations(self.tables)
        yield {"k": growth.k_factor(len(members), len(everything), everything.came.sum())}, (
            "That is K of all members, the unripe ones of August included. Take those who joined in April.")
        ripe, days = samples.ripe_members(self.tables), samples.ripe_days(self.tables)
        yield {"k": samples.friends_within(self.tables, ripe, days).mean()}, (
            "That looks like the K of the text, of all members of thirteen weeks or more. Take those who joined in "
            "April, up to the end.")
        yield {"k": sent.joined.sum() / len(users)}, (
            "Some of these joined something else than the shop. Keep those whose receiver is a member.")
        yield {"k": (came.shared.dt.month == 4).sum() / len(users)}, (
            "You took only the invitations sent in April. Members go on inviting: count up to the end.")
        yield {"multiplier": 1 + k}, "That stops after the first round of friends. They invite as well: 1 + K + K² + …"
        yield {"multiplier": 1 / k}, "That is 1/K. The sum 1 + K + K² + … is 1/(1 − K)."
        yield {"multiplier": k / (1 - k)}, "Those are the invited alone; count the member herself too."


@exercise(
    "6.1c", title="Another fortnight",
    fields=[Field("neighbours", "Item neighbours", "fraction of customers", decimals=3),
            Field("last_week", "Best sellers of the last seven days", "fraction of customers", decimals=3)],
    hint="Cut off everything from 18 August first, then `methods.recommend.time_split(…, \"2025-08-04\")`. "
         "`popularity(before, days=7)` is the list of the last week.",
    needs=("orders", "customers"),
)
class AnotherFortnight(Exercise):
    praise = ("The same order as in the text: it was not a lucky fortnight. In this one even the season's best "
              "sellers do better than the neighbours.")
    explain = ("Train on the past, test on what came next. The recommender may see nothing from the split on, and the "
               "test nothing before it.")
    code = ("before, after = methods.recommend.time_split(events[events.created < \"2025-08-18\"], "
            "\"2025-08-04\")\n"
            "methods.recommend.hit_rate(methods.recommend.item_neighbours(before), after, 10, known_only=True).rate\n"
            "methods.recommend.hit_rate(methods.recommend.popularity(before, days=7), after, 10, known_only=True).rate")

    @cached_property
    def past(self):
        events = samples.member_orders(self.tables)
        return events[events.created < "2025-08-18"]

    @cached_property
    def split(self):
        return recommend.time_split(self.past, "2025-08-04")

    @cached_property
    def fits(self):
        return self.fit(self.split[0])

    @staticmethod
    def fit(before):
        return {"neighbours": recommend.item_neighbours(before), "last_week": recommend.popularity(before, days=7)}

    @staticmethod
    def rates(fits, after, k=10, known_only=True):
        return {name: recommend.hit_rate(fit, after, k, known_only=known_only).rate for name, fit in fits.items()}

    def right(self):
        return self.rates(self.fits, self.split[1])

    def mistakes(self):
        (before, after), fits, right = self.split, self.fits, self.right()
        events = samples.member_orders(self.tables)
        for shuffled, hidden in (recommend.random_split(events, 0.2), recommend.random_split(self.past, 0.2)):
            leaky = self.rates(self.fit(shuffled), hidden)
            yield leaky, (
                "That is a random split: the recommender has been trained on orders that came after those it has to "
                "guess. Split by time.")
            yield {"neighbours": leaky["neighbours"]}, (
                "That is a random split: it lets the recommender learn from the future. Split by time.")
        yield {"neighbours": right["last_week"], "last_week": right["neighbours"]}, (
            "You gave the two in the other order: item neighbours first.")
        known, last = recommend.time_split(events, samples.last_fortnight(self.tables))
        yield self.rates(self.fit(known), last), "That is the split of the text, 18 August. Move it a fortnight back."
        whole = recommend.time_split(events, "2025-08-04")[1]
        variants = [
            (self.rates(fits, whole), "Your test runs on to the end of August. Cut it after 17 August: a longer test "
                                      "gives more chances to hit."),
            (self.rates(fits, after, known_only=False), "You kept customers without a history. For them every "
                                                        "recommender shows the same list: set known_only=True."),
            (self.rates(fits, after, k=5), "That is the hit rate at 5."),
        ]
        for values, sentence in variants:
            for part, value in values.items():
                yield {part: value}, sentence
        season = recommend.hit_rate(recommend.popularity(before), after, 10, known_only=True).rate
        yield {"last_week": season}, (
            "Those are the best sellers of the whole season. Count the last seven days only: days=7.")


@exercise(
    "6.1d", title="How many orders is an invitation worth?",
    fields=[Field("naive", "Naive difference", "orders per member in 56 days", decimals=2),
            Field("matched", "Against other contacts of the same friend", "orders per member in 56 days", decimals=2)],
    hint="The same two functions as in the section, with the outcome `further`. `match_on` is `[\"friend\"]` on the "
         "table `circles`.",
    needs=("customers", "orders", "follows"),
)
class OrdersOfAnInvitation(Exercise):
    praise = ("In orders the friend explains a good part as well. Budget with the second number, and with its "
              "interval rather than its last digit.")
    explain = ("Each invited member is set against the mean of the contacts of her friend who came by themselves; then "
               "the gaps are averaged. "
               "Invited members whose friend has no such contact drop out.")
    code = ("methods.effects.pooled_effect(buyers, \"further\", \"invited\").estimate\n"
            "methods.effects.matched_effect(circles, \"further\", \"invited\", [\"friend\"], "
            "cluster=\"friend\").estimate")

    @cached_property
    def rows(self):
        return samples.buyers(self.tables)

    @staticmethod
    def naive(rows, outcome="further"):
        return rows[outcome][rows.invited].mean() - rows[outcome][~rows.invited].mean()

    def matched(self, ties, outcome="further"):
        circles = samples.circles(self.rows, ties.drop_duplicates())
        return effects.matched_effect(circles, outcome, "invited", ["friend"], cluster="friend").estimate

    def right(self):
        return self.naive(self.rows), self.matched(samples.contacts(self.tables))

    def mistakes(self):
        rows, ties = self.rows, samples.contacts(self.tables)
        naive, matched = self.right()
        yield {"matched": naive}, "That is the naive difference again: match on the friend."
        yield {"naive": matched}, "That is the matched one; the naive compares with all others."
        yield {"naive": self.naive(rows, "again")}, (
            "That is the share with a second order. The outcome here is `further`, the number of orders.")
        paper = effects.matched_effect(rows, "further", "invited", ["segment", "channel_id", "age_band", "month"])
        yield {"matched": paper.estimate}, (
            "You matched on what the database knows. That hardly helps; match on the friend, in `circles`.")
        yield {"matched": self.matched(ties, "again")}, (
            "That is the share with a second order. The outcome here is `further`, the number of orders.")
        yield {"naive": self.naive(samples.buyers(self.tables, whole=False))}, (
            "Some of these had fewer than 56 days left. Take only buyers whose whole window is in the data.")
        season = samples.order_times(self.tables).groupby("customer_id").size()
        yield {"naive": self.naive(rows.assign(season=season), "season")}, (
            "You counted orders up to the end of August. Whoever came early then has more time: count 56 days for "
            "everybody.")
        herself = pd.DataFrame({"friend": rows.index, "contact": rows.index})
        follows = self.tables.follows.rename(columns={"follower_id": "friend", "followed_id": "contact"})
        followers = self.tables.follows.rename(columns={"followed_id": "friend", "follower_id": "contact"})
        yield {"matched": self.matched(herself)}, (
            "You compared with the friend herself. She was chosen by having invited; take her other contacts.")
        yield {"matched": self.matched(follows[["friend", "contact"]])}, (
            "You took only those whom the friend follows. Her followers are her contacts too.")
        yield {"matched": self.matched(followers[["friend", "contact"]])}, (
            "You took only the friend's followers. Those whom she follows are her contacts too.")
        by_friend = samples.circles(rows, ties).groupby(["friend", "invited"]).further.mean().unstack().dropna()
        yield {"matched": (by_friend[True] - by_friend[False]).mean()}, (
            "Each friend counts once here. Let each invited member count once: a friend who invited three counts "
            "three times.")
        yield {"naive": rows.further[rows.invited].mean()}, "That is the level of the invited; take the others' off."
