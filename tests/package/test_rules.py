"""The rules of the package's code: style, who may lean on whom, and sizes. What they are stands in pyproject.toml."""

import ast
import os
import subprocess
import sys
from pathlib import Path

from common import ROOT

UNTIDY = ("tests/course",)
LONGEST_FILE, LONGEST_FUNCTION = 400, 60  # lines
LONGER = ("methods/clv.py", "methods/retention.py", "methods/rundown.py")  # one technique each, in one piece
PACKAGE = ROOT / "utils" / "liveshop"
TEXTS = {path.relative_to(PACKAGE).as_posix(): path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")}


def tool(name, *options):
    command = [Path(sys.prefix) / "bin" / name, *options]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "utils")}
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    return run.returncode, run.stdout + run.stderr


def test_style():
    failed, said = tool("ruff", "check", "--output-format", "concise", "--extend-exclude", ",".join(UNTIDY), ".")
    assert not failed, said[-3000:]


def test_rooms_lean_only_on_what_they_may():
    failed, said = tool("lint-imports", "--no-cache")
    assert not failed, said[-3000:]


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
