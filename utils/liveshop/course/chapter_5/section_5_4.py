"""Exercises of section 5.4: reading the room's data."""

from functools import cached_property
from itertools import permutations

import numpy as np

from liveshop import metrics
from liveshop.course.chapter_5 import samples, written
from liveshop.course.chapter_5.dials import ALLOWED, GRID, MARGIN, best_wait, score
from liveshop.course.chapter_5.samples import CHAIN, EARLIER, LATER
from liveshop.course.chapter_5.written import goes_up, has, numbers, says, starts_at
from liveshop.course.chapter_5.wrong import reading
from liveshop.course.chapter_5.wrong.reading import links, parts
from liveshop.methods import decomposition
from liveshop.practice import Exercise, Field, Verdict, exercise
from liveshop.tables.memory import once_per_tables

ROOM = "S0108"                       # 5.4a


@exercise(
    "5.4a",
    title="GPM, CTOR and ACU of a broadcast",
    fields=[
        Field("gpm", "GPM", "yuan per 1,000 views", decimals=0),
        Field("ctor", "CTOR", "fraction of product clicks", decimals=3),
        Field("acu", "ACU", "viewers", decimals=1),
    ],
    hint=["Say each ratio with its denominator.",
          "GMV per 1,000 views; paid orders per product click; seconds watched, of all entries together, per "
          "second on air."],
    needs=("streams", "stream_minutes"),
)
class ThreeRatios(Exercise):
    praise = "Three numbers, three denominators: entries, clicks, seconds on air."
    explain = ("GPM divides by views, so a viewer who comes back counts again. CTOR divides by product clicks and is "
               "blind to everything before the click. ACU is total watch time over time on air: the height of a "
               "rectangle with the same area as the night.")

    @cached_property
    def room(self):
        """The row of the broadcast; entered: entries per minute on air."""
        minutes = self.tables.stream_minutes
        room = self.tables.streams.set_index("stream_id").loc[ROOM].copy()
        room["entered"] = minutes[minutes.stream_id == ROOM].enters.mean()
        return room

    def right(self):
        room = self.room
        return {"gpm": metrics.gpm(room.gmv, room.views), "ctor": metrics.ctor(room.orders, room.product_clicks),
                "acu": metrics.acu(room.watch_seconds, room.stream_seconds)}

    def mistakes(self):
        room = self.room
        for base, sentence in {
            "viewers": "You divided by viewers; GPM is per 1,000 views, and some viewers entered twice.",
            "impressions": "You divided by impressions: that is show GPM, which also judges the cover and title.",
            "product_clicks": "You divided by product clicks; GPM is per 1,000 views.",
            "product_impressions": "You divided by product impressions; GPM is per 1,000 views.",
            "orders": "You divided by orders: that is 1,000 times the money per order. GPM is per 1,000 views.",
            "buyers": "You divided by buyers; GPM is per 1,000 views.",
            "watch_seconds": "You divided by the seconds watched; GPM is per 1,000 views.",
            "stream_seconds": "You divided by the seconds on air; GPM is per 1,000 views.",
        }.items():
            yield {"gpm": 1000 * room.gmv / room[base]}, sentence
        yield {"gpm": room.gmv / room.views}, "That is GMV per single view; GPM is per 1,000."
        yield {"gpm": room.gmv / room.viewers}, "That is UV value, GMV per viewer."
        yield {"gpm": room.gmv}, "That is the whole GMV, per nothing yet. GPM is per 1,000 views."
        yield {"gpm": room.gmv / (room.stream_seconds / 3600)}, "That is GMV per hour on air; GPM is per 1,000 views."
        for base, sentence in {
            "views": "You divided by views; CTOR is per product click.",
            "viewers": "You divided by viewers; CTOR is per product click.",
            "impressions": "You divided by impressions of the room; CTOR is per product click.",
            "product_impressions": "You divided by product impressions; CTOR is per product click.",
        }.items():
            yield {"ctor": room.orders / room[base]}, sentence
        for counted, sentence in {
            "buyers": "You counted buyers; the O in CTOR stands for orders, and some people order twice.",
            "sku_orders": "You counted SKU orders (order lines): an order with two products is one order here.",
            "items": "You counted items; an order may hold several.",
        }.items():
            yield {"ctor": room[counted] / room.product_clicks}, sentence
        yield {"ctor": room.product_clicks / room.product_impressions}, (
            "That is the click rate of the products: clicks per impression. CTOR is orders per click.")
        yield {"ctor": room.product_clicks / room.orders}, "Upside down: that is clicks per order."
        for base, sentence in {
            "views": "That is average watch time per view, in seconds. Divide by the seconds on air.",
            "viewers": "That is watch time per viewer, in seconds. Divide by the seconds on air.",
        }.items():
            yield {"acu": room.watch_seconds / room[base]}, sentence
        yield {"acu": room.entered}, (
            "That is entries per minute: how many came in. ACU is how many were there: watch time over time on air.")
        yield {"acu": room.viewers / (room.stream_seconds / 60)}, "That is viewers per minute: how many came in."
        yield {"acu": room.watch_seconds / 3600}, (
            "Those are viewer hours. ACU divides by the seconds that this broadcast was on air.")
        yield {"acu": room.watch_seconds / (room.stream_seconds / 60)}, (
            "Seconds watched over minutes on air: 60 times too much. Use seconds for both.")
        yield {"acu": room.watch_seconds / (room.stream_seconds / 3600)}, (
            "Seconds watched over hours on air. Use seconds for both.")
        yield {"acu": room.pcu}, "That is PCU, the peak. ACU is the average."
        yield {"acu": room.pcu / 2}, "Half of the peak is no average: divide the seconds watched by the seconds on air."
        yield {"acu": room.viewers}, "Those are all who ever came. ACU is how many were there at once, on average."
        yield {"acu": room.views}, "Those are all entries. ACU is how many were there at once, on average."

    def amounts(self):
        return reading.amounts_of_room(self)

    def rarer(self):
        return reading.ratios(self)


@once_per_tables
def account(tables):
    """What each link of the chain did to GMV between the two broadcasts of 5.4b, in yuan."""
    pair, factors = samples.pair(tables), decomposition.factors
    return decomposition.lmdi(factors(pair.loc[EARLIER], CHAIN), factors(pair.loc[LATER], CHAIN)).effects


@exercise(
    "5.4b",
    title="A decomposition that adds up",
    fields=[
        Field("entries", "Entries", "yuan", decimals=0, tolerance=2),
        Field("clicks_per_view", "Clicks per view", "yuan", decimals=0, tolerance=2),
        Field("orders_per_click", "Orders per click", "yuan", decimals=0, tolerance=2),
        Field("money_per_order", "Money per order", "yuan", decimals=0, tolerance=2),
    ],
    hint=["GMV is a product of four links, so its logarithm is a sum: each link has its share of the logarithm.",
          "Each link's part is the logarithm of its ratio (after / before) times one common weight: the change of GMV "
          "divided by the logarithm of GMV's ratio. `methods.decomposition.lmdi` does it; `factors` makes the links."],
    needs=("streams",),
)
class AddsUp(Exercise):
    praise = "The four parts add up to the change, to the yuan, and none of them depends on which link you took first."
    explain = ("GMV is a product, so its logarithm is a sum: ln of GMV's ratio is the sum of the links' logs. The "
               "logarithmic mean turns each summand back into yuan. (Shapley's parts, the mean over all orders of the "
               "links, add up as well, need no order either, and count as right.)")

    @cached_property
    def links(self):
        """The four links of the earlier and of the later broadcast."""
        pair = samples.pair(self.tables)
        return links(pair.loc[EARLIER]), links(pair.loc[LATER])

    def chained(self, order):
        """What each link adds to GMV when they change one after the other, in this order."""
        old, new = self.links
        now, parts = old.copy(), np.zeros(4)
        for link in order:
            before = now.prod()
            now[link] = new[link]
            parts[link] = now.prod() - before
        return parts

    def right(self):
        return parts(account(self.tables))

    def alternatives(self):
        yield parts(np.mean([self.chained(order) for order in permutations(range(4))], axis=0))

    def mistakes(self):
        return reading.whole_changes(self)

    def variants(self):
        return reading.decompositions(self)

    def rarer(self):
        return reading.shares(self)


@exercise(
    "5.4c",
    title="Set the desk's charts",
    fields=[],
    hint=["Walk along the edge of the allowance: for each smoothing find the smallest width with at most one call for "
          "nothing in ten of the earlier broadcasts.",
          "Then leave headroom: what lies just under the line here may lie above it next season."],
    needs=("streams", "stream_minutes"),
)
class Dials(Exercise):
    praise = "Within the allowance on broadcasts it has never seen."
    explain = ("A small weight remembers long and reacts late; a large one reacts at once to everything. The limit "
               "then buys silence with delay. Aim at half of the allowance on the data you tune on.")

    def judge(self, answer):
        if isinstance(answer, dict):
            missing = {"smoothing", "width"} - set(answer)
            if missing:
                return Verdict("wrong", f"The setting lacks {' and '.join(sorted(missing))}: give a dict with "
                                        "smoothing and width.")
            smoothing, width = answer["smoothing"], answer["width"]
        else:
            try:
                smoothing, width = answer
            except (TypeError, ValueError):
                return Verdict("wrong", "Give a dict with smoothing and width, such as {\"smoothing\": 0.2, \"width\": "
                                        "3}.")
        if smoothing is ... or width is ...:
            return Verdict("not attempted", "Replace both dots: smoothing and width.")
        try:
            smoothing, width = float(smoothing), float(width)
        except (TypeError, ValueError):
            return Verdict("wrong", "Smoothing and width must be numbers.")
        if not 0 < smoothing <= 1:
            return Verdict("wrong", "Smoothing is the weight of the newest minute, above 0 and at most 1; "
                                    f"{smoothing:g} is not.")
        if not 0 < width < 100:
            return Verdict("wrong", f"The width is a limit in ordinary minutes, a number such as 3 or 5; {width:g} is "
                                    "not.")
        found = score(self.tables, smoothing, width)
        vain, wait, best = 10 * found.false_alarms_per_stream, found.mean_delay(), best_wait(self.tables)
        told = (f"On the unseen half: {vain:.1f} calls for nothing in ten broadcasts, {found.detected} of "
                f"{found.episodes} faults found, mean wait {wait:.1f} minutes (a missed fault counts as 30).")
        if vain > ALLOWED:
            near = vain <= 2 * ALLOWED
            advice = ("Just over the one that is allowed: you tuned to the edge, and the next season was a little "
                      "rougher. Leave headroom." if near else
                      "Far over the allowance of one: raise the width.")
            return Verdict("wrong", f"{told} {advice}", points=0.5 if near else 0)
        if wait > best + MARGIN:
            why = ("the memory is too long; try more weight on the newest minute" if smoothing < 0.2 else
                   "the chart forgets too fast to gather evidence; try less weight on the newest "
                   "minute" if smoothing > 0.6 else
                   "the limit is wider than it needs to be")
            return Verdict("wrong", f"{told} Quiet enough, but {best:.1f} minutes were possible: {why}.", points=0.5)
        return Verdict("right", f"{Dials.praise} {told} The best of our grid waits {best:.1f}.")

    def examples_right(self):
        fit = [dials for dials in GRID if 10 * score(self.tables, *dials).false_alarms_per_stream <= ALLOWED]
        best = min(fit, key=lambda dials: score(self.tables, *dials).mean_delay())
        return [{"smoothing": best[0], "width": best[1]}, best]

    def examples_wrong(self):
        return [
            ({"smoothing": 0.3, "width": 2.0}, "raise the width"),
            ({"smoothing": 0.3, "width": 12}, "wider than it needs"),
            ({"smoothing": 0.02, "width": 7}, "memory is too long"),
            ({"smoothing": 1.0, "width": 8}, "forgets too fast"),
            ({"smoothing": 1.5, "width": 5}, "at most 1"),
            ({"smoothing": 0.3, "width": -1}, "limit in ordinary minutes"),
            ({"lam": 0.3}, "lacks smoothing and width"),
            (0.3, "Give a dict"),
            ({"smoothing": "high", "width": 5}, "must be numbers"),
        ]


@exercise(
    "5.4d",
    title="The three-line verdict",
    fields=[],
    hint=["What fell and by how much; which link cost most; what is done, and when do you stop doing it?",
          "Line 1: GMV, fell, by how many yuan. Line 2: the one link that cost most and its yuan from 5.4b. Line 3: "
          "who does what, when, and at which number you keep it or stop."],
    needs=("streams",),
)
class ThreeLines(Exercise):
    praise = "All there: the sum, the link with its account, and a change that somebody owns and a number can end."
    explain = ("The first line can be checked, the second adds up with its neighbours to the first, the third can "
               "fail. A review without a number that would make you stop is a wish.")

    def judge(self, answer):
        if isinstance(answer, str):
            answer = [line for line in answer.splitlines() if line.strip()]
        if not isinstance(answer, (list, tuple)):
            return Verdict("wrong", "Give three lines of text: a list of three strings.")
        if any(line is ... for line in answer):
            return Verdict("not attempted", "Replace the dots by three lines: what fell, why, what next.")
        if len(answer) != 3 or not all(isinstance(line, str) and line.strip() for line in answer):
            return Verdict("wrong", "Three lines of text are asked: what fell, why, what next. You gave "
                                    f"{len(answer)}.")
        first, second, third = (" ".join(line.split()) for line in answer)
        points = [*self.what_fell(first), *self.why(second), *self.what_next(third)]
        missing = [sentence for there, sentence in points if not there]
        if missing:
            good = len(points) - len(missing)
            return Verdict("wrong", f"{good} of {len(points)} points are there. " + " ".join(missing),
                           points=good / len(points))
        return Verdict("right", self.praise)

    @cached_property
    def gmv(self):
        """GMV of the earlier and of the later broadcast, in yuan."""
        return tuple(map(float, samples.pair(self.tables).gmv))

    @cached_property
    def parts(self):
        """What each link did to GMV, in yuan."""
        return dict(zip(written.LINK_WORDS, map(float, account(self.tables)), strict=True))

    @cached_property
    def weakest(self):
        """The link that cost most."""
        return min(self.parts, key=self.parts.get)

    def what_fell(self, line):
        """Yield (is the point there, what to say if not) for the first line."""
        old, new = self.gmv
        yield says(written.MONEY, line), "Line 1 does not say what fell: name GMV."
        start = starts_at(line)
        turned = (start is not None and abs(start - new) < 0.05 * new) or written.turned_round(line, EARLIER, LATER)
        yield says(written.FELL, line) and not goes_up(line) and not turned, (
            "Line 1 says that it rose; GMV fell." if not says(written.MONEY, line) else
            f"Line 1 says that GMV rose from {EARLIER} to {LATER}; it fell." if goes_up(line) or turned else
            "Line 1 does not say that it fell.")
        share = (old - new) / old
        amount = has(line, old - new) or has(line, share, 0.03) or (has(line, old) and has(line, new))
        wrong = f"Line 1 has a number, but not the fall of ¥{old - new:,.0f} ({share:.0%})."
        yield amount, wrong if numbers(line) else "Line 1 has no amount: by how many yuan, or how many per cent?"

    def why(self, line):
        """The same for the second line."""
        named = [link for link, words in written.LINK_WORDS.items() if says(words, line)]
        if not named:
            yield False, (
                "Line 2 names no link of the chain: entries, clicks per view, orders per click or money per order.")
        else:
            part = self.parts[named[0]]
            yield self.weakest in named, (
                f"Line 2 blames {named[0]}, which {'gained' if part > 0 else 'cost'} ¥{abs(part):,.0f}; the link that "
                "cost most is another one. See 5.4b.")
        yield len(named) < 3 or len(numbers(line)) >= len(named) or says(written.MOST, line), (
            f"Line 2 names {len(named)} links and not which of them cost most: one link, and its number.")
        yield not goes_up(line), "Line 2 says that the link rose, and it fell: it cost money."
        yield not says(written.BROKEN, line) or says(written.SMALL, line), (
            "Line 2 blames the broken link. Work out how many orders were due in those minutes: it explains about one.")
        pair, (old, new), cost = samples.pair(self.tables), self.gmv, self.parts[self.weakest]
        before, after = (links(row)[list(written.LINK_WORDS).index(self.weakest)] for _, row in pair.iterrows())
        account = (has(line, cost) or has(line, cost / (new - old), 0.03) or has(line, 1 - after / before, 0.03)
                   or (has(line, before, 0.03) and has(line, after, 0.03)))
        start = starts_at(line)
        yield start is None or abs(start - after) > 0.05 * after, (
            "Line 2 turns the change round: that link fell to the number from which you let it start.")
        yield account, (
            "The number in line 2 is not what that link cost: see your parts in 5.4b." if numbers(line) else
            "Line 2 has no account: what did that link cost in yuan, or from which value to which did it go?")

    def what_next(self, line):
        """The same for the third line."""
        yield says(written.DO, line), "Line 3 has no act: what exactly will be done?"
        yield says(written.WHO, line), "Line 3 says nobody's name: who does it?"
        yield says(written.WHEN, line), "Line 3 has no date: when, or from which broadcast on?"
        yield written.decides(line), "Line 3 has no number that decides whether it worked."
        if aim := written.rate_aimed_at(line):
            link, least = aim
            now = links(samples.pair(self.tables).loc[LATER])[list(written.LINK_WORDS).index(link)]
            yield now < least <= 1, (
                f"Line 3 aims at {least:.0%}, which cannot be missed: {link} were {now:.1%} already."
                if least <= now else f"Line 3 aims at {least:.0%}: {link} above 100 % are no rate to reach.")

    def examples_right(self):
        (old, new), weakest, cost = self.gmv, self.weakest, -self.parts[self.weakest]
        zh = dict(zip(written.LINK_WORDS, ["观看次数", "点击率", "点击成交率", "客单价"], strict=True))[weakest]
        next_step = (
            "Next Thursday the assistant takes over the table whenever the host leaves; keep it if clicks per view "
            "exceed 0.45 in four broadcasts.")
        return [
            [f"GMV fell by ¥{old - new:,.0f}.", f"{weakest.capitalize()} cost ¥{cost:,.0f}.", next_step],
            [f"GMV down {(old - new) / old:.0%}, from {old / 1000:.1f}k to "
             f"{new / 1000:.1f}k.", f"Mostly {weakest}, which took ¥{cost / 1000:.1f}k.", next_step],
            [f"{LATER} made ¥{old - new:,.0f} less than {EARLIER}.", f"{weakest.capitalize()} cost ¥{cost:,.0f}.",
             "H06 rewrites the script by Friday; orders per click above 12 % or back to the old one."],
            f"{LATER} 比 {EARLIER} 少卖{old - new:.0f}元。\n{zh}拖累{cost:.0f}元。\n"
            "周四主播先报价，转化率高于12%就保留。",
            f"成交额下降{(old - new) / old * 100:.0f}%。\n{zh}拖累{cost:.0f}元。\n"
            "下一场主播离开时助播接替，四场后点击率高于45%就保留。",
        ]

    def examples_wrong(self):
        (old, new), weakest, cost = self.gmv, self.weakest, -self.parts[self.weakest]
        fine = [f"GMV fell by ¥{old - new:,.0f}.", f"{weakest.capitalize()} cost ¥{cost:,.0f}.",
                "Next Thursday the assistant covers the table; keep it if clicks per view exceed 0.45 in four "
                "broadcasts."]
        best = max(self.parts, key=self.parts.get)
        return [
            (["It was a bad night.", *fine[1:]], "name GMV"),
            (["GMV fell.", *fine[1:]], "no amount"),
            (["GMV fell by ¥123.", *fine[1:]], "not the fall of"),
            ([fine[0], "The mood was low.", fine[2]], "names no link"),
            ([fine[0], f"{best.capitalize()} cost ¥{cost:,.0f}.", fine[2]], f"blames {best}"),
            ([fine[0], f"{weakest.capitalize()} fell.", fine[2]], "no account"),
            ([fine[0], f"{weakest.capitalize()} cost ¥77.", fine[2]], "not what that link cost"),
            ([f"GMV rose by ¥{old - new:,.0f}.", *fine[1:]], "it fell"),
            ([f"GMV fell from ¥{new:,.0f} to ¥{old:,.0f}.", *fine[1:]], "it fell"),
            ([f"GMV没有下降，增加{old - new:.0f}元", *fine[1:]], "it fell"),
            ([fine[0], f"{weakest.capitalize()} improved by ¥{cost:,.0f}.", fine[2]], "it cost money"),
            ([fine[0], f"{weakest.capitalize()} fell by ¥{cost:,.0f}: the link was broken.", fine[2]], "broken link"),
            ([fine[0], f"因为断链，{weakest}下降，损失{cost:.0f}元", fine[2]], "broken link"),
            ([*fine[:2], "We must do better."], "no act"),
            ([*fine[:2], "Next week check the table, keep it if the rate exceeds 0.45."], "who does it"),
            ([*fine[:2], "The host should check the table; the rate should exceed 0.45."], "when"),
            ([*fine[:2], "Next week the host checks the table."], "no number that decides"),
            ([f"GMV of {EARLIER} was ¥{old - new:,.0f} below {LATER}.", *fine[1:]], "it fell"),
            ([fine[0], f"Entries, clicks per view, orders per click, basket: ¥{cost:,.0f}.", fine[2]], "names 4 links"),
            ([*fine[:2], "Next week the host names prices; CTOR above 5 %."], "cannot be missed"),
            ([*fine[:2], "Next week the host names prices; CTOR above 120 %."], "no rate to reach"),
            ([*fine[:2], "H06 fixes it by Friday, 12."], "no number that decides"),
            (fine[:2], "You gave 2"),
            (12, "three lines"),
        ]
