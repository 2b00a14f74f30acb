"""Daily indicators that are meant to warn of incidents: some lead, one moves with the loss, one lags, one is noise.

The incidents come first. An indicator that leads swings by itself and rises before every cause of its kind, as much as
if the incidents had been drawn from its exponential (the Palm view of a log-Gaussian Cox process). A cause with many
incidents of a kind counts once, on the day of the first.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from liveshop.world import draws
from liveshop.world.business.register import DAYS, FIRST
from liveshop.world.facts import fact

LEADING = {"supplier_late": "supply", "feed_share": "traffic", "line_loss": "technology", "rule_notices": "regulation"}
SCALE = {  # level and size of a standard deviation, in the unit of the indicator
    "supplier_late": (20.0, 3.0),
    "feed_share": (45.0, 4.0),
    "line_loss": (1.6, 0.25),
    "rule_notices": (9.0, 1.5),
    "refund_requests": (120.0, 18.0),
    "complaint_share": (2.4, 0.3),
    "sick_days": (6.0, 0.8),
}
ECHO = 2.5  # days


def causes(incidents):
    """One row a cause and kind: the day of its first incident, counted from the first day of the register."""
    first = incidents.groupby(["cause_id", "kind"], as_index=False).began.min()
    return first.assign(day=(first.began - FIRST).dt.days)


def _swings(random, memory):
    """A series of days with standard deviation 1 and this correlation from day to day."""
    memory = min(memory, 0.999)
    series = random.normal(size=DAYS)
    series[1:] *= np.sqrt(1 - memory**2)
    for day in range(1, DAYS):
        series[day] += memory * series[day - 1]
    return series


def _echo(days, delay=0):
    """What incidents on these days leave on the days after, fading, shape (DAYS,)."""
    count = np.bincount(np.asarray(days + delay, dtype=np.intp), minlength=DAYS)[:DAYS]
    return np.convolve(count, np.exp(-np.arange(15) / ECHO))[:DAYS]


def risk_indicators(parameters, seed, incidents):
    """The table `risk_indicators`: one row a day and indicator, over the whole register."""
    p, events = parameters.indicator, causes(incidents)
    day, values = np.arange(DAYS), {}
    for name, (level, scale) in SCALE.items():
        random = draws.generator(seed, f"business/indicator {name}")
        if name in LEADING:
            lead, memory, rise = (getattr(p, f"{name}_{what}") for what in ("lead", "memory", "rise"))
            own = _swings(random, memory)
            for at in events.day[events.kind == LEADING[name]]:
                own += rise * np.minimum(memory, 0.999) ** np.abs(day - (at - lead))
            own = own + 0.4 * np.sin(2 * np.pi * day / 7) + random.normal(0, 0.5, DAYS)
        elif name == "sick_days":
            own = _swings(random, p.sick_days_memory)
        else:
            delay = p.complaint_share_delay if name == "complaint_share" else 0
            own = getattr(p, f"{name}_rise") * _echo(events.day.to_numpy(), delay)
            own = own + 0.3 * np.sin(2 * np.pi * day / 7) + random.normal(0, 0.8, DAYS)
        values[name] = (level + scale * own).round(3)
    index = pd.MultiIndex.from_product(
        [pd.date_range(FIRST, periods=DAYS, freq="D"), values], names=["day", "indicator"]
    )
    return pd.DataFrame({"value": np.array(list(values.values())).T.ravel()}, index=index).reset_index()


def truths(parameters):
    """Truths of the indicators."""
    p = parameters.indicator
    leads = {name: {"kind": kind, "days": getattr(p, f"{name}_lead")} for name, kind in LEADING.items()}
    return {
        "indicators.lead": fact(
            {
                **leads,
                "refund_requests": {"kind": "all", "days": 0},
                "complaint_share": {"kind": "all", "days": -p.complaint_share_delay},
                "sick_days": {"kind": "none", "days": None},
            },
            "Days by which each indicator leads the causes of a kind of incident; negative where it lags.",
        ),
        "indicators.money": fact(
            {"acting": p.acting, "warned": p.warned, "earliest": p.earliest, "latest": p.latest},
            "Cost of acting on an alarm, loss that acting avoids, and the days before an incident in which it does.",
        ),
    }
