"""Samples and rules of chapter 4, each written once: notebook, exercises and recovery call them."""
# ruff: noqa: F401 - the names are handed on

from liveshop.course.chapter_4.samples.looks import (
    OWNERS,
    board,
    stopping,
    totals,
    two_periods,
)
from liveshop.course.chapter_4.samples.past import (
    BROKEN,
    against_boundary,
    by_day,
    daily_summaries,
    ladder,
    past_tests,
    series,
    shrunk,
    won,
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
from liveshop.course.chapter_4.samples.raw import (
    clean_export,
    raw_defects,
    raw_file,
    raw_gmv,
    raw_lines,
)
from liveshop.course.chapter_4.samples.team import (
    contacts_by_hour,
)
