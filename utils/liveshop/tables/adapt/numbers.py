"""Numbers as exports write them: 1.2万, 12.3%, ¥1,234.50."""

import re
import unicodedata
from decimal import Decimal

from liveshop.tables.adapt.units import SCALES
from liveshop.tables.adapt.values import UnreadableError
from liveshop.tables.errors import show

_CURRENCY = re.compile(
    r"(?i)^(?:cny|rmb|usd|eur|gbp|thb|us\$|hk\$|[¥$€£฿₫₱])\s*|\s*(?:cny|rmb|usd|eur|gbp|thb|元|圆|[¥$€£฿₫₱])$")
_SCALE = re.compile(r"(?i)\s*(%|‰|万亿|千万|百万|十万|[千万亿]|mn|bn|[wkmb])$")
_COUNTED = re.compile(r"\s*(?:人次|[件次人单个场笔])$")
_GROUPED = re.compile(r"^\d{1,3}(?:[,' ]\d{3})+(?:\.\d*)?$")
PLAIN = re.compile(r"^(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?$")


def number(value, decimal="."):
    """A cell as an exact Decimal: 1,234.5 · 1.2万 · 12.3% · ¥99 · (5) · full-width digits."""
    if isinstance(value, bool):
        raise UnreadableError("true or false stands where a number is expected", "map another column")
    if isinstance(value, (int, float)):
        if not abs(value) < 1e300:
            raise UnreadableError("the number is out of all bounds", "leave the cell empty")
        return Decimal(repr(value))
    if not isinstance(value, str):
        raise UnreadableError(f"{show(value)} is a date or a time where a number is expected",
                         "format the column as number in the spreadsheet, or map another one")
    text = unicodedata.normalize("NFKC", value).strip().translate(str.maketrans("−–萬億", "--万亿"))
    negative = False
    if text.startswith("(") and text.endswith(")"):
        text, negative = text[1:-1].strip(), True
    factor, signed = Decimal(1), False
    for _ in range(2):  # the sign stands before or behind the currency
        if text[:1] in ("+", "-") and not signed:
            negative ^= text[0] == "-"
            text, signed = text[1:].strip(), True
        text = _CURRENCY.sub("", text, count=1).strip()
    text = _COUNTED.sub("", text.removesuffix("+"))
    if scale := _SCALE.search(text):
        sign = scale[1].lower()
        factor = {"%": Decimal("0.01"), "‰": Decimal("0.001")}.get(sign) or Decimal(SCALES[sign])
        text = text[:scale.start()].strip()
    if decimal == ",":
        text = text.translate(str.maketrans(",.", ".,"))
    if _GROUPED.match(text):
        text = re.sub("[,' ]", "", text)
    elif re.fullmatch(r"\d+,\d+", text) or re.fullmatch(r"\d{1,3}(?:\.\d{3})+,\d+", text):
        raise UnreadableError(
            f"the comma in {show(value)} may separate decimals or thousands",
            'write decimal: "," into the mapping if it separates decimals')
    superscript = any(unicodedata.category(c) == "No" for c in value)  # which the normal form would turn into a digit
    if superscript or not (text.isascii() and PLAIN.match(text) and len(text) < 400):
        raise UnreadableError(f"{show(value)} is not a number",
                              "correct the cell, or add it to missing: in the mapping")
    result = Decimal(text) * factor
    if abs(result) >= Decimal("1e300"):
        raise UnreadableError("the number is out of all bounds", "leave the cell empty")
    return -result if negative else result


def has_percent(value):
    return isinstance(value, str) and unicodedata.normalize("NFKC", value).rstrip().endswith(("%", "‰"))
