"""Samples and rules of chapter 4, each written once: notebook, exercises and recovery call them."""
# ruff: noqa: F401 - the names are handed on

from liveshop.course.chapter_4.samples.past import (
    BROKEN,
    past_tests,
)
from liveshop.course.chapter_4.samples.place import (
    AGREES,
    HOPELESS,
    SCALES,
    by_rater,
    chance_of_right_order,
    consistency,
    criteria,
    first_round,
    hopeless,
    in_lines,
    joint_matrix,
    lead,
    lead_by_criterion,
    mean_scores,
    moved,
    on_scale,
    over_raters,
    record,
    spread_between,
    weights,
    weights_of_pairs,
    with_and_without,
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
    contacts_by_hour,
)
