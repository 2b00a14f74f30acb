"""Which arm of an experiment is the control: what the mapping names is called control in the table."""

from collections import Counter

from liveshop.tables.adapt.draft import plain_objects
from liveshop.tables.adapt.values import quoted
from liveshop.tables.errors import show

CONTROL = "control"


def name_control(task, draft, account):
    """The draft with the arm that control: names called "control"; an error where no row has that arm."""
    control = task.entry["control"]
    if control is None or "arm" not in draft.cells:
        return draft
    arms = plain_objects(draft.cells["arm"])
    there = Counter(arm for arm in arms if arm is not None)
    if control not in there:
        # What one row alone has is no arm: in a line that is shifted it may be a name.
        shown = ", ".join(show(arm) if rows > 1 else quoted(arm) for arm, rows in list(there.items())[:6])
        shown += " …" if len(there) > 6 else ""
        raise task.error("arm", f"no row has the arm {show(control)}, which control: names (there are {shown})",
                         "write control: with one of them")
    if CONTROL in there and control != CONTROL:
        raise task.error("arm", f"control: names {show(control)}, and another arm is called control already",
                         "give that one another name with values:")
    arms[arms == control] = CONTROL
    account.notes.append(f"arm: {show(control)} is the control")
    return draft.with_cells(arm=arms)
