"""How good a setting of the desk's charts is on broadcasts that it was not tuned on; exercise 5.4c judges by it."""

from liveshop.course.chapter_5 import samples
from liveshop.methods import desk
from liveshop.methods.monitor import score_alarms
from liveshop.tables.memory import once_per_tables

ALLOWED = 1.05       # calls for nothing in ten broadcasts: what is said as 1.0 is within the allowance of one
MARGIN = 2.5         # minutes of mean wait by which a setting may be worse than the grid's best
GRID = [(lam, width) for lam in (0.2, 0.3, 0.4, 0.5) for width in (4.0, 4.5, 5.0, 5.5)]


@once_per_tables
def learned_desk(tables):
    """The desk learned on the earlier half, and the minutes of the later half, unseen."""
    past, unseen = samples.halves(tables)
    return desk.learn(past), unseen


@once_per_tables
def loudest(tables, smoothing):
    """The height of the highest chart in each minute of the unseen half."""
    learned, unseen = learned_desk(tables)
    return learned.charts(unseen, smoothing).max(axis=1)


def score(tables, smoothing, width):
    """Score of a setting on the unseen half: `methods.monitor.AlarmScore`."""
    _, unseen = learned_desk(tables)
    return score_alarms(loudest(tables, smoothing) > width, unseen.anomaly.fillna("") != "", unseen.stream_id)


@once_per_tables
def best_wait(tables):
    """Shortest mean wait that a setting of the grid reaches within the allowance."""
    scores = [score(tables, *dials) for dials in GRID]
    return min((one.mean_delay() for one in scores if 10 * one.false_alarms_per_stream <= ALLOWED), default=30.0)
