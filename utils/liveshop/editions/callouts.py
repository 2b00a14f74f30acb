"""Callouts in the text of a chapter: block quotes that open with a bold word, and the answers of "Try it"."""

import re

CALLOUT = re.compile(r"(?:^> ?.*\n?)+", re.MULTILINE)
_ANSWER = re.compile(r"(?<![*\w])\*(?![*\s])([^*]+[.!?)])\*(?!\*)")


def quoted(callout: str) -> str:
    """The text of a block quote without its marks."""
    return "\n".join(line.removeprefix(">").removeprefix(" ") for line in callout.strip().splitlines())


def try_it(callout: str) -> tuple[str, str] | None:
    """The question of a "Try it" callout and its answer, or None.

    The answer is what stands in italics as whole sentences:
    `> **Try it.** Who wins? *The first.* And why? *It is longer.*`
    """
    text = quoted(callout)
    if not text.startswith("**Try it.**") or not _ANSWER.search(text):
        return None
    question = " ".join(_ANSWER.sub("", text).removeprefix("**Try it.**").split())
    return question, "\n\n".join(_ANSWER.findall(text))


def folded(text: str) -> str:
    """The text with the answers of its "Try it" callouts folded away: who sees one at once tries nothing.

    `text` is Markdown without comments; what unfolds is the HTML element that the book, JupyterLab and GitHub know.
    """
    return CALLOUT.sub(_fold, text)


def _fold(callout: re.Match) -> str:
    tried = try_it(callout[0])
    if tried is None:
        return callout[0]
    question, answer = tried
    lines = f"**Try it.** {question}\n\n<details><summary>Answer</summary>\n\n{answer}\n\n</details>".split("\n")
    return "\n".join(f"> {line}".rstrip() for line in lines) + "\n"
