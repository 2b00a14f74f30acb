"""What follows from given tables is computed once for them, and nobody spoils it for the next."""

import pandas as pd

from liveshop.tables.load import Tables
from liveshop.tables.memory import once_per_tables


def counted(value):
    calls = []

    @once_per_tables
    def compute(tables, *args):
        calls.append(args)
        return value(tables)

    return compute, calls


def orders():
    return Tables(frames={"orders": pd.DataFrame({"order_id": ["a", "b"]})})


def test_it_is_computed_once_for_the_same_tables_and_arguments():
    compute, calls = counted(lambda tables: len(tables.orders))
    here, there = orders(), orders()
    assert [compute(here), compute(here), compute(here, 1), compute(there)] == [2, 2, 2, 2]
    assert calls == [(), (1,), ()]


def test_a_plain_dict_is_computed_at_every_call():
    compute, calls = counted(len)
    assert compute({}) == compute({}) == 0 and len(calls) == 2


def test_a_frame_is_handed_out_as_a_copy():
    compute, _ = counted(lambda tables: tables.orders)
    tables = orders()
    mine = compute(tables)
    mine["order_id"] = "spoilt"
    mine.loc[0, "new"] = 1
    assert list(compute(tables).columns) == ["order_id"] and compute(tables).order_id.tolist() == ["a", "b"]
