"""Measures: the same on every kind of frame, right by hand, and different from the classic mistakes."""

import math
import os
import shutil

import narwhals as nw
import numpy as np
import pandas as pd
import pytest

from liveshop import metrics


def small_world(seed=0, entries=600):
    rng = np.random.default_rng(seed)
    sessions = pd.DataFrame({
        "session_id": np.arange(entries),
        "stream_id": rng.choice(["S1", "S2", "S3"], entries),
        "viewer_id": rng.integers(0, 250, entries),
        "source": rng.choice(["feed", "follow", "paid"], entries),
        "entered_second": rng.integers(0, 3000, entries),
        "watch_seconds": rng.integers(0, 900, entries),
        "likes": rng.poisson(1.0, entries), "comments": rng.poisson(0.2, entries), "shares": rng.poisson(0.05, entries),
        "followed": rng.random(entries) < 0.04,
        "product_clicks": rng.poisson(0.5, entries), "carted": rng.random(entries) < 0.1,
        "orders": rng.random(entries) < 0.05})
    sessions["orders"] = sessions["orders"].astype(int)
    lines = 120
    orders = pd.DataFrame({
        "order_id": [f"O{i // 2}" for i in range(lines)], "line_no": [i % 2 + 1 for i in range(lines)],
        "customer_id": [i // 2 % 45 for i in range(lines)],
        "stream_id": [["S1", "S2", None][i // 2 % 3] for i in range(lines)],
        "quantity": rng.integers(1, 4, lines), "paid_amount": rng.integers(20, 400, lines) / 2,
        "paid": pd.Timestamp("2025-05-01 20:00") + pd.to_timedelta([i // 2 * 1.5 for i in range(lines)], "D")})
    orders.loc[orders["order_id"].isin(["O3", "O10"]), "paid"] = pd.NaT
    refunds = orders.iloc[::7][["order_id", "line_no", "paid", "paid_amount"]].dropna()
    refunds = pd.DataFrame({"order_id": refunds["order_id"], "line_no": refunds["line_no"],
                            "refunded": refunds["paid"] + pd.Timedelta(days=6), "refunded_amount": refunds["paid_amount"]})
    streams = pd.DataFrame({"stream_id": ["S1", "S2", "S3"], "stream_seconds": [4000, 4000, 4000],
                            "impressions": [9000, 8000, 0], "product_impressions": [700, 800, 900]})
    return sessions, orders, refunds, streams


@pytest.fixture(scope="module")
def spark():
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java, and there is none")
    pyspark = pytest.importorskip("pyspark.sql", reason="pyspark is not installed")
    # A short run: neither thorough compiling nor parallel clean-up pays.
    os.environ.setdefault("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
    session = (pyspark.SparkSession.builder.master("local[1]").appName("liveshop")
               .config("spark.ui.enabled", "false").config("spark.sql.shuffle.partitions", "1")
               # Compiling code for each query costs more than running it on a few hundred rows.
               .config("spark.sql.codegen.wholeStage", "false").config("spark.sql.codegen.factoryMode", "NO_CODEGEN")
               .config("spark.sql.adaptive.enabled", "false")
               .config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1")
               .config("spark.sql.session.timeZone", "UTC").getOrCreate())
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


@pytest.fixture(params=["polars", "duckdb", pytest.param("spark", marks=pytest.mark.slow)])
def backend(request):
    """(to this backend, back to pandas, kind of frame)."""
    if request.param == "polars":
        pl = pytest.importorskip("polars", reason="polars is not installed")
        return pl.from_pandas, lambda frame: frame.to_pandas(), pl.DataFrame
    if request.param == "duckdb":
        duckdb = pytest.importorskip("duckdb", reason="duckdb is not installed")
        return duckdb.from_df, lambda frame: frame.df(), duckdb.DuckDBPyRelation
    session = request.getfixturevalue("spark")
    from pyspark.sql import DataFrame

    def give(frame):
        def plain(value):
            return None if pd.isna(value) else value.to_pydatetime() if isinstance(value, pd.Timestamp) else \
                value.item() if hasattr(value, "item") else value
        types = {"i": "bigint", "u": "bigint", "f": "double", "b": "boolean", "M": "timestamp"}
        schema = ", ".join(f"{name} {types.get(kind.kind, 'string')}" for name, kind in frame.dtypes.items())
        return session.createDataFrame([tuple(map(plain, row)) for row in frame.itertuples(index=False)], schema)

    def take(frame):
        return pd.DataFrame([row.asDict() for row in frame.collect()])
    return give, take, DataFrame


def same(ours, theirs, keys):
    ours, theirs = (frame.sort_values(keys).reset_index(drop=True) for frame in (ours, theirs))
    assert list(ours.columns) == list(theirs.columns)
    for column in ours:
        if pd.api.types.is_numeric_dtype(ours[column]):
            np.testing.assert_allclose(ours[column].to_numpy(float), theirs[column].to_numpy(float), rtol=1e-9, err_msg=column)
        else:
            assert ours[column].astype(str).tolist() == theirs[column].astype(str).tolist(), column


def test_every_table_is_the_same_on_every_backend(backend):
    give, take, kind = backend
    sessions, orders, refunds, streams = small_world()
    there = [give(frame) for frame in (sessions, orders, refunds, streams)]
    for function, keys in [
        (lambda s, o, r, t: metrics.stream_scorecard(s, o, t), ["stream_id"]),
        (lambda s, o, r, t: metrics.funnel(s, by="source"), ["source"]),
        (lambda s, o, r, t: metrics.pcu(s), ["stream_id"]),
        (lambda s, o, r, t: metrics.net_sales(o, r, per="customer_id"), ["customer_id"]),
        (lambda s, o, r, t: metrics.refund_rate(o, r, by="order", per="customer_id"), ["customer_id"]),
    ]:
        result = function(*there)
        assert isinstance(result, kind)
        same(function(sessions, orders, refunds, streams), take(result), keys)
    s, o, r, _ = there
    assert metrics.gmv(o) == pytest.approx(metrics.gmv(orders))
    assert metrics.net_sales(o, r, asof="2025-05-20") == pytest.approx(metrics.net_sales(orders, refunds, asof="2025-05-20"))
    assert metrics.repurchase_rate(o, "2025-06-30") == pytest.approx(metrics.repurchase_rate(orders, "2025-06-30"))
    for by in ("order", "amount", "item"):
        assert metrics.refund_rate(o, r, by=by) == pytest.approx(metrics.refund_rate(orders, refunds, by=by))


def test_reconcile_and_totals_are_the_same_on_every_backend(backend):
    give, take, _ = backend
    streams = exported()
    same(metrics.reconcile(streams), take(metrics.reconcile(give(streams))), ["stream_id", "measure"])
    same(metrics.scorecard_from_totals(streams), take(metrics.scorecard_from_totals(give(streams))), ["stream_id"])


def test_scorecard_by_hand():
    sessions, orders, _, streams = small_world(3)
    card = metrics.stream_scorecard(sessions, orders, streams).set_index("stream_id")
    mine = sessions[sessions["stream_id"] == "S1"]
    paid = orders[(orders["stream_id"] == "S1") & orders["paid"].notna()]
    row = card.loc["S1"]
    assert row["views"] == len(mine) and row["viewers"] == mine["viewer_id"].nunique()
    assert row["gmv"] == pytest.approx(paid["paid_amount"].sum())
    assert row["orders"] == paid["order_id"].nunique() and row["sku_orders"] == len(paid)
    assert row["items"] == paid["quantity"].sum() and row["buyers"] == paid["customer_id"].nunique()
    acted = mine[(mine["likes"] + mine["comments"] + mine["shares"] + mine["followed"]) > 0]
    assert row["interacting"] == acted["viewer_id"].nunique()
    assert row["acu"] == pytest.approx(mine["watch_seconds"].sum() / 4000)
    assert row["gmv_per_1000_views"] == pytest.approx(1000 * row["gmv"] / len(mine))
    watching = [((mine["entered_second"] <= second) & (mine["entered_second"] + mine["watch_seconds"] > second)).sum()
                for second in range(4000)]
    assert row["pcu"] == max(watching)
    assert row["pcu_per_acu"] == pytest.approx(max(watching) / row["acu"])
    # A broadcast without an order is there, with zeros, and what cannot be divided is NaN.
    assert card.loc["S3", "orders"] == 0 and card.loc["S3", "gmv"] == 0
    assert math.isnan(card.loc["S3", "gmv_per_order"]) and math.isnan(card.loc["S3", "gmv_per_1000_impressions"])


def test_sku_orders_and_items_of_one_basket():
    """Three of A and two of B in one basket: 2 SKU orders, 5 items (TikTok Shop documentation)."""
    sessions, _, _, _ = small_world()
    basket = pd.DataFrame({"order_id": ["O1", "O1"], "line_no": [1, 2], "customer_id": [7, 7], "stream_id": ["S1", "S1"],
                           "quantity": [3, 2], "paid_amount": [300.0, 100.0], "paid": pd.Timestamp("2025-05-01")})
    row = metrics.stream_scorecard(sessions, basket).set_index("stream_id").loc["S1"]
    assert (row["orders"], row["sku_orders"], row["items"], row["buyers"]) == (1, 2, 5, 1)
    assert (row["gmv_per_order"], row["gmv_per_item"]) == (400.0, 80.0)


def test_each_classic_wrong_denominator_differs():
    sessions, orders, _, streams = small_world(1)
    row = metrics.stream_scorecard(sessions, orders, streams).set_index("stream_id").loc["S1"]
    entries_per_minute = row["views"] / (row["stream_seconds"] / 60)
    wrong = {
        "gmv_per_1000_views": [1000 * row["gmv"] / row["viewers"], 1000 * row["gmv"] / row["impressions"], row["gmv"] / row["views"]],
        "orders_per_click": [row["orders"] / row["views"], row["orders"] / row["viewers"], row["sku_orders"] / row["product_clicks"]],
        "acu": [entries_per_minute, row["views"], row["pcu"], row["watch_seconds"] / row["views"]],
        "gmv_per_order": [row["gmv"] / row["buyers"], row["gmv"] / row["items"], row["gmv"] / row["sku_orders"]],
        "watch_seconds_per_view": [row["watch_seconds"] / row["viewers"]],
        "clicks_per_view": [row["product_clicks"] / row["viewers"], row["product_clicks"] / row["product_impressions"]],
        "buyers_per_viewer": [row["orders"] / row["viewers"], row["buyers"] / row["views"]],
    }
    for measure, others in wrong.items():
        for other in others:
            assert abs(other / row[measure] - 1) > 0.005, (measure, other)


@pytest.mark.parametrize("function, numerator, denominator, value", [
    (metrics.gpm, 500, 2000, 250), (metrics.show_gpm, 500, 50_000, 10), (metrics.uv_value, 500, 1000, 0.5),
    (metrics.aov, 600, 4, 150), (metrics.gmv_per_buyer, 600, 3, 200), (metrics.average_price, 600, 8, 75),
    (metrics.gmv_per_hour, 600, 7200, 300), (metrics.tap_through, 50, 1000, 0.05), (metrics.live_ctr, 30, 100, 0.3),
    (metrics.product_ctr, 30, 600, 0.05), (metrics.ctor, 3, 30, 0.1), (metrics.acu, 72_000, 3600, 20),
    (metrics.watch_per_view, 600, 10, 60), (metrics.watch_per_viewer, 600, 8, 75), (metrics.buyers_per_viewer, 3, 60, 0.05),
    (metrics.interaction_rate, 12, 60, 0.2), (metrics.follow_conversion, 3, 60, 0.05), (metrics.roas, 900, 300, 3.0),
    (metrics.roi, 900, 300, 2.0)])
def test_ratios_on_numbers_arrays_series_and_expressions(function, numerator, denominator, value):
    assert function(numerator, denominator) == pytest.approx(value)
    assert math.isnan(function(numerator, 0))
    array = function(np.array([numerator, numerator]), np.array([denominator, 0]))
    assert array[0] == pytest.approx(value) and math.isnan(array[1])
    frame = pd.DataFrame({"a": [numerator, numerator], "b": [denominator, 0]}, index=[5, 9])
    series = function(frame["a"], frame["b"])
    assert isinstance(series, pd.Series) and list(series.index) == [5, 9]
    assert series[5] == pytest.approx(value) and math.isnan(series[9])
    assert function(frame["a"], denominator)[5] == pytest.approx(value)
    column = nw.from_native(frame).select(r=function(nw.col("a"), nw.col("b")))["r"].to_list()
    assert column[0] == pytest.approx(value) and math.isnan(column[1])


def test_refund_rates_differ_by_what_is_counted():
    orders = pd.DataFrame({"order_id": ["A", "A", "B", "C", "D"], "line_no": [1, 2, 1, 1, 1], "quantity": [1, 1, 6, 1, 1],
                           "paid_amount": [100.0, 300.0, 60.0, 40.0, 999.0],
                           "paid": [pd.Timestamp("2025-06-01")] * 4 + [pd.NaT]})
    refunds = pd.DataFrame({"order_id": ["A", "B"], "line_no": [2, 1], "refunded_amount": [300.0, 30.0],
                            "refunded": pd.to_datetime(["2025-06-05 10:00", "2025-06-12 00:00"])})
    assert metrics.refund_rate(orders, refunds, by="order") == pytest.approx(2 / 3)       # the unpaid order is no order
    assert metrics.refund_rate(orders, refunds, by="amount") == pytest.approx(330 / 500)
    assert metrics.refund_rate(orders, refunds, by="item") == pytest.approx(7 / 9)
    assert metrics.net_sales(orders, refunds) == 170.0
    assert metrics.net_sales(orders, refunds, asof="2025-06-05") == 200.0                 # a date means the end of the day
    assert metrics.net_sales(orders, refunds, asof=pd.Timestamp("2025-06-05 09:00")) == 500.0
    assert metrics.net_sales(orders, refunds, asof="2025-05-01") == 0.0
    assert metrics.gmv(orders) == 500.0 and metrics.gmv(orders, paid_only=False) == 1499.0
    with pytest.raises(ValueError, match="order.*amount.*item"):
        metrics.refund_rate(orders, refunds, by="people")


def test_repurchase_rate_is_over_those_who_bought_in_the_period_before_last():
    day = pd.Timestamp("2025-07-30")
    ago = {1: [40], 2: [40, 5], 3: [5], 4: [31, 29], 5: [70, 3], 6: [30, 29]}
    rows = [(customer, day - pd.Timedelta(days=days)) for customer, when in ago.items() for days in when]
    orders = pd.DataFrame(rows, columns=["customer_id", "paid"])
    # Day 0 is the first of the 30, so 30 days ago is in the earlier period: earlier 1, 2, 4, 6; again 2, 4, 6.
    assert metrics.repurchase_rate(orders, "2025-07-30") == pytest.approx(3 / 4)
    assert math.isnan(metrics.repurchase_rate(orders, "2024-01-01"))
    with pytest.raises(ValueError, match="2025-06-18"):
        metrics.repurchase_rate(orders, 20250730)


def test_funnel_never_grows_and_names_its_denominators():
    sessions, *_ = small_world(5)
    row = metrics.funnel(sessions).iloc[0]
    assert row["entries"] == len(sessions) >= row["clicking"] >= row["carting"] >= row["ordering"]
    assert row["ordering_per_entry"] == pytest.approx(row["clicking_per_entry"] * row["carting_per_clicking"] * row["ordering_per_carting"])
    by = metrics.funnel(sessions, by="source")
    assert by["entries"].sum() == len(sessions) and by["source"].tolist() == ["feed", "follow", "paid"]


def test_pcu_counts_a_leaver_out_in_the_second_in_which_another_comes():
    sessions = pd.DataFrame({"stream_id": ["S"] * 3, "entered_second": [0, 10, 10], "watch_seconds": [10, 5, 0]})
    assert metrics.pcu(sessions)["pcu"].tolist() == [1]


def exported():
    streams = pd.DataFrame({
        "stream_id": ["A", "B", "C", "D"], "stream_seconds": 3600, "gmv": [5000.0, 800.0, 0.0, 960.0],
        "views": [2000, 500, 0, 700], "viewers": [1500, 450, 0, 600], "impressions": [40_000, 9000, 0, 8000],
        "product_impressions": [9000, 2500, 0, 3000], "product_clicks": [900, 210, 0, 300], "orders": [45, 8, 0, 9],
        "sku_orders": [60, 8, 0, 10], "items": [70, 9, 0, 12], "buyers": [41, 8, 0, 8], "watch_seconds": [180_000.0, 31_000.0, 0.0, 45_000.0]})
    streams["reported_watch_gpm"] = [2500.0, 800 * 1000 / 450, np.nan, 137_142.86]
    streams["reported_ctor"] = [0.0667, 8 / 210, np.nan, 3.0]
    streams["reported_watch_seconds_per_view"] = [90.0, 31_000 / 450, np.nan, -124.0]
    streams["reported_aov"] = [111.11, 130.0, np.nan, 80.0]
    return streams


def test_reconcile_finds_the_reason():
    table = metrics.reconcile(exported()).set_index(["stream_id", "measure"])
    assert table["agrees"].dtype == bool
    reason = table["likely_reason"]
    assert table.loc[("A", "gmv_per_1000_views"), "agrees"] and reason["A", "gmv_per_1000_views"] == ""
    assert "per 1,000 viewers" in reason["B", "gmv_per_1000_views"]
    assert "SKU orders per click" in reason["A", "orders_per_click"]
    assert table.loc[("B", "orders_per_click"), "agrees"]
    assert "percent" in reason["D", "orders_per_click"]
    assert "fen" in reason["D", "gmv_per_1000_views"]
    assert "seconds per viewer" in reason["B", "watch_seconds_per_view"]
    assert "sentinel" in reason["D", "watch_seconds_per_view"]
    assert table.loc[("A", "gmv_per_order"), "agrees"]                   # 111.11 is 111.111… as the export prints it
    assert "GMV per buyer" not in reason["A", "gmv_per_order"]
    assert reason["B", "gmv_per_order"].startswith("higher than any formula")
    assert reason["D", "gmv_per_order"] == "the export divides differently: GMV per item"
    assert table.loc["C"]["agrees"].all()                                # nothing on either side


def test_reconcile_knows_what_rounding_can_make():
    streams = pd.DataFrame({"stream_id": ["A", "B", "C"], "gmv": 5011.0, "views": [12_000, 12_000, 12_031], "reported_watch_gpm": [5011e3 / 12_431, 5011e3 / 12_600, 5011e3 / 12_431]})
    table = metrics.reconcile(streams)
    assert not table["agrees"].any() and ["1.2万" in reason for reason in table["likely_reason"]] == [True, False, False]


def test_scorecard_from_totals_takes_what_is_there():
    card = metrics.scorecard_from_totals(exported().drop(columns=["impressions", "reported_aov"]))
    assert "gmv_per_1000_impressions" not in card and card.loc[0, "gmv_per_1000_views"] == 2500.0
    assert card.loc[0, "acu"] == 50.0
    assert np.isnan(card.loc[2, "gmv_per_1000_views"])


def test_a_missing_column_is_named():
    sessions, orders, *_ = small_world()
    with pytest.raises(ValueError, match="viewer_sessions.*carted"):
        metrics.funnel(sessions.drop(columns="carted"))
    with pytest.raises(ValueError, match="orders.*paid"):
        metrics.gmv(orders.drop(columns="paid"))
    with pytest.raises(ValueError, match="streams.*reported_watch_gpm"):
        metrics.reconcile(exported().filter(regex="^(?!reported)"))


def test_moments_and_gaps_are_taken_or_refused_in_a_sentence():
    sessions, orders, *_ = small_world()
    zoned = orders.assign(paid=orders["paid"].dt.tz_localize("Asia/Shanghai"))
    assert metrics.repurchase_rate(zoned, "2025-06-30") == pytest.approx(metrics.repurchase_rate(orders, "2025-06-30"), nan_ok=True)
    assert metrics.repurchase_rate(orders, np.datetime64("2025-06-30")) == pytest.approx(metrics.repurchase_rate(orders, "2025-06-30"), nan_ok=True)
    for on in (pd.NaT, "soon", None):
        with pytest.raises(ValueError, match="is not a date: write it as"):
            metrics.repurchase_rate(orders, on)
    with pytest.raises(ValueError, match="longer than 0 days"):
        metrics.repurchase_rate(orders, "2025-06-30", days=0)
    with pytest.raises(ValueError, match="orders, column paid.*no times"):
        metrics.repurchase_rate(orders.assign(paid="yesterday"), "2025-06-30")
    assert metrics.roi([900, 1], [300, 0])[0] == pytest.approx(2.0) and math.isnan(metrics.roi([900, 1], [300, 0])[1])
    # An entry without a time cannot be counted as watching; a follower without a count of likes still acted.
    entries = pd.DataFrame({"stream_id": "S", "viewer_id": [1, 2, 3], "entered_second": [0, np.nan, 5], "watch_seconds": [10.0, 10, 10], "product_clicks": 0,
                            "likes": np.nan, "comments": 0, "shares": 0, "followed": [True, False, False]})
    assert metrics.pcu(entries)["pcu"].tolist() == [2]
    assert metrics.stream_scorecard(entries, orders)["interacting"].tolist() == [1]
