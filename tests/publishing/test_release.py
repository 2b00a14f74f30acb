"""What a release is made of, and which pages a change touches."""
from __future__ import annotations

import hashlib
import subprocess

import nbformat
import pytest

import release
import touched
from common import ROOT, make_tiny_chapter
from liveshop.editions import EditionError

CHANGELOG = """# Changelog

## [Unreleased]

- Soon.

## [1.2.3] - 2026-11-28

### Added

- A line.

## [1.2.2] - 2026-11-27
"""


@pytest.fixture
def course(tmp_path):
    """A folder as make leaves it behind wheel, site and pdf."""
    (tmp_path / "pyproject.toml").write_text('[project]\nversion = "1.2.3"\n')
    (tmp_path / "CHANGELOG.md").write_text(CHANGELOG)
    for name in ("dist/liveshop-1.2.3-py3-none-any.whl", *release.BUILT):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    return tmp_path


def test_a_release_has_its_files_their_checksums_and_its_notes(course):
    made = release.gather(course, "v1.2.3")
    assert {path.name for path in made} == {
        "liveshop-1.2.3-py3-none-any.whl", "SHA256SUMS",
        *(name.format(version="1.2.3") for name in release.BUILT.values())}
    assert (course / "dist" / "NOTES.md").read_text() == "### Added\n\n- A line.\n"
    sums = dict(line.split("  ")[::-1] for line in (course / "dist" / "SHA256SUMS").read_text().splitlines())
    assert sums == {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in made
                    if path.name != "SHA256SUMS"}


def test_what_stands_in_the_way_of_a_release_is_one_sentence(course):
    with pytest.raises(EditionError, match=r"The tag v1\.2\.4 is not v1\.2\.3"):
        release.notes(course, "v1.2.4")
    (course / "dist" / "old.whl").touch()
    with pytest.raises(EditionError, match="2 wheels and not one"):
        release.gather(course, "")
    (course / "CHANGELOG.md").write_text(CHANGELOG.replace("### Added\n\n- A line.\n", ""))
    with pytest.raises(EditionError, match=r"says nothing of 1\.2\.3"):
        release.notes(course, "")


def test_the_version_of_today_has_its_notes():
    assert release.notes(ROOT, "").startswith("###")


CHAPTER = touched.course_map()[4]


@pytest.mark.parametrize("path, pages", [
    ("book/teach/publish.md", ["book/teach/publish"]),
    ("utils/liveshop/course/chapter_5/section_5_4.py", ["notebooks/5-4"]),
    ("utils/liveshop/course/chapter_5/samples.py", touched.chapter_pages(CHAPTER)),
    ("utils/liveshop/course/chapter_5/cards.yml", [*touched.chapter_pages(CHAPTER), "book/playbook/index"]),
    ("utils/liveshop/metrics/ratios.py", None), ("book/_ext/course/links.py", None), ("_config.yml", None),
    ("tests/common.py", []), ("README.md", []), (".github/workflows/check.yml", []), ("Makefile", []),
])
def test_a_file_touches_its_pages(path, pages):
    assert touched.pages_of(path, "", "") == pages


def test_a_notebook_touches_the_pages_whose_cells_changed():
    nb = make_tiny_chapter()      # the opening, and section 5.1
    before, path = nbformat.writes(nb), CHAPTER["notebook"]
    assert touched.pages_of(path, before, before) == []
    nb.cells[0].source += " It does."
    assert touched.pages_of(path, before, nbformat.writes(nb)) == [path.removesuffix(".ipynb")]
    nb = make_tiny_chapter()
    nb.cells[4].outputs = [nbformat.v4.new_output("stream", text="20")]
    assert touched.pages_of(path, before, nbformat.writes(nb)) == ["notebooks/5-1"]
    assert touched.pages_of(path, None, before) == touched.chapter_pages(CHAPTER)


def test_the_list_names_pages_in_their_order_and_leads_to_them(monkeypatch):
    pages = {"notebooks/5-4": ["a.py", "b`c.py", "d", "e", "f"], "notebooks/1-1": ["a.py"], "book/index": ["x.md"]}
    monkeypatch.setattr(touched, "site_address", lambda path: "https://course.example.org/")
    told = touched.report(pages, ["_toc.yml"]).splitlines()
    title = CHAPTER["sections"][3]["title"]
    assert told[2] == "- [book/index](https://course.example.org/book/index.html): `x.md`"
    assert told[3].startswith("- [1.1 ")
    assert told[4] == f"- [5.4 {title}](https://course.example.org/notebooks/5-4.html): `a.py`, `bc.py`, `d` and 2 more"
    assert told[-1] == "Any page may look different, through `_toc.yml`."
    monkeypatch.setattr(touched, "site_address", lambda path: "")
    assert touched.report({}, []).endswith("\n\nNone.")
    assert "](" not in touched.report(pages, [])


def test_a_change_is_read_from_git(tmp_path, monkeypatch):
    """What a branch changed, committed or not, since it left the other; what came there later is not its doing."""
    def git(*arguments):
        subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@example.org", *arguments], cwd=tmp_path,
                       check=True, capture_output=True)

    notebook = tmp_path / CHAPTER["notebook"]
    notebook.parent.mkdir()
    nb = make_tiny_chapter()
    nbformat.write(nb, notebook)
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "old.md").touch()
    git("init", "-q", "-b", "main")
    git("add", ".")
    git("commit", "-qm", "one")
    git("switch", "-qc", "branch")
    nb.cells[2].source += "\n\nMore."
    nbformat.write(nb, notebook)
    (tmp_path / "book" / "new page.md").touch()
    git("add", ".")
    git("commit", "-qm", "two")
    (tmp_path / "book" / "old.md").write_text("changed")
    git("switch", "-q", "main")
    (tmp_path / "book" / "theirs.md").touch()
    git("add", "book/theirs.md")
    git("commit", "-qm", "three")
    git("switch", "-q", "branch")
    monkeypatch.setattr(touched, "ROOT", tmp_path)
    pages, everywhere = touched.touched("main")
    assert set(pages) == {"notebooks/5-1", "book/new page", "book/old"} and everywhere == []
    with pytest.raises(EditionError, match="git merge-base nowhere HEAD says"):
        touched.touched("nowhere")
