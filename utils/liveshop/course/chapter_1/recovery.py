"""What chapter 1's methods make of the planted truths in one season; liveshop.world.recovery gathers them."""

import math

from liveshop.course.chapter_1.samples import trends
from liveshop.course.recovery import Row


def estimates(season):
    """Rows of all sections. season: tables by name, with the truth as name -> value."""
    yield from growth_of_rooms(season)
    yield from growth_a_year(season)


def growth_of_rooms(season):
    """1.2: growth of what an hour on air sells, over the season. No trend is planted in the rooms: the truth is 0.

    Naive is the money of the four weeks up to the end of the festival against the first four.
    """
    name, rooms, plain = "rooms.growth", trends.broadcasts(season), trends.ordinary(season)
    first, june = range(1, 5), range(13, 17)
    money = rooms.groupby("week").gmv.sum()
    yield Row(name, "naive", 0.0, float(money.reindex(june).sum() / money.reindex(first).sum() - 1))
    yield Row(name, "per hour", 0.0, float(trends.growth_per_hour(rooms, first, june).estimate))
    fair = trends.growth_per_hour(plain, *trends.ends(trends.whole_weeks(season)))
    yield Row(name, "per hour, ordinary weeks", 0.0, *map(float, fair[["estimate", "low", "high"]]))


def growth_a_year(season):
    """1.2: growth of visits in the two years before, a year. The truth is the planted drift; what a year drew of its
    own comes on top of it. Naive is a line through the first 16 weeks, up to the end of the June festival."""
    weeks, name = trends.two_years(season), "history.growth_a_year"
    true = math.expm1(52 * season.truth["media.growth"])
    about = weeks.visits, weeks.festival
    yield Row(name, "naive", true, trends.yearly_growth(*about, weeks=16))
    yield Row(name, "festival left out", true, trends.yearly_growth(*about, weeks=16, without_festival=True))
    yield Row(name, "year on year", true, trends.year_on_year(weeks.visits))
