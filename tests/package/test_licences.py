"""The licences of what the course stands on: each is known and accepted, and what was read by hand is still written."""

from __future__ import annotations

import re

import packaging.markers
import pytest
from packaging.licenses import canonicalize_license_expression

from common import ROOT
from pins import pinned

TEXT_OF = {"MIT": (ROOT / "LICENSE").read_text(encoding="utf-8")}


@pytest.fixture(scope="module")
def licences():
    from course import licences

    return licences


@pytest.fixture(scope="module")
def here(licences):
    """The pinned packages, all of which are installed wherever the course is tested."""
    missing = pinned().keys() - licences.installed().keys()
    assert not missing, "pinned and not installed: make setup"
    return list(pinned())


def accepted(licences) -> set[str]:
    return set(licences.judged()["accepted"])


def one_line(text: str) -> str:
    return re.sub(r"[\s*#>]+", " ", text)


def test_every_package_is_under_accepted_licences(licences, here):
    under = {name: licences.licence(name)[0] for name in here}
    wrong = {name: said for name, said in under.items() if not set(licences.parts(said)) <= accepted(licences)}
    assert not wrong, "read their licence, and enter it in book/reference/licences.yml if it is fine"
    for said in under.values():
        assert canonicalize_license_expression(said) == said, f"{said} is no name of SPDX"
    assert sum(map(len, licences.uses().values())) == len(here)


def test_every_script_in_jupyters_pages_is_under_accepted_licences(licences, here):
    under = {one: said for name in here for one, said in licences.scripts(name).items()}
    assert len(under) > 100
    assert len(licences.scripts("jupyterlite-core")) > 100, "what a site made with LITE=1 gives out"
    wrong = {one: said for one, said in under.items() if not set(licences.parts(said)) <= accepted(licences)}
    assert not wrong


def test_what_is_accepted_is_there_and_says_why(licences, here):
    used = [licences.licence(name)[0] for name in here]
    used += [said for name in here for said in licences.scripts(name).values()]
    used += [font["licence"] for font in licences.judged()["fonts"]]
    assert accepted(licences) == accepted(licences) & {part for said in used for part in licences.parts(said)}
    assert all(licences.judged()["accepted"].values())


def test_what_was_read_by_hand_stands_in_the_installed_file(licences):
    for one in [*licences.judged()["read"], *licences.judged()["fonts"]]:
        files = [file for file in licences.files(one["package"]) if str(file).endswith("/" + one["file"])]
        assert files, f"{one['package']} has no {one['file']} any more: read it again"
        found = [one_line(file.locate().read_text(encoding="utf-8", errors="replace")) for file in files]
        assert any(one["says"] in text for text in found), f"{one['package']} says something else now: read it again"


def test_nothing_is_read_by_hand_that_the_package_says_itself(licences, monkeypatch):
    by_hand = {one["package"]: one["licence"] for one in licences.judged()["read"]}
    assert by_hand.keys() <= pinned().keys()
    monkeypatch.setattr(licences, "judged", lambda: {"read": []})
    same = [name for name, said in by_hand.items() if licences.licence.__wrapped__(name) == (said, "metadata")]
    assert not same


def test_metadata_and_licence_files_agree(licences, here):
    """Where the metadata name one licence and the file holds the sentences of one."""
    compared = 0
    for name in here:
        said, source = licences.licence(name)
        read = licences.recognised("\n".join(licences.texts(name)))
        if source == "metadata" and read and read in licences.SENTENCES and said in licences.SENTENCES:
            assert read == said, f"the metadata of {name} say {said}, its licence file {read}"
            compared += 1
    assert compared > len(here) / 2


BSD = """Redistribution and use in source and binary forms, with or without modification, are permitted:
* Redistributions in binary form must reproduce the above copyright notice."""
NAMES = "\n* Neither the name of the holder nor the names of its contributors may be used to endorse products."
CLASSIFIER = "Classifier: License :: OSI Approved :: "


@pytest.mark.parametrize(("metadata", "text", "found"), [
    ("License-Expression: MIT AND PSF-2.0", "", ("MIT AND PSF-2.0", "metadata")),
    ("License-Expression: ISC\nLicense: MIT", TEXT_OF["MIT"], ("ISC", "metadata")),
    ("License: Apache License, Version 2.0", "", ("Apache-2.0", "metadata")),
    ("License: BSD-3-Clause", "", ("BSD-3-Clause", "metadata")),
    (f"License: {BSD}".replace("\n", "\n        "), "", ("BSD-2-Clause", "metadata")),
    (f"License: UNKNOWN\n{CLASSIFIER}ISC License (ISCL)", "", ("ISC", "metadata")),
    (f"License: BSD\n{CLASSIFIER}BSD License", BSD + NAMES, ("BSD-3-Clause", "file")),
    (f"{CLASSIFIER}BSD License", BSD, ("BSD-2-Clause", "file")),
    (f"{CLASSIFIER}BSD License", "", ("LicenseRef-BSD", "metadata")),
    ("", TEXT_OF["MIT"], ("MIT", "file")),
    ("", "Do what you like.", ("unknown", "")),
    ("", TEXT_OF["MIT"] + BSD, ("unknown", "")),
    ("License: see the file", "GNU General Public License", ("unknown", "")),
    (f"{CLASSIFIER}MIT License\n{CLASSIFIER}BSD License", "", ("unknown", "")),
])
def test_a_licence_is_what_the_package_says(licences, tmp_path, monkeypatch, metadata, text, found):
    name = tmp_path.name        # another one for every case: what is known of a package is kept
    about = tmp_path / f"{name}-1.0.dist-info"
    about.mkdir()
    head = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"
    (about / "METADATA").write_text(head + metadata + "\n", encoding="utf-8")
    (about / "LICENSE").write_text(text, encoding="utf-8")
    (about / "RECORD").write_text(f"{about.name}/METADATA,,\n{about.name}/LICENSE,,\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    assert licences.licence(name) == found


def test_what_is_listed_for_a_use_is_the_same_on_every_system(licences, monkeypatch):
    listed = licences.uses()
    other = {**packaging.markers.default_environment(), "sys_platform": "win32", "platform_system": "Windows",
             "os_name": "nt", "platform_machine": "ARM64"}
    monkeypatch.setattr(packaging.markers, "default_environment", lambda: other)
    assert licences.uses.__wrapped__() == listed


def test_a_package_that_is_missing_or_another_one_is_said_to_be(licences, monkeypatch):
    everything = licences.installed()
    other = {**everything, "six": "0.1"}
    del other["attrs"]
    monkeypatch.setattr(licences, "_here", lambda: other)
    page = licences.licences("book/reference/licences").splitlines()
    (six,), (attrs,) = ([line for line in page if line.startswith(f"| {name} ")] for name in ("six", "attrs"))
    assert pinned()["six"] in six and "version 0.1, which was installed where this page was made" in six
    assert pinned()["attrs"] in attrs and attrs.endswith("| not installed where this page was made |")
    (counted,) = [line for line in licences.licence_counts("").splitlines() if line.startswith("| MIT |")]
    monkeypatch.setattr(licences, "_here", lambda: everything)
    (whole,) = [line for line in licences.licence_counts("").splitlines() if line.startswith("| MIT |")]
    assert int(whole.split("|")[2]) == int(counted.split("|")[2]) + 1


def test_the_texts_go_along_with_the_book(licences):
    texts = licences.licence_texts("book/reference/licences")
    assert TEXT_OF["MIT"].strip() in texts and "The Bootstrap Authors" in texts
    for name in licences.judged()["styles"]:
        assert f"Style or frame by {name}" in texts and "".join(licences.texts(name)).strip(), name
