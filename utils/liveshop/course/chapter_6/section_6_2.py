"""Exercises of section 6.2, Content and interaction."""

from functools import cached_property

import numpy as np
import pandas as pd

from liveshop.course.chapter_6 import samples
from liveshop.methods import bandit, counts
from liveshop.practice import Exercise, Field, Verdict, exercise

TYPES = ["photo", "video", "live", "link", "status"]


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
                           shown=rows[["reactions", "comments", "shares"]].sum(axis=1))

    @staticmethod
    def rate(rows, top="engaged", below="viewers"):
        return rows[top].sum() / rows[below].sum()

    def both(self, value):
        """`value` of the rows that each of the two questions is about."""
        rows = self.persons
        return value(rows[rows.type == "link"]), value(rows[(rows.type == "video") & (rows.segment == "office")])

    def right(self):
        return self.both(self.rate)

    def variants(self):
        for top, below, sentence in (
            ("actions", "viewers", "You counted actions. A person who likes, comments and shares is one person: use "
                                   "`engaged`."),
            ("actions", "impressions", "That is actions per impression; both ends should be persons, `engaged` over "
                                       "`viewers`."),
            ("engaged", "impressions", "Right on top, wrong below: impressions count every showing, and many people "
                                       "are shown a post more than once. Divide by `viewers`."),
            ("reactions", "viewers", "Reactions are actions, and comments, shares and clicks are left out. Use "
                                     "`engaged`."),
            ("reactions", "impressions", "That is reactions per impression, the figure of the table above. Here "
                                         "persons are asked."),
            ("shown", "viewers", "You counted actions, without the clicks. Use `engaged`: persons who responded."),
            ("clicks", "viewers", "Those are clicks alone. Use `engaged`: persons who responded in any way."),
            ("comments", "viewers", "Those are comments alone. Use `engaged`: persons who responded in any way."),
            ("viewers", "impressions", "That is the share of showings that reached somebody new. Put `engaged` on "
                                       "top."),
        ):
            yield self.both(lambda rows, top=top, below=below: self.rate(rows, top, below)), sentence
        yield self.both(lambda rows: (rows.engaged / rows.viewers).mean()), (
            "You averaged the rates of the rows. A post seen by forty people then counts as much as one seen by "
            "thousands; divide the sums.")
        yield self.both(lambda rows: rows.engaged.sum() / rows.post_id.nunique()), (
            "That is persons per post. Divide by the persons who saw it.")
        yield self.both(lambda rows: (rows.engaged > 0).mean()), (
            "That is the share of rows with any response. Divide persons by persons.")
        yield self.both(lambda rows: rows.engaged.sum()), (
            "That is the top alone: persons who responded. Divide by those who saw it, `viewers`.")

    def mistakes(self):
        every = self.persons
        links, videos = every[every.type == "link"], every[every.type == "video"]
        yield {"link": links.groupby("segment").apply(self.rate, include_groups=False).mean()}, (
            "You averaged the rates of the four segments. They differ in size: divide the sums.")
        by_post = links.groupby("post_id")[["engaged", "viewers"]].sum()
        yield {"link": (by_post.engaged / by_post.viewers).mean()}, (
            "You averaged the rates of the posts. A post with few readers then counts as much as one with thousands; "
            "divide the sums.")
        yield {"link": self.rate(every)}, "That is the rate of all posts together; keep the links."
        for kind in sorted(set(TYPES) - {"link"}):
            yield {"link": self.rate(every[every.type == kind])}, f"That is the rate of type {kind}; keep the links."
        for _, rows in links.groupby("segment"):
            yield {"link": self.rate(rows)}, "That is links in one segment alone; all segments are asked."
        yield {"office_video": self.rate(videos)}, "That is video for all segments; keep the office readers."
        office = every[every.segment == "office"]
        yield {"office_video": self.rate(office)}, "That is every format among office readers; keep the videos."
        for kind in sorted(set(TYPES) - {"video", "link"}):
            yield {"office_video": self.rate(office[office.type == kind])}, f"That is type {kind} among office readers."
        for segment in ("basics", "weekend", "bargain"):
            yield {"office_video": self.rate(videos[videos.segment == segment])}, (
                f"That is video in the segment {segment}; keep the office readers.")


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
                "A": "So much more from every photo, without fail: the posts were compared like for like.",
                "B": "About so much more, if the photos she turns are like those that became videos so far. Nobody "
                     "drew lots, so she tries it on every second photo.",
                "C": "Nothing: numbers of past posts say nothing about the next.",
                "D": "Less than now, since live has the higher ratio."})],
    hint=["Both ratios are against the same photo. Divide one by the other and the photo drops out.",
          "“Fewer than a live” takes the live as the base: 1 minus the ratio of the two ratios, in per cent."],
    needs=("posts",),
)
class RatioInWords(Exercise):
    praise = ("Ratios are divided, never subtracted, and each carries its conditions with it: same impressions, same "
              "author, same time. What was held equal makes a good guess; only lots make a proof.")
    explain = ("Divide the ratio of video by that of live and take the result from 1. Sentence B of the second "
               "question names the base, the comparison and what is held fixed; sentence B of the third adds what "
               "was not held fixed: which photos somebody chose to film.")

    @cached_property
    def ratios(self):
        """The ratios of video and live against photo, as the question gives them."""
        feed = samples.feed(self.tables)
        table = counts.rate_ratios(feed, "reactions", "type", references={"type": "photo"}, **samples.alike(feed)).table
        ratio = samples.type_ratios(table).ratio
        return round(ratio["video"], 2), round(ratio["live"], 2)

    def right(self):
        video, live = self.ratios
        return 100 * (1 - video / live), "B", "B"

    def mistakes(self):
        video, live = self.ratios
        for value, sentence in (
            (100 * (live - video), "You subtracted the ratios: those are points of a *photo's* reactions. Fewer than "
                                   "a live means as a share of the live's."),
            (100 * (live / video - 1), "That is how many more a live gets than a video. The question goes the other "
                                       "way, so the live is the base."),
            (100 * video / live, "That is what is left. Fewer by how much? Take it from 100."),
            (100 * live / video, "That is a live in per cent of a video. Take the live as the base."),
            (100 * (video - 1), "That is the video against the photo."),
            (100 * (live - 1), "That is the live against the photo."),
            (100 * (1 - 1 / video), "That compares the photo with the video."),
            (100 * (1 - 1 / live), "That compares the photo with the live."),
            (100 * np.log(live / video), "That is a difference of logarithms, which is near a per cent only for "
                                         "small differences. Take the ratio itself."),
            (100 * (video - 1) / (live - 1), "You divided what each gains over a photo. Divide the ratios."),
            (100 * (1 - (video - 1) / (live - 1)), "You divided what each gains over a photo. Divide the ratios."),
            (100 * (live - video) / (live + video), "You divided by the sum. The live is the base."),
            (live - video, "That is below one, and per cent are asked. Mind that ratios are divided, not subtracted: 1 "
                           "less the one by the other."),
            (live / video, "That is a ratio. How many per cent fewer is asked: take the ratio to the live from 1."),
        ):
            yield {"fewer": value}, sentence
        yield {"meaning": "A"}, (
            "The ratio is no percentage of persons. It multiplies whatever a photo gets, be that three or three "
            "hundred.")
        yield {"meaning": "C"}, "How many see it has been taken out: impressions are the base of the ratio."
        yield {"meaning": "D"}, (
            "The ratio multiplies; it adds no fixed number. A post with a hundred times the reactions gains a hundred "
            "times as many.")
        yield {"promise": "A"}, (
            "Author, hour and quarter were held equal; what the picture shows was not. Somebody chose which ideas to "
            "film.")
        yield {"promise": "C"}, (
            "They say what to try first. A comparison like for like is a good guess, though not a proof.")
        yield {"promise": "D"}, "She gives up photos, not lives. The comparison to make is with the photo."


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

    def variants(self):
        for days, batch, sentence in (
            (90, 200, "That looks like 90 days, as in the text. The question asks for 30."),
            (30, 100, "That looks like 100 readers a post. The question has 200: `batch=200`."),
            (30, 400, "That looks like 400 readers a post. The question has 200: `batch=200`."),
            (30, 1, "That is far too small: one reader a post. Every post goes to 200 readers, `batch=200`."),
        ):
            yield self.compared(self.learned(days, batch, 2000), self.rotated(days, batch)), sentence
        yield self.compared(self.learned(6000, 1, 30), self.rotated(6000, 1)), (
            "Your sampler learns after every reader. It learns once a day: 30 days with `batch=200`.")
        for value, sentence in (
            (lambda race: race.mean_regret.mean(), "You averaged the cumulative curve over the days. Take its last "
                                                   "value."),
            (lambda race: race.mean_regret.sum(), "You added up a curve that is cumulative already. Take its last "
                                                  "value."),
            (lambda race: race.mean_regret[0], "That is the first day. Take the last value of the curve."),
            (lambda race: race.mean_regret[-1] / 30, "That is far too small: the loss of one day, or of one reader. "
                                                     "Regret is added up over 30 days of 200 readers."),
            (lambda race: race.successes.sum(axis=1).mean(), "Those are the responses won. Regret is what was lost "
                                                             "against posting the best format every day."),
        ):
            yield self.compared(*self.races, value), sentence
        tested = bandit.split_then_commit(self.RATES, 30, 6, runs=4000, batch=200)
        yield self.compared(tested, self.races[1]), "That looks like the A/B test that commits after six days."

    def mistakes(self):
        loss, whole = (race.mean_regret[-1] for race in self.races)
        yield {"regret": whole}, "That is the fixed calendar's regret. Learning should cost less."
        yield {"regret": whole - loss}, "That is what was saved against the calendar. Asked is what was lost."
        best = 30 * 200 * max(self.RATES)
        yield {"regret": best}, (
            "That is what the best format would win in 30 days. Regret is the gap between that and what Thompson "
            "sampling wins.")
        yield {"of_calendar": whole / loss}, "You turned it round: the calendar's regret goes below."
        yield {"of_calendar": 1 - loss / whole}, (
            "That is the share that was saved. The question asks for the share that is still lost.")
        yield {"of_calendar": whole - loss}, "That is a difference in responses. Divide by the calendar's regret."
        yield {"of_calendar": loss / best}, (
            "You divided by what the best format would win. Divide by the calendar's regret.")


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
