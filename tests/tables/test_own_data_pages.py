"""What the pages on one's own data show works as they say: each example export with the mapping below it."""

import re
from pathlib import Path

import pytest
import yaml

from adapted import csv, message
from liveshop.tables import adapt
from liveshop.tables.adapt import numbers
from liveshop.tables.adapt.mapping import ENTRY, RULE, TAKES, TESTS, entries
from liveshop.tables.places import MAPPINGS

PAGES = Path(__file__).resolve().parents[2] / "book" / "own-data"


def examples(name):
    """The pairs of an export and the mapping that stands next below it."""
    text = (PAGES / name).read_text(encoding="utf-8")
    return [(export, yaml.safe_load(mapping))
            for export, mapping in re.findall(r"```text\n(.*?)```.*?```yaml\n(.*?)```", text, re.S)]


@pytest.mark.parametrize("page, number, amounts", [("numbers", 0, [120_000, 95_500]), ("currencies", 1, [72, 156])])
def test_amounts_are_what_the_pages_on_numbers_and_currencies_say(tmp_path, page, number, amounts):
    export, mapping = examples(f"{page}.md")[number]
    frame = adapt(csv(tmp_path, export), mapping)
    assert list(frame.paid_amount) == amounts and not [c for c in frame if c.startswith("_")]


def test_the_questions_that_the_pages_on_numbers_and_currencies_tell_of_are_asked(tmp_path):
    ((plain, mapping),), ((broadcasts, currency), (rates, _)) = examples("numbers.md"), examples("currencies.md")
    told = adapt(csv(tmp_path, broadcasts), currency).attrs["report"]
    assert told.currency == "IDR" and not told.warnings
    simple = {**mapping, "columns": {**mapping["columns"], "paid_amount": "amount"}}
    assert 'write decimal: ","' in message(csv(tmp_path, plain), simple)
    assert "in 2 currencies" in message(csv(tmp_path, rates), simple)


def test_every_number_in_the_table_of_the_page_is_read(tmp_path):
    rows = (PAGES / "numbers.md").read_text(encoding="utf-8").split("| is read as |")[1].split("\n\n")[0]
    read = 0
    for shown, said in re.findall(r"^\| (`.*) \| (.*) \|$", rows, re.M):
        values = [float(v.replace("−", "-")) for v in said.split(", ")]
        for position, text in enumerate(re.findall("`(.*?)`", shown)):
            found = numbers.mark(text)
            value = numbers.number(text, "," if found == "," or text.startswith("Rp") else ".")
            assert value == pytest.approx(values[position % len(values)]), text
            read += 1
    assert read >= 15


@pytest.mark.parametrize("number, times", [
    (0, ["2026-03-04 20:05:00", "2026-03-25 08:05:00"]), (1, ["2026-03-01 20:05:00", "2026-03-02 20:15:00"]),
    (2, ["2026-03-01 20:00:00"])])
def test_times_are_what_the_page_on_dates_says(tmp_path, number, times):
    export, mapping = examples("dates.md")[number]
    frame = adapt(csv(tmp_path, export), mapping)
    assert [str(t) for t in frame["published" if "published" in frame else "started"]] == times


@pytest.mark.parametrize("page, number, paid", [
    ("order-values", 0, [40, 30, 25]), ("order-values", 1, [38, 57, 25, 40, 30]),
    ("order-values", 2, [31.67, 63.33, 25]),
    ("one-row", 0, [95, 25]), ("one-row", 1, [95, 25]), ("keys", 0, [40, 30, 25]), ("keys", 2, [40, 30]),
    ("guests", 0, [40, 30, 25, 20])])
def test_the_examples_give_what_the_pages_say(tmp_path, page, number, paid):
    export, mapping = examples(f"{page}.md")[number]
    frame = adapt(csv(tmp_path, export), mapping)
    assert list(frame.paid_amount) == paid and not frame.attrs["report"].warnings
    if (page, number) == ("order-values", 0):
        assert frame.paid.notna().all()
    if (page, number) == ("keys", 0):
        assert list(frame.order_id) == ["north-1", "north-1", "south-1"]
    if page == "guests":
        assert frame.customer_id.isna().sum() == 2


def test_every_example_is_tried_and_every_setting_of_the_page_on_parts_is_one():
    pages = {"order-values": 3, "one-row": 2, "keys": 3, "guests": 1, "numbers": 1, "currencies": 2, "dates": 3}
    assert {page: len(examples(f"{page}.md")) for page in pages} == pages
    others = {path.stem for path in PAGES.glob("*.md")} - {*pages}
    assert others == {"index", "parts", "formats", "large"}, "a page whose examples nothing tries"
    settings = re.findall(r"```yaml\n(.*?)```", (PAGES / "parts.md").read_text(encoding="utf-8"), re.S)
    for line in "".join(settings).splitlines():
        assert entries({"table": "orders", **yaml.safe_load(line)})


def test_a_key_of_account_and_start(tmp_path):
    export, mapping = examples("keys.md")[1]
    assert adapt(csv(tmp_path, export), mapping).stream_id.tolist() == ["77-2026-03-01 20:00", "78-2026-03-01 20:00"]


def test_every_setting_stands_on_a_page():
    text = "".join(path.read_text(encoding="utf-8") for path in PAGES.glob("*.md"))
    for setting in (ENTRY - {"check", "about"}) | RULE | {f"take: {take}" for take in ("first", "sum")}:
        assert re.search(rf"`[^`]*\b{setting}\b|^ *{setting}:|[{{ ]{setting}: ", text, re.M), setting
    for take in TAKES:
        assert f"`{take}`" in text, take
    for test in TESTS:
        assert test in text, test


def test_every_mapping_of_the_course_stands_on_the_page_on_formats():
    text = "".join((PAGES / name).read_text(encoding="utf-8") for name in ("formats.md", "index.md"))
    for path in MAPPINGS.glob("*.yml"):
        assert path.stem in text or path.stem == "qinghe-raw-export", path.stem


def test_a_heading_that_yaml_takes_for_no():
    with pytest.raises(ValueError, match="takes for yes or no; put it into quotation marks"):
        entries(yaml.safe_load("table: orders\ncolumns: {order_id: no}"))
