"""What can be read and may mean something else: told, or stopped at, before it is added up."""

import pandas as pd
import pytest

from adapted import csv, message, told
from liveshop.tables import adapt
from liveshop.tables.adapt import lengths
from liveshop.tables.adapt.headings import same_unit
from liveshop.tables.pseudonyms import pseudonymise

COLUMNS = {"order_id": "no", "line_no": {"number_within": "order_id"}, "quantity": {"constant": 1},
           "paid_amount": "amount", "created": "day"}


def orders(folder, rows, headings="no,amount,day", mapping=(), **columns):
    mapping = {"table": "orders", "columns": {**COLUMNS, **columns}, **dict(mapping)}
    return csv(folder, "\n".join([headings, *rows, ""])), mapping


def warned(frame):
    return " ".join(frame.attrs["report"].warnings)


@pytest.mark.parametrize("heading", ["Order Currency", "Currency code", "payment_currency", "结算币种", "币种代码",
                                     "Moneda del pedido"])
def test_a_currency_of_something_is_a_currency(tmp_path, heading):
    export, mapping = orders(tmp_path, ["1,5,2026-03-01,USD", "2,6,2026-03-01,EUR"], f"no,amount,day,{heading}")
    assert "the amounts are in 2 currencies" in message(export, mapping)
    export, mapping = orders(tmp_path, ["1,5,2026-03-01,yes", "2,6,2026-03-01,no"], f"no,amount,day,{heading}")
    if heading != "Currency code":
        assert len(adapt(export, mapping)) == 2, "no currencies stand in it"


@pytest.mark.parametrize(("one", "other", "same"), [
    ("amount (USD)", "amount (EUR)", False), ("amount (USD)", "amount (US$)", True), ("金额(元)", "金额", True),
    ("金额(元)", "金额(万元)", False), ("时长(分钟)", "时长(秒)", False), ("时长(秒)", "时长", True),
    ("时长(分钟)", "时长", False),
    ("amount (Rp)", "amount", False), ("amount (Rp)", "amount (IDR)", True), ("rate (%)", "rate", False)])
def test_units_of_one_heading(one, other, same):
    assert same_unit(one, other) == same_unit(other, one) == same


@pytest.mark.parametrize("what", ["file", "sheet"])
def test_parts_in_two_units_are_not_read_as_one(tmp_path, what):
    def parts(*headings):
        frames = [pd.DataFrame({"no": [f"{i}"], heading: [5 + i], "day": "2026-03-01"}) for i, heading in
                  enumerate(headings)]
        if what == "sheet":
            with pd.ExcelWriter(tmp_path / "orders.xlsx") as book:
                for i, frame in enumerate(frames):
                    frame.to_excel(book, sheet_name=f"S{i}", index=False)
            return tmp_path / "orders.xlsx", {"table": "orders", "columns": COLUMNS}
        for i, frame in enumerate(frames):
            frame.to_csv(tmp_path / f"orders-{i}.csv", index=False)
        return tmp_path, {"table": "orders", "columns": COLUMNS, "file": "orders-*.csv"}

    said = message(*parts("amount (USD)", "amount (EUR)"))
    assert "the heading “amount (USD)” of" in said and "is “amount (EUR)” in" in said
    assert adapt(*parts("amount (US$)", "amount (USD)")).paid_amount.tolist() == [5, 6]


@pytest.mark.parametrize("ids", [["138****0001", "139****0002"], ["米*4", "汤**"], ["m***a@example.com", "x"],
                                 ["王＊＊", "李＊＊"], ["M•••a", "x"]])
def test_ids_behind_stars_are_warned_of(tmp_path, ids):
    rows = [f"{i},5,2026-03-01,{buyer}" for i, buyer in enumerate(ids * 2)]
    export, mapping = orders(tmp_path, rows, "no,amount,day,buyer", customer_id={"from": "buyer", "pseudonym": True})
    said = warned(adapt(export, mapping))
    assert "different ids are hidden behind stars" in said and not [one for one in ids if len(one) > 1 and one in said]
    export, mapping = orders(tmp_path, ["1,5,2026-03-01,mia88", "2,6,2026-03-01,tom"], "no,amount,day,buyer",
                             customer_id={"from": "buyer", "pseudonym": True})
    assert not warned(adapt(export, mapping))


def test_a_mail_address_is_one_person_in_any_case(tmp_path):
    buyers = ["Mia@Example.com", "mia@example.com ", "Mia", "mia"]
    rows = [f"{i},5,2026-03-01,{buyer}" for i, buyer in enumerate(buyers)]
    export, mapping = orders(tmp_path, rows, "no,amount,day,buyer", customer_id={"from": "buyer", "pseudonym": True})
    frame = adapt(export, mapping)
    assert frame.customer_id[0] == frame.customer_id[1] and frame.customer_id.nunique() == 3, "names stay as they are"
    made = pseudonymise(pd.DataFrame({"customer_id": ["MIA@example.com", "mia@example.com"]}))
    assert made.customer_id.nunique() == 1


DAYS = ["1,2026-03-01 20:00,7200,100,4", "2,2026-03-01 22:00,7200,200,5", "S1,2026-03-01,14400,300,9",
        "3,2026-03-02 20:00,3600,50,1", "4,2026-03-02 22:00,3600,60,1", "S2,2026-03-02,7200,110,2"]


def broadcasts(folder, *lines, **setting):
    return adapt(csv(folder, "\n".join(["stream_id,started,stream_seconds,gmv,orders", *lines, ""])),
                 {"table": "streams", **setting})


def test_subtotals_between_the_lines_are_set_aside(tmp_path):
    frame = broadcasts(tmp_path, *DAYS)
    assert frame.gmv.sum() == 410 and frame.attrs["report"].set_aside[0]["lines"] == [4, 7]
    assert "subtotal by its numbers" in told(frame)
    alone = ["5,2026-03-03 20:00,60,7,1", "S3,2026-03-03,60,7,1"]
    assert broadcasts(tmp_path, *DAYS, *alone).gmv.sum() == 417, "a day with one broadcast"
    assert broadcasts(tmp_path, *DAYS, "all,2026-03-31,21600,410,11").gmv.sum() == 410, "and a total of the days"
    assert broadcasts(tmp_path, *DAYS, totals="keep").gmv.sum() == 820


def test_subtotals_above_their_lines_are_set_aside(tmp_path):
    above = [DAYS[i] for i in (2, 0, 1, 5, 3, 4)]
    frame = broadcasts(tmp_path, *above)
    assert frame.gmv.sum() == 410 and frame.attrs["report"].set_aside[0]["lines"] == [2, 5]
    assert broadcasts(tmp_path, "all,2026-03-31,21600,410,11", *above).gmv.sum() == 410, "and a total of the days"
    assert broadcasts(tmp_path, *above, totals="keep").gmv.sum() == 820
    same = [f"{i}{line.replace('S', '')}" for i, line in enumerate(above)]
    assert broadcasts(tmp_path, *same).gmv.sum() == 820, "numbers of the same form: it may be chance"


def test_subtotals_of_one_column_are_known_where_their_first_cell_differs(tmp_path):
    rows = [f"{no},{amount},2026-03-01" for no, amount in
            (("1", 5), ("2", 6), ("d1", 11), ("3", 7), ("4", 8), ("d2", 15))]
    assert adapt(*orders(tmp_path, rows)).paid_amount.tolist() == [5, 6, 7, 8]
    assert len(adapt(*orders(tmp_path, [row.replace("d", "9") for row in rows * 3][:18]))) == 18


@pytest.mark.parametrize("word", ["小计 2026-03-01", "2026-03-01 小计", "3月1日合计", "Subtotal 03/2026",
                                  "TOTAL (2026/03)", "1/3/2026 合计"])
def test_a_date_may_stand_beside_the_word_for_a_total(tmp_path, word):
    assert broadcasts(tmp_path, DAYS[0], f"{word},2026-03-01,7200,100,4").gmv.sum() == 100
    for title in ("Total 2", "Total 90 2026-03-01 x", "3-in-1 total care"):
        assert broadcasts(tmp_path, DAYS[0], f"{title},2026-03-01,7200,100,4").gmv.sum() == 200


@pytest.mark.parametrize("lines", [
    DAYS[:3] + DAYS[3:5],  # the last block has no subtotal: chance, or a broadcast
    [*DAYS[:5], "S2,2026-03-02,7200,111,3"],
    [f"{i},2026-03-01 20:00,3600,100,1" for i in range(12)],
    ["1,2026-03-01 20:00,3600,100,1", "2,2026-03-01 22:00,3600,100,1", "3,2026-03-02 20:00,7200,200,2"] * 2])
def test_lines_that_are_no_subtotals_stay(tmp_path, lines):
    lines = [f"{i}{line}" for i, line in enumerate(lines)]
    assert len(broadcasts(tmp_path, *lines)) == len(lines)


def test_times_of_which_only_some_state_a_zone_are_warned_of(tmp_path):
    said = warned(broadcasts(tmp_path, "1,2026-03-01T20:00:00Z,7200,5,1", "2,2026-03-02 20:00:00,7200,6,1"))
    assert "1 different times state a zone and were converted, and 1 state none" in said
    for lines in (["1,2026-03-01T20:00:00Z,7200,5,1", "2,2026-03-02 20:00+08:00,7200,6,1"],
                  ["1,2026-03-01 20:00,7200,5,1", "2,2026-03-02,7200,6,1"]):
        assert not warned(broadcasts(tmp_path, *lines))
    zone = broadcasts(tmp_path, "1,2026-03-01T20:00Z,7200,5,1", "2,2026-03-02 20:00,7200,6,1", timezone="Asia/Tokyo")
    assert not warned(zone) and str(zone.started[1]) == "2026-03-02 19:00:00"


def test_zeros_on_the_further_lines_may_be_a_total_on_the_first(tmp_path):
    rows = ["A,90,2026-03-01", "A,0,2026-03-01", "B,20,2026-03-02", "C,70,2026-03-02", "C,0,2026-03-02"]
    export, mapping = orders(tmp_path, rows)
    assert "paid_amount: one line of 2 orders has all, and the others have 0" in warned(adapt(export, mapping))
    last = [rows[i] for i in (1, 0, 2, 4, 3)]
    assert "paid_amount: one line of 2 orders has all" in warned(adapt(*orders(tmp_path, last)))
    export, mapping = orders(tmp_path, last, paid_amount={"from": "amount", "per": "order", "missing": [0]})
    assert adapt(export, mapping).paid_amount.tolist() == [45, 45, 20, 35, 35]
    shared = {"from": "amount", "per": "order", "missing": [0]}
    frame = adapt(*orders(tmp_path, rows, paid_amount=shared))
    assert frame.paid_amount.tolist() == [45, 45, 20, 35, 35] and not warned(frame)
    gift = [*rows, "D,9,2026-03-01", "D,8,2026-03-01", "E,9,2026-03-01", "E,8,2026-03-01"]
    assert not warned(adapt(*orders(tmp_path, gift)))


@pytest.mark.parametrize("buyer", ["Mia Chen", "+86 138 0013 8000", "12 Elm Street"])
@pytest.mark.parametrize("rule", [{}, {"regex": r"^(\d+)$"}])
def test_a_sentence_names_no_person(tmp_path, buyer, rule):
    for first in ("17", buyer):
        rows = [f"1,5,2026-03-01,{first}", f"2,5,2026-03-01,{buyer}"]
        said = message(*orders(tmp_path, rows, "no,amount,day,buyer", customer_id={"from": "buyer", **rule}))
        assert buyer not in said and "pseudonym: true" in said and "the cell has the form “" in said, said


def test_a_number_of_a_person_that_comes_twice_is_not_shown(tmp_path):
    text = "tel,day\n13800138000,2026-03-01\n13800138000,2026-03-02\n"
    said = message(csv(tmp_path, text), {"table": "customers", "columns": {"customer_id": "tel", "joined": "day"}})
    assert "line 3: customer_id was there before" in said and "138" not in said


def test_a_file_without_headings_shows_no_person(tmp_path):
    said = message(*orders(tmp_path, ["2,Li,139 0000,3 Oak"], "1,Mia Chen,+86 138 0013,12 Elm Street"))
    assert "(first line: 9, Aa Aa, +99 999 9999, 99 Aa Aa)" in said
    assert "(first line: Nummer, Kunde)" in message(*orders(tmp_path, ["1,17"], "Nummer,Kunde"))


def test_order_numbers_that_lost_their_digits_are_warned_of(tmp_path):
    rows = ["1.23457E+18,5,2026-03-01", "1.23457E+18,6,2026-03-02"]
    assert "order_id: ids stand in scientific notation" in warned(adapt(*orders(tmp_path, rows)))


def test_two_part_lengths_are_hours_where_the_mapping_says_so(tmp_path):
    assert lengths.seconds("2:05") == 125 and lengths.seconds("2:05", "hours") == 7500
    assert lengths.seconds("02:05:00", "hours") == 7500 and lengths.seconds("2:05", "minutes") == 125
    frame = broadcasts(tmp_path, "1,2026-03-01 20:00,2:05,5,1")
    assert "unit: hours, if they are hours:minutes" in told(frame)
    rule = {"from": "stream_seconds", "unit": "hours"}
    frame = broadcasts(tmp_path, "1,2026-03-01 20:00,2:05,5,1", columns={"stream_seconds": rule})
    assert frame.stream_seconds.tolist() == [7500] and "were read as hours:minutes" in told(frame)


def test_a_comma_behind_a_zero_separates_decimals(tmp_path):
    export = "stream_id;started;stream_seconds;gmv;reported_aov;reported_ctr\n1;2026-03-01 20:00;60;5;0,990;0,034\n"
    frame = adapt(csv(tmp_path, export + "2;2026-03-02 20:00;60;5;0,120;0,055\n"), "streams")
    assert frame.reported_aov.tolist() == [0.99, 0.12] and frame.reported_ctr.tolist() == [0.034, 0.055]


def test_a_scale_that_heading_and_cell_both_say_counts_once(tmp_path):
    export = "stream_id,started,stream_seconds,成交总额（{}）\n1,2026-03-01 20:00,60,1.2万\n2,2026-03-02 20:00,60,3\n"
    assert adapt(csv(tmp_path, export.format("万元")), "streams").gmv.tolist() == [12_000, 30_000]
    assert adapt(csv(tmp_path, export.format("元")), "streams").gmv.tolist() == [12_000, 3]
    assert adapt(csv(tmp_path, export.format("分")), "streams").gmv.tolist() == [120, 0.03]
