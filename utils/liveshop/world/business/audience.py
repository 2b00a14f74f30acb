"""Opinions: platforms as raters score them, a survey of customers, and the audiences of the platforms."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd

from liveshop.world import draws
from liveshop.world.catalogue import CHANNEL_IDS
from liveshop.world.facts import fact
from liveshop.world.shop.customers import AGE_BANDS
from liveshop.world.shop.members import SEGMENTS

OPTIONS = (*CHANNEL_IDS, "own_app")
WEIGHTS = {
    "audience": 0.24, "functions": 0.10, "traffic": 0.18, "growth": 0.14,
    "competition": 0.08, "fee": 0.12, "after_sales": 0.06, "brand_fit": 0.08,
}
CRITERIA = tuple(WEIGHTS)
MERITS = np.array(  # option × criterion, 1 to 9; more is better for the shop, also of fee and competition
    [
        [5.5, 8.0, 8.0, 2.5, 3.0, 3.5, 6.0, 4.0],
        [5.0, 3.0, 5.5, 7.5, 6.5, 6.5, 5.0, 8.0],
        [8.0, 6.0, 8.0, 2.5, 5.0, 3.0, 8.0, 6.5],
        [2.5, 4.5, 6.5, 2.5, 7.0, 2.5, 8.0, 8.0],
        [6.0, 6.5, 2.5, 2.5, 3.5, 7.0, 4.0, 3.5],
        [1.0, 1.0, 1.0, 9.0, 9.0, 9.0, 1.0, 8.0],  # an app of one's own: no fee, no rival, and nobody there
    ]
)
FAVOURITE = OPTIONS.index("interest_video")
RATERS = tuple(f"R{i}" for i in range(1, 7))
BY_LOT = RATERS.index("R6")  # the rater whose comparisons say nothing
ROUNDS = ("blind", "sighted")

LIKERT = ("price_first", "fit_first", "trend_first", "friends_first")
ASKED = 2400  # customers with an order
SURVEY = np.array(  # segment × (four statements, minutes watched a week, share of them in the evening, log budget)
    [
        [4.2, 5.6, 2.3, 3.0, 35, 0.35, -0.05],
        [3.2, 5.2, 3.9, 2.6, 45, 0.62, 0.35],
        [3.6, 3.4, 5.7, 5.2, 120, 0.48, 0.10],
        [6.2, 3.4, 3.4, 4.4, 95, 0.55, -0.35],
    ]
)
BUDGET = 4200  # CNY a year, middle of all

AUDIENCES = {  # of the platform's own audience, percent: age bands, female, large cities
    "interest_video": ((34, 38, 19, 9), 58, 41),
    "community_video": ((18, 31, 29, 22), 55, 24),
    "marketplace": ((22, 41, 25, 12), 64, 46),
    "quality_retail": ((12, 40, 33, 15), 49, 61),
    "group_deal": ((14, 27, 30, 29), 67, 22),
}


def platform_scores(parameters, seed):
    """The table `platform_scores`: each rater scores each option on each criterion, blind and then sighted."""
    random, p = draws.generator(seed, "business/platforms"), parameters.platform
    shape = len(RATERS), *MERITS.shape
    sighted = np.where(np.arange(len(OPTIONS)) == FAVOURITE, p.favourite, -p.others)[None, :, None]
    scores = np.stack([MERITS + random.normal(0, p.spread, shape) + seen for seen in (0, sighted)])
    names = ["round", "rater", "option", "criterion"]
    index = pd.MultiIndex.from_product([ROUNDS, RATERS, OPTIONS, CRITERIA], names=names)
    return pd.DataFrame({"score": np.clip(np.round(scores, 1), 1, 9).ravel()}, index=index).reset_index()


def criteria_pairs(parameters, seed):
    """The table `criteria_pairs`: how much more criterion a counts than b for each rater, on Saaty's scale."""
    random = draws.generator(seed, "business/criteria")
    pairs = list(combinations(range(len(CRITERIA)), 2))
    weights = np.array(list(WEIGHTS.values()))
    a, b = np.array(pairs).T
    log_ratio = np.log(weights[a] / weights[b])
    log_ratio = log_ratio + random.normal(0, parameters.platform.judgement, (len(RATERS), len(pairs)))
    log_ratio[BY_LOT] = np.log(random.integers(1, 10, len(pairs))) * random.choice([-1, 1], len(pairs))
    strength = np.clip(np.rint(np.exp(np.abs(log_ratio))), 1, 9)
    names = np.array(CRITERIA, dtype=object)
    return pd.DataFrame(
        {
            "rater": np.repeat(np.array(RATERS, dtype=object), len(pairs)),
            "a": np.tile(names[a], len(RATERS)),
            "b": np.tile(names[b], len(RATERS)),
            "ratio": np.where(log_ratio < 0, 1 / strength, strength).ravel(),
        }
    )


def survey(seed, tables):
    """The table `survey`: customers with an order, asked at the end of the season; fewer in a small world."""
    random = draws.generator(seed, "business/survey")
    customers = tables["customers"]
    buyers = customers[customers.customer_id.isin(tables["orders"].dropna(subset=["paid"]).customer_id)]
    asked = np.sort(random.choice(len(buyers), min(ASKED, len(buyers)), replace=False))
    person = buyers.iloc[asked]
    mean = SURVEY[person.segment.map(SEGMENTS.index).to_numpy()]
    answers = np.clip(np.rint(random.normal(mean[:, :4], 0.95)), 1, 7).astype(int)
    budget = BUDGET * np.exp(random.normal(mean[:, 6], 0.75))
    return pd.DataFrame(
        {
            "customer_id": person.customer_id.to_numpy(),
            **dict(zip(LIKERT, answers.T, strict=True)),
            "watch_minutes": np.maximum(np.rint(mean[:, 4] * np.exp(random.normal(0, 0.45, len(person)))), 1),
            "evening_share": np.round(np.clip(random.normal(mean[:, 5], 0.16), 0, 1), 2),
            "clothing_budget": np.maximum(np.rint(budget / 100) * 100, 100),
        }
    ).astype({"watch_minutes": int})


def channel_audiences():
    """The table `channel_audiences`: who the platforms' own users are; Qinghe's buyers are others."""
    rows = []
    for channel, (ages, female, large) in AUDIENCES.items():
        rows += [(channel, "age", band, share) for band, share in zip(AGE_BANDS, ages, strict=True)]
        rows += [(channel, "sex", "female", female), (channel, "sex", "male", 100 - female)]
        rows += [(channel, "city_tier", "1-2", large), (channel, "city_tier", "3+", 100 - large)]
    frame = pd.DataFrame(rows, columns=["channel_id", "trait", "value", "share"])
    return frame.assign(share=frame.share / 100)


def truths():
    """Truths of the platforms and of the survey."""
    weights = np.array(list(WEIGHTS.values()))
    merit = dict(zip(OPTIONS, (MERITS @ weights).round(3).tolist(), strict=True))
    return {
        "platforms.weights": fact(dict(WEIGHTS), "Weights of the criteria behind the raters' comparisons."),
        "platforms.merit": fact(merit, "Weighted merit of each option, from 1 to 9, before anybody's favourite."),
        "platforms.best": fact(max(merit, key=merit.get), "Option with the largest weighted merit."),
        "platforms.rater_by_lot": fact(RATERS[BY_LOT], "Rater whose comparisons were drawn by lot."),
        "survey.means": fact(
            {
                segment: dict(zip((*LIKERT, "watch_minutes", "evening_share"), row[:6].tolist(), strict=True))
                | {"clothing_budget": round(float(BUDGET * np.exp(row[6])))}
                for segment, row in zip(SEGMENTS, SURVEY, strict=True)
            },
            "What the segments of customers answer on average (minutes and budget: the middle); the segment of every "
            "customer stands in customers.",
        ),
    }
