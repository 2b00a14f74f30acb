"""Samples and rules of chapter 4, each written once: notebook, exercises and recovery call them."""
# ruff: noqa: F401 - the names are handed on

from liveshop.course.chapter_4.samples.past import (
    BROKEN,
    past_tests,
)
from liveshop.course.chapter_4.samples.place import (
    criteria,
    mean_scores,
    weights_of_pairs,
)
from liveshop.course.chapter_4.samples.plan import (
    KINDS,
    LOGS,
    UNIT,
    USUAL,
    answers,
    planted_value,
    response_curves,
)
from liveshop.course.chapter_4.samples.team import (
    ABLE,
    EVENING,
    GOAL,
    REST,
    SHIFTS,
    SHORT,
    TARGET,
    WEEK,
    able,
    agents_by_hour,
    contacts_by_hour,
    contacts_of_days,
    counted,
    handling_minutes,
    host_sales,
    play,
    role_sheet,
    shifts_needed,
    skill_gaps,
    with_broadcast,
)
