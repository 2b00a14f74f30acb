"""Exercises of section 9.3, What to do."""

from dataclasses import replace
from functools import cached_property

import numpy as np

from liveshop.course.chapter_9 import capstone
from liveshop.course.chapter_9.samples import strategies
from liveshop.course.chapter_9.samples.quarter import GIVEN, KNOWN, plans, rules
from liveshop.course.chapter_9.wrong import playing as wrong
from liveshop.practice import Exercise, Field, Verdict, exercise
from liveshop.practice.judge import reason

LEVERS = ("rundown", "hours", "coupon", "agents", "temporary", "order", "backup", "second", "review", "feed", "search",
          "influencer", "content")
OTHER_LEVERS = {"节目单": "rundown", "直播时长": "hours", "优惠券": "coupon", "客服": "agents", "临时客服": "temporary",
                "订货": "order", "备用线路": "backup", "备选供应商": "second", "话术审核": "review",
                "信息流广告": "feed", "搜索广告": "search", "达人": "influencer", "内容": "content", "stock": "order",
                "goods": "order", "orders": "order"}
FOLLOWS = {"order": "orders went unfilled", "agents": "answers were slow", "temporary": "answers were slow",
           "review": "a fine came", "backup": "an outage cost more", "hours": "hosts were tired"}
HAPPENED = ("orders went unfilled", "answers were slow", "a fine came", "an outage cost more", "hosts were tired")
OTHER_HAPPENED = {"缺货": HAPPENED[0], "订单没有货": HAPPENED[0], "stock ran out": HAPPENED[0], "回复慢": HAPPENED[1],
                  "罚款": HAPPENED[2], "断线": HAPPENED[3], "主播疲劳": HAPPENED[4]}
PLAYERS = {"habit": "the habit", "greedy": "the greedy player"}
MIDDLING = 28                        # the place of a plan of the class that is worth what the habit is
PARTS = ("the owner", "the date", "the number", "the limit", "nothing")
OTHER_PARTS = {"负责人": PARTS[0], "owner": PARTS[0], "who": PARTS[0], "日期": PARTS[1], "date": PARTS[1],
               "数字": PARTS[2], "number": PARTS[2], "goal": PARTS[2], "界限": PARTS[3], "limit": PARTS[3],
               "stop": PARTS[3], "无": PARTS[4], "没有": PARTS[4], "none": PARTS[4], "complete": PARTS[4]}


@exercise(
    "9.3a", title="Beat the habit, and the greedy player",
    hint=["Change one lever at a time, and begin with the one that the others wait for. What does the habit order, and "
          "when do the goods arrive?",
          "Order up to what three weeks will ask for: about 2,300 pieces × the season of each, with a reserve, less "
          "`week.ordered`. Then coupons for the silent alone; then look at who answers."],
)
class BeatTheHabit(Exercise):
    praise = "Both intervals lie above 0, on the same luck."
    explain = ("Three changes are enough. Goods are ordered by the calendar, for this week and the two after it, and "
               "not by what was asked for last week. Coupons go to the silent members alone. And six agents answer. "
               "Hours, media and rundown stay as the house has them. The greedy player takes all that pays this week; "
               "what goods and answers bring comes later.")

    def judge(self, answer):
        table, problem = answer, ""
        if callable(answer):
            try:
                table = strategies.decided(answer)
            except Exception as error:  # a learner's own function may fail in any way
                problem = _failed(error)
        problem = problem or strategies.problem_of(table)
        if problem:
            return Verdict("wrong", problem, points=0.0)
        found = strategies.report(table)
        habit, greedy = found.over("habit"), found.over("greedy")
        if min(habit.low, greedy.low) > 0:
            return Verdict("right", f"{_earned(habit, greedy)}{self.praise}{_tuned(found)}")
        return Verdict("wrong", _why(found), points=0.5 if habit.low > 0 else 0.2)

    def examples_right(self):
        def by_calendar(week):
            return {"coupon": "silent", "agents": 6, "order": max(1.3 * _coming(week) - week.ordered, 0)}

        return [by_calendar, strategies.decided(by_calendar)]

    def examples_wrong(self):
        right = self.examples_right()[1]
        yield lambda week: {"order": week.trust}, "hidden"
        yield lambda week: {"stock": 1}, "no lever"
        yield lambda week: {"hours": "many"}, "no number"
        yield lambda week: None, "dict of levers"
        yield "silent", "strategies.decided"
        yield right.drop(columns="order"), "lacks order"
        yield right.iloc[:600], "600 rows"
        yield right.assign(hours=np.nan), "no number"
        yield right.assign(coupon="everybody"), "known are"
        yield lambda week: {}, "Nothing is ordered"
        yield strategies.decided(capstone.HABIT), "the habit itself"
        yield strategies.decided(capstone.GREEDY), "the greedy player itself"
        yield lambda week: {"order": 20_000}, "Order less"
        yield lambda week: {"order": 2000, "coupon": "all"}, "bought anyway"
        yield _like_the_habit(hours=40), "could be served"
        yield strategies.decided(replace(capstone.HABIT, policy=plans()[MIDDLING])), "holds 0"
        yield _like_the_habit(feed=60_000, order=2600), "more than the budget"
        yield lambda week: {"order": max(1.3 * _coming(week) - week.ordered, 0)}, "answers were slow"
        yield lambda week: {"agents": 0, "order": max(3 * week.asked - week.ordered, 0), "hours": 40,
                            "rundown": "giveaway", "media": {"feed": 30_000}}, "could be served"


def _like_the_habit(**more):
    """The habit's decisions with some levers set otherwise, as a table."""
    return strategies.decided(capstone.HABIT).assign(**more)


def _coming(week):
    """Pieces that this week and the two after it will ask for, by the calendar."""
    return 2300 * sum([week.season, *week.ahead, 1, 1][:3])


def _failed(error):
    """Why a function could not be played."""
    if isinstance(error, AttributeError) and "View" in str(error):
        return (f"Your function asks for what a desk does not know ({error}). Trust, fatigue, wear and luck are "
                "hidden; what is known stands in `help(capstone.View)`.")
    if isinstance(error, ValueError):
        return str(error)
    return f"Your function ends in an error: {reason(error)}."


def _than(over, player):
    """A gain over a player with its interval, in words."""
    sign, word = (1, "more") if over.estimate >= 0 else (-1, "less")
    low, high = sorted((sign * over.low, sign * over.high))
    told = f"¥{sign * over.estimate:,.0f} (95 %: {low:,.0f} to {high:,.0f})".replace("-", "−")
    return f"{told} {word} than {PLAYERS[player]}"


def _earned(habit, greedy):
    """What a table earns beside the two players, in words."""
    return (f"Over seeds {min(GIVEN)} to {max(GIVEN)} it earns {_than(habit, 'habit')}, and "
            f"{_than(greedy, 'greedy')}. ")


def _tuned(found):
    """What a right answer is still told."""
    if found.dear > 0:
        return f" In {found.dear:.0%} of the weeks you asked for more than the budget; media were cut."
    return " If you tuned it on these seeds, ask others before you believe the amount."


def _why(found):
    """What is said of a table that does not beat both: how far it is off, and the first thing to look at."""
    same = [player for player in found.by_seed if not found.by_seed[player].any()]
    if same:
        return f"That is {PLAYERS[same[0]]} itself, so there is nothing between the two. Change a lever."
    if found.ordered < 1:
        return "Nothing is ordered in twelve weeks: a lever that you leave out orders no goods. Start with `order`."
    habit, greedy = found.over("habit"), found.over("greedy")
    said, missed = _earned(habit, greedy), "habit" if habit.low <= 0 else "greedy"
    if found.over(missed).high > 0:
        won = (found.by_seed[missed] > 0).mean()
        said += (f"Against {PLAYERS[missed]} the interval holds 0: it wins on {won:.0%} of the seeds, and a seed on "
                 "which it wins proves nothing. ")
    elif missed == "greedy":
        said += "So it beats the habit, and not yet the greedy player. "
    return said + _first_to_mend(found)


def _first_to_mend(found):
    """The first thing to look at in a table that is behind."""
    if found.served < 0.85:
        return (f"In the festival only {found.served:.0%} of what was asked could be served: goods take two weeks, so "
                "they are ordered before.")
    if found.slow > 0.95:
        return "Nearly all answers were slow: members leave, and trust falls."
    if found.to_all > 0.4:
        return (f"In {found.to_all:.0%} of the weeks all get a coupon: most who use it would have bought anyway. Try "
                "the silent members alone.")
    if found.left > 1.3 * rules().end.stock_high:
        return (f"At the end {found.left:,.0f} pieces are left or on the way; beyond {rules().end.stock_high:,} each "
                "costs money. Order less, and count what is on the way.")
    if found.dear > 0.2:
        return (f"In {found.dear:.0%} of the weeks you asked for more than the budget, and all media were cut to fit: "
                "count agents, planning and measures first.")
    if found.slow > 0.6:
        return f"{found.slow:.0%} of the answers were slow: members leave, and trust falls."
    return "Stock and service are there; look at coupons, hours and media."


@exercise(
    "9.3b", title="The decision that cost most",
    fields=[Field("week", "Week of the decision", "1 to 12", decimals=0, whole=True, least=1, most=12),
            Field("lever", "Lever", options=LEVERS, also=OTHER_LEVERS),
            Field("cost", "What the other choice would have earned", "yuan", decimals=0, tolerance=50),
            Field("happened", "What the log shows for it", options=HAPPENED, also=OTHER_HAPPENED)],
    hint=["Do not look for the worst week, but for the decision whose exchange earns most: `capstone.costliest`.",
          "The first row of `capstone.costliest(capstone.HABIT, seed=14)` has week, lever and gain. Then read the log "
          "from that week on: what came of it two weeks later?"],
)
class CostliestDecision(Exercise):
    praise = ("The week in which it hurt is not the week in which it was decided. A ledger shows where the money went; "
              "only a replay on the same luck shows which decision sent it there.")
    explain = ("`costliest` plays the quarter again, each time with one lever of one week as the best known would have "
               "set it, and all else as it was. The row with the largest gain is the decision that cost most.")
    seed, who, against = 14, "habit", "best known"

    @cached_property
    def replays(self):
        return capstone.costliest(KNOWN[self.who], self.seed, KNOWN[self.against])

    @cached_property
    def game(self):
        return capstone.play(KNOWN[self.who], [self.seed])

    def right(self):
        first = self.replays.iloc[0]
        return first.week, first.lever, first.gain, FOLLOWS.get(first.lever, HAPPENED[0])

    def mistakes(self):
        return wrong.costliest(self, HAPPENED)

    def variants(self):
        for seed in (1, 12, 13, 15):
            yield self.but(seed=seed), f"That is seed {seed}. Asked is seed {self.seed}."
        yield self.but(who="greedy"), "That is the greedy player's quarter. Asked is the habit's."
        yield self.but(against="greedy"), "That is the exchange for greedy's choice. Asked is the best known's."

    def rarer(self):
        return wrong.other_decisions(self)


# The lines of a page that is to be handed in: what is there of each part, and what is not.
PAGE = {
    "line_1": {"the owner": "the service lead", "the date": "20 October",
               "the limit": "if orders stay below 3,000 a week"},
    "line_2": {"the date": "13 October", "the number": "95 % of what is asked for is served",
               "the limit": "if more than 9,000 pieces are left"},
    "line_3": {"the owner": "the content lead", "the number": "a third of the clicks from it",
               "the limit": "if it is below a fifth after four weeks"},
    "line_4": {"the owner": "the member lead", "the date": "15 September",
               "the number": "orders a coupon, sent against left out",
               "the limit": "if the interval lies below what a coupon costs"},
    "line_5": {"the owner": "the legal desk", "the date": "1 September",
               "the number": "scripts on air that nobody read: 0"},
}


@exercise(
    "9.3c", title="Hand in your playbook",
    fields=[Field(line, f"Missing in line {line[-1]}", options=PARTS, also=OTHER_PARTS) for line in PAGE],
    hint=["Go through a line four times: who, by when, which number, and at what it stops.",
          "An owner is one role. “We” and “the team” own nothing. A number needs a goal or a comparison."],
)
class HandIn(Exercise):
    praise = ("Now do the same with your own page, and hand it in: a line that lacks one of the four is a wish. The "
              "document of all your cards says what is missing in them; it does not invent it.")
    explain = ("A line is complete when it says who does it, by when, which number will show that it works, and at "
               "which value of it we stop. Read for one of them at a time.")

    def right(self):
        return {line: next((part for part in PARTS[:4] if part not in there), PARTS[4]) for line, there in PAGE.items()}

    def mistakes(self):
        return wrong.page(self, PAGE, PARTS)
