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


@dataclass(frozen=True)
class Journey:
    live: float = value(0.2405, "share of persons", "Persons of middling intent who are touched by a live room.")
    live_intent: float = value(0.50, "log odds per sd", "How much likelier a live touch is for persons of more intent.")
    social: float = value(0.279, "share of persons", "Persons of middling intent who are touched by friends or posts.")
    social_intent: float = value(0.35, "log odds per sd", "How much likelier that is for persons of more intent.")
    social_rise: float = value(
        0.6, "log odds over the season", "How much social touches become likelier from the first week to the last."
    )
    search: float = value(0.0998, "share of persons", "Persons of middling intent, untouched else, who search.")
    search_intent: float = value(1.10, "log odds per sd", "How much likelier persons of more intent search.")
    search_from_live: float = value(0.90, "log odds", "How much likelier a person searches after a live touch.")
    search_from_social: float = value(0.50, "log odds", "How much likelier a person searches after a social touch.")
    paid: float = value(0.1192, "share of persons", "Persons of middling intent, untouched else, who meet an ad.")
    paid_intent: float = value(0.50, "log odds per sd", "How much likelier persons of more intent meet an ad.")
    paid_from_live: float = value(0.20, "log odds", "How much likelier a person meets an ad after a live touch.")
    buy: float = value(0.01713, "share of persons", "Persons of middling intent who buy without any touch.")
    buy_intent: float = value(1.10, "log odds per sd", "How much likelier persons of more intent buy.")
    buy_live: float = value(0.75, "log odds", "Effect of a live touch on buying.")
    buy_social: float = value(0.55, "log odds", "Effect of a social touch on buying.")
    buy_both: float = value(0.70, "log odds", "What live and social touches add together, over the sum of the two.")
    buy_search: float = value(0.22, "log odds", "Effect of a search touch on buying: most who search buy anyway.")
    buy_paid: float = value(0.12, "log odds", "Effect of an ad on buying.")


@dataclass(frozen=True)
class Programme:
    base: float = value(0.08, "log ratio of orders", "Effect of the integrated programme without any of its parts.")
    show: float = value(0.18, "log ratio of orders", "What the joint show adds in the weeks in which it runs.")
    vote: float = value(0.13, "log ratio of orders", "What the vote adds in the weeks in which it runs.")
    push: float = value(0.01, "log ratio of orders", "What the push message adds in the weeks in which it runs.")
    spill: float = value(
        0.14, "log ratio of orders", "Effect on cities without the programme that have neighbours with it."
    )
    first: float = value(0.4, "share", "Part of the effect that is there in the first week of the programme.")
    second: float = value(0.7, "share", "Part of the effect that is there in its second week; all of it after that.")
    festival: float = value(0.45, "log ratio of orders", "Rise of the local group shops' orders in the June festival.")
    growth: float = value(0.010, "log ratio per week", "Growth of the local group shops from week to week.")
    show_searches: float = value(0.10, "log ratio", "What the show adds to searches for the brand.")
    vote_searches: float = value(0.06, "log ratio", "What the vote adds to searches for the brand.")
    visits: float = value(0.08, "log ratio", "What the programme adds to direct visits.")
    members: float = value(0.12, "log ratio", "What the programme adds to active members.")
    claim: float = value(0.58, "share of GMV", "Sales that the programme's report counts as its own.")
    claim_push: float = value(0.72, "share of GMV", "The same in weeks with the push message.")
    base_cost: float = value(1100.0, "CNY per week", "Cost of the programme in a city of average size; goes with the "
                             "root of the size.")
    show_cost: float = value(650.0, "CNY per week", "Further cost of the show.")
    vote_cost: float = value(140.0, "CNY per week", "Further cost of the vote.")
    push_cost: float = value(900.0, "CNY per week", "Further cost of the push message.")
    margin: float = value(57.0, "CNY per order", "Margin of an order of the local group shops; prices the effects.")
