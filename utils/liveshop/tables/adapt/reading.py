"""Reading an export as it lies on the disk: which kind of file it is, its encoding, its sheet, its header line."""

import gc
import gzip
import io
import json
import re
import zipfile
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from liveshop.tables import progress
from liveshop.tables.adapt import cells, delimited, encodings, parts, values, workbook
from liveshop.tables.adapt.headings import normal
from liveshop.tables.errors import TableError, listed

_WRAPPED = re.compile(r"""="([^"]*)"$|'(?=[0-9=+@-])""")
TOO_WIDE = "more cells than there are headings"
HEADER_WITHIN = 40  # title lines above a header are a handful
_BLANK = b"\x00 \t\r\n\xef\xbb\xbf"
LARGEST = 2_000_000_000  # bytes after unpacking; more is a mistake, or meant to fill the memory


@dataclass
class Raw:
    """An export as read: a column a heading, of texts or of objects, and the number of the line each row stood in.

    A change makes another `Raw` (dataclasses.replace), for the cells of this one are split once.
    """

    frame: pd.DataFrame
    lines: np.ndarray
    source: str
    unit: str = "line"  # what `lines` counts: lines of a file or sheet, rows of a frame
    sheet: str = ""
    encoding: str = ""
    other_encoding: str = ""  # where it is not certain
    delimiter: str = ""
    header_line: int | None = None
    above: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    set_aside: list = field(default_factory=list)  # (reason, lines)
    not_read: list = field(default_factory=list)  # sheets of a workbook that hold something and were not read
    part: np.ndarray | None = None  # in an export of several parts the number of each row's part
    part_names: list = field(default_factory=list)
    _splits: dict = field(default_factory=dict, init=False, repr=False, compare=False)

    def cells(self, heading):
        """The cells of a column (see `cells.of_column`)."""
        return cells.of_column(self.frame[heading])

    def split(self, heading, rows=None):
        """The codes and the different cells of a column (see `cells.distinct`), of all rows or of some of them."""
        if heading not in self._splits:
            self._splits[heading] = cells.distinct(self.cells(heading))
        whole = self._splits[heading]
        return whole if rows is None or len(rows) == len(whole[0]) else cells.among(whole, rows)


@dataclass
class _Grid:
    rows: list
    encoding: str = ""
    other_encoding: str = ""
    sheet: str = ""
    delimiter: str = ""
    notes: list = field(default_factory=list)
    hidden: bool = False
    plain: bool = False  # no cell is written as ="…" or behind an apostrophe
    utf8: bytes = b""  # of a long plain text, of which rows holds the first lines


@contextmanager
def _uncollected():
    """Without the search for circular garbage: with millions of cells alive it takes two thirds of the reading time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@_uncollected()
def read(source, options, known):
    """Read a file or a DataFrame into a `Raw`.

    options: the mapping's sheet, header, encoding and delimiter. known: headings that would be recognised; the
    header is the line that holds most of them.
    """
    if isinstance(source, pd.DataFrame):
        return _from_frame(source, "the DataFrame", "row")
    path, content = _content(source)
    name = path.name
    progress.tell(f"{name} ({len(content) / 1e6:,.1f} MB)")
    if content[:4] == b"PAR1":
        return _from_frame(_parquet(content, name), name, "row")
    if content[:4] == b"PK\x03\x04":
        grids = [_Grid(sheet.rows, sheet=sheet.title, notes=sheet.notes, hidden=sheet.hidden)
                 for sheet in workbook.sheets(content, name, options.get("sheet"), LARGEST)]
        return _of_sheets(grids, name, options.get("sheet"), options.get("header"), known)
    elif content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise TableError(problem=f"{name} is a workbook of the old kind (.xls) or is locked by a password",
                         remedy="open it and save it as .xlsx without a password")
    else:
        names = {normal(k) for k in known}
        text, encoding, other, told = encodings.decode(content, name, options.get("encoding"), names)
        if not text or text.isspace():
            raise TableError(problem=f"{name} is empty", remedy="export it again, and check the period chosen there")
        start = text.lstrip()[:200].lower()
        if start.startswith(("<!doctype html", "<html", "<table", "<?xml")):
            raise TableError(problem=f"{name} is a web page, whatever its ending says",
                             remedy="open it in a spreadsheet and save it as .xlsx or .csv")
        if path.name.lower().removesuffix(".gz").endswith((".json", ".jsonl")) or start.startswith(("[{", '{"')):
            return _from_frame(_json(text, name), name, "row")
        top, utf8 = delimited.top(text) if options.get("header") is None else None, b""
        if top:
            utf8 = content if encoding == "utf-8" and not told and content[:1] != b"\xef" else text.encode()
            text = top
        rows, delimiter, notes = delimited.cells(text, name, options.get("delimiter"), names)
        plain = not any(mark in text for mark in ("'", '="', '=""'))
        grids = [_Grid(rows, encoding, other, delimiter=delimiter, notes=[*told, *notes], plain=plain, utf8=utf8)]
    return _with_header(grids, name, options.get("header"), known)


def _content(source):
    try:
        path = Path(source)
        if path.is_dir():
            raise TableError(problem=f"{path.name or path} is a folder, not a file",
                             remedy="name the file, or give file: in the mapping")
        content = path.read_bytes()
        if content[:2] == b"\x1f\x8b":
            with gzip.open(io.BytesIO(content)) as packed:
                content = packed.read(LARGEST + 1)
    except TableError:
        raise
    except FileNotFoundError as error:
        raise TableError(
            problem=f"the file {Path(source).name} is not there", remedy="check its name and folder") from error
    except (OSError, EOFError, ValueError, TypeError, zipfile.BadZipFile) as error:
        what = Path(source).name if isinstance(source, (str, Path)) else f"a {type(source).__name__}"
        raise TableError(
            problem=f"{what} cannot be read ({type(error).__name__})",
            remedy="give the path of a file, or a DataFrame; export the file again if it is damaged") from error
    except Exception as error:  # zlib.error of a damaged .gz
        raise TableError(
            problem=f"{path.name} is damaged ({type(error).__name__})", remedy="export it again") from error
    if len(content) > LARGEST:
        raise TableError(
            problem=f"{path.name} holds more than {LARGEST // 10**9} GB", remedy="split the export by period")
    if not content[:1000].strip(_BLANK) and not content.strip(_BLANK):
        raise TableError(problem=f"{path.name} is empty", remedy="export it again, and check the period chosen there")
    return path, content


def _parquet(content, name):
    try:
        return pd.read_parquet(io.BytesIO(content))
    except Exception as error:
        raise TableError(
            problem=f"{name} cannot be read as Parquet ({type(error).__name__})", remedy="write the file again"
        ) from error


def _json(text, name):
    try:
        try:
            records = json.loads(text)
        except ValueError:
            records = [json.loads(line) for line in text.splitlines() if line.strip()]
    except (ValueError, RecursionError) as error:
        raise TableError(problem=f"{name} cannot be read as JSON ({error})"[:200], remedy="export it again") from error
    if isinstance(records, dict):
        lists = [v for v in records.values() if isinstance(v, list) and v and all(isinstance(r, dict) for r in v)]
        records = lists[0] if len(lists) == 1 else [records]
    if not isinstance(records, list) or not records or not all(isinstance(r, dict) for r in records):
        raise TableError(problem=f"{name} is not a list of records", remedy='give JSON such as [{"stream_id": "1"}, …]')
    columns = list(dict.fromkeys(k for r in records for k in r))
    return pd.DataFrame({c: pd.Series([r.get(c) for r in records], dtype=object) for c in columns})


def _from_frame(frame, name, unit):
    frame = frame.copy()
    names = [str(c) for c in frame.columns]
    twice = next((n for n, count in Counter(names).items() if count > 1), None)
    if twice is not None:
        raise TableError(
            column=twice, problem=f"the column stands twice in {name}", remedy="keep or rename one of the two")
    frame.columns = names
    columns = {n: frame[n].astype(object).to_numpy() for n in names}
    return Raw(pd.DataFrame(columns, index=range(len(frame)), dtype=object), np.arange(1, len(frame) + 1), name, unit)


def _with_header(grids, name, header, known):
    known = {normal(k) for k in known}
    if header is not None:
        if isinstance(header, bool) or not isinstance(header, int) or header < 1:
            raise TableError(
                problem=f"header: {header!r} of the mapping is not a line number",
                remedy="count from 1, as the spreadsheet does")
        grid = grids[0]
        at = next((i for i, (line, _) in enumerate(grid.rows) if line == header), None)
        if at is None:
            raise TableError(
                problem=f"{name} has no line {header}, which the mapping calls the header",
                remedy="correct header: in the mapping")
        return _raw(grid, at, name)
    best = (0, None, None)
    for grid in grids:
        for i, (_, row) in enumerate(grid.rows[:HEADER_WITHIN]):
            hits = len({normal(c) for c in row if c is not None and str(c).strip()} & known)
            if hits > best[0]:
                best = (hits, grid, i)
    if best[1] is None:
        row = next((r for g in grids for _, r in g.rows if any(c not in (None, "") for c in r)), [])
        seen = _first_line([c for c in row if c not in (None, "")])
        if not seen:
            raise TableError(problem=f"{name} is empty", remedy="export it again, and check the period chosen there")
        raise TableError(problem=f"no line at the top of {name} holds a column that the mapping or the contract knows "
                         f"(first line: {' '.join(seen.split())[:120]})",
                         remedy="name your columns in the mapping, or give header: with the line number"
                         + (", or delimiter: if another character separates the cells" if grids[0].delimiter else ""))
    return _raw(best[1], best[2], name)


def _first_line(cells):
    """The cells of a line, to be found by; only their forms where it holds figures or an address, and may be data."""
    data = any(not isinstance(c, str) or "@" in c or re.match(r"\W*\d[\d\W]*$", c) for c in cells)
    return ", ".join(values.form(c) if data else str(c)[:30] for c in cells)


def _of_sheets(grids, name, wanted, header, known):
    """The sheets of a workbook as one `Raw`.

    Without a word of the mapping that is the sheet with most of the known headings, and all with the same headings;
    a hidden one only where no other has any. The others are named.
    """
    visible = [grid for grid in grids if not grid.hidden] or grids
    pool = grids if isinstance(wanted, list) else visible
    try:
        first = _with_header(pool, name, header, known)
    except TableError:
        if len(pool) == len(grids):
            raise
        pool = [grid for grid in grids if grid.hidden]
        first = _with_header(pool, name, header, known)
        first.notes.append(f"the sheet {first.sheet} is hidden; it was read because no other has known headings")
        pool = [grid for grid in pool if grid.sheet == first.sheet]
    raws = [first if grid.sheet == first.sheet else _alike(grid, first, name) for grid in pool]
    if isinstance(wanted, list) and None in raws:
        raise TableError(problem=f"the sheets {pool[raws.index(None)].sheet} and {first.sheet} of {name} have other "
                         "headings", remedy="name only such as have the same ones under sheet:")
    raws = [raw for raw in raws if raw is not None]
    if wanted is None and len(raws) > 1:
        parts.refuse_overlap(raws, name)
    read = {raw.sheet for raw in raws}
    raw = parts.together(raws, "sheet")
    raw.not_read = [f"{grid.sheet} (hidden)" if grid.hidden else grid.sheet for grid in grids
                    if grid.sheet not in read and any(c not in (None, "") for _, row in grid.rows for c in row)]
    return raw


def _alike(grid, first, name):
    """A sheet with the headings of the first one, as a `Raw`; None when it has others."""
    wanted = {normal(heading) for heading in first.frame.columns}
    for at, (_, row) in enumerate(grid.rows[:HEADER_WITHIN]):
        if {normal(c) for c in row if c is not None and str(c).strip()} == wanted:
            return _raw(grid, at, name)
    return None


def _raw(grid, at, name):
    header_line, header = grid.rows[at]
    names, empty = [], 0
    width = max((i for i, c in enumerate(header) if c is not None and str(c).strip()), default=-1) + 1
    for position, cell in enumerate(header[:width]):
        heading = " ".join(str(cell).split()).lstrip("\ufeff") if cell is not None else ""
        names.append(heading or f"(no heading, column {position + 1})")
    if not width:
        raise TableError(
            problem=f"line {header_line} of {name} has no headings", remedy="correct header: in the mapping")
    found = None
    if grid.utf8 and len(header) == width:
        found = delimited.columns(grid.utf8, header_line, header, grid.delimiter)
    if grid.utf8 and found is None:
        every, _, notes = delimited.cells(grid.utf8.decode(), name, grid.delimiter)
        grid = replace(grid, rows=every, notes=[*grid.notes, *notes], utf8=b"")
    first = {}
    for position, heading in enumerate(names):
        if heading in first:
            names[position] = f"{heading} (column {position + 1})"
        first.setdefault(heading, position)
    if found is not None:
        lines, empty, wide, again = np.arange(len(found[0])) + header_line + 1, 0, [], []
        frame = pd.DataFrame(dict(zip(names, found, strict=True)))
    else:
        frame, lines, empty, wide, again = _by_rows(grid, at, names)
    above = [" ".join(str(c) for c in row if c not in (None, ""))[:80] for _, row in grid.rows[:at]]
    raw = Raw(frame, np.array(lines, dtype=int), name, "line", grid.sheet, grid.encoding, grid.other_encoding,
              grid.delimiter, header_line,
              [a for a in above if a.strip()], list(grid.notes))
    doubled = [n for n in names if re.search(r" \(column \d+\)$", n)]
    if doubled:
        raw.notes.append(f"headings that stand twice were told apart: {listed(doubled)}")
    if empty:
        raw.notes.append(f"{empty} empty line{'s' if empty > 1 else ''} between the data passed over")
    for reason, found in ((TOO_WIDE, wide), ("the header line again", again)):
        if found:
            raw.set_aside.append((reason, found))
    return raw


def _by_rows(grid, at, names):
    """The rows below a header: the frame, the lines of its rows, how many were empty, lines too wide, headers again."""
    header, width, empty = grid.rows[at][1], len(names), 0
    rows, lines, wide, again = [], [], [], []
    for line, row in grid.rows[at + 1:]:
        first = row[0] if len(row) == width else None
        if first and type(first) is str and first != header[0] and not first.isspace():
            rows.append(row)  # nearly every line, known by its first cell alone
            lines.append(line)
        elif len(row) > width and any(c is not None and str(c).strip() for c in row[width:]):
            wide.append(line)
        elif not any(c is not None and c != "" for c in row) or not any(str(c).strip() for c in row if c is not None):
            empty += 1
        elif row[:width] == header[:width]:
            again.append(line)
        else:
            rows.append(row[:width] if len(row) >= width else row + [None] * (width - len(row)))
            lines.append(line)
    columns = list(zip(*rows, strict=True)) if rows else [()] * width
    frame = pd.DataFrame({n: _objects(c if grid.plain else map(_bare, c), len(rows))
                          for n, c in zip(names, columns, strict=True)}, dtype=object)
    return frame, lines, empty, wide, again


def _bare(cell):
    """A cell without what keeps a spreadsheet from reading it as a number: ="00123" or '00123."""
    if isinstance(cell, str) and cell[:1] in ("=", "'") and (found := _WRAPPED.match(cell)):
        return found[1] if found[1] is not None else cell[1:]
    return cell


def _objects(values, length):
    result = np.empty(length, dtype=object)
    result[:] = list(values)
    return result
