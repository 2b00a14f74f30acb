"""Wrong orders of the steps in section 8.2: a price error by the clock."""

TOO_EARLY = {
    "A": "Deciding needs a number that stands still: first the link, the host, the count",
    "B": "The host would promise what nobody has decided",
    "D": "The link goes up last, when all has been said and a second person has read the price",
    "E": "While orders still come in, the count is old before it is read",
    "F": "The link comes down first: orders grow by the minute. The host is told right after it",
}
TOO_LATE = {
    "A": "The decision waits too long: the host needs it before she can speak, and the number is there",
    "B": "The room has waited for word: it comes as soon as it is decided",
    "C": "The link comes down first: each minute brings more orders than the one before",
    "E": "Without the count nobody can decide",
    "F": "The host still names the wrong price: she is told right after the link is down",
}


def out_of_place(step, early):
    """The sentence that says why this step comes too early, or too late."""
    return f"{step} comes too {'early' if early else 'late'}. {(TOO_EARLY if early else TOO_LATE)[step]}."


def one_moved(order):
    """Each order in which one step alone stands elsewhere, with the sentence that names it."""
    seen = {order}
    for early in (True, False):
        for at, step in enumerate(order):
            for place in range(at) if early else range(at + 1, len(order)):
                rest = order[:at] + order[at + 1:]
                moved = rest[:place] + step + rest[place:]
                if moved not in seen:
                    seen.add(moved)
                    yield moved, out_of_place(step, early)


def price_error(asked, steps):
    """Each step in each wrong place, and the wrong persons."""
    names = [field.name for field in asked.fields[:len(steps)]]
    for values, sentence in one_moved(asked.order):
        yield {name: step for name, step, own in zip(names, values, asked.order, strict=True) if step != own}, sentence
    for place, name in enumerate(names):
        for step in steps:
            at = asked.order.index(step)
            if at != place:
                yield {name: step}, out_of_place(step, place < at)
    for person, sentence in {
        "G": "She has the attention of the room, and no number. She says what was decided",
        "H": "Then the plan works when a manager happens to answer. Name somebody who is there, and a limit",
        "J": "They act first and stop the loss. What is promised to buyers costs money and may be a matter of law",
    }.items():
        yield {"decides": person}, f"{sentence}."
