"""Asks the advisories that PyPI keeps about every pin, by pip-audit in an environment of its own: make audit."""
from __future__ import annotations

import json
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TOOL, VERSION = "pip-audit", "2.10.1"
# One pin without an answer fails the whole: without --strict the tool says that nothing is known, and exits with 0.
HOW = ["--no-deps", "--disable-pip", "--strict", "--format", "json", "--desc", "off", "--progress-spinner", "off"]


def program(course: Path) -> Path:
    """Where the tool is, under _build/; it is put there if it is not yet. SystemExit with a sentence if that fails."""
    folder = course / "_build" / f"{TOOL}-{VERSION}"
    found = folder / "bin" / TOOL
    if not found.exists():
        venv.create(folder, with_pip=True)
        run = subprocess.run([folder / "bin" / "python", "-m", "pip", "install", "--quiet", f"{TOOL}=={VERSION}"])
        if run.returncode:
            sys.exit(f"The audit was not made: {TOOL} {VERSION} could not be installed; the lines above say why.")
    return found


def verdict(run: subprocess.CompletedProcess) -> str:
    """What a run of the tool found, in words. SystemExit with them if something is known, or if it got no answer."""
    try:
        asked = json.loads(run.stdout)["dependencies"]
        if run.returncode and not any(one["vulns"] for one in asked):
            raise ValueError("it failed for another reason than what is known")
    except ValueError:
        why = ([line for line in run.stderr.splitlines() if line.strip()] or ["nothing"])[-1].strip()[:300]
        sys.exit("The audit was not made, and whether anything is known against the pins stays open: the advisories on "
                 f"PyPI gave no answer for every pin. {TOOL} says: {why}")
    known = [f"{one['name']} {one['version']}: {', '.join([found['id'], *found['aliases']])}; mended in "
             f"{', '.join(found['fix_versions']) or 'no version yet'}." for one in asked for found in one["vulns"]]
    about = f"{TOOL} {VERSION} asked the advisories on PyPI about the {len(asked)} pins of requirements.txt"
    if known:
        sys.exit("\n".join([f"{about}, and something is known:", *known,
                            "Move the pin, then: make pins, make test."]))
    return f"{about}: none is known against them today. What nobody has reported is not in them."


def audit(course: Path) -> str:
    """Audits the pins of a course folder; the words of verdict()."""
    command = [program(course), "--requirement", course / "requirements.txt", *HOW]
    return verdict(subprocess.run(command, capture_output=True, text=True))


if __name__ == "__main__":
    print(audit(ROOT))
