"""Wrong ways in section 5.3: the median of stays, a hazard ratio, and the interval between prompts."""

import numpy as np

from liveshop.methods import retention
from liveshop.practice import wrong_summaries

PROMPT_RATIO, PROMPT_MINUTES, NAGGING = 0.60, 5.0, 0.10   # 5.3c, as the text of the exercise gives them


def median(asked):
    """Other summaries of other samples, for 5.3a."""
    key = asked.right()
    for step in (60, 30, 10):
        yield step * round(key / step), f"You rounded to {step} seconds. Whole seconds are asked."
    yield 60 * int(key / 60), "You cut it to whole minutes. Whole seconds are asked."
    both = {f"of the entries from {asked.source} in the last ten minutes": asked,
            f"of all entries from {asked.source}": asked.but(seconds=None),
            "of the last ten minutes, all sources": asked.but(source=None),
            "of all entries, all sources": asked.but(source=None, seconds=None)}
    for sample, other in both.items():
        rows = other.late
        stayed = rows.stayed_to_end.astype(bool)
        for kept, whom in ((rows, ""), (rows[~stayed], ", those who stayed left out"), (rows[stayed], ", only those "
                                                                                        "who stayed")):
            yield from ((value["median_seconds"], said) for value, said in wrong_summaries(
                "median_seconds", kept.watch_seconds, f"the watch times {sample}{whom}"))
        turned = rows.assign(stayed_to_end=~stayed)
        yield 60 * retention.median_minutes(turned), (
            f"Leaving and staying are exchanged, {sample}: who stayed to the end counts as a leaver.")
    whole = asked.but(seconds=None).late
    seconds = asked.tables.streams.set_index("stream_id").stream_seconds
    left = whole.stream_id.map(seconds) - whole.entered_second
    for rows, name in ((whole[left > asked.seconds], "before the last ten minutes"),
                       (whole[whole.entered_second <= asked.seconds], "in the first ten minutes")):
        yield 60 * retention.median_minutes(rows), f"Those are the entries {name}."
        yield rows.watch_seconds.median(), f"That is the plain median of the entries {name}."
    late = asked.late
    stayed = late.stayed_to_end.astype(bool)
    yield late.watch_seconds.where(~stayed, np.inf).median(), (
        "You let those who stayed to the end stay for ever. They are present until then, and after it nobody knows.")
    yield late.watch_seconds.where(~stayed, 0.0).median(), "You counted those who stayed to the end as 0 seconds."
    rate = late.watch_seconds.sum() / (~stayed).sum()
    yield rate, "That is seconds per leaver: a mean, if the hazard were the same at all times. The median is asked."
    yield np.log(2) * rate, "That would be the median if the hazard were the same at all times. It is not."
    medians = retention.survival(late).medians.iloc[0]
    for end in ("low", "high"):
        yield 60 * medians[end], f"That is the {end} end of the median's interval. The median itself is asked."
    remains = late.stream_id.map(asked.tables.streams.set_index("stream_id").stream_seconds) - late.entered_second
    yield remains.median(), "That is the time that was left in the broadcast. Asked is how long viewers stayed."
    persons = asked.late.groupby("viewer_id").watch_seconds
    yield persons.sum().median(), "You added up the entries of each viewer. An entry is the unit."
    yield persons.mean().median(), "You averaged the entries of each viewer. An entry is the unit."
    rooms = asked.late.groupby("stream_id").watch_seconds.median()
    yield rooms.mean(), "That is the mean of the broadcasts' medians. Put all entries together."
    yield rooms.median(), "That is the median of the broadcasts' medians. Put all entries together."


def hazard(asked):
    """Other numbers of leavers, for 5.3b."""
    row, usual = asked.hazard, asked.usual
    ratio, extra = float(row.hazard_ratio), float(row.hazard_ratio) - 1
    for half in (row.high - row.hazard_ratio, (row.high - row.low) / 2, row.high - row.low):
        yield {"extra": half}, "That is a width of the interval. Take the estimate, less 1."
    whole = 1000 * (1 - np.exp(-usual * ratio))
    for value, sentence in (
        (1000 * extra, "That is the extra as a share of the room. A hazard ratio is no share of the room."),
        (1000 * (usual + extra), "You added the extra to 0.25. The ratio multiplies the hazard."),
        (1000 / ratio, "You divided the room by the ratio. It multiplies the hazard."),
        (1000 * usual / ratio, "You divided the hazard by the ratio. It multiplies it."),
        (asked.leaving(usual) / ratio, "You divided by the ratio. A stalled picture makes more leave."),
        (asked.leaving(usual * ratio / 60), "The hazard is per minute already: not by 60."),
        (1000 * usual * ratio / 60, "The hazard is per minute already, and no share: not by 60."),
        (1000 * (np.exp(usual * ratio) - 1), "The sign in the exponential is turned: exp(−hazard) stay."),
        (1000 * np.exp(-usual), "That is how many stay in an ordinary minute."),
        (asked.leaving(extra), "You took the extra as the hazard. It is ratio × 0.25."),
        (1000 - 1000 * usual, "That is 1,000 less 250. Leavers are 1 − exp(−hazard)."),
        (1000 - 1000 * usual * ratio, "Those would stay if the hazard were a share. Leavers are asked."),
        (1000 * (1 - (1 - np.exp(-usual)) ** ratio), "You raised the share that leaves. Raise the share that stays."),
        (1000 * np.log(ratio), "That is the coefficient × 1,000."),
        (asked.leaving(usual * np.log(ratio)), "You took the coefficient in place of the ratio."),
        (asked.leaving(usual + np.log(ratio)), "You added the coefficient to the hazard, not to its logarithm."),
        (1000 * usual * extra * ratio, "You used the ratio twice."),
        (1000 * usual ** ratio, "You raised the hazard to the ratio. It multiplies the hazard, in the exponential."),
        (whole / 10, "That is per cent of the room. Viewers of 1,000 are asked."),
        (asked.leaving(usual * round(ratio, 1)), "You rounded the ratio first. Carry it on unrounded."),
        (asked.leaving(usual * row.low), "You took the low end of the interval."),
        (asked.leaving(usual * row.high), "You took the high end of the interval."),
    ):
        yield {"leavers": value}, sentence


def interval(asked):
    """Other averages, for 5.3c."""
    best = asked.right()[0]
    since, tired = (np.arange(60 * best) + 0.5) / 60, NAGGING * max(10 / best - 2, 0)
    left = np.clip(1 - since / PROMPT_MINUTES, 0, None)
    mean = np.exp(np.log(PROMPT_RATIO) * left).mean()
    for minutes in (5, 10):
        yield {"ratio": average_ratio(minutes, fatigue=0) * np.exp(tired)}, (
            f"You averaged over {minutes} minutes. A new prompt comes after {best}.")
    for many in (np.ceil(10 / best), np.floor(10 / best), 10 / best - 1, 10 / best - 3, 4, 5, 10):
        yield {"ratio": mean * np.exp(NAGGING * (many - 2))}, (
            f"You counted {many:g} prompts in ten minutes. There are 10 / {best}, and two of them are free.")
    for slips, sentence in (
        ({"above": 1}, "You let every prompt above one tire. Two in ten minutes are free."),
        ({"fading": 10.0}, "You let the effect fade within ten minutes. It is gone after five."),
        ({"since": lambda length: np.arange(length + 1)}, "You took the ends of the minutes too, one too many."),
        ({"added": True}, "You added the fatigue to the ratio. It is on the log scale: by its exponential."),
    ):
        yield asked.but(slips=slips).right(), sentence
        yield {"ratio": average_ratio(best, **slips)}, sentence
    for minutes in (1, 6, 7, 8, 9, 10, 11, 12):
        yield {"ratio": average_ratio(minutes)}, f"That is the average at {minutes} minutes between prompts."
    yield {"ratio": mean * np.exp(NAGGING)}, "Not every prompt above two counts once: there is half of one."
    yield {"ratio": mean * np.exp(-tired)}, "Fatigue raises the hazard: the sign in its exponential is plus."
    yield {"ratio": mean * tired}, "You multiplied by the fatigue. It is on the log scale: by its exponential."
    yield {"ratio": mean - tired}, "You took the fatigue off. It raises the hazard."
    yield {"ratio": PROMPT_RATIO * np.exp(tired)}, "The effect fades: it is not 0.60 all the time."
    yield {"ratio": np.exp(np.log(PROMPT_RATIO) * (1 - left)).mean() * np.exp(tired)}, (
        "The fading is turned round: right after a prompt the whole effect is there.")
    yield {"ratio": np.exp(np.log(PROMPT_RATIO) * left[-1]) * np.exp(tired)}, (
        "That is the ratio at the end of the interval. The average over it is asked.")
    yield {"ratio": np.exp(np.log(PROMPT_RATIO) / 2) * np.exp(tired)}, (
        "That is the ratio when half of the effect is left. The average over the interval is asked.")
    yield {"ratio": (1 + PROMPT_RATIO) / 2}, "That is the mean of 0.60 and 1. The effect fades on the log scale."
    yield {"ratio": np.log(average_ratio(best))}, "That is the logarithm of the ratio."
    yield {"ratio": mean * best}, "That is the sum over the minutes. Divide by them: the average is asked."
    yield {"ratio": 1.0}, "A ratio of 1 would be no effect at all."


def average_ratio(interval, fatigue=NAGGING, fading=PROMPT_MINUTES, above=2, since=None, linear=False, added=False):
    """Mean hazard ratio between two prompts `interval` minutes apart, on a grid of seconds; the rest are slips."""
    since = (np.arange(round(60 * interval)) + 0.5) / 60 if since is None else since(interval)
    left = np.clip(1 - since / fading, 0, None)
    effect = (1 - (1 - PROMPT_RATIO) * left if linear else np.exp(np.log(PROMPT_RATIO) * left)).mean()
    tired = fatigue * max(10 / interval - above, 0)
    return float(effect + tired if added else effect * np.exp(tired))
