"""The playbook: a card a section, its checklists and figures, kept in the reader's own folder.

`card("5.1")` shows a card: as a form that saves to `my-playbook/` where a kernel runs, as a printable page element
elsewhere. `run_of_show` writes the broadcast's sheet for Excel, and each function named `…_sheet` one of a section,
with live formulas: hosts, channels, group deals, unit economics, marketing calendar, place, rota, plan, risk register,
response plans, indicators. `case_report` writes the report of a case for Word, `register_document` the risk register,
`plan_document` plans by the clock. The functions named `offer_…` show a button for it. `test_planner` shows a
calculator of tests, `place_tool` one of choices, `show_drill` plays a drill, `maturity_tool` asks where a shop stands.
`document` puts all saved cards into one document, for Word and Excel, as Markdown and to print. The cards themselves
stand with the chapters of the course.
"""

from liveshop.playbook.as_markdown import markdown, read
from liveshop.playbook.calendar_sheet import calendar_sheet, offer_calendar_sheet
from liveshop.playbook.card import for_page, html_card
from liveshop.playbook.case_report import case_report, offer_case_report
from liveshop.playbook.channel_sheet import channel_sheet, offer_channel_sheet
from liveshop.playbook.deal_sheet import deal_sheet, offer_deal_sheet
from liveshop.playbook.deck import CardError, also_used, by_use, called, cards, load_cards
from liveshop.playbook.document import document
from liveshop.playbook.drill import Drill, Move, play, show_drill
from liveshop.playbook.host_sheet import host_sheet, offer_host_sheet
from liveshop.playbook.maturity import Assessment, Statement, assess, maturity_tool
from liveshop.playbook.place_sheet import offer_place_sheet, place_sheet
from liveshop.playbook.place_tool import place_tool
from liveshop.playbook.plan_sheet import offer_plan_sheet, plan_sheet
from liveshop.playbook.planner import test_planner
from liveshop.playbook.register_sheet import offer_register, register_document, register_sheet
from liveshop.playbook.response_document import offer_plan_document, plan_document
from liveshop.playbook.response_sheet import offer_response_sheet, response_sheet
from liveshop.playbook.rota_sheet import offer_rota_sheet, rota_sheet
from liveshop.playbook.sheet import offer_run_of_show, run_of_show
from liveshop.playbook.show import card
from liveshop.playbook.store import save
from liveshop.playbook.unit_sheet import offer_unit_sheet, unit_sheet
from liveshop.playbook.watch_sheet import offer_watch_sheet, watch_sheet
from liveshop.playbook.whole import words

__all__ = [
    "Assessment", "CardError", "Drill", "Move", "Statement", "also_used", "assess", "by_use", "calendar_sheet",
    "called", "card", "cards",
    "case_report", "channel_sheet", "deal_sheet", "document", "for_page", "host_sheet", "html_card", "load_cards",
    "markdown", "maturity_tool", "offer_calendar_sheet", "offer_case_report", "offer_channel_sheet",
    "offer_deal_sheet", "offer_host_sheet", "offer_place_sheet", "offer_plan_document", "offer_plan_sheet",
    "offer_register", "offer_response_sheet", "offer_rota_sheet", "offer_run_of_show", "offer_unit_sheet",
    "offer_watch_sheet", "place_sheet", "place_tool", "plan_document", "plan_sheet", "play", "read",
    "register_document", "register_sheet", "response_sheet", "rota_sheet", "run_of_show", "save", "show_drill",
    "test_planner", "unit_sheet", "watch_sheet", "words",
]
