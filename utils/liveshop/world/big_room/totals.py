"""Totals of a room, added up chunk by chunk."""

from __future__ import annotations

import numpy as np
import pandas as pd

from liveshop.world.big_room.chunk import STREAM
from liveshop.world.parameters import SOURCES
from liveshop.world.rooms.plan import CELL


class Totals:
    """What all chunks add up to: by minute, and for the whole broadcast."""

    def __init__(self, room):
        self.room = room
        self.sums = {}

    def add(self, result):
        """Add the counts of a chunk."""
        for name, value in result.items():
            if name not in ("sessions", "lines"):
                self.sums[name] = self.sums[name] + value if name in self.sums else value

    def tables(self):
        """The table stream_minutes, and the row of streams."""
        online = np.cumsum(self.sums["change"])[:-1]
        minutes = self._minutes(online)
        return minutes, self._stream(minutes, int(online.max()))

    def _minutes(self, online):
        sums, room = self.sums, self.room
        frame = pd.DataFrame({"stream_id": STREAM, "minute": np.arange(len(online) // 60)})
        frame["slot_no"] = room.plan.rundown.slot_no.to_numpy()[room.grid.slot[:: 60 // CELL]]
        frame["online"] = online[59::60]
        frame["watch_seconds"] = online.reshape(-1, 60).sum(axis=1)
        frame["enters"] = sums["enters"].sum(axis=1)
        for k, source in enumerate(SOURCES):
            frame[f"enters_{source}"] = sums["enters"][:, k]
        for name in ("exits", "comments", "likes", "shares", "follows", "product_clicks", "orders", "gmv"):
            frame[name] = sums[name]
        frame["stutter_seconds"] = (np.diff(room.grid.stutter) * online).reshape(-1, 60).sum(axis=1)
        frame["anomaly"] = None
        return frame

    def _stream(self, minutes, pcu):
        started, length = self.room.plan.rooms.started[0], len(minutes)
        orders = int(minutes.orders.sum())
        return pd.DataFrame(
            {
                "stream_id": [STREAM],
                "started": [started],
                "ended": [started + pd.Timedelta(minutes=length)],
                "stream_seconds": [length * 60],
                "views": [int(minutes.enters.sum())],
                "viewers": [self.room.viewers],
                "pcu": [pcu],
                "watch_seconds": [int(minutes.watch_seconds.sum())],
                "product_clicks": [int(minutes.product_clicks.sum())],
                "orders": [orders],
                "sku_orders": [orders],
                "items": [self.sums["items"]],
                "buyers": [self.sums["buyers"]],
                "gmv": [float(minutes.gmv.sum())],
                "likes": [int(minutes.likes.sum())],
                "comments": [int(minutes.comments.sum())],
                "shares": [int(minutes.shares.sum())],
                "new_followers": [int(minutes.follows.sum())],
                "stutter_seconds": [int(minutes.stutter_seconds.sum())],
            }
        )
