"""Contacts with service, the people and their skills."""

from __future__ import annotations

import numpy as np
import pytest

from liveshop.methods.staffing import erlang_c
from liveshop.world.business import team
from liveshop.world.parameters import Parameters


@pytest.fixture(scope="module")
def season(qinghe):
    return {name: qinghe[0][name] for name in qinghe[0].names}, qinghe[1]


def test_every_ticket_is_one_of_the_contacts_by_chat(season, simulated):
    for tables in (season[0], simulated(seed=2, rooms=50, size=0.3), simulated(seed=1, rooms=8, size=0.3)):
        contacts, tickets = tables["contacts"], tables["tickets"]
        assert len(contacts) == 182 * 24 * 2 and not contacts.duplicated(["day", "hour", "queue"]).any()
        opened = tickets.groupby([tickets.opened.dt.normalize(), tickets.opened.dt.hour]).size()
        chat = contacts[contacts.queue == "chat"].set_index(["day", "hour"]).arrivals
        assert (chat.reindex(opened.index) >= opened).all()


def test_contacts_follow_the_hours_and_the_orders(season):
    tables, truth = season
    contacts = tables["contacts"]
    by_hour = contacts.groupby(["day", "hour"]).arrivals.sum().unstack()
    planted = np.array(list(truth["contacts.mean_by_hour"].values()))
    assert by_hour.mean().to_numpy() == pytest.approx(planted, rel=0.05, abs=0.4)
    assert by_hour.loc[:, 9:].mean().mean() == pytest.approx(38, rel=0.01)
    assert by_hour[10].mean() == pytest.approx(33, abs=0.8) and by_hour[21].mean() == pytest.approx(56, abs=1.5)
    assert (contacts.queue == "chat").mul(contacts.arrivals).sum() / contacts.arrivals.sum() == pytest.approx(
        0.65, abs=0.01
    )
    festival = by_hour.loc["2025-06-10":"2025-06-16", 21].mean()
    assert 7 < festival * 5 / 60 < 10  # Erlang
    answered = contacts.arrivals - contacts.abandoned
    assert contacts.handled_minutes.sum() / answered.sum() == pytest.approx(5, rel=0.01)
    evening = contacts.hour.isin(team.EVENING)
    assert contacts.abandoned[evening].sum() / contacts.arrivals[evening].sum() == pytest.approx(0.13, abs=0.006)
    assert contacts.abandoned[~evening].sum() / contacts.arrivals[~evening].sum() == pytest.approx(0.04, abs=0.003)


def test_the_mean_load_alone_says_three_agents_and_the_peak_needs_seven(season):
    load = season[1]["contacts.mean_by_hour"]
    assert int(np.ceil(np.mean(list(load.values())) * 5 / 60)) == 3
    level = {agents: erlang_c(load["21"], 5, agents, 5).service_level for agents in (5, 6, 7)}
    assert level == pytest.approx({5: 0.398, 6: 0.875, 7: 0.976}, abs=0.02)
    assert erlang_c(load["10"], 5, 4, 5).service_level == pytest.approx(0.877, abs=0.02)


def test_the_team_has_the_planted_gaps_in_every_world():
    for seed in range(1, 21):
        people = team.staff(seed)
        able = team.skills(seed, people).merge(people, on="person_id")
        truth = {name: fact["value"] for name, fact in team.truths(Parameters(), people, able).items()}
        assert len(people) == 24 and people.role.nunique() == 8 and people.wage_per_hour.between(32, 75).all()
        assert len(able) == 24 * 8 and able.level.between(0, 4).all()
        planners = able[(able.role == "content_planner") & (able.skill == "data_reading")]
        assert (planners.level <= planners.needed_in_role - 2).all()
        service = people[people.role == "customer_service"]
        assert service.may_work_nights.sum() == truth["team.service_nights"] == 2
        holders = able[(able.skill == "room_control") & (able.level >= 3)].person_id
        assert len(holders) == 1 and list(holders) == truth["team.gaps"]["room_control"]
        others = able[~able.skill.isin(["room_control", "data_reading"])]
        assert (others.level >= others.needed_in_role - 1).all()
