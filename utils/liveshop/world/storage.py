"""Writing tables: one Parquet file a table, the same bytes for the same table."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from liveshop.tables.contract import contract
from liveshop.tables.writing import atomic


def columns(table):
    """Column names of a table, in the contract's order."""
    return list(contract()[table].columns)


def path_of(table):
    """File name of a table in its folder."""
    return contract()[table].path


def arrow(frame, table):
    """The frame as an Arrow table with the contract's columns and compact types."""
    arrays, schema = [], []
    for name, column in contract()[table].columns.items():
        if name not in frame:
            raise KeyError(f"The simulated table {table} lacks the column {name} of the contract")
        series = frame[name]
        kind = column.type
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


def of_contract(frame, table):
    """The frame with the contract's columns alone, in its order."""
    return frame[columns(table)].reset_index(drop=True)


def parquet_options(table, schema, level=12):
    """Arguments of the Parquet writer: differences for rising columns, dictionaries for the rest."""
    slow = {c.name for c in contract()[table].columns.values() if c.sorted}
    rising = [
        f.name for f in schema if f.name in slow and (pa.types.is_integer(f.type) | pa.types.is_timestamp(f.type))
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
