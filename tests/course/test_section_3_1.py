"""Section 3.1 against the truth: likeness and influence, the friendship paradox, cascades, touches, an edge list."""

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from common import own_tables
from liveshop import editions, practice
from liveshop.course.chapter_3 import samples
from liveshop.methods import network
from liveshop.tables.places import MAPPINGS
from real_data import real_file
from recovered import of, unbiased

INFLUENCE = "ties.influence_on_repeat"


# -- likeness and influence: nothing is planted along ties ---------------------------------------------------


def test_friends_alone_promise_an_influence_that_is_not_there():
    naive = of(INFLUENCE, "naive")
    assert len(naive) == 20 and (naive.true == 0).all()
    assert naive.estimate.mean() > 0.1 and naive.covers.mean() < 0.3


def test_strangers_of_the_community_take_nearly_all_of_it_away():
    naive, left = of(INFLUENCE, "naive"), of(INFLUENCE, "less others of the same community")
    assert left.covers.mean() >= 0.85
    assert left.estimate.mean() < 0.2 * naive.estimate.mean()


def test_it_fails_when_the_communities_are_too_coarse():
    """Several circles taken for one leave likeness over, which looks like influence."""
    coarse, fine = of(INFLUENCE, "coarse communities"), of(INFLUENCE, "less others of the same community")
    assert not unbiased(coarse) and coarse.estimate.mean() > 2 * fine.estimate.mean() > 0
    assert (coarse.estimate > 0).mean() >= 0.9


def test_the_answer_rests_above_resolution_two(tables):
    left = [samples.alike(tables, resolution).estimate["left for the tie"] for resolution in (3, 4, 6)]
    assert np.ptp(left) < 0.02 and max(map(abs, left)) < 0.04
    assert samples.alike(tables, 1).estimate["left for the tie"] > 0.05


class Shop:
    """A shop of circles in memory: everybody follows some of her own, and buys again by her circle's odds."""

    def __init__(self, influence=0.0, circles=60, people=30, seed=5):
        random = np.random.default_rng(seed)
        count = circles * people
        circle = np.repeat(np.arange(circles), people)
        ties = np.vstack([random.choice(np.flatnonzero(circle == circle[one]), (4, 1)) * [1, 0] + [0, one]
                          for one in range(count)])
        ties = ties[ties[:, 0] != ties[:, 1]]
        odds = np.repeat(random.choice([0.3, 0.7], circles), people)
        again = random.random(count) < odds
        followed = pd.DataFrame(ties, columns=["followed_id", "follower_id"])
        copied = followed[again[followed.followed_id]].sample(frac=influence, random_state=1)
        again[copied.follower_id] = True
        start = pd.Timestamp("2025-01-01")
        first = pd.DataFrame({"customer_id": np.arange(count), "created": start + pd.Timedelta(hours=9)})
        later = first[again].assign(created=start + pd.Timedelta(days=20))
        closing = pd.DataFrame({"customer_id": [0], "created": [start + pd.Timedelta(days=200)]})
        orders = pd.concat([first, later, closing], ignore_index=True)
        self.orders = orders.assign(order_id=orders.index.astype(str), line_no=1, source="social", paid=orders.created)
        self.customers = pd.DataFrame({"customer_id": np.arange(count), "member_since": start, "joined": start,
                                       "referrer_id": pd.array([pd.NA] * count, dtype="Int64")})
        self.follows = followed

    def __contains__(self, name):
        return name in ("orders", "customers", "follows")


def test_a_true_influence_is_seen():
    quiet, loud = (samples.alike(Shop(influence)).loc["left for the tie"] for influence in (0.0, 0.3))
    assert quiet.low < 0.02 and abs(quiet.estimate) < 0.05
    assert loud.low > 0 and loud.estimate > quiet.estimate + 0.05


def test_far_too_fine_communities_hide_a_true_influence():
    """In a community of a few the stranger is mostly the friend: the other way to fail that the text names."""
    shop = Shop(0.3)
    rest, tiny = (samples.alike(shop, resolution).estimate["left for the tie"] for resolution in (4, 100))
    assert tiny < 0.7 * rest


# -- friends, and who is reached -----------------------------------------------------------------------------


def test_ties_are_counted_by_independent_code(tables):
    follows = tables.follows
    pairs = {frozenset(pair) for pair in zip(follows.follower_id, follows.followed_id, strict=True)}
    ends = pd.Series([one for pair in pairs for one in pair]).value_counts()
    ties = samples.ties_each(tables)
    assert ties.sum() == 2 * len(pairs) and len(ties) == len(tables.customers)
    assert ties[ties > 0].sort_index().equals(ends.sort_index().astype(ties.dtype).rename_axis("customer_id"))
    assert network.friendship_paradox(samples.social_map(tables)).friends_pooled == pytest.approx(
        (ends**2).sum() / ends.sum())


def test_a_poll_through_friends_is_too_high_and_size_does_not_mend_it(tables):
    truth = samples.ties_each(tables).mean()
    assert samples.samples_of_ties(tables, 300, "customers").mean() == pytest.approx(truth, rel=0.03)
    paradox = network.friendship_paradox(samples.social_map(tables))
    for how, expected in (("ties", paradox.friends_pooled), ("friends", paradox.friends_per_person)):
        small, large = (samples.samples_of_ties(tables, size, how) for size in (10, 300))
        assert large.mean() == pytest.approx(expected, rel=0.05) and large.std() < small.std()
        assert np.quantile(large, 0.05) > 2 * truth


def test_the_most_followed_reach_further_than_one_a_community(tables):
    """What is true here; where everybody passes the share on, nearly the same people are reached whoever begins."""
    reached = samples.travels(tables)["mean"].unstack("way")
    below = reached[reached.index.get_level_values("chance") < 0.2]
    assert (below.followed > below.spread).all() and (below.spread > below.friends).all()
    several = below[below.index.get_level_values("count") > 1]
    assert (several.friends > several.random).all()
    level = reached.loc[(0.2, 30)]
    assert level.max() < 1.1 * level.min()
    top = samples.ties_each(tables).nlargest(10).index
    assert samples.communities(tables).member.reindex(top).nunique() >= 8


def test_along_followers_only_fewer_are_reached(tables):
    """From the followed to her followers, by independent code: 12 by lot and 229 by the most followed."""
    found, either = samples.along_followers(tables), samples.travels(tables)["mean"].unstack("way").loc[(0.1, 10)]
    assert (found < either[found.index]).all() and found.followed > found.spread > found.random
    followers = tables.follows.groupby("followed_id").follower_id.agg(list).to_dict()
    coins, reached = np.random.default_rng(7), []
    for _ in range(60):
        got = set(map(int, samples.ties_each(tables).nlargest(10).index))
        new = list(got)
        while new:
            passed = [one for person in new for one in followers.get(person, ()) if coins.random() < 0.1]
            new = [one for one in dict.fromkeys(passed) if one not in got]
            got |= set(new)
        reached.append(len(got))
    assert found.followed == pytest.approx(np.mean(reached), rel=0.05) == pytest.approx(229, rel=0.05)


def test_spreading_wins_where_the_best_tied_share_one_audience():
    """The advice is right in another map: two hubs of one crowd, and a smaller hub with a crowd of its own."""
    crowd, other = range(10, 60), range(60, 90)
    shared = nx.Graph([(hub, one) for hub in (0, 1) for one in crowd] + [(2, one) for one in other])
    member = {person: int(person == 2 or person in other) for person in shared}
    reach = network.reaches(shared, {how: network.seeds(shared, 2, how, member) for how in ("followed", "spread")},
                            0.9, draws=100)
    assert reach["spread"].mean > 1.3 * reach["followed"].mean


def test_below_the_tipping_point_shares_die_out():
    graph = nx.gnm_random_graph(4000, 12_000, seed=2)
    tipping = 1 / (network.friendship_paradox(graph).friends_pooled - 1)
    start = network.seeds(graph, 1, "random")
    low, high = (network.reach(graph, start, factor * tipping, draws=200).mean for factor in (0.5, 2))
    assert low < 4 and high > 500


def test_all_ways_to_begin_meet_the_same_coins():
    graph = nx.barabasi_albert_graph(300, 2, seed=1)
    found = network.reaches(graph, {"few": [0], "more": [0, 1]}, 0.2, draws=50)
    assert (found["more"].draws >= found["few"].draws).all()
    assert found["few"].draws.tolist() == network.reach(graph, [0], 0.2, draws=50).draws.tolist()


# -- orders with a social touch ------------------------------------------------------------------------------


def test_touches_by_independent_code(tables):
    """One order after the other, for a few hundred of them."""
    orders = samples.touched_orders(tables)
    moments = {person: part.touched.to_numpy() for person, part in samples.touches(tables).groupby("customer_id")}
    for one in orders.sample(300, random_state=1).itertuples():
        gaps = (one.created.to_datetime64() - moments.get(one.customer_id, np.array([], "datetime64[us]")))
        days = gaps / np.timedelta64(1, "D")
        before, after = days[days > 0], -days[days <= 0]
        assert one.before == pytest.approx(before.min()) if len(before) else np.isnan(one.before)
        assert one.after == pytest.approx(after.min()) if len(after) else np.isnan(one.after)
    assert len(orders) == tables.orders.dropna(subset=["paid"]).order_id.nunique()


def test_without_a_table_of_touches_opened_shares_are_taken(tables):
    shares = tables.shares.dropna(subset=["opened", "receiver_id"])
    found = samples.touched_orders(own_tables(orders=tables.orders, shares=tables.shares))
    assert len(samples.touches(own_tables(shares=tables.shares))) == len(shares)
    assert 0.02 < (found.before <= 7).mean() < (samples.touched_orders(tables).before <= 7).mean()


# -- published, and one's own ---------------------------------------------------------------------------------


def test_an_edge_list_of_streamers_goes_through(tmp_path):
    """MUSAE: the card quotes the median of 5 and the 59.6 of friends; totals by independent code."""
    path = real_file("twitch_engb_edges.csv")
    out = editions.own_data_notebook("3.1", path, MAPPINGS / "streamer-friends.yml", tmp_path / "run")
    text = (out / "section-3-1.ipynb").read_text(encoding="utf-8")
    ends = pd.read_csv(path).melt().value.value_counts()
    assert (len(ends), ends.median(), round((ends**2).sum() / ends.sum(), 2)) == (7126, 5, 59.57)
    assert "59.574" in text and "7126.000" in text and "Card 3.1" in text
    report = (out / "report.md").read_text(encoding="utf-8")
    assert "was not drawn" not in report and "`orders` and `shares` are missing" in report
    written = pd.read_parquet(out / "data" / "follows.parquet")
    assert not set(ends.index.astype(str)) & set(written.follower_id.astype(str))


@pytest.mark.parametrize("exercise", ["3.1a", "3.1b", "3.1c", "3.1d"])
def test_the_exercises_name_the_mistakes(tables, exercise):
    assert practice.audit(exercise, tables) == []
