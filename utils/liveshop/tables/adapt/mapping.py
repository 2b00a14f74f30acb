"""The mapping: which columns of an export fill which columns of the contract, and what is set aside and why.

A mapping is a YAML file or a dict. The smallest is `table: streams`: columns that carry the contract's English or
Chinese names are found by themselves.

table            contract table to fill; or `tables:`, a list of mappings, for which the rest holds as default
lines_of         (in tables:) a table above it: read the lines of the export that became rows of that one
match            (refunds only, below orders in tables:) columns in which a refund and the order line it belongs to
                 agree, such as [customer_id, product_id]; the line is found by them: the latest one paid before the
                 refund, then the one before that, until the money is accounted for. These columns may be columns of
                 orders, or working columns that both mappings make. What finds no order line is set aside.
about, note      free text; note appears in the report
file             file inside the folder that is given as source, a pattern such as orders-*.csv or a list: all files
                 that fit are read as one, and a line that stands in two of them counts once
sheet, header, encoding, delimiter
                 how to read it; each of them is found when not given. sheet: a title, a number, a list of them that are
                 read as one, or all
decimal          what separates decimals in all columns, "." or ","; else each column's own cells say it
timezone         zone of the times that state none, such as Asia/Bangkok; a day without an hour has no zone
shop_timezone    zone whose hours the tables are to have; Asia/Shanghai when not given
missing          further values that mean "nothing", such as [-124]
currency         code of the amounts' currency, such as IDR, where it is not the yuan: for the signs of charts and cards
control          (experiments only) the arm that got nothing new; each other arm is compared with it
columns          contract column: heading of the export, or a rule:
                   from         heading, or a list of which the first one present is taken
                   regex        takes the first group of the match (of the whole text, if it has no group)
                   format       of times, such as "%m/%d/%Y %H:%M", or a list of them
                   clock        heading of the column with the time of day, where day and clock stand in two
                   unit         fen, milliseconds, minutes, percent, 万 … (of the export); of times excel, epoch
                                or epoch_ms
                   decimal      what separates decimals in this column, "." or ","
                   values       translation of values; otherwise: what becomes of the others
                   missing      values that mean nothing in this column
                   empty        what an empty cell stands for, such as 0 where an export leaves out zeros
                   pseudonym    true: a keyed hash instead of the person's id
                   constant     the same value in every row
                   formula      + - * / over contract columns, such as "views * reported_watch_seconds_per_view"
                   number_within  counts 1, 2, 3 … within a contract column
                   running_number true: counts 1, 2, 3 … down the table, for an export that numbers nothing
                   fill         order_id: an empty cell takes the value of another line of its order (of any column
                                or heading named here); down: that of the line above. Before where: is asked
                   per          order: the amount is the order's, written on one or all of its lines, and is shared
                                out over them, in proportion to the column named by: (equally without one);
                                line: each line has its own, though it looks like the order's
                   join         headings (or lists, of which the first one present is taken) whose texts make one, with
                                - between them: a key where only shop and number together are unique
                   take         first, last, earliest, latest, smallest, largest or sum: the lines that share the
                                table's key become one row, with this of their values (first, where nothing is said)
                 A name that begins with _ is a working column (type: number, datetime or string) for formulas.
constants        contract column: value
aliases          false: use only the columns named above
ignore           headings of the export that are not to be used by themselves
where            list of {column, one of present/is/is_not/matches/does_not_match/above/below/at_least/at_most, reason}:
                 rows that do not fit are set aside with that reason; column may be a list of headings, of which the
                 first one present counts; fill: as in a column's rule
totals           drop (default) or keep: a totals line such as 合计
duplicates       error (default), first, last, or {largest: contract column}: which of the rows with one key is kept
repeats          keep or set_aside: lines that are equal in every cell, where lines are numbered, added up or matched
                 (elsewhere they are set aside by themselves); without a word they count, with a warning
bad_rows         error (default) or set_aside: rows with unreadable or impossible values
"""

import re
from pathlib import Path
from zoneinfo import ZoneInfo

from liveshop.tables.adapt.times import halves_as_p
from liveshop.tables.adapt.units import CURRENCIES, UNITS
from liveshop.tables.contract import contract, table_of
from liveshop.tables.errors import TableError, nearest
from liveshop.tables.places import MAPPINGS

ENTRY = {
    "table", "about", "note", "file", "sheet", "header", "encoding", "delimiter", "decimal", "timezone",
    "shop_timezone", "missing", "columns", "constants", "aliases", "ignore", "where", "totals", "duplicates",
    "repeats", "bad_rows", "check", "lines_of", "match", "control",
    "currency"}
RULE = {"from", "regex", "format", "unit", "values", "otherwise", "missing", "pseudonym", "constant", "formula",
        "number_within", "running_number", "type", "take", "fill", "per", "by", "join", "decimal", "clock",
        "empty"}
TESTS = ("present", "is", "is_not", "matches", "does_not_match", "above", "below", "at_least", "at_most")
TAKES = ("first", "last", "earliest", "latest", "smallest", "largest", "sum")


def wrong(problem, remedy, table=None, column=None):
    return TableError(table, column, problem=f"the mapping is not understood: {problem}", remedy=remedy)


def entries(mapping):
    """The mapping as a checked list of dicts, one a table. Takes a dict, a YAML file, or a table's name."""
    content = _content(mapping)
    if not isinstance(content, dict):
        raise wrong("it is not a list of “name: value” lines", "begin with a line such as table: streams")
    if "tables" not in content:
        entry = _entry(content)
        _lean([entry])
        return [entry]
    parts = content["tables"]
    if not isinstance(parts, list) or not parts or not all(isinstance(p, dict) for p in parts):
        raise wrong("tables: is not a list of mappings", "write each as “- table: …”")
    shared = {k: v for k, v in content.items() if k != "tables"}
    checked = [_entry({**shared, **part}) for part in parts]
    if len({str(e.get("shop_timezone")) for e in checked}) > 1:
        raise wrong("the tables have several shop_timezone:", "write one above tables:, for all of them")
    if len({e["currency"] for e in checked if e.get("currency")}) > 1:
        raise wrong("the tables have several currency:", "bring their amounts to one, and write it above tables:")
    names = [e["table"] for e in checked]
    twice = next((n for n in names if names.count(n) > 1), None)
    if twice:
        raise wrong("the table is filled twice", "put the files together first, or use one pattern for file:", twice)
    _lean(checked)
    return checked


def leans_on(entry):
    """The tables that must be made before this one."""
    return [name for name in (entry["lines_of"], "orders" if entry["match"] else None) if name]


def _lean(checked):
    """What a table takes from another one of the mapping must be there, above it."""
    above = {}
    for entry in checked:
        table = entry["table"]
        for name in leans_on(entry):
            if name not in above:
                setting = "lines_of" if name == entry["lines_of"] else "match"
                raise wrong(f"{setting}: needs the table {name} above it in tables:",
                            f"write “- table: {name}” with its columns before it", table)
        for name in entry["match"]:
            for made, where in ((entry, table), (above["orders"], "orders")):
                if name.startswith("_") and name not in made["columns"]:
                    raise wrong(
                        f"match: {name} is not among the columns of {where}",
                        f"write {name}: under columns: of {where}", table)
        above[table] = entry


def _content(mapping):
    if isinstance(mapping, dict):
        return mapping
    if isinstance(mapping, str) and mapping in contract():
        return {"table": mapping}
    if not isinstance(mapping, (str, Path)):
        raise wrong(f"it is a {type(mapping).__name__}", "give a YAML file, a dict or the name of a table")
    import yaml

    try:
        path = Path(mapping)
        shipped = MAPPINGS / path.with_suffix(".yml").name
        # One that comes with the course is called by its name, or by the place in a clone where it once stood.
        if (
            not path.exists() and shipped.is_file()
            and (path.parent == Path() or path.parts[-3:-1] == ("book", "own-data"))):
            path = shipped
        if path.is_dir():
            raise TableError(problem=f"the mapping {path.name or path} is a folder", remedy="name the file in it")
        text = path.read_text(encoding="utf-8-sig")
        return yaml.safe_load(text)
    except FileNotFoundError as error:
        raise TableError(
            problem=f"the mapping file {Path(mapping).name} is not there", remedy="check its name and folder"
        ) from error
    except (OSError, UnicodeError) as error:
        raise TableError(
            problem=f"the mapping file {Path(mapping).name} cannot be read ({type(error).__name__})",
            remedy="save it as UTF-8 text") from error
    except (yaml.YAMLError, ValueError, TypeError, RecursionError, OverflowError, AttributeError, KeyError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" near line {mark.line + 1}" if mark else ""
        raise TableError(
            problem=f"the mapping file {Path(str(mapping)).name} is not valid YAML{where}",
            remedy="check indentation and put texts with : # % @ into quotation marks") from error


def _entry(given):
    for name in given:
        if name not in ENTRY:
            raise wrong(f"it has no setting “{name}”", nearest(name, sorted(ENTRY - {"check"})))
    if "table" not in given:
        raise wrong("it does not name a table", "begin with a line such as table: streams")
    spec = table_of(given["table"])
    table = spec.name
    entry = {
        "missing": [], "columns": {}, "constants": {}, "aliases": True, "ignore": [], "where": [], "totals": "drop",
        "duplicates": "error", "repeats": None, "bad_rows": "error", "decimal": None, "check": True, "lines_of": None,
        "match": [], "control": None, **given}
    for name in ("columns", "constants"):
        entry[name] = {} if entry[name] is None else entry[name]
        if not isinstance(entry[name], dict):
            raise wrong(f"{name}: is not a list of “column: …” lines", "indent one line a column under it", table)
    _choice(entry, "totals", ("drop", "keep"), table)
    _choice(entry, "bad_rows", ("error", "set_aside"), table)
    _choice(entry, "decimal", (".", ",", None), table)
    _choice(entry, "aliases", (True, False), table)
    _choice(entry, "check", (True, False), table)
    _choice(entry, "repeats", ("keep", "set_aside", None), table)
    kept = entry["duplicates"]
    if isinstance(kept, dict):
        if list(kept) != ["largest"] or kept["largest"] not in spec.columns:
            raise wrong(f"duplicates: {str(kept)[:60]}", "write {largest: views} with a column of the contract", table)
    else:
        _choice(entry, "duplicates", ("error", "first", "last"), table)
    entry["missing"] = _scalars(entry["missing"], "missing", table)
    _places(entry, table)
    if entry["control"] is not None:
        if table != "experiments" or not _scalar(entry["control"]):
            raise wrong("control: names an arm of experiments", "write it under the table experiments", table)
        entry["control"] = str(entry["control"])
    entry["ignore"] = [str(v) for v in _scalars(entry["ignore"], "ignore", table)]
    if entry["lines_of"] is not None:
        entry["lines_of"] = table_of(entry["lines_of"]).name
    entry["match"] = _match(entry["match"], spec)
    known = {**table_of("orders").columns, **spec.columns} if entry["match"] else spec.columns
    entry["columns"] = {
        _column(name, known, table): _rule(name, rule, table) for name, rule in entry["columns"].items()}
    for name, value in entry["constants"].items():
        entry["columns"].setdefault(_column(name, known, table), _rule(name, {"constant": value}, table))
    if any("take" in rule for rule in entry["columns"].values()) and (entry["match"] or not spec.key):
        raise wrong(
            "take: is not for this table", "leave it out: the refunds of one order line are added up by themselves"
            if entry["match"] else "leave it out", table)
    entry["where"] = [] if entry["where"] is None else entry["where"]
    if not isinstance(entry["where"], list):
        raise wrong("where: is not a list", "write each rule as “- {column: …, present: true, reason: …}”", table)
    entry["where"] = [_condition(rule, table) for rule in entry["where"]]
    return entry


def _places(entry, table):
    """The settings that tell where the shop stands: its currency and its time zones."""
    if entry.get("currency") is not None:
        entry["currency"] = code = str(entry["currency"]).strip().upper()
        if code not in CURRENCIES:
            raise wrong(f"currency: {code[:20]} is no code of a currency", "write one such as IDR or EUR", table)
    for name in ("timezone", "shop_timezone"):
        if (zone := entry.get(name)) is not None:
            try:
                entry[name] = ZoneInfo(zone)
            except Exception as error:  # zoneinfo raises many kinds for odd names
                raise wrong(f"there is no time zone “{zone}”", "write a name such as Asia/Bangkok", table) from error


def _choice(entry, name, allowed, table):
    if not any(entry[name] is a or (isinstance(a, str) and entry[name] == a) for a in allowed):
        words = " or ".join(str(a).lower() for a in allowed if a is not None)
        raise wrong(f"{name}: {str(entry[name])[:40]}", f"write {words}", table)


def _scalar(value):
    return value is None or isinstance(value, (str, int, float, bool)) or hasattr(value, "isoformat")


def _scalars(value, name, table, column=None):
    values = value if isinstance(value, list) else [] if value is None else [value]
    if not all(_scalar(v) for v in values):
        raise wrong(f"{name}: is not a list of values", "write it like missing: [-124]", table, column)
    return values


def _match(names, spec):
    names = names if isinstance(names, list) else [] if names is None else [names]
    if names and spec.name != "refunds":
        raise wrong("match: is for the table refunds only", "leave it out", spec.name)
    columns = table_of("orders").columns
    for name in names:
        if not isinstance(name, str) or (name not in columns and not name.startswith("_")):
            raise wrong(f"match: orders has no column “{str(name)[:40]}”", nearest(name, columns), spec.name)
    return list(dict.fromkeys(names))


def _column(name, columns, table):
    if not isinstance(name, str) or (name not in columns and not name.startswith("_")):
        raise wrong(f"the table has no column “{name}”", nearest(name, columns), table)
    return name


def _rule(name, rule, table):
    if isinstance(rule, (str, list)) or (_scalar(rule) and rule is not None and not isinstance(rule, bool)):
        rule = {"from": rule}
    if isinstance(rule, bool):
        raise wrong("a heading that YAML takes for yes or no", 'put it into quotation marks, as in "no"', table, name)
    if not isinstance(rule, dict) or not rule:
        raise wrong(
            f"{str(rule)[:40]!r} is no heading and no rule", "write the heading of your export behind the colon", table,
            name)
    for part in rule:
        if part not in RULE:
            raise wrong(f"a column has no setting “{part}”", nearest(part, sorted(RULE)), table, name)
    rule = dict(rule)
    _origin(name, rule, table)
    if "regex" in rule:
        try:
            rule["regex"] = re.compile(rule["regex"])
        except Exception as error:  # re.error, and TypeError for what is no text
            raise wrong(
                f"regex: {str(rule['regex'])[:60]} is no regular expression", "check its brackets", table, name
            ) from error
    if "format" in rule:
        rule["format"] = _scalars(rule["format"], "format", table, name)
        if not all(isinstance(f, str) and "%" in f for f in rule["format"]):
            raise wrong("format: is no form of a time", 'write it like "%m/%d/%Y %H:%M"', table, name)
        if any("%I" in form and "%p" not in halves_as_p(form) for form in rule["format"]):
            raise wrong("format: %I counts to twelve, and nothing says which half of the day is meant",
                        "write %p where AM, PM, 上午 or 下午 stands, or %H for hours up to 24", table, name)
    unit = rule.get("unit")
    if unit is not None and unit not in (*UNITS, "excel", "epoch", "epoch_ms"):
        raise wrong(
            f"unit: {str(unit)[:30]} is not known",
            "write fen, yuan, milliseconds, minutes, hours, days, percent, 万, excel or epoch", table, name)
    values = rule.get("values", {})
    if not isinstance(values, dict) or not all(_scalar(v) for v in values.values()):
        raise wrong("values: is not a list of “old: new” lines", "write it like values: {图文: photo}", table, name)
    if "empty" in rule and (rule["empty"] is None or not _scalar(rule["empty"])):
        raise wrong("empty: is not one value", "write the value that an empty cell stands for, such as 0", table, name)
    if not _scalar(rule.get("otherwise")):
        raise wrong("otherwise: is not one value", "write one value, or null for nothing", table, name)
    rule["missing"] = _scalars(rule.get("missing"), "missing", table, name)
    if rule.get("pseudonym", False) not in (True, False):
        raise wrong("pseudonym: is neither true nor false", "write true or false", table, name)
    if not isinstance(rule.get("clock", ""), str):
        raise wrong("clock: is no heading", "write the heading of the column with the time of day", table, name)
    if "decimal" in rule and rule["decimal"] not in (".", ","):
        raise wrong(f"decimal: {str(rule['decimal'])[:30]}", 'write decimal: "." or decimal: ","', table, name)
    if "take" in rule and not (isinstance(rule["take"], str) and rule["take"] in TAKES):
        raise wrong(f"take: {str(rule['take'])[:30]} is not known", f"write one of {', '.join(TAKES)}", table, name)
    for part in ("formula", "number_within"):
        if part in rule and not isinstance(rule[part], str):
            raise wrong(f"{part}: is no text", "write names of columns", table, name)
    _of_the_order(name, rule, table)
    if name.startswith("_"):
        if rule.setdefault("type", "number") not in ("number", "datetime", "string"):
            raise wrong(f"type: {str(rule['type'])[:30]}", "write number, datetime or string", table, name)
    elif "type" in rule:
        raise wrong(
            "type: is for working columns (with _) only", "the contract says the type of the others", table, name)
    return rule


def _origin(name, rule, table):
    """Where the values come from: one of from, join, constant, formula and numbers."""
    origins = [k for k in ("from", "join", "constant", "formula", "number_within", "running_number") if k in rule]
    if len(origins) > 1:
        raise wrong(f"{' and '.join(origins)} exclude each other", "keep one of them", table, name)
    if "from" in rule:
        rule["from"] = [str(v) for v in (rule["from"] if isinstance(rule["from"], list) else [rule["from"]])]
        if not rule["from"]:
            raise wrong("from: is empty", "write the heading of your export", table, name)
    if "join" in rule:
        parts = rule["join"] if isinstance(rule["join"], list) else [rule["join"]]
        rule["join"] = [[str(heading) for heading in _scalars(one, "join", table, name)] for one in parts if one]
        if len(rule["join"]) < 2:
            raise wrong("join: names fewer than two columns", "write join: [店铺, 订单号]", table, name)
    if "constant" in rule and not _scalar(rule["constant"]):
        raise wrong("constant: is not one value", "write one value", table, name)
    if rule.get("running_number", True) is not True:
        raise wrong("running_number: is not true", "write running_number: true", table, name)


def _of_the_order(name, rule, table):
    """The settings for what belongs to a whole order."""
    if "fill" in rule and not isinstance(rule["fill"], str):
        raise wrong("fill: is no text", "write fill: order_id, or fill: down", table, name)
    if rule.get("per", "line") not in ("order", "line"):
        raise wrong(f"per: {str(rule['per'])[:30]} is not known", "write order or line", table, name)
    if "by" in rule and (rule.get("per") != "order" or not isinstance(rule["by"], str)):
        raise wrong("by: says how per: order is shared out", "write per: order and by: with a column", table, name)


def _condition(rule, table):
    if not isinstance(rule, dict):
        raise wrong("a where rule is no rule", "write {column: …, present: true, reason: …}", table)
    tests = [k for k in rule if k in TESTS]
    if set(rule) - {*TESTS, "column", "reason", "fill"} or len(tests) != 1 or "column" not in rule:
        raise wrong(f"the where rule {str(rule)[:80]}", f"write column:, reason: and one of {', '.join(TESTS)}", table)
    if not isinstance(rule.get("reason"), str) or not rule["reason"].strip():
        raise wrong(
            "a where rule gives no reason", "write why these rows are set aside: reason: lines without a customer",
            table)
    if rule.get("fill") is not None and not isinstance(rule["fill"], str):
        raise wrong("fill: is no text", "write fill: order_id, or fill: down", table)
    test, value = tests[0], rule[tests[0]]
    if test in ("matches", "does_not_match"):
        try:
            value = re.compile(value)
        except Exception as error:
            raise wrong(f"{test}: {str(value)[:60]} is no regular expression", "check its brackets", table) from error
    elif test in ("above", "below", "at_least", "at_most"):
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise wrong(f"{test}: {str(value)[:40]} is no number", "write a number", table)
    elif test == "present":
        if not isinstance(value, bool):
            raise wrong("present: is neither true nor false", "write true or false", table)
    else:
        value = [str(v) for v in _scalars(value, test, table)]
    columns = [str(one) for one in _scalars(rule["column"], "column", table)]
    if not columns:
        raise wrong("a where rule names no column", "write the heading that it looks at", table)
    return {"column": columns, "test": test, "value": value, "reason": " ".join(rule["reason"].split()),
            "fill": rule.get("fill")}
