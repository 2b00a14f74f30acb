"""What happened to an export on its way into a contract table, in sentences."""

import re

from liveshop.tables.adapt import parts, values
from liveshop.tables.adapt.headings import normal
from liveshop.tables.contract import persons
from liveshop.tables.errors import listed
from liveshop.tables.markdown import escape

HARMLESS = re.compile(r"(?=.*[0-9])(?!.*@)([!-~]{1,40}|[0-9]{4}[0-9 :./-]{4,22})$", re.ASCII)
TOP = 100  # cells of a column that are looked at before all of them are
LINES, EXAMPLES = 5, 3  # how many line numbers and how many examples a report gives of what was set aside


class AdaptReport(dict):
    """The account of one adaptation: plain data (it survives JSON), readable as attributes, printable as sentences.

    rows_read = rows_used + the rows of all entries of set_aside, always; and rows_used = rows_kept, except where the
    mapping puts lines together (take:) or sets refunds against order lines (match:).

    table, title      the contract table; source, sheet, encoding, header_line: what was read
    rows_read         lines below the header that were not empty; with lines_of, those that became rows of that table
    rows_used         lines that the rows were made from
    rows_kept         rows of the resulting frame
    set_aside         list of {reason, rows, lines (the first few), examples}
    columns           contract column → where its values come from
    not_read          sheets of the workbook that hold something and were not read
    ignored           columns of the export that no contract column uses; empty_columns: those without a value
    currency, foreign the currency of the amounts, where mapping or signs tell it; columns of amounts that are no yuan
    absent            optional contract columns for which the export has nothing
    warnings, notes   what looks suspicious; what was assumed
    """

    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None

    def __deepcopy__(self, memo):
        return self  # pandas copies what a frame carries at every step of a computation; the account stays one

    def _heading(self):
        place = "".join([f", sheet {self.sheet}" if self.sheet else "", f", {self.encoding}" if self.encoding else "",
                         f", headings in line {self.header_line}" if self.header_line else ""])
        return f"{self.source}{place}"

    def sentences(self, columns=True):
        """The report as a list of sentences, without markup. columns: also those that were not used or are absent."""
        kept = (f"{self.rows_kept:,} were kept for the table {self.table}" if self.rows_used == self.rows_kept else
                f"{self.rows_used:,} of them gave the {self.rows_kept:,} rows of the table {self.table}")
        lines = [f"{self.rows_read:,} rows were read from {self._heading()}; {kept}."]
        if self.lines_of:
            many = "together they" if self.rows_used == self.rows_read else f"{self.rows_used:,} of them together"
            lines = [
                f"{self.rows_read:,} rows of {self.source}, those that became {self.lines_of}, were read again; {many} "
                f"gave the {self.rows_kept:,} rows of the table {self.table}."
            ]
        for entry in self.set_aside:
            lines.append(f"{entry['rows']:,} set aside: {entry['reason']} ({self._places(entry)}).")
        if self.above:
            lines.append(f"Above the headings stood: {'; '.join(self.above)}.")
        if self.not_read:
            sheets = f"sheet{'s' if len(self.not_read) > 1 else ''} {', '.join(self.not_read)}"
            lines.append(f"Not read: the {sheets}.")
        lines += [_stop(f"Warning: {w}") for w in self.warnings]
        lines += [_stop(f"{n[:1].upper()}{n[1:]}") for n in self.notes]
        if self.empty_columns:
            lines.append(f"Columns without a single value: {listed(self.empty_columns)}.")
        if self.ignored and columns:
            lines.append(f"Columns of the export that were not used: {listed(self.ignored)}.")
        if self.absent and columns:
            lines.append(f"The export has nothing for: {', '.join(self.absent)}.")
        return lines

    def _places(self, entry):
        more = ", …" if entry["rows"] > len(entry["lines"]) else ""
        unit = self.unit + ("s" if len(entry["lines"]) > 1 else "")
        return f"{unit} {', '.join(str(n) for n in entry['lines'])}{more}"

    def __str__(self):
        return "\n".join(self.sentences())

    __repr__ = __str__

    def markdown(self):
        """The report as Markdown; whatever comes from the export is escaped."""
        lines = [f"### {self.title} (`{self.table}`)", "", *(f"- {escape(s)}" for s in self.sentences()), ""]
        if self.columns:
            lines += ["| column of the course | comes from |", "| --- | --- |"]
            lines += [f"| `{name}` | {escape(source)} |" for name, source in self.columns.items()]
            lines.append("")
        for entry in self.set_aside:
            if entry["examples"]:
                lines += [f"Set aside, {escape(entry['reason'])}, for example:", ""]
                lines += [
                    f"- {escape('; '.join(f'{k}: {v}' for k, v in example.items()))}" for example in entry["examples"]]
                lines.append("")
        return "\n".join(lines)

    def _repr_markdown_(self):
        return self.markdown()


def _stop(text):
    return text if text.endswith((".", "?")) else f"{text}."


def report(task, plan, draft, account, frame, currency=None, foreign=()):
    """The `AdaptReport` of a finished table."""
    headings = list(task.raw.frame.columns)
    empty = [h for h in headings if _is_empty(task.raw, h)]
    lost = [name for name in frame.columns
            if len(frame) and frame[name].isna().all() and name in plan and plan[name][0] not in empty]
    told, seen = note(task.entry), {*account.used, *account.asked, *empty}
    return AdaptReport(
        table=task.spec.name,
        title=task.spec.title,
        source=task.raw.source,
        unit=task.raw.unit,
        sheet=task.raw.sheet,
        encoding=task.raw.encoding,
        header_line=task.raw.header_line,
        above=task.raw.above,
        not_read=task.raw.not_read,
        lines_of=task.base.task.spec.name if task.base else "",
        rows_read=task.read,
        rows_used=len(draft.used_lines()),
        rows_kept=len(frame),
        set_aside=_set_aside(task, plan, draft),
        columns={n: account.origin[n] for n in frame.columns},
        ignored=[h for h in headings if h not in seen],
        empty_columns=empty,
        currency=currency,
        foreign=list(foreign),
        absent=[n for n in task.spec.columns if n not in frame],
        warnings=[
            *account.warnings,
            *(f"{n} has no value left: every cell of “{plan[n][0]}” stands for nothing" for n in lost)],
        notes=[*dict.fromkeys(account.notes), *([told] if told else [])],
    )


def note(entry):
    """The mapping's own note, on one line."""
    return " ".join(str(entry.get("note") or "").split())


def _set_aside(task, plan, draft):
    """What was set aside: by the reading first, then by the stages.

    Examples show only what the mapping says is no person and no free text: a name, a telephone or a street may stand
    in any other cell.
    """
    frame = task.raw.frame
    found = [{"reason": reason, "rows": len(lines), "lines": list(lines[:LINES]), "examples": []}
             for reason, lines in (task.raw.set_aside if task.base is None else ())]
    told = [heading for name, (heading, _) in plan.items() if _shown(task, name, heading)][:4]
    for reason, positions in draft.aside.items():
        positions = sorted(positions)
        found.append(
            {
                "reason": reason, "rows": len(positions),
                "lines": [parts.label(task.raw, p) for p in positions[:LINES]],
                "examples": [example for p in positions[:EXAMPLES]
                             if (example := {h: str(c)[:40] for h in told if _harmless(c := frame[h].iloc[p])})]}
        )
    return found


def _shown(task, name, heading):
    """Whether the cells of a mapped column may be shown: numbers, times and ids of what is no person."""
    column = task.columns.get(name)
    read = [heading, *task.entry["columns"].get(name, {}).get("join", ())]
    if column is None or column.person or name in persons() or any(normal(one) in task.persons for one in read):
        return False
    return column.type != "string" or column.is_id


def _harmless(cell):
    """Whether a cell has the form of an id, a number or a time: in a line that is shifted, a name stands anywhere."""
    return bool(HARMLESS.match(str(values.tidy(cell) or "")))


def _is_empty(raw, heading):
    """Whether no cell of a column holds anything. Nearly always the first ones tell."""
    some = raw.cells(heading)[:TOP]
    if not all(values.is_nothing(values.tidy(cell)) for cell in some):
        return False
    return len(some) < TOP or all(values.is_nothing(values.tidy(cell)) for cell in raw.split(heading)[1])
