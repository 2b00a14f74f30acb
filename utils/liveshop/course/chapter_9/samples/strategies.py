"""What a learner's strategy decides, as a table that can be sent and judged, and what it earns over two others."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from liveshop.course.chapter_9 import capstone
from liveshop.course.chapter_9.samples.quarter import GIVEN, gain, results
from liveshop.world.play import weeks

NUMBERS = ("hours", "agents", "temporary", "order")
SWITCHES = ("backup", "second", "review")
LARGEST = 1e7                        # of a number; beyond every limit of the game


def decided(strategy, seeds=GIVEN):
    """What a strategy decides: a row a seed and week, a column a lever, media by kind (CNY).

    strategy: a function of a `capstone.View` that gives a dict of levers. Raises what the function raises, and
    ValueError where a decision cannot be read.
    """
    c = weeks.constants()
    game = capstone.play(strategy, seeds)
    words = {"rundown": np.array(c.rundowns), "coupon": np.array(c.coupons)}
    frames = []
    for number, week in enumerate(game.weeks, 1):
        asked = week.asked
        frames.append(pd.DataFrame({
            "seed": np.asarray(game.seeds), "week": number,
            **{name: known[getattr(asked, name)] for name, known in words.items()},
            **{name: getattr(asked, name) for name in NUMBERS},
            **{kind: asked.media[:, place] for place, kind in enumerate(c.kinds)},
            **{name: getattr(asked, name) > 0 for name in SWITCHES},
        }))
    return pd.concat(frames).sort_values(["seed", "week"], ignore_index=True)


def problem_of(table, seeds=GIVEN):
    """Why a table is not what `decided` gives over the seeds: a sentence, or ""."""
    c = weeks.constants()
    columns = ["seed", "week", "rundown", "coupon", *NUMBERS, *c.kinds, *SWITCHES]
    if not isinstance(table, pd.DataFrame):
        return "Give what your function decides: strategies.decided(mine)."
    missing = [name for name in columns if name not in table]
    if missing:
        return f"The table lacks {', '.join(missing)}. Give it as strategies.decided(mine) makes it."
    wanted = pd.MultiIndex.from_product([list(seeds), range(1, c.weeks + 1)])
    have = pd.MultiIndex.from_frame(table[["seed", "week"]])
    if have.has_duplicates or len(have.symmetric_difference(wanted)):
        return (f"The table has {len(table):,} rows. Asked are {len(wanted):,}: weeks 1 to {c.weeks} on each of the "
                f"seeds {min(seeds)} to {max(seeds)}.")
    for name in (*NUMBERS, *c.kinds):
        values = pd.to_numeric(table[name], errors="coerce")
        if not values.abs().le(LARGEST).all():
            return f"The column {name} holds something that is no number, or none that a week could carry out."
    for name, known in (("rundown", c.rundowns), ("coupon", c.coupons)):
        strange = set(table[name].astype(str)) - set(known)
        if strange:
            return f"The column {name} holds {sorted(strange)[0][:30]!r}; known are {', '.join(known)}."
    return ""


@dataclass(frozen=True)
class Report:
    """What a table of decisions earns over two known players on the same seeds, and what stands in its way."""

    by_seed: pd.DataFrame    # CNY more than the habit and than the greedy player (columns), a row a seed
    dear: float              # share of the weeks that asked for more than the budget
    served: float            # share of the asking that was served in the festival
    slow: float              # share of answers that were slow
    ordered: float           # pieces ordered in all, mean over the seeds
    left: float              # pieces in stock and on the way at the end, mean over the seeds
    to_all: float            # share of the weeks with a coupon to all

    def over(self, player):
        """The gain over a player ("habit" or "greedy"), CNY: estimate, low, high."""
        return gain(self.by_seed[player], 0)


def report(table):
    """The `Report` of a table over `GIVEN` in which `problem_of` finds nothing."""
    c = weeks.constants()
    table = table.sort_values(["seed", "week"])
    state, profit, told, dear = weeks.start(GIVEN), 0.0, [], []
    for number in range(1, c.weeks + 1):
        asked = _action(table[table.week == number])
        done = asked.within(state)
        dear.append((np.maximum(asked.media, 0).sum(axis=1) > done.media.sum(axis=1) + 1).mean())
        state, what = weeks.step(state, done)
        profit, told = profit + what["profit"], [*told, what]
    result = profit + weeks.end_value(state)
    return Report(
        by_seed=pd.DataFrame({player: result - results(player, GIVEN) for player in ("habit", "greedy")}, GIVEN),
        dear=float(np.mean(dear)),
        served=float(np.mean([told[week]["fill"] for week in c.festival_weeks])),
        slow=float(np.mean([what["slow"] for what in told])),
        ordered=float(table.groupby("seed").order.sum().mean()), left=float(state.ordered.mean()),
        to_all=float((table.coupon == "all").mean()))


def _action(rows):
    """The `weeks.Action` of one week's rows, a seed each."""
    c = weeks.constants()
    return weeks.Action(
        rundown=np.array([c.rundowns.index(word) for word in rows.rundown]),
        coupon=np.array([c.coupons.index(word) for word in rows.coupon]),
        media=np.maximum(rows[list(c.kinds)].to_numpy(float), 0),
        **{name: rows[name].to_numpy(float) for name in NUMBERS},
        **{name: rows[name].astype(bool).to_numpy(float) for name in SWITCHES})
