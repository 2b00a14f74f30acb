"""A shop of any size in folders of Parquet files: simulated rooms, played again on other days to other people.

    python tests/large_shop.py FOLDER 10000000      writes a shop with so many viewer sessions

As at Qinghe, about four entries in five of a broadcast are different viewers, who come to about two broadcasts each.
What a viewer orders in one entry is one order. One paid line in five comes back, every other time half of its money.
Products, channels and spend are Qinghe's.
"""

import sys
import tempfile
from pathlib import Path

import duckdb

from common import ROOT
from liveshop.world import simulate_room

ROOM = 250_000      # entries of a broadcast
ROOMS = 4           # different ones
FIRST_DAY = "2025-03-03"
DAYS = 180

VIEWER = "1 + (hash(session_id, {number}) % (2 * {room}) + {number} * {room}) % greatest({people}, 1)"
TABLES = {
    "viewer-sessions": """
        SELECT * REPLACE (session_id::BIGINT + {number} * {room} AS session_id, '{name}' AS stream_id,
                          ({viewer})::BIGINT AS viewer_id)
        FROM entries{pattern}""",
    "orders": """
        SELECT * REPLACE ('{name}-' || session_id AS order_id, ({viewer})::BIGINT AS customer_id,
                          (row_number() OVER (PARTITION BY session_id ORDER BY order_id))::SMALLINT AS line_no,
                          session_id::BIGINT + {number} * {room} AS session_id, '{name}' AS stream_id,
                          '{channel}' AS channel_id, created + INTERVAL {day} DAY AS created,
                          paid + INTERVAL {day} DAY AS paid)
        FROM lines{pattern}""",
    "refunds": """
        SELECT order_id, line_no, paid + to_days(3 + (luck // 10 % 13)::INTEGER) AS refunded,
               CASE WHEN luck % 10 = 0 THEN paid_amount ELSE paid_amount / 2 END AS refunded_amount
        FROM (SELECT *, hash(order_id, line_no) AS luck FROM '{orders}') WHERE paid IS NOT NULL AND luck % 5 = 0"""}


def write(folder, entries, room=ROOM):
    """Write the tables that the measures read, in `folder`: entries, order lines and refunds a file a broadcast.

    `entries` is rounded up to whole broadcasts of `room` entries.
    """
    folder, count = Path(folder).resolve(), -(-entries // room)
    with duckdb.connect() as db:
        facts = [_pattern(db, seed, room) for seed in range(min(ROOMS, count))]
        for name in TABLES:
            (folder / name).mkdir(parents=True, exist_ok=True)
        for name in ("products", "channels", "spend"):
            db.execute(f"COPY (FROM '{ROOT}/data/{name}.parquet') TO '{folder}/{name}.parquet'")
        channels = [row[0] for row in db.sql(f"SELECT channel_id FROM '{folder}/channels.parquet'").fetchall()]
        db.execute("CREATE TABLE streams (stream_id VARCHAR, stream_seconds INTEGER, impressions BIGINT)")
        for number in range(count):
            name, pattern = f"S{number + 1:05d}", number % len(facts)
            words = {"name": name, "number": number, "room": room, "pattern": pattern, "day": number * DAYS // count,
                     "channel": channels[number % len(channels)], "orders": folder / "orders" / f"{name}.parquet",
                     "viewer": VIEWER.format(number=number, room=room, people=int(0.41 * count * room))}
            for table, query in TABLES.items():
                db.execute(f"COPY ({query.format(**words)}) TO '{folder}/{table}/{name}.parquet' (COMPRESSION zstd)")
            db.execute("INSERT INTO streams VALUES (?, ?, ?)", [name, facts[pattern], 5 * room])
        db.execute(f"COPY streams TO '{folder}/streams.parquet'")


def _pattern(db, seed, room):
    """Simulate a room and keep its entries and, moved to the first day, its order lines; returns its seconds on air."""
    with tempfile.TemporaryDirectory() as place:
        totals = simulate_room(room, place, seed=1 + seed)
        db.execute(f"CREATE TABLE entries{seed} AS FROM '{place}/viewer-sessions.parquet'")
        moved = f"to_days((DATE '{FIRST_DAY}' - DATE '{totals['started']:%Y-%m-%d}')::INTEGER)"
        db.execute(f"CREATE TABLE lines{seed} AS FROM '{place}/orders.parquet'")
        db.execute(f"UPDATE lines{seed} SET created = created + {moved}, paid = paid + {moved}")
    return int(totals["stream_seconds"])


if __name__ == "__main__":
    write(sys.argv[1], int(sys.argv[2]))
