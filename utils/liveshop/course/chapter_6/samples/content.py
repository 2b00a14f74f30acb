"""Content and interaction: posts like for like, what segments respond to, and the habits of the top posts."""

import numpy as np
import pandas as pd

from liveshop.methods import counts
from liveshop.tables.memory import once_per_tables

PARTS = ["morning", "afternoon", "evening"]
CONDITIONS = ["author_id", "part", "quarter"]          # what posts that are compared have in common


@once_per_tables
def feed(tables):
    """Posts with author, type and reactions, part of the day and quarter; where impressions are known, with some."""
    posts = tables.posts.dropna(subset=["reactions", "author_id", "type"]).assign(
        part=lambda d: pd.cut(d.published.dt.hour, [-1, 11, 17, 23], labels=PARTS).astype(str),
        quarter=lambda d: d.published.dt.to_period("Q").astype(str))
    return posts[posts.impressions > 0] if base_of(posts) else posts


def base_of(posts):
    """What responses are counted per: "impressions", or None where the platform does not tell them."""
    return "impressions" if "impressions" in posts and posts.impressions.notna().any() else None


def common_type(posts):
    """The type that the others are compared with."""
    return "photo" if "photo" in set(posts.type) else posts.type.mode()[0]


def alike(posts, factor="type"):
    """The keywords of ``counts.rate_ratios`` for a comparison like for like: same author, part of the day and quarter.

    Per impression where these are known; errors clustered by author. When another factor than the type is compared,
    the type is held equal as well.
    """
    held = [one for one in ["type", *CONDITIONS] if one != factor]
    return {"controls": [one for one in held if posts[one].nunique() > 1], "exposure": base_of(posts),
            "cluster": "author_id" if posts.author_id.nunique() > 1 else None}


def type_ratios(table):
    """A table of rate ratios with the types alone as its index: "type: video" becomes "video"."""
    return table.rename(index=lambda term: term.removeprefix("type: "))


@once_per_tables
def audience(tables):
    """What each segment was shown of each post, with the conditions of the post."""
    posts = feed(tables)[["post_id", "type", "published", *CONDITIONS]]
    return tables.post_segments.merge(posts, on="post_id").query("impressions > 0")


@once_per_tables
def tastes(tables):
    """Segment × type: ratio to the common type like for like (low, high), and responses per 1,000 impressions."""
    common, found = common_type(feed(tables)), {}
    for segment, rows in audience(tables).groupby("segment"):
        fit = counts.rate_ratios(rows, "reactions", "type", references={"type": common}, **alike(rows))
        fit = type_ratios(fit.table)
        base = rows[rows.type == common]
        level = 1000 * base.reactions.sum() / base.impressions.sum()      # what the segment's photos get
        fit.loc[common, ["ratio", "low", "high"]] = 1.0
        per_1000 = {"per_1000": fit.ratio * level, "low_1000": fit.low * level, "high_1000": fit.high * level}
        found[segment] = fit.assign(**per_1000).sort_index()
    return pd.concat(found, names=["segment", "type"])


@once_per_tables
def fortnight_favourites(tables):
    """Fortnight × segment: the type with the highest plain rate per impression."""
    rows = audience(tables)
    fortnight = ((rows.published - feed(tables).published.min()).dt.days // 14).rename("fortnight")
    sums = rows.groupby([fortnight, "segment", "type"])[["reactions", "impressions"]].sum()
    return (sums.reactions / sums.impressions).unstack().idxmax(axis=1).unstack("segment")


@once_per_tables
def stars(tables):
    """The top twentieth of the posts by reactions, at least twenty."""
    return feed(tables).nlargest(max(20, len(feed(tables)) // 20), "reactions")


@once_per_tables
def practices(tables):
    """What most of the stars did (practice), its share of them and of all posts, and its rate ratio like for like."""
    posts, top, rows = feed(tables), stars(tables), {}

    def shared(habit, level):
        return {"of_stars": (top[habit] == level).mean(), "of_all": (posts[habit] == level).mean()}

    for habit in [one for one in ["type", "topic", "part"] if one in posts and posts[one].nunique() > 1]:
        level = top[habit].mode()[0]
        compared = posts.assign(follows=(posts[habit] == level).map({True: "yes", False: "no"}))
        fit = counts.rate_ratios(compared, "reactions", "follows", references={"follows": "no"}, **alike(posts, habit))
        one = fit.table.iloc[0]
        rows[habit] = {"practice": level, **shared(habit, level), "ratio": one.ratio, "low": one.low, "high": one.high}
    author = top.author_id.mode()[0]
    rows["author_id"] = {"practice": f"be {author}", **shared("author_id", author)}
    return pd.DataFrame(rows).T.infer_objects()


def coming_of_age(rates, memory, factor, days=180, batch=100, runs=200, seed=6):
    """Regret of Thompson sampling after half of the days, when the response to videos is multiplied by the factor.

    rates: true response by type. The bandit keeps the share `memory` of its evidence from one day to the next.
    """
    rng = np.random.default_rng(seed)
    won, lost, regret = np.zeros((runs, len(rates))), np.zeros((runs, len(rates))), 0.0
    for day in range(days):
        rate = rates.to_numpy() * np.where(rates.index == "video", factor if day >= days // 2 else 1, 1)
        arm = rng.beta(1 + won, 1 + lost).argmax(axis=1)
        hits = rng.binomial(batch, rate[arm])
        won, lost = memory * won, memory * lost
        won[range(runs), arm] += hits
        lost[range(runs), arm] += batch - hits
        regret += batch * (rate.max() - rate[arm]).mean() * (day >= days // 2)
    return regret


def points_scheme(reward):
    """The worked scheme for photos, per 100 buyers: yuan of reward -> photos, cost, net, and the cost of one more.

    Assumed: 4 send a photo unasked, a reward moves up to 20 more and each further yuan fewer; a photo saves 25 yuan.
    """
    table = pd.DataFrame(index=pd.Index(reward, name="yuan per photo"))
    return table.assign(
        photos=lambda d: 4 + 20 * (1 - np.exp(-d.index / 8)),
        cost=lambda d: d.photos * d.index,
        extra=lambda d: d.photos - 4,
        net=lambda d: 25 * d.extra - d.cost,
        cost_per_extra=lambda d: d.cost / d.extra,                  # the average, which everybody quotes
        cost_of_last=lambda d: d.cost.diff() / d.photos.diff(),     # the margin, which decides
    )
