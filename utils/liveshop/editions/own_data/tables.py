"""The reader's tables: read, held against the contract, completed, and written beside the run."""

import re
import secrets
import shutil
from pathlib import Path

from liveshop import tables
from liveshop.editions.cells import EditionError
from liveshop.tables.contract import table_of
from liveshop.tables.errors import MissingColumn

MAY_BE_EMPTY = {"rating", "defective", "reported_aov", "first_comment_second", "wait_seconds", "checkout_seconds",
                "reply_seconds"}  # where nobody rated, checked, bought, wrote, asked or answered

BESIDE = ("experiment-summaries.csv", "experiment-summaries.parquet")    # no tables: a step of 4.4 reads them


def read_tables(data: Path, mapping, wanted: set) -> tuple[dict, list[str]]:
    """The reader's tables by name, and sentences about what was not used, what is suspicious and what was worked out.

    `attrs["place"]` of a table says where it was read: a file, and the sheet of a workbook.

    They come from an export through its mapping, or from a folder in contract form; `wanted` are the tables that the
    section's steps name, and a folder may hold others as well.
    """
    if mapping is not None:
        frames, notes = tables.adapt_all(data, mapping), []
        for frame in frames.values():
            frame.attrs["place"] = _place(frame.attrs.get("report"), data)
    elif data.is_dir():
        frames, notes = _folder(data, wanted)
    else:
        raise EditionError(
            f"{data} is a single file, and its headings are of no format that the course knows: write MAPPING= with a "
            "file that says which of its columns is which (make mapping DATA=… drafts one), or just the table's name, "
            "such as MAPPING=orders, if they carry the course's names."
        )
    if not frames:
        raise EditionError(f"{data} holds no table that the course knows.")
    frames, completed = complete(frames)
    return frames, notes + completed + lacking(frames)


def _place(told, data: Path) -> str:
    """Where an export's table was read."""
    if told is None:
        return data.name
    return f"{told.source}, sheet {told.sheet}" if told.sheet else told.source


def _folder(data: Path, wanted: set) -> tuple[dict, list[str]]:
    loaded, frames, refused = tables.load(data), {}, []
    for name in loaded.names:
        try:
            frames[name] = loaded[name]
            frames[name].attrs["place"] = loaded.file(name).name
        except MissingColumn as error:          # the other tables may do without this one
            refused.append(error)
    if refused and not frames:
        raise refused[0]
    frames, told = _held_against_the_contract(frames, wanted)
    return frames, [f"Not used. {error}" for error in refused] + told


def _held_against_the_contract(frames: dict, wanted: set) -> tuple[dict, list[str]]:
    """The tables that may be used, and a sentence for each thing that is suspicious.

    Raises the first thing that breaks the contract in a table that the section names; another table is left out.
    """
    problems, broken, told = tables.validate_all(frames), set(), []
    for problem in problems:
        if problem.severity != "error":
            told += [str(problem)] if problem.column or not len(frames[problem.table]) else []
        elif problem.table in wanted:
            raise problem.error()
        elif problem.table not in broken:
            broken.add(problem.table)
            told.append(f"Not used. {problem}")
    return {name: frame for name, frame in frames.items() if name not in broken}, told


def complete(frames: dict) -> tuple[dict, list[str]]:
    """The tables with what follows from them filled in, and a sentence for each such column."""
    sessions, streams = frames.get("viewer_sessions"), frames.get("streams")
    if sessions is None or streams is None or ("stayed_to_end" in sessions and sessions.stayed_to_end.notna().any()):
        return frames, []
    if not len(sessions):
        return frames, []
    ends = sessions.stream_id.map(streams.set_index("stream_id").stream_seconds)
    stayed = (sessions.entered_second + sessions.watch_seconds >= ends).astype("boolean").mask(ends.isna())
    note = (
        "The column stayed_to_end of viewer_sessions was worked out: a viewer stayed to the end whose watch time, "
        f"counted from when she came in, reaches the length of the broadcast ({stayed.mean():.1%} of the entries)."
    )
    return {**frames, "viewer_sessions": sessions.assign(stayed_to_end=stayed)}, [note]


def lacking(frames: dict) -> list[str]:
    """Sentences on order lines without buyer or payment: the steps that ask for them leave these lines out."""
    orders, told = frames.get("orders"), []
    for name, what in (("customer_id", "no buyer (guests)"), ("paid", "no time of payment")):
        if orders is None or name not in orders or not orders[name].isna().any() or orders[name].isna().all():
            continue
        without = orders[orders[name].isna()]
        told.append(
            f"{len(without):,} of {len(orders):,} lines of orders have {what}, {without.paid_amount.sum():,.2f} of "
            f"{orders.paid_amount.sum():,.2f} in money: steps that need {name} leave them out.")
    return told


def partly_empty(frames: dict, steps) -> list[str]:
    """Sentences on numbers that the steps use and that some rows do not state: unknown, or none?"""
    used = {word for step in steps if step.cell_type == "code" for word in re.findall(r"\w+", step.source)}
    told = []
    for name, frame in frames.items():
        for column in table_of(name).columns.values():
            counted = column.type == "integer" or column.is_money
            if column.name not in used or column.name not in frame or not counted or column.is_ratio:
                continue
            empty = int(frame[column.name].isna().sum())
            if column.is_id or column.person or not 0 < empty < len(frame) or column.name in MAY_BE_EMPTY:
                continue
            told.append(
                f"{empty:,} of {len(frame):,} rows of {name} state no {column.name}: they are unknown, and steps that "
                f"need it leave them out. Where empty means none, write {column.name}: {{from: …, empty: 0}} into the "
                "mapping.")
    return told


def write_tables(frames: dict, folder: Path, key=None) -> None:
    """The tables as used, buyers under pseudonyms of one secret, so that they still join; without a key it is lost."""
    folder.mkdir(parents=True)
    secret = Path(key) if key else secrets.token_bytes(32)
    for name, frame in frames.items():
        frame = tables.pseudonymise(frame, secret=secret)
        frame.attrs = {}
        frame.to_parquet(folder / f"{name.replace('_', '-')}.parquet", index=False)


def carry(data: Path, folder: Path) -> None:
    """Files beside the tables that a step reads itself, and that name nobody, into the folder of the tables used."""
    for name in BESIDE:
        if (data / name).is_file():
            shutil.copy2(data / name, folder / name)
