"""What nobody knows is not printed as a number, and a step that builds on one that failed says so."""

import re
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import pytest

from common import ROOT, _cell
from liveshop import editions
from liveshop.charts import finding, show
from liveshop.charts.style import figure
from liveshop.editions.cells import EditionError, section_of
from liveshop.editions.own_data.names import names
from liveshop.editions.own_data.steps import needs, section_steps
from liveshop.editions.own_data.wording import sentence
from liveshop.medium import told


@pytest.fixture
def section(tmp_path, monkeypatch):
    """A function that makes a course of one section, of these code cells, and runs it on two posts."""
    monkeypatch.chdir(tmp_path)
    Path("notebooks").mkdir()
    Path("mine").mkdir()
    posts = pd.DataFrame({"post_id": ["a", "b"], "author_id": ["x", "y"], "type": ["photo", "video"],
                          "published": pd.to_datetime(["2026-05-01 20:00", "2026-05-02 20:00"]),
                          "reactions": [1200.0, 800.0], "comments": [3.0, np.nan]})
    posts.to_csv("mine/posts.csv", index=False)

    def run(*cells):
        start = [_cell("text", "# 6 Social"), _cell("code", "import pandas as pd\nfrom liveshop import card, load\n"
                                                    "tables = load('data')", "setup"), _cell("text", "## 6.2 Content")]
        steps = [_cell("code", source, *(["card", "template"] if "card(" in source else ["template"]),
                       needs=[need or "posts"], shows=shows) for source, shows, need in cells]
        nbformat.write(nbformat.v4.new_notebook(cells=[*start, *steps]), "notebooks/06-social-operations.ipynb")
        out = editions.own_data_notebook("6.2", "mine")
        nb = nbformat.read(out / "section-6-2.ipynb", 4)
        said = [["".join(one.get("text", "") or one.data.get("text/plain", "")) for one in cell.outputs]
                for cell in nb.cells if "template" in cell.metadata.get("tags", []) and cell.cell_type == "code"]
        return said, (out / "section-6-2.html").read_text("utf-8"), (out / "report.md").read_text("utf-8")

    return run


def test_an_echo_names_the_step_that_it_builds_on(section):
    said, page, report = section(
        ("start = tables.posts.reactions.sum()\nmean = tables.posts.reactions.mean()", "the sum", None),
        ("mean = mean / 2\nhalf = start.nothing\nlate = half + 1", "the half", None),   # fails in its second line
        ("mean", "the mean of before", None),                # its line had run
        ("half", "twice the half", None),
        ("start = start + late", "a new start", None),       # an echo of an echo
        ("start", "the start", None),                        # the old one stands, and must not be taken for the new
        ("back = tables.refunds", "what came back", "refunds"),
        ("back.sum()", "the sum of what came back", None),
        ("card('6.2', reward=half)", "the card", None),
    )
    assert said[1] == ["Left out (the half): your tables lack 'nothing'."]
    assert said[2] == ["np.float64(500.0)"]
    for place, what in ((3, "the half"), (4, "the half"), (5, "the half")):
        assert f"it builds on a step that could not run ({what})." in said[place][0]
    assert said[6] == ["Left out (the sum of what came back): it builds on a step that was left out (what came back)."]
    assert "could not run (the half)" in said[7][0] and "to fill in by hand" in said[7][1]
    assert 'data-card="6.2"' in page and "The start: it builds on" in report
    assert "AttributeError" not in page and "NameError" not in page


def test_unknown_numbers_and_names_of_columns_are_words(section):
    said, page, report = section(
        ("few = tables.posts.comments[tables.posts.type == 'live'].mean()\n"
         "print(f'Comments: {few:+.0%} of {few:.2f}')", "comments", None),
        ("tables.posts.assign(per_post=1.0).set_index('author_id')[['comments', 'per_post']]", "a table", None),
        ("print('the same author_id as interest_video; reactions_per_post_id')", "a sentence", None),
        ("card('6.2', reward=float('nan'), against=f'{few:.1f} to {few:.1f}', decision=3)", "the card", None),
        ("{}['the_sum'] / 0", "a key", None), ("[].foo(1)", "a method", None), ("object() + 1", "a sum", None),
    )
    assert said[0] == ["Comments: not known of not known\n"]
    assert "–" in said[1][0] and "per post" in said[1][0] and "NaN" not in said[1][0] and "nan" not in said[1][0]
    assert said[2] == ["the same author as interest_video; reactions per post\n"], "data keep their words"
    assert re.search(r"<td[^>]*>–</td>", page) and ">not known to not known</textarea>" in page
    assert page.count(">not known</textarea>") == 1, "a field that a method left open"
    assert "Left out (a sum): your tables did not suit it.<" in page and "(TypeError)." in report
    shown = re.sub(r"<(pre|script|style).*?</\1>|data:[^\"]*", "", page, flags=re.DOTALL)
    assert not re.search(r"\b(nan|NaN|TypeError|AttributeError|KeyError)\b", shown)


@pytest.mark.parametrize(("text", "now"), [
    ("off by +nan%", "off by not known"), ("¥nan to ¥inf", "not known to not known"), ("−nan %", "not known"),
    ("finance, banana and Nan, influence", "finance, banana and Nan, influence"), ("0.nan", "0.nan"),
    ("nan", "not known"), ("", "")])
def test_told(text, now):
    assert told(text) == now


def test_figures_say_it_too():
    fig, ax = figure()
    ax.plot([0, 1])
    finding(ax, f"From {np.nan:.0%} to 3 %")
    assert "not known" in fig.texts[0].get_text() and "nan" not in fig.texts[0].get_text()
    assert show(fig, f"From {np.nan:.0%} to 3 %").alt == "From not known to 3 %"


def test_names_of_a_cell():
    assert names("a = b + [c for c in d][0]\nf = lambda x: x + a + g\nn['s'] = 1") == (
        {"a", "f", "n"}, {"b", "d", "g", "n"})
    assert names("import numpy as np\nfrom a import b as c\nwith x as y:\n    z = y\nprint(len(z))") == (
        {"np", "c", "y", "z"}, {"x"})
    assert names("a = 1\nb = 2\nc = (\n    3)", since=3)[0] == {"c"} and names("for") == (set(), set())
    assert names("total += 1\ndef f(p):\n    q = p\n    return q + r") == ({"total", "f"}, {"total", "r"})


def _sections():
    for path in sorted((ROOT / "notebooks").glob("[0-9]*.ipynb")):
        nb = nbformat.read(path, 4)
        for number in dict.fromkeys(one for one in section_of(nb.cells) if one):
            try:
                yield number, section_steps(nb, number)[1]
            except EditionError:       # no step for other tables
                continue


def test_no_step_takes_a_library_from_a_step_that_needs_more():
    """With other tables that step is left out, and the library is not there."""
    for number, steps in _sections():
        imported = {}
        for step in steps:
            if step.cell_type != "code":
                continue
            _, used = names(step.source)
            for name in used & imported.keys():
                assert any(set(one) <= set(needs(step)) for one in imported[name]), (
                    f"{number}: {step.id} takes {name} from a step that needs {imported[name]}")
            for line in step.source.splitlines():
                if line.startswith(("import ", "from ")):
                    for name in names(line)[0]:
                        imported.setdefault(name, []).append(needs(step))


@pytest.fixture(params=["too few", "nobody", "alike"])
def shop(request, tmp_path):
    """Orders of a shop in which hardly anybody, nobody or everybody of one kind comes back."""
    rng = np.random.default_rng(4)
    bought = np.arange(300)
    again = {"too few": [3, 9, 50], "nobody": [], "alike": rng.choice(150, 40, replace=False)}[request.param]
    days = pd.Timestamp("2025-01-01 12:00") + pd.to_timedelta(np.r_[bought * 0.66, np.asarray(again) * 0.66 + 5], "D")
    orders = pd.DataFrame({"order_id": [f"E{n}" for n in range(len(days))], "customer_id": np.r_[bought, again] + 1000,
                           "paid": days, "created": days, "line_no": 1, "quantity": 1,
                           "paid_amount": rng.gamma(5, 10, len(days)).round(2)})
    orders["customer_id"] = orders.customer_id.astype(int)
    path = tmp_path / "orders.csv"
    orders.to_csv(path, index=False)
    return request.param, path


@pytest.mark.slow
def test_a_shop_without_a_forecast_says_so(shop, tmp_path, monkeypatch):
    kind, path = shop
    monkeypatch.chdir(ROOT)
    out = editions.own_data_notebook("6.4", path, "orders", tmp_path / "run")
    page = (out / "section-6-4.html").read_text("utf-8")
    report = (out / "report.md").read_text("utf-8")
    shown = re.sub(r"<(pre|script|style).*?</\1>|data:[^\"]*", "", page, flags=re.DOTALL)
    assert not re.search(r"\b(nan|NaN|inf|\w+Error)\b", shown)
    if kind == "alike":
        assert "Customers on the call list" in page
        return
    assert not (out / "call-list.csv").exists(), "a list of customers without a forecast"
    assert "bought again" in report and "could not run" in report
    value = re.search(r'data-name="value_ahead"[^>]*>([^<]*)<', page)[1]
    assert value in ("", "not known"), "an unknown value as a number"
    assert "Nearest to what they spent" not in shown


def test_words_for_columns_leave_data_alone():
    assert sentence("same author_id, group_deal") == "same author, group_deal"


def test_counts_that_some_rows_do_not_state_are_named(section):
    _, page, report = section(("tables.posts.comments.sum()", "comments", None))
    assert "1 of 2 rows of posts state no comments" in report and "state no comments" in page
    assert "no reactions" not in report, "stated everywhere"
    _, page, report = section(("tables.posts.reactions.sum()", "reactions", None))
    assert "state no comments" not in report, "no step uses them"
