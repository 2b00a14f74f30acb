"""What stands in the written pages: links that lead somewhere, nothing foreign, alternative texts, their weight."""
from __future__ import annotations

import re
import zipfile
from functools import cache
from urllib.parse import urlsplit

import nbformat
import pytest
from bs4 import BeautifulSoup

from liveshop.editions.notes import notes
from reader import CHAPTERS, PAGES, SECTIONS, pages


@cache
def soup(path):
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def test_links_and_anchors_lead_somewhere(book):
    """Every relative link, image and script of every page is there, and so is the anchor it names."""
    soups = {path.resolve(): soup(path) for path in pages(book)}
    wrong = []
    for path, page in soups.items():
        for element, attribute in (("a", "href"), ("link", "href"), ("img", "src"), ("script", "src")):
            for found in page.find_all(element, **{attribute: True}):
                parts = urlsplit(found[attribute])
                if parts.scheme or parts.netloc:
                    continue
                target = (path.parent / parts.path).resolve() if parts.path else path
                if target.is_dir():
                    target = target / "index.html"
                if not target.exists():
                    wrong.append(f"{path.name} → {found[attribute]}")
                elif parts.fragment and target in soups and not soups[target].find(id=parts.fragment):
                    wrong.append(f"{path.name} → {found[attribute]} (no such place)")
    assert not wrong, "\n".join(wrong)


def test_pages_name_no_foreign_script_style_or_picture(book):
    for path in pages(book):
        page = soup(path)
        for found in [*page.find_all(["script", "img", "iframe"], src=True), *page.find_all("link", href=True)]:
            address = found.get("src") or found.get("href")
            assert urlsplit(address).scheme in ("", "data"), f"{path.name} would load {address[:120]}"
        assert not re.search(r"url\(\s*[\"']?https?:", path.read_text(encoding="utf-8")), path.name


def test_nothing_for_the_teacher_is_given_away(book):
    """No page, no search data and no download holds a teacher's note, whole or without its expressions."""
    kept = [path.read_text(encoding="utf-8") for path in book.rglob("*") if path.suffix in (".html", ".js", ".json")]
    for archive in (book / "downloads").glob("*.zip"):
        with zipfile.ZipFile(archive) as packed:
            kept += [packed.read(name).decode() for name in packed.namelist()]
    assert len(kept) > len(PAGES)
    for chapter in CHAPTERS:
        told = [one.text for found in notes(nbformat.read(chapter.notebook, 4)).values() for one in found]
        for words in ["For the teacher", *(text[:40] for text in told if text)]:
            assert not any(words in text for text in kept), f"the book gives away: {words}"


def test_pictures_have_alternative_texts(book):
    for path in pages(book):
        for image in soup(path).find_all("img"):
            text = (image.get("alt") or "").strip()
            said = len(text) > 15 and not re.search(r"\.(png|svg|webp)$", text)
            assert said, f"{path.name}: picture with alternative text {text!r}"


@pytest.mark.parametrize("section", SECTIONS, ids=str)
def test_answers_to_try_it_are_folded(book, section):
    """A section asks at its explorers; whoever reads the answer in the same glance tries nothing."""
    asked = soup(section.page(book)).select("blockquote.ls-callout-try-it")
    assert asked and all(callout.select("details > summary") and not callout.select("em") for callout in asked)


@pytest.mark.parametrize("section", SECTIONS, ids=str)
def test_the_page_of_a_section_is_light_enough(book, section):
    weight = section.page(book).stat().st_size
    assert weight <= 1_200_000, f"it weighs {weight / 1e6:.1f} MB"
    assert not soup(section.page(book)).select("article img[src]:not([src^='data:'])"), "a picture lies outside of it"


@pytest.mark.parametrize("section", SECTIONS, ids=str)
def test_parts_of_a_section_have_fixed_addresses(book, section):
    """They stay when a heading is added or its words change: links from elsewhere, and what is kept, lead to them."""
    page, place = soup(section.page(book)), section.id.replace(".", "-")
    parts = [place, f"{place}-strategy", f"{place}-explore", f"card-{place}"]
    parts += ["ex-" + exercise.replace(".", "-") for exercise in section.exercises]
    drawn = re.compile(r"^@explore\b.*?^def (\w+)", re.MULTILINE | re.DOTALL)
    explorers = [name for cell in section.cells("explorer") for name in drawn.findall(cell.source)]
    parts += ["explore-" + name.replace("_", "-") for name in explorers]
    assert [part for part in parts if len(page.select(f"[id='{part}']")) != 1] == []


def test_chapters_sections_and_pages_lead_to_each_other(book):
    """Sections stand in the menu, on the cover, in the chapter's page; previous and next go through all of them."""
    for section in SECTIONS:
        name = f"{section.name.split('/')[1]}.html"
        menu = [link["href"] for link in soup(section.page(book)).select(".bd-links a[href]")]
        assert f"{section.chapter.page(book).name}" in menu and {"#", name} & set(menu)
        assert soup(section.chapter.page(book)).select(f".bd-links a[href='{name}']")
        assert soup(book / "book" / "index.html").select(f".ls-chapters a[href='../notebooks/{name}']")
    for chapter in CHAPTERS:
        path, seen = chapter.page(book), []
        for _ in chapter.sections:
            path = path.parent / soup(path).select_one("a.right-next[href]")["href"]
            seen.append(path)
            assert soup(path).select_one("a.left-prev[href]")
        assert seen == [section.page(book) for section in chapter.sections]


def test_the_state_of_the_book_is_measured(book):
    """Every section has its running time, every page its weight, and nothing is left to be filled in."""
    article = soup(book / "book" / "reference" / "status.html").select_one("article")
    text = article.get_text(" ")
    rows = [[cell.get_text(strip=True) for cell in row.select("th, td")] for row in article.select("tr")]
    assert "course-status" not in (book / "book" / "reference" / "status.html").read_text(encoding="utf-8")
    for chapter in CHAPTERS:
        for section in chapter.sections:
            seconds = re.search(rf"{re.escape(f'{section.id} {section.title}')}\s+([\d.]+)", text)
            assert seconds and float(seconds[1]) > 0, section.id
    assert re.search(r"pandas\s+\d+\.\d+", text)
    for path in pages(book):
        if path.name not in ("search.html", "status.html"):
            title = " ".join(soup(path).select_one("article h1").find(string=True).split())
            assert [title, f"{path.stat().st_size / 1000:,.0f}"] in rows, path.name
