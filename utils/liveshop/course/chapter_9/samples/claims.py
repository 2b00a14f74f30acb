"""Claims of the course: ten to be matched with a method that can test them, ten to be weighed on the board."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from liveshop.course.chapter_9.samples import scoreboard


@dataclass(frozen=True)
class Method:
    """A way to test claims. words: as a choice; needs: what it takes, a sentence."""

    words: str
    needs: str


METHODS = {
    "A": Method("a lot that was drawn: with against without", "A lot compares those drawn with the others"),
    "B": Method("the same persons in both places", "It needs the same persons in both places"),
    "C": Method("units that were left alone, before and after", "It needs units that were left alone, seen before "
                "and after the start"),
    "D": Method("a cohort from its first day, with all who left", "A cohort says what a group leaves, from its first "
                "day on"),
    "E": Method("later days, which chose nothing", "Later days judge a forecast or a choice"),
    "F": Method("shared causes drawn whole, many years over", "Drawing causes gives the size of bad years"),
    "G": Method("a curve through levels of spend set by lot", "The curve needs many levels of spend, set by lot"),
    "H": Method("each person's time, cut at the event", "It needs the minute at which it happened to each person"),
}


@dataclass(frozen=True)
class Claim:
    """A claim with what is at hand to test it. name: of the answer; text: for the page; method: a letter of `METHODS`;
    here: a sentence that says what decides."""

    name: str
    text: str
    method: str
    here: str


TO_TEST = (
    Claim("coupon", "The coupon of July made members buy more. A coin decided who got it.", "A",
          "A coin decided who got the coupon."),
    Claim("room", "People order more often in a room than on a shelf page. No lot was drawn; many people visited both.",
          "B", "Nothing was drawn and nothing starts on a date; many people visited both places."),
    Claim("programme", "The programme raised orders in the pilots. Managers named them; four cities had neither the "
          "programme nor a pilot as neighbour.", "C", "The pilots were named, and four cities were left alone."),
    Claim("newcomer", "A newcomer by live leaves more in sixty days than she cost.", "D",
          "Asked is what all newcomers of a month leave, those who never came back too."),
    Claim("limit", "The limit that was best on the first 1,200 days will earn its keep.", "E",
          "The limit was picked as the best of those days, so they cannot judge it."),
    Claim("recommender", "The recommender guesses what people will buy next.", "E",
          "It is a guess about weeks that had not been when it was made."),
    Claim("bad_year", "A bad year of incidents costs no more than two million yuan.", "F",
          "Several incidents come from one supplier or one outage, so a year is not a sum of single incidents."),
    Claim("next_yuan", "The next yuan belongs into content. Monthly levels of spend were set city by city, by lot.",
          "G", "The question is the slope at today's spend, and the levels were set by lot."),
    Claim("comment", "Whoever writes a comment stays longer for it. The log has every comment with its minute.", "H",
          "Whoever stays long has more time to comment, and the log has the minute."),
    Claim("search", "Without search advertising these orders would be missing. From some people, drawn by a coin, it "
          "was withheld.", "A", "It was withheld from people whom a coin had drawn."),
)

# Ten claims of the course: the letter, a sentence, the truth on the board.
TO_WEIGH = {
    "A": ("what the coupon brings, by coin (6.3)", "coupon.effect"),
    "B": ("what the coupon of May brought, by matching (6.3)", "coupon-may.effect_on_treated"),
    "C": ("how much better people buy in a room (2.2)", "live.lift"),
    "D": ("how the office reacts to videos (6.2)", "content.response: office, video"),
    "E": ("what a reward does to group deals (3.2)", "deal.reward_effect"),
    "F": ("what live and social add together (7.1)", "geo.log_effects: both_extra"),
    "G": ("the loss of a bad year (8.1)", "loss.es95"),
    "H": ("how far the best platform leads the next (4.2)", "platforms.lead_over_next"),
    "I": ("what the programme added (7.2)", "programme.log_orders"),
    "J": ("what a friend's invitation adds (6.1)", "referral.effect_on_repeat"),
}


def weighed(tables):
    """The ten claims with their scores, from the board: a DataFrame by letter.

    claim, truth, bias and rms (of the section's answer, in the truth's unit), quick_rms (of the quick answer), held and
    intervals (of the section's answer).
    """
    found = scoreboard.scores(scoreboard.answers(tables)).droplevel("section")
    rows = {}
    for letter, (words, truth) in TO_WEIGH.items():
        one, quick = found.loc[(truth, "section's")], found.loc[(truth, "quick")]
        rows[letter] = {"claim": words, "truth": truth, "bias": one.bias, "rms": one.rms, "quick_rms": quick.rms,
                        "held": int(one.held), "intervals": int(one.intervals)}
    return pd.DataFrame(rows).T


def seasons(tables):
    """The seasons of the ten claims: letter, role, seed, true, estimate, low, high, error, as the board has them."""
    letters = {truth: letter for letter, (_, truth) in TO_WEIGH.items()}
    rows = scoreboard.answers(tables)
    rows = rows[rows.truth.isin(list(letters)) & (rows.role != "other")]
    return rows.assign(letter=rows.truth.map(letters))


def ratio_of(rows, size=lambda error: np.sqrt((error**2).mean())):
    """Error of the section's answer over that of the quick one, a Series by letter. rows: as `seasons` gives; size: how
    the errors of the seasons become one number."""
    by = rows.groupby(["letter", "role"]).error.agg(size).unstack("role")
    return (by["section's"] / by["quick"]).abs()
