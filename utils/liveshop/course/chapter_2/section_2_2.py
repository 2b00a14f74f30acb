"""Exercises of section 2.2, What it is good at."""

from functools import cached_property

import numpy as np

from liveshop.course.chapter_2 import samples
from liveshop.practice import Exercise, Field, exercise

SOURCES = ("feed", "follow", "paid", "search", "share", "video")
SEASON = "2025-03-03"            # the first day of the season: who was a customer before it is known


class OfVisits(Exercise):
    """An exercise on the visits of rooms and of shelf pages."""

    @cached_property
    def visits(self):
        return samples.visits(self.tables)


@exercise(
    "2.2a", title="What the slide counts",
    fields=[Field("live_share", "Ordered in rooms", "fraction of the persons seen in rooms", decimals=4),
            Field("shelf_share", "Ordered on shelf pages", "fraction of the persons seen on shelf pages", decimals=4),
            Field("ratio", "First / second", "ratio", decimals=2)],
    hint=["A person who came forty times is one person, above the line and below it.",
          "`live.groupby(\"viewer_id\").bought.any()` says of each person whether she ever ordered; its mean is the "
          "share."],
    needs=("viewer_sessions", "shelf_sessions"),
)
class Persons(OfVisits):
    explain = ("Group the visits by person and ask whether any of them had an order. The mean of that is the share of "
               "persons. Whoever comes often has more chances to order, so it is larger than the share of visits.")

    @property
    def praise(self):
        live, shelf = self.visits
        often, seldom = (len(of) / of.viewer_id.nunique() for of in (live, shelf))
        return (f"Another unit, another number, and neither is an effect. Persons come {often:.1f} times into rooms "
                f"and {seldom:.1f} times onto shelf pages, so a person had more chances in rooms; and they are other "
                "persons.")

    def right(self):
        live, shelf = (of.groupby("viewer_id").bought.any().mean() for of in self.visits)
        return live, shelf, live / shelf

    def shares(self, of_live, of_shelf):
        return of_live, of_shelf, of_live / of_shelf

    def mistakes(self):
        live, shelf, ratio = self.right()
        yield {"ratio": 1 / ratio}, "That is second / first. Asked is rooms / shelf pages."
        yield {"live_share": shelf, "shelf_share": live}, "The two places are exchanged."
        yield {"ratio": ratio - 1}, "That is by how much it is larger. Asked is how many times as large."
        yield {"ratio": live - shelf}, "That is the difference. Asked is the ratio."

    def variants(self):
        live, shelf = self.visits
        sessions = self.tables.viewer_sessions, self.tables.shelf_sessions
        yield self.shares(*(of.bought.mean() for of in self.visits)), (
            "That is per visit, as on the slide. Asked are persons: one row each.")
        yield self.shares(*(of.bought.sum() / of.viewer_id.nunique() for of in self.visits)), (
            "You divided visits with an order by persons. Who ordered twice counts twice above the line: ask whether "
            "she ever ordered.")
        yield self.shares(*(of.orders.sum() / of.viewer_id.nunique() for of in sessions)), (
            "You divided orders by persons. Who ordered twice counts twice above the line: ask whether she ever "
            "ordered.")
        yield self.shares(*(of.orders.mean() for of in sessions)), "Those are orders per visit. Asked are persons."
        yield self.shares(*(of.viewer_id[of.bought].nunique() / len(of) for of in self.visits)), (
            "You divided persons who ordered by visits. Below the line belong persons too.")
        yield self.shares(*(of.groupby("viewer_id").bought.mean().mean() for of in self.visits)), (
            "You averaged each person's share of visits with an order. Asked is whether she ever ordered.")
        both = set(live.viewer_id) & set(shelf.viewer_id)
        seen = [of[of.viewer_id.isin(both)] for of in self.visits]
        yield self.shares(*(of.groupby("viewer_id").bought.any().mean() for of in seen)), (
            "Those are the persons seen in both places. Asked is everybody seen in each.")
        yield self.shares(*(of.drop_duplicates("viewer_id").bought.mean() for of in self.visits)), (
            "You kept only each person's first visit. Whether she ordered in any of them is asked.")
        by_person = [of.groupby("viewer_id").bought.agg(["all", "sum"]) for of in self.visits]
        yield self.shares(*(of["all"].mean() for of in by_person)), (
            "That is who ordered in every visit (`all`). Asked is in at least one.")
        yield self.shares(*((of["sum"] > 1).mean() for of in by_person)), (
            "That is who ordered more than once. Asked is at least once.")
        yield self.shares(*(of.groupby(["viewer_id", "source"], observed=True).bought.any().mean()
                            for of in self.visits)), (
            "A person counts once for each source. Group by the person alone.")
        by_room = self.tables.viewer_sessions.groupby(["stream_id", "viewer_id"]).orders.max()
        yield self.shares((by_room > 0).mean(), self.right()[1]), (
            "Those are viewers of a room, counted once a broadcast. Asked are persons of the season.")
        ordinary = [of[~festival] for of, festival in
                    zip(self.visits, samples.in_festival(self.tables), strict=True) if festival.any()]
        if len(ordinary) == 2:
            yield self.shares(*(of.groupby("viewer_id").bought.any().mean() for of in ordinary)), (
                "The festival's visits are left out. Asked is the whole season.")
        alone = [of[~of.viewer_id.isin(both)] for of in self.visits]
        yield self.shares(*(of.groupby("viewer_id").bought.any().mean() for of in alone)), (
            "Those are the persons seen in one place only. Asked is everybody seen in each.")
        everybody = len(set(live.viewer_id) | set(shelf.viewer_id))
        yield self.shares(*(of.viewer_id[of.bought].nunique() / everybody for of in self.visits)), (
            "You divided by the persons of both places together. Each place has its own persons below the line.")

    def rarer(self):
        live, shelf = self.visits
        placed = self.tables.orders if "orders" in self.tables else None
        if placed is not None:
            in_rooms = placed.session_id[placed.source == "live"]
            entries = self.tables.viewer_sessions
            ever = entries.viewer_id[entries.session_id.isin(in_rooms)].nunique() / entries.viewer_id.nunique()
            yield self.shares(ever, self.right()[1]), (
                "Unpaid orders of the table of orders are in. `bought` says who placed an order that was paid.")
            buyers = placed.groupby("source").customer_id.nunique()
            yield self.shares(buyers["live"] / live.viewer_id.nunique(), buyers["shelf"] / shelf.viewer_id.nunique()), (
                "Unpaid orders of the table of orders are in. `bought` says who placed an order that was paid.")
        everyone = self.tables.customers.customer_id.nunique() if "customers" in self.tables else 0
        if everyone:
            yield self.shares(*(of.viewer_id[of.bought].nunique() / everyone for of in self.visits)), (
                "You divided by the table of customers. Below the line belong the persons who were seen there.")
        first, second, ratio = self.right()
        for places in (2, 3):
            if rounded := round(second, places):
                yield {"ratio": round(first, places) / rounded}, (
                    "You divided shares that were rounded already. Divide the unrounded ones, then round.")
        yield {"ratio": ratio * (1 - second) / (1 - first)}, (
            "That is the ratio of the odds. Asked is that of the shares.")
        buyers = set(live.viewer_id[live.bought]) | set(shelf.viewer_id[shelf.bought])
        yield self.shares(*(len(buyers & set(of.viewer_id)) / of.viewer_id.nunique() for of in (live, shelf))), (
            "You counted who ordered in either place. Asked is who ordered in this one.")
        searched = [of[of.source == "search"] for of in (live, shelf)]
        if all(map(len, searched)):
            yield self.shares(*(of.groupby("viewer_id").bought.any().mean() for of in searched)), (
                "Those are the persons who came searching. Asked is everybody.")
        yield {"ratio": (1 - first) / (1 - second)}, "That is the ratio of those who never ordered."
        yield {"ratio": live.viewer_id.nunique() / shelf.viewer_id.nunique()}, (
            "That is how many times as many persons were seen. Asked is the first share divided by the second.")
        yield {"ratio": samples.lift(live, shelf).estimate}, (
            "That is the ratio within persons. Asked is the first share divided by the second.")
        for field, of, sessions in (("live_share", live, self.tables.viewer_sessions),
                                    ("shelf_share", shelf, self.tables.shelf_sessions)):
            clicked = sessions.groupby("viewer_id").product_clicks.sum().gt(0).mean()
            yield {field: clicked}, "That is the share of persons who opened a product. Asked are orders."
            yield {field: 1 - of.groupby("viewer_id").bought.any().mean()}, "That is the share who never ordered."
            yield {field: of.viewer_id[of.bought].nunique()}, "That is how many persons ordered, not the share of them."
            yield {field: of.viewer_id.nunique()}, "That is how many persons were seen there."


@exercise(
    "2.2b", title="Two questions, two mixes",
    fields=[Field("rooms", "About those who come into rooms", "ratio, rooms / shelf pages", decimals=3),
            Field("shelf", "About the visitors of shelf pages", "ratio, rooms / shelf pages", decimals=3)],
    hint=["Whose orders are you foretelling? Theirs is the mix that weighs the strata.",
          "`mix=\"live\"` weighs known customers and strangers as the rooms have them, `mix=\"shelf\"` as shelf pages "
          "have them. The rates of the strata stay the same."],
    needs=("viewer_sessions", "shelf_sessions", "customers", "streams"),
)
class TwoMixes(OfVisits):
    explain = ("Four rates (customers and strangers, in both places) and two mixes. For the first question both rates "
               "are weighed with the rooms' shares of customers and strangers, for the second with the shelf's.")
    since, strata, mixes = SEASON, ("known",), ("live", "shelf")

    @property
    def praise(self):
        rooms, shelf = self.right()
        return (f"The same four rates, and {rooms:.2f} or {shelf:.2f} according to whom you ask about. Both are still "
                "too high: a customer who walks into a room tonight is no average customer.")

    @cached_property
    def labelled(self):
        return [samples.known(of, self.tables.customers, self.since) for of in self.visits]

    def ratio(self, mix):
        return samples.standardised(*self.labelled, list(self.strata), mix).ratio("live", "shelf")

    def right(self):
        return tuple(self.ratio(mix)[0] for mix in self.mixes)

    def mistakes(self):
        rooms, shelf = self.right()
        live, page = self.labelled
        by_known = live.groupby("known").bought.mean() / page.groupby("known").bought.mean()
        yield {"rooms": shelf}, "That is weighed with the shelf's mix. Those who are asked about lend theirs."
        yield {"shelf": rooms}, "That is weighed with the rooms' mix. Those who are asked about lend theirs."
        for field, right in (("rooms", rooms), ("shelf", shelf)):
            yield {field: live.bought.mean() / page.bought.mean()}, (
                "That is the ratio of all visits: nothing is held fixed yet.")
            yield {field: self.ratio("all")[0]}, (
                "That is everybody's mix, which answers neither question. Say whose orders you foretell.")
            yield {field: by_known[True]}, "That is the ratio among known customers alone. Both strata belong in it."
            yield {field: by_known[False]}, "That is the ratio among strangers alone. Both strata belong in it."
            yield {field: by_known.mean()}, "You averaged the two ratios. Weigh the rates by the mix, then divide once."
            yield {field: 1 / right}, "That is shelf pages / rooms. Asked is rooms / shelf pages."
            yield {field: right - 1}, "That is by how much it is larger. Asked is how many times as large."
        for field, of, mix in (("rooms", live, "live"), ("shelf", page, "shelf")):
            share = of.known.mean()
            yield {field: share * by_known[True] + (1 - share) * by_known[False]}, (
                "You weighed the ratios by visits. Weigh the rates, then divide: strata count by their orders.")
            low, high = self.ratio(mix)[1:]
            yield {field: low}, "That is the lower end of the interval. Take the estimate."
            yield {field: high}, "That is the upper end of the interval. Take the estimate."

    def variants(self):
        for since, words in (("2025-01-01", "1 January"), ("2025-04-01", "1 April"), ("2025-05-01", "1 May"),
                             ("2025-06-01", "1 June")):
            yield self.but(since=since), f"Known is who joined before {words}. Asked is before 3 March."
        persons = [of.groupby("viewer_id").agg({"bought": "any", "known": "first"}).reset_index()
                   for of in self.labelled]
        yield self.but(labelled=persons), "You counted persons. Asked are visits."
        yield self.but(mixes=("shelf", "live")), (
            "The two mixes are exchanged. Who is asked about lends the mix: the rooms' for those who come there.")
        yield self.but(since="2100-01-01"), (
            "You counted as known whoever ever became a customer. Who does so in the room tonight proves nothing; take "
            "those who had joined before the season.")
        yield self.but(strata=("source",)), "You held the source fixed. Asked is another label: known customer or not."
        yield self.but(strata=("source", "known")), "You held source and customer fixed. Asked is customer alone."

    def rarer(self):
        from liveshop.methods import standardise

        counts = samples.counts(*self.labelled, self.strata)
        odds = standardise.mantel_haenszel(counts, "place", list(self.strata), "orders", "visits", "live", "shelf")
        within = samples.lift(*self.visits).estimate
        for field, mix in (("rooms", "live"), ("shelf", "shelf")):
            rates = samples.standardised(*self.labelled, list(self.strata), mix).rates.standardised
            yield {field: odds.estimate}, "That is Mantel and Haenszel's odds ratio, with a mix of its own."
            yield {field: samples.moved(*samples.doors(self.tables), samples.lifts_at_doors(self.tables), mix)[0]}, (
                "That is within persons, by door. Asked is with the label customer or not.")
            shares = [of.groupby("viewer_id").bought.any().mean() for of in self.visits]
            yield {field: shares[0] / shares[1]}, "That counts persons, and nothing is held fixed. Asked are visits."
            yield {field: within}, "That is within persons. Asked is with the label customer or not."
            for scale in (1, 1000):
                yield {field: scale * (rates["live"] - rates["shelf"])}, "That is a difference. Asked is a ratio."
            for place in ("live", "shelf"):
                yield {field: rates[place]}, "That is one of the two weighed rates. Asked is one divided by the other."
        live, page = (of.groupby("known").bought.mean() for of in self.labelled)
        for field in ("rooms", "shelf"):
            yield {field: live.mean() / page.mean()}, (
                "Customers and strangers weigh alike there, half and half. Let those who are asked about lend the mix.")
        mixes = [of.known.value_counts(normalize=True) for of in self.labelled]
        yield {"shelf": (live * mixes[1]).sum() / (page * mixes[0]).sum()}, (
            "Each rate is weighed with the other place's mix. Give both the mix of those who are asked about.")
        for field, of in zip(("rooms", "shelf"), self.labelled, strict=True):
            orders = of.groupby("known").bought.sum()
            yield {field: (live * orders).sum() / (page * orders).sum()}, (
                "You weighed the rates by orders. Weigh them by visits.")
            once = of.drop_duplicates("viewer_id").known.value_counts()
            yield {field: (live * once).sum() / (page * once).sum()}, (
                "The mix is that of persons. Weigh by the mix of visits.")
        crude = [of.bought.mean() for of in self.labelled]
        for field, mix, turned in (("rooms", "live", False), ("shelf", "shelf", True)):
            rates = samples.standardised(*self.labelled, list(self.strata), mix).rates.standardised
            yield {field: rates["live"] / crude[0] if turned else rates["shelf"] / crude[1]}, (
                "You divided one place's weighed rate by its own crude one. Divide the two places' weighed rates.")
        ordinary = [of[~festival] for of, festival in
                    zip(self.visits, samples.in_festival(self.tables), strict=True)]
        yield self.but(visits=ordinary), "The festival's visits are left out. Asked are all."


@exercise(
    "2.2c", title="Where the advantage is least",
    fields=[Field("source", "Lowest ratio", options=SOURCES),
            Field("ratio", "Its ratio", "rooms / shelf pages, the same persons", decimals=2),
            Field("orders", "Rests on", "orders on shelf pages", decimals=0, whole=True)],
    hint=["Look at the ratio first, then at what stands below the line.",
          "`~festival` keeps the visits outside the festival; give both frames to "
          "`samples.lifts_by(…, \"source\")` and look at estimate and shelf_orders."],
    needs=("viewer_sessions", "shelf_sessions", "streams"),
)
class NoAdvantage(OfVisits):
    explain = ("Leave the festival's visits out of both frames, compare the same persons within each source, and take "
               "the lowest ratio. The number of orders below the line says how far it can be trusted.")
    when, by = "ordinary", "source"

    @property
    def praise(self):
        found = self.found
        seen = ("So no advantage can be seen; a small one, or a small loss, is not excluded"
                if found.low <= 1 <= found.high else "So 1 is not in it")
        why = " Whoever searches has decided already, and needs a page with a size table."
        return (f"The interval goes from {found.low:.2f} to {found.high:.2f}. {seen}."
                + (why if found.name == "search" else ""))

    @cached_property
    def table(self):
        kept = {"ordinary": lambda festival: ~festival, "festival": lambda festival: festival,
                "all": np.ones_like}[self.when]
        return samples.lifts_by(*(of[kept(festival)] for of, festival in
                                  zip(self.visits, samples.in_festival(self.tables), strict=True)), "source")

    @cached_property
    def found(self):
        return self.table.loc[self.table.estimate.idxmin()]

    def right(self):
        return self.found.name, self.found.estimate, self.found.shelf_orders

    def mistakes(self):
        name, ratio, orders = self.right()
        live, shelf = (of[~festival] for of, festival in
                       zip(self.visits, samples.in_festival(self.tables), strict=True))
        for source, row in self.table.iterrows():
            if source == name:
                continue
            largest = source == self.table.estimate.idxmax()
            yield {"source": source}, (
                f"{source} has {row.estimate:.2f} ({row.low:.2f} to {row.high:.2f})"
                + (", the largest of all. Asked is the lowest." if largest else "; one source has less."))
            yield {"ratio": row.estimate}, f"That is the ratio of {source}."
            yield {"orders": row.shelf_orders}, f"That is {source}'s number."
        yield {"ratio": 1 / ratio}, "That is shelf pages / rooms. Asked is rooms / shelf pages."
        yield {"ratio": ratio - 1}, "That is by how much it is larger. Asked is how many times as large."
        yield {"ratio": live[live.source == name].bought.mean() / shelf[shelf.source == name].bought.mean()}, (
            "That is the ratio of all visits from this source. Compare the same persons.")
        yield {"ratio": self.found.low}, "That is the lower end of the interval. Take the estimate."
        yield {"ratio": self.found.high}, "That is the upper end of the interval. Take the estimate."
        yield {"ratio": self.found.error}, "That is the error of the logarithm. Take the estimate."
        yield {"orders": self.found.live_orders}, "Those are their orders in rooms. Asked is the shelf, below the line."
        yield {"orders": self.found.persons}, "Those are the persons. Asked are their orders on shelf pages."
        yield {"orders": shelf[shelf.source == name].bought.sum()}, (
            "Those are the orders of everybody from this source. Asked are those of persons seen in both places.")

    def variants(self):
        for when, sentence in (("all", "The festival is in. Leave its visits out of both frames."),
                               ("festival", "Those are the festival's visits. Asked are all others: `~festival`.")):
            other = self.but(when=when).table.loc[self.right()[0]]
            yield (self.right()[0], other.estimate, other.shelf_orders), sentence
        for at, place in enumerate(("rooms", "shelf")):
            half = [of[~festival] if i == at else of for i, (of, festival) in
                    enumerate(zip(self.visits, samples.in_festival(self.tables), strict=True))]
            other = samples.lifts_by(*half, "source").loc[self.right()[0]]
            yield (self.right()[0], other.estimate, other.shelf_orders), (
                f"The festival is left out of the {place} only. Leave it out of both frames.")
        rates = [of[~festival].groupby("source", observed=True).bought.agg(["mean", "sum"]) for of, festival in
                 zip(self.visits, samples.in_festival(self.tables), strict=True)]
        naive = rates[0]["mean"] / rates[1]["mean"]
        for orders in (rates[1]["sum"][naive.idxmin()], self.right()[2]):
            yield (naive.idxmin(), naive.min(), orders), (
                "That is the lowest ratio of all visits. Compare the same persons: `samples.lifts_by`.")

    def rarer(self):
        live, shelf = (of[~festival] for of, festival in
                       zip(self.visits, samples.in_festival(self.tables), strict=True))
        name = self.right()[0]
        wider = samples.lift(live[live.source == name], shelf)
        yield {"ratio": wider.estimate, "orders": wider.shelf_orders}, (
            "Below the line are all shelf visits of these persons. Asked is the same source in both places.")
        yield {"ratio": wider.estimate}, "Below the line are all shelf visits. Asked is the same source in both places."
        yield {"orders": (shelf.source == name).sum()}, "Those are visits of shelf pages. Asked are orders."
        pooled = samples.lift(live, shelf)
        yield {"ratio": pooled.estimate}, "That is over all sources. Asked is the one source."
        yield {"orders": pooled.shelf_orders}, "Those are the orders over all sources."
        yield {"orders": self.found.live_orders + self.found.shelf_orders}, (
            "Those are their orders in both places. Asked are those on shelf pages.")
        for source, row in self.table.iterrows():
            if source != name:
                yield {"ratio": row.low}, f"That is the lower end of {source}'s interval. Take the estimate."
        everything = self.visits[1]
        yield {"orders": everything.bought[everything.source == name].sum()}, (
            "Those are the orders of everybody from this source, festival too. Asked are these persons, outside it.")
        yield {"orders": self.table.shelf_orders.sum()}, "Those are the shelf orders of all sources together."
        yield {"orders": shelf.bought.sum()}, "Those are all orders on shelf pages. Asked are those behind this ratio."
        same = shelf[(shelf.source == name) & shelf.viewer_id.isin(live.viewer_id[live.source == name])]
        yield {"orders": len(same)}, "Those are the visits of these persons. Asked are their orders on shelf pages."
        of_these = shelf.bought[shelf.viewer_id.isin(same.viewer_id)].sum()
        for orders in {wider.shelf_orders, of_these}:
            yield {"orders": orders}, (
                "Those are the shelf orders of these persons from all sources. Asked are those from the one source.")
        yield {"orders": live[live.source == name].bought.sum()}, (
            "Those are the orders in rooms, of everybody from this source. Asked are shelf orders of these persons.")
        held = [of.assign(festive=festive) for of, festive in
                zip(self.visits, samples.in_festival(self.tables), strict=True)]
        both = samples.lift(*(of[of.source == name] for of in held), ["viewer_id", "festive"])
        yield {"ratio": both.estimate}, "You held the festival fixed and kept its visits. Leave them out."
