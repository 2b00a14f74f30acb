"""The wheel stands alone: in an empty folder, in an environment that knows no clone of the course."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from email.parser import Parser

import nbformat
import pytest
import yaml

from common import ROOT
from liveshop.editions.repository import repository
from sample_exports import tiktok_workbook
from wheels import source, wheel_of

pytestmark = pytest.mark.slow

# What a reader's shell has: nothing that leads back here.
OUTSIDE = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "LIVESHOP"))}


@pytest.fixture(scope="module")
def environment(wheel, tmp_path_factory):
    """The Python of a fresh environment: the wheel, and beside it the third parties that this one has."""
    folder = tmp_path_factory.mktemp("environment") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    python = folder / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index", wheel]
    subprocess.run(pip, check=True, env=OUTSIDE)
    # A folder named in a .pth is searched, and the .pth files in it are not read: so not the clone's editable install.
    (site,) = (folder / "lib").glob("python*/site-packages")
    (site / "third-parties.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    return python


@pytest.fixture
def run(environment, tmp_path):
    """Runs that Python in an empty folder; what it prints."""
    empty = tmp_path / "empty"
    empty.mkdir()
    assert not any((parent / "book" / "course.yml").exists() for parent in empty.parents)

    def run(*arguments):
        done = subprocess.run([environment, *arguments], cwd=empty, env=OUTSIDE, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout[-1000:] + done.stderr[-2000:]
        return done.stdout

    run.folder = empty
    return run


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory):
    """The course's tables in a folder that is in no clone."""
    return shutil.copytree(ROOT / "data", tmp_path_factory.mktemp("elsewhere") / "data")


def test_wheel_holds_all_of_the_package_and_no_outputs(wheel):
    tracked = subprocess.run(["git", "ls-files", "-z", "utils", "data"], cwd=ROOT, capture_output=True, text=True)
    if tracked.returncode or not tracked.stdout:
        pytest.skip("not a git clone")
    names = [name for name in tracked.stdout.split("\0") if name and (ROOT / name).is_file()]
    wanted = {name.removeprefix("utils/") if name.startswith("utils/") else f"liveshop/{name}" for name in names}
    wanted |= {f"liveshop/editions/notebooks/{path.name}" for path in (ROOT / "notebooks").glob("[0-9][0-9]-*.ipynb")}
    with zipfile.ZipFile(wheel) as held:
        assert {name for name in held.namelist() if ".dist-info/" not in name} == wanted
        for name in sorted(wanted):
            if name.endswith(".ipynb"):
                nb = nbformat.reads(held.read(name), 4)
                assert not any(cell.get("outputs") for cell in nb.cells)
                assert len(nb.cells) == len(nbformat.read(ROOT / "notebooks" / name.split("/")[-1], 4).cells)


def metadata(wheel):
    """What a wheel says about itself."""
    with zipfile.ZipFile(wheel) as held:
        (name,) = [name for name in held.namelist() if name.endswith(".dist-info/METADATA")]
        return Parser().parsestr(held.read(name).decode())


def test_metadata_are_those_of_the_course(wheel, project):
    about = metadata(wheel)
    settings = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    assert (about["Name"], about["Version"]) == ("liveshop", project["version"])
    assert about["Author"] == settings["author"]
    assert about["License-Expression"] == "MIT" and about["Requires-Python"] == ">=3.11"
    assert set(about.get_all("Provides-Extra")) == {"notebook", "lab", "course", "class", "test"}
    kept = repository(ROOT / "_config.yml")
    assert about.get_all("Project-URL") == ([f"Repository, {kept.url}", f"Issues, {kept.url}/issues"] if kept else None)


def test_metadata_follow_the_address_of_the_repository(tmp_path):
    copy = source(tmp_path / "course")
    (copy / "_config.yml").write_text("repository: {url: https://github.com/OWNER/NAME.git/}", encoding="utf-8")
    assert metadata(wheel_of(copy)).get_all("Project-URL") == [
        "Repository, https://github.com/OWNER/NAME", "Issues, https://github.com/OWNER/NAME/issues"]


LEARNER = """
import liveshop
from liveshop import check, load, playbook, practice, quiz, tables
from liveshop.tables import validate

mine = load({data!r})
print(liveshop.__file__)
print(validate(mine.streams, "streams"))
practice.use(mine)
room = mine.streams.set_index("stream_id").loc["S0108"]
acu = room.watch_seconds / room.stream_seconds
check("5.4a", 1000 * room.gmv / room.views, room.orders / room.product_clicks, acu)
check("5.4a", 1000 * room.gmv / room.viewers, room.orders / room.product_clicks, acu)
print(len(playbook.cards()) > 0, len(practice.questions("6")) > 0, "metrics.gpm(" in practice.find("5.4a").worked())
"""


def test_learner_loads_validates_and_checks(run, environment, elsewhere):
    where, problems, right, wrong, more = run("-c", LEARNER.format(data=str(elsewhere))).strip().splitlines()
    assert where.startswith(str(environment.parents[1])) and problems == "[]" and more == "True True True"
    assert right.startswith("Right.") and "You divided by viewers" in wrong


def test_world_is_made_and_loads(run):
    run("-m", "liveshop.world", "--out", "x", "--rooms", "8", "--size", "0.05")
    assert json.loads((run.folder / "x" / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    assert run("-c", "from liveshop import load; print(len(load('x').streams))").strip() == "8"


def test_section_runs_on_an_own_export(run, tmp_path):
    export = tiktok_workbook(tmp_path / "export.xlsx", defects=False)
    options = ("--section", "5.4", "--data", export, "--mapping", "tiktok-live-export")
    said = run("-m", "liveshop.editions", "template", *options)
    made = run.folder / "my-run" / "5.4"
    assert {".ipynb", ".html", ".md"} <= {path.suffix for path in made.iterdir()}, said
    (page,) = made.glob("*.html")
    assert "--ls-paper" in page.read_text(encoding="utf-8")  # dressed by the book's style sheets
    (notebook,) = made.glob("*.ipynb")
    assert sum(bool(cell.get("outputs")) for cell in nbformat.read(notebook, 4).cells) > 3
