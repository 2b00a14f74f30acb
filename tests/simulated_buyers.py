"""Customers who buy and leave as BG/NBD says, and how long a fit on many of them takes."""

import time

import numpy as np

from liveshop.methods import clv


def buyers(size, r, alpha, a, b, age, rng):
    """Customers who buy and leave as BG/NBD says: frequency, recency, still alive at the end."""
    rate, leaving = rng.gamma(r, 1 / alpha, size), rng.beta(a, b, size)
    now, frequency, recency, alive = np.zeros(size), np.zeros(size, int), np.zeros(size), np.ones(size, bool)
    going = np.arange(size)
    while len(going):
        now[going] += rng.exponential(1 / rate[going])
        going = going[now[going] <= age[going]]
        frequency[going] += 1
        recency[going] = now[going]
        stays = rng.random(len(going)) >= leaving[going]
        alive[going[~stays]] = False
        going = going[stays]
    return frequency, recency, alive


def bgnbd_time(customers=1_000_000):
    """Seconds to fit BG/NBD to so many simulated customers, no two histories alike: at most 60 for a million."""
    rng = np.random.default_rng(1)
    age = rng.uniform(10, 40, customers)
    frequency, recency, _ = buyers(customers, 0.24, 4.4, 0.8, 2.4, age, rng)
    began = time.perf_counter()
    clv.fit_bgnbd(frequency, recency, age)
    return time.perf_counter() - began
