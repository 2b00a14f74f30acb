"""Section 1.1: published counts and fits, ceilings of simulated markets, a shop's own newcomers, any two columns."""

import re

import nbformat
import numpy as np
import pandas as pd
import pytest

from common import ROOT, own_tables
from liveshop import editions, practice
from liveshop.course.chapter_1.samples import growth
from liveshop.methods import adoption
from liveshop.tables.places import MAPPINGS
from real_data import real_file

SECTION = "\n".join(cell.source for cell in nbformat.read(ROOT / "notebooks" / "01-introduction.ipynb", 4).cells
                    if cell.id.startswith("s1-1-"))


# -- published ------------------------------------------------------------------------------------------------


def test_the_counts_agree_with_their_shares():
    """Millions over their per cent give the internet users of the date, from both columns and rising."""
    users = growth.live_users()
    internet = 100 * users.live / users.live_share
    assert internet.is_monotonic_increasing and internet.between(930, 1120).all()
    both = users.dropna(subset=["selling", "selling_share"])
    assert (100 * both.selling / both.selling_share).to_numpy() == pytest.approx(internet[both.index], rel=0.005)


def test_three_counts_promise_too_few_and_four_too_many():
    users = growth.live_users()
    naive = adoption.logistic_through(users.years[:3], users.live[:3])
    assert round(naive.ceiling) == 649 < users.live.iloc[-1]
    four = adoption.ceilings(users.years[:4], users.live[:4])
    five = adoption.ceilings(users.years, users.live)
    assert four.low > five.best, "the five per cent of four counts leave out what five counts say"
    honest = growth.interval(users.years, users.live).iloc[0]
    assert honest.low < users.live.iloc[-1] < five.low and np.isinf(honest.high)


def test_the_recorders_are_fitted_as_published():
    found = adoption.fit_bass(growth.RECORDERS)
    assert (round(found.market), round(found.p, 5), round(found.q, 3)) == (67981, .00659, .638)


def test_word_of_mouth_by_adding_up_the_years():
    """Those who buy by themselves are p of those without it, moment by moment."""
    for p, q in ((0.03, 0.38), (0.1, 0.2), (0.00659, 0.638)):
        t = np.linspace(0, 400, 400_001)
        alone = np.trapezoid(p * (1 - adoption.bass_curve(t, p, q)), t)
        assert growth.by_word_of_mouth(p, q) == pytest.approx(1 - alone, abs=1e-4)
    assert growth.by_word_of_mouth(0.03, 0) == 0


# -- real series that the section quotes -------------------------------------------------------------------------


def test_households_with_a_computer_promise_more_than_everybody():
    data = pd.read_csv(real_file("usa_computers.csv"))
    early = data[data.year <= 2000]
    assert len(early) == 6 and 290 < adoption.ceilings(early.year, early.value).low
    assert adoption.ceilings(early.year, early.value).best > 300
    assert f"a ceiling of {adoption.ceilings(early.year, early.value).best:.0f} % of households" in SECTION
    assert "every ceiling is above 290 %" in SECTION
    assert f"The share stood at {data.set_index('year').value[2018]} % in 2018" in SECTION


def test_online_share_of_retail_left_its_interval():
    data = pd.read_csv(real_file("us_ecommerce_share.csv"))
    when = pd.to_datetime(data.DATE)
    early = data[when < "2010-01-01"].ECOMPCTSA
    found = growth.interval(np.arange(len(early)), early).iloc[0]
    quoted = re.search(r"95 % interval of ([\d.]+) to ([\d.]+) %", SECTION)
    slow = data.ECOMPCTSA[when.dt.month == 10].diff().set_axis(when[when.dt.month == 10].dt.year)
    assert slow[2008] < 0.3 * slow[2007] and slow[2009] > 0.9 * slow[2007], "slowed in 2008 and came back"
    assert (f"{found.low:.1f}", f"{found.high:.1f}") == quoted.groups()
    assert data.ECOMPCTSA.iloc[-1] == 16.0 > 2 * found.high and data.ECOMPCTSA.iloc[0] == 0.6
    assert when.iloc[0].year == 1999 and when.iloc[-1] == pd.Timestamp("2024-04-01")


def test_seven_years_of_recorders_leave_out_what_ten_say():
    low, high = adoption.bass_market_interval(growth.RECORDERS[:7])
    ten = adoption.fit_bass(growth.RECORDERS).market
    assert f"{low / 1000:.0f} to {high / 1000:.0f} million buyers" in SECTION and high < ten
    assert f"All ten years say {ten / 1000:.0f}." in SECTION


def test_pearl_and_reed_as_quoted():
    found = adoption.logistic_through([1790, 1850, 1910], [3.929, 23.192, 91.972])
    assert f"its ceiling is {found.ceiling:.0f} million" in SECTION


# -- answers that the text gives by hand ---------------------------------------------------------------------------


def test_more_pull_brings_the_peak_forward_unless_many_buy_by_themselves():
    def year(p, q):
        return f"{adoption.bass_peak(p, q).time:.1f}"

    assert f"from year {year(.01, .3)} to {year(.03, .3)}; with q at 50 % it comes in year {year(.01, .5)}" in SECTION
    assert f"it moves from year {year(.1, .2)} to {year(.1, .38)}" in SECTION and year(.1, .2) < year(.1, .38)
    assert f"from year {year(.01, .3)} to {year(.01, .4)}" in practice.find("1.1d").explain


def test_a_third_count_a_little_off_promises_almost_anything():
    users = growth.live_users()
    years, live = users.years.to_numpy(), users.live.to_numpy()

    def off(percent):
        return adoption.logistic_through(years[:3], live[:3] * [1, 1, 1 + percent / 100])

    assert off(4).curve(4.5) < live[-1] < off(4.5).curve(4.5), "a little more than 4 %"
    assert f"from {off(-2).ceiling:.0f} to {round(off(6).ceiling, -2):,.0f} million" in SECTION


def test_the_four_counts_of_the_exercise_leave_the_ceiling_open():
    """Their best ceiling is the report's, the fit is excellent, and still no ceiling is too high."""
    counts = [9.0, 16.0, 28.0, 41.0]
    assert "9, 16, 28 and 41 million" in SECTION and (np.diff(counts, n=2) > 0).all()
    found = growth.interval(np.arange(4), counts).iloc[0]
    assert round(found.best) == 71 and np.isinf(found.high)
    assert adoption.fit_logistic(np.arange(4), counts).residual_sum / 4 < 0.3**2


def test_the_best_tenth_is_chosen_among_ordinary_broadcasts(tables):
    """With the festival in, most of the best broadcasts are the festival's: a calendar, and no case to copy."""
    streams = tables.streams[tables.streams.gmv > 0]
    times = (streams.gmv / streams.stream_seconds).groupby([streams.channel_id, streams.slot]).transform(
        lambda rates: rates / np.exp(np.log(rates).mean()))
    best = streams.loc[times.nlargest(len(times) // 10).index]
    assert best.is_festival.mean() > 2.5 * streams.is_festival.mean()
    assert "~tables.streams.is_festival & ~tables.streams.is_trial" in SECTION


# -- simulated markets ---------------------------------------------------------------------------------------


def test_many_markets_at_once_are_fitted_as_one():
    """The quick profile against scipy's fit, market by market."""
    t, counts = growth.markets(10, count=4, seed=3)
    found = growth.interval(t, counts)
    for row, one in zip(found.itertuples(), counts, strict=True):
        assert row.best == pytest.approx(adoption.fit_logistic(t, one).ceiling, rel=0.002)
        for end in (row.low, row.high):
            if np.isfinite(end):
                excess = adoption.fit_logistic(t, one, end).residual_sum / adoption.fit_logistic(t, one).residual_sum
                assert (excess - 1) * 7 == pytest.approx(2.3646**2, rel=0.02)


def test_before_the_bend_the_interval_is_open_and_later_it_closes():
    found = growth.simulated(count=60, seed=5).groupby("years")
    open_ends = found.high.apply(lambda high: np.isinf(high).mean())
    assert open_ends[6] > 0.8 and (open_ends[[10, 12, 14]] < 0.05).all()
    off = found.ratio.apply(lambda ratio: np.log(ratio).std())
    assert off[6] > 5 * off[10] > 5 * off[14]


def test_intervals_hold_with_slips_of_their_own_and_fail_with_slips_that_add_up():
    clean, carried = (growth.simulated(count=60, seed=5, running=running) for running in (False, True))
    assert 0.9 <= clean.holds.mean() <= 0.99
    assert carried[carried.years >= 12].holds.mean() < 0.6


# -- a shop's own ----------------------------------------------------------------------------------------------


def test_newcomers_by_independent_code(tables):
    found = growth.newcomers(tables)
    start = tables.orders.created.min().normalize()
    joined = tables.customers.joined
    for row in found.iloc[[0, 7, -1]].itertuples():
        begin = start + pd.Timedelta(weeks=row.number - 1)
        assert row.new == ((joined >= begin) & (joined < begin + pd.Timedelta(weeks=1))).sum()
    assert found.users.iloc[-1] == (joined >= start).sum() and len(found) == 26


def test_early_curves_promised_fewer_newcomers_than_came(tables):
    """The failing case: the interval of the first weeks leaves out what came, whatever the season."""
    promised = growth.seen_so_far(growth.newcomers(tables))
    assert promised.high.iloc[0] < promised.users.iloc[-1]
    steady = growth.newcomers(tables).new
    assert steady.iloc[-4:].mean() > 0.8 * steady.iloc[4:12].mean(), "the newcomers themselves do not fade"


def test_without_customers_first_orders_are_counted(tables):
    paid = tables.orders.dropna(subset=["paid"])
    found = growth.newcomers(own_tables(orders=tables.orders))
    assert found.users.iloc[-1] == paid.customer_id.nunique()
    assert found.new.iloc[0] > growth.newcomers(tables).new.iloc[0], "who bought before the log counts as new"


def test_any_two_columns(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("month,users\n2024-01-01,10\n2024-07-01,30\n2025-01-01,50\n2025-07-01,60\n2026-01-01,65\n")
    found = growth.two_columns(path)
    assert found.users.tolist() == [10, 30, 50, 60, 65] and found.new.tolist() == [10, 20, 20, 10, 5]
    assert found.number.iloc[-1] == pytest.approx(2, abs=0.01)
    promised = growth.seen_so_far(found)
    assert 60 < promised.best.iloc[-1] < 80 and promised.low.iloc[-1] < promised.best.iloc[-1]


@pytest.mark.parametrize("text, words", [
    ("only\n1\n2\n", "two are needed"), ("a,b\n1,2\n2,many\n", "row 3"), (None, "There is no file"),
])
def test_a_file_that_does_not_fit_is_one_sentence(tmp_path, text, words):
    path = tmp_path / "mine.csv"
    if text is not None:
        path.write_text(text)
    with pytest.raises(ValueError, match=words):
        growth.two_columns(path)


def test_a_real_series_of_two_columns_goes_through():
    found = growth.two_columns(real_file("usa_computers.csv"))
    promised = growth.seen_so_far(found, parts=(0.6, 1.0))
    assert len(found) == 19 and found.users.iloc[-1] == 91.8
    assert promised.high.iloc[0] < promised.best.iloc[-1], "what the counts to 2010 allow is passed by now"
    assert round(promised.best.iloc[-1], 1) == 95.5


def test_the_section_runs_on_the_gift_shop(tmp_path):
    """UCI Online Retail: 4,338 customers; the totals by independent code."""
    path = real_file("online_retail.csv.gz")
    out = editions.own_data_notebook("1.1", path, MAPPINGS / "online-retail.yml", tmp_path / "run")
    text = (out / "section-1-1.ipynb").read_text(encoding="utf-8")
    assert "Card 1.1" in text and "was not drawn" not in (out / "report.md").read_text(encoding="utf-8")
    raw = pd.read_csv(path, dtype={"InvoiceNo": str})
    raw = raw[raw.CustomerID.notna() & ~raw.InvoiceNo.str.upper().str.startswith("C") & (raw.Quantity > 0)
              & (raw.UnitPrice > 0)]
    first = pd.to_datetime(raw.InvoiceDate, format="mixed").groupby(raw.CustomerID).min()
    start = first.min().normalize()
    weeks = 53
    came = (first < start + pd.Timedelta(weeks=weeks)).sum()
    assert f"{came}" in text.replace(",", ""), f"{came} customers in {weeks} weeks"


# -- exercises -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("exercise", ["1.1a", "1.1b", "1.1c", "1.1d"])
def test_the_exercises_name_the_mistakes(tables, exercise):
    assert practice.audit(exercise, tables) == []
