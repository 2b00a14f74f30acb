"""Bringing a real export into the form of the contract: `adapt`, `adapt_all` and the report they give."""

from .adapting import adapt, adapt_all
from .report import AdaptReport

__all__ = ["AdaptReport", "adapt", "adapt_all"]
