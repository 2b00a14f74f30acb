"""Section 4.2 against the truth and published numbers: blind and sighted scores, weights, reversal, and the turn."""


import nbformat
import numpy as np
import pandas as pd
import pytest

from common import own_tables
from liveshop import editions
from liveshop.course.chapter_4 import samples
from liveshop.methods import decision
from liveshop.practice import audit, find, verdict
from liveshop.world.business import audience
from liveshop.world.parameters import Parameters

LEAD, NEXT = "platforms.lead_of_marketplace", "platforms.lead_over_next"


@pytest.fixture(scope="module")
def worlds():
    """Scores and comparisons of thirty seeds."""
    return [own_tables(platform_scores=audience.platform_scores(Parameters(), seed),
                       criteria_pairs=audience.criteria_pairs(Parameters(), seed)) for seed in range(801, 831)]


def test_blind_scores_find_the_lead_and_sighted_ones_turn_its_sign(recovered):
    blind, sighted = recovered.loc[LEAD, "blind"], recovered.loc[LEAD, "naive"]
    assert abs(blind.bias.mean()) < 0.1 and blind.covers.mean() >= 0.85
    assert (sighted.estimate < 0).all() and sighted.covers.sum() == 0 and (sighted.true > 0).all()


def test_six_raters_seldom_prove_a_small_lead(recovered):
    """The failing case: unbiased, and right on average, but the interval holds 0 in many seasons."""
    close = recovered.loc[NEXT, "blind"]
    assert abs(close.bias.mean()) < 0.1 and close.covers.mean() >= 0.8
    assert (close.low <= 0).sum() >= 7


def test_weights_of_consistent_raters_are_near_the_planted_ones(recovered):
    for criterion, weight in audience.WEIGHTS.items():
        rows = recovered.loc[f"platforms.weights: {criterion}", "pairs, consistent raters"]
        assert abs(rows.bias.mean()) < 0.015 and abs(rows.estimate.mean() / weight - 1) < 0.12


def test_who_answers_by_lot_is_found_by_both_tables(worlds):
    for world in worlds:
        found = samples.consistency(world)
        assert list(found.index[found.ratio_1980 > samples.AGREES]) == ["R6"]
        assert list(found.index[found.ratio_2005 > samples.AGREES]) == ["R6"]
        assert (found.ratio_2005 / found.ratio_1980).tolist() == pytest.approx([1.41 / 1.40] * 6)


def test_shares_of_the_sum_turn_and_the_fixed_scale_never_does(worlds):
    """In most worlds the app turns the winner by shares of the sum; in all it moves the distance of the two best."""
    turned = {words: 0 for words in samples.SCALES.values()}
    for world in worlds:
        scores, weights = samples.mean_scores(world, "blind"), samples.weights(world)
        found = samples.with_and_without(scores, weights, samples.hopeless(scores, weights))
        for words in turned:
            turned[words] += found.loc[words, "without it"] != found.loc[words, "with it"]
        leads = {}
        for scale in ("fixed", "sum"):
            for listed in (scores.drop(index=samples.HOPELESS), scores):
                points = samples.on_scale(listed, weights, scale)
                leads.setdefault(scale, []).append(points["marketplace"] / points["community_video"])
        assert leads["fixed"][0] == pytest.approx(leads["fixed"][1]) and leads["sum"][1] > leads["sum"][0] + 0.03
    assert turned[samples.SCALES["fixed"]] == 0
    assert turned[samples.SCALES["sum"]] >= 15 and turned[samples.SCALES["topsis"]] >= 5


def test_belton_and_gear_with_a_twin():
    """1983: B leads A by .470 to .451; with a copy of B on the list A leads by .365 to .289."""
    ratios = np.array([[1, 9, 1], [9, 1, 1], [8, 9, 1]], float)
    for listed, expected in (([0, 1, 2], [.451, .470, .079]), ([0, 1, 2, 1], [.365, .289, .057, .289])):
        table = pd.DataFrame(ratios[:, listed].T)
        assert samples.on_scale(table, np.full(3, 1 / 3), "sum").tolist() == pytest.approx(expected, abs=6e-4)


def test_hwang_and_yoon_and_the_leader():
    aircraft = pd.DataFrame([(2, 1500, 20000, 5.5, 5, 9), (2.5, 2700, 18000, 6.5, 3, 5),
                             (1.8, 2000, 21000, 4.5, 7, 7), (2.2, 1800, 20000, 5, 5, 5)])
    found = decision.topsis(aircraft, [.2, .1, .1, .1, .2, .3], [True, True, True, False, True, True]).closeness
    assert found.tolist() == pytest.approx([.643, .268, .613, .312], abs=6e-4)
    pairs = pd.DataFrame([("a", "b", 4), ("a", "c", 3), ("a", "d", 7), ("c", "b", 3), ("b", "d", 3), ("c", "d", 5)],
                         columns=["a", "b", "ratio"])
    leader = decision.ahp(decision.pairwise_matrix(pairs, list("abcd")))
    assert leader.weights.tolist() == pytest.approx([.547, .127, .270, .056], abs=1e-3)
    assert leader.consistency_ratio == pytest.approx(.0439, abs=5e-5)


def test_the_turn_is_where_the_two_are_level(tables):
    """Independent of `flips`: put the weight there, and the two best have the same score; a little less, and not."""
    scores, weights = samples.mean_scores(tables, "blind"), samples.weights(tables)
    turn = decision.flips(scores, weights).iloc[0]
    first = decision.weighted_scores(scores, weights).idxmax()

    def leads(weight):
        others = weights.drop(turn.name)
        moved = pd.concat([others / others.sum() * (1 - weight), pd.Series({turn.name: weight})])
        total = scores[moved.index] @ moved
        return total[first] - total[turn.new_winner], total.idxmax()

    assert leads(turn.turns_at)[0] == pytest.approx(0, abs=1e-9)
    assert leads(turn.weight)[1] == first and leads(turn.turns_at + np.sign(turn.change) * 0.01)[1] == turn.new_winner


def test_intervals_over_raters_are_student_s(tables):
    from scipy.stats import ttest_rel

    own = samples.by_rater(tables, "blind")
    found = samples.lead(tables, "blind", "marketplace", "interest_video")
    expected = ttest_rel(own["marketplace"], own["interest_video"]).confidence_interval()
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))


def test_a_rater_who_left_a_place_out_does_not_narrow_its_interval():
    given = samples.over_raters(pd.DataFrame({"full": [1.0, 2, 4, 3], "gap": [1.0, 2, 4, np.nan]}))
    alone = samples.over_raters(pd.Series([1.0, 2, 4])).iloc[0]
    assert given.loc["gap"].tolist() == pytest.approx(alone.tolist()) and given.loc["full", "estimate"] == 2.5


def test_a_lead_that_hangs_on_one_rater_is_seen(tables):
    """Independent of `over_raters`: each rater left out by hand."""
    from scipy.stats import ttest_1samp

    own = samples.by_rater(tables, "blind")
    gap = own["marketplace"] - own["community_video"]
    found = samples.lead_without_one(tables, "blind", "marketplace", "community_video")
    assert list(found.index) == list(gap.index)
    for rater, row in found.iterrows():
        expected = ttest_1samp(gap[gap.index != rater], 0).confidence_interval()
        assert (row.low, row.high) == pytest.approx((expected.low, expected.high))


def test_chance_of_the_right_order_is_that_of_draws():
    draws = np.random.default_rng(3).normal(0.3, 0.4, (40_000, 6)).mean(axis=1)
    assert (draws > 0).mean() == pytest.approx(samples.chance_of_right_order(0.3, 0.4, 6), abs=0.005)


MAPPING = """\
table: platform_scores
columns: {rater: 评分人, option: 平台, criterion: 标准, score: 分数}
constants: {round: sighted}
"""


def own_scores(folder):
    """A list of scores under an operator's own headings, places and criteria."""
    random = np.random.default_rng(4)
    merit = {"短视频A": (8, 4, 5), "货架B": (5, 7, 6), "社群C": (3, 5, 8)}
    rows = [(rater, place, criterion, np.clip(round(score + random.normal(0, .5), 1), 1, 9))
            for rater in ("张", "李", "王", "赵") for place, scores in merit.items()
            for criterion, score in zip(("流量", "费率", "复购"), scores, strict=True)]
    raw = pd.DataFrame(rows, columns=["评分人", "平台", "标准", "分数"])
    raw.to_csv(folder / "scores.csv", index=False, encoding="gbk")
    (folder / "mapping.yml").write_text(MAPPING, encoding="utf-8")
    return raw


def test_the_section_runs_on_an_operator_s_own_places(tmp_path):
    """Own places and criteria, one sighted round, no comparisons: equal weights; totals by independent code."""
    raw = own_scores(tmp_path)
    out = editions.own_data_notebook("4.2", tmp_path / "scores.csv", tmp_path / "mapping.yml", tmp_path / "run")
    made = pd.read_parquet(out / "data" / "platform-scores.parquet")
    assert len(made) == len(raw) and made.score.sum() == pytest.approx(raw["分数"].sum())
    nb = nbformat.read(out / "section-4-2.ipynb", 4)
    for cell in nb.cells:
        assert not [one for one in cell.get("outputs", []) if one.output_type == "error"], cell.source
    shown = "\n".join(str(output.get("data", {}).get("text/plain", "")) + output.get("text", "")
                      for cell in nb.cells for output in cell.get("outputs", []))
    best = raw.groupby("平台")["分数"].mean()
    assert f"{best.idxmax()} {best.max():.1f}" in shown and "Card 4.2" in shown


@pytest.mark.parametrize("id", ["4.2a", "4.2b", "4.2c", "4.2d"])
def test_exercises_are_sound(tables, id):
    assert audit(id, tables) == []


@pytest.mark.parametrize("id, wrong, words", [
    ("4.2a", (0.542, 0.076, 0.101), "column sums"), ("4.2a", (0.542, 0.076, 0.078), "rounded the index"),
    ("4.2a", (0.542, 0.076, 7.505), "per cent"), ("4.2a", (0.521, 0.134, 0.127), "one comparison round"),
    ("4.2a", (0.538, 0.070, 0.044), "each other's place"), ("4.2a", (0.276, 0.257, 2.810), "the same numbers"),
    ("4.2a", (0.561, 0.140, 0.075), "audience alone"), ("4.2a", (0.25, 0.25, 0.075), "equal weights"),
    ("4.2b", (0.229, 0.218, "A"), "worst alone"), ("4.2b", (0.657, 0.650, "A"), "left out"),
    ("4.2b", (0.310, 0.436, "D"), "Everything counts"), ("4.2b", (0.351, 0.667, "B"), "other columns"),
    ("4.2b", (0.596, 0.645, "B"), "In the worst place"), ("4.2b", (0.710, 0.774, "B"), "weighed twice"),
    ("4.2c", ("growth", 0.205, "community_video"), "medians of the weights"),
    ("4.2c", ("growth", 0.198, "community_video"), "consistent ones alone"),
    ("4.2c", ("growth", 0.059, "community_video"), "the other way"),
    ("4.2c", ("growth", 0.184, "community_video"), "one other weight"),
    ("4.2c", ("growth", 0.282, "community_video"), "turned scores round"),
    ("4.2d", ("A", "B", "E", "G", "D", "F"), "interval"),
])
def test_wrong_answers_are_named(tables, id, wrong, words):
    found = verdict(id, *wrong, tables=tables)
    assert found.state == "wrong" and words in found.sentence, found.sentence


def test_a_reply_does_not_name_the_fault(tables):
    """A wrong letter gets a place to look at, in the words of no fault."""
    asked = find("4.2d")(tables)
    for _, sentence in asked.mistakes():
        assert not any(text in sentence for text in asked.fields[0].options.values() if text != "nothing"), sentence
