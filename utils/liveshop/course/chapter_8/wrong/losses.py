"""Wrong answers about losses, their tail, and shares of channels."""

import numpy as np

from liveshop.course.chapter_8.samples import doors, losses
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
        "That weighs the bad years by their chance, or it is the mean of the best years. Asked is the mean of the "
        "worst.")
    yield {"shortfall": risk.value_at_risk(asked.year, 0.975)}, (
        "That is the median of the bad years. The shortfall is their mean.")
    yield {"value_at_risk": edge - expected}, "That is what it exceeds the mean year by. Asked is all of it."
    yield {"value_at_risk": -mean * np.log(-np.log(0.95) / rate)}, (
        "That is the quantile of the year's largest single loss. Asked is that of their sum.")
    yield {"expected": expected / 12}, "That is the expected loss of a month."
    yield {"expected": edge}, "That is the quantile. The expected loss is the mean of all years."
    yield {"expected": risk.value_at_risk(asked.year, 0.5)}, "That is a middle year. The mean lies above it."
    yield {"expected": rate}, "That is how many losses come in a year. Asked is what they cost."
    yield {"expected": np.sqrt(rate) * mean}, "That is a standard deviation. Asked is the mean."


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
        yield {field: 0.95 * expected}, (
            "That is 95 % of the mean year, or the mean of the better years. The level is a share of the years, and "
            "asked are the worst.")
        yield {field: asked.rate * asked.mean * np.log(20)}, (
            "You multiplied a single loss at its quantile by six. Six bad losses in one year are much rarer.")
        yield {field: asked.rate * asked.mean * (1 + np.log(20))}, (
            "You multiplied the shortfall of a single loss by six. Six such losses in one year are much rarer.")
    yield {"expected": np.sqrt(2 * asked.rate) * asked.mean}, "That is the standard deviation of a year's loss."
    law = stats.poisson(asked.rate)
    yield {"shortfall": risk.expected_shortfall(asked.mean * law.ppf((np.arange(20_000) + 0.5) / 20_000))}, (
        "You took a bad number of losses, each of them the mean. Losses differ too.")
    yield {"value_at_risk": 12 * asked.but(rate=asked.rate / 12).right()[1]}, (
        "You multiplied a bad month by twelve. Twelve bad months in one year are much rarer.")
    yield from of_other_laws(asked)


def of_other_laws(asked):
    """8.1a, rarer: the lower tail, one draw for all losses of a year, the parameter of the law."""
    from scipy import stats

    low = asked.but(level=1 - asked.level).right()
    said = "That is read from the lower end: at .05 in place of .95."
    yield {"value_at_risk": low[1]}, said
    yield {"shortfall": low[2]}, said
    chance = np.random.default_rng(1)
    one_draw = chance.poisson(asked.rate, 400_000) * chance.exponential(asked.mean, 400_000)
    laws = [(one_draw, one_draw.mean(), "All losses of a year have one size there: draw each anew, and add them up.")]
    for severity, sentence in (
        (stats.expon(asked.mean), "`stats.expon(8)` only moves the law by 8. Its mean is set by `scale=8`."),
        (stats.expon(scale=1 / asked.mean), "The mean of the law is 1/8 there. The scale of an exponential law is its "
                                            "mean."),
    ):
        laws.append((risk.compound_poisson(asked.rate, severity, points=2**14), asked.rate * severity.mean(), sentence))
    for law, mean, sentence in laws:
        tail = {"value_at_risk": risk.value_at_risk(law, asked.level),
                "shortfall": risk.expected_shortfall(law, asked.level)}
        yield ({"expected": mean} | tail if abs(mean - asked.rate * asked.mean) > 1 else tail), sentence
        for field, value in tail.items():
            yield {field: value}, sentence


def of_the_tail(asked):
    """8.1b: shares of something else, and the matrix's own order."""
    rows, years = asked.rows, asked.years
    by_cause = rows.groupby("cause_id").shared.first()
    shared, kind, seen = asked.right()
    yield {"shared": rows.shared.mean()}, "That is the share of the incidents. Asked is the share of the loss."
    yield {"shared": by_cause.mean()}, "That is the share of the causes. Asked is the share of the loss."
    yield {"shared": 1 - shared}, "That is the loss that came by single causes. Asked is that by shared ones."
    yield {"shared": 1 - rows.shared.mean()}, "That is the share of the incidents that came alone. Asked is loss."
    worst = rows.groupby("cause_id").loss.sum().max() / rows.loss.sum()
    yield {"shared": worst}, "That is the share of the dearest cause alone."
    more = rows.loss.sum() / rows.loss[~rows.shared].sum() - 1
    yield {"shared": rows.loss[rows.shared].mean() / rows.loss.mean()}, (
        "That compares mean losses. Divide the sum of the loss by shared causes by the sum of all.")
    if more < 50:
        yield {"shared": more}, "You divided by the loss of the single ones. Divide by all loss."
    alone, causes = years["incident"], years["cause"]
    yield {"seen": alone.total.mean() / causes.total.mean()}, (
        "You compared the means. They agree, whatever is drawn; the tails do not.")
    yield {"seen": 1 / seen}, "Upside down: asked is what independence sees of the shortfall by causes."
    table = risk.frequency_severity(rows, 5)
    said = {
        table.a_year.idxmax(): "It comes most often. Look at what the worst years cost.",
        table.median_loss.idxmax(): "Its middle loss is the largest, and it is rare. Multiply, and look at bad years.",
        table.a_year.idxmin(): "It is the rarest. Look at the shares of the worst years.",
    }
    for name in table.index:
        if name != kind:
            yield {"kind": name}, said.get(name, "Others have a larger share of the worst years: see `tail_shares`.")


def of_other_tails(asked):
    """8.1b, rarer: quantiles for shortfalls, other levels, other amounts; some are nearly the same number."""
    years, kind, seen = asked.years, *asked.right()[1:]
    alone, causes = years["incident"].total, years["cause"].total
    edge, beyond = risk.value_at_risk, risk.expected_shortfall
    for value, sentence in (
        (edge(alone) / edge(causes), "You compared the quantiles. Asked is the shortfall: the mean beyond them."),
        (beyond(alone) / edge(causes), "Below stands the quantile of the causes. Take their shortfall."),
        (edge(alone) / beyond(causes), "Above stands the quantile of incidents alone. Take their shortfall."),
        (edge(causes) / beyond(causes), "Both are by causes: quantile over shortfall. Compare two shortfalls."),
        (1 - seen, "That is what independence misses. Asked is what it sees."),
        ((beyond(alone) - alone.mean()) / (beyond(causes) - causes.mean()), "You took the mean year off both. Asked is "
                                                                           "the whole shortfall."),
        (beyond(alone, 0.99) / beyond(causes, 0.99), "That is at 99 %; asked is the shortfall at 95 %."),
        (beyond(alone, 0.9) / beyond(causes, 0.9), "That is at 90 %; asked is the shortfall at 95 %."),
        (beyond(years["incident"].by_kind[kind]) / beyond(years["cause"].by_kind[kind]), f"That is {kind} alone."),
        (alone[causes >= edge(causes)].mean() / beyond(causes),
         "Those are the bad years by causes in both. Each way of drawing has its own."),
    ):
        yield {"seen": value}, sentence
    if "loss.es95" in (getattr(asked.tables, "truth", None) or {}):
        yield {"seen": beyond(alone) / asked.tables.truth["loss.es95"]}, (
            "You divided by the true shortfall. Asked is that by causes, from the register.")


def of_other_totals(asked):
    """8.1b, rarer: shares of yearly means, of medians, of other levels."""
    rows, years = asked.rows, asked.years
    yield {"shared": rows[rows.shared].groupby("cause_id").loss.sum().mean()}, (
        "That is the mean loss of a shared cause, in yuan. Asked is a share.")
    yield {"seen": years["incident"].total.std() / years["cause"].total.std()}, "You compared standard deviations."
    yield {"shared": rows.loss[rows.shared].median() / rows.loss.median()}, "You compared medians. Asked is a sum."
    first = rows.groupby("kind").loss.sum().idxmax()
    of_kind = rows.kind == first
    for value, sentence in (
        (rows.loss[rows.shared & of_kind].sum() / rows.loss[of_kind].sum(), f"That is of the loss by {first} alone."),
        (rows.loss[rows.shared & of_kind].sum() / rows.loss.sum(), f"Above stands {first} alone. All kinds count."),
        (rows.loss[of_kind].sum() / rows.loss.sum(), f"That is the share of {first}, shared or not."),
        (rows.loss[rows.shared].sum() / losses.register_years(asked.tables) / rows.loss.sum(),
         "Above stands a year, below the whole register."),
    ):
        yield {"shared": value}, sentence


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
    for size, words in ((counts.mean(), "the mean channel"), (counts.max(), "the largest channel"),
                        (counts.sum() - counts.max(), "all but the largest")):
        _, one, channels = asked.of(counts, extra * size)
        for values in ({"then": one, "equal": channels}, {"then": one}, {"equal": channels}):
            yield values, f"You gave the newcomer 20 % of {words}. Asked is 20 % of all the others together."
    largest = share.copy()
    largest[share.idxmax()] -= w
    off = float((largest**2).sum() + w**2)
    yield {"then": off, "equal": 1 / off}, "You took its entries from the largest channel. They come on top."


def of_newcomers(asked):
    """8.1c, rarer: other newcomers, per cent, the weeks' mean, counts of broadcasts."""
    now, then, _ = asked.right()
    streams, share, extra = asked.tables.streams, asked.counts / asked.counts.sum(), asked.on_top
    for name, value in (("now", now), ("then", then)):
        yield {name: 10_000 * value}, "That is the index of shares in per cent. Asked is 0 to 1."
        yield {name: 100 * value}, "Shares are fractions here: the index lies between 0 and 1."
        yield {name: 1 / value}, "That is the number of equal channels. Asked is the index."
    for value in ((now + extra**2) / (1 + extra), now / (1 + extra)):
        for values in ({"then": value, "equal": 1 / value}, {"then": value}):
            yield values, "Each share shrinks by 1.2, so its square shrinks by 1.2 twice."
    for many in (len(share), len(share) + 1):
        yield {"then": 1 / many}, f"That is the index of {many} equal channels. These are not equal."
    yield {"then": now - then}, "That is by how much the index falls. Asked is the index."
    yield {"now": (now - 1 / len(share)) / (1 - 1 / len(share))}, (
        "That is the normalised index, 0 for equal channels. Asked is the sum of squares.")
    after = np.r_[share, extra] / (1 + extra)
    yield {"equal": float(np.exp(-after @ np.log(after)))}, "That is by entropy. Asked is by the index."
    yield {"equal": 1 / after.max()}, "That is 1 over the largest share. Asked is 1 over the index."
    yield {"now": risk.concentration(streams.views / streams.views.sum())}, (
        "Those are shares of single broadcasts. Add up by channel first.")
    if "host_id" in streams:
        hosts = streams.groupby("host_id").views.sum()
        yield {"now": risk.concentration(hosts / hosts.sum())}, "That is by host. Asked is by channel."
    for period, words in (("W", "weeks"), ("M", "months")):
        parts = streams.groupby([streams.started.dt.to_period(period), "channel_id"]).views.sum().unstack(fill_value=0)
        of_parts = (parts.div(parts.sum(axis=1), axis=0) ** 2).sum(axis=1)
        yield {"now": of_parts.mean()}, f"That is the mean over the {words}. Add up all broadcasts first."


def of_other_shares(tables):
    """8.1c: counts of something else, each as (counts, sentence)."""
    views = tables.streams.groupby("channel_id").views
    yield views.size(), "Those are shares of the broadcasts. Asked are shares of entries."
    yield views.mean(), "You took views per broadcast. Add them up per channel."
    if "source" in getattr(tables, "viewer_sessions", ()):
        yield doors.shares(doors.entries(tables)), "That is by source (feed, follow …). Asked is by channel."
