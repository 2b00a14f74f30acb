"""What would happen: stays under other prompts and stalls, a larger reply desk, a later landmark.

The explorers of section 5.3 draw what these functions compute from the notebook's own estimates.
"""

import numpy as np

from liveshop.methods import retention, staffing


def quiet_hazard(sessions, pieces, effect, longest=60):
    """Leaving hazard per minute since entering in a room without prompts and stalls, an array.

    sessions: viewer_sessions; pieces: their minutes with the causes as columns; effect: log hazard ratio of each cause
    (a Series), whose average over the pieces is taken out.
    """
    log_ratio = pieces[list(effect.index)].astype(float) @ effect
    usual = np.average(np.exp(log_ratio), weights=pieces.stop - pieces.start)
    return retention.hazard_by_minute(sessions, longest=longest).to_numpy() / usual


def room_curve(quiet, effect, stutter, interval, viewers=400, seed=5):
    """Share still there by minute, over viewers who come in at random moments between two prompts.

    quiet: of `quiet_hazard`; effect: as there, with prompt_0 to prompt_4, too_many and stalled; stutter: share of
    minutes with a stalled picture; interval: minutes between two prompts.
    """
    chance = np.random.default_rng(seed)
    minute = np.arange(len(quiet))
    since = (chance.uniform(0, interval, (viewers, 1)) + minute) % interval
    fading = np.append(effect[[f"prompt_{step}" for step in range(5)]], 0)
    stalls = chance.random((viewers, len(minute) + 1)) < stutter
    log_ratio = fading[np.minimum(since, 5).astype(int)] + effect["too_many"] * max(10 / interval - 2, 0)
    log_ratio = log_ratio + effect["stalled"] * (stalls[:, 1:] | stalls[:, :-1])
    return np.append(1, np.exp(-np.cumsum(quiet * np.exp(log_ratio), axis=1)).mean(axis=0))


def minutes_under(curve):
    """Expected minutes watched: the area under a curve of shares by minute."""
    return (curve[1:] + curve[:-1]).sum() / 2


def after_landmark(sessions, minute, sample=12_000):
    """Of those still there after so many minutes: (counts and mean minutes left, curves of a sample) by who had
    commented by then; whole stays, by who ever commented, at minute 0."""
    spoke_at = sessions.first_comment_second.astype(float).fillna(np.inf) / 60
    stayed = sessions.watch_seconds / 60
    there = stayed > minute
    spoke = (spoke_at <= (minute or np.inf)) & np.isfinite(spoke_at)
    left_over = (stayed[there] - minute).groupby(spoke[there]).agg(["size", "mean"])
    some = sessions[there].sample(min(sample, there.sum()), random_state=3)
    some = some.assign(watch_seconds=some.watch_seconds - 60 * minute, spoke=spoke[some.index])
    return left_over, retention.survival(some, by="spoke").curves.query("minutes <= 20")


def reply_queue(reply, people, questions_per_minute, typing_seconds=25, standard=2.0):
    """Orders per 100 questions, and the share answered within the standard (minutes from being asked).

    reply: of `retention.reply_curve`. Questions come at random and the queue follows Erlang's formula; orders fade
    with the wait as the curve says.
    """
    queue = staffing.erlang_c(60 * questions_per_minute, typing_seconds / 60, people,
                              target_minutes=standard - typing_seconds / 60)
    if not np.isfinite(queue.mean_wait_minutes):
        return 100 * reply.base, 0.0                         # the queue never ends: answers come too late to count
    pace = queue.wait_probability / (60 * queue.mean_wait_minutes) if queue.mean_wait_minutes else np.inf
    # The mean of exp(-wait / decay): nobody waits, or the wait is exponential with this pace.
    kept = 1 - queue.wait_probability + queue.wait_probability * pace / (pace + 1 / reply.decay)
    return 100 * reply.base * (1 + reply.boost * kept * np.exp(-typing_seconds / reply.decay)), queue.service_level
