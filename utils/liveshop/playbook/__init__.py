"""The playbook: a card a section, its checklists and figures, kept in the reader's own folder.

`card("5.1")` shows a card: as a form that saves to `my-playbook/` where a kernel runs, as a
printable page element elsewhere. `run_of_show` writes the broadcast's sheet for Excel, `export`
puts all saved cards into one document. The cards stand in `playbook/cards/`.
"""

from liveshop.playbook.card import CardError, card, cards, html_card, load_cards, markdown, save
from liveshop.playbook.sheet import export, run_of_show

__all__ = ["CardError", "card", "cards", "export", "html_card", "load_cards", "markdown", "run_of_show", "save"]
