"""Methods: exact where they claim to be, right on small worlds whose truth is set here, clear on bad input."""

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liveshop.methods import comments, decomposition, effects, experiment, hosts, index, monitor, retention, rundown, staffing


# ---------------------------------------------------------------------------------- decomposition

size = st.one_of(st.just(0.0), st.floats(1e-6, 1e9))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(size, size), min_size=1, max_size=5))
def test_lmdi_adds_up_even_with_zeros(pairs):
    before, after = ({f"f{i}": pair[side] for i, pair in enumerate(pairs)} for side in (0, 1))
    result = decomposition.lmdi(before, after)
    assert np.isfinite(result.effects).all()
    assert abs(result.remainder) <= 1e-7 * max(result.before, result.after, 1e-12)


def test_lmdi_gives_a_vanished_factor_the_whole_loss():
    result = decomposition.lmdi({"viewers": 100, "rate": 0.5}, {"viewers": 400, "rate": 0.0})
    assert result.effects["rate"] == pytest.approx(-50) and result.effects["viewers"] == pytest.approx(0, abs=1e-6)


def test_factors_multiply_to_the_last_total_and_groups_may_come_and_go():
    before = pd.DataFrame({"viewers": [100, 50, 10], "product_clicks": [30, 20, 0], "orders": [3, 3, 0], "gmv": [300.0, 250, 0]}, index=list("abc"))
    after = pd.DataFrame({"viewers": [90, 80], "product_clicks": [30, 10], "orders": [3, 0], "gmv": [300.0, 0]}, index=list("ad"))
    chain = decomposition.factors(before)
    assert chain.prod(axis=1).tolist() == pytest.approx([300, 250, 0])
    result = decomposition.lmdi(chain, decomposition.factors(after))
    assert (result.before, result.after) == (pytest.approx(550), pytest.approx(300))
    assert result.by_group.to_numpy().sum() == pytest.approx(-250) and abs(result.remainder) < 1e-6
    assert result.by_group.sum(axis=1)["b"] == pytest.approx(-250)              # b went away with all it sold
    # The room as a whole grew from 160 to 170 viewers; that is a gain for each group that stayed.
    assert result.by_group.loc["a", "viewers"] == pytest.approx(300 * math.log(170 / 160))


def test_one_at_a_time_leaves_a_remainder_and_says_so():
    before, after = {"a": 10.0, "b": 10.0}, {"a": 15.0, "b": 15.0}
    result = decomposition.one_at_a_time(before, after)
    assert result.effects.tolist() == [50.0, 50.0] and result.remainder == 25.0
    assert result.table().loc["remainder", "share_of_change"] == pytest.approx(0.2)
    assert "remainder" not in decomposition.lmdi(before, after).table().index


def test_decomposition_refuses_what_it_cannot_split():
    with pytest.raises(ValueError, match="negative after"):
        decomposition.lmdi({"a": 1.0}, {"a": -1.0})
    with pytest.raises(ValueError, match="b is on one side"):
        decomposition.lmdi({"a": 1.0}, {"a": 1.0, "b": 2.0})
    with pytest.raises(ValueError, match="orders without any product_clicks"):
        decomposition.factors({"viewers": 5, "product_clicks": 0, "orders": 2, "gmv": 9})
    with pytest.raises(ValueError, match="lack orders"):
        decomposition.factors({"viewers": 5, "product_clicks": 0, "gmv": 9})


# ---------------------------------------------------------------------------------------- effects

def rooms(seed, effect=-1.0, groups=40):
    """Groups with their own level; good groups are treated more often, so pooling flatters."""
    rng = np.random.default_rng(seed)
    level = rng.normal(0, 1.5, groups)
    g = np.repeat(np.arange(groups), 12)
    names = np.array([f"R{room}" for room in range(groups)])
    treated = rng.random(len(g)) < 1 / (1 + np.exp(-2 * level[g]))
    x = rng.normal(size=len(g))
    y = effect * treated + level[g] + 0.5 * x + rng.normal(0, 1, len(g))
    return pd.DataFrame({"room": names[g], "level": level[g], "kind": np.where(level[g] > 0, "big", "small"), "treated": treated, "x": x, "y": y})


def test_within_and_adjusted_recover_what_pooling_misses():
    covered = {"within": 0, "adjusted": 0, "matched": 0, "pooled": 0}
    seeds = 30
    for seed in range(seeds):
        frame = rooms(seed)
        for effect in (effects.within_effect(frame, "y", "treated", "room", ["x"]),
                       effects.adjusted_effect(frame, "y", "treated", ["level", "x"], cluster="room"),
                       effects.matched_effect(frame, "y", "treated", ["room"]),
                       effects.pooled_effect(frame, "y", "treated", cluster="room")):
            covered[effect.method] += effect.covers(-1.0)
    assert min(covered["within"], covered["adjusted"], covered["matched"]) >= 26, covered
    assert covered["pooled"] == 0


def test_within_effect_equals_a_regression_with_an_indicator_for_each_group():
    frame = rooms(1)
    import statsmodels.formula.api as smf
    reference = smf.wls("y ~ treated + x + C(room)", frame.assign(treated=frame["treated"].astype(float)), weights=frame["x"].abs() + 1).fit()
    mine = effects.within_effect(frame.assign(w=frame["x"].abs() + 1), "y", "treated", "room", ["x"], weights="w")
    assert mine.estimate == pytest.approx(reference.params["treated"])


def test_matched_effect_is_the_mean_over_treated_of_the_difference_in_their_stratum():
    frame = pd.DataFrame({"kind": list("aaabbbc"), "treated": [1, 0, 0, 1, 1, 0, 1], "y": [5.0, 1, 3, 10, 12, 4, 99]})
    effect = effects.matched_effect(frame, "y", "treated", ["kind"])
    assert effect.estimate == pytest.approx((1 * (5 - 2) + 2 * (11 - 4)) / 3)
    assert effect.note == "1 treated rows had no match" and effect.rows == 6


def test_effects_say_what_is_wrong():
    frame = rooms(0)
    with pytest.raises(ValueError, match="lacks the column opener"):
        effects.pooled_effect(frame, "y", "opener")
    with pytest.raises(ValueError, match="does not vary inside any room"):
        effects.within_effect(frame.assign(treated=frame["room"] > "R2"), "y", "treated", "room")
    with pytest.raises(ValueError, match="same in every row"):
        effects.pooled_effect(frame.assign(treated=1), "y", "treated")
    with pytest.raises(ValueError, match="No stratum"):
        effects.matched_effect(frame.assign(treated=frame["room"] > "R2"), "y", "treated", ["room"])


def test_compare_puts_the_truth_last():
    frame = rooms(0)
    table = effects.compare(effects.pooled_effect(frame, "y", "treated"), truth=-1.0)
    assert table.index.tolist() == ["pooled", "truth"] and table.loc["truth", "estimate"] == -1.0


# ------------------------------------------------------------------------------------------ hosts

@pytest.mark.parametrize("candidates, trials", [(2, 3), (3, 5), (6, 10), (12, 2)])
def test_selection_in_closed_form_is_what_simulation_gives(candidates, trials):
    exact = hosts.select_best(candidates, trials, 0.25, 0.6)
    drawn = hosts.simulate_selection(candidates, trials, 0.25, 0.6, hires=60_000)
    assert exact.probability_best == pytest.approx(drawn.probability_best, abs=0.008)
    assert exact.regret == pytest.approx(drawn.regret, abs=0.003)
    assert exact.luck == pytest.approx(drawn.luck, abs=0.005)


def test_probability_of_the_best_at_its_limits():
    assert hosts._probability_best(4, 0.0) == pytest.approx(0.25, abs=1e-3)
    assert hosts._probability_best(4, 1.0) == 1.0
    assert hosts._probability_best(2, 0.6) == pytest.approx(0.5 + math.asin(0.6) / math.pi)


def test_trials_needed_is_the_first_number_that_is_enough():
    needed = hosts.trials_needed(3, 0.25, 0.6)
    assert hosts.select_best(3, needed, 0.25, 0.6).probability_best >= 0.8 > hosts.select_best(3, needed - 1, 0.25, 0.6).probability_best
    with pytest.raises(ValueError, match="between 0 and 1"):
        hosts.trials_needed(3, 0.25, 0.6, probability=80)


def test_shrinkage_weight_is_on_the_own_figure():
    assert hosts.shrinkage_weight(0.2, 0.4, 4) == pytest.approx(0.5)
    assert hosts.shrinkage_weight(0.2, 0.4, 400) > 0.98 and hosts.shrinkage_weight(0.2, 0.4, 1) == pytest.approx(0.2)


def test_scorecard_recovers_skill_that_slots_hide():
    covered = better = total = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        skill = rng.normal(0, 0.25, 12)
        skill -= skill.mean()
        favour = rng.normal(0, 1, 12)                                   # the manager's taste, not skill
        host = np.repeat(np.arange(12), 15)
        prime = rng.random(len(host)) < 1 / (1 + np.exp(-2 * favour[host]))
        y = skill[host] + 0.8 * prime + rng.normal(0, 0.5, len(host))
        frame = pd.DataFrame({"host_id": [f"H{h:02}" for h in host], "slot": np.where(prime, "evening", "morning"), "y": y})
        card = hosts.scorecard(frame, "y", controls=["slot"]).sort_index()
        covered += ((card["low"] <= skill) & (skill <= card["high"])).sum()
        total += 12
        better += np.corrcoef(card["estimate"], skill)[0, 1] > np.corrcoef(card["raw"], skill)[0, 1]
    assert covered / total > 0.88 and better >= 19


def test_hosts_cannot_be_told_from_a_control_that_goes_with_them():
    frame = pd.DataFrame({"host_id": list("aabb"), "room": list("xxyy"), "y": [1.0, 2, 3, 4]})
    with pytest.raises(ValueError, match="leave out one of room"):
        hosts.adjusted_effects(frame, "y", controls=["room"])


def test_rank_uncertainty_adds_up():
    table = hosts.rank_uncertainty(pd.Series([0.3, 0.1, -0.4], index=list("abc")), [0.1, 0.1, 0.1])
    assert table["best"].sum() == pytest.approx(1) and table["rank"].to_dict() == {"a": 1, "b": 2, "c": 3}
    assert table.loc["a", "best"] == pytest.approx(0.921, abs=0.01)     # P(N(0.2, 0.02) > 0)


# ---------------------------------------------------------------------------------------- monitor

def test_ewma_by_hand_and_its_restart():
    chart = monitor.ewma([1.0, 1.0, np.nan, 4.0], lam=0.5, width=3, exact_limits=False)
    assert chart.statistic.tolist() == pytest.approx([0.5, 0.75, 0.75, 2.375])
    assert chart.upper[0] == pytest.approx(3 * math.sqrt(0.5 / 1.5)) and chart.alarm.tolist() == [False, False, False, True]
    again = monitor.ewma([4.0, 0.0, 0.0], lam=0.5, width=3, exact_limits=False, restart=True)
    assert again.alarm.tolist() == [True, False, False] and again.statistic[1] == 0.0
    assert monitor.ewma([10.0, 12.0], 1.0, 3, mean=10, sd=1).statistic.tolist() == [10.0, 12.0]


def test_cusum_by_hand_and_its_restart():
    chart = monitor.cusum([2.0, 2.0, -1.0, -3.0], k=0.5, h=2.9)
    assert chart.statistic.tolist() == [1.5, 3.0, 1.5, 0.0]
    assert chart.low_statistic.tolist() == [0.0, 0.0, -0.5, -3.0]
    assert chart.alarm.tolist() == [False, True, False, True]
    assert monitor.cusum([2.0, 2.0, 2.0], 0.5, 2.9, restart=True).statistic.tolist() == [1.5, 3.0, 1.5]


def test_run_lengths_are_those_of_the_charts_themselves():
    """The integral equations against the charts run on noise."""
    rng = np.random.default_rng(0)
    for chart, exact in [(lambda x: monitor.ewma(x, 0.2, 2.2, exact_limits=False), monitor.ewma_arl(0.2, 2.2, 0.5)),
                         (lambda x: monitor.cusum(x, 0.5, 3), monitor.cusum_arl(0.5, 3, 0.5))]:
        runs = [chart(rng.normal(0.5, 1, 300)).first_alarm + 1 for _ in range(1500)]
        assert np.mean(runs) == pytest.approx(exact, rel=0.08)


def test_alarms_are_scored_by_episode():
    stream = np.array(["A"] * 12 + ["B"] * 6)
    abnormal = np.zeros(18, bool)
    abnormal[4:7] = abnormal[15:17] = True
    alarm = np.zeros(18, bool)
    alarm[[1, 6, 7]] = True                      # a false one, and one that sees A's episode in its third minute
    score = monitor.score_alarms(alarm, abnormal, stream)
    assert (score.episodes, score.detected, score.delays.tolist(), score.false_alarms, score.streams) == (2, 1, [2.0], 1, 2)
    assert score.false_alarms_per_stream == 0.5 and score.detection_rate == 0.5 and score.mean_delay(missed=10) == 6.0
    alarm[:] = False
    alarm[11:13] = True                          # two broadcasts, hence two alarms, both false
    assert monitor.score_alarms(alarm, abnormal, stream, grace=2).false_alarms == 2


def minutes_of_rooms(seed, streams=30, length=120):
    rng = np.random.default_rng(seed)
    table = pd.DataFrame({"stream_id": np.repeat([f"S{i}" for i in range(streams)], length), "minute": np.tile(np.arange(length), streams)})
    table["online"] = np.repeat(rng.integers(20, 200, streams), length)
    table["role"] = rng.choice(["hero", "profit"], len(table))
    level = np.repeat(rng.lognormal(0, 0.3, streams), length)
    table["clicks"] = rng.poisson(table["online"] * np.where(table["role"] == "hero", 0.15, 0.06) * level)
    return table


def test_residuals_of_normal_minutes_are_calm_and_odd_minutes_stand_out():
    past, now = minutes_of_rooms(0), minutes_of_rooms(1)
    curve = monitor.fit_expected(past, "clicks", by="role")
    # The level of a room is not told apart from the rate, so only the ratio of the roles is known.
    assert curve.rates["hero"] / curve.rates["profit"] == pytest.approx(2.5, rel=0.05)
    calm = curve.residuals(now)[now["minute"] > 20]
    assert abs(calm.mean()) < 0.1 and calm.std() == pytest.approx(1.0, abs=0.12)
    odd = now["stream_id"].eq("S3") & now["minute"].between(60, 66)
    hit = curve.residuals(now.assign(clicks=now["clicks"].where(~odd, 0)))[odd]
    assert hit.mean() < -1.5


def test_expected_curve_does_not_look_ahead():
    now = minutes_of_rooms(2)
    curve = monitor.fit_expected(minutes_of_rooms(0), "clicks", by="role")
    changed = now.assign(clicks=now["clicks"].where(now["minute"] <= 50, 999))
    until = now["minute"] <= 50
    pd.testing.assert_series_equal(curve.residuals(now)[until], curve.residuals(changed)[until])


# -------------------------------------------------------------------------------------- retention

def watched(seed, entries=12_000, rooms_=30, length=3600, prompt=0.6, stall=2.0):
    """Entries whose leaving hazard falls for two minutes after a spoken prompt and rises with stutter."""
    rng = np.random.default_rng(seed)
    table = []
    factor = np.ones((rooms_, length))
    for room in range(rooms_):
        at = np.arange(120, length - 200, 300) + rng.integers(-30, 30)
        spoken = rng.random(len(at)) < 0.5
        table.append(pd.DataFrame({"stream_id": f"S{room}", "at_second": at, "spoken": spoken, "randomised": True}))
        for second in at[spoken]:
            factor[room, second:second + 120] *= prompt
    stalled = rng.random((rooms_, length // 60)) < 0.05
    factor *= np.repeat(np.where(stalled, stall, 1.0), 60, axis=1)
    total = np.cumsum(factor, axis=1)
    room, entered = rng.integers(0, rooms_, entries), rng.integers(0, length - 60, entries)
    target = total[room, entered] + rng.exponential(240, entries)
    gone = np.array([np.searchsorted(total[r], t) for r, t in zip(room, target)])
    sessions = pd.DataFrame({
        "session_id": np.arange(entries), "stream_id": [f"S{r}" for r in room], "entered_second": entered,
        "watch_seconds": np.minimum(gone, length) - entered, "stayed_to_end": gone >= length, "source": rng.choice(["feed", "paid"], entries)})
    minutes = pd.DataFrame({"stream_id": np.repeat([f"S{r}" for r in range(rooms_)], length // 60), "minute": np.tile(np.arange(length // 60), rooms_),
                            "stutter_seconds": 300.0 * stalled.ravel(), "watch_seconds": 300.0})
    return sessions[sessions["watch_seconds"] > 0].reset_index(drop=True), pd.concat(table, ignore_index=True), minutes


def test_episodes_keep_every_second_and_every_leaver():
    sessions, prompts, minutes = watched(0, entries=2000)
    rows = retention.episodes(sessions, prompts, minutes, keep=["source"])
    assert (rows["stop"] - rows["start"]).sum() == pytest.approx(sessions["watch_seconds"].sum() / 60)
    assert rows["left"].sum() == (~sessions["stayed_to_end"]).sum()
    assert rows.groupby("session_id")["left"].sum().max() == 1
    assert ((rows["stop"] - rows["start"]) <= 1 + 1e-9).all()
    cut = retention.episodes(sessions, longest=2)
    assert cut["stop"].max() <= 2 and cut["left"].sum() == ((sessions["watch_seconds"] <= 120) & ~sessions["stayed_to_end"]).sum()


def test_hazard_model_recovers_stutter_and_agrees_with_cox():
    sessions, prompts, minutes = watched(1)
    rows = retention.episodes(sessions, prompts, minutes)
    rows["prompted"] = rows["since_prompt"] < 1
    ours = retention.leaving_hazard(rows, ["stutter", "prompted"])
    assert ours.loc["stutter", "low"] < 2.0 < ours.loc["stutter", "high"]
    assert ours.loc["prompted", "hazard_ratio"] < 0.75
    some = rows[rows["session_id"] < 3000]
    other = retention.cox(some, ["stutter"])
    mine = retention.leaving_hazard(some, ["stutter"])
    assert abs(mine.loc["stutter", "log_ratio"] - other.loc["stutter", "log_ratio"]) < 1.5 * other.loc["stutter", "standard_error"]


def test_hazard_model_is_statsmodels_poisson_regression():
    import statsmodels.api as sm

    sessions, prompts, minutes = watched(2, entries=3000)
    rows = retention.episodes(sessions, prompts, minutes)
    band = pd.get_dummies(np.digitize(rows["start"], retention.BASELINE_EDGES), dtype=float)
    x = np.column_stack([rows["stutter"], band])
    reference = sm.GLM(rows["left"].astype(float), x, family=sm.families.Poisson(), exposure=(rows["stop"] - rows["start"]).to_numpy()).fit()
    assert retention.leaving_hazard(rows, ["stutter"]).loc["stutter", "log_ratio"] == pytest.approx(reference.params.iloc[0], abs=1e-6)


def test_prompt_trial_recovers_a_fading_effect():
    within = late = 0
    for seed in range(5):
        sessions, prompts, _ = watched(seed, entries=15_000)
        table = retention.prompt_effect(sessions, prompts, lags=4, draws=200)
        within += ((table["low"][:2] <= 0.6) & (0.6 <= table["high"][:2])).sum()
        late += ((table["low"][2:] <= 1.0) & (1.0 <= table["high"][2:])).sum()
    assert within >= 8 and late >= 8
    with pytest.raises(ValueError, match="coin"):
        retention.prompt_effect(sessions, prompts[prompts["spoken"]])


def test_commenting_that_does_nothing_fools_the_naive_comparison_and_not_the_landmark():
    rng = np.random.default_rng(0)
    stay, comment = rng.exponential(300, 20_000), rng.exponential(900, 20_000)
    did = comment < stay
    sessions = pd.DataFrame({"watch_seconds": stay.round(), "stayed_to_end": False, "comments": did.astype(int),
                             "first_comment_second": np.where(did, comment, np.nan)})
    assert retention.commenters(sessions).attrs["ratio"] > 1.7
    assert retention.commenters(sessions, at_minute=3).attrs["ratio"] == pytest.approx(1.0, abs=0.08)


def test_censored_stays_are_neither_dropped_nor_taken_for_leavers():
    rng = np.random.default_rng(1)
    stay, end = rng.exponential(600, 20_000), rng.uniform(0, 900, 20_000)
    sessions = pd.DataFrame({"watch_seconds": np.minimum(stay, end).astype(int), "stayed_to_end": stay > end})
    true = 10 * math.log(2)
    assert retention.median_minutes(sessions) == pytest.approx(true, rel=0.04)
    assert sessions["watch_seconds"].median() / 60 < 0.75 * true
    assert sessions.loc[~sessions["stayed_to_end"], "watch_seconds"].median() / 60 < 0.6 * true
    assert math.isnan(retention.median_minutes(pd.DataFrame({"watch_seconds": [60, 90], "stayed_to_end": [True, True]})))


def test_stay_curve_and_expected_minutes():
    hazard = np.full(60, 0.2)
    assert retention.stay_curve(hazard)[10] == pytest.approx(math.exp(-2))
    assert retention.expected_minutes(hazard) == pytest.approx(5.0, rel=0.01)
    assert retention.expected_minutes(hazard, 0.5) == pytest.approx(10.0, rel=0.01)


def test_reply_effect_counts_only_answered_questions():
    sessions = pd.DataFrame({"wait_seconds": [5, 8, 50, 55, np.nan], "orders": [1, 0, 0, 0, 1]})
    table = retention.reply_effect(sessions)
    assert table["entries"].sum() == 4 and table["conversion"].iloc[0] == 0.5 and table["conversion"].iloc[-1] == 0.0


# ---------------------------------------------------------------------------------------- rundown

def night(seed, count):
    rng = np.random.default_rng(seed)
    model = rundown.RundownModel(
        enter={"traffic": 1.8, "hero": 1.2, "profit": 1, "image": 0.9}, leave={"traffic": 0.7, "hero": 0.9, "profit": 1.0, "image": 1.1},
        buy={"traffic": 0.5, "hero": 2, "profit": 1, "image": 0.3}, enters_per_minute=20, leaves_per_viewer_minute=0.12,
        orders_per_viewer_minute=0.004, discount=1.5, repeat=0.8, giveaway_enter=1.6, giveaway_after=0.85, start=float(rng.integers(0, 300)))
    slots = pd.DataFrame({
        "product_id": [f"P{i}" for i in range(count)], "role": (["traffic", "hero", "profit", "image"] * 4)[:count], "minutes": rng.integers(5, 15, count),
        "activity": rng.choice(["none", "none", "giveaway"], count), "discount": rng.choice([0, 0.2], count), "appeal": rng.lognormal(0, 0.4, count),
        "list_price": rng.uniform(100, 500, count), "unit_cost": 50.0})
    return slots, model


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("rule", [rundown.Constraints(), rundown.Constraints(hero_from_minute=15, first_role="traffic"),
                                  rundown.Constraints(no_repeat=True, fixed={3: 2})])
def test_optimum_is_the_best_of_all_orders(seed, rule):
    slots, model = night(seed, 5)
    allowed = [order for order in itertools.permutations(range(5)) if rundown.allowed(slots, order, rule)]
    for objective in ("gmv", "margin"):
        best = max(getattr(rundown.play(slots, model, order), objective) for order in allowed)
        found = rundown.optimise(slots, model, rule, objective)
        assert rundown.allowed(slots, found, rule)
        assert getattr(rundown.play(slots, model, found), objective) == pytest.approx(best)
        greedy = rundown.greedy(slots, model, rule, objective)
        assert rundown.allowed(slots, greedy, rule) and getattr(rundown.play(slots, model, greedy), objective) <= best * (1 + 1e-9)


def test_long_rundowns_are_improved_and_keep_to_the_rules():
    slots, model = night(0, 14)
    rule = rundown.Constraints(hero_from_minute=20, first_role="traffic")
    found = rundown.optimise(slots, model, rule)
    assert sorted(found) == list(range(14)) and rundown.allowed(slots, found, rule)
    assert rundown.play(slots, model, found).margin >= rundown.play(slots, model, rundown.greedy(slots, model, rule)).margin


def test_play_by_hand():
    slots, model = night(0, 1)
    model = rundown.replace(model, start=100.0, leaves_per_viewer_minute=0.1, enters_per_minute=10.0)
    slots = slots.assign(role="profit", minutes=2, activity="none", discount=0.0, appeal=1.0, list_price=200.0, unit_cost=80.0)
    result = rundown.play(slots, model)
    assert result.viewer_minutes == pytest.approx(100 + (90 + 10))
    assert result.orders == pytest.approx(200 * 0.004) and result.gmv == pytest.approx(160) and result.margin == pytest.approx(96)


def test_impossible_rules_are_refused():
    slots, model = night(0, 4)
    for build in (rundown.optimise, rundown.greedy):
        with pytest.raises(ValueError, match="loosen"):
            build(slots, model, rundown.Constraints(hero_from_minute=10_000))
    with pytest.raises(ValueError, match="no role"):
        rundown.play(slots.assign(role="star"), model)


def test_fit_recovers_the_rates_that_made_the_minutes():
    rng = np.random.default_rng(0)
    enter = {"traffic": 1.6, "hero": 1.1, "profit": 1.0, "image": 0.8}
    leave = {"traffic": 0.7, "hero": 0.9, "profit": 1.0, "image": 1.2}
    buy = {"traffic": 0.6, "hero": 1.8, "profit": 1.0, "image": 0.4}
    products = pd.DataFrame({"product_id": [f"P{i}" for i in range(30)], "appeal": rng.lognormal(0, 0.4, 30), "list_price": 200.0, "unit_cost": 80.0})
    slots, minutes = [], []
    for room in range(60):
        scale, online, clock = rng.lognormal(3.5, 0.6), 50.0, 0
        for slot in range(1, 11):
            role, product = rng.choice(list(enter)), int(rng.integers(30))
            sold = 0
            for _ in range(8):
                came, gone = rng.poisson(scale * enter[role]), min(int(online), rng.poisson(0.15 * leave[role] * online))
                rate = 0.01 * online * buy[role] * products.loc[product, "appeal"]
                orders = rng.poisson(rate)
                sold += orders
                minutes.append([f"S{room}", clock, slot, online, 60 * online, came, gone, orders, orders])
                online, clock = online + came - gone, clock + 1
            slots.append([f"S{room}", slot, f"P{product}", role, clock - 8, 8, "none", 0.0, sold])
    slots = pd.DataFrame(slots, columns=["stream_id", "slot_no", "product_id", "role", "start_minute", "minutes", "activity", "discount", "orders"])
    minutes = pd.DataFrame(minutes, columns=["stream_id", "minute", "slot_no", "online", "watch_seconds", "enters", "exits", "product_clicks", "orders"])
    model = rundown.fit(slots, minutes, products)
    for made, found in ((enter, model.enter), (leave, model.leave), (buy, model.buy)):
        for role in made:
            assert found[role] == pytest.approx(made[role], rel=0.12), role
    assert model.appeal == pytest.approx(1.0, abs=0.1)
    assert model.leaves_per_viewer_minute == pytest.approx(0.15, rel=0.1)
    habit = rundown.habit(rundown.plan(slots[slots["stream_id"] == "S0"], products), model, slots)
    assert sorted(habit) == list(range(10))


# --------------------------------------------------------------------------------- comments, index

def test_topics_and_mood_in_two_languages():
    texts = ["How much is it?", "多少钱", "165cm 50kg which size", "尺码偏大吗", "love it", "不好看", "not nice", "卡了 没声音", "hello from Suzhou", None, "<b>good</b>"]
    assert comments.tag(texts).tolist() == ["price", "price", "size", "size", "praise", "praise", "praise", "picture", "chat", "chat", "praise"]
    assert comments.mood(texts).tolist() == [0, 0, 0, 0, 1, -1, -1, -1, 0, 0, 1]
    assert comments.tag(["colourful cat"], {"animals": "cat dog*"}).tolist() == ["animals"]
    assert comments.tag(["concatenate"], {"animals": "cat dog*"}).tolist() == ["chat"]


def test_tag_errors_by_hand():
    table = comments.tag_errors(["size", "size", "price", "chat", "size"], ["size", "price", "price", "size", None])
    assert table.loc["size", "precision"] == 0.5 and table.loc["size", "recall"] == 0.5
    assert table.loc["price", "precision"] == 1.0 and table.loc["price", "recall"] == 0.5
    assert table.attrs["error_rate"] == 0.5
    with pytest.raises(ValueError, match="label"):
        comments.tag_errors(["size"], [None])


def test_corrected_shares_undo_a_known_error():
    rng = np.random.default_rng(0)
    labels = rng.choice(["size", "price"], 20_000, p=[0.3, 0.7])
    tags = np.where((labels == "price") & (rng.random(20_000) < 0.4), "size", labels)
    table = comments.corrected_shares(tags, tags[:2000], labels[:2000])
    assert table.loc["size", "tagged"] > 0.55 and table.loc["size", "corrected"] == pytest.approx(0.3, abs=0.03)


def test_index_orientation_and_double_counting():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(size=(60, 3)), columns=["views", "clicks", "refunds"])
    frame["again"] = frame["views"] + rng.normal(0, 0.05, 60)
    for scale in ("rank", "z", "minmax"):
        value = index.evaluation_index(frame, {"views": 2, "refunds": -1}, scale)
        assert np.corrcoef(value, frame["views"])[0, 1] > 0.7 and np.corrcoef(value, frame["refunds"])[0, 1] < -0.2
    table = index.double_counting(frame, {"views": 1, "again": 1, "clicks": 1})
    assert set(table.iloc[0][["measure", "other"]]) == {"views", "again"} and table["double"].tolist() == [True, False, False]
    assert table.attrs["effective_measures"] < 2.3 and sum(table.attrs["influence"].values()) == pytest.approx(1)
    assert table.attrs["influence"]["clicks"] < 1 / 3
    steady = index.sensitivity(frame, {"views": 1, "clicks": 1}, spread=0.05)
    loose = index.sensitivity(frame, {"views": 1, "clicks": 1})
    assert (steady["rank_high"] - steady["rank_low"]).mean() < (loose["rank_high"] - loose["rank_low"]).mean()
    assert steady["first"].sum() == pytest.approx(1) and steady.attrs["rank_correlation"] > 0.98


@pytest.mark.parametrize("scale", ["rank", "z", "minmax"])
def test_index_leaves_out_what_cannot_tell_rows_apart(scale):
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(rng.normal(size=(20, 2)), columns=["views", "clicks"]).assign(
        watch=0.1 + 0.2, empty=np.nan, undefined=np.inf, late=np.r_[[np.nan] * 3, np.ones(17)])
    frame.loc[4, "watch"] = 0.3                      # the same number, but for its last digit
    frame.loc[:2, "clicks"] += 1
    stated = {"views": 2, "watch": 1, "empty": -1, "undefined": 1, "late": 1, "clicks": 1}
    gone = {"empty": "no value", "undefined": "no value", "watch": "the same value in every row", "late": "the same value in every row"}
    value = index.evaluation_index(frame, stated, scale)
    assert value.attrs["left_out"] == gone and value.notna().all()
    pd.testing.assert_series_equal(value, index.evaluation_index(frame, {"views": 2, "clicks": 1}, scale))
    place = index.sensitivity(frame, stated, scale, draws=200)
    assert place.attrs["left_out"] == gone and place.index.tolist() == list(range(20)) and np.isfinite(place.attrs["rank_correlation"])
    table = index.double_counting(frame, stated, scale)
    assert table.attrs["left_out"] == gone and len(table) == 1 and set(table.attrs["influence"]) == {"views", "clicks"}
    with pytest.raises(ValueError, match="No measure tells the rows apart"):
        index.double_counting(frame, {"watch": 1, "empty": 1}, scale)
    with pytest.raises(ValueError, match="Fewer than two rows"):
        index.sensitivity(frame.assign(clicks=frame.clicks.where(frame.index == 5)), {"views": 1, "clicks": 1}, scale)


def test_staffing_and_experiment_refuse_nonsense():
    assert staffing.erlang_c(600, 3, 14, 0.33).wait_probability == 1.0
    assert staffing.erlang_c(0, 3, 1, 0.33).service_level == 1.0
    with pytest.raises(ValueError, match="number of agents must be a whole number, 1 or more, not 0"):
        staffing.erlang_c(10, 3, 0, 1)
    with pytest.raises(ValueError, match="between 0 and 1"):
        experiment.sample_size(0.9, 0.2)
    with pytest.raises(ValueError, match="one share above zero"):
        experiment.srm_pvalue([10, 10], [1, 0])


NAN = float("nan")
FRAME = pd.DataFrame({"y": [1.0, 2, 4, 4, 5, 7], "t": [0, 1, 0, 1, 0, 1], "g": list("aabbcc"), "w": 0.0})
MINUTES = pd.DataFrame({"stream_id": "S1", "clicks": [1, 2, 3], "online": [10, 10, 10]})


@pytest.mark.parametrize("call, words", [
    (lambda: staffing.erlang_c(NAN, 3, 14, 0.33), "Arrivals must be one finite number"),
    (lambda: staffing.erlang_c("200", 3, 14.5, 0.33), "number of agents must be a whole number, 1 or more, not 14.5"),
    (lambda: staffing.erlang_c("many", 3, 14, 0.33), "Arrivals must be numbers, not text"),
    (lambda: experiment.sample_size(0.2, 0.05, power=80), "shares between 0 and 1"),
    (lambda: experiment.sample_size(0.2, 0.05, power=0.01), "power above alpha"),
    (lambda: experiment.sample_size(0.2, 0.05, alpha=5), "shares between 0 and 1"),
    (lambda: experiment.srm_pvalue([-5, 10], [0.5, 0.5]), "one count .0 or more"),
    (lambda: experiment.srm_pvalue([NAN, 10], [0.5, 0.5]), "one count .0 or more"),
    (lambda: experiment.peeking_error(2.7), "whole number, 1 or more, not 2.7"),
    (lambda: experiment.peeking_error(10**6), "500 at most"),
    (lambda: monitor.ewma([1, 2], 0.2, 3, sd=0), "sd above zero"),
    (lambda: monitor.cusum([1, 2], 0.5, 4, sd=-1), "sd above zero"),
    (lambda: monitor.cusum([1, 2], 0.5, NAN), "interval h above zero"),
    (lambda: monitor.ewma_arl(0.2, 7), "too seldom to reckon"),
    (lambda: monitor.cusum_arl(0.5, 50), "too seldom to reckon"),
    (lambda: monitor.ewma_arl(0.2, 3, NAN), "The shift must be one finite number"),
    (lambda: monitor.ewma_width(0.2, 1e12), "at most 100 million"),
    (lambda: monitor.score_alarms([1, 0], [1], ["a", "a"]), "one entry a minute; they have 2, 1 and 2"),
    (lambda: monitor.fit_expected(MINUTES.iloc[:0], "clicks"), "is empty"),
    (lambda: monitor.fit_expected(MINUTES.assign(clicks=-1), "clicks"), "clicks must hold a count"),
    (lambda: monitor.fit_expected(MINUTES, "clicks", memory=0), "memory .minutes. must be above zero"),
    (lambda: decomposition.lmdi({"a": NAN}, {"a": 2}), "a is missing or not finite before"),
    (lambda: decomposition.lmdi({"a": 1}, {"a": "x"}), "a must be numbers"),
    (lambda: decomposition.lmdi({}, {}), "Give the factors"),
    (lambda: decomposition.lmdi({"a": 1}, pd.DataFrame({"a": [1, 2]})), "both by group or both without"),
    (lambda: decomposition.lmdi(pd.DataFrame({"a": [1, 2]}, index=["x", "x"]), pd.DataFrame({"a": [1]}, index=["x"])), "group x stands twice before"),
    (lambda: effects.pooled_effect(FRAME, "y", "t", weights="w"), "weights in w are all zero"),
    (lambda: effects.pooled_effect(FRAME.assign(y="much"), "y", "t"), "values of y must be numbers"),
    (lambda: effects.pooled_effect(FRAME.assign(y=np.inf), "y", "t"), "y is not finite"),
    (lambda: effects.adjusted_effect(FRAME.assign(again=1 - FRAME["t"]), "y", "t", ["again"]), "cannot be told apart"),
    (lambda: effects.within_effect(FRAME.assign(again=FRAME["t"]), "y", "t", "g", "again"), "cannot be told apart"),
    (lambda: effects.matched_effect(FRAME, "y", "t", ["w"], bins=0), "bins must be a whole number"),
])
def test_a_number_that_would_be_nonsense_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_run_lengths_hold_for_slow_and_wide_charts():
    """Slow averages need a finer grid; the run length of a random walk between two walls is known."""
    assert monitor.ewma_arl(0.001, 3) == pytest.approx(45602, rel=1e-4)
    assert monitor.ewma_width(0.01, monitor.ewma_arl(0.01, 5.0)) == pytest.approx(5.0, abs=1e-6)
    assert monitor.cusum_arl(0.5, 12, 3.0) == pytest.approx(12 / 2.5, abs=1.0)
    # Siegmund's approximation, two-sided: exp(h + 1.166) − (h + 1.166) − 1.
    assert monitor.cusum_arl(0.5, 15) == pytest.approx(np.exp(16.166) - 16.166 - 1, rel=0.01)


def test_one_control_may_stand_alone():
    whole = effects.adjusted_effect(FRAME.assign(hour=[1, 2, 3, 4, 5, 7]), "y", "t", ["hour"])
    assert effects.adjusted_effect(FRAME.assign(hour=[1, 2, 3, 4, 5, 7]), "y", "t", "hour") == whole


def test_a_chain_without_viewers_has_no_mix():
    assert decomposition.factors(pd.DataFrame(0.0, index=list("ab"), columns=["viewers", "product_clicks", "orders", "gmv"]))["mix"].tolist() == [0.0, 0.0]


def test_methods_know_nothing_of_the_simulator():
    import pathlib

    import liveshop.methods

    for file in pathlib.Path(liveshop.methods.__file__).parent.glob("*.py"):
        assert "liveshop.world" not in file.read_text(encoding="utf-8"), file.name
