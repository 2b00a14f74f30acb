"""The steps of a section: its template cells, and which of them can run on given tables."""

import copy
import itertools

from liveshop.editions.cells import SECTION, EditionError, section_of, tags, without_comments
from liveshop.editions.own_data.report import OwnDataReport, missing_sentences
from liveshop.tables.contract import persons
from liveshop.tables.markdown import code, escape


def section_steps(chapter, section: str):
    """The section's title and the cells that make it: the set-up, its template cells, its card."""
    sections = section_of(chapter.cells)
    if section not in sections:
        there = ", ".join(dict.fromkeys(s for s in sections if s))
        raise EditionError(f"There is no section {section} in this chapter: it has {there}.")
    texts = [cell.source for cell in chapter.cells if cell.cell_type == "markdown"]
    title = next(match[2] for text in texts for match in SECTION.finditer(text) if match[1] == section)
    steps = []
    for cell, where in zip(chapter.cells, sections, strict=True):
        marks = set(tags(cell))
        if (where is None and {"setup", "parameters"} & marks) or (where == section and {"template", "card"} & marks):
            steps.append(cell)
    if not any("template" in tags(cell) for cell in steps):
        raise EditionError(f"Section {section} has no step that works on other data.")
    return title.strip(), steps


def needs(step) -> list[str]:
    """The tables and columns that a step needs, as "streams" or "streams.gmv"; "journeys.path|orders.paid": either."""
    return step.metadata.get("liveshop", {}).get("needs", [])


def tables_read(steps) -> set[str]:
    """The tables that these steps need or can do with."""
    return {way.partition(".")[0] for step in steps for name in needs(step) for way in name.split("|")}


def shown_by(step) -> str:
    """What a step shows, as the end of a sentence; empty where it does not say."""
    return step.metadata.get("liveshop", {}).get("shows", "")


def _absent(names, frames) -> list[str]:
    """Which of the needed tables and columns are not there; a column without any value is not there."""
    absent = []
    for name in names:
        ways = [_lacking(way, frames) for way in name.split("|")]
        if all(ways):
            absent.append("` or `".join(dict.fromkeys(ways)))
    return list(dict.fromkeys(absent))


def _lacking(name, frames) -> str:
    """The table, or its column, that is not there; empty when it is."""
    table, _, column = name.partition(".")
    if table not in frames or not len(frames[table]):
        return table
    return name if column and (column not in frames[table].columns or frames[table][column].isna().all()) else ""


def own_notebook(steps, frames, report: OwnDataReport, mapped: bool):
    """The notebook to run on these tables, and for each of its code cells its kind and what it shows (by cell id).

    What is left out stands in the notebook and in the report; `mapped` says whether a mapping made the tables, of which
    the notebook then tells. EditionError when no step can run.
    """
    import nbformat

    chosen = _chosen(steps, frames)
    report.left_out = [(missing, shown_by(step)) for step, missing in chosen if missing]
    kept = [step for step, missing in chosen if not missing and step.cell_type == "code"]
    kinds = {step["id"]: "set-up" if {"setup", "parameters"} & set(tags(step)) else "step" for step in kept}
    if "step" not in kinds.values():
        needed = dict.fromkeys(name for missing, _ in report.left_out for name in missing)
        raise EditionError(f"No step of section {report.section} can run on these tables ({', '.join(frames)}): "
                           f"its steps need {', '.join(needed)}.")
    used = tables_read(kept)
    nb = nbformat.v4.new_notebook(cells=_with_notes(chosen, _opening(frames, used, report, mapped)))
    return nb, {step["id"]: (kinds[step["id"]], shown_by(step) or "a step of this section") for step in kept}


def _chosen(steps, frames):
    """(step, what it lacks) of each step that goes into the notebook or is missed in it.

    A text speaks of the steps behind it, up to the next text: when all of those go, it goes too, without a word.
    """
    chosen = []
    for place, step in enumerate(steps):
        step, missing = copy.deepcopy(step), _absent(needs(step), frames)
        step["id"] = step.get("id", f"step-{place}")
        if step.cell_type == "markdown":
            following = itertools.takewhile(lambda one: one.cell_type == "code", steps[place + 1:])
            behind = [_absent(needs(one), frames) for one in following]
            if missing or (behind and all(behind)):
                continue
            step.source = without_comments(step)
        else:
            step.outputs, step.execution_count = [], None
        chosen.append((step, missing))
    return chosen


def _with_notes(chosen, opening):
    """The cells of the notebook: a note where steps were left out, a heading where no text introduces a step."""
    cells = [opening]
    for left_out, group in itertools.groupby(chosen, key=lambda one: bool(one[1])):
        if left_out:
            cells.append(_left_out(list(group)))
            continue
        for step, _ in group:
            introduced = cells[-1].cell_type == "markdown" and "template" in tags(cells[-1])
            shows = shown_by(step) if step.cell_type == "code" and "card" not in tags(step) else ""
            if shows and not introduced:
                cells.append(_text(f"**{shows[:1].upper()}{shows[1:]}**", f"{step['id']}-heading"))
            cells.append(step)
    return cells


def _left_out(group):
    """One note for steps next to each other that were left out."""
    first, *more = missing_sentences([(missing, shown_by(step)) for step, missing in group])
    lines = [f"> **Left out.** {first}", *(f">\n> {one}" for one in more)]
    return _text("\n".join(lines), f"{group[0][0]['id']}-left-out")


def _opening(frames, used, report: OwnDataReport, mapped: bool):
    """The first cell: what the notebook was made from; `used` are the tables that its steps read."""
    read = []
    for told in report.adapted if mapped else []:
        # Which columns were not used stands in the report.
        first, *more = map(escape, told.sentences(columns=False))
        read += [f"- {first}", *((f"  - {one}" if len(report.adapted) > 1 else f"- {one}") for one in more)]
    read_here = [name for name in report.rows if name in used] or list(report.rows)
    others = len(report.rows) - len(read_here)
    buyers = any(name in frame for frame in frames.values() for name in persons())
    text = (
        f"# {report.section} {report.title}: your data\n\n"
        f"Made from {code(report.source)}.{' Buyers carry pseudonyms.' if buyers else ''} "
        "`report.md` beside this notebook says what was set aside and why.\n\n"
        f"{report.table(read_here)}\n\n"
        + (f"This section does not read the other {others} tables; `report.md` lists them.\n\n" if others > 1 else
           "This section does not read the other table; `report.md` names it.\n\n" if others else "")
        + "\n".join([*read, *(f"- {escape(note)}" for note in report.notes)])
    )
    return _text(text.rstrip(), "own-data-opening")


def _text(source: str, identity: str):
    import nbformat

    cell = nbformat.v4.new_markdown_cell(source)
    cell["id"] = identity
    return cell
