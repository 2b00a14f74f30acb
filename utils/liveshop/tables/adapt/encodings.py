"""In which encoding a text file is written: UTF-8 proves itself, the others are weighed against each other."""

import re

from liveshop.tables.adapt.headings import normal
from liveshop.tables.errors import TableError

MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
# The encodings of this trade beside UTF-8, in the order in which they are likely, and the superset that vendors write.
KNOWN = {"gb18030": "gb18030", "big5": "big5hkscs", "shift_jis": "cp932", "euc-kr": "cp949", "tis-620": "cp874",
         "cp1252": "cp1252", "cp1251": "cp1251"}
_NAMES = {"big5hkscs": "big5", "cp950": "big5", "cp932": "shift_jis", "cp949": "euc-kr", "euc_kr": "euc-kr",
          "cp874": "tis-620", "windows-1251": "cp1251", "windows-1252": "cp1252"}
_CELL = re.compile(rb'[^,;\t\r\n"]*[\x80-\xff][^,;\t\r\n"]*')  # no second byte of a character is one of these
_ENOUGH = 200_000  # bytes of different cells that are weighed
_CLEARLY = 1.5  # how many times the next encoding's score makes the best one certain
_FEW = 3  # different characters beyond ASCII; with fewer nothing is certain
_DAMAGED = 0.02  # up to this share of its characters beyond ASCII, a file is damaged UTF-8 and not something else


def decode(content, name, encoding, known=()):
    """The text of a file: (text, name of its encoding, name of another that it may be in or "", notes).

    encoding: the mapping's, or None. known: headings in normal form; where only one encoding shows one, it is that.
    """
    if encoding:
        try:
            return content.decode(KNOWN.get(str(encoding).lower(), encoding)).lstrip("\ufeff"), encoding, "", []
        except (LookupError, UnicodeError, TypeError, ValueError) as error:
            raise TableError(problem=f"{name} is not written in {encoding}",
                             remedy="remove encoding: from the mapping, or give the right one") from error
    for mark, kind in MARKS:
        if content.startswith(mark):
            try:
                return content.decode(kind), kind, "", []
            except UnicodeError as error:
                raise _unknown(name) from error
    if b"\x00" in content:
        raise TableError(problem=f"{name} is no text, workbook or Parquet file",
                         remedy="export it as .csv, .xlsx or .parquet")
    try:
        return content.decode("utf-8"), "utf-8", "", []
    except UnicodeDecodeError:
        return _damaged(content) or _weighed(content, name, known)


def _damaged(content):
    """UTF-8 in which a few characters are broken, as a cut or a repair leaves it; None for anything else."""
    text = content.decode("utf-8", "replace")
    broken, sound = text.count("\ufffd"), sum(map(len, re.findall(r"[^\x00-\x7f\ufffd]+", text)))
    if broken > _DAMAGED * sound:
        return None
    characters = "character is" if broken == 1 else "characters are"
    return text, "utf-8", "", [f"{broken} {characters} damaged and shown as \ufffd: check the texts"]


def _unknown(name):
    return TableError(problem=f"{name} is written in no encoding that is known here",
                      remedy="save it as CSV UTF-8, or give encoding: in the mapping")


def _weighed(content, name, known):
    """Among the encodings in which all of the file can be read, the likeliest, and the next where it is not clear."""
    texts = {}
    for kind, superset in KNOWN.items():
        try:
            texts[kind] = content.decode(superset)
        except UnicodeError:
            continue
    if not texts:
        raise _unknown(name)
    shown = {kind: _headings(text, known) for kind, text in texts.items()}
    best = max(shown, key=shown.get)
    if sum(count == shown[best] for count in shown.values()) == 1:
        return texts[best], best, "", []
    scores = _scores(content, texts)
    best, *others = sorted(texts, key=lambda kind: -scores.get(kind, -1.0))  # equal ones in the order of KNOWN
    others = [kind for kind in others if kind in scores]
    few = len({c for c in texts[best] if not c.isascii()}) < _FEW
    doubtful = others and (few or scores[best] < _CLEARLY * scores[others[0]])
    return texts[best], best, others[0] if doubtful else "", []


def _headings(text, known):
    """How many known headings that are not ASCII stand at the top of a text."""
    cells = {normal(cell) for line in text[:20_000].splitlines()[:40] for cell in re.split('[,;\t|"]', line)}
    return len({cell for cell in cells if not cell.isascii()} & set(known))


def _scores(content, texts):
    """How likely each encoding is by the texts that are not ASCII, without those in which scripts mix within words."""
    from chardet import detect_all

    cells, size = {}, 0
    for cell in _CELL.findall(content):
        if cell not in cells:
            cells[cell] = True
            size += len(cell)
        if size > _ENOUGH:
            break
    sample = b"\n".join(cells)
    scores = dict.fromkeys(texts, 0.0)
    names = [name for name in (*KNOWN.values(), *KNOWN) if name != "cp1252"]
    for found in detect_all(sample, ignore_threshold=True, include_encodings=[*names, "windows-1252"],
                            compat_names=False):
        kind = str(found["encoding"]).lower().replace("_", "-") if found["encoding"] else ""
        kind = next((k for k in KNOWN if kind in (k, k.replace("_", "-"))), _NAMES.get(kind.replace("-", "_"), kind))
        if kind in scores:
            scores[kind] = max(scores[kind], found["confidence"])
    return {kind: score for kind, score in scores.items()
            if not _mixes_scripts(sample.decode(KNOWN[kind], "replace"), kind)} or scores


def _mixes_scripts(text, kind):
    """Whether words mix Latin letters with others where the encoding's languages do not, or do not where they do."""
    words = [w for w in re.findall(r"[^\W\d_]+", text) if not w.isascii()]
    if not words:
        return kind != "cp1252"  # a sign such as € or a dash
    mixed = sum(bool(re.search("[A-Za-z]", w)) for w in words) / len(words)
    if kind == "cp1252":
        return mixed < 0.2 and max(map(len, words)) > 3
    if kind in ("cp1251", "tis-620"):
        return mixed > 0.3
    within = sum(bool(re.search("[A-Za-z][^\x00-\x7f]{1,2}[a-z]", w)) for w in words)
    return within > 0.4 * len(words)
