"""Numbers as exports write them: 1.2万, 12.3%, ¥1,234.50, 1.234,50 €, 1,23,456.00, 1’234.50, 1,234.50-, ๑๒๓."""

import re
import unicodedata
from decimal import Decimal

from liveshop.tables.adapt.currencies import SIGN
from liveshop.tables.adapt.units import SCALES
from liveshop.tables.adapt.values import UnreadableError, quoted

PLAIN = re.compile(r"^(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?$")
_SCALE = re.compile(rf"(?i)\s*(%|‰|{'|'.join(sorted(SCALES, key=len, reverse=True))})$")
_BARE = re.compile(r"^([+-]?)([0-9][0-9.,]*)$", re.A)
_NO_CENTS = re.compile(r"(?<=\d)(?:[.,]-{1,2}|/-)$")  # 12.– in Switzerland, 12,- in Germany, 12/- in India
_WRITTEN = re.compile("[-0-9.,' ]+")  # digits and what may separate them
_COUNTED = re.compile(r"\s*(?:人次|[件次人单个场笔])$")
# Groups of three behind one to three digits of which the first is no zero; or Indian: 12,34,567.
_GROUPED = re.compile(r"^(?:[1-9]\d{0,2}([,' ])\d{3}(?:\1\d{3})*|[1-9]\d?(?:,\d{2})+,\d{3})(?:\.\d*)?$")
_ALIKE = str.maketrans({"−": "-", "–": "-", "萬": "万", "億": "亿", "’": "'", "‘": "'", "`": "'", "´": "'", "ʼ": "'",
                        "٬": "'"})
SWAPPED = str.maketrans(",.", ".,")


def parts(value, decimal="."):
    """A text taken apart: (negative, factor, digits with their separators). factor is 1 where there is no scale."""
    if bare := _BARE.match(value):
        return bare[1] == "-", Decimal(1), bare[2]
    text = unicodedata.normalize("NFKC", value).strip().translate(_ALIKE).replace("٫", decimal)
    if not text.isascii():
        text = "".join(str(unicodedata.decimal(c)) if unicodedata.category(c) == "Nd" else c for c in text)
    negative = False
    if text.startswith("(") and text.endswith(")"):
        text, negative = text[1:-1].strip(), True
    factor, signed = Decimal(1), False
    for _ in range(2):  # the sign stands before or behind the currency, or at the end
        text = _NO_CENTS.sub("", text)
        if text[:1] in ("+", "-") and not signed:
            negative ^= text[0] == "-"
            text, signed = text[1:].strip(), True
        elif len(text) > 1 and text[-1] == "-" and not signed:
            negative, text, signed = not negative, text[:-1].strip(), True
        text = SIGN.sub("", text, count=1).strip()
    text = _COUNTED.sub("", text.removesuffix("+"))
    if scale := _SCALE.search(text):
        sign = scale[1].lower()
        factor = {"%": Decimal("0.01"), "‰": Decimal("0.001")}.get(sign) or Decimal(SCALES[sign])
        text = text[:scale.start()].strip()
    return negative, factor, text


def number(value, decimal="."):
    """A cell as an exact Decimal: 1,234.5 · 1.2万 · 12.3% · ¥99 · (5) · 5- · digits of any script.

    decimal: what separates decimals in its column, "." or ","; the other one separates thousands.
    """
    if isinstance(value, bool):
        raise UnreadableError("true or false stands where a number is expected", "map another column")
    if isinstance(value, (int, float)):
        if not abs(value) < 1e300:
            raise UnreadableError("the number is out of all bounds", "leave the cell empty")
        return Decimal(repr(value))
    if not isinstance(value, str):
        raise UnreadableError(f"{quoted(value)} is a date or a time where a number is expected",
                              "format the column as number in the spreadsheet, or map another one", form=True)
    negative, factor, text = parts(value, decimal)
    text = text.translate(SWAPPED) if decimal == "," else text
    if _GROUPED.match(text):
        text = re.sub("[,' ]", "", text)
    elif re.fullmatch(r"\d+,\d+|\d{1,3}(?:\.\d{3})+,\d+", text):
        raise _separated(value, decimal)
    # A superscript would be turned into a digit by the normal form.
    superscript = not value.isascii() and any(unicodedata.category(c) == "No" for c in value)
    if superscript or not (text.isascii() and PLAIN.match(text) and len(text) < 400):
        digits = any(c.isdecimal() for c in value)
        remedy = ("correct the cell, or write regex: with the part that is the number" if digits
                  else "correct the cell, or add it to missing: in the mapping")
        raise UnreadableError(f"{quoted(value)} is not a number", remedy, form=digits)
    result = Decimal(text) * factor
    if abs(result) >= Decimal("1e300"):
        raise UnreadableError("the number is out of all bounds", "leave the cell empty")
    return -result if negative else result


def _separated(value, decimal):
    if decimal == ",":
        return UnreadableError(f"the point in {quoted(value)} would separate thousands, and does not",
                               'write decimal: "." for this column if it separates decimals', form=True)
    return UnreadableError(f"the comma in {quoted(value)} may separate decimals or thousands",
                           'write decimal: "," for this column if it separates decimals', form=True)


def mark(value):
    """What a text says about the separator of decimals in its column.

    Returns "." or "," where only that reading is possible, "?." or "?," where the separator stands before exactly
    three digits and so may separate decimals or thousands, None where there is nothing to tell.
    """
    _, factor, text = parts(value)
    found = [c for c in text if c in ".,"]
    if not found or not text[-1:].isdigit() or not _WRITTEN.fullmatch(text):
        return None
    last = found[-1]
    other = "," if last == "." else "."
    if len(found) > 1:
        if found.count(last) == 1:  # 1,234.5
            return last if set(found) == {".", ","} else None
        grouped = _GROUPED.match(text if last == "," else text.translate(SWAPPED))
        return other if len(set(found)) == 1 and grouped else None  # 1.299.000
    before, after = text.split(last)
    if not re.fullmatch(r"[\d' ]*", before) or not after.isdigit():
        return None
    certain = factor != 1 or len(after) != 3 or not before or before[0] == "0" or len(before) > 3
    return last if certain else f"?{last}"


def has_percent(value):
    return isinstance(value, str) and unicodedata.normalize("NFKC", value).rstrip().endswith(("%", "‰"))
