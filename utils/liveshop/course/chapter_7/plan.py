"""The plan of a joint programme: key results, tasks with dates and duties, counted from the day of the launch."""

import pandas as pd

PEOPLE = ["Lead", "Live room", "Community", "Data", "Finance", "City managers"]
TASKS = [  # task, who does it, weeks from the launch to its first day, how many weeks, duties in the order of PEOPLE
    ("Choose cities by region; keep clean ones", "Data", -8, 2, "ACCR.C"),
    ("Rehearse the evaluation; fix the smallest effect", "Data", -6, 2, "ACCRC."),
    ("Key results signed, with dates", "Live room", -4, 1, "ARRCCI"),
    ("Train hosts to ask and to read out votes", "Live room", -4, 4, "ARCI.I"),
    ("Calendar of votes and topics from last month's questions", "Community", -3, 3, "ARRR.C"),
    ("Joint shows and groups in the chosen cities", "Live room", 0, 13, "ARRI.R"),
    ("Weekly hour: watch the indicators, one idea tried", "Community", 0, 13, "ARRRIC"),
    ("Evaluation against clean cities", "Data", 13, 2, "ICCRA."),
    ("Keep, change or stop, with the reason", "Finance", 15, 1, "ACCRRI"),
]
RESULTS = [  # objective, outcome, words, owner, target as a change against clean cities
    ("Experience", "active_members", "active members", "Community", 0.05),
    ("Brand", "brand_searches", "searches for the brand", "Live room", 0.05),
    ("Sales", "local_orders", "local orders", "Lead", 0.12),
]


def tasks(launch):
    """One row a task: task, who, begins, ends, weeks, and the letters R, A, C, I of each of PEOPLE (None for none)."""
    launch = pd.Timestamp(launch)
    rows = []
    for task, who, first, weeks, letters in TASKS:
        begins = launch + pd.Timedelta(weeks=first)
        duties = {person: None if letter == "." else letter for person, letter in zip(PEOPLE, letters, strict=True)}
        rows.append({"task": task, "who": who, "begins": begins, "weeks": weeks,
                     "ends": begins + pd.Timedelta(weeks=weeks) - pd.Timedelta(days=1), **duties})
    return pd.DataFrame(rows)


def results(launch, weeks, found=None):
    """One row a key result, as `playbook.plan_sheet` takes them; a change of 0.12 is 12 per cent.

    weeks : how long the programme is judged · found : columns change, low, high by outcome (shares), or None before the
    launch.
    """
    launch = pd.Timestamp(launch)
    rows = []
    for objective, outcome, words, owner, target in RESULTS:
        there = found is not None and outcome in found.index
        measured = found.loc[outcome, ["change", "low", "high"]].astype(float) if there else (None,) * 3
        rows.append({"objective": objective, "key_result": f"{target:.0%} more {words} a week", "owner": owner,
                     "compared_with": "clean cities", "begins": launch, "due": launch + pd.Timedelta(weeks=weeks),
                     "start": 0.0, "target": target,
                     **dict(zip(("now", "low", "high"), measured, strict=True))})
    return pd.DataFrame(rows)


def verdict(target, low, high):
    """What the interval of a change says of a key result: reached, refuted or open."""
    return "reached" if low >= target else "refuted" if high < target else "open"


def board(change):
    """The rows of the card: key result, owner, target, measured, interval, verdict.

    change : `samples.measured` as shares (np.expm1), by outcome; key results whose outcome it lacks are left out.
    """
    rows = []
    for _, outcome, words, owner, target in RESULTS:
        if outcome in change.index:
            one = change.loc[outcome]
            rows.append({"key result": f"{target:+.0%} {words}", "owner": owner, "measured": signed(one.estimate),
                         "interval": f"{signed(one.low)} to {signed(one.high)}",
                         "says": verdict(target, one.low, one.high)})
    return pd.DataFrame(rows, columns=["key result", "owner", "measured", "interval", "says"])


def signed(share):
    """A share as signed per cent."""
    return f"{100 * share:+.0f} %".replace("-", "−")
