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
    praise = ("A quick ratio below 1 means that the rooms lost more than they won: many of the festival's buyers were "
              "visitors. Hold it against the social shop's ratio in the same month.")
    explain = ("Active = new + kept + revived, and active now − active before = new + revived − lost. Those who were "
               "customers before the season "
               "and come back are revived the first time they are seen: the table does not know their earlier orders, "
               "the customer list does.")
    PARTS = ["new", "revived", "lost", "quick_ratio"]

    def known(self, day="2025-03-03"):
        customers = self.tables.customers
        return customers.customer_id[customers.joined < day]

    def accounts(self, orders, known=None):
        return growth.growth_accounting(orders, "month", known=self.known() if known is None else known, when="created")

    @cached_property
    def live(self):
        orders = self.tables.orders
        return orders[orders.paid.notna() & (orders.source == "live")]

    @cached_property
    def months(self):
        return self.accounts(self.live)

    @cached_property
    def answers(self):
        return dict(self.months.loc["2025-07", self.PARTS])

    def right(self):
        return self.answers

    def mistakes(self):
        july, june = self.months.loc["2025-07"], self.months.loc["2025-06"]
        won = july.new + july.revived
        yield {"new": won}, (
            "You counted the revived as new: everybody who was not active in June. New is only who had never bought "
            "before.")
        kept = "Those are the kept: active in June and in July. Revived were away in June."
        yield {"revived": july.kept, "quick_ratio": (july.new + july.kept) / july.lost}, kept
        yield {"revived": july.kept}, kept
        yield {"revived": july.kept + july.revived}, "The kept are in it, who were active in June. Revived were away."
        yield {"lost": june.active - july.active}, (
            "That is the net change. Lost are all who were active in June and not in July; the newly won must not be "
            "set off against them.")
        yield {"lost": june.active}, "Those are all who were active in June. Some of them bought in July as well."
        for parts, sentence in (
            (july.new / july.lost, "The revived count too: (new + revived) / lost."),
            (july.revived / july.lost, "The new count too: (new + revived) / lost."),
            ((won + july.kept) / july.lost, "The kept are neither won nor lost: (new + revived) / lost."),
            (july.active / june.active, "That is the growth of the active. The quick ratio divides the won by the "
                                        "lost."),
            (july.lost / won, "You turned it round: the won go on top."),
            (won - july.lost, "That is the difference. The quick ratio divides the won by the lost."),
            (won / (won + july.lost), "You divided by the won and the lost together. Divide by the lost."),
        ):
            yield {"quick_ratio": parts}, sentence

    def variants(self):
        for row, sentence in self.other_rows():
            yield dict(row[self.PARTS]), sentence

    def other_rows(self):
        """Rows of growth accounting that are not the one asked for, and what to say of each."""
        orders, live = self.tables.orders, self.live
        for month, row in self.months.iterrows():
            if f"{month}" != "2025-07" and row.lost > 0:
                yield row, f"That is the row of {month.strftime('%B')}. Take July, which is held against June."
        paid, july = orders[orders.paid.notna()], "2025-07"
        yield self.accounts(live, known=()).loc[july], (
            "You took the first order in the table for the first order ever. Whoever had `joined` before 3 March is "
            "revived, not new.")
        yield self.accounts(live, self.known("2025-07-01")).loc[july], (
            "You took everybody who had joined before July for known. Seen before counts from 3 March: who joined "
            "later and never bought in a room is new.")
        yield self.accounts(orders[orders.source == "live"]).loc[july], (
            "You counted unpaid orders as well. Active means a paid one: keep the lines with a time in `paid`.")
        yield self.accounts(paid).loc[july], (
            "Those are the buyers of the whole firm. Keep the orders with `source == \"live\"`.")
        for source in sorted(set(paid.source) - {"live"}):
            yield self.accounts(paid[paid.source == source]).loc[july], (
                f"Those are the buyers of the source {source}. Keep the orders with `source == \"live\"`.")
        yield self.counted("order_id"), "You counted orders. A person who buys twice in the month is one person."
        yield self.counted("line"), "You counted order lines. A person who buys twice in the month is one person."

    def counted(self, unit):
        """July with orders or lines counted in place of persons."""
        lines = self.live if unit == "line" else self.live.drop_duplicates(unit)
        june, july = (lines[lines.created.dt.strftime("%Y-%m") == month] for month in ("2025-06", "2025-07"))
        seen = july.customer_id.isin([*self.known(), *lines.customer_id[lines.created < "2025-07-01"]])
        away = ~july.customer_id.isin(june.customer_id)
        new, revived, lost = (~seen).sum(), (seen & away).sum(), (~june.customer_id.isin(july.customer_id)).sum()
        return pd.Series({"new": new, "revived": revived, "lost": lost, "quick_ratio": (new + revived) / lost})


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

    def joined(self, since, month="2025-04"):
        """Ids of those who signed up in a month."""
        return since.index[since.dt.strftime("%Y-%m") == month]

    @cached_property
    def users(self):
        return self.joined(samples.members(self.tables).since)

    @cached_property
    def sent(self):
        return self.invitations_of(self.users)

    def invitations_of(self, users):
        sent = samples.invitations(self.tables)
        return sent[sent.sharer_id.isin(users)]

    @cached_property
    def answers(self):
        k = self.sent.came.sum() / len(self.users)
        return k, 1 / (1 - k)

    def right(self):
        return self.answers

    def mistakes(self):
        k, _ = self.answers
        for value, sentence in (
            (1 + k, "That stops after the first round of friends. They invite as well: 1 + K + K² + …"),
            (1 + k + k * k, "That stops after the second round of friends. They invite as well: the sum is 1/(1 − K)."),
            (1 / k, "That is 1/K. The sum 1 + K + K² + … is 1/(1 − K)."),
            (k / (1 - k), "Those are the invited alone; count the member herself too."),
            (1 - k, "That is 1 − K. The sum 1 + K + K² + … is its inverse, 1/(1 − K)."),
            (1 / (1 + k), "The sign is turned: the sum 1 + K + K² + … is 1/(1 − K)."),
            (1 / (1 - round(k, 2)), "You rounded K before you divided. Keep three decimals of K at least."),
            (1 / (1 - round(k, 1)), "You rounded K before you divided. Keep three decimals of K at least."),
        ):
            yield {"multiplier": value}, sentence

    def variants(self):
        for value, sentence in self.other_ks():
            yield (value, 1 / (1 - value)), sentence

    def other_ks(self):
        """What people take for K, and what to say of each."""
        users, sent, came, members = self.users, self.sent, self.sent[self.sent.came], samples.members(self.tables)
        many, everything = len(users), samples.invitations(self.tables)
        yield len(came) / sent.sharer_id.nunique(), (
            "You divided by those who invited. Members who never invite are members too.")
        yield len(came) / came.sharer_id.nunique(), (
            "You divided by those whose invitations were accepted. All members who joined in April are the users.")
        yield len(came) / len(sent), "That is the share accepted. K multiplies it by the invitations per member."
        yield len(sent) / many, "Those are the invitations per member. K multiplies them by the share accepted."
        yield sent.opened.notna().sum() / many, "Those are invitations opened. A look is not a sign-up."
        yield sent.joined.sum() / many, (
            "Some of these joined something else than the shop. Keep those whose receiver is a member.")
        yield (came.shared.dt.month == 4).sum() / many, (
            "You took only the invitations sent in April. Members go on inviting: count up to the end.")
        in_april = everything[everything.shared.dt.strftime("%Y-%m") == "2025-04"]
        yield in_april.came.sum() / many, (
            "You took the invitations that anybody sent in April. Take those whose sharer joined in April, and all of "
            "theirs up to the end.")
        yield everything.came.sum() / len(members), (
            "That is K of all members, the unripe ones of August included. Take those who joined in April.")
        ripe, days = samples.ripe_members(self.tables), samples.ripe_days(self.tables)
        yield samples.friends_within(self.tables, ripe, days).mean(), (
            "That looks like the K of the text, of all members of thirteen weeks or more. Take those who joined in "
            "April, up to the end.")
        customers = self.joined(self.tables.customers.set_index("customer_id").joined)
        yield self.invitations_of(customers).came.sum() / len(customers), (
            "You took the customers who `joined` the firm in April. Members of the social shop have a `member_since`.")
        for month, name in (("2025-03", "March"), ("2025-05", "May")):
            others = self.joined(members.since, month)
            yield self.invitations_of(others).came.sum() / len(others), (
                f"Those are the members who joined in {name}. Take April.")


@exercise(
    "6.1c", title="Another fortnight",
    fields=[Field("neighbours", "Item neighbours", "fraction of customers", decimals=3),
            Field("best_sellers", "Best sellers", "fraction of customers", decimals=3)],
    hint="`methods.recommend.time_split(…, \"2025-08-04\")` of the orders before 18 August gives what came before and "
         "what came after. Keep of the first the orders from 28 July on: both recommenders are made of these.",
    needs=("orders", "customers"),
)
class AnotherFortnight(Exercise):
    praise = ("Given the same week, the two are much nearer than in a contest in which only one of them may forget the "
              "spring. And a hit rate says who foretells; what showing a product changes, only a test can say.")
    explain = ("Train on the past, test on what came next, and give both the same past: a method that must carry the "
               "whole season is judged with old products on its back.")

    @cached_property
    def events(self):
        return samples.member_orders(self.tables)

    @cached_property
    def split(self):
        """Everything before 4 August, the week before it, and the fortnight after it."""
        before, after = recommend.time_split(self.events[self.events.created < "2025-08-18"], "2025-08-04")
        return before, before[before.created >= "2025-07-28"], after

    @staticmethod
    def rates(train, test, k=10, **how):
        fits = {"neighbours": recommend.item_neighbours(train), "best_sellers": recommend.popularity(train)}
        how = {"known_only": True, **how}
        return {name: recommend.hit_rate(fit, test, k, **how).rate for name, fit in fits.items()}

    @cached_property
    def answers(self):
        return self.rates(*self.split[1:])

    def right(self):
        return self.answers

    def mistakes(self):
        before, _, after = self.split
        fits = recommend.item_neighbours(before), recommend.popularity(before, days=7)
        neighbours, fresh = (recommend.hit_rate(fit, after, 10, known_only=True).rate for fit in fits)
        yield {"neighbours": neighbours, "best_sellers": fresh}, (
            "Only the list forgets the spring here: give the neighbours the week from 28 July too, and test both on "
            "the customers of that week.")
        other = recommend.hit_rate(recommend.factorise(self.split[1], 8), after, 10, known_only=True)
        yield {"neighbours": other.rate}, "That is matrix factorisation. Asked are item neighbours."
        right = self.answers
        yield {"best_sellers": right["best_sellers"] - right["neighbours"]}, (
            "That is the difference. Give both hit rates.")
        yield (other.customers, other.customers), "That is a number of customers. The hit rate is the `.rate`."
        yield {"best_sellers": fresh}, (
            "That list knows the customers of the whole season. Train it on the orders of the week alone, so that "
            "both are tested on the same customers.")

    def variants(self):
        (before, week, after), events = self.split, self.events
        yield self.rates(before, after), (
            "You trained on the whole season. Both are to be given the same week: orders from 28 July on.")
        for shuffled, hidden in (recommend.random_split(events, 0.2), recommend.random_split(
                events[events.created < "2025-08-18"], 0.2)):
            yield self.rates(shuffled, hidden), (
                "That is a random split: the recommender has been trained on orders that came after those it has to "
                "guess. Split by time.")
        yield self.rates(week, events[events.created >= "2025-08-04"]), (
            "Your test runs on to the end of August. Cut it after 17 August: a longer test gives more chances to hit.")
        yield self.rates(week, after[after.created < "2025-08-17"]), (
            "Your test ends with 16 August. The seventeenth belongs to it: orders before the eighteenth.")
        yield self.rates(week, after[after.created < "2025-08-11"]), "That is one week of test. Take the fortnight."
        last = events[events.created >= "2025-08-18"]
        before_it = events[events.created.between("2025-08-11", "2025-08-18", inclusive="left")]
        yield self.rates(before_it, last), "That is the split of the text, 18 August. Move it a fortnight back."
        yield self.rates(week, after, known_only=False), (
            "You kept customers without an order in that week. For them a recommender knows nothing but the best "
            "sellers: set known_only=True.")
        yield self.rates(week, after, new_only=False), (
            "You counted what she had bought already. Leave `new_only` as it is.")
        for k in (5, 1, 20):
            yield self.rates(week, after, k), f"That is the hit rate at {k}. Ten products are shown."
        for first, weeks in (("2025-07-21", "two"), ("2025-07-14", "three"), ("2025-07-07", "four")):
            yield self.rates(before[before.created >= first], after), (
                f"You trained on {weeks} weeks. The week from 28 July is asked.")
        yield self.rates(week[week.created < "2025-08-03"], after), (
            "Your week ends with 2 August. The third belongs to it: orders before the fourth.")
        yield self.rates(week[week.created >= "2025-07-29"], after), "Your week begins with 29 July. Take 28 July too."
        orders = self.tables.orders.dropna(subset=["paid", "customer_id"])
        firm = orders[orders.created.between("2025-07-28", "2025-08-04", inclusive="left")]
        firm_after = orders[orders.created.between("2025-08-04", "2025-08-18", inclusive="left")]
        yield self.rates(firm, firm_after), "Those are all orders of the firm. Take the members' orders."


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

    @cached_property
    def rows(self):
        return samples.buyers(self.tables)

    @staticmethod
    def naive(rows, outcome="further"):
        return rows[outcome][rows.invited].mean() - rows[outcome][~rows.invited].mean()

    def matched(self, ties, outcome="further"):
        circles = samples.circles(self.rows, ties.drop_duplicates())
        return effects.matched_effect(circles, outcome, "invited", ["friend"], cluster="friend").estimate

    @cached_property
    def answers(self):
        return self.naive(self.rows), self.matched(samples.contacts(self.tables))

    def right(self):
        return self.answers

    def mistakes(self):
        rows, ties = self.rows, samples.contacts(self.tables)
        naive, matched = self.answers
        yield {"matched": naive}, "That is the naive difference again: match on the friend."
        yield {"naive": matched}, "That is the matched one; the naive compares with all others."
        for value, sentence in self.other_differences(rows):
            yield {"naive": value}, sentence
        for value, sentence in self.other_matches(rows, ties):
            yield {"matched": value}, sentence

    def variants(self):
        ties = samples.contacts(self.tables)
        yield (self.naive(self.rows, "again"), self.matched(ties, "again")), (
            "That is the share with a second order. The outcome here is `further`, the number of orders.")

    def other_differences(self, rows):
        """What people take for the naive difference, and what to say of it."""
        invited, others = rows.further[rows.invited], rows.further[~rows.invited]
        yield invited.mean(), "That is the level of the invited; take the others' off."
        yield others.mean(), "That is the level of the others; take it off that of the invited."
        yield invited.mean() / others.mean(), "That is a ratio. The difference of the two means is asked."
        for factor in (1, 100):
            yield factor * (invited.mean() / others.mean() - 1), (
                "That is relative to the others' orders. The question asks for orders per member.")
        yield invited.mean() - rows.further.mean(), "You compared with everybody. Compare with those not invited."
        yield invited.sum() - others.sum(), "That is a difference of sums. There are more of the others: take means."
        yield invited.median() - others.median(), (
            "That is a difference of medians. How many more orders is a question of means.")
        yield self.naive(samples.buyers(self.tables, whole=False)), (
            "Some of these had fewer than 56 days left. Take only buyers whose whole window is in the data.")
        season = samples.order_times(self.tables).groupby("customer_id").size()
        yield self.naive(rows.assign(season=season), "season"), (
            "You counted orders up to the end of August. Whoever came early then has more time: count 56 days for "
            "everybody.")
        once = rows[rows.again > 0]
        yield self.naive(once), (
            "You left out those who never came again. They made no further order: they count with zero.")

    def other_matches(self, rows, ties):
        """What people take for the difference matched on the friend, and what to say of it."""
        circles = samples.circles(rows, ties)
        paper = effects.matched_effect(rows, "further", "invited", ["segment", "channel_id", "age_band", "month"])
        yield paper.estimate, (
            "You matched on what the database knows. That hardly helps; match on the friend, in `circles`.")
        yield self.naive(circles), (
            "That pools all circles. Set each invited member against the contacts of her own friend: matched_effect.")
        follows = self.tables.follows.rename(columns={"follower_id": "friend", "followed_id": "contact"})
        followers = self.tables.follows.rename(columns={"followed_id": "friend", "follower_id": "contact"})
        for ring, sentence in (
            (pd.DataFrame({"friend": rows.index, "contact": rows.index}),
             "You compared with the friend herself. She was chosen by having invited; take her other contacts."),
            (follows[["friend", "contact"]], "You took only those whom the friend follows. Her followers are her "
                                             "contacts too."),
            (followers[["friend", "contact"]], "You took only the friend's followers. Those whom she follows are her "
                                               "contacts too."),
            (samples.contacts_of_contacts(self.tables), "Those are contacts of contacts, one step too far. Take the "
                                                        "friend's own."),
        ):
            yield self.matched(ring), sentence
        by_friend = circles.groupby(["friend", "invited"]).further.mean().unstack().dropna()
        yield (by_friend[True] - by_friend[False]).mean(), (
            "Each friend counts once here. Let each invited member count once: a friend who invited three counts "
            "three times.")
        yield by_friend[True].mean() / by_friend[False].mean(), "That is a ratio. The difference is asked."
