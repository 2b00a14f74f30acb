"""A section run on the reader's own tables: one folder with notebook, page, report and the tables used."""

import re
import shutil
from pathlib import Path

from liveshop.editions.cells import EditionError, normalise
from liveshop.editions.chapters import chapter_notebook
from liveshop.editions.kernel import run
from liveshop.editions.own_data import folder
from liveshop.editions.own_data.money import currency_of, showing, speak_of, taken_for_yuan
from liveshop.editions.own_data.report import OwnDataReport
from liveshop.editions.own_data.settling import settle
from liveshop.editions.own_data.steps import own_notebook, section_steps, tables_read
from liveshop.editions.own_data.tables import carry, partly_empty, read_tables, write_tables
from liveshop.editions.page import page
from liveshop.playbook.sheet import ASKED
from liveshop.tables.adapt.mapping import entries
from liveshop.tables.adapt.recognising import recognise
from liveshop.tables.writing import write_text


def own_data_notebook(section, data, mapping=None, out=None, key=None) -> Path:
    """One section of the course on the reader's own tables: a notebook, an HTML page, a report and the tables used.

    Parameters
    ----------
    section : str
        A section's number, such as "5.4".
    data : path
        An export to be adapted (workbook, CSV …); without `mapping`, one whose headings the course knows, or a folder
        of tables that fit the contract.
    mapping : path, name or dict, optional
        How the export's columns become the contract's (see liveshop.tables.adapt_all): a file, the name of one that
        comes with the course, or the name of the table, where the headings are the contract's.
    out : path, optional
        Folder for the result; default my-run/SECTION. It may hold an earlier result, which is replaced: files that
        you added stay, and files that you changed stay under another name beside the new ones.
    key : path, optional
        File with the secret of the pseudonyms, made when it is not there. Who has it can find out whom a pseudonym
        stands for, and every run with it gives a person the same one. Without it the secret is forgotten.

    Cells whose tables or columns are missing are left out, and a sentence says what is missing and what it would
    have shown. Numbers of buyers are replaced by pseudonyms in everything written. On failure nothing is written.
    Raises EditionError or liveshop.tables.TableError, each with one sentence.
    """
    section, data, out = _asked_for(section, data, mapping, out, key)
    title, steps = section_steps(chapter_notebook(section), section)
    wanted = tables_read(steps)
    taken = recognise(data) if mapping is None else None
    mapping = taken.name if taken else mapping
    frames, notes = read_tables(data, mapping, wanted)
    notes += taken_for_yuan(frames) + partly_empty(frames, steps)
    if taken:
        notes.insert(0, f"Recognised: {taken.about}, by its headings; read with MAPPING={taken.name}.")
    report = OwnDataReport(
        section, title, data.name, notes=notes,
        rows={name: len(frame) for name, frame in frames.items()},
        places={name: frame.attrs.get("place", data.name) for name, frame in frames.items()},
        adapted=[frame.attrs["report"] for frame in frames.values() if frame.attrs.get("report") is not None],
    )
    nb, shows = own_notebook(steps, frames, report, mapped=mapping is not None)
    with folder.replacing(out) as work, showing(currency_of(frames)) as currency:
        write_tables(frames, work / "data", key)
        carry(data, work / "data")
        if currency != "CNY":
            speak_of(nb, currency)
        nb = run(nb, work, allow_errors=True, **{ASKED: "1"})
        settle(nb, steps, shows, report)
        _write(work, nb, report)
        _keep(out, work, report)
    return out


def _asked_for(section, data, mapping, out, key) -> tuple[str, Path, Path]:
    """Section, data and folder of the result; what does not do is an error before data are read."""
    section = str(section).strip()
    if not re.fullmatch(r"\d+\.\d+", section):
        raise EditionError(f"{section!r} is not a section: write it like SECTION=5.4.")
    if not str(data).strip():
        raise EditionError("No data named: write DATA=your-export.xlsx or DATA=a-folder-of-tables.")
    data = Path(data)
    if not data.exists():
        raise EditionError(f"There is no file or folder {data}: check the name after DATA=.")
    if mapping is not None:
        entries(mapping)
    out = folder.place(out or Path("my-run") / section)
    if key and out.resolve() in Path(key).resolve().parents:
        raise EditionError(
            f"The key {key} would lie among the results: keep it elsewhere, or it is passed on with them."
        )
    return section, data, out


def _write(work: Path, nb, report: OwnDataReport) -> None:
    """The executed notebook and its page, into the folder where it ran."""
    import nbformat

    nb = normalise(nb)
    for cell in nb.cells:
        cell.metadata.pop("nbgrader", None)
    name = f"section-{report.section.replace('.', '-')}"
    write_text(work / f"{name}.ipynb", nbformat.writes(nb))
    write_text(work / f"{name}.html", page(nb, f"{report.section} {report.title} on your data"))
    for stray in (*work.glob("__pycache__"), *work.glob(".ipynb_checkpoints")):
        shutil.rmtree(stray)


def _keep(out: Path, work: Path, report: OwnDataReport) -> None:
    """What is the reader's in an earlier result goes along; the report says so, and the record what is the run's."""
    kept = folder.keep(out, work, coming={"report.md"})
    report.kept = folder.kept_sentence(kept)
    write_text(work / "report.md", report.markdown())
    folder.record(work, kept, section=report.section, source=report.source, rows=report.rows)
