"""The indicator sheet for Excel: type the value of the day, and the smoothed gauge and its level follow.

The formulas are live and are those of `liveshop.methods.leading.smoothed`: an exponentially weighted mean, in standard
deviations of the days that the levels were learned from. One sheet a gauge.
"""

from pathlib import Path

import numpy as np

from liveshop.playbook.deck import CardError
from liveshop.playbook.dressing import dress
from liveshop.playbook.sheet import offer
from liveshop.tables.writing import atomic, put_cell

SETTINGS = (  # what the cells C3, C4 … hold
    "Mean of the gauge on the days it was learned from",
    "Weight of the newest day (0 to 1)",
    "Standard deviation of the smoothed gauge on those days",
    "Yellow level, in these standard deviations: the owner looks",
    "Red level: the plan starts",
    "Smoothed gauge, less its mean, on the day before the first row",
)
HEADER, FIRST, ROWS, SHOWN = 10, 11, 62, 31      # where the table stands, its rows, and days that are filled in
COLUMNS = {  # heading: width, formula of row {r} ({last}: the smoothed gauge of the row above), number format
    "Day": (12, None, "yyyy-mm-dd"),
    "Value": (10, None, "0.0##"),
    "Smoothed, less the mean": (14, "$C$4*(B{r}-$C$3)+(1-$C$4)*{last}", "0.00"),
    "In standard deviations": (14, "C{r}/$C$5", "0.00"),
    "Level": (10, 'IF(D{r}>$C$7,"red",IF(D{r}>$C$6,"yellow","calm"))', None),
    "Done, by whom": (30, None, None),
}
NOTE = ("Type a day and its value into the white cells, no row left out: where one is missing, type that of the day "
        "before. Learn mean and standard deviations anew at the quarterly review, not after an event.")


def watch_sheet(values, chosen, path, lam=0.4, yellow=1.0, red=2.0, title="Indicator sheet"):
    """Write the indicator sheet as an Excel file with live formulas and return its path.

    values : one row a day (its index), one column a gauge; chosen : the first days, from which mean and spread are
    learned; lam : weight of the newest day; yellow, red : levels in standard deviations of the smoothed gauge.
    Text cannot become a formula. The file appears whole or not at all. Raises CardError on too few days, levels in the
    wrong order, and a gauge that never changes.
    """
    from openpyxl import Workbook
    from scipy.signal import lfilter

    if not 0 < lam <= 1 or not yellow < red:
        raise CardError("The weight lies above 0 and up to 1, and the yellow level below the red one.")
    if len(values) <= SHOWN or not 10 <= chosen <= len(values):
        raise CardError(f"The indicator sheet needs more than {SHOWN} days, and 10 or more to learn from.")
    book = Workbook()
    book.remove(book.active)
    for name in values:
        x = values[name].to_numpy(float)
        mean = x[:chosen].mean()
        smooth = lfilter([lam], [1, lam - 1], x - mean)
        spread = float(np.std(smooth[:chosen]))
        if not spread > 0:
            raise CardError(f"The gauge {name} never changes on the days that it is learned from.")
        sheet = book.create_sheet("".join(sign for sign in str(name) if sign.isalnum() or sign in " _-")[:31] or None)
        put_cell(sheet["A1"], f"{title}: {name}")
        put_cell(sheet["A2"], NOTE)
        given = (float(mean), lam, spread, yellow, red, float(smooth[-SHOWN - 1]))
        for number, (words, value) in enumerate(zip(SETTINGS, given, strict=True), 3):
            put_cell(sheet.cell(number, 4), words)
            sheet.cell(number, 3, value)
        days = [(day.to_pydatetime(), float(value)) for day, value in values[name].iloc[-SHOWN:].items()]
        for number in range(FIRST, FIRST + ROWS):
            for place, value in enumerate(days[number - FIRST] if number - FIRST < len(days) else (), 1):
                sheet.cell(number, place, value)
            last = "$C$8" if number == FIRST else f"C{number - 1}"
            for place, (_, formula, _) in enumerate(COLUMNS.values(), 1):
                if formula:
                    sheet.cell(number, place, f'=IF(B{number}="","",{formula.format(r=number, last=last)})')
        dress(sheet, COLUMNS, HEADER, FIRST, ROWS)
    with atomic(path) as temporary:
        book.save(temporary)
    return Path(path)


def offer_watch_sheet(values, chosen, path, **about):
    """The sheet of `watch_sheet`, written when the reader asks for it (see `offer_run_of_show`)."""
    offer(lambda: watch_sheet(values, chosen, path, **about), path)
