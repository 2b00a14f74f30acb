"""Section 7.3 against the truth: the whole, the parts, all costs, the page with four faults, and where it fails."""


import nbformat
import numpy as np
import pandas as pd
import pytest

from common import own_tables
from liveshop import editions, practice
from liveshop.course.chapter_7 import samples

HC3, TEN = "rows independent (HC3)", "clusters of ten cities"


# --- the truth over seasons ----------------------------------------------------------------------

def test_before_and_after_is_too_high_in_every_season_and_clean_cities_are_near(recovered):
    naive, clean = (recovered.loc["programme.log_orders", way] for way in ("naive", "clean controls"))
    assert (naive.low > naive.true).all()
    assert abs((clean.estimate - clean.true).mean()) < 0.02
    assert clean.true.between(clean.low, clean.high).sum() >= 16


@pytest.mark.parametrize("part", ["show", "vote", "push"])
def test_the_lot_finds_each_part(recovered, part):
    found = recovered.loc[f"programme.part_effects: {part}", HC3]
    assert abs((found.estimate - found.true).mean()) < 0.02
    assert found.true.between(found.low, found.high).sum() >= 18


def test_what_the_report_claims_for_the_push_is_no_effect(recovered):
    claimed = recovered.loc["programme.part_effects: push", "naive"]
    assert (claimed.estimate > 10 * claimed.true).all()


def test_errors_by_ten_cities_fail_as_a_large_sample_would_read_them(tables):
    """The failing case: too few hold with 1.96, and the cause is that the width itself is a draw."""
    by_hc3, by_ten = (samples.seasons_of_parts(tables, way) for way in (HC3, TEN))
    naive, every = samples.held_by_ten(tables, corrected=False, law="normal")
    better = samples.held_by_ten(tables)[0]
    assert every == 60 and 48 <= naive <= 54 < better < by_hc3.true.between(by_hc3.low, by_hc3.high).sum()
    assert better == by_ten.true.between(by_ten.low, by_ten.high).sum()
    assert by_ten.half.std() > 2 * by_hc3.half.std() and abs(by_ten.half.mean() / by_hc3.half.mean() - 1) < 0.1


# --- this season ----------------------------------------------------------------------------------

def test_gain_after_all_costs_by_independent_code(tables):
    """A formula of statsmodels in place of the package's own regression, and sums by hand."""
    import statsmodels.formula.api as smf
    from statsmodels.genmod.families import Poisson

    rows = tables.city_weeks.merge(tables.cities, on="city")
    rows = rows[rows.programme_start.notna() | ~rows.neighbour_has_programme]
    rows = rows.assign(net=rows.local_gmv - rows.local_refunded, week=rows.week.astype(str), on=(
        rows.programme_start.notna() & (rows.week >= rows.programme_start.min())).astype(int))
    fit = smf.glm("net ~ on + C(city) + C(week)", rows, family=Poisson()).fit()
    ran = rows[rows.on == 1]
    gain = 0.45 * ran.net.sum() * (1 - np.exp(-fit.params["on"])) - ran.programme_cost.sum()
    account = samples.account(tables)
    assert account.estimate["gain"] == pytest.approx(gain, rel=1e-6)
    assert account.low["gain"] < account.estimate["gain"] < account.high["gain"]
    assert account.estimate["return"] == pytest.approx(gain / ran.programme_cost.sum(), rel=1e-5)


def test_costs_are_the_price_list_of_the_programme(tables):
    """Cost a pilot week of an average city: base 1,100, show 650, vote 140, push 900, times the root of its size."""
    pilots = tables.cities[tables.cities.programme_start.notna()]
    root = np.sqrt(pilots.market_size).mean()
    assert samples.costs(tables).to_numpy() == pytest.approx(np.array([1100, 650, 140, 900]) * root, rel=1e-3)
    made = samples.after_start(samples.city_weeks(tables))
    shares = made[samples.PARTS].astype(float).assign(base=1.0)[["base", *samples.PARTS]]
    each = shares.to_numpy() * np.array([1100, 650, 140, 900]) * np.sqrt(made.market_size.to_numpy())[:, None]
    assert each.sum() == pytest.approx(made.programme_cost.sum(), rel=1e-5)


def test_combinations_hold_the_truth_and_the_base_alone_stays_open(tables):
    truth = tables.truth["programme.part_effects"]
    for show, vote, push in np.ndindex(2, 2, 2):
        effect = samples.combination(tables, show, vote, push).loc["effect"]
        true = truth["base"] + show * truth["show"] + vote * truth["vote"] + push * truth["push"]
        assert effect.low < true < effect.high
    bare, keep = (samples.combination(tables, *which).loc["gain"] for which in ((0, 0, 0), (1, 1, 0)))
    assert bare.low < 0 < bare.high and keep.low > 0


def test_two_parts_earn_their_cost_and_the_push_does_not(tables):
    pays, truth = samples.part_by_part(tables), tables.truth["programme.part_return"]
    for part in ("show", "vote", "push"):
        one = pays.loc[f"part_{part}"]
        assert one.low < truth[part]["brings"] < one.high
        assert (one.gain > 0) == (truth[part]["brings"] > truth[part]["costs"])
        assert one.costs == pytest.approx(truth[part]["costs"], rel=0.1)


def test_the_brand_moves_and_the_category_does_not(tables):
    found = samples.measures(tables)
    assert found.low["brand searches"] > 0 and found.low["category searches"] < 0 < found.high["category searches"]
    moves = samples.parts(samples.city_weeks(tables), "HC3", "brand_searches", "poisson")
    assert moves.low["part_show"] < 0.10 < moves.high["part_show"]          # as in the world's parameters
    assert moves.low["part_vote"] < 0.06 < moves.high["part_vote"]


def test_the_page_without_faults_is_the_account_and_each_fault_flatters(tables):
    fair = samples.flattering(tables, False, False, False, False)
    assert fair.profit == pytest.approx(samples.account(tables).estimate["gain"])
    names = ("before_after", "gmv", "twice", "no_base")
    none = dict.fromkeys(names, False)
    for name in names:
        assert samples.flattering(tables, **(none | {name: True})).profit > fair.profit
    assert samples.flattering(tables).profit > 8 * fair.profit


def test_cities_not_chosen_rose_too(tables):
    since = samples.since_before(tables)
    after = since[since.index >= tables.cities.programme_start.min()].mean()
    assert 1.2 < after["clean cities"] < after["neighbours"] < after["pilots"]
    assert since[since.index < tables.cities.programme_start.min()].mean().to_numpy() == pytest.approx(1.0)


def test_a_city_that_starts_later_counts_from_its_own_start(tables):
    """Weeks before its start are no weeks of the programme: neither in its cost nor among the weeks of the parts."""
    late = pd.Timestamp("2025-06-30")
    cities = tables.cities.assign(programme_start=tables.cities.programme_start.mask(tables.cities.city == "G", late))
    weeks = tables.city_weeks.copy()
    weeks.loc[(weeks.city == "G") & (weeks.week < late), samples.PARTS] = False
    weeks.loc[(weeks.city == "G") & (weeks.week < late), "programme_cost"] = 0.0
    found = own_tables(city_weeks=weeks, cities=cities)
    made = samples.after_start(samples.city_weeks(found))
    assert made[made.city == "G"].week.min() == late and made[made.city == "A"].week.min() < late
    assert samples.costs(found).to_numpy() == pytest.approx(samples.costs(tables).to_numpy(), rel=0.05)
    assert (samples.swing(found)[2].programme_cost > 0).all()
    whole = samples.change_of(samples.city_weeks(found), "net")
    assert whole.method != samples.change_of(samples.city_weeks(tables), "net").method, "several starts, as in 7.2"
    assert 0.1 < whole.estimate < 0.4


def test_costs_are_equal_where_no_sizes_are_known(tables):
    """An export without market sizes: the mean costs of the parts, not a failure."""
    without = own_tables(city_weeks=tables.city_weeks, cities=tables.cities.drop(columns="market_size"))
    assert samples.costs(without)[["base", "part_show", "part_push"]].between(300, 1500).all()


# --- answers from the questions alone ---------------------------------------------------------------

def slips(tables):
    """What people do wrong in each exercise, worked out here, with a word of the sentence that names it."""
    rows, cost = samples.city_weeks(tables), samples.after_start(samples.city_weeks(tables)).programme_cost.sum()
    made = samples.after_start(rows)
    right, every = samples.change_of(rows, "net"), samples.change_of(rows, "net", "all")
    ends = np.array([right.estimate, *right.interval])
    extra = made.net.sum() * (1 - np.exp(-right.estimate))
    orders = samples.change_of(rows, "local_orders")
    base = samples.costs(tables)["base"] * len(made)
    pays = samples.part_by_part(tables).loc["part_push"].copy()
    pays[["brings", "high"]] *= 0.38 / 0.45

    def money(extra, cost=cost, left=0.38):
        return round((left * extra - cost) / 1000), round((left * extra - cost) / cost, 2)

    return [
        ("7.3a", np.round([every.estimate, *every.interval], 3), "border"),
        ("7.3a", np.round([orders.estimate, *orders.interval], 3), "orders instead of net sales"),
        ("7.3a", np.round(np.expm1(ends), 3), "share"), ("7.3a", np.round(np.expm1(ends), 2), "share"),
        ("7.3a", np.round(1 - np.exp(-ends), 3), "missing"), ("7.3a", np.round(100 * np.expm1(ends), 1), "cent"),
        ("7.3a", np.round(np.exp(ends), 3), "multiples"), ("7.3a", np.round(ends[[0, 2, 1]], 3), "place"),
        ("7.3a", np.round(samples.before_after(rows, "net"), 3), "before and after"),
        ("7.3b", money(extra, cost - base), "base cost"), ("7.3b", money(extra, left=1.0), "38 fen"),
        ("7.3b", money(extra, left=0.45), "of the page"),
        ("7.3b", money(made.net.sum() * np.expm1(right.estimate)), "hold"),
        ("7.3b", money(made.local_gmv.sum() * (1 - np.exp(-right.estimate))), "refunds"),
        ("7.3b", (round(1000 * money(extra)[0]), money(extra)[1]), "thousands"),
        ("7.3b", (money(extra)[0], round(0.38 * extra / cost, 2)), "cost off"),
        ("7.3c", ("vote", round(pays.high), "vote"), "smallest gain"),
        ("7.3c", ("push", round(pays.costs), "vote"), "costs"),
        ("7.3c", ("push", round(pays.brings), "vote"), "estimate"),
        ("7.3c", ("push", round(pays.high), "show"), "more"),
        ("7.3d", ("A", "C", "F", "B"), "fair"), ("7.3d", ("E", "C", "B", "F"), "already"),
    ]


def test_wrong_answers_are_named(tables):
    for id, answer, words in slips(tables):
        verdict = practice.verdict(id, *answer, tables=tables)
        assert verdict.state == "wrong" and words in verdict.sentence, (id, answer, verdict.sentence)


def test_what_follows_from_a_rounded_effect_is_right_too(tables):
    effect = round(samples.change_of(samples.city_weeks(tables), "net").estimate, 3)
    made = samples.after_start(samples.city_weeks(tables))
    cost = made.programme_cost.sum()
    gain = 0.38 * made.net.sum() * (1 - np.exp(-effect)) - cost
    assert practice.verdict("7.3b", round(gain / 1000), round(gain / cost, 2), tables=tables).state == "right"


# --- own data -----------------------------------------------------------------------------------------

def test_own_export_gives_effect_and_return_and_says_what_it_lacks(tables, tmp_path):
    """An export without sizes, claims, channels and half of the measures; totals by sums of its own lines."""
    export = tmp_path / "export"
    export.mkdir()
    tables.cities.drop(columns=["market_size", "region"]).to_csv(export / "cities.csv", index=False)
    weeks = tables.city_weeks.drop(columns=["claimed_gmv", "channel_gmv", "direct_visits", "category_searches"])
    weeks.to_csv(export / "city_weeks.csv", index=False)
    out = editions.own_data_notebook("7.3", export, None, tmp_path / "run")
    nb = nbformat.read(out / "section-7-3.ipynb", 4)
    shown = "\n".join(output.get("text", "") or "".join(output.get("data", {}).get("text/plain", ""))
                      for cell in nb.cells for output in cell.get("outputs", []))
    rows = pd.read_csv(export / "city_weeks.csv", parse_dates=["week"]).merge(pd.read_csv(export / "cities.csv"))
    ran = rows[rows.programme_start.notna() & (rows.week >= "2025-06-02")]
    assert f"{ran.programme_cost.sum():,.0f}" in shown
    assert f"{samples.account(tables).estimate['gain']:,.0f}" in shown
    assert "channel\\_gmv" in (out / "report.md").read_text(encoding="utf-8")
