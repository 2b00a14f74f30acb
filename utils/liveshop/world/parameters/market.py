"""Parameters of the market around the shop: paid media by city, the trial of live and social, journeys, programme."""

from __future__ import annotations

from dataclasses import dataclass

from liveshop.world.parameters.value import value

USUAL = "What is usually spent on {} a week, in units: one unit is media.unit yuan in a city of average size."
EFFECT = "Visits that {} brings when it is spent without limit, on the log scale."
HALF = "Level of {} at which half of its effect is reached."
CARRY = "Share of the level of {} that is carried over to the week after."


def _media(default, unit, meaning, kind):
    return value(default, unit, meaning.format(kind))


@dataclass(frozen=True)
class Media:
    unit: float = value(3.5, "CNY per week", "Price of one unit of spend in a city of average size.")
    feed_usual: float = _media(130.0, "units per week", USUAL, "feed advertising")
    feed_effect: float = _media(0.40, "log ratio", EFFECT, "feed advertising")
    feed_half: float = _media(60.0, "units per week", HALF, "feed advertising")
    feed_carry: float = _media(0.15, "share", CARRY, "feed advertising")
    search_usual: float = _media(30.0, "units per week", USUAL, "search advertising")
    search_effect: float = _media(0.20, "log ratio", EFFECT, "search advertising")
    search_half: float = _media(15.0, "units per week", HALF, "search advertising")
    search_carry: float = _media(0.05, "share", CARRY, "search advertising")
    influencer_usual: float = _media(45.0, "units per week", USUAL, "influencers")
    influencer_effect: float = _media(0.40, "log ratio", EFFECT, "influencers")
    influencer_half: float = _media(110.0, "units per week", HALF, "influencers")
    influencer_carry: float = _media(0.40, "share", CARRY, "influencers")
    content_usual: float = _media(20.0, "units per week", USUAL, "content")
    content_effect: float = _media(0.35, "log ratio", EFFECT, "content")
    content_half: float = _media(60.0, "units per week", HALF, "content")
    content_carry: float = _media(0.55, "share", CARRY, "content")
    feed_claim: float = value(0.30, "share of orders", "Orders that the feed's own report counts as its own.")
    search_claim: float = value(0.36, "share of orders", "Orders that the search report counts as its own.")
    influencer_claim: float = value(0.10, "share of orders", "Orders that the influencers' links count as theirs.")
    content_claim: float = value(0.06, "share of orders", "Orders that the content report counts as its own.")
    june: float = value(0.45, "log ratio", "Rise of visits in the four weeks of the June festival.")
    november: float = value(0.55, "log ratio", "Rise of visits in the three weeks of the November festival.")
    december: float = value(0.15, "log ratio", "Rise of visits in the week of the December festival.")
    new_year: float = value(0.20, "log ratio", "Rise of visits in the two weeks before the New Year festival.")
    growth: float = value(0.003, "log ratio per week", "Growth of visits from week to week.")
    year: float = value(0.12, "log ratio", "Height of the wave of the year, which peaks in June.")
    conversion: float = value(0.034, "orders per visit", "Visits of the two earlier years that end in an order.")


@dataclass(frozen=True)
class Geo:
    live: float = value(0.14, "log ratio of orders", "Effect of live advertising alone in the trial over cities.")
    social: float = value(0.10, "log ratio of orders", "Effect of social advertising alone in that trial.")
    both_extra: float = value(
        0.18, "log ratio of orders", "What live and social add when they run together, over the sum of the two alone."
    )
    carry: float = value(
        0.25, "share", "Part of the effect of the block before that is still there in the first week of a block."
    )
