"""The one setting: every address of the repository follows it, and is absent while it is empty."""
from __future__ import annotations

import re
from urllib.parse import parse_qs, unquote, urlsplit

import nbformat
import pytest
import yaml
from bs4 import BeautifulSoup

from common import ROOT, build_book
from example.chapter import course_with_one_chapter
from liveshop.editions import EditionError
from liveshop.editions.repository import repository, site_address

KEPT = {"url": "https://github.com/an-owner/a-course/", "branch": "main", "path_to_book": ""}
OPENED = {"colab_url": "https://colab.research.google.com", "binderhub_url": "https://mybinder.org",
          "jupyterhub_url": "https://hub.example.org/"}


def settings(folder, **changed):
    path = folder / "_config.yml"
    path.write_text(yaml.safe_dump({"repository": KEPT, "launch_buttons": OPENED, **changed}), encoding="utf-8")
    return path


def test_addresses_follow_the_setting(tmp_path):
    kept = repository(settings(tmp_path, repository={**KEPT, "branch": "next one", "path_to_book": "/course"}))
    assert kept.url == "https://github.com/an-owner/a-course"
    assert kept.source("book/a b.md", 7) == f"{kept.url}/blob/next%20one/course/book/a%20b.md?plain=1#L7"
    assert kept.edit("book/index.md") == f"{kept.url}/edit/next%20one/course/book/index.md"
    asked = parse_qs(urlsplit(kept.issue("wrong-claim.yml", where="5.4 Data & rooms")).query)
    assert asked == {"template": ["wrong-claim.yml"], "where": ["5.4 Data & rooms"]}


@pytest.mark.parametrize("url", ["https://github.com/an-owner/a.course.git", "https://github.com/an-owner/a.course/"])
def test_an_address_as_it_is_copied_is_taken(tmp_path, url):
    assert repository(settings(tmp_path, repository={"url": url})).url == "https://github.com/an-owner/a.course"


def test_places_open_the_notebook_at_its_section(tmp_path):
    path = settings(tmp_path, repository={**KEPT, "path_to_book": "course"})
    found = {name: address for address, name in repository(path).launches("notebooks/a.ipynb", "5.4 A room", "s54")}
    assert list(found) == ["Colab", "Binder", "JupyterHub"]
    assert found["Colab"] == ("https://colab.research.google.com/github/an-owner/a-course/blob/main/course/"
                              "notebooks/a.ipynb#scrollTo=s54")
    binder, hub = urlsplit(found["Binder"]), urlsplit(found["JupyterHub"])
    assert binder.path == "/v2/gh/an-owner/a-course/main" and not binder.fragment
    assert parse_qs(binder.query)["urlpath"] == ["lab/tree/course/notebooks/a.ipynb#5.4-A-room"]
    assert hub.netloc == "hub.example.org" and parse_qs(hub.query) == {
        "repo": ["https://github.com/an-owner/a-course"], "branch": ["main"],
        "urlpath": ["lab/tree/a-course/course/notebooks/a.ipynb#5.4-A-room"]}
    assert repository(settings(tmp_path, launch_buttons={"thebe": False})).launches("notebooks/a.ipynb") == []


@pytest.mark.parametrize("changed, address", [
    ({}, "https://an-owner.github.io/a-course/"),
    ({"repository": {"url": "https://github.com/An-Owner/an-owner.github.io"}}, "https://an-owner.github.io/"),
    ({"html": {"baseurl": "https://course.example.org"}}, "https://course.example.org/"),
    ({"repository": {"url": ""}, "html": {"baseurl": "https://course.example.org/a/"}},
     "https://course.example.org/a/"),
    ({"repository": {"url": ""}}, ""),
    ({"repository": None, "html": None, "launch_buttons": None}, ""),
])
def test_the_site_has_its_own_address_or_that_of_pages(tmp_path, changed, address):
    assert site_address(settings(tmp_path, **changed)) == address


def test_an_address_of_another_form_is_one_sentence(tmp_path):
    for url in ("github.com/an-owner/a-course", "https://example.org/a/b", "https://github.com/an-owner",
                "https://github.com/a/b/tree/main"):
        with pytest.raises(EditionError, match="is not an address such as https://github.com/OWNER/NAME"):
            repository(settings(tmp_path, repository={"url": url}))


def test_a_wheel_in_an_empty_folder_knows_no_repository(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("liveshop.tables.places.clone", lambda: None)
    assert repository() is None and site_address() == ""


def test_the_address_stands_in_one_place():
    """The files that others would name the repository in leave it to the setting; OWNER/NAME stands for any."""
    files = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "CITATION.cff", "SECURITY.md",
                                      "pyproject.toml", "setup.py", "book/teach/publish.md")]
    files += (path for path in (ROOT / ".github").rglob("*") if path.is_file())
    assert len(files) > 10
    named = [f"{path.name}: {match[0]}" for path in files
             for match in re.finditer(r"github\.(?:com|io)/(?!OWNER\b)\S+", path.read_text(encoding="utf-8"))]
    assert not named


# --- a book with the setting, and the same book without it -------------------------------------------------


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return course_with_one_chapter(tmp_path_factory.mktemp("course"))


def pages(course, **changed):
    """The pages of the book, by name, built with these settings."""
    path = course / "_config.yml"
    whole = yaml.safe_load(path.read_text(encoding="utf-8"))
    path.write_text(yaml.safe_dump(whole | changed, allow_unicode=True, sort_keys=False), encoding="utf-8")
    run = build_book(course, course, PYTHONPATH=str(course / "utils"), LIVESHOP_MEDIUM="opening")
    assert run.returncode == 0, run.stdout[-2000:] + run.stderr[-4000:]
    html = course / "_build" / "html"
    return {str(page.relative_to(html)): BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
            for page in html.rglob("*.html")}


def source_links(page) -> dict[str, str]:
    return {link.get_text(): link["href"] for link in page.select("nav.ls-source a")}


@pytest.mark.slow
def test_pages_lead_to_their_source_and_say_nothing_without_one(course):
    (notebook,) = (course / "notebooks").glob("*.ipynb")
    made = pages(course, repository=KEPT, launch_buttons=OPENED)
    whole = "https://github.com/an-owner/a-course"

    text = source_links(made["book/teach/index.html"])
    assert text["Edit this page"] == f"{whole}/edit/main/book/teach/index.md"
    assert text["Source"] == f"{whole}/blob/main/book/teach/index.md?plain=1"
    assert set(text) == {"Edit this page", "Source", "Report a mistake"}

    lines = notebook.read_text(encoding="utf-8").splitlines()
    cells = {cell.id: cell for cell in nbformat.read(notebook, 4).cells}
    for section in ("8-1", "8-2", "8-3"):
        page = made[f"notebooks/{section}.html"]
        links, title = source_links(page), page.h1.find(string=True)
        assert set(links) == {"Source", "Report a mistake", "Open in Colab", "Open in Binder", "Open in JupyterHub"}
        path, line = re.fullmatch(rf"{whole}/blob/main/(.+)\?plain=1#L(\d+)", links["Source"]).groups()
        assert path == f"notebooks/{notebook.name}"
        cell = re.search(r'"id": "(.+)"', lines[int(line) - 1])[1]
        assert cells[cell].source.startswith(f"## {title}\n")
        assert links["Open in Colab"].endswith(f"{path}#scrollTo={cell}")
        assert unquote(links["Open in Binder"]).endswith(f"{path}#{title.replace(' ', '-')}")
        assert parse_qs(urlsplit(links["Report a mistake"]).query)["where"] == [title]

    for name in ("book/index.html", "notebooks/8-1.html"):
        page, address = made[name], f"https://an-owner.github.io/a-course/{name}"
        assert page.find("link", rel="canonical")["href"] == address
        card = {meta["property"]: meta["content"] for meta in page.select("meta[property^='og:']")}
        assert card["og:url"] == address and card["og:image"] == "https://an-owner.github.io/a-course/icon-512.png"
        assert card["og:title"] and card["og:description"] and card["og:site_name"]
        assert page.select_one("nav.ls-source").find_parent("article") is None, "it would be printed and searched"

    for name, page in pages(course, repository={**KEPT, "url": ""}).items():
        assert not page.select("nav.ls-source, link[rel=canonical], meta[property^='og:']"), name
        assert "an-owner" not in page.decode() and "mybinder" not in page.decode(), name


@pytest.mark.slow
def test_a_wrong_address_stops_the_build_with_its_sentence(course):
    with pytest.raises(AssertionError, match="is not an address such as"):
        pages(course, repository={**KEPT, "url": "https://example.org/a/b"})
