"""The site under its Content-Security-Policy: no script but its own, and all that a reader does goes on."""
from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import expect

from common import ROOT
from liveshop.editions.publish import policy
from liveshop.editions.publish.policy import BEHIND_TEXT, with_policy
from reader import SECTIONS, Reader, served

PAGE = """<!DOCTYPE html>
<html><head>
<meta charset="utf-8"><title>A page</title><style>p { color: red }</style></head>
<body><script>alert('Hello, world.');</script><script type="application/json">{"data": "<script>"}</script>
<p style="margin:0">a</p><script src="own.js"></script></body></html>"""
HELLO = "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"      # published: CSP Level 3, on hashes


def directives(page: str) -> dict[str, list[str]]:
    """The one policy of the page: {directive: sources}."""
    (found,) = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', page)
    return {name: sources for name, *sources in (part.split() for part in found.split("; "))}


def digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


# --- a page -----------------------------------------------------------------------------------------------------------


def test_what_stands_in_the_page_is_named_and_nothing_else():
    found = directives(with_policy(PAGE, "book/page.html"))
    assert found["default-src"] == ["'none'"]
    assert found["script-src"] == ["'self'", HELLO]
    assert found["style-src"] == [digest("p { color: red }")]
    assert found["style-src-attr"] == ["'unsafe-hashes'", digest("margin:0")]


def test_a_script_in_the_text_is_not_named():
    """Nor is one that pretends to stand behind it; the frame's own call of the explorers there is."""
    text = "<article><table><td><script>alert(1)</script></td></table></article></main><script>alert(2)</script>"
    frame = f"<script>{BEHIND_TEXT}</script>"
    found = directives(with_policy(PAGE.replace("</body>", f"{text}{frame}</body>"), "page.html"))
    assert set(found["script-src"]) == {"'self'", HELLO, digest(BEHIND_TEXT)}


def test_the_policy_comes_first_but_for_the_encoding():
    made = with_policy(PAGE, "page.html")
    assert made.index("charset") < made.index("Content-Security-Policy") < made.index("<title>")
    assert made.replace(re.search(r'<meta http-equiv="Content-S.*?>', made)[0], "") == PAGE
    only_leads_on = '<meta http-equiv="Refresh" content="0; url=a.html">'
    made = with_policy(only_leads_on, "index.html")
    assert made.endswith(only_leads_on) and directives(made)["style-src"] == ["'none'"]


def test_a_folder_can_have_a_policy_of_its_own(monkeypatch):
    monkeypatch.setitem(policy.POLICIES, "lab", {"default-src": "'self'", "style-src": "'self' 'unsafe-inline'"})
    monkeypatch.setitem(policy.POLICIES, "lab/inner", {"default-src": "'none'", "script-src": "'self' blob:"})
    assert directives(with_policy(PAGE, "lab/deep/page.html")) == {      # a fingerprint would shut the other sheets out
        "default-src": ["'self'"], "style-src": ["'self'", "'unsafe-inline'"]}
    assert directives(with_policy(PAGE, "lab/inner/page.html")) == {
        "default-src": ["'none'"], "script-src": ["'self'", "blob:", HELLO]}
    assert "img-src" in directives(with_policy(PAGE, "laboratory/page.html"))


# --- the pages of the site --------------------------------------------------------------------------------------------


def strict(site: Path) -> dict[str, str]:
    """The pages that the policy of the whole site rules: {place: HTML}."""
    own = {folder for folder in policy.POLICIES if folder != "."}
    places = {path.relative_to(site): path for path in sorted(site.rglob("*.html"))}
    return {place.as_posix(): path.read_text(encoding="utf-8") for place, path in places.items()
            if not own & {parent.as_posix() for parent in place.parents}}


# The most that a page may be allowed, beside the fingerprints of what stands in it.
MOST = {
    "default-src": {"'none'"}, "script-src": {"'self'"}, "style-src": {"'none'"}, "style-src-attr": {"'unsafe-hashes'"},
    "img-src": {"'self'", "data:"}, "manifest-src": {"'self'"}, "worker-src": {"'self'"}, "form-action": {"'self'"},
    "base-uri": {"'none'"}, "object-src": {"'none'"},
}
# Where an element fetches from or submits to; links to other sites are none of it.
FETCHES = {"src", "srcset", "imagesrcset", "poster", "data", "action", "formaction", "background", "xlink:href", "ping"}
FRAMES = ("base", "iframe", "frame", "object", "embed")


def wrong_in(place: str, page: str) -> list[str]:
    """What the policy of the page lets through, what it holds back, and what it should not have to."""
    allowed, wrong = directives(page), []
    named = {name: {one for one in sources if not one.startswith("'sha256-")} for name, sources in allowed.items()}
    if set(named) != set(MOST) or any(named[name] - MOST[name] for name in named):
        wrong.append(f"{place}: a policy that lets more in")
    before = page[:page.index('<meta http-equiv="Content-S')]
    if not re.fullmatch(r'(\s*<!DOCTYPE html>\s*<html[^>]*>\s*<head>\s*<meta charset="utf-8" ?/?>)?', before):
        wrong.append(f"{place}: something before the policy")
    soup = BeautifulSoup(page, "html.parser")
    return wrong + [f"{place}: {what} of {str(element)[:120]}" for element in soup(True)
                    for what in wrong_of(element, allowed)]


def wrong_of(element, allowed: dict[str, list[str]]):
    """What is wrong with one element."""
    name, given = element.name, element.attrs
    if name == "script" and "src" not in given and given.get("type") != "application/json" or name == "style":
        if digest(element.string or "") not in allowed[f"{name}-src"]:
            yield "the text"
    if "style" in given and digest(given["style"]) not in allowed["style-src-attr"]:
        yield "the style"
    yield from (one for one in given if one.startswith("on") or one in FETCHES and foreign(given[one]))
    if name == "link" and given["rel"] != ["canonical"] and (given["rel"] != ["icon"] or foreign(given["href"])):
        yield "the link"
    if name in FRAMES or name == "a" and re.match(r"\s*(javascript|data|vbscript):", given.get("href", ""), re.I):
        yield "the presence"


def foreign(address: str) -> bool:
    return bool(re.match(r"\s*(//|(?!data:image/)[a-z][a-z0-9+.-]*:)", address, re.IGNORECASE))


def test_every_page_has_its_policy_and_needs_no_more(site):
    found = strict(site)
    assert {f"{section.name}.html" for section in SECTIONS} | {"index.html", "search.html"} <= set(found)
    assert sum((wrong_in(place, page) for place, page in found.items()), []) == []


@pytest.mark.parametrize("brought", [
    "<script>alert(1)</script>", '<script type="module">alert(1)</script>', "<style>p { color: blue }</style>",
    '<p style="color:blue">a</p>', '<p onclick="alert(1)">a</p>', '<img src="//other.example/a.png">',
    '<link rel="next" href="a.html">', '<a href="JavaScript:alert(1)">a</a>', '<base href="/">',
])
def test_what_somebody_brings_in_is_seen(brought):
    page = with_policy(PAGE, "page.html")
    assert wrong_in("page.html", page) == []
    assert len(wrong_in("page.html", page.replace("</body>", f"{brought}</body>"))) == 1


# --- in a browser -----------------------------------------------------------------------------------------------------

HEARD = """addEventListener('securitypolicyviolation',
    event => heldBack([event.effectiveDirective, event.blockedURI].join(' ')))"""


class Guest(Reader):
    """A reader of the site on a server; notes what a policy holds back."""

    def __init__(self, browser, home: str):
        super().__init__(browser)
        self.home, self.held_back = home, []
        self.context.expose_binding("heldBack", lambda _, words: self.held_back.append(words))
        self.context.add_init_script(HEARD)

    def _route(self, route):
        if route.request.url.startswith(self.home):
            route.continue_()
        else:
            super()._route(route)

    def visit(self, place: str):
        self.page.goto(self.home + place, wait_until="load")
        return self.page

    def wrong(self) -> list[str]:
        """What went wrong since it was asked last."""
        found = self.complaints + self.held_back + self.foreign
        self.complaints, self.held_back, self.foreign = [], [], []
        return found


@pytest.fixture(scope="module")
def home(site):
    with served(site) as address:
        yield address


@pytest.fixture
def guest(browser, home):
    opened = Guest(browser, home)
    yield opened
    opened.close()


def test_no_page_is_held_back(site, guest):
    wrong = {}
    for place in strict(site):
        guest.visit(place)
        if place == "index.html":
            guest.page.wait_for_url("**/book/index.html")
        if found := guest.wrong():
            wrong[place] = found
    assert not wrong


# What an attacker would bring in: HTML that a page takes up after it was read, and the word for what holds it back.
ATTACKS = {
    "let s = document.createElement('script'); s.textContent = 'window.ran = 1'; document.body.append(s)":
        "script-src-elem inline",
    "document.body.innerHTML += '<img src=\"own.png\" onerror=\"window.ran = 1\">'": "script-src-attr inline",
    "let a = document.createElement('a'); a.href = 'javascript:window.ran = 1'; document.body.append(a); a.click()":
        "script-src-elem inline",
    "let b = document.createElement('button'); b.setAttribute('onclick', 'setTimeout(`window.ran = 1`)'); b.click()":
        "script-src-attr inline",
    "let s = document.createElement('script'); s.text = 'window.ran = eval(`1`)'; document.body.append(s)":
        "script-src-elem inline",
    "setTimeout('window.ran = 1')": "script-src eval",
    "document.body.insertAdjacentHTML('beforeend', '<p style=\"position:fixed\">')": "style-src-attr inline",
    "let s = document.createElement('style'); s.textContent = '*{color:red}'; document.body.append(s)":
        "style-src-elem inline",
    "fetch('own.json').catch(() => 0)": "connect-src",
    "let f = document.createElement('iframe'); f.src = '../index.html'; document.body.append(f)": "frame-src",
    "let b = document.createElement('base'); b.href = '/elsewhere/'; document.head.append(b)": "base-uri",
    "let f = document.createElement('form'); f.action = 'http://other.example/'; document.body.append(f); f.submit()":
        "form-action",
    "new Image().src = 'http://other.example/a.png'": "img-src",
}


@pytest.mark.parametrize("script", ATTACKS)
def test_the_policy_is_in_force(guest, script):
    """The attack itself comes by the debugger, which no policy binds: what it starts is bound."""
    page = guest.visit(f"{SECTIONS[0].name}.html")
    assert guest.wrong() == []
    page.evaluate(f"() => {{ {script} }}")
    page.wait_for_timeout(200)
    assert page.evaluate("window.ran") is None
    assert [words for words in guest.held_back if words.startswith(ATTACKS[script])]


# --- what a reader does -----------------------------------------------------------------------------------------------

# A tool of the book: what is done with it, and where it answers.
TOOLS = {
    "ls-explore:has([type=range])": (lambda tool: tool.locator("input[type=range]").first.press("ArrowRight"),
                                     ".ls-sentence"),
    "ls-answer": (lambda tool: tool.get_by_role("button", name="Check").click(), ".ls-verdict"),
    "ls-question": (lambda tool: tool.get_by_role("button", name="Check").click(), ".ls-verdict"),
    "ls-planner": (lambda tool: tool.locator('[data-plan="change"]').fill("7"), '[data-say="size"]'),
    "ls-places": (lambda tool: tool.locator("textarea").fill("a;b;c\nw;1;1\nX;9;9\nY;1;3"), ".ls-verdict"),
    "ls-drill": (lambda tool: tool.locator(".ls-drill-moves button").first.click(), "[data-said]"),
    "ls-maturity": (lambda tool: tool.locator('input[value="3"]').first.check(), ".ls-verdict"),
    "ls-capstone": (lambda tool: tool.get_by_role("button", name="Close the week").click(), "[data-said]"),
}


def test_every_tool_of_the_frame_is_tried(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "book" / "_ext")
    from course import frame

    assert set(frame.TOOLS.values()) <= set(TOOLS)


@pytest.mark.parametrize("name", TOOLS)
def test_a_tool_answers_under_the_policy(site, guest, name):
    tool = re.compile(rf'class="[^"]*\b{name.partition(":")[0]}["\s]')
    page = guest.visit(next(place for place, text in strict(site).items() if tool.search(text)))
    used = page.locator(f".{name}:visible").first
    act, place = TOOLS[name]
    before = used.locator(place).first.text_content()
    act(used)
    expect(used.locator(place).first).not_to_have_text(before)
    assert used.locator(place).first.text_content().strip()
    assert guest.wrong() == []


def test_a_reader_finds_keeps_and_takes_away(guest):
    """She looks for a word, chooses the dark, fills in a card, takes it away in each form, and prints the page."""
    page = guest.visit("book/index.html")
    page.keyboard.press("Control+k")
    page.keyboard.type("GPM")
    page.locator("dialog[open] a[href*='#']").first.click()
    page.wait_for_url("**/*.html?*")
    page.locator("#ls-mode").click(click_count=2)
    dark = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    ground = page.evaluate(dark)
    card = guest.visit(f"{SECTIONS[0].name}.html").locator(f'section.ls-card[data-card="{SECTIONS[0].id}"]')
    assert page.evaluate(dark) == ground
    card.locator("textarea[data-name]").first.fill("written under the policy")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("article details:not([open])").count() == 0
    page.emulate_media(media="screen")
    guest.visit("book/playbook/my-playbook.html")
    taken = {}
    for action in ("markdown", "word", "excel", "json"):
        with page.expect_download() as waited:
            page.locator(f"[data-action={action}]").click()
        taken[action] = Path(waited.value.path()).read_bytes()
    assert b"written under the policy" in taken["markdown"] and b"written under the policy" in taken["json"]
    assert taken["word"].startswith(b"PK") and taken["excel"].startswith(b"PK")
    assert guest.wrong() == []


def test_formulas_and_pictures_keep_their_look(book, site, guest, reader):
    """Sizes and places that a sheet or an attribute gives are those of the page that has no policy."""
    look = """[...document.querySelectorAll('article :is(math, img, table, figure, .ls-control, [style])')]
        .map(e => [e.tagName, e.clientWidth, e.clientHeight, getComputedStyle(e).textAlign])"""
    for section in SECTIONS[:: len(SECTIONS) // 2]:
        ruled = guest.visit(f"{section.name}.html").evaluate(look)
        assert len(ruled) > 5 and ruled == reader.open(section.page(book)).evaluate(look)


def test_the_headers_of_the_page_on_publishing_hold_nothing_back(site, browser):
    text = (ROOT / "book" / "teach" / "publish.md").read_text(encoding="utf-8")
    block = next(block for block in re.findall(r"```text\n(.*?)```", text, re.DOTALL) if "Content-Security" in block)
    headers = dict(line.split(": ") for line in block.splitlines())
    assert headers["Content-Security-Policy"] == "frame-ancestors 'self'"
    with served(site, headers) as home:
        guest = Guest(browser, home)
        page = guest.visit(f"{SECTIONS[0].name}.html")
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        page.locator(".ls-explore input[type=range]").first.press("ArrowRight")
        assert guest.wrong() == []
        guest.close()
