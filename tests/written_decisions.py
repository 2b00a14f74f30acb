"""Decisions as readers write them: text, the owner in it, the date in it."""

DECISIONS = [
    ("Move 20 % to feed. Owner: Mia Wu, date: 1 June 2025", "Mia Wu", "1 June 2025"),
    ("Stop it by Lin, 2025-06-01", "Lin", "2025-06-01"),
    ("负责人：林；日期：6月1日", "林", "6月1日"),
    ("6月1日 停播", "", "6月1日"),
    ("Stop by Friday", "", "Friday"), ("Wait until week 14", "", "week 14"), ("By May the feed is cut", "", "May"),
    ("We may march on", "", ""), ("owner: ; date:", "", ""), ("Owner: Lin\nDate: Q3 2025", "Lin", "Q3 2025"),
    ("owner: <b>x</b>", "<b>x</b>", ""), ("date: 2025-06-01. Then more", "", "2025-06-01"),
]
