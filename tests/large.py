"""The measures on a large shop in Parquet files: through DuckDB beside SQL written by hand, and on Spark.

    python tests/large.py ours FOLDER funnel       one measure through DuckDB, as a practitioner calls it
    python tests/large.py by_hand FOLDER funnel    the same in SQL
    python tests/large.py spark FOLDER             all measures on Spark

Each prints a line of JSON: seconds on the clock and of the processor (building the query and fetching the rows), the
peak of the process's memory in MB, and the rows. `make bench ONLY=size` holds them against the limits.
"""

import json
import math
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from importlib.metadata import version
from pathlib import Path

from psutil import virtual_memory

import large_sql
from large_shop import write
from liveshop import metrics

MEASURES = {
    "funnel": (lambda t: metrics.funnel(t["viewer_sessions"], by="source"), large_sql.FUNNEL),
    "pcu": (lambda t: metrics.pcu(t["viewer_sessions"]), large_sql.PCU),
    "stream_scorecard": (lambda t: metrics.stream_scorecard(t["viewer_sessions"], t["orders"], t["streams"]),
                         large_sql.SCORECARD),
    "gmv": (lambda t: metrics.gmv(t["orders"]), large_sql.GMV),
    "refund_rate": (lambda t: metrics.refund_rate(t["orders"], t["refunds"], per="stream_id"), large_sql.REFUND_RATE),
    "refund_rate by order": (lambda t: metrics.refund_rate(t["orders"], t["refunds"], by="order", per="stream_id"),
                             large_sql.REFUNDED_ORDERS),
    "contribution": (lambda t: metrics.contribution(t["orders"], t["refunds"], t["products"], t["channels"], t["spend"],
                                                    per="channel_id"), large_sql.CONTRIBUTION),
    "repurchase_rate": (lambda t: metrics.repurchase_rate(t["orders"], "2025-07-31"), large_sql.REPURCHASE)}
MANY = ("viewer-sessions", "orders", "refunds")     # tables in several files, a folder each
ONE = ("streams", "products", "channels", "spend")
TABLES = (*MANY, *ONE)


def on_duckdb(folder, spill):
    """A connection in which each table is a view, and the tables as relations; `spill` takes what memory cannot."""
    import duckdb

    db = duckdb.connect(config={"memory_limit": "3GB", "temp_directory": str(spill), "threads": 2})
    for name in TABLES:
        files = f"{folder}/{name}/*.parquet" if name in MANY else f"{folder}/{name}.parquet"
        db.execute(f"CREATE VIEW {name.replace('-', '_')} AS FROM read_parquet('{files}')")
    return db, {table: db.table(table) for table in (name.replace("-", "_") for name in TABLES)}


def on_spark(folder, session):
    """The tables as frames of a Spark session."""
    return {name.replace("-", "_"): session.read.parquet(f"{folder}/{name}" if name in MANY else
                                                         f"{folder}/{name}.parquet") for name in TABLES}


def rows(result):
    """A measure's result as a list of tuples, whichever engine gives it."""
    if isinstance(result, float):
        return [(result,)]
    return [tuple(row) for row in (result.fetchall() if hasattr(result, "fetchall") else result.collect())]


def differences(ours, theirs):
    """The pairs of figures that differ by more than rounding: sums of floats depend on the order of the rows.

    What is not known is NULL in one engine and NaN in another.
    """
    def equal(one, other):
        if isinstance(one, str) or isinstance(other, str):
            return one == other
        one, other = (math.nan if value is None else float(value) for value in (one, other))
        return one == other or (one != one and other != other) or abs(one - other) <= 1e-9 * abs(one)

    if [len(row) for row in ours] != [len(row) for row in theirs]:
        return [(f"{len(ours)} rows", f"{len(theirs)} rows, or of other columns")]
    return [pair for one, other in zip(ours, theirs, strict=True) for pair in zip(one, other, strict=True)
            if not equal(*pair)]


def best(call, times=5, enough=5.0):
    """The call's rows, and the least of its seconds on the clock and of the processor, over several times.

    Less often where one takes `enough` seconds."""
    clock, busy = [], []
    while len(clock) < times and sum(clock) < enough:
        began = time.perf_counter(), time.process_time()
        given = rows(call())
        clock.append(time.perf_counter() - began[0])
        busy.append(time.process_time() - began[1])
    return {"rows": given, "seconds": min(clock), "busy": min(busy)}


def measure(how, folder, name):
    """One measure through DuckDB, ours or by hand."""
    ours, query = MEASURES[name]
    with tempfile.TemporaryDirectory() as spill:
        db, tables = on_duckdb(folder, spill)
        told = best(lambda: ours(tables) if how == "ours" else db.execute(query))
        db.close()
    return told | {"memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6}


def all_on_spark(folder):
    """Rows and seconds of every measure on a Spark of two cores in this process."""
    from pyspark.sql import SparkSession

    with tempfile.TemporaryDirectory() as spill:
        session = (SparkSession.builder.master("local[2]").config("spark.driver.memory", "3g")
                   .config("spark.ui.enabled", "false").config("spark.ui.showConsoleProgress", "false")
                   .config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1")
                   .config("spark.local.dir", spill).config("spark.sql.shuffle.partitions", "8").getOrCreate())
        tables = on_spark(folder, session)
        told = {name: best(lambda ours=ours: ours(tables), times=1) for name, (ours, _) in MEASURES.items()}
        session.stop()
    return told


def told_by(*command):
    """What a run of this file in a process of its own prints, read."""
    run = subprocess.run([sys.executable, __file__, *map(str, command)], capture_output=True, text=True)
    if run.returncode:
        raise RuntimeError(run.stderr.strip()[-300:])
    return json.loads(run.stdout.splitlines()[-1])


def beside_sql(folder, name, turns=3, enough=300.0):
    """A measure beside its SQL, by turns, each in a process of its own; fewer turns where they take `enough` seconds.

    A dict of seconds, busy and memory (best seconds, largest memory), the same with by_hand_ before, and rows.
    Raises ValueError if the two give different figures.
    """
    told, began = {"ours": [], "by_hand": []}, time.perf_counter()
    while len(told["ours"]) < turns and time.perf_counter() - began < enough:
        for how, runs in told.items():
            runs.append(told_by(how, folder, name))
    if differ := differences(told["ours"][0]["rows"], told["by_hand"][0]["rows"]):
        raise ValueError(f"{len(differ)} figures differ from those of the SQL, such as {differ[0]}")
    found = {}
    for how, runs in told.items():
        start = "" if how == "ours" else "by_hand_"
        found |= {start + what: take(run[what] for run in runs)
                  for what, take in [("seconds", min), ("busy", min), ("memory", max)]}
    return found | {"rows": told["ours"][0]["rows"]}


class Shops:
    """What is measured on large shops, each written when it is first asked for and removed with this object.

    `entries` of the shop for DuckDB, `on_spark` of that for Spark; `folder` holds the first already, if given.
    """

    def __init__(self, entries, on_spark, folder=None):
        self.entries, self.on_spark = entries, on_spark
        self._folders = {} if folder is None else {entries: folder}
        self._kept, self.beside, self.spark = [], {}, {}

    def folder(self, entries):
        """The folder of a shop with so many entries."""
        if entries not in self._folders:
            self._kept.append(tempfile.TemporaryDirectory(prefix="large-shop-"))
            self._folders[entries] = self._kept[-1].name
            write(self._folders[entries], entries)
        return self._folders[entries]

    def through_duckdb(self, name):
        """A measure beside its SQL, as :func:`beside_sql` has it."""
        if name not in self.beside:
            self.beside[name] = beside_sql(self.folder(self.entries), name)
        return self.beside[name]

    def differing_on_spark(self):
        """How many measures have figures on Spark that they do not have through DuckDB."""
        folder = self.folder(self.on_spark)
        self.spark = told_by("spark", folder)
        return sum(bool(differences(told["rows"], told_by("ours", folder, name)["rows"]))
                   for name, told in self.spark.items())

    def record(self, path):
        """Write what was measured, with the machine and the day, for the page of the book that shows it."""
        size = sum(file.stat().st_size for file in Path(self.folder(self.entries)).rglob("*.parquet"))
        known = {"day": f"{date.today()}", "cores": os.cpu_count(), "memory_gb": round(virtual_memory().total / 1e9),
                 "duckdb": version("duckdb"), "pyspark": version("pyspark"), "entries": self.entries,
                 "megabytes": round(size / 1e6), "entries_on_spark": self.on_spark,
                 "measures": {name: {what: round(told[what], 3) for what in told if what != "rows"}
                              for name, told in self.beside.items()},
                 "spark_seconds": {name: round(told["seconds"], 1) for name, told in self.spark.items()}}
        Path(path).write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    how, *words = sys.argv[1:]
    print(json.dumps(all_on_spark(*words) if how == "spark" else measure(how, *words)))
