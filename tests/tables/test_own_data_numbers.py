"""Numbers as other places write them: which character separates decimals, signs of currencies, digits of any script."""

from decimal import Decimal

import pandas as pd
import pytest

from adapted import csv, message, row, told
from liveshop.tables import adapt
from liveshop.tables.adapt import currencies, numbers
from sample_exports import orders


@pytest.mark.parametrize(
    "text, number",
    [
        ("Rp1,500", 1500),
        ("RM 12.50", "12.5"),
        ("₹1,23,456.00", 123_456),
        ("12,34,56,789", 123_456_789),
        ("₩35,000", 35_000),
        ("NT$1,280", 1280),
        ("R$ 9.90", "9.9"),
        ("12.50 zł", "12.5"),
        ("99 kr", 99),
        ("99kr.", 99),
        ("CHF 1’234.50", "1234.5"),
        ("1'234'567", 1_234_567),
        ("EUR 5", 5),
        ("5 eur", 5),
        ("1,234.50-", "-1234.5"),
        ("€1,234.50-", "-1234.5"),
        ("12.5- zł", "-12.5"),
        ("๑๒๓.๕๐", "123.5"),
        ("१२३", 123),
        ("١٢٣٫٥", "123.5"),
        ("۱٬۲۳۴", 1234),
        ("1.2억", 120_000_000),
        ("3 lakh", 300_000),
        ("1.5jt", 1_500_000),
        ("1.2RM", "1.2"),
        ("R 1 234.50", "1234.5"),
        ("US$ 5", 5),
        ("1.2k$", 1200),
        ("250 บาท", 250),
        ("2.5ล้าน", 2_500_000),
        ("12 345.50", "12345.5"),
        ("12.–", 12),
        ("₹ 1,23,456/-", 123_456),
        ("($5.00)", -5),
        ("-$1,234.50", "-1234.5"),
    ],
)
def test_numbers_of_other_places(text, number):
    assert numbers.number(text) == Decimal(number)


@pytest.mark.parametrize("text", ["0,990", "1,23,45", "1.2 hats", "5--", "-5-", "1 234,567.0", "12'34", "Rx 5", "eur"])
def test_what_is_no_number_anywhere(text):
    with pytest.raises(numbers.UnreadableError):
        numbers.number(text)


@pytest.mark.parametrize(
    "text, said",
    [
        ("12.50", "."),
        ("12,5", ","),
        ("0,990", ","),
        ("0.034", "."),
        ("1.299.000", ","),
        ("1,299,000", "."),
        ("1.234,50", ","),
        ("1,234.50", "."),
        ("1,23,456", "."),
        ("1234.567", "."),
        ("1,234", "?,"),
        ("120.000", "?."),
        ("Rp120.000", "?."),
        ("1.234万", "."),
        ("12,345%", ","),
        ("1 234,500", ","),
        ("1234", None),
        ("1.2.3", None),
        ("2025.06.18", None),
        ("v1.2", None),
        (".500", "."),
        ("1.5e3", None),
    ],
)
def test_what_a_number_says_about_its_separators(text, said):
    assert numbers.mark(text) == said


def amounts(*cells, **more):
    """A frame of orders with these amounts, as text."""
    n = range(1, len(cells) + 1)
    return pd.DataFrame(
        {
            "order_id": [f"A{i}" for i in n],
            "line_no": "1",
            "quantity": "1",
            "paid_amount": cells,
            "created": "2026-03-01",
            **more,
        }
    )


ORDERS = {"table": "orders"}


def paid(*cells, **mapping):
    return list(adapt(amounts(*cells), {**ORDERS, **mapping}).paid_amount)


@pytest.mark.parametrize(
    "cells, wanted",
    [
        (["12,50", "1.250", "900"], [12.5, 1250, 900]),
        (["12.50", "1,250", "900"], [12.5, 1250, 900]),
        (["120.000", "1.299.000", "95.500"], [120_000, 1_299_000, 95_500]),
        (["0,990", "0,120"], [0.99, 0.12]),
        (["Rp120.000", "Rp95.500"], [120_000, 95_500]),
        (["₫120,000", "₫95,500"], [120_000, 95_500]),
        (["1,250", "900", "2,100"], [1250, 900, 2100]),
        (["1.250,00 €", "99,90 €"], [1250, 99.9]),
    ],
)
def test_the_separators_are_decided_for_the_whole_column(cells, wanted):
    assert paid(*cells) == wanted


@pytest.mark.parametrize(
    "cells",
    [
        ["120.000", "95.500", "250.000"],
        ["120.000", "900"],
        ["1,250", "2,100"],
        ["€120.000", "€95.500"],
        ["120.000", "95,500"],
    ],
)
def test_a_separator_before_three_digits_throughout_is_asked_about(cells):
    for bad_rows in ("error", "set_aside"):
        said = message(amounts(*cells), {**ORDERS, "bad_rows": bad_rows})
        assert "it may separate thousands or decimals; write decimal: " in said and "set_aside" not in said
    for mark in (".", ","):
        assert len(paid(*cells[:1], decimal=mark)) == 1


def test_decimal_is_told_for_one_column_or_for_all():
    source = amounts("120.000", "95.500").assign(list_amount=["130.000", "99.500"])
    assert "column paid_amount: the point in “120.000”" in message(
        source, {**ORDERS, "columns": {"list_amount": {"from": "list_amount", "decimal": ","}}}
    )
    frame = adapt(
        source, {**ORDERS, "decimal": ".", "columns": {"list_amount": {"from": "list_amount", "decimal": ","}}}
    )
    assert list(frame.paid_amount) == [120, 95.5] and list(frame.list_amount) == [130_000, 99_500]
    assert 'write decimal: "." or decimal: ","' in message(
        source, {**ORDERS, "columns": {"paid_amount": {"from": "paid_amount", "decimal": "point"}}}
    )


def test_separators_that_contradict_each_other_stop():
    said = message(amounts("1,250.00", "1.250,00"), {**ORDERS, "bad_rows": "set_aside"})
    assert "a point separates decimals in “1,250.00” and a comma in “1.250,00”" in said
    assert "the point in “12.50” would separate thousands" in message(amounts("12.50"), {**ORDERS, "decimal": ","})


def test_whole_numbers_are_asked_about_only_where_they_may_be_two():
    source = amounts("5", "6").assign(quantity=["1.000", "2"])
    assert "column quantity: the point in “1.000”" in message(source, ORDERS)
    assert list(adapt(row(views="1.234"), "streams").views) == [1234]
    assert list(adapt(row(views="1,234"), "streams").views) == [1234]


def test_a_comma_beside_semicolons_is_asked_about(tmp_path):
    text = "order_id;line_no;quantity;paid_amount;created\nA;1;1;1,250;2026-03-01\nB;1;1;900;2026-03-02\n"
    assert "the comma in “1,250”" in message(csv(tmp_path, text), ORDERS)
    frame = adapt(csv(tmp_path, text.replace("1,250", "12,50")), ORDERS)
    assert list(frame.paid_amount) == [12.5, 900] and "a comma separates decimals" in told(frame)


def test_a_where_rule_reads_numbers_as_their_column_is_written():
    rule = {"column": "paid_amount", "above": 100, "reason": "small"}
    assert paid("12,50", "1.250", where=[rule]) == [1250]
    assert paid("12.50", "1,250", where=[rule]) == [1250]
    assert "it may separate" in message(amounts("120.000", "95.500"), {**ORDERS, "where": [{**rule, "above": 1000}]})


def test_a_street_says_nothing_of_the_decimal_mark():
    assert numbers.mark("St. Mary Road 5, Flat 12") is None and numbers.mark("Flat 3, 12") is None
    assert numbers.mark("1.234,5") == "," and numbers.mark("1 234,5") == ","
    said = message(amounts("12.50", "St. Mary Road 5, Flat 12"), ORDERS)
    assert "row 2: a cell of the form" in said and "not a number" in said and "Mary" not in said


def test_two_currencies_are_not_added_up():
    source = amounts("$10.00", "€10.00", "¥1000")
    assert "the amounts are in several currencies (“$10.00”, “€10.00”)" in message(source, ORDERS)
    keep = {"column": "paid_amount", "matches": r"^\$", "reason": "another currency"}
    assert list(adapt(source, {**ORDERS, "where": [keep]}).paid_amount) == [10]
    rates = {
        "_rate": {"from": "paid_amount", "regex": r"^\D", "values": {"$": 7, "€": 8, "¥": 1}},
        "_amount": {"from": "paid_amount", "regex": r"[\d.]+"},
        "paid_amount": {"formula": "_rate * _amount"},
    }
    assert list(adapt(source, {**ORDERS, "columns": rates}).paid_amount) == [70, 80, 1000]


def test_signs_that_may_be_one_currency_pass():
    assert paid("¥10", "10元", "CNY 10", "10") == [10] * 4 and paid("$5", "US$6") == [5, 6]
    assert "several currencies" in message(amounts("10元", "10円"), ORDERS)
    assert currencies.currencies("-US$ 5.00") == {"USD"} and currencies.currencies("5") is None


def test_nothing_is_said_of_fen_where_the_signs_say_that_it_is_no_yuan():
    for sign, said in (("¥", True), ("", True), ("Rp", False), ("₩", False)):
        frame = adapt(amounts(f"{sign}120000", f"{sign}90000"), ORDERS)
        assert ("they look like fen" in told(frame)) == said


def test_a_column_of_currencies_with_several_values_stops():
    source = amounts("10", "20").assign(Currency=["USD", "EUR"])
    assert "the amounts are in 2 currencies (column “Currency”: “USD”, “EUR”)" in message(source, ORDERS)
    keep = {"column": "Currency", "is": "USD", "reason": "another currency"}
    assert list(adapt(source, {**ORDERS, "where": [keep]}).paid_amount) == [10]
    rates = {
        "_rate": {"from": "Currency", "values": {"USD": 7, "EUR": 8}},
        "_amount": "paid_amount",
        "paid_amount": {"formula": "_rate * _amount"},
    }
    assert list(adapt(source, {**ORDERS, "columns": rates}).paid_amount) == [70, 160]
    some = adapt(source.assign(Currency=["USD", None]), ORDERS).attrs["report"]
    assert some.currency == "USD" and "“Currency” is empty in 1 of 2 rows: their amounts" in str(some)
    assert len(adapt(source.assign(Currency="USD"), ORDERS)) == len(adapt(source, {**ORDERS, "ignore": ["Currency"]}))


def test_a_column_that_cannot_be_read_at_all_says_so_and_is_never_set_aside():
    for bad_rows in ("error", "set_aside"):
        said = message(amounts("12 hats", "13 hats"), {**ORDERS, "bad_rows": bad_rows})
        assert "not one of its cells can be read: a cell of the form “99 aa” is not a number" in said
        assert "regex: with the part that is the number" in said and "set_aside" not in said
    assert paid("12 hats", "13 hats", columns={"paid_amount": {"from": "paid_amount", "regex": r"\d+"}}) == [12, 13]


def test_a_negative_payment_points_to_refunds():
    said = message(amounts("1,234.50-", "5.00"), ORDERS)
    assert "-1234.5 is negative; money that went back is no order" in said and "refunds" in said


def test_sound_exports_raise_no_question(tmp_path):
    sound = orders().assign(paid_amount=lambda d: d.paid_amount / 8, customer_id=lambda d: d.customer_id)
    frame = adapt(csv(tmp_path, sound.to_csv(index=False)), ORDERS)
    assert (frame.paid_amount == sound.paid_amount).all()
    assert not [n for n in frame.attrs["report"].notes if "comma" in n]


def test_an_empty_cell_may_stand_for_zero(tmp_path):
    export = "post_id,type,published,author_id,comments,likes\na,photo,2026-03-01,x,,--\nb,photo,2026-03-02,x,4,-124\n"
    mapping = {"table": "posts", "columns": {"comments": {"from": "comments", "empty": 0},
                                             "reactions": {"from": "likes", "empty": 0, "missing": [-124]}}}
    frame = adapt(csv(tmp_path, export), mapping)
    assert frame.comments.tolist() == [0, 4] and frame.reactions[0] == 0
    assert pd.isna(frame.reactions[1]), "what missing: names stays unknown"
    assert "comments: 1 empty cell counts as 0" in frame.attrs["report"].notes
    plain = adapt(csv(tmp_path, export), {"table": "posts", "missing": [-124], "columns": {"reactions": "likes"}})
    assert pd.isna(plain.comments[0])
    for value, words in ((None, "empty: is not one value"), ([0], "empty: is not one value"), ("few", "empty: ")):
        assert words in message(csv(tmp_path, export), {"table": "posts", "missing": [-124], "columns": {
            "comments": {"from": "comments", "empty": value}, "reactions": "likes"}})
