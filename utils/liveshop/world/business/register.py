"""The register of incidents over five and a half years, outages of the lines, and measures against risks.

Most incidents have a cause of their own. A few times a year a shared cause brings a dozen within days, of all kinds
and costlier than usual: the tail of the yearly loss comes from these. In the season, the ordinary incidents of traffic,
content and technology are the abnormal episodes of the broadcasts.
"""

from __future__ import annotations

from functools import cache
from itertools import compress

import numpy as np
import pandas as pd

from liveshop.world import draws
from liveshop.world.calendar import END, ONE, START, seconds_of_day
from liveshop.world.facts import fact

KINDS = ("traffic", "content", "supply", "regulation", "technology", "competition")
FIRST = pd.Timestamp("2020-03-03")
DAYS = (END - FIRST).days
YEAR = 365.25
SPAN = 10  # days over which the incidents of a shared cause spread
EPISODES = {  # abnormal episode: kind of incident, and the share of the room's margin that is lost meanwhile
    "broken_link": ("technology", 0.97),
    "host_absent": ("content", 0.75),
    "stutter": ("technology", 0.30),
    "bot_flood": ("traffic", 0.05),
}
HANDLING = 300.0  # CNY that every episode costs beside the margin
REPORTERS = ("team", "monitor", "customer", "partner", "platform")
NOTICED = dict(zip(KINDS, (3.0, 2.0, 30.0, 60.0, 0.3, 48.0), strict=True))  # median hours until somebody sees it
LASTS = dict(zip(KINDS, (30.0, 10.0, 150.0, 400.0, 3.0, 300.0), strict=True))  # median hours from then to the end
TITLES = {
    "traffic": ("Recommendation sends half the usual entries", "Paid entries cost twice as much", "Entries from bots"),
    "content": ("Show looks like the rivals' shows", "Host leaves the table", "Planned topic falls flat"),
    "supply": ("Fabric arrives late", "Batch with faulty seams", "Supplier stops a style"),
    "regulation": ("Warning about a claim on air", "Complaint about a price comparison", "New rule for labels"),
    "technology": ("Stream stutters", "Product link is broken", "Comments do not load"),
    "competition": ("Rival undercuts a hero product", "Rival hires a host", "Copy of a best seller"),
    "episode": {"broken_link": "Product link is broken", "host_absent": "Host leaves the table",
                "stutter": "Stream stutters", "bot_flood": "Entries from bots"},
}

LINES_FIRST = pd.Timestamp("2024-09-02")
LINES_DAYS = (END - LINES_FIRST).days

# Measure: CNY a year, kinds that it touches, cuts of their frequency and severity, measure against the same cause.
MEASURES = {
    "second_supplier": (58000, ("supply",), 0.35, 0.10, "safety_stock"),
    "safety_stock": (48000, ("supply",), 0.00, 0.35, "second_supplier"),
    "supplier_audits": (18000, ("supply",), 0.10, 0.00, None),
    "backup_line": (14000, ("technology",), 0.40, 0.00, "second_cdn"),
    "second_cdn": (15000, ("technology",), 0.30, 0.15, "backup_line"),
    "script_review": (30000, ("regulation",), 0.50, 0.00, None),
    "legal_training": (9000, ("regulation", "content"), 0.12, 0.00, None),
    "content_calendar": (10000, ("content",), 0.25, 0.00, None),
    "traffic_reserve": (25000, ("traffic",), 0.00, 0.30, None),
    "member_traffic": (22000, ("traffic",), 0.25, 0.00, None),
    "price_watch": (8000, ("competition",), 0.00, 0.25, None),
    "crisis_team": (40000, KINDS, 0.00, 0.08, None),
}


def of_kinds(loss, name):
    """A parameter of the losses by kind, shape (kinds,): rate, median, spread or mix."""
    return np.array([getattr(loss, f"{kind}_{name}") for kind in KINDS])


def _severity(random, loss, kind):
    """Losses of ordinary incidents of these kinds, CNY."""
    return of_kinds(loss, "median")[kind] * np.exp(of_kinds(loss, "spread")[kind] * random.normal(size=len(kind)))


def _shared(random, loss, count):
    """Incidents of `count` shared causes: (row of the cause, kind, loss) of each."""
    size = int(loss.cause_least) + random.poisson(loss.cause_more, count)
    common = loss.cause_scale * np.exp(random.normal(0, loss.cause_spread, count) - loss.cause_spread**2 / 2)
    cause, mix = np.repeat(np.arange(count), size.astype(np.intp)), of_kinds(loss, "mix")
    kind = random.choice(len(KINDS), len(cause), p=mix / mix.sum()) if len(cause) else cause
    return cause, kind, _severity(random, loss, kind) * common[cause]


def _episodes(tables):
    """The abnormal episodes of the broadcasts as incidents."""
    minutes = tables["stream_minutes"]
    bad = minutes[minutes.anomaly.notna()]
    new = (bad.stream_id != bad.stream_id.shift()) | (bad.anomaly != bad.anomaly.shift()) | (bad.minute.diff() != 1)
    runs = bad.groupby(new.cumsum()).agg(
        stream_id=("stream_id", "first"), anomaly=("anomaly", "first"), first=("minute", "first"),
        minutes=("minute", "size"),
    )
    streams = tables["streams"].set_index("stream_id").loc[runs.stream_id]
    live = tables["orders"].dropna(subset=["stream_id", "paid"])
    earned = live.paid_amount.groupby(live.stream_id).sum().reindex(runs.stream_id).fillna(0)
    rate = (earned.to_numpy() * _margin_share(tables)) / (streams.stream_seconds.to_numpy() / 60)
    lost = runs.anomaly.map({name: share for name, (_, share) in EPISODES.items()}).to_numpy()
    began = streams.started.to_numpy().astype("datetime64[s]") + runs["first"].to_numpy().astype(np.int64) * 60 * ONE
    return pd.DataFrame(
        {
            "kind": runs.anomaly.map({name: kind for name, (kind, _) in EPISODES.items()}).to_numpy(),
            "began": began,
            "minutes": runs.minutes.to_numpy(),
            "loss": HANDLING + runs.minutes.to_numpy() * rate * lost,
            "title": runs.anomaly.map(TITLES["episode"]).to_numpy(),
            "stream_id": runs.stream_id.to_numpy(),
        }
    )


def _margin_share(tables):
    """Margin of the rooms' paid money after fees and goods, before refunds."""
    live = tables["orders"].dropna(subset=["stream_id", "paid"])
    fee = tables["channels"].set_index("channel_id")[["take_rate", "payment_fee_rate"]].sum(axis=1)
    goods = (live.quantity * live.product_id.map(tables["products"].set_index("product_id").unit_cost)).sum()
    money = live.paid_amount.sum()
    return 1 - (live.paid_amount * live.channel_id.map(fee)).sum() / money - goods / money if money else 0.0


def _ordinary(random, loss, episodes):
    """Incidents with causes of their own; in the season, those of the kinds of the episodes are the episodes."""
    taken = {kind for kind, _ in EPISODES.values()}
    frames = [episodes.assign(cause=np.arange(len(episodes)))]
    first = len(episodes)
    for k, kind in enumerate(KINDS):
        until = START if kind in taken else END
        days = (until - FIRST).days
        count = random.poisson(of_kinds(loss, "rate")[k] * days / YEAR)
        second = random.integers(0, days, count) * 86400 + seconds_of_day(random.random(count))
        began = np.datetime64(FIRST, "s") + second * ONE
        losses = _severity(random, loss, np.full(count, k))
        frames.append(
            pd.DataFrame({"kind": kind, "began": began, "loss": losses, "cause": first + np.arange(count)})
        )
        first += count
    return pd.concat(frames, ignore_index=True)


def _of_causes(random, loss, first):
    """Incidents of shared causes, spread over the days after each cause begins; causes are numbered from `first`."""
    count = random.poisson(loss.causes * DAYS / YEAR)
    at = np.sort(random.random(count)) * DAYS
    cause, kind, losses = _shared(random, loss, count)
    day = (at[cause] + random.random(len(cause)) * SPAN).astype(np.int64)
    second = day * 86400 + seconds_of_day(random.random(len(cause)))
    began = np.datetime64(FIRST, "s") + second * ONE
    kinds = np.array(KINDS, dtype=object)[kind]
    return pd.DataFrame({"kind": kinds, "began": began, "loss": losses, "cause": first + cause})


def incidents(parameters, seed, tables):
    """The table `incidents`: from March 2020 to the end of the season, in order of time."""
    random, loss = draws.generator(seed, "business/incidents"), parameters.loss
    alone = _ordinary(random, loss, _episodes(tables))
    frame = pd.concat([alone, _of_causes(random, loss, len(alone))], ignore_index=True)
    frame = frame[frame.began < END].sort_values("began", kind="stable", ignore_index=True)
    count = len(frame)
    delay = 3600 * frame.kind.map(NOTICED).to_numpy() * np.exp(random.normal(0, 0.6, count))
    length = 3600 * frame.kind.map(LASTS).to_numpy() * np.exp(random.normal(0, 0.6, count))
    episode = frame.minutes.notna().to_numpy()
    delay[episode] = random.integers(60, 360, episode.sum())
    length[episode] = np.maximum(frame.minutes[episode] * 60 - delay[episode], 60)
    detected = frame.began + pd.to_timedelta(delay.astype(np.int64), unit="s")
    ended = detected + pd.to_timedelta(length.astype(np.int64), unit="s")
    pick = random.integers(0, 3, count)
    usual = [TITLES[kind][k] for kind, k in zip(frame.kind, pick, strict=True)]
    return pd.DataFrame(
        {
            "incident_id": [f"I{i:04d}" for i in range(1, count + 1)],
            "kind": frame.kind,
            "began": frame.began.astype("datetime64[s]"),
            "detected": detected.where(detected < END).astype("datetime64[s]"),
            "ended": ended.where(ended < END).astype("datetime64[s]"),
            "loss": frame.loss.round(2),
            "stream_id": frame.stream_id.astype(object).where(frame.stream_id.notna(), None),
            "cause_id": [f"C{cause:04d}" for cause in pd.factorize(frame.cause)[0] + 1],
            "title": frame.title.where(frame.title.notna(), pd.Series(usual, dtype=object)),
            "reported_by": np.array(REPORTERS, dtype=object)[random.integers(0, len(REPORTERS), count)],
        }
    )


@cache
def years(loss, count=200_000):
    """Yearly losses by kind over many years, shape (count, kinds): for the truths, the same whatever the seed."""
    random = draws.generator(0, "business/loss years")
    total = np.zeros((count, len(KINDS)))
    for k, rate in enumerate(of_kinds(loss, "rate")):
        year = np.repeat(np.arange(count), random.poisson(rate, count).astype(np.intp))
        total[:, k] = np.bincount(year, _severity(random, loss, np.full(len(year), k)), count)
    of_year = np.repeat(np.arange(count), random.poisson(loss.causes, count).astype(np.intp))
    cause, kind, losses = _shared(random, loss, len(of_year))
    both = np.bincount((of_year[cause] * len(KINDS) + kind).astype(np.intp), losses, count * len(KINDS))
    return total + both.reshape(total.shape)


def outages(parameters, seed, tables):
    """The table `outages`: of the main and the backup line, in order of time; common ones hit both at once.

    None falls into a broadcast: those that would, come before dawn of the same day.
    """
    random, o = draws.generator(seed, "business/outages"), parameters.outage
    common, year = min(o.common, 1.0) * o.main, LINES_DAYS / YEAR
    parts = []
    for lines, cause, rate in (
        (("main", "backup"), "common", common),
        (("main",), "own", o.main - common),
        (("backup",), "own", max(o.backup - common, 0)),
    ):
        count = random.poisson(rate * year)
        day = np.datetime64(LINES_FIRST, "s") + random.integers(0, LINES_DAYS, count) * 86400 * ONE
        second, early = random.integers(0, 79200, count), random.integers(7200, 18000, count)
        length = np.maximum(np.rint(random.exponential(o.minutes, count)), 1).astype(np.int64) * 60
        began = day + np.where(_on_air(tables, day + second * ONE, length), early, second) * ONE
        frame = pd.DataFrame({"began": began, "ended": began + length * ONE, "cause": cause})
        parts += [frame.assign(line=line) for line in lines]
    return pd.concat(parts, ignore_index=True).sort_values(["began", "line"], kind="stable", ignore_index=True)


def _on_air(tables, began, length):
    """Whether each stretch of so many seconds meets a broadcast."""
    streams = tables["streams"]
    started, ended = (streams[name].to_numpy().astype("datetime64[s]") for name in ("started", "ended"))
    return ((began[:, None] < ended) & (began[:, None] + length[:, None] * ONE > started)).any(axis=1)


def risk_measures():
    """The table `risk_measures`."""
    rows = [(name, cost, ", ".join(kinds), *rest) for name, (cost, kinds, *rest) in MEASURES.items()]
    names = ["measure", "cost_per_year", "kinds", "cut_of_frequency", "cut_of_severity", "shares_cause_with"]
    return pd.DataFrame(rows, columns=names)


def _left(name):
    """Share of the loss that a measure leaves, and its name, so that no two measures are equal."""
    _, _, frequency, severity, _ = MEASURES[name]
    return (1 - frequency) * (1 - severity), name


def avoided(expected, taken):
    """Loss a year that a set of measures avoids, CNY: of two against the same cause only the better one counts.

    expected: loss a year by kind
    """
    left = np.ones(len(KINDS))
    for name in taken:
        _, kinds, _, _, twin = MEASURES[name]
        if twin not in taken or _left(name) < _left(twin):
            left = left * np.where(np.isin(KINDS, kinds), _left(name)[0], 1)
    return float((expected * (1 - left)).sum())


def best_set(expected, budget):
    """The set of measures that avoids most within a budget: all sets are tried."""
    names, best = list(MEASURES), (0.0, ())
    for chosen in range(2 ** len(names)):
        taken = tuple(compress(names, (chosen >> k & 1 for k in range(len(names)))))
        if sum(MEASURES[name][0] for name in taken) <= budget:
            best = max(best, (avoided(expected, taken), taken))
    return best


def truths(parameters):
    """Truths of the register, the lines and the measures."""
    loss, o = parameters.loss, parameters.outage
    yearly = years(loss)
    total, expected = yearly.sum(axis=1), yearly.mean(axis=0)
    limit = np.quantile(total, 0.95)
    worst = total >= limit
    tail = yearly[worst].mean(axis=0) / total[worst].mean()
    avoids, chosen = best_set(expected, loss.budget)
    down = {line: getattr(o, line) * o.minutes / (YEAR * 1440) for line in ("main", "backup")}
    common = min(o.common, 1.0) * down["main"]
    both = common + (down["main"] - common) * (down["backup"] - common)

    def by_kind(values, digits):
        return {kind: round(float(v), digits) for kind, v in zip(KINDS, values, strict=True)}

    return {
        "loss.expected": fact(round(float(total.mean()), -3), "Mean loss of a year, CNY."),
        "loss.expected_by_kind": fact(by_kind(expected, -2), "Mean loss of a year by kind, CNY."),
        "loss.var95": fact(round(float(limit), -3), "Loss that one year in twenty exceeds, CNY (value at risk)."),
        "loss.es95": fact(
            round(float(total[worst].mean()), -3), "Mean loss of the worst twentieth of years, CNY (shortfall)."
        ),
        "loss.tail_share": fact(by_kind(tail, 3), "Share of each kind in the loss of the worst twentieth of years."),
        "loss.frequency_severity": fact(
            {
                kind: {"per_year": rate, "median": median, "spread": spread}
                for kind, rate, median, spread in zip(
                    KINDS, *(of_kinds(loss, name).tolist() for name in ("rate", "median", "spread")), strict=True
                )
            },
            "Ordinary incidents: how many a year, middle loss in CNY, and standard deviation of its log.",
        ),
        "outages.common_share": fact(o.common, "Outages of the main line that take the backup line as well."),
        "outages.down": fact(
            {
                **{line: round(share, 7) for line, share in down.items()},
                "both": round(both, 7),
                "product_rule": round(down["main"] * down["backup"], 9),
            },
            "Share of time in which each line is down, and both; the product rule takes the lines for independent.",
        ),
        "measures.best_set": fact(
            {"measures": list(chosen), "avoids": round(avoids, -2)},
            "Set of risk measures that avoids the largest loss a year within the budget loss.budget.",
        ),
    }
