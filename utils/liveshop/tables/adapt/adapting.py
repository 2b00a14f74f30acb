"""A real export → a contract table: `adapt` and `adapt_all`."""

import ast
import fnmatch
import operator
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd

from liveshop.tables.contract import Column, contract, persons, table_of
from liveshop.tables.errors import MissingColumn, TableError, nearest, only_table_errors, show
from liveshop.tables.validation import typed, validate
from liveshop.tables.adapt import reading, values
from liveshop.tables.adapt.mapping import entries, leans_on
from liveshop.tables.adapt.matching import CENT, latest_first
from liveshop.tables.adapt.report import AdaptReport
from liveshop.tables.pseudonyms import pseudonymise
from liveshop.tables.adapt.values import Notes, Unreadable

TOTALS = re.compile(r"^\W*(grand total|total|totals|sum|sub-?total|summary|合计|总计|汇总|小计|总和|共计|平均|average)\W*$", re.I)
EXAMPLES = 3
LONGEST_FORMULA = 200


@only_table_errors
def adapt(source, mapping, table=None):
    """Bring an export into the form of a contract table.

    source: a file (.csv, .csv.gz, .xlsx, .parquet, .json), a folder if the mapping names files in it, or a DataFrame.
    mapping: a YAML file, the name of one that comes with the course (such as "tiktok-live-export"), a dict, or
    just the name of a table when the headings are the contract's own, English or Chinese (liveshop.tables.adapt.mapping
    lists every setting).
    table: which one, if the mapping fills several; all of them together are what `adapt_all` gives.

    Returns a pandas DataFrame with the contract's columns, types and units. `.attrs["report"]` is an `AdaptReport`:
    rows read, kept and set aside with the reason; no row is ever lost without being counted there.
    Raises TableError with one sentence when the result would break the contract.
    """
    known = entries(mapping)
    wanted = known if table is None else [e for e in known if e["table"] == table_of(table).name]
    if len(wanted) != 1:
        raise TableError(table, problem=f"the mapping fills {len(wanted) or 'none of'} such tables" if table else
                         f"the mapping fills {len(wanted)} tables", remedy="name one with table=, or use adapt_all")
    name = wanted[0]["table"]
    return _works(source, known, {name})[name].finish()


@only_table_errors
def adapt_all(source, mapping):
    """All tables that a mapping fills, as a dict name → DataFrame, held against each other as well (see `adapt`).

    A person has one id in all of them, so they join. With a mapping of one table it is a dict of one.
    """
    works = _works(source, entries(mapping))
    frames = {name: work.finish() for name, work in works.items()}
    for name, frame in frames.items():
        report = frame.attrs["report"]
        for problem in validate(frame, name, frames):
            if problem.severity == "error":
                raise problem.error()
            if str(problem) not in report["warnings"] and not _is_about_columns(problem):
                report["warnings"].append(str(problem))
    _say_once([frame.attrs["report"] for frame in frames.values()], works)
    return frames


def _say_once(reports, works):
    """What holds for several tables of one source stands in the first report only."""
    told = set()
    for report in reports:
        # A column that another table uses is not idle.
        used = {heading for work in works.values() if work.raw.source == report["source"] for heading in (*work.used, *work.asked)}
        report["ignored"] = [heading for heading in report["ignored"] if heading not in used]
        for name in ("ignored", "empty_columns", "above"):
            report[name] = [text for text in report[name] if (report["source"], name, text) not in told]
            told |= {(report["source"], name, text) for text in report[name]}
        note = _note(works[report["table"]].entry)
        if ("note", note) in told:
            report["notes"] = [text for text in report["notes"] if text != note]
        told.add(("note", note))


def _note(entry):
    return " ".join(str(entry.get("note") or "").split())


def _is_about_columns(problem):
    return problem.kind in ("absent columns", "unknown columns")


def _works(source, known, wanted=None):
    """The finished tables of a mapping: name → _Work. wanted: these and what they lean on, instead of all."""
    if wanted is not None:
        for entry in reversed(known):
            if entry["table"] in wanted:
                wanted = {*wanted, *leans_on(entry)}
        known = [entry for entry in known if entry["table"] in wanted]
    read, works = {}, {}
    persons = _persons(known)
    for entry in known:
        spec = table_of(entry["table"])
        base = works.get(entry["lines_of"])
        work = _Work(base.raw if base else _read(source, entry, spec, read), entry, spec, persons)
        if base:
            work.begin_with(base)
        else:
            work.set_totals_aside()
        work.apply_where()
        work.resolve()
        work.convert()
        work.derive()
        if entry["match"]:
            work.find_purchases(works["orders"])
        else:
            work.put_together()
            work.drop_repeats()
        work.finish()
        works[spec.name] = work
    return works


def _persons(known):
    """Headings, in normal form, under which a mapping or the contract has persons."""
    found = set()
    for table in contract().values():
        for column in table.columns.values():
            if column.person:
                found |= {column.name, column.title_zh}
    for entry in known:
        for name in persons():
            found.update(entry["columns"].get(name, {}).get("from", ()))
    return {reading.normal(heading) for heading in found if heading}


def _read(source, entry, spec, read):
    if not isinstance(source, pd.DataFrame):
        source = _file(source, entry, spec)
    known = {*spec.columns, *(c.title_zh for c in spec.columns.values())} if entry["aliases"] else set()
    for rule in entry["columns"].values():
        known.update(rule.get("from", ()))
    options = {k: entry.get(k) for k in ("sheet", "header", "encoding", "delimiter", "decimal")}
    # Several tables from one source: read it once, unless another header could be meant.
    key = ("frame" if isinstance(source, pd.DataFrame) else str(source), *map(str, options.values()))
    try:
        if key not in read:
            read[key] = reading.read(source, options, known)
        return read[key]
    except TableError as error:
        raise TableError(spec.name, error.column, error.row, error.problem, error.remedy) from error


def _file(source, entry, spec):
    if not isinstance(source, (str, Path)):
        raise TableError(spec.name, problem=f"a {type(source).__name__} is no source", remedy="give the path of a file, or a DataFrame")
    try:
        path = Path(source).expanduser()
        if not path.is_dir():
            return path
        pattern = entry.get("file") or f"{Path(spec.path).stem}.*"
        found = sorted(f for f in path.iterdir() if f.is_file() and fnmatch.fnmatch(f.name, str(pattern)))
    except (OSError, ValueError, RuntimeError) as error:
        raise TableError(spec.name, problem=f"“{str(source)[:80]}” cannot be opened", remedy="give the path of a file") from error
    if len(found) != 1:
        have = f"{len(found)} files" if found else "no file"
        raise TableError(spec.name, problem=f"the folder {path.name} has {have} like {pattern}", remedy="name the file itself, or give file: in the mapping")
    return found[0]


class _Work:
    """One table on its way: the export's rows that are still in, what was set aside, the columns made so far."""

    def __init__(self, raw, entry, spec, persons):
        self.raw, self.entry, self.spec, self.persons = raw, entry, spec, persons
        # A refund is found by columns of orders, which are made and then left behind.
        self.columns = {**table_of("orders").columns, **spec.columns} if entry["match"] else spec.columns
        self.rows = np.arange(len(raw.frame))  # positions in raw.frame of the rows still in
        self.lines = None  # where lines were put together or divided: for each row, the positions that it was made from
        self.result = None
        self.base = None  # the work whose lines this one reads
        self.read = len(raw.frame) + sum(len(lines) for _, lines, _ in raw.set_aside)
        self.aside = {}  # reason → positions in raw.frame
        self.notes = list(raw.notes)
        self.warnings = []
        self.made = {}  # contract or working column → object array along self.rows
        self.origin = {}
        self.used, self.asked = [], []  # headings that fill a column; headings that where rules ask
        self.by_name = {}
        for heading in raw.frame.columns:
            self.by_name.setdefault(reading.normal(heading), []).append(heading)

    # rows ---------------------------------------------------------------------------------------------------------

    def place(self, position):
        return f"{self.raw.unit} {self.raw.lines[position]}"

    def keep(self, mask, reason):
        """Keep the rows of a mask along self.rows; the others are set aside with the reason."""
        mask = np.asarray(mask, dtype=bool)
        if mask.all():
            return
        gone = self.rows[~mask]
        if self.lines is not None:
            gone, self.lines = self.lines[~mask], self.lines[mask]
            gone = np.setdiff1d(_flat(gone), _flat(self.lines))
        if len(gone):
            self.aside.setdefault(reason, []).extend(gone.tolist())
        self.rows = self.rows[mask]
        self.made = {name: column[mask] for name, column in self.made.items()}

    def used_lines(self):
        """Positions in raw.frame of the lines that the rows were made from."""
        return self.rows if self.lines is None else np.unique(_flat(self.lines))

    def begin_with(self, base):
        """Read the lines that another table of the mapping kept, and those alone."""
        self.base, self.rows = base, np.sort(base.used_lines())
        self.read = len(self.rows)

    def set_totals_aside(self):
        if self.entry["totals"] == "keep" or not len(self.rows) or self.raw.unit == "row":
            return
        # The word stands in the first column, or in the second behind an empty first. Elsewhere it may be a title.
        frame, total, empty = self.raw.frame, np.zeros(len(self.rows), dtype=bool), np.ones(len(self.rows), dtype=bool)
        for heading in list(frame.columns)[:2]:
            codes, different = _different(frame[heading].to_numpy())
            total |= empty & np.array([isinstance(v, str) and bool(TOTALS.match(v)) for v in different])[codes]
            empty = np.array([values.is_nothing(values.tidy(v)) for v in different])[codes]
        self.keep(~total, "totals line")

    def apply_where(self):
        for rule in self.entry["where"]:
            heading = self.heading([rule["column"]])
            if heading is None:
                raise TableError(self.spec.name, problem=f"the where rule needs the column “{rule['column']}”, which {self.raw.source} does not have",
                                 remedy=nearest(rule["column"], self.raw.frame.columns))
            self.asked.append(heading)
            fits = self.by_value(self.raw.frame[heading].to_numpy()[self.rows], lambda v: self.fits(v, rule), heading, None)
            self.keep(fits.astype(bool), rule["reason"])

    def fits(self, value, rule):
        test, limit = rule["test"], rule["value"]
        nothing = values.is_nothing(value)
        if test == "present":
            return nothing != limit
        if test in ("is", "is_not"):
            return (values.text(value) in limit if value is not None else False) == (test == "is")
        if test in ("matches", "does_not_match"):
            return bool(limit.search(values.text(value)) if value is not None else False) == (test == "matches")
        if nothing:
            return False
        try:
            amount = values.number(value, self.entry["decimal"])
        except Unreadable:
            return False
        compare = {"above": operator.gt, "below": operator.lt, "at_least": operator.ge, "at_most": operator.le}[test]
        return compare(amount, Decimal(repr(limit)))

    # columns ------------------------------------------------------------------------------------------------------

    def heading(self, names):
        """The export's heading for the first of the names that it has, or None."""
        for name in names:
            if name in self.raw.frame.columns:
                return name
            found = self.by_name.get(reading.normal(name), [])
            if len(found) > 1:
                raise TableError(self.spec.name, problem=f"several columns of {self.raw.source} could be “{name}”: {', '.join(found)}",
                                 remedy="name the right one under columns: in the mapping")
            if found:
                return found[0]
        return None

    def resolve(self):
        """Find the export's column for every rule and, by alias, for every other column of the contract."""
        self.plan, taken = {}, set()
        for name, rule in self.entry["columns"].items():
            if "from" in rule or not {"constant", "formula", "number_within"} & set(rule):
                wanted = rule.get("from") or [name, self.title(name)]
                heading = self.heading(wanted)
                if heading is None:
                    self.lacking(name, wanted)
                    continue
                taken.add(heading)
                self.plan[name] = (heading, rule)
        if self.entry["aliases"]:
            for name, column in self.columns.items():
                if name in self.entry["columns"] or not (name in self.spec.columns or name in self.entry["match"]):
                    continue
                own = [n for n in (name, column.title_zh) if n]
                heading = self.heading(own)
                if heading in self.entry["ignore"]:
                    continue
                if heading is not None and (heading == name or heading not in taken):
                    self.plan[name] = (heading, {})
        needed = [c for c in self.spec.required if not (self.entry["match"] and c in self.spec.key)]
        for name in dict.fromkeys([*self.entry["match"], *needed]):
            if name not in self.plan and not {"constant", "formula", "number_within"} & set(self.entry["columns"].get(name, ())):
                self.lacking(name, [name, self.title(name)])

    def title(self, name):
        return self.columns[name].title_zh if name in self.columns else name

    def lacking(self, name, wanted):
        column = self.columns.get(name)
        headings = [str(h)[:40] for h in self.raw.frame.columns]
        if column is None or column.required or name in self.entry["match"]:
            remedy = (f"write {name}: and the right heading under columns: in the mapping" if self.entry["columns"]
                      else f"name the column {name} in the file, or write a mapping that says under which heading it stands")
            raise MissingColumn(self.spec.name, name, problem=f"{self.raw.source} has no column “{wanted[0]}” for it "
                                f"(it has {', '.join(headings[:12])}{' …' if len(headings) > 12 else ''})", remedy=remedy)
        self.notes.append(f"the mapping fills {name} from “{wanted[0]}”, which the export does not have")

    def by_value(self, cells, parse, heading, name):
        """parse() of every cell, once for each different value. Unreadable cells raise, or set their rows aside."""
        codes, different = _different(cells)
        parsed = np.empty(len(different), dtype=object)
        failed = np.zeros(len(different), dtype=bool)
        for i, cell in enumerate(different):
            try:
                parsed[i] = parse(values.tidy(cell))
            except Unreadable:
                failed[i] = True
        self.bad = np.flatnonzero(failed[codes])
        if len(self.bad):
            self.unreadable(cells, self.bad, parse, heading, name)
        return parsed[codes]

    def unreadable(self, cells, bad, parse, heading, name):
        try:
            parse(values.tidy(cells[bad[0]]))
        except Unreadable as error:
            if self.entry["bad_rows"] == "error":
                more = f" (and {len(bad) - 1:,} more like it)" if len(bad) > 1 else ""
                of = f"{name} (“{heading}”)" if name and heading != name else name or heading
                raise TableError(self.spec.name, of, self.place(self.rows[bad[0]]), error.what + more,
                                 f"{error.remedy}, or write bad_rows: set_aside") from error

    def convert(self):
        """Give every planned column its contract type and unit."""
        for name, (heading, rule) in self.plan.items():
            column = self.columns.get(name) or Column(name, rule["type"], "", "")
            cells = self.raw.frame[heading].to_numpy()[self.rows]
            notes, unit = Notes(), rule.get("unit")
            if unit is None and (hint := reading.bracket(heading)):
                unit = hint if self.is_unit(hint, column) else None
                if unit and self.factor(unit, column) != 1:
                    notes.add(f"read in {unit}, as its heading says")
            if rule.get("pseudonym"):
                cells = self.pseudonyms(cells, column, rule)
            parse = self.parser(column, rule, unit, notes)
            if column.is_ratio and unit is None:
                self.mixed_percent(cells, name, heading)
            self.made[name] = self.by_value(cells, parse, heading, name)
            if len(self.bad):
                mask = np.ones(len(self.rows), dtype=bool)
                mask[self.bad] = False
                self.keep(mask, f"{name} cannot be read")
            self.used.append(heading)
            self.origin[name] = heading + (f" (in {unit})" if unit else "")
            self.notes += [f"{name}: {note}" for note in notes.counts]

    def pseudonyms(self, cells, column, rule):
        tidied = pd.Series([None if values.is_nothing(v := values.tidy(c)) else values.text(v) for c in cells], dtype=object)
        kind = "Int64" if column.type == "integer" else "str"
        self.notes.append(f"{column.name}: ids were replaced by pseudonyms, the same person the same one in this run")
        return pseudonymise(pd.DataFrame({"id": tidied}), columns=["id"], integers=kind == "Int64")["id"].astype(object).to_numpy()

    def is_unit(self, unit, column):
        if column.is_money:
            return unit in values.MONEY
        if column.is_seconds or column.is_minutes:
            return unit in values.SECONDS
        if column.is_ratio:
            return unit in values.SHARES
        return column.type in ("integer", "number") and unit in values.COUNTS

    def factor(self, unit, column):
        """What a number in this unit is multiplied by to give the contract's unit."""
        if column.is_seconds or column.is_minutes:
            return values.SECONDS.get(unit, Decimal(1)) / (60 if column.is_minutes else 1)
        known = values.MONEY if column.is_money else values.SHARES if column.is_ratio else {**values.COUNTS, **values.SHARES}
        if unit is None:
            return Decimal(1)
        if unit not in known:
            raise TableError(self.spec.name, column.name, problem=f"unit: {unit} does not fit a column in {column.unit or column.type}",
                             remedy=f"write one of {', '.join(sorted(known))}")
        return Decimal(known[unit])

    def mixed_percent(self, cells, name, heading):
        signed = np.fromiter((values.has_percent(c) for c in cells), bool, len(cells))
        if not signed.any():
            return
        plain = [c for c in cells[~signed] if not values.is_nothing(values.tidy(c))]
        large = [c for c in plain if isinstance(c, (int, float)) and c > 1]
        if large:
            self.warnings.append(f"{name}: some cells of “{heading}” carry a % sign and others ({show(large[0])}) do not")

    def parser(self, column, rule, unit, notes):
        """The function that reads one tidied cell of this column."""
        missing = {values.text(v).lower() for v in (*self.entry["missing"], *rule.get("missing", ())) if v is not None}
        codes = set()
        for word in missing:
            try:
                codes.add(values.number(word))
            except Unreadable:
                pass
        translate = {values.text(k): v for k, v in rule.get("values", {}).items()}
        decimal, regex = self.entry["decimal"], rule.get("regex")
        length = column.is_seconds or column.is_minutes
        if column.type in ("integer", "number") and not length:
            factor = self.factor(unit, column)
        if length and unit is not None and unit not in values.SECONDS:
            raise TableError(self.spec.name, column.name, problem=f"unit: {unit} is no unit of time", remedy="write milliseconds, seconds, minutes or hours")
        if column.type == "datetime" and unit not in (None, "excel", "epoch", "epoch_ms"):
            raise TableError(self.spec.name, column.name, problem=f"unit: {unit} is no way to count time", remedy="write excel, epoch or epoch_ms")

        def amount(value):
            if length:
                default = unit or ("minutes" if column.is_minutes else None)
                result = values.seconds(value, default, notes, decimal) / (60 if column.is_minutes else 1)
                converted = True
            else:
                result = values.number(value, decimal)
                if values.has_percent(value):
                    if not column.is_ratio and column.unit:
                        raise Unreadable(f"{show(value)} is a percentage where {column.unit} are expected", "map another column")
                    if unit in ("percent", "%"):
                        result *= 100  # the sign has divided already
                result *= factor
                converted = factor != 1
            if result in codes:
                return None
            if column.type == "number":
                return float(result)
            if result != result.to_integral_value() and not converted:
                raise Unreadable(f"{show(value)} is not a whole number", f"give {column.unit or 'whole numbers'} without decimals")
            if abs(result) >= 2**63:
                raise Unreadable(f"{show(value)} is too large", "map another column, or write pseudonym: true if it is an id")
            return int(result.to_integral_value())

        words = column.type == "string" and not column.is_id and (not column.enum or not values.ANSWERS.isdisjoint(column.enum))

        def parse(value):
            if values.is_nothing(value, words) or values.text(value).lower() in missing:
                return None
            if regex is not None:
                found = regex.search(values.text(value))
                if not found:
                    raise Unreadable(f"{show(value)} does not match the regex of the mapping", "correct regex:")
                value = values.tidy(found[1] if regex.groups else found[0])
                if value is None:
                    return None
            if translate or "otherwise" in rule:
                word = values.text(value)
                value = values.tidy(translate.get(word, rule.get("otherwise", value)))
                if value is None:
                    return None
            if column.type == "string":
                return values.text(value, notes, column.is_id)
            if column.type == "boolean":
                return values.whether(value)
            if column.type in ("date", "datetime"):
                when = values.moment(value, rule.get("format", ()), unit, self.entry.get("timezone"), notes)
                if not 1700 < when.year < 2250:
                    raise Unreadable(f"{show(value)} is no plausible date", "correct the cell, or leave it empty")
                return when.replace(hour=0, minute=0, second=0, microsecond=0) if column.type == "date" else when
            if column.is_id:
                values.text(value, notes, True)  # only for its note on rounded ids
            return amount(value)

        return parse

    def derive(self):
        """Constants, formulas and running numbers, in the order of the mapping."""
        for name, rule in self.entry["columns"].items():
            column = self.columns.get(name)
            if "constant" in rule:
                constant = self.parser(column or Column(name, rule["type"], "", ""), rule, rule.get("unit"), Notes())
                self.made[name] = self.by_value(_same(rule["constant"], len(self.rows)), constant, "constant", name)
                self.origin[name] = f"the constant {show(rule['constant'])}"
            elif "formula" in rule:
                self.made[name] = self.compute(name, rule["formula"], column)
                self.origin[name] = f"computed: {rule['formula']}"
            elif "number_within" in rule:
                within = rule["number_within"]
                if within not in self.made:
                    raise TableError(self.spec.name, name, problem=f"number_within: {within} is no column made before it",
                                     remedy=nearest(within, self.made))
                groups = pd.Series(self.made[within], dtype=object)
                self.made[name] = (groups.groupby(groups, dropna=False).cumcount() + 1).astype(object).to_numpy()
                self.origin[name] = f"numbered within {within}"

    def compute(self, name, formula, column):
        result = _Formula(self, name, formula).value()
        if isinstance(result, pd.Series) and pd.api.types.is_datetime64_dtype(result.dtype):
            if column is None or column.type not in ("date", "datetime"):
                raise TableError(self.spec.name, name, problem="the formula gives a time", remedy="subtract another time from it to get seconds")
            return result.astype(object).where(result.notna(), None).to_numpy()
        if column is not None and column.type not in ("integer", "number"):
            raise TableError(self.spec.name, name, problem="the formula gives a number", remedy=f"the column wants a {column.type}")
        numbers = pd.Series(result, index=range(len(self.rows)), dtype="float64").replace([np.inf, -np.inf], np.nan)
        numbers = numbers.round(0 if column is not None and column.type == "integer" else 6)
        whole = column is not None and column.type == "integer"
        return _objects(None if v != v else int(v) if whole else v for v in numbers)

    # lines that become other rows -----------------------------------------------------------------------------------

    def put_together(self):
        """The lines that share the table's key as one row, where the mapping says take: how."""
        takes = {name: rule["take"] for name, rule in self.entry["columns"].items() if "take" in rule}
        if not takes or not all(k in self.made for k in self.spec.key):
            return
        keys = pd.DataFrame({k: pd.Series(self.made[k], dtype=object) for k in self.spec.key})
        codes = keys.groupby(list(keys), sort=False, dropna=False).ngroup().to_numpy()
        count = int(codes.max()) + 1 if len(codes) else 0
        for name in list(self.made):
            self.made[name] = self.taken(name, takes.get(name, "first"), codes, count)
            if name in takes:
                self.origin[name] += f", {takes[name]} of the lines"
        self.lines = _grouped(self.rows, codes, count)
        self.rows = np.array([lines[0] for lines in self.lines], dtype=int)

    def taken(self, name, take, codes, count):
        cells, column = pd.Series(self.made[name], dtype=object), self.columns.get(name)
        kind = column.type if column else self.entry["columns"][name]["type"]
        there = cells.notna()
        cells, codes = cells[there], codes[there]
        wanted = {"earliest": "times", "latest": "times", "smallest": "numbers", "largest": "numbers", "sum": "numbers"}.get(take)
        if wanted and kind not in {"times": ("date", "datetime"), "numbers": ("integer", "number")}[wanted]:
            raise TableError(self.spec.name, name, problem=f"take: {take} is for {wanted}", remedy="write take: first or take: last")
        if wanted == "times":
            cells = pd.to_datetime(cells).astype("datetime64[us]")
        elif wanted:
            cells = cells.astype("float64" if kind == "number" else "Int64")
            if take == "sum" and float(cells.astype("float64").abs().sum()) >= 2**53:
                raise TableError(self.spec.name, name, problem="the sum is too large to be exact", remedy="check the unit, or map another column")
        how = {"earliest": "min", "smallest": "min", "latest": "max", "largest": "max"}.get(take, take)
        result = cells.groupby(codes, sort=False).agg(how).reindex(range(count)).astype(object)
        if take == "sum" and kind == "number":
            result = result.map(lambda v: round(v, 6), na_action="ignore")
        return result.where(result.notna(), None).to_numpy()

    def find_purchases(self, orders):
        """For every refund the order lines that it belongs to (see `match` in liveshop.tables.adapt.mapping)."""
        names = self.entry["match"]
        for name in names:
            if name not in orders.made:
                raise TableError(self.spec.name, problem=f"match: {name} is not filled in orders", remedy=f"map {name} in orders, or leave it out of match:")
        words = _listed([name.lstrip("_") for name in names])
        self.keep(np.logical_and.reduce([pd.notna(pd.Series(self.made[n], dtype=object)) for n in names]), f"nothing in {words} by which to find the purchase")
        both = pd.DataFrame({n: pd.Series([*orders.made[n], *self.made[n]], dtype=object) for n in names})
        codes = both.groupby(names, sort=False, dropna=False).ngroup().to_numpy()
        # Times and amounts must be sound before they decide anything. The key, still to be found, is a number meanwhile.
        self.made |= {"match": codes[len(orders.rows):], "order_id": _objects(map(str, range(len(self.rows)))), "line_no": _same(1, len(self.rows))}
        self.checked(self.frame())
        self.warnings = []  # they come again with the table as it will be
        self.keep(self.frame()["refunded_amount"] > 0, "nothing went back (an amount of zero)")
        refunds, bought = self.frame(), orders.finish()
        asked, money = len(refunds), refunds["refunded_amount"].sum()
        pieces, before = latest_first(
            pd.DataFrame({"key": codes[:len(orders.rows)], "when": bought["paid" if "paid" in bought else "created"], "amount": bought["paid_amount"]}),
            pd.DataFrame({"key": self.made["match"], "when": refunds["refunded"], "amount": refunds["refunded_amount"]}))
        self.note_found(pieces, refunds, f"{asked:,}", money, words)
        found = np.zeros(asked, dtype=bool)
        found[pieces["refund"]] = True
        all_rows, sought = self.rows, self.made
        self.keep(before, f"no purchase before it with the same {words}")
        self.keep(found[before], "the purchase that it could belong to was refunded already")

        codes, lines = pd.factorize(pieces["purchase"])
        by_line = pieces.groupby(codes)
        last = by_line["refund"].last().to_numpy(dtype=int)
        order = np.argsort(last, kind="stable")
        self.lines = _grouped(all_rows[pieces["refund"].to_numpy(dtype=int)], codes, len(lines))[order]
        last, lines = last[order], np.asarray(lines, dtype=int)[order]
        self.rows = all_rows[last]
        self.made = {name: sought[name][last] for name in self.spec.columns if name in sought}
        self.made |= {name: orders.made[name][lines] for name in self.spec.key}
        amounts = np.minimum(by_line["amount"].sum().to_numpy()[order].round(6), bought["paid_amount"].to_numpy()[lines])
        self.made["refunded_amount"] = _objects(amounts.tolist())
        self.origin |= {name: f"found in orders by {words}" for name in self.spec.key}

    def note_found(self, pieces, refunds, asked, money, words):
        by_refund = pieces.groupby("refund")["amount"].sum()
        self.notes.append(f"{len(by_refund):,} of {asked} refunds found their purchase, {by_refund.sum():,.2f} of {money:,.2f} in money: the latest "
                          f"order line before the refund with the same {words}, then the one before that")
        short = refunds["refunded_amount"].loc[by_refund.index] - by_refund
        if (large := int((short > CENT).sum())):
            self.notes.append(f"{large:,} of them {'was' if large == 1 else 'were'} larger than the purchases that were found; "
                              f"{short[short > CENT].sum():,.2f} of their money belongs to none and is left out")
        if (again := int((pieces.groupby("purchase").size() > 1).sum())):
            self.notes.append(f"{again:,} order line{' was' if again == 1 else 's were'} refunded in parts; each is one row, with all of the money and "
                              "the time of the last part")

    # the result ---------------------------------------------------------------------------------------------------

    def frame(self):
        columns = {}
        for name, column in self.spec.columns.items():
            if name not in self.made:
                continue
            cells, kind = pd.Series(self.made[name], dtype=object), column.type
            if kind == "number":
                columns[name] = cells.astype("float64")
            elif kind == "integer":
                columns[name] = cells.astype("Int64")
            elif kind == "boolean":
                columns[name] = cells.astype("boolean")
            elif kind == "string":
                columns[name] = cells.astype("str")
            else:
                columns[name] = pd.to_datetime(cells).astype("datetime64[us]")
        frame = pd.DataFrame(columns, index=range(len(self.rows)))
        return typed(frame, self.spec.name)

    def drop_repeats(self):
        """One row a key. Lines that are equal in every cell are repeats; others need the mapping's word."""
        key = list(self.spec.key)
        numbered = any("number_within" in self.entry["columns"].get(k, {}) for k in key)
        if not self.entry["check"] or not key or numbered or not all(k in self.made for k in key):
            return
        keys = pd.DataFrame({k: pd.Series(self.made[k], dtype=object) for k in key})
        double = keys.duplicated(keep=False) & keys.notna().all(axis=1)
        if not double.any():
            return
        at = np.flatnonzero(double)
        lines = self.raw.frame.iloc[self.rows[at]].map(lambda v: str(values.tidy(v)))
        same = np.zeros(len(self.rows), dtype=bool)
        same[at] = lines.duplicated().to_numpy()
        self.keep(~same, "repeats an earlier line in every cell")
        keys = pd.DataFrame({k: pd.Series(self.made[k], dtype=object) for k in key})
        double = keys.duplicated(keep=False).to_numpy() & keys.notna().all(axis=1).to_numpy()
        rule = self.entry["duplicates"]
        if not double.any() or rule == "error":
            return  # what is left is an error that validate names
        if isinstance(rule, dict):
            measure = rule["largest"]
            if measure not in self.made:
                raise TableError(self.spec.name, measure, problem="duplicates: {largest: …} needs the column, which the export does not fill",
                                 remedy="write duplicates: first, or map the column")
            rank = pd.Series(self.frame()[measure])
            order = rank.sort_values(ascending=False, kind="stable", na_position="last").index
            drop = keys.loc[order].duplicated(keep="first").sort_index().to_numpy() & double
            told = f"same {' + '.join(key)} as a line with more {measure}"
        else:
            drop = keys.duplicated(keep=rule).to_numpy() & double
            told = f"same {' + '.join(key)} as {'an earlier' if rule == 'first' else 'a later'} line, with other values"
        self.keep(~drop, told)

    def finish(self):
        """The contract table with its report; made once."""
        if self.result is None:
            self.result = self.finished()
        return self.result

    def finished(self):
        frame = self.frame()
        if self.entry["check"]:
            frame = self.checked(frame)
            if not len(frame) and not self.entry["match"]:  # a month without refunds is a month
                read = self.read
                aside = "; ".join(f"{len(p):,} set aside: {r}" for r, p in self.aside.items())
                raise TableError(self.spec.name, problem=f"no row is left of the {read:,} in {self.raw.source}" + (f" ({aside})" if aside else "")
                                 if read else f"{self.raw.source} has headings but no rows",
                                 remedy="check the period and the filter of the export, and where: in the mapping")
        frame.attrs["report"] = self.report(frame)
        return frame

    def checked(self, frame):
        """Hold the frame against the contract; errors raise, or set their rows aside where the mapping says so."""
        for _ in range(len(self.spec.columns) * 4):
            problems = validate(frame, self.spec.name)
            errors = [p for p in problems if p.severity == "error"]
            if not errors:
                self.warnings += [self.placed(p) for p in problems if not _is_about_columns(p) and len(frame)]
                return frame
            first = errors[0]
            if self.entry["bad_rows"] == "error" or first.rows is None:
                row = None if first.rows is None else self.place(self.rows[first.rows[0]])
                # Nobody finds a computed value in her file, so say what it was computed from.
                formula = self.entry["columns"].get(first.column, {}).get("formula")
                computed = f", computed as {formula}" if formula else ""
                extra = ", or write bad_rows: set_aside" if first.rows is not None and "mapping" not in first.remedy else ""
                raise TableError(first.table, first.column, row, first.what + computed, first.remedy.rstrip(". ") + extra)
            mask = np.ones(len(self.rows), dtype=bool)
            mask[first.rows] = False
            self.keep(mask, f"{first.column}: {re.sub(r' [(]and [0-9,]+ more like it[)]', '', first.what)}")
            frame = self.frame()
        raise TableError(self.spec.name, problem="the rows break the contract in too many ways", remedy="check the mapping")

    def placed(self, problem):
        row = problem.row if problem.rows is None else self.place(self.rows[problem.rows[0]])
        return str(replace(problem, row=row))

    def report(self, frame):
        examples_of = [h for h in self.raw.frame.columns if not self.is_personal(h)][:4]
        # In a line with too many cells nobody knows which cell is a person's, so none of them is shown.
        shown = not any(map(self.is_personal, self.raw.frame.columns))
        aside = [{"reason": reason, "rows": len(lines), "lines": [int(n) for n in lines[:5]], "examples": [
            {f"cell {int(k) + 1}": v for k, v in e.items()} for e in examples if shown]} for reason, lines, examples in self.raw.set_aside
                 if self.base is None]
        for reason, positions in self.aside.items():
            positions = sorted(positions)
            aside.append({"reason": reason, "rows": len(positions), "lines": [int(self.raw.lines[p]) for p in positions[:5]], "examples": [
                {h: _short(self.raw.frame[h].iloc[p]) for h in examples_of} for p in positions[:EXAMPLES]]})
        empty = [h for h in self.raw.frame.columns if all(values.is_nothing(values.tidy(v)) for v in _until_filled(self.raw.frame[h]))]
        for name in frame.columns:
            if frame[name].isna().all() and len(frame) and name in self.plan and self.plan[name][0] not in empty:
                self.warnings.append(f"{name} has no value left: every cell of “{self.plan[name][0]}” stands for nothing")
        note = _note(self.entry)
        return AdaptReport(
            table=self.spec.name, title=self.spec.title, source=self.raw.source, unit=self.raw.unit, sheet=self.raw.sheet,
            encoding=self.raw.encoding, header_line=self.raw.header_line, above=self.raw.above,
            lines_of=self.base.spec.name if self.base else "", rows_read=self.read, rows_used=len(self.used_lines()), rows_kept=len(frame),
            set_aside=aside, columns={n: self.origin[n] for n in frame.columns},
            ignored=[h for h in self.raw.frame.columns if h not in (*self.used, *self.asked) and h not in empty], empty_columns=empty,
            absent=[n for n in self.spec.columns if n not in frame], warnings=self.warnings,
            notes=[*dict.fromkeys(self.notes), *([note] if note else [])])

    def is_personal(self, heading):
        return reading.normal(heading) in self.persons or any(name in persons() and plan[0] == heading for name, plan in self.plan.items())


def _different(cells):
    """Codes and the different cells they stand for: cells = different[codes]."""
    if pd.api.types.infer_dtype(cells, skipna=True) in ("string", "integer", "floating"):
        codes, different = pd.factorize(cells)
        return codes, [*different, None]  # code -1, nothing, takes the last
    # Among mixed cells 1, 1.0 and True would count as one: tell them apart by kind. Lists and dicts each stand alone.
    codes, place, different = np.empty(len(cells), dtype=int), {}, []
    for i, cell in enumerate(cells):
        try:
            codes[i] = place.setdefault((cell.__class__, cell), len(different))
        except TypeError:
            codes[i] = len(different)
        if codes[i] == len(different):
            different.append(cell)
    return codes, [*different, None]


def _short(value):
    value = values.tidy(value)
    return "" if value is None else str(value)[:40]


def _grouped(items, codes, count):
    """For every code from 0 to count - 1 the array of its items, as an object array."""
    order = np.argsort(codes, kind="stable")
    parts = np.split(items[order], np.cumsum(np.bincount(codes, minlength=count))[:-1]) if count else []
    return _objects(parts)


def _flat(lines):
    return np.concatenate([*lines]) if len(lines) else np.array([], dtype=int)


def _listed(names):
    *front, last = names
    return f"{', '.join(front)} and {last}" if front else last


def _until_filled(series):
    """The first cells up to one that holds something: enough to know whether the column is empty."""
    for value in series:
        yield value
        if not values.is_nothing(values.tidy(value)):
            return


def _objects(items):
    items = list(items)
    result = np.empty(len(items), dtype=object)
    result[:] = items
    return result


def _same(value, length):
    result = np.empty(length, dtype=object)
    result.fill(value)
    return result


class _Formula:
    """Arithmetic of columns: + - * / and brackets over numbers and times. Nothing else is evaluated."""

    OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}

    def __init__(self, work, name, text):
        self.work, self.name, self.text = work, name, text

    def wrong(self, problem, remedy):
        return TableError(self.work.spec.name, self.name, problem=f"formula: {problem}", remedy=remedy)

    def value(self):
        if len(self.text) > LONGEST_FORMULA:
            raise self.wrong("it is too long", "use working columns, such as _price, for its parts")
        try:
            tree = ast.parse(self.text.strip(), mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            raise self.wrong(f"{show(self.text)} is no arithmetic", 'write it like "quantity * _unit_price"') from error
        with np.errstate(all="ignore"):
            return self.of(tree)

    def of(self, node):
        if isinstance(node, ast.Constant) and type(node.value) in (int, float) and abs(node.value) < 1e300:
            return float(node.value)
        if isinstance(node, ast.Name):
            return self.column(node.id)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return self.apply(operator.sub, 0.0, self.of(node.operand))
        if isinstance(node, ast.BinOp) and type(node.op) in self.OPERATORS:
            return self.apply(self.OPERATORS[type(node.op)], self.of(node.left), self.of(node.right))
        raise self.wrong(f"{show(self.text)} is more than + - * / over columns", "use columns, numbers and + - * / ( ) only")

    def column(self, name):
        if name not in self.work.made:
            raise self.wrong(f"{name} is no column made before it", nearest(name, self.work.made))
        spec = self.work.columns.get(name)
        kind = spec.type if spec else self.work.entry["columns"][name].get("type")
        cells = pd.Series(self.work.made[name], dtype=object)
        if kind in ("integer", "number"):
            return cells.astype("float64")
        if kind in ("date", "datetime"):
            return pd.to_datetime(cells).astype("datetime64[us]")
        raise self.wrong(f"{name} is no number and no time", "use columns of numbers or times")

    def apply(self, operation, left, right):
        times = [isinstance(v, pd.Series) and pd.api.types.is_datetime64_dtype(v.dtype) for v in (left, right)]
        try:
            if times == [True, True] and operation is operator.sub:
                return (left - right).dt.total_seconds()
            if times == [True, False] and operation in (operator.add, operator.sub):
                return operation(left, pd.to_timedelta(pd.Series(right, index=left.index, dtype="float64"), unit="s")).astype("datetime64[us]")
            if not any(times):
                return operation(left, right)
        except ZeroDivisionError:
            raise self.wrong("it divides by zero", "divide by a column or another number") from None
        except (OverflowError, ValueError) as error:
            raise self.wrong("it leaves the range of times", "check the unit: seconds are added to times") from error
        raise self.wrong("times can only be subtracted from each other, or moved by seconds", "write ended - started")
