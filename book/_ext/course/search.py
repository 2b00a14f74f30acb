"""The book's own search: an index of every heading of every page, as a script that opens from a folder too.

It is read from the pages as they are written, so that it holds what a reader sees: headings with the text below them,
exercises, explorers and cards, terms of the glossary, and the names in code. Left out are what code printed, and the
hints and answers of exercises: a search gives no answer away. book/_static/search.js does the searching.
"""
from __future__ import annotations

import json
import keyword
import re
from pathlib import Path

from bs4 import BeautifulSoup, NavigableString, SoupStrainer, Tag

from course.paths import glossary_terms
from liveshop.tables.writing import write_text

PAGE = "search"
LEFT_OUT = {"book/reference/terms"}      # names the terms of the glossary once more

SKIPPED = {"script", "style", "noscript", "textarea", "select", "button", "svg", "math", "nav"}
INLINE = {"a", "abbr", "b", "code", "em", "i", "kbd", "mark", "q", "small", "span", "strong", "sub", "sup"}
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
# What is interactive has an entry of its own: its kind, and the class of the line that is its title.
INTERACTIVE = {
    "ls-practice": ("exercise", "ls-practice-title"),
    "ls-explore": ("explorer", "ls-explore-title"),
    "ls-card": ("card", "ls-card-title"),
}
KIND_OF_PLACE = {"ex-": "exercise", "explore-": "explorer", "card-": "card"}


def setup(app) -> None:
    app.connect("builder-inited", settle)
    app.connect("html-collect-pages", page)
    app.connect("build-finished", write)


def settle(app) -> None:
    """Sphinx makes neither its index nor its page."""
    app.builder.search = False


def page(app):
    yield PAGE, {"title": "Search"}, "search.html"


def write(app, exception) -> None:
    """What search.js reads: first the titles, with the pages and the terms, then the text of each."""
    if exception is not None or app.builder.format != "html":
        return
    out = Path(app.outdir)
    pages, entries, texts = [], [], []
    for docname in app.env.collect_relations():      # in reading order
        if docname in LEFT_OUT:
            continue
        found = entries_of((out / f"{docname}.html").read_text(encoding="utf-8"))
        if found:
            entries += [[len(pages), *entry.head()] for entry in found]
            texts += [entry.body() for entry in found]
            pages.append([f"{docname}.html", found[0].title])
    terms = [names_of(term) for term in glossary_terms()]
    _write_script(out / "search-index.js", "searchIndex", {"pages": pages, "entries": entries, "terms": terms})
    _write_script(out / "search-text.js", "searchText", texts)


def _write_script(path: Path, name: str, value) -> None:
    """A script, since a page that was opened from a folder may not read JSON."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    write_text(path, f"(window.liveshop = window.liveshop || {{}}).{name} = {text};\n")


def names_of(term: dict) -> list[str]:
    """By what names people call it: ACU (average concurrent users) has two in English."""
    english = re.findall(r"[^()]+", term["en"])
    return [name.strip() for name in [*english, term["zh"], term["pinyin"]] if name.strip()]


class Entry:
    """A place that a hit can lead to, with the text that belongs to it and to no place below it."""

    def __init__(self, place: str, kind: str, title: str):
        self.place, self.kind, self.title = place, kind, title
        self.text: list[str] = []
        self.code: list[str] = []

    def head(self) -> list[str]:
        return [self.place, self.kind, self.title]

    def body(self) -> list[str]:
        return [_plain("".join(self.text)), _names("".join(self.code))]


def entries_of(html: str) -> list[Entry]:
    """The entries of a written page, in its order; the first is the page itself."""
    article = BeautifulSoup(html, "html.parser", parse_only=SoupStrainer("article", class_="bd-article"))
    found: list[Entry] = []
    _walk(article, Entry("", "page", ""), found)
    return found


def _walk(element: Tag, entry: Entry, found: list[Entry]) -> None:
    """Adds what stands in the element to the entry, and further entries for the places in it."""
    for child in element.children:
        if isinstance(child, NavigableString):
            if type(child) is NavigableString:      # no comment
                entry.text.append(str(child))
        elif child.name == "dt":
            entry = _term(child, entry, found)
        elif child.name == "pre":
            entry.code.append(child.get_text() + " ")
        elif not _skipped(child, entry):
            if child.name not in INLINE:
                entry.text.append(" ")
            _walk(child, _entry_of(child, entry, found), found)
            if child.name not in INLINE:
                entry.text.append(" ")


def _skipped(element: Tag, entry: Entry) -> bool:
    classes = _classes(element)
    if element.name in SKIPPED or "headerlink" in classes:
        return True
    if element.name == "summary":        # of folded code
        return "hide" in _classes(element.parent)
    if element.name in HEADINGS:
        return _title(element) == entry.title
    if any(entry.kind == kind and title in classes for kind, title in INTERACTIVE.values()):
        return True      # it is the entry's title, or says the same as its heading
    if element.name == "details":        # hints and answers; folded code is searched by its names
        return "hide" not in classes
    return "output" in classes and element.find(class_=[*INTERACTIVE, "ls-quiz"]) is None


def _entry_of(element: Tag, entry: Entry, found: list[Entry]) -> Entry:
    """The entry that the element opens, or the one in which it stands."""
    heading = element.find(list(HEADINGS), recursive=False) if element.name == "section" else None
    if heading is not None and element.get("id"):
        place = element["id"]
        kind = next((kind for start, kind in KIND_OF_PLACE.items() if place.startswith(start)), "heading")
        return _opened(Entry(place, kind if found else "page", _title(heading)), found)
    for name in _classes(element):
        if name in INTERACTIVE:
            kind, title = INTERACTIVE[name]
            line = element.find(class_=title)
            if line is None:
                return entry
            if entry.kind == kind:      # under a heading of its own; the longer title says more
                entry.title = max(entry.title, _title(line), key=len)
                return entry
            place = element.get("id") or element.get("aria-labelledby") or entry.place
            return _opened(Entry(place, kind, _title(line)), found)
    return entry


def _term(term: Tag, entry: Entry, found: list[Entry]) -> Entry:
    """A term of the glossary, if it has an address; its meaning follows."""
    place = term.find(id=re.compile("^term-"))
    if place is None:
        entry.text.append(f" {_title(term)} ")
        return entry
    return _opened(Entry(place["id"], "term", _title(term)), found)


def _opened(entry: Entry, found: list[Entry]) -> Entry:
    found.append(entry)
    return entry


def _title(line: Tag) -> str:
    """The words of a heading, without the sign that links to it."""
    return _plain("".join(text for text in line.find_all(string=True) if not text.find_parent(class_="headerlink")))


def _plain(text: str) -> str:
    return " ".join(text.split())


def _names(code: str) -> str:
    """What code is searched for: the names in it, each once; they take a third of the room."""
    names = re.findall(r"[A-Za-z_][\w.]{2,}", re.sub(r"#.*", "", code))
    return " ".join(dict.fromkeys(name.strip(".") for name in names if not keyword.iskeyword(name)))


def _classes(element: Tag) -> list[str]:
    return element.get("class") or []
