"""A planner of tests that works in the page: how many units, how many days, what looking costs, is the split sound.

In the book static/planner.js reckons as the reader types; the reckoning is that of `liveshop.methods.experiment`, to a
unit or two (for means it corrects the normal law for the t test). Without a script a rule of thumb and the table of
looks stand there.
"""

from markupsafe import Markup

from liveshop import medium
from liveshop.playbook.in_page import show_in_page


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
    shown = [(count, alarm, limit) for count, (alarm, limit) in looks.items()]
    head = "Test planner. In the book it reckons as you type. Looks, false alarms without a boundary, last limit:"
    plain = head + "\n" + ("\n".join(f"{count:3d}  {alarm:.1%}  {limit:.2f}" for count, alarm, limit in shown))
    table = Markup(medium.render("liveshop.playbook", "planner-table.html", looks=shown))
    show_in_page("planner", plain, table, values=values, looks=shown, rough=16 * (sd / change) ** 2)


test_planner.__test__ = False                   # its name is no test's
