"""Like with like: kidney stones, admissions, pairs."""

import numpy as np
import pandas as pd
import pytest

from liveshop.methods import standardise
from printed import printed
from real_data import real_file

STONES = pd.DataFrame({"treatment": list("AABB"), "size": ["small", "large"] * 2, "cured": [81, 192, 234, 55],
                       "patients": [87, 263, 270, 80]})
COLUMNS = ("treatment", "size", "cured", "patients")


def test_kidney_stones():
    """Charig et al. 1986: crude .780 .826; with one mix .83255 .778875 (books print .782, from rounded rates)."""
    found = standardise.standardised_rates(STONES, *COLUMNS)
    assert [printed(rate, 3) for rate in found.rates["crude"]] == [.780, .826]
    assert printed(found.rates["standardised"]["A"], 5) == .83255
    assert printed(found.rates["standardised"]["B"], 6) == .778875
    assert found.rates["crude"].tolist() == standardise.crude_rates(STONES, "treatment", "cured", "patients").tolist()
    assert printed(standardise.mantel_haenszel(STONES, *COLUMNS, "A", "B").estimate, 3) == 1.447


def test_mcnemar():
    """R's mcnemar.test of the approval ratings (Agresti): 16.8178, p 4.115e-05 with continuity correction."""
    found = standardise.paired([[794, 86], [150, 570]])
    assert printed(found.statistic, 4) == 16.8178 and f"{found.pvalue:.3e}" == "4.115e-05"
    assert (found.only_first, found.only_second) == (86, 150)


def test_admissions_to_berkeley():
    """Bickel, Hammel and O'Connell 1975: crude men .445, women .304; department by department the gap is gone.
    R's mantelhaen.test of UCBAdmissions: common odds ratio 0.9046968."""
    table = pd.read_csv(real_file("ucb_admissions.csv"))
    table.columns = [name.lower() for name in table.columns]
    count = next(name for name in ("freq", "n", "value", "count") if name in table)
    table["admitted"] = table[count] * (table["admit"] == "Admitted")
    found = standardise.standardised_rates(table, "gender", "dept", "admitted", count)
    assert [printed(rate, 3) for rate in found.rates.loc[["Male", "Female"], "crude"]] == [.445, .304]
    gap = found.rates["standardised"]["Male"] - found.rates["standardised"]["Female"]
    assert -.06 < gap < 0
    odds = standardise.mantel_haenszel(table, "gender", "dept", "admitted", count, "Male", "Female")
    assert printed(odds.estimate, 7) == .9046968 and odds.low < 1 < odds.high and odds.homogeneity < .01


def test_the_mix_decides_which_question_is_answered():
    small, large = .5, .2
    own = standardise.standardised_rates(STONES, *COLUMNS, mix="A").rates["standardised"]
    assert own["A"] == pytest.approx(273 / 350)
    assert own["B"] == pytest.approx(87 / 350 * 234 / 270 + 263 / 350 * 55 / 80)
    given = standardise.standardised_rates(STONES, *COLUMNS, mix={"small": small + .3, "large": large})
    assert given.rates.loc["A", "standardised"] == pytest.approx(.8 * 81 / 87 + .2 * 192 / 263)


def test_interval_of_the_ratio_holds():
    rng, covered = np.random.default_rng(0), 0
    for _ in range(300):
        rows = []
        for group, lift, sizes in (("live", 1.6, (400, 900)), ("shelf", 1.0, (1500, 300))):
            for stratum, rate, size in (("feed", .05, sizes[0]), ("search", .15, sizes[1])):
                rows.append((group, stratum, rng.binomial(size, lift * rate), size))
        table = pd.DataFrame(rows, columns=["place", "source", "orders", "views"])
        found = standardise.standardised_rates(table, "place", "source", "orders", "views")
        _, low, high = found.ratio("live", "shelf")
        covered += low <= 1.6 <= high
    assert covered >= 275


def test_a_stratum_without_a_counterpart_is_named():
    more = pd.concat([STONES, pd.DataFrame({"treatment": ["A"], "size": ["huge"], "cured": [1], "patients": [9]})])
    found = standardise.standardised_rates(more, *COLUMNS)
    assert found.left_out == ["huge"] and "huge" not in found.weights.index
    assert found.rates.loc["B", "standardised"] == pytest.approx(.77888, abs=.01)


def test_persons_on_both_sides():
    first, second = [1, 1, 1, 0, 0, 1], [0, 0, 1, 0, 1, 0]
    found = standardise.paired(first, second)
    assert (found.only_first, found.only_second, found.ratio) == (3, 1, 2.0)


@pytest.mark.parametrize("call, words", [
    (lambda: standardise.standardised_rates(STONES.assign(cured=999), *COLUMNS), "between 0 and patients"),
    (lambda: standardise.standardised_rates(STONES, *COLUMNS, mix="C"), 'mix is "all"'),
    (lambda: standardise.standardised_rates(STONES, *COLUMNS, mix={"small": .5, "large": .2}), "adding up to 1"),
    (lambda: standardise.standardised_rates(STONES[:2], *COLUMNS), "one group only"),
    (lambda: standardise.standardised_rates(STONES.iloc[[0, 3]], *COLUMNS), "No stratum holds all groups"),
    (lambda: standardise.standardised_rates(STONES, *COLUMNS).ratio("A", "C"), "no group 'C'"),
    (lambda: standardise.mantel_haenszel(STONES.iloc[[0, 3]], *COLUMNS, "A", "B"), "No stratum holds both"),
    (lambda: standardise.crude_rates(STONES, "doctor", "cured", "patients"), "lacks the column doctor"),
    (lambda: standardise.paired([1, 0], [1, 0]), "Nobody differs"),
    (lambda: standardise.paired([1, 0], [1]), "on each side for every person"),
    (lambda: standardise.paired([[1, 2, 3]]), "two rows and two columns"),
])
def test_what_cannot_be_compared_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_a_rate_of_nothing_has_no_interval():
    table = pd.DataFrame({"group": ["a", "a", "b", "b"], "stratum": [1, 2, 1, 2], "hits": [0, 0, 3, 4], "total": 10})
    rates = standardise.standardised_rates(table, "group", "stratum", "hits", "total").rates
    assert rates.loc["a", "standardised"] == 0 and rates.loc["a", ["low", "high"]].isna().all()
    assert rates.loc["b", "low"] < 0.35 < rates.loc["b", "high"]


def test_no_odds_ratio_from_nobody():
    table = pd.DataFrame({"group": ["a", "b"], "stratum": 1, "hits": [0, 2], "total": 3})
    with pytest.raises(ValueError, match="of a said yes"):
        standardise.mantel_haenszel(table, "group", "stratum", "hits", "total", "a", "b")
