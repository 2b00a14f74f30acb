"""What chapter 9's forecasts make of weeks that they have not seen; liveshop.world.recovery gathers them."""

import pandas as pd

from liveshop.course.recovery import Row
from liveshop.methods import forecast

AHEAD = 13          # weeks
YEAR = 52.18        # weeks


def estimates(season):
    """Rows of all sections. season: tables by name, with the truth as name -> value."""
    yield from net_sales(season)


def net_sales(season):
    """9.2: net sales of the last quarter of the two years before the season, seen from the day before it (kCNY)."""
    weeks = season.history.groupby("week").agg(sales=("net_sales", "sum"), festival=("is_festival", "max"))
    known, later = weeks.sales.iloc[:-AHEAD].to_numpy(), weeks.sales.iloc[-AHEAD:].sum()
    festival = pd.DataFrame({"festival": weeks.festival.astype(float)}).to_numpy()
    for method, found in {
        "naive": forecast.naive(known, AHEAD),
        "a year ago": forecast.seasonal_naive(known, AHEAD, 52),
        "calendar": forecast.calendar(known, AHEAD, festival, period=YEAR),
    }.items():
        yield Row("net sales of a quarter", method, later / 1000, found["mean"].sum() / 1000)
