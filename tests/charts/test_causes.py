"""The map of causes: what is touched, what follows, and what stays as it is."""

from matplotlib.colors import to_hex

from liveshop import charts

PLACES = {"come": (0.15, 0.85), "order": (0.85, 0.85), "loss": (0.15, 0.15)}
LINKS = {"come": "order", "order": None, "loss": None}


def drawn(touched, moves):
    fig = charts.cause_map(PLACES, LINKS, "with a lever", touched, moves, title="One moves another")
    (ax,) = fig.axes
    boxes = [to_hex(box.get_edgecolor()) for box in ax.patches if hasattr(box, "get_boxstyle")]
    return fig, {text.get_text() for text in ax.texts}, boxes[1:]           # the first is the lever's


def test_a_touched_stage_and_one_that_follows_are_told_apart():
    fig, texts, boxes = drawn({"come": ["entries", "+18%"]}, {"come": 1, "order": 1})
    assert {"with a lever", "come", "entries", "+18%", "in the end: more"} <= texts
    assert boxes == [charts.ACCENT, charts.INK, charts.FAINT]
    assert fig.texts[0].get_text() == "One moves another"


def test_a_stage_that_is_pulled_both_ways_says_so_and_one_without_effect_does_not():
    assert "pulled both ways" in drawn({"come": ["x"], "order": ["y"]}, {"come": 1, "order": 0})[1]
    _, texts, boxes = drawn({"come": ["leaving", "±0%"]}, {})
    assert boxes == [charts.ACCENT, charts.FAINT, charts.FAINT] and not any("end" in text for text in texts)
