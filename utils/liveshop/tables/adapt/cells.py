"""The cells of a column and the different ones among them: most of a long export says the same again and again.

A long text file comes as Arrow texts, anything else as an object array of whatever stood in the cells.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd


class Texts(Sequence):
    """The different texts of a column, None behind them, as Arrow holds them: Python's are made where one is wanted."""

    def __init__(self, array):
        self.array = array

    def __len__(self):
        return len(self.array)

    def __getitem__(self, place):
        found = self.array[place if isinstance(place, slice) else int(place)]
        return found.to_pylist() if isinstance(place, slice) else found.as_py()

    def has(self, text):
        """Whether this is one of them."""
        import pyarrow.compute as pc

        return pc.index(self.array, text).as_py() >= 0

    def __iter__(self):
        return iter(self.array.to_pylist())


def of_column(series):
    """The cells of a column of an export: an array of texts where it is one, otherwise an object array."""
    return series.array if is_text(series) else series.to_numpy(dtype=object)


def is_text(cells):
    """Whether cells, or a column, are Arrow's texts."""
    return isinstance(cells.dtype, pd.StringDtype) and cells.dtype.storage == "pyarrow"


def distinct(cells):
    """Codes and the different cells they stand for, in the order in which they come: cells = different[codes].

    Behind the different ones stands None: code -1, nothing, takes it.
    """
    if isinstance(cells.dtype, pd.StringDtype):
        return _texts(cells) if is_text(cells) else distinct(cells.to_numpy(dtype=object))
    if pd.api.types.infer_dtype(cells, skipna=True) in ("string", "integer", "floating"):
        codes, different = pd.factorize(cells)
        return codes, [*different, None]
    # Among mixed cells 1, 1.0 and True would count as one: tell them apart by kind. Lists and dicts each stand alone.
    codes, place, different = np.empty(len(cells), dtype=int), {}, []
    for i, cell in enumerate(cells):
        try:
            codes[i] = place.setdefault((cell.__class__, cell), len(different))
        except TypeError:
            codes[i] = len(different)
        if codes[i] == len(different):
            different.append(cell)
    return codes, [*different, None]


def _texts(cells):
    import pyarrow as pa

    found = pa.array(cells)
    coded = (found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found).dictionary_encode()
    nothing = pa.nulls(1, coded.dictionary.type)
    return coded.indices.fill_null(-1).to_numpy(), Texts(pa.concat_arrays([coded.dictionary, nothing]))


def among(split, rows):
    """The split of some rows of a column, from that of all: as `distinct` gives it for them alone."""
    codes, different = split[0][rows], split[1]
    used = np.zeros(len(different), dtype=bool)
    used[codes] = True
    used[-1] = True
    there, order, all_used = codes >= 0, np.flatnonzero(used[:-1]), used.all()
    every = bool(there.all())
    made = codes if all_used else (np.cumsum(used, dtype=codes.dtype) - 1)[codes]
    if not every:
        made = np.where(there, made, -1)
    highest = np.maximum.accumulate(made if every else made[there])
    if len(highest) and (highest[0] > 0 or (highest[1:] - highest[:-1]).max(initial=0) > 1):
        # They come in another order than among all rows.
        if every:
            made, places = pd.factorize(made)
        else:
            made[there], places = pd.factorize(made[there])
        order = order[places]
    elif isinstance(different, Texts):
        return made, different if all_used else Texts(different.array.filter(used))
    if isinstance(different, Texts):
        return made, Texts(different.array.take([*order, len(different) - 1]))
    return made, [*(different[i] for i in order), None]
