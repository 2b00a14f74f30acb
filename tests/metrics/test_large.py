"""What is larger than memory: measures on Parquet folders, plans that read nothing, and the page that tells of it."""

import json
import re

import duckdb
import numpy as np
import pandas as pd
import pytest
from small_world import exported, small_world

import large
from common import ROOT
from large_shop import write
from liveshop import metrics
from liveshop.methods import clv

PAGE = (ROOT / "book" / "own-data" / "large.md").read_text(encoding="utf-8")
TYPES = {"line_no": "bigint", "customer_id": "bigint", "paid_amount": "double", "refunded_amount": "double"}
RECORD = ROOT / "book" / "own-data" / "large.json"
COLUMNS = {name: re.findall(r"(\w+): ([^;]+)", cells)
           for name, cells in re.findall(r"^\| `(\w+)` \| (.*?) \|", PAGE, re.M) if ":" in cells}


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    folder = tmp_path_factory.mktemp("large") / "my-shop"
    write(folder, 18_000, room=2_000)
    return folder


@pytest.fixture
def on_duckdb(shop, tmp_path):
    db, tables = large.on_duckdb(shop, tmp_path)
    yield db, tables
    db.close()


@pytest.mark.parametrize("name", large.MEASURES)
def test_figures_of_a_parquet_folder_are_those_of_sql_written_by_hand(on_duckdb, name):
    db, tables = on_duckdb
    ours, query = large.MEASURES[name]
    by_hand = large.rows(db.execute(query))
    assert not large.differences(large.rows(ours(tables)), by_hand)
    figures = [value for row in by_hand for value in row if not isinstance(value, str)]
    assert figures and (name == "contribution" or all(value > 0 for value in figures)), "a figure that says nothing"


def doubtful():
    """Tables with what a shop's have: gaps, guests, unpaid orders, a free gift, unknown costs, no sales."""
    sessions, orders, refunds, streams = small_world()
    whole = ["entered_second", "watch_seconds", "likes", "comments", "product_clicks", "orders", "viewer_id"]
    sessions = sessions.astype({**dict.fromkeys(whole, "Int64"), "followed": "boolean", "carted": "boolean"})
    for number, column in enumerate([*whole, "followed", "carted", "source"]):
        sessions.loc[number::11, column] = None
    sessions.loc[:2, "stream_id"], sessions.loc[:2, "product_clicks"] = "S9", None
    orders = orders.assign(product_id=np.resize(["P1", "P2", None, "P7", "P1"], len(orders)),
                           channel_id=np.resize(["C1", None, "C2", "C1", "C1", "C2", "C1"], len(orders)),
                           customer_id=orders["customer_id"] % 23,
                           paid=orders["paid"] + pd.Timedelta(days=20))
    orders.loc[5:8, "paid_amount"] = 0.0
    more = {"order_id": ["O1", "OX"], "line_no": [1, 1], "refunded_amount": [None, 3.0],
            "refunded": pd.to_datetime(["2025-06-20", "2025-06-21"])}
    return {
        "viewer_sessions": sessions, "orders": orders, "refunds": pd.concat([refunds, pd.DataFrame(more)]),
        "streams": pd.DataFrame({"stream_id": ["S1", "S2", "S9", "S8"], "stream_seconds": [4000, 4000, 0, 100],
                                 "impressions": [9000, 0, 0, 1]}),
        "products": pd.DataFrame({"product_id": ["P1", "P2"], "unit_cost": [10.0, None]}),
        "channels": pd.DataFrame({"channel_id": ["C1", "C2"], "take_rate": [0.05, 0.02],
                                  "payment_fee_rate": [0.006, None]}),
        "spend": pd.DataFrame({"channel_id": ["C1", "C1", "C5", None], "kind": ["ads", "coupon", None, "ads"],
                               "amount": [100.0, 5.0, 7.0, 1.0]})}


@pytest.mark.parametrize("rows", [600, 0], ids=["gaps", "no rows"])
@pytest.mark.parametrize("name", large.MEASURES)
def test_gaps_unpaid_orders_and_empty_tables_mean_the_same_in_sql_written_by_hand(name, rows):
    tables, (ours, query) = doubtful(), large.MEASURES[name]
    with duckdb.connect() as db:
        for table, frame in tables.items():
            db.register(f"all_{table}", frame)
            db.execute(f"CREATE TABLE {table} AS FROM all_{table} LIMIT {rows}")
        by_hand = large.rows(db.execute(query))
        assert not large.differences(large.rows(ours({table: db.table(table) for table in tables})), by_hand)
    few = {table: frame.head(rows) for table, frame in tables.items()}
    plain = ours(few)
    plain = [(plain,)] if isinstance(plain, float) else [
        tuple(None if pd.isna(value) else value for value in row) for row in plain.itertuples(index=False)]
    assert not large.differences(plain, by_hand), "through pandas"
    assert not rows or len(by_hand) > 2 or 0 < by_hand[0][0], "a figure that says nothing"


@pytest.mark.slow
def test_figures_of_a_parquet_folder_are_the_same_on_spark(on_duckdb, shop, spark):
    there = large.on_spark(shop, spark)
    for name, (ours, _) in large.MEASURES.items():
        assert not large.differences(large.rows(ours(there)), large.rows(ours(on_duckdb[1]))), name


def test_differences_are_seen():
    rows = [("S1", 1.0, 3), ("S2", float("nan"), None)]
    assert not large.differences(rows, [("S1", 1 + 1e-12, 3), ("S2", float("nan"), None)])
    assert large.differences(rows, [("S1", 1 + 1e-6, 3), ("S2", float("nan"), 0)]) == [(1.0, 1 + 1e-6), (None, 0)]
    assert large.differences(rows, rows[:1]) and large.differences(rows, [("S1",), ("S2",)])


@pytest.mark.slow
@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York"])
@pytest.mark.parametrize("kind", ["timestamp", "timestamp_ntz"])
def test_days_end_in_the_zone_of_the_spark_session(spark, zone, kind):
    """Wherever the driver's clock stands: it once moved the end of the day by the hours between the two."""
    _, orders, refunds, _ = small_world()
    orders = orders[["order_id", "line_no", "customer_id", "paid_amount", "paid"]]
    for order, late_or_early in (("O5", "2025-05-20 23:30"), ("O7", "2025-05-21 00:30")):
        orders["paid"] = orders["paid"].where(orders["order_id"] != order, pd.Timestamp(late_or_early))
    before = spark.conf.get("spark.sql.session.timeZone")
    spark.conf.set("spark.sql.session.timeZone", zone)

    def there(frame, time):
        texts = frame.astype({time: "str"}).astype(object).where(frame.notna(), None)
        made = spark.createDataFrame(texts.to_dict("records"), ", ".join(
            f"{name} {TYPES.get(name, 'string')}" for name in frame))
        return made.withColumn(time, made[time].cast(kind))

    try:
        o, r = there(orders, "paid"), there(refunds, "refunded")
        for day in ("2025-05-20", "2025-05-21"):
            assert metrics.net_sales(o, r, asof=day) == pytest.approx(metrics.net_sales(orders, refunds, asof=day))
        rate = metrics.repurchase_rate(orders, "2025-06-19")    # of its two periods the first ends with 20 May
        assert metrics.repurchase_rate(o, "2025-06-19") == pytest.approx(rate) and 0 < rate < 1
    finally:
        spark.conf.set("spark.sql.session.timeZone", before)


def plans(sessions, orders, refunds, streams, totals, products, channels):
    """Every measure that gives a table, by name."""
    return {
        "funnel": metrics.funnel(sessions, by="source"), "whole funnel": metrics.funnel(sessions),
        "pcu": metrics.pcu(sessions), "stream_scorecard": metrics.stream_scorecard(sessions, orders, streams),
        "scorecard_from_totals": metrics.scorecard_from_totals(totals), "reconcile": metrics.reconcile(totals),
        "net_sales": metrics.net_sales(orders, refunds, asof="2025-06-30", per="stream_id"),
        "refund_rate": metrics.refund_rate(orders, refunds, by="order", per="stream_id"),
        "contribution": metrics.contribution(orders, refunds, products, channels, per="channel_id")}


def world():
    sessions, orders, refunds, streams = small_world()
    orders = orders.assign(product_id="P1", channel_id="C1")
    products = pd.DataFrame({"product_id": ["P1"], "unit_cost": [10.0]})
    channels = pd.DataFrame({"channel_id": ["C1"], "take_rate": [0.05], "payment_fee_rate": [0.006]})
    return (sessions, orders, refunds, streams, exported()), (products, channels)


def test_plans_read_no_row(backend):
    """Of tables in which reading any row is an error, each measure is made, and fails only when it is asked for rows.

    What `contribution` looks into, products and channels, are the only ones that may be read."""
    give, take, kind = backend
    if kind.__name__ == "DuckDBPyRelation":
        def sealed(frame):
            return give(frame).filter("CASE WHEN random() < 0 THEN true ELSE error('a row was read')::BOOLEAN END")
    elif kind.__module__.startswith("pyspark"):
        from pyspark.sql import functions

        def sealed(frame):
            return give(frame).filter(functions.raise_error(functions.lit("a row was read")).cast("boolean"))
    else:
        pytest.skip("this engine is not lazy")
    large_ones, small_ones = world()
    made = plans(*map(sealed, large_ones), *map(give, small_ones))
    for name, plan in made.items():
        assert isinstance(plan, kind), name
        with pytest.raises(Exception, match="a row was read"):
            take(plan)


# The page -------------------------------------------------------------------------------------------------------------


def recipes():
    return re.findall(r"```python\n(.*?)```", PAGE, re.S)


def test_the_recipe_for_duckdb_works_as_it_stands(shop, tmp_path, monkeypatch, on_duckdb):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my-shop").symlink_to(shop)
    first, spark, *more = recipes()
    assert "pyspark" in spark and len(more) == 3
    known = {}
    for recipe in (first, *more):
        exec(recipe, known)
    card, tables = pd.read_parquet("scorecard.parquet"), on_duckdb[1]
    assert len(card) == 9 and known["gmv"] == pytest.approx(metrics.gmv(tables["orders"])) == known["daily"].gmv.sum()
    assert card.gmv.sum() == pytest.approx(known["gmv"])       # all of this shop's orders are of broadcasts
    orders = tables["orders"].df()
    history = clv.summary(orders[orders.paid.notna()], until="2025-08-31").sort_index()
    ours = known["customers"].set_index("customer_id").sort_index()
    for column in ("frequency", "recency", "age"):
        assert ours[column].to_numpy() == pytest.approx(history[column].to_numpy()), column
    some = known["some"]
    assert 0 < some.customer_id.nunique() < 0.2 * orders.customer_id.nunique()
    assert len(some) == orders.customer_id.isin(some.customer_id).sum()
    known["db"].close()


@pytest.mark.slow
def test_the_recipe_for_spark_works_as_it_stands(shop, tmp_path, monkeypatch, spark, on_duckdb):
    recipe = recipes()[1].replace('"my-shop', f'"{shop}').replace('"scorecard"', f'"{tmp_path}/scorecard"')
    known = {}
    exec(recipe, known)
    card, tables = pd.read_parquet(tmp_path / "scorecard"), on_duckdb[1]
    assert known["gmv"] == pytest.approx(metrics.gmv(tables["orders"]))
    here = metrics.stream_scorecard(tables["viewer_sessions"], tables["orders"], tables["streams"]).df()
    assert card.viewers.sum() == here.viewers.sum()


def call(name, tables):
    """A measure of the page with tables by name."""
    named = {"viewer_sessions": "sessions"}
    more = {"on": "2025-07-31"} if name == "repurchase_rate" else {}
    return getattr(metrics, name)(**{named.get(table, table): frame for table, frame in tables.items()}, **more)


@pytest.mark.parametrize("name", COLUMNS)
def test_a_measure_needs_the_columns_that_the_page_says_and_no_more(on_duckdb, name):
    tables = {table: on_duckdb[1][table] for table, _ in COLUMNS[name]}
    wanted = {table: re.findall(r"\w+", cells.split(", and those")[0]) for table, cells in COLUMNS[name]}
    call(name, {table: tables[table].select(*wanted[table]) for table in tables})
    for table, columns in wanted.items():
        for column in columns:
            fewer = tables[table].select(*[other for other in columns if other != column])
            with pytest.raises(ValueError, match=f"{table}.*{column}"):
                call(name, {**{one: frame.select(*wanted[one]) for one, frame in tables.items()}, table: fewer})


def test_the_page_tells_of_every_measure_that_is_measured():
    assert set(COLUMNS) == {name.split()[0] for name in large.MEASURES}


def test_the_figures_of_the_page_are_within_the_limits():
    known = json.loads(RECORD.read_text(encoding="utf-8"))
    assert set(known["measures"]) == set(large.MEASURES) == set(known["spark_seconds"])
    assert known["entries"] >= 100_000_000
    for name, told in known["measures"].items():
        assert told["busy"] <= 2 * told["by_hand_busy"] and told["memory"] <= 4000, name
