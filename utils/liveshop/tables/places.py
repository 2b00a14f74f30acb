"""Where the course lies: its data, its notebooks, its pages, in a clone of the repository or apart from it."""

from pathlib import Path

from liveshop.environment import clone

COURSE = "liveshop.course"  # the package of the chapters' content; engines find it by name, at run time
MAPPINGS = Path(__file__).with_name("mappings")  # those that come with the course


def course_folder(holding, start=None):
    """The nearest folder of the course that holds something, or None.

    holding: a path or a pattern inside it, such as "data/datapackage.json" or "notebooks/[0-9][0-9]-*.ipynb".
    start: a file or folder; it and the folders above it are looked at first (default: the working directory), then the
    clone that the package stands in.
    """
    start = Path.cwd() if start is None else Path(start).resolve()
    places = [start, *start.parents, *([clone()] if clone() else [])]
    return next((place for place in places if any(place.glob(holding))), None)
