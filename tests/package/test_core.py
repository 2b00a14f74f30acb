"""Tables, metrics, methods and the world work where nothing but the core is installed."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import packages_distributions

from packaging.utils import canonicalize_name

from common import ROOT
from pins import asked, closure

# A finder that stands before all others and does not find what the core does not bring.
SCRIPT = """
import importlib, importlib.abc, pkgutil, sys

blocked = set({blocked!r})

class NotHere(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in blocked:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, NotHere())
{script}
"""

IMPORT_ALL = """
for room in ("tables", "metrics", "methods", "world"):
    package = importlib.import_module(f"liveshop.{room}")
    for found in pkgutil.walk_packages(package.__path__, f"liveshop.{room}."):
        # Running the world as a command, and setting the course's estimates against its truths, take more.
        if found.name.split(".")[-1] not in ("__main__", "recovery"):
            importlib.import_module(found.name)
print(len([name for name in sys.modules if name.startswith("liveshop.")]))
"""

USE_SOME = """
from liveshop import load, methods, metrics

tables = load({data!r})
print(len(metrics.stream_scorecard(tables.viewer_sessions, tables.orders)))
print(methods.staffing.erlang_c(60, 4, 6, 1).service_level > 0)
"""


def with_core_alone(script: str) -> str:
    core = closure(asked()) | {"liveshop"}
    blocked = sorted(
        module
        for module, by in packages_distributions().items()
        if not {canonicalize_name(name) for name in by} & core and module not in sys.stdlib_module_names
    )
    assert {"IPython", "ipywidgets", "jinja2", "nbformat", "duckdb"} <= set(blocked)
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(blocked=blocked, script=script)], capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr[-2000:]
    return run.stdout


def test_core_rooms_import():
    assert int(with_core_alone(IMPORT_ALL)) > 60


def test_core_rooms_work():
    assert with_core_alone(USE_SOME.format(data=str(ROOT / "data"))).split()[1:] == ["True"]
