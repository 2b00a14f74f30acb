"""Who is tied to whom: degrees, friends of friends, communities, likeness along ties, and how far a share travels.

NetworkX does the graph; what is added is the fit to a table of ties, the friendship paradox in its two readings, and
a cascade that is quick enough to draw a thousand times.

Sources: Newman, Networks (2018); Feld, "Why your friends have more friends than you do", American Journal of
Sociology 96 (1991); Blondel et al., Journal of Statistical Mechanics (2008), for communities; Kempe, Kleinberg and
Tardos, KDD 2003, for the cascade. Looked at and left alone: igraph and graph-tool (faster, and harder to install).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from liveshop.methods._inputs import need, number, whole


def graph(ties, one="follower_id", other="followed_id", mutual=False):
    """The undirected graph of a table of ties (NetworkX). Ties that stand twice, either way, count once; ties of
    somebody with herself do not count.

    mutual: keep only ties that stand both ways. Raises ValueError on missing columns and when no tie is left.
    """
    import networkx as nx

    need(ties, (one, other), "The ties lack")
    pairs = ties[[one, other]].dropna()
    pairs = pairs[(pairs[one] != pairs[other]).to_numpy()].drop_duplicates()
    if mutual:
        back = pairs.rename(columns={one: other, other: one})
        pairs = pairs.merge(back, on=[one, other])
    if pairs.empty:
        raise ValueError("No tie is left between two different people.")
    found = nx.Graph()
    found.add_edges_from(zip(pairs[one].tolist(), pairs[other].tolist(), strict=True))
    return found


def describe(graph, paths=False):
    """The graph in numbers: people, ties, mean_degree, median_degree, most (ties of one), pairs_near (assortativity
    of degrees: −1 to 1), transitivity (share of two ties with one person in common that close to a triangle),
    clustering (mean over people).

    paths: also mean_path and diameter of the largest connected part, slow above some thousand people. Ties count once
    each, weights or not. Raises ValueError on an empty graph.
    """
    import networkx as nx

    degree = _degrees(graph)
    found = {"people": len(degree), "ties": graph.number_of_edges(), "mean_degree": degree.mean(),
             "median_degree": degree.median(), "most": degree.max(),
             "pairs_near": _assortativity(graph, degree), "transitivity": nx.transitivity(graph),
             "clustering": nx.average_clustering(graph)}
    if paths:
        part = graph.subgraph(max(nx.connected_components(graph), key=len))
        found |= {"mean_path": nx.average_shortest_path_length(part), "diameter": nx.diameter(part)}
    return pd.Series(found, dtype=float)


def _degrees(graph):
    if not hasattr(graph, "number_of_nodes"):
        raise ValueError(f"A graph is needed, not {type(graph).__name__}: make one of the ties with network.graph.")
    if not graph.number_of_nodes():
        raise ValueError("The graph holds nobody.")
    return pd.Series(dict(graph.degree(weight=None)), dtype=float)


def _ends(ties, values):
    """Values at both ends of each tie, every tie both ways."""
    first, second = (np.array([values[pair[end]] for pair in ties]) for end in (0, 1))
    return np.concatenate([first, second]), np.concatenate([second, first])


def _assortativity(graph, degree):
    one, other = _ends(graph.edges(), degree.to_dict())
    return float(np.corrcoef(one, other)[0, 1]) if len(one) and np.ptp(one) else np.nan


@dataclass(frozen=True)
class Friendship:
    """``mean`` and ``median``: ties a person · ``friends_pooled``: mean ties of friends, every friendship counted
    once at each end (Σ degree² / Σ degree) · ``friends_per_person``: mean over people of their friends' mean ties ·
    ``below``: share of those with friends who have fewer ties than these on average. People without friends count in
    the first."""

    mean: float
    median: float
    friends_pooled: float
    friends_per_person: float
    below: float


def friendship_paradox(graph):
    """Your friends have more friends than you do (友谊悖论): whoever is sampled through a tie is better connected.

    Feld's eight girls: mean 2.5, friends of friends 3.0 pooled and 2.99 per person: two answers to two questions.
    Raises ValueError on a graph without ties.
    """
    degree = _degrees(graph)
    if not graph.number_of_edges():
        raise ValueError("Nobody has a tie.")
    values = degree.to_dict()
    theirs = pd.Series({person: sum(values[friend] for friend in graph.adj[person]) / len(graph.adj[person])
                        for person in graph if values[person] > 0})
    own = degree[theirs.index]
    return Friendship(float(degree.mean()), float(degree.median()), float((degree**2).sum() / degree.sum()),
                      float(theirs.mean()), float((theirs > own + 1e-12).mean()))


@dataclass(frozen=True)
class Communities:
    """``member``: community of each person, 0 the largest · ``sizes``: people in each · ``modularity``: share of ties
    within communities, less what chance would put there (0: none; above .3: marked)."""

    member: pd.Series
    sizes: list
    modularity: float


def communities(graph, resolution=1.0, starts=5, seed=0):
    """Communities by Louvain's method, the best of ``starts`` random orders. Raises ValueError on an empty graph.

    Zachary's karate club: four (12 11 6 5), modularity .4198.
    """
    import networkx as nx

    _degrees(graph)
    resolution = number(resolution, "resolution")
    found = [nx.community.louvain_communities(graph, weight=None, resolution=resolution, seed=seed + k)
             for k in range(whole(starts, "starts", 1))]
    best = max(found, key=lambda parts: nx.community.modularity(graph, parts, weight=None))
    best = sorted(best, key=len, reverse=True)
    member = pd.Series({person: place for place, part in enumerate(best) for person in part}, name="community")
    return Communities(member.reindex(list(graph)), [len(part) for part in best],
                       float(nx.community.modularity(graph, best, weight=None)))


def modularity(graph, groups):
    """Modularity of groups that somebody named: {person: group}. Raises ValueError when a person has none."""
    import networkx as nx

    groups = pd.Series(dict(groups)).reindex(_degrees(graph).index)
    if groups.isna().any():
        raise ValueError(f"{groups.index[groups.isna()][0]} belongs to no group.")
    parts = [set(part.index) for _, part in groups.groupby(groups)]
    return float(nx.community.modularity(graph, parts, weight=None))


@dataclass(frozen=True)
class Likeness:
    """``correlation``: of a trait at both ends of a tie (for kinds: assortativity) · ``tied``: mean of the trait
    among friends of those who have it, ``others``: among friends of those who do not (yes-or-no traits only, else
    missing). Likeness along ties is not influence: alike people make friends."""

    correlation: float
    tied: float
    others: float
    ties: int


def likeness(graph, trait):
    """Are tied people alike (同质性)? trait: {person: number, yes or no, or kind}; ties without it are left out.

    Raises ValueError when no tie has the trait at both ends, or it is the same for all.
    """
    _degrees(graph)
    known = pd.Series(dict(trait)).dropna()
    values = known.to_dict()
    ties = [pair for pair in graph.edges() if pair[0] in values and pair[1] in values]
    if not ties:
        raise ValueError("No tie has the trait at both ends.")
    numeric = pd.api.types.is_numeric_dtype(known) or pd.api.types.is_bool_dtype(known)
    one, other = _ends(ties, known.astype(float if numeric else str).to_dict())
    if len(np.unique(one)) == 1:
        raise ValueError("The trait is the same for all who are tied.")
    if not numeric:                                   # Newman's assortativity of kinds
        mixed = pd.crosstab(one, other, normalize=True).to_numpy()
        chance = (mixed.sum(axis=0) ** 2).sum()
        return Likeness(float((np.trace(mixed) - chance) / (1 - chance)), np.nan, np.nan, len(ties))
    yes_or_no = set(np.unique(one)) <= {0.0, 1.0}
    means = (float(other[one == 1].mean()), float(other[one == 0].mean())) if yes_or_no else (np.nan, np.nan)
    return Likeness(float(np.corrcoef(one, other)[0, 1]), *means, len(ties))


# --- how far a share travels --------------------------------------------------------------------------


@dataclass(frozen=True)
class Reach:
    """People who get it, the first ones included: ``mean`` over draws, ``low`` and ``high`` (95 % of the draws)."""

    mean: float
    low: float
    high: float
    draws: np.ndarray


def reach(graph, first, chance, draws=200, seed=0):
    """How many a share reaches: everybody who gets it passes it to each friend with this chance, once.

    first: those who have it at the beginning (independent cascade). Raises ValueError on people who are not in the
    graph, and a chance outside of 0 to 1.
    """
    return reaches(graph, {"first": first}, chance, draws, seed)["first"]


def reaches(graph, starts, chance, draws=200, seed=0):
    """As ``reach``, for several ways to begin, {name: those who have it first}: a dict name -> Reach.

    All of them meet the same coins, draw by draw, so that their differences are not luck of the coins. In a directed
    graph (nx.DiGraph) a share runs along a tie in its direction only.
    """
    chance, draws = number(chance, "The chance"), whole(draws, "draws", 1)
    people = list(_degrees(graph).index)
    place = {person: at for at, person in enumerate(people)}
    starts = {name: list(first) for name, first in dict(starts).items()}
    for first in starts.values():
        unknown = [person for person in first if person not in place]
        if unknown or not first:
            raise ValueError(f"{unknown[0]} is not in the graph." if unknown else "Somebody must have it first.")
    if not 0 <= chance <= 1:
        raise ValueError(f"The chance is a share between 0 and 1, not {chance:g}.")
    ties = np.array([(place[a], place[b]) for a, b in graph.edges()]).reshape(-1, 2)
    begin = {name: np.array([place[person] for person in dict.fromkeys(first)]) for name, first in starts.items()}
    generator, found = np.random.default_rng(seed), {name: np.empty(draws) for name in starts}
    for draw in range(draws):
        open_ties = ties[generator.random(len(ties)) < chance]
        for name, count in _reached(open_ties, len(people), begin, graph.is_directed()).items():
            found[name][draw] = count
    return {name: Reach(float(each.mean()), *map(float, np.quantile(each, [0.025, 0.975])), each)
            for name, each in found.items()}


def _reached(open_ties, people, begin, directed):
    """{name: people who can be reached over the open ties from those who begin}."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import breadth_first_order, connected_components

    if not directed:                       # one coin for both ways is the same in law: a friend gets it only once
        links = coo_array((np.ones(len(open_ties)), open_ties.T), shape=(people, people))
        _, part = connected_components(links, directed=False)
        sizes = np.bincount(part)
        return {name: sizes[np.unique(part[those])].sum() for name, those in begin.items()}
    # Somebody invented stands before those who begin, one for each way, and is taken off again.
    before = [np.column_stack([np.full(len(those), people + way), those]) for way, those in enumerate(begin.values())]
    both = np.concatenate([open_ties, *before])
    links = coo_array((np.ones(len(both)), both.T), shape=(people + len(begin),) * 2).tocsr()
    return {name: len(breadth_first_order(links, people + way, return_predecessors=False)) - 1
            for way, name in enumerate(begin)}


def seeds(graph, count, how="followed", member=None, seed=0):
    """Whom to give it first: ``count`` people by "random", "followed" (most ties), "friends" (a random friend of a
    random person) or "spread" (the best tied of each community, from the largest on).

    member: {person: community}, for "spread". Raises ValueError on another way, and more people than there are, or
    than can be found in that way.
    """
    degree, count = _degrees(graph), whole(count, "The count", 1)
    if count > len(degree):
        raise ValueError(f"There are {len(degree)} people only.")
    generator = np.random.default_rng(seed)
    if how == "random":
        return [degree.index[at] for at in generator.choice(len(degree), count, replace=False)]
    if how == "followed":
        return list(degree.sort_values(ascending=False, kind="stable").index[:count])
    if how == "friends":
        chosen = {}
        order = [person for person in degree.index[generator.permutation(len(degree))] if degree[person] > 0]
        for person in order * 3:
            friends = list(graph.neighbors(person))
            chosen[friends[int(generator.integers(len(friends)))]] = True
            if len(chosen) == count:
                return list(chosen)
        raise ValueError(f"Only {len(chosen)} different friends of random people were found: ask for fewer.")
    if how == "spread":
        groups = communities(graph).member if member is None else pd.Series(dict(member)).reindex(degree.index)
        ranked = pd.DataFrame({"group": groups, "degree": degree}).dropna().sort_values(
            "degree", ascending=False, kind="stable")
        if count > len(ranked):
            raise ValueError(f"Only {len(ranked)} people belong to a community.")
        ranked["round"] = ranked.groupby("group").cumcount()
        ranked["size"] = ranked.groupby("group")["degree"].transform("size")
        return list(ranked.sort_values(["round", "size"], ascending=[True, False], kind="stable").index[:count])
    raise ValueError(f'how is "random", "followed", "friends" or "spread", not {how!r}.')
