"""Our definitions beside a platform's own figures, and the likely reason where they differ."""

from __future__ import annotations

import narwhals as nw

from liveshop.metrics._frames import as_frame, column_names, in_order, missing_column
from liveshop.metrics.ratios import aov, ctor, gpm, live_ctr, product_ctr, show_gpm, tap_through, watch_per_view

# Reported column -> (measure, our formula, rounding of the export, other formulas seen in the wild).
_REPORTED = {
    "reported_show_gpm": ("gmv_per_1000_impressions", show_gpm, ("gmv", "impressions"), 0.005, [
        ("GMV per 1,000 views", gpm, ("gmv", "views")),
        ("GMV per 1,000 product impressions", show_gpm, ("gmv", "product_impressions"))]),
    "reported_watch_gpm": ("gmv_per_1000_views", gpm, ("gmv", "views"), 0.005, [
        ("GMV per 1,000 viewers", gpm, ("gmv", "viewers")),
        ("GMV per 1,000 impressions", gpm, ("gmv", "impressions"))]),
    "reported_tap_through_rate": ("views_per_impression", tap_through, ("views", "impressions"), 5e-5, [
        ("viewers per impression", tap_through, ("viewers", "impressions"))]),
    "reported_live_ctr": ("clicks_per_view", live_ctr, ("product_clicks", "views"), 5e-5, [
        ("clicks per viewer", live_ctr, ("product_clicks", "viewers")),
        ("clicks per product impression", live_ctr, ("product_clicks", "product_impressions"))]),
    "reported_ctr": ("clicks_per_product_impression", product_ctr,
                     ("product_clicks", "product_impressions"), 5e-5, [
        ("clicks per view", product_ctr, ("product_clicks", "views")),
        ("clicks per viewer", product_ctr, ("product_clicks", "viewers"))]),
    "reported_ctor": ("orders_per_click", ctor, ("orders", "product_clicks"), 5e-5, [
        ("SKU orders per click", ctor, ("sku_orders", "product_clicks")),
        ("buyers per click", ctor, ("buyers", "product_clicks")),
        ("items per click", ctor, ("items", "product_clicks")),
        ("orders per view", ctor, ("orders", "views")),
        ("orders per viewer", ctor, ("orders", "viewers"))]),
    "reported_aov": ("gmv_per_order", aov, ("gmv", "orders"), 0.005, [
        ("GMV per buyer", aov, ("gmv", "buyers")),
        ("GMV per SKU order", aov, ("gmv", "sku_orders")),
        ("GMV per item", aov, ("gmv", "items"))]),
    "reported_watch_seconds_per_view": ("watch_seconds_per_view", watch_per_view,
                                        ("watch_seconds", "views"), 0.5, [
        ("seconds per viewer", watch_per_view, ("watch_seconds", "viewers"))]),
}


def reconcile(streams, tolerance=0.005):
    """Our definitions beside what the platform's export computed; one row a broadcast and measure.

    ``streams``: totals of broadcasts with the export's columns reported_….
    Columns: stream_id, measure, ours, reported, difference (reported − ours), agrees, likely_reason.
    They agree within ``tolerance`` (relative) plus the export's own rounding. The reason is found by
    trying the other formulas and units in use: another denominator, percent for share, minutes or
    milliseconds for seconds, fen for yuan, a negative sentinel, a total printed as 1.2万. Raises
    TableError when no reported column can be compared.
    """
    frame = as_frame(streams, "streams", ["stream_id"])
    have = set(column_names(frame))
    pieces = []
    for column, (measure, formula, parts, rounding, others) in _REPORTED.items():
        if column not in have or not have >= set(parts):
            continue
        reported, ours = nw.col(column).cast(nw.Float64), _value(formula, parts)
        undefined = _missing(reported) & _missing(ours)
        others = [other for other in others if have >= set(other[2])]
        pieces.append(frame.select(
            "stream_id", nw.lit(measure).alias("measure"), ours.alias("ours"), reported.alias("reported"),
            (reported - ours).alias("difference"),
            (undefined | _near(reported, ours, rounding, tolerance).fill_null(False)).alias("agrees"),
            _reason(column, reported, ours, parts, rounding, others, tolerance).alias("likely_reason")))
    if not pieces:
        raise missing_column("streams", "reported_watch_gpm")
    return in_order(nw.concat(pieces), ["stream_id", "measure"])


def _value(formula, parts):
    return formula(*(nw.col(part) for part in parts))


def _missing(value):
    return value.is_null() | value.is_nan()


def _near(reported, value, rounding, tolerance):
    return (reported - value).abs() <= rounding + tolerance * value.abs()


def _reason(column, reported, ours, parts, rounding, others, tolerance):
    """The first reason that fits, from nothing to explain to nothing that explains it."""
    def near(value, tolerance=tolerance):
        return _near(reported, value, rounding, tolerance)

    empty, undefined = _missing(reported), _missing(ours)
    reasons = [(empty & undefined, ""),
               (empty, "the export holds nothing here"),
               (undefined, "our denominator is zero"),
               (near(ours), ""),
               (reported < 0, "a negative number stands for missing (sentinel)")]
    reasons += [(near(_value(formula, needed)), f"the export divides differently: {name}")
                for name, formula, needed in others]
    if "watch" in column and "gpm" not in column:
        reasons += [(near(ours / 60), "the export is in minutes"),
                    (near(ours * 1000), "the export is in milliseconds")]
    else:
        reasons += [(near(ours * 100), "the export is 100 times ours: percent for share, or fen for yuan"),
                    (near(ours / 100), "the export is a hundredth of ours: one of the amounts is in fen")]
    blur = sum((_blur(nw.col(part)) for part in parts), nw.lit(0.0))
    reasons += [(near(ours, tolerance + blur),
                 "a total in the export is rounded, as 1.2万 is, and the difference is no larger than that")]
    if "gmv" in parts:
        reasons += [(reported > ours, "higher than any formula we know: unpaid orders or a longer attribution window "
                                      "may count"),
                    (reported < ours, "lower than any formula we know: refunds may be taken out, or a shorter window "
                                      "may count")]
    reason = nw.lit("no formula we know gives this number")
    for condition, text in reversed(reasons):
        reason = nw.when(condition).then(nw.lit(text)).otherwise(reason)
    return reason


def _blur(total):
    """How far a total may be off, as a share of it, printed in thousands or hundreds (1.2万, 1.25万)."""
    hundreds = nw.when(total % 100 == 0).then(nw.lit(100.0)).otherwise(nw.lit(0.0))
    step = nw.when(total % 1000 == 0).then(nw.lit(1000.0)).otherwise(hundreds)
    return nw.when(total >= 1000).then(0.5 * step / total).otherwise(nw.lit(0.0))
