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
