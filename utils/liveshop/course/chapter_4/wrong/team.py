"""Wrong ways in section 4.1: shrinkage, rotas rounded and divided, commission with the wrong share."""

import math

from liveshop.methods.rota import weekly_rota
from liveshop.methods.staffing import erlang_c


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


def near_the_desk(asked):
    """4.1a: other numbers of agents, with what they answer in time and the people they take."""
    load = asked.rate * asked.minutes / 60
    right = asked.agents
    said = {int(load): f"{load:.0f} agents would be busy all the time, and the queue would grow without end.",
            int(load) + 1: "One more than the work is not enough: random arrivals bunch.",
            right - 2: "Too few: 64 % are answered in time.",
            right - 1: f"With {right - 1} it is 79.6 %, just under the goal.",
            right + 1: "One more than needed; the goal is met with one fewer."}
    for agents, sentence in said.items():
        level = erlang_c(asked.rate, asked.minutes, agents, asked.target).service_level
        yield {"agents": agents}, sentence
        yield {"level": level}, f"That is what {agents} agents answer in time. {sentence}"
        more = 1 + asked.shrinkage
        for people in {math.ceil(agents / (2 - more)), math.ceil(agents * more)} - {math.floor(right * more)}:
            yield {"people": people}, f"That begins from {agents} agents at the desk. {sentence}"


def rounded_rotas(asked):
    """4.1b: sums divided by five, fractions rounded, the busiest day."""
    need, days = asked.need, asked.days_on
    people, spare, cost = asked.right()
    bound = weekly_rota(need, days).bound
    dear = weekly_rota(need, days, asked.price)
    yield {"people": math.ceil(sum(need) / days)}, (
        "You divided all agent-days by five. Nobody works scattered days, so that many cannot cover every day.")
    yield {"people": math.floor(bound)}, "You rounded 22.33 down: then some day is short."
    yield {"people": 25}, (
        "That comes from a plan in fractions, rounded up day by day. As an integer programme fewer are enough.")
    yield {"people": max(need)}, (
        "That is the busiest day. Everybody is off for two days, so more people are needed.")
    yield {"people": sum(need) / len(need)}, "That is the need of a mean day. Everybody is off for two days."
    for more in (1, 2, 3):
        if people + more != 25:
            yield {"people": people + more}, "So many cover the week, and fewer do too."
    yield {"people": sum(need)}, "Those are agent-days. One person works five of them."
    yield {"people": math.ceil(max(need) * len(need) / days)}, "That covers the busiest need on every day."
    yield {"spare": people * len(need) - sum(need)}, "You let everybody work seven days."
    yield {"spare": people * days}, "Those are all days worked. How many go beyond the need?"
    yield {"spare": people - sum(need) / days}, "That is in people. Asked are agent-days."
    yield {"spare": 0}, "With whole people and days in a row, something is left over."
    yield {"cost": dear.bound}, "That is the plan with people who can be split. Ask for whole people."
    yield {"cost": people * min(asked.price)}, "Not everybody can begin on the cheapest day: the week must be covered."
    yield {"cost": people}, "Those are people. Give `weekly_rota` the cost, and take .cost."


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
    for count in (27, 25, 24, 22, 21):
        yield {"spare": count * asked.days_on - sum(asked.need)}, f"That is with {count} people."
    yield {"cost": cost * asked.days_on}, "The price is of a person's whole week, not of a day."


def other_rates(asked):
    """4.1c: the rate turned round, or with the wrong share."""
    old, house, hers = asked.old, asked.house, asked.hers
    rate, on_gmv, on_net = asked.right()
    kept, fixed, margin = 1 - hers, asked.fixed, asked.margin
    yield {"rate": 100 * old}, "At 3 % of net sales the pool shrinks by the refunds. It is to stay the same."
    yield {"rate": 100 * old * (1 - house)}, "You turned the ratio round: net sales are smaller, so the rate goes up."
    yield {"rate": 100 * old * (1 + house)}, "You added the refunded share. Divide by what is left: 0.75."
    yield {"rate": 100 * old / kept}, "That is with her refund rate. The pool is the house's: 25 %."
    yield {"rate": 100 * old / house}, "You divided by the refunded share. Divide by what stays."
    yield {"rate": 100 * old * kept}, "You took her refund rate and multiplied. Divide by the house's 0.75."
    yield {"rate": rate / 100}, "That is a fraction. Per cent are asked."
    yield {"on_gmv": fixed / (kept * margin)}, "Her commission is missing."
    yield {"on_net": fixed / (kept * margin)}, "Her commission is missing."
    yield {"on_gmv": fixed / (kept * (margin - old))}, (
        "You took 3 % of net sales. On this plan she is paid 3 % of GMV, of what comes back too.")
    yield {"on_gmv": fixed / (kept * margin + old)}, "Commission is paid out: it goes off what an hour leaves."
    yield {"on_net": fixed / (kept * (margin - old))}, "The rate on net sales is the new one, 4.0 %."
    yield {"on_net": fixed / (kept * margin - rate / 100)}, (
        "You paid the new rate on GMV. It is paid on net sales: 0.62 of it.")
    yield {"on_net": on_gmv}, "That is the break-even of the old plan."
    yield {"on_gmv": on_net}, "That is the break-even of the new plan."
    yield {"on_gmv": fixed * (kept * margin - old)}, "Divide 450 by what ¥1 of GMV leaves."


def other_break_evens(asked):
    """4.1c: break-evens at the house's rate, without margin, in net sales."""
    fixed, margin, old = asked.fixed, asked.margin, asked.old
    rate, on_gmv, on_net = asked.right()
    for field, value, cost in (("on_gmv", on_gmv, old), ("on_net", on_net, rate / 100)):
        paid = cost if field == "on_gmv" else (1 - asked.house) * cost
        yield {field: fixed / ((1 - asked.house) * margin - paid)}, "That is at the house's refund rate. Hers is 38 %."
        yield {field: fixed / margin}, "Refunds and commission are missing."
        yield {field: fixed}, "That is the cost of the hour. Which GMV leaves so much?"
        yield {field: value * (1 - asked.hers)}, "That is in net sales. Asked is GMV."
        yield {field: fixed / (1 - asked.hers - paid)}, "The goods are missing: of net sales 42 % stay after them."
    yield {"on_gmv": fixed / (1 - old)}, "Goods and refunds are missing."
    yield {"on_net": fixed / ((1 - asked.hers) * (margin - asked.old / (1 - asked.hers)))}, (
        "You took the rate with her own refunds. The rate is the house's: 4.0 %.")
