"""What stands in the document of all cards, whatever kind of file it becomes: pages in order of use, and decisions."""

from dataclasses import dataclass

from liveshop.playbook.card import ROWS
from liveshop.playbook.content import Content, aligned, details, filled_rows, label
from liveshop.playbook.decisions import DATE, DAY, NAMED, OWNER, decisions
from liveshop.playbook.deck import EARLIER, USES, also_used, by_use, called

TITLE, BLANK = "My playbook", "My playbook, to fill in"
PRIVATE = ("This playbook holds what was typed on the cards, and nothing else. Keep names, telephone numbers and "
           "orders of buyers out of it: it is a file that is passed on.")
MISSING = "none found: write “{}: …” into the field"
DECIDED = ("Card", "Decision", "Owner", "Date")
ALSO = "Lines for this time also on card"
BLANKS = 12         # empty lines for decisions where the document is filled in by hand
NONE = "No card with an entry holds a decision yet."


@dataclass
class Page:
    """One card in the document.

    content : as it was kept. entries : (label, unit, text) of its fields, then of what it no longer asks. tasks :
    (done, line, who · when · number) of its checklist. columns, rows : of its table; no rows where nothing is in it.
    """

    card: dict
    content: Content
    entries: list
    tasks: list
    columns: list
    rows: list

    @property
    def title(self):
        """The card's identity and its titles in one line."""
        zh = self.card.get("title_zh")
        return f"Card {self.card['id']}: {self.card['title']}" + (f" ({zh})" if zh else "")

    @property
    def filled(self):
        """How many of its fields are filled in, such as "3 of 8"."""
        return f"{sum(bool(text) for _, _, text in self.entries)} of {len(self.entries)}"

    @property
    def also(self):
        """When else lines of it fall due, in one line."""
        return ", ".join(map(called, self.card.get("also", ())))

    @property
    def name(self):
        """A name for places and links: letters, digits and underscores."""
        return "card_" + self.card["id"].replace(".", "_")


class Whole:
    """The document.

    groups : [(use, pages)] in the order of use. contents : [(use, pages, others)]; others are pages of other groups
    that have lines for this time too, so that a use may have nothing but others.
    """

    def __init__(self, pairs, blank):
        """pairs : (card, content) of each card that is in it. blank : whether it is to be filled in by hand."""
        self.title, self.blank = BLANK if blank else TITLE, blank
        made = {one["id"]: _page(one, content, blank) for one, content in pairs}
        found = [one for one, _ in pairs]
        pages = {use: [made[one["id"]] for one in group] for use, group in by_use(found).items()}
        self.groups = [(called(use), group) for use, group in pages.items()]
        listed = [(called(use), pages.get(use, []), [made[one["id"]] for one in also_used(found, use)])
                  for use in (*USES, EARLIER)]
        self.contents = [(use, own, others) for use, own, others in listed if own or others]

    @property
    def pages(self):
        return [page for _, group in self.groups for page in group]

    @property
    def decided(self):
        """A row a decision for a table with the columns `DECIDED`; what is missing is said. To fill in: empty rows."""
        if self.blank:
            return [("",) * len(DECIDED)] * BLANKS
        return [(page.card["id"], f"{found.what}: {found.text}", found.owner or MISSING.format("owner"),
                 found.date or MISSING.format("date"))
                for page in self.pages for found in decisions(page.card, page.content)]


def _page(one, content, blank):
    own = [field["name"] for field in one["fields"]]
    entries = [(label(field), str(field.get("unit") or ""), content.fields.get(field["name"], ""))
               for field in one["fields"]]
    entries += [(name, "", text) for name, text in content.fields.items() if name not in own]
    lines = [item["what"] for item in one["checklist"]]
    tasks = [(item["what"] in content.ticks, item["what"], details(item)) for item in one["checklist"]]
    tasks += [(True, what, "") for what in content.ticks if what not in lines]
    columns, rows = aligned(one, content.columns, filled_rows(content.rows))
    if blank:
        rows = [[""] * len(columns)] * (one.get("table") or {}).get("rows", ROWS) if columns else []
    return Page(one, content, entries, tasks, columns, rows)


def words():
    """What the book's page "My playbook" has to know to make the same document of what a browser keeps."""
    return {"uses": [[use, called(use)] for use in (*USES, EARLIER)], "title": TITLE, "blank": BLANK,
            "private": PRIVATE, "decided": DECIDED, "none": NONE, "also": ALSO, "blanks": BLANKS,
            "owner": OWNER, "date": DATE, "day": DAY, "named": NAMED,
            "missing": {name: MISSING.format(name) for name in ("owner", "date")}}
