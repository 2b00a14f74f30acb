"""The package in a browser's Python: 32 bits, no processes, no threads, no time zone database. Pyodide, under Node.

What this cannot see: a browser (its memory, its files, its network); and what needs packages with a compiled part for
which no build can be had from here: statsmodels (effects, counts, intervals of shares), scikit-learn (uplift),
jsonschema (cards, quizzes), DuckDB. Pyodide 0.27 is older than what today's browsers get (its Python is 3.12), but the
newest for which NumPy, SciPy, PyArrow and Matplotlib can be had: one package carries the very files that Pyodide
published. They are held against the checksums in Pyodide's own list.
"""

import ast
import json
import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import distribution
from pathlib import Path

import pytest

from common import ROOT
from pyodides import PANDAS, WHOLE_PYODIDE, compiled, interpreter

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
COMPILED = ["numpy", "pandas", "pyarrow", "scipy", "matplotlib", "pillow", "ipython", "threadpoolctl"]
PURE = ["narwhals", "PyYAML", "Jinja2", "MarkupSafe", "lifelines", "autograd", "autograd-gamma", "formulaic",
        "interface-meta", "wrapt", "typing-extensions", "openpyxl", "et-xmlfile", "seaborn", "networkx"]  # fmt: skip
NOT_HERE = ["statsmodels", "sklearn", "jsonschema", "duckdb"]
WHOLE = ["06-social-operations.ipynb"]  # of this the first section is run: it once counted with 64 bits


@pytest.fixture(scope="module")
def pyodide(request):
    """The folder of Pyodide's interpreter."""
    return interpreter(request.config.cache, WHOLE_PYODIDE)


@pytest.fixture(scope="module")
def wheels(request, pyodide):
    """A folder of compiled wheels and the lock file that names them with their checksums."""
    return compiled(request.config.cache, pyodide)


def in_browser(pyodide, folder, script, *, lock=None, packages=(), mounts=None, **more):
    """What the script's last line gives, as JSON."""
    settings = {
        "pyodide": (pyodide / "pyodide.mjs").as_uri(),
        "lock": str(lock or pyodide / "pyodide-lock.json"),
        "wheels": str((lock or pyodide / "pyodide-lock.json").parent),
        "packages": [*packages],
        "mounts": {path: str(at) for path, at in (mounts or {}).items()} | {"/settings": str(folder)},
        "script": str(script),
        **more,
    }
    (folder / "settings.json").write_text(json.dumps(settings))
    command = ["node", HERE / "browser.mjs", folder / "settings.json"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=240)
    assert run.returncode == 0, run.stderr[-3000:]
    return json.loads(run.stdout)


@pytest.fixture(scope="module")
def unpacked(wheel, tmp_path_factory):
    folder = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(wheel) as held:
        held.extractall(folder)
    return folder


def imported_from_the_standard_library(folder):
    """What the package's files import from Python itself outside their functions."""
    found = set()
    for path in folder.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        inside = {id(n) for f in ast.walk(tree) if isinstance(f, ast.FunctionDef | ast.Lambda) for n in ast.walk(f)}
        for node in ast.walk(tree):
            if id(node) in inside:
                continue
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return sorted(name for name in found if name.split(".")[0] in sys.stdlib_module_names)


STANDARD_LIBRARY = """
import importlib, json
with open("/settings/settings.json") as file:
    wanted = json.load(file)["wanted"]
wrong = {}
for name in wanted:
    module, _, attribute = name.rpartition(".")
    try:
        importlib.import_module(name)
    except ImportError as error:
        try:
            getattr(importlib.import_module(module), attribute)
        except Exception:
            wrong[name] = str(error)
import sys
sys.path.insert(0, "/wheel")
import liveshop
from liveshop import medium
json.dumps([wrong, liveshop.__all__, medium.text_html("`a` < b")])
"""


def test_what_is_imported_from_python_itself_is_there(pyodide, unpacked, tmp_path):
    """Sees the interpreter and the standard library alone: nothing that takes NumPy."""
    wanted = imported_from_the_standard_library(unpacked / "liveshop")
    assert "json" in wanted and "pathlib.Path" in wanted
    script = tmp_path / "script.py"
    script.write_text(STANDARD_LIBRARY)
    wrong, words, text = in_browser(pyodide, tmp_path, script, mounts={"/wheel": unpacked}, wanted=wanted)
    assert wrong == {}
    assert "load" in words and text == "<code>a</code> &lt; b"


@pytest.fixture(scope="module")
def pure(tmp_path_factory):
    """The pure part of third-party packages that this environment has."""
    folder = tmp_path_factory.mktemp("pure")
    for name in PURE:
        for file in distribution(name).files:
            if file.suffix in (".py", ".json", ".txt", ".csv") and ".." not in file.parts:
                target = folder / file
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(file.locate(), target)
    return folder


def test_set_up_cells_and_a_section_run(pyodide, wheels, unpacked, pure, tmp_path):
    course = tmp_path / "course"
    (course / "notebooks").mkdir(parents=True)
    for path in (ROOT / "notebooks").glob("[0-9][0-9]-*.ipynb"):
        shutil.copy(path, course / "notebooks")
    shutil.copytree(ROOT / "data", course / "data")
    mounts = {"/wheel": unpacked, "/pure": pure, "/course": course}
    told = {"not_here": NOT_HERE, "whole": WHOLE}
    lock = wheels / "lock.json"
    saw = in_browser(pyodide, tmp_path, HERE / "in_browser.py", lock=lock, packages=COMPILED, mounts=mounts, **told)
    print(json.dumps(saw))  # what was seen and what not, for pytest -s
    assert saw["bits"] == 32 and saw["versions"]["pandas"] == PANDAS[0].split("==")[1]
    for notebook, cells in saw["cells"].items():
        lacking = [lacks for lacks in cells.values() if lacks]
        assert (len(cells) > 20 and len(lacking) < len(cells) / 2) if notebook in WHOLE else cells and not lacking
    assert saw["verdict"] == "right" and saw["episodes"] > 500 and saw["rooms"] == 6
