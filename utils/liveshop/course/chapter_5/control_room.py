"""A rehearsal for the control desk: past nights, replayed up to a minute, with a call to make.

:func:`rehearse` picks the nights on which the charts rose highest; a :class:`Case` knows what could be seen at each of
its moments and says afterwards whether a call was right, how late it was and what the wait had cost.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

CALLS = ("carry on", "check the picture", "check the link", "change the table")
# Label of the control room -> the call that would have been right, and how it shows.
RIGHT_CALL = {
    "stutter": ("check the picture", "the picture stalled"),
    "broken_link": ("check the link", "the link was broken: people clicked and nobody could order"),
    "host_absent": ("change the table", "nobody stood at the table: people watched and did not click"),
    "bot_flood": ("carry on", "it was a flood of bots: they come, click nothing and go by themselves, "
                              "and whoever changes the table for them punishes the real viewers"),
}
GAUGE_LABEL = {"picture": "stutter", "link": "broken_link", "table": "host_absent", "crowd": "bot_flood"}
GAUGE_CALL = {gauge: RIGHT_CALL[label][0] for gauge, label in GAUGE_LABEL.items()}
BEFORE, AFTER = 16, 10       # minutes shown around the trouble


@dataclass(frozen=True)
class Case:
    """One rehearsed night. ``minutes``: the window shown, with expected_* columns and the charts; ``begin`` and
    ``end``: first and last minute of the trouble; ``moments``: the minutes at which a call can be made; ``label``: what
    the control room wrote afterwards ("" if nothing); ``gauge``: the chart that rose; ``order_value``: CNY an order."""

    stream_id: str
    minutes: pd.DataFrame
    begin: int
    end: int
    moments: tuple
    label: str
    gauge: str
    order_value: float
    width: float
    labelled: bool = False      # the control room wrote labels: a stretch without one was no fault

    def state(self, now):
        """What can be known at the end of minute ``now``, in one sentence."""
        row = self.minutes[self.minutes["minute"] == now].iloc[0]
        last = self.minutes[self.minutes["minute"].between(now - 2, now)]
        counted = (("product_clicks", "clicks", 0), ("orders", "orders", 1), ("exits", "leavers", 0))
        parts = [f"{name} {int(last[column].sum())} (expected {last['expected_' + column].sum():.{digits}f})"
                 for column, name, digits in counted if "expected_" + column in last]
        if "stall" in last:
            parts.append(f"stalled seconds per viewer and minute {last['stall'].mean():.0f}")
        loud = [name for name in GAUGE_CALL if name in row and row[name] > self.width]
        verb = "charts are" if len(loud) > 1 else "chart is"
        said = f"The {' and '.join(loud)} {verb} beyond the limit." if loud else "All charts are quiet."
        return f"Minute {now}, {int(row['online'])} watching. In the last three minutes: {', '.join(parts)}. {said}"

    def lost_by(self, now):
        """Money that the trouble had cost by the end of minute ``now``: orders expected from the usual clicks of
        so large an audience less the orders placed, times the broadcast's average order."""
        past = self.minutes[self.minutes["minute"].between(self.begin, now)]
        return max(0.0, missing_orders(past)) * self.order_value

    def right_call(self):
        if self.label in RIGHT_CALL:
            return RIGHT_CALL[self.label][0]
        return "carry on" if self.labelled else GAUGE_CALL[self.gauge]

    def verdict(self, call, moment):
        """The sentence for a call at the moment (counted from 1)."""
        now, last = self.moments[moment - 1], moment == len(self.moments)
        if call == "carry on" and not last:
            return self.state(now) + " Carry on, or call?"
        right = self.right_call()
        unknown = "nothing was wrong, says the control room; the chart rose all the same" if self.labelled else (
            f"the {self.gauge} chart stood high, and nobody wrote down why")
        what = RIGHT_CALL.get(self.label, ("", unknown))[1]
        length = f"From minute {self.begin} to {self.end} {what}."
        if call == "carry on":
            if right == "carry on":
                return (
                    f"Right to sit on your hands. {length} Write it into the review, and leave its entries out of "
                    "every rate.")
            return (
                f"Nobody called. {length} By minute {self.end} about ¥{self.lost_by(self.end):,.0f} of orders had not "
                f"come. The call was: {right}.")
        if now < self.begin:
            return (
                f"Called too soon: at minute {now} nothing was wrong. What you saw was chance or a change of product. "
                f"{length}")
        if call != right:
            return f"Wrong switch: {call}. {length} The call was: {right}."
        late = now - self.begin
        wait = "in its first minute" if late == 0 else f"{late} minute{'s' if late > 1 else ''} after it began"
        return (
            f"Right: {call}, {wait}. {length} By then about ¥{self.lost_by(now):,.0f} of orders had not come; by its "
            f"end it was ¥{max(self.lost_by(now), self.lost_by(self.end)):,.0f}.")


def missing_orders(minutes):
    """Orders due from the usual clicks of so large an audience, less the orders placed; negative where more came.

    minutes: with expected_product_clicks and expected_orders, of the clicks there were; 0 without them.
    """
    if not {"expected_orders", "expected_product_clicks"} <= set(minutes.columns):
        return 0.0
    rate = minutes["expected_orders"].sum() / max(minutes["product_clicks"].sum(), 1e-9)
    return minutes["expected_product_clicks"].sum() * rate - minutes["orders"].sum()


def rehearse(prepared, desk, lam=0.3, width=4.5, gauges=("link", "crowd", "table")):
    """One case for each gauge: the night on which its chart rose highest, each night once.

    ``prepared`` and ``desk`` as in :mod:`liveshop.methods.desk`. Where the control room has labelled such a fault, only
    labelled minutes compete, and the trouble is the labelled stretch; elsewhere it is the stretch in which the chart
    stood above half of the limit.
    Returns {"Night A": Case, …}.
    """
    charts = desk.charts(prepared, lam)
    frame = pd.concat([prepared, desk.expected(prepared).add_prefix("expected_"), charts], axis=1)
    labels = frame["anomaly"].fillna("") if "anomaly" in frame else pd.Series("", index=frame.index)
    frame["label"] = labels.astype(str)
    value = frame.groupby("stream_id")["gmv"].sum() / frame.groupby("stream_id")["orders"].sum()
    cases, used = {}, set()
    for gauge in [name for name in gauges if name in charts]:
        own = frame["label"] == GAUGE_LABEL[gauge]
        among = charts.loc[own if own.any() else own | True, gauge]
        ranked = among.groupby(frame["stream_id"]).max().sort_values(ascending=False)
        stream = next((name for name in ranked.index if name not in used), None)
        if stream is None or not ranked[stream] > 0:
            continue
        used.add(stream)
        night = frame[frame["stream_id"] == stream].reset_index(drop=True)
        begin, end, label = _trouble(night, gauge, width, own.any())
        window = night[night["minute"].between(begin - BEFORE, end + AFTER)].reset_index(drop=True)
        name, moments = f"Night {'ABCDEFGH'[len(cases)]}", _moments(window, begin, end)
        cases[name] = Case(stream, window, begin, end, moments, label, gauge,
                           float(value[stream]), width, bool((labels != "").any()))
    return cases


def _trouble(night, gauge, width, labelled):
    """First and last minute of the trouble, and its label."""
    inside = night["label"] == GAUGE_LABEL[gauge] if labelled else night[gauge] > width / 2
    peak = night[gauge].where(inside if inside.any() else True).idxmax()
    stretch = (inside != inside.shift()).cumsum()
    mine = night[stretch == stretch[peak]]
    return int(mine["minute"].iloc[0]), int(mine["minute"].iloc[-1]), str(night.loc[peak, "label"])


def _moments(window, begin, end):
    """Five minutes at which to decide: one before (at the nearest change of product, if any) and four in it."""
    first, last = int(window["minute"].min()), int(window["minute"].max())
    quiet = window[window["minute"].between(first + 6, begin - 2)]
    changes = quiet.loc[quiet["since"] == 0, "minute"] if "since" in quiet else []
    before = int(changes.iloc[-1]) + 1 if len(changes) else begin - 4
    length = max(end - begin, 3)
    inside = [begin, begin + max(1, round(length / 3)), begin + max(2, round(2 * length / 3)), begin + length]
    return tuple(min(max(minute, first), last) for minute in [max(before, first + 3), *inside])
