"""The measures of the trade, each with its denominator in its name or signature.

Two kinds of function live here.

*Ratios* such as :func:`gpm` take a numerator and a denominator: numbers, arrays, series of
pandas or Polars, or narwhals expressions (``nw.col("gmv")``), and give back the same kind.
A zero denominator gives NaN, never an error and never infinity: a broadcast nobody entered
has no GPM. Missing values stay missing.

*Tables* such as :func:`stream_scorecard` take frames of pandas, Polars, DuckDB or Spark and give
back the same kind of frame; what is lazy stays lazy. Column names are those of the contract
(``data/datapackage.json``), and every ratio column is called ``numerator_per_denominator``.

Where platforms disagree about a name, the docstring says who uses which formula. TT stands for the
TikTok Shop LIVE performance report, SY for Alibaba's Business Advisor (生意参谋).
"""

from liveshop.metrics.ratios import (
    acu,
    aov,
    average_price,
    buyers_per_viewer,
    ctor,
    follow_conversion,
    gmv_per_buyer,
    gmv_per_hour,
    gpm,
    interaction_rate,
    live_ctr,
    product_ctr,
    roas,
    roi,
    show_gpm,
    tap_through,
    uv_value,
    watch_per_view,
    watch_per_viewer,
)
from liveshop.metrics.reconcile import reconcile
from liveshop.metrics.rooms import LABELS, funnel, pcu, scorecard_from_totals, stream_scorecard
from liveshop.metrics.sales import contribution, gmv, net_sales, refund_rate, repurchase_rate

__all__ = ["LABELS", "acu", "aov", "average_price", "buyers_per_viewer", "contribution", "ctor", "follow_conversion",
           "funnel", "gmv", "gmv_per_buyer", "gmv_per_hour", "gpm", "interaction_rate", "live_ctr", "net_sales", "pcu",
           "product_ctr", "reconcile", "refund_rate", "repurchase_rate", "roas", "roi", "scorecard_from_totals",
           "show_gpm", "stream_scorecard", "tap_through", "uv_value", "watch_per_view", "watch_per_viewer"]
