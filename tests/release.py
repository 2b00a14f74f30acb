"""Makes what a release is made of ready in dist/: checked before it is built, gathered behind that: make release."""
from __future__ import annotations

import hashlib
import re
import shutil
import sys
import tomllib
from pathlib import Path

from liveshop.editions import EditionError

ROOT = Path(__file__).resolve().parents[1]
NOTES, CHECKSUMS = "NOTES.md", "SHA256SUMS"
# What make has built, and under which name it is given out.
BUILT = {"_build/site.zip": "liveshop-{version}-site.zip", "_build/book.pdf": "liveshop-{version}-book.pdf",
         "_build/playbook.docx": "liveshop-{version}-playbook.docx"}


def notes(course: Path, tag: str) -> str:
    """What CHANGELOG.md says of the package's version. EditionError where a tag is of another one, or it says nothing.

    tag: "v1.2.3", or "" for a trial without one.
    """
    project = tomllib.loads((course / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    version = project["version"]
    if tag not in ("", f"v{version}"):
        raise EditionError(f"The tag {tag} is not v{version}, the version in pyproject.toml: change one of them.")
    text = (course / "CHANGELOG.md").read_text(encoding="utf-8")
    part = re.search(rf"^## \[{re.escape(version)}\].*?\n(.*?)(?=^## \[|^\[|\Z)", text, re.MULTILINE | re.DOTALL)
    if not part or not part[1].strip():
        raise EditionError(f"CHANGELOG.md says nothing of {version}: give this version a part of its own.")
    return part[1].strip() + "\n"


def gather(course: Path, tag: str) -> list[Path]:
    """Copies what was built beside the wheel in dist/, with the notes and the checksums of all that is given out."""
    said, folder = notes(course, tag), course / "dist"
    wheels = sorted(folder.glob("*.whl"))
    if len(wheels) != 1:
        raise EditionError(f"dist/ holds {len(wheels)} wheels and not one: run make wheel.")
    version = wheels[0].name.split("-")[1]
    given = [*wheels, *(Path(shutil.copy(course / built, folder / name.format(version=version)))
                        for built, name in BUILT.items())]
    (folder / NOTES).write_text(said, encoding="utf-8")
    sums = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}" for path in given]
    (folder / CHECKSUMS).write_text("\n".join(sums) + "\n", encoding="utf-8")
    return [*given, folder / CHECKSUMS]


if __name__ == "__main__":
    step, tag = sys.argv[1], sys.argv[2]
    try:
        if step == "check":
            notes(ROOT, tag)
        else:
            print("\n".join(f"Made {path.relative_to(ROOT)}." for path in gather(ROOT, tag)))
    except (EditionError, OSError) as error:
        sys.exit(str(error))
