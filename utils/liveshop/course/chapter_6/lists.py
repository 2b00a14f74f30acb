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


def coupons_to(answer, many, learned, unseen):
    """(the unit_ids of an answer, "") or (None, the sentence that says why they are not so many of the unseen)."""
    if isinstance(answer, pd.DataFrame):
        if "unit_id" not in answer:
            return None, f"Give the `unit_id` of {many} members, not a table without that column."
        answer = answer.unit_id
    ids, problem = id_list(answer, f"A list or Series of {many} `unit_id` is asked.")
    if problem:
        return None, problem
    ids = [str(one) for one in ids]
    if len(ids) and all(one in ("True", "False") for one in ids):
        return None, f"Those are yes and no. Give the `unit_id` of the {many} chosen: `unseen.unit_id[chosen]`."
    if len(set(ids)) < len(ids):
        return None, f"{len(ids) - len(set(ids))} members are on the list twice; one coupon each."
    if len(ids) != many:
        return None, f"The budget is {many} coupons; your list has {len(ids):,}."
    strangers = [one for one in ids if one not in unseen]
    if len(strangers) > 0.8 * many and all(one.isdigit() and int(one) < len(learned | unseen) for one in ids):
        return None, "Those look like row numbers, the index of the table. Give the `unit_id` of these rows."
    if strangers:
        known = sum(one in learned for one in strangers)
        more = f"; {known} are members that the model learned from." if known else "."
        return None, f"{len(strangers)} of the {many} are not in `unseen`{more}"
    return ids, ""


def calls_to(answer, many, buyers, customers):
    """(the customer ids of an answer, "") or (None, the sentence that says why they are not so many of the buyers)."""
    if isinstance(answer, pd.DataFrame) and "customer_id" in answer:
        answer = answer.customer_id
    if isinstance(answer, (pd.Series, pd.DataFrame)):      # a ranking has its customers in the index
        values = np.ravel(answer.to_numpy()).tolist()
        answer = values if set(values) & set(customers) else answer.index
    ids, problem = id_list(answer, f"{many} customer ids are asked.")
    if problem:
        return None, problem
    if ids and all(isinstance(one, str) for one in ids) and all(one.strip().isdigit() for one in ids):
        ids = [int(one) for one in ids]                    # the same ids, written as texts
    if ids and all(isinstance(one, (bool, np.bool_)) for one in ids):
        return None, "Those are yes and no. Give the customer ids of those chosen."
    if len(ids) != many:
        return None, f"{many} ids are asked; you gave {len(ids)}."
    if len(set(ids)) != many:
        return None, f"{many - len(set(ids))} of your ids stand twice; nobody is called twice."
    strange = [one for one in ids if one not in buyers]
    if strange:
        return None, f"{len(strange)} of your ids are not members who had bought by 22 June, the first: {strange[0]}."
    return ids, ""
