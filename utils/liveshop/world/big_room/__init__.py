"""One room of any size, in bounded memory: viewers come in chunks, and each chunk is written while the next is made."""

from __future__ import annotations

import os
import tempfile
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from liveshop.tables.writing import atomic
from liveshop.world import draws, storage
from liveshop.world.big_room.audience import prepare
from liveshop.world.big_room.chunk import order_table, simulate_chunk
from liveshop.world.big_room.totals import Totals
from liveshop.world.parameters import SEED, given

CHUNK = 250_000  # viewers
WRITTEN = ("viewer_sessions", "orders")  # the tables that are too large to keep


def simulate_room(viewers, out, minutes=180, parameters=None, seed=SEED, chunk=CHUNK):
    """Simulate one broadcast with so many viewers and write it to the folder `out`.

    Every viewer enters once. Writes viewer-sessions.parquet, orders.parquet,
    stream-minutes.parquet and streams.parquet with the columns of the contract (streams:
    those that one room has). Memory does not grow with `viewers`. Returns a dict of totals.
    """
    if viewers < 1:
        raise ValueError(f"A room needs at least one viewer, not {viewers}")
    if not 10 <= minutes <= 24 * 60:
        raise ValueError(f"A room lasts between 10 minutes and a day, not {minutes} minutes")
    out = Path(out)
    room = prepare(int(viewers), int(minutes), given(parameters), seed)
    per_cell = draws.generator(seed, "cells").multinomial(room.viewers, room.share)
    totals = Totals(room)
    with ExitStack() as files:
        paths = {t: files.enter_context(atomic(out / storage.path_of(t))) for t in WRITTEN}
        writers = {}
        files.callback(lambda: [writer.close() for writer in writers.values()])
        order_number = 0
        for result in _chunks(room, per_cell, chunk):
            totals.add(result)
            orders, order_number = order_table(room, result, order_number)
            for table, data in zip(WRITTEN, (result["sessions"], orders), strict=True):
                if table not in writers:
                    options = storage.parquet_options(table, data.schema, level=1)
                    writers[table] = pq.ParquetWriter(paths[table], data.schema, **options)
                writers[table].write_table(data, row_group_size=len(data) or 1)
    minutes_table, stream = totals.tables()
    storage.write_table(minutes_table, "stream_minutes", out)
    with atomic(out / storage.path_of("streams")) as path:
        data = pa.Table.from_pandas(stream, preserve_index=False).replace_schema_metadata(None)
        pq.write_table(data, path, compression="zstd", store_schema=False)
    return stream.iloc[0].to_dict()


def _chunks(room, per_cell, chunk):
    """What happened in each chunk, in their order: they are simulated side by side, a few ahead of who reads them."""
    before = np.concatenate([[0], np.cumsum(per_cell)])
    workers = min(2, os.cpu_count() or 1)
    with ThreadPoolExecutor(workers) as pool:
        waiting = deque()
        for a, b in _bounds(per_cell, chunk):
            waiting.append(pool.submit(simulate_chunk, room, a, b, per_cell[a:b], int(before[a])))
            if len(waiting) > workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _bounds(per_cell, chunk):
    """Runs of whole cells with about `chunk` entries each (a fuller single cell stays whole)."""
    bounds, start, filled = [], 0, 0
    for i, n in enumerate(per_cell):
        if filled and filled + n > chunk:
            bounds.append((start, i))
            start, filled = i, 0
        filled += int(n)
    bounds.append((start, len(per_cell)))
    return bounds


def benchmark(viewers=10_000_000):
    """Simulate one large room and say how long it took, how much memory, and how large the files are."""
    import resource

    with tempfile.TemporaryDirectory() as folder:
        begin, busy = time.perf_counter(), time.process_time()
        totals = simulate_room(viewers, folder)
        seconds, busy = time.perf_counter() - begin, time.process_time() - busy
        size = sum(f.stat().st_size for f in Path(folder).glob("*.parquet"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return (
        f"{viewers:,} viewers: {seconds:.1f} s ({busy:.1f} s of processor time), {peak:,.0f} MB peak memory, "
        f"{size / 1e6:,.0f} MB of Parquet, {totals['orders']:,} orders, largest number at once {totals['pcu']:,}"
    )
