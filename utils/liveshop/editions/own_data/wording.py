"""Words for what a kernel prints: unknown numbers, names of columns, the reader's currency."""

import ast
import io
import re
import tokenize
from functools import cache

from liveshop import medium
from liveshop.tables.contract import contract

_SNAKE = re.compile(r"\b[a-z][a-z0-9]*(?:_[a-z0-9]+)+\b")
_MARKUP = re.compile(r"(<script\b.*?</script>|<style\b.*?</style>|<pre\b.*?</pre>|<[^>]*>)", re.DOTALL)
_TOLD = re.compile(r"\b((?:alt|aria-label|data-title)=\")([^\"]*)")
_EMPTY = re.compile(r"(<td[^>]*>)\s*(?:NaN|NaT|nan|None|&lt;NA&gt;)\s*(?=</td>)")
_WHOLE = re.compile(r"(?<![\w.,])(-?)(\d{4,})\.0(?![\w.])")      # 1054500.0
_EMPTY_PLAIN = re.compile(r"(?<![\w.])(NaN|NaT|<NA>)(?![\w.])")


def reword(cell, sources) -> None:
    """The outputs of a cell in words for people. sources: of the section's steps, whose own names are no words."""
    code = frozenset(sources)
    for output in cell.outputs:
        if output.output_type == "stream":
            output.text = sentence(output.text, code)
            continue
        data = output.get("data", {})
        if "text/plain" in data:
            blanks = _EMPTY_PLAIN.sub(lambda found: "–".rjust(len(found[0])), "".join(data["text/plain"]))
            data["text/plain"] = sentence(blanks, code)
        if "text/html" in data:
            data["text/html"] = _page("".join(data["text/html"]), code)


def sentence(text: str, code=frozenset()) -> str:
    """A text without nan and .0, with words for the names of columns and the reader's currency."""
    known = _names(code)
    text = _SNAKE.sub(lambda found: _words(found[0]) if _known(found[0], known) else found[0], text)
    text = _WHOLE.sub(lambda found: f"{found[1]}{int(found[2]):,}".rjust(len(found[0])), text)
    return medium.told(text)


def in_currency(step) -> None:
    """The texts of a step in the reader's currency (see `medium.currency`): of its code, what stands in quotation
    marks and comments."""
    if step.cell_type == "markdown":
        step.source = medium.told(step.source)
        return
    lines = step.source.split("\n")
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(step.source).readline))
    except (tokenize.TokenError, SyntaxError):
        return
    for token in reversed(tokens):
        (first, start), (last, end) = token.start, token.end
        if tokenize.tok_name[token.type] not in ("STRING", "COMMENT", "FSTRING_MIDDLE") or first != last:
            continue
        row = first - 1
        lines[row] = lines[row][:start] + _amounts(lines[row][start:end]) + lines[row][end:]
    step.source = "\n".join(lines)


def _amounts(text: str) -> str:
    """A piece of code's text; an expression in its braces stays, and may stand behind a ¥."""
    parts = re.split(r"(\{[^{}]*\})", text)
    parts[::2] = [re.sub(r"¥$", f"{medium.currency()}\u00a0", medium.told(part)) for part in parts[::2]]
    return "".join(parts)


def _page(html: str, code) -> str:
    parts = _MARKUP.split(_EMPTY.sub(r"\1–", html))
    for place, part in enumerate(parts):
        if part.startswith("<"):
            parts[place] = _TOLD.sub(lambda found: found[1] + sentence(found[2], code), part)
        elif part.strip():
            parts[place] = sentence(part, code)
    return "".join(parts)


def _known(name, known) -> bool:
    """Whether this is a name of ours: a column, one of the code, or two of them with “per” between."""
    return name in known or all(part in known for part in name.split("_per_")) and "_per_" in name


def _words(name: str) -> str:
    return name.removesuffix("_id").replace("_", " ")


@cache
def _names(code) -> frozenset:
    """Names of columns: of the contract, and what the code of the steps calls its own."""
    found = {column for table in contract().values() for column in table.columns}
    for source in code:
        try:
            tree = ast.parse(source)
        except SyntaxError:
            continue
        for one in ast.walk(tree):
            if isinstance(one, ast.keyword) and one.arg:
                found.add(one.arg)
            elif isinstance(one, ast.Constant) and isinstance(one.value, str):
                found.add(one.value)
            elif isinstance(one, ast.Attribute):
                found.add(one.attr)
    return frozenset(found)
