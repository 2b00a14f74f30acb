"""How many people must answer, so that viewers do not wait: Erlang's formula for a queue."""

from __future__ import annotations

import heapq
import math
from bisect import bisect_left
from dataclasses import dataclass

import numpy as np

from liveshop.methods._inputs import number, numbers, whole


@dataclass(frozen=True)
class Queue:
    """``wait_probability``: share of contacts that wait at all; ``service_level``: share answered
    within the target; ``occupancy``: share of time an agent is busy; ``mean_wait_minutes``: over all
    contacts."""

    wait_probability: float
    service_level: float
    occupancy: float
    mean_wait_minutes: float


def erlang_c(arrivals_per_hour, handling_minutes, agents, target_minutes):
    """Waiting in a queue with random arrivals, ``agents`` servers and endless patience (M/M/c).

    Arrivals are contacts an hour, the other times are in minutes. With as much work as agents or more,
    the queue grows without end: everyone waits. Raises ValueError on anything but a whole number of agents.
    Source: A. K. Erlang (1917); Gans, Koole and Mandelbaum, M&SOM 5 (2003).
    """
    arrivals_per_hour, handling_minutes, target_minutes = (
        number(value, what) for value, what in (
            (arrivals_per_hour, "Arrivals"), (handling_minutes, "Handling time"), (target_minutes, "The target")))
    if arrivals_per_hour < 0 or handling_minutes <= 0 or target_minutes < 0:
        raise ValueError("Arrivals and target must not be negative, and handling time must be above zero.")
    agents = whole(agents, "The number of agents", 1)
    load = arrivals_per_hour * handling_minutes / 60
    if load >= agents:
        return Queue(1.0, 0.0, 1.0, math.inf)
    blocked = 1.0                        # Erlang B, built up agent by agent: no large factorials
    for count in range(1, agents + 1):
        blocked = load * blocked / (count + load * blocked)
    occupancy = load / agents
    wait = blocked / (1 - occupancy * (1 - blocked))
    spare = (agents - load) / handling_minutes
    return Queue(wait, 1 - wait * math.exp(-spare * target_minutes), occupancy, wait / spare)


def agents_needed(arrivals_per_hour, handling_minutes, target_minutes, goal=0.8, shrinkage=0.0):
    """The fewest agents with at least ``goal`` of contacts answered within the target, after :func:`erlang_c`.

    arrivals_per_hour: one rate, or the rates of many such hours as they fell: then the share is over the contacts of
    all of them · shrinkage: share of paid time in which an agent is not at the desk (breaks, training, illness); then
    the answer is people to be rostered: agents / (1 − shrinkage), rounded up.
    Raises ValueError for shares outside 0 to 1.
    """
    goal, shrinkage = number(goal, "The goal"), number(shrinkage, "Shrinkage")
    if not (0 <= goal < 1 and 0 <= shrinkage < 1):
        raise ValueError("The goal and shrinkage are shares, from 0 to below 1.")
    rates, often = np.unique(np.atleast_1d(numbers(arrivals_per_hour, "Arrivals")), return_counts=True)
    contacts = rates * often

    def enough(agents):
        levels = [erlang_c(rate, handling_minutes, agents, target_minutes).service_level for rate in rates]
        return contacts @ levels >= goal * contacts.sum()

    most = 1
    while not enough(most):              # the share rises with the agents: double, then halve the distance
        most *= 2
    agents = most if most == 1 else most // 2 + 1 + bisect_left(range(most // 2 + 1, most), True, key=enough)
    return math.ceil(round(agents / (1 - shrinkage), 9))


def waits(arrived, handling_minutes, agents, patience=math.inf):
    """Minutes that each contact waits when the desk is played through: first come, first served.

    arrived: minutes since midnight of the first day, in order · handling_minutes: of each contact · agents: people at
    the desk in each hour from that midnight on, in whole days; it begins again where it ends · patience: minutes after
    which a contact that nobody took gives up; its wait is inf. Nobody gives up by default. Who is with a customer when
    the hour ends finishes with her. Unlike Erlang's formula it carries the queue of one hour into the next.
    Raises ValueError on contacts out of order, hours that make no whole days, and a negative patience.
    """
    arrived, minutes = numbers(arrived, "Arrivals"), numbers(handling_minutes, "Handling times")
    desk = [whole(count, "The number of agents", 1) for count in np.ravel(agents)]
    if len(desk) % 24 or not desk or arrived.shape != minutes.shape or (np.diff(arrived) < 0).any():
        raise ValueError("Give agents for whole days of 24 hours, contacts in order of time, and minutes for each.")
    if not patience >= 0:
        raise ValueError("Patience is in minutes, 0 or more.")
    busy, now, waited = [], 0.0, np.empty(len(arrived))
    for place, (came, lasts) in enumerate(zip(arrived.tolist(), minutes.tolist(), strict=True)):
        now = max(now, came)                          # nobody is served before those who came earlier
        while True:
            while busy and busy[0] <= now:
                heapq.heappop(busy)
            if len(busy) < desk[int(now // 60) % len(desk)]:
                break
            now = min(busy[0], 60.0 * (now // 60 + 1))   # somebody is free, or the next hour has other people
        if now - came > patience:                     # she has gone: the agent is free for the next one
            waited[place] = math.inf
            continue
        waited[place] = now - came
        heapq.heappush(busy, now + lasts)
    return waited
