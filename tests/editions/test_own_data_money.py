"""Amounts in another currency than the course's, on the page, in figures, on the card and in the notebook."""

import os
import re

import nbformat
import numpy as np
import pandas as pd
import pytest

from adapted import csv, message, told
from common import ROOT
from liveshop import editions, tables
from liveshop.editions.cells import EditionError
from liveshop.editions.own_data.money import currency_of, showing, taken_for_yuan
from liveshop.editions.own_data.wording import in_currency, sentence
from liveshop.tables import adapt


def broadcasts(sign="", scale=1):
    rng = np.random.default_rng(1)
    gmv = (rng.integers(9, 40, 14) * 99_700 * scale).tolist()
    return pd.DataFrame({"stream_id": range(14), "started": pd.date_range("2026-03-01 20:00", periods=14).astype(str),
                         "stream_seconds": 7200, "gmv": [f"{sign}{amount}" for amount in gmv],
                         "orders": range(20, 34), "views": range(2000, 2014), "product_clicks": range(300, 314)})


def test_the_mapping_says_the_currency(tmp_path):
    file = csv(tmp_path, broadcasts().to_csv(index=False))
    assert "they look like fen" in told(adapt(file, "streams")), "as long as nobody says another currency"
    frame = adapt(file, {"table": "streams", "currency": "idr"})
    assert frame.attrs["report"].currency == "IDR" and "fen" not in told(frame)
    both = tables.adapt_all(file, {"currency": "IDR", "tables": [{"table": "streams"}]})
    assert "fen" not in told(both["streams"])
    assert "currency: RUPIAH is no code" in message(file, {"table": "streams", "currency": "rupiah"})
    assert "several currency:" in message(file, {"tables": [
        {"table": "streams", "currency": "IDR"}, {"table": "hosts", "currency": "THB"}]})


@pytest.mark.parametrize(("sign", "code"), [("Rp", "IDR"), ("฿", "THB"), ("EUR ", "EUR"), ("¥", "CNY"), ("", None)])
def test_signs_say_the_currency(tmp_path, sign, code):
    frame = adapt(csv(tmp_path, broadcasts(sign).to_csv(index=False)), "streams")
    assert frame.attrs["report"].currency == code
    assert ("the amounts are in" in told(frame).lower()) == (code not in (None, "CNY"))


@pytest.mark.parametrize(("heading", "code"), [
    ("GMV (Rp)", "IDR"), ("成交总额（USD）", "USD"), ("成交总额（元）", "CNY"), ("gmv (net)", None), ("gmv", None)])
def test_a_heading_says_the_currency(tmp_path, heading, code):
    rows = broadcasts().rename(columns={"gmv": heading})
    frame = adapt(csv(tmp_path, rows.to_csv(index=False)), {"table": "streams", "columns": {"gmv": heading}})
    assert frame.attrs["report"].currency == code
    assert bool(taken_for_yuan({"streams": frame})) == (code is None)


@pytest.mark.parametrize(("columns", "said"), [
    ({"gmv": "$5.5", "promotion_spend": "€2.5"}, "(promotion_spend: EUR, gmv: USD)"),
    ({"gmv": "¥5.5", "promotion_spend": "€2.5"}, "(promotion_spend: EUR, gmv: CNY)"),
    ({"gmv": "€5.5", "currency": "USD"}, "currency”: USD, gmv: EUR)"),
    ({"gmv (USD)": "€5.5", "promotion_spend": "$2.5"}, "gmv: several)"),
    ({"gmv (USD)": "$5.5", "currency": "USD"}, "")])
def test_signs_that_do_not_fit_each_other_stop(tmp_path, columns, said):
    file = csv(tmp_path, broadcasts().drop(columns="gmv").assign(**columns).to_csv(index=False))
    if said:
        assert "in several currencies by their signs" in message(file, "streams") and said in message(file, "streams")
    else:
        assert adapt(file, "streams").attrs["report"].currency == "USD"


def test_signs_of_several_currencies_are_asked_about_and_wrong_ones_stop(tmp_path):
    file = csv(tmp_path, broadcasts("$").to_csv(index=False))
    frame = adapt(file, "streams")
    assert frame.attrs["report"].currency is None and "write currency: and its code, such as USD" in told(frame)
    assert adapt(file, {"table": "streams", "currency": "SGD"}).attrs["report"].currency == "SGD"
    assert "its signs are those of" in message(file, {"table": "streams", "currency": "IDR"})
    plain = broadcasts().assign(currency="THB")
    assert adapt(csv(tmp_path, plain.to_csv(index=False)), "streams").attrs["report"].currency == "THB"


def test_amounts_brought_to_yuan_by_a_rate_are_yuan(tmp_path):
    mapping = {"table": "streams", "columns": {"_there": {"from": "gmv"}, "gmv": {"formula": "_there * 7"}}}
    frame = adapt(csv(tmp_path, broadcasts("USD ").to_csv(index=False)), mapping)
    assert frame.attrs["report"].currency is None


@pytest.mark.slow
def test_a_page_in_rupiah_knows_no_yuan(tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    file = csv(tmp_path, broadcasts("Rp").to_csv(index=False))
    out = editions.own_data_notebook("5.4", file, "streams", tmp_path / "run")
    assert "LIVESHOP_CURRENCY" not in os.environ
    for name in ("report.md", "section-5-4.html", "section-5-4.ipynb"):
        text = (out / name).read_text("utf-8")
        if name.endswith("ipynb"):
            text = "\n".join(f"{cell.source} {cell.get('outputs')}" for cell in nbformat.reads(text, 4).cells)
        text = re.sub(r"<style.*?</style>|<script>.*?</script>|data:[^\"\\]*", "", text, flags=re.DOTALL)
        assert not re.search(r"¥|\byuan\b|\bfen\b|[0-9]e\+[0-9]|\d\.0<", text), name
    page = (out / "section-5-4.html").read_text("utf-8")
    assert re.search(r"IDR\s\d", page) and '<span class="ls-unit">IDR</span>' in page
    nb = nbformat.read(out / "section-5-4.ipynb", 4)
    assert 'os.environ["LIVESHOP_CURRENCY"] = "IDR"' in "".join(cell.source for cell in nb.cells)
    assert "Amounts are in IDR" in nb.cells[0].source


def test_tables_in_two_currencies_stop():
    frames = {name: pd.DataFrame() for name in ("orders", "refunds")}
    assert currency_of(frames) == "CNY"
    for name, code in (("orders", "IDR"), ("refunds", "THB")):
        frames[name].attrs["report"] = {"currency": code}
    with pytest.raises(EditionError, match="orders: IDR, refunds: THB"):
        currency_of(frames)


def test_the_code_of_a_step_speaks_of_the_currency_and_stays_code():
    source = ("face_value = 20      # yuan; your own coupon's\nper_yuan = yuan = 1\n"
              "title = f'A tier at ¥{face_value:.0f}, {yuan} yuan'\nlong = \"\"\"yuan\n¥1\"\"\"")
    step = nbformat.v4.new_code_cell(source)
    with showing("EUR"):
        in_currency(step)
    assert "# EUR; your own" in step.source and "per_yuan = yuan = 1" in step.source
    space = {}
    exec(step.source, space)  # noqa: S102
    assert space["title"] == "A tier at EUR\N{NO-BREAK SPACE}20, 1 EUR"
    broken = nbformat.v4.new_code_cell("f('¥")
    in_currency(broken)
    assert broken.source == "f('¥"


@pytest.mark.parametrize(("text", "now"), [
    ("gmv  1054500.0  12.5", "gmv  1,054,500  12.5"), ("-4101457.0", "-4,101,457"),
    ("1.0 and 999.0 and v1234.0.1", "1.0 and 999.0 and v1234.0.1")])
def test_whole_numbers_have_no_point(text, now):
    assert sentence(text) == now
