"""Editions of a chapter: from the one committed notebook, everything that is handed out.

    python -m liveshop.editions refresh notebooks/05-live-operations.ipynb
    python -m liveshop.editions student notebooks/05-live-operations.ipynb
    python -m liveshop.editions teacher notebooks/05-live-operations.ipynb
    python -m liveshop.editions slides notebooks/05-live-operations.ipynb
    python -m liveshop.editions assignment notebooks/05-live-operations.ipynb --out my-class
    python -m liveshop.editions template --section 5.4 --data export.xlsx --mapping map.yml

The cells' tags say what a cell is for (exercise, solution, check, template, teacher …); nothing here
looks at a cell's content to guess that. A notebook is run at most once for an edition.
"""
from __future__ import annotations

import argparse
import copy
import html
import itertools
import json
import os
import re
import shutil
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
_CHECK = re.compile(r"""\bcheck\(\s*["'](\d+\.\d+[a-z]+)["']""")
_STUB = re.compile(r"^\s*[\w, ]+=\s*\.\.\.(\s*,\s*\.\.\.)*\s*(#.*)?$")
_SECTION = re.compile(r"^## +(\d+\.\d+)\b *(.*)$", re.MULTILINE)
_FENCE = re.compile(r"^(```|~~~)")
_TIDY_MIMES = ("text/plain", "text/html", "text/markdown", "image/png", "image/svg+xml", "image/jpeg")


class EditionError(ValueError):
    """What stands in the way of an edition, in one sentence."""


# --- cells ---------------------------------------------------------------------------------------


def tags(cell) -> list[str]:
    """The tags of a cell, as a list that may be read freely."""
    return list(cell.metadata.get("tags", []))


def section_of(cells) -> list[str | None]:
    """For each cell the id of its section ("5.4"), None before the first and after a heading without an id."""
    current, result = None, []
    for cell in cells:
        if cell.cell_type == "markdown":
            for line in cell.source.splitlines():
                if line.startswith("## ") or line.startswith("# "):
                    match = _SECTION.match(line)
                    current = match[1] if match else None
        result.append(current)
    return result


def normalise(nb):
    """The notebook as it is committed: no widget state, no timings, counts from 1, nbgrader metadata from tags.

    Returns a new notebook; the one given is left alone.
    """
    nb = copy.deepcopy(nb)
    nb.metadata = type(nb.metadata)({"kernelspec": dict(KERNEL), "language_info": {"name": "python"}})
    nb.nbformat, nb.nbformat_minor = 4, 5
    count = 0
    used: set[str] = set()
    for number, cell in enumerate(nb.cells, 1):
        identity = cell.get("id") or f"cell-{number:03d}"
        while identity in used:
            identity += "-b"
        used.add(identity)
        cell["id"] = identity
        kept = {key: cell.metadata[key] for key in ("tags", "liveshop", "nbgrader", "mystnb") if key in cell.metadata}
        cell.metadata = type(cell.metadata)(kept)
        if cell.cell_type != "code":
            cell.pop("outputs", None)
            cell.pop("execution_count", None)
            continue
        if {"explorer", "hide-input"} & set(tags(cell)):
            cell.metadata["jupyter"] = {"source_hidden": True}     # JupyterLab folds it, as the book does; a click opens it
        count += 1
        cell.execution_count = count
        for output in cell.outputs:
            if "execution_count" in output:
                output.execution_count = count
            if "data" in output:
                output.data = {mime: output.data[mime] for mime in _TIDY_MIMES if mime in output.data}
            if "metadata" in output:
                output.metadata = {}
        cell.outputs = _joined([output for output in cell.outputs if output.output_type != "display_data" or output.data])
    return with_nbgrader(nb)


def _joined(outputs):
    """The outputs with what was printed in one go in one piece: a kernel may send it in several, as its time falls."""
    joined = []
    for output in outputs:
        before = joined[-1] if joined else None
        if before is not None and output.output_type == before.output_type == "stream" and output.name == before.name:
            before.text += output.text
        else:
            joined.append(output)
    return joined


def with_nbgrader(nb):
    """The notebook with nbgrader's metadata on its exercise cells, from the tags.

    A cell tagged exercise and solution is one that the learner fills; the check cell behind it is worth
    the exercise's points. Everything else carries none.
    """
    nb = copy.deepcopy(nb)
    waiting = None
    for cell in nb.cells:
        cell.metadata.pop("nbgrader", None)
        marks = tags(cell)
        if cell.cell_type != "code":
            continue
        if "solution" in marks and "exercise" in marks:
            waiting = cell
        elif "check" in marks:
            match = _CHECK.search(cell.source)
            if match is None:
                raise EditionError(f"A cell tagged check does not call check(\"…\"): {cell.source.strip()[:60]!r}.")
            grade_id = match[1].replace(".", "-")
            cell.metadata["nbgrader"] = {
                "grade": True, "grade_id": f"check-{grade_id}", "locked": True, "points": _points(match[1]),
                "schema_version": 3, "solution": False, "task": False,
            }
            if waiting is not None:
                waiting.metadata["nbgrader"] = {
                    "grade": False, "grade_id": f"answer-{grade_id}", "locked": False,
                    "schema_version": 3, "solution": True, "task": False,
                }
                waiting = None
    return nb


def _points(exercise: str) -> int:
    """Points of an exercise; one, where it is not one of the course's."""
    from liveshop import practice

    try:
        return int(practice.find(exercise).points)
    except LookupError:
        return 1


def without_solution(source: str) -> str:
    """Code with everything between the solution marks left out, the marks too."""
    kept, inside = [], False
    for line in source.splitlines():
        if line.strip() == BEGIN:
            inside = True
        elif line.strip() == END:
            inside = False
        elif not inside:
            kept.append(line)
    return "\n".join(kept).rstrip()


def only_solution(source: str) -> str:
    """Code with the marks and the stub's dots left out: what a reader sees as the worked solution."""
    kept = [
        line for line in source.splitlines()
        if line.strip() not in (BEGIN, END) and not _STUB.match(line)
    ]
    return "\n".join(kept).strip()


# --- editions ------------------------------------------------------------------------------------


def student_edition(nb):
    """The notebook to hand out: questions, stubs and checks, no solution, no output, no teacher's notes."""
    nb = normalise(nb)
    cells = []
    for cell in nb.cells:
        marks = tags(cell)
        if "teacher" in marks or ("solution" in marks and "exercise" not in marks):
            continue
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
            if "solution" in marks:
                cell.source = without_solution(cell.source)
        cell.source = _without_comments(cell) if cell.cell_type == "markdown" else cell.source
        cells.append(cell)
    nb.cells = cells
    return nb


def teacher_edition(nb):
    """The whole notebook with its outputs, the teacher's notes marked as such and every solution in sight."""
    nb = normalise(nb)
    for cell in nb.cells:
        if cell.cell_type == "markdown":
            cell.source = _without_comments(cell)
            if "teacher" in tags(cell) and not cell.source.lstrip().startswith(">"):
                cell.source = "> **For the teacher.** " + cell.source.strip().replace("\n", "\n> ")
        elif "solution" in tags(cell):
            cell.source = only_solution(cell.source)
    return nb


def book_edition(nb):
    """The notebook as the book shows it, to be run with all frames.

    Solutions fold away behind a heading of their own and the stub is shown instead; the code of explorers and of
    the set-up folds; calls whose code says nothing (check, quiz, card) show their result only.
    """
    import nbformat

    nb = normalise(nb)
    cells = []
    for cell in nb.cells:
        marks = tags(cell)
        if "teacher" in marks:
            continue
        cell.metadata.pop("nbgrader", None)
        if cell.cell_type == "markdown":
            cell.source = _without_comments(cell)
            if "exercise" in marks and not re.search(r"^#", cell.source, re.MULTILINE):
                cell.source = f"::::::{{div}} ls-exercise\n{cell.source}\n::::::"
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
            if "solution" in marks and "exercise" in marks:
                stub = without_solution(cell.source)
                if stub:
                    shown = nbformat.v4.new_markdown_cell(f"```python\n{stub}\n```")
                    shown["id"] = f"{cell['id']}-stub"
                    cells.append(shown)
                cell.source = only_solution(cell.source)
                _fold(cell, "hide-cell", "book-solution", "Worked solution in code")
            elif "parameters" in marks:
                cell.metadata["tags"] = [*marks, "remove-input"]
            elif "setup" in marks:
                _fold(cell, "hide-input", "book-setup", "Set-up")
            elif "explorer" in marks:
                _fold(cell, "hide-input", "book-explorer", "Code of this explorer")
            elif {"check", "quiz", "card"} & set(marks):
                cell.metadata["tags"] = [*marks, "remove-input"]
        cells.append(cell)
    nb.cells = cells
    return nb


def _fold(cell, fold: str, mark: str, prompt: str) -> None:
    cell.metadata["tags"] = [tag for tag in tags(cell) if not tag.startswith(("hide-", "remove-"))] + [fold, mark]
    cell.metadata["mystnb"] = {"code_prompt_show": prompt, "code_prompt_hide": prompt}


def _without_comments(cell) -> str:
    return re.sub(r"<!--.*?-->", "", cell.source, flags=re.DOTALL)


# --- numbers in prose ----------------------------------------------------------------------------

_COMMENT = re.compile(r"<!--\s*=\s*(?P<code>.*?)\s*-->", re.DOTALL)
_SPACES = "\u0020\u00a0\u2009\u202f\u2007"
_NUMBER = re.compile(
    rf"(?:(?<![\w.,])[-−+–])?(?<![\w.,])[¥$€]?[{_SPACES}]?(?<![^\W_])\d(?:,\d{{3}}|[{_SPACES}]\d{{3}}(?!\d)|\d)*(?:\.\d+)?(?:[{_SPACES}]?%)?$"
)
_UNIT = re.compile(r"(?:\s+[^\W\d]+){1,2}$")
_TAIL = re.compile(r"(?P<tail>[*_`)]*)$")


@dataclass(frozen=True)
class ProseNumber:
    """A number in the text and the expression that it comes from."""

    cell: int           #: position of the cell, from 0
    start: int          #: where the shown text begins in the cell's source
    end: int            #: where it ends
    shown: str          #: the text as it stands
    expression: str
    spec: str           #: Python format specification
    where: str          #: for messages: section and the words around

    def agrees(self, value: str) -> bool:
        """Whether the shown text is the value, spaces and the kind of minus aside."""
        return _plain(self.shown) == _plain(value)


def _plain(text: str) -> str:
    return re.sub(rf"[{_SPACES}]", "", text).replace("−", "-").replace("–", "-")


def prose_numbers(nb, values: dict | None = None) -> list[ProseNumber]:
    """Every number in the notebook's prose that carries an expression.

    `values` (expression and spec → formatted text) helps to find how far the shown text reaches where it
    is not a plain number (a host's id, a weekday); without it the last word is taken.
    """
    found = []
    sections = section_of(nb.cells)
    for index, cell in enumerate(nb.cells):
        if cell.cell_type != "markdown":
            continue
        for match in _COMMENT.finditer(cell.source):
            expression, _, spec = match["code"].rpartition(":") if ":" in match["code"] else (match["code"], "", "")
            before = cell.source[: match.start()]
            end = len(before) - len(_TAIL.search(before)["tail"])
            before = before[:end]
            value = (values or {}).get((expression.strip(), spec.strip()))
            if value is not None and re.match(r"[-+¥$€]?\d", value) and not _NUMBER.search(before):
                # The number's unit stands between it and its comment: "20 yuan<!-- … -->".
                unit = _UNIT.search(before)
                if unit is not None and _NUMBER.search(before[: unit.start()]):
                    end = unit.start()
            start = _begin(before[:end], value)
            before = before[:end]
            words = re.sub(r"\s+", " ", _COMMENT.sub("", before))[-50:]
            found.append(
                ProseNumber(index, start, end, before[start:], expression.strip(), spec.strip(),
                            f"section {sections[index] or 'opening'}, “…{words}”")
            )
    return found


def _begin(before: str, value: str | None) -> int:
    """Where the text that shows the value begins."""
    number = _NUMBER.search(before)
    if number is not None:
        start = number.start()
        if value is not None and not _plain(value).startswith(("-", "+")) and before[start] in "-−+–":
            start += 1  # a dash between two numbers is not a sign
        while before[start] in _SPACES:
            start += 1
        if value is not None and value[:1].isdigit() and before[start] in "¥$€":
            start += 1
        while before[start] in _SPACES:
            start += 1
        return start
    words = len(value.split()) if value else 1
    match = re.search(r"\S+" + r"\s+\S+" * (words - 1) + r"$", before)
    return match.start() if match else len(before)


_EVALUATE = """
def _evaluate_prose(pairs):
    import json
    results = []
    for expression, spec in pairs:
        try:
            results.append([format(eval(expression, globals()), spec), None])
        except Exception as error:
            results.append([None, f"{type(error).__name__}: {error}"])
    print(json.dumps(results))
_evaluate_prose(PAIRS)
del _evaluate_prose
"""


def run(nb, folder, edition: str = "opening", timeout: int = 300, allow_errors: bool = False):
    """The notebook run once from top to bottom in `folder`; a new notebook with its outputs.

    `edition` is what explorers, checks and cards show (LIVESHOP_MEDIUM). Raises EditionError that names the
    cell and the error, unless `allow_errors`.
    """
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    nb = copy.deepcopy(nb)
    nb.metadata["kernelspec"] = dict(KERNEL)
    client = NotebookClient(
        nb, timeout=timeout, kernel_name="python3", allow_errors=allow_errors, record_timing=False,
        resources={"metadata": {"path": str(folder)}}, extra_arguments=["--IPKernelApp.log_level=ERROR"],
    )
    # The kernel runs under this very Python, whatever kernels are registered on the machine.
    before = os.environ.get("LIVESHOP_MEDIUM")
    os.environ["LIVESHOP_MEDIUM"] = edition
    try:
        client.execute()
    except CellExecutionError as error:
        number = next((i for i, c in enumerate(nb.cells, 1) if any(o.output_type == "error" for o in c.get("outputs", []))), 0)
        raise EditionError(
            f"Cell {number} ended in {error.ename}: {error.evalue}. It begins: {nb.cells[number - 1].source.strip().splitlines()[0]!r}."
        ) from None
    except CellTimeoutError:
        raise EditionError(f"A cell ran for more than {timeout} seconds.") from None
    except DeadKernelError:
        raise EditionError("The kernel died while the notebook ran: there may be too little memory.") from None
    finally:
        if before is None:
            del os.environ["LIVESHOP_MEDIUM"]
        else:
            os.environ["LIVESHOP_MEDIUM"] = before
    return nb


def run_with_numbers(nb, folder, edition: str = "opening", timeout: int = 300):
    """The notebook run once, and what its prose numbers should say.

    Returns the executed notebook and a list of (ProseNumber, value, error): value is the formatted text, or None
    with the error when the expression failed. Expressions are evaluated at the end of their section.
    """
    import nbformat

    wanted = numbers_by_place(nb)
    longer, places = [], {}
    for index in range(len(nb.cells) + 1):
        if index in wanted:
            cell = nbformat.v4.new_code_cell(evaluation(wanted[index]))
            places[id(cell)] = index
            longer.append(cell)
        if index < len(nb.cells):
            longer.append(copy.deepcopy(nb.cells[index]))
    inserted = [cell.get("id") for cell in longer if id(cell) in places]
    order = [places[id(cell)] for cell in longer if id(cell) in places]

    extended = copy.deepcopy(nb)
    extended.cells = longer
    extended = run(extended, folder, edition, timeout)

    printed = {}
    for cell in extended.cells:
        if cell.get("id") in inserted:
            printed[order[inserted.index(cell["id"])]] = "".join(output.get("text", "") for output in cell.outputs)
    extended.cells = [cell for cell in extended.cells if cell.get("id") not in inserted]
    return extended, [value for place, group in wanted.items() for value in evaluated(nb, group, printed[place])]


def numbers_by_place(nb) -> dict[int, list[ProseNumber]]:
    """The prose numbers of each section, by the position of the cell before which they are evaluated: the next
    section's heading, or the end of the notebook."""
    starts = [i for i, cell in enumerate(nb.cells) if cell.cell_type == "markdown" and re.search(r"^## ", cell.source, re.MULTILINE)]
    bounds = [*starts, len(nb.cells)]
    wanted: dict[int, list[ProseNumber]] = {}
    for number in prose_numbers(nb):
        wanted.setdefault(next(bound for bound in bounds if bound > number.cell), []).append(number)
    return wanted


def evaluation(numbers) -> str:
    """Code that evaluates the expressions of these numbers in a kernel and prints what :func:`evaluated` reads."""
    return _EVALUATE.replace("PAIRS", repr([[number.expression, number.spec] for number in numbers]))


def evaluated(nb, numbers, printed: str) -> list[tuple[ProseNumber, str | None, str | None]]:
    """(number, value, error) of each number, from what the code of :func:`evaluation` printed."""
    answers = json.loads(printed.strip().splitlines()[-1])
    table = {(number.expression, number.spec): value for number, (value, _) in zip(numbers, answers) if value is not None}
    # Found again, now that the values tell how far each shown text reaches; the order is the same.
    located = dict(zip(((n.cell, n.end) for n in prose_numbers(nb)), prose_numbers(nb, table)))
    return [(located[number.cell, number.end], value, error) for number, (value, error) in zip(numbers, answers)]


def stale_numbers(path) -> list[str]:
    """One sentence for every prose number of a notebook that its expression no longer gives."""
    import nbformat

    path = Path(path)
    nb = nbformat.read(path, as_version=4)
    return complaints(run_with_numbers(nb, path.parent)[1])


def complaints(values) -> list[str]:
    """One sentence for every (number, value, error) that does not fit."""
    result = []
    for number, value, error in values:
        if error is not None:
            result.append(f"{number.where}: {number.expression} failed ({error}).")
        elif not number.agrees(value):
            result.append(f"{number.where}: the text says {number.shown.strip()!r}, {number.expression} gives {value!r}.")
    return result


def _typeset(value: str, shown: str) -> str:
    """The value in the manner of the text it replaces."""
    value = re.sub(r"^-", "−", value)
    gap = re.search(rf"([{_SPACES}])%$", shown)
    if value.endswith("%") and gap:
        value = value[:-1] + gap[1] + "%"
    thin = re.search(rf"\d([{_SPACES}])\d", shown)
    if thin and "," in value:
        value = value.replace(",", thin[1])
    return value


def refresh(path) -> list[str]:
    """Runs a chapter notebook, brings its prose numbers up to date, tidies it and writes it back.

    Returns a sentence for each number that changed. Nothing is written when a cell or an expression fails.
    """
    import nbformat

    path = Path(path)
    nb = nbformat.read(path, as_version=4)
    executed, values = run_with_numbers(nb, path.parent)
    broken = [complaints([entry])[0] for entry in values if entry[2] is not None]
    if broken:
        raise EditionError(f"{path.name}: " + " ".join(broken))
    changes = complaints(values)
    for number, value, _ in sorted(values, key=lambda entry: (entry[0].cell, entry[0].start), reverse=True):
        if not number.agrees(value):
            source = executed.cells[number.cell].source
            executed.cells[number.cell].source = source[: number.start] + _typeset(value, number.shown) + source[number.end:]
    _write(path, nbformat.writes(normalise(executed)) + "\n")
    return changes


def _write(path: Path, text: str) -> None:
    from liveshop.tables import write_text

    write_text(path, text)


# --- classes: nbgrader ---------------------------------------------------------------------------

_NBGRADER_CONFIG = '''c = get_config()
c.CourseDirectory.course_id = "liveshop"
# The stub stands above the solution, so nothing takes the solution's place.
c.ClearSolutions.code_stub = {"python": ""}
c.ClearSolutions.enforce_metadata = True
c.ExecutePreprocessor.timeout = 300
'''


def assignment(paths, folder, data=None) -> Path:
    """A course folder for nbgrader: each chapter as an assignment under source/, with the tables beside it.

    Then, in that folder: nbgrader generate_assignment NAME, hand out release/, collect into submitted/, and
    nbgrader autograde NAME. `data` is the folder with the tables (default: the course's own data/).
    Returns the folder.
    """
    import nbformat

    folder = Path(folder)
    for path in map(Path, paths):
        nb = normalise(nbformat.read(path, as_version=4))
        nb.cells = [cell for cell in nb.cells if "teacher" not in tags(cell) and ("solution" not in tags(cell) or "exercise" in tags(cell))]
        _write(folder / "source" / path.stem / path.name, nbformat.writes(nb))
    _write(folder / "nbgrader_config.py", _NBGRADER_CONFIG)
    source = Path(data) if data else _find_data(Path(paths[0]))
    if source is not None and not (folder / "data").exists():
        try:
            (folder / "data").symlink_to(source.resolve(), target_is_directory=True)
        except OSError:  # a file system without links
            shutil.copytree(source, folder / "data")
    return folder


def _find_data(start: Path) -> Path | None:
    for parent in start.resolve().parents:
        if (parent / "data" / "datapackage.json").exists():
            return parent / "data"
    return None


# --- a section on the reader's own data ----------------------------------------------------------


@dataclass
class OwnDataReport:
    """What a run on somebody's own tables did and what it left out."""

    section: str
    title: str
    source: str
    rows: dict = field(default_factory=dict)            #: table → rows used
    adapted: list = field(default_factory=list)         #: liveshop.tables.AdaptReport of each table that was adapted
    notes: list = field(default_factory=list)           #: sentences about what was read, set aside and completed
    left_out: list = field(default_factory=list)        #: (missing tables and columns, what they would have shown)
    failed: list = field(default_factory=list)          #: (what it would have shown, the reason)

    def markdown(self) -> str:
        lines = [f"# What was done with your data: {self.section} {self.title}", "", f"Read from {_code(self.source)}.", ""]
        lines += ["| table | rows |", "| --- | ---: |"] + [f"| {name} | {count:,} |" for name, count in self.rows.items()] + [""]
        lines += [f"- {_literal(note)}" for note in self.notes] + [""] * bool(self.notes)
        if self.adapted:
            lines += ["## How the tables were read", "", *(told.markdown() for told in self.adapted), ""]
        lines += ["## What was left out, and why", ""]
        lines += [f"- {sentence}" for sentence in _missing_sentences(self.left_out)]
        lines += [f"- {_literal(shows[:1].upper() + shows[1:])}: {_literal(reason)}" for shows, reason in self.failed]
        if not self.left_out and not self.failed:
            lines.append("Nothing: every step found what it needs.")
        return "\n".join(lines) + "\n"


def _literal(text) -> str:
    """Text from data in Markdown and HTML: shown as it is, never obeyed."""
    return re.sub(r"([\\`*_{}\[\]<>#|~$])", lambda m: html.escape(m[1]) if m[1] in "<>" else "\\" + m[1], re.sub(r"\s+", " ", str(text)))


def _code(text) -> str:
    """A name from outside as code in Markdown: no escapes in it, and no way out of it."""
    return "`" + re.sub(r"[`\s]+", " ", str(text)) + "`"


def _missing_sentences(left_out) -> list[str]:
    """One sentence for each set of missing tables and columns, with all that they would have shown."""
    grouped: dict[tuple, list[str]] = {}
    for missing, shows in left_out:
        seen = grouped.setdefault(tuple(missing), [])
        if (shows or "this step") not in seen:
            seen.append(shows or "this step")
    sentences = []
    for missing, shown in grouped.items():
        *front, last = (f"`{name}`" for name in missing)
        names = f"{', '.join(front)} and {last}" if front else last
        sentences.append(f"{names} {'are' if front else 'is'} missing; with {'them' if front else 'it'} you would see {'; '.join(shown)}.")
    return sentences


def _chapter_of(section: str, folder: Path) -> Path:
    chapter = section.split(".")[0]
    found = sorted(folder.glob(f"{int(chapter):02d}-*.ipynb")) if chapter.isdigit() else []
    if not found:
        ready = sorted(str(int(path.name[:2])) for path in folder.glob("[0-9][0-9]-*.ipynb"))
        raise EditionError(f"There is no chapter for section {section!r}: the chapters here are {', '.join(ready) or 'none'}.")
    return found[0]


def _notebooks() -> Path:
    for parent in [Path.cwd(), *Path.cwd().parents, *Path(__file__).resolve().parents]:
        if any(parent.glob("notebooks/[0-9][0-9]-*.ipynb")):
            return parent / "notebooks"
    raise EditionError("The folder notebooks/ of the course is not here: run this inside the course folder.")


def own_data_notebook(section, data, mapping=None, out=None, key=None) -> Path:
    """One section of the course on the reader's own tables: a notebook, an HTML page, a report and the tables used.

    Parameters
    ----------
    section : str
        A section's number, such as "5.4".
    data : path
        With `mapping`, an export to be adapted (workbook, CSV …); without, a folder of tables that fit the contract.
    mapping : path, name or dict, optional
        How the export's columns become the contract's (see liveshop.tables.adapt_all): a file, the name of one that
        comes with the course, or the name of the table, where the headings are the contract's.
    out : path, optional
        Folder for the result; default my-run/SECTION. It may hold an earlier result, which is replaced.
    key : path, optional
        File with the secret of the pseudonyms, made when it is not there. Who has it can find out whom a pseudonym
        stands for, and every run with it gives a person the same one. Without it the secret is forgotten.

    Cells whose tables or columns are missing are left out, and a sentence says what is missing and what it would
    have shown. Numbers of buyers are replaced by pseudonyms in everything written. On failure nothing is written.
    Raises EditionError or liveshop.tables.TableError, each with one sentence.
    """
    import nbformat

    from liveshop import tables
    from liveshop.tables.adapt.mapping import entries

    section = str(section).strip()
    if not re.fullmatch(r"\d+\.\d+", section):
        raise EditionError(f"{section!r} is not a section: write it like SECTION=5.4.")
    if not str(data).strip():
        raise EditionError("No data named: write DATA=your-export.xlsx or DATA=a-folder-of-tables.")
    data = Path(data)
    if not data.exists():
        raise EditionError(f"There is no file or folder {data}: check the name after DATA=.")
    if mapping is not None:
        entries(mapping)                                # a mistake in it is told before the export is read
    out = Path(out) if out else Path("my-run") / section
    _may_replace(out)
    if key and out.resolve() in Path(key).resolve().parents:
        raise EditionError(f"The key {key} would lie among the results: keep it elsewhere, or it is passed on with them.")

    chapter = nbformat.read(_chapter_of(section, _notebooks()), as_version=4)
    title, steps = _template_cells(chapter, section)
    report = OwnDataReport(section, title, data.name)
    wanted = {need.partition(".")[0] for step in steps for need in step.metadata.get("liveshop", {}).get("needs", [])}
    frames = _frames(tables, data, mapping, report, wanted)

    nb, shows = _own_notebook(section, title, steps, frames, report, mapping is not None)
    out.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        _write_tables(tables, frames, work / "data", key)
        nb = run(nb, work, allow_errors=True)
        _settle_errors(nb, shows, report)
        nb = normalise(nb)
        for cell in nb.cells:
            cell.metadata.pop("nbgrader", None)
        name = f"section-{section.replace('.', '-')}"
        _write(work / f"{name}.ipynb", nbformat.writes(nb))
        _write(work / "report.md", report.markdown())
        _write(work / f"{name}.html", page(nb, f"{section} {title} on your data"))
        _write(work / "own-data.json", json.dumps({"section": section, "source": data.name, "rows": report.rows}, indent=1))
        for stray in (*work.glob("__pycache__"), *work.glob(".ipynb_checkpoints")):
            shutil.rmtree(stray)
        work.chmod(0o755)
        old = None
        if out.exists():
            old = out.with_name(f".{out.name}.old")
            shutil.rmtree(old, ignore_errors=True)
            out.rename(old)
        work.rename(out)
        if old is not None:
            shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return out


def _may_replace(out: Path) -> None:
    if not out.exists():
        above = next(folder for folder in out.absolute().parents if folder.exists())
        if not above.is_dir() or not os.access(above, os.W_OK):
            raise EditionError(f"The folder {out} cannot be made in {above}: choose another place with OUT=.")
        return
    if not out.is_dir():
        raise EditionError(f"{out} is a file: choose another folder with OUT=.")
    if any(out.iterdir()) and not (out / "own-data.json").exists():
        raise EditionError(f"The folder {out} holds other files: choose an empty or new one with OUT=.")


def _template_cells(chapter, section: str):
    """The section's title and the cells that make it: the set-up, its template cells, its card."""
    sections = section_of(chapter.cells)
    if section not in sections:
        there = ", ".join(dict.fromkeys(s for s in sections if s))
        raise EditionError(f"There is no section {section} in this chapter: it has {there}.")
    title = next(m[2] for cell in chapter.cells if cell.cell_type == "markdown" for m in _SECTION.finditer(cell.source) if m[1] == section)
    steps = []
    for cell, where in zip(chapter.cells, sections):
        marks = tags(cell)
        if {"setup", "parameters"} & set(marks) and where is None:
            steps.append(cell)
        elif where == section and {"template", "card"} & set(marks):
            steps.append(cell)
    if not any("template" in tags(cell) for cell in steps):
        raise EditionError(f"Section {section} has no step that works on other data.")
    return title.strip(), steps


def _frames(tables, data: Path, mapping, report: OwnDataReport, wanted: set) -> dict:
    """The reader's tables by name, from an export through its mapping or from a folder in contract form.

    `wanted` are the tables that the section's steps name; a folder may hold others as well.
    """
    if mapping is not None:
        frames = tables.adapt_all(data, mapping)
    elif not data.is_dir():
        raise EditionError(f"{data} is a single file, so it needs MAPPING=: a file that says which of its columns is which, "
                           "or just the table's name, such as MAPPING=orders, if they carry the course's names.")
    else:
        loaded, frames, refused = tables.load(data), {}, []
        for name in loaded.names:
            try:
                frames[name] = loaded[name]
            except tables.MissingColumn as error:   # the other tables may do without this one
                refused.append(error)
        if refused and not frames:
            raise refused[0]
        report.notes += [f"Not used. {error}" for error in refused]
        frames, told = _held_against_the_contract(tables, frames, wanted)
        report.notes += told
    if not frames:
        raise EditionError(f"{data} holds no table that the course knows.")
    for frame in frames.values():
        told = frame.attrs.get("report")
        if told is not None:
            report.adapted.append(told)
    frames, completed = _complete(frames)
    report.notes += completed
    report.rows = {name: len(frame) for name, frame in frames.items()}
    return frames


def _held_against_the_contract(tables, frames: dict, wanted: set) -> tuple[dict, list[str]]:
    """The tables that may be used, and a sentence for each thing that is suspicious.

    Raises the first thing that breaks the contract in a table that the section names; another table is left out.
    """
    problems, broken, told = tables.validate_all(frames), set(), []
    for problem in problems:
        if problem.severity != "error":
            told += [str(problem)] if problem.column or not len(frames[problem.table]) else []
        elif problem.table in wanted:
            raise problem.error()
        elif problem.table not in broken:
            broken.add(problem.table)
            told.append(f"Not used. {problem}")
    return {name: frame for name, frame in frames.items() if name not in broken}, told


def _complete(frames: dict) -> tuple[dict, list[str]]:
    """The tables with what follows from them filled in, and a sentence for each such column."""
    sessions, streams = frames.get("viewer_sessions"), frames.get("streams")
    if sessions is None or streams is None or ("stayed_to_end" in sessions and sessions.stayed_to_end.notna().any()):
        return frames, []
    if not len(sessions):
        return frames, []
    ends = sessions.stream_id.map(streams.set_index("stream_id").stream_seconds)
    stayed = (sessions.entered_second + sessions.watch_seconds >= ends).astype("boolean").mask(ends.isna())
    note = ("The column stayed_to_end of viewer_sessions was worked out: a viewer stayed to the end whose watch time, "
            f"counted from when she came in, reaches the length of the broadcast ({stayed.mean():.1%} of the entries).")
    return {**frames, "viewer_sessions": sessions.assign(stayed_to_end=stayed)}, [note]


def _absent(needs, frames) -> list[str]:
    """Which of the needed tables and columns are not there; a column without any value is not there."""
    absent = []
    for need in needs:
        table, _, column = need.partition(".")
        if table not in frames or not len(frames[table]):
            absent.append(table)
        elif column and (column not in frames[table].columns or frames[table][column].isna().all()):
            absent.append(need)
    return list(dict.fromkeys(absent))


def _own_notebook(section: str, title: str, steps, frames, report: OwnDataReport, mapped: bool):
    """The notebook to run, and for each of its cells what it shows (by cell id)."""
    import nbformat

    from liveshop.tables.contract import persons
    from liveshop.tables.markdown import escape

    read = []
    for told in report.adapted if mapped else []:
        first, *more = map(escape, told.sentences(columns=False))
        read += [f"- {first}", *((f"  - {one}" if len(report.adapted) > 1 else f"- {one}") for one in more)]
    opening = nbformat.v4.new_markdown_cell(
        f"# {section} {title}: your data\n\n"
        f"Made from {_code(report.source)}: "
        + ", ".join(f"{count:,} rows of `{name}`" for name, count in report.rows.items())
        + (". Buyers carry pseudonyms." if any(name in frame for frame in frames.values() for name in persons()) else ".") + " `report.md` beside this notebook says what was set aside and why.\n\n"
        + "\n".join([*read, *(f"- {escape(note)}" for note in report.notes)])
    )
    opening.source = opening.source.rstrip()
    opening["id"] = "own-data-opening"
    cells, shows, absences = [opening], {}, []

    def close_gap():
        """Puts the steps left out since the last cell into one note."""
        if absences:
            first, *more = _missing_sentences([(missing, what) for _, missing, what in absences])
            note = nbformat.v4.new_markdown_cell("\n".join([f"> **Left out.** {first}", *(f">\n> {one}" for one in more)]))
            note["id"] = f"{absences[0][0]}-left-out"
            cells.append(note)
            absences.clear()

    for place, step in enumerate(steps):
        step = copy.deepcopy(step)
        about = step.metadata.get("liveshop", {})
        if step.cell_type == "markdown":
            # A text speaks of the steps behind it, up to the next text: when all of those go, it goes too.
            behind = [_absent(one.metadata.get("liveshop", {}).get("needs", []), frames)
                      for one in itertools.takewhile(lambda one: one.cell_type == "code", steps[place + 1:])]
            if _absent(about.get("needs", []), frames) or (behind and all(behind)):
                continue
            close_gap()
            step.source = _without_comments(step)
            cells.append(step)
            continue
        absent = _absent(about.get("needs", []), frames)
        identity = step.get("id", f"step-{place}")
        if absent:
            report.left_out.append((absent, about.get("shows", "")))
            absences.append((identity, absent, about.get("shows", "")))
            continue
        close_gap()
        step.outputs, step.execution_count = [], None
        kind = "set-up" if {"setup", "parameters"} & set(tags(step)) else "step"
        shows[identity] = (kind, about.get("shows", "a step of this section"))
        if about.get("shows") and "card" not in tags(step) and not (cells[-1].cell_type == "markdown" and "template" in tags(cells[-1])):
            heading = nbformat.v4.new_markdown_cell(f"**{about['shows'][:1].upper()}{about['shows'][1:]}**")
            heading["id"] = f"{identity}-heading"
            cells.append(heading)
        cells.append(step)
    close_gap()
    if not any(kind == "step" for kind, _ in shows.values()):
        needed = dict.fromkeys(need for missing, _ in report.left_out for need in missing)
        raise EditionError(f"No step of section {section} can run on these tables ({', '.join(frames)}): "
                           f"its steps need {', '.join(needed)}.")
    nb = nbformat.v4.new_notebook(cells=cells)
    return nb, shows


def _settle_errors(nb, shows: dict, report: OwnDataReport) -> None:
    """Replaces an error's traceback by a sentence in the page and in the report."""
    import nbformat

    for cell in nb.cells:
        for output in list(cell.get("outputs", [])):
            if output.output_type == "stream" and output.name == "stderr":
                cell.outputs.remove(output)
            if output.output_type != "error":
                continue
            kind, what = shows.get(cell.get("id"), ("step", "a step of this section"))
            reason = _reason(output)
            if kind == "set-up":
                raise EditionError(f"The set-up of section {report.section} failed on these tables: {reason}")
            report.failed.append((what, reason))
            text = f"Left out ({what}): {reason}"
            cell.outputs = [nbformat.v4.new_output("display_data", data={
                "text/plain": text, "text/html": f'<p class="ls-left-out">{html.escape(text)}</p>'})]
            break


# How the libraries say that a choice of rows came out empty.
_NONE_LEFT = re.compile(r"empty sequence|zero-size array|[Nn]o objects to concatenate|out[ -]of[ -](bounds|range)|0 sample\(s\)|0 samples")


def _reason(output) -> str:
    if output.ename == "NameError":
        return "it builds on a step that was left out."
    if output.ename == "TableError":
        return output.evalue
    if output.ename == "KeyError":
        return f"your tables lack {output.evalue}."
    if output.ename in ("ValueError", "IndexError") and _NONE_LEFT.search(output.evalue):
        return "your tables hold too few rows of the kind that it looks at."
    if output.ename == "ValueError":        # the course's methods raise these, with a sentence
        return f"your tables did not suit it: {output.evalue.rstrip('.')}."
    return f"your tables did not suit it ({output.ename}: {output.evalue})."


def _write_tables(tables, frames, folder: Path, key=None) -> None:
    """The tables as used, buyers pseudonymised with one secret so that they still join; without a key it is forgotten."""
    import secrets

    folder.mkdir(parents=True)
    secret = Path(key) if key else secrets.token_bytes(32)
    for name, frame in frames.items():
        frame = tables.pseudonymise(frame, secret=secret)
        frame.attrs = {}
        frame.to_parquet(folder / f"{name.replace('_', '-')}.parquet", index=False)


_PAGE = """<!doctype html>
<html lang="en" data-theme="light"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><style>{style}
body {{ max-width: 52rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; background: var(--ls-paper); color: var(--ls-ink); font-family: var(--ls-text, sans-serif); line-height: 1.6; }}
h1, h2, h3 {{ font-family: var(--ls-title, serif); line-height: 1.25; }} h3 {{ margin-top: 2.2rem; }}
pre {{ overflow-x: auto; font-size: .85rem; }} img {{ max-width: 100%; height: auto; }}
table {{ border-collapse: collapse; border: 0; font-size: .92rem; font-variant-numeric: tabular-nums; }}
th, td {{ padding: .3rem .7rem; text-align: right; border: 0; border-bottom: 1px solid var(--ls-line); vertical-align: top; }}
thead th {{ border-bottom: 2px solid var(--ls-ink); }} summary {{ font-size: .85rem; margin: .6rem 0; }}
.ls-wide {{ overflow-x: auto; }} .dataframe {{ width: max-content; }} .dataframe td {{ max-width: 20rem; }} .ls-printed {{ white-space: pre-wrap; }} details > summary {{ color: var(--ls-muted); cursor: pointer; }}
blockquote, .ls-left-out {{ margin: 1rem 0; padding: .2rem 1rem; border-left: 3px solid var(--ls-warn, #7d5200); background: var(--ls-panel); }}
</style></head><body>
{body}
</body></html>
"""


def page(nb, title: str) -> str:
    """The executed notebook as one HTML page that needs nothing else: no script, no other server."""
    from markdown_it import MarkdownIt

    # html is off: what looks like HTML in a text is shown, not obeyed. Output that the course itself makes
    # (tables, figures, cards) is HTML already and has escaped what came from the data.
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    body = []
    for cell in nb.cells:
        if cell.cell_type == "markdown":
            body.append(markdown.render(cell.source))
            continue
        if cell.source.strip() and not {"card", "setup", "parameters"} & set(tags(cell)):
            body.append(f"<details><summary>Code</summary><pre><code>{html.escape(cell.source)}</code></pre></details>")
        for output in cell.outputs:
            body.append(f'<div class="ls-wide" tabindex="0">{_output_html(output)}</div>')
        if "explorer" in tags(cell) and cell.outputs:
            body.append('<p class="ls-in-notebook">Open the notebook beside this page to change the choices.</p>')
    style = "".join(
        (folder / name).read_text(encoding="utf-8")
        for folder in [static_folder()] if folder is not None
        for name in ("course.css", "interactive.css") if (folder / name).exists()
    )
    return _PAGE.format(title=html.escape(title), style=style, body="\n".join(body))


def static_folder() -> Path | None:
    """The folder of the book's style sheets, or None where the package stands without the course."""
    for parent in Path(__file__).resolve().parents:
        if (parent / "book" / "_static" / "course.css").exists():
            return parent / "book" / "_static"
    return None


def _output_html(output) -> str:
    if output.output_type == "stream":
        return f'<pre class="ls-printed">{html.escape(output.text)}</pre>'
    found = output.get("data", {})
    if "text/html" in found:
        return "".join(found["text/html"])
    if "image/png" in found:
        return f'<img src="data:image/png;base64,{found["image/png"].strip()}" alt="{html.escape(found.get("text/plain", "Figure"))}">'
    return f"<pre>{html.escape(''.join(found.get('text/plain', '')))}</pre>"


# --- command line --------------------------------------------------------------------------------


def main(arguments=None) -> int:
    """The command line; returns the exit code. Every failure is one sentence."""
    import nbformat

    parser = argparse.ArgumentParser(prog="python -m liveshop.editions", description="Editions of the chapters.")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, about in (
        ("refresh", "run the notebooks, bring their prose numbers up to date, tidy them"),
        ("numbers", "run the notebooks and say which prose numbers are stale"),
        ("student", "questions and stubs, nothing given away"),
        ("teacher", "everything, with the teacher's notes"),
        ("slides", "what a class looks at together, one page to show full screen"),
        ("assignment", "a course folder for nbgrader"),
    ):
        command = commands.add_parser(name, help=about)
        command.add_argument("notebooks", nargs="+", type=Path)
        if name in ("student", "teacher", "slides", "assignment"):
            command.add_argument("--out", type=Path, default=Path({"assignment": "my-class"}.get(name, name)))
    template = commands.add_parser("template", help="a section on your own data")
    template.add_argument("--section", required=True)
    template.add_argument("--data", required=True)
    template.add_argument("--mapping")
    template.add_argument("--out")
    template.add_argument("--key")
    given = parser.parse_args(arguments)

    try:
        if given.command == "template":
            out = own_data_notebook(given.section, given.data, given.mapping or None, given.out or None, given.key or None)
            name = f"section-{given.section.strip().replace('.', '-')}"
            print(f"Done. Open {out / (name + '.html')}, or work on in {out / (name + '.ipynb')}; {out / 'report.md'} says what was left out and why.")
            return 0
        missing = [str(path) for path in given.notebooks if not path.is_file()]
        if missing:
            raise EditionError(f"There is no notebook {', '.join(missing)}.")
        if given.command == "assignment":
            folder = assignment(given.notebooks, given.out)
            names = ", ".join(path.stem for path in given.notebooks)
            print(f"Made {folder}. In it, run: nbgrader generate_assignment {names}")
            return 0
        failed = False
        for path in given.notebooks:
            if given.command == "refresh":
                for change in refresh(path):
                    print(f"{path.name}: changed. {change}")
                print(f"{path.name}: run and up to date.")
            elif given.command == "numbers":
                complaints = stale_numbers(path)
                failed |= bool(complaints)
                print("\n".join(f"{path.name}: {line}" for line in complaints) or f"{path.name}: every number holds.")
            elif given.command == "slides":
                from liveshop.editions.slides import slides

                book = Path("_build/html/notebooks") / f"{path.stem}.html"
                link = os.path.relpath(book, given.out) if book.exists() else ""
                _write(given.out / f"{path.stem}.html", slides(nbformat.read(path, as_version=4), link))
                print(f"Made {given.out / path.stem}.html.")
            else:
                make = student_edition if given.command == "student" else teacher_edition
                _write(given.out / path.name, nbformat.writes(make(nbformat.read(path, as_version=4))))
                print(f"Made {given.out / path.name}.")
        return int(failed)
    except ValueError as error:  # EditionError and TableError: sentences for people
        print(error, file=sys.stderr)
    except OSError as error:
        print(f"{error.filename or 'A file'} could not be written or read: {error.strerror}.", file=sys.stderr)
    except Exception as error:
        if given.command != "template":
            raise
        # The last line of defence for a reader with a file that nobody foresaw; known bad input has its own sentence.
        print(f"These tables cannot be used ({type(error).__name__}: {' '.join(str(error).split())[:200]}): "
              "leave out the table that it speaks of and try again.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
