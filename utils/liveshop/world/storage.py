"""Writing tables: one Parquet file a table, the same bytes for the same table."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from liveshop.tables.writing import atomic

CONTRACT = Path(__file__).resolve().parents[3] / "data" / "datapackage.json"
SORTED = {  # columns that rise slowly: stored as differences
    "viewer_sessions": ["session_id", "entered_second"],
    "shelf_sessions": ["session_id", "visited"],
    "comments": ["comment_id", "at_second", "session_id"],
    "orders": ["created", "paid", "session_id"],
    "refunds": ["refunded"],
    "streams": ["started", "ended"],
    "customers": ["customer_id", "joined"],
    "stream_minutes": ["minute"],
    "shop_visits": ["visit_id", "visited"],
    "follows": ["follower_id"],
    "shares": ["share_id", "shared", "opened"],
    "touchpoints": ["touch_id", "touched"],
    "experiments": ["assigned"],
    "tickets": ["ticket_id", "opened", "answered"],
    "group_deals": ["opened", "filled"],
}


@cache
def contract():
    """Tables of the contract: {name: resource}."""
    with open(CONTRACT, encoding="utf-8") as file:
        return {r["name"]: r for r in json.load(file)["resources"]}


def columns(table):
    """Column names of a table, in the contract's order."""
    return [f["name"] for f in contract()[table]["schema"]["fields"]]


def arrow(frame, table):
    """The frame as an Arrow table with the contract's columns and compact types."""
    fields = {f["name"]: f for f in contract()[table]["schema"]["fields"]}
    arrays, schema = [], []
    for name in columns(table):
        if name not in frame:
            raise KeyError(f"The simulated table {table} lacks the column {name} of the contract")
        series = frame[name]
        kind = fields[name]["type"]
        if kind == "integer":
            low, high = (0, 0) if series.isna().all() else (int(series.min()), int(series.max()))
            target = pa.int16() if -32768 <= low and high < 32768 else pa.int32() if high < 2**31 else pa.int64()
            array = pa.array(series.astype("Int64"), type=pa.int64(), from_pandas=True).cast(target)
        elif kind == "number":
            array = pa.array(series.astype(float), type=pa.float64(), from_pandas=True)
        elif kind == "boolean":
            array = pa.array(series.astype("boolean"), type=pa.bool_(), from_pandas=True)
        elif kind == "date":
            array = pa.array(pd.to_datetime(series).dt.date, type=pa.date32(), from_pandas=True)
        elif kind == "datetime":
            array = pa.array(pd.to_datetime(series).astype("datetime64[ms]"), type=pa.timestamp("ms"), from_pandas=True)
        else:
            array = pa.array(series.astype(object).where(series.notna(), None), type=pa.string())
        arrays.append(array)
        schema.append(pa.field(name, array.type))
    return pa.table(arrays, schema=pa.schema(schema))


def of_contract(frame, table, partly=False):
    """The frame with the contract's columns alone, in its order; partly: without those that are still to come."""
    return frame[[c for c in columns(table) if c in frame or not partly]].reset_index(drop=True)


def parquet_options(table, schema, level=12):
    """Arguments of the Parquet writer: differences for rising columns, dictionaries for the rest."""
    rising = [
        c
        for c in SORTED.get(table, [])
        if c in schema.names and pa.types.is_integer(schema.field(c).type) | pa.types.is_timestamp(schema.field(c).type)
    ]
    return dict(
        compression="zstd",
        compression_level=level,
        use_dictionary=[n for n in schema.names if n not in rising],
        column_encoding={c: "DELTA_BINARY_PACKED" for c in rising} or None,
        store_schema=False,
        write_statistics=True,
        version="2.6",
    )


def write_table(frame, table, folder):
    """Write a table to `folder` under the file name of the contract; whole or not at all."""
    data = arrow(frame, table)
    path = Path(folder) / path_of(table)
    with atomic(path) as part:
        pq.write_table(data, part, **parquet_options(table, data.schema))
    return path


def path_of(table):
    """File name of a table in its folder."""
    return contract()[table]["path"]
