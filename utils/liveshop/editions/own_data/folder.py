"""The folder of a result: made whole or not at all, and whatever its reader put into it or changed stays."""

import datetime as dt
import glob
import hashlib
import json
import os
import re
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path

from liveshop.editions.cells import EditionError
from liveshop.tables.writing import usual_rights, write_text

RECORD = "own-data.json"  # what a run was, and which files it wrote


def place(out) -> Path:
    """The folder for a result, a link followed to where it leads; what cannot be one is an error."""
    try:
        out = Path(out).resolve() if Path(out).is_symlink() else Path(out)
    except (OSError, RuntimeError) as error:  # links in a circle
        raise EditionError(f"The link {out} leads nowhere: choose another folder with OUT=.") from error
    old = _old(out)
    if not out.exists() and (old / RECORD).exists():
        old.rename(out)  # a run was killed between taking the old result away and putting the new one there
    if not out.exists():
        above = next(folder for folder in out.absolute().parents if folder.exists())
        if not above.is_dir() or not os.access(above, os.W_OK):
            raise EditionError(f"The folder {out} cannot be made in {above}: choose another place with OUT=.")
    elif not out.is_dir():
        raise EditionError(f"{out} is a file: choose another folder with OUT=.")
    elif any(out.iterdir()) and not (out / RECORD).exists():
        raise EditionError(f"The folder {out} holds other files: choose an empty or new one with OUT=.")
    return out


@contextmanager
def replacing(out: Path):
    """A folder to work in that takes the place of `out` when all went well, and otherwise leaves no trace."""
    out.parent.mkdir(parents=True, exist_ok=True)
    _sweep(out)
    old, work = _old(out), Path(tempfile.mkdtemp(prefix=f".{out.name}-{os.getpid()}-", dir=out.parent))
    try:
        yield work
        work.chmod(usual_rights(0o777))  # whoever keeps her files to herself, on a shared machine, keeps this too
        if out.exists():
            out.rename(old)
        work.rename(out)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        if not out.exists() and (old / RECORD).exists():
            old.rename(out)  # stopped between the two
        shutil.rmtree(work, ignore_errors=True)


def _old(out: Path) -> Path:
    return out.with_name(f".{out.name}.old")


def _sweep(out: Path) -> None:
    """Removes what runs left behind that were killed: the folders they worked in, and the result they had replaced."""
    import psutil

    for left in out.parent.glob(f".{glob.escape(out.name)}-*"):
        run = re.fullmatch(r"-(\d+)-\w+", left.name[len(out.name) + 1:])
        if run and left.is_dir() and not psutil.pid_exists(int(run[1])):
            shutil.rmtree(left, ignore_errors=True)
    if out.exists() and (_old(out) / RECORD).exists():
        shutil.rmtree(_old(out), ignore_errors=True)


def keep(out: Path, work: Path, coming=()) -> dict[str, str]:
    """Copies what is the reader's from `out` into `work`: name → the name under which it is kept.

    Hers is what the last run did not write, and what she has changed since. Where the new result has a file of that
    name (or will have: `coming`), hers gets the day behind its name.
    """
    kept = {}
    written = _written(out)
    for path in sorted(out.rglob("*")) if out.exists() else ():
        name = path.relative_to(out).as_posix()
        if path.is_dir() and not path.is_symlink():
            if not (work / name).exists() and not any(other.startswith(f"{name}/") for other in written):
                (work / name).mkdir(parents=True)
            continue
        if name == RECORD or (not path.is_symlink() and written.get(name) == _fingerprint(path)):
            continue
        target = _free(work, name, coming)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target, follow_symlinks=False)
        kept[name] = target.relative_to(work).as_posix()
    return kept


def _free(work: Path, name: str, coming) -> Path:
    target, number = work / name, 1
    while os.path.lexists(target) or target.relative_to(work).as_posix() in coming:
        day = f"yours, {dt.date.today():%Y-%m-%d}" + (f", {number}" if number > 1 else "")
        target, number = (work / name).with_name(f"{Path(name).stem} ({day}){Path(name).suffix}"), number + 1
    return target


def _written(out: Path) -> dict[str, str]:
    """The files that the last run wrote, name → fingerprint; none where it kept no record of them."""
    try:
        files = json.loads((out / RECORD).read_text(encoding="utf-8"))["files"]
        return dict(files)
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _fingerprint(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def record(work: Path, kept: dict[str, str], **about) -> None:
    """Writes down what a run was and every file that it wrote, so that the next one knows which are the reader's."""
    files = {path.relative_to(work).as_posix(): _fingerprint(path) for path in sorted(work.rglob("*"))
             if path.is_file() and not path.is_symlink()}
    files = {name: fingerprint for name, fingerprint in files.items() if name not in kept.values()}
    write_text(work / RECORD, json.dumps({**about, "kept": kept, "files": files}, indent=1, ensure_ascii=False))


def kept_in(out: Path) -> str:
    """A sentence on what the last run kept of the reader's; empty where there was nothing."""
    try:
        kept = json.loads((out / RECORD).read_text(encoding="utf-8"))["kept"]
    except (OSError, ValueError, KeyError):
        return ""
    return kept_sentence(kept)


def kept_sentence(kept: dict[str, str]) -> str:
    """What was kept, in words; the hidden files of an editor are kept without one."""
    kept = {name: now for name, now in kept.items() if not any(part.startswith(".") for part in Path(name).parts)}
    names = [name if name == now else f"{now} ({name}, which you had changed)" for name, now in kept.items()]
    if not names:
        return ""
    more = f" and {len(names) - 8:,} more" if len(names) > 8 else ""
    return f"Kept from before, for it is yours: {', '.join(names[:8])}{more}."
