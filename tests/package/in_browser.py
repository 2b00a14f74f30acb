"""What test_browser.py runs in a browser's Python: set-up cells, a section, an exercise, a method, a small world.

It says what it saw. A cell that needs a package with a compiled part that is not here is not seen, nor are the cells
that need what it would have made; every other cell must run.
"""

import ast
import json
import os
import sys

os.environ["LIVESHOP_MEDIUM"] = "opening"
os.chdir("/course")
sys.path[:0] = ["/wheel"]
sys.path.append("/pure")

with open("/settings/settings.json") as file:
    SETTINGS = json.load(file)


def names(tree, context):
    """The names that a cell reads (ast.Load) or makes (ast.Store)."""
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, context)}


def beginning(notebook, whole):
    """Number and source of the code cells up to the first section, or to its end where it is wanted whole."""
    with open(f"notebooks/{notebook}", encoding="utf-8") as file:
        cells = json.load(file)["cells"]
    sections = 0
    for number, cell in enumerate(cells, 1):
        source = "".join(cell["source"])
        sections += cell["cell_type"] == "markdown" and source.startswith("## ")
        if sections > whole:
            return
        if cell["cell_type"] == "code":
            yield number, source


def run(notebook):
    """{number of a cell: the name that it lacks, or None where it ran}."""
    space, unseen, told = {"__name__": "__main__"}, set(), {}
    for number, source in beginning(notebook, notebook in SETTINGS["whole"]):
        tree = ast.parse(source)
        made = names(tree, ast.Store) | {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        told[number] = next(iter(names(tree, ast.Load) & unseen - made), None)
        if told[number] is None:
            try:
                exec(compile(tree, f"{notebook}, cell {number}", "exec"), space)
            except ModuleNotFoundError as error:
                if (error.name or "").split(".")[0] not in SETTINGS["not_here"]:
                    raise
                told[number] = error.name
        unseen = unseen | made if told[number] else unseen - made
    return told


def run_all():
    told = {notebook: run(notebook) for notebook in sorted(os.listdir("notebooks"))}

    import numpy as np
    import pandas as pd

    from liveshop import load, methods, practice, world

    tables = load("data")
    room = tables.streams.set_index("stream_id").loc["S0108"]
    ratios = (1000 * room.gmv / room.views, room.orders / room.product_clicks, room.watch_seconds / room.stream_seconds)
    episodes = methods.retention.episodes(tables.viewer_sessions, tables.prompts, tables.stream_minutes, sample=500)
    return {
        "cells": told,
        "bits": np.iinfo(np.intp).bits,
        "versions": {"python": sys.version.split()[0], "numpy": np.__version__, "pandas": pd.__version__},
        "verdict": practice.verdict("5.4a", *ratios, tables=tables).state,
        "episodes": len(episodes),
        "rooms": len(world.simulate(seed=1, rooms=6, size=0.05)["streams"]),
    }


json.dumps(run_all())
