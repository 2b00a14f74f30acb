"""The built book as a site that works without a network, and on paper."""
from __future__ import annotations

import json
import subprocess
import sys
import zipfile

import pytest

from common import ROOT
from liveshop import load, practice
from liveshop.editions import EditionError, publish
from liveshop.practice.exercise import bound
from paper import emptyish, opened
from reader import SECTIONS, Reader, pages, served

# Not wait_for_function, which makes code of text again and again: the pages forbid it.
CONTROLLED = """new Promise((resolve, reject) => {
    const look = () => navigator.serviceWorker.controller && resolve(true);
    navigator.serviceWorker.addEventListener('controllerchange', look);
    setTimeout(() => reject(new Error('no worker took over the page')), 60_000);
    look();
})"""


def test_a_site_is_read_without_a_network_after_one_visit(site, browser):
    with served(site) as home:
        context = browser.new_context()
        page = context.new_page()
        page.goto(f"{home}book/index.html")
        page.evaluate(CONTROLLED)
    context.set_offline(True)          # the server is gone as well
    heard = []
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("console", lambda said: said.type == "error" and heard.append(said.text))
    for section in SECTIONS:
        page.goto(f"{home}{section.name}.html?code=hidden")
        assert page.locator("article h1").first.inner_text().startswith(section.id)
        assert page.locator("figure.ls-explore .ls-controls").first.is_visible(), "its scripts were not kept"
    page.goto(home)
    page.wait_for_url("**/book/index.html")
    assert not heard
    context.close()


def test_a_phone_can_install_it(site, browser):
    manifest = json.loads((site / "manifest.webmanifest").read_text(encoding="utf-8"))
    assert (site / manifest["start_url"]).exists()
    assert {icon["sizes"] for icon in manifest["icons"]} == {"192x192", "512x512"}
    with served(site) as home:
        page = browser.new_context().new_page()
        page.goto(f"{home}{SECTIONS[0].name}.html")
        session = page.context.new_cdp_session(page)
        found = session.send("Page.getAppManifest")
        assert found["url"].endswith("/manifest.webmanifest") and not found["errors"]
        page.context.close()


def test_the_zip_opens_from_a_folder(site, browser, tmp_path):
    with zipfile.ZipFile(site.with_suffix(".zip")) as archive:
        archive.extractall(tmp_path)
    folder = tmp_path / "site"
    there, wanted = ({path.relative_to(root) for path in root.rglob("*")} for root in (folder, site))
    assert there == wanted
    reader = Reader(browser, "phone")
    for path in (folder / "book" / "index.html", SECTIONS[-1].page(folder)):
        reader.open(path)
    assert not reader.complaints and not reader.foreign
    reader.close()


def test_the_same_book_gives_the_same_site(book, site, tmp_path):
    again = publish.site(book, tmp_path / "site")
    assert again.read_bytes() == site.with_suffix(".zip").read_bytes()


def test_without_a_book_one_sentence_says_so(tmp_path):
    for make in (publish.site, publish.pdf):
        with pytest.raises(EditionError, match="run make book first"):
            make(tmp_path, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


# --- on paper ---------------------------------------------------------------------------------------------------------


def text_of(document) -> str:
    return " ".join(" ".join(page.get_textpage().get_text_bounded() for page in document).split())


def folded_answers(section) -> list[str]:
    tables = load(ROOT / "data")
    explained = [bound(tables, practice.find(identity)).explain for identity in section.exercises]
    return [text.split("`")[0][:40].strip() for text in explained]


@pytest.mark.parametrize("section", SECTIONS, ids=str)
def test_a_section_on_paper_holds_its_answers_on_full_pages(book, reader, section):
    page = reader.open(section.page(book))
    closed = page.evaluate("document.querySelectorAll('article details:not([open])').length")
    document = opened(page.pdf(format="A4", print_background=True))
    assert page.evaluate("document.querySelectorAll('article details:not([open])').length") == closed
    text = text_of(document)
    assert [answer for answer in folded_answers(section) if answer not in text] == []
    wrong = emptyish(document, own_sheet="CARD ")
    assert not wrong, f"pages more than a third empty: {wrong}, of {len(document)}"


def test_the_book_as_a_pdf(book, browser, tmp_path):      # browser: there is one, or the test is skipped
    """Contents and links lead within it, the outline names every section, and it holds the answers."""
    import pypdfium2.raw as pdfium

    path = tmp_path / "book.pdf"
    command = [sys.executable, "-m", "liveshop.editions", "pdf", "--html", str(book), "--out", str(path)]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 0 and str(path) in run.stdout, run.stderr
    document = opened(path)
    outline = [item.get_title() for item in document.get_toc()]
    assert [section.id for section in SECTIONS] == [
        section.id for section in SECTIONS if any(title.startswith(section.id) for title in outline)]
    text = text_of(document)
    assert "Contents" in text
    assert [answer for section in SECTIONS for answer in folded_answers(section) if answer not in text] == []
    inner = outer = 0
    for page in document:
        position, link = pdfium.c_int(0), pdfium.FPDF_LINK()
        while pdfium.FPDFLink_Enumerate(page, position, link):
            action = pdfium.FPDFLink_GetAction(link)
            away = action and pdfium.FPDFAction_GetType(action) == pdfium.PDFACTION_URI
            outer, inner = outer + bool(away), inner + (not away)
    assert inner > 2 * len(pages(book)) and inner > outer


def test_every_card_fits_one_sheet(book, reader):
    page = reader.open(book / "book" / "playbook" / "index.html")
    page.evaluate("window.print = () => {}")
    sheets = {}
    for card in page.locator("section.ls-card").all():
        name = card.locator(".ls-card-id").first.inner_text()
        card.locator("button.ls-print").click()
        sheets[name] = len(opened(page.pdf(format="A4")))
        page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert len(sheets) >= len(SECTIONS) and set(sheets.values()) == {1}, sheets
