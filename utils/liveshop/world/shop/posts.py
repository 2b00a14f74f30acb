"""Posts by customer segment: who saw them and who responded. No segment's favourite is the winner of all."""

from __future__ import annotations

import numpy as np
import pandas as pd

from liveshop.world import draws
from liveshop.world.shop.members import SEGMENTS, SEGMENT_SHARE

TYPES = ("photo", "video", "live", "link", "status")


def relative_response(parameters):
    """Response of each segment to each type, against all segments' response to that type: (segments, types), mean 1 over impressions."""
    c = parameters.content
    table = np.ones((len(SEGMENTS), len(TYPES)))
    for kind, planted in (
        (0, {0: c.photo_basics}),
        (1, {1: c.video_office, 2: c.video_weekend}),
        (3, {3: c.link_bargain}),
    ):
        fixed = sum(SEGMENT_SHARE[s] * r for s, r in planted.items())
        rest = 1 - sum(SEGMENT_SHARE[s] for s in planted)
        if fixed >= 1:
            raise ValueError(
                f"The response of single segments to {TYPES[kind]} leaves nothing for the others; lower "
                f"content.{TYPES[kind]}_*"
            )
        table[:, kind] = (1 - fixed) / rest
        for s, r in planted.items():
            table[s, kind] = r
    return table


def audience(parameters, hour):
    """Share of the impressions of a post that each segment gets, by the hour of publishing: (posts, segments)."""
    lean = np.zeros((len(hour), len(SEGMENTS)))
    lean[:, 1] = parameters.content.evening_office * (np.asarray(hour) - 15.0) / 7.0
    share = SEGMENT_SHARE * np.exp(lean)
    return share / share.sum(axis=1, keepdims=True)


def post_segments(parameters, seed, posts):
    """One row a post and segment; impressions, reactions, comments, shares and clicks add up to those of the post."""
    random = draws.generator(seed, "post segments")
    count = len(posts)
    hour = posts.published.dt.hour.to_numpy()
    kind = posts.type.map({t: i for i, t in enumerate(TYPES)}).to_numpy()
    share = audience(parameters, hour)
    share = share * random.gamma(40, 1 / 40, share.shape)
    share /= share.sum(axis=1, keepdims=True)
    impressions = random.multinomial(posts.impressions.to_numpy(), share)
    response = relative_response(parameters)[:, kind].T
    weight = impressions * response * random.gamma(12, 1 / 12, impressions.shape)
    weight = weight / weight.sum(axis=1, keepdims=True)
    counts = {
        name: random.multinomial(posts[name].to_numpy(), weight)
        for name in ("reactions", "comments", "shares", "clicks")
    }
    # an impression is not a person, and the lively ones act more than once
    viewers = np.maximum(
        np.rint(impressions * random.beta(30, 9, impressions.shape)).astype(np.int64), np.minimum(impressions, 1)
    )
    actions = sum(counts.values())
    engaged = np.minimum(
        np.rint(actions * random.beta(26, 14, actions.shape)).astype(np.int64) + (actions > 0),
        np.minimum(actions, viewers),
    )
    engaged = np.maximum(engaged, np.minimum((actions > 0).astype(np.int64), viewers))
    return pd.DataFrame(
        {
            "post_id": np.repeat(posts.post_id.to_numpy(dtype=object), len(SEGMENTS)),
            "segment": np.tile(np.array(SEGMENTS, dtype=object), count),
            "impressions": impressions.ravel(),
            "viewers": viewers.ravel(),
            **{name: values.ravel() for name, values in counts.items()},
            "engaged": engaged.ravel(),
        }
    )


def truths(parameters, posts):
    """Facts about content for truth.json."""
    from liveshop.world.truths.rooms import fact

    kind = posts.groupby("type")[["reactions", "impressions"]].sum()
    # the generator's ratios within an author: photo 1, video 1.45, live 1.75, link 0.55, status 0.45
    base = np.array([1.0, 1.45, 1.75, 0.55, 0.45])
    table = relative_response(parameters) * base
    nested = {s: {t: round(float(table[i, k]), 3) for k, t in enumerate(TYPES)} for i, s in enumerate(SEGMENTS)}
    best = {s: max(row, key=row.get) for s, row in nested.items()}
    over = {t: round(float(base[k]), 3) for k, t in enumerate(TYPES)}
    return {
        "content.response": fact(
            nested,
            "Reactions per impression of each segment to each type of post, against the response of everybody to a "
            "photo of the same author.",
        ),
        "content.response_of_all": fact(
            over, "Reactions per impression of everybody to each type, against a photo of the same author."
        ),
        "content.best_of_segment": fact(best, "Type to which each segment responds most: never the winner over all."),
        "content.best_of_all": fact(
            max(over, key=over.get), "Type with the largest response over all segments: second for each of them."
        ),
        "content.audience_by_hour": fact(
            {
                str(h): {s: round(float(x), 4) for s, x in zip(SEGMENTS, row)}
                for h, row in zip(range(7, 24), audience(parameters, np.arange(7, 24)))
            },
            "Share of a post's impressions that each segment gets, by the hour of publishing.",
        ),
        "content.photo_rate": fact(
            round(float(kind.loc["photo"].reactions / kind.loc["photo"].impressions), 5),
            "Reactions per impression of all photos together: multiplies content.response to give rates.",
        ),
    }
