"""Section 9.2 against the truth: errors that a fit promises, intervals that hold, and nothing seen of the future."""

import math

import numpy as np
import pandas as pd
import pytest

from common import own_tables
from liveshop import practice
from liveshop.course.chapter_9.samples import coming, outlook
from liveshop.methods import decision, forecast
from liveshop.practice.exercise import bound
from printed import printed
from real_data import real_file

QUARTERS, ERRORS = "net sales of a quarter", "error of a quarter's forecast"


@pytest.fixture(scope="module")
def weeks(tables):
    return outlook.weekly(tables)


# --- the truth over seasons -----------------------------------------------------------------------

def test_a_fit_promises_too_little_error_and_rolling_origin_about_the_right_one(recovered):
    fit, rolled = (recovered.loc[ERRORS, way] for way in ("error of the fit", "rolling origin"))
    assert (fit.bias < 0).sum() >= 15 and fit.bias.mean() < -0.02
    assert abs(rolled.bias.mean()) < 0.01 < rolled.bias.std()         # right on average, far off in a season
    assert fit.true.tolist() == rolled.true.tolist()


def test_a_year_ago_is_too_low_and_one_size_of_festivals_too_high(recovered):
    off = {way: recovered.loc[QUARTERS, way].eval("estimate / true - 1") for way in outlook.ways([False])}
    assert off[outlook.AGO].mean() < -0.08 and off[outlook.LINE].mean() > 0.08
    assert all(abs(off[way].mean()) < 0.05 for way in (outlook.GROWN, outlook.OWN))
    assert off[outlook.OWN].abs().mean() < min(off[way].abs().mean() for way in (outlook.NAIVE, outlook.AGO))


def test_intervals_from_past_errors_hold_better_than_those_of_the_formula(recovered):
    by_formula, by_errors = (recovered.loc["weeks within the interval", way].estimate.mean()
                             for way in (outlook.OWN, outlook.GROWN))
    assert by_formula < 0.9 < by_errors and abs(by_errors - 0.95) < 0.04


def test_a_single_season_may_miss_far_more_and_the_laziest_way_is_hard_to_beat(recovered):
    """What “Where it fails” says of the seasons."""
    rolled = recovered.loc[ERRORS, "rolling origin"]
    assert 1 <= (rolled.true > 1.5 * rolled.estimate).sum() <= 5
    off = {way: recovered.loc[QUARTERS, way].eval("estimate / true - 1").abs().to_numpy()
           for way in (outlook.NAIVE, outlook.OWN)}
    gap = pd.Series(off[outlook.NAIVE] - off[outlook.OWN])
    assert abs(gap.mean()) < 1.96 * gap.sem()


# --- this history -----------------------------------------------------------------------------------

def test_the_weeks_add_up_to_the_history(tables, weeks):
    assert weeks.sales.sum() * 1000 == pytest.approx(tables.history.net_sales.sum())
    assert len(weeks) == tables.history.week.nunique() and weeks.index.is_monotonic_increasing
    assert weeks.festival.sum() == tables.history[tables.history.is_festival].week.nunique()


def test_errors_of_the_simple_ways_by_a_plain_loop(weeks):
    """Four weeks ahead from week 70 on: naive, a year ago, a year ago grown, without the package."""
    y = weeks.sales.tolist()
    off = {outlook.NAIVE: [], outlook.AGO: [], outlook.GROWN: []}
    for origin in range(70, len(y) - 3):
        growth = [math.log(y[week] / y[week - 52]) for week in range(origin - 8, origin)]
        told = {outlook.NAIVE: y[origin - 1], outlook.AGO: y[origin + 3 - 52],
                outlook.GROWN: y[origin + 3 - 52] * math.exp(sum(growth) / 8)}
        for way, value in told.items():
            off[way].append(abs(value / y[origin + 3] - 1))
    found = outlook.by_reach(outlook.judged(weeks))[4]
    assert {way: sum(each) / len(each) for way, each in off.items()} == pytest.approx(found[list(off)].to_dict())


def test_the_interval_of_the_grown_year_by_a_plain_loop(weeks):
    """Half its width on the logarithm, two weeks ahead: t × root of the mean squared past error two weeks ahead."""
    from scipy.stats import t as student

    y = weeks.sales.to_numpy()[:90]
    errors = []
    for origin in range(60, 89):
        growth = np.mean([np.log(y[week] / y[week - 52]) for week in range(origin - 8, origin)])
        errors.append(np.log(y[origin + 1] / y[origin + 1 - 52]) - growth)
    half = student(90 - 52 - 8).ppf(0.975) * np.sqrt(np.mean(np.square(errors)))
    told = forecast.grown(y, 3, 52)
    assert np.log(told.high[2] / told["mean"][2]) == pytest.approx(half)
    assert told.low[3] < told["mean"][3] < told.high[3]


def test_the_fit_flatters_here_too_and_the_quarter_fails(weeks):
    """What the section says of this history: 4 % of the fit, more from origins, and the quarter beyond both."""
    known, later = weeks.iloc[:-13], weeks.iloc[-13:]
    promised = outlook.off(outlook.fitted(known), known.sales)
    before = outlook.by_reach(outlook.judged(known)).loc[outlook.OWN].mean()
    told = outlook.ways(weeks.festival)[outlook.OWN](known.sales.to_numpy(), 13)
    kept = outlook.off(told["mean"], later.sales)
    assert promised < before < kept
    ago = weeks.sales.to_numpy()[-65:-52].sum()
    assert told["mean"].sum() / ago - 1 > 2 * (later.sales.sum() / ago - 1) > 0      # the cause that the section names


def test_the_fit_by_statsmodels(weeks):
    import statsmodels.api as sm

    t = np.arange(len(weeks))
    wave = 2 * np.pi * t / 52.18
    x = np.column_stack([np.ones(len(t)), t, np.cos(wave), np.sin(wave), outlook.festivals(weeks.festival)])
    fit = sm.OLS(np.log(weeks.sales.to_numpy()), x).fit()
    assert outlook.fitted(weeks) == pytest.approx(np.exp(fit.fittedvalues))
    assert outlook.festival_sizes(weeks) == pytest.approx(np.expm1(fit.params[4:]))


def test_a_festival_is_known_again_after_a_year():
    flags = np.zeros(110, bool)
    for week in (10, 11, 30, 61, 62, 63, 82, 100):
        flags[week] = True
    table = outlook.festivals(flags)
    assert table.shape == (110, 3) and table.sum(axis=0).tolist() == [5, 2, 1]
    assert outlook.festivals(np.zeros(60, bool)).shape == (60, 0)


# --- nothing seen of the future ---------------------------------------------------------------------

@pytest.mark.parametrize("way", list(outlook.ways([False])))
def test_no_forecast_changes_when_later_weeks_are_added(weeks, way):
    """Neither a forecast nor the judged table of the first 80 weeks, whatever comes after them."""
    wild = weeks.copy()
    wild.iloc[80:, 0] *= np.random.default_rng(0).uniform(0.1, 10, len(weeks) - 80)
    early, late = (outlook.judged(one) for one in (weeks.iloc[:80], wild))
    early, late = early[early.way == way], late[(late.way == way) & (late.origin + late.ahead <= 80)]
    pd.testing.assert_frame_equal(early.reset_index(drop=True), late.reset_index(drop=True))
    past = weeks.sales.to_numpy()[:80]
    one, other = (outlook.ways(flags)[way](past, 5) for flags in (weeks.festival[:85], weeks.festival))
    pd.testing.assert_frame_equal(one, other)


def test_the_exercises_take_their_origins_from_one_run(tables, weeks):
    """`told_by` begins earlier than `judged`, and each of its forecasts is the same."""
    judged, told = outlook.judged(weeks), outlook.told_by(tables, outlook.LINE)
    same = told[told.origin >= outlook.FIRST].reset_index(drop=True)
    one = judged[judged.way == outlook.LINE].drop(columns="way").reset_index(drop=True)
    pd.testing.assert_frame_equal(same, one)


# --- scenarios and signs ----------------------------------------------------------------------------

def test_the_quarter_by_hand(tables):
    ahead = coming.coming_weeks(tables)
    now, kept = coming.refund_share(tables), coming.kept(tables)
    by_hand = sum(0.8 * sales * kept * (1 - 0.4) / (1 - now) - 1.3 * spent - 45
                  for sales, spent in zip(ahead["mean"], ahead.spent, strict=True))
    assert coming.quarter(tables, 1.3, 0.4, -0.2)["mean"].sum() == pytest.approx(by_hand)
    paid = tables.orders[tables.orders.paid.notna()]
    assert now == pytest.approx(tables.refunds.refunded_amount.sum() / paid.paid_amount.sum())
    assert coming.quarter(tables, refunds=now)["mean"].sum() == pytest.approx(coming.quarter(tables)["mean"].sum())


def test_at_its_break_even_each_sign_leaves_nothing(tables):
    signs, ahead = coming.signs(tables), coming.coming_weeks(tables)
    last = tables.history[tables.history.week >= tables.history.week.max() - pd.Timedelta(weeks=7)]
    assert signs.now["net sales an order, yuan"] == pytest.approx(last.net_sales.sum() / last.orders.sum())
    dearer = signs.break_even["yuan of promotion a visit"] / signs.now["yuan of promotion a visit"]
    assert coming.quarter(tables, traffic=dearer)["mean"].sum() == pytest.approx(0, abs=1e-6)
    for name in ("orders in 100 visits", "net sales an order, yuan"):
        fall = signs.break_even[name] / signs.now[name] - 1
        assert coming.quarter(tables, demand=fall)["mean"].sum() == pytest.approx(0, abs=1e-6)
    now, level = (1 + signs.loc["growth over the year before, %", column] / 100 for column in ("now", "break_even"))
    assert coming.quarter(tables, demand=level / now - 1)["mean"].sum() == pytest.approx(0, abs=1e-6)
    assert ahead.week.iloc[0] - tables.history.week.max() == pd.Timedelta(weeks=1)


def test_all_past_quarters_were_told_too_high(tables):
    past = coming.past_ratios(tables)
    assert len(past) == 22 and (past > 0).all()


# --- published --------------------------------------------------------------------------------------

def test_wait_or_act_as_published_and_as_the_section_scales_it():
    """Dixit and Pindyck: 600 now, 772.7 with patience; the studio is the same times 100 yuan."""
    case = decision.wait_or_act(1600, 200, [300, 100], [0.5, 0.5], 0.1)
    assert printed(case.now, 0) == 600 and printed(case.wait, 1) == 772.7
    assert coming.studio().now == pytest.approx(100 * case.now)
    assert coming.studio().wait == pytest.approx(100 * case.wait)


@pytest.mark.parametrize("rate, cost", [(0.1, 160_000.0), (0.1, 200_000.0), (0.12, 170_000.0)])
def test_at_the_break_even_chance_both_are_worth_the_same(rate, cost):
    even = coming.break_even_chance(rate, cost)
    one = coming.studio(even, rate, cost)
    assert 0 < even < 1 and one.now == pytest.approx(one.wait)
    assert coming.studio(even - 0.05, rate, cost).option_value > 0


def test_only_the_bad_case_decides_whether_to_wait():
    """What the section says under the third explorer: the good case leaves the difference as it is."""
    gaps = [(one := decision.wait_or_act(1600, 200, [good, 100], [0.5, 0.5], 0.1)).now - one.wait
            for good in (300, 500, 900)]
    assert gaps == pytest.approx([gaps[0]] * 3)


# --- own data ----------------------------------------------------------------------------------------

def own_history(count, festival=True):
    days = pd.date_range("2023-01-02", periods=count, freq="7D")
    sales = 1000 * np.exp(0.01 * np.arange(count) + 0.1 * np.random.default_rng(2).normal(size=count))
    table = pd.DataFrame({"city": "all", "week": days, "net_sales": sales})
    return own_tables(history=table.assign(is_festival=False) if festival else table)


def test_a_short_history_is_judged_by_the_ways_that_need_no_year():
    own = own_history(40, festival=False)
    judged = outlook.judged(outlook.weekly(own))
    assert set(judged.way) == {outlook.NAIVE, outlook.DRIFT} and judged.origin.min() == 20
    line = outlook.fitted(outlook.weekly(own))                  # of the way that carries it on
    told = forecast.drift(outlook.weekly(own).sales, 1)["mean"].iloc[0]
    assert told - line[-1] == pytest.approx(line[-1] - line[-2])
    assert outlook.weekly(own).sales.sum() * 1000 == pytest.approx(own.history.net_sales.sum())


@pytest.mark.parametrize("change, words", [
    (lambda d: d.iloc[:20], "20 weeks are too few"),
    (lambda d: d.drop(index=27), "12 weeks after the gap of 10 July 2023 are too few"),
    (lambda d: d.assign(net_sales=d.net_sales.where(d.index != 20, 0)), "19 weeks after the gap of 22 May 2023"),
])
def test_a_history_that_cannot_be_judged_is_refused(change, words):
    broken = own_tables(history=change(own_history(40).history))
    with pytest.raises(ValueError, match=words):
        outlook.weekly(broken)


def test_the_weeks_of_a_gift_shop_that_closes_at_christmas():
    """Online Retail by week: the weeks after the closed one add up to the invoices; drift runs on."""
    lines = pd.read_csv(real_file("online_retail.csv.gz"), parse_dates=["InvoiceDate"])
    money, day = lines.Quantity * lines.UnitPrice, lines.InvoiceDate.dt.normalize()
    monday = day - pd.to_timedelta(day.dt.day_of_week, "D")
    history = money.groupby(monday).sum().rename_axis("week").rename("net_sales").reset_index().assign(city="all")
    weeks = outlook.weekly(own_tables(history=history))
    assert weeks.index[0] == pd.Timestamp("2011-01-03") and len(weeks) == 49
    assert 1000 * weeks.sales.sum() == pytest.approx(money[day >= "2011-01-03"].sum())
    assert outlook.carried_on(weeks) == outlook.DRIFT in set(outlook.judged(weeks).way)


def test_without_orders_a_share_stands_in(tables):
    assert coming.kept(own_history(40)) == coming.OTHERWISE
    assert coming.kept(tables) != coming.OTHERWISE


# --- exercises -----------------------------------------------------------------------------------------

def test_the_misses_of_the_calendar_lie_on_one_side_here(tables):
    asked = bound(tables, practice.find("9.2b"))
    rows = asked.rows()
    assert asked.key.right["side"] == "below" and (rows.actual <= rows.high).all() and len(rows) == 104 - 70 - 5
    ago = bound(tables, practice.find("9.2a")).key.right["ago_error"]
    y = outlook.weekly(tables).sales.to_numpy()
    assert ago == pytest.approx(np.mean(np.abs(y[75 - 52:-52] / y[75:] - 1)))


@pytest.mark.parametrize("id", ["9.2a", "9.2b", "9.2c", "9.2d"])
def test_exercises_pass_their_audit(id, tables):
    assert practice.audit(id, tables) == []
