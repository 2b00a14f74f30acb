"""The sheet of the decision: its formulas, worked out here, say what the package's own methods say."""

import re
from statistics import geometric_mean

import numpy as np
import openpyxl
import pandas as pd
import pytest

from liveshop.methods import decision
from liveshop.playbook import CardError, place_sheet
from liveshop.playbook.place_sheet import ANSWER, FIRST, LETTERS, RANDOM_INDEX, TURN

SCORES = pd.DataFrame([[8, 3, 3.5], [5, 7, 6], [1, 8.5, 9], [5, 2, 6.4]], columns=["audience", "growth", "fee"],
                      index=["market", "=1+1", "own app", "video"])
WEIGHTS = {"audience": 0.5, "growth": 0.2, "fee": 0.3}
PAIRS = pd.DataFrame([[1, 3, 5], [1 / 3, 1, 2], [1 / 5, 1 / 2, 1]], index=list(SCORES), columns=list(SCORES))


class Blank(float):
    """An empty cell: 0 in a sum, "" in a comparison, and no number where numbers are counted."""

    def __eq__(self, other):
        return other in ("", 0)

    def __ne__(self, other):
        return not self == other

    __hash__ = float.__hash__


def numbers(values):
    return [value for value in values if isinstance(value, (int, float)) and not isinstance(value, Blank)]


EXCEL = {
    "EITHER": lambda condition, yes, no: yes() if condition else no(), "SUM": lambda v: sum(numbers(v)),
    "SUMPRODUCT": lambda a, b: sum(x * y for x, y in zip(a, b, strict=True)
                                   if not isinstance(x, str) and not isinstance(y, str)),
    "COUNT": lambda v: len(numbers(v)), "LARGE": lambda v, k: sorted(numbers(v))[-k], "MIN": lambda v: min(numbers(v)),
    "ROUND": round, "TALLY": lambda v, x: numbers(v).count(x),
    "RANK": lambda x, v: 1 + sum(y > x for y in numbers(v)), "MATCH": lambda x, v, _: v.index(x) + 1,
    "INDEX": lambda v, at: v[at - 1], "ABS": abs, "OR": lambda *given: any(given),
    "ISNUMBER": lambda x: bool(numbers([x])),
    "GEOMEAN": lambda v: geometric_mean(numbers(v)), "AVERAGE": lambda v: sum(numbers(v)) / len(numbers(v)),
}


def lazy(code):
    """IF(a,b,c) as EITHER(a, lambda: b, lambda: c), inner first: a branch that is not taken must not be reckoned."""
    while (start := code.rfind("IF(")) >= 0:
        depth, parts, at, quoted = 0, [start + 3], start + 3, False
        while depth >= 0:
            char = code[at]
            quoted ^= char == '"'
            depth += 0 if quoted else (char in "([") - (char in ")]")
            if char == "," and depth == 0 and not quoted:
                parts.append(at + 1)
            at += 1
        one, two, three = (code[a:b - 1] for a, b in zip(parts, [*parts[1:], at], strict=True))
        code = f"{code[:start]}EITHER({one},lambda:{two},lambda:{three}){code[at:]}"
    return code


def worked_out(book, sheet, place, known=None):
    """The value of a cell: its formula in Python, cell by cell, as far as this workbook uses Excel."""
    known = {} if known is None else known      # what was reckoned on the way
    if (sheet, place) not in known:
        known[sheet, place] = _value(book, sheet, place, known)
    return known[sheet, place]


def _value(book, sheet, place, known):
    cell = book[sheet][place]
    if cell.data_type != "f":
        return Blank() if cell.value is None else cell.value
    code = cell.value[1:].replace("$", "").replace("<>", "!=").replace("COUNTIF(", "TALLY(")

    def span(match):
        a, first, b, last = match.groups()
        if a == b:
            return "[" + ",".join(f"V('{a}{row}')" for row in range(int(first), int(last) + 1)) + "]"
        return "[" + ",".join(f"V('{chr(letter)}{first}')" for letter in range(ord(a), ord(b) + 1)) + "]"

    if other := re.fullmatch(r"Decision!([A-Z]\d+)", code):
        return worked_out(book, "Decision", other[1], known)
    code = re.sub(r"\b([A-Z])(\d+):([A-Z])(\d+)", span, code)
    code = re.sub(r"(?<!['\w])([A-Z])(\d+)\b(?!')", r"V('\1\2')", code)
    code = re.sub(r"(?<![<>!=])=(?!=)", "==", code)
    return eval(lazy(code), EXCEL | {"V": lambda where: worked_out(book, sheet, where, known)})


@pytest.fixture
def book(tmp_path):
    return openpyxl.load_workbook(place_sheet(SCORES, WEIGHTS, tmp_path / "place.xlsx", pairs=PAIRS))


def test_scores_order_and_lead_are_those_of_the_package(book):
    expected = decision.weighted_scores(SCORES, WEIGHTS)
    found = [worked_out(book, "Decision", f"M{FIRST + at}") for at in range(4)]
    assert found == pytest.approx(expected.tolist())
    ranks = [worked_out(book, "Decision", f"N{FIRST + at}") for at in range(4)]
    assert ranks == expected.rank(ascending=False).tolist()
    order = expected.sort_values(ascending=False)
    assert [worked_out(book, "Decision", f"B{ANSWER + at}") for at in (0, 1)] == list(order.index[:2])
    assert worked_out(book, "Decision", f"B{ANSWER + 2}") == pytest.approx(order.iloc[0] - order.iloc[1])


def test_the_turn_is_that_of_flips_against_the_next_place(book):
    order = decision.weighted_scores(SCORES, WEIGHTS).sort_values(ascending=False)
    expected = decision.flips(SCORES.loc[order.index[:2]], [WEIGHTS[name] for name in SCORES])
    for letter, name in zip(LETTERS, SCORES, strict=False):
        found = worked_out(book, "Decision", f"{letter}{TURN}")
        assert found == ("none" if np.isnan(expected.turns_at[name]) else pytest.approx(expected.turns_at[name]))
    assert worked_out(book, "Decision", f"B{TURN + 3}") == expected.index[0]


def test_what_lacks_a_must_have_is_out(book):
    sheet = book["Decision"]
    sheet[f"L{FIRST}"] = "x"
    assert worked_out(book, "Decision", f"M{FIRST}") == "out" and worked_out(book, "Decision", f"N{FIRST}") == ""
    assert worked_out(book, "Decision", f"B{ANSWER}") == "=1+1"


def test_a_place_with_a_gap_is_not_scored_as_if_it_had_0_there(book):
    sheet = book["Decision"]
    sheet[f"C{FIRST + 1}"] = None
    assert worked_out(book, "Decision", f"M{FIRST + 1}") == "no score"
    rest = decision.weighted_scores(SCORES.drop(index="=1+1"), WEIGHTS).sort_values(ascending=False)
    assert [worked_out(book, "Decision", f"B{ANSWER + at}") for at in (0, 1)] == list(rest.index[:2])


def test_of_two_level_places_both_are_named_and_any_weight_turns_them(tmp_path):
    level = pd.DataFrame({"audience": [2, 6.3, 4.1], "growth": [2, 4.1, 6.3]}, index=["low", "one", "other"])
    book = openpyxl.load_workbook(place_sheet(level, {"audience": 0.5, "growth": 0.5}, tmp_path / "level.xlsx"))
    assert [worked_out(book, "Decision", f"N{FIRST + at}") for at in range(3)] == [3, 1, 2]
    assert [worked_out(book, "Decision", f"B{ANSWER + at}") for at in range(3)] == ["one", "other", 0]
    assert worked_out(book, "Decision", f"B{TURN}") == pytest.approx(0.5)


def test_weights_of_pairs_are_near_those_of_ahp(book):
    expected = decision.ahp(PAIRS)
    found = [worked_out(book, "Pairs", f"M{FIRST + at}") for at in range(3)]
    assert found == pytest.approx(expected.weights.tolist(), abs=0.005) and sum(found) == pytest.approx(1)
    assert worked_out(book, "Pairs", f"B{FIRST + 13}") == pytest.approx(expected.consistency_ratio, abs=0.001)
    assert worked_out(book, "Pairs", f"B{FIRST + 14}") == "yes"
    assert tuple(decision.RANDOM_INDEX[1980].values()) == RANDOM_INDEX


def test_an_empty_sheet_reckons_nothing(tmp_path):
    book = openpyxl.load_workbook(place_sheet(SCORES.iloc[:0], WEIGHTS, tmp_path / "empty.xlsx"))
    assert worked_out(book, "Decision", f"B{ANSWER}") == "" and worked_out(book, "Decision", f"B{TURN}") == ""
    assert worked_out(book, "Pairs", f"B{FIRST + 13}") == ""


def test_text_stays_text_and_what_does_not_fit_is_refused(book, tmp_path):
    assert book["Decision"][f"A{FIRST + 1}"].data_type == "s"
    with pytest.raises(CardError, match="fee has no weight"):
        place_sheet(SCORES, {"audience": 1, "growth": 1}, tmp_path / "x.xlsx")
    with pytest.raises(CardError, match="room for 8 places"):
        place_sheet(pd.concat([SCORES] * 3), WEIGHTS, tmp_path / "x.xlsx")
