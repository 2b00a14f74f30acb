"""Wrong answers to the exercises of 1.1: growth, penetration, the peak of a Bass curve, ceilings."""

import numpy as np

from liveshop.course.chapter_1.samples.growth import (
    RECORDERS,
    by_word_of_mouth,
    ceilings_of,
    interval,
    live_users,
)
from liveshop.methods.adoption import bass_curve, fit_bass, fit_logistic, logistic_through


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
        "You halved the growth of two years. Growth goes on growth: which factor, taken twice, makes "
        f"{later / winter:.3f}?")
    yield {"growth_a_year": (later - winter) / 2}, "Those are millions a year. Growth in per cent is asked."
    yield {"growth_a_year": later - winter}, "That is the increase of two years in millions."
    yield {"growth_a_year": 50 * np.log(later / winter)}, (
        "That is the growth of the logarithm, which leaves out growth on growth within the year.")
    yield {"growth_a_year": 100 * (later / winter) ** 0.5}, "That is the factor in per cent: take 100 off."
    yield {"growth_a_year": 100 * (later / winter) ** 2 - 100}, "You squared the factor. Its root is that of a year."
    selling = users.selling["June 2021"]
    yield {"penetration": 100 * selling / second}, (
        "That is the share of *live* users who watch streams that sell. Below the line belong all internet users.")
    for place, date in ((0, "June 2020"), (1, "December 2020"), (3, "December 2022")):
        yield {"penetration": 100 * selling / internet.iloc[place]}, (
            f"You divided by the internet users of {date}. The same date belongs below the line: June 2021.")
    yield {"penetration": users.live_share["June 2021"]}, (
        "That is the penetration of all live streams. Asked are the streams that sell.")
    yield {"penetration": 100 * selling / (second * users.live_share["June 2021"] / 100)}, (
        f"You multiplied the live users by their share. {second:.0f} million *are* {users.live_share.iloc[2]:.1f} % of "
        "all internet users.")
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
                if span != 1:
                    yield {field: 100 * (factor ** (1 / span) - 1)}, f"That is the growth a year {told}"
    for date in ("June 2020", "December 2020"):
        yield {"penetration": users.selling_share[date]}, f"That is the share of {date}. Asked is June 2021."
    yield {"penetration": users.selling_share["December 2022"]}, "That is the share of December 2022. Asked: June 2021."
    yield {"penetration": users.selling["June 2021"]}, "Those are millions. A share of internet users is asked."


def other_spans(asked):
    """1.1a: growth a year over a wrong span of years, of another column, or of parts added up."""
    users = live_users()
    first, winter, second, later = users.live.iloc[:4]
    steps = 100 * (winter / first - 1), 100 * (second / winter - 1)
    yield {"growth_2021": sum(steps)}, "You added the growth of two half-years. The second is growth on growth."
    yield {"growth_2021": sum(steps) / 2}, "That is the growth of half a year. Asked is the whole year."
    yield {"growth_2021": 100 * ((second / first) ** 0.5 - 1)}, (
        "That is the growth of half a year. Asked is the whole year.")
    yield {"growth_2021": 2 * steps[1]}, "You doubled the half-year from December 2020. June 2020 was counted as well."
    yield {"growth_2021": 2 * steps[0]}, "You doubled the half-year to December 2020. June 2021 was counted as well."
    yield {"growth_2021": 100 * (first / second - 1)}, "Turned round: the earlier count stands below the line."
    rest = users.live - users.selling
    yield {"growth_2021": 100 * (rest.iloc[2] / rest.iloc[0] - 1)}, (
        "Those are the users who do *not* watch streams that sell. Asked are all of `live`.")
    factor = later / winter
    name, two = "growth_a_year", "December 2020 to December 2022 are two years."
    yield {name: 100 * (factor**0.25 - 1)}, f"That is the growth of half a year. {two}"
    yield {name: 100 * (factor ** (1 / 24) - 1)}, f"That is the growth of a month. {two} Asked is a year."
    for years in (1.5, 2.5, 3):
        yield {name: 100 * (factor ** (1 / years) - 1)}, f"You counted {years:g} years. {two}"
        yield {name: 100 * (factor - 1) / years}, f"You divided by {years:g}. {two} And growth goes on growth."
    yield {name: 25 * (factor - 1)}, f"You divided the growth of two years by four. {two}"
    yield {name: (100 * (factor - 1)) ** 0.5}, "You took the root of the per cent. The root belongs to the factor."
    yield {name: 50 * (1 - winter / later)}, "You divided by the later count, and halved. Growth is over the earlier."
    yield {name: 100 * (1 - (winter / later) ** 0.5)}, "You divided by the later count. Growth is over the earlier one."
    yield {name: 50 * (second / winter - 1 + later / second - 1)}, (
        "You took the mean of two growths over unequal spans: half a year, and a year and a half.")
    for date, words in ((0, "June 2020"), (2, "June 2021")):
        wrong = later / users.live.iloc[date]
        yield {name: 100 * (wrong**0.5 - 1)}, f"You began with {words}. December 2020 is asked."
        yield {name: 50 * (wrong - 1)}, f"You began with {words}, and halved. December 2020 is asked."
    wrong = later / first
    yield {name: 40 * (wrong - 1)}, "You began with June 2020, and divided by its years. Growth goes on growth."
    internet = users.live / users.live_share
    selling = users.selling.fillna(internet * users.selling_share)
    for column, words in ((selling, "streams that sell"), (internet, "internet users"),
                          (users.live_share, "the share of internet users")):
        grown = column.iloc[3] / column.iloc[1]
        yield {name: 100 * (grown**0.5 - 1)}, f"That is the growth of {words}. Asked are all live users, `live`."
        yield {name: 50 * (grown - 1)}, f"That is half of the growth of {words}. Asked are all live users, `live`."
    yield {name: (users.live_share.iloc[3] - users.live_share.iloc[1]) / 2}, (
        "Those are points of penetration a year. Asked are the users.")


def other_shares(asked):
    """1.1a: penetration from other counts or dates, or with the division turned or left out."""
    users = live_users()
    internet = 100 * users.live / users.live_share
    selling = users.selling.fillna(internet * users.selling_share / 100)
    june = "June 2021"
    for counted in users.index[:4]:
        for whole in users.index:
            if counted == whole == june:
                continue
            of = f"streams that sell of {counted}" if counted != june else "the right users"
            yield {"penetration": 100 * selling[counted] / users.live[whole]}, (
                f"You divided {of} by the *live* users of {whole}. All internet users of {june} are asked.")
            if counted != whole:
                yield {"penetration": 100 * selling[counted] / internet[whole]}, (
                    f"You divided {of} by the internet users of {whole}. Both belong to {june}.")
    shares = users.selling_share.dropna()
    yield {"penetration": shares.iloc[:2].mean()}, "That is the mean of two other dates. Work it out for June 2021."
    yield {"penetration": np.interp(users.years[june], users.years[shares.index], shares)}, (
        "That lies on the line between two other dates. Work it out for June 2021 itself.")
    yield {"penetration": selling[june] * users.live_share[june] / 100}, (
        "You multiplied the users by the share of live users. First find all internet users, then divide by them.")
    yield {"penetration": users.live_share[june] * users.selling_share["December 2020"] / 100}, (
        "You multiplied two shares. Both are of all internet users already.")
    yield {"penetration": internet[june]}, "Those are the internet users, in millions. They belong below the line."
    yield {"penetration": 100 * internet[june] / selling[june]}, "Upside down: internet users belong below the line."
    yield {"penetration": 100 * users.live[june] / selling[june]}, (
        "Upside down, and over live users: all internet users belong below the line.")


def other_peaks(asked):
    """1.1b: further slips of the formula, and numbers of the text in place of the answers."""
    p, q = asked.p, asked.q
    time, share = asked.right()
    log = np.log(q / p)
    for value, words in (
        (log / (p * q), "You divided by p times q. It is p + q."),
        (log / p, "You divided by p alone. It is p + q."),
        (log / p + q, "Brackets are missing: the logarithm is divided by all of p + q."),
        (np.log(q) / p / (p + q), "Brackets are missing: it is the logarithm of q/p as a whole."),
        (np.log2(q / p) / (p + q), "You took the logarithm to base 2. It is the natural one."),
        (-np.log(q) / (p + q), "You took the logarithm of q alone. It is that of q/p."),
        (-np.log(p) / (p + q), "You took the logarithm of p alone. It is that of q/p."),
        (np.log(p + q), "That is the logarithm of p + q. Asked is that of q/p, divided by p + q."),
        (log / (100 * (p + q)), "You put p and q in per cent below the line. They are fractions."),
        (12 * time, "Those are months. Years are asked."), (365 * time, "Those are days. Years are asked."),
        (1 / q, "That is 1 by q. Asked is ln(q/p) / (p + q)."),
    ):
        yield {"peak_year": value}, words
    told = "Those are the video recorders of the text. Here p is 0.02 and q 0.45."
    found = fit_bass(RECORDERS).peak
    yield {"peak_year": round(found.time, 1), "bought_by_then": found.share}, told
    yield {"peak_year": round(found.time, 1)}, told
    yield {"bought_by_then": found.share}, told
    early = int(time)
    near_the_end = "That is nearly the whole market: look below the line, and at which is p and which is q."
    for value, words in (
        (1 - share, "That is what is still to come, or you added p where it is taken off."),
        (float(bass_curve(early, p, q)), f"That is after {early} years. Take the time unrounded."),
        (float(bass_curve(early + 1, p, q)), f"That is after {early + 1} years. Take the time unrounded."),
        ((p + q) ** 2 / (4 * q), "Those are the sales of the peak year. Asked: all until then."),
        (1 - np.exp(-p * time), "Those are the ones who buy by themselves. Imitation is left out."),
        (p * time, "That is p times the years: imitation is left out."),
        (by_word_of_mouth(p, q), "That is how many buyers come by imitation in the end. Asked: bought by the peak."),
        (1 - p / q, near_the_end), (q / (p + q), near_the_end), (float(bass_curve(time, q, p)), near_the_end),
        (q / 2, "That is half of q, the pull when half have bought. Asked is the share that has bought."),
        ((q - p) / 2, "You divided q − p by 2 alone: q is missing below the line."),
        (p / (p + q), "That is p by p + q. Asked is the share that has bought by the peak."),
    ):
        yield {"bought_by_then": value}, words


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
    yield {"bought_by_then": (q - p) / (p + q)}, "You divided by p + q. Something else stands below the line."
    yield {"bought_by_then": q - p}, "That is q − p, not divided yet."
    yield {"bought_by_then": q}, "That is q, a pace. Asked is the share that has bought by the peak."
    yield {"bought_by_then": p}, "That is p, a pace. Asked is the share that has bought by the peak."
    yield {"bought_by_then": p / q}, "That is p by q. Asked is the share that has bought by the peak."
    yield {"peak_year": q / p}, "That is q by p. Take its natural logarithm, and divide by p + q."
    for full in (0.9, 0.95, 0.99):
        late = np.log((1 + full * q / p) / (1 - full)) / (p + q)
        yield {"peak_year": late, "bought_by_then": full}, (
            f"That is when {full:.0%} have bought. The number of owners only nears its ceiling; asked is the peak of "
            "sales a year.")
        yield {"peak_year": late}, f"That is when {full:.0%} of all buyers have bought. Asked is the peak of sales."
    for year in (int(time), int(time) + 1):
        yield {"peak_year": float(year)}, "That is a whole year. Give two decimals."
    yield {"bought_by_then": 0.5}, "Half is too round: the peak comes a little before half have bought. By how much?"


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
    for column, words in (("live_share", "Those are per cent of internet users. Take `live`, in millions."),
                          ("selling", "Those are the streams that sell. Take `live`.")):
        ends = dict(zip(("lowest", "highest"), ceilings_of(column), strict=True))
        yield ends, words
        yield from (({name: value}, words) for name, value in ends.items())


def other_ceilings(asked):
    """1.1c: other numbers of the section, and other units."""
    users = live_users()
    low, high = asked.right()
    yield {"lowest": interval(users.years, users.live).low.iloc[0]}, (
        "That is the lower end of the 95 % interval of the text. Asked is what lies within 5 % of the least error.")
    yield {"lowest": users.live.iloc[0]}, "That is the first count. Asked is a ceiling."
    yield {"highest": users.live.iloc[-1]}, "That is the last count. Asked is a ceiling."
    yield {"highest": 100 * users.live.iloc[-1] / users.live_share.iloc[-1]}, (
        "Those are the internet users of the last date. Asked is what the curves say.")
    told = "Those are the ends of the table of ceilings that were tried. `low` and `high` hold what fits."
    yield {"lowest": 0.7 * low}, told
    yield {"highest": 1.5 * high}, told
    for name, value in (("lowest", low), ("highest", high)):
        yield {name: 1e6 * value}, "Those are persons. Millions are asked."
        yield {name: value / 1000}, "That is in thousands of millions. Millions are asked."
        yield {name: value / 100}, "That is in units of 100 million (亿). Millions are asked."
