"""Turns the course's sources into the book.

* placeholders: lines such as ``<!-- course: glossary -->`` are filled from the one place that knows
* pages: chapter notebooks become their book edition; callouts, solutions and figures are dressed
* sections: of a chapter's notebook, a page for the chapter and one for each section
* executions: notebooks run, several at a time, and what they gave is kept until something that they depend on changes
* links: made from plain text, to sections, terms, measures, tables and literature (names: what is known, and where)
* access: folds that say what they hold, headers of rows, outputs that go with the code
* typesetting: Chinese marked as Chinese, numbers kept with their signs, formulas as MathML
* frame: the book's own scripts and no others; what explorers need comes last on the wire
* source: links to where a page comes from, its address for others; where the course has an address
* styles: of all style sheets, the rules that pages use
* downloads: the notebooks to take away
* kept: the page of what readers keep
* licences: of every package that is pinned (packages: which ones, and for what)
* status: running times, weights and versions, measured
* search: the index that the book's own search reads
"""
from __future__ import annotations

import hashlib
import os
import pickle
import shutil
from pathlib import Path

from course import (
    access,
    downloads,
    executions,
    frame,
    links,
    packages,
    pages,
    search,
    sections,
    source,
    status,
    styles,
    typesetting,
)
from course.paths import BOOK, ROOT
from liveshop import medium


def write_all_anew(app, config) -> None:
    """What was written before goes: each page shows titles and checksums of others, and all are written in seconds."""
    shutil.rmtree(app.outdir)
    Path(app.outdir).mkdir()


def settle_config(app, config) -> None:
    config.templates_path.insert(0, str(BOOK / "_templates"))
    executions.settle(app, config)
    source.settle(config)
    # What the pages are made with, apart from their own text: a change of it has all of them read again.
    kinds = (".py", ".html", ".jinja", ".yml", ".bib")
    made_with = [path for path in sorted(BOOK.rglob("*.*")) if path.suffix in kinds or path.name == "measures.md"]
    content = [path.read_bytes() for path in (*made_with, ROOT / "requirements.txt", ROOT / "LICENSE")]
    content.append(repr(packages.installed()).encode())
    config.course_made_with = hashlib.sha256(b"\0".join(content)).hexdigest()


def damaged(app, env, added, changed, removed) -> list[str]:
    """Pages that were read before, and whose tree cannot be loaded or whose outputs are lost: read again."""
    known = env.all_docs.keys() - added - changed - removed
    wrong = executions.not_kept(app, env, known)
    for docname in known:
        try:
            pickle.loads((Path(env.doctreedir) / f"{docname}.doctree").read_bytes())
        except Exception:
            wrong.append(docname)
    return wrong


def forget_a_failure(app, exception) -> None:
    """After a complaint nothing that was read is kept: the next build is to complain again, not to pass it over."""
    if exception is not None or app._warncount:
        (Path(app.doctreedir) / "environment.pickle").unlink(missing_ok=True)


def setup(app):
    # Notebooks run while the book is built show all frames of their explorers in plain HTML, each on a core of its own.
    os.environ[medium.VARIABLE] = "frames"
    for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(threads, "1")
    # jupyter-book sets this for an extension that the book does without.
    app.add_config_value("comments_config", {}, "env")
    app.add_config_value("course_made_with", "", "env")
    app.add_html_math_renderer("mathml", (typesetting.visit_math, None), (typesetting.visit_math_block, None))
    app.connect("config-inited", write_all_anew, priority=100)
    app.connect("config-inited", settle_config, priority=100)
    app.connect("config-inited", sections.enter_in_contents, priority=950)     # behind the reading of _toc.yml
    app.connect("builder-inited", sections.make_known)
    app.connect("env-get-outdated", damaged)
    app.connect("env-before-read-docs", executions.run_what_is_missing)
    app.connect("source-read", sections.prepare_source)
    app.connect("doctree-read", sections.name_places, priority=400)     # before the contents of the page are collected
    app.connect("doctree-read", links.make, priority=450)
    app.connect("doctree-read", pages.dress)
    app.connect("doctree-read", pages.lighten)
    access.connect(app)
    app.connect("env-purge-doc", links.forget)
    app.connect("env-merge-info", links.merge)
    app.connect("html-page-context", links.say_where_used)
    app.connect("html-page-context", typesetting.page_context)
    app.connect("html-page-context", source.page_context)
    app.connect("html-page-context", frame.page_context, priority=900)     # behind the theme's
    app.connect("build-finished", downloads.write_downloads)
    app.connect("build-finished", styles.unite, priority=600)      # the theme writes the colours of code before
    app.connect("build-finished", status.write, priority=700)
    search.setup(app)
    app.connect("build-finished", forget_a_failure)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
