"""The currency of the reader's amounts, on the page and in the notebook that she works on with."""

import os
from contextlib import contextmanager

from liveshop import medium
from liveshop.editions.cells import EditionError, tags
from liveshop.editions.own_data.wording import in_currency
from liveshop.tables.contract import table_of


def currency_of(frames: dict) -> str:
    """The code of the one currency that mapping or signs tell of these tables; CNY where nothing is told."""
    told = {}
    for name, frame in frames.items():
        if code := (frame.attrs.get("report") or {}).get("currency"):
            told.setdefault(code, name)
    if len(told) > 1:
        raise EditionError(f"The tables are in several currencies ({', '.join(f'{t}: {c}' for c, t in told.items())}): "
                           "bring their amounts to one, and write currency: into the mapping.")
    return next(iter(told), "CNY")


def taken_for_yuan(frames: dict) -> list[str]:
    """A sentence on adapted tables with amounts of which neither mapping nor signs tell the currency."""
    silent = []
    for name, frame in frames.items():
        told = frame.attrs.get("report")
        money = any(column.is_money and column.name in frame for column in table_of(name).columns.values())
        if told is not None and money and not told["currency"] and not told["foreign"]:
            silent.append(name)
    if not silent:
        return []
    return [f"Neither mapping nor signs settle in which currency the amounts of {' and '.join(silent)} are, so they "
            "are taken for yuan; for another write currency: and its code into the mapping, or into a copy of the "
            "course's."]


@contextmanager
def showing(currency: str):
    """Texts and figures in this currency."""
    before = os.environ.get(medium.CURRENCY)
    os.environ[medium.CURRENCY] = currency
    try:
        yield currency
    finally:
        os.environ.pop(medium.CURRENCY)
        if before is not None:
            os.environ[medium.CURRENCY] = before


def speak_of(nb, currency: str) -> None:
    """The notebook's own texts in the currency, and a line of its set-up that keeps figures and cards in it."""
    for cell in nb.cells[1:]:                 # the first tells of the reader's file, in the words of that file
        in_currency(cell)
    nb.cells[0].source += (
        f"\n- Amounts are in {currency}. Prices that stand in the code, such as the value of a coupon, are those of "
        "the course's shop: write your own, and run those steps again.")
    setup = next(cell for cell in nb.cells if "setup" in tags(cell))
    setup.source = f'import os\n\nos.environ["{medium.CURRENCY}"] = "{currency}"\n{setup.source}'
