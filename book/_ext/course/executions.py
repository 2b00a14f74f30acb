"""Runs the notebooks of the book, several at a time, and keeps what they gave until what they depend on changes.

jupyter-cache keeps an executed notebook by its code cells. All else that its outputs depend on (the package, the
data, the pins, the medium, the Python) names the folder in which it is kept: a change makes a new folder, and the old
one goes. Before Sphinx reads the pages, every notebook that is not kept is run, several at a time; MyST-NB then finds
all of them.
What is kept is used only if it is whole: an entry that is missing, damaged or cut short is run again.
"""
from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime
from pathlib import Path

from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_cache.executors.utils import single_nb_execution
from myst_nb.core.read import create_nb_reader
from sphinx.errors import SphinxError
from sphinx.util import logging

from course.pages import prepared
from course.paths import ROOT
from liveshop import medium

LOG = logging.getLogger(__name__)
KERNELS = 4      # at most so many notebooks at once: each has a world of tables in memory


class NotebookError(SphinxError):
    category = "A notebook failed"


def state(root: Path = ROOT, package: Path = Path(medium.__file__).parent) -> str:
    """The digest of everything but the notebook's own code that its outputs depend on."""
    digest = hashlib.sha256(f"{medium.current()} {sys.version}".encode())
    files = [(root, root / "requirements.txt")]
    for folder in (package, root / "data"):
        files += [(folder, path) for path in sorted(folder.rglob("*"))
                  if path.is_file() and "__pycache__" not in path.parts]
    for folder, path in files:
        digest.update(f"\0{path.relative_to(folder).as_posix()}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def settle(app, config) -> None:
    """Names the folder of this state; since it is part of the settings, another state has all pages read again."""
    config.nb_execution_cache_path = str(Path(app.outdir).parent / ".jupyter_cache" / state())


def not_kept(app, env, docnames) -> list[str]:
    """Those of the pages whose notebook was run, and what it gave is lost or damaged."""
    cache = _settled(Path(env.mystnb_config.execution_cache_path))
    lost = {path for path, nb in _notebooks(app, env, docnames).items() if kept(cache, nb) is None}
    return [docname for docname in docnames if env.doc2path(docname) in lost]


def run_what_is_missing(app, env, docnames: list[str]) -> None:
    """Before the pages are read: every notebook among them is in the cache afterwards, or the build ends."""
    cache = _settled(Path(env.mystnb_config.execution_cache_path))
    missing = {path: nb for path, nb in _notebooks(app, env, docnames).items() if kept(cache, nb) is None}
    failed = []
    with ThreadPoolExecutor(min(KERNELS, os.cpu_count() or 1)) as kernels:
        results = kernels.map(lambda path: _run(path, missing[path], env.mystnb_config.execution_timeout), missing)
        for path, result in zip(missing, results, strict=True):
            if isinstance(result, str):
                failed.append(result)
            elif result.err is None:
                _keep(cache, path, result)
                LOG.info("%s: executed in %.1f seconds", Path(path).name, result.time)
            else:
                failed.append(f"{Path(path).name}: {result.err}")
    if failed:
        raise NotebookError("\n".join(failed))
    for record in cache.list_cache_records():
        if not Path(record.uri).exists():
            _forget(cache, record)


def _notebooks(app, env, docnames) -> dict:
    """The notebooks of the pages by path; several pages may have one."""
    one_of_each = {env.doc2path(docname): docname for docname in docnames}
    found = {path: notebook(app, docname) for path, docname in one_of_each.items()}
    return {path: nb for path, nb in found.items() if nb is not None}


def notebook(app, docname: str):
    """The page's notebook as MyST-NB is going to run it; None for a page without code."""
    path = app.env.doc2path(docname)
    text = Path(path).read_text(encoding="utf-8")
    settings = app.env.myst_config, app.env.mystnb_config
    if create_nb_reader(path, *settings, text) is None:
        return None
    text = prepared(docname, path, text)
    return create_nb_reader(path, *settings, text).read(text)


def executed(app, docname: str):
    """The page's notebook with what it gave, as run_what_is_missing left it in the cache."""
    return opened(app.env).merge_match_into_notebook(notebook(app, docname))[1]


def kept(cache, nb) -> dict | None:
    """The times of a notebook that is kept whole: execution_seconds, and cells (seconds of each code cell)."""
    try:
        record = cache.match_cache_notebook(nb)
        _, merged = cache.merge_match_into_notebook(nb)
        return record.data if record.data["outputs"] == _digest(merged) else None
    except Exception:       # whatever is wrong with it, the notebook is run again
        return None


def opened(env):
    """The cache of this state, as run_what_is_missing left it."""
    return get_cache(env.mystnb_config.execution_cache_path)


def _settled(folder: Path):
    """The cache of this state alone: other states go, and so does a database that is not whole."""
    if folder.parent.exists():
        for other in folder.parent.iterdir():
            if other.is_dir() and other != folder:
                shutil.rmtree(other)
    try:
        with closing(sqlite3.connect(folder / "global.db")) as database:
            whole = database.execute("pragma integrity_check").fetchone() == ("ok",)
        cache = get_cache(folder)
        cache.list_cache_records()
    except Exception:
        whole = False
    if not whole:
        shutil.rmtree(folder, ignore_errors=True)
        cache = get_cache(folder)
    return cache


def _run(path: str, nb, timeout: int, tries: int = 3):
    """jupyter-cache's result, with the seconds of every code cell; a sentence when there was no kernel to run it."""
    folder = str(Path(path).parent)
    try:
        result = single_nb_execution(nb, cwd=folder, timeout=timeout, allow_errors=False, record_timing=True)
    except RuntimeError as error:
        # Of two kernels that start at once, one may lose its ports: it gets another try.
        if tries == 1 or "died before" not in str(error):
            return f"{Path(path).name}: {error}"
        return _run(path, nb, timeout, tries - 1)
    result.cells = []
    for cell in result.nb.cells:
        if cell.cell_type == "code":       # times would be part of the key
            result.cells.append(_seconds(cell.metadata.pop("execution", {})))
    return result


def _seconds(times: dict) -> float:
    begun, done = (times.get(f"iopub.status.{name}") for name in ("busy", "idle"))
    if not (begun and done):
        return 0.0
    return round((datetime.fromisoformat(done) - datetime.fromisoformat(begun)).total_seconds(), 2)


def _keep(cache, path: str, result) -> None:
    """Into the cache, in place of what the same page gave with other code."""
    for record in cache.list_cache_records():
        if record.uri == path:
            _forget(cache, record)
    about = {"execution_seconds": round(result.time, 1), "cells": result.cells, "outputs": _digest(result.nb)}
    cache.cache_notebook_bundle(CacheBundleIn(result.nb, path, data=about), check_validity=False, overwrite=True)


def _forget(cache, record) -> None:
    shutil.rmtree(cache.path / "executed" / record.hashkey, ignore_errors=True)
    type(record).remove_record(record.pk, cache.db)


def _digest(nb) -> str:
    outputs = [cell.outputs for cell in nb.cells if cell.cell_type == "code"]
    return hashlib.sha256(json.dumps(outputs, sort_keys=True).encode()).hexdigest()
