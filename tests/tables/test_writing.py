"""The safe writers: files, cells, pseudonyms, Markdown."""

import pandas as pd
import pytest
from openpyxl import Workbook, load_workbook

from liveshop import tables
from liveshop.tables import TableError, markdown, validate
from sample_exports import orders

RISKY = ["=HYPERLINK(\"http://example.invalid\")", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1"]


def test_csv_cannot_become_a_formula(tmp_path):
    frame = pd.DataFrame({"=title": [*RISKY, "plain", None], "amount": range(10)})
    path = tables.write_csv(frame, tmp_path / "out.csv")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    back = pd.read_csv(path, keep_default_na=False)
    assert list(back.columns) == ["'=title", "amount"]
    assert all(v.startswith("'") for v in back["'=title"][:8]) and list(back["'=title"][8:]) == ["plain", ""]
    assert list(back.amount) == list(range(10)), "numbers, negative ones too, stay numbers"


def test_excel_cannot_become_a_formula(tmp_path):
    frame = pd.DataFrame({"title": [*RISKY, "a\x00b", None], "id": [2**60 + i for i in range(10)], "n": -1.5,
                          "t": pd.Timestamp("2025-06-18 20:00")})
    sheet = load_workbook(tables.write_excel({"a/b": frame}, tmp_path / "out.xlsx"))["a-b"]
    for row, text in enumerate(RISKY, start=2):
        cell = sheet.cell(row, 1)
        assert cell.data_type == "s" and cell.quotePrefix, text
    assert sheet["A10"].value == "a\ufffdb" and sheet["A11"].value is None
    assert sheet["B2"].value == str(2**60), "Excel would round the id"
    assert sheet["C2"].value == -1.5 and sheet["D2"].value.year == 2025


def test_nothing_is_left_half_written(tmp_path):
    target = tmp_path / "report.csv"
    target.write_text("the old one")
    with pytest.raises(ZeroDivisionError):
        with tables.atomic(target) as temporary:
            temporary.write_text("half")
            raise ZeroDivisionError
    assert target.read_text() == "the old one" and [p.name for p in tmp_path.iterdir()] == ["report.csv"]
    with pytest.raises(
        TableError, match="A text of 40,000 characters does not fit into an Excel cell; write a CSV file"):
        tables.write_excel(pd.DataFrame({"a": ["x" * 40_000]}), tmp_path / "big.xlsx")
    assert not (tmp_path / "big.xlsx").exists()


def test_writing_where_one_may_not(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(TableError, match="out.csv cannot be written .*; choose a folder"):
        tables.write_csv(orders(), tmp_path / "file" / "out.csv")


# Pseudonyms -----------------------------------------------------------------------------------------------------------


def test_pseudonyms_are_stable_fit_the_contract_and_hide_the_id(tmp_path):
    secret = tmp_path / "secret"
    first = tables.pseudonymise(orders(), secret=secret)
    again = tables.pseudonymise(orders().assign(customer_id=lambda d: d.customer_id.astype("float64")), secret=secret)
    assert list(first.customer_id) == list(again.customer_id)
    assert first.customer_id.nunique() == orders().customer_id.nunique()
    assert not set(first.customer_id) & set(orders().customer_id)
    assert first.customer_id.max() < 10**15 and [p for p in validate(first, "orders") if p.severity == "error"] == []
    assert oct(secret.stat().st_mode)[-3:] == "600"
    assert set(tables.pseudonymise(orders(), secret=b"another secret").customer_id).isdisjoint(first.customer_id)
    assert list(tables.pseudonymise(orders()).customer_id) == list(tables.pseudonymise(orders()).customer_id)


def test_units_of_experiments_get_pseudonyms_that_still_join():
    customers = pd.DataFrame({"customer_id": [17, 4]})
    trial = pd.DataFrame({"unit_id": ["4", "17", "S0012@1830", "C-9", None]})
    people, units = (tables.pseudonymise(frame, secret=b"key") for frame in (customers, trial))
    assert units.unit_id[:2].tolist() == people.customer_id.astype(str)[::-1].tolist()
    assert not set(units.unit_id.dropna()) & set(trial.unit_id.dropna()) and units.unit_id.isna().tolist() == [
        False] * 4 + [True]
    text = tables.pseudonymise(pd.DataFrame({"customer_id": ["C-9"]}), secret=b"key")
    assert text.customer_id[0] == units.unit_id[3]


def test_pseudonyms_of_text_and_gaps():
    frame = pd.DataFrame({"viewer_id": ["a", None, "a"], "referrer_id": pd.array([1, None, 3], dtype="Int64")})
    out = tables.pseudonymise(frame, secret=b"x" * 20)
    assert out.viewer_id[0] == out.viewer_id[2] and out.viewer_id[0].startswith("p") and pd.isna(out.viewer_id[1])
    assert str(out.referrer_id.dtype) == "Int64" and pd.isna(out.referrer_id[1])


# Cells and Markdown ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value, written, kind",
    [
        ("=1+1", "=1+1", "s"), ("plain", "plain", "s"), (3, 3, "n"), (2.5, 2.5, "n"), (True, True, "b"),
        (10**15, str(10**15), "s"), (float("inf"), "inf", "s"), (None, None, "n"), (float("nan"), None, "n"),
        (pd.NaT, None, "n"), (pd.NA, None, "n"), ("a\x07b", "a\ufffdb", "s"),
        (pd.Timestamp("2025-06-01 20:00"), pd.Timestamp("2025-06-01 20:00"), "d"), ([1, "="], "[1, '=']", "s")],
)
def test_a_cell_holds_what_it_was_given_and_no_formula(value, written, kind):
    cell = tables.put_cell(Workbook().active.cell(1, 1), value)
    assert (cell.value, cell.data_type) == (written, kind)
    assert cell.quotePrefix == (written == "=1+1")


def test_markdown_shows_text_from_outside_and_does_nothing_else():
    from markdown_it import MarkdownIt

    render = MarkdownIt("commonmark").enable("table").render
    hostile = (
        "<script>x</script> **bold** _it_ `code` [a](http://b.invalid) ![i](j) | # ~~ $x$ {role} \\ & &lt;\n- item")
    shown = render(markdown.escape(hostile))
    assert "<script" not in shown and not any(
        tag in shown for tag in ("<strong", "<em", "<code", "<a ", "<img", "<ul", "<h1"))
    assert (
        "&lt;script&gt;x&lt;/script&gt; **bold** _it_ `code` [a](http://b.invalid) ![i](j) | # ~~ $x$ {role} \\ "
        "&amp; &amp;lt; - item"
        in shown
    )
    assert render(markdown.code("a`b` <i>\nc|")) == "<p><code>a b &lt;i&gt; c|</code></p>\n"
    table = render(markdown.table(["`a`", "b"], [["**x**", "1|2\n3"], [4, markdown.escape("|")]]))
    assert table.count("<td>") == 4 and "<strong>x</strong>" in table and "1|2 3" in table
