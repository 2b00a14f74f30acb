"""Bringing a real export into the form of the contract: `adapt`, `adapt_all` and the report they give."""

from liveshop.tables.adapt.adapting import adapt, adapt_all
from liveshop.tables.adapt.report import AdaptReport

__all__ = ["AdaptReport", "adapt", "adapt_all"]
