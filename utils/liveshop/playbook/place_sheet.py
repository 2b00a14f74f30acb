"""The decision between places for Excel: type places, criteria, weights and scores; read who is first, how surely.

The formulas are live. Scores stay on the scale on which they were given, so that no place on the list moves another
one. The turn is that of `liveshop.methods.decision.flips`, against the next place. The second sheet makes weights of
comparisons in pairs by geometric means of the rows (Crawford and Williams 1985), which come near to the eigenvector of
`liveshop.methods.decision.ahp`, and their consistency ratio by Saaty's table of 1980.
"""

from pathlib import Path

from liveshop.playbook.deck import CardError
from liveshop.playbook.dressing import dress
from liveshop.playbook.sheet import offer
from liveshop.tables.writing import atomic, put_cell

CRITERIA, PLACES = 10, 8                          # columns B to K; rows
WEIGHT, SHARE, HEADER, FIRST = 3, 4, 5, 6         # rows of the sheet
LAST = FIRST + PLACES - 1
LETTERS = "BCDEFGHIJK"
MISSING, SCORE, RANK = "L", "M", "N"              # a must-have that is missing; weighted score; place in the order
ANSWER = LAST + 2                                 # first row of the answers
TURN = ANSWER + 4                                 # rows of the turn: weight at the turn, change, its size
RANDOM_INDEX = (0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49)    # Saaty 1980, for 3 to 10 criteria
NOTE = ("White cells are yours: places down, criteria across, scores from 1 to 9 with more always better (a low fee "
        "has a high score). Mark with x what lacks a must-have. Write the scores before anybody names a favourite.")
PAIRS_NOTE = ("How many times as important is the row as the column? Type 1 to 9, or a fraction such as 1/3, above the "
              "diagonal only. Compare all, or none. Then copy the weights into row 3 of the first sheet.")


def place_sheet(scores, weights, path, pairs=None, title="Choosing a place"):
    """Write the decision as an Excel file with live formulas and return its path.

    scores : table of places × criteria, more always better; it may be empty · weights : one a criterion, on any scale ·
    pairs : matrix of comparisons of the same criteria (`methods.decision.pairwise_matrix`), or None.
    Text cannot become a formula. The file appears whole or not at all. Raises CardError when there are more places or
    criteria than the sheet has room for, or a criterion without weight.
    """
    from openpyxl import Workbook

    weights = dict(weights)
    criteria = list(scores.columns)
    if len(scores) > PLACES or len(criteria) > CRITERIA:
        raise CardError(f"The sheet has room for {PLACES} places and {CRITERIA} criteria; {len(scores)} and "
                        f"{len(criteria)} were given.")
    without = [name for name in criteria if name not in weights]
    if without:
        raise CardError(f"{without[0]} has no weight: give one for each criterion.")
    book = Workbook()
    sheet = book.active
    sheet.title = "Decision"
    dress(sheet, _columns(criteria), HEADER, FIRST, PLACES)
    for at, words in {1: title, 2: NOTE, WEIGHT: "Weight, on any scale", SHARE: "Share of all weights"}.items():
        put_cell(sheet.cell(at, 1), words)
    for place, name in enumerate(criteria, 2):
        put_cell(sheet.cell(WEIGHT, place), round(float(weights[name]), 4))
    for at, (name, row) in enumerate(scores.iterrows(), FIRST):
        put_cell(sheet.cell(at, 1), str(name))
        for place, value in enumerate(row, 2):
            put_cell(sheet.cell(at, place), round(float(value), 2))
    _formulas(sheet)
    _pairs(book.create_sheet("Pairs"), criteria, pairs)
    with atomic(path) as temporary:
        book.save(temporary)
    return Path(path)


def offer_place_sheet(scores, weights, path, **about):
    """The sheet of `place_sheet`, written when the reader asks for it (see `offer_run_of_show`)."""
    offer(lambda: place_sheet(scores, weights, path, **about), path)


def _columns(criteria):
    """Headings with widths and number formats; criteria that are not used have a name to type over."""
    names = [*map(str, criteria), *(f"(criterion {place})" for place in range(len(criteria) + 1, CRITERIA + 1))]
    return {"Place": (38, None, None), **{name: (12, None, "0.0") for name in names},
            "Must-have missing": (12, None, None), "Weighted score": (11, "formula", "0.00"),
            "Order": (9, "formula", "0")}


def _formulas(sheet):
    """Shares of the weights, scores, order, and below them the first, the next, and what turns them.

    A place with fewer scores than there are weights has no weighted score: an empty cell would count as 0. Of level
    places the upper one comes first, so that first and next are never the same.
    """
    scores = f"${SCORE}${FIRST}:${SCORE}${LAST}"
    for letter in LETTERS:
        weights = f"SUM($B${WEIGHT}:$K${WEIGHT})"
        sheet[f"{letter}{SHARE}"] = f"=IF({weights}>0,{letter}{WEIGHT}/{weights},0)"
        sheet[f"{letter}{SHARE}"].number_format = "0%"
    for row in range(FIRST, LAST + 1):
        sheet[f"{SCORE}{row}"] = (f'=IF(A{row}="","",IF({MISSING}{row}<>"","out",'
                                  f'IF(COUNT(B{row}:K{row})<COUNT($B${WEIGHT}:$K${WEIGHT}),"no score",'
                                  f"ROUND(SUMPRODUCT(B{row}:K{row},$B${SHARE}:$K${SHARE}),9))))")
        sheet[f"{RANK}{row}"] = (f"=IF(ISNUMBER({SCORE}{row}),RANK({SCORE}{row},{scores})"
                                 f'+COUNTIF({SCORE}${FIRST}:{SCORE}{row},{SCORE}{row})-1,"")')
    order = f"${RANK}${FIRST}:${RANK}${LAST}"
    first, following = f"MATCH(1,{order},0)", f"MATCH(2,{order},0)"
    names = f"$A${FIRST}:$A${LAST}"
    two = f"COUNT({scores})>1"
    for at, words, formula in (
        (ANSWER, "First", f'=IF({two},INDEX({names},{first}),"")'),
        (ANSWER + 1, "Next", f'=IF({two},INDEX({names},{following}),"")'),
        (ANSWER + 2, "Lead, in points", f'=IF({two},LARGE({scores},1)-LARGE({scores},2),"")'),
    ):
        put_cell(sheet.cell(at, 1), words)
        sheet.cell(at, 2, formula)
    sheet.cell(ANSWER + 2, 2).number_format = "0.00"
    turns = "The weight at which the next place is first", "Change of the weight", "Its size"
    for at, words in enumerate(turns, TURN):
        put_cell(sheet.cell(at, 1), words)
    for letter in LETTERS:
        column, share, turn = f"{letter}${FIRST}:{letter}${LAST}", f"{letter}${SHARE}", f"{letter}{TURN}"
        apart = f"(INDEX({column},{first})-INDEX({column},{following}))"
        rest = f"(($B${ANSWER + 2}-{share}*{apart})/(1-{share}))"
        inside = f"{rest}/({rest}-{apart})"
        sheet[turn] = (f'=IF({two},IF(OR({share}=0,{share}=1,ABS({rest}-{apart})<0.000001),"none",'
                       f'IF(OR({inside}<0,{inside}>1),"none",{inside})),"")')
        sheet[f"{letter}{TURN + 1}"] = f'=IF(ISNUMBER({turn}),{turn}-{share},"")'
        sheet[f"{letter}{TURN + 2}"] = f'=IF(ISNUMBER({turn}),ABS({turn}-{share}),"")'
        for at, style in ((TURN, "0%"), (TURN + 1, "+0%;-0%;0%"), (TURN + 2, "0%")):
            sheet[f"{letter}{at}"].number_format = style
    sizes = f"$B${TURN + 2}:$K${TURN + 2}"
    put_cell(sheet.cell(TURN + 3, 1), "Look at this criterion again first")
    sheet.cell(TURN + 3, 2, f'=IF(COUNT({sizes})>0,INDEX($B${HEADER}:$K${HEADER},MATCH(MIN({sizes}),{sizes},0)),"")')


def _pairs(sheet, criteria, pairs):
    """The sheet of comparisons in pairs: weights by geometric means, and the consistency ratio."""
    from openpyxl.utils import get_column_letter

    first = FIRST
    columns = {"Criterion": (24, None, None), **{f"{letter} ": (12, None, "0.00") for letter in LETTERS},
               "Geometric mean": (12, "formula", "0.000"), "Weight": (10, "formula", "0.000"),
               "λ of the row": (10, "formula", "0.000")}
    dress(sheet, columns, HEADER, first, CRITERIA)
    last = first + CRITERIA - 1
    put_cell(sheet["A1"], "Weights from comparisons in pairs")
    put_cell(sheet["A2"], PAIRS_NOTE)
    for place, letter in enumerate(LETTERS):
        row = first + place
        sheet[f"{letter}{HEADER}"] = f"=Decision!{letter}{HEADER}"
        sheet[f"A{row}"] = f"=Decision!{letter}{HEADER}"
        sheet[f"{letter}{row}"] = 1
        for below in range(place + 1, CRITERIA):
            other = get_column_letter(2 + below)
            if pairs is not None and below < len(criteria):
                put_cell(sheet[f"{other}{row}"], round(float(pairs.loc[criteria[place], criteria[below]]), 4))
            sheet[f"{letter}{first + below}"] = f'=IF(ISNUMBER({other}{row}),1/{other}{row},"")'
        used = f"COUNT(B{row}:K{row})>1"
        sheet[f"L{row}"] = f'=IF({used},GEOMEAN(B{row}:K{row}),"")'
        sheet[f"M{row}"] = f'=IF({used},L{row}/SUM($L${first}:$L${last}),"")'
        sheet[f"{letter}{last + 2}"] = f"=M{row}"
        sheet[f"N{row}"] = f'=IF({used},SUMPRODUCT(B{row}:K{row},$B${last + 2}:$K${last + 2})/M{row},"")'
    put_cell(sheet.cell(last + 2, 1), "Weights, across")
    known = f"COUNT($M${first}:$M${last})"
    table = "".join(f"IF({known}={size},{value}," for size, value in enumerate(RANDOM_INDEX, 3))
    index = f"(AVERAGE($N${first}:$N${last})-{known})/({known}-1)"
    put_cell(sheet.cell(last + 4, 1), "Consistency ratio (table of 1980)")
    sheet.cell(last + 4, 2, f'=IF({known}>2,{index}/{table}1{")" * len(RANDOM_INDEX)},"")')
    sheet.cell(last + 4, 2).number_format = "0.000"
    put_cell(sheet.cell(last + 5, 1), "Use them?")
    sheet.cell(last + 5, 2, f'=IF(ISNUMBER(B{last + 4}),IF(B{last + 4}<=0.1,"yes","compare again"),"")')
