"""The indicators by day."""

import numpy as np

from liveshop.course.chapter_8.samples.register import DAYS
from liveshop.tables.memory import once_per_tables

BY_CHANCE = 1.96 / np.sqrt(DAYS / 7)       # correlation of weekly sums that chance alone would rarely exceed


@once_per_tables
def indicators(tables):
    """The indicators, one row a day, one column each."""
    return tables.risk_indicators.pivot(index="day", columns="indicator", values="value")
