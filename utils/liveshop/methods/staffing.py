"""How many people must answer, so that viewers do not wait: Erlang's formula for a queue."""

from __future__ import annotations

import math
from dataclasses import dataclass

from liveshop.methods._inputs import number, whole


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
