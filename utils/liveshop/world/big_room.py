"""One room of any size, in bounded memory: viewers come in chunks, and each chunk is written while the next is simulated."""

from __future__ import annotations

import os
import tempfile
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from liveshop.world.rooms import record as aftermath, plan as planning, sessions as live
from liveshop.world import catalogue, draws, people as persons, storage
from liveshop.world.parameters import SOURCES, Parameters
from liveshop.world.rooms.plan import CELL
from liveshop.world.season import SEED, lifts, paid_price

CHUNK = 250_000
PILOT = 60_000
STREAM = "S0001"


@dataclass
class Room:
    plan: planning.Plan
    grid: planning.Grid
    parameters: Parameters
    seed: int
    share: np.ndarray  # expected share of the entries that fall into each cell
    edges: np.ndarray  # cumulative shares of the sources in each cell
    crowd: np.ndarray  # share of the entries of a cell and source that a giveaway drew
    viewers: int
    kinds: np.ndarray
    online: np.ndarray  # expected persons in the room by second
    scale: np.ndarray
    clicks_until: np.ndarray


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
    parameters = parameters if isinstance(parameters, Parameters) else Parameters().but(parameters or {})
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    room = _prepare(int(viewers), int(minutes), parameters, seed)
    per_cell = draws.generator(seed, "cells").multinomial(room.viewers, room.share)
    bounds = _bounds(per_cell, chunk)
    totals = _Totals(room)
    paths = {t: out / storage.contract()[t]["path"] for t in ("viewer_sessions", "orders")}
    parts = {t: p.with_name(p.name + ".part") for t, p in paths.items()}
    writers = {}
    before = np.concatenate([[0], np.cumsum(per_cell)])
    order_number = 0
    workers = min(2, os.cpu_count() or 1)
    try:
        # chunks are simulated side by side and written in their order, so the file is the same however many workers there are
        with ThreadPoolExecutor(workers) as pool:
            waiting, todo = deque(), iter(bounds)
            for _ in range(workers + 1):
                _submit(pool, waiting, todo, room, per_cell, before)
            while waiting:
                result = waiting.popleft().result()
                _submit(pool, waiting, todo, room, per_cell, before)
                totals.add(result)
                orders, order_number = _order_table(room, result, order_number)
                for table, data in (("viewer_sessions", result["sessions"]), ("orders", orders)):
                    if table not in writers:
                        options = storage.parquet_options(table, data.schema, level=1)
                        writers[table] = pq.ParquetWriter(parts[table], data.schema, **options)
                    writers[table].write_table(data, row_group_size=len(data) or 1)
    finally:
        for writer in writers.values():
            writer.close()
    for table, path in paths.items():
        os.replace(parts[table], path)
    minutes_table, stream = totals.tables()
    storage.write_table(minutes_table, "stream_minutes", out)
    pq.write_table(
        pa.Table.from_pandas(stream, preserve_index=False).replace_schema_metadata(None),
        out / "streams.parquet",
        compression="zstd",
        store_schema=False,
    )
    return stream.iloc[0].to_dict()


def _submit(pool, waiting, todo, room, per_cell, before):
    for a, b in todo:
        waiting.append(pool.submit(_chunk, room, a, b, per_cell[a:b], int(before[a])))
        return


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


def _prepare(viewers, minutes, parameters, seed):
    plan = planning.season(parameters, seed, rooms=1, minutes=minutes)
    grid = planning.grid(plan, parameters, seed)
    rate = grid.entries.sum(axis=1) + grid.crowd
    split = grid.entries.copy()
    split[:, live.FEED] += 0.6 * grid.crowd
    split[:, live.SHARE] += 0.4 * grid.crowd
    edges = np.cumsum(split, axis=1) / split.sum(axis=1, keepdims=True)
    drawn = np.zeros((len(rate), 6))
    drawn[:, live.FEED] = 0.6 * grid.crowd / split[:, live.FEED]
    drawn[:, live.SHARE] = 0.4 * grid.crowd / split[:, live.SHARE]
    room = Room(
        plan,
        grid,
        parameters,
        seed,
        rate / rate.sum(),
        edges[:, :-1],
        drawn,
        viewers,
        persons.kinds_by_source(parameters),
        None,
        None,
        grid.clicks_until(),
    )
    # a small pilot audience tells how full the room will be, and sets orders per click
    pilot = _enter(room, 0, len(rate), draws.generator(seed, "pilot").multinomial(PILOT, room.share), 2**41)
    change = np.bincount(pilot["entered"], minlength=len(grid.stutter)) - np.bincount(
        pilot["entered"] + pilot["watch"], minlength=len(grid.stutter)
    )
    room.online = np.cumsum(change)[:-1] * (viewers / PILOT)
    none = np.full(PILOT, -1)
    relative = np.bincount(
        pilot["source"],
        live.expected_orders(
            grid, pilot["entered"], pilot["watch"], pilot["intent"], pilot["source"], pilot["what"], none, parameters
        ),
        6,
    )
    festive = parameters.festival.orders if plan.rooms.is_festival[0] else 1.0
    shelf = np.bincount(
        pilot["source"],
        parameters.shelf.conversion * np.exp(pilot["intent"]) * persons.MOOD[pilot["source"]] * festive,
        6,
    )
    room.scale = lifts(parameters, shelf) * shelf / np.maximum(relative, 1e-300)
    return room


def _enter(room, a, b, per_cell, first):
    """Entries of the cells a..b: arrays over viewers, sorted by second. `first` numbers the viewers."""
    seed, p = room.seed, room.parameters
    cell = np.repeat(np.arange(a, b), per_cell)
    random = draws.generator(seed, "chunk", first)
    second = np.sort((cell * CELL + random.integers(0, CELL, len(cell))).astype(np.int32)).astype(np.int64)
    identity = np.arange(first, first + len(cell), dtype=np.uint64)
    u = random.random(len(cell))
    source = np.zeros(len(cell), dtype=np.int8)
    for k in range(5):
        source += u > room.edges[cell, k]
    what = np.zeros(len(cell), dtype=np.int8)
    drawn = room.crowd[a:b].any()
    if drawn:
        what[random.random(len(cell)) < room.crowd[cell, source]] = live.CROWD
    u = draws.uniform(seed, "kind", identity)
    kind = np.zeros(len(cell), dtype=np.int8)
    limits = np.cumsum(room.kinds, axis=1)
    for k in range(3):
        kind += u > limits[source, k]
    rate = live.leaving_rate(p, source, kind)
    if drawn:
        rate = np.where(what == live.CROWD, rate * p.giveaway.crowd_hazard, rate)
    watch, to_end = live.stay(room.grid, second, rate, draws.exponential(seed, "stay", identity), p.retention.shape)
    spread = p.audience.intent_spread
    intent = spread * draws.normal(seed, "intent", identity) - spread**2 / 2 + persons.kind_intent(p)[kind]
    return {
        "entered": second,
        "watch": watch,
        "to_end": to_end,
        "source": source,
        "what": what,
        "kind": kind,
        "identity": identity,
        "intent": intent,
    }


def _chunk(room, a, b, per_cell, first):
    """Simulate the viewers who enter in the cells a..b; returns the sessions (Arrow) and what the totals need."""
    seed, p, grid = room.seed, room.parameters, room.grid
    e = _enter(room, a, b, per_cell, first)
    entered, watch, source, identity = e["entered"], e["watch"], e["source"], e["identity"]
    count = len(entered)
    stutter = (grid.stutter[entered + watch] - grid.stutter[entered]).astype(np.int32)
    talk = live.chat(grid, p, seed, entered, watch, identity, e["what"], room.online)
    wait = live.first_question_wait(talk, count)
    comments = np.bincount(talk.session, minlength=count)
    first_comment = np.zeros(count, dtype=np.int32)
    owner, where = np.unique(talk.session, return_index=True)
    first_comment[owner] = talk.second[where] - entered[owner]
    edges = np.array([0, len(room.plan.rundown)])
    clicked = live.clicks(
        grid,
        p,
        seed,
        entered,
        watch,
        e["intent"],
        source,
        e["what"],
        wait,
        identity,
        room.scale,
        edges,
        room.clicks_until,
    )
    lines = _lines(room, entered, watch, identity, clicked)
    paid = lines[lines.is_paid]
    orders = np.bincount(paid.session, minlength=count)
    acts = aftermath.interact(seed, identity, entered, watch, e["kind"] >= persons.FAN, e["what"] != live.BOT)
    clicks = np.bincount(clicked.session, minlength=count)
    carted = (orders > 0) | ((clicks > 0) & (draws.uniform(seed, "cart", identity) < 0.22))
    number = 1 + identity.astype(np.int64)
    viewer = _shuffled(number, room.viewers)
    device = draws.choice(draws.uniform(seed, "device", viewer.astype(np.uint64)), aftermath.DEVICE_SHARE)
    codes = lambda code, names: pa.DictionaryArray.from_arrays(pa.array(code, pa.int8()), pa.array(names))
    columns = {
        "session_id": pa.array(number.astype(np.int32)),
        "stream_id": pa.DictionaryArray.from_arrays(pa.array(np.zeros(count, np.int8)), pa.array([STREAM])),
        "viewer_id": pa.array(viewer.astype(np.int32)),
        "source": codes(source, SOURCES),
        "device": codes(device, aftermath.DEVICES),
        "entered_second": pa.array(entered.astype(np.int32)),
        "watch_seconds": pa.array(watch),
        "stayed_to_end": pa.array(e["to_end"]),
        "likes": pa.array(acts["likes"].astype(np.int16)),
        "comments": pa.array(comments.astype(np.int16)),
        "shares": pa.array(acts["shares"].astype(np.int16)),
        "followed": pa.array(acts["wish"]),
        "is_fan": pa.array(e["kind"] >= persons.FAN),
        "product_clicks": pa.array(clicks.astype(np.int16)),
        "carted": pa.array(carted),
        "orders": pa.array(orders.astype(np.int16)),
        "stutter_seconds": pa.array(stutter),
        "first_comment_second": pa.array(first_comment, mask=comments == 0),
        "wait_seconds": pa.array(wait, mask=wait < 0),
    }
    minutes = room.grid.first[-1] * CELL // 60
    per_minute = lambda seconds, weights=None: np.bincount(seconds // 60, weights, minlength=minutes)[:minutes]
    return {
        "sessions": pa.table({name: columns[name] for name in storage.columns("viewer_sessions")}),
        "lines": lines.assign(viewer=viewer[lines.session], session_id=number[lines.session]),
        "change": np.bincount(entered, minlength=minutes * 60 + 1)
        - np.bincount(entered + watch, minlength=minutes * 60 + 1),
        "enters": np.column_stack([per_minute(entered[source == k]) for k in range(6)]),
        "exits": per_minute((entered + watch)[~e["to_end"]]),
        "comments": per_minute(talk.second),
        "likes": per_minute(acts["like_seconds"]),
        "shares": per_minute(acts["share_seconds"]),
        "follows": per_minute(acts["follow_at"][acts["wish"]]),
        "product_clicks": per_minute(clicked.second),
        "orders": per_minute(paid.second.to_numpy()),
        "gmv": per_minute(paid.second.to_numpy(), paid.paid_amount.to_numpy()),
        "buyers": int((orders > 0).sum()),
        "items": int(paid.quantity.sum()),
    }


def _shuffled(number, size):
    """A person's number: a fixed shuffle of 1..size, so that numbers say nothing about when somebody came."""
    step = next(s for s in range(int(size * 0.618) | 1, 4 * size + 7, 2) if np.gcd(s, size) == 1)
    return (number * step) % size + 1


def _lines(room, entered, watch, identity, clicked):
    """Order lines (one an order) of a chunk."""
    seed, rundown, products = room.seed, room.plan.rundown, room.plan.products
    bought = np.flatnonzero(clicked.ordered)
    session, number = clicked.session[bought], clicked.number[bought]
    own = identity[session]
    pause = 4 + 22 * draws.exponential(seed, "checkout", own, number)
    second = np.minimum(clicked.second[bought] + pause.astype(np.int64), entered[session] + watch[session] - 1)
    slot, on_table = clicked.slot[bought], clicked.on_table[bought]
    quantity = 1 + draws.poisson(
        seed, "quantity", own * np.uint64(31) + number.astype(np.uint64), persons.extra_items(seed, own), most=24
    )
    quantity = np.where(
        on_table & (rundown.offer.to_numpy(dtype=object)[slot] == "bundle"), np.maximum(quantity, 2), quantity
    )
    product = rundown["product"].to_numpy()[slot]
    price = products.list_price.to_numpy()[product]
    discount = np.where(on_table, rundown.discount.to_numpy()[slot], 0.05)
    is_paid = draws.uniform(seed, "pays", own, number) >= room.parameters.refund.unpaid
    pause = draws.uniform(seed, "paying", own, number)
    return pd.DataFrame(
        {
            "session": session,
            "second": second,
            "product": product,
            "quantity": quantity,
            "list_amount": quantity * price,
            "paid_amount": quantity * paid_price(price, discount),
            "is_paid": is_paid,
            "pause": pause,
        }
    )


def _order_table(room, result, number):
    lines = result["lines"]
    started = room.plan.rooms.started.to_numpy().astype("datetime64[ms]")[0]
    created = started + lines.second.to_numpy() * np.timedelta64(1000, "ms")
    paid = created + aftermath.paying_seconds(lines.pause.to_numpy()) * np.timedelta64(1000, "ms")
    count = len(lines)
    ids = np.arange(number + 1, number + count + 1)
    constant = lambda text: pa.DictionaryArray.from_arrays(pa.array(np.zeros(count, np.int8)), pa.array([text]))
    nothing = pa.nulls(count, pa.string())
    columns = {
        "order_id": pa.array(np.char.add("O", ids.astype(str)).astype(object), pa.string())
        if count
        else pa.array([], pa.string()),
        "line_no": pa.array(np.ones(count, np.int16)),
        "customer_id": pa.array(lines.viewer.to_numpy().astype(np.int32)),
        "product_id": pa.DictionaryArray.from_arrays(
            pa.array(lines["product"].to_numpy().astype(np.int16)), pa.array(list(room.plan.products.product_id))
        ),
        "channel_id": constant(catalogue.CHANNEL_IDS[int(room.plan.rooms.channel[0])]),
        "source": constant("live"),
        "stream_id": constant(STREAM),
        "post_id": nothing,
        "session_id": pa.array(lines.session_id.to_numpy().astype(np.int32)),
        "quantity": pa.array(lines.quantity.to_numpy().astype(np.int16)),
        "list_amount": pa.array(lines.list_amount.to_numpy().astype(float)),
        "paid_amount": pa.array(lines.paid_amount.to_numpy().astype(float)),
        "coupon_id": nothing,
        "created": pa.array(created),
        "paid": pa.array(paid, mask=~lines.is_paid.to_numpy()),
    }
    return pa.table({name: columns[name] for name in storage.columns("orders")}), number + count


class _Totals:
    """Totals of the room, added up chunk by chunk."""

    def __init__(self, room):
        self.room = room
        self.sums = {}

    def add(self, result):
        for name, value in result.items():
            if name not in ("sessions", "lines"):
                self.sums[name] = self.sums[name] + value if name in self.sums else value

    def tables(self):
        sums, room = self.sums, self.room
        online = np.cumsum(sums["change"])[:-1]
        minutes = len(online) // 60
        stalled = (np.diff(room.grid.stutter) * online).reshape(-1, 60).sum(axis=1)
        frame = pd.DataFrame({"stream_id": STREAM, "minute": np.arange(minutes)})
        frame["slot_no"] = room.plan.rundown.slot_no.to_numpy()[room.grid.slot[:: 60 // CELL]]
        frame["online"] = online[59::60]
        frame["watch_seconds"] = online.reshape(-1, 60).sum(axis=1)
        frame["enters"] = sums["enters"].sum(axis=1)
        for k, source in enumerate(SOURCES):
            frame[f"enters_{source}"] = sums["enters"][:, k]
        for name in ("exits", "comments", "likes", "shares", "follows", "product_clicks", "orders", "gmv"):
            frame[name] = sums[name]
        frame["stutter_seconds"] = stalled
        frame["anomaly"] = None
        started = room.plan.rooms.started[0]
        stream = pd.DataFrame(
            {
                "stream_id": [STREAM],
                "started": [started],
                "ended": [started + pd.Timedelta(minutes=minutes)],
                "stream_seconds": [minutes * 60],
                "views": [int(frame.enters.sum())],
                "viewers": [room.viewers],
                "pcu": [int(online.max())],
                "watch_seconds": [int(online.sum())],
                "product_clicks": [int(frame.product_clicks.sum())],
                "orders": [int(frame.orders.sum())],
                "sku_orders": [int(frame.orders.sum())],
                "items": [sums["items"]],
                "buyers": [sums["buyers"]],
                "gmv": [float(frame.gmv.sum())],
                "likes": [int(frame.likes.sum())],
                "comments": [int(frame.comments.sum())],
                "shares": [int(frame.shares.sum())],
                "new_followers": [int(frame.follows.sum())],
                "stutter_seconds": [int(stalled.sum())],
            }
        )
        return frame, stream


def benchmark(viewers=10_000_000, out=None):
    """Simulate one large room and say how long it took, how much memory, and how large the files are."""
    import resource

    with tempfile.TemporaryDirectory() as folder:
        folder = Path(out or folder)
        begin, busy = time.perf_counter(), time.process_time()
        totals = simulate_room(viewers, folder)
        seconds, busy = time.perf_counter() - begin, time.process_time() - busy
        size = sum(f.stat().st_size for f in folder.glob("*.parquet"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return f"{viewers:,} viewers: {seconds:.1f} s ({busy:.1f} s of processor time), {peak:,.0f} MB peak memory, {size / 1e6:,.0f} MB of Parquet, {totals['orders']:,} orders, largest number at once {totals['pcu']:,}"
