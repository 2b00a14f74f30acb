"""Exercises of section 4.1, Team."""

from liveshop.course.chapter_4.wrong import team
from liveshop.methods.rota import weekly_rota
from liveshop.methods.staffing import agents_needed, erlang_c
from liveshop.practice import Exercise, Field, exercise


@exercise(
    "4.1a", title="Agents at the desk, people on the rota",
    fields=[Field("agents", "Agents at the desk", "people", decimals=0, whole=True),
            Field("level", "Share answered in time", "fraction of contacts", decimals=3),
            Field("people", "People on the rota", "people", decimals=0, whole=True)],
    hint=["How many minutes of work arrive in an hour? That many agents would be busy without a break; you need more.",
          "`methods.staffing.erlang_c(200, 3, agents, 20 / 60).service_level`, for one agent more each time. Of the "
          "people on the rota only 70 % are at the desk."],
)
class DeskAndRota(Exercise):
    praise = ("Fourteen at the desk are 14 / 0.7 = 20 on the rota. Adding 30 % gives 18.2, or 19, and then only 13 "
              "sit there.")
    explain = ("200 × 3 / 60 = 10 agents would be busy all the time. Thirteen answer 79.6 % within 20 seconds, "
               "fourteen 88.8 %. Shrinkage is a share of paid time, so people × 0.7 = 14.")
    rate, minutes, target, goal, shrinkage = 200, 3, 20 / 60, 0.8, 0.3

    @property
    def agents(self):
        return agents_needed(self.rate, self.minutes, self.target, self.goal)

    def right(self):
        there = self.agents
        found = erlang_c(self.rate, self.minutes, there, self.target).service_level
        return there, found, agents_needed(self.rate, self.minutes, self.target, self.goal, self.shrinkage)

    def mistakes(self):
        yield from team.shrunk(self)
        yield from team.other_desks(self)
        yield from team.other_queues(self)

    def variants(self):
        yield self.but(rate=100), "That is for 100 contacts an hour. There are 100 in half an hour."
        yield self.but(target=20), "That target is 20 minutes. Handling time is in minutes, so 20 seconds are 20 / 60."
        yield self.but(minutes=3 / 60), "Handling time is in minutes: 3, not 3 / 60."
        yield self.but(target=20 / 3600), "Handling time is in minutes, so the target is too: 20 / 60, not 20 / 3600."
        yield self.but(rate=400), "Two half-hours make an hour: 100 in half an hour are 200, not 400."
        yield self.but(rate=50), "There are 100 in half an hour, so more in an hour, not fewer."
        yield self.but(minutes=3 + 20 / 60), "The 20 seconds are spent waiting. They are no part of the handling time."
        yield self.but(goal=0.9), "That is for 90 % in time; 80 % are asked."


@exercise(
    "4.1b", title="The cheapest rota that covers",
    fields=[Field("people", "Fewest people", "people", decimals=0, whole=True),
            Field("spare", "Agent-days beyond the need", "agent-days a week", decimals=0, whole=True),
            Field("cost", "Cost of the cheapest rota", "yuan a week", decimals=0)],
    hint=["Let x be the number of people whose five days begin on each day. Who is there on Monday? Those who began on "
          "Monday, and on the four days before it.",
          "`methods.rota.weekly_rota(need)` has .people and .cover; `weekly_rota(need, cost=…)` has .cost."],
)
class CheapestRota(Exercise):
    praise = ("Winston's post office. If people could be split, 22.33 would do; rounding a plan in fractions up gives "
              "25. There are several rotas with 23, so compare costs and not plans.")
    explain = ("23 people work 23 × 5 = 115 days, and the need is 105: 10 are spare, since nobody works two days here "
               "and three there. With prices by the first day the programme is the same, and the cheapest rota costs "
               "15,300.")
    need, days_on, price = (17, 13, 15, 19, 14, 16, 11), 5, (500, 600, 800, 800, 800, 800, 700)

    def right(self):
        found = weekly_rota(self.need, self.days_on)
        return (found.people, found.people * self.days_on - sum(self.need),
                weekly_rota(self.need, self.days_on, self.price).cost)

    def mistakes(self):
        return team.rounded_rotas(self)

    def variants(self):
        for days in (4, 6):
            yield self.but(days_on=days), f"That is for {days} days of work in a row; here people work five."

    def rarer(self):
        return team.other_costs(self)


@exercise(
    "4.1c", title="Commission on net sales: the new break-even",
    fields=[Field("rate", "Rate on net sales", "per cent of net sales", decimals=1),
            Field("on_gmv", "Break-even, paid on GMV", "yuan of GMV an hour", decimals=0, tolerance=1.0),
            Field("on_net", "Break-even, paid on net sales", "yuan of GMV an hour", decimals=0, tolerance=1.0)],
    hint=["Of ¥100 GMV the house keeps ¥75. Which rate on ¥75 is ¥3?",
          "Break-even: an hour leaves 450. It leaves GMV × (1 − her refund rate) × 0.42, less her commission; on "
          "GMV that is GMV × 0.03, on net sales GMV × (1 − her refund rate) × the new rate."],
)
class NetBreakEven(Exercise):
    praise = ("With this host the firm breaks even sooner, since she now bears her share of what comes back. With one "
              "below the house's 25 % it breaks even later. Whether refunds are a host's doing the sum does not say.")
    explain = ("3 % / 0.75 = 4.0 %. On GMV: 450 / (0.62 × 0.42 − 0.03) = 1,953. On net sales: 450 / (0.62 × (0.42 − "
               "0.04)) = 1,910.")
    old, house, hers, margin, fixed = 0.03, 0.25, 0.38, 0.42, 450.0

    def right(self):
        rate, kept = self.old / (1 - self.house), 1 - self.hers
        return (100 * rate, self.fixed / (kept * self.margin - self.old), self.fixed / (kept * (self.margin - rate)))

    def mistakes(self):
        return team.other_rates(self)

    def variants(self):
        yield self.but(hers=1 - self.hers), (
            "You took the refunded share for the share that stays. Of her ¥100 GMV, ¥62 stay.")
        yield self.but(margin=1 - self.margin), "You took 42 % for the cost of goods and fees. It is what stays."
        yield self.but(hers=0.0), "Refunds are left out. Of her ¥100 GMV only ¥62 stay."

    def rarer(self):
        return team.other_break_evens(self)
