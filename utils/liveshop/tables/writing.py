"""Writing: nothing half-written, and no text that a spreadsheet would run."""

import os
import tempfile
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd

from liveshop.tables.errors import TableError

# A spreadsheet takes a cell that begins so for a formula (full-width signs too).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
EXCEL_ROWS, EXCEL_TEXT, EXCEL_DIGITS = 1_048_576, 32_767, 10**15


@contextmanager
def atomic(path):
    """A temporary path beside `path`; on leaving without an error it takes its place, otherwise it is removed.

    with atomic("report.html") as temporary: temporary.write_text(…)
    """
    path = Path(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=path.suffix, dir=path.parent)
        os.close(handle)
    except OSError as error:
        raise TableError(problem=f"{path.name} cannot be written ({error.strerror or error})",
                         remedy="choose a folder that you may write to and that has room") from error
    temporary = Path(name)
    try:
        yield temporary
        os.chmod(temporary, usual_rights(0o666))  # a temporary file is private; the finished one has the usual rights
        os.replace(temporary, path)
    except OSError as error:
        raise TableError(problem=f"{path.name} cannot be written ({error.strerror or error})",
                         remedy="close it in other programs and check that the disk has room") from error
    finally:
        temporary.unlink(missing_ok=True)


def usual_rights(most):
    """The rights of what this account makes: `most` (0o666 for a file, 0o777 for a folder) less what its umask bars."""
    mask = os.umask(0)
    os.umask(mask)
    return most & ~mask


def write_text(path, text):
    """Write text in UTF-8 in one step: a reader sees the old file or the new one, never a half. Returns the path."""
    with atomic(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
    return Path(path)


def safe_text(value):
    """Text that a spreadsheet shows as it is: an apostrophe goes before what it would take for a formula."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return "'" + value
    return value


def _is_text(series):
    return not (pd.api.types.is_numeric_dtype(series.dtype) or pd.api.types.is_datetime64_any_dtype(series.dtype)
                or pd.api.types.is_bool_dtype(series.dtype))


def write_csv(frame, path):
    """Write a frame as CSV (UTF-8 with a byte-order mark, so that Excel reads Chinese), safely; returns the path."""
    safe = frame.copy()
    for position in range(safe.shape[1]):
        if _is_text(safe.iloc[:, position]):
            safe.isetitem(position, safe.iloc[:, position].astype(object).map(safe_text))
    safe.columns = [safe_text(str(name)) for name in safe.columns]
    with atomic(path) as temporary:
        # The line end of RFC 4180: with "\n" alone, a carriage return inside a text would go out without quotes.
        safe.to_csv(
            temporary, index=False, encoding="utf-8-sig", compression=None, lineterminator="\r\n", errors="replace")
    return Path(path)


def write_excel(frames, path):
    """Write one frame, or a dict of sheet name → frame, as an Excel workbook, safely; returns the path.

    Text stays text whatever it begins with. Whole numbers of more than 15 digits are written as text,
    because Excel would round them. Raises TableError when a sheet would not hold all rows or a whole text.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Font

    frames = frames if isinstance(frames, dict) else {"Sheet1": frames}
    book = Workbook()
    book.remove(book.active)
    for title, frame in frames.items():
        if len(frame) >= EXCEL_ROWS:
            raise TableError(problem=f"{len(frame):,} rows do not fit into an Excel sheet", remedy="write a CSV file")
        sheet = book.create_sheet(sheet_title(title, book.sheetnames))
        for position, name in enumerate(frame.columns, start=1):
            put_cell(sheet.cell(1, position), str(name)).font = Font(bold=True)
        for position in range(frame.shape[1]):
            for row, value in enumerate(frame.iloc[:, position].astype(object), start=2):
                put_cell(sheet.cell(row, position + 1), value)
        sheet.freeze_panes = "A2"
    with atomic(path) as temporary:
        book.save(temporary)
    return Path(path)


def put_cell(cell, value):
    """Put a value into an openpyxl cell so that text can never become a formula; returns the cell."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if value is None or (not isinstance(value, (str, list, dict)) and pd.isna(value) is True):
        return cell
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, pd.Timestamp):
        value = value.tz_localize(None).to_pydatetime(warn=False)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= EXCEL_DIGITS:
        value = str(value)
    if isinstance(value, float) and not np.isfinite(value):
        value = str(value)
    if not isinstance(value, (bool, int, float)) and not hasattr(value, "isoformat"):
        text = ILLEGAL_CHARACTERS_RE.sub("\ufffd", str(value)).encode("utf-8", "replace").decode("utf-8")
        if len(text) > EXCEL_TEXT:
            raise TableError(problem=f"a text of {len(text):,} characters does not fit into an Excel cell",
                             remedy="write a CSV file, or shorten the text")
        cell.value = text
        cell.data_type = "s"
        cell.quotePrefix = text.startswith(FORMULA_STARTS)
        return cell
    cell.value = value
    return cell


def sheet_title(title, taken):
    """A name that Excel allows a sheet, and that is none of those that are taken: 31 letters, without []:*?/\\."""
    title = "".join("-" if c in "[]:*?/\\" else c for c in str(title)).strip("'")[:31].rstrip("'") or "Sheet"
    return title if title not in taken else f"{title[:28]} {len(taken)}"
