"""The frames that the measures take besides pandas."""

import os
import shutil

import pandas as pd
import pytest


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
