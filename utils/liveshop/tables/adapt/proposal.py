"""A mapping drafted beside an export: the columns that are sure, and the others with the forms of their cells."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from liveshop.tables.adapt import values
from liveshop.tables.adapt.headings import exact
from liveshop.tables.adapt.mapping import entries
from liveshop.tables.adapt.recognising import FEWEST, formats, raw
from liveshop.tables.contract import contract, table_of
from liveshop.tables.errors import TableError, only_table_errors
from liveshop.tables.writing import write_text

HINTS = {"line_no": "{number_within: order_id}", "quantity": "{constant: 1}"}
YAML_WORDS = {"yes", "no", "true", "false", "on", "off", "null"}
SHOWN, LOOKED_AT = 40, 200  # columns listed; cells looked at
TELLING = 2  # sure columns from which on they tell which table an export fills


@dataclass(frozen=True)
class Proposal:
    """path of the drafted mapping, the table it fills, and how many columns are sure, open and required but open."""

    path: Path
    table: str
    sure: int
    open: int
    required: tuple


@only_table_errors
def draft_mapping(source, path=None, table=None) -> Proposal:
    """Write a mapping for an export, to finish by hand: beside the export, as NAME-mapping.yml.

    A column is sure where its heading is the contract's, or one that a mapping of the course reads in the same way
    (of which the export has others as well: alone, a word such as Name means something else in every shop).
    The others are listed with the forms of their cells, digits as 9 and letters as a, so that no value is shown.
    table: the table to fill; otherwise the one with most sure columns. Nothing is overwritten. Raises TableError.
    """
    source = Path(source)
    if not source.is_file():
        raise TableError(problem=f"there is no file “{source.name}”", remedy="name one export with DATA=")
    path = Path(path) if path else source.with_name(f"{source.name.split('.')[0]}-mapping.yml")
    if path.exists():
        raise TableError(problem=f"{path.name} is there already",
                         remedy="go on writing in it, or name another file with OUT=")
    frame = raw(source).frame
    found = {name: _sure(frame.columns, name) for name in ([table_of(table).name] if table else contract())}
    name = max(found, key=lambda one: (len(found[one]), _needed(found[one], one)))
    if len(found[name]) < TELLING and table is None:
        raise TableError(problem=f"too few headings of {source.name} are known, so nothing says which table it fills",
                         remedy="name it with TABLE=, such as TABLE=orders")
    sure, spec = found[name], table_of(name)
    required = tuple(column for column in spec.required if column not in sure)
    text = _text(source, frame, spec, sure, required)
    write_text(path, text)
    return Proposal(path, name, len(sure), len(frame.columns) - len(sure), required)


def _needed(sure, name):
    required = table_of(name).required
    return sum(column in sure for column in required) / max(1, len(required)) if sure else -1


def _sure(headings, name):
    """Contract column → heading of the export."""
    there = {}
    for heading in headings:
        there.setdefault(exact(heading), heading)
    known = {column.name: [column.name, column.title_zh] for column in table_of(name).columns.values()}
    for one in formats():
        for entry in entries(one.name) if not one.own and len(one.found(there)) >= FEWEST else ():
            for column, rule in entry["columns"].items() if entry["table"] == name else ():
                if set(rule) <= {"from", "missing"} and column in known:
                    known[column] += rule["from"]
    sure, taken = {}, set()
    for column, names in known.items():
        heading = next((there[exact(one)] for one in names if one and exact(one) in there), None)
        if heading is not None and heading not in taken:
            sure[column] = heading
            taken.add(heading)
    return sure


def _text(source, frame, spec, sure, required):
    lines = [f"# Drafted from the headings of {_comment(source.name)}. Check it, and fill what is open;",
             "# the page on your own data lists every setting.", f"table: {spec.name}", "", "columns:"]
    lines += [f"  {column}: {_quoted(heading)}" for column, heading in sure.items()]
    if not sure:
        lines[-1] = "columns: {}"
    if required:
        lines += ["", "  # Needed, and not found; take away the # and write the heading of your export:"]
        lines += [f"  # {column}: {HINTS.get(column, '…')}      {_about(spec.columns[column])}" for column in required]
    rest = [heading for heading in frame.columns if heading not in sure.values()]
    if rest:
        lines += ["", "# Columns of the export that are not used yet, with the form of a few of their cells",
                  "# (9 a digit, a a letter, 字 a character):"]
        lines += [f"#   {_comment(heading)}: {_forms(frame[heading])}" for heading in rest[:SHOWN]]
        lines += [f"#   … and {len(rest) - SHOWN:,} more"] * (len(rest) > SHOWN)
    free = [column for column in spec.columns if column not in sure and column not in required]
    if free:
        lines += ["", f"# Other columns of {spec.name} that you may fill: {', '.join(free)}"]
    return "\n".join(line[:300] for line in lines) + "\n"


def _quoted(heading):
    plain = re.fullmatch(r"[^\W\d_][\w ]*[^\W_]", heading) and heading.lower() not in YAML_WORDS
    return heading if plain else json.dumps(heading, ensure_ascii=False)


def _comment(text):
    return " ".join("".join(c if c.isprintable() else " " for c in str(text)).split())[:80]


def _about(column):
    return f"# {_comment(column.description)}" + (f" ({column.unit})" if column.unit else "")


def _forms(cells):
    """Up to three forms of a column's cells; no cell itself, for it may name a person."""
    forms = {}
    for cell in cells[:LOOKED_AT]:
        if not values.is_nothing(values.tidy(cell)):
            forms.setdefault(values.form(values.text(values.tidy(cell))), None)
        if len(forms) == 3:
            break
    return ", ".join(forms) or "(empty)"
