"""Reliability: the beta factor, logs by hand, and suppliers that drift."""

import numpy as np
import pandas as pd
import pytest

from liveshop.methods import reliability
from printed import printed


def test_two_lines_and_their_common_cause():
    """Analytic: two of 99 % → 99.99 %; with a tenth in common 99.8919 %."""
    assert printed(100 * reliability.in_parallel([.99, .99]), 2) == 99.99
    assert printed(100 * reliability.in_parallel([.99, .99], .10), 4) == 99.8919
    assert reliability.in_parallel([.99, .99], 1) == pytest.approx(.99)
    assert reliability.in_series([.99, .98, .9]) == pytest.approx(.99 * .98 * .9)


LOG = pd.DataFrame({"line": ["main", "main", "backup", "main"],
                    "began": pd.to_datetime(["2025-01-01 10:00", "2025-01-01 11:00", "2025-01-01 11:30",
                                             "2025-01-04 22:00"]),
                    "ended": pd.to_datetime(["2025-01-01 12:00", "2025-01-01 12:30", "2025-01-01 13:30",
                                             "2025-01-05 09:00"])})


def test_a_log_by_hand():
    """Main: 10:00–12:30 (two that overlap) and 22:00–24:00; backup two hours; both down 11:30–12:30."""
    found = reliability.availability(LOG, "2025-01-01", "2025-01-05")
    assert found.loc["main", ["failures", "hours_down"]].tolist() == [2, 4.5]
    assert found.loc["main", "available"] == pytest.approx(1 - 4.5 / 96)
    assert found.loc["main", "hours_between"] == pytest.approx(91.5 / 2)
    assert found.loc["backup", "hours_to_repair"] == 2
    assert found.attrs["all_down"] == pytest.approx(1 / 96)
    assert found.attrs["if_independent"] == pytest.approx(4.5 / 96 * 2 / 96)


def test_the_product_rule_forgets_the_common_cause():
    rng, minute = np.random.default_rng(0), pd.Timestamp("2024-09-01")
    rows = []
    for _ in range(26):
        at = minute + pd.Timedelta(minutes=int(rng.integers(0, 364 * 1440)))
        end = at + pd.Timedelta(minutes=40)
        rows.append(("main", at, end))
        if rng.random() < .35:
            rows.append(("backup", at, end))
    found = reliability.availability(pd.DataFrame(rows, columns=["line", "began", "ended"]), minute, "2025-09-01")
    assert found.attrs["all_down"] > 50 * found.attrs["if_independent"]


def deliveries():
    ordered = pd.date_range("2025-03-03", periods=20, freq="W-MON")
    steady = pd.DataFrame({"supplier_id": "V1", "ordered": ordered, "promised": ordered + pd.Timedelta(days=10),
                           "arrived": ordered + pd.Timedelta(days=10), "quantity": 100, "defective": 1})
    drifting = steady.assign(supplier_id="V3", arrived=ordered + pd.to_timedelta(8 + np.arange(20) // 2, unit="D"),
                             defective=4)
    return pd.concat([steady, drifting], ignore_index=True)


def test_a_scorecard_shows_a_drift_that_the_mean_hides():
    found = reliability.supplier_scorecard(deliveries())
    assert found.loc["V1", ["deliveries", "on_time", "lead_mean", "lead_sd", "trend"]].tolist() == pytest.approx(
        [20, 1, 10, 0, 0], abs=1e-9)
    assert found.loc["V3", "on_time"] == 6 / 20 and found.loc["V3", "defects"] == .04
    assert found.loc["V3", "trend"] == pytest.approx(30 / 14, rel=.05) and found.loc["V3", "late_mean"] == 4
    early = reliability.supplier_scorecard(deliveries(), until="2025-04-10")
    assert early.loc["V3", "on_time"] == 1 and early.loc["V3", "deliveries"] == 6
    both = reliability.supplier_scorecard(deliveries().assign(product_id="P1"), by=["supplier_id", "product_id"])
    assert both.index.names == ["supplier_id", "product_id"] and ("V1", "P1") in both.index


@pytest.mark.parametrize("call, words", [
    (lambda: reliability.in_parallel([99, 99]), "between 0 and 1"),
    (lambda: reliability.in_parallel([]), "one for each line"),
    (lambda: reliability.in_parallel([.9, .9], 1.5), "common_share lies between"),
    (lambda: reliability.availability(LOG, "2025-01-05", "2025-01-01"), "later than since"),
    (lambda: reliability.availability(LOG.assign(ended=pd.Timestamp("2024-01-01")), "2025-01-01", "2025-02-01"),
     "ends before it begins"),
    (lambda: reliability.availability(LOG.drop(columns="line"), "2025-01-01", "2025-02-01"), "lack the column line"),
    (lambda: reliability.supplier_scorecard(deliveries(), since="2026-01-01"), "has arrived"),
    (lambda: reliability.supplier_scorecard(deliveries().assign(arrived=pd.Timestamp("2025-01-01"))), "before it was"),
])
def test_what_cannot_be_counted_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_an_outage_that_goes_on_counts_and_a_line_that_never_failed_works():
    log = pd.DataFrame({"line": ["main", "main"], "began": pd.to_datetime(["2025-06-01 00:00", "2025-06-10 12:00"]),
                        "ended": pd.to_datetime(["2025-06-01 06:00", None])})
    alone = reliability.availability(log, "2025-06-01", "2025-06-11")
    assert alone.loc["main", "hours_down"] == 18 and alone.attrs["all_down"] == pytest.approx(18 / 240)
    both = reliability.availability(log, "2025-06-01", "2025-06-11", lines=["main", "backup"])
    assert both.loc["backup", ["failures", "available"]].tolist() == [0, 1] and both.attrs["all_down"] == 0
    assert pd.isna(both.loc["backup", "hours_between"])
    with pytest.raises(ValueError, match="main, which is not among the lines"):
        reliability.availability(log, "2025-06-01", "2025-06-11", lines=["backup"])
