"""Who is a person in an export, and who is nobody: words for guests, one id for many buyers, ids that became one."""

import re

import numpy as np
import pandas as pd

from liveshop.tables.adapt import values
from liveshop.tables.adapt.cells import Texts
from liveshop.tables.adapt.common import may_match, plain_texts
from liveshop.tables.contract import persons
from liveshop.tables.errors import show

# What shops write for a buyer whom they do not know.
NOBODY = re.compile(
    r"0+|-1|(unknown|un?registered|anonymous|anon|walk[ -_]?in|cash|guest|default|retail|no)?[ _-]*"
    r"(guest|customer|buyer|user|client|visitor|checkout|sale)s?|guests?|walk[ -_]?ins?|anonymous|anon|unknown|none|"
    r"匿名(用户|买家|客户|顾客)?|游客|散客|未知|非会员|过客|ゲスト|非会員|비회원|손님|ลูกค้าทั่วไป|ไม่ระบุ|"
    r"khách( lẻ| vãng lai)?|tamu|umum|pelanggan umum|"
    r"invitado|an[oó]nimo|invit[ée]|anonyme|gast|laufkundschaft|гость|аноним", re.IGNORECASE)
FEW, SHARE, TIMES = 20, 0.1, 5  # one buyer of fewer orders is chance; a tenth of all, and five times the next buyer's


def check(task, planned, draft, account):
    """Warn of ids of persons that stand for nobody, for too many, or for two."""
    for name in persons():
        if name not in planned or name not in task.spec.columns or name not in draft.cells:
            continue
        heading, rule = planned[name]
        codes, different = task.raw.split(heading, draft.rows)
        last = len(different) - 1
        codes = np.where((codes < 0) | pd.isna(draft.cells[name]), last, codes)  # what the mapping takes for nothing
        words = different
        if not isinstance(different, Texts) or not plain_texts(different, {""})[:-1].all():
            words = [values.text(v) if (v := values.tidy(cell)) is not None else "" for cell in different]
        counts, what = _counts(draft, codes, len(different))
        account.warnings += _nobody(name, words, counts, what)
        account.warnings += _too_many(task, draft, name, words, codes, counts, what)
        if not rule.get("pseudonym") and task.spec.columns[name].type == "integer":
            account.warnings += _became_one(name, words, counts)


def _counts(draft, codes, length):
    """How many orders (elsewhere rows) each id has, and what was counted. The last code, for nothing, has none."""
    if "order_id" in draft.cells:
        orders = codes[~pd.Series(draft.cells["order_id"]).duplicated().to_numpy()]  # an order has one buyer
    else:
        orders = codes
    counts = np.bincount(orders, minlength=length)
    counts[-1] = 0
    return counts, "orders" if "order_id" in draft.cells else "rows"


def _nobody(name, words, counts, what):
    if not may_match(words, f"^(?:{NOBODY.pattern})$").any():
        return []
    found = [(word, int(n)) for word, n in zip(words, counts, strict=True) if n and NOBODY.fullmatch(word)]
    if not found:
        return []
    total = sum(n for _, n in found)
    named = ", ".join(show(word) for word, _ in found[:4])
    return [f"{name}: {named} {'look' if len(found) > 1 else 'looks'} like a word for nobody, and "
            f"{'have' if len(found) > 1 else 'has'} {total:,} of {counts.sum():,} {what}: write missing: "
            f"[{', '.join(word for word, _ in found[:4])}] into its rule, or they are taken for one person"]


def _too_many(task, draft, name, words, codes, counts, what):
    """One id with an implausible share; whose it is the line tells, for it may be a person."""
    if name != "customer_id" or counts.sum() < FEW:
        return []
    *_, second, first = np.sort(counts) if len(counts) > 1 else (0, counts[0])
    most = int(counts.argmax())
    if first < SHARE * counts.sum() or first < TIMES * second or NOBODY.fullmatch(words[most]):
        return []
    place = task.place(draft.rows[int(np.flatnonzero(codes == most)[0])])
    return [f"{name}: one id has {first:,} of {counts.sum():,} {what} (first in {place}), more than a buyer has: if it "
            "stands for guests or for a shop's own desk, name it under missing: in its rule"]


def _became_one(name, words, counts):
    """Ids that differ by leading zeros only, in a column of whole numbers."""
    if not may_match(words, "^0[0-9]*$").any():
        return []
    forms = {}
    for word, count in zip(words, counts, strict=True):
        if count and word.isascii() and word.isdigit():
            forms.setdefault(word.lstrip("0"), set()).add(len(word))
    several = sum(len(lengths) > 1 for lengths in forms.values())
    if not several:
        return []
    return [f"{name}: {several:,} id{' stands' if several == 1 else 's stand'} both with and without leading zeros and "
            "became one person each; if 00123 is not 123, write pseudonym: true into its rule"]
