"""Numbers in the text of a chapter: which expression each comes from, and whether it still gives what stands there."""

import copy
import json
import re
from dataclasses import dataclass
from pathlib import Path

from liveshop.editions.cells import INSTALL, EditionError, normalise, section_of, tags
from liveshop.editions.installing import wheel_address, with_install
from liveshop.editions.kernel import run
from liveshop.tables.places import course_folder
from liveshop.tables.writing import write_text

_COMMENT = re.compile(r"<!--\s*=\s*(?P<code>.*?)\s*-->", re.DOTALL)
_SPACES = "\u0020\u00a0\u2009\u202f\u2007"
_NUMBER = re.compile(
    rf"(?:(?<![\w.,])[-−+–])?(?<![\w.,])[¥$€]?[{_SPACES}]?(?<![^\W_])"                        # sign, currency
    rf"\d(?:,\d{{3}}|[{_SPACES}]\d{{3}}(?!\d)|\d)*(?:\.\d+)?(?:[{_SPACES}]?%)?$"             # digits, per cent
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
        if value is not None and not _plain(value).startswith(("-", "+")) and before[start] in "-−+–" \
                and (before[:start].rstrip() == before[:start] or before[start + 1] in _SPACES) \
                and before[start - 1 : start] != "[":
            start += 1  # a dash between two numbers is not a sign; one after a space is, and the first of an interval
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


def run_with_numbers(nb, folder, medium: str = "opening", timeout: int = 300):
    """The notebook run once, and what its prose numbers should say.

    Returns the executed notebook and a list of (ProseNumber, value, error): value is the formatted text, or None
    with the error when the expression failed. Expressions are evaluated at the end of their section.
    """
    import nbformat

    wanted, extended, asking = numbers_by_place(nb), copy.deepcopy(nb), {}
    for place in sorted(wanted, reverse=True):          # from the end, so that the places before it hold
        cell = nbformat.v4.new_code_cell(evaluation(wanted[place]))
        asking[cell["id"]] = place
        extended.cells.insert(place, cell)
    executed, printed, cells = run(extended, folder, medium, timeout), {}, []
    for cell in executed.cells:
        if cell.get("id") in asking:
            printed[asking[cell["id"]]] = "".join(output.get("text", "") for output in cell.outputs)
        else:
            cells.append(cell)
    executed.cells = cells
    return executed, [value for place, group in wanted.items() for value in evaluated(nb, group, printed[place])]


def numbers_by_place(nb) -> dict[int, list[ProseNumber]]:
    """The prose numbers of each section, by the position of the cell before which they are evaluated: the next
    section's heading, or the end of the notebook."""
    texts = [(index, cell.source) for index, cell in enumerate(nb.cells) if cell.cell_type == "markdown"]
    bounds = [*(index for index, text in texts if re.search(r"^## ", text, re.MULTILINE)), len(nb.cells)]
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
    answered = list(zip(numbers, answers, strict=True))
    table = {(number.expression, number.spec): value for number, (value, _) in answered if value is not None}
    # Found again, now that the values tell how far each shown text reaches; the order is the same.
    located = dict(zip(((one.cell, one.end) for one in prose_numbers(nb)), prose_numbers(nb, table), strict=True))
    return [(located[number.cell, number.end], value, error) for number, (value, error) in answered]


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
            shown = number.shown.strip()
            result.append(f"{number.where}: the text says {shown!r}, {number.expression} gives {value!r}.")
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
    """Runs a chapter notebook, brings its prose numbers and its installing cell up to date, tidies it, writes it back.

    Returns a sentence for each number that changed. Nothing is written when a cell or an expression fails.
    """
    import nbformat

    path = Path(path)
    nb = nbformat.read(path, as_version=4)
    if any(INSTALL in tags(cell) for cell in nb.cells):
        nb = with_install(nb, wheel_address(course_folder("_config.yml", path)))
    executed, values = run_with_numbers(nb, path.parent)
    broken = [complaints([entry])[0] for entry in values if entry[2] is not None]
    if broken:
        raise EditionError(f"{path.name}: " + " ".join(broken))
    changes = complaints(values)
    for number, value, _ in sorted(values, key=lambda entry: (entry[0].cell, entry[0].start), reverse=True):
        if not number.agrees(value):
            cell, new = executed.cells[number.cell], _typeset(value, number.shown)
            cell.source = cell.source[: number.start] + new + cell.source[number.end:]
    write_text(path, nbformat.writes(normalise(executed)) + "\n")
    return changes
