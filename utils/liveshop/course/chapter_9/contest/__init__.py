"""The class contest: a folder of strategies for the capstone, ranked on seeds that nobody has seen.

A strategy is one file with a function `decide(view)`, as in `strategy.py` beside this file, which is the habit written
as one. Each runs in a process of its own, under limits of time and memory (player.py); the model stays in this one, so
that a strategy can read neither luck nor state nor write its own score. One that crashes, hangs or answers nonsense is
out, and nothing else happens. That process is no sandbox: it has the rights of whoever holds the contest.
"""

from __future__ import annotations

import secrets
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from liveshop.course.chapter_9.capstone import HABIT, play
from liveshop.course.chapter_9.capstone.replay import KNOWN
from liveshop.course.chapter_9.contest.player import OutError, Player
from liveshop.course.chapter_9.contest.ranking import Entry, ranked
from liveshop.tables.writing import write_csv

TEMPLATE = Path(__file__).with_name("strategy.py")
RESULTS = "results.csv"
LARGEST = 2**20  # bytes of a strategy's file
LEAST, MOST = 20, 5000  # plays: a worst tenth of two at least
LONGEST = 3600  # seconds
TIED = "="  # behind a place


@dataclass(frozen=True)
class Held:
    """A contest that was held: `places` as `ranked` gives them, the seed that repeats it, its plays, who was no entry.
    """

    places: pd.DataFrame
    seed: int
    plays: int
    left_out: str

    def __str__(self):
        played, out = self.places[self.places.why == ""], self.places[self.places.why != ""]
        heads = (f"{'Place':<6}{'Score, CNY':>11} {'Mean':>11} {'Worst tenth':>11} "
                 f"{'Over the habit, with 95 % interval':>36} {'Seconds':>7}  Strategy")
        lines = [heads, *map(_line, played.itertuples())]
        if played.tied_with_next.any():
            lines.append(f"{TIED} these plays do not tell a strategy from the next in place.")
        lines += [f"Out: {row.strategy}: {row.why}" for row in out.itertuples()]
        if self.left_out:
            lines.append(self.left_out)
        repeats = f"SEEDS={self.plays} SEED={self.seed} repeats them."
        return "\n".join([*lines, f"{self.plays} plays each, on the same luck. {repeats}"])


def contest(folder, plays=200, seconds=60.0, seed=None, tell=None):
    """Hold the contest: a `Held`.

    folder: with a file for each strategy; plays: seeds that each of them plays; seconds: what each may take for all its
    plays together; seed: repeats an earlier contest's luck, and is drawn otherwise; tell: called with a sentence before
    each strategy. Raises ValueError when there is nothing to rank, or a limit makes no sense.
    """
    _between("SEEDS", plays, LEAST, MOST)
    _between("SECONDS", seconds, 1, LONGEST)
    seed = secrets.randbelow(10**12) if seed is None else seed
    _between("SEED", seed, 0, 10**18)
    sources, left_out = _sources(Path(folder))  # all are read before one of them runs
    seeds = np.random.default_rng(seed).integers(0, 2**32, plays)  # too many to try out in the time
    house = [Entry(one.name, play(one, seeds).result.to_numpy(), house=True) for one in KNOWN]
    entries = []
    for number, (name, source) in enumerate(sources.items(), 1):
        if tell:
            tell(f"{number} of {len(sources)}: {name}")
        entries.append(_entry(name, source, seeds, seconds))
    habit = next(one.results for one in house if one.name == HABIT.name)
    return Held(ranked([*entries, *house], habit), seed, plays, left_out)


def write(held, folder):
    """Write the places as results.csv into the contest's folder, the seed with them; returns the path."""
    return write_csv(held.places.round(2).assign(plays=held.plays, seed=held.seed), Path(folder) / RESULTS)


def _between(name, value, least, most):
    if not least <= value <= most:
        raise ValueError(f"{name}={value} cannot be: give a number from {least} to {most}.")


def _sources(folder):
    """The code of each strategy by the name of its file as it is shown, and a sentence on what is none."""
    if not folder.is_dir():
        raise ValueError(f"There is no folder {shown(folder)}: make it, put each participant's strategy into it as a "
                         f"file of its own, and name it with FOLDER=.")
    found, others = {}, Counter()
    for path in sorted(folder.iterdir()):
        kind = _kind(path)
        if kind == "strategy":
            found[shown(path.name.replace("\\", r"\\"))] = _read(path)  # so that no two names look alike
        elif path.name != RESULTS:
            others[kind] += 1
    counts = [f"{count} {kind}{'s' if count > 1 else ''}" for kind, count in sorted(others.items())]
    left_out = f"Left out: {', '.join(counts)}. A strategy is one file, NAME.py." if counts else ""
    if not found:
        raise ValueError(" ".join(filter(None, [f"There is no strategy in {shown(folder)}: each is a file like "
                                                f"{TEMPLATE.name}, which make student writes.", left_out])))
    return found, left_out


def _kind(path):
    """What a thing in the folder is, in a word that takes an s."""
    if path.name.startswith("."):
        return "hidden file"
    if path.is_dir():
        return "folder"
    if path.suffix.lower() == ".ipynb":
        return "notebook"
    return "strategy" if path.suffix.lower() == ".py" and path.is_file() else "other file"


def _read(path):
    """The code of a strategy, or the `OutError` that says why it cannot be read."""
    try:
        return path.read_bytes() if path.stat().st_size <= LARGEST else OutError(f"it is larger than {LARGEST:,} bytes")
    except OSError as error:
        return OutError(f"it cannot be read ({error.strerror})")


def _entry(name, source, seeds, seconds):
    """A strategy's plays, or why it is out."""
    begun = time.monotonic()
    try:
        if isinstance(source, OutError):
            raise source
        with Player(source, len(seeds), seconds) as player:
            results, why = play(player, seeds).result.to_numpy(), ""
    except (OutError, ValueError) as out:  # ValueError: of a decision that cannot be read
        results, why = None, shown(str(out)).rstrip(".") + "."
    return Entry(name, results, round(time.monotonic() - begun, 1), why)


def shown(text):
    """Text of others as it may be shown: what does not print, or turns the line around, stands in its code."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in str(text))


def _line(row):
    """A line of the table; the name, which may be of any width, at its end."""
    over = f"{row.over_habit:+,.0f} [{row.over_habit_low:+,.0f}, {row.over_habit_high:+,.0f}]"
    if pd.isna(row.place):
        place = seconds = ""
    else:
        tied = pd.notna(row.tied_with_next) and row.tied_with_next
        place, seconds = f"{row.place}{TIED if tied else ' '}", f"{row.seconds:.1f}"
    return (f"{place:>6}{row.score:>11,.0f} {row.mean:>11,.0f} {row.worst_tenth:>11,.0f} {over:>36} {seconds:>7}"
            f"  {row.strategy}")
