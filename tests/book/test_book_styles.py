"""The style of the pages: of the theme's sheets only what pages use, and what is the book's own always."""
from __future__ import annotations

import re
from pathlib import Path

import pytest

from common import ROOT
from reader import SHADES

PAGE = '<main class="bd-main here" id="top"><p style="color: var(--used-by-the-page)">Text</p></main>'
SCRIPT = 'button.className = "pressed";'


@pytest.fixture
def slim(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "book" / "_ext")
    from course import styles

    return lambda sheet: styles.slim(sheet, styles.Names([PAGE], [SCRIPT]))


@pytest.mark.parametrize("sheet, kept", [
    (".here{color:red}", ".here{color:red}"),
    (".there{color:red}", ""),
    (".here,.there , #top{color:red}", ".here,#top{color:red}"),
    ("#bottom p{color:red}", ""),
    ("video{color:red}", ""),
    ("p:hover::before{top:0}", "p:hover::before{top:0}"),
    (".here:not(.there){color:red}", ".here:not(.there){color:red}"),
    (".pressed{color:red}", ".pressed{color:red}"),
    (".ls-right{color:red}", ".ls-right{color:red}"),
    ("/* why */p{color:red!important;;}", "p{color:red!important}"),
    ("@media print{.there{color:red}}", ""),
    ("@media print{.here{color:red}.there{color:red}}", "@media print{.here{color:red}}"),
    ("p{--read:1;--unread:2;--used-by-the-page:3;top:var(--read)}",
     "p{--read:1;--used-by-the-page:3;top:var(--read)}"),
    ("p{--first:var(--second);--second:1}", ""),
    ("@font-face{font-family:A;src:url(a.woff2)}", ""),
    ("@font-face{font-family:A;src:local(A)}", "@font-face{font-family:A;src:local(A)}"),
    ("p{background:url(a.png);color:red}", "p{color:red}"),
    ('p{background:url("data:image/svg+xml,x")}', 'p{background:url("data:image/svg+xml,x")}'),
    ("@keyframes turn{to{top:0}}", ""),
    ("@keyframes turn{to{top:0}}p{animation:turn 1s}", "@keyframes turn{to{top:0}}\np{animation:turn 1s}"),
    ('@charset "utf-8";@page{margin:1cm}', "@page{margin:1cm}"),
])
def test_a_rule_stays_if_something_may_follow_it(slim, sheet, kept):
    assert slim(sheet) == kept


def test_a_sheet_with_a_fault_stops_the_build(slim):
    with pytest.raises(Exception, match="A style sheet has a fault in its line 1"):
        slim("p{color:red}}")


def test_pages_carry_their_style_and_load_none(book):
    """One sheet a page, of at most a fifth of what is brought, with no rule for what only others show."""
    pages = {path.relative_to(book): path.read_text(encoding="utf-8") for path in book.rglob("*.html")}
    del pages[Path("index.html")]
    sheets = {path: page.split("<style>")[2].split("</style>")[0] for path, page in pages.items()}
    assert all(20_000 < len(sheet) < 110_000 for sheet in sheets.values())
    for shade in SHADES:
        code = f'[data-theme="{shade}"] .highlight .k{{'
        wrong = [path for path, page in pages.items() if ('class="k"' in page) > (code in sheets[path])]
        assert not wrong, "the colours of code are not the theme's"
    longest = max(len(sheet) for sheet in sheets.values())
    assert len(sheets[Path("book/index.html")]) < .95 * longest, "the cover carries rules for what other pages show"
    assert not [path for path, page in pages.items() if 'rel="stylesheet"' in page]


def test_pages_hold_the_courses_own_scripts_and_no_font(book):
    """As the page on licences says: of others, rules of style alone, and their licences stand there."""
    own = {path.name for folder in ("book/_static", "utils/liveshop/static") for path in (ROOT / folder).glob("*.js")}
    made = {"search-index.js", "search-text.js"}
    assert {path.name for path in book.rglob("*.js")} <= own | made
    assert not [path for path in book.rglob("*.*") if path.suffix in (".woff", ".woff2", ".ttf", ".otf")]
    for path in book.rglob("*.html"):
        assert not re.search(r"@font-face *{[^}]*url\(", path.read_text(encoding="utf-8")), path
    page = (book / "book" / "reference" / "licences.html").read_text(encoding="utf-8")
    assert "Style or frame by sphinx-book-theme" in page and "The Bootstrap Authors" in page
