"""Wrong answers to the exercises of 1.1: growth, penetration, the peak of a Bass curve, ceilings."""

import numpy as np

from liveshop.course.chapter_1.samples.growth import interval, live_users
from liveshop.methods.adoption import bass_curve, ceilings, fit_logistic, logistic_through


def growth(asked):
    """Slips of 1.1a."""
    users = live_users()
    live, internet = users.live, users.live / users.live_share * 100
    first, winter, second, later = (live[date] for date in users.index[:4])
    yield {"growth_2021": second - first}, "That is the increase in millions. Divide by the earlier count."
    yield {"growth_2021": 100 * (1 - first / second)}, "You divided by the later count. Growth is over the earlier one."
    yield {"growth_2021": 100 * second / first}, "That is the later count in per cent of the earlier: take 100 off."
    yield {"growth_2021": 100 * (second - first) / internet.iloc[0]}, (
        "You divided by all internet users of the earlier year. Growth is over the earlier count of *live* users.")
    yield {"growth_2021": users.live_share.iloc[2] - users.live_share.iloc[0]}, (
        "Those are points of penetration: its share of internet users rose by so much. Asked are the users themselves.")
    yield {"growth_2021": 100 * (users.live_share.iloc[2] / users.live_share.iloc[0] - 1)}, (
        "That is the growth of the share. The number of internet users grew as well: take `live`.")
    yield {"growth_2021": 100 * (users.selling.iloc[2] / users.selling.iloc[0] - 1)}, (
        "That is the growth of streams that sell. Asked are all live users, column `live`.")
    yield {"growth_2021": 100 * (internet.iloc[2] / internet.iloc[0] - 1)}, "That is the growth of internet users."
    yield {"growth_a_year": 100 * (later / winter - 1)}, "That is the growth of two years. A year is asked."
    yield {"growth_a_year": 50 * (later / winter - 1)}, (
        "You halved the growth of two years. Growth goes on growth: take the root of 751 / 617.")
    yield {"growth_a_year": (later - winter) / 2}, "Those are millions a year. Growth in per cent is asked."
    yield {"growth_a_year": later - winter}, "That is the increase of two years in millions."
    yield {"growth_a_year": 50 * np.log(later / winter)}, (
        "That is the growth of the logarithm, which leaves out growth on growth within the year.")
    yield {"growth_a_year": 100 * (later / winter) ** 0.5}, "That is the factor in per cent: take 100 off."
    yield {"growth_a_year": 100 * (later / winter) ** 2 - 100}, "You squared the factor. Its root is that of a year."
    yield {"growth_a_year": (users.live_share.iloc[3] - users.live_share.iloc[1]) / 2}, (
        "Those are points of penetration a year. Asked are the users.")
    selling = users.selling["June 2021"]
    yield {"penetration": 100 * selling / second}, (
        "That is the share of *live* users who watch streams that sell. Below the line belong all internet users.")
    for place, date in ((0, "June 2020"), (1, "December 2020"), (3, "December 2022")):
        yield {"penetration": 100 * selling / internet.iloc[place]}, (
            f"You divided by the internet users of {date}. The same date belongs below the line: June 2021.")
    yield {"penetration": users.live_share["June 2021"]}, (
        "That is the penetration of all live streams. Asked are the streams that sell.")
    yield {"penetration": 100 * selling / (second * users.live_share["June 2021"] / 100)}, (
        "You multiplied the live users by their share. 638 million *are* 63.1 %: divide.")
    yield {"penetration": 100 * second / internet.iloc[0]}, (
        "Those are all live users, over the internet users of the earlier year.")
    yield {"penetration": 100 - 100 * selling / internet["June 2021"]}, "That is the share who did *not* watch them."


def other_dates(asked):
    """1.1a between other dates than those asked."""
    users = live_users()
    years, live = users.years, users.live
    asked_for = {"growth_2021": ("June 2020", "June 2021"), "growth_a_year": ("December 2020", "December 2022")}
    for field, dates in asked_for.items():
        for one in range(len(users)):
            for two in range(one + 1, len(users)):
                pair = (users.index[one], users.index[two])
                if pair == dates:
                    continue
                factor, span = live.iloc[two] / live.iloc[one], years.iloc[two] - years.iloc[one]
                told = f"from {pair[0]} to {pair[1]}. Asked is {dates[0]} to {dates[1]}."
                yield {field: 100 * (factor - 1)}, f"That is the growth {told}"
                yield {field: 100 * (factor ** (1 / span) - 1)}, f"That is the growth a year {told}"
    for date in ("June 2020", "December 2020"):
        yield {"penetration": users.selling_share[date]}, f"That is the share of {date}. Asked is June 2021."
    yield {"penetration": users.selling_share["December 2022"]}, "That is the share of December 2022. Asked: June 2021."
    yield {"penetration": users.selling["June 2021"]}, "Those are millions. A share of internet users is asked."


def peak(asked):
    """Slips of 1.1b."""
    p, q = asked.p, asked.q
    time, share = asked.right()
    yield {"peak_year": -time}, "You exchanged p and q: a peak before the start cannot be. It is ln(q/p)."
    yield {"peak_year": 0.0}, "You exchanged p and q: with more innovation than imitation sales would fall at once."
    yield {"peak_year": np.log10(q / p) / (p + q)}, "You took the logarithm to base 10. It is the natural one."
    yield {"peak_year": np.log(q / p) / (q - p)}, "You divided by q − p. It is p + q."
    yield {"peak_year": np.log(q / p) / q}, "You divided by q alone. It is p + q."
    yield {"peak_year": np.log(q / p)}, "That is the logarithm. Divide it by p + q."
    yield {"peak_year": np.log(q / p) * (p + q)}, "You multiplied by p + q. Divide."
    yield {"peak_year": q / p / (p + q)}, "You forgot the logarithm."
    yield {"peak_year": 1 / (p + q)}, "You left the logarithm of q/p out."
    yield {"peak_year": np.log(1 + 2 + q / p - 1) / (p + q)}, (
        "That is when half of all buyers have bought. Sales a year peak a little before.")
    yield {"peak_year": np.log(p + q) / (p + q)}, "You took the logarithm of p + q. It is that of q/p."
    yield {"bought_by_then": 1.0}, (
        "You took the peak of the *number of owners*: it has none, it nears the ceiling. Asked is the peak of sales "
        "a year.")
    yield {"bought_by_then": (q - p) / (p + q)}, "You divided by p + q. Below the line stands 2q."
    yield {"bought_by_then": q - p}, "That is q − p. Divide by 2q."
    yield {"bought_by_then": q}, "That is q, a pace. The share bought by the peak is (q − p) / (2q)."
    yield {"bought_by_then": p}, "That is p, a pace. The share bought by the peak is (q − p) / (2q)."
    yield {"bought_by_then": p / q}, "That is p by q. The share bought by the peak is (q − p) / (2q)."
    yield {"peak_year": q / p}, "That is q by p. Take its natural logarithm, and divide by p + q."
    yield {"bought_by_then": 1 - share}, (
        "That is what is still to come, or you added p. Bought by then is (q − p) / (2q).")
    yield {"bought_by_then": (p + q) ** 2 / (4 * q)}, "Those are the sales of the peak year. Asked: all until then."
    for full in (0.9, 0.95, 0.99):
        late = np.log((1 + full * q / p) / (1 - full)) / (p + q)
        yield {"peak_year": late, "bought_by_then": full}, (
            f"That is when {full:.0%} have bought. The number of owners only nears its ceiling; asked is the peak of "
            "sales a year.")
        yield {"peak_year": late}, f"That is when {full:.0%} of all buyers have bought. Asked is the peak of sales."
    for year in (int(time), int(time) + 1):
        yield {"peak_year": float(year)}, "That is a whole year. Give two decimals."
    early = int(time)
    yield {"bought_by_then": float(bass_curve(early, p, q))}, f"That is after {early} years. Take the time unrounded."


def ceilings_misread(asked):
    """Slips of 1.1c."""
    users = live_users()
    best = fit_logistic(users.years, users.live).ceiling
    low, high = asked.right()
    yield {"lowest": best}, "That is the best ceiling. Asked is the lowest that fits nearly as well."
    yield {"highest": best}, "That is the best ceiling. Asked is the highest that fits nearly as well."
    yield {"lowest": 0.95 * best, "highest": 1.05 * best}, (
        "You took 5 % off the ceiling and added 5 %. The 5 % are of the *error*.")
    yield {"lowest": 0.95 * best}, "You took 5 % off the ceiling. The 5 % are of the error."
    yield {"highest": 1.05 * best}, "You added 5 % to the ceiling. The 5 % are of the error."
    last = users.live.iloc[-1]
    yield {"lowest": last}, "That is the last count. The error of its best curve is far more than 5 % above the least."
    yield {"lowest": 0.95 * last, "highest": 1.05 * last}, "That is the last count, 5 % less and more."
    yield {"highest": last}, "That is the last count. Asked is a ceiling, the highest that fits nearly as well."
    yield {"lowest": interval(users.years, users.live).low[0]}, (
        "That is the low end of the 95 % interval. Asked are ceilings with an error at most 5 % above the least.")
    yield {"highest": 1.05 * last}, "That is the last count and 5 %."
    yield {"lowest": 0.95 * last}, "That is the last count less 5 %."
    three = logistic_through(users.years[:3], users.live[:3]).ceiling
    yield {"lowest": three}, "That is the ceiling through the first three counts. Take all five."
    yield {"highest": three}, "That is the ceiling through the first three counts. Take all five."
    yield {"highest": high - last}, "Those are the people still to come. Asked is the ceiling itself."
    yield {"lowest": low - last}, "Those are the people still to come. Asked is the ceiling itself."
    yield {"highest": high - low}, "That is the width of the range. Asked are its two ends."
    share = users.live_share / 100
    found = ceilings(users.years, 100 * share)
    yield {"lowest": found.low, "highest": found.high}, "Those are per cent of internet users. Take `live`."
    yield {"lowest": found.low}, "That is in per cent of internet users. Take `live`, in millions."
    yield {"highest": found.high}, "That is in per cent of internet users. Take `live`, in millions."
    known = users.dropna(subset=["selling"])
    if len(known) >= 4:
        found = ceilings(known.years, known.selling)
        yield {"lowest": found.low, "highest": found.high}, "Those are the streams that sell. Take `live`."
    four = users.selling.fillna(users.live / users.live_share * users.selling_share).dropna()
    found = ceilings(users.years[four.index], four)
    yield {"lowest": found.low, "highest": found.high}, "Those are the streams that sell. Take `live`."
    yield {"lowest": found.low}, "That is for the streams that sell. Take `live`."
    yield {"highest": found.high}, "That is for the streams that sell. Take `live`."
    for within in (0.02, 0.2):
        found = ceilings(users.years, users.live, within)
        yield {"lowest": found.low, "highest": found.high}, f"That is within {within:.0%} of the least error, not 5 %."
