"""Decisions as readers write them: text, the owner in it, the date in it."""

DECISIONS = [
    ("Move 20 % to feed. Owner: Mia Wu, date: 1 June 2025", "Mia Wu", "1 June 2025"),
    ("Stop it by Lin, 2025-06-01", "", "in the text: 2025-06-01"),
    ("Judge hosts by GMV per view; sell by Douyin", "", ""),
    ("Against 2025-05-01 in June: stop it. Date: 2025-06-09", "", "2025-06-09"),
    ("We follow June's plan", "", "in the text: June"),
    ("负责人：林；日期：6月1日", "林", "6月1日"),
    ("6月1日 停播", "", "in the text: 6月1日"),
    ("Stop by Friday", "", "in the text: Friday"), ("Wait until week 14", "", "in the text: week 14"),
    ("By May the feed is cut", "", "in the text: May"),
    ("We may march on", "", ""), ("owner: ; date:", "", ""), ("Owner: Lin\nDate: Q3 2025", "Lin", "Q3 2025"),
    ("owner: <b>x</b>", "<b>x</b>", ""), ("date: 2025-06-01. Then more", "", "2025-06-01"),
    ("owner: $& 林, 3 June", "$& 林", "in the text: 3 June"),
]
