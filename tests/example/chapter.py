"""A small chapter of three sections, added to a copy of the course: all that an author writes for one, and no more."""
from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import nbformat
import yaml

from common import ROOT, _cell

NUMBER = 8
COPIED = ("book", "notebooks", "tests", "utils", "_config.yml", "_toc.yml", "pyproject.toml", "requirements.txt",
          "LICENSE")
LEFT_OUT = ("__pycache__", "*.egg-info", "[0-9][0-9]-*.ipynb")

EXERCISE = '''"""Section {section}: an exercise of the chapter that the tests add."""

from liveshop.practice import Exercise, Field, exercise


@exercise(
    "{section}a",
    title="Sales of all broadcasts",
    fields=[Field("gmv", "GMV", "yuan", decimals=0)],
    hint="One sum.",
    needs=("streams",),
)
class Sales(Exercise):
    praise = "A sum of money."
    explain = "GMV is the sum over all broadcasts."

    def right(self):
        return self.tables.streams.gmv.sum()

    def mistakes(self):
        yield self.tables.streams.gmv.mean(), "That is the mean of a broadcast."
'''

EXPLORER = '''@explore(level=(0, 1, 1), _title="Level {name}")
def {name}(level):
    fig, ax = charts.figure(height=3)
    ax.bar(["loss"], [1 + level])
    return fig, f"At level {{level:.0f}} the loss is {{1 + level:.0f}}."'''

NOTES = (
    """**For the teacher.** 5 minutes. Stumbling block: a sum is taken for a mean. Let two groups do one each.

- **Question.** What did the room sell in a season? Write a number down.""",
    """**For the teacher.** 10 minutes. Show the mean first. The usual answer is "it is nearly the same".

1. **Naive.** The mean of a broadcast is ¥9,000<!-- = tables.streams.gmv.mean():,.0f -->.
2. **Vote.** Is that what the season sold?
3. **Better.** Add the broadcasts up.
4. **Truth.** ¥2,000,000<!-- = tables.streams.gmv.sum():,.0f --> in all.""",
    """**For the teacher.** 10 minutes. Typical wrong answer: the mean. Ask what its unit is.""",
)

BACK = """## Five things to remember

1. **Add up.** So it is.
2. **Add up again.** So it is.
3. **A mean is no sum.** So it is.
4. **Name the unit.** So it is.
5. **Look once a week.** So it is.

## Decision memo

**Action.** Add up every Monday.

**Expected gain.** One number that everybody knows.

**Risk.** None.

**What would change our mind.** A second number that differs."""

QUIZ = [{"question": "What is GMV?", "type": "multiple_choice", "answers": [
    {"answer": "a sum of money", "correct": True, "feedback": "Yes, over all orders."},
    {"answer": "a rate", "correct": False, "feedback": "A rate has a denominator."},
]}]


def course_with_one_chapter(folder: Path) -> Path:
    """A copy of the course whose only chapter is the small one; its notebook is not run yet."""
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns(*LEFT_OUT))
        else:
            shutil.copy(ROOT / name, folder / name)
    (folder / "data").symlink_to(ROOT / "data")
    chapter = _enter_in_the_map(folder)
    _write_content(folder / "utils" / "liveshop" / "course" / f"chapter_{NUMBER}", chapter)
    nbformat.write(_notebook(chapter), folder / chapter["notebook"])
    return folder


def _enter_in_the_map(folder: Path) -> dict:
    path = folder / "book" / "course.yml"
    whole = yaml.safe_load(path.read_text(encoding="utf-8"))
    for chapter in whole["chapters"]:
        chapter["status"] = "ready" if chapter["number"] == NUMBER else "planned"
    chapter = whole["chapters"][NUMBER - 1]
    for section in chapter["sections"]:
        section |= {
            "minutes": {"reading": 5, "doing": 10}, "objectives": ["add up a column"], "tables": ["streams"],
            "exercises": [f"{section['id']}a"], "own_data": ["streams"], "own_data_gives": "the sum of your sales",
        }
    path.write_text(yaml.safe_dump(whole, allow_unicode=True, sort_keys=False), encoding="utf-8")
    for page in (folder / "book").rglob("*.md"):       # pages that point to a chapter point to this one
        text = re.sub(r"notebooks/\d\d-[a-z-]+\.ipynb", chapter["notebook"], page.read_text(encoding="utf-8"))
        page.write_text(text, encoding="utf-8")
    contents = yaml.safe_load((folder / "_toc.yml").read_text(encoding="utf-8"))
    contents["parts"][0]["chapters"] = [{"file": chapter["notebook"].removesuffix(".ipynb")}]
    (folder / "_toc.yml").write_text(yaml.safe_dump(contents, sort_keys=False), encoding="utf-8")
    return chapter


def _write_content(room: Path, chapter: dict) -> None:
    shutil.rmtree(room, ignore_errors=True)     # what the course has of this chapter already
    room.mkdir()
    (room / "__init__.py").touch()
    cards = []
    for section in map(str, (section["id"] for section in chapter["sections"])):
        text = EXERCISE.format(section=section)
        (room / f"section_{section.replace('.', '_')}.py").write_text(text, encoding="utf-8")
        cards.append({
            "id": section, "title": "Losses", "title_zh": "损失表", "use": "Monday", "purpose": "One sum, once a week.",
            "fields": [{"name": "gmv", "label": "GMV", "unit": "yuan", "help": "From the table."}],
            "checklist": [{"what": "Add it up", "who": "analyst", "when": "on Monday", "number": "GMV"}],
        })
    (room / "cards.yml").write_text(yaml.safe_dump(cards, allow_unicode=True, sort_keys=False), encoding="utf-8")
    (room / "quiz.json").write_text(json.dumps(QUIZ), encoding="utf-8")


def _notebook(chapter: dict):
    overview = ["| section | reading | doing | tables |", "| --- | --- | --- | --- |"]
    overview += [f"| {section['id']} {section['title']} | 5 | 10 | `streams` |" for section in chapter["sections"]]
    opening = f"# {chapter['number']} {chapter['title']}\n\n**{chapter['question']}**\n"
    cells = [
        _cell("text", "\n".join([opening, *overview])),
        _cell("code", 'data = "data"', "parameters"),
        _cell("code", "from liveshop import card, charts, check, explore, load, quiz\n\ntables = load(data)", "setup"),
    ]
    for section in chapter["sections"]:
        cells += _section(str(section["id"]), section["title"])
    cells += [_cell("text", "## Chapter quiz"), _cell("code", f'quiz("{chapter["number"]}")', "quiz"),
              _cell("text", BACK)]
    return nbformat.v4.new_notebook(cells=cells)


def _section(name: str, title: str) -> list:
    place = name.replace(".", "")
    solution = f"gmv_{place} = ...\n### BEGIN SOLUTION\ngmv_{place} = tables.streams.gmv.sum()\n### END SOLUTION"
    return [
        _cell("text", f"## {name} {title}\n\n### Strategy\n\n> **Decision rule.** Add up, once a week."),
        _cell("text", NOTES[0], "teacher"),
        _cell("code", "tables.streams.gmv.sum()", "template", needs=["streams"], shows="the sum of sales"),
        _cell("text", "### The trap: a mean for a sum"),
        _cell("text", NOTES[1], "teacher"),
        _cell("text", "### Explore\n\nTwo levels to move."),
        *(_cell("code", EXPLORER.format(name=f"{which}_{place}"), "explorer") for which in ("first", "second")),
        _cell("text", "> **Try it.** What does a level add? *One.*"),
        _cell("text", "### Exercises"),
        _cell("text", f"#### Exercise {name}a: Sales of all broadcasts\n\nWhat did all broadcasts sell?", "exercise"),
        _cell("code", solution, "exercise", "solution"),
        _cell("code", f'check("{name}a", gmv_{place})', "exercise", "check"),
        _cell("text", NOTES[2], "teacher"),
        _cell("text", "### Card", "card", "template"),
        _cell("code", f'card("{name}", gmv=gmv_{place})', "card"),
    ]
