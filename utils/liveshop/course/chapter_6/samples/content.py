"""Content and interaction: posts like for like, what segments were shown of them, and the top posts."""

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
    return _top(feed(tables))


def _top(posts):
    return posts.nlargest(max(20, len(posts) // 20), "reactions")


def like_for_like(posts, common="photo", outcome="reactions"):
    """Rate ratios of the types against the common one, by type: same author, part of the day and quarter."""
    return type_ratios(counts.rate_ratios(posts, outcome, "type", references={"type": common}, **alike(posts)).table)


def against_the_rest(posts, factor, level):
    """The posts with this level of the factor against all others, like for like: a row with ratio, low, high."""
    marked = posts.assign(follows=(posts[factor] == level).map({True: "yes", False: "no"}))
    table = counts.rate_ratios(marked, "reactions", "follows", references={"follows": "no"}, **alike(posts, factor))
    return table.table.iloc[0]


def explained_by_account(posts):
    """Shares of the variance of log(1 + reactions) that the account explains, and account, type, part and quarter."""
    import statsmodels.formula.api as smf

    posts = posts.assign(response=np.log1p(posts.reactions))
    fits = (smf.ols(f"response ~ {right}", posts).fit()
            for right in ("C(author_id)", "C(author_id) + C(type) + C(part) + C(quarter)"))
    return tuple(fit.rsquared for fit in fits)


def newer_half(posts):
    """True for the posts of the newer half of the period."""
    return posts.published > posts.published.median()


def ageing(posts, common="photo"):
    """Each type's ratio in the older and the newer half, and their change with its 95 % interval."""
    newer = newer_half(posts)
    older, newer = (like_for_like(rows, common) for rows in (posts[~newer], posts[newer]))
    error = np.sqrt(sum((np.log(one.high / one.low) / 3.92) ** 2 for one in (older, newer)))     # of the log ratios
    change = newer.ratio / older.ratio
    return pd.DataFrame({"older": older.ratio, "newer": newer.ratio, "change": change,
                         "low": change * np.exp(-1.96 * error), "high": change * np.exp(1.96 * error)})


def tastes(rows, common="photo"):
    """Segment × type of an audience: ratio against the common type like for like, and responses per 1,000 impressions.

    per_1000, low_1000, high_1000: the ratio and the ends of its interval times what the segment's common type gets.
    """
    found = {}
    for segment, own in rows.groupby("segment"):
        fit, base = like_for_like(own, common), own[own.type == common]
        fit.loc[common, ["ratio", "low", "high"]] = 1.0
        level = 1000 * base.reactions.sum() / base.impressions.sum()
        found[segment] = fit.assign(per_1000=fit.ratio * level, low_1000=fit.low * level, high_1000=fit.high * level)
    return pd.concat(found, names=["segment", "type"])


def reach(rows):
    """Each segment's share of the impressions of an audience."""
    return rows.groupby("segment").impressions.sum() / rows.impressions.sum()


@once_per_tables
def worth_of_favourites(tables):
    """Responses with each segment's favourite over those with the best single type: (promised, kept).

    Chosen on the older half of the posts, and judged on these (promised) and on the newer half (kept).
    """
    rows, weight = audience(tables), reach(audience(tables))
    newer = rows.post_id.isin(feed(tables).post_id[newer_half(feed(tables))])
    chosen, judged = (tastes(half).per_1000.unstack() for half in (rows[~newer], rows[newer]))
    favourite, single = chosen.idxmax(axis=1), chosen.mul(weight, axis=0).sum().idxmax()
    own = [sum(weight[one] * half.loc[one, favourite[one]] for one in weight.index) for half in (chosen, judged)]
    return tuple(one / (weight * half[single]).sum() for one, half in zip(own, (chosen, judged), strict=True))


def practices(posts):
    """A best-practice list as decks make it: of each habit what most of the top posts of the older half did (practice),
    how often (of_stars, of_all), and what it does like for like in the newer half (ratio, low, high)."""
    newer = newer_half(posts)
    older, unseen = posts[~newer], posts[newer]
    stars = _top(older)
    found = {}
    for habit in [one for one in ("type", "topic", "part", "author_id") if one in posts and posts[one].nunique() > 1]:
        level = stars[habit].mode()[0]
        found[habit] = {"practice": level, "of_stars": (stars[habit] == level).mean(),
                        "of_all": (older[habit] == level).mean()}
        if habit != "author_id" and unseen[habit].eq(level).any() and unseen[habit].ne(level).any():
            found[habit] |= against_the_rest(unseen, habit, level)[["ratio", "low", "high"]]
    columns = ["practice", "of_stars", "of_all", "ratio", "low", "high"]
    return pd.DataFrame(found).T.reindex(columns=columns).infer_objects()


def two_weeks(ranking):
    """A calendar's proposal: each group its favourite, every fifth day its second choice, two days open.

    ranking: {group: types, the best first}.
    """
    days = []
    for day in range(1, 15):
        place, note = (1, "second choice") if day % 5 == 0 else (0, "favourite")
        who = "; ".join(f"{group}: {types[min(place, len(types) - 1)]}" for group, types in ranking.items())
        days.append((day, "open", "for a hot topic") if day in (4, 11) else (day, who, note))
    return pd.DataFrame(days, columns=["day", "who gets what", "note"])
