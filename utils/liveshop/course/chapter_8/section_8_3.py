"""Exercises of section 8.3, Keeping it going."""

from functools import cached_property

from liveshop.course.chapter_8.samples import watch
from liveshop.course.chapter_8.wrong import watching as wrong
from liveshop.methods import leading, monitor, reliability
from liveshop.practice import Exercise, Field, exercise
from liveshop.practice.ways import exchanged

GAUGES = ("complaint_share", "feed_share", "line_loss", "refund_requests", "rule_notices", "sick_days", "supplier_late")
VERDICTS = (watch.KEEP, watch.THERMOMETER, watch.WAIT, watch.DROP)
SUPPLIERS = ("V1", "V2", "V3", "V4", "V5", "V6")
IN_CHINESE = {"退款申请": "refund_requests", "投诉": "complaint_share", "投诉率": "complaint_share",
              "推荐流占比": "feed_share", "丢包": "line_loss", "丢包率": "line_loss", "规则通知": "rule_notices",
              "病假": "sick_days", "病假天数": "sick_days", "延迟交货": "supplier_late", "供应商迟交": "supplier_late"}
ALSO = {**dict.fromkeys(("act", "采取行动", "行动"), watch.KEEP),
        **dict.fromkeys(("thermometer", "只是温度计", "温度计"), watch.THERMOMETER),
        **dict.fromkeys(("too few causes", "too few", "原因太少", "样本太少"), watch.WAIT),
        **dict.fromkeys(("take it off", "撤下", "从表上拿掉"), watch.DROP)}


@exercise(
    "8.3a", title="A chart from the table",
    fields=[Field("between", "Between two false alarms of one gauge", "days", decimals=0, least=1),
            Field("delay", "Until a shift of one standard deviation is seen", "days", decimals=1, least=1),
            Field("a_year", "False alarms of the seven gauges", "alarms in 365 days", decimals=1, least=0)],
    hint=["The run length without a shift is the time between false alarms; with the shift it is the delay.",
          "Seven gauges ring seven times as often as one: 7 × 365 over the days between two false alarms of one."],
)
class ChartFromTheTable(Exercise):
    praise = ("One gauge that rings twice a year bothers nobody; seven of them ring more than once a month. And that "
              "holds for independent days: yours have memory, so count on quiet days of your own.")
    explain = ("`cusum_arl(0.5, 4)` is the time between false alarms, with `shift=1` it is the delay. Seven gauges in "
               "365 days: 7 × 365 over the first.")
    k, h, shift, gauges, days = 0.5, 4.0, 1.0, 7, 365.0

    @cached_property
    def between(self):
        return monitor.cusum_arl(self.k, self.h)

    @cached_property
    def delay(self):
        return monitor.cusum_arl(self.k, self.h, self.shift)

    def right(self):
        return self.between, self.delay, self.gauges * self.days / self.between

    def alternatives(self):
        """With the printed 168 days, or a year of 365.25 days."""
        for between in (self.between, round(self.between)):
            for days in (365, 365.25, 366):
                yield self.between, self.delay, self.gauges * days / between

    def mistakes(self):
        yield from exchanged(self)
        yield from wrong.charts(self)

    def variants(self):
        between, delay = wrong.by_formula(self)
        yield (between, delay, self.gauges * self.days / between), (
            "That is Siegmund's formula, an approximation. Take the table or `cusum_arl`.")
        yield self.but(h=5.0), "Those are the run lengths for h = 5. Asked is h = 4."
        yield self.but(k=1.0), "Those are the run lengths for k = 1. Asked is k = 0.5."
        yield self.but(shift=0.5), (
            "That is the delay for half a standard deviation, or with k = 1. Asked is a whole one, with k = 0.5.")
        yield self.but(shift=2.0), "That is the delay for two standard deviations. Asked is one."
        yield self.but(gauges=1), "That is one gauge. Seven of them ring seven times as often."
        yield self.but(days=250.0), "That is a year of working days. A value comes every day."

    def rarer(self):
        return wrong.other_charts(self)

    def amounts(self):
        return {"a_year": {"the days of a year": self.days, "the days between two false alarms": self.between,
                           "the delay": self.delay, "the seven gauges": float(self.gauges)}}


@exercise(
    "8.3b", title="The gauge that leads",
    fields=[Field("together", "Goes together most", options=GAUGES, also=IN_CHINESE),
            Field("days", "feed_share leads by", "days", decimals=0, whole=True, least=0, most=30),
            Field("times", "Causes so many days later", "times as many", decimals=2, least=0)],
    hint=["Cut both tables at the same day first: `values[chosen:]`, `events[\"traffic\"][chosen:]`.",
          "`same_day` gives the first answer; `lead_time(…)` of `feed_share` has `.days` and `.ratio`."],
    needs=("risk_indicators", "incidents"),
)
class GaugeThatLeads(Exercise):
    praise = ("What goes together most with the week need not tell of the next one. A lead from early days that comes "
              "out again on later ones is worth more than a lead found once.")
    explain = ("On the later days, `same_day` puts the refund requests first: they answer losses. `lead_time` of "
               "`feed_share` looks at each lag from 0 to 30, with the weekday held, and names the one that tells most "
               "of the traffic causes.")
    gauge, kind, part, week = "feed_share", "traffic", "late", 7

    @cached_property
    def days(self):
        """Values and events of the days asked for."""
        values, events = watch.table(self.tables), watch.counts(self.tables)
        cut = watch.learn(values)
        part = {"late": slice(cut, None), "early": slice(0, cut), "all": slice(None)}[self.part]
        return values[part], events[part]

    @cached_property
    def lead(self):
        values, events = self.days
        return leading.lead_time(values[self.gauge].to_numpy(), events[self.kind].to_numpy(), watch.LONGEST, self.week)

    @cached_property
    def together(self):
        values, events = self.days
        return leading.same_day(values, events[self.kind].to_numpy())

    def right(self):
        return self.together.abs().idxmax(), self.lead.days, self.lead.ratio

    def mistakes(self):
        return wrong.leads(self)

    def variants(self):
        yield {"times": self.but(part="all").lead.ratio}, "That is the ratio on all days. Asked are the later ones."
        yield {"times": self.but(part="early").lead.ratio}, "That is the ratio on the early days. Asked are the later."
        yield {"times": self.but(week=None).lead.ratio}, "The weekday is not held. `lead_time` does so by itself."
        yield self.but(kind="all"), "Those are causes of all kinds. Asked is the kind traffic."
        for kind in ("supply", "technology", "content", "competition", "regulation"):
            if self.days[1][kind].sum() >= 10:
                yield self.but(kind=kind), f"Those are causes of the kind {kind}. Asked is {self.kind}."
        for gauge in GAUGES:
            if gauge != self.gauge:
                yield self.but(gauge=gauge), f"That is `{gauge}`. Asked is `{self.gauge}`."

    def rarer(self):
        return wrong.other_leads(self)


@exercise(
    "8.3c", title="The cheapest limit",
    fields=[Field("limit", "Best limit on the days that choose", "standard deviations", decimals=2, least=0, most=6),
            Field("chosen", "What it brings on the days that choose", "yuan a year", decimals=0, tolerance=1),
            Field("later", "What it brings on the later days", "yuan a year", decimals=0, tolerance=1)],
    hint=["`leading.tune_limit` with `costs=5_000`, `lams=(0.2,)` and the limits of `watch.LIMITS`; its first row is "
          "the choice.",
          "The row has `limit`, `tuned` (the days that choose) and `unseen` (the later ones), both by year."],
    needs=("risk_indicators", "incidents"),
)
class CheapestLimit(Exercise):
    praise = ("A cheaper action makes more false alarms worth while. Hold to the second amount: the first was picked "
              "because it was the largest of thirteen. And the second rests on few causes, so it has a wide interval.")
    explain = ("`tune_limit` tries each limit on the first 1,200 days and shows beside it what the same limit brings "
               "on the days after. The best limit of the later days was known to nobody when the choice was made.")
    gauge, kind, saves, costs, lam, cut, year = "supplier_late", "supply", 27_000, 5_000, 0.2, 1_200, watch.YEAR
    limits, warned, hold = watch.LIMITS, watch.WARNED, watch.HOLD

    @cached_property
    def tried(self):
        values, events = watch.table(self.tables), watch.counts(self.tables)
        found = leading.tune_limit(values[self.gauge].to_numpy(), events[self.kind].to_numpy(), self.cut, self.saves,
                                   self.costs, (self.lam,), self.limits, self.warned, self.hold)
        return found.assign(tuned=found.tuned * self.year / watch.YEAR, unseen=found.unseen * self.year / watch.YEAR)

    def right(self):
        return tuple(self.tried.loc[0, ["limit", "tuned", "unseen"]])

    def alternatives(self):
        limit, *money = self.right()
        yield limit, *(one * 365 / watch.YEAR for one in money)

    def mistakes(self):
        return wrong.limits(self)

    def variants(self):
        yield self.but(costs=8_000), "Acting costs ¥8,000 there. The smaller action costs ¥5,000."
        yield self.but(costs=0), "Acting costs nothing there."
        yield self.but(lam=0.4), "That is weight 0.4. Asked is 0.2."
        yield self.but(lam=0.1), "That is weight 0.1. Asked is 0.2."
        yield self.but(lam=0.8), "The newest day has weight 0.8 there. Asked is 0.2, and 0.8 for what was before."
        yield self.but(saves=22_000), "You took the cost off twice: `saves` is before the cost of acting."
        yield self.but(costs=3_000), "You took the difference of the costs. The smaller action costs ¥5,000."
        turned = self.but(saves=self.costs, costs=self.saves)
        if turned.right()[1]:                                  # 0: so says each limit that never rings
            yield turned, "What is saved and what acting costs are exchanged."
        yield self.but(hold=1), "You paid on every day above the limit. One action lasts 14 days."
        for kind in ("all", "traffic"):
            yield self.but(kind=kind), f"Those are causes of the kind {kind}. Asked is supply."
        for gauge in ("line_loss", "feed_share", "refund_requests"):
            yield self.but(gauge=gauge), f"That is `{gauge}`. Asked is `{self.gauge}`."
        if (many := len(watch.table(self.tables))) // 2 != self.cut:
            yield self.but(cut=many // 2), "You cut the days in the middle. The first 1,200 choose."
        yield self.but(lam=1.0), "That is the gauge without smoothing. Asked is weight 0.2."
        yield self.but(warned=(0, 20)), "An alarm on the day itself counts there. Acting helps 3 to 20 days ahead."

    def rarer(self):
        return wrong.other_limits(self)


@exercise(
    "8.3d", title="Agenda of the quarterly review",
    fields=[Field("supplier_late", "supplier_late", options=VERDICTS, also=ALSO),
            Field("refund_requests", "refund_requests", options=VERDICTS, also=ALSO),
            Field("rule_notices", "rule_notices", options=VERDICTS, also=ALSO),
            Field("sick_days", "sick_days", options=VERDICTS, also=ALSO),
            Field("invited", "Invited is", options=SUPPLIERS)],
    hint=["Go through the rule in its order, gauge by gauge: first count the causes.",
          "“Surely” means the whole interval: 12 to 12 lies above 0, 0 to 30 does not. Whom to invite is told by "
          "`trend`, not by the share on time."],
    needs=("risk_indicators", "incidents", "deliveries"),
)
class ReviewAgenda(Exercise):
    praise = ("A rule that was written down before the meeting keeps the loudest voice out of it. The truth, which no "
              "desk knows: `rule_notices` does lead. Waiting for 20 causes leaves it unused; that is the rule's price.")
    explain = ("The rule stands in the question, and the first line that fits decides. Few causes: wait. A lead whose "
               "whole interval lies above 0: act. A lag of 0 and nothing else: a thermometer. An interval across all "
               "lags, or fewer causes where the gauge is high: strike it off. Invited is the largest trend.")

    def right(self):
        found = watch.all_leads(self.tables).verdict
        slower = reliability.supplier_scorecard(self.tables.deliveries).trend.idxmax()
        return *(found[name] for name in ("supplier_late", "refund_requests", "rule_notices", "sick_days")), slower

    def mistakes(self):
        return wrong.agenda(self)


