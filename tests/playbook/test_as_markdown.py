"""Cards as Markdown: written and read back, in Python and by the book's own script alike."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from example import page as example
from liveshop import medium, playbook
from liveshop.playbook import CardError, for_page, markdown, read
from liveshop.playbook.content import aligned, filled_rows, tidy

BOOK = example.HERE.parents[1] / "book" / "_static"
DECK = playbook.load_cards(example.HERE / "cards.yml")
ONE = DECK[0]
LINES = [item["what"] for item in ONE["checklist"]]
NASTY = [
    '<img src=x onerror=alert(1)> "a" | b', "a\n\n# head\n- [x] no task\n## Card 0.1: no card", "a \\", "\\|", "|", "*",
    "**a**: b", "[x](javascript:1)", "&lt;br&gt; &amp;amp; &", "<br>", "=1+1", "-5 %", "  two  spaces\tand a tab ", "…",
    "Notes: x", "---",
    "清禾 福袋", "\u3000", "\ufeff\x07", "\u2028", "`code` $x$ ~y~ !z", "{{ x }}", "\r\n a \r b", "</script>", "😀",
]

texts = st.one_of(st.sampled_from(NASTY), st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
names = st.sampled_from([field["name"] for field in ONE["fields"]])
contents = st.fixed_dictionaries({
    "fields": st.dictionaries(st.one_of(names, st.sampled_from(["Old: field (a)", "Mood", "a*b"])), texts, max_size=4),
    "ticks": st.lists(st.sampled_from([*LINES, "A line | of before (x)", "Sing"]), unique=True),
    "rows": st.lists(st.lists(texts, min_size=3, max_size=3), max_size=3),
    "notes": texts,
})


def expected(content):
    """What is left of a content once it was written: white space tidied, nothing where there was nothing."""
    rows = [[tidy(cell) for cell in row] for row in filled_rows(content["rows"])]
    own = [name for name in (field["name"] for field in ONE["fields"]) if name in content["fields"]]
    names = own + [name for name in content["fields"] if name not in own]
    fields = {name: tidy(content["fields"][name]) for name in names if tidy(content["fields"][name])}
    ticks = [line for line in LINES if line in content["ticks"]]
    ticks += [line for line in content["ticks"] if line not in LINES]
    return {"fields": fields, "ticks": ticks, "rows": rows, "notes": tidy(content["notes"])}


def written(content):
    return markdown(ONE, content["fields"], content["rows"], content["ticks"], content["notes"])


@settings(max_examples=300, deadline=None)
@given(contents)
def test_what_is_written_is_read_back(content):
    found = read("# My playbook\n\n" + written(content), DECK)[ONE["id"]]
    got = {"fields": found.fields, "ticks": found.ticks, "rows": found.rows, "notes": found.notes}
    assert got == expected(content)
    assert markdown(ONE, found.fields, found.rows, found.ticks, found.notes, found.columns) == written(content)


def test_a_file_edited_by_hand_loses_nothing():
    text = """Some words before.

## Card 0.1: Broadcast review

* **GPM** (yuan): 12 < 13
- **Main reason**: late | start
- **My own question**: why?
- [X] Compare GPM with the last four broadcasts (I did)
- [ ] Call Lin
| Action | who | Who |
|---|:--|---|
| call | x | Lin | more |
A paragraph of hers.
"""
    found = read(text.replace("Compare GPM with the last four broadcasts", LINES[0]).replace("\n", "\r\n"), DECK)["0.1"]
    assert found.fields == {"gpm": "12 < 13", "reason": "late | start", "My own question": "why?"}
    assert found.ticks == [LINES[0]] and found.notes == "[ ] Call Lin\nA paragraph of hers."
    columns, rows = aligned(ONE, found.columns, found.rows)
    assert columns == ["Action", "Who", "By when", "who", ""] and rows == [["call", "Lin", "", "x", "more"]]


@pytest.mark.parametrize(("text", "words"), [("", "no card in it"), ("# Card\n", "no card"),
                                             ("## Card 1.1\n## Card 1.1: a", "card 1.1 stands in it twice")])
def test_what_is_no_playbook_is_told_in_words(text, words):
    with pytest.raises(CardError, match=words):
        read(text, DECK)


@pytest.fixture(scope="module")
def script(tmp_path_factory):
    """The book's script in an empty page: calls `window.liveshop`, with JSON in and out."""
    with example.chromium() as browser:
        page = browser.new_page()
        page.goto(example.write_page(tmp_path_factory.mktemp("empty"), "", script=False))
        for code in (medium.static("kept.js", "cards.js"), (BOOK / "card-markdown.js").read_text(encoding="utf-8")):
            page.add_script_tag(content=code)
        yield page


@settings(max_examples=100, deadline=None)
@given(content=contents)
def test_the_page_writes_and_reads_the_same(script, content):
    columns = for_page(ONE)["columns"]
    passed = {**content, "table": {"columns": columns, "rows": content["rows"]}}
    call = """([deck, content]) => {
        const text = window.liveshop.markdown.write(deck[0], content);
        return JSON.stringify([text, window.liveshop.markdown.read(text, deck)["0.1"]]);
    }"""
    text, found = json.loads(script.evaluate(call, [[for_page(one) for one in DECK], passed]))
    assert text == written(content)
    got = {"fields": found["fields"], "ticks": found["ticks"], "rows": found["table"]["rows"], "notes": found["notes"]}
    assert got == expected(content)


def test_every_card_of_the_course_goes_both_ways(script):
    """All cards of the course, filled in everywhere: the same text from Python and from the page, read back by both."""
    deck = playbook.cards()
    full, parts = {}, []
    for one in deck:
        columns = for_page(one)["columns"]
        content = {
            "fields": {field["name"]: NASTY[i] for i, field in enumerate(one["fields"])},
            "ticks": [item["what"] for item in one["checklist"]][::2],
            "table": {"columns": columns, "rows": [[str(i) for i, _ in enumerate(columns)]] if columns else []},
            "notes": "a\nb",
        }
        full[one["id"]] = content
        parts.append(markdown(one, content["fields"], content["table"]["rows"], content["ticks"], content["notes"]))
    call = """([deck, full]) => {
        const text = deck.map((card) => window.liveshop.markdown.write(card, full[card.id])).join("\\n");
        return [text, window.liveshop.markdown.read(text, deck)];
    }"""
    text, found = script.evaluate(call, [[for_page(one) for one in deck], full])
    assert text == "\n".join(parts)
    again = read(text, deck)
    for id, content in full.items():
        fields = {name: tidy(value) for name, value in content["fields"].items()}
        assert found[id]["fields"] == again[id].fields == fields
        assert found[id]["ticks"] == again[id].ticks == content["ticks"]
        assert found[id]["table"]["rows"] == again[id].rows == content["table"]["rows"]
