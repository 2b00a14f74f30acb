"""Sections of chapter 6 on real exports, as a reader with her own file would run them."""
from __future__ import annotations

import os
import re
from pathlib import Path

import nbformat
import pandas as pd
import pytest

from common import ROOT
from liveshop import editions
from liveshop.tables.places import MAPPINGS

REAL = os.environ.get("LIVESHOP_REAL_DATA")
CELLS = nbformat.read(ROOT / "notebooks" / "06-social-operations.ipynb", 4).cells
CHAPTER = "\n".join(cell.source for cell in CELLS if cell.cell_type == "markdown")

pytestmark = pytest.mark.slowest


def real(name):
    path = Path(REAL or "") / name
    if not REAL or not path.exists():
        pytest.skip(f"LIVESHOP_REAL_DATA names no folder with {name}")
    return path


def texts(nb):
    """What a reader sees of an executed notebook: texts and text outputs."""
    shown = [cell.source for cell in nb.cells if cell.cell_type == "markdown"]
    for cell in nb.cells:
        for output in cell.get("outputs", []):
            assert output.output_type != "error", output.get("evalue")
            shown.append(output.get("text", "") or "".join(output.get("data", {}).get("text/plain", "")))
    return "\n".join(shown)


@pytest.fixture(scope="module")
def retail(tmp_path_factory):
    """Section 6.4 on the invoices of a British gift shop."""
    out = tmp_path_factory.mktemp("retail") / "run"
    path = real("online_retail.csv.gz")
    editions.own_data_notebook("6.4", path, MAPPINGS / "online-retail.yml", out)
    return out, nbformat.read(out / "section-6-4.ipynb", 4)


def test_customer_values_run_on_the_gift_shop(retail):
    out, nb = retail
    text = texts(nb)
    assert "18,532 orders of 4,338 customers" in text
    held_against = r"Ten weeks, [\d,]+ customers: predicted against actual −?-?\d+%"
    assert re.search(held_against, text), "the forecast is not held against what came"
    assert "a → 0" in text, "that the model sees no drop-out in these weeks is not said"
    report = (out / "report.md").read_text(encoding="utf-8")
    assert "`tickets` is missing" in report and "was not drawn" not in report
    assert "Card 6.4" in text and (out / "section-6-4.html").stat().st_size > 50_000


def test_nobody_is_named_in_what_the_gift_shop_gets(retail):
    out, _ = retail
    ids = pd.read_csv(real("online_retail.csv.gz"), usecols=["CustomerID"]).CustomerID
    known = {f"{int(one)}" for one in ids.dropna().unique()}
    orders = pd.read_parquet(out / "data" / "orders.parquet")
    assert not known & set(orders.customer_id.astype(str)) and orders.customer_id.nunique() == 4338
    assert not list(out.glob("*.csv")), "a call list, where the model sees nobody at risk"


def test_formats_with_seller_effects_run_on_the_thai_sellers(tmp_path):
    path = real("thai_facebook_live_sellers.csv")
    out = editions.own_data_notebook("6.2", path, MAPPINGS / "thai-facebook-posts.yml", tmp_path / "run")
    nb = nbformat.read(out / "section-6-2.ipynb", 4)
    text = texts(nb)
    assert "6,997 posts of 9 authors" in text and "Card 6.2" in text
    assert "post_segments" in (out / "report.md").read_text(encoding="utf-8")
    table = re.search(r"posts +per post +ratio +low +high\n(?:type.*\n)?((?:\w+ +[\d. ]+\n?)+)", text)
    assert table, "the table like for like is not in the notebook"
    rows = {line.split()[0]: [float(number) for number in line.split()[1:]] for line in table[1].strip().splitlines()}
    # The chapter quotes these very numbers.
    passage = next(part for part in CHAPTER.split("\n") if "Thai" in part)
    (_, status, *status_fair), (_, video, *video_fair) = rows["status"], rows["video"]
    assert f"{status:.1f} times the reactions of a photo" in passage and f"videos {video:.1f} times" in passage
    for ratio, low, high in (status_fair, video_fair):
        assert re.search(rf"{ratio:.1f} \((95 % interval )?{low:.1f} to {high:.1f}\)", passage)
