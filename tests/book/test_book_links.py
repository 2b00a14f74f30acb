"""Links that the build makes from plain text: what becomes one, what does not, and where it leads."""
from __future__ import annotations

import re
from functools import cache

import pytest
from bs4 import BeautifulSoup
from docutils import nodes

from common import ROOT
from liveshop import playbook
from liveshop.editions.sources import glossary
from reader import CHAPTERS, SECTIONS


@cache
def soup(path):
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


@pytest.fixture
def links(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "book" / "_ext")
    from course import links, names

    monkeypatch.setattr(names, "sections", lambda: {name: f"notebooks/{name.replace('.', '-')}" for name in
                                                    ("1.3", "2.2", "5.1", "5.2", "5.3", "5.4", "6.3", "7.2")})
    return links


@pytest.mark.parametrize(("text", "led"), [
    ("What really holds people is settled in 5.3, with a coin.", ["5.3"]),
    ("costs is measured in 5.3; the alarm is in 5.4.", ["5.3", "5.4"]),
    ("after they enter, 5.1 and 5.3), the first", ["5.1", "5.3"]),
    ("Section 5.4 does the same, sections 5.1 and 5.2 do not", ["5.4", "5.1", "5.2"]),
    ("causes give four as well: exercise 5.3c.", ["5.3c"]),
    ("your figures from 5.4b: what fell", ["5.4b"]),
    ("print card 6.3b.", ["card 6.3b"]),
    ("5.1 Content and format", ["5.1"]),
    ("video rises to 3.1 (1.3 to 7.2). The file", []),
    ("in 5.3 % of the rooms, or 5.1 minutes, or (2.2 times)", []),
    ("a ratio of 5.35 and ¥5.3 and -5.3 and 15.3", []),
    ("in 4.9, which is no section", []),
])
def test_sections_are_told_from_quantities(links, text, led):
    assert [link.key for link in sorted(links._sections(text, False), key=lambda link: link.start)] == led


def test_a_number_from_the_data_is_no_section(links):
    assert [link.key for link in links._sections("see 5.4: people stayed for, in 5.3 minutes", True)] == ["5.4"]
    assert links._sections("it is in 5.3", True) == []


def paragraph(*parts):
    made = nodes.paragraph()
    made += list(parts)
    return made


def test_everyday_words_are_terms_only_with_their_chinese(links):
    assert links._names("The host speaks to a fan.", "") == []
    assert [link.key for link in links._names("The host (主播) speaks to a fan.", "")] == ["term-host"]
    made = paragraph(nodes.strong("", "", nodes.Text("Hosts")), nodes.Text(" (主播) speak"))
    assert [link.key for link in links._links(made[0][0])] == ["term-host"]
    found = links._names("Hazard ratios, GMV and a gpm", "")
    assert [link.key for link in found] == ["term-hazard-ratio", "measure-gmv"]


def test_citations_lead_to_their_reference(links):
    found = links._citations("Divisia index (LMDI; Ang, 2004) and Fader and Hardie 2013; not Ang 1999")
    assert [link.key for link in found] == ["Ang2004", "FaderHardie2013"]


def led_to(section, book, kind: str) -> list[str]:
    return [link["href"] for link in soup(section.page(book)).select(f"article a.ls-link-{kind}")]


@pytest.mark.parametrize("section", SECTIONS, ids=str)
def test_every_section_leads_to_terms_card_and_own_data(book, section):
    named = led_to(section, book, "name")
    assert len(named) >= 5 and len(named) == len(set(named)), "a term is linked at its first use, and only there"
    ways = [link["href"] for link in soup(section.page(book)).select("nav.ls-ways a")]
    cards = [card["id"] for card in playbook.cards() if re.fullmatch(re.escape(section.id) + "[a-z]?", card["id"])]
    wanted = [f"../book/playbook/index.html#card-{card.replace('.', '-')}" for card in cards]
    wanted.append(f"../book/own-data/index.html#own-{section.id.replace('.', '-')}")
    assert set(wanted) <= set(ways) and f"{section.chapter.page(book).name}" in ways


@pytest.mark.parametrize("chapter", CHAPTERS, ids=str)
def test_a_chapter_leads_to_its_sections_tables_and_full_references(book, chapter):
    article = soup(chapter.page(book)).select_one("article")
    overview = [link["href"] for link in article.select("table a.ls-link-section")]
    assert overview == [section.page(book).name for section in chapter.sections]
    tables = [link["href"] for link in article.select("table a.ls-link-table")]
    assert tables and all("data-dictionary.html#table-" in href for href in tables)
    readings = article.select("#further-reading li")
    assert all(item.select("a.ls-link-work") for item in readings), "a reading has no full reference"


def test_glossary_index_and_measures_say_which_sections_use_them(book):
    """What they say is what the sections link: each number leads to the very place."""
    reference = book / "book" / "reference"
    for name in ("glossary", "terms", "measures"):
        page = soup(reference / f"{name}.html")
        assert not page.select("article span.ls-used[data-name]")
        used = page.select("article span.ls-used a")
        assert len(used) >= 10
        for link in used:
            path, place = link["href"].removeprefix("../../").split("#")
            assert path == f"notebooks/{link.get_text().replace('.', '-')}.html"
            assert soup(book / path).find(id=place)
    terms = glossary(ROOT / "book" / "reference" / "glossary.yml")
    assert len(soup(reference / "glossary.html").select("article dl dt")) == len(terms)
    assert len(soup(reference / "terms.html").select("article ul.ls-index > li")) == 2 * len(terms)


def test_no_link_stands_in_a_link(book):
    """A browser takes the outer one apart, and it is left without words. (A parser would too: look at the text.)"""
    nested = {}
    for path in book.rglob("*.html"):
        deep = 0
        for tag in re.findall(r"<(/?a)\b", path.read_text(encoding="utf-8")):
            deep += 1 if tag == "a" else -1
            if deep > 1:
                nested[path.name] = nested.get(path.name, 0) + 1
    assert not nested


def test_references_have_their_doi(book):
    items = soup(book / "book" / "reference" / "sources.html").select("article li:has(span[id^='ref-'])")
    with_doi = [item for item in items if item.select("a[href^='https://doi.org/10.']")]
    assert len(items) > 40 and len(with_doi) > 0.7 * len(items)
