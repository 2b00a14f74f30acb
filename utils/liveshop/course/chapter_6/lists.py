"""Answers that are lists of ids."""

import numpy as np
import pandas as pd


def id_list(answer, asked):
    """(the ids of an answer as a list, "") or (None, the sentence that says why it is no list of ids)."""
    if isinstance(answer, str):
        return None, f"That is a text, not a list. {asked}"
    try:
        ids = list(answer)
    except TypeError:
        return None, f"That is no list. {asked}"
    if any(isinstance(one, (list, tuple, set, dict, np.ndarray, pd.Series, pd.Index)) for one in ids):
        return None, f"Your list has lists in it. {asked}"
    empty = sum(bool(pd.isna(one)) for one in ids)
    if empty:
        return None, f"{empty} of the ids are missing values (NaN or None). {asked}"
    return ids, ""
