"""Wrong answers about losses, their tail, and shares of channels."""

import numpy as np

from liveshop.methods import risk


def of_the_law(asked):
    """8.1a: one law, three questions; what people answer instead."""
    from scipy import stats

    rate, mean = asked.rate, asked.mean
    expected, edge, beyond = asked.right()
    one, sd = stats.expon(scale=mean), np.sqrt(2 * rate) * mean
    yield {"shortfall": edge}, ("That is the quantile: where the bad years begin. The shortfall is the mean loss of "
                                "the years beyond it.")
    yield {"value_at_risk": beyond}, "That is the shortfall. Asked first is where the worst twentieth begins."
    yield {"expected": mean}, "That is one loss. Six of them come in a mean year."
    yield {"value_at_risk": one.ppf(0.95)}, "That is the quantile of a single loss. Asked is that of a year's sum."
    yield {"shortfall": mean * (1 + np.log(20))}, "That is the shortfall of a single loss. Asked is that of a year."
    yield {"value_at_risk": stats.norm(expected, sd).ppf(0.95)}, (
        "That is the normal law with the same mean and spread. The sum is skewed: its tail is longer.")
    yield {"value_at_risk": stats.poisson(rate).ppf(0.95) * mean}, (
        "You took a bad number of losses, each of them the mean. Losses differ too.")
    yield {"shortfall": beyond - edge}, "That is how far the bad years lie beyond the quantile. Add the quantile."
    yield {"shortfall": beyond - expected}, "That is what a bad year costs above the mean one. Asked is all it costs."
    yield {"shortfall": 0.05 * beyond}, (
        "That weighs the bad years by their chance. The shortfall is their mean, given that one comes.")
    yield {"expected": expected / 12}, "That is the expected loss of a month."
    yield {"expected": edge}, "That is the quantile. The expected loss is the mean of all years."
    yield {"expected": stats.gamma(rate, scale=mean).median()}, "That is a middle year. The mean lies above it."


def of_counts(asked):
    """8.1a, rarer: the number of losses held fixed, half of the answer, the wrong unit."""
    from scipy import stats

    fixed = stats.gamma(asked.rate, scale=asked.mean)
    yield {"value_at_risk": fixed.ppf(0.95)}, "That is with exactly six losses in every year. Their number varies too."
    yield {"shortfall": risk.expected_shortfall(fixed, 0.95)}, (
        "That is with exactly six losses in every year. Their number varies too.")
    yield tuple(1000 * value for value in asked.right()), "Those are yuan. Asked are thousand yuan."
    expected, _, _ = asked.right()
    sd = np.sqrt(2 * asked.rate) * asked.mean
    for field in ("value_at_risk", "shortfall"):
        yield {field: expected + 2 * sd}, "Mean plus two standard deviations is a rule for normal laws."
        yield {field: expected}, "That is the mean of all years. Asked is a bad one."
        yield {field: 0.95 * expected}, "The level is a share of the years, and not of the loss."
        yield {field: asked.rate * asked.mean * np.log(20)}, (
            "You multiplied a single loss at its quantile by six. Six bad losses in one year are much rarer.")
        yield {field: asked.rate * asked.mean * (1 + np.log(20))}, (
            "You multiplied the shortfall of a single loss by six. Six such losses in one year are much rarer.")
    yield {"expected": np.sqrt(2 * asked.rate) * asked.mean}, "That is the standard deviation of a year's loss."


def of_the_tail(asked):
    """8.1b: shares of something else, and the matrix's own order."""
    rows, years = asked.rows, asked.years
    by_cause = rows.groupby("cause_id").shared.first()
    shared, kind, seen = asked.right()
    yield {"shared": rows.shared.mean()}, "That is the share of the incidents. Asked is the share of the loss."
    yield {"shared": by_cause.mean()}, "That is the share of the causes. Asked is the share of the loss."
    yield {"shared": 1 - shared}, "That is the share of the incidents that came alone."
    worst = rows.groupby("cause_id").loss.sum().max() / rows.loss.sum()
    yield {"shared": worst}, "That is the share of the dearest cause alone."
    more = rows.loss.sum() / rows.loss[~rows.shared].sum() - 1
    yield {"shared": rows.loss[rows.shared].mean() / rows.loss.mean()}, (
        "That compares mean losses. Divide the sum of the loss by shared causes by the sum of all.")
    if more < 50:
        yield {"shared": more}, "You divided by the loss of the single ones. Divide by all loss."
    alone, causes = years["incident"], years["cause"]
    yield {"seen": risk.value_at_risk(alone.total) / risk.value_at_risk(causes.total)}, (
        "You compared the quantiles. Asked is the shortfall: the mean beyond them.")
    yield {"seen": alone.total.mean() / causes.total.mean()}, (
        "You compared the means. They agree, whatever is drawn; the tails do not.")
    yield {"seen": risk.expected_shortfall(alone.total) / risk.value_at_risk(causes.total)}, (
        "Below stands the quantile of the causes. Take their shortfall.")
    yield {"seen": risk.value_at_risk(alone.total) / risk.expected_shortfall(causes.total)}, (
        "Above stands the quantile of incidents alone. Take their shortfall.")
    yield {"seen": 1 / seen}, "Upside down: asked is what independence sees of the shortfall by causes."
    yield {"seen": 1 - seen}, "That is what independence misses. Asked is what it sees."
    table = risk.frequency_severity(rows, 5)
    said = {
        table.a_year.idxmax(): "It comes most often. Look at what the worst years cost.",
        table.median_loss.idxmax(): "Its middle loss is the largest, and it is rare. Multiply, and look at bad years.",
        table.a_year.idxmin(): "It is the rarest. Look at the shares of the worst years.",
    }
    for name in table.index:
        if name != kind:
            yield {"kind": name}, said.get(name, "Others have a larger share of the worst years: see `tail_shares`.")


def of_other_totals(asked):
    """8.1b, rarer: shares of yearly means, of medians, of other levels."""
    rows, years = asked.rows, asked.years
    yield {"shared": rows[rows.shared].groupby("cause_id").loss.sum().mean()}, (
        "That is the mean loss of a shared cause, in yuan. Asked is a share.")
    yield {"seen": risk.expected_shortfall(years["incident"].total, 0.9)
           / risk.expected_shortfall(years["cause"].total, 0.9)}, "That is at 90 %; asked is the shortfall at 95 %."
    yield {"seen": years["incident"].total.max() / years["cause"].total.max()}, "You compared the worst years of all."
    yield {"seen": years["incident"].total.std() / years["cause"].total.std()}, "You compared standard deviations."
    yield {"shared": rows.loss[rows.shared].median() / rows.loss.median()}, "You compared medians. Asked is a sum."


def of_channels(asked):
    """8.1c: what people do with shares."""
    counts = asked.counts
    share, extra = counts / counts.sum(), asked.on_top
    now, then, equal = asked.right()
    w = extra / (1 + extra)
    yield {"now": share.max()}, "That is the share of the largest channel."
    yield {"now": 1 / len(share)}, "That is the index of equal channels. These are not equal."
    yield {"now": np.sqrt(now)}, "You took the root at the end. The index is the sum of squares."
    yield {"now": (share**2).mean()}, "You took the mean of the squares. Add them."
    yield {"now": 1 - now}, "That is one less the index: how mixed they are, not how concentrated."
    for value, sentence in (
        (now * (1 - extra) ** 2 + extra**2,
         "You gave the newcomer 20 % of the whole. It brings 20 entries on 100, so it has 20 of 120."),
        (now * (1 - w) ** 2, "The old shares are right; the newcomer's own square is missing."),
        (now + w**2, "The old shares shrink as well: all of them have fewer of the whole."),
        (now + extra**2, "You put the newcomer on top and left the old shares as they were."),
        (now * (1 - w) + w**2, "The old shares shrink before they are squared: (1 − w)²."),
        (now * (1 - w), "The old shares shrink before they are squared, and the newcomer has a square too."),
        (now * (1 - w) ** 2 + w, "The newcomer's share is squared as well."),
    ):
        yield {"then": value}, sentence
        yield {"equal": 1 / value}, f"That follows from a wrong index. {sentence}"
    yield {"then": now}, "That is the index of today. The newcomer changes every share."
    yield {"equal": 1 / now}, "That is the number today. Asked is with the new channel."
    yield {"equal": float(len(share) + 1)}, "That counts the channels. They are not equal."
    yield {"equal": float(len(share))}, "That counts the channels of today. They are not equal."
    yield {"equal": 1 / np.sqrt(then)}, "Take the reciprocal of the index, not of its root."
    largest = share.copy()
    largest[share.idxmax()] -= w
    off = float((largest**2).sum() + w**2)
    yield {"then": off, "equal": 1 / off}, "You took its entries from the largest channel. They come on top."


def of_newcomers(asked):
    """8.1c, rarer: other newcomers, per cent, the weeks' mean, counts of broadcasts."""
    now, then, _ = asked.right()
    counts = asked.tables.streams.channel_id.value_counts(normalize=True)
    yield {"now": float((counts**2).sum())}, "Those are shares of the broadcasts. Asked are shares of entries."
    for name, value in (("now", now), ("then", then)):
        yield {name: 10_000 * value}, "That is the index of shares in per cent. Asked is 0 to 1."
        yield {name: 100 * value}, "Shares are fractions here: the index lies between 0 and 1."
        yield {name: 1 / value}, "That is the number of equal channels. Asked is the index."
    mean = asked.tables.streams.groupby("channel_id").views.mean()
    yield {"now": float(((mean / mean.sum()) ** 2).sum())}, "You took views per broadcast. Add them up per channel."
    if "source" in getattr(asked.tables, "viewer_sessions", ()):
        source = asked.tables.viewer_sessions.source.value_counts(normalize=True)
        yield {"now": float((source**2).sum())}, "That is by source (feed, follow …). Asked is by channel."
