"""What happened to an export on its way into a contract table, in sentences."""

from liveshop.tables.markdown import escape


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
    ignored           columns of the export that no contract column uses; empty_columns: those without a value
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

    def sentences(self):
        """The report as a list of sentences, without markup."""
        kept = (f"{self.rows_kept:,} were kept for the table {self.table}" if self.rows_used == self.rows_kept else
                f"{self.rows_used:,} of them gave the {self.rows_kept:,} rows of the table {self.table}")
        lines = [f"{self.rows_read:,} rows were read from {self._heading()}; {kept}."]
        if self.lines_of:
            many = "together they" if self.rows_used == self.rows_read else f"{self.rows_used:,} of them together"
            lines = [f"{self.rows_read:,} rows of {self.source}, those that became {self.lines_of}, were read again; {many} gave the "
                     f"{self.rows_kept:,} rows of the table {self.table}."]
        for entry in self.set_aside:
            lines.append(f"{entry['rows']:,} set aside: {entry['reason']} ({self._places(entry)}).")
        if self.above:
            lines.append(f"Above the headings stood: {'; '.join(self.above)}.")
        lines += [_stop(f"Warning: {w}") for w in self.warnings]
        lines += [_stop(f"{n[:1].upper()}{n[1:]}") for n in self.notes]
        if self.empty_columns:
            lines.append(f"Columns without a single value: {', '.join(self.empty_columns)}.")
        if self.ignored:
            lines.append(f"Columns of the export that were not used: {', '.join(self.ignored)}.")
        if self.absent:
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
                lines += [f"- {escape('; '.join(f'{k}: {v}' for k, v in example.items()))}" for example in entry["examples"]]
                lines.append("")
        return "\n".join(lines)

    def _repr_markdown_(self):
        return self.markdown()


def _stop(text):
    return text if text.endswith((".", "?")) else f"{text}."
