"""Exercises of section 9.2, What is coming."""

from functools import cached_property

from liveshop.course.chapter_9.samples import coming, outlook
from liveshop.course.chapter_9.wrong import outlook as wrong
from liveshop.methods import decision, forecast
from liveshop.practice import Exercise, Field, exercise

OPTIONS = tuple(coming.PAYOFFS)
OPTIONS_ALSO = {"虚拟主播全面铺开": OPTIONS[0], "虚拟主播单渠道试点": OPTIONS[1], "培训两名主播": OPTIONS[2],
                "新市场": OPTIONS[3], "everywhere": OPTIONS[0], "one channel": OPTIONS[1], "train": OPTIONS[2]}
SIGN, LATE, LEVEL, STORY = "watch it", "moves with the money", "no level", "a story"
KINDS = (SIGN, LATE, LEVEL, STORY)
KINDS_ALSO = {"盯住": SIGN, "领先信号": SIGN, "与钱同动": LATE, "同步指标": LATE, "没有限值": LEVEL, "没有阈值": LEVEL,
              "只是故事": STORY, "故事": STORY, "story": STORY, "watch": SIGN}


BELOW, ABOVE, BOTH, NOWHERE = "below", "above", "both sides", "none outside"
SIDES = (BELOW, ABOVE, BOTH, NOWHERE)
SIDES_ALSO = {"低于区间": BELOW, "下方": BELOW, "高于区间": ABOVE, "上方": ABOVE, "两侧": BOTH, "两边": BOTH,
              "both": BOTH, "没有": NOWHERE, "none": NOWHERE}


class Judged(Exercise):
    """What 9.2a and 9.2b share: the weekly sales, and the forecasts from each origin, so many weeks ahead.

    Horizons that no figure of the section shows.
    """

    way, first, ahead, far, level, without = outlook.LINE, outlook.FIRST, 6, 12, 0.95, 0

    @cached_property
    def weeks(self):
        return outlook.weekly(self.tables)

    def rows(self, way=None, ahead=None):
        """The judged forecasts of one way, ``ahead`` weeks ahead: origin, ahead, mean, low, high, actual."""
        rows, ahead = outlook.told_by(self.tables, way or self.way, self.level), ahead or self.ahead
        seen = rows["origin"].between(self.first, len(self.weeks) - self.without - ahead)
        return rows[seen & (rows["ahead"] == ahead)]        # later weeks change no forecast, so they are left out here


@exercise(
    "9.2a", title="Beat last year, on weeks nobody had seen",
    fields=[Field("ago_error", "Error of a year ago", "fraction of the actual sales", decimals=3),
            Field("calendar_error", "Error of the calendar", "fraction of the actual sales", decimals=3),
            Field("against", "Calendar over a year ago", "ratio", decimals=2, least=0)],
    hint=["`outlook.ways(weeks.festival)` has both ways; `methods.forecast.rolling_origin(weeks.sales, way, 70, 6)` "
          "judges one. Keep the rows whose `ahead` is 6.",
          "`methods.forecast.accuracy(rows)` gives `mape`, the mean error as a share, and `mae`. The third answer is a "
          "ratio of the two `mae`, not a mean of ratios."],
    needs=("history",),
)
class BeatLastYear(Judged):
    @property
    def praise(self):
        ago, own = (forecast.accuracy(self.rows(way)) for way in (outlook.AGO, self.way))
        squared = own["rmse"] / ago["rmse"]
        verdict = ("Squared, which weighs large misses more, it loses" if squared > 1 else
                   "Squared, which weighs large misses more, it is no worse than last year")
        return (f"The calendar with one size for all festivals makes {own['mae'] / ago['mae']:.2f} of the error of the "
                f"lazy way. {verdict}: {squared:.2f}. Say which error hurts you before you say which forecast is best.")

    explain = ("From each origin, the first after 70 weeks, both ways tell the week six ahead. Mean absolute error "
               "over the actual sales gives the first two answers. The third divides one mean absolute error in "
               "thousand yuan by the other.")

    def right(self):
        ago, own = (forecast.accuracy(self.rows(way)) for way in (outlook.AGO, self.way))
        return ago["mape"], own["mape"], own["mae"] / ago["mae"]

    def mistakes(self):
        return wrong.errors(self)

    def variants(self):
        yield self.but(ahead=1), "Those are forecasts one week ahead. Asked are six weeks."
        yield self.but(ahead=13), "Those are forecasts 13 weeks ahead. Asked are six weeks."
        yield self.but(way=outlook.OWN), "Each festival has its size there. Asked is one size for all."
        for first in (self.first - 1, self.first + 1):
            yield self.but(first=first), "One week off: the first origin saw 70 weeks; its sixth week is judged."
        yield self.but(first=80), "The first forecast saw 80 weeks there. It sees 70."
        yield self.but(without=outlook.QUARTER), "The last quarter is left out there. Use all weeks."
        yield self.but(first=len(self.weeks) - outlook.QUARTER), "Those are origins of the last quarter. Use all."

    def rarer(self):
        return wrong.other_errors(self)


@exercise(
    "9.2b", title="Does the interval keep its word?",
    fields=[Field("forecasts", "Forecasts six weeks ahead", "forecasts", decimals=0, whole=True, least=0),
            Field("held_share", "Coverage, 6 weeks ahead", "fraction of the forecasts", decimals=3),
            Field("held_12", "Coverage, 12 weeks ahead", "fraction of the forecasts", decimals=3),
            Field("side", "Where the misses lie", options=SIDES, also=SIDES_ALSO)],
    hint=["The rows of 9.2a again, with `low`, `high` and `actual`. Count the rows first: the last origins have no "
          "sixth week to be judged on.",
          "Inside means `low <= actual <= high`; both sides count. For the third answer judge with a horizon of 12 and "
          "keep `ahead == 12`. For the last one count `actual < low` and `actual > high` apart, six weeks ahead."],
    needs=("history",),
)
class IntervalsWord(Judged):
    @property
    def praise(self):
        _, near, far, side = self.right()
        why = ("The misses lie on both sides: the interval is too narrow rather than shifted." if side == BOTH else
               f"All misses lie {side} the interval: the forecast leans, and a wider interval would only hide that.")
        return f"Promised were 95 %. Six weeks ahead the interval kept {near:.0%}, twelve weeks ahead {far:.0%}. {why}"

    explain = ("From the first origin, after 70 weeks, each forecast six weeks ahead is held against its week, as "
               "long as there is one. The share of weeks within low and high is the coverage. For 12 weeks ahead are "
               "fewer, and they overlap, so the count of independent ones is smaller still.")

    def right(self):
        rows, far = self.rows(), self.rows(ahead=self.far)
        under, over = ((rows["actual"] < rows["low"]).sum(), (rows["actual"] > rows["high"]).sum())
        side = BOTH if under and over else BELOW if under else ABOVE if over else NOWHERE
        return len(rows), *(part["actual"].between(part["low"], part["high"]).mean() for part in (rows, far)), side

    def mistakes(self):
        return wrong.coverage(self)

    def variants(self):
        yield self.but(level=0.8), "Those are 80 % intervals. Asked are those of 95 %."
        yield self.but(ahead=1), "Those are forecasts one week ahead. Asked are six weeks."
        yield self.but(ahead=4, far=13), "Those are forecasts 4 and 13 weeks ahead. Asked are 6 and 12."

    def rarer(self):
        return wrong.other_coverage(self)


@exercise(
    "9.2c", title="Good in three of four",
    fields=[Field("robust", "Good in three scenarios of four", options=OPTIONS, also=OPTIONS_ALSO),
            Field("regret", "Its largest regret", "thousand yuan a year", decimals=1, least=0),
            Field("price", "What it gives up on average", "thousand yuan a year", decimals=1),
            Field("calmest", "Smallest largest regret", options=OPTIONS, also=OPTIONS_ALSO)],
    hint=["Column by column: what is the best of the scenario, and how far is each option from it? That is the regret.",
          "Good is a regret of 40 or less. Count the good columns of each row. The third answer needs the mean of the "
          "row, and that of the row with the best mean."],
)
class GoodInThree(Exercise):
    praise = ("Three rules, three answers: the best mean goes everywhere, the smallest regret goes abroad, and good in "
              "three of four takes one channel. Which rule you use is a choice of the owner; write it down first.")
    explain = ("Regret is the best of the column less the option's own. Good is a regret of 40 or less; one option is "
               "good in three columns. It gives up a little on average and may regret much in one scenario.")
    near = coming.NEAR_BEST

    @cached_property
    def table(self):
        return coming.payoffs()

    @cached_property
    def regrets(self):
        return decision.regrets(self.table)

    def right(self):
        robust = coming.good_in(self.table, self.near).idxmax()
        means = self.table.mean(axis=1)
        return robust, self.regrets.worst_regret[robust], means.max() - means[robust], self.regrets.index[0]

    def mistakes(self):
        return wrong.options(self)

    def rarer(self):
        return wrong.other_options(self)


@exercise(
    "9.2d", title="Which of these is a sign?",
    fields=[Field("traffic_cost", "Yuan of promotion a visit", options=KINDS, also=KINDS_ALSO),
            Field("net_sales", "Net sales of the week", options=KINDS, also=KINDS_ALSO),
            Field("virtual_rooms", "Share of rooms with a virtual host", options=KINDS, also=KINDS_ALSO),
            Field("talk", "“Everybody says the metaverse is next”", options=KINDS, also=KINDS_ALSO)],
    hint=["Go through the rule in its order: is it measured, is it early, has it a level and a date?",
          "The first line of the rule that fits decides. A number without a level is never “watch it”."],
)
class WhichIsASign(Exercise):
    praise = ("A sign without a level cannot ring, and a sign without a date is not looked at. Give the third one its "
              "level, and it may go on the card.")
    explain = ("The rule goes in order. Talk is not measured: a story. Net sales are measured, and they are the money "
               "itself: too late. The share of rooms with a virtual host is measured and early, and nobody wrote a "
               "level. Promotion a visit is measured, moves before the quarter's result, and has both.")

    def right(self):
        return SIGN, LATE, LEVEL, STORY

    def mistakes(self):
        return wrong.kinds_of_sign(self)
