"""The way through the course: what the self-assessment asks, which chapters call on which, what its loops brought."""

import pandas as pd

from liveshop.playbook import Statement

AREAS = ("people", "content", "data", "risk")

STATEMENTS = (
    Statement("people", "Every task of a broadcast and of the community has one name beside it, and somebody who can "
              "stand in.", "4.1"),
    Statement("people", "We compare hosts at equal channel, hour and traffic, not by sales alone.", "5.2"),
    Statement("people", "We know how long a customer waits for an answer, and what late answers cost us.", "6.4"),
    Statement("content", "Each broadcast has a written order of products, and we can say why this one comes before "
              "that one.", "5.1"),
    Statement("content", "Each kind of post is judged by what it brings from its own readers, at equal author and "
              "hour.", "6.2"),
    Statement("content", "We know which goods belong on air, by what is left after refunds and costs.", "2.2"),
    Statement("data", "Our orders lie in a table that somebody here can open, filter and add up.", "5.4", tables=True),
    Statement("data", "Before we change something for everybody, we try it on a part that a lot has drawn.", "4.4"),
    Statement("data", "Of each route we know what a new customer costs and what she leaves after refunds.", "3.3"),
    Statement("risk", "There is a list of what can go wrong, with how often and how much.", "8.1"),
    Statement("risk", "For the worst three it is written who does what, and what it may cost to prevent them.", "8.2"),
    Statement("risk", "We watch at least one number that moves before a loss, and know how far ahead it moves.",
              "8.3"),
)

# Two invented shops with the same total, and Qinghe as its operations lead might have answered in March.
SHOPS = {"the showroom": (3, 3, 2, 4, 3, 3, 1, 0, 1, 2, 1, 1), "the workbench": (1, 1, 0, 2, 2, 1, 4, 3, 3, 2, 3, 2)}
QINGHE = (3, 1, 2, 3, 2, 1, 3, 2, 1, 1, 2, 1)

# Which sections of other chapters a chapter calls on. A test holds it against the notebooks: these are named there.
CALLS_ON = {2: ("5.1", "6.1"), 3: ("4.3", "6.1", "6.4", "7.1"), 4: ("3.3", "5.3", "5.4", "6.3", "7.1"), 5: (),
            6: ("2.2", "4.4", "5.2"), 7: ("4.3",), 8: (), 9: ("1.3", "4.3", "5.1", "6.3", "7.1")}

# One loop of a chapter each: the question, its truth in data/recovered.json, the naive way and the better one.
LOOPS = {
    "2 · how much better rooms sell": ("live.lift", "naive", "within persons"),
    "3 · what the next customer leaves": ("newcomers.margin_of_the_next", "naive", "cohort"),
    "4 · what the next yuan of feed adverts brings": ("media.marginal: feed", "naive", "fitted curve"),
    "5 · how a stalled picture drives viewers out": ("stutter.hazard", "naive", "model"),
    "6 · what a friend's word adds": ("referral.effect_on_repeat", "naive", "other contacts of the same friend"),
    "7 · what the programme added": ("programme.log_orders", "naive", "clean controls"),
    "8 · the loss of a bad year": ("loss.es95", "naive", "causes"),
}


def loops(tables):
    """What each loop's answers were, in times of the truth: mean of the simulated seasons, and 5 to 95 % of them.

    Rows by question and answer (naive, better); columns estimate, low, high.
    """
    rows = {}
    for question, (truth, *ways) in LOOPS.items():
        for answer, way in zip(("naive", "better"), ways, strict=True):
            seasons = tables.recovered_seasons(truth, way)
            times = seasons.estimate / seasons.true
            rows[question, answer] = {"estimate": times.mean(), "low": times.quantile(0.05),
                                      "high": times.quantile(0.95)}
    return pd.DataFrame(rows).T


def same_total(total, most=12, areas=4):
    """Of all ways to spread a total over areas: how many there are, and the least and most that the weakest can have.

    total: points of all areas; most: of one. Gives (ways, lowest, highest).
    """
    counts = {0: {None: 1}}                        # points so far -> weakest so far -> ways
    for _ in range(areas):
        grown = {}
        for points, weakest in counts.items():
            for low, ways in weakest.items():
                for more in range(most + 1):
                    into = grown.setdefault(points + more, {})
                    least = more if low is None else min(low, more)
                    into[least] = into.get(least, 0) + ways
        counts = grown
    found = counts[total]
    return sum(found.values()), min(found), max(found)


def spread_over(weak, points, total=24):
    """Answers of a shop whose area `weak` has so many points and whose other areas share the rest evenly.

    points: 0 to 12; total: of the shop. Within an area the answers are as even as whole numbers allow.
    """
    others = [area for area in AREAS if area != weak]
    rest = {area: (total - points + place) // len(others) for place, area in enumerate(others)}
    each = {weak: points} | rest
    per_area = len(STATEMENTS) // len(AREAS)
    return [(each[area] + place) // per_area for area in AREAS for place in range(per_area)]
