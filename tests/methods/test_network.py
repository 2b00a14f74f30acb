"""Networks: Feld's girls, the karate club, streamers, and cascades."""

from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from liveshop.methods import network
from printed import printed
from real_data import real_file

GIRLS = network.graph(pd.DataFrame([pair.split("-") for pair in "B-S S-A S-P S-D A-J A-P A-D P-C D-J C-T".split()],
                                   columns=["a", "b"]), "a", "b")
CLUB = nx.karate_club_graph()


def test_eight_girls():
    """Feld 1991: mean 2.5; friends of friends 60/20 = 3.0 pooled, 23.917/8 = 2.99 per person."""
    found = network.friendship_paradox(GIRLS)
    assert (found.mean, found.friends_pooled) == (2.5, 3.0)
    assert printed(found.friends_per_person, 2) == 2.99
    assert printed(found.friends_per_person * 8, 3) == 23.917


def test_the_karate_club():
    """Zachary 1977; assortativity −.476 and modularity .4198 are Newman's and Brandes's."""
    found = network.describe(CLUB, paths=True)
    assert found[["people", "ties", "median_degree", "diameter"]].tolist() == [34, 78, 3, 5]
    assert (printed(found["mean_degree"], 3), printed(found["pairs_near"], 4)) == (4.588, -.4756)
    assert (printed(found["transitivity"], 4), printed(found["clustering"], 4)) == (.2557, .5706)
    assert printed(found["mean_path"], 3) == 2.408
    paradox = network.friendship_paradox(CLUB)
    assert (printed(paradox.friends_pooled, 3), printed(paradox.friends_per_person, 3)) == (7.769, 9.610)
    assert printed(100 * paradox.below, 1) == 85.3


def test_communities_of_the_karate_club():
    found = network.communities(CLUB, starts=10)
    assert printed(found.modularity, 4) == .4198 and found.sizes == [12, 11, 6, 5]
    assert found.member.value_counts().tolist() == found.sizes
    factions = {person: CLUB.nodes[person]["club"] for person in CLUB}
    assert printed(network.modularity(CLUB, factions), 4) == .3582


def test_graphs_against_another_package():
    """references/network.R: R's igraph."""
    reference = pd.read_csv(Path(__file__).parent / "references" / "network.csv", index_col="set")
    for name, graph in (("girls", GIRLS), ("club", CLUB)):
        expected, found = reference.loc[name], network.describe(graph, paths=True)
        same = ["people", "ties", "pairs_near", "transitivity", "clustering", "mean_path", "diameter"]
        assert found[same].tolist() == pytest.approx(expected[same].tolist(), rel=1e-8)
        paradox = network.friendship_paradox(graph)
        assert [paradox.friends_pooled, paradox.friends_per_person, paradox.below] == pytest.approx(
            expected[["pooled", "per_person", "below"]].tolist(), rel=1e-8)
        assert network.communities(graph, starts=20).modularity == pytest.approx(expected["modularity"], rel=1e-6)


def test_friendships_of_streamers():
    """MUSAE, Twitch in English: 7,126 and 35,324; mean 9.914, median 5, friends of friends 59.57."""
    found = network.describe(streamers := network.graph(pd.read_csv(real_file("twitch_engb_edges.csv")), "from", "to"))
    assert found[["people", "ties", "median_degree", "most"]].tolist() == [7126, 35324, 5, 720]
    assert (printed(found["mean_degree"], 3), printed(found["pairs_near"], 4)) == (9.914, -.1219)
    assert printed(found["transitivity"], 4) == .0424
    assert printed(network.friendship_paradox(streamers).friends_pooled, 2) == 59.57


def test_a_table_becomes_a_graph():
    ties = pd.DataFrame({"follower_id": [1, 2, 1, 3, 4], "followed_id": [2, 1, 2, 3, 1]})
    assert sorted(map(sorted, network.graph(ties).edges())) == [[1, 2], [1, 4]]
    assert sorted(map(sorted, network.graph(ties, mutual=True).edges())) == [[1, 2]]


def test_reach_of_a_chain_by_hand():
    """a – b – c with chance .5: 1 + .5 + .25 from a, 2 from b."""
    chain = nx.path_graph(["a", "b", "c"])
    assert network.reach(chain, ["a"], .5, draws=5_000).mean == pytest.approx(1.75, abs=.04)
    assert network.reach(chain, ["b"], .5, draws=5_000).mean == pytest.approx(2, abs=.04)
    assert network.reach(chain, ["a", "c"], 0, draws=2).mean == 2
    assert network.reach(chain, ["a"], 1, draws=2).mean == 3


def test_the_most_followed_reach_further_than_anybody():
    graph = nx.barabasi_albert_graph(800, 2, seed=1)
    far = {how: network.reach(graph, network.seeds(graph, 5, how), .1, draws=300).mean
           for how in ("random", "friends", "followed")}
    assert far["random"] < far["friends"] < far["followed"]


def test_seeds_over_communities():
    parts = nx.disjoint_union_all([nx.star_graph(5), nx.star_graph(4), nx.star_graph(3)])
    member = {person: 0 if person < 6 else 1 if person < 11 else 2 for person in parts}
    assert network.seeds(parts, 3, "spread", member) == [0, 6, 11]
    assert network.seeds(parts, 2, "spread") == [0, 6]
    assert network.seeds(parts, 3, "followed") == [0, 6, 11]


def test_a_share_runs_one_way_in_a_directed_graph():
    """A chain of four, and who begins at its end reaches nobody else."""
    chain = nx.DiGraph([(1, 2), (2, 3), (3, 4)])
    found = network.reaches(chain, {"head": [1], "tail": [4], "both": [4, 2]}, 1.0, draws=3)
    assert {name: each.mean for name, each in found.items()} == {"head": 4, "tail": 1, "both": 3}
    assert network.reach(chain.to_undirected(), [4], 1.0, draws=3).mean == 4
    half = network.reach(chain, [1], 0.5, draws=4000).mean                # 1 + 1/2 + 1/4 + 1/8
    assert half == pytest.approx(1.875, abs=0.06)


def test_likeness_along_ties():
    """Two pairs alike, one not: by hand (4 alike of 6 ends), correlation 1/3."""
    graph = nx.Graph([(1, 2), (3, 4), (5, 6)])
    found = network.likeness(graph, {1: 1, 2: 1, 3: 0, 4: 0, 5: 1, 6: 0})
    assert (found.correlation, found.tied, found.others) == pytest.approx((1 / 3, 2 / 3, 1 / 3))
    kinds = network.likeness(graph, {1: "a", 2: "a", 3: "b", 4: "b", 5: "a", 6: "b"})
    assert kinds.correlation == pytest.approx(1 / 3) and np.isnan(kinds.tied)
    assert network.likeness(graph, {1: 1, 2: 0, 3: 1, 4: None, 5: 3, 6: 9}).ties == 2


@pytest.mark.parametrize("call, words", [
    (lambda: network.graph(pd.DataFrame({"follower_id": [1], "followed_id": [1]})), "No tie is left"),
    (lambda: network.graph(pd.DataFrame({"a": [1]})), "ties lack the column"),
    (lambda: network.describe(pd.DataFrame({"follower_id": [1], "followed_id": [2]})), "A graph is needed"),
    (lambda: network.friendship_paradox(nx.Graph()), "holds nobody"),
    (lambda: network.friendship_paradox(nx.empty_graph(3)), "Nobody has a tie"),
    (lambda: network.modularity(GIRLS, {"B": 1}), "belongs to no group"),
    (lambda: network.likeness(GIRLS, {"B": 1}), "No tie has the trait"),
    (lambda: network.likeness(GIRLS, dict.fromkeys(GIRLS, 1)), "same for all"),
    (lambda: network.reach(GIRLS, ["Z"], .1), "Z is not in the graph"),
    (lambda: network.reach(GIRLS, [], .1), "must have it first"),
    (lambda: network.reach(GIRLS, ["B"], 10), "between 0 and 1"),
    (lambda: network.seeds(GIRLS, 99), "8 people only"),
    (lambda: network.seeds(GIRLS, 2, "loudest"), "how is"),
])
def test_what_is_no_network_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_a_question_leaves_the_graph_as_it_is_and_seeds_are_as_many_as_asked_for():
    star = nx.star_graph(5)
    network.likeness(star, {person: "ab"[person % 2] for person in star})
    assert not any(star.nodes[person] for person in star)
    assert network.reach(star, (person for person in [0]), 1.0, draws=3).mean == 6
    with pytest.raises(ValueError, match="ask for fewer"):
        network.seeds(star, 6, "friends")
    with pytest.raises(ValueError, match="Only 2 people belong"):
        network.seeds(star, 3, "spread", member={0: "a", 1: "a"})
