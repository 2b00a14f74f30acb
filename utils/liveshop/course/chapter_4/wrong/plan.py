"""Wrong answers of section 4.3: groups, returns and splits."""

import numpy as np
from scipy.optimize import brentq

from liveshop.methods import segments


def scale(asked):
    """Slips in one field of 4.3a."""
    found, raw = asked.found, asked.raw
    trend = found.centres.trend_first.idxmax()
    minutes = asked.answers.watch_minutes[found.labels == trend]
    yield {"largest": raw.sizes.max()}, "That is the largest group on the raw scale. Scale the traits first."
    yield {"largest": found.sizes.min()}, "That is the smallest group. Asked is the largest."
    yield {"largest": found.sizes.max() / found.sizes.sum()}, (
        "That is no count of customers: a share, or how many groups there are.")
    yield {"largest": 100 * found.sizes.max() / found.sizes.sum()}, "That is its share. Asked is how many customers."
    yield {"largest": found.sizes.mean()}, "That is a quarter of all who answered. Count the largest group."
    yield {"largest": found.sizes.sum()}, "Those are all who answered. Count the largest group."
    yield {"minutes": raw.centres.watch_minutes[raw.centres.trend_first.idxmax()]}, (
        "That group was made on the raw scale. Scale the traits first.")
    yield {"minutes": minutes.median()}, "That is the median of the group. Asked is its mean."
    for score in (np.log(minutes).mean(), found.centres.trend_first[trend]):
        yield {"minutes": score}, "That is a logarithm, or the answer about trends (1 to 7). Asked are minutes."
    yield {"minutes": asked.answers.watch_minutes.mean()}, "That is the mean of all who answered."
    yield {"minutes": found.centres.watch_minutes[0]}, "That is the largest group. Asked is the one with most trend."
    yield {"minutes": minutes.mean() / 60}, "Those are hours. Asked are minutes."
    yield {"minutes": minutes.mean() / 7}, "That is a day. Asked is a week, as the survey has it."
    yield {"minutes": minutes.sum()}, "Those are the minutes of the whole group. Asked is its mean."
    yield {"minutes": minutes.max()}, "That is the one who watches most. Asked is the mean of the group."
    yield {"agree": 1.0}, "No two groupings agree entirely here. Compare the labels of the two."
    yield {"agree": (found.labels == raw.labels).mean()}, (
        "You compared the numbers of the groups. They are names: use `agreement`, for which names do not matter.")
    pairs = np.equal.outer(found.labels.to_numpy(), found.labels.to_numpy()) == np.equal.outer(
        raw.labels.to_numpy(), raw.labels.to_numpy())
    yield {"agree": pairs.mean()}, (
        "That is the plain Rand index, or a share of customers that match. Chance alone makes both high: take the "
        "adjusted index.")


def other_groups(asked):
    """Other traits, other comparisons (4.3a)."""
    found = asked.found
    for trait in ("price_first", "fit_first", "friends_first", "evening_share", "clothing_budget"):
        number = found.centres[trait].idxmax()
        yield {"minutes": found.centres.watch_minutes[number]}, (
            f"That is the group with the most {trait}. Asked is the one with the highest trend_first.")
    yield {"minutes": found.centres.watch_minutes[found.centres.trend_first.idxmin()]}, (
        "That is the group that cares least for trends.")
    trend = found.centres.trend_first.idxmax()
    yield {"minutes": found.centres.clothing_budget[trend]}, "That is its clothing budget. Asked are its minutes."
    marks = segments.marks(asked.answers, found.labels, logs=list(asked.logs))
    yield {"minutes": marks.loc["watch_minutes", trend]}, "That is in standard deviations. Asked are minutes."
    minutes = asked.answers.watch_minutes[found.labels == trend]
    yield {"minutes": np.exp(np.log(minutes).mean())}, (
        "That is the mean of the logarithms, turned back. Asked is the plain mean in minutes: `centres` has it.")
    scaled = asked.but(logs=())
    yield {"largest": scaled.found.sizes.max()}, "That is without logarithms of minutes and money."
    yield {"minutes": scaled.right()[1]}, "That is without logarithms of minutes and money."
    yield {"agree": scaled.right()[2]}, "You compared with groups that were made without logarithms."
    yield {"agree": segments.agreement(scaled.found.labels, found.labels)}, (
        "You compared the groups with and without logarithms. Asked is the raw scale.")
    logged = asked.answers.assign(**{name: np.log(asked.answers[name]) for name in asked.logs})
    agree = segments.agreement(found.labels, asked.raw.labels)
    yield {"agree": 100 * agree}, "That is per cent. The index is a number up to 1."
    yield {"agree": 1 - agree}, "That is 1 less the agreement. Asked is the agreement."
    known = asked.tables.survey[["customer_id"]].merge(asked.tables.customers[["customer_id", "segment"]])
    yield {"agree": segments.agreement(found.labels, known.segment)}, (
        "You compared with the column `segment` of customers. Asked is the raw scale.")
    only = segments.kmeans(logged, asked.groups, scaled=False)
    for name, value in {"largest": only.sizes.max(), "agree": segments.agreement(only.labels, found.labels)}.items():
        yield {name: value}, "Logarithms are taken, and nothing is scaled: answers and shares differ in spread."
    ranged = segments.kmeans((logged - logged.min()) / (logged.max() - logged.min()), asked.groups, scaled=False)
    yield {"largest": ranged.sizes.max()}, "You scaled by smallest and largest. Asked is mean 0, standard deviation 1."
    for size in sorted(found.sizes)[1:-1]:
        yield {"largest": size}, "That is a group in the middle. Asked is the largest."


def returns(asked):
    """Slips of 4.3b."""
    feed, content = asked.feed, asked.content
    yield {"next_yuan": "feed"}, (
        "Feed has the better average, but that is of the yuan already spent. The next one brings more in content.")
    yield {"feed_average": asked.slope(feed)}, "That is the marginal return. Average: all it brings, over all spent."
    yield {"feed_average": asked.value(feed)}, "That is what feed brings in all. Divide by what is spent."
    yield {"feed_average": feed[0] / feed[2]}, (
        "At 40 feed brings 3/4 of its 120. You took all of it, or the spend of content.")
    yield {"feed_average": asked.average(content)}, "That is the average of content."
    yield {"feed_average": feed[0] / feed[1]}, "You divided by the half. Divide what it brings by what is spent."
    yield {"feed_average": feed[2] / asked.value(feed)}, "Turn it over: yuan that come, per yuan that is spent."
    yield {"feed_average": asked.average(feed) - 1}, "You took the spend off. Asked is what comes for a yuan."
    for name, channel in (("feed_marginal", feed), ("content_marginal", content)):
        top, half, spend = channel
        left = 2 ** (-spend / half)
        yield {name: asked.average(channel)}, "That is the average return. Marginal is the slope where you stand."
        yield {name: top / half * left}, "ln 2 = 0.693 is missing: the curve halves, it does not fall by e."
        yield {name: top / half * np.exp(-spend / half)}, "That is the curve with e. This one halves: 2^(−x/h), ln 2."
        yield {name: top * np.log(2) / half}, "That is the slope at nothing spent. Take it at the spend of today."
        yield {name: top * np.log(2) * left}, "The division by the half is missing."
        yield {name: top * np.log(2) / half * (1 - left)}, "The slope falls with what is left: 2^(−x/h), not 1 less it."
        yield {name: top * left}, "That is all that is left to win. Its slope has ln 2 / h in front."
        yield {name: top / half}, "Greatest return over half: the slope needs ln 2 and 2^(−x/h) as well."
        yield {name: left}, "That is the share of the return that is left to win."
        yield {name: asked.slope(channel) - 1}, "You took the spent yuan off. Asked is the return, the spend still in."
        yield {name: 1000 * asked.slope(channel)}, "That is per thousand yuan. Asked is per yuan."
    yield {"feed_marginal": asked.slope(content), "content_marginal": asked.slope(feed)}, (
        "Feed and content are exchanged.")
    feed, content = (*feed[:2], content[2]), (*content[:2], feed[2])
    yield {"feed_average": asked.average(feed), "feed_marginal": asked.slope(feed),
           "content_marginal": asked.slope(content)}, "You exchanged the spends: feed gets 40, content 20."


def other_returns(asked):
    """The same slips in two or three fields at once (4.3b)."""
    feed, content = asked.feed, asked.content
    average, flat, euler = (
        [rule(one) for one in (feed, content)] for rule in (
            asked.average, lambda c: c[0] / c[1] * 2 ** (-c[2] / c[1]), lambda c: c[0] / c[1] * np.exp(-c[2] / c[1])))
    for choice in ("feed", "content"):
        yield dict(zip(("feed_marginal", "content_marginal"), average, strict=True)) | {"next_yuan": choice}, (
            "Those are average returns. The marginal one is the slope where you stand.")
        yield dict(zip(("feed_marginal", "content_marginal"), flat, strict=True)) | {"next_yuan": choice}, (
            "ln 2 = 0.693 is missing: the curve halves, it does not fall by e.")
        yield dict(zip(("feed_marginal", "content_marginal"), euler, strict=True)) | {"next_yuan": choice}, (
            "That is the curve with e. This one halves: 2^(−x/h) and ln 2.")
    yield {"feed_average": feed[0] * (1 - np.exp(-2)) / feed[2]}, "That is the curve with e. This one halves: 2^(−x/h)."
    yield {"feed_average": feed[0] * 2 ** -2 / feed[2]}, "That is what is left to win, per yuan. Take 1 less 2^(−x/h)."
    both = (asked.value(feed) + asked.value(content)) / (feed[2] + content[2])
    yield {"feed_average": both}, "That is the average of both channels together. Asked is feed."
    for name, channel in (("feed_marginal", feed), ("content_marginal", content)):
        yield {name: asked.value(channel)}, "That is what the channel brings in all."
        yield {name: asked.value(channel, 1)}, "That is all that it brings with a thousand more. Take the difference."
        yield {name: (asked.value(channel, channel[2]) - asked.value(channel)) / channel[2]}, (
            "That is the return of doubling the spend. Asked is that of the next yuan.")
        yield {name: (asked.value(channel) - asked.value(channel, -10)) / 10}, (
            "That is over the last ten thousand. Asked is the next yuan: the slope where you stand.")
        top, half, spend = channel
        slope = asked.slope(channel)
        yield {name: slope * spend}, "That is the slope times the spend. The slope alone is what the next yuan brings."
        yield {name: slope / np.log(10)}, "That is the logarithm to base 10. Take the natural one: ln 2 = 0.693."
        yield {name: slope * half / spend}, "You divided by the spend. The slope has ln 2 over the half, h."
        yield {name: slope * 0.7 / np.log(2)}, "You rounded on the way: ln 2 = 0.693, not 0.7."
        yield {name: top * np.log(2) / half * 2 ** -round(spend / half, 1)}, "You rounded on the way: keep x/h exact."
        yield {name: asked.slope((top, half, 60 - spend))}, "You took the spend of the other channel."
        yield {name: (asked.value(channel, 10) - asked.value(channel)) / 10}, (
            "That is over the next ten thousand. Asked is the next yuan: the slope where you stand.")


def split(asked):
    """Slips of 4.3c."""
    size, slow, total = (np.array(one) for one in (asked.size, asked.slow, asked.total))
    fields = ("rooms", "posts", "stands")

    def all_three(amounts):
        return dict(zip(fields, amounts, strict=True))

    yield all_three([total / 3] * 3), "Equal parts. Equal must be the return of the last yuan, not the amounts."
    yield all_three(total * size / size.sum()), (
        "That is in proportion to a, the size of the channel. The slope is a/(b + x): set it equal.")
    yield all_three(total * (size / slow) / (size / slow).sum()), (
        "That is in proportion to the return of the first yuan, a/b. The last yuan decides.")
    price = size.sum() / (total + slow.sum())
    free = size / price - slow
    yield all_three(free), (
        "The stands get a negative amount: take nothing for them and split the whole budget over the other two.")
    yield all_three([free[0], free[1], 0.0]), (
        "You set the stands to nothing and left the others as they were: more than the budget is spent. Split again.")
    yield all_three([total, 0.0, 0.0]), "All into the largest. Its last yuan then brings less than the first of posts."
    yield all_three([0.0, total, 0.0]), "All into the best first yuan. Its last yuan then brings very little."
    yield all_three([0.0, 0.0, total]), "All into the stands: whoever saturates last need not bring most."
    yield all_three([total / 2, total / 2, 0.0]), "Halves. Equal must be the return of the last yuan."
    pair = total * size[:2] / size[:2].sum()
    yield all_three([*pair, 0.0]), "Nothing for the stands is right. The rest is in proportion to a: b is forgotten."
    first = size[:2] / slow[:2]
    yield all_three([*(total * first / first.sum()), 0.0]), (
        "Nothing for the stands is right. The rest is in proportion to a/b, the first yuan: the last one decides.")
    right = asked.right()
    yield all_three([right[0] + slow[0], right[1] + slow[1], 0.0]), "That is a/λ. Take b off: x = a/λ − b."
    yield all_three([right[1], right[0], right[2]]), "Rooms and posts are exchanged."
    yield all_three([1000 * one for one in right]), "Those are yuan. Asked are thousand yuan."
    yield all_three([one / total for one in right]), "Those are shares of the budget. Asked are thousand yuan."
    yield all_three([100 * one / total for one in right]), (
        "These amounts add up to 100: per cent, or another budget. Asked are thousand yuan of 120.")
    same = brentq(lambda level: sum(_until(a, b, level) for a, b in zip(size, slow, strict=True)) - total, 0.6, 2.9)
    yield all_three([_until(a, b, same) for a, b in zip(size, slow, strict=True)]), (
        "You made the average returns equal. Equal must be the return of the last yuan.")
    for rest in (0.0, total - 96):
        yield all_three([60.0, 36.0, rest]), "You stopped where the last yuan brings one. The budget is spent whole."


def _until(size, slow, level):
    """Spend at which the average return of size · ln(1 + x / slow) has come down to a level; 0 where none has it."""
    if size / slow <= level:
        return 0.0
    return brentq(lambda x: size * np.log1p(x / slow) - level * x, 1e-6, 1e4)


def other_splits(asked):
    """Other rules (4.3c)."""
    size, slow, total = (np.array(one) for one in (asked.size, asked.slow, asked.total))
    fields = ("rooms", "posts", "stands")
    for used in (size[:2], size):                  # what they bring made equal: of rooms and posts, or of all three
        curve = slow[:len(used)]
        equal = brentq(lambda value, a=used, b=curve: (b * np.expm1(value / a)).sum() - total, 1, 300)
        amounts = [*(curve * np.expm1(equal / used)), 0.0][:3]
        yield dict(zip(fields, amounts, strict=True)), (
            "You made equal what the channels bring in all. Equal must be the return of the last yuan.")
    for summed in (80, 100, 140, 160):
        for rooms in range(0, summed + 1, 10):
            yield dict(zip(fields, (rooms, summed - rooms, 0), strict=True)), (
                f"These amounts add up to {summed}. The budget of 120 is spent whole, and no more.")
    for amount in range(4, 61, 4):
        yield {"stands": amount}, (
            f"The first yuan at a stand brings {size[2] / slow[2]:.2f}. Compare that with the last one in rooms.")
    third = total / 3
    average = size * np.log1p(third / slow) / third
    rules = {
        "That is in proportion to the average return at equal parts. The last yuan decides.": average,
        "That is in proportion to what each brings at equal parts. The last yuan decides.":
            size * np.log1p(third / slow),
        "That is in proportion to b. b says how slowly a channel saturates, not what it brings.": slow,
        "That is in proportion to a·b. The slope is a/(b + x): set it equal.": size * slow,
        "That is in proportion to the slopes at equal parts. Equal slopes are wanted, not slopes as weights.":
            size / (slow + third),
        "That is in proportion to the square root of a: set the slopes equal.": np.sqrt(size),
    }
    for sentence, weights in rules.items():
        yield dict(zip(fields, total * weights / weights.sum(), strict=True)), sentence
        pair = weights[:2]
        yield dict(zip(fields, [*(total * pair / pair.sum()), 0.0], strict=True)), sentence
    alike = (total + slow.sum()) / 3 - slow
    yield dict(zip(fields, alike, strict=True)), "You made b + x equal. Equal must be a/(b + x)."
    left = (total + slow[:2].sum()) / 2 - slow[:2]
    yield dict(zip(fields, [*left, 0.0], strict=True)), "You made b + x equal. Equal must be a/(b + x)."
    for rooms in range(0, 121, 5):
        for posts in range(0, 121 - rooms, 5):
            stands = 120 - rooms - posts
            if not stands or rooms % 10 == posts % 10 == 0:
                yield dict(zip(fields, (rooms, posts, stands), strict=True)), _last_yuan(asked, (rooms, posts, stands))


def _last_yuan(asked, amounts):
    """What the last yuan brings at a round guess, in words."""
    rooms, posts, stands = (a / (b + x) for a, b, x in zip(asked.size, asked.slow, amounts, strict=True))
    return (f"At these amounts the last yuan brings {rooms:.2f} in rooms, {posts:.2f} in posts and {stands:.2f} at the "
            "stands. Move money from the lowest to the highest, and go on until nothing can be moved.")
