"""The map of the business: what each lever moves, how much was planted, and what the sections' methods found."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from liveshop import charts
from liveshop.course.chapter_9.samples import scoreboard

# Where a person stands, and to what each stage leads: more of the one is more of the other, if all else stays.
STAGES = {"people who enter": "viewers who stay", "viewers who stay": "orders", "members who come back": "orders",
          "orders": None, "loss of a year": None}
COME, STAY, BACK, ORDER, LOSS = "people who enter", "viewers who stay", "members who come back", "orders", \
    "loss of a year"
PLACES = {COME: (0.15, 0.85), STAY: (0.5, 0.85), ORDER: (0.85, 0.85), BACK: (0.85, 0.15), LOSS: (0.15, 0.15)}
WITH, WITHOUT = "with it", "without it"
SIZES = {"large": np.log(1.25), "clear": np.log(1.1), "small": np.log(1.02), "nothing": 0.0}     # from where on
MUCH = 100_000                                                  # yuan a year that are large
CHANGES = ("ratio", "share", "log")                             # units of which a change is told


@dataclass(frozen=True)
class Effect:
    """What a lever does at a stage.

    stage: a name of `STAGES`; truth: its name on the scoreboard, or in truth.json where not on the board;
    unit: ratio, log (of a ratio), share (0.05 is 5 % more), points (of people, as a share), orders (a member) or yuan
    (avoided a year); of: what is more or less, in words; less: more of it means less at the stage (leaving).
    """

    stage: str
    truth: str
    unit: str
    of: str
    less: bool = False


# A lever, the section that measures it, and its effects.
LEVERS = {
    "an opening giveaway": ("5.1", Effect(COME, "opener.log_views", "log", "entries"),
                            Effect(ORDER, "opener.log_orders_per_click", "log", "orders a click")),
    "a prompt to the viewers": ("5.3", Effect(STAY, "prompt.hazard", "ratio", "leaving", less=True)),
    "a stalled picture": ("5.3", Effect(STAY, "stutter.hazard", "ratio", "leaving", less=True)),
    "a comment of her own": ("5.3", Effect(STAY, "comment.effect_on_staying", "ratio", "leaving", less=True)),
    "a room, not a shelf page": ("2.2", Effect(ORDER, "live.lift_of_shelf_audience", "ratio", "orders a visit")),
    "the best media split": ("4.3", Effect(COME, "media.gain_of_best_split", "share", "visits")),
    "the show in pilot cities": ("7.3", Effect(ORDER, "programme.part_effects: show", "log", "orders")),
    "the push in pilot cities": ("7.3", Effect(ORDER, "programme.part_effects: push", "log", "orders")),
    "a coupon to the silent": ("6.3", Effect(
        BACK, "coupon.effect: silent 4 to 10 weeks", "orders", "orders a member")),
    "a late answer": ("6.4", Effect(BACK, "gone after a late answer", "points", "members lost", less=True)),
    "a friend's invitation": ("6.1", Effect(BACK, "referral.effect_on_repeat", "points", "second orders")),
    "a friend's second order": ("3.1", Effect(BACK, "ties.influence_on_repeat", "points", "second orders")),
    "a reward in group deals": ("3.2", Effect(BACK, "deal.reward_effect", "share", "friends who accept")),
    "the best set of measures": ("8.2", Effect(LOSS, "measures.best_set", "yuan", "loss")),
}


def touched(tables, lever, way=WITH):
    """What a lever moves at the stages that it touches, planted and found.

    lever: a name of `LEVERS`; way: `WITH`, or `WITHOUT` for a shop that lacks it. A DataFrame by stage: of, unit,
    planted, low and high (nine in ten seasons' estimates lie between; missing where not on the board), up (1, 0
    or −1: more, nothing or less at that stage). Planted, low and high are 0 for no effect, ratios as changes; planted
    is the mean of the seasons' truths where it differs between them.
    """
    answers, rows = scoreboard.answers(tables), {}
    for effect in LEVERS[lever][1:]:
        found = answers[(answers.truth == effect.truth) & (answers.role == "section's")]
        planted = found.true.mean() if len(found) else tables.truth[effect.truth]
        planted = turned(planted, effect.unit, way)
        low, high = sorted((turned(found.estimate.quantile(share), effect.unit, way) for share in (0.05, 0.95)),
                           key=abs if effect.unit == "yuan" else None)
        more = -planted if effect.less or effect.unit == "yuan" else planted
        rows[effect.stage] = {"of": effect.of, "unit": effect.unit, "planted": planted, "low": low, "high": high,
                              "up": int(np.sign(round(more, 6)))}
    return pd.DataFrame(rows).T


def turned(value, unit, way):
    """An effect, 0 for none, of a lever that is there or lacking. value: in its unit."""
    if unit == "ratio":
        value = np.log(value)
    elif unit == "share":
        value = np.log1p(value)
    value = value if way == WITH else -value
    return np.expm1(value) if unit in CHANGES else value


def moved(effects):
    """Which way each stage goes in the end: {stage: 1 more, −1 less, 0 both ways at once}, only those that move.

    effects: as `touched` gives. A stage that is touched, or that follows on one, takes the signs of all that reach it.
    """
    signs = {stage: {up} - {0} for stage, up in effects.up.items()}
    for stage, following in STAGES.items():                       # in the order of the way
        if following:
            signs[following] = signs.get(following, set()) | signs.get(stage, set())
    return {stage: sum(found) for stage, found in signs.items() if found}


def said(value, unit):
    """An effect in words: “+18%”, “−7 points”, “+0.26”. value: as `touched` gives; yuan avoided are less loss."""
    value = -value if unit == "yuan" else value
    sign, plain = "+" if value > 0 else "−" if value < 0 else "±", abs(value)
    written = {"yuan": lambda: f"{charts.money(plain)} a year", "points": lambda: f"{100 * plain:.0f} points",
               "orders": lambda: f"{plain:.2f}"}
    return sign + written.get(unit, lambda: charts.percent(plain, 1 if 0 < plain < 0.095 else 0))()


def size(value, unit):
    """How large an effect is, a word of `SIZES`. Points and orders count as shares."""
    if unit == "yuan":
        return "large" if abs(value) >= MUCH else "small"
    change = abs(np.log1p(value)) if unit in CHANGES else abs(value)
    return next(word for word, least in SIZES.items() if change >= least)


def sentence(tables, lever, way=WITH):
    """One sentence on what a lever moves, with what was found."""
    effects, (section, *_) = touched(tables, lever, way), LEVERS[lever]
    parts = []
    for _, row in effects.iterrows():
        part = f"{row.of} {said(row.planted, row.unit)} ({size(row.planted, row.unit)}"
        found = " to ".join(said(end, row.unit) for end in (row.low, row.high))
        parts.append(f"{part}; not on the board)" if np.isnan(row.low) else f"{part}; found {found})")
    both_ways = [stage for stage, up in moved(effects).items() if up == 0]
    on = [f"{'more' if up > 0 else 'fewer'} {stage}" for stage, up in moved(effects).items()
          if up and stage not in effects.index]
    rest = [f"Further on: {', '.join(on)}."] if on else []
    rest += [f"{stage[0].upper()}{stage[1:]} are pulled both ways: add the numbers up." for stage in both_ways]
    return " ".join([f"{way[:-3].capitalize()} {lever} ({section}): {', '.join(parts)}.", *rest])


def drawn(tables, lever, way=WITH, title=None):
    """The map with one lever pulled, and the sentence that tells it: (figure, sentence)."""
    effects, told = touched(tables, lever, way), sentence(tables, lever, way)
    words = {stage: [row.of, said(row.planted, row.unit)] for stage, row in effects.iterrows()}
    return charts.cause_map(PLACES, STAGES, f"{way[:-3]} {lever}", words, moved(effects), title, told), told
