"""A section on somebody's own tables: what runs, what is left out, what is told, what is written."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pandas as pd
import pytest

from common import _cell
from liveshop import editions, tables
from liveshop.editions.__main__ import main
from liveshop.editions.own_data import steps
from liveshop.editions.own_data.tables import complete, lacking
from platform_exports import LIVE, workbook


def markdown(nb):
    return "\n".join(cell.source for cell in nb.cells if cell.cell_type == "markdown")


@pytest.fixture
def course_folder(tmp_path, monkeypatch):
    """A course folder with one small chapter, and somebody's tables in contract form."""
    chapter = nbformat.v4.new_notebook(cells=[
        _cell("text", "# 5 Running a live room"),
        _cell("code", "import pandas as pd\nfrom liveshop import load\n\ntables = load('data')", "setup"),
        _cell("text", "## 5.4 Reading the room's data\n\nQinghe's story."),
        _cell("text", "Your broadcasts:", "template"),
        _cell("code", "streams = tables.streams\nstreams[['title', 'gmv']]", "template",
              needs=["streams"], shows="the scorecard of each broadcast"),
        _cell("code", "by_host = streams.groupby('host_id').gmv.sum()\nby_host", "template",
              needs=["streams.host_id"], shows="sales by host"),
        _cell("code", "len(tables.refunds)", "template", needs=["refunds"], shows="how much comes back"),
        _cell("code", "by_host.max()", "template", needs=["streams"], shows="the strongest host"),
        _cell("code", "secret_of_qinghe = 1", "truth"),
        _cell("text", "## 5.5 Another section"),
        _cell("code", "raise SystemExit", "template"),
    ])
    (tmp_path / "notebooks").mkdir()
    nbformat.write(chapter, tmp_path / "notebooks" / "05-live-operations.ipynb")
    mine = tmp_path / "mine"
    mine.mkdir()
    streams = pd.DataFrame({
        "stream_id": ["a", "b"], "title": ["<script>alert(1)</script>", "=HYPERLINK(1)"],
        "started": pd.to_datetime(["2025-05-01 20:00", "2025-05-02 20:00"]),
        "ended": pd.to_datetime(["2025-05-01 22:00", "2025-05-02 22:00"]),
        "stream_seconds": [7200, 7200], "gmv": [1200.0, 800.0], "views": [300, 200],
    })
    streams.to_parquet(mine / "streams.parquet", index=False)
    sessions = pd.DataFrame({
        "session_id": [1, 2, 3], "stream_id": ["a", "a", "b"], "viewer_id": [987654321, 123456789, 987654321],
        "source": ["feed", "follow", "feed"], "entered_second": [0, 10, 20], "watch_seconds": [60.0, 120.0, 30.0],
    })
    sessions.to_parquet(mine / "viewer-sessions.parquet", index=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_section_runs_on_other_tables(course_folder):
    out = editions.own_data_notebook("5.4", "mine")
    assert out == Path("my-run/5.4")
    nb = nbformat.read(out / "section-5-4.ipynb", 4)
    page = (out / "section-5-4.html").read_text(encoding="utf-8")
    report = (out / "report.md").read_text(encoding="utf-8")
    text = nbformat.writes(nb)
    assert "Your broadcasts:" in text
    assert not [word for word in ("Qinghe's story", "secret_of_qinghe", "SystemExit") if word in text]
    assert "streams.host_id` is missing" in markdown(nb)
    assert "sales by host" in report and "how much comes back" in report
    assert "builds on a step that was left out" in report, "a step whose forerunner is missing"
    assert "NameError" not in page and "Traceback" not in text
    assert "<script>alert" not in page and "&lt;script&gt;" in page and page.count("<script") == 1
    assert "http" not in re.sub(r"http-equiv|http://www\.w3\.org\S*", "", page), "the page names another server"


def test_page_tells_what_each_step_shows_and_gathers_what_is_missing(course_folder, capfd):
    chapter = nbformat.read("notebooks/05-live-operations.ipynb", 4)
    chapter.cells[-2:-2] = [
        _cell("text", "What comes back:", "template"),
        _cell("code", "tables.refunds.head(1)", "template", needs=["refunds"], shows="a refund"),
        _cell("code", "tables.orders.head(1)", "template", needs=["orders", "refunds", "products"], shows="an order"),
        _cell("text", "How it ended:", "template"),
        _cell("code", "len(streams)", "template", "explorer", needs=["streams.gmv"], shows="the number of broadcasts"),
        _cell("code", "raise ValueError('Nothing to compare.')", "template", needs=["streams"], shows="a comparison"),
        _cell("code", "streams[streams.gmv < 0].gmv.to_numpy().argmin()", "template",
              needs=["streams"], shows="the worst night"),
    ]
    nbformat.write(chapter, "notebooks/05-live-operations.ipynb")
    Path("mine").rename("my_tables")
    out = editions.own_data_notebook("5.4", "my_tables")
    nb = nbformat.read(out / "section-5-4.ipynb", 4)
    texts = [cell.source for cell in nb.cells if cell.cell_type == "markdown"]
    assert not any("What comes back:" in text for text in texts), "a text whose steps are all left out"
    assert any("How it ended:" in text for text in texts)
    gathered = [text for text in texts if text.startswith("> **Left out.**")]
    assert any("a refund" in text and "`orders`, `refunds` and `products` are missing" in text for text in gathered)
    assert "**The strongest host**" in texts, "no heading where no text introduces the step"
    assert "**The scorecard of each broadcast**" not in texts, "a heading behind a text that introduces the step"
    report = (out / "report.md").read_text(encoding="utf-8")
    assert "`refunds` is missing; with it you would see how much comes back; a refund." in report
    assert "The worst night: your tables hold too few rows of the kind that it looks at." in report
    assert "did not suit it: Nothing to compare." in report and "`my_tables`" in report
    page = (out / "section-5-4.html").read_text(encoding="utf-8")
    assert page.count("Open the notebook beside this page") == 1
    assert "WARNING" not in capfd.readouterr().err


def test_the_page_names_the_tables_that_were_read(course_folder):
    pd.DataFrame({"host_id": ["H1"], "name": ["Lin"]}).to_csv("mine/hosts.csv", index=False)
    nb = nbformat.read(editions.own_data_notebook("5.4", "mine") / "section-5-4.ipynb", 4)
    opening = nb.cells[0].source
    assert "Made from `mine`." in opening and "| `streams` | `streams.parquet` | 2 |" in opening
    assert "viewer_sessions" not in opening and "hosts" not in opening, "no step reads them"
    assert "does not read the other 2 tables; `report.md` lists them" in opening
    report = Path("my-run/5.4/report.md").read_text(encoding="utf-8")
    assert "| `viewer_sessions` | `viewer-sessions.parquet` | 3 |" in report
    assert "| `hosts` | `hosts.csv` | 1 |" in report


def test_a_workbook_names_the_sheet_of_each_table(course_folder):
    with pd.ExcelWriter("ex|port.xlsx") as book:
        pd.read_parquet("mine/streams.parquet").to_excel(book, sheet_name="Rooms", index=False)
    out = editions.own_data_notebook("5.4", "ex|port.xlsx", {"table": "streams", "sheet": "Rooms"})
    opening = nbformat.read(out / "section-5-4.ipynb", 4).cells[0].source
    assert "| `streams` | `ex\\|port.xlsx, sheet Rooms` | 2 |" in opening


def with_card(**filled):
    """The chapter with the section's card in it, and no other."""
    chapter = nbformat.read("notebooks/05-live-operations.ipynb", 4)
    chapter.cells = [cell for cell in chapter.cells if "card" not in cell.metadata.get("tags", [])]
    given = "".join(f", {name}={value!r}" for name, value in filled.items())
    chapter.cells.insert(-2, _cell("code", f"from liveshop import card\ncard('5.4'{given})", "card"))
    nbformat.write(chapter, "notebooks/05-live-operations.ipynb")


def run_page() -> Path:
    """The page of a run on somebody's tables."""
    return (editions.own_data_notebook("5.4", "mine") / "section-5-4.html").absolute()


def test_what_is_typed_into_the_card_of_a_page_stays_under_its_own_key(course_folder, reader):
    with_card(broadcast="room <b>one</b>")
    page = reader.open(run_page())
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, "the page is wider than a phone"
    boxes = page.locator(".ls-card .ls-card-fields textarea")
    assert boxes.nth(0).input_value() == "room <b>one</b>"
    boxes.nth(1).fill("mine")
    page.locator(".ls-checklist input").nth(1).check()
    page.reload()
    assert boxes.nth(1).input_value() == "mine" and page.locator(".ls-checklist input").nth(1).is_checked()
    assert "stays on this device" in page.locator(".ls-card").inner_text()
    assert "Qinghe" not in page.locator(".ls-card").inner_text(), "the figures are the reader's own"
    kept = "Object.keys(localStorage).filter((key) => key.startsWith('liveshop'))"
    (key,) = page.evaluate(kept)
    assert re.fullmatch("liveshop-[0-9a-f]{12}", key), "not that of the book"
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Forget what I typed").click()
    page.wait_for_load_state()
    assert boxes.nth(1).input_value() == "" and page.evaluate(kept) == []
    boxes.nth(1).fill("mine")
    # The same figures again: her words are there. Others: they are not taken for words on these.
    page = reader.open(run_page())
    assert boxes.nth(1).input_value() == "mine"
    with_card(broadcast="room two")
    page = reader.open(run_page())
    assert boxes.nth(1).input_value() == ""
    assert not reader.foreign and not reader.complaints


def test_a_page_is_printed_by_a_button_and_runs_no_script_but_its_own(course_folder, reader):
    page = reader.open(run_page())
    page.evaluate("window.print = () => document.title = 'printed'")
    page.get_by_role("button", name="Print this page").press("Enter")
    assert page.title() == "printed" and not reader.complaints
    # Whatever a table of somebody's might smuggle in: the page refuses it.
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"document.title = `broken`\">')")
    page.evaluate("""const made = document.createElement("script"); made.textContent = "document.title = 'broken'";
        document.body.append(made); fetch("http://127.0.0.1:9/").catch(() => {})""")
    page.wait_for_timeout(200)
    assert page.title() == "printed" and not reader.foreign


def test_table_without_a_necessary_column_is_not_used_and_the_others_are(course_folder):
    sessions = pd.read_parquet("mine/viewer-sessions.parquet")
    Path("mine/viewer-sessions.parquet").unlink()
    sessions.drop(columns=["session_id", "viewer_id"]).to_csv("mine/viewer-sessions.csv", index=False)
    out = editions.own_data_notebook("5.4", "mine")
    assert [path.name for path in (out / "data").iterdir()] == ["streams.parquet"]
    for name in ("report.md", "section-5-4.ipynb"):
        text = (out / name).read_text(encoding="utf-8")
        assert "Not used. Table viewer" in text and "session" in text and "under columns: in the mapping" not in text
    Path("mine/streams.parquet").unlink()
    with pytest.raises(tables.MissingColumn, match="name the column session_id in the file"):
        editions.own_data_notebook("5.4", "mine", out="none")


def test_staying_to_the_end_is_worked_out_from_the_length_of_the_broadcast(course_folder):
    sessions = pd.read_parquet("mine/viewer-sessions.parquet")
    sessions = sessions.assign(entered_second=[0, 7100, 20], watch_seconds=[7199.0, 100.0, 30.0])
    sessions.loc[3] = [4, "unknown", 5, "feed", 0, 9999.0]
    streams = pd.read_parquet("mine/streams.parquet")
    frames, notes = complete({"viewer_sessions": sessions, "streams": streams})
    assert frames["viewer_sessions"].stayed_to_end.tolist() == [False, True, False, pd.NA] and "33.3%" in notes[0]
    told = sessions.assign(stayed_to_end=[True, False, True, False])
    frames, notes = complete({"viewer_sessions": told, "streams": streams})
    assert frames["viewer_sessions"] is told and not notes


def test_order_lines_without_buyer_or_payment_are_counted_with_their_money():
    orders = pd.DataFrame({
        "order_id": list("abcd"), "paid_amount": [10.0, 20.0, 30.0, 40.0], "customer_id": [1, None, 2, 3],
        "paid": pd.to_datetime(["2025-05-01", None, None, "2025-05-02"])})
    told = lacking({"orders": orders})
    assert told == [
        "1 of 4 lines of orders have no buyer (guests), 20.00 of 100.00 in money: steps that need customer_id leave "
        "them out.",
        "2 of 4 lines of orders have no time of payment, 50.00 of 100.00 in money: steps that need paid leave them "
        "out."]
    assert not lacking({"orders": orders.assign(customer_id=1, paid=None)}) and not lacking({})


def test_buyers_are_pseudonyms_in_all_that_is_written(course_folder):
    out = editions.own_data_notebook("5.4", "mine")
    for path in out.rglob("*"):
        if path.is_file():
            assert b"987654321" not in path.read_bytes(), path
    written = tables.load(out / "data").viewer_sessions
    assert written.viewer_id.nunique() == 2 and written.viewer_id.iloc[0] == written.viewer_id.iloc[2]
    assert not set(written.viewer_id) & {987654321, 123456789}


@pytest.fixture
def without_kernel(monkeypatch):
    """A run that computes nothing, where only its files matter."""
    monkeypatch.setattr("liveshop.editions.own_data.run.run", lambda nb, *_, **__: nb)


def test_second_run_replaces_the_first(course_folder, without_kernel):
    first = editions.own_data_notebook("5.4", "mine", out="result")
    assert (first / "data" / "viewer-sessions.parquet").exists()
    Path("mine/viewer-sessions.parquet").unlink()
    editions.own_data_notebook("5.4", "mine", out="result")
    assert not (first / "data" / "viewer-sessions.parquet").exists()
    assert sorted(path.name for path in course_folder.iterdir()) == ["mine", "notebooks", "result"]


def test_what_the_reader_added_or_changed_stays(course_folder, without_kernel, capsys):
    run = ["template", "--section", "5.4", "--data", "mine", "--out", "result"]
    assert main(run) == 0
    out, changed = Path("result"), "my own sentence"
    assert "Kept" not in capsys.readouterr().out + (out / "report.md").read_text(encoding="utf-8")
    (out / "notes").mkdir()
    (out / "notes" / "mine.md").write_text(changed)
    (out / "empty").mkdir()
    (out / ".ipynb_checkpoints").mkdir()
    (out / ".ipynb_checkpoints" / "section-5-4-checkpoint.ipynb").touch()
    nb = nbformat.read(out / "section-5-4.ipynb", 4)
    nb.cells[0].source = changed
    nbformat.write(nb, out / "section-5-4.ipynb")
    (out / "report.md").write_text(changed)
    for number in (1, 2):
        assert main(run) == 0
        assert (out / "notes" / "mine.md").read_text() == changed and (out / "empty").is_dir()
        assert changed not in (out / "section-5-4.ipynb").read_text(encoding="utf-8"), "the new one"
        mine = list(out.glob("section-5-4 (yours, *).ipynb"))
        assert len(mine) == 1 and changed in mine[0].read_text(encoding="utf-8")
        assert [path.read_text() for path in out.glob("report (yours, *).md")] == [changed]
        told = capsys.readouterr().out
        assert "Kept from before, for it is yours:" in told and "notes/mine.md" in told
        assert "checkpoint" not in told and len(list((out / ".ipynb_checkpoints").iterdir())) == 1
        assert ("section-5-4.ipynb, which you had changed" in told) == (number == 1)
        assert "notes/mine.md" in (out / "report.md").read_text(encoding="utf-8")
    (out / "section-5-4.html").write_text(changed)
    (out / "section-5-4.html").rename(out / "mine.html")
    assert main(run) == 0 and (out / "mine.html").read_text() == changed
    assert sorted(path.name for path in course_folder.iterdir()) == ["mine", "notebooks", "result"]


def test_a_result_whose_run_kept_no_record_is_kept_whole(course_folder, without_kernel):
    out = editions.own_data_notebook("5.4", "mine", out="result")
    old = (out / "section-5-4.ipynb").read_bytes()
    (out / "own-data.json").write_text('{"section": "5.4"}')
    editions.own_data_notebook("5.4", "mine", out="result")
    assert [path.read_bytes() for path in out.glob("section-5-4 (yours, *).ipynb")] == [old]


def test_a_link_is_followed_to_where_it_leads(course_folder, without_kernel):
    Path("elsewhere").mkdir()
    Path("link").symlink_to("elsewhere", target_is_directory=True)
    for _ in range(2):
        editions.own_data_notebook("5.4", "mine", out="link")
        assert Path("link").is_symlink() and Path("elsewhere/section-5-4.html").exists()
    Path("circle").symlink_to("circle")
    with pytest.raises(ValueError, match="choose another"):
        editions.own_data_notebook("5.4", "mine", out="circle")
    assert sorted(p.name for p in course_folder.iterdir()) == ["circle", "elsewhere", "link", "mine", "notebooks"]


def test_what_a_killed_run_left_is_removed_and_its_old_result_comes_back(course_folder, without_kernel):
    out = editions.own_data_notebook("5.4", "mine", out="result")
    (out / "notes.md").write_text("mine")
    ended = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True)
    left, other = Path(f".result-{ended.stdout.strip()}-abc"), Path(f".result-{os.getpid()}-abc")
    for folder in (left, other, Path(".result-draft")):
        folder.mkdir()
        (folder / "half.html").touch()
    out.rename(".result.old")
    editions.own_data_notebook("5.4", "mine", out="result")
    assert (out / "notes.md").read_text() == "mine"
    assert not left.exists() and other.exists() and Path(".result-draft").exists(), "only what a dead run left"
    assert not Path(".result.old").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (dict(section="5.9", data="mine"), "no section 5.9 in this chapter: it has 5.4, 5.5"),
        (dict(section="7.1", data="mine"), "no chapter for section '7.1'"),
        (dict(section="all", data="mine"), "is not a section"),
        (dict(section="5.4", data="nowhere"), "no file or folder nowhere"),
        (dict(section="5.4", data=""), "No data named"),
        (dict(section="5.4", data="mine", mapping="none.yml"), "mapping file none.yml is not there"),
        (dict(section="5.4", data="strange.csv"), "headings are of no format that the course knows: write MAPPING="),
        (dict(section="5.4", data="mine", out="notebooks"), "holds other files"),
        (dict(section="5.4", data="mine", out="mine/streams.parquet"), "is a file"),
        (dict(section="5.4", data="mine", out="mine/streams.parquet/deep/er"), "cannot be made in"),
    ],
)
def test_what_does_not_fit_is_one_sentence_and_nothing_is_written(course_folder, arguments, words, capsys):
    Path("strange.csv").write_text("height,weight\n1,2\n")
    before = sorted(str(path) for path in course_folder.rglob("*"))
    with pytest.raises(ValueError) as error:
        editions.own_data_notebook(**arguments)
    assert words in str(error.value) and "\n" not in str(error.value)
    assert sorted(str(path) for path in course_folder.rglob("*")) == before


def test_a_file_whose_headings_are_known_needs_no_mapping(course_folder, capsys):
    assert main(["template", "--section", "5.4", "--data", "mine/streams.parquet"]) == 0
    assert "Recognised: the table streams, under the course's own headings" in capsys.readouterr().out
    told = Path("my-run/5.4/report.md").read_text("utf-8")
    assert "Recognised: the table streams" in told and "MAPPING=streams" in told


@pytest.mark.parametrize("name", LIVE)
def test_the_file_of_a_platform_needs_no_mapping(course_folder, without_kernel, capsys, name):
    workbook("live.xlsx", *LIVE[name][0])
    assert main(["template", "--section", "5.4", "--data", "live.xlsx"]) == 0
    assert f"by its headings; read with MAPPING={name}." in capsys.readouterr().out
    assert f"MAPPING={name}" in Path("my-run/5.4/report.md").read_text("utf-8").replace("\\", "")
    assert len(pd.read_parquet("my-run/5.4/data/streams.parquet")) == 2


def test_a_mapping_is_drafted_on_the_command_line(course_folder, capsys):
    Path("mine.csv").write_text("stream_id,started,Länge,gmv\n1,2026-03-01,7200,5\n", "utf-8")
    assert main(["mapping", "--data", "mine.csv"]) == 0
    said = capsys.readouterr().out
    assert "Wrote mine-mapping.yml: table streams, 3 of its columns are sure" in said and "stream_seconds" in said
    assert main(["mapping", "--data", "mine.csv"]) == 1 and "is there already" in capsys.readouterr().err
    assert main(["mapping", "--data", "mine.csv", "--out", "other.yml", "--table", "nothing"]) == 1
    assert capsys.readouterr().err.count("\n") == 1 and not Path("other.yml").exists()


def test_broken_table_is_one_sentence_on_the_command_line(course_folder, capsys):
    (course_folder / "mine" / "streams.parquet").write_bytes(b"not a table")
    assert main(["template", "--section", "5.4", "--data", "mine"]) == 1
    said = capsys.readouterr().err.strip()
    assert said.count("\n") == 0 and "streams" in said and "Traceback" not in said
    assert not (course_folder / "my-run").exists()


def test_a_broken_table_that_the_section_does_not_name_is_not_used(course_folder):
    frame = pd.read_parquet("mine/viewer-sessions.parquet")
    frame.assign(watch_seconds=-5.0).to_parquet("mine/viewer-sessions.parquet", index=False)
    out = editions.own_data_notebook("5.4", "mine")
    assert tables.load(out / "data").names == ["streams"]
    report = (out / "report.md").read_text(encoding="utf-8")
    assert "Not used. Table viewer\\_sessions, column watch\\_seconds, row 1: -5 is negative" in report


@pytest.mark.parametrize(("name", "column", "value", "words"), [
    ("viewer-sessions", "stream_id", "nowhere", "column stream_id, row 2: “nowhere” is not in table streams"),
    ("viewer-sessions", "watch_seconds", -5.0, "column watch_seconds, row 2: -5 is negative"),
    ("streams", "ended", pd.Timestamp("2025-05-01"), "column ended, row 2: 2025-05-01 00:00:00 lies before started"),
    ("streams", "stream_id", "a", "stream_id a was there before"),
])
def test_a_folder_of_tables_is_held_against_the_contract(course_folder, name, column, value, words):
    frame = pd.read_parquet(f"mine/{name}.parquet")
    chapter = nbformat.read("notebooks/05-live-operations.ipynb", 4)
    chapter.cells[5].metadata["liveshop"]["needs"].append("viewer_sessions")
    nbformat.write(chapter, "notebooks/05-live-operations.ipynb")
    frame.loc[1, column] = value
    frame.to_parquet(f"mine/{name}.parquet", index=False)
    with pytest.raises(tables.TableError, match=words):
        editions.own_data_notebook("5.4", "mine")
    assert not (course_folder / "my-run").exists()


def test_what_is_suspicious_in_a_folder_of_tables_is_told(course_folder):
    frame = pd.read_parquet("mine/streams.parquet").assign(stream_seconds=[120, 120])
    frame.to_parquet("mine/streams.parquet", index=False)
    pd.read_parquet("mine/viewer-sessions.parquet").head(0).to_csv("mine/viewer-sessions.csv", index=False)
    Path("mine/viewer-sessions.parquet").unlink()
    report = (editions.own_data_notebook("5.4", "mine") / "report.md").read_text(encoding="utf-8")
    assert "the lengths look like minutes" in report and "viewer\\_sessions: the table has no rows" in report


def test_a_mapping_may_be_the_name_of_a_table(course_folder):
    pd.read_parquet("mine/streams.parquet").to_csv("mine.csv", index=False)
    out = editions.own_data_notebook("5.4", "mine.csv", "streams")
    assert len(tables.load(out / "data").streams) == 2


def test_nothing_that_is_written_names_a_person(course_folder, without_kernel):
    names = ["Anna Lindqvist", "王小明", "13912345678", "Kungsgatan 5", "+46 70 123 45 67"]
    lines = pd.DataFrame({
        "主播姓名": names[:1] * 5 + names[1:2], "手机号": names[2], "地址": names[3], "直播编号": [*"aabcd", "e"],
        "开播时间": "2025-05-01 20:00", "直播时长": ["7200", "7200", "7200", names[1], "7200", "-5"],
        "备注": names[4], "状态": ["完", "完", "试", "完", "完", "完"]})
    lines.to_csv("mine.csv", index=False)
    with open("mine.csv", "a", encoding="utf-8") as file:
        file.write(",".join(names * 2) + "\n")
    out = editions.own_data_notebook("5.4", "mine.csv", {
        "table": "streams", "bad_rows": "set_aside", "where": [{"column": "状态", "is": "完", "reason": "a trial"}]})
    report = (out / "report.md").read_text(encoding="utf-8")
    assert "a trial (line 4)" in report and "cannot be read (line 5)" in report.replace("\\", "")
    for path in out.rglob("*"):
        if path.is_file():
            found = [name for name in names if name.encode() in path.read_bytes() or name in json.dumps(path.name)]
            assert not found, (path, found)


def test_failure_in_the_middle_leaves_nothing(course_folder, monkeypatch):
    def broken(*_):
        raise OSError(28, "No space left on device", "section-5-4.html")

    monkeypatch.setattr("liveshop.editions.own_data.run.page", broken)
    assert main(["template", "--section", "5.4", "--data", "mine", "--out", "result"]) == 1
    assert sorted(path.name for path in course_folder.iterdir()) == ["mine", "notebooks"]


def test_a_step_may_need_one_of_two_tables():
    step = _cell("code", "1", "template", needs=["journeys.path|touchpoints.kind"], shows="credits")
    frames = {"touchpoints": pd.DataFrame({"kind": ["live"]})}
    assert steps.tables_read([step]) == {"journeys", "touchpoints"}
    assert steps._absent(steps.needs(step), frames) == []
    assert steps._absent(steps.needs(step), {}) == ["journeys` or `touchpoints"]
    assert steps._absent(steps.needs(step), {"journeys": pd.DataFrame({"path": [None]})}) == [
        "journeys.path` or `touchpoints"]
