"""The worked solution of an exercise: the solution cell of the chapter's own notebook, and no second copy of it."""

import ast
import json
import re
from functools import lru_cache

from liveshop.environment import PACKAGE, clone

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
CHECK = re.compile(r"""\bcheck\(\s*["'](\d+\.\d+[a-z]+)["']""")


def worked(id):
    """The code that solves exercise `id`, to be pasted in place of the stub; "" where no notebook has one."""
    chapter = str(id).split(".")[0]
    return _solutions(chapter).get(str(id), "")


def only_solution(source):
    """A solution cell without its marks, and without what the learner replaces (statements with dots)."""
    lines = source.splitlines()
    inside = _between_marks(lines)
    dropped = {number for number, line in enumerate(lines, 1) if line.strip() in (BEGIN, END)}
    for first, last in _with_dots(source):
        if not inside & set(range(first, last + 1)):
            dropped |= set(range(first, last + 1))
    return "\n".join(line for number, line in enumerate(lines, 1) if number not in dropped).strip()


@lru_cache
def _solutions(chapter):
    """Exercise -> worked solution, of one chapter: the last cell with a solution above the exercise's check."""
    found, last = {}, ""
    for cell in _cells(chapter):
        source, tags = "".join(cell["source"]), cell["metadata"].get("tags", [])
        if cell["cell_type"] != "code":
            continue
        if {"exercise", "solution"} <= set(tags):
            last = only_solution(source)
        elif "check" in tags and (match := CHECK.search(source)):
            found[match[1]], last = last, ""
    return found


def _cells(chapter):
    """The cells of the notebook that came with the package: in the clone, or in the wheel."""
    if not chapter.isdigit():
        return []
    folder = clone() / "notebooks" if clone() else PACKAGE / "editions" / "notebooks"
    path = next(iter(sorted(folder.glob(f"{int(chapter):02d}-*.ipynb"))), None)
    return json.loads(path.read_text(encoding="utf-8"))["cells"] if path else []


def _between_marks(lines):
    """Numbers of the lines between the marks."""
    inside, within = set(), False
    for number, line in enumerate(lines, 1):
        if line.strip() in (BEGIN, END):
            within = line.strip() == BEGIN
        elif within:
            inside.add(number)
    return inside


def _with_dots(source):
    """First and last line of each statement that holds an Ellipsis; none where the source is no Python."""
    try:
        statements = ast.parse(source).body
    except SyntaxError:
        return []
    return [(one.lineno, one.end_lineno) for one in statements
            if any(isinstance(node, ast.Constant) and node.value is ... for node in ast.walk(one))]
