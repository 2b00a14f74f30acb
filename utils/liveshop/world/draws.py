"""Random numbers that belong to a person or a session, not to a place in a sequence.

A draw is a hash of (seed, purpose, identity, count). The same viewer therefore
draws the same numbers whatever else happens in the world and in whatever chunks
it is computed: that is what makes twin worlds (one cause switched off, all else
equal) and rooms of any size possible. The hash is the finaliser of SplitMix64
(Steele, Lea and Flood 2014).
"""

from __future__ import annotations

import hashlib

import numpy as np

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX2 = np.uint64(0x94D049BB133111EB)


def key(seed, purpose):
    """64-bit key of a purpose, such as "watch", under a seed."""
    digest = hashlib.blake2b(f"{int(seed)}/{purpose}".encode(), digest_size=8).digest()
    return np.frombuffer(digest, "<u8")[0]


def generator(seed, *purpose):
    """NumPy generator for draws that belong to the plan or to a room as a whole."""
    return np.random.Generator(np.random.PCG64(int(key(seed, "/".join(map(str, purpose))))))


def uniform(seed, purpose, identity, count=None):
    """Uniform draws in (0, 1): one for each identity (and count), shape of `identity`."""
    x = np.array(identity, dtype=np.uint64, copy=True)
    if count is not None:
        x += np.asarray(count, dtype=np.uint64) * np.uint64(0xD1342543DE82EF95)
    x *= _GOLDEN
    x += key(seed, purpose)
    y = np.empty_like(x)
    for shift, factor in ((30, _MIX1), (27, _MIX2)):
        np.right_shift(x, np.uint64(shift), out=y)
        x ^= y
        x *= factor
    np.right_shift(x, np.uint64(31), out=y)
    x ^= y
    x >>= np.uint64(11)
    u = x.astype(np.float64)
    u += 0.5
    u *= 2.0**-53
    return u


def normal(seed, purpose, identity, count=None):
    """Standard normal draws, shape of `identity`."""
    from scipy.special import ndtri

    return ndtri(uniform(seed, purpose, identity, count))


def exponential(seed, purpose, identity, count=None):
    """Exponential draws with mean 1, shape of `identity`."""
    u = uniform(seed, purpose, identity, count)
    np.log(u, out=u)
    np.negative(u, out=u)
    return u


def poisson(seed, purpose, identity, mean, most=60):
    """Poisson draws with the given means by inversion: a higher mean never gives fewer events."""
    u = uniform(seed, purpose, identity)
    mean = np.minimum(np.broadcast_to(np.asarray(mean, dtype=float), u.shape), 0.6 * most)
    term = np.exp(-mean)
    total = np.zeros(u.shape, dtype=np.int32)
    left = np.flatnonzero(u > term)
    u, mean, term = u[left], mean[left], term[left]
    cumulative = term.copy()
    for k in range(1, most + 1):
        if not left.size:
            break
        total[left] = k
        term = term * mean / k
        cumulative = cumulative + term
        more = u > cumulative
        left, u, mean, term, cumulative = left[more], u[more], mean[more], term[more], cumulative[more]
    return total


def choice(u, shares):
    """Index of the option that each uniform draw picks; `shares` has shape (options,) or (len(u), options)."""
    edges = np.cumsum(shares, axis=-1)
    edges = edges / edges[..., -1:]
    if edges.ndim == 1:
        return np.searchsorted(edges, u).astype(np.int8 if len(edges) < 128 else np.int64)
    return (u[:, None] > edges[:, :-1]).sum(axis=1).astype(np.int8)


def repeated(count):
    """Owner and running number of repeated things: each of `count` owners has that many, numbered from 0."""
    count = np.asarray(count, dtype=np.intp)
    owner = np.repeat(np.arange(len(count)), count)
    return owner, np.arange(len(owner)) - np.repeat(np.cumsum(count) - count, count)
