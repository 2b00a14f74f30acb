"""Signs and codes of currencies, in front of an amount or behind it, and whether one column holds several."""

import re
import unicodedata

import numpy as np

from liveshop.tables.adapt import values
from liveshop.tables.adapt.headings import bracket, normal
from liveshop.tables.adapt.units import SIGNS
from liveshop.tables.errors import show

UNDIVIDED = frozenset("JPY KRW IDR VND CLP COP PYG HUF ISK".split())  # amounts are printed without decimals
HEADINGS = {normal(heading) for heading in (
    "currency", "currency code", "币种", "货币", "货币单位", "幣別", "通貨", "통화", "mata uang", "tiền tệ", "สกุลเงิน",
    "moneda", "moeda", "devise", "währung", "valuta")}
CODES = frozenset(code.lower() for codes in SIGNS.values() for code in codes)
LOOK = 20  # lines that tell whether a column may hold codes
_OF_SOMETHING = re.compile(r"currency(code)?$|(币种|货币|幣別|通貨)$")  # order currency, 结算币种: if it holds codes


def _any(signs):
    return "|".join(re.escape(sign) for sign in sorted(signs, key=len, reverse=True))


# A sign of letters ends where the letters end; R stands for rand in front of a number only.
_FRONT = [sign for sign in SIGNS if sign[-1].isascii() and sign[-1].isalpha()]
_BEHIND = [sign for sign in SIGNS if sign[0].isascii() and sign[0].isalpha()]
SIGN = re.compile(
    rf"(?i)^(?:(?P<a>{_any(_FRONT)})(?![a-z])|(?P<b>{_any({*SIGNS} - {*_FRONT})})|(?-i:(?P<rand>R))(?=\s?\d))\s*"
    rf"|\s*(?:(?<![a-z])(?P<c>{_any(_BEHIND)})|(?P<d>{_any({*SIGNS} - {*_BEHIND})}))$")
_SIGNED = re.compile(r"[^\d\s.,+\-()]")


def currencies(text):
    """The currencies that an amount may be in, by its signs, as a set of codes; None where it has no sign."""
    text, found = unicodedata.normalize("NFKC", text).strip().strip("()+-− ").strip(), None
    for _ in range(2):
        sign = SIGN.search(text)
        if not sign:
            break
        here = frozenset(["ZAR"]) if sign["rand"] else SIGNS[sign[sign.lastgroup].lower()]
        found = here if found is None else (found & here or found)
        text = SIGN.sub("", text, count=1).strip()
    return found


def in_heading(heading):
    """The currencies that a heading may mean by what it has in brackets, as in GMV (Rp); None where it has no sign."""
    return SIGNS.get(bracket(heading))


def in_one_column(cells):
    """The currencies that all signs of a column allow, and two cells of different currencies where there are none.

    Returns (codes or None, None) or (None, (one cell, another)).
    """
    allowed, first = None, None
    for cell in cells:
        if not isinstance(cell, str) or not _SIGNED.search(cell):
            continue
        here = currencies(cell)
        if here is None:
            continue
        if allowed is None:
            allowed, first = here, cell
        elif not allowed & here:
            return None, (first, cell)
        else:
            allowed &= here
    return allowed, None


def stop_at_several(task, planned, draft, account):
    """Raise where a column of the export says that the amounts are in several currencies, and the mapping does not
    use that column. A where rule that keeps one currency has been at work before."""
    money = [name for name in planned if name in task.columns and task.columns[name].is_money or name.startswith("_")]
    used = {heading for heading, _ in planned.values()} | set(task.entry["ignore"])
    for heading in task.raw.frame.columns if money else ():
        known = normal(heading) in HEADINGS
        called = known or _OF_SOMETHING.search(normal(heading))
        if heading in used or not called and not _begins_with_codes(task.raw.cells(heading)[draft.rows[:LOOK]]):
            continue
        at, different = task.raw.split(heading, draft.rows)
        empty = np.array([values.is_nothing(values.tidy(cell)) for cell in different])
        told = dict.fromkeys(values.text(values.tidy(different[i])).upper() for i in np.flatnonzero(~empty))
        if not known and not {word.lower() for word in told} <= set(SIGNS if called else CODES):
            continue
        if len(told) == 1 and (one := currencies(f"{next(iter(told))} 1")):
            account.currencies[f"the column “{heading}”"] = one
            if missing := int(empty[at].sum()):
                account.notes.append(f"“{heading}” is empty in {missing:,} of {len(at):,} rows: their amounts were "
                                     f"taken for {next(iter(told))} as well")
        if len(told) > 1:
            codes = [word for word in told if word.lower() in SIGNS]
            words = [show(word) if word in codes else values.quoted(word) for word in list(told)[:4]]
            raise task.error(
                None, f"the amounts are in {len(told)} currencies (column “{heading}”: {', '.join(words)}), which "
                "cannot be added up",
                f"keep one of them, such as where: [{{column: {heading}, is: {(codes or ['CNY'])[0]}, reason: another "
                "currency}], or multiply by a rate (a working column with values: and a formula)")


def _begins_with_codes(cells):
    """Whether the first cells of a column that are there are codes of currencies, whatever its heading says."""
    words = {values.text(v).lower() for c in cells if not values.is_nothing(v := values.tidy(c))}
    return bool(words) and words <= CODES


def of_table(task, account):
    """(the currency of a table's amounts or None, its columns of amounts that are no yuan).

    Of the mapping's word, or of the signs of all columns where these allow one alone or the yuan; a warning asks where
    several others are possible. Raises where the signs of a column are not those of the mapping's currency, or not
    those of another column.
    """
    code, told = task.entry.get("currency"), account.currencies
    money = [name for name, column in task.columns.items() if column.is_money]
    for name, codes in told.items():
        if code and code not in codes:
            signs = " or ".join(sorted(codes)[:4])
            raise task.error(name, f"its signs are those of {signs}, and currency: says {code}",
                             "correct currency:, or multiply by a rate")
    if code:
        return code, money if code != "CNY" else []
    if not told:
        return None, []
    allowed = frozenset.intersection(*told.values())
    if not allowed:
        said = ", ".join(f"{name}: {'CNY' if 'CNY' in codes else max(codes, default='several')}"
                         for name, codes in told.items())
        raise task.error(None, f"the amounts are in several currencies by their signs ({said})",
                         "leave one out with ignore:, or multiply it by a rate (a working column and a formula)")
    if "CNY" in allowed:
        return "CNY", []
    if len(allowed) == 1:
        code = next(iter(allowed))
        account.notes.append(f"the amounts are in {code}, as their signs say")
        return code, money
    account.warnings.append("the signs of the amounts say that they are no yuan, but not in which currency they "
                            f"are: write currency: and its code, such as {sorted(allowed)[-1]}")
    return None, money
