"""Every truth that the course tells of stands in truth.json: as a parameter, or derived from the world."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from liveshop.world.parameters import names

DATA = Path(__file__).parents[2] / "data"

# What the chapters' methods are to recover, by section, and where truth.json has it.
TRUTHS = {
    "2.2 live raises conversion for the same viewer": ["live.lift", "live.lift_by_source", "live.selection"],
    "3.3 what a new customer costs": ["acquisition.cost_per_customer", "income.share_of_profit"],
    "4.1 contacts by hour, gaps of the team": ["contacts.mean_by_hour", "contacts.handling_minutes", "team.gaps"],
    "4.2 merits of the platforms": ["platforms.weights", "platforms.merit", "platforms.best"],
    "4.3 response to spend": [
        *("media.response", "media.marginal", "media.average", "media.best_split", "media.gain_of_best_split"),
        *("media.elasticity_of_total", "media.festival", "survey.means"),
    ],
    "4.4 past tests": ["experiments.past_effects", "experiments.broken_split", "experiments.stopped_early"],
    "5.1 a giveaway as opener": ["opener.conversion", "opener.log_views"],
    "5.2 skill of the hosts": ["host.skill_spread"],
    "5.3 prompts and stutter": ["prompt.log_hazard_by_interval", "stutter.hazard", "comment.effect_on_staying"],
    "5.4 abnormal minutes": ["anomaly.episodes"],
    "6.1 referral": ["referral.effect_on_repeat", "referral.selection", "referral.k"],
    "6.2 content by segment": ["content.response", "content.best_of_segment"],
    "6.3 coupons": ["coupon.effect", "coupon.effect_by_cell"],
    "6.4 rates, drop-out and service": ["social.rate_r", "social.drop_a", "service.harm_of_late_answer"],
    "7.1 live and social together": [
        *("geo.log_effects", "journeys.incremental", "journeys.causal_shapley", "journeys.anyway", "journeys.synergy"),
        "journey.social_rise",
    ],
    "7.2 and 7.3 the programme": [
        *("programme.part_effects", "programme.ramp", "programme.log_orders", "programme.spill"),
        *("programme.spill_log_orders", "programme.part_return"),
    ],
    "8.1 losses and scripts": [
        *("loss.expected", "loss.var95", "loss.es95", "loss.tail_share", "loss.frequency_severity"),
        *("screen.recall", "screen.precision"),
    ],
    "8.2 supply and lines": [
        *("suppliers", "suppliers.drift", "buys.critical_ratio", "buys.best_multiple"),
        *("outages.common_share", "outages.down", "measures.best_set"),
    ],
    "8.3 indicators": ["indicators.lead", "indicators.money"],
}


@pytest.fixture(scope="module")
def known():
    return json.loads((DATA / "truth.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("section", TRUTHS)
def test_the_truths_of_a_section_are_written_down(known, section):
    assert not set(TRUTHS[section]) - {*known["parameters"], *known["derived"]}


def test_parameters_and_derived_truths_have_names_of_their_own(known):
    assert set(known["parameters"]) == set(names()) and not set(known["parameters"]) & set(known["derived"])
