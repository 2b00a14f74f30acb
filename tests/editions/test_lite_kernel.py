"""A notebook of the site runs in a browser: its Python starts, the course's wheel loads, and no other host is asked.

Pyodide's interpreter comes from npm. Its compiled packages for this version of Python (NumPy, pandas, Matplotlib …) are
in its release archive alone, which cannot be had from here: nothing that needs them is seen. Empty files stand in their
place, since the page before the notebook looks whether they are there.
"""
from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import nbformat
import pytest

from lite_site import Visitor
from liveshop.editions.publish import lite
from pyodides import cannot, fetched, interpreter
from reader import served

LOADS = """\
import sys, piplite
await piplite.install("liveshop", deps=False)
import liveshop
print("loaded", liveshop.__name__, "in Python", *sys.version_info[:2])"""
FOREIGN = "https://foreign.example/"
ASKS = f"""\
from pyodide.http import pyfetch
try:
    await pyfetch("{FOREIGN}")
except Exception:
    print("nobody answered")"""
ANY = ("--platform", "any", "--python-version", "3.14", "--implementation", "py", "--abi", "none")


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def closure(packages, *names) -> set[str]:
    """These packages of Pyodide's list with all that they depend on."""
    found, waiting = set(), [*names]
    while waiting:
        name = waiting.pop().replace("_", "-").lower()
        if name not in found:
            found.add(name)
            waiting += packages[name]["depends"]
    return found


@pytest.fixture(scope="module")
def python(request, tmp_path_factory) -> Path:
    """Pyodide's folder: the interpreter from npm, the kernel's packages from PyPI, the others as empty files."""
    version = pytest.importorskip("jupyterlite_pyodide_kernel.constants").PYODIDE_VERSION
    cache, folder = request.config.cache, tmp_path_factory.mktemp("python")
    for name in lite.INTERPRETER:
        shutil.copy(interpreter(cache, version) / name, folder)
    lock = json.loads((folder / "pyodide-lock.json").read_text(encoding="utf-8"))
    packages = lock["packages"]
    kernel = {name: packages[name] for name in closure(packages, *lite.KERNEL)}
    wanted = [f"{package['name']}=={package['version']}" for package in kernel.values()]
    wheels = {path.name: path for path in fetched(Path(cache.mkdir(f"kernel-{version}")), *ANY, *wanted)}
    if lacking := {package["file_name"] for package in kernel.values()} - set(wheels):
        cannot(f"The kernel's packages cannot be had from PyPI: {', '.join(sorted(lacking))}.")
    for package in kernel.values():      # Pyodide packs them anew, without their tests
        shutil.copy(wheels[package["file_name"]], folder)
        package["sha256"] = digest(folder / package["file_name"])
    for name in lite._needed_by_name() & set(packages) - set(kernel):
        (folder / packages[name]["file_name"]).touch()
    (folder / "pyodide-lock.json").write_text(json.dumps(lock))
    return folder


def test_the_notebook_behind_the_button_runs_and_asks_nobody(lite_site, python, browser, tmp_path):
    site = shutil.copytree(lite_site, tmp_path / "site")
    shutil.copytree(python, site / "lite" / "pyodide")
    path = site / "lite" / "files" / "5-4.ipynb"
    nb = nbformat.read(path, as_version=4)
    nb.cells = [nbformat.v4.new_code_cell(source) for source in (LOADS, ASKS)]
    nbformat.write(nb, path)
    with served(site) as home:
        visitor = Visitor(browser, home)
        assert visitor.follow() == "All files are there."
        visitor.page.get_by_role("link", name="Open section 5.4").click()
        visitor.run_notebook()
        outputs = visitor.page.locator(".jp-OutputArea-output")
        outputs.nth(1).wait_for(timeout=60_000)
        assert outputs.all_inner_texts() == ["loaded liveshop in Python 3 14\n", "nobody answered\n"]
        assert visitor.foreign == [FOREIGN], "what a cell asks is seen, and nothing else was asked"
        assert not visitor.complaints
        visitor.context.close()
