"""Parameters of the firm behind the shop: what customers cost, other income, service, platforms, risk, supply."""

from __future__ import annotations

from dataclasses import dataclass

from liveshop.world.parameters.value import value

BOOKED = "What finance books to win one customer {}, beside the money in spend."


def _booked(default, how):
    return value(default, "CNY per new customer", BOOKED.format(how))


@dataclass(frozen=True)
class Acquisition:
    paid: float = _booked(183.0, "by paid placement")
    content: float = _booked(105.0, "by content")
    live: float = _booked(110.0, "in live rooms")
    search: float = _booked(96.0, "by search")
    referral: float = _booked(58.0, "by referral")
    shipping: float = value(9.0, "CNY per order", "Packing and shipping of an order; in no table.")
    returning: float = value(12.0, "CNY per line", "Handling of a line that is sent back; in no table.")


@dataclass(frozen=True)
class Income:
    advertising: float = value(5200.0, "CNY per week", "What other brands pay for places on Qinghe's pages.")
    service_fee: float = value(3100.0, "CNY per week", "Fees for services beside the goods, such as alterations.")
    membership: float = value(2400.0, "CNY per week", "Fees of paying members before the first week.")
    membership_growth: float = value(40.0, "CNY per week and week", "How much those fees rise from week to week.")
    joint_campaign: float = value(6500.0, "CNY", "What partners pay in a joint campaign, every third week.")
    live_for_others: float = value(4800.0, "CNY per week", "Fees for broadcasts on behalf of other brands.")
    cost: float = value(0.25, "share of income", "What this income costs, but for joint campaigns.")
    joint_cost: float = value(0.55, "share of income", "What joint campaigns cost.")


@dataclass(frozen=True)
class Contact:
    mean: float = value(38.0, "contacts per hour", "Contacts of chat and group in a mean hour from 9 to 24.")
    chat: float = value(0.65, "share of contacts", "Contacts that come by chat; the others come in group rooms.")
    orders: float = value(0.5, "exponent", "Contacts of a day grow with its orders to this power.")
    handling: float = value(5.0, "minutes", "Mean time that a contact takes an agent.")
    spread: float = value(0.6, "standard deviation of the log", "How unlike these times are.")
    abandoned: float = value(0.04, "share of contacts", "Contacts that give up before they are answered.")
    abandoned_evening: float = value(0.09, "share of contacts", "Further contacts that give up from 20 to 23 h.")


@dataclass(frozen=True)
class Platform:
    favourite: float = value(
        1.1, "points of 1 to 9", "What raters add to the favourite, interest video, when they see which option it is."
    )
    others: float = value(0.2, "points of 1 to 9", "What they take from the other options then.")
    spread: float = value(0.7, "points of 1 to 9", "How unlike the scores of raters are, standard deviation.")
    judgement: float = value(
        0.25, "standard deviation of the log", "How unlike the raters' ratios of weights are; one rater answers by lot."
    )
