"""Who is tied to whom: the social map, its communities, likeness along ties, how far a share travels, social touches.

A tie counts once, whichever way it runs. Touches are those that the table of touches holds, or else opened shares.
"""

import numpy as np
import pandas as pd

from liveshop.course.chapter_6.samples import buyers, members
from liveshop.methods import network
from liveshop.tables.memory import once_per_tables

FINE = 4          # resolution of the communities: above 2 the answers of this section stop moving
WAYS = {"random": "at random", "friends": "friends of random people", "spread": "across communities",
        "followed": "the most followed"}


@once_per_tables
def social_map(tables):
    """The graph of all ties (NetworkX)."""
    return network.graph(tables.follows)


@once_per_tables
def ties_each(tables):
    """Ties of each customer, 0 for those who stand in no tie; of an edge list alone, of those who stand in it."""
    ties = pd.Series(dict(social_map(tables).degree()), dtype=int)
    return ties.reindex(tables.customers.customer_id, fill_value=0) if "customers" in tables else ties


@once_per_tables
def members_map(tables):
    """The graph of the ties between members of the social shop. All members are in it, with and without a tie."""
    everybody = list(members(tables).index)
    found = social_map(tables).subgraph(everybody).copy()
    found.add_nodes_from(everybody)
    return found


def communities(tables, resolution=FINE):
    """Communities by Louvain's method, of people whose ties hold them in a ring (the 2-core): somebody who hangs on
    one tie belongs to her friend's, whichever that is, and makes the search slow."""
    return _communities(tables, resolution)


@once_per_tables
def _communities(tables, resolution):
    import networkx as nx

    core = nx.k_core(social_map(tables), 2)
    return network.communities(core if len(core) else social_map(tables), resolution, starts=1)


# -- likeness along ties: friends, and others of the same community --------------------------------------------


@once_per_tables
def pairs(tables):
    """Both ends of each tie between members whose first eight weeks as buyers are over: one, other, again, friends.

    again: one ordered again within eight weeks of her first order; friends: the other did (1.0 or 0.0). Ties of an
    invited member with the friend who invited her are left out: being invited has an effect of its own (6.1).
    """
    known, ties = buyers(tables), pd.DataFrame(list(social_map(tables).edges()), columns=["one", "other"])
    ties = ties[ties.one.isin(known.index) & ties.other.isin(known.index)]
    inviter = known.referrer_id.astype(float)
    invited = [inviter.reindex(ties[a]).to_numpy() == ties[b].to_numpy() for a, b in (("one", "other"),
                                                                                     ("other", "one"))]
    ties = ties[~(invited[0] | invited[1])]
    both = pd.concat([ties, ties.rename(columns={"one": "other", "other": "one"})], ignore_index=True)
    here, there = (known.again.reindex(both[end]).to_numpy() for end in ("one", "other"))
    return both.assign(again=here, friends=there)


def alike(tables, resolution=FINE, draws=400, seed=3):
    """How much more often members order again when somebody else did, in shares: estimate, low, high.

    Rows: "friend" (all ties) · "friend, same community" · "anybody of the community" (the same members, but in
    place of the friend any other buyer of their community, tied or not) · "left for the tie" (the second less the
    third). 95 % intervals by drawing communities anew. Raises ValueError when no tie joins two such members.
    """
    known, part = buyers(tables).again, communities(tables, resolution).member
    ties = pairs(tables)
    if ties.empty:
        raise ValueError("No tie joins two buyers whose weeks after the first order are over.")
    here, there = (part.reindex(ties[end]).to_numpy(float) for end in ("one", "other"))
    home = part.reindex(known.index)
    count, again = home.map(known.groupby(home).size()), home.map(known.groupby(home).sum())
    others = ((again - known) / (count - 1)).where(count > 1).reindex(ties.one).to_numpy()
    inside = (here == there) & ~np.isnan(others)
    group = pd.factorize(np.where(np.isnan(here), -1, here))[0]
    parts = group.max() + 1
    drawn = np.random.default_rng(seed).multinomial(parts, np.full(parts, 1 / parts), draws)
    weights = np.vstack([np.ones(parts), drawn])
    mine, friend = ties.again.to_numpy(), ties.friends.to_numpy()
    gaps = {"friend": _gap(mine, friend, group, weights),
            "friend, same community": _gap(mine[inside], friend[inside], group[inside], weights),
            "anybody of the community": _gap(mine[inside], others[inside], group[inside], weights)}
    gaps["left for the tie"] = gaps["friend, same community"] - gaps["anybody of the community"]
    return pd.DataFrame({name: [gap[0], *np.nanquantile(gap[1:], [0.025, 0.975])] for name, gap in gaps.items()},
                        index=["estimate", "low", "high"]).T


def _gap(mine, theirs, group, weights):
    """Mean of mine where theirs is 1, less where it is 0 (a share weighs by itself), for each row of weights."""
    sums = [weights @ np.bincount(group, values, minlength=weights.shape[1])
            for values in (mine * theirs, theirs, mine * (1 - theirs), 1 - theirs)]
    with np.errstate(invalid="ignore", divide="ignore"):
        return sums[0] / sums[1] - sums[2] / sums[3]


# -- how far a share travels ---------------------------------------------------------------------------------


@once_per_tables
def travels(tables, counts=(1, 3, 10, 30, 100), chances=(0.05, 0.1, 0.2), draws=40, sets=10):
    """People reached by a share that begins with so many, each way of WAYS: index chance, count, way; columns mean,
    low, high (95 % of the runs). The chance that a share is passed along a tie is assumed: no table holds it.

    Ways that need lots draw so many lists of people, each cut into up to three sets, and their runs are put together.
    """
    graph, part = social_map(tables), communities(tables).member
    chosen = {(way, one): network.seeds(graph, max(counts), way, part, seed=one)
              for way in WAYS for one in range(sets if way in ("random", "friends") else 1)}
    starts = {(count, way, one, cut): those[cut:cut + count] for count in counts for (way, one), those in chosen.items()
              for cut in range(0, len(those) - count + 1 if way in ("random", "friends") else 1, count)[:3]}
    rows = {}
    for chance in chances:
        runs = network.reaches(graph, starts, chance, draws)
        for count in counts:
            for way in WAYS:
                drawn = np.concatenate([each.draws for (n, how, *_), each in runs.items() if (n, how) == (count, way)])
                rows[chance, count, way] = (drawn.mean(), *np.quantile(drawn, [0.025, 0.975]))
    return pd.DataFrame(rows, index=["mean", "low", "high"]).T.rename_axis(["chance", "count", "way"])


@once_per_tables
def along_followers(tables, count=10, chance=0.1, draws=40, sets=10):
    """People reached, mean by way of WAYS but "friends", when a share runs from the followed to her followers only."""
    import networkx as nx

    graph, part = social_map(tables), communities(tables).member
    one_way = nx.DiGraph()
    one_way.add_nodes_from(graph)
    one_way.add_edges_from(tables.follows.loc[tables.follows.follower_id != tables.follows.followed_id,
                                              ["followed_id", "follower_id"]].to_numpy().tolist())
    starts = {(way, one): network.seeds(graph, count, way, part, seed=one)
              for way in ("random", "spread", "followed") for one in range(sets if way == "random" else 1)}
    means = {name: found.mean for name, found in network.reaches(one_way, starts, chance, draws).items()}
    return pd.Series(means).groupby(level=0).mean()


@once_per_tables
def _friends(tables):
    """Ties of the friends of each person, one after the other, where each person's begin, and how many they are."""
    graph, each = social_map(tables), ties_each(tables).to_dict()
    counts = np.array([len(graph.adj[person]) for person in graph])
    friends = np.array([each[friend] for person in graph for friend in graph.adj[person]])
    return friends, counts.cumsum() - counts, counts


def samples_of_ties(tables, size, how, times=1000, seed=31):
    """Mean number of ties in so many samples: "customers" (drawn off the list), "friends" (one friend of each of so
    many customers who have any) or "ties" (one end of each of so many ties)."""
    generator = np.random.default_rng(seed)
    if how == "customers":
        return generator.choice(ties_each(tables).to_numpy(), (times, size)).mean(axis=1)
    friends, begin, counts = _friends(tables)
    if how == "ties":                                 # each tie stands twice among the friends, once for each end
        return generator.choice(friends, (times, size)).mean(axis=1)
    person = generator.integers(0, len(counts), (times, size))
    return friends[begin[person] + (generator.random((times, size)) * counts[person]).astype(int)].mean(axis=1)


# -- orders and social touches -------------------------------------------------------------------------------


@once_per_tables
def touches(tables):
    """customer_id and moment (touched) of each social touch: of the table of touches, or else of opened shares."""
    if "touchpoints" in tables:
        found = tables.touchpoints[tables.touchpoints.kind == "social"]
    else:
        found = tables.shares.dropna(subset=["receiver_id", "opened"]).rename(
            columns={"receiver_id": "customer_id", "opened": "touched"})
    return found[["customer_id", "touched"]].sort_values("touched", ignore_index=True)


@once_per_tables
def touched_orders(tables):
    """Paid orders, one row each: customer_id, created, source where known, and the days since the social touch before
    it (before) and until the next one (after), missing where there is none."""
    orders = tables.orders.dropna(subset=["paid", "customer_id"]).drop_duplicates("order_id").sort_values("created")
    orders = orders[[name for name in ("order_id", "customer_id", "source", "created") if name in orders]]
    found = orders.assign(customer_id=orders.customer_id.astype("int64") if orders.customer_id.dtype != object
                          else orders.customer_id)
    known = touches(tables).astype({"customer_id": found.customer_id.dtype})
    known = known.assign(touched=known.touched.astype(found.created.dtype))
    for name, direction in (("before", "backward"), ("after", "forward")):
        near = pd.merge_asof(found, known, left_on="created", right_on="touched", by="customer_id",
                             direction=direction, allow_exact_matches=name == "after").touched
        found[name] = ((near.to_numpy() - found.created) / pd.Timedelta(days=1)).abs()
    return found
