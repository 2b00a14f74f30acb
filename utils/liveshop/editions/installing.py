"""The cell of a chapter that installs the course where it is missing: in Colab, on Kaggle, in a bare Jupyter.

In a clone, and wherever the package is, the cell does nothing. Its one setting is the wheel's address, which follows
from `repository: url:` in `_config.yml` and the version in `pyproject.toml`; `refresh` writes it into the notebooks.
A wheel that lies beside the notebook comes first, so that the two can be handed out together.
"""

import copy
import tomllib

from liveshop.editions.cells import INSTALL, tags
from liveshop.editions.repository import repository
from liveshop.tables.places import course_folder

IDENTITY = "sfront-install"
_CODE = '''\
# @title Set-up: installs the course where it is missing, does nothing elsewhere { display-mode: "form" }
import glob, importlib.util as found, re, subprocess, sys
ADDRESS = {address}
if sys.platform != "emscripten" and None in map(found.find_spec, ("liveshop", "ipywidgets", "seaborn")):
    stop = type("NotInstalled", (ImportError,), {"_render_traceback_": lambda error: [str(error)]})
    wheel = max(glob.glob("liveshop*.whl"), default=ADDRESS, key=lambda w: [*map(int, re.findall(r"\\d+", w))])
    if not wheel:
        raise stop("No course here: put its wheel beside this notebook, or pip install PATH/WHEEL[notebook].")
    print(f"Installing the course with its data from {wheel}: this takes some minutes, once.")
    asked = f"liveshop[notebook] @ {wheel}" if "://" in wheel else f"./{wheel}[notebook]"
    if subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", asked]).returncode:
        raise stop(f"The course could not be installed from {wheel}: the lines above say why.")
    if "numpy" in sys.modules:
        raise stop("Installed. Restart the kernel, which holds older packages, and run the notebook again.")'''


def wheel_address(course=None) -> str:
    """Where the wheel of this very version lies: with the release of that name, or "" while no repository is set.

    course: the folder with `_config.yml` and `pyproject.toml` (default: the course's own).
    """
    course = course or course_folder("_config.yml")
    if course is None:
        return ""
    kept = repository(course / "_config.yml")
    if kept is None:
        return ""
    about = tomllib.loads((course / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    name, version = about["name"], about["version"]
    return f"{kept.url}/releases/download/v{version}/{name}-{version}-py3-none-any.whl"


def with_install(nb, address: str):
    """The notebook with the installing cell before all other code, whether it had one or not; a new notebook."""
    import nbformat

    nb = copy.deepcopy(nb)
    nb.cells = [cell for cell in nb.cells if INSTALL not in tags(cell)]
    kept, mark, file = address.partition("/releases/")
    written = f'("{kept}"\n           "{mark}{file}")' if address else '""'     # a line is 110 characters at most
    cell = nbformat.v4.new_code_cell(_CODE.replace("{address}", written), id=IDENTITY,
                                     metadata={"tags": [INSTALL, "remove-cell"], "jupyter": {"source_hidden": True}})
    first = next((place for place, one in enumerate(nb.cells) if one.cell_type == "code"), len(nb.cells))
    nb.cells.insert(first, cell)
    return nb
