"""The planner of tests: what it reckons in a page is what `liveshop.methods.experiment` reckons."""

import numpy as np
import pytest
from markupsafe import Markup

from example.page import chromium
from liveshop import playbook
from liveshop.methods import experiment
from liveshop.playbook.sheet import ASKED

LOOKS = {1: (0.05, 1.96), 5: (0.1417, 2.031), 14: (0.2196, 2.1)}


@pytest.fixture
def shown(in_medium):
    """Function: what the planner shows in a medium, as (plain, rich)."""
    usual = {"baseline": 100.0, "change": 5.0, "sd": 65.0, "looks": LOOKS}
    return lambda kind, **changes: in_medium(kind, lambda: playbook.test_planner(**usual | changes))


def test_a_committed_notebook_holds_the_table_alone(shown):
    plain, rich = shown("opening")
    assert "14  22.0%  2.10" in plain and "<form" not in rich and "<td>22.0 %</td>" in rich


def test_the_page_of_ones_own_run_reckons_too(shown, monkeypatch):
    monkeypatch.setenv(ASKED, "1")
    rich = shown("opening")[1]
    assert "<form" in rich and "here 2,704 for 65 and 5" in rich and "<script" not in rich


def test_the_book_brings_the_script_and_a_notebook_carries_it_along(shown):
    assert "<script" not in shown("frames")[1] and "<script>" in shown("live")[1]


def test_a_spread_of_nothing_is_refused(shown):
    with pytest.raises(ValueError, match="needs a sd above zero"):
        shown("frames", sd=0)


def test_the_page_reckons_as_the_methods_do(shown, tmp_path):
    _, rich = shown("live", counts=(805, 612))
    path = tmp_path / "planner.html"
    path.write_text(f'<!doctype html><html lang="en"><meta charset="utf-8"><body>{Markup(rich)}</body></html>',
                    encoding="utf-8")
    with chromium() as browser:
        page = browser.new_page()
        page.goto(path.as_uri())

        def said(what, **typed):
            for name, value in typed.items():
                page.locator(f'[data-plan="{name}"]').fill(str(value))
            return page.locator(f'[data-say="{what}"]').inner_text()

        each = int(np.ceil(experiment.mean_sample_size(5.0, 65.0)))
        assert abs(int(said("size").split()[0].replace(",", "")) - each) <= 1
        assert "22.0 %" in said("looks") and "less than 0.0001" in said("split")
        assert "broken" in said("split") and "Nothing against" in said("split", new=510, old=490)
        assert f"{experiment.srm_pvalue([700, 610], [.5, .5]):.4f}" in said("split", new=700, old=610)
        assert said("size", change="5 %") == said("size", change=5)
        page.locator('[data-plan="kind"][value="share"]').check()
        for base, lift in ((0.2, 0.05), (0.04, 0.006), (0.5, -0.1)):
            asked = int(np.ceil(experiment.sample_size(base, lift)))
            assert said("size", baseline=base, change=lift).startswith(f"{asked:,} units in each arm")
        assert said("size", baseline="4 %", change="0.6 %").startswith("17,943 units")
        assert "to tell 4.6 % from 4 %" in said("size") and "to tell 19 % from 4 %" in said("size", change="15 %")
        assert "between 0 and 1" in said("size", baseline=4) and "Units a day" in said("size", day=0)
        page.locator('[data-plan="kind"][value="mean"]').check()
        assert said("size", day="1,000", baseline="¥100", change=5, sd="65 %") == said("size", sd=65)
        assert said("size", change="0,5") == said("size", change="0.5")              # a decimal comma
        for text in ("1,2,3", "five", "", "0"):
            assert "Smallest change" in said("size", change=text), text
        assert "Standard deviation" in said("size", change="0.5", sd=0)
