"""Headings of an export: when two of them are the same, and what stands in brackets behind one."""

import re
import unicodedata

from liveshop.tables.adapt.units import COUNTERS, COUNTS, MONEY, SECONDS, SHARES, SIGNS, UNITS

_BRACKETS = re.compile(r"[(\[【<](.*?)[)\]】>]")
_AT_THE_END = re.compile(r"[(\[【]\s*([^()\[\]【】]+?)\s*[)\]】]\s*$")
_UNIT_IS = re.compile(r"^(?:单位|單位|unit|in)\s*[:：]?\s*(?=\S)")  # 单位：元, in CNY


def normal(name):
    """A heading for comparison: lower case, half-width, without blanks, hyphens, underscores, dots and brackets."""
    name = _BRACKETS.sub("", unicodedata.normalize("NFKC", str(name)))
    return _bare(name) or unicodedata.normalize("NFKC", str(name)).strip().lower()


def _bare(name):
    return re.sub(r"[\s_\-.:：·/]+", "", name).lower()


def exact(name):
    """The normal form with what stands in brackets, unless that is a unit or a currency.

    成交总额（元） is 成交总额, but 成交订单数(取消) is another column than 成交订单数.
    """
    text = unicodedata.normalize("NFKC", str(name))
    other = [_bare(inside) for inside in _BRACKETS.findall(text) if not _is_unit(_word(inside))]
    return normal(name) + "".join(f"({inside})" for inside in other if inside)


def bracket(name):
    """What a heading says in brackets at its end, such as 分 in 实付金额（分） and in 实付金额（单位：分）."""
    found = _AT_THE_END.search(unicodedata.normalize("NFKC", str(name)))
    return _word(found[1]) if found else ""


def same_unit(heading, other):
    """Whether two headings of one name, such as GMV (USD) and GMV (EUR), mean amounts in one unit; none is as neutral
    as yuan, seconds and pieces are."""
    one, two = bracket(heading), bracket(other)
    if one == two:
        return True
    if one in SIGNS and two in SIGNS:
        return bool(SIGNS[one] & SIGNS[two])
    factors = [{**SHARES, **COUNTS, **SECONDS, **MONEY}.get(word, None if word in SIGNS else 1) for word in (one, two)]
    return factors[0] == factors[1]


def _word(inside):
    return _UNIT_IS.sub("", inside.strip().lower()).strip()


def _is_unit(word):
    return word in UNITS or word in SIGNS or word in COUNTERS
