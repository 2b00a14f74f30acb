"""What chapter 8's methods make of the planted truths in one season; liveshop.world.recovery gathers them."""

import numpy as np
import pandas as pd

from liveshop.course.chapter_8 import samples
from liveshop.course.chapter_8.samples import watch
from liveshop.course.recovery import Row
from liveshop.methods import decision, inventory, leading, reliability, risk


def estimates(season):
    """Rows of all sections. season: tables by name, with the truth as name -> value."""
    yield from losses(season)
    yield from supply(season)
    yield from measures(season)
    yield from warnings(season)


def losses(season):
    """8.1: the mean loss of the worst twentieth of years; which kind of risk makes them."""
    register, true = season.incidents, season.truth["loss.es95"]
    alone = risk.simulate_losses(register, samples.YEARS, by="incident")
    causes = risk.simulate_losses(register, samples.YEARS)
    yield Row("loss.es95", "naive", true, risk.expected_shortfall(alone.total))
    yield Row("loss.es95", "quantile read for the shortfall", true, risk.value_at_risk(causes.total))
    yield Row("loss.es95", "causes", true, risk.expected_shortfall(causes.total),
              *risk.shortfall_interval(register, samples.YEARS))
    matrix = risk.frequency_severity(register, samples.YEARS).matrix_score
    shares = risk.tail_shares(causes.by_kind)
    for kind in ("regulation", "technology"):
        planted = season.truth["loss.tail_share"][kind]
        yield Row(f"loss.tail_share: {kind}", "naive", planted, matrix[kind] / matrix.sum())
        yield Row(f"loss.tail_share: {kind}", "causes", planted, shares[kind])


def supply(season):
    """8.2: how long both lines are down; how late suppliers are; what to buy of a style."""
    down = season.truth["outages.down"]
    log = reliability.availability(season.outages, *samples.LINES).attrs
    yield Row("outages.both_down", "naive", 1000 * down["both"], 1000 * log["if_independent"])
    yield Row("outages.both_down", "both in the log", 1000 * down["both"],
              *(1000 * hours / 8760 for hours in samples.both_down(season)))
    card = reliability.supplier_scorecard(season.deliveries, until="2025-05-25")
    for name, planted in season.truth["suppliers"].items():
        yield Row(f"suppliers.days: {name}", "before the drift", planted["days"], card.lead_mean[name])
        yield Row(f"suppliers.spread: {name}", "before the drift", planted["spread"], card.lead_sd[name])
    past, price, cost, salvage = season.buys, 189, 64, 26
    ratio = (past.asked / past.forecast).to_numpy()
    true, wanted = season.truth["buys.best_multiple"], inventory.critical_ratio(price, cost, salvage)
    yield Row("buys.best_multiple", "naive", true, 1.0)
    yield Row("buys.best_multiple", "upside down", true, float(np.quantile(ratio, 1 - wanted)))
    yield Row("buys.best_multiple", "critical ratio", true, float(np.quantile(ratio, wanted)))


def measures(season):
    """8.2: what two choices of measures, made from the register, avoid in truth; what the register says of the better.

    CNY a year. The truth is what the best set avoids when it is chosen with the true losses.
    """
    table, true = season.risk_measures, season.truth["measures.best_set"]["avoids"]
    costs, avoids = table.set_index("measure").cost_per_year, samples.worth(table, samples.loss_a_year(season))
    truly = samples.worth(table, pd.Series(season.truth["loss.expected_by_kind"]))
    listed, best = (choose(costs, avoids, samples.BUDGET) for choose in (decision.greedy_set, decision.best_set))
    yield Row("measures.best_set", "naive", true, truly(listed.chosen))
    yield Row("measures.best_set", "best set of the register", true, truly(best.chosen))
    yield Row("measures.best_set", "what the register says", true, best.value)


def warnings(season):
    """8.3: by how many days an indicator leads its kind of risk; whether it leads at all (1 or 0); what a limit brings.

    Naive calls a leader what moves with the losses of the same week, beyond chance. The limit is chosen on the early
    days; what it brings on the later ones (CNY a year) takes the place of the truth.
    """
    table, counts = samples.indicators(season), samples.causes_by_day(season)
    together = leading.same_day(table, counts["all"].to_numpy())
    for name, planted in season.truth["indicators.lead"].items():
        kind, days = planted["kind"], planted["days"] or 0
        found = leading.lead_time(table[name].to_numpy(), counts[kind if kind in counts else "all"].to_numpy())
        yield Row(f"indicators.leads: {name}", "naive", float(days > 0), float(together[name] > samples.BY_CHANCE))
        yield Row(f"indicators.leads: {name}", "by lag, weekdays held", float(days > 0), float(found.leads))
        if days > 0:
            yield Row(f"indicators.lead: {name}", "by lag, weekdays held", float(days),
                      float(found.days), float(found.low), float(found.high))
    tried = watch.settings(season)
    best = tried.iloc[0]
    clock = watch.on_later_days(season, "supplier_late", best.lam, best.limit).clock
    for way, value in (("days that chose", best.tuned), ("acting by the clock", clock)):
        yield Row("indicators.money: chosen limit, later days", way, best.unseen, value)
    average = tried[["unseen", "tuned"]].mean()
    yield Row("indicators.money: average setting, later days", "days that chose", average.unseen, average.tuned)
