"""Rate ratios of counts: published numbers, cases by hand, recovery, and bad input."""

import numpy as np
import pandas as pd
import pytest

from liveshop.methods import counts
from printed import printed


def test_negative_binomial_of_the_red_mites():
    """Bliss and Fisher 1953, mites on 150 apple leaves: mean 1.1467, k by maximum likelihood 1.02459.
    The leaves stand twice, as two groups that do not differ."""
    leaves = np.repeat(np.arange(8), [70, 38, 17, 10, 9, 3, 2, 1])
    both = pd.DataFrame({"mites": np.tile(leaves, 2), "tree": np.repeat(["one", "two"], 150)})
    fit = counts.rate_ratios(both, "mites", "tree")
    assert printed(1 / fit.dispersion, 4) == 1.0246
    assert fit.table["ratio"].tolist() == pytest.approx([1.0])


def test_rate_ratio_by_hand():
    """Without controls the ratio is that of the means, or of the rates where each post was seen as often."""
    frame = pd.DataFrame({"likes": [1, 5, 3, 7, 2, 20, 9, 1], "type": list("aaaabbbb"), "seen": [100] * 4 + [300] * 4})
    assert counts.rate_ratios(frame, "likes", "type").table.loc["type: b", "ratio"] == pytest.approx(2.0)
    assert counts.rate_ratios(frame, "likes", "type", exposure="seen").table.loc["type: b", "ratio"] == pytest.approx(
        2 / 3
    )
    turned = counts.rate_ratios(frame, "likes", "type", references={"type": "b"})
    assert turned.table.loc["type: a", "ratio"] == pytest.approx(0.5) and turned.references == {"type": "b"}


def test_rate_ratios_reduce_to_poisson_without_scatter():
    frame = pd.DataFrame({"likes": [4, 5, 5, 6] * 10 + [9, 10, 10, 11] * 10, "type": ["a"] * 40 + ["b"] * 40})
    fit = counts.rate_ratios(frame, "likes", "type")
    assert fit.dispersion == 0.0 and fit.table["ratio"].tolist() == pytest.approx([2.0]) and fit.poisson_scatter < 1


@pytest.mark.parametrize("mean, dispersion", [(5e6, 0.01), (5e3, 1.0), (50, 1e-3)])
def test_dispersion_is_found_at_any_size_of_counts(mean, dispersion):
    """A plain joint search stops short when counts are large, or hardly scatter more than by chance."""
    rng = np.random.default_rng(3)
    kind = rng.choice(["a", "b", "c"], 4000)
    expected = mean * np.select([kind == "b", kind == "c"], [2.0, 0.5], 1.0)
    frame = pd.DataFrame({"type": kind, "likes": rng.poisson(expected * rng.gamma(1 / dispersion, dispersion, 4000))})
    fit = counts.rate_ratios(frame, "likes", "type", references={"type": "a"})
    assert fit.dispersion == pytest.approx(dispersion, rel=0.08, abs=3 * np.sqrt(2 / 4000) / mean)
    assert fit.table["ratio"].tolist() == pytest.approx([2.0, 0.5], rel=0.1)


def posts(seed, size=900):
    """Authors differ, good authors make more videos, evening hours help; true ratios 1.5 (video) and 0.8 (live)."""
    rng = np.random.default_rng(seed)
    author = rng.integers(0, 30, size)
    gift = rng.normal(0, 0.5, 30)
    video = rng.random(size) < 1 / (1 + np.exp(-2 * gift[author]))
    kind = np.where(video, "video", np.where(rng.random(size) < 0.4, "live", "photo"))
    hour = rng.choice(["morning", "evening"], size)
    seen = rng.lognormal(8, 1, size).round()
    rate = (
        0.02
        * np.exp(gift[author] + 0.3 * (hour == "evening"))
        * np.select([kind == "video", kind == "live"], [1.5, 0.8], 1.0)
    )
    return pd.DataFrame({"type": kind, "author_id": author.astype(str), "hour": hour, "impressions": seen,
                         "reactions": rng.poisson(seen * rate * rng.gamma(2, 0.5, size))})


def test_rate_ratios_recover_what_made_the_posts():
    truth, covered, estimates, naive = {"type: video": 1.5, "type: live": 0.8}, 0, [], []
    for seed in range(20):
        data = posts(seed)
        fit = counts.rate_ratios(
            data, "reactions", "type", ["hour", "author_id"], "impressions", "author_id", {"type": "photo"}
        )
        covered += sum(fit.covers(term, value) for term, value in truth.items())
        estimates.append(fit.table.loc[list(truth), "ratio"].to_numpy())
        if seed < 5:
            pooled = counts.rate_ratios(data, "reactions", "type", (), "impressions", "author_id", {"type": "photo"})
            naive.append(pooled.table.loc["type: video", "ratio"])
    assert covered >= 34                                      # of 40; 38 are expected
    assert np.mean(np.log(estimates), axis=0) == pytest.approx(np.log(list(truth.values())), abs=0.05)
    assert np.mean(naive) > 1.8  # without the author, video takes the credit of who makes it
    assert fit.dispersion == pytest.approx(0.5, abs=0.1) and fit.poisson_scatter > 5
    assert fit.table.index.tolist() == ["type: live", "type: video"] and (fit.rows, fit.clusters) == (900, 30)


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda p: counts.rate_ratios(p, "likes", "type"), "lacks the column likes"),
        (lambda p: counts.rate_ratios(p.assign(reactions=-1), "reactions", "type"), "whole and not negative"),
        (lambda p: counts.rate_ratios(p.assign(reactions=0.5), "reactions", "type"), "whole and not negative"),
        (lambda p: counts.rate_ratios(p.assign(reactions=0), "reactions", "type"), "0 in every row"),
        (
            lambda p: counts.rate_ratios(p.assign(impressions=0), "reactions", "type", exposure="impressions"),
            "above zero in every row",
        ),
        (
            lambda p: counts.rate_ratios(p.assign(copy=p["type"]), "reactions", "type", ["copy"]),
            "cannot be told apart",
        ),
        (
            lambda p: counts.rate_ratios(p.assign(one="x"), "reactions", "type", cluster="one"),
            "one one: no standard error",
        ),
        (lambda p: counts.rate_ratios(p, "reactions", "type", references={"type": "essay"}), "no level 'essay'"),
        (
            lambda p: counts.rate_ratios(
                p.assign(reactions=p["reactions"].where(p["type"] != "live", 0)), "reactions", "type"
            ),
            "has no limit",
        ),
        (lambda p: counts.rate_ratios(p, "reactions", []), "at least one factor"),
    ],
)
def test_counts_refuse_in_a_sentence(call, words):
    with pytest.raises(ValueError, match=words):
        call(posts(0, 120))
