"""Workbooks: which sheets are read, and the cells of each."""

import io
import re
import zipfile
from dataclasses import dataclass, field

from liveshop.tables import progress
from liveshop.tables.errors import TableError

ALL = "all"
MOST_ROWS, MOST_CELLS = 2**20, 20_000_000  # what a sheet can have; what a workbook may have, empty ones included
TOLD = 20_000  # after so many lines it is told how far the reading is
SUSPECT, RATIO = 20_000_000, 100  # bytes of a part of it, and how far it is packed: no export comes near both
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]+[0-9]+:[A-Z]+[0-9]+)"')


@dataclass
class Sheet:
    """A sheet of a workbook. rows: (number of the line, list of its cells)."""

    title: str
    rows: list
    notes: list = field(default_factory=list)
    hidden: bool = False


def sheets(content, name, wanted, largest):
    """The sheets of a workbook that the mapping's sheet: means, as `Sheet`; those that are hidden come last.

    wanted: a title, a number, a list of them, "all" (all that are not hidden), or None for each of them.
    largest: how many bytes the workbook may unpack to.
    """
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            _is_one(packed, name)
            _can_be_unpacked(packed, name, largest)
            formulas, merged = _looked_through(packed, name)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        typed = load_workbook(io.BytesIO(content), read_only=True) if formulas else None
        found = []
        for sheet in sorted(_wanted(book.worksheets, wanted, name), key=_hidden):
            rows = _cells(sheet, typed[sheet.title] if typed else None, name)
            found.append(Sheet(sheet.title, *_filled(rows, merged.get(_part(sheet), ()), name), hidden=_hidden(sheet)))
        return found
    except TableError:
        raise
    except Exception as error:
        raise TableError(problem=f"{name} cannot be read as a workbook ({type(error).__name__})",
                         remedy="open it in a spreadsheet and save it again as .xlsx") from error


def _is_one(packed, name):
    """Raise where a packed file is another program's workbook, or none at all."""
    names = packed.namelist()
    if "[Content_Types].xml" in names:
        return
    kind = b""
    if "mimetype" in names:
        with packed.open("mimetype") as part:
            kind = part.read(100)
    if b"opendocument" in kind or {"content.xml", "META-INF/manifest.xml"} <= set(names):
        raise TableError(problem=f"{name} is an OpenDocument workbook", remedy="save it as .xlsx or .csv")
    if "Index/Document.iwa" in names or any(one.endswith(".iwa") or one == "Index.zip" for one in names):
        raise TableError(problem=f"{name} is a workbook of Apple Numbers", remedy="export it as .xlsx or .csv")
    raise TableError(problem=f"{name} is a packed folder, not a workbook", remedy="unpack it and name the file in it")


def _can_be_unpacked(packed, name, largest):
    """Raise where a workbook is much larger than its file, by accident or to fill the memory."""
    if sum(part.file_size for part in packed.infolist()) > largest:
        raise TableError(
            problem=f"{name} unpacks to more than {largest // 10**9} GB", remedy="split the export by period")
    for part in packed.infolist():
        if part.file_size > SUSPECT and part.file_size > RATIO * part.compress_size:
            times = part.file_size / max(1, part.compress_size)
            raise TableError(
                problem=f"{name} is no usual workbook: {part.filename[:60]} in it unpacks to "
                f"{part.file_size / 1e6:,.0f} MB, {times:,.0f} times its size",
                remedy="export it again as .csv, or copy the cells into a new workbook")


def _looked_through(packed, name):
    """(whether a workbook has formulas, part → its merged cells), from the text of its sheets."""
    cells, formulas, merged = 0, False, {}
    for part in packed.namelist():
        if part.startswith("xl/worksheets/"):
            text = packed.read(part)
            cells += sum(1 for _ in _CELL.finditer(text))
            if cells > MOST_CELLS:
                raise _too_many(name)
            formulas = formulas or b"<f>" in text or b"<f " in text
            merged[part] = _MERGED.findall(text)
    return formulas, merged


def _too_many(name):
    return TableError(problem=f"{name} has more than {MOST_CELLS:,} cells, empty ones included",
                      remedy="export it as .csv, or split it by period")


def means_all(wanted):
    """Whether the mapping's sheet: says all."""
    return str(wanted).strip().lower() == ALL


def _hidden(sheet):
    return sheet.sheet_state != "visible"


def _wanted(found, wanted, name):
    titles = [sheet.title for sheet in found]
    if not titles:
        raise TableError(problem=f"{name} has no sheet with cells", remedy="export it again")
    if wanted is None:
        return found
    chosen = {}
    for one in wanted if isinstance(wanted, list) else [wanted]:
        if isinstance(one, int) and not isinstance(one, bool) and 1 <= one <= len(titles):
            like = [found[one - 1]]
        else:
            like = [sheet for sheet in found if sheet.title.strip().lower() == str(one).strip().lower()]
        if not like and means_all(one):
            like = [sheet for sheet in found if not _hidden(sheet)] or found
        if not like:
            raise TableError(
                problem=f"{name} has no sheet “{one}”", remedy=f"write sheet: with one of {', '.join(titles[:8])}")
        chosen |= {sheet.title: sheet for sheet in like}
    return list(chosen.values())


def _part(sheet):
    """The file inside the workbook that holds a sheet; openpyxl's quick reader knows it and says it nowhere else."""
    return getattr(sheet, "_worksheet_path", "").lstrip("/")


def _cells(sheet, formulas, name):
    """Rows of cell values. A formula without a stored result gives its text, as a title =HYPERLINK(…) does."""
    for s in (sheet, formulas):
        if s is not None:
            s.reset_dimensions()  # the size that the file states may be wrong, and would cut rows off
    rows, cells = [], 0
    for n, row in enumerate(sheet.iter_rows(values_only=True), start=1):  # lines and cells that are left out come empty
        cells += len(row)
        if n % TOLD == 1:
            progress.tell(f"{name}, sheet {sheet.title}, line {n:,}")
        if n > MOST_ROWS:
            raise TableError(
                problem=f"the sheet {sheet.title} of {name} has a line beyond {MOST_ROWS:,}, the last that a sheet can "
                "have", remedy="export it as .csv")
        if cells > MOST_CELLS:
            raise _too_many(name)
        rows.append((n, list(row)))
    if formulas is not None:
        for (_, row), typed in zip(rows, formulas.iter_rows(values_only=True), strict=False):
            for i, value in enumerate(typed[:len(row)]):
                if row[i] is None and value is not None:
                    row[i] = str(getattr(value, "text", value))
    while rows and all(v is None or v == "" for v in rows[-1][1]):
        rows.pop()
    return rows


def _filled(rows, merged, name):
    """The rows with merged cells filled downwards, and a note of it: a merged cell holds for all of its lines."""
    from openpyxl.utils import range_boundaries

    at, count, ranges = {line: row for line, row in rows}, 0, [range_boundaries(place.decode()) for place in merged]
    cells = sum(max(0, min(bottom, len(rows)) - top) for _, top, _, bottom in ranges)
    if cells > MOST_CELLS:
        raise _too_many(name)
    for left, top, _, bottom in ranges:
        above = at.get(top, [])
        if bottom == top or len(above) < left or above[left - 1] in (None, ""):
            continue
        count += 1
        for line in range(top + 1, min(bottom, len(rows)) + 1):
            row = at.get(line)
            if row is not None:
                cells += max(0, left - len(row))
                if cells > MOST_CELLS:
                    raise _too_many(name)
                row += [None] * (left - len(row))
                row[left - 1] = above[left - 1]
    if not count:
        return rows, []
    cells = f"{count:,} merged cell{' was' if count == 1 else 's were'}"
    return rows, [f"{cells} filled: each of their lines has the value of the first"]
