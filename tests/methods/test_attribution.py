"""Attribution: published cases, and the shares of withheld channels."""

import numpy as np
import pandas as pd
import pytest

from liveshop.methods import attribution
from printed import printed
from real_data import real_file


def table(*rows):
    return pd.DataFrame(rows, columns=["path", "conversions", "nulls"])


CASE = table(("direct", 2, 0), ("search > email", 3, 0), ("search > social > email", 5, 0))


@pytest.mark.parametrize("rule, credits", [
    (attribution.first_click, {"direct": 2, "search": 8}),
    (attribution.last_click, {"direct": 2, "email": 8}),
    (attribution.linear, {"direct": 2, "search": 19 / 6, "email": 19 / 6, "social": 5 / 3}),
    (attribution.position, {"direct": 2, "search": 3.5, "email": 3.5, "social": 1})])
def test_rules_on_three_paths(rule, credits):
    """The tests of the package mta."""
    found = rule(CASE).credits
    assert found[found > 0].to_dict() == pytest.approx(credits)


def test_markov_of_three_paths():
    """Analyzecore 2016: P 1/3, shares .2 .4 .4."""
    found = attribution.markov(table(("C1 > C2 > C3", 1, 0), ("C1", 0, 1), ("C2 > C3", 0, 1)))
    assert found.conversion == pytest.approx(1 / 3)
    assert [printed(share, 1) for share in found.shares] == [0.2, 0.4, 0.4]


def test_markov_with_lost_journeys():
    found = attribution.markov(table((["a", "b"], 3, 1), (["a", "c"], 1, 1)))
    assert found.conversion == pytest.approx(2 / 3)
    assert found.removal.tolist() == pytest.approx([1, .75, .25])
    assert found.shares.tolist() == pytest.approx([.5, .375, .125])
    assert found.credits.sum() == pytest.approx(4)
    assert found.transitions.sum(axis=1).tolist() == pytest.approx([1] * 4)


def test_markov_of_a_channel_that_comes_back():
    """By hand: a, then a again by half, then b always converts. Without b nothing converts, nor without a."""
    found = attribution.markov(table(("a > a > b", 1, 0), ("a > b", 1, 1)))
    assert found.removal.tolist() == pytest.approx([1, 1])


def test_shapley_of_two_paths():
    """The test of the package mta: a 4, a > b 6 → a 7, b 3."""
    assert attribution.shapley(table(("a", 4, 0), ("a > b", 6, 0))).credits.to_dict() == {"a": 7, "b": 3}


def test_shapley_of_paths_is_the_shapley_value_of_their_worth():
    rng = np.random.default_rng(0)
    rows = [(list(rng.choice(list("abcd"), rng.integers(1, 5))), rng.integers(0, 9), 0) for _ in range(40)]
    data = table(*rows)
    worth = {}
    for mask in range(16):
        inside = {name for place, name in enumerate("abcd") if mask >> place & 1}
        worth[frozenset(inside)] = float(sum(row[1] for row in rows if set(row[0]) <= inside))
    assert attribution.shapley(data).credits.sort_index().tolist() == pytest.approx(
        attribution.shapley_value(worth).tolist())


def test_shapley_value_of_the_glove_game():
    """Two left gloves and one right: the right one gets 2/3, each left one 1/6 (Shapley 1953)."""
    pair = {frozenset(names): float("r" in names and len(names) > 1)
            for names in ("x", "y", "r", "xy", "xr", "yr", "xyr")}
    assert attribution.shapley_value(pair).to_dict() == pytest.approx({"r": 2 / 3, "x": 1 / 6, "y": 1 / 6})


def test_ten_thousand_real_paths():
    """All rules share out the same conversions, and Shapley is linear without repeats."""
    data = pd.read_csv(real_file("attribution_paths.csv.gz"))
    data = data.rename(columns={"total_conversions": "conversions", "total_null": "nulls"})
    table = attribution.compare(data)
    assert table.sum().tolist() == pytest.approx([1] * 6)
    assert attribution.markov(data).credits.sum() == pytest.approx(data["conversions"].sum())
    once = data.assign(path=[list(dict.fromkeys(path.split(" > "))) for path in data["path"]])
    assert attribution.linear(once).credits.sort_index().tolist() == pytest.approx(
        attribution.shapley(data).credits.sort_index().tolist())


def journeys(seed, count=20_000):
    rng = np.random.default_rng(seed)
    withheld = rng.choice(["none", "live", "search"], count)
    intent = rng.normal(size=count)
    live = (rng.random(count) < 0.4) & (withheld != "live")
    search = (rng.random(count) < 1 / (1 + np.exp(1 - 1.5 * intent))) & (withheld != "search")
    chance = 0.2 * np.exp(0.5 * intent - 1) * (1 + 0.5 * live)
    names = [" > ".join(name for name, there in (("live", a), ("search", b)) if there)
             for a, b in zip(live, search, strict=True)]
    return pd.DataFrame({"path": names, "withheld": withheld, "converted": rng.random(count) < chance})


def test_a_coin_shows_what_paths_cannot():
    """Search causes nothing here: last click pays it most, withholding loses none."""
    covered = 0
    for seed in range(20):
        data = journeys(seed)
        shown = data[data["withheld"] == "none"]
        found = attribution.incremental(data)
        covered += (found.loc["search", "low"] <= 0 <= found.loc["search", "high"])
        covered += (found.loc["live", "low"] <= 0.2 / 1.2 <= found.loc["live", "high"])
        assert attribution.last_click(attribution.paths(shown)).shares["search"] > 0.35
    assert covered >= 36


def test_paths_are_counted():
    data = pd.DataFrame({"path": ["a > b", "a > b", "", None], "converted": [True, False, True, False]})
    found = attribution.paths(data)
    assert found.to_dict("list") == {"path": [(), ("a", "b")], "conversions": [1, 1], "nulls": [1, 1]}


@pytest.mark.parametrize("call, words", [
    (lambda: attribution.markov(table(("a", 0, 3))), "nothing to share out"),
    (lambda: attribution.markov(table(("", 3, 3))), "nothing to share out"),
    (lambda: attribution.shapley(table(("a", -1, 3))), "0 or more in every row"),
    (lambda: attribution.linear(table(("a", "many", 3))), "must be numbers"),
    (lambda: attribution.linear(pd.DataFrame({"path": ["a"]})), "lacks the column conversions"),
    (lambda: attribution.position(CASE, 0.6), "between 0 and 0.5"),
    (lambda: attribution.shapley_value({"a": 1, "b": 2}), "worth of a, b together is missing"),
    (lambda: attribution.shapley_value([1, 2]), "The worth is"),
    (lambda: attribution.shapley_value({}), "Between 1 and 12 players"),
    (lambda: attribution.incremental(journeys(0).query("withheld != 'none'")), "must hold 'none'"),
    (lambda: attribution.incremental(journeys(0).assign(converted=False)), "No journey converted"),
])
def test_what_cannot_be_shared_out_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_unknown_journeys_are_refused_and_untaken_paths_do_no_harm():
    journeys = pd.DataFrame({"withheld": ["none", None, "live"], "converted": [True, True, False]})
    with pytest.raises(ValueError, match="must be known for every journey"):
        attribution.incremental(journeys)
    table = pd.DataFrame({"path": ["a > b", "c"], "conversions": [2, 0], "nulls": [2, 0]})
    found = attribution.markov(table)
    assert found.removal["c"] == 0 and found.shares.sum() == pytest.approx(1)
