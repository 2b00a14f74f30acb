"""Samples and rules of chapter 7, each written once: notebook, exercises and recovery call them."""
# ruff: noqa: F401 - the names are handed on

from liveshop.course.chapter_7.samples.case import (
    LEFT_OF_NET,
    MEASURES,
    account,
    after_start,
    change_of,
    city_weeks,
    combination,
    costs,
    flattering,
    held_by_ten,
    measures,
    others_by_part,
    part_by_part,
    report_numbers,
    seasons_of_parts,
    share_added,
    since_before,
    swing,
)
from liveshop.course.chapter_7.samples.programme import (
    BIG,
    FULL_SWING,
    PARTS,
    before_after,
    change_in_changes,
    effect_on_the_big,
    parts,
    pilots_and,
    programme,
    synthetic,
    untouched,
)
from liveshop.course.chapter_7.samples.together import (
    observed_synergy,
    trial,
)
