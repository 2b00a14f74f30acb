"""Whatever goes in, nothing but TableError comes out of adapt, load and validate.

The guard that turns unforeseen exceptions into a sentence is taken off here, and where one is inside, its sentence
fails the test: known bad input must be met by its own sentence.
"""

import io
import zipfile
from decimal import Decimal

import pandas as pd
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liveshop.tables import adapt, adapt_all, load, typed, validate
from liveshop.tables.adapt import lengths, numbers, times, units, values
from liveshop.tables.adapt.mapping import TAKES, TESTS
from liveshop.tables.contract import contract
from liveshop.tables.errors import TableError
from sample_exports import TIKTOK_HEADINGS, orders, streams, tiktok_workbook

bare_adapt, bare_adapt_all, bare_load = adapt.__wrapped__, adapt_all.__wrapped__, load.__wrapped__
SETTINGS = settings(
    max_examples=120, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large])

TABLES = sorted(contract())
HEADINGS = (
    sorted(
        {n for t in contract().values() for n in t.columns}
        | {c.title_zh for t in contract().values() for c in t.columns.values()})
    + TIKTOK_HEADINGS
)
# No signalling NaN among the decimals: pandas itself stumbles over it.
CELLS = st.one_of(
    st.none(),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.text(max_size=12),
    st.datetimes(),
    st.dates(),
    st.times(),
    st.timedeltas(),
    st.decimals(allow_nan=False),
    st.binary(max_size=4),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=2), st.integers(), max_size=1),
    st.sampled_from(
        [
            "1.2万", "12.3%", "--", "¥1,234.5", "-124", "2025-06-01 19:00", "01:23:45", "1h 3min", "=1+1",
            "<b>", "合计", "1e999", "9" * 400, "0", "5"]
    ),
)
LEAF = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 50),
    st.floats(),
    st.text(max_size=6),
    st.dates(),
    st.sampled_from(
        [
            *TABLES, *HEADINGS, "first", "drop", "fen", "minutes", "%Y-%m-%d", "(", "views * 2", "gbk", "excel",
            "Asia/Bangkok"]
    ),
)
ANYTHING = st.recursive(
    LEAF, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(LEAF, inner, max_size=3), max_leaves=8)
RULE_NAMES = [
    "from", "regex", "format", "unit", "values", "otherwise", "missing", "pseudonym", "constant", "formula",
    "number_within", "type"]
RULES = st.one_of(LEAF, ANYTHING, st.dictionaries(st.sampled_from(RULE_NAMES), ANYTHING, max_size=3))


def survives(function, *arguments):
    """The result, or None after a TableError whose message is one clear line."""
    try:
        return function(*arguments)
    except TableError as error:
        assert "\n" not in str(error) and str(error).endswith((".", "?")) and len(str(error)) < 1500
        assert "the input cannot be used (" not in str(error), "the guard had to step in"
        return None


def sound(frame, table):
    report = frame.attrs["report"]
    assert report.rows_read == report.rows_kept + sum(a["rows"] for a in report.set_aside)
    assert report.rows_kept == len(frame) > 0
    assert [str(p) for p in validate(frame, table) if p.severity == "error"] == []
    str(report), report.markdown()


@st.composite
def frames(draw):
    """A frame with columns of the contract (or not), with sound values spoilt by arbitrary ones."""
    base = draw(st.sampled_from([streams(3), orders(4), pd.DataFrame({"a": [1]})])).astype(object)
    for _ in range(draw(st.integers(0, 4))):
        column = draw(
            st.sampled_from(
                [
                    *base.columns,
                    *draw(st.lists(st.sampled_from(HEADINGS) | st.text(max_size=4), min_size=1, max_size=2))]
            )
        )
        cells = draw(st.lists(CELLS, min_size=len(base), max_size=len(base)))
        base[column] = pd.Series(cells, dtype=object, index=base.index)
    if draw(st.booleans()):
        base = base.drop(columns=draw(st.sampled_from(list(base.columns))))
    return base.iloc[:draw(st.integers(0, len(base)))]


@st.composite
def mappings(draw):
    table = draw(st.sampled_from(["streams", "orders", *TABLES]))
    columns = st.dictionaries(
        st.sampled_from(sorted(contract()[table].columns)) | st.sampled_from(["_a", "x"]), RULES, max_size=3)
    mapping = {"table": table}
    for name in draw(
        st.lists(
            st.sampled_from(
                [
                    "columns", "where", "duplicates", "missing", "bad_rows", "totals", "header", "sheet", "encoding",
                    "delimiter", "decimal", "timezone", "shop_timezone", "constants", "aliases", "ignore",
                    "file", "note", "other"]
            ),
            max_size=4,
        )
    ):
        mapping[name] = draw(
            {
                "columns": columns, "constants": columns, "bad_rows": st.just("set_aside"),
                "duplicates": st.sampled_from(["first", "last", {"largest": "views"}])}.get(name, ANYTHING)
        )
    return mapping


@SETTINGS
@given(
    frames(), st.sampled_from(["streams", "orders"]), st.sampled_from(["error", "set_aside"]),
    st.sampled_from(["error", "first", "last"]))
def test_any_frame(frame, table, bad_rows, duplicates):
    result = survives(bare_adapt, frame, {"table": table, "bad_rows": bad_rows, "duplicates": duplicates})
    if result is not None:
        sound(result, table)


@SETTINGS
@given(mappings() | ANYTHING)
def test_any_mapping(mapping):
    for source in (streams(3), orders(4)):
        result = survives(bare_adapt_all, source, mapping)
        for frame in (result or {}).values():
            report = frame.attrs["report"]
            assert report.rows_read == report.rows_kept + sum(a["rows"] for a in report.set_aside)


@SETTINGS
@given(frames(), st.sampled_from(TABLES))
def test_validate_takes_any_frame(frame, table):
    for problem in validate(frame, table, {"streams": streams(), "orders": orders(), "refunds": frame}):
        assert "\n" not in str(problem)
    survives(typed, frame, table)


LINES = pd.DataFrame(
    {
        "no": ["1", "1", "2", "C3", "C4", "5"], "who": ["7", "7", "8", "7", "9", "6"],
        "what": ["a", "b", "a", "a", "a", "c"], "q": ["2", "1", "3", "-1", "-2", "1"], "price": ["5.0"] * 6,
        "at": [f"2025-06-0{n} 19:00" for n in (1, 1, 2, 3, 4, 5)],
        "long": ["1h 3min", "01:00:00", "83:20", "90", "1500ms", "--"], "share": ["12.3%", "5", "0.1", "1.2", "%", "0"]}
)
HEADS = st.sampled_from([*LINES, "gone"])
SOME = st.sampled_from(
    ["no", "who", "1", "7", "a", "5", "-1", "1.2万", "2025-06-01", "(", r"(\d)", "C", "", -124, 0, 5, 2.5, None, True])
WHERE = st.builds(
    lambda column, test, value, more: {"column": column, test: value, "reason": "so it is", **more}, HEADS,
    st.sampled_from(TESTS), st.sampled_from([True, False, 0, 5.5, "(?i)^C", "7", ["1", "2"]]),
    st.sampled_from([{}, {"fill": "order_id"}, {"fill": "down"}]))
FORMULAS = st.sampled_from(
    [
        "quantity * _p", "-_q * _p", "_q / 0", "_q / quantity", "created - paid", "created + _q", "paid + 1e12",
        "1 + 2", "_gone", "(", "_q ** 2", "-created", "paid_amount * 2", "refunded - refunded"]
)
PLAUSIBLE = st.one_of(
    HEADS,
    st.lists(HEADS, min_size=1, max_size=2),
    st.fixed_dictionaries(
        {"from": HEADS},
        optional={
            "take": st.sampled_from(TAKES), "unit": st.sampled_from([*units.UNITS, "excel", "epoch", "epoch_ms"]),
            "fill": st.sampled_from(["order_id", "down", "no", "gone"]), "per": st.sampled_from(["order", "line"]),
            "by": st.sampled_from(["quantity", "_q", "created", "gone"]), "clock": HEADS,
            "decimal": st.sampled_from([",", "."]),
            "regex": st.sampled_from([r"(\d+)", "x*", "(a)|b", "^C"]),
            "format": st.sampled_from(["%Y-%m-%d %H:%M", "%d", "%s", ["%m/%d/%Y", "%H"]]),
            "values": st.dictionaries(SOME, SOME, max_size=2), "otherwise": SOME, "missing": st.lists(SOME, max_size=2),
            "pseudonym": st.booleans()},
    ),
    st.fixed_dictionaries({"formula": FORMULAS}),
    st.fixed_dictionaries({"constant": SOME}),
    st.fixed_dictionaries({"running_number": st.just(True)}),
    st.fixed_dictionaries({"join": st.lists(HEADS, min_size=2, max_size=3)}),
    st.fixed_dictionaries({"number_within": st.sampled_from(["order_id", "created", "gone"])}),
)


@st.composite
def several_tables(draw):
    """A mapping as a practitioner writes it, for three tables out of one export, with a few of its lines changed."""
    orders_part = {
        "table": "orders",
        "columns": {
            "order_id": "no", "line_no": {"number_within": "order_id"}, "customer_id": "who", "product_id": "what",
            "quantity": "q", "_p": "price", "_q": "q", "paid_amount": {"formula": "quantity * _p"}, "created": "at",
            "paid": "at"},
        "where": [{"column": "no", "does_not_match": "^C", "reason": "cancelled"}],
    }
    customers = {
        "table": "customers", "lines_of": "orders",
        "columns": {"customer_id": "who", "joined": {"from": "at", "take": "earliest"}}}
    refunds = {
        "table": "refunds",
        "match": ["customer_id", "product_id", "_p"],
        "where": [{"column": "no", "matches": "^C", "reason": "bought"}],
        "columns": {
            "customer_id": "who", "product_id": "what", "_p": "price", "_q": "q", "refunded": "at",
            "refunded_amount": {"formula": "-_q * _p"}},
    }
    parts = [orders_part, customers, refunds][:draw(st.integers(1, 3))]
    for _ in range(draw(st.integers(0, 4))):
        part = draw(st.sampled_from(parts))
        what = draw(st.sampled_from(["columns", "columns", "where", "option"]))
        if what == "columns":
            part["columns"][draw(st.sampled_from([*part["columns"], *contract()[part["table"]].columns, "_x"]))] = draw(
                PLAUSIBLE)
        elif what == "where":
            part["where"] = draw(st.lists(WHERE, max_size=2))
        else:
            part |= draw(
                st.sampled_from(
                    [
                        {"bad_rows": "set_aside"}, {"duplicates": "first"}, {"duplicates": {"largest": "quantity"}},
                        {"aliases": False}, {"check": False}, {"decimal": ","}, {"timezone": "UTC"},
                        {"timezone": "Europe/Berlin", "shop_timezone": "America/New_York"}, {"totals": "keep"},
                        {"missing": ["7", -1]}, {"ignore": ["who"]}, {"match": ["customer_id"]}, {"match": []},
                        {"repeats": "keep"}, {"repeats": "set_aside"}, {"sheet": "all"}, {"file": ["lines*", "x"]},
                        {"lines_of": "orders"}, {"lines_of": None}, {"header": 1}, {"delimiter": ";"},
                        {"encoding": "gbk"}]
                )
            )
    return {"tables": parts}


@settings(SETTINGS, max_examples=120)
@given(
    several_tables(), st.lists(st.tuples(st.integers(0, 5), st.sampled_from(list(LINES)), CELLS), max_size=2),
    st.booleans())
def test_plausible_mappings_of_several_tables(tmp_path, mapping, spoilt, as_file):
    source = LINES.astype(object)
    for row, column, cell in spoilt:
        source.at[row, column] = cell if not isinstance(cell, (list, dict)) else str(cell)
    if as_file:
        source = files(tmp_path, "lines.csv", source.to_csv(index=False).encode("utf-8", "replace"))
    for frame in (survives(bare_adapt_all, source, mapping) or {}).values():
        report = frame.attrs["report"]
        assert report.rows_read == report.rows_used + sum(
            a["rows"] for a in report.set_aside) and report.rows_kept == len(frame)
        str(report), report.markdown()


def files(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    "start",
    [
        b"", b"stream_id,started,stream_seconds\n", b"\xef\xbb\xbf", b"\xff\xfe", b"PK\x03\x04", b"PAR1",
        b"\x1f\x8b\x08\x00", b"[{", b'{"'],
)
@settings(SETTINGS, max_examples=40)
@given(st.data())
def test_any_bytes(tmp_path, start, data):
    content = start + data.draw(
        st.binary(max_size=60) | st.text(max_size=40).map(lambda t: t.encode("utf-8", "replace"))
        | st.text(max_size=40).map(lambda t: t.encode("gb18030", "replace")))
    for name in data.draw(st.sampled_from([["e.csv"], ["e.xlsx"], ["e.parquet"], ["e.json"], ["e.csv.gz"]])):
        survives(bare_adapt, files(tmp_path, name, content), "streams")


def spoil(content, data):
    """Change, cut or lengthen a file at a few places."""
    content = bytearray(content)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, max(0, len(content) - 1)))
        what = data.draw(st.sampled_from(["change", "cut", "insert"]))
        if what == "change" and content:
            content[at] = data.draw(st.integers(0, 255))
        elif what == "cut":
            del content[at:at + data.draw(st.integers(1, 50))]
        else:
            content[at:at] = data.draw(st.binary(max_size=8))
    return bytes(content)


@pytest.fixture(scope="module")
def sound_files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sound")
    streams().to_parquet(folder / "s.parquet")
    book = tiktok_workbook(folder / "t.xlsx", lines=6)
    return {
        "e.csv": ("streams", streams().to_csv(index=False).encode()),
        "e.parquet": ("streams", (folder / "s.parquet").read_bytes()),
        "e.xlsx": ("tiktok-live-export", book.read_bytes()),
        "e.json": ("streams", streams().to_json(orient="records", date_format="iso").encode())}


@pytest.mark.parametrize("name", ["e.csv", "e.parquet", "e.xlsx", "e.json"])
@settings(SETTINGS, max_examples=50)
@given(st.data())
def test_damaged_files(tmp_path, sound_files, name, data):
    mapping, content = sound_files[name]
    result = survives(bare_adapt, files(tmp_path, name, spoil(content, data)), mapping)
    if result is not None:
        sound(result, "streams")


@settings(SETTINGS, max_examples=40)
@given(st.data())
def test_damage_inside_a_workbook(tmp_path, sound_files, data):
    """The parts of the package, unpacked: a damaged zip alone would never reach the reader of cells."""
    mapping, content = sound_files["e.xlsx"]
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        part = data.draw(st.sampled_from(sorted(old.namelist())))
        for name in old.namelist():
            new.writestr(name, spoil(old.read(name), data) if name == part else old.read(name))
    result = survives(bare_adapt, files(tmp_path, "e.xlsx", out.getvalue()), mapping)
    if result is not None:
        sound(result, "streams")


@SETTINGS
@given(
    st.binary(max_size=60) | st.text(max_size=60).map(lambda t: t.encode("utf-8", "replace"))
    | mappings().map(lambda m: yaml.safe_dump(m, allow_unicode=True).encode("utf-8", "replace")))
def test_any_mapping_file(tmp_path, content):
    survives(bare_adapt_all, streams(3), files(tmp_path, "mapping.yml", content))


@pytest.mark.parametrize("ending", ["csv", "csv.gz", "parquet"])
@settings(SETTINGS, max_examples=40)
@given(st.data())
def test_load_takes_any_folder(tmp_path, sound_files, ending, data):
    content = data.draw(
        st.binary(max_size=60)
        | st.just(sound_files["e.csv" if ending != "parquet" else "e.parquet"][1]).map(lambda c: spoil(c, data)))
    files(tmp_path, f"streams.{ending}", content)

    def everything():
        shop = bare_load(tmp_path)
        return [shop[name] for name in shop.names]

    survives(everything)
    survives(load, tmp_path, True)


@SETTINGS
@given(st.text(max_size=30) | CELLS)
def test_load_takes_any_name(name):
    survives(bare_load, name)


@settings(SETTINGS, max_examples=400)
@given(CELLS)
def test_any_cell(cell):
    tidied = values.tidy(cell)
    for read in (numbers.number, lengths.seconds, times.moment, values.whether):
        try:
            read(tidied)
        except values.UnreadableError:
            pass


@SETTINGS
@given(st.integers(-10**15, 10**15), st.sampled_from(["{:,}", "{}", "¥{}", "{:,}元", " {} ", "{}次"]))
def test_numbers_come_back_exactly(number, form):
    assert numbers.number(form.format(number)) == number


@SETTINGS
@given(st.integers(0, 10**7))
def test_lengths_come_back_exactly(seconds):
    h, m, s = seconds // 3600, seconds % 3600 // 60, seconds % 60
    assert (
        lengths.seconds(f"{h}:{m:02d}:{s:02d}") == lengths.seconds(f"{h}h {m}min {s}s")
        == lengths.seconds(f"{h}小时{m}分{s}秒") == Decimal(seconds))


@SETTINGS
@given(
    st.datetimes(pd.Timestamp("2000-01-01"), pd.Timestamp("2100-01-01")),
    st.sampled_from(["%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y年%m月%d日 %H时%M分%S秒", "%Y%m%d%H%M%S"]))
def test_times_come_back_exactly(when, form):
    assert times.moment(when.strftime(form)) == when.replace(microsecond=0)
