"""Lines that sum up the others, by word and by arithmetic; and lines that only look like it."""

import numpy as np
import pandas as pd
import pytest

from liveshop.tables import adapt
from liveshop.tables.adapt import totals

HEADINGS = "stream_id,started,stream_seconds,gmv,orders,reported_aov"
BROADCASTS = ["1,2026-03-01 20:00,7200,100,4,25", "2,2026-03-02 20:00,7200,200,5,40"]


def read(folder, *lines, **setting):
    path = folder / "export.csv"
    path.write_text("\n".join([HEADINGS, *lines]) + "\n", encoding="utf-8")
    return adapt(path, {"table": "streams", **setting})


def aside(frame):
    return {entry["reason"]: entry["lines"] for entry in frame.attrs["report"].set_aside}


@pytest.mark.parametrize("word", [
    "Jumlah", "รวม", "Tổng cộng", "합계", "合計", "Summe", "Итого", "合计：3单", "Total (2 orders)", "รวม 2 รายการ",
    "总计2条", "Grand total:", "TOTAL: 1,234"])
def test_words_of_many_languages_with_a_count_behind_them(tmp_path, word):
    frame = read(tmp_path, *BROADCASTS, f'"{word}",2026-03-01,7,8,9,1')
    assert len(frame) == 2 and aside(frame) == {"totals line": [4]}


@pytest.mark.parametrize("word", [
    "Sum 41", "Total look 2", "Summer", "totally", "Suma", "A-Total", "Average 3 reds", "3"])
def test_what_only_begins_like_a_total_is_none(tmp_path, word):
    assert len(read(tmp_path, *BROADCASTS, f"{word},2026-03-03 20:00,7200,80,3,20")) == 3


@pytest.mark.parametrize(
    "line", ["Alles,2026-03-01,14400,300,9,33.33", ",,14400,300,9,", "all of it,2026-03-01,,300,9,"])
def test_a_line_whose_numbers_are_the_sums_is_a_total_whatever_it_is_called(tmp_path, line):
    for lines, number in (([*BROADCASTS, line], 4), ([line, *BROADCASTS], 2)):
        frame = read(tmp_path, *lines)
        assert frame.gmv.sum() == 300 and aside(frame) == {totals.SUMS: [number]}
    assert len(read(tmp_path, *BROADCASTS, "9,2026-03-01 21:00,14400,300,9,33", totals="keep")) == 3


def test_amounts_as_text_and_in_a_long_export(tmp_path):
    draw = np.random.default_rng(3)
    gmv, orders = draw.integers(100_000, 900_000, 3000) / 100, draw.integers(1, 50, 3000)
    lines = [f'S{i},2026-03-01 20:00,7200,"¥{g:,.2f}",{n},' for i, (g, n) in enumerate(zip(gmv, orders, strict=True))]
    frame = read(tmp_path, *lines, f'S9999,,21600000,"¥{gmv.sum():,.2f}",{orders.sum()},')
    assert len(frame) == 3000 and list(aside(frame)) == [totals.SUMS]
    assert len(read(tmp_path, *lines, f'S9999,2026-03-01 20:00,7200,"¥{gmv.sum():,.2f}",{orders[0]},')) == 3001


def test_an_order_that_happens_to_be_the_sum_of_others_is_kept(tmp_path):
    assert len(read(tmp_path, "1,2026-03-01 20:00,3600,100,1,", "2,2026-03-02 20:00,3600,100,1,",
                    "3,2026-03-03 20:00,7200,200,2,")) == 3
    path = tmp_path / "orders.csv"
    pd.DataFrame({"what": ["Dress", "Hat", "Big scarf"], "order_id": list("abc"), "line_no": 1, "quantity": [1, 1, 2],
                  "paid_amount": [10, 10, 20], "created": "2026-03-01"}).to_csv(path, index=False)
    assert len(adapt(path, "orders")) == 3


def test_each_part_has_its_totals(tmp_path):
    for month in (1, 2):
        (tmp_path / f"live-{month}.csv").write_text("\n".join([
            HEADINGS, *(line.replace("2026-03", f"2026-0{month}").replace(",", f"{month},", 1) for line in BROADCASTS),
            f"alle,,14400,300,9,{month}"]), encoding="utf-8")
    frame = adapt(tmp_path, {"table": "streams", "file": "live-*.csv"})
    assert len(frame) == 4 and list(aside(frame).values()) == [["4 of live-1.csv", "4 of live-2.csv"]]
