"""The ten rules of the card: each a trap turned round, with the quick and the better number of its section."""

import numpy as np
import pandas as pd

from liveshop import charts
from liveshop.course.chapter_9.samples import scoreboard


def _times(number):
    return f"{number:.1f} times"


def _change(number):
    return f"{np.expm1(number):+.0%}".replace("-", "−")


def _plain(number):
    return f"{number:.2f}".replace("-", "−")


# A rule, the truth on the board, its section, and how a number of it is written.
RULES = (
    ("Compare the same people, or let a lot decide.", "live.lift", "2.2", _times),
    ("Rank only at equal channel, hour and traffic.", "hosts.order", "5.2", _plain),
    ("Count before and after the deed, minute by minute.", "comment.ratio_of_stays", "5.3", _times),
    ("Keep those who left in the mean.", "newcomers.margin_of_the_next", "3.3", charts.money),
    ("Look at those to whom nothing was done.", "programme.log_orders", "7.2", _change),
    ("Say below the line who could have done it.", "referral.k", "6.1", _plain),
    ("Give to those whom it changes, not to those who buy.", "orders a coupon of the best fifth", "6.3", _plain),
    ("Let data judge that did not choose.", "yuan a member of the coupon list", "6.3", charts.money),
    ("Ask what the next yuan brings, not the average one.", "media.marginal: feed", "4.3", _plain),
    ("Ask what could strike two at once.", "loss.es95", "8.1", charts.money),
)


def table(tables):
    """The rows of the card: rule, section, quick (the quick answer), better (the section's), mine (to be filled).

    Both numbers are means over the simulated seasons.
    """
    found = scoreboard.findings(tables)["mean"]
    return pd.DataFrame([
        {"rule": rule, "section": section, "quick": style(found[truth, "quick"]),
         "better": style(found[truth, "section's"]), "mine": ""}
        for rule, truth, section, style in RULES])
