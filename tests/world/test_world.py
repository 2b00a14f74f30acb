"""The simulated brand: tables agree, the same seed gives the same bytes, and simple estimators find the planted truths."""

from __future__ import annotations

import filecmp
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from liveshop import world
from liveshop.world.play import nights
from liveshop.tables.contract import contract
from liveshop.world import storage
from liveshop.world.__main__ import main
from liveshop.world.parameters import describe

TABLES = ["channels", "hosts", "products", "customers", "streams", "rundown", "stream_minutes", "prompts", "viewer_sessions", "shelf_sessions", "comments", "orders", "refunds", "posts"]
LATER = {"inventory", "deliveries", "incidents"}  # tables of the contract that no world fills yet
SEEDS = range(1, 21)
DATA = Path(__file__).parents[2] / "data"


@pytest.fixture(scope="module")
def tables(simulated):
    return simulated(seed=5, rooms=90, size=0.4, truth=True)


@pytest.fixture(scope="module")
def worlds(simulated):
    """Twenty small worlds, the live half."""
    return [simulated(seed=seed, rooms=80, size=0.3, truth=True, social=False) for seed in SEEDS]


def test_all_tables_have_the_columns_of_the_contract(tables):
    for name in TABLES:
        assert list(tables[name].columns) == storage.columns(name)


@pytest.mark.parametrize("name", TABLES)
def test_tables_keep_the_contract(tables, name):
    frame, spec = tables[name], contract()[name]
    assert len(frame) and not frame.duplicated(list(spec.key)).any()
    for rules in spec.columns.values():
        column = frame[rules.name]
        assert not rules.required or column.notna().all(), rules.name
        column = column.dropna()
        assert not rules.enum or set(column) <= set(rules.enum), rules.name
        assert rules.minimum is None or (column >= rules.minimum).all(), rules.name
        assert rules.maximum is None or (column <= rules.maximum).all(), rules.name
    for ours, other, theirs in spec.foreign_keys:
        left, right = frame[list(ours)].dropna(), tables[other][list(theirs)].drop_duplicates()
        joined = left.merge(right, left_on=list(ours), right_on=list(theirs), how="left", indicator=True)
        assert (joined["_merge"] == "both").all(), ours


def test_the_totals_of_a_broadcast_are_the_sums_of_its_minutes(tables):
    streams = tables["streams"].set_index("stream_id")
    sums = tables["stream_minutes"].groupby("stream_id").sum(numeric_only=True)
    for ours, theirs in [("views", "enters"), ("watch_seconds", "watch_seconds"), ("product_clicks", "product_clicks"), ("orders", "orders"), ("gmv", "gmv"), ("likes", "likes"), ("comments", "comments"), ("shares", "shares"), ("new_followers", "follows"), ("stutter_seconds", "stutter_seconds")]:
        assert (streams[ours] == sums[theirs]).all(), ours
    sources = [c for c in sums if c.startswith("enters_")]
    assert (sums[sources].sum(axis=1) == sums.enters).all()


def test_the_totals_of_a_broadcast_are_the_sums_of_its_sessions_and_orders(tables):
    streams = tables["streams"].set_index("stream_id")
    sessions = tables["viewer_sessions"].groupby("stream_id")
    for name in ["watch_seconds", "product_clicks", "orders", "likes", "comments", "shares", "stutter_seconds"]:
        assert (sessions[name].sum() == streams[name]).all(), name
    assert (sessions.size() == streams.views).all()
    assert (sessions.viewer_id.nunique() == streams.viewers).all()
    assert (sessions.followed.sum() == streams.new_followers).all()
    paid = tables["orders"].query("source == 'live' and paid.notna()").groupby("stream_id")
    for ours, theirs in [("gmv", paid.paid_amount.sum()), ("orders", paid.order_id.nunique()), ("sku_orders", paid.size()), ("items", paid.quantity.sum()), ("buyers", paid.customer_id.nunique())]:
        assert (theirs.reindex(streams.index, fill_value=0) == streams[ours]).all(), ours
    comments = tables["comments"].groupby("stream_id").size().reindex(streams.index, fill_value=0)
    assert (comments == streams.comments).all()


def test_online_and_peak_follow_from_the_sessions(tables):
    streams = tables["streams"].set_index("stream_id")
    minutes = tables["stream_minutes"]
    for stream, own in list(tables["viewer_sessions"].groupby("stream_id"))[::9]:
        seconds = int(streams.stream_seconds[stream])
        change = np.bincount(own.entered_second, minlength=seconds + 1) - np.bincount(own.entered_second + own.watch_seconds, minlength=seconds + 1)
        present = np.cumsum(change)[:seconds]
        part = minutes[minutes.stream_id == stream]
        assert (part.online.to_numpy() == present[59::60]).all()
        assert streams.pcu[stream] == present.max()
        assert (part.online.to_numpy() == np.cumsum(part.enters - part.exits)).all()
        assert (own.stayed_to_end == (own.entered_second + own.watch_seconds == seconds)).all()


def test_minutes_count_the_orders_and_clicks_of_their_seconds(tables):
    streams = tables["streams"].set_index("stream_id")
    paid = tables["orders"].query("source == 'live' and paid.notna()")
    minute = ((paid.created - paid.stream_id.map(streams.started)).dt.total_seconds() // 60).astype(int)
    gmv = paid.groupby([paid.stream_id, minute]).paid_amount.sum()
    minutes = tables["stream_minutes"].set_index(["stream_id", "minute"]).gmv
    assert (gmv.reindex(minutes.index, fill_value=0) == minutes).all()


def test_the_rundown_counts_what_happened_in_the_slot_on_its_product(tables):
    rundown, streams = tables["rundown"], tables["streams"].set_index("stream_id")
    paid = tables["orders"].query("source == 'live' and paid.notna()").copy()
    paid["minute"] = ((paid.created - paid.stream_id.map(streams.started)).dt.total_seconds() // 60).astype(int)
    slot = tables["stream_minutes"][["stream_id", "minute", "slot_no"]]
    own = paid.merge(slot, on=["stream_id", "minute"]).merge(rundown[["stream_id", "slot_no", "product_id"]], on=["stream_id", "slot_no", "product_id"])
    sums = own.groupby(["stream_id", "slot_no"]).agg(gmv=("paid_amount", "sum"), orders=("order_id", "nunique"))
    ours = rundown.set_index(["stream_id", "slot_no"])
    assert (sums.gmv.reindex(ours.index, fill_value=0) == ours.gmv).all()
    assert (sums.orders.reindex(ours.index, fill_value=0) == ours.orders).all()
    clicks = rundown.groupby("stream_id").product_clicks.sum()
    share = clicks.sum() / streams.product_clicks.sum()
    assert (clicks <= streams.product_clicks).all() and 0.85 < share < 1
    length = rundown.groupby("stream_id").minutes.sum() * 60
    assert (length == streams.stream_seconds).all()


def test_ids_agree_across_tables(tables):
    sessions, orders = tables["viewer_sessions"].set_index("session_id"), tables["orders"]
    live = orders[orders.source == "live"]
    there = sessions.loc[live.session_id.astype(int)]
    assert (there.viewer_id.to_numpy() == live.customer_id.to_numpy()).all()
    assert (there.stream_id.to_numpy() == live.stream_id.to_numpy()).all()
    shelf = orders[orders.source == "shelf"]
    visits = tables["shelf_sessions"].set_index("session_id").loc[shelf.session_id.astype(int)]
    assert (visits.viewer_id.to_numpy() == shelf.customer_id.to_numpy()).all()
    assert orders[orders.source == "social"].post_id.dropna().isin(tables["posts"].post_id).all()
    joined = orders.customer_id.map(tables["customers"].set_index("customer_id").joined)
    assert (joined <= orders.created).all()
    comments = tables["comments"]
    assert (sessions.stream_id.loc[comments.session_id].to_numpy() == comments.stream_id.to_numpy()).all()
    inside = comments.at_second.to_numpy() - sessions.entered_second.loc[comments.session_id].to_numpy()
    assert (inside >= 0).all() and (inside < sessions.watch_seconds.loc[comments.session_id].to_numpy()).all()
    refunds = tables["refunds"].merge(orders, on=["order_id", "line_no"])
    assert len(refunds) == len(tables["refunds"])
    assert (refunds.refunded > refunds.paid).all() and (refunds.refunded_amount <= refunds.paid_amount).all()


def test_nobody_is_in_a_room_twice_at_once(tables):
    s = tables["viewer_sessions"].sort_values(["stream_id", "viewer_id", "entered_second"])
    same = (s.stream_id == s.stream_id.shift()) & (s.viewer_id == s.viewer_id.shift())
    assert same.any()
    assert (s.entered_second >= (s.entered_second + s.watch_seconds).shift())[same].all()
    broadcasts = tables["streams"].sort_values("started")
    assert (broadcasts.started.iloc[1:].to_numpy() >= broadcasts.ended.iloc[:-1].to_numpy()).all()


def test_sessions_tell_the_first_comment_and_the_wait(tables):
    comments = tables["comments"].sort_values(["session_id", "at_second"])
    sessions = tables["viewer_sessions"].set_index("session_id")
    first = comments.groupby("session_id").at_second.first() - sessions.entered_second.loc[comments.session_id.unique()]
    assert (sessions.first_comment_second.dropna().astype(int) == first).all()
    answered = comments.groupby("session_id").reply_seconds.apply(set)
    waited = sessions.wait_seconds.dropna()
    assert all(w in answered[i] for i, w in waited.items())


def test_same_seed_same_bytes_and_another_seed_another_world(tmp_path):
    for name in ("a", "b"):
        assert main(["--out", str(tmp_path / name), "--rooms", "8", "--size", "0.2", "--seed", "9"]) == 0
    assert main(["--out", str(tmp_path / "c"), "--rooms", "8", "--size", "0.2", "--seed", "10"]) == 0
    files = [p.name for p in (tmp_path / "a").iterdir() if p.is_file()]
    assert len(files) == len(contract()) - len(LATER) + 2  # the contract and the truth
    same, different, _ = filecmp.cmpfiles(tmp_path / "a", tmp_path / "b", files, shallow=False)
    assert sorted(same) == sorted(files)
    _, different, _ = filecmp.cmpfiles(tmp_path / "a", tmp_path / "c", files, shallow=False)
    assert "viewer-sessions.parquet" in different


def test_written_tables_are_the_simulated_ones(tmp_path):
    made = world.write(tmp_path, seed=3, rooms=6, size=0.2)
    for name, frame in made.items():
        read = pd.read_parquet(tmp_path / storage.path_of(name))
        assert len(read) == len(frame) and list(read.columns) == list(frame.columns)
    read = pd.read_parquet(tmp_path / "orders.parquet")
    assert read.paid_amount.sum() == made["orders"].paid_amount.sum()
    truth = json.loads((tmp_path / "truth.json").read_text())
    for name, row in {**truth["parameters"], **truth["derived"]}.items():
        assert row["meaning"].endswith("."), name


@pytest.mark.slow
def test_the_committed_data_are_what_the_generator_writes(tmp_path):
    main(["--out", str(tmp_path)])
    written = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    committed = {str(path.relative_to(DATA)) for path in DATA.rglob("*") if path.is_file()} - {"recovered.json"}
    assert written == committed
    same, different, missing = filecmp.cmpfiles(DATA, tmp_path, sorted(committed), shallow=False)
    assert not different and not missing
    assert sum((DATA / storage.path_of(name)).stat().st_size for name in TABLES) < 12e6
    streams = pd.read_parquet(tmp_path / "streams.parquet")
    assert (streams.nlargest(10, "gmv").opener == "giveaway").sum() == 9
    regular = streams[~streams.is_trial].assign(conversion=lambda d: d.buyers / d.viewers)
    pooled = regular.groupby(regular.opener == "giveaway").conversion.mean()
    assert abs(pooled[True] / pooled[False] - 1) < 0.1  # the pooled comparison hides a loss of a quarter


def test_raw_export_has_its_planted_defects(tmp_path):
    world.write(tmp_path, seed=3, rooms=80, size=0.3)
    text = (tmp_path / "raw" / "streams-export-gbk.csv").read_bytes().decode("gbk")
    lines = text.splitlines()
    assert lines[2].startswith("直播编号") and lines[-1].startswith("合计")
    assert "万" in text and "-124" in text and "--" in text and "=HYPERLINK" in text
    ids = [line.split(",")[0] for line in lines[3:-1]]
    assert len(ids) > len(set(ids)) == 80


def test_help_explains_every_parameter(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    text = " ".join(capsys.readouterr().out.split())
    for name, _, unit, meaning in describe():
        assert name in text and meaning in text and unit in text


@pytest.mark.parametrize("setting, words", [("giveaway.ancor=0", "giveaway.anchor"), ("giveaway.anchor", "NAME=VALUE"), ("giveaway.anchor=lots", "number"), ("stutter.hazard=-1", "negative"), ("stutter.hazard=nan", "finite")])
def test_a_wrong_setting_is_told_in_one_sentence(setting, words, capsys, tmp_path):
    assert main(["--out", str(tmp_path / "x"), "--set", setting]) == 2
    told = capsys.readouterr().err
    assert words in told and len(told.strip().splitlines()) == 1
    assert not (tmp_path / "x").exists()


def test_a_changed_truth_changes_the_world(simulated):
    real = simulated(seed=4, rooms=30, size=0.4, truth=True, social=False)["truth"]["derived"]
    calm = simulated({"giveaway.anchor": 0, "giveaway.entry_lift": 0, "giveaway.attention": 1},
                     seed=4, rooms=30, size=0.4, truth=True, social=False)["truth"]["derived"]
    assert real["opener.conversion"]["value"] < -0.1
    assert abs(calm["opener.conversion"]["value"]) < 1e-9 and abs(calm["opener.entries"]["value"]) < 1e-9


def test_one_room_of_any_size_agrees_with_itself(tmp_path):
    totals = world.simulate_room(30_000, tmp_path, minutes=90, chunk=8_000)
    sessions = pd.read_parquet(tmp_path / "viewer-sessions.parquet")
    minutes = pd.read_parquet(tmp_path / "stream-minutes.parquet")
    orders = pd.read_parquet(tmp_path / "orders.parquet")
    assert len(sessions) == totals["views"] == 30_000 == sessions.viewer_id.nunique()
    assert sessions.entered_second.is_monotonic_increasing
    for name in ["watch_seconds", "product_clicks", "orders", "likes", "comments", "shares", "stutter_seconds"]:
        assert sessions[name].sum() == minutes[name].sum() == totals[name], name
    paid = orders[orders.paid.notna()]
    assert paid.paid_amount.sum() == totals["gmv"] == minutes.gmv.sum()
    assert not orders.order_id.duplicated().any()
    assert list(sessions.columns) == storage.columns("viewer_sessions") and list(orders.columns) == storage.columns("orders")
    once = (tmp_path / "viewer-sessions.parquet").read_bytes()
    world.simulate_room(30_000, tmp_path, minutes=90, chunk=8_000)
    assert once == (tmp_path / "viewer-sessions.parquet").read_bytes()


def test_nights_reward_a_good_order_and_repeat_themselves():
    slots = pd.DataFrame(
        [("a", "traffic", 1.2, 89, 35, 8), ("b", "hero", 1.6, 199, 75, 12), ("c", "profit", 0.9, 269, 95, 10), ("d", "traffic", 1.0, 99, 40, 8), ("e", "hero", 1.3, 229, 85, 12), ("f", "profit", 0.8, 299, 105, 10)],
        columns=["product_id", "role", "appeal", "price", "unit_cost", "minutes"],
    )
    good = nights.play(slots.iloc[[0, 1, 2, 3, 4, 5]], nights=200, seed=1)
    poor = nights.play(slots.iloc[[2, 5, 1, 4, 0, 3]], nights=200, seed=1)
    assert len(good) == 200 and good.equals(nights.play(slots, nights=200, seed=1))
    assert good.margin.mean() > 1.1 * poor.margin.mean()
    assert (good.margin > poor.margin).mean() > 0.9
    with pytest.raises(ValueError, match="role"):
        nights.play(slots.assign(role="star"))
    with pytest.raises(ValueError, match="appeal"):
        nights.play(slots.drop(columns="appeal"))


def test_realism_measures(tables):
    frame = world.realism(tables)
    assert list(frame.columns) == ["measure", "ours", "published", "source"] and len(frame) >= 10
    assert not frame.isna().any().any() and not frame.ours.str.contains("nan").any() and frame.ours.str.match(r"\d").all()


# ---- planted truths, found by simple estimators in twenty small worlds -----------------------------------------------


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
    live, shelf = (pd.concat(x) for x in zip(*parts))
    search = _stratified_ratio(live[live.source == "search"], shelf[shelf.source == "search"], ["customer", "fan", "festival"])
    assert 3.5 < np.mean(naive) < 4.8
    assert abs(np.mean(stratified) - 1.6) < 0.15
    assert np.mean(np.abs(np.array(stratified) - 1.6) < 0.45) >= 0.9
    assert abs(search - 1.0) < 0.15


def test_live_lift_within_persons(worlds):
    top = bottom = 0.0
    for t in worlds:
        a = t["viewer_sessions"].assign(y=lambda d: d.orders > 0).groupby("viewer_id").y.agg(["sum", "size"])
        b = t["shelf_sessions"].assign(y=lambda d: d.orders > 0).groupby("viewer_id").y.agg(["sum", "size"]).add_suffix("_shelf")
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
        controls = pd.get_dummies(s[["host_id", "slot", "channel_id", "is_festival"]].astype(str), drop_first=True).astype(float)
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
        per_slot = t["stream_minutes"].groupby(["stream_id", "slot_no"]).agg(watch=("watch_seconds", "sum"), orders=("orders", "sum")).reset_index()
        r = t["rundown"].drop(columns="orders").merge(per_slot, on=["stream_id", "slot_no"])
        r = r[r.watch > 600].copy()
        r["rate"] = 60 * r.orders / r.watch
        gave = (r.activity == "giveaway").astype(float)
        gave_w = gave - (gave * r.watch).groupby(r.stream_id).transform("sum") / r.watch.groupby(r.stream_id).transform("sum")
        rate_w = r.rate - (r.rate * r.watch).groupby(r.stream_id).transform("sum") / r.watch.groupby(r.stream_id).transform("sum")
        estimates.append((gave_w * rate_w * r.watch).sum() / (gave_w**2 * r.watch).sum() / np.average(r.rate, weights=r.watch))
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
        controls = pd.get_dummies(s[["slot", "channel_id", "is_festival", "opener"]].astype(str), drop_first=True).astype(float)
        y = np.log((s.buyers + 0.5) / s.viewers)
        weight = np.sqrt(s.viewers.to_numpy())
        b = np.linalg.lstsq(np.column_stack([x, controls, np.log1p(s.promotion_spend)]) * weight[:, None], y * weight, rcond=None)[0][: len(hosts)]
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
        enter, leave, end = s.entered_second.to_numpy(), (s.entered_second + s.watch_seconds).to_numpy(), s.stayed_to_end.to_numpy()
        first, count = enter // 30, (leave - 1) // 30 - enter // 30 + 1
        i = np.repeat(np.arange(len(s)), count)
        cell = np.arange(len(i)) - np.repeat(np.cumsum(count) - count, count) + first[i]
        a, b = np.maximum(enter[i], cell * 30), np.minimum(leave[i], cell * 30 + 30)
        own = prompts[stream]
        last = np.searchsorted(own.at_second, cell * 30, side="right") - 1
        since = np.where(last >= 0, cell * 30 - own.at_second.to_numpy()[np.maximum(last, 0)], 9999) / 60
        stalled = minutes[stream]
        stalled = stalled | np.concatenate([[False], stalled[:-1]])
        parts.append(pd.DataFrame({"left": (b == leave[i]) & ~end[i], "seconds": b - a, "age": np.digitize(a - enter[i], [5, 15, 30, 60, 120, 300, 600]), "source": s.source.to_numpy()[i], "stalled": stalled[cell // 2], "since": np.where(since < 5, np.floor(since), 9), "spoken": (last >= 0) & own.spoken.to_numpy()[np.maximum(last, 0)], "stream": stream}))
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
    # planted: log 0.7 at the prompt, fading in a straight line over five minutes; four fifths of it on average over the first two
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
        usual = m[m.anomaly.isna()].groupby("stream_id")[["enters", "exits", "product_clicks", "orders", "online"]].mean()
        frames.append(m[m.anomaly.notna()].merge(usual, left_on="stream_id", right_index=True, suffixes=("", "_usual")))
    m = pd.concat(frames)
    assert set(m.anomaly) == {"stutter", "broken_link", "bot_flood", "host_absent"}
    total = m.groupby("anomaly").sum(numeric_only=True)
    assert total.enters["bot_flood"] > 3 * total.enters_usual["bot_flood"]
    assert total.orders["broken_link"] < 0.3 * total.orders_usual["broken_link"] and total.product_clicks["broken_link"] > 0.6 * total.product_clicks_usual["broken_link"]
    assert total.product_clicks["host_absent"] < 0.6 * total.product_clicks_usual["host_absent"]
    assert (m.stutter_seconds > 0)[m.anomaly == "stutter"].mean() > 0.99


def test_refunds_are_late_and_higher_live(tables):
    paid = tables["orders"].dropna(subset="paid")
    back = paid.merge(tables["refunds"], on=["order_id", "line_no"], how="left")
    old = back[back.paid < "2025-07-25"]
    rate = old.refunded.notna().groupby(old.source).mean()
    assert rate["live"] > rate["shelf"]
    days = (old.refunded - old.paid).dropna().dt.total_seconds() / 86400
    assert 0.8 < ((days >= 3) & (days <= 15)).mean() < 0.97
    assert tables["orders"].paid.isna().mean() > 0.02


def test_posts_live_and_video_beat_photo_within_author(worlds):
    naive, within = [], []
    for t in worlds:
        p = t["posts"].assign(rate=lambda d: d.reactions / d.impressions)
        p = p[p.type.isin(["photo", "video", "live"])]
        rich = p.type != "photo"
        naive.append(p[rich].reactions.mean() / p[~rich].reactions.mean())
        own = p.groupby("author_id").apply(lambda d: pd.Series({"a": d.rate[d.type != "photo"].mean(), "b": d.rate[d.type == "photo"].mean()}), include_groups=False).dropna()
        within.append((own.a / own.b).median())
    assert np.mean(within) > 1.3 and np.mean(naive) < np.mean(within)
