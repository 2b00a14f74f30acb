"""Sections to run in the reader's browser: the folder lite/ of a site, with JupyterLite and a notebook a section.

Python itself is Pyodide. Its files are not ours: a publisher puts them into lite/pyodide/, or names an address, which
readers' browsers then ask. Nothing else is asked: our wheel, and what it needs and Pyodide lacks, lie in lite/pypi/.
A small page of ours, lite/run.html, looks first whether all of that can be had, and says so.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path
from urllib.parse import urlsplit

from liveshop.editions.cells import EditionError, section_of
from liveshop.editions.chapters import notebooks
from liveshop.editions.sections import notebook_alone
from liveshop.medium import render

FOLDER, RUN, SCRIPT = "lite", "run.html", "run.js"
PYTHON = "pyodide"                                              # in FOLDER, where Pyodide's files belong
INTERPRETER = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
# What the course needs and Pyodide's own packages lack, all of it without a compiled part; of two of them PyPI has such
# a wheel for no system, and pip makes it from their source.
LACKING = ("autograd", "autograd-gamma", "chardet", "comm", "et-xmlfile", "formulaic", "interface-meta",
           "ipython-pygments-lexers", "ipywidgets", "jupyterlab-widgets", "lifelines", "openpyxl", "python-docx",
           "seaborn")
FROM_SOURCE = ("autograd-gamma", "chardet")
KERNEL = ("ipython", "jedi", "micropip")                        # what the kernel loads before any cell runs
EXTENSIONS = {"jupyterlab-widgets": "@jupyter-widgets/jupyterlab-manager",
              "jupyterlite-pyodide-kernel": "@jupyterlite/pyodide-kernel-extension"}
BROWSER = {"sys_platform": "emscripten", "platform_system": "Emscripten", "extra": "notebook"}
# It goes into the pages' policy, so that it has nothing that would end a directive there.
_ADDRESS = re.compile(r"https://[\w.-]+(:\d+)?(/[\w.~@%+-]*)*", re.ASCII)
_WAYS = re.compile(r'<nav class="ls-ways".*?(?=</nav>)', re.DOTALL)


@dataclass(frozen=True)
class Lite:
    """What lite/ is made with: the course's wheel, and where Pyodide's files are.

    python: a folder with Pyodide's files, which are copied; an https address, which readers' browsers ask; or "", and
    the publisher puts them into lite/pyodide/.
    """

    wheel: Path
    python: str = ""

    def __post_init__(self):
        if not Path(self.wheel).is_file():
            raise EditionError(f"There is no wheel {self.wheel}: run make wheel first.")
        if self.address and not _ADDRESS.fullmatch(self.python):
            raise EditionError(f"PYODIDE={self.python} is no address of a folder: write it like "
                               "https://host.example/folder/, without blanks, ? or #.")
        if not self.address and self.python and not Path(self.python).is_dir():
            raise EditionError(f"PYODIDE={self.python} is neither a folder nor an https address: name the folder of an "
                               "unpacked Pyodide release, or leave it out.")

    @property
    def address(self) -> str:
        """The address that browsers ask for Pyodide's files, with a slash at the end; "" for the site itself."""
        return self.python.rstrip("/") + "/" if self.python.startswith("https://") else ""


def add_lite(folder: Path, lite: Lite) -> None:
    """Add lite/ to a site in the making, and to the head of each section's page the way to it.

    EditionError where JupyterLite is not installed, a wheel cannot be had, or a folder does not hold the Pyodide for
    which this JupyterLite is made.
    """
    target = folder / FOLDER
    with tempfile.TemporaryDirectory() as work:
        source = Path(work)
        sections = _write_notebooks(source / "files", folder)
        _gather_wheels(source / "pypi", lite.wheel)
        _write_settings(source, lite)
        _build(source, target)
    if lite.python and not lite.address:
        _copy_python(Path(lite.python), target / PYTHON)
    page = render("liveshop.editions", "lite-run.html", place=lite.address or f"{PYTHON}/",
                  host=urlsplit(lite.address).netloc, python=_python_version(), files=INTERPRETER[:-1],
                  wheel=f"pypi/{Path(lite.wheel).name}", needs=sorted(_needed_by_name()), script=SCRIPT)
    (target / RUN).write_text(page, encoding="utf-8")
    (target / SCRIPT).write_text(render("liveshop.editions", "lite-run.js"), encoding="utf-8")
    for section in sections:
        _lead_to(folder / _page(section), section)


def _page(section: str) -> str:
    return f"notebooks/{section.replace('.', '-')}.html"


def _lead_to(page: Path, section: str) -> None:
    """The way to the section's notebook, which shows itself where the page comes from a server."""
    way = render("liveshop.editions", "lite-way.html", address=f"../{FOLDER}/{RUN}?section={section}")
    text, found = _WAYS.subn(lambda ways: ways[0] + way, page.read_text(encoding="utf-8"), count=1)
    if not found:
        raise EditionError(f"{page.name} has no list of ways from the section: build the book again with make book.")
    page.write_text(text, encoding="utf-8")


def _write_notebooks(folder: Path, site: Path) -> list[str]:
    """A notebook for each section that has a page in the site; the sections."""
    import nbformat

    folder.mkdir()
    written = []
    for path in notebooks():
        chapter = nbformat.read(path, as_version=4)
        for section in dict.fromkeys(filter(None, section_of(chapter.cells))):
            if (site / _page(section)).exists():
                text = nbformat.writes(notebook_alone(chapter, section))
                (folder / f"{section.replace('.', '-')}.ipynb").write_text(text, encoding="utf-8")
                written.append(section)
    return written


def _gather_wheels(folder: Path, wheel: Path) -> None:
    """Our wheel and those of LACKING, in the versions that are installed here."""
    folder.mkdir()
    shutil.copy(wheel, folder)
    wanted = [f"{name}=={version(name)}" for name in LACKING]
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--disable-pip-version-check",
               "--no-binary", ",".join(FROM_SOURCE), "--wheel-dir", folder, *wanted]
    run = subprocess.run(command, capture_output=True, text=True)
    compiled = [path.name for path in folder.glob("*.whl") if not path.stem.endswith("-none-any")]
    if run.returncode or compiled:
        told = ", ".join(compiled) or (run.stderr.strip().splitlines() or ["pip said nothing"])[-1]
        raise EditionError(f"The wheels for the browser cannot be had ({told}): try again with a network.")


def _write_settings(source: Path, lite: Lite) -> None:
    """How JupyterLite is built, and what it does in the browser: it never asks PyPI."""
    kernel = {"pyodideUrl": (lite.address or f"./{PYTHON}/") + INTERPRETER[0], "disablePyPIFallback": True}
    settings = {"jupyter-lite-schema-version": 0, "jupyter-config-data": {
        "appName": "Live shop", "litePluginSettings": {"@jupyterlite/pyodide-kernel-extension:kernel": kernel}}}
    (source / "jupyter-lite.json").write_text(json.dumps(settings), encoding="utf-8")
    building = {"LiteBuildConfig": {
        "apps": ["lab"], "contents": ["files"], "no_sourcemaps": True, "ignore_sys_prefix": ["federated_extensions"],
        "federated_extensions": [_extension(*named) for named in EXTENSIONS.items()]}}
    (source / "jupyter_lite_config.json").write_text(json.dumps(building), encoding="utf-8")


def _extension(package: str, name: str) -> str:
    """The folder of an extension of JupyterLab, from the package that brings it."""
    try:
        files = distribution(package).files
    except PackageNotFoundError as error:
        raise EditionError(f"{package} is not installed, and lite/ is made with it: run make setup.") from error
    return str(next(file.locate().resolve().parent for file in files if str(file).endswith(f"{name}/package.json")))


def _build(source: Path, target: Path) -> None:
    command = [sys.executable, "-W", "ignore", "-m", "jupyterlite_core", "build", "--lite-dir", source,
               "--output-dir", target.resolve()]
    run = subprocess.run(command, capture_output=True, text=True, cwd=source)
    if run.returncode:
        told = (run.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise EditionError(f"JupyterLite could not be built: {told}")


def _python_version() -> str:
    """The Python of the Pyodide for which this JupyterLite is made: "3.14"."""
    from jupyterlite_pyodide_kernel.constants import PYODIDE_PYTHON_VERSION

    return PYODIDE_PYTHON_VERSION


def _needed_by_name() -> set[str]:
    """What the course and LACKING ask for directly, and the kernel: by normal names, without LACKING itself."""
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    asked = [Requirement(line) for name in ("liveshop", *LACKING) for line in distribution(name).requires or []]
    python = {"python_version": _python_version(), "python_full_version": f"{_python_version()}.0"}
    here = {canonicalize_name(one.name) for one in asked if not one.marker or one.marker.evaluate(BROWSER | python)}
    return (here | set(KERNEL)) - set(LACKING) - {"liveshop"}


def _copy_python(source: Path, target: Path) -> None:
    """Of an unpacked release of Pyodide, what the course needs; the release holds some hundred packages more."""
    from jupyterlite_pyodide_kernel.constants import PYODIDE_VERSION

    missing = [name for name in INTERPRETER if not (source / name).is_file()]
    try:
        lock = {} if missing else json.loads((source / INTERPRETER[-1]).read_text(encoding="utf-8"))
    except ValueError:
        raise EditionError(f"{source / INTERPRETER[-1]} is no list of packages: unpack the release of Pyodide "
                           "again.") from None
    if missing or not lock["info"]["python"].startswith(_python_version()):
        why = f"lacks {', '.join(missing)}" if missing else f"is made for Python {lock['info']['python']}"
        raise EditionError(f"{source} {why}: take the release {PYODIDE_VERSION} of Pyodide, unpacked.")
    packages, waiting, files = lock["packages"], list(_needed_by_name()), set(INTERPRETER)
    while waiting:
        package = packages.get(re.sub(r"[-_.]+", "-", waiting.pop()).lower())
        if package and package["file_name"] not in files:
            files.add(package["file_name"])
            waiting += package["depends"]
    missing = sorted(name for name in files if not (source / name).is_file())
    if missing:
        raise EditionError(f"{source} lacks {len(missing)} of the packages that the course needs ({missing[0]} …): "
                           "take the full release of Pyodide, not its core.")
    target.mkdir()
    for name in files:
        shutil.copy(source / name, target)
