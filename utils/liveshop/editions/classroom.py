"""A course folder for a class that is marked by nbgrader."""

import shutil
from pathlib import Path

from liveshop.editions.forms import student_edition
from liveshop.tables.places import course_folder
from liveshop.tables.writing import write_text

_NBGRADER_CONFIG = '''import os

from liveshop.editions.marks import PREPROCESSORS

c = get_config()
c.CourseDirectory.course_id = "liveshop"
# The stub stands above the solution, so nothing takes the solution's place.
c.ClearSolutions.code_stub = {"python": ""}
c.ClearSolutions.enforce_metadata = True
c.ExecutePreprocessor.timeout = 300
# A submission only sends its answers; nbgrader's own process judges them on the tables beside this file.
c.Autograde.autograde_preprocessors = PREPROCESSORS
c.Judge.data = os.path.join(os.path.dirname(os.path.abspath(__file__)), "data")
'''


def assignment(paths, folder, data=None) -> Path:
    """A course folder for nbgrader: each chapter as an assignment under source/, with the tables beside it.

    Then, in that folder: nbgrader generate_assignment NAME, hand out release/, collect into submitted/, and
    nbgrader autograde NAME. `data` is the folder with the tables (default: the course's own data/).
    Returns the folder.
    """
    import nbformat

    folder = Path(folder)
    for path in map(Path, paths):
        nb = student_edition(nbformat.read(path, as_version=4), solutions=True)
        write_text(folder / "source" / path.stem / path.name, nbformat.writes(nb))
    write_text(folder / "nbgrader_config.py", _NBGRADER_CONFIG)
    course = None if data else course_folder("data/datapackage.json", paths[0])
    source = Path(data) if data else course and course / "data"
    if source is not None and not (folder / "data").exists():
        try:
            (folder / "data").symlink_to(source.resolve(), target_is_directory=True)
        except OSError:  # a file system without links
            shutil.copytree(source, folder / "data")
    return folder
