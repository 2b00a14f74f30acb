"""The ten rules of the card: each a trap turned round, with the quick and the better number of its section."""

import numpy as np
import pandas as pd

from liveshop import charts
from liveshop.course.chapter_9.samples import scoreboard


def _times(row):
    return f"{row['mean']:.1f} times"


def _change(row):
    return f"{np.expm1(row['mean']):+.0%}".replace("-", "−")


def _of_the_truth(row):
    return f"{row['mean'] / row.true:.1f} times the truth"


def _yuan(row):
    return charts.money(row["mean"])


def _with(unit):
    return lambda row: f"{row['mean']:.2f} {unit}".replace("-", "−")


# A rule, the truth on the board, its section, and how a number of it (a row of `scoreboard.findings`) is written.
RULES = (
    ("Compare the same people, or let a lot decide.", "live.lift", "2.2", _times),
    ("Rank only at equal channel, hour and traffic.", "hosts.order", "5.2", _with("correlation")),
    ("Count before and after the deed, minute by minute.", "comment.ratio_of_stays", "5.3", _times),
    ("Keep those who left in the mean.", "newcomers.margin_of_the_next", "3.3", _yuan),
    ("Look at those to whom nothing was done.", "programme.log_orders", "7.2", _change),
    ("Count below the line all who could have done it.", "referral.k", "6.1", _with("friends")),
    ("Give to those whom it changes, not to those who buy.", "orders a coupon of the best fifth", "6.3",
     _with("orders")),
    ("Let data judge that did not choose.", "yuan a member of the coupon list", "6.3", _yuan),
    ("Ask what the next yuan brings, not the average one.", "media.marginal: feed", "4.3",
     _of_the_truth),
    ("Ask what could strike two at once.", "loss.es95", "8.1", _yuan),
)


def table(tables):
    """The rows of the card: rule, section, quick (the quick answer), better (the section's), mine (to be filled).

    Both numbers are means over the simulated seasons.
    """
    found = scoreboard.findings(tables)
    return pd.DataFrame([
        {"rule": rule, "section": section, "quick": style(found.loc[(truth, "quick")]),
         "better": style(found.loc[(truth, "section's")]), "mine": ""}
        for rule, truth, section, style in RULES])
