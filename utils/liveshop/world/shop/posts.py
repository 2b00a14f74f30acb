"""Posts, who saw them and who responded, and what they sell. No segment's favourite is the winner of all."""

from __future__ import annotations

import numpy as np
import pandas as pd

from liveshop.world import calendar, catalogue, draws, orders
from liveshop.world.calendar import DAYS, HOURS, ONE, START
from liveshop.world.shop.members import SEGMENT_SHARE, SEGMENTS

TYPES = ("photo", "video", "live", "link", "status")
TOPICS = ("new arrivals", "styling", "behind the scenes", "customer photos", "offers", "care and fabric")
AUTHORS = 24
# Reactions, comments, shares and clicks by type, against a photo of the same author.
RESPONSE = np.array([1.0, 1.45, 1.75, 0.55, 0.45])
COMMENTS = np.array([1.0, 1.6, 3.2, 0.6, 0.8])
SHARES = np.array([1.0, 1.8, 1.6, 0.7, 0.3])
CLICKS = np.array([1.0, 1.3, 1.6, 2.2, 0.2])


def posts(seed, share):
    """Posts of a season that is `share` of full size, in order of time.

    Within an author live and video do better than photo; the authors with the largest reach post photos.
    """
    random = draws.generator(seed, "posts")
    count = max(20, int(round(1200 * min(share, 1.0))))
    reach = np.sort(np.exp(random.normal(7.6, 0.9, AUTHORS)))
    author = random.choice(AUTHORS, count, p=np.full(AUTHORS, 1 / AUTHORS))
    rank = author / (AUTHORS - 1)
    odds = np.column_stack(
        [0.25 + 0.55 * rank, 0.34 - 0.20 * rank, 0.16 - 0.11 * rank, np.full(count, 0.13), np.full(count, 0.12)]
    )
    kind = np.array([random.choice(5, p=o / o.sum()) for o in odds])
    hour = calendar.seconds_of_day(random.random(count), opens=7) // 3600
    published = np.sort(START + pd.to_timedelta(random.integers(0, DAYS, count), unit="D"))
    published = pd.DatetimeIndex(published) + pd.to_timedelta(hour * 3600 + random.integers(0, 3600, count), unit="s")
    seen = np.rint(reach[author] * HOURS[hour] ** 0.5 * np.exp(random.normal(0, 0.5, count)))
    impressions = np.maximum(50, seen).astype(np.int64)
    rate = 0.030 * RESPONSE[kind] * np.where(rank > 0.7, 1.25, 1.0)
    frame = pd.DataFrame(
        {
            "author_id": np.array([f"A{a + 1:02d}" for a in author], dtype=object),
            "channel_id": catalogue.CHANNEL_NAMES[_channels()[author]],
            "type": np.array(TYPES, dtype=object)[kind],
            "published": published.as_unit("s"),
            "impressions": impressions,
            "reactions": random.poisson(impressions * rate * np.exp(random.normal(0, 0.35, count))),
            "comments": random.poisson(impressions * 0.003 * COMMENTS[kind]),
            "shares": random.poisson(impressions * 0.0018 * SHARES[kind]),
            "clicks": random.poisson(impressions * 0.008 * CLICKS[kind]),
            "topic": np.array(TOPICS, dtype=object)[random.choice(6, count)],
        }
    ).sort_values("published", kind="stable", ignore_index=True)
    return frame.assign(post_id=[f"N{i:05d}" for i in range(1, count + 1)])


def _channels():
    """Channel of each author: every third posts on the second, some others on the third."""
    author = np.arange(AUTHORS)
    return np.where(author % 3 == 2, 1, np.where(author % 5 == 4, 2, 0))


def order_lines(plan, parameters, seed, people, posts):
    """The order lines that posts bring, as `orders.table` takes them."""
    sold = draws.poisson(
        seed, "post orders", np.arange(len(posts), dtype=np.uint64), posts["clicks"].to_numpy() * 0.012
    )
    post, number = draws.repeated(sold)
    own = (np.uint64(7) << np.uint64(50)) + post.astype(np.uint64)
    channel = posts.channel_id.map({c: i for i, c in enumerate(catalogue.CHANNEL_IDS)}).to_numpy()[post]
    kind = draws.choice(draws.uniform(seed, "post kind", own, number), np.array([0.55, 0.20, 0.12, 0.13]))
    later = (120 + 30_000 * draws.exponential(seed, "post delay", own, number)).astype(np.int64)
    created = posts.published.to_numpy().astype("datetime64[s]")[post] + later * ONE
    lines = pd.DataFrame(
        {
            "person": people.pick(draws.uniform(seed, "post person", own, number), channel, kind),
            "product": orders.chosen_products(plan, seed, own, number, created, "post product"),
            "channel": channel,
            "source": "social",
            "post_id": posts.post_id.to_numpy(dtype=object)[post],
            "session_id": pd.array([pd.NA] * len(post), dtype="Int64"),
            "quantity": 1,
            "discount": 0.08,
            "created": created,
            "is_paid": draws.uniform(seed, "post pays", own, number) >= parameters.refund.unpaid,
            "pause": draws.uniform(seed, "post paying", own, number),
        }
    )
    return orders.single_lines(plan, people, lines)


def relative_response(parameters):
    """Response of each segment to each type, against that of all segments to it.

    Shape (segments, types), mean 1 over impressions.
    """
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
    different = np.rint(impressions * random.beta(30, 9, impressions.shape)).astype(np.int64)
    viewers = np.maximum(different, np.minimum(impressions, 1))
    actions = sum(counts.values())
    different = np.rint(actions * random.beta(26, 14, actions.shape)).astype(np.int64) + (actions > 0)
    engaged = np.minimum(different, np.minimum(actions, viewers))
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
