"""The planted truths of the rooms, found by simple estimators in twenty small worlds."""

from __future__ import annotations

import numpy as np
import pandas as pd


def test_a_changed_truth_changes_the_world(simulated):
    real = simulated(seed=4, rooms=30, size=0.4, truth=True, social=False)["truth"]["derived"]
    calm = simulated(
        {"giveaway.anchor": 0, "giveaway.entry_lift": 0, "giveaway.attention": 1},
        seed=4,
        rooms=30,
        size=0.4,
        truth=True,
        social=False,
    )["truth"]["derived"]
    assert real["opener.conversion"]["value"] < -0.1
    assert abs(calm["opener.conversion"]["value"]) < 1e-9 and abs(calm["opener.entries"]["value"]) < 1e-9


def _with_history(tables):
    """Live sessions and shelf visits with what a shop knows: customer before the season, fan, festival."""
    joined = tables["customers"].set_index("customer_id").joined
    started = tables["streams"].set_index("stream_id").started
    live, shelf = tables["viewer_sessions"].copy(), tables["shelf_sessions"].copy()
    fans = set(live[live.is_fan].viewer_id) - set(live[live.followed].viewer_id)
    live["at"], shelf["at"] = live.stream_id.map(started), shelf.visited
    for frame in (live, shelf):
        frame["customer"] = frame.viewer_id.map(joined) < pd.Timestamp("2025-03-03")
        frame["fan"] = frame.viewer_id.isin(fans)
        frame["festival"] = frame["at"].between("2025-06-01", "2025-06-21")
        frame["bought"] = frame.orders > 0
    return live, shelf


def _stratified_ratio(live, shelf, keys):
    a = live.groupby(keys).bought.agg(["size", "mean"])
    b = shelf.groupby(keys).bought.agg(["size", "mean"]).add_suffix("_shelf")
    both = a.join(b, how="inner")
    return (both["size"] * both["mean"]).sum() / (both["size"] * both["mean_shelf"]).sum()


def test_live_lift_naive_and_stratified(worlds):
    naive, stratified, search = [], [], []
    parts = [_with_history(t) for t in worlds]
    for live, shelf in parts:
        naive.append(live.bought.mean() / shelf.bought.mean())
        stratified.append(_stratified_ratio(live, shelf, ["source", "customer", "fan", "festival"]))
    live, shelf = (pd.concat(x) for x in zip(*parts, strict=True))
    search = _stratified_ratio(
        live[live.source == "search"], shelf[shelf.source == "search"], ["customer", "fan", "festival"]
    )
    assert 3.5 < np.mean(naive) < 4.8
    assert abs(np.mean(stratified) - 1.6) < 0.15
    assert np.mean(np.abs(np.array(stratified) - 1.6) < 0.45) >= 0.9
    assert abs(search - 1.0) < 0.15


def test_live_lift_within_persons(worlds):
    top = bottom = 0.0
    for t in worlds:
        a = t["viewer_sessions"].assign(y=lambda d: d.orders > 0).groupby("viewer_id").y.agg(["sum", "size"])
        b = (
            t["shelf_sessions"]
            .assign(y=lambda d: d.orders > 0)
            .groupby("viewer_id")
            .y.agg(["sum", "size"])
            .add_suffix("_shelf")
        )
        ab = a.join(b, how="inner")
        n = ab["size"] + ab["size_shelf"]
        top += (ab["sum"] * ab["size_shelf"] / n).sum()
        bottom += (ab["sum_shelf"] * ab["size"] / n).sum()
    assert abs(top / bottom - 1.6) < 0.2


def test_giveaway_opener_pooled_misleads_and_the_twin_world_tells(worlds):
    pooled, adjusted, true = [], [], []
    for t in worlds:
        s = t["streams"][~t["streams"].is_trial].copy()
        s["gave"] = (s.opener == "giveaway").astype(float)
        s["spend"] = np.log1p(s.promotion_spend)
        s["log_conversion"] = np.log(s.buyers.clip(lower=0.5) / s.viewers)
        pooled.append(s.gmv[s.gave == 1].mean() / s.gmv[s.gave == 0].mean())
        controls = pd.get_dummies(
            s[["host_id", "slot", "channel_id", "is_festival"]].astype(str), drop_first=True
        ).astype(float)
        x = np.column_stack([np.ones(len(s)), s.gave, s.spend, controls])
        weight = np.sqrt(s.viewers.to_numpy())
        adjusted.append(np.linalg.lstsq(x * weight[:, None], s.log_conversion * weight, rcond=None)[0][1])
        true.append(t["truth"]["derived"]["opener.log_conversion"]["value"])
        derived = t["truth"]["derived"]
        assert derived["opener.entries"]["value"] > 0 > derived["opener.conversion"]["value"]
    assert np.mean(pooled) > 1.5
    assert -0.45 < np.mean(true) < -0.2
    error = np.array(adjusted) - true
    assert abs(error.mean()) < 3 * error.std(ddof=1) / np.sqrt(len(error)) + 0.02
    assert np.mean(np.array(adjusted) < 0) >= 0.9


def test_giveaway_within_broadcasts(worlds):
    estimates = []
    for t in worlds:
        per_slot = (
            t["stream_minutes"]
            .groupby(["stream_id", "slot_no"])
            .agg(watch=("watch_seconds", "sum"), orders=("orders", "sum"))
            .reset_index()
        )
        r = t["rundown"].drop(columns="orders").merge(per_slot, on=["stream_id", "slot_no"])
        r = r[r.watch > 600].copy()
        r["rate"] = 60 * r.orders / r.watch
        gave = (r.activity == "giveaway").astype(float)
        gave_w = gave - (gave * r.watch).groupby(r.stream_id).transform("sum") / r.watch.groupby(r.stream_id).transform(
            "sum"
        )
        rate_w = r.rate - (r.rate * r.watch).groupby(r.stream_id).transform("sum") / r.watch.groupby(
            r.stream_id
        ).transform("sum")
        estimates.append(
            (gave_w * rate_w * r.watch).sum() / (gave_w**2 * r.watch).sum() / np.average(r.rate, weights=r.watch)
        )
    assert np.mean(estimates) < -0.2 and np.mean(np.array(estimates) < 0) >= 0.95


def test_hosts_raw_ranking_is_worse_than_the_adjusted(seasons):
    from scipy.stats import spearmanr

    raw, adjusted = [], []
    for season in seasons:  # whole seasons, so that every host has her twenty broadcasts
        s, skill = season.streams, pd.Series(season.truth["skill"])
        s = s[~s.is_trial].copy()
        hosts = sorted(s.host_id.unique())
        per_hour = s.groupby("host_id").gmv.sum() / s.groupby("host_id").stream_seconds.sum()
        x = pd.get_dummies(s.host_id).astype(float)[hosts]
        controls = pd.get_dummies(
            s[["slot", "channel_id", "is_festival", "opener"]].astype(str), drop_first=True
        ).astype(float)
        y = np.log((s.buyers + 0.5) / s.viewers)
        weight = np.sqrt(s.viewers.to_numpy())
        b = np.linalg.lstsq(
            np.column_stack([x, controls, np.log1p(s.promotion_spend)]) * weight[:, None], y * weight, rcond=None
        )[0][: len(hosts)]
        raw.append(spearmanr(per_hour[hosts], skill[hosts])[0])
        adjusted.append(spearmanr(b, skill[hosts])[0])
    assert np.mean(adjusted) > 0.7
    assert np.mean(adjusted) > np.mean(raw) + 0.2


def test_newcomers_best_raw_trial_is_not_the_best_talent(worlds):
    fooled = []
    for t in worlds:
        trial = t["streams"][t["streams"].is_trial]
        assert (trial.groupby("host_id").size() == 5).all() and trial.host_id.nunique() == 3
        raw = (trial.groupby("host_id").gmv.sum() / trial.groupby("host_id").stream_seconds.sum()).idxmax()
        fooled.append(raw != t["truth"]["derived"]["hosts.best_newcomer"]["value"])
    assert np.mean(fooled) >= 0.8


def _person_time(t, streams):
    """Half minutes at risk of the sessions of some broadcasts: exits, seconds, source, age, stutter, prompt."""
    parts = []
    sessions = t["viewer_sessions"][t["viewer_sessions"].stream_id.isin(streams)]
    minutes = {k: g.stutter_seconds.to_numpy() > 0 for k, g in t["stream_minutes"].groupby("stream_id")}
    prompts = {k: g for k, g in t["prompts"].groupby("stream_id")}
    for stream, s in sessions.groupby("stream_id"):
        enter, leave, end = (
            s.entered_second.to_numpy(),
            (s.entered_second + s.watch_seconds).to_numpy(),
            s.stayed_to_end.to_numpy(),
        )
        first, count = enter // 30, (leave - 1) // 30 - enter // 30 + 1
        i = np.repeat(np.arange(len(s)), count)
        cell = np.arange(len(i)) - np.repeat(np.cumsum(count) - count, count) + first[i]
        a, b = np.maximum(enter[i], cell * 30), np.minimum(leave[i], cell * 30 + 30)
        own = prompts[stream]
        last = np.searchsorted(own.at_second, cell * 30, side="right") - 1
        since = np.where(last >= 0, cell * 30 - own.at_second.to_numpy()[np.maximum(last, 0)], 9999) / 60
        stalled = minutes[stream]
        stalled = stalled | np.concatenate([[False], stalled[:-1]])
        parts.append(
            pd.DataFrame(
                {
                    "left": (b == leave[i]) & ~end[i],
                    "seconds": b - a,
                    "age": np.digitize(a - enter[i], [5, 15, 30, 60, 120, 300, 600]),
                    "source": s.source.to_numpy()[i],
                    "stalled": stalled[cell // 2],
                    "since": np.where(since < 5, np.floor(since), 9),
                    "spoken": (last >= 0) & own.spoken.to_numpy()[np.maximum(last, 0)],
                    "stream": stream,
                }
            )
        )
    return pd.concat(parts)


def _log_hazard_ratio(d, exposed, keys):
    """Mantel–Haenszel log rate ratio of `exposed` over strata."""
    g = d.assign(x=exposed).groupby([*keys, "x"])[["left", "seconds"]].sum().unstack("x", fill_value=0)
    e1, e0, t1, t0 = g["left"][True], g["left"][False], g["seconds"][True], g["seconds"][False]
    total = (t1 + t0).replace(0, np.nan)
    return np.log((e1 * t0 / total).sum() / (e0 * t1 / total).sum())


def test_stutter_and_prompt_move_the_leaving_hazard_as_planted(worlds):
    stutter, prompt, late = [], [], []
    for t in worlds[:8]:
        trial = t["prompts"][t["prompts"].randomised].stream_id.unique()
        assert len(trial) > 5
        d = _person_time(t, trial)
        stutter.append(_log_hazard_ratio(d, d.stalled, ["stream", "source", "age"]))
        near = d[d.since < 2]
        prompt.append(_log_hazard_ratio(near, near.spoken, ["stream", "source", "age"]))
        far = d[(d.since >= 4) & (d.since < 5)]
        late.append(_log_hazard_ratio(far, far.spoken, ["stream", "source", "age"]))
    assert abs(np.mean(stutter) - np.log(1.8)) < 0.12
    # planted: log 0.7 at the prompt, fading in a straight line over five minutes;
    # four fifths of it on average over the first two
    assert abs(np.mean(prompt) - 0.8 * np.log(0.7)) < 0.08
    assert abs(np.mean(late)) < 0.12 and np.mean(late) > np.mean(prompt)


def test_commenting_looks_as_if_it_kept_viewers(worlds):
    ratio = []
    for t in worlds:
        s = t["viewer_sessions"]
        wrote = s.comments > 0
        ratio.append(s.watch_seconds[wrote].mean() / s.watch_seconds[~wrote].mean())
    assert 2.5 < np.mean(ratio) < 4


def test_a_fast_reply_sells(worlds):
    asked = pd.concat([t["viewer_sessions"][["wait_seconds", "orders"]].dropna() for t in worlds])
    fast, slow = asked[asked.wait_seconds <= 20], asked[asked.wait_seconds > 240]
    # planted: 1 + 0.9 exp(-wait / 90 s)
    assert 1.3 < (fast.orders > 0).mean() / (slow.orders > 0).mean() < 2.1


def test_abnormal_minutes_look_abnormal(worlds):
    frames = []
    for t in worlds:
        m = t["stream_minutes"].copy()
        usual = (
            m[m.anomaly.isna()].groupby("stream_id")[["enters", "exits", "product_clicks", "orders", "online"]].mean()
        )
        frames.append(m[m.anomaly.notna()].merge(usual, left_on="stream_id", right_index=True, suffixes=("", "_usual")))
    m = pd.concat(frames)
    assert set(m.anomaly) == {"stutter", "broken_link", "bot_flood", "host_absent"}
    total = m.groupby("anomaly").sum(numeric_only=True)
    assert total.enters["bot_flood"] > 3 * total.enters_usual["bot_flood"]
    assert (
        total.orders["broken_link"] < 0.3 * total.orders_usual["broken_link"]
        and total.product_clicks["broken_link"] > 0.6 * total.product_clicks_usual["broken_link"]
    )
    assert total.product_clicks["host_absent"] < 0.6 * total.product_clicks_usual["host_absent"]
    assert (m.stutter_seconds > 0)[m.anomaly == "stutter"].mean() > 0.99


def test_posts_live_and_video_beat_photo_within_author(worlds):
    naive, within = [], []
    for t in worlds:
        p = t["posts"].assign(rate=lambda d: d.reactions / d.impressions)
        p = p[p.type.isin(["photo", "video", "live"])]
        rich = p.type != "photo"
        naive.append(p[rich].reactions.mean() / p[~rich].reactions.mean())
        own = (
            p.groupby("author_id")
            .apply(
                lambda d: pd.Series({"a": d.rate[d.type != "photo"].mean(), "b": d.rate[d.type == "photo"].mean()}),
                include_groups=False,
            )
            .dropna()
        )
        within.append((own.a / own.b).median())
    assert np.mean(within) > 1.3 and np.mean(naive) < np.mean(within)
