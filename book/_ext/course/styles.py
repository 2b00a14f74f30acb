"""The style of the book: in each page one sheet of the rules that it uses; and no file that no page asks for.

The theme, MyST-NB and the extensions bring half a megabyte of rules, and four of fonts and scripts, for every purpose;
a phone would load the rules before it shows a word. Which of them a page needs, it says itself: a rule stays
if every class, id and element that it names stands in the page, or in a script of the page that may set it.
The book's own rules (``ls-…``) always stay, and so does whatever stands inside ``:not()`` and its like.
What is left stands in the page itself: as a file of its own it would be asked for later, share the line with the page's
pictures, and keep the text of a first visit waiting for more than a second on a slow phone.
"""
from __future__ import annotations

import re
from pathlib import Path

import tinycss2
from sphinx.errors import SphinxError

from liveshop.tables.writing import write_text

LINK = re.compile(r'<link\b[^>]*\brel="stylesheet"[^>]*>\s*')
ASKED = re.compile(r'_static/([^"?#\s]+)')
FILE = re.compile(r"[\w.-]+\.[a-z]\w+")
WORD = re.compile(r"[\w-]+")
USED = re.compile(r"var\(\s*(--[\w-]+)")
PLAYED = re.compile(r"animation(?:-name)?:\s*([\w-]+)")
LOADS = re.compile(r"""url\((?!["']?data:)""")
OWN = ("ls-", "--ls-")
GROUPS = ("media", "supports")      # rules that hold rules


def unite(app, exception) -> None:
    """Puts the sheets that the pages link into the pages, as one, and takes away the files that no page asks for."""
    if exception is not None:
        return
    static = Path(app.outdir) / "_static"
    written = [path for path in sorted(Path(app.outdir).rglob("*.html")) if static not in path.parents]
    pages = {path: path.read_text(encoding="utf-8") for path in written}
    links = [link for page in pages.values() for link in LINK.findall(page)]
    linked = dict.fromkeys(name for link in links for name in ASKED.findall(link))
    sheet = slim("".join(_read(static / name) for name in linked), _names(static, pages.values()))
    for path, page in pages.items():
        first, *others = LINK.findall(page) or [""]
        for link in others:
            page = page.replace(link, "", 1)
        if first:
            rules = slim(sheet, _names(static, [page]))
            pages[path] = page.replace(first, f"<style>\n{rules}\n</style>\n", 1)
            write_text(path, pages[path])
    asked = _asked_for(static, pages.values())
    for path in sorted(static.rglob("*"), reverse=True):
        if path.is_dir():
            if not any(path.iterdir()):
                path.rmdir()
        elif path not in asked:
            path.unlink()


def _names(static: Path, pages) -> Names:
    """What rules for these pages may speak of."""
    scripts = [path.read_text(encoding="utf-8") for path in _asked_for(static, pages) if path.suffix == ".js"]
    return Names(pages, scripts)


def _asked_for(static: Path, pages) -> set[Path]:
    """The files of a folder that pages name, and those that the named ones name."""
    by_name = {path.name: path for path in static.rglob("*") if path.is_file()}
    found, new = set(), {static / name for page in pages for name in ASKED.findall(page)}
    while new:
        found |= new
        texts = [path.read_text(encoding="utf-8") for path in new if path.suffix in (".js", ".css", ".json")]
        new = {by_name[name] for text in texts for name in FILE.findall(text) if name in by_name} - found
    return found


def _read(path: Path) -> str:
    """A sheet with those that it imports."""
    text = path.read_text(encoding="utf-8")
    return re.sub(r'@import "([^"]+)";', lambda found: _read(path.parent / found[1]), text)


class Names:
    """What rules may speak of: the classes, ids and elements of the pages, and every word of their scripts."""

    def __init__(self, pages, scripts):
        self.words = {word for script in scripts for word in WORD.findall(script)}
        self.elements, self.variables = {"html", "body"}, set()
        for page in pages:
            for value in re.findall(r'\s(?:class|id)="([^"]*)"', page):
                self.words.update(value.split())
            self.elements.update(re.findall(r"<([a-z][a-z0-9]*)", page))
            self.variables.update(USED.findall(page))

    def know(self, selector: list) -> bool:
        """Whether something in a page may be what a selector, a list of tokens, speaks of."""
        before = ""
        for token in selector:
            if token.type == "ident" and before == ".":
                known = token.value in self.words or token.value.startswith(OWN)
            elif token.type == "ident" and before != ":":
                known = token.lower_value in self.elements or token.lower_value in self.words
            else:
                known = token.type != "hash" or token.value in self.words or token.value.startswith(OWN)
            if not known:
                return False
            before = token.value if token.type == "literal" else ""
        return True


def slim(sheet: str, names: Names) -> str:
    """The rules of a sheet that name what is there; without what is to be loaded, and variables that nobody reads."""
    text, before = _kept(_parsed(sheet), names, None), ""
    while text != before:
        used = names.variables | set(USED.findall(text)) | set(PLAYED.findall(text))
        text, before = _kept(_parsed(text), names, used), text
    return text


def _parsed(sheet: str) -> list:
    return tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True)


def _kept(rules: list, names: Names, used: set[str] | None) -> str:
    """What is kept of parsed rules; of variables and animations, those that are used (None: all)."""
    lines = []
    for rule in rules:
        if rule.type == "error":
            raise SphinxError(f"A style sheet has a fault in its line {rule.source_line}: {rule.message}.")
        if rule.type == "qualified-rule":
            head = ",".join(tinycss2.serialize(part).strip() for part in _parts(rule.prelude) if names.know(part))
            body = _declarations(rule.content, used)
        elif rule.lower_at_keyword in GROUPS:
            head = f"@{rule.lower_at_keyword}{tinycss2.serialize(rule.prelude).rstrip()}"
            inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
            body = _kept(inner, names, used)
        else:
            if _wanted(rule, used):
                lines.append(tinycss2.serialize([rule]))
            continue
        if head and body:
            lines.append(f"{head}{{{body}}}")
    return "\n".join(lines)


def _wanted(rule, used: set[str] | None) -> bool:
    """Of other at-rules: animations that play, and fonts that the reader's device has."""
    if rule.lower_at_keyword == "keyframes":
        return used is None or tinycss2.serialize(rule.prelude).strip() in used
    if rule.lower_at_keyword == "font-face":
        return not LOADS.search(tinycss2.serialize(rule.content))
    return rule.lower_at_keyword != "charset"


def _declarations(content: list, used: set[str] | None) -> str:
    kept = []
    for item in tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True):
        if item.type != "declaration":      # what is misspelt, browsers pass over too
            continue
        if LOADS.search(tinycss2.serialize(item.value)):
            continue
        if used is None or not item.name.startswith("--") or item.name.startswith(OWN) or item.name in used:
            kept.append(f"{item.name}:{tinycss2.serialize(item.value).strip()}{'!important' if item.important else ''}")
    return ";".join(kept)


def _parts(prelude: list) -> list[list]:
    """The selectors between the commas."""
    parts = [[]]
    for token in prelude:
        if token == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return parts
