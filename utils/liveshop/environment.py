"""Where the course stands on this machine, and what it needs of it: `liveshop.doctor()`, `make doctor`.

The check is for a machine on which something is missing. So this module imports the standard library alone until it
knows better, and it installs and writes nothing.
"""

from __future__ import annotations

import importlib.metadata as installed
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

PACKAGE = Path(__file__).resolve().parent
OLDEST = (3, 11)                            # of Python; pyproject.toml says the same
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# What draws Chinese in a figure, the first that is there: of Linux, macOS, Windows.
CHINESE_FONTS = ("Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans SC", "Source Han Sans SC", "WenQuanYi Micro Hei",
                 "WenQuanYi Zen Hei", "PingFang SC", "Hiragino Sans GB", "Heiti TC", "Microsoft YaHei", "SimHei")
ENDINGS = (".parquet", ".csv", ".csv.gz")
SPACE_SETUP, SPACE_BOOK = 3000, 300         # megabytes of disk; the Makefile has the same two
MEMORY = 1500                               # megabytes that a chapter and JupyterLab take together
BESIDE = ("datapackage.json", "truth.json", "recovered.json")   # of the simulated brand, beside its tables

OK, LIMITED, BROKEN = "ok", "limited", "BROKEN"
READERS = ("", "notebook", "lab")
# What stands in pyproject.toml under an extra ("" for the core), and what does not run without it.
USES = {
    "": ("every figure", "nothing of the course runs"),
    "notebook": ("a chapter's notebook", "the chapters' notebooks stop"),
    "lab": ("JupyterLab and own data", "JupyterLab or a section on own data does not run"),
    "course": ("the book", "make book, make site and make pdf do not run"),
    "class": ("marks", "nbgrader marks no class"),
    "test": ("the tests", "make test and make quick do not run"),
}


class Finding(NamedTuple):
    """What was found out about one thing: its state (OK, LIMITED, BROKEN) and a sentence for the reader."""

    about: str
    state: str
    sentence: str


class Checkup:
    """What the check found, thing by thing; it shows itself as text."""

    def __init__(self, findings):
        self.findings = list(findings)

    @property
    def ok(self):
        """Whether the chapters run here, be it that something else is missing."""
        return all(one.state != BROKEN for one in self.findings)

    @property
    def summary(self):
        """One sentence on all of it."""
        broken, limited = ([one.about for one in self.findings if one.state == state] for state in (BROKEN, LIMITED))
        if broken:
            return f"The course does not run here: see {', '.join(broken)} above."
        if limited:
            return f"The chapters run here; something else is limited: see {', '.join(limited)} above."
        return f"All is well: {len(self.findings)} things were looked at, and nothing is missing."

    def __repr__(self):
        wide = max(len(one.about) for one in self.findings)
        lines = [f"{one.state:<8} {one.about:<{wide}}  {one.sentence}" for one in self.findings]
        return "\n".join([*lines, "", self.summary])


def doctor():
    """Look at this machine: what the course finds here, what is missing, and what that breaks; one sentence each.

    Returns a `Checkup`, which shows itself. Nothing is installed, nothing is written.
    """
    machine = [_disk(), _writing(), _memory(), _data()]
    return Checkup([_python(), *_packages(), _kernel(), _fonts(), *_programs(), *machine])


def clone():
    """The clone of the course that this package stands in; None where the package was installed apart from it."""
    root = PACKAGE.parents[1]
    return root if (root / "book" / "course.yml").is_file() else None


def own_clone():
    """The clone, where this account may write to it. None in a shared one, which is used as a wheel would be."""
    return clone() if clone() and os.access(clone(), os.W_OK) else None


def course_data():
    """The folder of the course's own tables: of the clone, or those that came with the wheel; None without either."""
    folder = clone() / "data" if clone() else PACKAGE / "data"
    return folder if folder.is_dir() else None


def data_files():
    """The tables that the course's data have: name → file, from the contract."""
    contract = json.loads((PACKAGE / "tables" / "datapackage.json").read_text(encoding="utf-8"))
    return {one["name"]: one["path"] for one in contract["resources"] if not one.get("own")}


def table_files(folder, name, path):
    """The files in a folder that hold a table: named as the contract says or by its name, with a readable ending.

    A folder of Parquet files, as clusters write them, counts as one file: orders.parquet/ or orders/.
    """
    stems = dict.fromkeys([Path(path).stem, name])
    files = [Path(folder) / f"{stem}{ending}" for stem in stems for ending in ENDINGS]
    parts = [Path(folder) / f"{stem}{ending}" for stem in stems for ending in (".parquet", "")]
    return [file for file in files if file.is_file()] + [place for place in parts if parquet_parts(place)]


def parquet_parts(folder):
    """The Parquet files in a folder that holds one table in parts, whatever folders it has for days or channels.

    What begins with _ or a point is no part: an engine that was stopped leaves such files.
    """
    found = sorted(folder.rglob("*.parquet")) if folder.is_dir() else []
    return [file for file in found if file.is_file()
            and not any(name.startswith(("_", ".")) for name in file.relative_to(folder).parts)]


# --- Python and its packages -------------------------------------------------------------------------


def _python():
    version, oldest = ".".join(map(str, sys.version_info[:3])), ".".join(map(str, OLDEST))
    if sys.version_info < OLDEST:
        return Finding("Python", BROKEN, f"This is Python {version}, and the course needs {oldest} or newer: install "
                       "one, and name it with make setup PYTHON=….")
    return Finding("Python", OK, f"Python {version} will do ({oldest} or newer), at {sys.executable}.")


def _packages():
    """A finding for each use of the course, and one on the pins."""
    wanted = _wanted()
    if not wanted:
        return [Finding("packages", BROKEN, "What the course needs is not known here, as liveshop is not installed: "
                        "make setup in a clone, or pip install of its wheel.")]
    findings = [_use(extra, wanted[extra]) for extra in (USES if own_clone() else READERS) if extra in wanted]
    return findings + ([_pins()] if clone() else [])


def _wanted():
    """What pyproject.toml (in a clone) or the package's metadata ask for: extra → requirements, as they are written."""
    if clone() and sys.version_info >= OLDEST:
        import tomllib

        about = tomllib.loads((clone() / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        return {"": about["dependencies"], **about["optional-dependencies"]}
    found = {}
    try:
        lines = installed.requires("liveshop") or []
    except installed.PackageNotFoundError:
        return found
    for line in lines:
        requirement, _, marker = line.partition(";")
        extra = re.search(r"""extra == ["'](\w+)["']""", marker)
        kept = re.sub(r"""(\s+and\s+)?extra == ["']\w+["']""", "", marker).strip()
        found.setdefault(extra[1] if extra else "", []).append(f"{requirement}; {kept}" if kept else requirement)
    return found


def _use(extra, requirements):
    """Whether the packages of one use are there, and new enough."""
    use, breaks = USES[extra]
    wrong = {name: why for line in requirements for name, why in [_lack(line)] if why}
    if not wrong:
        return Finding(f"for {use}", OK, "All packages are here.")
    state = BROKEN if extra in ("", "notebook") else LIMITED
    names = ", ".join(f"{name} ({why})" for name, why in wrong.items())
    how = "make setup" if clone() else f"pip install --upgrade {' '.join(wrong)}"
    return Finding(f"for {use}", state, f"{names}: so {breaks}; {how} mends it.")


def _lack(line):
    """The name of a required package, and what is wrong with it: "missing", "2.1, needs >=3" or nothing."""
    name = re.match(r"[\w.-]+", line)[0]
    requirement = _parsed(line)
    if name == "liveshop" or (requirement and requirement.marker and not requirement.marker.evaluate()):
        return name, ""
    try:
        version = installed.version(name)
    except installed.PackageNotFoundError:
        return name, "missing"
    fits = not requirement or requirement.specifier.contains(version, prereleases=True)
    return name, "" if fits else f"{version}, needs {requirement.specifier}"


def _parsed(line):
    """A requirement taken apart; None where the package that can do so is missing too."""
    try:
        from packaging.requirements import Requirement
    except ImportError:
        return None
    return Requirement(line)


def _pins():
    """Whether what is installed has the versions of requirements.txt."""
    lines = (clone() / "requirements.txt").read_text(encoding="utf-8").split()
    here, other = 0, []
    for name, pinned in (line.split("==") for line in lines):
        try:
            version = installed.version(name)
        except installed.PackageNotFoundError:
            continue
        here += 1
        if version != pinned:
            other.append(f"{name} {version}, pinned {pinned}")
    if not other:
        return Finding("pins", OK, f"{here} of {len(lines)} pinned packages are here, each in the pinned version.")
    more = f" and {len(other) - 5} more" if len(other) > 5 else ""
    return Finding("pins", LIMITED, f"Not as pinned: {'; '.join(other[:5])}{more}: so figures may differ from the "
                   "book's; make setup mends it.")


# --- Jupyter, fonts, programs ------------------------------------------------------------------------


def _kernel():
    """Whether notebooks run in this very Python."""
    try:
        from jupyter_client.kernelspec import KernelSpecManager

        first = KernelSpecManager().get_kernel_spec("python3").argv[0]
    except Exception as error:      # not installed, or no kernel, or one that cannot be read
        return Finding("kernel", LIMITED, f"No kernel for notebooks was found ({type(error).__name__}): so they do not "
                       "run in JupyterLab; pip install ipykernel mends it.")
    if os.path.isabs(first) and os.path.dirname(first) != os.path.dirname(sys.executable):
        return Finding("kernel", LIMITED, f"The kernel “Python 3” runs {first}, which is not this Python: so notebooks "
                       "may not find the course; python -m ipykernel install --sys-prefix mends it.")
    return Finding("kernel", OK, "The kernel “Python 3” of Jupyter runs this very Python.")


def _fonts():
    """Whether matplotlib finds a font for Chinese."""
    names = _font_names()
    if names is None:
        return Finding("fonts", LIMITED, "matplotlib is missing or cannot be asked here: so figures may not be drawn.")
    found = next((name for name in CHINESE_FONTS if name in names), None)
    if found is None:
        return Finding("fonts", LIMITED, f"matplotlib finds none of {len(CHINESE_FONTS)} fonts for Chinese: so Chinese "
                       "names of your own data are empty boxes in figures; install Noto Sans CJK SC.")
    return Finding("fonts", OK, f"Figures write Chinese in {found}.")


def _font_names():
    """The fonts that matplotlib knows, or None. Asked for the first time, it writes a list: here into a folder that
    goes again."""
    if "matplotlib.font_manager" in sys.modules:
        return set(sys.modules["matplotlib.font_manager"].fontManager.get_font_names())
    ask = "from matplotlib.font_manager import fontManager; print(*fontManager.get_font_names(), sep='\\n')"
    try:
        with tempfile.TemporaryDirectory() as folder:
            run = subprocess.run([sys.executable, "-B", "-c", ask], capture_output=True, text=True, encoding="utf-8",
                                 env={**os.environ, "MPLCONFIGDIR": folder, "PYTHONIOENCODING": "utf-8"})
    except OSError:                 # a browser's Python starts no other; on a full disk there is no such folder
        return None
    return None if run.returncode else set(run.stdout.splitlines())


def _programs():
    """What is not a package of Python; outside a clone only what measures on Spark need."""
    programs = [("Java", ("java",), "tables on Spark cannot be measured")]
    if own_clone():
        programs += [("Chromium", CHROMIUM, "make pdf does not run, and the book's pages are not tested"),
                     ("Node", ("node",), "the package in a browser's Python is not tested"),
                     ("npm", ("npm",), "what the tests run under Node cannot be had, and is not tested")]
    for about, names, breaks in programs:
        found = next(filter(None, map(shutil.which, names)), None)
        if found:
            yield Finding(about, OK, f"It is here: {found}.")
        else:
            yield Finding(about, LIMITED, f"There is no {' or '.join(names)} on the search path: so {breaks}; the "
                          "chapters do without.")


# --- the machine and the data ------------------------------------------------------------------------


def _disk():
    place = own_clone() or Path.cwd()
    free = shutil.disk_usage(place).free // 10**6
    needed, what = (SPACE_BOOK, "the book, or a page of your own data")
    if own_clone() and not (place / ".venv" / "setup-done").exists():
        needed, what = (SPACE_SETUP, "make setup")
    if free < needed:
        return Finding("disk", LIMITED, f"{free} MB are free, and {what} needs about {needed} MB: free some space.")
    return Finding("disk", OK, f"{free} MB are free, enough for {what}.")


def _writing():
    place = own_clone() or Path.cwd()
    if os.access(place, os.W_OK):
        return Finding("writing", OK, f"What the course makes can be kept in {place}.")
    return Finding("writing", LIMITED, f"The folder {place} cannot be written to: so nothing that you make is kept; "
                   "copy the course to one that can.")


def _memory():
    free = _free_memory()
    if free is None:
        return Finding("memory", OK, "This system does not say how much memory is free.")
    if free < MEMORY:
        return Finding("memory", LIMITED, f"{free} MB of memory are free, and JupyterLab with a chapter takes about "
                       f"{MEMORY} MB: so a kernel may die; close other programs.")
    return Finding("memory", OK, f"{free} MB of memory are free.")


def _free_memory():
    """Megabytes that programs can still have, or None where nothing tells."""
    try:
        import psutil

        return psutil.virtual_memory().available // 10**6
    except Exception:               # missing, or not made for this system
        pass
    try:
        return int(re.search(r"MemAvailable: +(\d+) kB", Path("/proc/meminfo").read_text())[1]) * 1024 // 10**6
    except (OSError, TypeError):
        return None


def _data():
    """Whether the folder that `load()` finds holds every table of the contract, and whole."""
    wanted = data_files()
    here = Path.cwd()
    places = [*(place / "data" for place in (here, *here.parents)), *filter(None, [course_data()])]
    folder = next((one for one in places if any(table_files(one, *table) for table in wanted.items())), None)
    again = "make data" if clone() else "python -m liveshop.world --out data"
    if folder is None:
        return Finding("data", BROKEN, f"There is no folder data with tables: so no chapter runs; {again} makes one.")
    found = {name: table_files(folder, name, path) for name, path in wanted.items()}
    beside = [folder / name for name in BESIDE] if folder == course_data() else []
    files = [file for some in found.values() for file in some] + beside
    if damaged := [file.name for file in files if not _whole(file)]:
        return Finding("data", BROKEN, f"In {folder} these are missing or damaged: {', '.join(damaged)}: so chapters "
                       f"that read them stop; {again} writes the tables again.")
    if lacking := [name for name, some in found.items() if not some]:
        few = ", ".join(lacking[:5]) + (" …" if len(lacking) > 5 else "")
        return Finding("data", LIMITED, f"{folder} holds {len(wanted) - len(lacking)} of the {len(wanted)} tables of "
                       f"the contract, and not {few}: so sections that read those stop.")
    return Finding("data", OK, f"All {len(wanted)} tables are in {folder}, and whole.")


def _whole(file):
    """Whether a file, or each one of a table in parts, can be read, and begins and ends as its kind does."""
    try:
        if file.is_dir():
            return all(_whole(part) for part in parquet_parts(file))
        if file.suffix == ".json":
            return bool(json.loads(file.read_text(encoding="utf-8")))
        with open(file, "rb") as stream:
            first = stream.read(4)
            stream.seek(-4, os.SEEK_END)
            return file.suffix != ".parquet" or first == stream.read(4) == b"PAR1"
    except (OSError, ValueError):
        return False


if __name__ == "__main__":
    found = doctor()
    print(found)
    sys.exit(not found.ok)
