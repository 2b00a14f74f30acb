"""Content and interaction: posts like for like, what segments were shown of them, and the top posts."""

import pandas as pd

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
