"""Exercises of section 6.2, Content and interaction."""

from functools import cached_property

import numpy as np
import pandas as pd

from liveshop.methods import bandit
from liveshop.practice import Exercise, Field, Verdict, exercise

TYPES = ["photo", "video", "live", "link", "status"]


@exercise(
    "6.2a", title="Interaction rate with the right base",
    fields=[Field("live", "Interaction rate of live posts", "fraction of persons", decimals=4),
            Field("office_video", "Of videos, among office readers", "fraction of persons", decimals=4)],
    hint="Join `post_segments` to the type of the post, then divide a sum by a sum: `engaged` on top, `viewers` below.",
    needs=("posts", "post_segments"),
)
class InteractionRate(Exercise):
    praise = ("Persons over persons. Counted in actions, one fan with five likes looks like five people, and the "
              "lively formats gain most from that.")
    explain = ("Keep the rows asked for, add up `engaged` and `viewers` and divide the sums, so that a post with many "
               "readers counts for its readers.")
    code = ('persons = tables.post_segments.merge(tables.posts[["post_id", "type"]], on="post_id")\n'
            'live_rows = persons[persons.type == "live"]\n'
            'office_rows = persons[(persons.type == "video") & (persons.segment == "office")]\n'
            'live_rate = live_rows.engaged.sum() / live_rows.viewers.sum()\n'
            'office_video_rate = office_rows.engaged.sum() / office_rows.viewers.sum()')

    @cached_property
    def persons(self):
        rows = self.tables.post_segments.merge(self.tables.posts[["post_id", "type"]], on="post_id")
        return rows.assign(actions=rows[["reactions", "comments", "shares", "clicks"]].sum(axis=1))

    @cached_property
    def rows(self):
        rows = self.persons
        return {"live": rows[rows.type == "live"],
                "office_video": rows[(rows.type == "video") & (rows.segment == "office")]}

    @staticmethod
    def rate(rows):
        return rows.engaged.sum() / rows.viewers.sum()

    def right(self):
        return {name: self.rate(rows) for name, rows in self.rows.items()}

    def mistakes(self):
        right, every = self.right(), self.persons
        yield {"live": right["office_video"], "office_video": right["live"]}, (
            "You gave the two in the other order: all live posts first.")
        for name, d in self.rows.items():
            yield {name: d.actions.sum() / d.viewers.sum()}, (
                "You counted actions. A person who likes, comments and shares is one person: use `engaged`.")
            yield {name: d.actions.sum() / d.impressions.sum()}, (
                "That is actions per impression; both ends should be persons, `engaged` over `viewers`.")
            yield {name: d.engaged.sum() / d.impressions.sum()}, (
                "Right on top, wrong below: impressions count every showing, and many people are shown a post more "
                "than once. Divide by `viewers`.")
            yield {name: d.reactions.sum() / d.viewers.sum()}, (
                "Reactions are actions, and comments, shares and clicks are left out. Use `engaged`.")
            yield {name: d.reactions.sum() / d.impressions.sum()}, (
                "That is reactions per impression, the figure of the table above. Here persons are asked.")
            yield {name: (d.engaged / d.viewers.where(d.viewers > 0)).mean()}, (
                "You averaged the rates of the rows. A post seen by forty people then counts as much as one seen by "
                "thousands; divide the sums.")
            yield {name: d.engaged.sum() / d.post_id.nunique()}, (
                "That is persons per post. Divide by the persons who saw it.")
        yield {"live": self.rate(every)}, "That is the rate of all posts together; keep the live ones."
        yield {"office_video": self.rate(every[every.type == "video"])}, (
            "That is video for all segments; keep the office readers.")
        yield {"office_video": self.rate(every[every.segment == "office"])}, (
            "That is every format among office readers; keep the videos.")


@exercise(
    "6.2b", title="A rate ratio in words",
    fields=[Field("fewer", "A video gets fewer reactions than a live, by", "per cent", decimals=1, tolerance=0.15),
            Field("meaning", "What 1.44 means", options=("A", "B", "C", "D"))],
    hint="Both ratios are against the same photo. Divide one by the other and the photo drops out.",
)
class RatioInWords(Exercise):
    praise = ("Ratios are divided, never subtracted, and each carries its conditions with it: same impressions, same "
              "author, same time.")
    explain = ("1.44 / 1.76 = 0.818, so 18.2 per cent fewer. Sentence B names the base, the comparison and what is "
               "held fixed.")
    code = 'fewer = 100 * (1 - 1.44 / 1.76)\nmeaning = "B"'

    def right(self):
        return 100 * (1 - 1.44 / 1.76), "B"

    def mistakes(self):
        yield {"fewer": 32.0}, (
            "You subtracted the ratios: 32 points of a *photo's* reactions. Fewer than a live means as a share of the "
            "live's.")
        yield {"fewer": 100 * (1.76 / 1.44 - 1)}, (
            "That is how many more a live gets than a video. The question goes the other way, so the live is the "
            "base.")
        yield {"fewer": 100 * 1.44 / 1.76}, "That is what is left. Fewer by how much? Take it from 100."
        yield {"fewer": 0.32}, "You subtracted the ratios. Divide them."
        yield {"fewer": 44.0}, "44 per cent is the video against the photo."
        yield {"fewer": 76.0}, "76 per cent is the live against the photo."
        yield {"fewer": 100 * (1 - 1 / 1.44)}, "That compares the photo with the video."
        yield {"meaning": "A"}, (
            "1.44 is no percentage of persons. It multiplies whatever a photo gets, be that three or three hundred.")
        yield {"meaning": "C"}, "How many see it has been taken out: impressions are the base of the ratio."
        yield {"meaning": "D"}, (
            "The ratio multiplies; it adds no fixed number. On a post with 10 reactions 1.44 means 4 more, on one "
            "with 1,000 it means 440.")


@exercise(
    "6.2c", title="Thirty days of Thompson sampling",
    fields=[Field("regret", "Mean regret after 30 days", "responses", decimals=0, tolerance=3.0),
            Field("of_calendar", "Against the calendar's regret", "fraction", decimals=2, tolerance=0.035)],
    hint="`thompson(rates, horizon=30, runs=500, batch=200)` has `mean_regret`, cumulative, one number a day. The "
         "last one is asked.",
)
class ThirtyDays(Exercise):
    praise = ("Most of the loss falls in the first ten days, when every format gets its try. The calendar goes on "
              "paying it until somebody stops the calendar.")
    explain = ("`mean_regret[-1]` is the regret after the last day, averaged over the runs: responses lost in "
               "expectation against posting live every day. "
               "The calendar's needs no simulation: each format gets 6 of the 30 days.")
    code = ("rates = [0.037, 0.053, 0.064, 0.020, 0.017]\nlearned = methods.bandit.thompson(rates, horizon=30, "
            "runs=500, batch=200)\n"
            "rotated = methods.bandit.calendar(rates, horizon=30, runs=500, batch=200)\n"
            "regret = learned.mean_regret[-1]\nof_calendar = regret / rotated.mean_regret[-1]")
    RATES = [0.037, 0.053, 0.064, 0.020, 0.017]

    @cached_property
    def learned(self):
        return bandit.thompson(self.RATES, 30, runs=4000, batch=200, seed=0)

    @cached_property
    def rotated(self):
        return bandit.calendar(self.RATES, 30, batch=200)

    def right(self):
        loss = self.learned.mean_regret[-1]
        return loss, loss / self.rotated.mean_regret[-1]

    def mistakes(self):
        learned, rotated = self.learned, self.rotated
        loss, whole = learned.mean_regret[-1], rotated.mean_regret[-1]
        longer = bandit.thompson(self.RATES, 90, runs=1000, batch=200, seed=0).mean_regret[-1]
        tested = bandit.split_then_commit(self.RATES, 30, 6, runs=4000, batch=200).mean_regret[-1]
        yield {"regret": whole}, "That is the fixed calendar's regret. Learning should cost less."
        yield {"regret": loss / 30}, (
            "That is far too small: either the loss of one day, or of one reader a day. Regret is added up over the 30 "
            "days, and every post goes to 200 readers (`batch=200`).")
        yield {"regret": longer}, "That looks like 90 days, as in the text. The question asks for 30."
        yield {"regret": learned.mean_regret.mean()}, (
            "You averaged the cumulative curve over the days. Take its last value.")
        yield {"regret": learned.successes.sum(axis=1).mean()}, (
            "Those are the responses won. Regret is what was lost against posting the best format every day.")
        yield {"regret": 30 * 200 * 0.064}, (
            "That is what the best format would win in 30 days. Regret is the gap between that and what Thompson "
            "sampling wins.")
        yield {"regret": tested}, "That looks like the A/B test that commits after six days."
        yield {"of_calendar": whole / loss}, "You turned it round: the calendar's regret goes below."
        yield {"of_calendar": 1 - loss / whole}, (
            "That is the share that was saved. The question asks for the share that is still lost.")


@exercise(
    "6.2d", title="A two-week calendar by segment",
    hint="Start each group with 10 of its favourite. Then hand out the scarce formats where the second choice is "
         "missed most. Check the columns last: at most 20 videos, 12 lives.",
    needs=("posts", "post_segments"),
)
class TwoWeeks(Exercise):
    praise = "Each group gets its own favourite, and the scarce lives go where the next best would be worst."
    explain = ("Ten posts of each group's favourite, then lives for the four days left until the 12 are used up, then "
               "what needs no studio. "
               "Planned on the estimates, scored on the truth: the plan loses next to nothing, since only the order "
               "of the formats had to be right.")
    code = ('plan = pd.DataFrame({"photo": [10, 0, 0, 4], "video": [0, 10, 10, 0], "live": [4, 4, 4, 0],\n'
            '                     "link": [0, 0, 0, 10], "status": [0, 0, 0, 0]}, index=["basics", "office", '
            '"weekend", "bargain"])')
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
