"""A trial of one's own: which arm is the control, what each further arm did, and that no order of ids decides it."""

import difflib
import re

import nbformat
import numpy as np
import pandas as pd
import pytest

from adapted import csv, message
from common import ROOT
from liveshop import editions
from liveshop.course.chapter_6 import samples
from liveshop.tables import adapt
from liveshop.tables.load import Tables

MAPPING = {"table": "experiments", "control": "A", "columns": {
    "experiment_id": {"constant": "spring"}, "unit_id": "customer", "arm": "group", "outcome": "bought",
    "before": "orders before", "assigned": "date"}}


def export(bought=("FALSE", "TRUE"), first="C"):
    """900 customers in three groups; of the group named first stands the first line."""
    rng = np.random.default_rng(3)
    group = np.r_[[first], rng.choice(list("ABC"), 899)]
    before = rng.poisson(1.0, 900)
    chance = 0.2 + 0.1 * (before > 0) + 0.25 * (group == "B") - 0.1 * (group == "C")
    yes = rng.random(900) < chance
    return pd.DataFrame({"customer": rng.permutation(900) + 1000, "group": group, "orders before": before,
                         "bought": np.where(yes, bought[1], bought[0]), "date": "2026-03-01"})


def shown(out):
    nb = nbformat.read(next(out.glob("section-*.ipynb")), 4)
    return [one.get("text", "") or "".join(one.get("data", {}).get("text/plain", ""))
            for cell in nb.cells for one in cell.get("outputs", [])]


def run(tmp_path, monkeypatch, number, data, mapping, secret):
    monkeypatch.chdir(ROOT)
    key = tmp_path / f"key-{secret}"
    key.write_text(secret * 32)
    return editions.own_data_notebook(number, data, mapping, tmp_path / f"run-{number}-{secret}", key)


@pytest.mark.slow
def test_two_secrets_give_the_same_figures_of_a_trial(tmp_path, monkeypatch):
    export().to_csv(tmp_path / "trial.csv", index=False)
    one, two = (run(tmp_path, monkeypatch, "6.3", tmp_path / "trial.csv", MAPPING, secret) for secret in "ab")
    assert shown(one) == shown(two)
    ids = [set(pd.read_parquet(out / "data" / "experiments.parquet").unit_id) for out in (one, two)]
    assert not ids[0] & ids[1], "they are other pseudonyms"
    text = "\n".join(shown(one))
    rows = export()
    rates = (rows.bought == "TRUE").groupby(rows.group).mean()
    for arm in "BC":
        assert f"{arm} against control: {rates[arm] - rates['A']:+.3g} (" in text
    assert re.search(r"spring: B, \d+ people, against control, \d+\.", text) and "takes another" in text
    assert "Card 6.3b" in text and "nan" not in text
    page = (one / "section-6-3.html").read_text("utf-8")
    assert "Arm: “A” is the control" in (one / "report.md").read_text("utf-8") and "against control" in page


def tables_of(rows, **more):
    return Tables(frames={"experiments": rows, **more})


@pytest.mark.parametrize("first", list("ABC"))
def test_the_order_of_the_rows_does_not_choose_the_arm(tmp_path, first):
    rows = adapt(csv(tmp_path, export(first=first).to_csv(index=False)), MAPPING)
    assert samples.arms_of(tables_of(rows), "spring") == ("control", ["B", "C"])
    found = samples.people_of(tables_of(rows), "spring")
    assert set(found.arm) == {"B", "control"} and (found.treated == (found.arm == "B")).all()
    other = samples.people_of(tables_of(rows[::-1]), "spring", "C")
    assert set(other.arm) == {"C", "control"} and other.treated.sum() == (rows.arm == "C").sum()
    with pytest.raises(ValueError, match="no further arm D: it has B, C"):
        samples.people_of(tables_of(rows), "spring", "D")


def test_a_trial_without_a_control_says_what_to_write(tmp_path):
    rows = adapt(csv(tmp_path, export().to_csv(index=False)), {**MAPPING, "control": None})
    with pytest.raises(ValueError, match=r"arms of spring \(A, B, C\) none is known to be the control; write control:"):
        samples.arms_of(tables_of(rows), "spring")
    plan = pd.DataFrame({"experiment_id": ["spring"], "treatment": ["B"]})
    with pytest.raises(ValueError, match="none is known"):
        samples.arms_of(tables_of(rows, experiment_plans=plan), "spring")
    two = rows[rows.arm != "C"]
    assert samples.arms_of(tables_of(two, experiment_plans=plan), "spring") == ("A", ["B"])
    with pytest.raises(ValueError, match="no arm but control"):
        samples.arms_of(tables_of(rows[rows.arm == "A"].replace({"arm": {"A": "control"}})), "spring")


def test_which_arm_is_the_control_must_be_sayable(tmp_path):
    file = csv(tmp_path, export().to_csv(index=False))
    assert "no row has the arm “D”, which control: names (there are “C”" in message(file, {**MAPPING, "control": "D"})
    named = {**MAPPING, "columns": {**MAPPING["columns"], "arm": {"from": "group", "values": {"B": "control"}}}}
    assert "another arm is called control already" in message(file, named)
    assert "control: names an arm of experiments" in message(file, {"table": "orders", "control": "A"})
    assert "control: names an arm of experiments" in message(file, {**MAPPING, "control": ["A"]})


@pytest.mark.parametrize("words", [("FALSE", "TRUE"), ("no", "Yes"), ("0", "1"), ("否", "是"), (0.0, 1.0)])
def test_an_outcome_may_be_that_something_happened(tmp_path, words):
    rows = adapt(csv(tmp_path, export(words).to_csv(index=False)), MAPPING)
    assert rows.outcome.sum() == (export().bought == "TRUE").sum() and rows.outcome.dtype == "float64"


def test_yes_is_no_amount(tmp_path):
    assert "TRUE" in message(csv(tmp_path, "stream_id,started,stream_seconds,gmv\n1,2026-03-01 20:00,7200,TRUE\n"),
                             {"table": "streams"})


@pytest.mark.slow
def test_visits_without_baskets_say_what_is_missing(tmp_path, monkeypatch):
    visits = pd.DataFrame({"visit_id": range(90), "customer_id": range(90), "visited": "2026-03-01 10:00",
                           "device": "ios", "load_seconds": 2.0, "viewed": True})
    mine = tmp_path / "mine"
    mine.mkdir()
    visits.to_csv(mine / "shop-visits.csv", index=False)
    pd.DataFrame({"experiment_id": "x", "unit_id": [f"u{n}" for n in range(200)], "arm": ["new", "old"] * 100,
                  "outcome": [1.0, 0.0, 0.0, 1.0] * 50, "assigned": "2026-03-01"}).to_csv(
        mine / "experiments.csv", index=False)
    out = run(tmp_path, monkeypatch, "6.3", mine, None, "c")
    report = (out / "report.md").read_text("utf-8")
    assert re.search(r"`shop_visits\.carted`.* are missing; with them you would see the funnel", report)
    assert "KeyError" not in report and "x: new, 100 people, against old, 100." in "\n".join(shown(out))


@pytest.mark.slowest
@pytest.mark.parametrize("number", ["5.1", "5.2", "5.3", "5.4", "6.1", "6.2", "6.3", "6.4"])
def test_no_section_depends_on_the_order_of_pseudonyms(tmp_path, monkeypatch, number):
    """The course's own season, twice, with other pseudonyms: only these may differ."""
    one, two = (shown(run(tmp_path, monkeypatch, number, ROOT / "data", None, secret)) for secret in "ab")
    ids = re.compile(r"\b\d{12,15}\b|\bp[0-9a-f]{16}\b")
    hidden = [[ids.sub("", text).split() for text in texts] for texts in (one, two)]
    assert hidden[0] == hidden[1], "\n".join(difflib.unified_diff(one, two, lineterm=""))[:2000]
