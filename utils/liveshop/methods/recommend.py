"""What to show a customer next, by three simple recommenders, and an honest test of them.

================ ======================================================================
popularity       the same best sellers for everybody: the baseline to beat
item_neighbours  items that the same customers took (cosine of their columns)
factorise        customers and items as points in a few dimensions (truncated SVD)
================ ======================================================================

Each is fitted on events (customer, item) and has ``.recommend(customers, k)``. :func:`hit_rate` tests
on later events: split by time. A random split lets the recommender learn from the future (next
month's best sellers, the rest of the same basket) and flatters it.

Sources: Sarwar, Karypis, Konstan and Riedl, "Item-based collaborative filtering", WWW 2001;
Cremonesi, Koren and Turrin, "Performance of recommender algorithms on top-N tasks", RecSys 2010.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from liveshop.methods._inputs import moments, need


@dataclass(frozen=True)
class Recommender:
    """A fitted recommender. ``items``: in the order of the columns of scores; ``score(customers)``
    gives shape (customers, items), larger is better."""

    name: str
    items: pd.Index
    customers: pd.Index         # known from the fit
    seen: object                # sparse matrix (customers, items): times taken
    popular: np.ndarray         # customers per item
    _scores: object             # rows of the matrix → dense scores

    def score(self, customers):
        """Scores of all items for these customers; a customer not known from the fit gets popularity."""
        row = self.customers.get_indexer(pd.Index(customers))
        scores = np.tile(self.popular / self.popular.sum(), (len(row), 1))
        if (row >= 0).any():
            # Popularity settles ties, as for a customer whose items have no neighbours.
            scores = scores * 1e-9
            scores[row >= 0] += self._scores(row[row >= 0])
            scores[row < 0] *= 1e9
        return scores

    def recommend(self, customers, k=10, new_only=True):
        """The k best items for each customer, shape (customers, k), best first.

        ``new_only``: leave out what she took already; with fewer than k items left the last places are missing.
        """
        best = self._best(customers, k, new_only)
        return pd.DataFrame(np.where(best >= 0, self.items.to_numpy(object)[best], None), index=pd.Index(customers),
                            columns=range(1, best.shape[1] + 1))

    def _best(self, customers, k, new_only):
        k = int(k)
        if k < 1:
            raise ValueError("k must be at least 1.")
        customers = pd.Index(customers)
        parts = []
        for begin in range(0, len(customers), 20_000):      # dense scores of some customers at a time
            some = customers[begin: begin + 20_000]
            scores = self.score(some)
            if new_only:
                row = self.customers.get_indexer(some)
                taken = self.seen[row[row >= 0]].tocoo()
                scores[np.flatnonzero(row >= 0)[taken.row], taken.col] = -np.inf
            order = np.argsort(-scores, axis=1, kind="stable")[:, :k]
            parts.append(np.where(np.isfinite(np.take_along_axis(scores, order, axis=1)), order, -1))
        return np.concatenate(parts) if parts else np.empty((0, min(k, len(self.items))), int)


def popularity(events, days=None, customer="customer_id", item="product_id", when="created"):
    """Items by the number of customers who took them; the same list for everybody.

    ``days``: count only the last so many days of the events (the fresh list); what each customer has
    taken is still known from all of them.
    Raises ValueError on missing columns and days not above zero.
    """
    base, _ = _fresh(events, days, customer, item, when)
    buyers = base["popular"]
    return Recommender(_named("popularity", days), **base,
                       _scores=lambda row: np.tile(buyers / buyers.max(), (len(row), 1)))


def item_neighbours(events, neighbours=20, damping=5.0, days=None, customer="customer_id", item="product_id",
                    when="created"):
    """An item scores by how near it is to those the customer took: the cosine of the two items' columns
    of customers (taken or not), over the ``neighbours`` nearest items. ``damping`` is added to the
    lengths, so that two items sharing one customer by chance do not look alike.
    ``days``: learn who is near whom from the last so many days of the events only; all that a customer took counts.
    Raises ValueError on missing columns, days not above zero and fewer than one neighbour.
    """
    from scipy.sparse import csr_array

    base, recent = _fresh(events, days, customer, item, when)
    taken = (base["seen"] > 0).astype(float)
    common = (recent.T @ recent).toarray()
    size = np.maximum(np.diag(common), 1.0)          # nobody took it in these days: near to nothing
    near = common / (np.sqrt(np.outer(size, size)) + damping)
    np.fill_diagonal(near, 0.0)
    keep = min(int(neighbours), len(size))
    if keep < 1:
        raise ValueError("item_neighbours needs at least one neighbour.")
    near[near < np.sort(near, axis=1)[:, [-keep]]] = 0.0
    near = csr_array(near.T)
    return Recommender(_named("item neighbours", days), **base, _scores=lambda row: (taken[row] @ near).toarray())


def factorise(events, factors=8, seed=0, days=None, customer="customer_id", item="product_id", when="created"):
    """Matrix factorisation: the best approximation of the customer × item matrix (taken or not) by
    ``factors`` dimensions (truncated SVD by scipy.sparse.linalg.svds, "PureSVD" of Cremonesi et al.).
    ``days``: find the dimensions in the last so many days of the events only; all that a customer took counts.
    Raises ValueError on missing columns, days not above zero and more dimensions than the matrix has.
    """
    from scipy.sparse.linalg import svds

    base, recent = _fresh(events, days, customer, item, when)
    taken = (base["seen"] > 0).astype(float)
    if not 1 <= factors < min(taken.shape):
        raise ValueError(f"factors must lie between 1 and {min(taken.shape) - 1}, below the numbers of customers "
                         f"({taken.shape[0]}) and items ({taken.shape[1]}).")
    begin = np.random.default_rng(seed).normal(size=min(taken.shape))
    _, _, axes = svds(recent, k=int(factors), v0=begin)
    return Recommender(_named("matrix factorisation", days), **base, _scores=lambda row: (taken[row] @ axes.T) @ axes)


def time_split(events, at, when="created"):
    """(train, test): events before the moment ``at``, and from then on. The honest split.

    Raises ValueError when all events lie on one side.
    """
    need(events, [when], "The events lack", "; name yours with when=")
    moment = moments(events[when], when)
    train, test = events[moment < pd.Timestamp(at)], events[moment >= pd.Timestamp(at)]
    if train.empty or test.empty:
        raise ValueError(f"All events lie on one side of {pd.Timestamp(at):%Y-%m-%d}: from {moment.min():%Y-%m-%d} "
                         f"to {moment.max():%Y-%m-%d}.")
    return train, test


def random_split(events, share=0.2, seed=0):
    """(train, test) with ``share`` of the events, drawn at random, in test. Leaks the future into the
    training: for showing how much it flatters, not for choosing a recommender.
    Raises ValueError unless ``share`` lies between 0 and 1.
    """
    if not 0 < share < 1:
        raise ValueError("share must lie between 0 and 1.")
    test = np.random.default_rng(seed).random(len(events)) < share
    return events[~test], events[test]


@dataclass(frozen=True)
class HitRate:
    """``rate``: share of test customers with at least one hit; with its 95 % interval (Wilson)."""

    name: str
    k: int
    rate: float
    interval: tuple[float, float]
    customers: int          # the denominator
    known: int              # of these, customers known from the fit


def hit_rate(recommender, test, k=10, new_only=True, known_only=False, customer="customer_id", item="product_id"):
    """Hit rate at k: of the customers in ``test``, the share for whom one of the items they took is
    among the k recommended to them.

    With ``new_only`` items that she had taken before count neither as recommendation nor as hit, and
    customers who took nothing new are left out. ``known_only`` leaves out customers without history,
    who get the best sellers whatever the method.
    Raises ValueError when no customer of the test took anything that could be a hit.
    """
    from statsmodels.stats.proportion import proportion_confint

    pairs = _pairs(test, customer, item)
    row = recommender.customers.get_indexer(pairs["customer"])
    column = recommender.items.get_indexer(pairs["item"])
    keep = row >= 0 if known_only else np.ones(len(pairs), bool)
    if new_only:
        both = (row >= 0) & (column >= 0)
        again = np.zeros(len(pairs), bool)
        again[both] = np.asarray(recommender.seen[row[both], column[both]]).ravel() > 0
        keep &= ~again
    pairs, column = pairs[keep], column[keep]
    if pairs.empty:
        raise ValueError("No customer in the test took anything that could be a hit: look at new_only, known_only "
                         "and the split.")
    place, people = pd.factorize(pairs["customer"])
    best = recommender._best(people, k, new_only)
    hit = (best[place] == column[:, None]).any(axis=1) & (column >= 0)
    hits = np.bincount(place, hit, minlength=len(people)) > 0
    low, high = proportion_confint(hits.sum(), len(people), method="wilson")
    return HitRate(recommender.name, int(k), float(hits.mean()), (float(low), float(high)), len(people),
                   int((recommender.customers.get_indexer(people) >= 0).sum()))


def _pairs(events, customer, item):
    need(events, (customer, item), "The events lack", "; name yours with customer= and item=")
    pairs = pd.DataFrame({"customer": events[customer], "item": events[item]}).dropna()
    if pairs.empty:
        raise ValueError(f"No event has both a {customer} and a {item}.")
    return pairs


def _matrix(events, customer, item):
    from scipy.sparse import csr_array

    pairs = _pairs(events, customer, item)
    row, customers = pd.factorize(pairs["customer"], sort=True)
    column, items = pd.factorize(pairs["item"], sort=True)
    seen = csr_array((np.ones(len(pairs)), (row, column)), shape=(len(customers), len(items)))
    return {"items": pd.Index(items), "customers": pd.Index(customers), "seen": seen,
            "popular": np.asarray((seen > 0).sum(axis=0)).ravel().astype(float)}


def _fresh(events, days, customer, item, when):
    """The matrix of all events, with the popularity of the last days; and who took what in these, taken or not."""
    from scipy.sparse import csr_array

    base = _matrix(events, customer, item)
    if days is None:
        return base, (base["seen"] > 0).astype(float)
    if not days > 0:
        raise ValueError("days must be above zero.")
    need(events, [when], "The events lack", "; name yours with when=")
    moment = moments(events[when], when)
    late = _pairs(events[moment > moment.max() - pd.Timedelta(days=days)], customer, item).drop_duplicates()
    place = base["customers"].get_indexer(late["customer"]), base["items"].get_indexer(late["item"])
    recent = csr_array((np.ones(len(late)), place), shape=base["seen"].shape)
    return base | {"popular": np.asarray(recent.sum(axis=0)).ravel()}, recent


def _named(name, days):
    return name if days is None else f"{name}, last {days} days"
