"""Recommenders: by hand, against taste and time, and bad input."""

import numpy as np
import pandas as pd
import pytest

from liveshop.methods import recommend

EVENTS = pd.DataFrame(
    [(1, "A"), (1, "B"), (2, "A"), (2, "B"), (3, "A"), (3, "C"), (4, "D"), (4, "D")],
    columns=["customer_id", "product_id"],
)


def test_popularity_by_hand():
    best = recommend.popularity(EVENTS)
    # A has three customers, B two, C and D one each (D's customer came twice); equal ones in the items' order.
    assert best.recommend([1, 99], 2).to_numpy().tolist() == [["C", "D"], ["A", "B"]]
    assert best.recommend([1], 2, new_only=False).iloc[0].tolist() == ["A", "B"]
    assert best.recommend([1], 4).iloc[0].isna().sum() == 2          # only C and D are new to her


def test_item_neighbours_by_hand():
    """A and B share 2 of 3 and 2 customers: cosine 2/√6; A and C 1/√3; D has no neighbour."""
    near = recommend.item_neighbours(EVENTS, damping=0.0)
    scores = pd.Series(near.score([3])[0], near.items)
    assert scores["B"] == pytest.approx(2 / np.sqrt(6), abs=1e-6) and scores["C"] == pytest.approx(
        1 / np.sqrt(3), abs=1e-6
    )
    assert scores["D"] == pytest.approx(0, abs=1e-6)
    assert near.recommend([3], 1).iloc[0, 0] == "B" and near.recommend([1], 1).iloc[0, 0] == "C"


def test_factorise_is_the_truncated_svd():
    rng = np.random.default_rng(0)
    events = pd.DataFrame({"customer_id": rng.integers(0, 40, 300), "product_id": rng.integers(0, 12, 300)})
    fit = recommend.factorise(events, factors=3)
    dense = (fit.seen.toarray() > 0).astype(float)
    left, size, right = np.linalg.svd(dense, full_matrices=False)
    assert fit.score(fit.customers) == pytest.approx((left[:, :3] * size[:3]) @ right[:3], abs=1e-6)


def test_the_last_days_alone_are_learnt_from_and_all_that_was_taken_counts():
    moments = pd.to_datetime(["2025-01-01"] * 6 + ["2025-02-01"] * 2)
    late = EVENTS.assign(created=moments)                            # within the last week only 4 took something, D
    near = recommend.item_neighbours(late, damping=0.0, days=7)
    assert near.score([1])[0] == pytest.approx(0, abs=1e-6)          # A and B are no neighbours in those days
    assert near.recommend([1], 1).iloc[0, 0] == "D" and "A" not in near.recommend([1], 3).to_numpy()
    rng = np.random.default_rng(0)
    events = pd.DataFrame({"customer_id": rng.integers(0, 40, 300), "product_id": rng.integers(0, 12, 300),
                           "created": pd.Timestamp("2025-01-01") + pd.to_timedelta(rng.integers(0, 60, 300), "D")})
    recent = events[events.created > events.created.max() - pd.Timedelta(days=20)]
    alone, fresh = recommend.factorise(recent, factors=3), recommend.factorise(events, factors=3, days=20)
    assert set(alone.items) == set(fresh.items)                      # so that the axes are those of the last days
    taken = (fresh.seen.toarray() > 0).astype(float)
    _, _, axes = np.linalg.svd((alone.seen.toarray() > 0).astype(float), full_matrices=False)
    assert fresh.score(fresh.customers) == pytest.approx(taken @ axes[:3].T @ axes[:3], abs=1e-5)
    with pytest.raises(ValueError, match="days must be above zero"):
        recommend.item_neighbours(late, days=0)


def test_hit_rate_by_hand():
    test = pd.DataFrame(
        [(1, "C"), (2, "D"), (3, "A"), (3, "B"), (99, "A"), (99, "Z")], columns=["customer_id", "product_id"]
    )
    near = recommend.item_neighbours(EVENTS, damping=0.0)
    # At 1: customer 1 gets C (hit), 2 gets C (miss), 3 gets B (hit; A she has already), 99 the best seller.
    result = recommend.hit_rate(near, test, k=1)
    best_seller = near.recommend([99], 1).iloc[0, 0]
    assert result.rate == (3 if best_seller == "A" else 2) / 4 and (result.customers, result.known) == (4, 3)
    known = recommend.hit_rate(near, test, k=1, known_only=True)
    assert known.rate == pytest.approx(2 / 3) and known.customers == 3
    assert known.interval[0] < 2 / 3 < known.interval[1]
    assert recommend.hit_rate(near, test, k=4, known_only=True).rate == 1.0


def drifting_events(seed=0, size=12000):
    """Four tastes, and best sellers that change every other week."""
    rng = np.random.default_rng(seed)
    who, day = rng.integers(0, 2500, size), rng.uniform(0, 180, size)
    taste = rng.integers(0, 4, 2500)[who]
    group = np.where(rng.random(size) < 0.6, taste, rng.integers(0, 4, size))
    item = np.minimum(14, (day / 18 + rng.integers(0, 5, size)).astype(int))
    return pd.DataFrame(
        {
            "customer_id": who,
            "product_id": [f"P{g * 15 + i:02d}" for g, i in zip(group, item, strict=True)],
            "created": pd.Timestamp("2025-03-03") + pd.to_timedelta(day, "D"),
        }
    )


def test_random_split_flatters():
    events = drifting_events()
    for fit in (recommend.popularity, recommend.item_neighbours, recommend.factorise):
        honest_train, honest_test = recommend.time_split(events, "2025-07-31")
        flattered_train, flattered_test = recommend.random_split(events, len(honest_test) / len(events))
        honest = recommend.hit_rate(fit(honest_train), honest_test)
        flattered = recommend.hit_rate(fit(flattered_train), flattered_test)
        assert flattered.rate > honest.rate + 0.1


def test_taste_beats_popularity():
    train, test = recommend.time_split(drifting_events(1), "2025-07-31")
    popular = recommend.hit_rate(recommend.popularity(train), test, known_only=True)
    for fit in (recommend.item_neighbours(train), recommend.factorise(train)):
        assert recommend.hit_rate(fit, test, known_only=True).interval[0] > popular.interval[1]


@pytest.mark.parametrize("call, words", [
    (lambda: recommend.popularity(EVENTS.drop(columns="product_id")), "lack the column product_id"),
    (lambda: recommend.popularity(EVENTS.iloc[:0]), "No event has both"),
    (lambda: recommend.factorise(EVENTS, factors=4), "factors must lie between 1 and 3"),
    (lambda: recommend.time_split(drifting_events(), "2026-01-01"), "one side of 2026-01-01: from 2025-03-03"),
    (lambda: recommend.random_split(EVENTS, 1.0), "between 0 and 1"),
    (lambda: recommend.popularity(EVENTS).recommend([1], 0), "at least 1"),
    (lambda: recommend.hit_rate(recommend.popularity(EVENTS), EVENTS), "could be a hit"),
])
def test_recommend_refuses_in_a_sentence(call, words):
    with pytest.raises(ValueError, match=words):
        call()
