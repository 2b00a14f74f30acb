"""The course's scoreboard: each planted truth, the quick answer and the section's answer, over seasons made anew.

The truth: every one that a recovery of chapters 1 to 8 gives. The quick answer: the one that its section calls naive,
or what desks do. The section's answer: the one that its text advises; where it advises none, the best that it could do.
A row that a section warns of stays on the board. Whoever wrote that advice had seen how the answer does: no row was
drawn by lot, and the section says so.
"""

import re

import numpy as np
import pandas as pd

from liveshop.course.chapter_1.samples import route
from liveshop.tables.memory import once_per_tables

SURE = 0.95          # what the course's intervals promise
DRAWS, SEED = 2_000, 9                   # seasons drawn again, for the luck of a score
CHAPTERS = {1: "Introduction", 2: "Live commerce", 3: "Social commerce", 4: "Foundations", 5: "Live room",
            6: "Social shop", 7: "Integration", 8: "Risk"}

# A family of truths (the name before a colon): its section, the quick answer, the section's answer.
BOARD = {
    "rooms.growth": ("1.2", "naive", "per hour, ordinary weeks"),
    "history.growth_a_year": ("1.2", "naive", "year on year"),
    "audience.seconds_per_entry": ("2.1", "naive", "one by length"),
    "live.lift": ("2.2", "naive", "within persons"),
    "live.lift_of_shelf_audience": ("2.2", "naive", "within persons, shelf's mix"),
    "live.lift_by_source": ("2.2", "naive", "within persons"),
    "refund.final_rate_by_channel": ("2.3", "all lines so far", "three weeks, festival as it is"),
    "ties.influence_on_repeat": ("3.1", "naive", "less others of the same community"),
    "deal.reward_effect": ("3.2", "naive", "friends expected"),
    "deal.fill_rate": ("3.2", "naive", "longer deals full by then"),
    "acquisition.cost_per_customer": ("3.3", "naive", "new customers"),
    "newcomers.margin_of_the_next": ("3.3", "naive", "cohort"),
    "newcomers.margin_of_the_festival": ("3.3", None, "cohort"),
    "contacts.busiest_hour": ("4.1", "naive", "hour by hour"),
    "platforms.lead_of_marketplace": ("4.2", "naive", "blind"),
    "platforms.lead_over_next": ("4.2", "naive", "blind"),
    "platforms.weights": ("4.2", None, "pairs, consistent raters"),
    "media.marginal": ("4.3", "naive", "fitted curve"),
    "media.gain_of_best_split": ("4.3", "naive", "nobody above three times the usual"),
    "media.gain_promised": ("4.3", None, "nobody above three times the usual"),
    "survey.segments": ("4.3", "naive", "logs, scaled"),
    "experiments.mean_effect_of_winners": ("4.4", "naive", "shrunk"),
    "experiments.broken_split": ("4.4", None, "sample ratio"),
    "opener.log_orders_per_click": ("5.1", "naive", "adjusted"),
    "giveaway.after.log_orders_per_click": ("5.1", None, "within, same shelf"),
    "rundown.discount_lift": ("5.1", None, "rundown model"),
    "rundown.hero_hazard_against_profit": ("5.1", None, "rundown model"),
    "rundown.traffic_hazard_against_profit": ("5.1", None, "rundown model"),
    "rundown.repeat_fatigue": ("5.1", None, "rundown model"),
    "rundown.gain_over_greedy": ("5.1", None, "computed order"),
    "rundown.gain_over_habit": ("5.1", None, "computed order"),
    "hosts.skill of established": ("5.2", "raw", "shrunk"),
    "hosts.skill of newcomers": ("5.2", "raw", "shrunk"),
    "hosts.order": ("5.2", "naive: GMV per hour", "fair"),
    "host.skill_spread": ("5.2", None, "between hosts"),
    "prompt.hazard": ("5.3", None, "coin"),
    "prompt.hazard in minute": ("5.3", None, "coin"),
    "prompt.minutes": ("5.3", None, "coin"),
    "prompt.nagging": ("5.3", "model", "model with roles"),
    "stutter.hazard": ("5.3", "naive", "model"),
    "comment.effect_on_staying": ("5.3", "naive", "time-varying"),
    "comment.ratio_of_stays": ("5.3", "naive", "landmark"),
    "chat.reply_decay": ("5.3", None, "reply curve"),
    "chat.fast_over_slow": ("5.3", None, "bands of waiting"),
    "anomaly.bot_flood": ("5.4", "raw threshold", "four charts"),
    "anomaly.broken_link": ("5.4", "raw threshold", "four charts"),
    "anomaly.host_absent": ("5.4", "raw threshold", "four charts"),
    "anomaly.stutter": ("5.4", "raw threshold", "four charts"),
    "anomaly.none": ("5.4", "raw threshold", "four charts"),
    "referral.effect_on_repeat": ("6.1", "naive", "other contacts of the same friend"),
    "referral.k": ("6.1", "naive", "thirteen weeks, came by themselves"),
    "hit rate of later weeks": ("6.1", "random split", None),
    "content.response": ("6.2", "naive", "same author and time"),
    "content.response_of_all": ("6.2", "naive", "same author and time"),
    "content.best_of_segment": ("6.2", "plain rates of a fortnight", "same author and time"),
    "content.topic": ("6.2", "naive", "same type, author and time"),
    "coupon.effect": ("6.3", "naive", "by coin"),
    "coupon-may.effect_on_treated": ("6.3", "naive", "matched on orders before"),
    "orders a coupon of the best fifth": ("6.3", "naive", "by predicted uplift"),
    "yuan a member of the coupon list": ("6.3", "the half that chose it", "the unseen half"),
    "visit.checkout_effect": ("6.3", None, "at equal device"),
    "visit.load_effect": ("6.3", "naive", "at equal device"),
    "orders to be won": ("6.3", "naive", "measured causes"),
    "social.rate_r": ("6.4", "all orders", "orders of one's own accord"),
    "social.rate_alpha": ("6.4", "all orders", "orders of one's own accord"),
    "social.drop_a": ("6.4", "all orders", "orders of one's own accord"),
    "social.drop_b": ("6.4", "all orders", "orders of one's own accord"),
    "mean drop-out after a repeat order": ("6.4", "all orders", "orders of one's own accord"),
    "orders of ten weeks": ("6.4", None, "BG/NBD"),
    "orders of ten weeks, one order before": ("6.4", None, "BG/NBD"),
    "yuan of ten weeks": ("6.4", "formula, calendar weeks", "BG/NBD × Gamma-Gamma"),
    "yuan of the best buyers": ("6.4", "R + F + M", "value ahead, the model"),
    "gone after a late answer": ("6.4", "naive", "at equal conditions"),
    "service.orders_lost": ("6.4", None, "at equal conditions"),
    "geo.log_effects": ("7.1", "all weeks", "without first weeks"),
    "journeys.incremental": ("7.1", "naive", "withheld by a coin"),
    "journeys.synergy": ("7.1", "naive", None),
    "programme.log_orders": ("7.2", "naive", "clean controls"),
    "programme.log_orders of the largest city": (
        "7.2", "synthetic control, all donors", "synthetic control, clean donors"),
    "programme.spill": ("7.2", None, "clean controls"),
    "programme.part_effects": ("7.3", "naive", "rows independent (HC3)"),
    "loss.es95": ("8.1", "naive", "causes"),
    "loss.tail_share": ("8.1", "naive", "causes"),
    "outages.both_down": ("8.2", "naive", "both in the log"),
    "suppliers.days": ("8.2", None, "before the drift"),
    "suppliers.spread": ("8.2", None, "before the drift"),
    "buys.best_multiple": ("8.2", "naive", "critical ratio"),
    "measures.best_set": ("8.2", "naive", "best set of the register"),
    "indicators.leads": ("8.3", "naive", "by lag, weekdays held"),
    "indicators.lead": ("8.3", None, "by lag, weekdays held"),
    "indicators.money": ("8.3", "days that chose", None),
}


def family(truth):
    """The name of a truth without what stands behind its colon, or the number of a minute."""
    return re.sub(r" \d+$", "", truth.split(": ")[0])


@once_per_tables
def answers(tables):
    """Every answer of chapters 1 to 8 in every simulated season.

    A DataFrame: section, truth, method, role (quick, section's, other), seed, true, estimate, low, high, error
    (estimate less true, in the truth's own unit), holds (1 or 0: low to high holds the truth; missing without them).
    """
    rows = tables.every_season()
    rows = rows[rows.truth.map(family).isin(list(BOARD))].copy()
    section, quick, better = (rows.truth.map({truth: BOARD[family(truth)][at] for truth in rows.truth.unique()})
                              for at in range(3))
    there = rows.low.notna() & rows.high.notna()
    return rows.assign(
        section=section, role=np.select([rows.method == quick, rows.method == better], ["quick", "section's"], "other"),
        error=rows.estimate - rows.true, holds=rows.true.between(rows.low, rows.high).astype(float).where(there))


def scores(rows):
    """One line an answer, over its seasons.

    rows: as `answers` gives. A DataFrame by section, truth and role: method, seasons, bias, spread (standard deviation
    of the errors), rms (root of the mean squared error), all in the truth's unit; held and intervals (how many of the
    intervals hold the truth, and how many there are).
    """
    by = rows.groupby(["section", "truth", "role", "method"], sort=True)
    found = by.agg(seasons=("error", "size"), bias=("error", "mean"), spread=("error", "std"),
                   rms=("error", lambda e: np.sqrt((e**2).mean())), held=("holds", "sum"), intervals=("holds", "count"))
    return found.reset_index("method")


@once_per_tables
def pairs(tables):
    """The questions that have a quick answer and a section's answer: a DataFrame by section and truth.

    left: root mean squared error of the section's answer over that of the quick one (0: all of the error is gone, 1:
    none; infinite where the quick answer was right in every season). lean: the same of the two biases. nearer: the
    section's answer has the smaller error. chapter: a number. Where both were right in every season nothing was to be
    gained: such a question is left out.
    """
    both = scores(answers(tables).query("role != 'other'"))[["rms", "bias"]].unstack("role")
    both = both[both.rms.notna().all(axis=1) & both.rms.any(axis=1)]
    with np.errstate(divide="ignore"):
        found = pd.DataFrame({"left": both.rms["section's"] / both.rms["quick"],
                              "lean": both.bias["section's"].abs() / both.bias["quick"].abs()})
    found["nearer"] = both.rms["section's"] < both.rms["quick"]
    return found.assign(chapter=[int(section[0]) for section, _ in found.index])


@once_per_tables
def intervals(tables):
    """The section's answers that have intervals: a DataFrame by section and truth with method, held, intervals, share,
    chapter."""
    found = scores(answers(tables).query("role == \"section's\""))
    found = found[found.intervals > 0].droplevel("role")
    return found[["method", "held", "intervals"]].assign(
        share=found.held / found.intervals, chapter=[int(section[0]) for section, _ in found.index])


@once_per_tables
def misses(tables):
    """How far off the section's answers are, as a share of the truth: a DataFrame by section and truth.

    Only truths that are never 0 and keep their sign. mean: of the mean answer over all seasons, from the mean truth;
    one: of the answer of one season, the middle of the seasons; both without sign. chapter: a number.
    """
    rows = answers(tables).query("role == \"section's\"")
    by = rows.groupby(["section", "truth"])
    signed = (by.true.min() > 0) | (by.true.max() < 0)
    found = pd.DataFrame({
        "mean": (by.estimate.mean() / by.true.mean() - 1).abs(),
        "one": (rows.error / rows.true).abs().groupby([rows.section, rows.truth]).median()})[signed]
    return found.assign(chapter=[int(section[0]) for section, _ in found.index])


@once_per_tables
def ranges(tables):
    """How much of the error left is luck: the seasons are drawn again, many times, for both answers alike.

    A DataFrame by section and truth, as `pairs` has them: low and high, between which 95 % of the ratios lie. A draw in
    which neither answer has an error counts as 1; a season without an answer counts for the other answer alone.
    """
    rows = answers(tables).query("role != 'other'").assign(square=lambda d: d.error**2)
    squares = rows.groupby(["section", "truth", "role", "seed"]).square.mean().unstack("role")
    random, found = np.random.default_rng(SEED), {}
    for question in pairs(tables).index:
        seasons = squares.loc[question]
        drawn = random.integers(0, len(seasons), (DRAWS, len(seasons)))
        quick, better = (np.nanmean(seasons[role].to_numpy()[drawn], axis=1) for role in ("quick", "section's"))
        with np.errstate(divide="ignore", invalid="ignore"):
            left = np.where((quick == 0) & (better == 0), 1.0, np.sqrt(better / quick))
        found[question] = np.quantile(left, [0.025, 0.975], method="nearest")
    return pd.DataFrame(found, index=["low", "high"]).T.rename_axis(["section", "truth"])


def poster(tables):
    """The seven loops of section 1.3's figure, chosen to be shown, as rows of `misses`, by the words of the figure."""
    found = misses(tables).droplevel("section")
    return found.loc[[truth for truth, *_ in route.LOOPS.values()]].set_axis(list(route.LOOPS))


def by_section(values):
    """Middle of the questions of each section, then the middle of the sections: a section counts once, however many
    truths it has. values: a Series by section and truth."""
    return values.groupby(level="section").median().median()


def chosen_in_one_season(tables):
    """Choose in each chapter, by one season, the answer that came nearest; how near it was there, and in the others.

    A DataFrame by the season that chose: told and later, shares of the truth (means over the chapters; later over all
    seasons but that one). Only questions that every one of the course's seasons answers once, and chapters with at
    least two of them: one question is no choice.
    """
    seeds = tables.recovered_seasons("live.lift", "naive").index
    rows = answers(tables).query("role == \"section's\"").assign(off=lambda d: (d.error / d.true).abs())
    rows = rows[rows.truth.isin(misses(tables).index.get_level_values("truth")) & rows.seed.isin(seeds)]
    once = rows.groupby("truth").seed.transform(lambda seed: len(seed) == seed.nunique() == len(seeds))
    off = rows[once].pivot(index="seed", columns=["section", "truth"], values="off")
    of = off.columns.get_level_values("section").str[0].to_series()
    off = off.loc[:, (of.groupby(of).transform("size") > 1).to_numpy()]
    chapter = off.columns.get_level_values("section").str[0]
    found = {}
    for seed in off.index:
        nearest = off.loc[seed].groupby(chapter).idxmin()
        found[seed] = {"told": off.loc[seed, nearest].mean(), "later": off.drop(seed)[nearest].mean().mean()}
    return pd.DataFrame(found).T


def coverage(tables):
    """Share of the section's intervals that hold, with two 95 % intervals of that share.

    Only questions that every one of the course's seasons answers. A Series: share, intervals (how many), counted_low
    and counted_high (as if all intervals were independent), low and high (seasons as the units: Student's t).
    """
    from scipy import stats

    rows = answers(tables).query("role == \"section's\" and holds.notna()")
    seeds = tables.recovered_seasons("live.lift", "naive").index
    seasons = rows[rows.seed.isin(seeds)].groupby("seed").holds.agg(["mean", "size"])
    share, many = np.average(seasons["mean"], weights=seasons["size"]), seasons["size"].sum()
    counted, half = 1.96 * np.sqrt(share * (1 - share) / many), stats.t.ppf(0.975, len(seasons) - 1) * stats.sem(
        seasons["mean"])
    return pd.Series({"share": share, "intervals": many, "counted_low": share - counted, "counted_high":
                      share + counted, "low": share - half, "high": share + half})


@once_per_tables
def findings(tables):
    """What was said over the seasons: a DataFrame by truth and role (quick, section's, other).

    mean, low, high: of the estimates (nine in ten seasons lie from low to high), true (mean of the seasons), held and
    intervals (how many of the 95 % intervals hold the truth, and how many there are), off (estimate over truth less 1,
    without sign, the middle of the seasons). Several "other" answers to a truth are several rows.
    """
    by = answers(tables).assign(off=lambda d: (d.error / d.true).abs()).groupby(["truth", "role", "method"])
    found = by.agg(mean=("estimate", "mean"), low=("estimate", lambda e: e.quantile(0.05)),
                   high=("estimate", lambda e: e.quantile(0.95)), true=("true", "mean"), held=("holds", "sum"),
                   intervals=("holds", "count"), off=("off", "median"))
    return found.reset_index("method")


def signs(tables):
    """In which share of the seasons the sign was right: a DataFrame by truth, columns quick and section's.

    Seasons whose truth is 0 are left out, and questions without both answers.
    """
    rows = answers(tables).query("true != 0 and role != 'other'")
    right = np.sign(rows.estimate) == np.sign(rows.true)
    return right.groupby([rows.truth, rows.role]).mean().unstack("role").dropna()


def of_twenty(tables, least=15):
    """How many of the section's answers have 20, 19, … of twenty intervals that hold, and how many would by chance.

    least: so many and fewer are one row. A DataFrame by held, in words: answers, by_chance (if each held with `SURE`).
    """
    from scipy.stats import binom

    rows = intervals(tables).query("intervals == 20")
    held = np.arange(20, least, -1)
    found = pd.DataFrame({"answers": [(rows.held == one).sum() for one in held],
                          "by_chance": len(rows) * binom.pmf(held, 20, SURE)}, index=[f"{one}" for one in held])
    found.loc[f"{least} or fewer"] = (rows.held <= least).sum(), len(rows) * binom.cdf(least, 20, SURE)
    return found
