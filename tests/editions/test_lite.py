"""Sections in the reader's browser: what a site gets for it, and what its page says where Python cannot be had."""
from __future__ import annotations

import json
import re
import shutil
import zipfile
from pathlib import Path

import nbformat
import pytest
from matplotlib import pyplot

from common import ROOT
from lite_site import SAID, Visitor, small_book
from liveshop.editions import EditionError, publish
from liveshop.editions.cells import section_of, tags
from liveshop.editions.publish import lite
from liveshop.editions.sections import notebook_alone
from pyodides import cannot, interpreter
from reader import SECTIONS, served

FOREIGN = "https://python.example/full/"


def test_what_is_kept_and_what_is_packed_stays_light(lite_site):
    """A phone that keeps the book, and who unpacks the zip, get nothing of it but the page that speaks."""
    worker = (lite_site / "service-worker.js").read_text(encoding="utf-8")
    kept = json.loads(re.search(r"FILES = (\[.*?\]);", worker)[1])
    assert {name for name in kept if name.startswith("lite/")} == {"lite/run.html", "lite/run.js"}
    with zipfile.ZipFile(lite_site.with_suffix(".zip")) as archive:
        names = archive.namelist()
        assert "site/notebooks/5-4.html" in names and not any("/lite/" in name for name in names)
        assert b"ls-lite" not in archive.read("site/notebooks/5-4.html")
    weight = sum(path.stat().st_size for path in (lite_site / "lite").rglob("*") if path.is_file())
    assert 10e6 < weight < 60e6 and not [*(lite_site / "lite").rglob("*.map")]


def test_a_section_has_its_notebook_and_the_button_leads_there(lite_site):
    assert {path.name for path in (lite_site / "lite" / "files").iterdir()} == {"5-4.ipynb", "9-1.ipynb"}
    assert 'href="../lite/run.html?section=9.1"' in (lite_site / "notebooks" / "9-1.html").read_text(encoding="utf-8")
    assert "ls-lite" not in (lite_site / "book" / "index.html").read_text(encoding="utf-8")
    settings = json.loads((lite_site / "lite" / "jupyter-lite.json").read_text(encoding="utf-8"))["jupyter-config-data"]
    (kernel,) = settings["litePluginSettings"].values()
    assert kernel["pyodideUrl"] == "./pyodide/pyodide.mjs" and kernel["disablePyPIFallback"] is True


def test_its_pages_may_ask_nobody_else(lite_site):
    pages = [*(lite_site / "lite").rglob("*.html")]
    assert lite_site / "lite" / "lab" / "index.html" in pages and lite_site / "lite" / "run.html" in pages
    for page in pages:
        (policy,) = re.findall(r'Security-Policy" content="([^"]*)">', page.read_text(encoding="utf-8"))
        scripts = re.search(r"script-src ([^;]*);", policy)[1].split()
        assert {one for one in scripts if not one.startswith("'sha256-")} == {"'self'", "'unsafe-eval'"}
        assert "connect-src 'self';" in policy and policy.startswith("default-src 'none';") and "//" not in policy


def test_every_section_page_of_the_book_takes_the_button(book, tmp_path):
    for section in SECTIONS:
        page = shutil.copy(section.page(book), tmp_path)
        lite._lead_to(Path(page), section.id)
        assert f"run.html?section={section.id}" in Path(page).read_text(encoding="utf-8")


def test_a_page_from_a_folder_has_no_button(lite_site, browser):
    page = browser.new_context().new_page()
    page.goto((lite_site / "notebooks" / "5-4.html").as_uri())
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
    visitor.context.route("**/pyodide/**", lambda route: route.fulfill(body="x", content_type="text/javascript"))
    visitor.context.route("**/pyodide-lock.json", lambda route: route.fulfill(body=answer))
    assert "it is for Python 3.12.7, and 3.14 is wanted" in visitor.follow()


def test_a_server_that_names_a_module_otherwise_is_told(visitor):
    """No browser runs it then, and JupyterLab would wait without a word."""
    answer = json.dumps({"info": {"python": "3.14.2"}, "packages": {}})
    octets = "application/octet-stream"
    visitor.context.route("**/pyodide/**", lambda route: route.fulfill(body="x", content_type=octets))
    visitor.context.route("**/pyodide-lock.json", lambda route: route.fulfill(body=answer))
    said = visitor.follow()
    assert f".mjs: the server sends it as {octets}, and must send it as text/javascript" in said
    assert "files that do not come: 2." in said, "the two modules, and nothing else"


@pytest.mark.parametrize(("missing", "said"), [
    ("window.WebAssembly", "no WebAssembly"), ("AbortSignal.timeout", "This browser is too old")])
def test_a_browser_that_lacks_something_is_told(visitor, missing, said):
    visitor.context.add_init_script(f"delete {missing}")
    assert said in visitor.follow()


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
        visitor.page.evaluate("fetch('https://python.example/other.ipynb').catch(() => 0)")
        assert visitor.complaints, "and nowhere else on that host"
        visitor.context.close()


CHAPTERS = sorted((ROOT / "notebooks").glob("[0-9][0-9]-*.ipynb"))


@pytest.mark.slowest
@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_notebook_that_stands_alone_runs(path):
    """Here, not in a browser: no section needs what another one made, nor the answer of an exercise."""
    chapter = nbformat.read(path, as_version=4)
    for section in dict.fromkeys(filter(None, section_of(chapter.cells))):
        space = {"__name__": "__main__"}
        for cell in notebook_alone(chapter, section).cells[1:]:
            if cell.cell_type == "code":
                exec(compile(cell.source, f"{section}, {cell['id']}", "exec"), space)
        pyplot.close("all")


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
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
    (release / "pyodide-lock.json").write_text("version https://git-lfs.example/spec/v1")
    with pytest.raises(EditionError, match="pyodide-lock.json is no list of packages"):
        lite._copy_python(release, tmp_path / "older")
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
    for address in ("https://", "https://a.example; script-src *", "https://a.example/?v=1", 'https://a.example/"'):
        with pytest.raises(EditionError, match="is no address of a folder"):
            publish.Lite(wheel, address)
    assert publish.Lite(wheel, FOREIGN.rstrip("/")).address == FOREIGN
    assert publish.Lite(wheel, str(tmp_path)).address == ""


def test_who_publishes_is_told_the_release_that_fits(version):
    told = (ROOT / "book" / "teach" / "publish.md").read_text(encoding="utf-8")
    assert f"release {version}," in told and all(f"`{name}`" in told for name in lite.INTERPRETER)
