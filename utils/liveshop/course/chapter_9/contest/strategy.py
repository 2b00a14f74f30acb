"""A strategy for the class contest: rename this file, change what is decided, and hand it in.

Every week `decide` gets what a desk knows and gives back what it decides. As it stands it does what Qinghe does by
habit. Helpers, NumPy and pandas are welcome; what you keep between weeks is kept for this play alone.
"""

USUAL = {"feed": 9100, "search": 2100, "influencer": 3150, "content": 1400}  # media, CNY a week


def decide(view):
    """Decide on one week.

    view.week 1 to 12 · view.festival · view.season, view.ahead: index of this week and of those to come · view.budget
    view.active, view.silent: members · view.stock, view.arriving, view.ordered, view.asked: pieces
    view.signal: of trouble at the suppliers in two weeks · view.temporary: agents booked for now · view.profit: so far
    view.past, view.last: what was decided and what came of it, such as view.last["slow"] and view.last["fill"];
    the sign of two weeks ago, view.past[-2]["signal"], is of the goods due now
    """
    busy = view.festival
    return {
        "rundown": "giveaway" if busy or view.week in (1, 5, 9) else "habit",  # or "planned"
        "hours": 27 if busy else 18,  # on air, 6 to 40
        "media": {kind: usual * (1.8 if busy else 1.0) for kind, usual in USUAL.items()},
        "coupon": "all" if view.week in (3, 7, 10) else "none",  # or "silent"
        "agents": 4,
        "temporary": 0,  # agents for next week
        "order": max(3 * view.asked - view.ordered, 0),  # pieces; they arrive in two weeks
        "backup": False,  # the backup line
        "second": False,  # the second supplier
        "review": False,  # of the scripts
    }
