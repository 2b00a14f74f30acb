"""Command line; see the package."""

import argparse
import os
import signal
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

from liveshop.course.chapter_9 import contest
from liveshop.editions.cells import EditionError
from liveshop.editions.chapters import HANDED_OUT
from liveshop.editions.classroom import assignment
from liveshop.editions.forms import student_edition, teacher_edition
from liveshop.editions.gradebook import FORMS, class_marks, fill
from liveshop.editions.installing import wheel_address, with_install
from liveshop.editions.numbers import refresh, stale_numbers
from liveshop.editions.own_data import own_data_notebook
from liveshop.editions.own_data.folder import kept_in
from liveshop.editions.publish import Lite, pdf, site
from liveshop.editions.slides import slides
from liveshop.playbook import document
from liveshop.tables import progress
from liveshop.tables.adapt.proposal import draft_mapping
from liveshop.tables.adapt.recognising import recognise
from liveshop.tables.places import course_folder
from liveshop.tables.writing import write_text

STOPPED = 130  # the exit code of what Ctrl-C has ended


def main(arguments=None) -> int:
    """The command line; returns the exit code. Every failure is one sentence."""
    given = _parser().parse_args(arguments)
    try:
        with _terminated_as_interrupted(), progress.shown(sys.stderr):
            return _done(given)
    except KeyboardInterrupt:
        own = given.command in ("template", "mapping")
        print("Stopped before the end: " + ("nothing was written, and what was there before is as it was." if own else
                                            "no file is half-written."), file=sys.stderr)
    return STOPPED


@contextmanager
def _terminated_as_interrupted():
    """SIGTERM ends a run as Ctrl-C does, so that it can tidy up."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _done(given) -> int:
    try:
        if given.command == "template":
            return _template(given)
        if given.command == "mapping":
            return _mapping(given)
        if given.command == "contest":
            return _contest(given)
        if given.command == "playbook":
            return _playbook(given)
        if given.command == "marks":
            return _marks(given)
        if given.command in ("site", "pdf"):
            return _made_from_book(given)
        missing = [str(path) for path in given.notebooks if not path.is_file()]
        if missing:
            raise EditionError(f"There is no notebook {', '.join(missing)}.")
        if given.command == "assignment":
            return _assignment(given)
        return max(COMMANDS[given.command](path, given) for path in given.notebooks)
    except ValueError as error:  # EditionError and TableError: sentences for people
        print(error, file=sys.stderr)
    except OSError as error:
        print(f"{error.filename or 'A file'} could not be written or read: {error.strerror}.", file=sys.stderr)
    except Exception as error:
        if given.command not in ("template", "mapping"):
            raise
        # The last line of defence for a reader with a file that nobody foresaw; known bad input has its own sentence.
        print(f"These tables cannot be used ({type(error).__name__}: {' '.join(str(error).split())[:200]}): "
              "leave out the table that it speaks of and try again.", file=sys.stderr)
    return 1


def _parser():
    parser = argparse.ArgumentParser(prog="python -m liveshop.editions", description="Editions of the chapters.")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, out, about in (
        ("refresh", None, "run the notebooks, bring their prose numbers up to date, tidy them"),
        ("install-cell", None, "write the cell that installs the course where it is missing"),
        ("numbers", None, "run the notebooks and say which prose numbers are stale"),
        ("student", "student", "questions and stubs, nothing given away"),
        ("teacher", "teacher", "everything, with the teacher's notes"),
        ("slides", "slides", "what a class looks at together, one page to show full screen"),
        ("assignment", "my-class", "a course folder for nbgrader"),
    ):
        command = commands.add_parser(name, help=about)
        command.add_argument("notebooks", nargs="+", type=Path)
        if out:
            command.add_argument("--out", type=Path, default=Path(out))
        if name == "assignment":
            command.add_argument("--data", type=Path, help="the folder of the class's tables (default: the course's)")
    for name, out, about in (("site", "_build/site", "the built book as a site that also works without a network"),
                             ("pdf", "_build/book.pdf", "the built book as a PDF")):
        command = commands.add_parser(name, help=about)
        command.add_argument("--html", type=Path, default=Path("_build/html"))
        command.add_argument("--out", type=Path, default=Path(out))
        if name == "site":
            command.add_argument("--lite", type=Path, metavar="WHEEL", help="sections run in browsers, with this wheel")
            command.add_argument("--pyodide", default="", help="Pyodide's files: an unpacked release or an address")
    held = commands.add_parser("contest", help="rank a folder of strategies for the twelve weeks of the capstone")
    held.add_argument("folder", nargs="?", type=Path, default=Path("strategies"))
    held.add_argument("--seeds", type=int, default=200, help="plays of each strategy (default: 200)")
    held.add_argument("--seconds", type=float, default=60, help="what each may take for all its plays (default: 60)")
    held.add_argument("--seed", type=int, help="repeats an earlier contest")
    playbook = commands.add_parser("playbook", help="all filled cards in one document")
    playbook.add_argument("--folder", type=Path, default=Path("notebooks/my-playbook"), help="where the cards are")
    playbook.add_argument("--out", type=Path, help="a file (.docx, .xlsx, .md, .html), or a folder for all four")
    playbook.add_argument("--blank", action="store_true", help="all cards of the course, empty, to fill in by hand")
    template = commands.add_parser("template", help="a section on your own data")
    template.add_argument("--section", required=True)
    template.add_argument("--data", required=True)
    for name in ("--mapping", "--out", "--key"):
        template.add_argument(name)
    marks = commands.add_parser("marks", help="a class's marks for the grade book of Canvas or Moodle")
    marks.add_argument("--folder", type=Path, required=True, help="the class's folder, with nbgrader's gradebook.db")
    marks.add_argument("--for", dest="kind", choices=FORMS, required=True)
    marks.add_argument("--list", dest="listed", type=Path, help="what the grade book exported")
    marks.add_argument("--out", type=Path)
    mapping = commands.add_parser("mapping", help="a mapping for your export, drafted from its headings")
    mapping.add_argument("--data", required=True)
    for name in ("--out", "--table"):
        mapping.add_argument(name)
    return parser


def _template(given) -> int:
    out = own_data_notebook(given.section, given.data, given.mapping or None, given.out or None, given.key or None)
    if told := (out / "report.md").read_text(encoding="utf-8").partition("Recognised: ")[2].partition("\n")[0]:
        print(f"Recognised: {told}".replace("\\", "").replace("`", ""))
    made = out / f"section-{given.section.strip().replace('.', '-')}"
    if kept := kept_in(out):
        print(kept)
    print(f"Done. Open {made}.html, or work on in {made}.ipynb; {out / 'report.md'} says what was left out and why.")
    return 0


def _mapping(given) -> int:
    if known := recognise(given.data):
        print(f"The headings are those of {known.about}: MAPPING={known.name} may do as it is.")
    made = draft_mapping(given.data, given.out or None, given.table or None)
    needed = f" Needed, and not found: {', '.join(made.required)}." if made.required else ""
    print(f"Wrote {made.path}: table {made.table}, {made.sure} of its columns are sure, {made.open} of your columns "
          f"are not used yet.{needed} {'Fill it in' if needed else 'Check it'}, and give it as MAPPING=.")
    return 0


def _playbook(given) -> int:
    for made in document(given.out, given.folder, given.blank):
        print(f"Made {made}.")
    return 0


def _marks(given) -> int:
    out = given.out or given.folder / f"marks-{given.kind}.csv"
    made = fill(given.kind, class_marks(given.folder), out, given.listed)
    for note in made.notes:
        print(note)
    if made.unmatched:
        print(f"Without a line of their own in the list: {len(made.unmatched)} with marks "
              f"({', '.join(made.unmatched)}): see {out.stem}-unmatched.csv beside it.")
    print(f"Wrote {made.marks} marks to {made.path}.")
    return 0


def _made_from_book(given) -> int:
    if given.command == "site":
        made = site(given.html, given.out, Lite(given.lite, given.pyodide.strip()) if given.lite else None)
    else:
        made = pdf(given.html, given.out)
    print(f"Made {made} ({made.stat().st_size / 1e6:.1f} MB).")
    return 0


def _contest(given) -> int:
    held = contest.contest(given.folder, given.seeds, given.seconds, given.seed, lambda on: print(on, file=sys.stderr))
    print(held)
    print(f"Wrote {contest.write(held, given.folder)}.")
    return 0


def _assignment(given) -> int:
    folder = assignment(given.notebooks, given.out, given.data)
    print(f"Made {folder}. In it, run: nbgrader generate_assignment {', '.join(path.stem for path in given.notebooks)}")
    return 0


def _refresh(path, given) -> int:
    for change in refresh(path):
        print(f"{path.name}: changed. {change}")
    print(f"{path.name}: run and up to date.")
    return 0


def _install_cell(path, given) -> int:
    import nbformat

    nb = nbformat.read(path, as_version=4)
    address = wheel_address(course_folder("_config.yml", path))
    write_text(path, nbformat.writes(with_install(nb, address)) + "\n")
    print(f"{path.name}: installs from {address or 'a wheel beside it'}.")
    return 0


def _numbers(path, given) -> int:
    stale = stale_numbers(path)
    print("\n".join(f"{path.name}: {line}" for line in stale) or f"{path.name}: every number holds.")
    return int(bool(stale))


def _slides(path, given) -> int:
    import nbformat

    book = Path("_build/html/notebooks")
    link = os.path.relpath(book, given.out) if book.exists() else ""
    return _made(given.out / f"{path.stem}.html", slides(nbformat.read(path, as_version=4), link))


def _handed_out(path, given) -> int:
    import nbformat

    make = student_edition if given.command == "student" else teacher_edition
    if given.command == "student":
        for file in HANDED_OUT.get(path.name, ()):
            _made(given.out / file.name, file.read_text(encoding="utf-8"))
    return _made(given.out / path.name, nbformat.writes(make(nbformat.read(path, as_version=4))))


def _made(path: Path, text: str) -> int:
    write_text(path, text)
    print(f"Made {path}.")
    return 0


COMMANDS = {"refresh": _refresh, "install-cell": _install_cell, "numbers": _numbers, "student": _handed_out,
            "teacher": _handed_out, "slides": _slides}

if __name__ == "__main__":
    sys.exit(main())
