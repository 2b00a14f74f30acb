"""What a run left in its outputs, made fit for the page: an error becomes a sentence, and so does its echo."""

import re

from liveshop.editions.cells import EditionError, tags
from liveshop.editions.own_data.names import names
from liveshop.editions.own_data.report import OwnDataReport
from liveshop.editions.own_data.steps import shown_by
from liveshop.editions.own_data.wording import reword, sentence


def settle(nb, steps, shows: dict, report: OwnDataReport) -> None:
    """Replaces what no reader should see in an executed notebook: tracebacks, and results of what did not run.

    steps: all steps of the section, in order · shows: of those that ran, by cell id, (kind, what it shows). A step
    that fails, or takes a name from before a step that failed, is an echo of that step: its outputs go, and the
    sentence in their place names what it builds on. A card that fails is shown as a form to fill in by hand.
    """
    ran = {cell["id"]: cell for cell in nb.cells if cell.cell_type == "code"}
    lost: dict[str, tuple[str, bool]] = {}     # name → what was to make it, whether that step ran and failed
    for step in steps:
        if step.cell_type != "code":
            continue
        cell = ran.get(step.get("id"))
        made, used = names(step.source)
        if cell is None:
            lost |= {name: (shown_by(step) or "a step of this section", False) for name in made}
            continue
        error = _error(cell)
        built_on = _builds_on(error, used, lost)
        if error or built_on and built_on[1] and "card" not in tags(step):
            since = _line(error) if error else 1
            what = built_on or (shows[cell["id"]][1], True)
            lost |= {name: what for name in names(step.source, since)[0]}
            _left_out(cell, shows[cell["id"]], _echo(built_on) or _reason(error), error, report)
        else:
            lost = {name: what for name, what in lost.items() if name not in made}
    for cell in nb.cells:
        if cell.cell_type == "code":
            reword(cell, [one.source for one in steps])


def _error(cell):
    cell.outputs = [one for one in cell.outputs if one.output_type != "stream" or one.name != "stderr"]
    return next((one for one in cell.outputs if one.output_type == "error"), None)


def _builds_on(error, used, lost):
    """(what it shows, whether it failed) of the step whose name this one takes in vain; None if it takes none.

    A step that takes a name of one that was left out does without it, unless it fails for want of that name.
    """
    unnamed = re.search(r"name '(\w+)' is not defined", error.evalue) if error and error.ename == "NameError" else None
    if unnamed and unnamed[1] in lost:
        return lost[unnamed[1]]
    return next((lost[name] for name in sorted(used) if name in lost and lost[name][1]), None)


def _echo(built_on) -> str:
    if not built_on:
        return ""
    what, failed = built_on
    return f"it builds on a step that {'could not run' if failed else 'was left out'} ({what})."


def _line(error) -> int:
    """The line of the cell in which an error arose."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(error.traceback))
    return next((int(line) for line in re.findall(r"Cell In\[\d+\], line (\d+)", plain)), 1)


def _left_out(cell, show, reason, error, report: OwnDataReport) -> None:
    """In place of the outputs of a cell the sentence that says why there are none; for a card, the empty card."""
    import nbformat
    from markupsafe import Markup

    kind, what = show
    if kind == "set-up":
        raise EditionError(f"The set-up of section {report.section} failed on these tables: {reason}")
    # Whom the reader asks for help can do more with the name of the error.
    unforeseen = error is not None and reason == UNFORESEEN
    report.failed.append((what, f"{reason[:-1]} ({error.ename})." if unforeseen else reason))
    text = f"Left out ({what}): {reason}"
    page = str(Markup('<p class="ls-left-out">{}</p>').format(text))
    cell.outputs = [nbformat.v4.new_output("display_data", data={"text/plain": text, "text/html": page})]
    asked = re.search(r"\bcard\(\s*[\"'](\d+\.\d+\w?)[\"']", cell.source)
    if asked:
        cell.outputs.append(nbformat.v4.new_output("display_data", data=_empty_card(asked[1])))


def _empty_card(number) -> dict:
    from liveshop.playbook.card import html_card
    from liveshop.playbook.deck import CardError, find

    try:
        one = find(number)
    except CardError:
        return {"text/plain": ""}
    return {"text/plain": f"Card {one['id']}: {one['title']}, to fill in by hand", "text/html": html_card(one)}


# How the libraries say that a choice of rows came out empty.
_NONE_LEFT = re.compile(
    r"empty sequence|zero-size array|[Nn]o objects to concatenate|out[ -]of[ -](bounds|range)|0 sample\(s\)|0 samples|"
    r"all NA values"
)
_COLUMN = re.compile(r"object has no attribute '(\w+)'")
UNFORESEEN = "your tables did not suit it."


def _reason(error) -> str:
    """Why a step failed, as the end of a sentence."""
    if error.ename == "NameError":
        return "it builds on a step that was left out."
    if error.ename == "TableError":
        return error.evalue
    if error.ename == "KeyError" and re.fullmatch(r"'[\w. ]+'", error.evalue):
        return f"your tables lack {error.evalue}."
    if error.ename == "AttributeError" and (column := _COLUMN.search(error.evalue)):
        return f"your tables lack '{column[1]}'."
    if error.ename in ("ValueError", "IndexError") and _NONE_LEFT.search(error.evalue):
        return "your tables hold too few rows of the kind that it looks at."
    if error.ename in ("ValueError", "ClvError", "ShapeError"):      # the course's methods raise these, with a sentence
        return f"your tables did not suit it: {sentence(error.evalue).rstrip('.')}."
    return UNFORESEEN
