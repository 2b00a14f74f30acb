"""The licences of what the course stands on: of every pin of requirements.txt, of the JavaScript and fonts in them.

A package's licence is what its metadata say, where they name one (License-Expression, then License, then a classifier
that leaves no choice); else the one whose sentences its licence file holds. What neither tells was read by hand, and
stands in book/reference/licences.yml. A licence that is not known is called unknown.
"""
from __future__ import annotations

import json
import re
import tarfile
from collections import Counter
from functools import cache
from importlib.metadata import distribution

import yaml

from course.packages import asked, closure, installed, pinned
from course.paths import BOOK, ROOT
from liveshop.medium import render
from liveshop.tables.markdown import escape, table

UNKNOWN = "unknown"
# How metadata write a licence that SPDX names otherwise; a name that SPDX has stays.
WRITTEN = {
    "apache 2.0": "Apache-2.0",
    "apache license, version 2.0": "Apache-2.0",
    "bsd 2-clause license": "BSD-2-Clause",
    "2-clause bsd": "BSD-2-Clause",
    "bsd 3-clause license": "BSD-3-Clause",
    "isc license": "ISC",
    "mit license": "MIT",
    "psfl": "PSF-2.0",
}
SPDX = re.compile(r"MIT|Apache-2\.0|BSD-[23]-Clause|ISC|MPL-2\.0")
# The classifiers that name one licence; "BSD License" does not say which, "Apache Software License" no version.
CLASSIFIED = {"MIT License": "MIT", "ISC License (ISCL)": "ISC"}
BSD = "BSD License"
# What no other licence of these says, in small letters and with single blanks.
BINARY = r"redistributions? in binary form must"
SENTENCES = {
    "MIT": r"permission is hereby granted, free of charge, to any person obtaining a copy.*this permission notice",
    "BSD-3-Clause": BINARY + r".*(neither the names? of|may not be used to endorse|names? of its contributors)",
    "BSD-2-Clause": BINARY + r"(?!.*(neither the names? of|may not be used to endorse|names? of its contributors))",
    "Apache-2.0": r"apache license,? version 2\.0|apache\.org/licenses/license-2\.0",
    "ISC": r"permission to use, copy, modify,? and(/or)? distribute this software.*provided that the above copyright",
    "MPL-2.0": r"mozilla public license,? (version|v\.) ?2\.0",
    "PSF-2.0": r"(psf|python software foundation) license (agreement for python|version 2)",
    "GPL": r"gnu (lesser |library )?general public license",
}
LICENCE_FILE = re.compile(r"licen[cs]e|copying", re.IGNORECASE)
NOTICE = re.compile(r"/\*!(.*?[Cc]opyright.*?)\*/", re.DOTALL)
SCRIPTS = "third-party-licenses.json"       # in what is built by webpack for Jupyter's pages
# Who needs a package: the extras of pyproject.toml in their order; what is pinned beyond them, the tests need.
USES = {
    "notebook": "To run a chapter's notebook",
    "lab": "For JupyterLab, and a section on your own data",
    "course": "To build the book",
    "class": "To hand notebooks out and mark them",
    "test": "To test and change the course",
}
SOURCES = {"metadata": "metadata", "file": "licence file", "hand": "read by hand", "": "nothing"}


@cache
def judged() -> dict:
    """What stands in book/reference/licences.yml."""
    return yaml.safe_load((BOOK / "reference" / "licences.yml").read_text(encoding="utf-8"))


@cache
def uses() -> dict[str, list[str]]:
    """The pinned packages by their use; each stands under the first that needs it."""
    found, left = {}, set(pinned())
    for use in list(USES)[:-1]:
        found[use] = sorted(closure(asked(use)) & left)
        left -= set(found[use])
    return found | {list(USES)[-1]: sorted(left)}


def recognised(text: str) -> str:
    """The one licence whose sentences stand in a text; "" if none does, or several do."""
    flat = re.sub(r"[\s*#>]+", " ", text).lower()
    found = [name for name, sentence in SENTENCES.items() if re.search(sentence, flat)]
    return found[0] if len(found) == 1 and found != ["GPL"] else ""


@cache
def files(name: str) -> list:
    """The files of an installed package, as its record lists them."""
    return distribution(name).files or []


def texts(name: str) -> list[str]:
    """The licence files of an installed package."""
    found = [file for file in files(name) if ".dist-info" in str(file) and LICENCE_FILE.search(file.name)]
    return [file.locate().read_text(encoding="utf-8", errors="replace") for file in found]


@cache
def licence(name: str) -> tuple[str, str]:
    """The licence of an installed package by SPDX's names, and where it stands (a key of SOURCES)."""
    by_hand = {one["package"]: one["licence"] for one in judged()["read"]}
    if name in by_hand:
        return by_hand[name], "hand"
    about = distribution(name).metadata
    written = (about.get("License") or "").strip()
    classifiers = about.get_all("Classifier") or []
    classified = [line.rsplit(" :: ", 1)[-1] for line in classifiers if line.startswith("License")]
    named = CLASSIFIED.get(classified[0]) if len(classified) == 1 else None
    said = (about.get("License-Expression") or WRITTEN.get(written.casefold())
            or (written if SPDX.fullmatch(written) else None) or recognised(written) or named)
    if said:
        return said, "metadata"
    if in_file := recognised("\n".join(texts(name))):
        return in_file, "file"
    return ("LicenseRef-BSD", "metadata") if classified == [BSD] else (UNKNOWN, "")


def parts(expression: str) -> list[str]:
    """The licences that an expression names, one that an exception eases as one: "A AND B WITH C" → A, "B WITH C"."""
    return re.split(r" (?:AND|OR) ", expression.strip("()"))


def scripts(name: str) -> dict[str, str]:
    """The JavaScript that an installed package carries for Jupyter's pages: name and version → licence."""
    found = {}
    for written in _lists_of_scripts(name):
        for one in json.loads(written)["packages"]:
            said = one["licenseId"] or recognised(one["extractedText"]) or UNKNOWN
            found[f"{one['name']} {one['versionInfo']}"] = said
    return found


@cache
def _lists_of_scripts(name: str) -> list[bytes]:
    """The lists among the files of an installed package, and in the archive in which JupyterLite brings its pages."""
    found = [file.locate().read_bytes() for file in files(name) if file.name == SCRIPTS]
    for file in files(name):
        if file.suffix == ".tgz":
            with tarfile.open(file.locate()) as archive:
                found += [archive.extractfile(one).read() for one in archive if one.name.endswith("/" + SCRIPTS)]
    return found


def notices(name: str) -> list[str]:
    """What the style sheets of an installed package say at their head of others whose rules they hold."""
    sheets = [file.locate() for file in files(name) if file.suffix == ".css"]
    found = [text for sheet in sheets for text in NOTICE.findall(sheet.read_text(encoding="utf-8"))]
    return list(dict.fromkeys(re.sub(r"^ \* ?", "", text, flags=re.MULTILINE).strip() for text in found))


@cache
def _here() -> dict[str, str]:
    return installed()


def _installed(name: str) -> str | None:
    return _here().get(name)


def licence_counts(docname: str) -> str:
    """Every licence that a pinned package is under: how many are, and why that is fine."""
    here = [name for name in pinned() if _installed(name)]
    count = Counter(part for name in here for part in set(parts(licence(name)[0])))
    rows = [[escape(name), number, judged()["accepted"].get(name, "**not judged yet**")]
            for name, number in sorted(count.items(), key=lambda one: (-one[1], one[0]))]
    return table(["licence", "packages", "what it asks"], rows)


def licences(docname: str) -> str:
    """Every pinned package with its version and licence, by its use."""
    written = []
    for use, names in uses().items():
        rows = [_row(name) for name in names]
        written += [f"### {USES[use]}", table(["package", "licence", "said by"], rows)]
    return "\n\n".join(written)


def _row(name: str) -> list[str]:
    version, here = pinned()[name], _installed(name)
    if here is None:
        return [escape(f"{name} {version}"), "not known here", "not installed where this page was made"]
    found, source = licence(name)
    other = "" if here == version else f"; version {here}, which was installed where this page was made"
    return [escape(f"{name} {version}"), escape(found), SOURCES[source] + escape(other)]


def licences_read(docname: str) -> str:
    """The packages that were read by hand."""
    rows = [[one["package"], one["licence"], f"{one['note']} (“{one['says']}”)"] for one in judged()["read"]]
    return table(["package", "licence", "what was found"], rows)


def licences_of_fonts(docname: str) -> str:
    """The fonts that come with a package."""
    return table(["font", "comes with", "licence"],
                 [[one["name"], one["package"], one["licence"]] for one in judged()["fonts"]])


def licences_of_scripts(docname: str) -> str:
    """The JavaScript packages in Jupyter's pages, by licence and folded, for every package that carries some."""
    written = []
    for name in [name for names in uses().values() for name in names if _installed(name)]:
        by_licence = {}
        for one, said in scripts(name).items():
            by_licence.setdefault(said.strip("()"), []).append(one)
        if by_licence:
            lines = [f"**{said}** ({len(some)}): {escape(', '.join(sorted(some)))}."
                     for said, some in sorted(by_licence.items(), key=lambda one: (-len(one[1]), one[0]))]
            number = sum(map(len, by_licence.values()))
            written.append(f"::::{{dropdown}} {name}: {number} packages\n" + "\n\n".join(lines) + "\n::::")
    return "\n\n".join(written)


def licence_texts(docname: str) -> str:
    """The licences whose text goes with every copy of the book: the course's for its code, and those of the styles."""
    found = {"The code of the course": (ROOT / "LICENSE").read_text(encoding="utf-8")}
    for name in filter(_installed, judged()["styles"]):
        found[f"Style or frame by {name}"] = "\n\n".join([*texts(name), *notices(name)])
    return render("course", "licences.md.jinja", texts=found)
