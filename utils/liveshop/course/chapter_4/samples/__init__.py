"""Samples and rules of chapter 4, each written once: notebook, exercises and recovery call them."""
# ruff: noqa: F401 - the names are handed on

from liveshop.course.chapter_4.samples.groups import (
    CALLED,
    GROUPS,
    LOGS,
    answers,
    bought,
    from_orders,
    grouped,
    logs_of,
    named,
    order_traits,
    portrait,
    traits,
)
from liveshop.course.chapter_4.samples.looks import (
    OWNERS,
    factor_board,
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
    MOST,
    UNIT,
    USUAL,
    board,
    by_kind,
    calendar,
    calibrated,
    caps,
    elasticity,
    elasticity_of_curves,
    first_move,
    moved,
    own_weeks,
    planted_value,
    response_curves,
    weekly,
    width_of_a_test,
    with_local_waves,
    yuan_a_visit,
    yuan_per_log,
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
