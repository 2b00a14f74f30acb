"""The notebooks to take away: a zip a chapter, since a bare .ipynb would open as JSON in the browser.

Without the teacher's cells: those stand in the course folder, and in what is made there for the teacher.
"""
from __future__ import annotations

import zipfile
from pathlib import Path

import nbformat

from liveshop import editions
from liveshop.editions.notes import is_note

README = """The notebook of this chapter, twice: as it stands in the book, and in student/ with the answers left out.
It runs in the course folder: put it into notebooks/ there and type  make lab
Elsewhere its first cell installs the course from its wheel (make wheel), if that lies beside it or has an address.
Text and data CC BY 4.0, code MIT. Qinghe is invented.
"""


def write_downloads(app, exception) -> None:
    if exception is not None or app.builder.format != "html":
        return
    folder = Path(app.outdir) / "downloads"
    for path in sorted({Path(app.env.doc2path(docname)) for docname in app.env.found_docs}):
        if path.suffix != ".ipynb":
            continue
        folder.mkdir(exist_ok=True)
        notebook = nbformat.read(path, as_version=4)
        notebook.cells = [cell for cell in notebook.cells if not is_note(cell)]
        contents = {
            "README.txt": README,
            path.name: nbformat.writes(notebook),
            f"student/{path.name}": nbformat.writes(editions.student_edition(notebook)),
        }
        with zipfile.ZipFile(folder / f"{path.stem}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in contents.items():
                archive.writestr(zipfile.ZipInfo(name, (2025, 3, 3, 0, 0, 0)), text, zipfile.ZIP_DEFLATED)
