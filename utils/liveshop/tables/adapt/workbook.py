"""Workbooks: which sheets are read, and the cells of each."""

import io
import re
import zipfile
from dataclasses import dataclass, field

from liveshop.tables.errors import TableError

ALL = "all"
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
            if sum(part.file_size for part in packed.infolist()) > largest:
                raise TableError(
                    problem=f"{name} unpacks to more than {largest // 10**9} GB", remedy="split the export by period")
            parts = {n: packed.read(n) for n in packed.namelist() if n.startswith("xl/worksheets/")}
            formulas = any(b"<f>" in part or b"<f " in part for part in parts.values())
            merged = {n: _MERGED.findall(part) for n, part in parts.items()}
            del parts
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        typed = load_workbook(io.BytesIO(content), read_only=True) if formulas else None
        return [Sheet(s.title, *_filled(_cells(s, typed[s.title] if typed else None), merged.get(_part(s), ())),
                      hidden=_hidden(s)) for s in sorted(_wanted(book.worksheets, wanted, name), key=_hidden)]
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
    kind = packed.read("mimetype")[:100] if "mimetype" in names else b""
    if b"opendocument" in kind or {"content.xml", "META-INF/manifest.xml"} <= set(names):
        raise TableError(problem=f"{name} is an OpenDocument workbook", remedy="save it as .xlsx or .csv")
    if "Index/Document.iwa" in names or any(one.endswith(".iwa") or one == "Index.zip" for one in names):
        raise TableError(problem=f"{name} is a workbook of Apple Numbers", remedy="export it as .xlsx or .csv")
    raise TableError(problem=f"{name} is a packed folder, not a workbook", remedy="unpack it and name the file in it")


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


def _cells(sheet, formulas):
    """Rows of cell values. A formula without a stored result gives its text, as a title =HYPERLINK(…) does."""
    for s in (sheet, formulas):
        if s is not None:
            s.reset_dimensions()  # the size that the file states may be wrong, and would cut rows off
    rows = [(n, list(row)) for n, row in enumerate(sheet.iter_rows(values_only=True), start=1)]
    if formulas is not None:
        for (_, row), typed in zip(rows, formulas.iter_rows(values_only=True), strict=False):
            for i, value in enumerate(typed[:len(row)]):
                if row[i] is None and value is not None:
                    row[i] = str(getattr(value, "text", value))
    while rows and all(v is None or v == "" for v in rows[-1][1]):
        rows.pop()
    return rows


def _filled(rows, merged):
    """The rows with merged cells filled downwards, and a note of it: a merged cell holds for all of its lines."""
    from openpyxl.utils import range_boundaries

    at, count = {line: row for line, row in rows}, 0
    for place in merged:
        left, top, _, bottom = range_boundaries(place.decode())
        above = at.get(top, [])
        if bottom == top or len(above) < left or above[left - 1] in (None, ""):
            continue
        count += 1
        for line in range(top + 1, bottom + 1):
            row = at.get(line)
            if row is not None:
                row += [None] * (left - len(row))
                row[left - 1] = above[left - 1]
    if not count:
        return rows, []
    cells = f"{count:,} merged cell{' was' if count == 1 else 's were'}"
    return rows, [f"{cells} filled: each of their lines has the value of the first"]
