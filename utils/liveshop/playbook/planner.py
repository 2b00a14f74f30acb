"""A planner of tests that works in the page: how many units, how many days, what looking costs, is the split sound.

In the book static/planner.js reckons as the reader types; the reckoning is that of `liveshop.methods.experiment`, to a
unit or two (for means it corrects the normal law for the t test). With a kernel the output brings the script along.
Without a script a rule of thumb and the table of looks stand there.
"""

import itertools
import os
from uuid import uuid4

from markupsafe import Markup

from liveshop import medium
from liveshop.playbook.sheet import ASKED

_count = itertools.count(1)


def test_planner(baseline, change, sd, looks, units_a_day=100, counts=(500, 500)):
    """Show the planner, opened with a test of two means.

    baseline: mean of the old arm; change: the smallest one worth finding, in its unit; sd: of the outcome; looks: a
    dict of number of looks -> (false alarms without a boundary, share of tests; limit of a boundary at the last look,
    in standard errors); units_a_day: that are assigned to both arms together; counts: units of the new and the old
    arm, for the check of the split.
    Raises ValueError for numbers that are not above zero.
    """
    numbers = {"baseline": baseline, "change": change, "sd": sd, "units a day": units_a_day}
    for name, value in numbers.items():
        if not value > 0:
            raise ValueError(f"The planner needs a {name} above zero, not {value:g}.")
    values = {"baseline": float(baseline), "change": float(change), "sd": float(sd), "day": float(units_a_day),
              "new": int(counts[0]), "old": int(counts[1])}
    table = [(count, alarm, limit) for count, (alarm, limit) in looks.items()]
    head = "Test planner. In the book it reckons as you type. Looks, false alarms without a boundary, last limit:"
    plain = head + "\n" + ("\n".join(f"{count:3d}  {alarm:.1%}  {limit:.2f}" for count, alarm, limit in table))
    live = medium.current() == "live"
    name = f"planner-{uuid4().hex[:8]}" if live else f"planner-{next(_count)}"
    element = written = Markup(medium.render("liveshop.playbook", "planner-table.html", looks=table))
    if medium.current() != "opening" or os.environ.get(ASKED):          # the page of one's own run has the script too
        element = Markup(medium.render("liveshop.playbook", "planner.html", name=name, values=values, looks=table,
                                       table=written, rough=16 * (sd / change) ** 2))
    if live:
        element = Markup("<div><style>{}</style>{}<script>{}</script></div>").format(
            medium.static("interactive.css"), element, medium.static("planner.js"))
    medium.show(plain, element)


test_planner.__test__ = False                   # its name is no test's
