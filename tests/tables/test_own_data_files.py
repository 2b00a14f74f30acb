"""Text files as other places write them: encodings that are weighed, separators that are found, lines too wide."""

import zipfile

import pytest

from adapted import csv, message, told
from liveshop.tables import TableError, adapt
from liveshop.tables.adapt import delimited, encodings

# Titles as shops write them, a few in each encoding.
TITLES = {
    "big5": ["春季新品直播", "週年慶特賣", "限時優惠滿千送百", "紅色洋裝M號"],
    "shift_jis": ["春の新作ワンピース", "限定セール", "送料無料の靴"],
    "euc-kr": ["봄 신상 원피스", "한정 세일 특가", "오늘만 무료배송"],
    "tis-620": ["ไลฟ์สดเสื้อผ้า", "ลดราคาพิเศษ", "ชุดเดรสสีแดง"],
    "cp1251": ["Весенняя коллекция", "Платье красное", "Скидка только сегодня"],
    "cp1252": ["Frühlingsmode für Sie", "Größe", "Été à Paris", "Señora", "Købmand på tilbud"],
    "gb18030": ["春季新品直播", "周年庆特卖", "限时优惠满千送百", "碎花长裙显瘦", "鹿皮绒外套M号"],
}


def titled(titles):
    lines = [f"{i},{title},2026-03-01 20:00,7200,100" for i, title in enumerate(titles)]
    return "\n".join(["stream_id,title,started,stream_seconds,gmv", *lines, ""])


@pytest.mark.parametrize("encoding", TITLES)
def test_titles_in_every_encoding(tmp_path, encoding):
    frame = adapt(csv(tmp_path, titled(TITLES[encoding]), encoding=encodings.KNOWN[encoding]), "streams")
    assert list(frame.title) == TITLES[encoding] and frame.attrs["report"].encoding == encoding
    assert "not certain" not in told(frame)


@pytest.mark.parametrize("encoding", TITLES)
def test_a_single_title_is_right_or_said_to_be_uncertain(tmp_path, encoding):
    for title in TITLES[encoding]:
        frame = adapt(csv(tmp_path, titled([title]), encoding=encodings.KNOWN[encoding]), "streams")
        assert frame.title[0] == title or "is not certain: in" in told(frame)


def test_where_the_encoding_is_not_certain_two_readings_are_shown(tmp_path):
    path = csv(tmp_path, titled(["红"]), encoding="gb18030")
    frame = adapt(path, "streams")
    other = encodings.decode(path.read_bytes(), "x", None)[2]
    assert f"in gb18030 the column title says “红”, in {other} “" in told(frame)
    assert f"write encoding: gb18030 or encoding: {other} into the mapping" in told(frame)
    assert "not certain" not in told(adapt(path, {"table": "streams", "encoding": "gb18030"}))


def test_no_person_stands_in_the_two_readings(tmp_path):
    text = "order_id,line_no,quantity,paid_amount,created,buyer\nA,1,1,5,2026-03-01,红\n"
    frame = adapt(csv(tmp_path, text, encoding="gb18030"), "orders")
    assert "红" not in told(frame) and "红" not in frame.attrs["report"].markdown()


def test_known_headings_settle_the_encoding(tmp_path):
    columns = ["stream_id", "started", "stream_seconds"]
    shown = {"gb18030": "直播编号,开播时间,直播时长", "cp949": "방송,시작,길이", "cp932": "番号,開始,長さ"}
    for encoding, headings in shown.items():
        mapping = {"table": "streams", "columns": dict(zip(columns, headings.split(","), strict=True))}
        frame = adapt(csv(tmp_path, f"{headings}\n1,2026-03-01 20:00,60\n", encoding=encoding), mapping)
        assert list(frame.stream_id) == ["1"] and "not certain" not in told(frame)


def test_a_told_encoding_is_taken_with_the_characters_that_vendors_add(tmp_path):
    path = csv(tmp_path, titled(["①髙島屋"]), encoding="cp932")
    assert adapt(path, {"table": "streams", "encoding": "shift_jis"}).title[0] == "①髙島屋"


def test_utf8_with_a_broken_character_stays_utf8(tmp_path):
    path = tmp_path / "cut.csv"
    path.write_bytes(titled(TITLES["gb18030"] * 10).encode().replace("裙".encode(), "裙".encode()[:2], 1))
    frame = adapt(path, "streams")
    assert frame.title[0] == "春季新品直播" and frame.attrs["report"].encoding == "utf-8"
    assert "1 character is damaged and shown as \ufffd" in told(frame)


# Separators -----------------------------------------------------------------------------------------------------------

ORDERS = "order_id;line_no;quantity;paid_amount;created;item\n"


def test_separators_within_quotation_marks_do_not_count(tmp_path):
    text = ORDERS + "".join(f'A{i};1;1;5;2026-03-01;"Dress, red, size M, cotton, new, sale"\n' for i in range(5))
    assert list(adapt(csv(tmp_path, text), "orders").paid_amount) == [5] * 5


def test_the_separator_is_that_of_the_headings(tmp_path):
    text = ORDERS + "".join(f"A{i};1;1,0;12,50;2026-03-01;2,5,6,7,8,9,10\n" for i in range(5))
    assert list(adapt(csv(tmp_path, text), "orders").paid_amount) == [12.5] * 5
    assert list(adapt(csv(tmp_path, "a, b, c, d, e, f, g, h\n" * 3 + text), "orders").paid_amount) == [12.5] * 5


def test_a_first_line_that_names_the_separator(tmp_path):
    text = "sep=;\n" + ORDERS + "A;1;1;5;2026-03-01;x\n"
    frame = adapt(csv(tmp_path, text), "orders")
    assert list(frame.paid_amount) == [5] and frame.attrs["report"].header_line == 2
    assert frame.attrs["report"].above == []


def test_an_unknown_separator_is_asked_for(tmp_path):
    text = (ORDERS + "A;1;1;5;2026-03-01;x\n").replace(";", "~")
    assert "or delimiter: if another character separates the cells" in message(csv(tmp_path, text), "orders")
    assert len(adapt(csv(tmp_path, text), {"table": "orders", "delimiter": "~"})) == 1


def test_lines_with_more_cells_than_headings_stop(tmp_path):
    head = ORDERS.replace(";", ",")
    sound = "".join(f"A{i},1,1,5,2026-03-01,x\n" for i in range(40))
    wide = "B{},1,1,12,50,2026-03-01,x\n"
    said = message(csv(tmp_path, head + sound + wide.format(1)), "orders")
    assert "line 42: 1 line has more cells than there are headings" in said and "or write bad_rows: set_aside" in said
    many = csv(tmp_path, head + "".join(map(wide.format, range(9))))
    for bad_rows in ("error", "set_aside"):
        said = message(many, {"table": "orders", "bad_rows": bad_rows})
        assert "9 lines have more cells than there are headings in export.csv (separated by “,”)" in said
        assert "write delimiter: if another character" in said and "set_aside" not in said
    frame = adapt(csv(tmp_path, head + sound + wide.format(1)), {"table": "orders", "bad_rows": "set_aside"})
    assert len(frame) == 40 and "1 set aside: more cells than there are headings (line 42)" in told(frame)


@pytest.mark.parametrize(("names", "said"), [
    ({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<a/>"},
     "is an OpenDocument workbook; save it as .xlsx or .csv."),
    ({"content.xml": b"<a/>", "META-INF/manifest.xml": b"<a/>"}, "is an OpenDocument workbook; save it as"),
    ({"Index/Document.iwa": b"x", "Metadata/a.plist": b""}, "is a workbook of Apple Numbers; export it as .xlsx or"),
    ({"Index.zip": b"x", "preview.jpg": b"x"}, "is a workbook of Apple Numbers; export it as .xlsx or .csv."),
    ({"orders.csv": b"a,b"}, "is a packed folder, not a workbook; unpack it"),
])
@pytest.mark.parametrize("ending", ["ods", "numbers", "xlsx", "zip"])
def test_workbooks_of_other_programs_say_what_to_do(tmp_path, names, said, ending):
    path = tmp_path / f"in.{ending}"
    with zipfile.ZipFile(path, "w") as packed:
        for name, content in names.items():
            packed.writestr(name, content)
    assert said in message(path, "orders")


ROWS = "a,2026-03-01,1,x,5.5\nb,2026-03-02,1,茶,7\nc,2026-03-03,1,,8.25\n"
HEAD = "order_id,created,line_no,product_id,paid_amount\n"


@pytest.mark.parametrize("text", [
    HEAD + ROWS, "Orders of March\n\n" + HEAD + ROWS, (HEAD + ROWS).replace("\n", "\r\n"), HEAD + ROWS.rstrip("\n"),
    (HEAD + ROWS).replace(",", ";"), HEAD + ROWS + "\n\n", HEAD + ROWS + "\n" + ROWS.replace("a,", "d,"),
    HEAD + ROWS + HEAD + "d,2026-03-04,1,x,1\n", HEAD + ROWS + "d,2026-03-04,1,x\n",
    HEAD + ROWS + "d,2026-03-04,1,x,1,,\n",
    HEAD + ROWS + 'd,2026-03-04,1,"x, y",1\n', HEAD + ROWS + "'d,2026-03-04,1,x,1\n", HEAD + ROWS + "合计,,,,20.75\n",
    (HEAD + ROWS).replace("\n", ",\n"), "sep=,\n" + HEAD + ROWS, HEAD + ROWS + " d , 2026-03-04 ,1, x ,1\n",
    HEAD + "\n".join(f"{n},2026-03-01,1,p{n % 7},{n / 4}" for n in range(1, 400)) + "\n", HEAD,
    HEAD + ROWS.replace("x", "x\x0by"), HEAD + ROWS.replace("5.5", "5.5\r")])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_a_long_plain_text_is_read_by_columns_and_gives_the_same(tmp_path, monkeypatch, text, encoding):
    path = csv(tmp_path, text, encoding=encoding)

    def outcome():
        try:
            frame = adapt(path, {"table": "orders", "columns": {"quantity": {"constant": 1}}, "bad_rows": "set_aside"})
        except TableError as error:
            return str(error)
        return frame.to_csv(), told(frame), frame.attrs["report"].set_aside

    by_rows = outcome()
    monkeypatch.setattr(delimited, "LONG", 0)
    assert outcome() == by_rows


def test_what_every_line_has_alike_is_read_by_columns(tmp_path):
    columns = delimited.columns(f"title\n{HEAD}{ROWS}".encode(), 2, HEAD.strip().split(","), ",")
    assert columns[0].tolist() == ["a", "b", "c"] and columns[3].tolist() == ["x", "茶", ""]
    for spoilt in ("\n", HEAD, "d,1\n", " ,2026-03-04,1,x,1\n"):
        assert delimited.columns((HEAD + ROWS + spoilt).encode(), 1, HEAD.strip().split(","), ",") is None
    assert delimited.top(HEAD + ROWS) is None, "a short text"
    long = HEAD + ROWS * 30_000
    assert delimited.top(long).count("\n") == 80 and delimited.top(long.replace("x", '"x"')) is None
