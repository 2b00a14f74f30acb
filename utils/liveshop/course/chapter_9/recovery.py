"""What chapter 9's forecasts make of weeks that they have not seen; liveshop.world.recovery gathers them."""

from liveshop.course.chapter_9.samples import outlook
from liveshop.course.recovery import Row
from liveshop.methods import forecast


def estimates(season):
    """Rows of all sections. season: tables by name, with the truth as name -> value."""
    yield from net_sales(season)


def net_sales(season):
    """9.2: the last quarter of the two years before the season, seen from the day before it.

    Its net sales (kCNY) by each way; the mean error of its weeks (a share) that the fit and rolling origin had promised
    for the calendar with each festival; the share of its weeks in two kinds of 95 % intervals.
    """
    weeks = outlook.weekly(season)
    known, later = weeks.iloc[:-outlook.QUARTER], weeks["sales"].iloc[-outlook.QUARTER:].to_numpy()
    told = {way: function(known["sales"].to_numpy(), outlook.QUARTER)
            for way, function in outlook.ways(weeks["festival"]).items()}
    for way, found in told.items():
        yield Row("net sales of a quarter", way, later.sum(), found["mean"].sum())
    kept = outlook.off(told[outlook.OWN]["mean"], later)
    promised = outlook.by_reach(outlook.judged(known)).loc[outlook.OWN].mean()       # each week ahead counts alike
    yield Row("error of a quarter's forecast", "error of the fit", kept,
              outlook.off(outlook.fitted(known), known["sales"]))
    yield Row("error of a quarter's forecast", "rolling origin", kept, promised)
    for way in (outlook.OWN, outlook.GROWN):
        held = forecast.accuracy(told[way].assign(actual=later))["coverage"]
        yield Row("weeks within the interval", way, 0.95, held)
