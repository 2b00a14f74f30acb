"""Qinghe's careless export: its lines as they stand, its defects counted, and what is left when they are mended."""

import csv
from pathlib import Path

import pandas as pd

from liveshop.tables import adapt
from liveshop.tables.memory import once_per_tables

FILE, MAPPING = "streams-export-gbk.csv", "qinghe-raw-export"
TITLES = 2                                      # lines above the headings


def raw_file(tables):
    """Path of the careless export beside the tables."""
    return Path(tables.folder or "data") / "raw" / FILE


@once_per_tables
def raw_lines(tables):
    """The export as text, cell by cell: headings as they stand, every line below them, doubled ones and total too."""
    with raw_file(tables).open(encoding="gbk", newline="") as file:
        lines = list(csv.reader(file))
    return pd.DataFrame(lines[TITLES + 1:], columns=lines[TITLES])


@once_per_tables
def clean_export(tables):
    """The export as the contract's table `streams`; its `attrs["report"]` says what was mended."""
    return adapt(raw_file(tables), MAPPING)


def raw_defects(lines):
    """How often each defect stands in the lines of `raw_lines`: a Series by name."""
    cells = lines.stack()
    return pd.Series({
        "lines above the headings": TITLES,
        "doubled lines": int(lines.duplicated().sum()),
        "lines of totals": int((lines.iloc[:, 0] == "合计").sum()),
        "cells of −124": int((cells == "-124").sum()),
        "cells of --": int((cells == "--").sum()),
        "counts in 万": int(cells.str.endswith("万").sum()),
        "rates as text with %": int(cells.str.endswith("%").sum()),
        "columns in fen": int(lines.columns.str.contains("分)", regex=False).sum()),
        "columns in each other's place": 2,
    })


def raw_gmv(lines, fen=True, doubled=False, total=False):
    """GMV of the lines in yuan; with the doubled ones, with the total, or taking fen for yuan, where asked."""
    used = lines if doubled else lines.drop_duplicates()
    used = used if total else used[used.iloc[:, 0] != "合计"]
    return pd.to_numeric(used["成交总额(分)"]).sum() / (100 if fen else 1)
