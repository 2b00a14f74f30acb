"""The team: contacts with service by hour and queue, the people, and what each can do."""

from __future__ import annotations

import numpy as np
import pandas as pd

from liveshop.world import draws
from liveshop.world.calendar import DAYS, HOURS, START, days
from liveshop.world.facts import fact

QUEUES = ("chat", "group")
OPEN, EVENING = 9, (20, 21, 22)
BY_HOUR = HOURS / HOURS[OPEN:].mean()  # contacts of an hour against the mean from 9 to 24 h

# Role: persons, wage range (CNY an hour), and the level that it needs in each skill.
SKILLS = (
    "planning", "presenting", "content_making", "marketing",
    "data_reading", "quick_answers", "room_control", "product_knowledge",
)
ROLES = {
    "operations_lead": (1, (70, 75), (4, 1, 2, 3, 3, 2, 2, 3)),
    "content_planner": (3, (48, 60), (2, 1, 4, 2, 3, 1, 0, 2)),
    "marketing": (2, (50, 62), (3, 1, 2, 4, 3, 1, 0, 2)),
    "customer_service": (8, (32, 40), (0, 0, 0, 0, 1, 3, 0, 3)),
    "host": (3, (55, 72), (1, 4, 2, 1, 1, 3, 1, 4)),
    "assistant_host": (3, (38, 46), (0, 2, 1, 0, 0, 3, 1, 3)),
    "room_control": (2, (42, 52), (1, 0, 1, 0, 2, 2, 3, 1)),
    "data_analyst": (2, (55, 66), (2, 0, 0, 1, 4, 0, 0, 1)),
}
ABLE = 3  # level from which on somebody can do a thing alone
NIGHT_IN_SERVICE = 2  # of the eight may work nights: too few to cover them


def _tickets_by_hour(tables):
    """Tickets opened in each day and hour, shape (DAYS, 24)."""
    opened = tables["tickets"].opened
    hour = (opened - START) // pd.Timedelta(hours=1)
    return np.bincount(hour.to_numpy(np.intp), minlength=DAYS * 24)[: DAYS * 24].reshape(DAYS, 24)


def _load_of_days(parameters, tables):
    """Contacts of each day against the mean day: they grow with the day's orders, shape (DAYS,)."""
    paid = tables["orders"].dropna(subset=["paid"]).drop_duplicates("order_id")
    orders = np.bincount((paid.created - START).dt.days.to_numpy(np.intp), minlength=DAYS)[:DAYS]
    load = orders ** parameters.contact.orders
    return load / load.mean()


def contacts(parameters, seed, tables):
    """The table `contacts`: arrivals, time spent and contacts given up, by day, hour and queue.

    Every ticket is one of the contacts by chat; the others left no ticket.
    """
    random, c = draws.generator(seed, "business/contacts"), parameters.contact
    tickets, load = _tickets_by_hour(tables), _load_of_days(parameters, tables)
    expected = c.mean * load[:, None] * BY_HOUR
    chat = min(c.chat, 1.0)
    others = np.maximum(chat * expected - tickets.mean(axis=0) * load[:, None], 0)
    arrivals = np.stack([tickets + random.poisson(others), random.poisson((1 - chat) * expected)], axis=2)
    lost = c.abandoned + c.abandoned_evening * np.isin(np.arange(24), EVENING)
    abandoned = random.binomial(arrivals, np.minimum(lost, 1)[None, :, None])
    answered = arrivals - abandoned
    each = c.handling * np.exp(c.spread * random.normal(size=answered.sum()) - c.spread**2 / 2)
    minutes = np.bincount(np.repeat(np.arange(answered.size), answered.ravel().astype(np.intp)), each, answered.size)
    index = pd.MultiIndex.from_product([days(), range(24), QUEUES], names=["day", "hour", "queue"])
    columns = {"arrivals": arrivals.ravel(), "handled_minutes": minutes.round(1), "abandoned": abandoned.ravel()}
    return pd.DataFrame(columns, index=index).reset_index()


def staff(seed):
    """The table `staff`: who works here, in which role, at what wage, and who may work nights."""
    random = draws.generator(seed, "business/staff")
    rows = [(role, *wages) for role, (count, wages, _) in ROLES.items() for _ in range(count)]
    role, low, high = (np.array(x) for x in zip(*rows, strict=True))
    wage = np.rint(2 * random.uniform(low, high)) / 2
    night = random.random(len(role)) < 0.6
    service = np.flatnonzero(role == "customer_service")
    night[service] = np.isin(service, random.choice(service, NIGHT_IN_SERVICE, replace=False))
    return pd.DataFrame(
        {
            "person_id": [f"E{i:02d}" for i in range(1, len(role) + 1)],
            "role": role,
            "hours_a_week": 40,
            "wage_per_hour": wage,
            "may_work_nights": night,
        }
    )


def skills(seed, people):
    """The table `skills`: level of each person in each skill and the level that the role needs.

    Two gaps are planted: no content planner reads data, and one person alone holds the control of the room.
    """
    random = draws.generator(seed, "business/skills")
    needed = np.array([ROLES[role][2] for role in people.role])
    level = np.clip(needed + random.choice([-1, 0, 0, 1], needed.shape), 0, 4)
    level[needed == 0] = random.choice([0, 0, 0, 1], int((needed == 0).sum()))
    role, control = people.role.to_numpy(), SKILLS.index("room_control")
    level[role == "content_planner", SKILLS.index("data_reading")] = random.choice([0, 1, 1], 3)
    level[:, control] = np.minimum(level[:, control], 1)
    level[random.choice(np.flatnonzero(role == "room_control")), control] = 4
    index = pd.MultiIndex.from_product([people.person_id, SKILLS], names=["person_id", "skill"])
    return pd.DataFrame({"level": level.ravel(), "needed_in_role": needed.ravel()}, index=index).reset_index()


def truths(parameters, people, able):
    """Truths of the team."""
    c = parameters.contact
    mean = c.mean * BY_HOUR
    holder = able[(able.skill == "room_control") & (able.level >= ABLE)].person_id
    return {
        "contacts.mean_by_hour": fact(
            {str(hour): round(float(x), 2) for hour, x in enumerate(mean)},
            "Expected contacts of chat and group together by hour, on a day with the mean load of the season.",
        ),
        "contacts.handling_minutes": fact(c.handling, "Mean minutes that an answered contact takes."),
        "team.gaps": fact(
            {
                "content_planner": "data_reading",
                "customer_service": "night cover",
                "room_control": list(holder),
            },
            "Planted gaps: the skill that content planners lack, what service cannot cover, and who alone holds the "
            "control of the room.",
        ),
        "team.service_nights": fact(
            int((people.may_work_nights & (people.role == "customer_service")).sum()),
            "Persons in service who may work nights.",
        ),
    }
