"""What is known against the pins: found, not found, and no answer are three things."""
from __future__ import annotations

import subprocess

import pytest

import audit
from common import ROOT

CLEAN = '{"dependencies": [{"name": "six", "version": "1.17.0", "vulns": []}], "fixes": []}'
# As pip-audit 2.10.1 wrote it about an advisory that was invented for this.
KNOWN = ('{"dependencies": [{"name": "jinja2", "version": "3.1.6", "vulns": [{"id": "PYSEC-0000-1", "fix_versions": '
         '["3.1.7"], "aliases": ["CVE-0000-1"]}]}, {"name": "six", "version": "1.17.0", "vulns": []}], "fixes": []}')
UNANSWERED = "ERROR:pip_audit._cli:six: Dependency not found on PyPI and could not be audited: six (1.17.0)"


@pytest.fixture
def course(tmp_path):
    """Makes a course folder with a tool that says what it is told, and keeps how it was called."""
    (tmp_path / "requirements.txt").write_text("six==1.17.0\n")
    program = tmp_path / "_build" / f"{audit.TOOL}-{audit.VERSION}" / "bin" / audit.TOOL
    program.parent.mkdir(parents=True)

    def with_tool(out, error, code):
        program.write_text(f"#!/bin/sh\nprintf '%s ' \"$@\" > {tmp_path}/called\n"
                           f"printf '%s' '{out}'\nprintf '%s' '{error}' >&2\nexit {code}\n")
        program.chmod(0o755)
        return tmp_path

    return with_tool


def test_nothing_known_says_what_was_asked(course):
    folder = course(CLEAN, "WARNING: hashes\nNo known vulnerabilities found", 0)
    assert "about the 1 pins of requirements.txt: none is known" in audit.audit(folder)
    called = (folder / "called").read_text()
    assert f"--requirement {folder}/requirements.txt" in called
    assert "--strict" in called, "without it the tool says that nothing is known where nobody answered"


def test_what_is_known_is_named_and_fails(course):
    with pytest.raises(SystemExit) as stopped:
        audit.audit(course(KNOWN, "Found 1 known vulnerability in 1 package", 1))
    head, known, what_to_do = stopped.value.code.splitlines()
    assert head.endswith("something is known:") and "make pins" in what_to_do
    assert known == "jinja2 3.1.6: PYSEC-0000-1, CVE-0000-1; mended in 3.1.7."


@pytest.mark.parametrize("out", ["", CLEAN])
@pytest.mark.parametrize("error", [UNANSWERED, "Traceback:\n  File\nrequests.ConnectionError: no name\n\n", ""])
def test_no_answer_is_said_and_fails(course, out, error):
    with pytest.raises(SystemExit) as stopped:
        audit.audit(course(out, error, 1))
    said = stopped.value.code
    assert said.startswith("The audit was not made") and "\n" not in said
    assert said.endswith((error.strip().splitlines() or ["nothing"])[-1])


def test_a_tool_that_cannot_be_installed_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(audit.venv, "create", lambda folder, with_pip: None)
    monkeypatch.setattr(audit.subprocess, "run", lambda command: subprocess.CompletedProcess(command, 1))
    with pytest.raises(SystemExit, match="could not be installed; the lines above say why"):
        audit.audit(tmp_path)


def test_the_weekly_workflow_asks_beside_the_tests():
    """A job of its own: what somebody reported this week keeps no test from running."""
    import yaml

    jobs = yaml.safe_load((ROOT / ".github" / "workflows" / "weekly.yml").read_text(encoding="utf-8"))["jobs"]
    asking = [name for name, job in jobs.items() for step in job["steps"] if step.get("run") == "make audit"]
    assert asking == ["audit"] and "needs" not in jobs["audit"] and "needs" not in jobs["clean"]
