"""What the pages on orders, keys, parts and guests show works as they say."""

import re
from pathlib import Path

import pytest
import yaml

from adapted import csv
from liveshop.tables import adapt
from liveshop.tables.adapt.mapping import entries

PAGES = Path(__file__).resolve().parents[2] / "book" / "own-data"


def examples(name):
    """The pairs of an export and the mapping that stands next below it."""
    text = (PAGES / f"{name}.md").read_text(encoding="utf-8")
    return [(export, yaml.safe_load(mapping))
            for export, mapping in re.findall(r"```text\n(.*?)```.*?```yaml\n(.*?)```", text, re.S)]


@pytest.mark.parametrize("page, number, paid", [
    ("order-values", 0, [40, 30, 25]), ("order-values", 1, [38, 57, 25, 40, 30]),
    ("order-values", 2, [31.67, 63.33, 25]),
    ("one-row", 0, [95, 25]), ("one-row", 1, [95, 25]), ("one-row", 2, [40, 30, 25]), ("one-row", 3, [40, 30]),
    ("guests", 0, [40, 30, 25, 20])])
def test_the_examples_give_what_the_pages_say(tmp_path, page, number, paid):
    export, mapping = examples(page)[number]
    frame = adapt(csv(tmp_path, export), mapping)
    assert list(frame.paid_amount) == paid and not frame.attrs["report"].warnings
    if (page, number) == ("order-values", 0):
        assert frame.paid.notna().all()
    if (page, number) == ("one-row", 2):
        assert list(frame.order_id) == ["north-1", "north-1", "south-1"]
    if page == "guests":
        assert frame.customer_id.isna().sum() == 2


def test_every_example_is_tried_and_every_setting_of_the_page_on_parts_is_one():
    assert [len(examples(page)) for page in ("order-values", "one-row", "guests")] == [3, 4, 1]
    settings = re.findall(r"```yaml\n(.*?)```", (PAGES / "parts.md").read_text(encoding="utf-8"), re.S)
    for line in "".join(settings).splitlines():
        assert entries({"table": "orders", **yaml.safe_load(line)})


def test_a_heading_that_yaml_takes_for_no():
    with pytest.raises(ValueError, match="takes for yes or no; put it into quotation marks"):
        entries(yaml.safe_load("table: orders\ncolumns: {order_id: no}"))
