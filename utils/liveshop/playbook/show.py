"""Show a card: as a form where a kernel runs, as an element of the page elsewhere."""

import math

from liveshop import medium
from liveshop.playbook.as_markdown import markdown
from liveshop.playbook.card import html_card, known, rows_of
from liveshop.playbook.deck import find
from liveshop.playbook.form import form


def _in_words(part):
    """A card whose texts name the currency of the tables."""
    if isinstance(part, dict):
        return {name: value if name in ("id", "name") else _in_words(value) for name, value in part.items()}
    if isinstance(part, list):
        return [_in_words(one) for one in part]
    return medium.told(part) if isinstance(part, str) else part


def _told(value):
    """A value for a card; what a method could not find out is said to be unknown, and no field is left as if empty."""
    if isinstance(value, float) and not math.isfinite(value):
        return "not known"
    return medium.told(value) if isinstance(value, str) else value


def card(id, *, cards=None, table=None, **filled):
    """Show the card of a section, with the given fields filled in.

    filled : field name -> value (text or number; NaN is "not known"). table : a DataFrame for the card's table.
    cards : another file of cards (a path). With a kernel: a form that saves to `my-playbook/`,
    starting from what was saved there before. CardError when the card or a field does not exist.
    """
    from IPython import get_ipython
    from IPython.display import display

    one = _in_words(find(id, cards))
    known(one, filled)
    filled, rows = {name: _told(value) for name, value in filled.items()}, rows_of(one, table)
    if medium.current() == "live" and get_ipython() is not None:
        display(form(one, filled, rows))
    elif get_ipython() is None:
        print(markdown(one, filled, rows))
    else:
        plain = f"Card {one['id']}: {one['title']}"
        display({"text/plain": plain, "text/html": html_card(one, filled, rows)}, raw=True)
