"""Exercises of section 6.2, Content and interaction."""

from functools import cached_property

import numpy as np
import pandas as pd

from liveshop.course.chapter_6 import samples
from liveshop.course.chapter_6.wrong import content
from liveshop.course.chapter_6.wrong.content import TYPES
from liveshop.methods import bandit, counts
from liveshop.practice import Exercise, Field, Verdict, exchanged, exercise


@exercise(
    "6.2a", title="Interaction rate with the right base",
    fields=[Field("link", "Interaction rate of link posts", "fraction of persons", decimals=3),
            Field("office_video", "Of videos, among office readers", "fraction of persons", decimals=3)],
    hint=["The base is persons: whoever saw the post, not how often it was shown.",
          "Join `post_segments` to the type of the post, then divide a sum by a sum: `engaged` on top, `viewers` "
          "below."],
    needs=("posts", "post_segments"),
)
class InteractionRate(Exercise):
    praise = ("Persons over persons. Counted in actions, one fan with five likes looks like five people, and the "
              "lively formats gain most from that.")
    explain = ("Keep the rows asked for, add up `engaged` and `viewers` and divide the sums, so that a post with many "
               "readers counts for its readers.")

    @cached_property
    def persons(self):
        rows = self.tables.post_segments.merge(self.tables.posts[["post_id", "type"]], on="post_id")
        return rows.assign(actions=rows[["reactions", "comments", "shares", "clicks"]].sum(axis=1),
                           shown=rows[["reactions", "comments", "shares"]].sum(axis=1),
                           talk=rows[["comments", "shares"]].sum(axis=1))

    @staticmethod
    def rate(rows, top="engaged", below="viewers"):
        return rows[top].sum() / rows[below].sum()

    def both(self, value):
        """`value` of the rows that each of the two questions is about."""
        rows = self.persons
        return value(rows[rows.type == "link"]), value(rows[(rows.type == "video") & (rows.segment == "office")])

    def right(self):
        return self.both(self.rate)

    def mistakes(self):
        yield from exchanged(self)
        yield from content.other_rows(self)

    def variants(self):
        yield from content.tops_and_bases(self)
        yield from content.means(self)


@exercise(
    "6.2b", title="A rate ratio in words",
    fields=[Field("fewer", "A video gets fewer reactions than a live, by", "per cent", decimals=0),
            Field("meaning", "What the ratio of video means", options={
                "A": "So many per cent more of those who see a video react.",
                "B": "A video gets so many times the reactions of a photo, from as many impressions, by the same "
                     "author at the same time.",
                "C": "A video is seen by so many times as many people as a photo.",
                "D": "A photo that is made a video gains so many reactions."}),
            Field("promise", "What the editor may expect", options={
                "A": "Nothing that she can know: numbers of past posts say nothing about the next.",
                "B": "So much more from every photo, without fail: the posts were compared like for like.",
                "C": "About so much more, if her photos are like those that became videos; she tries every second "
                     "one.",
                "D": "Less than now, since live has the higher ratio."})],
    hint=["Both ratios are against the same photo. Divide one by the other and the photo drops out.",
          "“Fewer than a live” takes the live as the base: 1 minus the ratio of the two ratios, in per cent."],
    needs=("posts",),
)
class RatioInWords(Exercise):
    praise = ("Ratios are divided, never subtracted, and each carries its conditions with it: same impressions, same "
              "author, same time. What was held equal makes a good guess; only lots make a proof.")
    explain = ("Divide the ratio of video by that of live and take the result from 1. Sentence B of the second "
               "question names the base, the comparison and what is held fixed; sentence C of the third adds what was "
               "not held fixed, which photos somebody chose to film, and lets a coin decide.")

    @cached_property
    def ratios(self):
        """The ratios of video and live against photo, as the question gives them."""
        feed = samples.feed(self.tables)
        table = counts.rate_ratios(feed, "reactions", "type", references={"type": "photo"}, **samples.alike(feed)).table
        ratio = samples.type_ratios(table).ratio
        return round(ratio["video"], 2), round(ratio["live"], 2)

    def right(self):
        video, live = self.ratios
        return 100 * (1 - video / live), "B", "C"

    def mistakes(self):
        yield from content.per_cents(*self.ratios)
        yield from content.readings()


@exercise(
    "6.2c", title="Thirty days of Thompson sampling",
    fields=[Field("regret", "Mean regret after 30 days", "responses", decimals=0, tolerance=4.0),
            Field("of_calendar", "Against the calendar's regret", "fraction", decimals=2, tolerance=0.035)],
    hint=["Regret is what was lost against posting the best format every day.",
          "`thompson(rates, horizon=30, runs=500, batch=200)` has `mean_regret`, cumulative, one number a day. The "
          "last one is asked."],
)
class ThirtyDays(Exercise):
    praise = ("Most of the loss falls in the first ten days, when every format gets its try. The calendar goes on "
              "paying it until somebody stops the calendar.")
    explain = ("`mean_regret[-1]` is the regret after the last day, averaged over the runs: responses lost in "
               "expectation against posting live every day. "
               "The calendar's needs no simulation: each format gets 6 of the 30 days.")
    RATES = [0.037, 0.053, 0.064, 0.020, 0.017]

    def learned(self, days=30, batch=200, runs=4000):
        return bandit.thompson(self.RATES, days, runs=runs, batch=batch, seed=0)

    def rotated(self, days=30, batch=200):
        return bandit.calendar(self.RATES, days, batch=batch)

    @cached_property
    def races(self):
        return self.learned(), self.rotated()

    @staticmethod
    def compared(learned, rotated, value=lambda race: race.mean_regret[-1]):
        return value(learned), value(learned) / value(rotated)

    def right(self):
        return self.compared(*self.races)

    def mistakes(self):
        yield from exchanged(self)
        yield from content.against_the_calendar(self)

    def variants(self):
        yield from content.other_races(self)
        yield from content.other_numbers(self)


@exercise(
    "6.2d", title="A two-week calendar by segment",
    hint=["Start each group with 10 of its favourite.",
          "Then hand out the scarce formats where the second choice is missed most. Check the columns last: at most 20 "
          "videos, 12 lives."],
    needs=("posts", "post_segments"),
)
class TwoWeeks(Exercise):
    praise = "Each group gets its own favourite, and the scarce lives go where the next best would be worst."
    explain = ("Ten posts of each group's favourite, then lives for the four days left until the 12 are used up, then "
               "what needs no studio. "
               "Planned on the estimates, scored on the truth: the plan loses next to nothing, since only the order "
               "of the formats had to be right.")
    DAYS, SAME, LIMITS = 14, 10, {"video": 20, "live": 12}

    ASKED = "A table is asked: a row for each segment, a column for each type, numbers of posts in it."

    @cached_property
    def worth(self):
        """True responses per post by segment and type, each segment by its share of the impressions."""
        response = pd.DataFrame(self.tables.truth["content.response"]).T[TYPES]
        seen = self.tables.post_segments.groupby("segment").impressions.sum()
        return response.mul((seen / seen.sum()).reindex(response.index), axis=0)

    @cached_property
    def best(self):
        """The plan that gets the largest number of responses within the limits."""
        from scipy.optimize import Bounds, LinearConstraint, milp

        rows, columns = self.worth.shape
        one = np.eye(rows * columns).reshape(-1, rows, columns)
        limits = [LinearConstraint(one[:, row].sum(axis=1), self.DAYS, self.DAYS) for row in range(rows)]
        limits += [LinearConstraint(one[:, :, TYPES.index(kind)].sum(axis=1), 0, most)
                   for kind, most in self.LIMITS.items()]
        found = milp(-self.worth.to_numpy().ravel(), constraints=limits, bounds=Bounds(0, self.SAME), integrality=1)
        plan = found.x.round().astype(int).reshape(rows, columns)
        return pd.DataFrame(plan, index=self.worth.index, columns=TYPES)

    @cached_property
    def even(self):
        """What planning by the overall ranking gives: live, video and photo for everybody alike."""
        return pd.DataFrame([[6, 5, 3, 0, 0]] * len(self.worth), index=self.worth.index, columns=TYPES)

    def share_of_best(self, plan):
        """The plan's responses, as a fraction of the best plan's."""
        return float((plan * self.worth).to_numpy().sum() / (self.best * self.worth).to_numpy().sum())

    def plan_of(self, answer):
        """(the plan of an answer as a table, "") or (None, the sentence that says why it is none)."""
        segments = self.worth.index
        if isinstance(answer, tuple):
            return None, f"One answer is asked and you gave {len(answer)}. {self.ASKED}"
        try:
            plan = pd.DataFrame(answer)
        except Exception:          # a text, a number, None: whatever pandas makes no table of
            return None, f"{'That is a text.' if isinstance(answer, str) else 'That is no table.'} {self.ASKED}"
        if set(segments) <= set(plan.columns) and not set(segments) <= set(plan.index):
            plan = plan.T
        lacking = [segment for segment in segments if segment not in plan.index]
        if lacking:
            return None, (
                f"The plan has no row for {', '.join(lacking)}. It needs one row for each segment and a column for "
                "each type.")
        strange = [str(kind) for kind in plan.columns if kind not in TYPES]
        if strange:
            return None, f"There is no type {', '.join(strange)}; the types are {', '.join(TYPES)}."
        if plan.index.has_duplicates or plan.columns.has_duplicates:
            return None, (
                "A segment or a type stands twice in the plan. One row for each segment, one column for each type.")
        try:
            return plan.reindex(index=segments, columns=TYPES).fillna(0).astype(float), ""
        except (TypeError, ValueError):
            return None, f"Some entries are no numbers. {self.ASKED}"

    def limit_broken(self, plan):
        """The sentence that says which limit the plan breaks, or ""."""
        if (plan < 0).to_numpy().any() or (plan != plan.round()).to_numpy().any():
            return "Numbers of posts are whole and not negative."
        for segment, days in plan.sum(axis=1).items():
            if days != self.DAYS:
                return f"The group {segment} gets {days:.0f} posts; one a day for two weeks is {self.DAYS}."
        for kind, most in self.LIMITS.items():
            if plan[kind].sum() > most:
                return (
                    f"The plan needs {plan[kind].sum():.0f} posts of type {kind}; the studio can make {most} in two "
                    "weeks.")
        if plan.to_numpy().max() > self.SAME:
            segment, kind = plan.stack().idxmax()
            return (
                f"The group {segment} sees {kind} {plan.loc[segment, kind]:.0f} times; more than {self.SAME} times "
                "wears it out.")
        return ""

    def judge(self, answer):
        plan, problem = self.plan_of(answer)
        problem = problem or self.limit_broken(plan)
        if problem:
            return Verdict("wrong", problem)
        worth, share = self.worth, self.share_of_best(plan)
        if share >= 0.97:
            return Verdict("right", (
                f"{self.praise} Your plan gets {share:.1%} of what the best possible plan would, by the truth."))
        if (plan.nunique() == 1).all():
            return Verdict("wrong", (
                "Every group gets the same mix, so you planned by an overall ranking. By the truth that gets "
                f"{share:.0%} of the best plan: read the favourites row by row."), points=0.2)
        favourites = worth.idxmax(axis=1)
        few = [s for s in worth.index if plan.loc[s, favourites[s]] < self.SAME]
        more = (f"Look again at {', '.join(few)}: the favourite comes fewer than {self.SAME} times." if few else
                "The favourites are right; put the scarce lives where the next best is worst, and nowhere a status "
                "post.")
        return Verdict("wrong", (
            f"Allowed, and it gets {share:.0%} of what the best plan would, by the truth. {more}"),
            points=0.5 if share >= 0.9 else 0.3)

    def examples_right(self):
        plan = self.best
        shown = {"photo": [10, 0, 0, 4], "video": [0, 10, 10, 0], "live": [4, 4, 4, 0], "link": [0, 0, 0, 10]}
        return [plan, plan.T, plan.to_dict(),
                pd.DataFrame(shown, index=["basics", "office", "weekend", "bargain"])]

    def examples_wrong(self):
        worth, best = self.worth, self.best
        lives = pd.DataFrame(0, index=worth.index, columns=TYPES).assign(live=14)
        favourites = pd.DataFrame(0, index=worth.index, columns=TYPES)
        for segment, kind in worth.idxmax(axis=1).items():
            favourites.loc[segment, kind] = 14
        worn = favourites.copy()
        worn.loc[["office", "weekend"], :] = [4, 10, 0, 0, 0]
        short = best.copy()
        short.iloc[0, 0] -= 1
        idle = pd.DataFrame(0, index=worth.index, columns=TYPES).assign(photo=8, status=6)
        weak = best.copy()
        weak.loc["bargain"] = [10, 0, 0, 0, 4]
        texts = best.astype(object)
        texts.iloc[0, 0] = "ten"
        return [("video", "That is a text"), (3.0, "no table"), (None, "no row for"), ((best, best), "you gave 2"),
                (pd.concat([best, best]), "stands twice"), (texts, "no numbers"),
                (self.even, "overall ranking"), (idle, "overall ranking"), (lives, "12"),
                (favourites, "20"), (worn, "wears it out"), (short, "13 posts"),
                (best.drop(index="office"), "no row for office"),
                (best.rename(columns={"video": "film"}), "no type film"),
                (best - 0.5, "whole"), (weak, "Look again at bargain")]
