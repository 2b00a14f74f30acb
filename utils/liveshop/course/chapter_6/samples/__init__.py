"""Samples, rules and estimates of chapter 6, each written once: notebook, exercises and recovery call them.

They take the tables, or a sample made of them, of Qinghe or of another shop; what the tables lack is left out.
"""
# ruff: noqa: F401 - the names are handed on

from liveshop.course.chapter_6.samples.orders import (
    member_orders,
    members,
    shop_lines,
)
from liveshop.course.chapter_6.samples.section_6_1 import (
    RECOMMENDERS,
    back_later,
    buyers,
    circles,
    contacts,
    contacts_of_contacts,
    first_orders,
    friends_within,
    hit_rates,
    invitations,
    k_counts,
    order_times,
    ripe_days,
    ripe_members,
    span,
    whole_months,
    young_members,
)
from liveshop.course.chapter_6.samples.section_6_2 import (
    CONDITIONS,
    alike,
    audience,
    base_of,
    by_type,
    coming_of_age,
    common_type,
    feed,
    fortnight_favourites,
    points_scheme,
    practices,
    stars,
    tastes,
)
from liveshop.course.chapter_6.samples.section_6_3 import (
    SILENT,
    STEPS,
    baskets,
    earned,
    halves,
    order_book,
    orders_at_the_best,
    orders_to_win,
    reached,
    seconds_cost,
    shop_visits,
    sold_lines,
    tiers,
    trial,
    true_uplift,
    used_coupon,
)
from liveshop.course.chapter_6.samples.section_6_4 import (
    buyers_between,
    call_lists,
    cut_and_end,
    driven_away,
    equal_conditions,
    foretold,
    formula,
    found_by,
    habit,
    harm_of_waiting,
    held_out,
    judged,
    member_visits,
    order_worth,
    own_accord,
    past_scores,
    returning,
    service_tickets,
)
