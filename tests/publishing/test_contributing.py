"""The files for those who carry on: valid, complete, and naming only what is there."""
from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from common import ROOT

PAGES = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "book/teach/publish.md",
         "book/teach/hub.md", ".github/pull_request_template.md"]
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
TARGETS = set(re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_to_what_is_there(name):
    """To files alone: the book gives headings of its text pages no address."""
    links = [link for link in re.findall(r"\]\(([^)\s]+)\)", read(name)) if not link.startswith("https://")]
    assert not [link for link in links if not ((ROOT / name).parent / link).is_file()]


@pytest.mark.parametrize("name", [*PAGES, *(str(path.relative_to(ROOT)) for path in FORMS)])
def test_commands_that_are_named_exist(name):
    named = set(re.findall(r"(?:`|^\s*|placeholder: )make ([a-z]+)\b", read(name), re.MULTILINE))
    assert named <= TARGETS, named - TARGETS


def test_every_check_of_contributing_is_run_by_a_workflow():
    table = read("CONTRIBUTING.md").partition("## The checks that will run")[2].partition("\n\n## ")[0]
    named = set(re.findall(r"^\| .*?`make ([a-z]+)`", table, re.MULTILINE))
    workflows = "".join(path.read_text(encoding="utf-8") for path in (ROOT / ".github" / "workflows").glob("*.yml"))
    assert len(named) > 4
    # make site begins with make book.
    assert {target for target in named if f"make {target}" not in workflows} <= {"book"}
    assert re.search(r"^site: book ", read("Makefile"), re.MULTILINE)


def test_contributing_has_ten_steps_and_readme_leads_there():
    steps = read("CONTRIBUTING.md").partition("in ten steps")[2].partition("\n## ")[0]
    assert re.findall(r"^(\d+)\. \*\*", steps, re.MULTILINE) == [str(number) for number in range(1, 11)]
    assert "(CONTRIBUTING.md)" in read("README.md")


def test_changelog_has_the_form_of_keep_a_changelog():
    text = read("CHANGELOG.md")
    heads = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert heads[0] == "[Unreleased]"
    released = [re.fullmatch(r"\[(\d+\.\d+\.\d+)\] - (\d{4}-\d\d-\d\d)", head).groups() for head in heads[1:]]
    assert released[0][0] == PROJECT["version"]
    days = [day for _, day in released]
    assert days == sorted(days, reverse=True)
    kinds = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
    assert set(re.findall(r"^### (.+)$", text, re.MULTILINE)) <= kinds


def test_citation_names_the_course_as_its_other_files_do():
    """The fields that the Citation File Format 1.2.0 requires, and no address: that follows from the one setting."""
    cited, settings = yaml.safe_load(read("CITATION.cff")), yaml.safe_load(read("_config.yml"))
    assert cited["cff-version"] == "1.2.0" and cited["message"] and cited["type"] == "software"
    assert cited["title"] == settings["title"]
    assert cited["authors"] == [{"name": settings["author"]}] == PROJECT["authors"]
    assert cited["version"] == PROJECT["version"] and cited["license"] == PROJECT["license"]
    known = {"cff-version", "message", "title", "abstract", "type", "authors", "version", "license", "keywords"}
    assert set(cited) == known


# --- the forms for issues ----------------------------------------------------------------------------


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_a_form_is_one_that_github_takes(path):
    form = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert {"name", "description", "body"} <= set(form) <= {"name", "description", "title", "labels", "body"}
    fields = [field for field in form["body"] if field["type"] != "markdown"]
    assert len({field["id"] for field in fields}) == len(fields)
    assert len({field["attributes"]["label"] for field in fields}) == len(fields)
    for field in fields:
        assert field["type"] in {"input", "textarea", "dropdown", "checkboxes"}
        assert set(field) <= {"type", "id", "attributes", "validations"}
        assert set(field["attributes"]) <= {"label", "description", "placeholder", "options", "value"}
        assert all(isinstance(value, (str, list)) for value in field["attributes"].values()), field["id"]
        if field["type"] in {"dropdown", "checkboxes"}:
            assert field["attributes"]["options"]


def required(name: str) -> set[str]:
    form = yaml.safe_load(read(f".github/ISSUE_TEMPLATE/{name}.yml"))
    return {field["id"] for field in form["body"] if field.get("validations", {}).get("required")}


def test_the_forms_ask_for_what_is_needed_and_never_for_data():
    assert {path.stem for path in FORMS} == {"wrong-claim", "failing-export", "rejected-answer"}
    assert required("wrong-claim") == {"where", "claim", "why"}
    assert {"exercise", "answer", "why"} <= required("rejected-answer")
    assert {"call", "sentence"} <= required("failing-export")
    assert "send no data" in read(".github/ISSUE_TEMPLATE/failing-export.yml")


def test_the_pages_lead_to_a_form_that_is_there(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "book" / "_ext")
    from course.source import MISTAKE

    form = yaml.safe_load(read(f".github/ISSUE_TEMPLATE/{MISTAKE}"))
    assert "where" in {field.get("id") for field in form["body"]}


# --- hooks -------------------------------------------------------------------------------------------


def hooks() -> dict[str, dict]:
    (repo,) = yaml.safe_load(read(".pre-commit-config.yaml"))["repos"]
    assert repo["repo"] == "local", "a hook that is loaded from elsewhere"
    return {hook["id"]: hook for hook in repo["hooks"]}


def test_hooks_are_the_projects_own_and_use_its_environment():
    assert set(hooks()) == {"style", "imports", "notebooks", "machine"}
    for hook in hooks().values():
        assert hook["language"] == "system" and hook["entry"].startswith(".venv/bin/")


@pytest.mark.parametrize("name", ["style", "imports", "notebooks", "machine"])
def test_a_hook_runs_what_it_names(name):
    """With the environment of here in place of .venv; of tests it is seen that each is there."""
    program, *arguments = shlex.split(hooks()[name]["entry"])
    more = {"style": ["tests/common.py"], "imports": []}.get(name, ["--collect-only"])
    run = subprocess.run([Path(sys.executable).with_name(Path(program).name), *arguments, *more], cwd=ROOT,
                         capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT / "utils")})
    assert run.returncode == 0, run.stdout[-1000:] + run.stderr[-1000:]
    if "-k" in arguments:
        assert all(test in run.stdout for test in arguments[arguments.index("-k") + 1].split(" or "))
