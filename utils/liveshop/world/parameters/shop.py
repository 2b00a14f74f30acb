"""Parameters of the social shop: its members, their orders, deals, coupons, service, visits, and its posts."""

from __future__ import annotations

from dataclasses import dataclass

from liveshop.world.parameters.value import value


@dataclass(frozen=True)
class Social:
    known_share: float = value(
        0.12,
        "share of members",
        "Members of the social shop who come by themselves and were customers of Qinghe before the season.",
    )
    invitations: float = value(
        2.4,
        "invitations per member",
        "Invitations that a member sends on average; lively circles of friends send more.",
    )
    invitation_delay: float = value(13.0, "days", "Mean time from signing up to an invitation.")
    acceptance: float = value(0.13, "share of invitations", "Invitations whose receiver signs up.")
    liveliness: float = value(
        0.22,
        "log ratio per standard deviation",
        "How much more invitations come from circles whose members order often and stay long.",
    )
    likeness: float = value(
        0.45, "share of variance", "How much friends of one circle have in common in buying rate and in loyalty."
    )
    referral_rate: float = value(
        1.55,
        "ratio",
        "Orders per week of a member because she was invited by a friend, against the same person without.",
    )
    referral_drop: float = value(
        0.70, "ratio of odds", "Odds of drifting away after an order because she was invited by a friend."
    )
    festival: float = value(1.10, "ratio", "Orders in the social shop during the June festival.")
    ordering: float = value(0.88, "share of members", "Members who ever order.")
    rate_r: float = value(0.36, "shape", "Shape r of the gamma distribution of members' orders per week.")
    rate_alpha: float = value(1.6, "weeks", "Scale alpha of that distribution: the mean is r / alpha orders per week.")
    drop_a: float = value(
        0.80, "shape", "Shape a of the beta distribution of the chance to drift away after a repeat order."
    )
    drop_b: float = value(3.00, "shape", "Shape b of that distribution: the mean is a / (a + b).")
    basket_mean: float = value(205.0, "CNY per order", "Mean money of an order before it is made up of whole pieces.")
    basket_p: float = value(6.0, "shape", "Gamma-Gamma shape p: how alike the orders of one member are.")
    basket_q: float = value(2.6, "shape", "Gamma-Gamma shape q: how alike the members are.")
    taste: float = value(
        1.1, "standard deviation of the log", "How much members differ in what they like; a recommender can learn it."
    )
    fashion: float = value(
        3.2,
        "log ratio",
        "How much a product is in demand in its best weeks, against ordinary weeks; a random split of the orders "
        "lets a recommender know them beforehand.",
    )


@dataclass(frozen=True)
class Deal:
    share: float = value(0.08, "share of orders", "Orders of members that come from group deals.")
    acceptances: float = value(
        0.10,
        "acceptances per hour",
        "How fast friends accept a group deal, averaged over a day; most come soon after the share, few at night.",
    )
    size: float = value(3.0, "persons", "Usual group size; some deals are for two, some for five.")
    reward: float = value(0.02, "ratio per CNY", "Rise of the acceptance rate for each yuan of reward to a friend.")


@dataclass(frozen=True)
class Service:
    tickets: float = value(0.22, "tickets per order", "Orders in the social shop that lead to a contact with service.")
    wait: float = value(
        4.5,
        "minutes",
        "Median wait for the first answer in an average daytime hour; it rises with the load of the hour.",
    )
    standard: float = value(5.0, "minutes", "An answer within this time does no harm.")
    leave: float = value(0.38, "share of tickets", "Members who drift away because of an endlessly late answer.")
    patience: float = value(40.0, "minutes", "The harm of a late answer builds up with this time constant.")
    complaint_leave: float = value(
        0.10,
        "share of complaints",
        "Members who drift away because of what they complain about, however fast the answer.",
    )


@dataclass(frozen=True)
class Coupon:
    face: float = value(20.0, "CNY", "Value of the coupon of the trial and of the two earlier sendings.")
    redeem: float = value(0.80, "share", "Members with a coupon who use it when they order anyway.")
    moves: float = value(
        0.28,
        "share of members",
        "Members silent for four to ten weeks whom the coupon moves to an order within four weeks; times the factor "
        "of the segment.",
    )
    moves_others: float = value(
        0.10,
        "share of members",
        "The same for members who ordered lately but not often, have been silent for longer, or have not ordered yet.",
    )
    sure: float = value(
        0.0,
        "share of members",
        "The same for members with three orders or more and one in the last four weeks: they order anyway.",
    )
    bargain: float = value(1.8, "ratio", "How much more a coupon moves bargain hunters.")
    office: float = value(0.3, "ratio", "How much less a coupon moves office buyers.")
    annoys: float = value(
        0.15,
        "share of members",
        "Office buyers with an order in the last ten weeks whom a coupon puts off: they order nothing for four weeks.",
    )


@dataclass(frozen=True)
class Visit:
    load_loss: float = value(
        0.11,
        "log ratio per second",
        "Visits of the social shop that open a product page fall by this much on the log scale for each further "
        "second of load; half of it again from page to basket.",
    )
    checkout_loss: float = value(
        0.16,
        "log ratio per minute",
        "Checkouts that end in payment fall by this much on the log scale for each further minute.",
    )


@dataclass(frozen=True)
class Content:
    photo_basics: float = value(
        2.20, "ratio", "Response of the segment basics to photos, against the response of all segments to photos."
    )
    video_office: float = value(
        1.65, "ratio", "Response of the segment office to videos, against that of all segments to videos."
    )
    video_weekend: float = value(
        1.55, "ratio", "Response of the segment weekend to videos, against that of all segments to videos."
    )
    link_bargain: float = value(
        3.90, "ratio", "Response of the segment bargain to links, against that of all segments to links."
    )
    evening_office: float = value(
        0.5,
        "log ratio",
        "How much more often posts of the evening are shown to office buyers than posts of the morning.",
    )
