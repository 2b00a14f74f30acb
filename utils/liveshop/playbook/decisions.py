"""The decisions on a reader's cards, with the owner and the date that she wrote into them.

An owner is what stands behind “owner:” (or 负责人：), a date what stands behind “date:” (or 日期：). Nothing is
guessed: where one is not marked so, that is said. A day, week, month or quarter that the text names otherwise may be
the date, or that of the sales it speaks of; it is given as what it is, `NAMED`. The book's page takes the same
patterns.
"""

import re
from dataclasses import dataclass

from liveshop.playbook.content import label

_DAY = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_MONTH = ("(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sep(?:t(?:ember)?)?|"
          "Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)")
_REST = "[ ]*[:：][ ]*([^ \\n;；,，。][^\\n;；,，。]*?)[ ]*(?=[.](?:[ \\n]|$)|[\\n;；,，。]|$)"
NAMED = "in the text: {}"
# All work in JavaScript too: no flags, no names, plain letters in classes.
OWNER = "(?:\\b[Oo]wner|\\b[Ww]ho|负责人|责任人)" + _REST
DATE = "(?:\\b[Dd]ate|\\b[Dd]ue|日期|截止)" + _REST
DAY = "(" + "|".join((
    "\\b[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}\\b", "\\b[0-9]{1,2}[.][0-9]{1,2}[.][0-9]{4}\\b",
    "\\b[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}\\b",
    "(?:[0-9]{4}[ ]?年[ ]?)?[0-9]{1,2}[ ]?月(?:[ ]?[0-9]{1,2}[ ]?[日号])?", "(?:下?周|星期)[一二三四五六日天]",
    f"\\b[0-9]{{1,2}}(?:st|nd|rd|th)?[ ]{_MONTH}\\b(?:[ ][0-9]{{4}})?",
    f"\\b{_MONTH}[ ][0-9]{{1,2}}\\b(?:,?[ ][0-9]{{4}})?", f"\\b{_MONTH}\\b(?:[ ][0-9]{{4}})?",
    "\\b[Ww]eek[ ][0-9]{1,2}\\b", "\\bQ[1-4]\\b(?:[ ][0-9]{4})?", f"\\b{_DAY}\\b",
)) + ")"


@dataclass
class Decision:
    """One decision. what : the field's label; text, owner, date : as they were written, "" where there is none."""

    what: str
    text: str
    owner: str
    date: str


def decides(field):
    """Whether a field of a card holds a decision."""
    return field["name"] == "decision" or field.get("decides", False)


def decisions(one, content):
    """The decisions that stand on a card, in the order of its fields."""
    found = []
    for field in one["fields"]:
        if decides(field) and (text := content.fields.get(field["name"], "")):
            found.append(Decision(label(field), text, _found(OWNER, text), _date(text)))
    return found


def _date(text):
    day = _found(DAY, text)
    return _found(DATE, text) or (NAMED.format(day) if day else "")


def _found(pattern, text):
    match = re.search(pattern, text, re.ASCII)
    return match[1] if match else ""
