"""Sections in the reader's browser: what a site gets for it, and what its page says where Python cannot be had."""
from __future__ import annotations

import json
import re
import shutil
import zipfile
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
import pytest

from common import ROOT
from liveshop.editions import EditionError, publish
from liveshop.editions.cells import section_of, tags
from liveshop.editions.publish import lite
from liveshop.editions.sections import notebook_alone
from pyodides import cannot, interpreter
from reader import SECTIONS, served

OPENED = ("5.4", "9.1")          # the sections of the small book
SAID = "#instead:visible, #ready:visible"
FOREIGN = "https://python.example/full/"


def small_book(folder: Path) -> Path:
    """A built book of a cover and two sections, as far as a site looks at it."""
    page = ('<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Course</title></head><body>'
            '<nav class="ls-ways" aria-label="Ways"><a href="#">Chapter</a></nav></body></html>')
    for name in ("book/index", *(f"notebooks/{section.replace('.', '-')}" for section in OPENED)):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.html").write_text(page, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def made(wheel, tmp_path_factory):
    """A site whose sections run in the browser, without Python's files; its zip lies beside it."""
    folder = tmp_path_factory.mktemp("lite")
    try:
        publish.site(small_book(folder / "html"), folder / "site", publish.Lite(wheel))
    except EditionError as error:
        cannot(str(error))
    return folder / "site"


class Visitor:
    """Opens a section's page on a served site, and counts what is asked of other hosts, which do not answer."""

    def __init__(self, browser, home):
        self.context = browser.new_context()
        self.page, self.foreign, self.complaints = self.context.new_page(), [], []
        self.context.route(lambda address: urlsplit(address).hostname not in ("127.0.0.1", None), self._foreign)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda said: "Content Security" in said.text and self.complaints.append(said.text))
        self.start = f"{home}notebooks/5-4.html"

    def _foreign(self, route):
        self.foreign.append(route.request.url)
        route.abort()

    def follow(self) -> str:
        """The page behind the button, ten seconds after it was pressed at the latest; what its status says."""
        self.page.goto(self.start)
        self.page.get_by_role("link", name="Run this section in the browser").click()
        self.page.wait_for_selector(SAID, timeout=10_000)
        return self.page.get_by_role("status").inner_text()


@pytest.fixture
def visitor(made, browser):
    with served(made) as home:
        visiting = Visitor(browser, home)
        yield visiting
        visiting.context.close()


def test_what_is_kept_and_what_is_packed_stays_light(made):
    """A phone that keeps the book, and who unpacks the zip, get nothing of it but the page that speaks."""
    kept = json.loads(re.search(r"FILES = (\[.*?\]);", (made / "service-worker.js").read_text(encoding="utf-8"))[1])
    assert {name for name in kept if name.startswith("lite/")} == {"lite/run.html", "lite/run.js"}
    with zipfile.ZipFile(made.with_suffix(".zip")) as archive:
        names = archive.namelist()
        assert "site/notebooks/5-4.html" in names and not any("/lite/" in name for name in names)
        assert b"ls-lite" not in archive.read("site/notebooks/5-4.html")
    weight = sum(path.stat().st_size for path in (made / "lite").rglob("*") if path.is_file())
    assert 10e6 < weight < 60e6 and not [*(made / "lite").rglob("*.map")]


def test_a_section_has_its_notebook_and_the_button_leads_there(made):
    assert {path.name for path in (made / "lite" / "files").iterdir()} == {"5-4.ipynb", "9-1.ipynb"}
    assert 'href="../lite/run.html?section=9.1"' in (made / "notebooks" / "9-1.html").read_text(encoding="utf-8")
    assert "ls-lite" not in (made / "book" / "index.html").read_text(encoding="utf-8")
    settings = json.loads((made / "lite" / "jupyter-lite.json").read_text(encoding="utf-8"))["jupyter-config-data"]
    (kernel,) = settings["litePluginSettings"].values()
    assert kernel["pyodideUrl"] == "./pyodide/pyodide.mjs" and kernel["disablePyPIFallback"] is True


def test_every_section_page_of_the_book_takes_the_button(book, tmp_path):
    for section in SECTIONS:
        page = shutil.copy(section.page(book), tmp_path)
        lite._lead_to(Path(page), section.id)
        assert f"run.html?section={section.id}" in Path(page).read_text(encoding="utf-8")


def test_a_page_from_a_folder_has_no_button(made, browser):
    page = browser.new_context().new_page()
    page.goto((made / "notebooks" / "5-4.html").as_uri())
    assert page.locator(".ls-lite").count() == 1 and not page.locator(".ls-lite").is_visible()
    page.context.close()


def test_without_pythons_files_one_sentence_says_so(visitor):
    said = visitor.follow()
    assert "Python’s files do not come from this site" in said and "pyodide/" in said and "404" in said
    page = visitor.page
    assert not page.locator("#open").is_visible() and "make lab" in page.locator("#instead").inner_text()
    assert page.locator("#instead a").get_attribute("href") == "../notebooks/5-4.html"
    assert not visitor.foreign and not visitor.complaints


def test_a_server_that_does_not_answer_is_not_waited_for(visitor):
    visitor.context.route("**/pyodide/**", lambda route: None)
    assert "no answer within 7 seconds" in visitor.follow()


def test_another_python_is_named(visitor):
    answer = json.dumps({"info": {"python": "3.12.7"}, "packages": {}})
    visitor.context.route("**/pyodide/**", lambda route: route.fulfill(body="x"))
    visitor.context.route("**/pyodide-lock.json", lambda route: route.fulfill(body=answer))
    assert "it is for Python 3.12.7, and 3.14 is wanted" in visitor.follow()


def test_a_browser_without_webassembly_is_told(visitor):
    visitor.context.add_init_script("delete window.WebAssembly")
    assert "no WebAssembly" in visitor.follow()


def test_an_address_is_asked_only_after_the_page_has_said_so(wheel, browser, tmp_path):
    try:
        publish.site(small_book(tmp_path / "html"), tmp_path / "site", publish.Lite(wheel, FOREIGN))
    except EditionError as error:
        cannot(str(error))
    with served(tmp_path / "site") as home:
        visitor = Visitor(browser, home)
        visitor.page.goto(visitor.start)
        visitor.page.locator(".ls-lite").click()
        visitor.page.wait_for_load_state("networkidle")
        assert "come from python.example" in visitor.page.locator("#asks").inner_text() and not visitor.foreign
        visitor.page.locator("#ask").click()
        visitor.page.wait_for_selector(SAID, timeout=10_000)
        assert visitor.foreign and all(address.startswith(FOREIGN) for address in visitor.foreign)
        assert "python.example" in visitor.page.get_by_role("status").inner_text()
        assert not visitor.complaints       # its policy lets the page ask there
        visitor.context.close()


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("[0-9][0-9]-*.ipynb")), ids=lambda path: path.stem)
def test_a_notebook_that_stands_alone_has_its_set_up_and_no_answer(path):
    chapter = nbformat.read(path, as_version=4)
    for section in dict.fromkeys(filter(None, section_of(chapter.cells))):
        alone = notebook_alone(chapter, section)
        nbformat.validate(alone)
        codes = [cell for cell in alone.cells if cell.cell_type == "code"]
        assert "piplite.install" in codes[0].source and [*map(tags, codes[1:3])] == [["parameters"], ["setup"]]
        assert not any("BEGIN SOLUTION" in cell.source or "teacher" in tags(cell) for cell in alone.cells)
        assert not any(cell.outputs for cell in codes if {"exercise", "check"} & set(tags(cell)))
        assert any(cell.outputs for cell in codes), "what the others gave is there to read"
        assert set(section_of(alone.cells)) == {None, section}


# --- Pyodide's files --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def version():
    return pytest.importorskip("jupyterlite_pyodide_kernel.constants").PYODIDE_VERSION


@pytest.fixture(scope="module")
def pyodide(request, version):
    """Of the Pyodide that this JupyterLite asks for, the interpreter."""
    return interpreter(request.config.cache, version)


@pytest.fixture(scope="module")
def packages(pyodide):
    return json.loads((pyodide / "pyodide-lock.json").read_text(encoding="utf-8"))["packages"]


def test_what_pyodide_lacks_is_in_the_site(packages):
    """All that the course asks for, and what that asks for in its turn, is in Pyodide's own list or in ours."""
    assert not set(lite.LACKING) & set(packages), "Pyodide has it now"
    brought = {"widgetsnbextension"}        # by JupyterLite's own extension
    assert lite._needed_by_name() - set(packages) == brought


def test_of_a_release_what_the_course_needs_is_copied(pyodide, packages, tmp_path):
    release = tmp_path / "release"
    shutil.copytree(pyodide, release)
    with pytest.raises(EditionError, match="take the full release of Pyodide, not its core"):
        lite._copy_python(release, tmp_path / "core")
    for package in packages.values():
        (release / package["file_name"]).write_bytes(b"")
    lite._copy_python(release, tmp_path / "copied")
    copied = {path.name for path in (tmp_path / "copied").iterdir()}
    wanted = {packages[name]["file_name"] for name in ("numpy", "pandas", "contourpy", "micropip", "python-dateutil")}
    assert copied > wanted | set(lite.INTERPRETER) and packages["opencv-python"]["file_name"] not in copied
    lock = json.loads((release / "pyodide-lock.json").read_text(encoding="utf-8"))
    lock["info"]["python"] = "3.12.7"
    (release / "pyodide-lock.json").write_text(json.dumps(lock))
    with pytest.raises(EditionError, match="is made for Python 3.12.7: take the release"):
        lite._copy_python(release, tmp_path / "older")
    assert not (tmp_path / "core").exists() and not (tmp_path / "older").exists()


def test_what_cannot_be_used_is_one_sentence(tmp_path):
    wheel = tmp_path / "liveshop-1.whl"
    with pytest.raises(EditionError, match="run make wheel first"):
        publish.Lite(wheel)
    wheel.touch()
    with pytest.raises(EditionError, match="neither a folder nor an https address"):
        publish.Lite(wheel, "http://python.example/")
    assert publish.Lite(wheel, FOREIGN.rstrip("/")).address == FOREIGN
    assert publish.Lite(wheel, str(tmp_path)).address == ""
