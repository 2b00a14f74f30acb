"""Samples and rules of chapter 6, each written once: notebook, exercises and recovery call them.

They take the tables, or a sample made of them, of Qinghe or of another shop; what the tables lack is left out.
"""
# ruff: noqa: F401 - the names are handed on

from liveshop.course.chapter_6.samples.content import (
    alike,
    audience,
    base_of,
    feed,
    fortnight_favourites,
    stars,
    type_ratios,
)
from liveshop.course.chapter_6.samples.conversion import (
    SILENT,
    STEPS,
    baskets,
    by_load,
    by_minute,
    halves,
    order_book,
    orders_to_win,
    paired_gains,
    past_tests,
    people_of,
    shop_visits,
    tiers,
    trial,
    true_uplift,
    used_coupon,
)
from liveshop.course.chapter_6.samples.customers import (
    buyers_between,
    call_lists,
    calls_goal,
    cut_and_end,
    equal_conditions,
    foretold,
    found_by,
    grade_of_forecast,
    harm_of_waiting,
    held_out,
    judged,
    member_visits,
    own_accord,
    q_of_whole_garments,
    service_tickets,
    two_looks,
)
from liveshop.course.chapter_6.samples.growing import (
    active_now,
    buyers,
    circles,
    contacts,
    contacts_of_contacts,
    first_fortnight,
    friends_within,
    generations,
    growth_rates,
    hits_by_window,
    invitations,
    last_fortnight,
    leading_inviters,
    lost_members,
    order_times,
    recommenders,
    referrers_to_review,
    ripe_days,
    ripe_members,
    ripening,
    span,
    staying,
    twice_by_route,
    weeks_of,
    young_members,
)
from liveshop.course.chapter_6.samples.orders import (
    member_orders,
    members,
    shop_lines,
)
