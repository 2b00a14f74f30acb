"""Contacts of the desk by the hour."""

from liveshop.tables.memory import once_per_tables


@once_per_tables
def contacts_by_hour(tables):
    """Mean contacts of chat and group together by hour of the day."""
    by_day = tables.contacts.groupby(["day", "hour"]).arrivals.sum()
    return by_day.groupby("hour").mean()
