"""What the tests of adapt share: a small export, and what is told about it."""

import pandas as pd
import pytest

from liveshop.tables import TableError, adapt


def csv(folder, text, name="export.csv", encoding="utf-8"):
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def told(frame):
    return str(frame.attrs["report"])


def message(source, mapping, **more):
    with pytest.raises(TableError) as caught:
        adapt(source, mapping, **more)
    text = str(caught.value)
    assert "\n" not in text and text.endswith((".", "?"))
    return text


def balanced(frame):
    report = frame.attrs["report"]
    return (
        report.rows_read == report.rows_used + sum(a["rows"] for a in report.set_aside)
        and report.rows_kept == len(frame) and report.rows_used == report.rows_kept)


def row(**changes):
    base = {"stream_id": "A1", "started": "2025-06-01 19:00", "stream_seconds": "7200"}
    return pd.DataFrame([{**base, **changes}])
