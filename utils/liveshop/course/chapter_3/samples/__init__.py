"""Samples and rules of chapter 3, each written once: notebook, exercises and recovery call them.

They take the tables, or a sample made of them, of Qinghe or of another shop; what the tables lack is left out.
"""
# ruff: noqa: F401 - the names are handed on

from liveshop.course.chapter_3.samples.deals import (
    DISCOUNT,
    accepted,
    by_limit,
    fill_rates,
    filling,
    group_deals,
    hourly_rates,
    k_by_days,
    k_readings,
    plans,
    reward_effect,
    rewards,
    terms,
    varying,
)
from liveshop.course.chapter_3.samples.models import (
    MODELS,
    board,
    heavy_inviters,
    newcomers,
    orders_within,
    refunds_by_source,
    unit_economics,
)
from liveshop.course.chapter_3.samples.ties import (
    WAYS,
    alike,
    along_followers,
    communities,
    members_map,
    pairs,
    samples_of_ties,
    social_map,
    ties_each,
    touched_orders,
    touches,
    travels,
)
from liveshop.course.chapter_3.samples.unit import SPENT, money_to_win, season
from liveshop.course.chapter_6.samples import members
