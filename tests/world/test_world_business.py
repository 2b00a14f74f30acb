"""The business around the shop: it keeps the contract in every world, and changes nothing that stood before it."""

from __future__ import annotations

import pandas as pd
import pytest

from liveshop import world
from liveshop.tables import validate
from liveshop.tables.contract import contract
from liveshop.world import draws
from liveshop.world.business import whole
from liveshop.world.parameters import Parameters

SEASON = list(contract())[:24]  # what stood before the business
BUSINESS = [name for name, table in contract().items() if not table.own][24:]


@pytest.fixture(scope="module")
def worlds(simulated):
    """Three small worlds; the first is very small."""
    return [simulated(seed=seed, rooms=rooms, size=0.3) for seed, rooms in ((1, 8), (2, 50), (3, 50))]


def test_the_tables_keep_the_contract_in_every_world(worlds):
    for tables in worlds:
        for name in BUSINESS:
            assert len(tables[name]), name
            assert [str(p) for p in validate(tables[name], name, tables)] == []


def test_the_committed_tables_keep_the_contract(qinghe):
    tables, _ = qinghe
    for name in BUSINESS:
        assert [str(p) for p in validate(tables[name], name, tables)] == []


def test_the_business_changes_no_table_of_the_season(worlds):
    without = world.simulate(seed=1, rooms=8, size=0.3, business=False)
    assert set(without) == set(SEASON)
    for name, frame in without.items():
        kept = worlds[0][name]
        pd.testing.assert_frame_equal(frame.astype(kept.dtypes), kept)


def test_the_business_draws_from_streams_of_its_own(worlds, monkeypatch):
    """Every purpose carries the prefix, none is taken twice, and the season is only read."""
    purposes, key = [], draws.key
    monkeypatch.setattr(draws, "key", lambda seed, purpose: purposes.append(purpose) or key(seed, purpose))
    season = {name: frame for name, frame in worlds[0].items() if name not in BUSINESS}
    before = {name: frame.copy() for name, frame in season.items()}
    grown, facts = whole.grow(Parameters(), 1, season, True)
    assert purposes and all(purpose.startswith("business/") for purpose in purposes)
    assert set(grown) == {*season, *BUSINESS}
    for name, frame in before.items():
        pd.testing.assert_frame_equal(season[name], frame)
    for name, fact in facts.items():
        assert fact["meaning"].endswith("."), name
