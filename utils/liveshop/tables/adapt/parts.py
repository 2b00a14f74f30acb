"""An export in several parts, files or sheets with the same headings, read as one; and lines that stand twice."""

import fnmatch
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from liveshop.tables.adapt.cells import distinct, is_text, of_column
from liveshop.tables.adapt.headings import exact, same_unit
from liveshop.tables.errors import TableError


def files(source, pattern, path):
    """The files of a source, in the order of their names: itself, or those in its folder that the pattern names.

    pattern: the mapping's file:, a name, a pattern such as orders-*.csv or a list of them; None for the one file that
    is called like the table's own, `path`.
    """
    if not isinstance(source, (str, Path)):
        raise TableError(problem=f"a {type(source).__name__} is no source",
                         remedy="give the path of a file, or a DataFrame")
    wanted = pattern if isinstance(pattern, list) else [pattern or f"{Path(path).stem}.*"]
    try:
        place = Path(source).expanduser()
        if not place.is_dir():
            return [place]
        found = [f for f in place.iterdir() if f.is_file() and any(fnmatch.fnmatch(f.name, str(w)) for w in wanted)]
    except (OSError, ValueError, RuntimeError) as error:
        raise TableError(
            problem=f"“{str(source)[:80]}” cannot be opened", remedy="give the path of a file") from error
    if not found or (len(found) > 1 and not pattern):
        have = f"{len(found)} files" if found else "no file"
        raise TableError(
            problem=f"the folder {place.name} has {have} like {', '.join(map(str, wanted))}",
            remedy="name the file itself, or give file: in the mapping; a pattern such as file: orders-*.csv reads all "
            "that fit")
    return sorted(found, key=lambda f: [int(n) if n.isdigit() else n for n in re.split(r"(\d+)", f.name)])


def together(raws, what):
    """Several `Raw` as one. what: "file" or "sheet".

    A line that stands in an earlier part as well, in every cell, is set aside: exports of periods that overlap have
    their common lines twice. A line that stands twice in one part stays twice.
    """
    if len(raws) == 1:
        return raws[0]
    names = [_names(raw, what) for raw in raws]
    _same_units(raws, names)
    frames = [_renamed(raw.frame, raws[0].frame) for raw in raws]
    frame = pd.concat(frames, ignore_index=True)
    if not all(map(is_text, dict(frame.items()).values())):
        frame = frame.astype(object)
        frame = frame.where(frame.notna(), None) if any(len(f.columns) != len(frame.columns) for f in frames) else frame
    starts = np.cumsum([0, *(len(part) for part in names[:-1])])
    part = np.concatenate([start + (0 if raw.part is None else raw.part) + np.zeros(len(raw.frame), dtype=int)
                           for start, raw in zip(starts, raws, strict=True)])
    lines, flat = np.concatenate([raw.lines for raw in raws]), [name for part in names for name in part]
    again = _in_an_earlier_part(frame, np.repeat(np.arange(len(raws)), [len(f) for f in frames]))
    aside = [(reason, [_label(line, name) for line in found])
             for raw, (name, *_) in zip(raws, names, strict=True) for reason, found in raw.set_aside]
    if again.any():
        aside.append((f"stands in an earlier {what} as well, in every cell",
                      [_label(lines[i], flat[part[i]]) for i in np.flatnonzero(again)]))
    notes = [*dict.fromkeys(note for raw in raws for note in raw.notes), *_lacking(frames, names)]
    return replace(
        raws[0], frame=frame[~again].reset_index(drop=True), lines=lines[~again], part=part[~again], part_names=flat,
        source=_listed([raw.source for raw in raws]) if what == "file" else raws[0].source,
        sheet="" if what == "file" else _listed(flat), notes=notes, set_aside=_gathered(aside),
        above=list(dict.fromkeys(text for raw in raws for text in raw.above)),
        not_read=list(dict.fromkeys(name for raw in raws for name in raw.not_read)))


def _same_units(raws, names):
    """Raise where a heading has one unit or currency in brackets in one part and another one in another."""
    known = {}
    for raw, (name, *_) in zip(raws, names, strict=True):
        several = Counter(map(exact, raw.frame.columns))
        for heading in raw.frame.columns:
            first, where = known.setdefault(exact(heading), (heading, name))
            if several[exact(heading)] == 1 and not same_unit(first, heading):
                raise TableError(problem=f"the heading “{first}” of {where} is “{heading}” in {name}, so the two "
                                 "cannot be read as one", remedy="bring them to one unit, or read each by itself")


def label(raw, position):
    """Where a row stood: the number of its line, and in an export of several parts which part."""
    line = int(raw.lines[position])
    return line if raw.part is None else _label(line, raw.part_names[raw.part[position]])


def _label(line, part):
    return line if isinstance(line, str) else f"{line} of {part}"


def _names(raw, what):
    if what == "sheet":
        return [raw.sheet]
    return [f"{raw.source}, {name}" for name in raw.part_names] or [raw.source]


def _listed(names):
    names = list(dict.fromkeys(names))
    return ", ".join(names) if len(names) <= 4 else f"{', '.join(names[:3])} and {len(names) - 3} more"


def _renamed(frame, first):
    """A part with its headings as the first part writes them."""
    known = {exact(heading): heading for heading in first.columns}
    names = [heading if heading in first.columns else known.get(exact(heading), heading) for heading in frame.columns]
    return frame.set_axis(names, axis=1) if len(set(names)) == len(names) else frame


def _lacking(frames, names):
    """A note for each part that lacks a heading of another."""
    every = list(dict.fromkeys(heading for frame in frames for heading in frame.columns))
    for frame, (name, *_) in zip(frames, names, strict=True):
        lacks = [heading for heading in every if heading not in frame.columns]
        if lacks:
            yield f"{name} has no column {_listed([f'“{heading}”' for heading in lacks])}: its rows have nothing there"


def _gathered(aside):
    """One entry a reason."""
    reasons = dict.fromkeys(reason for reason, _ in aside)
    return [(reason, [line for one, lines in aside if one == reason for line in lines]) for reason in reasons]


def _in_an_earlier_part(frame, part):
    """A mask of the lines that stand in an earlier part: the k-th of equal lines beyond as many as one part has."""
    number = fingerprints(frame)
    copy = pd.Series(number).groupby([number, part]).cumcount().to_numpy()
    return pd.DataFrame({"number": number, "copy": copy}).duplicated().to_numpy()


def fingerprints(frame, split=None):
    """A number for every row that two rows share when all of their cells are equal.

    split: gives the codes and different cells of a heading, where they are kept.
    """
    total = np.zeros(len(frame), dtype=np.uint64)
    for heading in frame.columns:
        cells = of_column(frame[heading])
        if is_text(cells):
            codes = split(heading)[0] if split else distinct(cells)[0]
            total = total * np.uint64(1_000_003) + pd.util.hash_array(codes)
            continue
        try:
            one = pd.util.hash_array(cells)
        except (TypeError, ValueError):  # text beside numbers, or no text at all
            one = np.array([hash((type(c).__name__, str(c))) for c in cells], dtype=np.int64).astype(np.uint64)
        total = total * np.uint64(1_000_003) + one
    return total


def refuse_overlap(raws, name):
    """Sheets that nobody named are read together only where none repeats another's lines."""
    frame = pd.concat([_renamed(raw.frame, raws[0].frame) for raw in raws], ignore_index=True).astype(object)
    again = int(_in_an_earlier_part(frame, np.repeat(np.arange(len(raws)), [len(raw.frame) for raw in raws])).sum())
    if again:
        titles = _listed([raw.sheet for raw in raws])
        raise TableError(
            problem=f"{name} has several sheets with the same headings ({titles}), and {again:,} of their lines "
            f"stand{'s' if again == 1 else ''} in two of them",
            remedy="name the one that counts with sheet:, or write sheet: all to read them together, each line once")
