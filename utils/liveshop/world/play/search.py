"""The search for the best policy of the twelve weeks: cross-entropy over its numbers.

`python -m liveshop.world.play.search` prints numbers for `best` in weeks.json; it takes about two minutes.
"""

from __future__ import annotations

import json
from types import SimpleNamespace

import numpy as np

from liveshop.world.play.policies import by_numbers
from liveshop.world.play.weeks import play, score

# Number of the policy: where the search begins, how wide, and its limits.
RANGES = {
    "season": (0.8, 0.3, 0, 1.6),
    "cover": (0.95, 0.12, 0.6, 1.5),
    "safety": (0.4, 0.3, 0, 1.5),
    "before_festival": (1.0, 0.8, 0, 5),
    "left": (6500, 1200, 3000, 9500),
    "feed": (7000, 1800, 0, 14000),
    "search": (2700, 700, 0, 5000),
    "influencer": (5000, 1800, 0, 14000),
    "content": (7500, 2000, 0, 14000),
    "content_late": (0.6, 0.3, 0, 1.5),
    "festival_media": (0.3, 0.3, 0, 2),
    "agents": (1.4, 0.3, 0.5, 3),
    "hours": (26, 4, 10, 36),
    "festival_hours": (0.1, 0.25, -0.4, 1),
    "rest": (0.1, 0.15, -0.3, 0.6),
    "worn": (0.47, 0.15, 0, 0.95),
    "signal": (0.0, 0.7, -3, 3),
}
SEEDS = range(5001, 5101)  # to search on; the scores that are told come from others
TRIED, KEPT = 44, 9  # policies a round


def search(rounds=25, seeds=SEEDS, seed=1):
    """The numbers of a good policy, and its score on the seeds of the search."""
    random = np.random.default_rng(seed)
    middle, width, low, high = (np.array(column, float) for column in zip(*RANGES.values(), strict=True))
    least = 0.02 * width

    def worth(numbers):
        policy = by_numbers(SimpleNamespace(**dict(zip(RANGES, numbers, strict=True))))
        return score(play(policy, seeds).result)

    for _ in range(rounds):
        tried = np.clip(middle + width * random.normal(size=(TRIED, len(middle))), low, high)
        tried[0] = middle
        kept = tried[np.argsort([-worth(numbers) for numbers in tried])[:KEPT]]
        middle, width = 0.3 * middle + 0.7 * kept.mean(axis=0), 0.3 * width + 0.7 * (kept.std(axis=0) + least)
    return dict(zip(RANGES, middle.tolist(), strict=True)), worth(middle)


if __name__ == "__main__":
    found, reached = search()
    print(json.dumps({name: float(f"{value:.3g}") for name, value in found.items()}), round(reached))
