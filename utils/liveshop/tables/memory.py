"""One way to compute what follows from given tables only once."""

from functools import wraps
from weakref import ref

import pandas as pd


def once_per_tables(function):
    """Remember what `function(tables, ...)` gave for these very tables, as long as they live.

    Other tables, equal or not, are computed anew. The further arguments must be hashable. Tables that cannot be
    referred to weakly (a plain dict) are computed at every call. A DataFrame or Series is handed out as a copy, so
    that nobody spoils what the next one gets (copy-on-write makes that cheap).
    """
    kept = {}   # id of the tables -> (weak reference to them, {arguments: value})

    @wraps(function)
    def remembered(tables, *args, **named):
        name = id(tables)
        if name not in kept or kept[name][0]() is not tables:
            try:
                kept[name] = ref(tables, lambda _: kept.pop(name, None)), {}
            except TypeError:
                return function(tables, *args, **named)
        values = kept[name][1]
        asked = (args, tuple(sorted(named.items())))
        if asked not in values:
            values[asked] = function(tables, *args, **named)
        value = values[asked]
        return value.copy(deep=False) if isinstance(value, (pd.DataFrame, pd.Series)) else value

    return remembered
