"""The sizes of the package's files and functions; style and imports are held in test_house.py."""

import ast

from common import ROOT

LONGEST_FILE, LONGEST_FUNCTION = 400, 60  # lines
LONGER = ("methods/clv.py", "methods/retention.py", "methods/rundown.py")  # one technique each, in one piece
PACKAGE = ROOT / "utils" / "liveshop"
TEXTS = {path.relative_to(PACKAGE).as_posix(): path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")}


def test_no_file_is_too_long():
    lines = {name: len(text.splitlines()) for name, text in TEXTS.items()}
    assert {name: count for name, count in lines.items() if count > LONGEST_FILE and name not in LONGER} == {}
    assert [name for name in LONGER if lines[name] <= LONGEST_FILE] == [], "an exception that is no longer needed"


def test_no_function_is_too_long():
    long = {}
    for name, text in TEXTS.items():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef) and (lines := node.end_lineno - node.lineno + 1) > LONGEST_FUNCTION:
                long[f"{name}: {node.name}"] = lines
    assert long == {}
