"""Samples and rules of chapter 9, each written once: notebook, exercises and recovery call them."""
# ruff: noqa: F401 - the names are handed on

from liveshop.course.chapter_9.samples import causes, claims, rules, scoreboard
from liveshop.course.chapter_9.samples import coming, outlook
from liveshop.course.chapter_9.samples import first_days, quarter, strategies
