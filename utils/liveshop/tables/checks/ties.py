"""Ties between tables: references, moments within their broadcast, refunds and amounts against what they belong to."""

import pandas as pd

from liveshop.tables.checks.finding import finding, first, have, median_ratio, plain
from liveshop.tables.checks.types import fits
from liveshop.tables.checks.units import fen, looks_like_fen, units
from liveshop.tables.contract import table_of
from liveshop.tables.errors import show


def _other(tables, name, needed):
    """The named columns of another table, sound and plain; None when they are not all there."""
    if name not in tables:
        return None
    frame, spec = tables[name], table_of(name)
    if not all(list(frame.columns).count(c) == 1 for c in needed):
        return None
    if any(p.severity == "error" for c in needed for p in fits(frame[c], spec.columns[c], name)):
        return None
    return pd.DataFrame({c: plain(frame[c], spec.columns[c]) for c in needed})


def references(sound, spec, tables):
    """What a row names in another table is there."""
    problems = []
    for own, other, columns in spec.foreign_keys:
        target = _other(tables, other, columns)
        if target is None or not all(c in sound for c in own):
            continue
        keys = pd.DataFrame({c: sound[o] for o, c in zip(own, columns, strict=True)})
        if len(columns) == 1:
            known = keys[columns[0]].isin(target[columns[0]])
        else:
            known = pd.MultiIndex.from_frame(keys).isin(pd.MultiIndex.from_frame(target))
        bad = keys.notna().all(axis=1) & ~known
        if bad.any():
            value = " ".join(show(first(keys[c], bad)) for c in columns)
            problems += finding("reference", spec.name, " + ".join(own), bad, f"{value} is not in table {other}",
                                f"add the missing rows to {other}, or leave the cell empty")
    return problems


def within(sound, spec, tables):
    """A moment lies within the broadcast that it belongs to."""
    rule = spec.within
    if rule is None or not have(sound, rule.key, rule.column):
        return []
    lengths = _other(tables, rule.table, [rule.table_key, rule.length])
    if lengths is None:
        return []
    length = sound[rule.key].map(lengths.drop_duplicates(rule.table_key).set_index(rule.table_key)[rule.length])
    bad = sound[rule.column] * rule.seconds > length.astype("float64")
    return finding("within", spec.name, rule.column, bad, "the moment lies after the end of the broadcast",
                   "check the unit and the broadcast's length", "warning")


def agreements(sound, spec, tables):
    """What a table says of money and time agrees with the tables that it belongs to."""
    return _AGREE.get(spec.name, lambda sound, tables: [])(sound, tables)


def _refunds(sound, tables):
    if not have(sound, "order_id", "line_no"):
        return []
    lines = _other(tables, "orders", ["order_id", "line_no", "paid_amount", "paid"])
    if lines is None:
        return []
    problems = []
    lines = lines.drop_duplicates(["order_id", "line_no"])
    own = {k: sound[k] for k in ("order_id", "line_no", "refunded", "refunded_amount") if k in sound}
    both = pd.DataFrame(own).merge(lines, on=["order_id", "line_no"], how="left")
    if "refunded_amount" in both:
        ratio = median_ratio(both["refunded_amount"], both["paid_amount"])
        if looks_like_fen(ratio):
            problems.append(fen("refunds", "refunded_amount", ratio, "the paid amounts"))
        bad = both["refunded_amount"] > both["paid_amount"] + 0.005
        if bad.any():
            what = (f"{first(both['refunded_amount'], bad):.2f} is more than was paid for the line "
                    f"({first(both['paid_amount'], bad):.2f})")
            remedy = "check the unit, whether a refund covers several lines, and whether the payment is net of refunds"
            problems += finding("refund", "refunds", "refunded_amount", bad, what, remedy)
    if "refunded" in both:
        bad = both["refunded"] < both["paid"]
        if bad.any():
            what = f"{show(first(both['refunded'], bad))} lies before the payment ({show(first(both['paid'], bad))})"
            problems += finding("order", "refunds", "refunded", bad, what, "check the two times and their order")
    return problems


def _orders(sound, tables):
    if not have(sound, "paid_amount", "product_id") or units(sound, table_of("orders")):
        return []
    prices = _other(tables, "products", ["product_id", "list_price"])
    if prices is None:
        return []
    price = sound["product_id"].map(prices.drop_duplicates("product_id").set_index("product_id")["list_price"])
    each = sound["paid_amount"] / (sound["quantity"] if "quantity" in sound else 1)
    ratio = median_ratio(each, price.astype("float64"))
    return [fen("orders", "paid_amount", ratio, "the list price")] if looks_like_fen(ratio) else []


def _streams(sound, tables):
    lines = _other(tables, "orders", ["stream_id", "paid_amount"]) if have(sound, "stream_id", "gmv") else None
    if lines is None:
        return []
    total = sound["stream_id"].map(lines.groupby("stream_id")["paid_amount"].sum()).astype("float64")
    ratio = median_ratio(sound["gmv"], total)
    return [fen("streams", "gmv", ratio, "the order lines of the broadcast")] if looks_like_fen(ratio) else []


_AGREE = {"refunds": _refunds, "orders": _orders, "streams": _streams}
