"""What the measures took on a large shop, for the page that tells how to work with one."""
from __future__ import annotations

import json

from course.paths import BOOK
from liveshop.tables.markdown import table


def figures(docname: str) -> str:
    """What was measured, on which machine and when; `make bench ONLY=size OUT=book/own-data/large.json` writes it."""
    known = json.loads((BOOK / "own-data" / "large.json").read_text(encoding="utf-8"))
    rows = [[f"`{name}`", f"{told['by_hand_busy']:.2f}", f"{told['busy']:.2f}",
             f"{told['busy'] / told['by_hand_busy']:.2f}", f"{told['memory']:,.0f}",
             f"{known['spark_seconds'][name]:.0f}" if name in known["spark_seconds"] else "–"]
            for name, told in known["measures"].items()]
    longest, took = max(known["measures"].items(), key=lambda measure: measure[1]["seconds"])
    about = (
        f"Measured on {known['day']} on a machine with {known['cores']} cores and {known['memory_gb']} GB, on which "
        f"other work ran: {known['entries']:,} entries of simulated rooms with their orders and refunds, "
        f"{known['megabytes']:,} MB of Parquet. DuckDB {known['duckdb']} was held to 3 GB. Its seconds are those of "
        f"the processor, on both cores together. By the clock a run takes longer where it waits for the disk or for "
        f"other work: `{longest}` took {took['seconds']:,.0f} seconds, its SQL {took['by_hand_seconds']:,.0f}. Spark "
        f"{known['pyspark']} had two cores of the same machine and {known['entries_on_spark']:,} entries; its seconds "
        f"are those of the clock.")
    header = ["measure", "SQL by hand, s", "ours, s", "ours / SQL", "memory, MB", "on Spark, s"]
    return about + "\n\n" + table(header, rows)
