"""Samples and rules of chapter 8, each written once: notebook, exercises and recovery call them."""
# ruff: noqa: F401 - the names are handed on

from liveshop.course.chapter_8.samples import doors, losses, scripts, watch
from liveshop.course.chapter_8.samples.answers import (
    BUDGET,
    RULES,
    SERVICE,
    WAYS,
    both_down,
    days_to_keep,
    late_pieces,
    lines,
    log_period,
    loss_a_year,
    middle,
    share_late,
    stock_plan,
    styles,
    supplier_card,
    ways_to_buy,
    worth,
    years_to_see,
)
from liveshop.course.chapter_8.samples.indicators import (
    BY_CHANCE,
    indicators,
)
from liveshop.course.chapter_8.samples.plans import (
    PLANS,
    PRICE_ERROR,
    plan_table,
)
from liveshop.course.chapter_8.samples.register import (
    DAYS,
    LINES,
    YEARS,
    causes_by_day,
)
