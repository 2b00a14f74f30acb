"""Parameters of what can go wrong: incidents and what they cost, lines, scripts, indicators that warn, supply."""

from __future__ import annotations

from dataclasses import dataclass

from liveshop.world.parameters.value import value

RATE = "Ordinary incidents of the kind {}, each with a cause of its own."
MEDIAN = "Middle loss of an ordinary incident of the kind {}."
SPREAD = "How unlike these losses are."
MIX = "Weight of the kind {} among the incidents of a shared cause."


def _rate(default, kind):
    return value(default, "incidents per year", RATE.format(kind))


def _median(default, kind):
    return value(default, "CNY", MEDIAN.format(kind))


def _spread(default):
    return value(default, "standard deviation of the log", SPREAD)


def _mix(default, kind):
    return value(default, "weight", MIX.format(kind))


@dataclass(frozen=True)
class Loss:
    traffic_rate: float = _rate(20.0, "traffic")
    traffic_median: float = _median(1600.0, "traffic")
    traffic_spread: float = _spread(0.8)
    traffic_mix: float = _mix(0.24, "traffic")
    content_rate: float = _rate(20.0, "content")
    content_median: float = _median(1000.0, "content")
    content_spread: float = _spread(0.8)
    content_mix: float = _mix(0.14, "content")
    supply_rate: float = _rate(6.0, "supply")
    supply_median: float = _median(5000.0, "supply")
    supply_spread: float = _spread(0.8)
    supply_mix: float = _mix(0.30, "supply")
    regulation_rate: float = _rate(0.8, "regulation")
    regulation_median: float = _median(12000.0, "regulation")
    regulation_spread: float = _spread(0.7)
    regulation_mix: float = _mix(0.05, "regulation")
    technology_rate: float = _rate(40.0, "technology")
    technology_median: float = _median(700.0, "technology")
    technology_spread: float = _spread(0.8)
    technology_mix: float = _mix(0.22, "technology")
    competition_rate: float = _rate(6.0, "competition")
    competition_median: float = _median(2400.0, "competition")
    competition_spread: float = _spread(0.7)
    competition_mix: float = _mix(0.05, "competition")
    causes: float = value(3.5, "causes per year", "Shared causes, each of which brings many incidents of all kinds.")
    cause_least: float = value(9.0, "incidents", "Incidents that a shared cause brings at least.")
    cause_more: float = value(6.0, "incidents", "Mean number of further incidents of a shared cause.")
    cause_scale: float = value(3.5, "ratio", "Mean loss of an incident of a shared cause, against an ordinary one.")
    cause_spread: float = value(
        0.35, "standard deviation of the log", "How unlike shared causes are; all incidents of one have this in common."
    )
    budget: float = value(120000.0, "CNY per year", "Budget for which the best set of risk measures is computed.")


@dataclass(frozen=True)
class Outage:
    main: float = value(26.0, "outages per year", "Outages of the main line of the broadcasts.")
    backup: float = value(30.0, "outages per year", "Outages of the backup line, common ones included.")
    minutes: float = value(40.0, "minutes", "Mean length of an outage.")
    common: float = value(
        0.35, "share of outages", "Outages of the main line with a cause that takes the backup line as well."
    )


@dataclass(frozen=True)
class Script:
    breach: float = value(0.18, "share of lines", "Lines of the scripts that break a rule.")
    unclear: float = value(0.12, "share of lines", "Lines that a lawyer would have to judge.")
    hidden: float = value(0.40, "share of breaches", "Breaches without any listed term: no word list finds them.")
    innocent: float = value(0.25, "share of lines with a term", "Lines with a listed term that break no rule.")
    doubtful: float = value(0.25, "share of lines with a term", "Lines with a listed term that are unclear.")


LEAD = "Days between the signal in {} and the incident that it tells of."
MEMORY = "Correlation of {} from day to day."
RISE = "How much {} rises before an incident, in standard deviations of its own swings."
DELIVERED = "Mean days from order to delivery of supplier {}."
UNSTEADY = "How unlike these days are, standard deviation."
REFUSED = "Share of the items of supplier {} that are refused."


def _lead(default, name):
    return value(default, "days", LEAD.format(name))


def _memory(default, name):
    return value(default, "correlation", MEMORY.format(name))


def _rise(default, name):
    return value(default, "standard deviations", RISE.format(name))


def _delivered(default, name):
    return value(default, "days", DELIVERED.format(name))


def _unsteady(default):
    return value(default, "days", UNSTEADY)


def _refused(default, name):
    return value(default, "share of items", REFUSED.format(name))


@dataclass(frozen=True)
class Indicator:
    supplier_late_lead: int = _lead(12, "supplier_late")
    supplier_late_memory: float = _memory(0.80, "supplier_late")
    supplier_late_rise: float = _rise(1.1, "supplier_late")
    feed_share_lead: int = _lead(9, "feed_share")
    feed_share_memory: float = _memory(0.80, "feed_share")
    feed_share_rise: float = _rise(0.8, "feed_share")
    line_loss_lead: int = _lead(2, "line_loss")
    line_loss_memory: float = _memory(0.70, "line_loss")
    line_loss_rise: float = _rise(0.6, "line_loss")
    rule_notices_lead: int = _lead(20, "rule_notices")
    rule_notices_memory: float = _memory(0.90, "rule_notices")
    rule_notices_rise: float = _rise(1.0, "rule_notices")
    refund_requests_rise: float = value(
        1.2, "standard deviations", "How much refund requests rise with every incident, on its day and shortly after."
    )
    complaint_share_delay: int = value(3, "days", "Days by which complaints come after an incident.")
    complaint_share_rise: float = value(1.0, "standard deviations", "How much they rise then.")
    sick_days_memory: float = _memory(0.95, "sick_days, which tell of nothing,")
    acting: float = value(8000.0, "CNY", "Cost of acting on an alarm of supplier_late.")
    warned: float = value(27000.0, "CNY", "Loss that acting avoids when a supply incident follows in time.")
    earliest: int = value(3, "days", "A warning comes in time so many days before an incident at least.")
    latest: int = value(20, "days", "And so many days at most.")


@dataclass(frozen=True)
class Supply:
    v1_days: float = _delivered(10.0, "V1")
    v1_spread: float = _unsteady(1.5)
    v1_defects: float = _refused(0.012, "V1")
    v2_days: float = _delivered(11.0, "V2")
    v2_spread: float = _unsteady(2.0)
    v2_defects: float = _refused(0.015, "V2")
    v3_days: float = _delivered(9.0, "V3")
    v3_spread: float = _unsteady(5.0)
    v3_defects: float = _refused(0.030, "V3")
    v4_days: float = _delivered(14.0, "V4")
    v4_spread: float = _unsteady(2.5)
    v4_defects: float = _refused(0.010, "V4")
    v5_days: float = _delivered(12.0, "V5")
    v5_spread: float = _unsteady(3.0)
    v5_defects: float = _refused(0.020, "V5")
    v6_days: float = _delivered(8.0, "V6")
    v6_spread: float = _unsteady(1.5)
    v6_defects: float = _refused(0.045, "V6")
    drift_days: float = value(0.9, "share", "How much longer V3 takes at the end; it drifts from week 13.")
    drift_defects: float = value(1.5, "share", "How many more items of V3 are refused by then.")
    asked: float = value(0.97, "ratio to the forecast", "Mean of what was asked for of a past style.")
    asked_spread: float = value(0.48, "standard deviation of the log", "How unlike forecasts and askings were.")
