"""Which of several contents to show next, while learning which is best: three policies and their regret.

=================== ========================================================================
thompson            shows each arm as often as it is likely to be the best (Thompson sampling)
split_then_commit   an A/B test: equal shares for a while, then the winner for the rest
calendar            a fixed rotation that never learns
=================== ========================================================================

An arm is a kind of content, a trial is one person who sees it, a success is one who responds.
Regret is the number of responses lost, in expectation, against always showing the best arm. All
runs are simulated at once.

Sources: Thompson, Biometrika 25 (1933); Lai and Robbins, Advances in Applied Mathematics 6 (1985);
Agrawal and Goyal, "Analysis of Thompson sampling for the multi-armed bandit problem", COLT 2012;
Kaufmann, Korda and Munos, "Thompson sampling: an asymptotically optimal finite-time analysis", ALT 2012.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from liveshop.methods._inputs import numbers, whole


@dataclass(frozen=True)
class Race:
    """A policy over many runs. ``regret``: cumulative, shape (runs, rounds); ``trials``: per arm,
    shape (runs, arms); ``successes``: the same shape; ``best_share``: share of trials on a best arm, (runs,)."""

    policy: str
    rates: np.ndarray
    batch: int
    regret: np.ndarray
    trials: np.ndarray
    successes: np.ndarray

    @property
    def mean_regret(self):
        """Cumulative regret after each round, averaged over runs; shape (rounds,)."""
        return self.regret.mean(axis=0)

    @property
    def best_share(self):
        best = self.rates >= self.rates.max()
        return self.trials[:, best].sum(axis=1) / self.trials.sum(axis=1)


def thompson(rates, horizon, runs=200, batch=1, prior=(1.0, 1.0), seed=0):
    """Thompson sampling: each round draws a rate for every arm from its beta posterior and shows the
    arm with the largest draw to ``batch`` people.

    rates: the arms' true response rates, shape (arms,) · horizon: rounds · prior: successes and
    failures that every arm begins with (1, 1: any rate is as likely). Larger batches learn later.
    Raises ValueError on rates outside of 0 to 1, fewer than two arms, and fewer rounds than arms.
    """
    rates, horizon, runs, batch = _checked(rates, horizon, runs, batch)
    if min(prior) <= 0:
        raise ValueError("The prior needs two numbers above zero.")
    rng = np.random.default_rng(seed)
    row = np.arange(runs)
    won, lost = np.full((runs, len(rates)), float(prior[0])), np.full((runs, len(rates)), float(prior[1]))
    chosen = np.empty((runs, horizon), np.int16)
    for step in range(horizon):
        # A beta draw is g / (g + h) of two gammas; the order is kept by g / h, so one division is enough.
        arm = (rng.standard_gamma(won) / rng.standard_gamma(lost)).argmax(axis=1)
        success = rng.binomial(batch, rates[arm])
        won[row, arm] += success
        lost[row, arm] += batch - success
        chosen[:, step] = arm
    return _race("Thompson sampling", rates, batch, chosen, won - prior[0])


def split_then_commit(rates, horizon, test_rounds, runs=200, batch=1, seed=0):
    """A/B test for ``test_rounds`` rounds in strict turn, then the arm with most responses per trial
    for the rest (equal ones: by lot).
    Raises ValueError as :func:`thompson`, and when ``test_rounds`` is below the number of arms or above
    the horizon.
    """
    rates, horizon, runs, batch = _checked(rates, horizon, runs, batch)
    test_rounds = int(test_rounds)
    if not len(rates) <= test_rounds <= horizon:
        raise ValueError(f"test_rounds must lie between the {len(rates)} arms and the {horizon} rounds, not be "
                         f"{test_rounds}.")
    rng = np.random.default_rng(seed)
    chosen = np.empty((runs, horizon), np.int16)
    chosen[:, :test_rounds] = np.arange(test_rounds) % len(rates)
    shown = np.bincount(chosen[0, :test_rounds], minlength=len(rates)) * batch
    won = rng.binomial(shown, rates, size=(runs, len(rates)))
    winner = (won / shown + rng.random(won.shape) * 1e-9).argmax(axis=1)
    chosen[:, test_rounds:] = winner[:, None]
    won[np.arange(runs), winner] += rng.binomial((horizon - test_rounds) * batch, rates[winner])
    return _race("A/B test, then the winner", rates, batch, chosen, won)


def calendar(rates, horizon, runs=200, batch=1, seed=0):
    """A fixed rotation: every arm in turn, whatever the response. Its regret does not vary by chance."""
    rates, horizon, runs, batch = _checked(rates, horizon, runs, batch)
    chosen = np.broadcast_to((np.arange(horizon) % len(rates)).astype(np.int16), (runs, horizon))
    shown = np.bincount(chosen[0], minlength=len(rates)) * batch
    won = np.random.default_rng(seed).binomial(shown, rates, size=(runs, len(rates)))
    return _race("fixed calendar", rates, batch, chosen, won)


def race(rates, horizon, test_rounds=None, runs=200, batch=1, seed=0):
    """The three policies on the same arms. One row a policy: regret (mean over runs, responses), low
    and high (the middle 90 % of runs), best_share (of trials), responses (mean successes).
    ``test_rounds`` defaults to a fifth of the horizon. The races themselves are in ``.attrs["races"]``."""
    rates, horizon, runs, batch = _checked(rates, horizon, runs, batch)
    test_rounds = max(len(rates), horizon // 5) if test_rounds is None else test_rounds
    races = [thompson(rates, horizon, runs, batch, seed=seed),
             split_then_commit(rates, horizon, test_rounds, runs, batch, seed),
             calendar(rates, horizon, runs, batch, seed)]
    rows = []
    for one in races:
        low, high = np.quantile(one.regret[:, -1], [0.05, 0.95])
        rows.append({"policy": one.policy, "regret": one.mean_regret[-1], "low": low, "high": high,
                     "best_share": one.best_share.mean(), "responses": one.successes.sum(axis=1).mean()})
    table = pd.DataFrame(rows).set_index("policy")
    table.attrs["races"] = races
    return table


def probability_best(successes, trials, prior=(1.0, 1.0), draws=20_000, seed=0):
    """Chance that each arm is the best, given its responses and trials so far; shape (arms,).

    To act on it, give each arm that share of tomorrow's impressions: Thompson sampling by the day.
    Raises ValueError on fewer than two arms, and on successes that are negative or more than the
    trials.
    """
    draws = whole(draws, "draws", 1)
    won, shown = numbers(successes, "successes"), numbers(trials, "trials")
    if won.ndim != 1 or won.shape != shown.shape or len(won) < 2:
        raise ValueError("Give successes and trials of two or more arms.")
    if not (np.isfinite(won) & np.isfinite(shown)).all() or (won < 0).any() or (won > shown).any():
        raise ValueError("Successes must lie between 0 and the trials of their arm: count people who responded, not "
                         "responses.")
    if min(prior) <= 0:
        raise ValueError("The prior needs two numbers above zero.")
    drawn = np.random.default_rng(seed).beta(won + prior[0], shown - won + prior[1], size=(draws, len(won)))
    return np.bincount(drawn.argmax(axis=1), minlength=len(won)) / draws


def lai_robbins(rates):
    """The least slope of regret against ln(rounds) that any sensible policy can reach in the long run:
    Σ Δ / KL(rate, best) over the arms that are not best (Lai and Robbins 1985). Thompson sampling
    reaches it (Kaufmann, Korda and Munos 2012).
    Raises ValueError unless two or more rates lie strictly between 0 and 1.
    """
    rates = numbers(rates, "rates")
    if rates.ndim != 1 or not rates.size or not ((rates > 0) & (rates < 1)).all():
        raise ValueError("lai_robbins needs rates strictly between 0 and 1.")
    best = rates.max()
    other = rates[rates < best]
    apart = other * np.log(other / best) + (1 - other) * np.log((1 - other) / (1 - best))
    return float(((best - other) / apart).sum())


def _checked(rates, horizon, runs, batch):
    rates = numbers(rates, "rates")
    if rates.ndim != 1 or len(rates) < 2 or not ((rates >= 0) & (rates <= 1)).all():
        raise ValueError("rates must be the response rates of two or more arms, each between 0 and 1.")
    horizon, runs, batch = int(horizon), int(runs), int(batch)
    if horizon < len(rates) or runs < 1 or batch < 1:
        raise ValueError(f"There must be at least one round for each of the {len(rates)} arms, one run, and one "
                         "person a round.")
    return rates, horizon, runs, batch


def _race(policy, rates, batch, chosen, won):
    lost = (rates.max() - rates) * batch
    trials = np.stack([(chosen == arm).sum(axis=1) for arm in range(len(rates))], axis=1) * batch
    regret = lost[chosen].cumsum(axis=1, dtype=float)
    return Race(policy, rates, batch, regret, trials, np.asarray(won).astype(np.int64))
