"""The exercises of chapter 5 as a learner meets them: what `solution` shows can be pasted and is right."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from liveshop import load, methods, metrics, practice
from liveshop.course.chapter_5 import samples

ROOT = Path(__file__).parents[2]
CELLS = json.loads((ROOT / "notebooks" / "05-live-operations.ipynb").read_text(encoding="utf-8"))["cells"]
GIVEN = ("host_sales = ", "stall_hazard = ")                    # cells that hand the learner what she works on
OTHER_NAMES = {"5.2a": ("per_hour", "index")}                   # the source of the answer has names of its own
JUDGED = {"5.1c", "5.4c", "5.4d"}                               # free answers, tried by the audit
EXERCISES = [one for one in practice.exercises() if one.id.startswith("5.") and one.id not in JUDGED]


@pytest.fixture(scope="module")
def names():
    """What a learner has when she pastes: the imports, the tables, and the frames of the cells above."""
    known = {"tables": load(ROOT / "data"), "np": np, "pd": pd, "methods": methods, "metrics": metrics,
             "samples": samples}
    for cell in CELLS:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code" and any(f"\n{name}" in f"\n{source}" for name in GIVEN):
            exec(source, known)
    return known


def asked(id):
    """The names that the notebook hands to check."""
    call = next(source for cell in CELLS if (source := "".join(cell["source"])).startswith(f'check("{id}"'))
    return call.removeprefix(f'check("{id}", ').rstrip(")\n").split(", ")


@pytest.mark.parametrize("one", EXERCISES, ids=lambda one: one.id)
def test_a_pasted_solution_is_right(one, names):
    pasted = dict(names)
    exec(one.code, pasted)
    answers = eval(f"({', '.join(OTHER_NAMES.get(one.id, asked(one.id)))},)", pasted)
    assert practice.verdict(one.id, *answers, tables=names["tables"]).state == "right"
