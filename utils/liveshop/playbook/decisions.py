"""The decisions on a reader's cards, with the owner and the date that she wrote into them.

An owner is what stands behind “owner:” (or 负责人：), or a name behind “by”. A date is what stands behind “date:” (or
日期：), or the first thing in the text that reads like a day, a week, a month or a quarter. Nothing is guessed: where
neither is found, that is said. The book's page "My playbook" takes the same two patterns.
"""

import re
from dataclasses import dataclass

from liveshop.playbook.content import label

_DAY = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_MONTH = ("(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sep(?:t(?:ember)?)?|"
          "Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)")
_REST = "[ ]*[:：][ ]*([^ \\n;；,，。][^\\n;；,，。]*?)[ ]*(?=[.](?:[ \\n]|$)|[\\n;；,，。]|$)"
# Both work in JavaScript too: no flags, no names, plain letters in classes.
OWNER = ("(?:\\b[Oo]wner|\\b[Ww]ho|负责人|责任人)" + _REST +
         f"|\\b[Bb]y[ ](?!{_DAY}\\b|{_MONTH}\\b|Week\\b|Q[1-4]\\b)([A-Z][A-Za-z]+)\\b")
DATE = "(?:\\b[Dd]ate|\\b[Dd]ue|日期|截止)" + _REST + "|(" + "|".join((
    "\\b[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}\\b", "\\b[0-9]{1,2}[.][0-9]{1,2}[.][0-9]{4}\\b",
    "\\b[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}\\b",
    "(?:[0-9]{4}[ ]?年[ ]?)?[0-9]{1,2}[ ]?月(?:[ ]?[0-9]{1,2}[ ]?[日号])?", "(?:下?周|星期)[一二三四五六日天]",
    f"\\b[0-9]{{1,2}}(?:st|nd|rd|th)?[ ]{_MONTH}\\b(?:[ ][0-9]{{4}})?",
    f"\\b{_MONTH}[ ][0-9]{{1,2}}\\b(?:,?[ ][0-9]{{4}})?", f"\\b{_MONTH}\\b(?:[ ][0-9]{{4}})?",
    "\\b[Ww]eek[ ][0-9]{1,2}\\b", "\\bQ[1-4]\\b(?:[ ][0-9]{4})?", f"\\b{_DAY}\\b",
)) + ")"


@dataclass
class Decision:
    """One decision. what : the field's label; text, owner, date : as they were written."""

    what: str
    text: str
    owner: str
    date: str


def decides(field):
    """Whether a field of a card holds a decision."""
    return field["name"] == "decision" or field.get("decides", False)


def decisions(one, content):
    """The decisions that stand on a card, in the order of its fields; owner and date are "" where none is found."""
    found = []
    for field in one["fields"]:
        if decides(field) and (text := content.fields.get(field["name"], "")):
            found.append(Decision(label(field), text, _found(OWNER, text), _found(DATE, text)))
    return found


def _found(pattern, text):
    match = re.search(pattern, text, re.ASCII)
    return next(filter(None, match.groups()), "") if match else ""
