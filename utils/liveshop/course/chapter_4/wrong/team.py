"""Wrong ways in section 4.1: shrinkage, rotas rounded and divided, commission with the wrong share."""

import math

from liveshop.methods.rota import weekly_rota
from liveshop.methods.staffing import agents_needed, erlang_c

ROUNDED_UP = (7, 5, 1, 8, 0, 4, 0)     # 4.1b: the textbook's plan in fractions, each day's beginners rounded up


def shrunk(asked):
    """4.1a: the share that is not at the desk taken the wrong way, and other numbers of the same queue."""
    there, _, people = asked.right()
    away = asked.shrinkage
    queue = erlang_c(asked.rate, asked.minutes, there, asked.target)
    yield {"people": math.ceil(there * (1 + away))}, (
        "You added 30 % to the agents. Shrinkage is a share of the people's paid time: of 19 people 30 % are away, and "
        "13 are left. Divide by 0.7.")
    yield {"people": math.floor(there * (1 + away))}, (
        "You added 30 % to the agents, and cut off. Divide by the 70 % who are there, and round up.")
    yield {"people": there * (1 + away)}, "You added 30 % to the agents. Divide by the 70 % who are there, and round."
    yield {"people": math.ceil(there * (1 - away))}, (
        "You took 30 % off the agents. People are away, so more are needed on the rota: divide by 0.7.")
    yield {"people": math.ceil(there / (1 + away))}, "You divided by 1.3. Of those on the rota 0.7 are at the desk."
    yield {"people": there}, "That is the desk. Of the people on the rota 30 % are away, so more are needed."
    yield {"people": math.ceil(there / away)}, "You divided by the share that is away. Divide by the other one."
    yield {"people": people + 1}, f"One more than needed: 70 % of {people} people are {there}."
    yield {"level": queue.wait_probability}, "That is the share that waits at all. Asked is who is answered in time."
    yield {"level": 1 - queue.wait_probability}, (
        "That is the share that does not wait at all. Those who wait less than 20 seconds count too.")
    yield {"level": queue.occupancy}, "That is the occupancy, the share of time an agent is busy."
    yield {"level": asked.goal}, "80 % is the goal. Asked is what this number of agents gives."


def other_desks(asked):
    """4.1a: other numbers of agents, with what they answer in time and the people they take."""
    there, _, people = asked.right()
    known = {people, math.ceil(there * (1 + asked.shrinkage)), math.floor(there * (1 + asked.shrinkage))}
    for agents, sentence in _desks(asked).items():
        level = _in_time(asked, agents)
        rota = math.ceil(round(agents / (1 - asked.shrinkage), 9))
        follows = f"{sentence} The people on the rota follow from it."
        yield {"agents": agents}, sentence
        yield {"agents": agents, "people": rota}, follows
        if agents != there + 1:                             # those are told as what 90 % would need
            yield {"agents": agents, "level": level, "people": rota}, follows
        if rota not in known:
            yield {"people": rota}, f"That begins from {agents} agents at the desk. {sentence}"
        if level > 0:
            yield {"level": level}, f"That is what {agents} agents answer in time. {sentence}"


def _desks(asked):
    load, right = asked.rate * asked.minutes / 60, asked.agents
    answered = {agents: f"{100 * _in_time(asked, agents):.1f} %" for agents in (int(load) + 1, right - 2, right - 1)}
    return {int(load / 2): f"The contacts of half an hour stand against the minutes of an hour: work arrives for "
                           f"{load:.0f} agents, not for {load / 2:.0f}.",
            int(load): f"{load:.0f} agents would be busy all the time, and the queue would grow without end.",
            int(load) + 1: f"One more than the work answers only {answered[int(load) + 1]} within 20 seconds, since "
                           "random arrivals bunch. (Within 20 minutes it would do.)",
            right - 2: f"Too few: {answered[right - 2]} are answered in time.",
            right - 1: f"With {right - 1} it is {answered[right - 1]}, just under the goal.",
            right + 1: "One more than needed; the goal of 80 % is met with one fewer.",
            right + 2: "Two more than needed; the goal of 80 % is met with two fewer."}


def _in_time(asked, agents):
    load = asked.rate * asked.minutes / 60
    return erlang_c(asked.rate, asked.minutes, agents, asked.target).service_level if agents > load else 0.0


def other_queues(asked):
    """4.1a: other formulas, and other numbers of the same queue."""
    there, _, people = asked.right()
    load, away = asked.rate * asked.minutes / 60, asked.shrinkage
    queue = erlang_c(asked.rate, asked.minutes, there, asked.target)
    lost = [1.0]
    for agents in range(1, people + 1):
        lost.append(load * lost[-1] / (agents + load * lost[-1]))
    fewest = next(agents for agents, share in enumerate(lost) if share <= 1 - asked.goal)
    lost_said = "That is Erlang's formula for callers who are lost when all are busy (B). Here they wait (C)."
    yield {"agents": fewest, "level": 1 - lost[fewest], "people": math.ceil(fewest / (1 - away))}, lost_said
    yield {"level": 1 - lost[there]}, lost_said
    at_once = sum(load**n / math.factorial(n) for n in range(there)) * math.exp(-load)
    for share in (at_once, at_once + load**there / math.factorial(there) * math.exp(-load)):
        yield {"level": share}, "That is Poisson's distribution of the work alone. Contacts that wait pile up on it."
    yield {"level": 1 - math.exp(-(there - load) * asked.target / asked.minutes)}, (
        "That is the share of those who wait, as if everybody had to. Most do not wait at all.")
    yield {"level": 1 - queue.occupancy}, "That is the share of time an agent is free."
    for wait in (queue.mean_wait_minutes, 60 * queue.mean_wait_minutes):
        yield {"level": wait}, "That is the mean wait. Asked is the share within 20 seconds."
    yield {"level": erlang_c(asked.rate, asked.minutes, people, asked.target).service_level}, (
        "You put the people on the rota at the desk. Of those, 30 % are away.")
    more = agents_needed(asked.rate / (1 - away), asked.minutes, asked.target, asked.goal)
    yield {"agents": more, "people": more}, (
        "You put the shrinkage on the contacts. First the desk, then the people: agents / 0.7.")
    for part in (there * away, math.ceil(there * away), math.floor(there * away)):
        yield {"people": part}, "That is 30 % of the agents. Asked are all the people on the rota."


def rounded_rotas(asked):
    """4.1b: sums divided by five, fractions rounded, the busiest day."""
    need, days = asked.need, asked.days_on
    people, spare, cost = asked.right()
    bound = weekly_rota(need, days).bound
    dear = weekly_rota(need, days, asked.price)
    yield {"people": math.ceil(sum(need) / days)}, (
        "You divided all agent-days by five. Nobody works scattered days, so that many cannot cover every day.")
    yield {"people": math.floor(bound)}, "You rounded 22.33 down: then some day is short."
    yield {"people": sum(ROUNDED_UP)}, (
        "That comes from a plan in fractions, rounded up day by day. As an integer programme fewer are enough.")
    yield {"people": max(need)}, (
        "That is the busiest day. Everybody is off for two days, so more people are needed.")
    yield {"people": sum(need) / len(need)}, "That is the need of a mean day. Everybody is off for two days."
    for more in (1, 2, 3):
        if people + more != sum(ROUNDED_UP):
            yield {"people": people + more}, "So many cover the week, and fewer do too."
    yield {"people": sum(need)}, "Those are agent-days. One person works five of them."
    yield {"people": math.ceil(max(need) * len(need) / days)}, "That covers the busiest need on every day."
    yield {"spare": people * len(need) - sum(need)}, "You let everybody work seven days."
    yield {"spare": people * days}, "Those are all days worked. How many go beyond the need?"
    yield {"spare": people - sum(need) / days}, "That is in people. Asked are agent-days."
    busiest = "That is the busiest day. Everybody is off for two days, and then the other days lack people."
    yield {"people": max(need), "spare": days * max(need) - sum(need)}, busiest
    yield {"cost": sum(need) / days * sum(asked.price) / len(asked.price)}, (
        "That is 21 people at the mean price; the programme chooses. If you rounded: it is asked to the unit.")
    yield {"spare": days * bound - sum(need)}, "That is with people who can be split. Ask for whole people."
    yield {"spare": 3}, "That is less than 23 people leave. Take their 5 days each, less all that is needed."
    for whole in (max(need), sum(need) / len(need)):
        yield {"spare": people - whole}, "Those are people. Asked are agent-days: 5 a person, less all that is needed."
    yield {"spare": people * (len(need) - days)}, "Those are the days off. Asked are days worked beyond the need."
    yield {"spare": 0}, "With whole people and days in a row, something is left over."
    yield {"cost": dear.bound}, "That is the plan with people who can be split. Ask for whole people."
    yield {"cost": people * min(asked.price)}, "Not everybody can begin on the cheapest day: the week must be covered."
    starts = _from_monday(need, days)
    began = "The week comes again: on Monday people who began late in the week before are still there."
    yield {"people": sum(starts), "spare": days * sum(starts) - sum(need)}, began
    yield {"people": sum(starts)}, began
    yield {"spare": days * sum(starts) - sum(need)}, began
    yield {"cost": people}, "Those are people. Give `weekly_rota` the cost, and take .cost."


def _from_monday(need, days):
    """People who begin each day when a week begins with nobody there, and each day gets those whom it lacks."""
    starts = []
    for day, wanted in enumerate(need):
        starts.append(max(0, wanted - sum(starts[max(0, day - days + 1):])))
    return starts


def other_costs(asked):
    """4.1b: costs at other prices, and of other numbers of people."""
    people, _, cost = asked.right()
    mean = sum(asked.price) / len(asked.price)
    yield {"cost": people * mean}, "That is at the mean price. The programme chooses on which days people begin."
    yield {"cost": people * max(asked.price)}, "That is at the highest price. The programme chooses cheaper first days."
    for price in sorted({*asked.price} - {min(asked.price), max(asked.price)}):
        yield {"cost": people * price}, f"That is with ¥{price} for everybody. The price goes by the first day."
    plain = weekly_rota(asked.need, asked.days_on).starts
    yield {"cost": float(plain.to_numpy() @ asked.price)}, (
        "That is the price of one rota with the fewest people, found without prices. Give the prices to the programme.")
    yield {"cost": float(sum(a * b for a, b in zip(asked.need, asked.price, strict=True)))}, (
        "You multiplied need and price day by day. The price is of a person's whole week, by her first day.")
    yield from _other_prices(asked)
    for count in (27, 25, 24, 22, 21):
        yield {"spare": count * asked.days_on - sum(asked.need)}, f"That is with {count} people."
    yield {"cost": cost * asked.days_on}, "The price is of a person's whole week, not of a day."


def _other_prices(asked):
    """4.1b: prices that belong to other days, to other numbers of people, or to other spans of time."""
    need, days, price = asked.need, asked.days_on, asked.price
    people, _, cost = asked.right()
    mean = sum(price) / len(price)
    for later in range(1, len(price)):
        moved = price[-later:] + price[:-later]
        if people * min(price) < (value := weekly_rota(need, days, moved).cost) != cost:
            yield {"cost": value}, "The prices stand at other days. ¥500 is for five days that begin on Monday."
    by_day = [sum(price[(first + day) % len(price)] for day in range(days)) for first in range(len(price))]
    whole = weekly_rota(need, days, by_day).cost
    for value in (whole, whole / days):
        yield {"cost": value}, "You paid by the days worked. The price is of the whole week, by the day it begins on."
    starts = _from_monday(need, days)
    yield {"cost": sum(a * b for a, b in zip(starts, price, strict=True))}, (
        "You filled the days one after the other from Monday. Those who began late in the week before are still there.")
    yield {"cost": sum(a * b for a, b in zip(need, price, strict=True)) / days}, (
        "Need times price, by five: that lets everybody work scattered days. The programme chooses whole weeks.")
    for count in (22, 25):
        yield {"cost": count * mean}, f"That is {count} people at the mean price. The programme chooses first days."
    yield {"cost": sum(a * b for a, b in zip(ROUNDED_UP, price, strict=True))}, (
        "That comes from a plan in fractions, rounded up day by day. Ask for whole people.")
    yield {"cost": sum(price)}, "That is the sum of the prices, one person a day. How many begin on each?"
    yield {"cost": people * sum(price)}, "Nobody is paid all seven prices: each begins on one day."
    yield {"cost": cost / people}, "That is the cost a person. Asked is that of the whole rota."
    yield {"cost": cost / days}, "You divided by the five days. The price is of a whole week."
    for weeks in (4, 52 / 12, 52):
        yield {"cost": cost * weeks}, "That is for a month or a year. One week is asked."


def other_rates(asked):
    """4.1c: the rate turned round, or with the wrong share."""
    old, hers = asked.old, asked.hers
    rate, on_gmv, on_net = asked.right()
    kept, fixed, margin = 1 - hers, asked.fixed, asked.margin
    for wrong, sentence in _wrong_rates(asked):
        yield {"rate": 100 * wrong}, sentence
        if wrong < margin and wrong != old / kept:
            yield {"rate": 100 * wrong, "on_net": fixed / (kept * (margin - wrong))}, (
                f"{sentence} The last break-even follows from it.")
    yield {"rate": 100 * old / kept, "on_net": on_gmv}, (
        "That is the rate with her refund rate, so the break-even does not move. The pool is the house's: 25 %.")
    yield {"rate": rate / 100}, "That is a fraction. Per cent are asked."
    yield {"on_gmv": fixed / (kept * margin)}, "Her commission is missing."
    yield {"on_net": fixed / (kept * margin)}, "Her commission is missing."
    yield {"on_gmv": fixed / (kept * (margin - old))}, (
        "You took 3 % of net sales. On this plan she is paid 3 % of GMV, of what comes back too.")
    yield {"on_gmv": fixed / (kept * margin + old)}, "Commission is paid out: it goes off what an hour leaves."
    yield {"on_net": fixed / (kept * (margin - old))}, "The rate on net sales is the new one, 4.0 %."
    yield {"on_net": fixed / (kept * margin - rate / 100)}, (
        "You paid the new rate on GMV. It is paid on net sales: 0.62 of it.")
    yield {"on_net": on_gmv}, (
        "That is the break-even of the old plan, as if she were still paid 3 % of her GMV. Now she is paid on her net.")
    yield {"on_gmv": fixed / (kept * margin - rate / 100)}, "On the old plan she is paid 3 % of GMV, not the new rate."
    yield {"on_net": on_net * kept}, "That is in net sales, or with her refunds left out. Asked is GMV."
    yield {"on_gmv": on_net}, "That is the break-even of the new plan."
    yield {"on_gmv": fixed * (kept * margin - old)}, "Divide 450 by what ¥1 of GMV leaves."


def _wrong_rates(asked):
    old, house, hers, margin = asked.old, asked.house, asked.hers, asked.margin
    yield old, "At 3 % of net sales the pool shrinks by the refunds. It is to stay the same."
    yield old * (1 - house), "You turned the ratio round: net sales are smaller, so the rate goes up."
    yield old * (1 + house), "You added the refunded share. Divide by what is left: 0.75."
    yield old / (1 - hers), "That is with her refund rate. The pool is the house's: 25 %."
    yield old / house, "You divided by the refunded share. Divide by what stays."
    yield old * (1 - hers), "You took her refund rate, and turned the ratio round. Divide by the house's 0.75."
    yield old / hers, "You divided by the share that she sends back. Divide by what stays in the house."
    yield old * (1 + hers), "You added her refunded share. Divide by what the house keeps."
    for share in (house, hers):
        yield old * share, "That is commission on what was refunded. Asked is the rate on what stays."
    yield old + house, "You added the two rates. They are of different things: divide 3 by what stays of ¥100."
    for share in (margin, (1 - house) * margin):
        yield old / share, "The 42 % are no part of it: commission is paid on net sales, not on what they leave."
    for share in (margin, (1 - house) * margin):
        yield old * share, "The 42 % are no part of it. Which rate on the net sales of ¥100 GMV is ¥3?"


def other_break_evens(asked):
    """4.1c: break-evens at the house's rate, without margin, in net sales."""
    fixed, margin, old = asked.fixed, asked.margin, asked.old
    rate, on_gmv, on_net = asked.right()
    for field, value, cost in (("on_gmv", on_gmv, old), ("on_net", on_net, rate / 100)):
        paid, hers = cost if field == "on_gmv" else (1 - asked.house) * cost, 1 - asked.hers
        yield {field: fixed / ((1 - asked.house) * margin - paid)}, "That is at the house's refund rate. Hers is 38 %."
        yield {field: fixed / margin}, "Refunds and commission are missing."
        yield {field: fixed}, "That is the cost of the hour. Which GMV leaves so much?"
        yield {field: value * hers}, "That is in net sales. Asked is GMV."
        for left in (hers - paid, hers - cost, hers * (1 - cost)):
            yield {field: fixed / left}, (
                "The goods are missing: of net sales 42 % stay after them.")
        for left in (hers * margin * (1 - cost), hers * margin / (1 + cost)):
            yield {field: fixed / left}, "Commission is a share of sales, not of what they leave: subtract it."
        yield {field: fixed / ((hers - cost) * margin)}, "Commission goes off last, in full, and not off the sales."
        yield {field: fixed / (hers * margin - 100 * cost)}, "The commission went in as per cent. 3 % are 0.03."
    yield {"on_net": fixed / (hers * (margin - rate))}, "The commission went in as per cent. 3 % are 0.03."
    yield {"on_gmv": fixed / (margin - asked.hers - old)}, (
        "Refunds do not come off the 42 %: of her ¥100 GMV ¥62 stay, and 42 % of those.")
    yield {"on_gmv": fixed / (1 - old)}, "Goods and refunds are missing."
    yield {"on_net": fixed / ((1 - asked.hers) * (margin - asked.old / (1 - asked.hers)))}, (
        "You took the rate with her own refunds. The rate is the house's: 4.0 %.")
