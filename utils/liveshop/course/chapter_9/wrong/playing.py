"""Wrong answers of the exercises of 9.3, each computed, with the sentence that names it."""

from liveshop.course.chapter_9 import capstone
from liveshop.course.chapter_9.samples.quarter import KNOWN, LEVERS, swapped, told


def costliest(asked, happened):
    """The week that hurt, the line of the ledger, amounts of other things, for 9.3b."""
    found, ledger = asked.replays, asked.game.ledger
    week, lever, cost, shown = asked.right()
    worst = ledger.profit.idxmin()
    yield {"week": worst}, (
        f"Week {worst} has the smallest profit: there it shows. Asked is the week in which it was decided.")
    near = {week + 2: "In that week the goods would have come. They are ordered two weeks before.",
            week - 1: "You counted the weeks from 0, or took the second row. Take the first row, and count from 1."}
    for other in sorted(set(range(1, 13)) - {week, worst}):
        yield {"week": other}, near.get(other, f"An exchange in week {other} earns less. Take the first row.")
    spent = ledger.drop(columns=["profit", "rooms", "members", "fixed"]).sum().idxmin()
    for other in ("feed", "search", "influencer", "content", "agents", "hours", "rundown"):
        if other != lever:
            is_largest = "the largest post of the ledger" if other == spent else "a post of the ledger"
            yield {"lever": other}, (
                f"{other} is {is_largest}. What a lever costs is not what its choice loses: replay it.")
    for other in ("coupon", "temporary", "backup", "second", "review"):
        yield {"lever": other}, f"Exchanging {other} earns less. Take the first row of the replays."
    yield {"cost": -cost}, "The sign is turned round: asked is what the other choice would have earned."
    yield {"cost": ledger.profit[worst]}, "That is the profit of the worst week. Asked is the gain of one exchange."
    yield {"cost": -ledger.profit[worst]}, "That is the loss of the worst week. Asked is the gain of one exchange."
    yield {"cost": ledger.profit[week]}, f"That is the profit of week {week}. Asked is the gain of one exchange."
    yield {"cost": found.gain.sum()}, (
        "You added up all exchanges. Each is replayed alone, and they do not add up: take the largest.")
    yield {"cost": found.gain[found.week == week].sum()}, (
        "You added up all levers of this week. Each exchange is replayed alone: take the largest.")
    yield {"cost": found.gain[found.lever == lever].sum()}, (
        "You added up all weeks of this lever. Each exchange is replayed alone: take the largest.")
    group = next(name for name, levers in LEVERS.items() if lever in levers)
    once, always = (swapped(asked.game, group, asked.seed, only) for only in ((week,), range(1, 13)))
    yield {"cost": float((once.profit - asked.game.profit).iloc[0])}, (
        "That is the profit alone. The value at the end (members, stock) belongs to it.")
    yield {"cost": float((always.result - asked.game.result).iloc[0])}, (
        "That is this lever exchanged in all twelve weeks. Asked is one week.")
    best = capstone.play(KNOWN[asked.against], [asked.seed])
    yield {"cost": float((best.result - asked.game.result).iloc[0])}, (
        "That is the whole of the difference between the two quarters. Asked is one decision.")
    yield {"cost": float((best.profit - asked.game.profit).iloc[0])}, (
        "That is the difference of the profits of the two quarters. Asked is one decision.")
    yield {"cost": found.gain[1], "week": found.week[1]}, "That is the second row. Asked is the first."
    yield {"cost": cost / 1000}, "Those are thousands of yuan. Yuan are asked."
    yield {"cost": float(found.instead[0])}, "Those are pieces: what the best known would have ordered. Yuan are asked."
    yield {"cost": float(asked.game.profit.iloc[0])}, "That is the profit of all twelve weeks. Asked is one decision."
    for other in happened:
        if other != shown:
            yield {"happened": other}, f"Perhaps the log has that too: {other}. It does not come of this decision."


def other_decisions(asked):
    """The other rows of the replays, and amounts of the log."""
    found = asked.replays
    for row in found.iloc[2:8].itertuples():
        yield {"week": row.week, "lever": row.lever, "cost": row.gain}, (
            "That is a row further down. Asked is the first.")
    unfilled = told(asked.game)["unfilled orders"]
    for orders in (unfilled[unfilled > 0], [unfilled.sum()]):
        for count in orders:
            yield {"cost": float(count)}, "Those are orders that went unfilled. Yuan are asked."
    yield {"cost": found.gain.mean()}, "That is the mean of all exchanges. Asked is the largest."
    for row in found.iloc[1:8].itertuples():
        yield {"cost": row.gain}, "That is the gain of another exchange. Take the first row."
    ends = asked.game.value.iloc[0]
    yield {"cost": float(ends)}, "That is the value at the end. Asked is the gain of one exchange."
    yield {"cost": float(asked.game.result.iloc[0])}, "That is the result of the whole quarter. Asked is one decision."
    yield {"cost": float(found.instead[0] - found.decided[0])}, "Those are the pieces by which the orders differ."


def page(asked, lines, parts):
    """For each line of the page each wrong part, and what is there of it."""
    right = asked.right()
    for line, there in lines.items():
        for part in parts:
            if part == right[line]:
                continue
            if part in there:
                yield {line: part}, f"Line {line[-1]} has {part}: {there[part]}."
            else:
                yield {line: part}, (
                    f"Something is missing in line {line[-1]}. Ask who, by when, which number, which limit.")
