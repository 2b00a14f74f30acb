"""The figures of the notebooks as they are stored: their smallest letters on a phone."""

import re

import nbformat
import pytest

from common import ROOT

LEAST = 9               # css pixels
PHONE = 360             # css pixels: a figure takes the whole width of a phone (test_book_figures.py measures it)
PICTURE = re.compile(r"<img[^>]* src=\"data:image/[^>]*>")


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("[0-9]*.ipynb")), ids=lambda path: path.stem)
def test_letters_are_large_enough_on_a_phone(path):
    measured = []
    for cell in nbformat.read(path, as_version=4).cells:
        for output in cell.get("outputs", []):
            for picture in PICTURE.findall("".join(output.get("data", {}).get("text/html", ""))):
                width = int(re.search(r" width=\"(\d+)\"", picture)[1])
                letters = re.search(r" data-lettering=\"([\d.]+)\"", picture)
                assert letters, f"the picture of cell {cell.id} says not how large its letters are: run it again"
                measured.append((float(letters[1]) * min(1, PHONE / width), cell.id))
    assert measured and min(measured)[0] >= LEAST, f"{min(measured)[0]:.1f} px in cell {min(measured)[1]}"
