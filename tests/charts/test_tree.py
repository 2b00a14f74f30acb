"""The metric tree: every factor with its owner and its part, and the one that took most away marked."""

import pandas as pd
import pytest

from liveshop import charts

STYLES = {"entries": "{:,.0f}".format, "orders per entry": "{:.1%}".format}
OWNERS = {"entries": "marketing", "orders per entry": "host"}


def drawn(effects):
    was = pd.Series({"entries": 1000, "orders per entry": 0.05})
    now = pd.Series({"entries": 900, "orders per entry": 0.06})
    rows = charts.factor_rows(was, now, OWNERS, pd.Series(effects, index=list(OWNERS)), STYLES)
    return charts.metric_tree(("GMV", "¥5k", "¥5.4k"), rows, title="Entries fell")


def test_the_words_say_owner_values_and_effect():
    fig = drawn([-500.0, 900.0])
    assert "entries (marketing) 1,000 to 900, −¥500; orders per entry (host) 5.0% to 6.0%, +¥900." in fig.alt_text


@pytest.mark.parametrize("effects, marked", [([-500.0, 900.0], 1), ([5.0, 9.0], 0)])
def test_only_a_factor_that_took_away_is_marked(effects, marked):
    ax = drawn(effects).axes[0]
    accent = [text.get_text() for text in ax.texts if text.get_color() == charts.ACCENT]
    assert len(accent) == marked and all(text.startswith("−") for text in accent)
