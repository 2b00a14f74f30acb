"""A choice between places that works in the page: the reader types places, criteria, weights and scores.

In the book static/places.js reckons as she types: order, lead, how often each place is first when weights are drawn by
lot, and the smallest change of one weight that turns the order, as in `liveshop.methods.decision`. Without a script the
order of the opening values stands there as a table.
"""

from markupsafe import Markup

from liveshop import medium
from liveshop.playbook.deck import CardError
from liveshop.playbook.in_page import show_in_page


def place_tool(scores, weights):
    """Show the tool, opened with these places.

    scores : table of places × criteria, from 1 to 9, more always better · weights : one a criterion, on any scale.
    Raises CardError for fewer than two places or criteria, a criterion without weight, and weights that are all 0.
    """
    criteria, weights = list(scores.columns), dict(weights)
    if len(scores) < 2 or len(criteria) < 2:
        raise CardError(f"The tool needs two places and two criteria; {len(scores)} and {len(criteria)} were given.")
    without = [name for name in criteria if name not in weights]
    if without:
        raise CardError(f"{without[0]} has no weight: give one for each criterion.")
    share = [float(weights[name]) for name in criteria]
    if not sum(share) > 0:
        raise CardError("At least one weight must be above 0.")
    share = [100 * one / sum(share) for one in share]
    lines = ["; ".join(map(_cell, row)) for row in (
        ["place", *criteria], ["weight", *share], *([name, *row] for name, row in scores.iterrows()))]
    order = sorted(((_cell(name), sum(score * one for score, one in zip(row, share, strict=True)) / 100)
                    for name, row in scores.iterrows()), key=lambda one: -one[1])
    plain = "Your own places. In the book it reckons as you type. The order now:\n" + "\n".join(
        f"{score:.2f}  {name}" for name, score in order)
    table = Markup(medium.render("liveshop.playbook", "places-table.html", order=order))
    show_in_page("places", plain, table, lines=lines)


def _cell(value):
    """A name without the marks that part the cells; a number with two decimals at most."""
    if isinstance(value, str):
        return " ".join(value.replace("_", " ").replace(";", ",").split())
    return f"{round(float(value), 2):g}"
