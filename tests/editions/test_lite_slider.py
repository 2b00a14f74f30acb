"""An explorer's slider in a notebook of the site, with NumPy, pandas and Matplotlib in the browser.

Their compiled packages can be had from here for an older Pyodide alone, which JupyterLite's kernel is not made for: its
installer does not fit there. So here all packages come with the interpreter, from Pyodide's list, which is longer by
the course's and the kernel's, and nothing is installed by the notebook. What this sees is the kernel, the widgets, the
figure and the way between them; what it does not see is the installing, which test_lite_kernel.py sees.
"""
from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from importlib.metadata import distribution
from pathlib import Path

import nbformat
import pytest

from common import ROOT
from lite_site import Visitor
from liveshop.editions.cells import tags
from liveshop.editions.publish import lite
from liveshop.editions.sections import notebook_alone
from pyodides import WHOLE_PYODIDE, compiled, interpreter
from reader import served

COMPILED = ["numpy", "pandas", "pyarrow", "scipy", "matplotlib", "pillow", "threadpoolctl", "sqlite3"]
# Of this environment's packages, what has no compiled part or does without it.
REPACKED = ["narwhals", "pyyaml", "jinja2", "markupsafe", "networkx", "typing-extensions", "wrapt", *lite.LACKING]
SECTION, EXPLORER = "1.3", "s1-3-303"


def enter(lock: dict, wheel: Path, name: str) -> None:
    """Enter a wheel in Pyodide's list, as a package that depends on nothing."""
    lock["packages"][name] = {
        "name": name, "version": wheel.name.split("-")[1], "file_name": wheel.name, "install_dir": "site",
        "sha256": hashlib.sha256(wheel.read_bytes()).hexdigest(), "package_type": "package", "imports": [name],
        "depends": [], "unvendored_tests": False,
    }


def repacked(name: str, folder: Path) -> Path:
    """A wheel of what is installed here, without its compiled part."""
    installed = distribution(name)
    path = folder / f"{name.replace('-', '_')}-{installed.version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for file in installed.files:
            if ".." not in file.parts and file.suffix not in (".so", ".pyc"):
                archive.write(file.locate(), str(file))
    return path


def installer(folder: Path) -> Path:
    """In place of the kernel's installer, one that installs nothing."""
    path = folder / "piplite-0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in (("piplite/__init__.py", ""), ("piplite/piplite.py", ""), ("piplite-0.dist-info/RECORD", ""),
                           ("piplite-0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n"),
                           ("piplite-0.dist-info/METADATA", "Metadata-Version: 2.1\nName: piplite\nVersion: 0\n")):
            archive.writestr(name, text)
    return path


@pytest.fixture(scope="module")
def site(request, lite_site, wheel, tmp_path_factory):
    """The site with that Pyodide, and a notebook of a section's set-up and one explorer in the place of 5.4."""
    cache = request.config.cache
    pyodide = interpreter(cache, WHOLE_PYODIDE)
    wheels = compiled(cache, pyodide)
    site = shutil.copytree(lite_site, tmp_path_factory.mktemp("slider") / "site")
    folder = shutil.copytree(wheels, site / "lite" / "pyodide")
    for name in ("pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip"):
        shutil.copy(pyodide / name, folder)
    lock = json.loads((folder / "lock.json").read_text(encoding="utf-8"))
    kernel = site / "lite" / "extensions" / "@jupyterlite" / "pyodide-kernel-extension" / "static" / "pypi"
    own = {"liveshop": Path(shutil.copy(wheel, folder)), "piplite": installer(folder)}
    own |= {name: repacked(name, folder) for name in REPACKED}
    own |= {name: Path(shutil.copy(next(kernel.glob(f"{name.replace('-', '_')}-*.whl")), folder))
            for name in ("pyodide-kernel", "ipykernel")}
    for name, path in own.items():
        enter(lock, path, name)
    (folder / "pyodide-lock.json").write_text(json.dumps(lock))
    path = site / "lite" / "jupyter-lite.json"
    settings = json.loads(path.read_text(encoding="utf-8"))
    (options,) = settings["jupyter-config-data"]["litePluginSettings"].values()
    options["loadPyodideOptions"] = {"packages": [*COMPILED, *lite.KERNEL, *own]}
    path.write_text(json.dumps(settings))
    chapter = nbformat.read(next((ROOT / "notebooks").glob("01-*.ipynb")), as_version=4)
    nb = notebook_alone(chapter, SECTION)
    nb.cells = [cell for cell in nb.cells if {"parameters", "setup"} & set(tags(cell)) or cell["id"] == EXPLORER]
    nb.cells[-1].outputs = []
    nbformat.write(nb, site / "lite" / "files" / "5-4.ipynb")
    return site


@pytest.mark.slowest
def test_a_slider_moves_its_figure(site, browser):
    with served(site) as home:
        visitor = Visitor(browser, home)
        visitor.page.goto(f"{home}lite/lab/index.html?path=5-4.ipynb")
        visitor.run_notebook()
        figure = visitor.page.locator(".jp-OutputArea img").first
        figure.wait_for(timeout=300_000)
        visitor.wait_for_python()
        before, told = figure.get_attribute("src"), visitor.page.locator(".jp-OutputArea").last.inner_text()
        visitor.page.locator(".jp-OutputArea .noUi-handle").first.focus()
        visitor.page.keyboard.press("ArrowRight")
        visitor.page.wait_for_function("was => document.querySelector('.jp-OutputArea img').src !== was", arg=before,
                                       timeout=120_000)
        assert visitor.page.locator(".jp-OutputArea").last.inner_text() != told
        assert not visitor.foreign
        visitor.context.close()
