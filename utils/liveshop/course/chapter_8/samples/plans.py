"""Response plans by the clock, and the price error as a drill. Roles, not names: each house writes its own beside them.

Minutes are those by which a step is done. They, the rate of orders and what a wrong price costs are invented.
"""

import pandas as pd

from liveshop.playbook.drill import Drill, Move

PLANS = {  # plan: what starts it, who decides and up to what, steps as (done by minute, who, what)
    "price error": ("card and price list differ", "operations lead", "¥20,000 without asking", [
        (1, "room control", "take the product link down"),
        (1, "director", "tell the host by ear: a price is wrong, word within ten minutes, next product"),
        (2, "room control", "note the time and keep the screen"),
        (4, "data", "count orders and money at the wrong price"),
        (5, "warehouse", "hold these parcels, cancel nothing"),
        (7, "operations lead", "decide: honour, or cancel with amends"),
        (8, "host", "say on air what happened and what each buyer gets"),
        (10, "service lead", "write the same words to every buyer"),
        (12, "product manager", "correct the price, have it read by a second person, put the link up")]),
    "host misconduct": ("a claim or an insult that cannot stand", "director", "end the broadcast", [
        (1, "director", "tell the host by ear to stop; sound off if it goes on"),
        (2, "host", "correct the sentence on air"),
        (5, "room control", "note the minute, keep the recording"),
        (10, "compliance", "say whether the product may stay up"),
        (30, "operations lead", "second host on the table, or end the broadcast"),
        (1440, "trainer", "talk with the host; the sentence goes into the next drill")]),
    "outage": ("picture or link gone for 30 seconds", "technician", "switch lines", [
        (1, "technician", "switch to the backup line"),
        (2, "room control", "pinned comment: we are coming back, at what minute"),
        (4, "technician", "backup dead as well: telephone on mobile data"),
        (10, "operations lead", "end and announce a new time, or go on"),
        (20, "media buyer", "stop the paid traffic of the room"),
        (1440, "technician", "log began, ended and cause: own or common")]),
    "stock-out": ("orders pass what is on hand", "planner", "switch to presale", [
        (2, "room control", "show the number left, stop counting down"),
        (5, "planner", "ask the supplier for a day that he keeps"),
        (8, "planner", "decide: presale with that day, or take it down"),
        (10, "host", "say the day on air, before the button"),
        (60, "service lead", "write to buyers who wait: day, and how to cancel"),
        (1440, "planner", "write the delay into the supplier's card")]),
    "complaint wave": ("three times the usual complaints in an hour", "service lead", "¥50 a case", [
        (10, "service lead", "read twenty of them: one cause, or many"),
        (15, "operations lead", "stop selling what they are about"),
        (30, "service lead", "one answer for all desks, with the amends"),
        (60, "content lead", "the same words under the video and in the groups"),
        (240, "data", "count who bought, who wrote, who has been answered"),
        (2880, "product manager", "cause found and mended, or product ended")]),
    "rule change": ("a draft or a rule is published", "compliance", "stop a script", [
        (1440, "compliance", "read it: what changes, from which day"),
        (2880, "compliance", "list scripts, cards and labels that it touches"),
        (4320, "operations lead", "name who changes what by when"),
        (10080, "content lead", "new scripts, old ones out of the folder"),
        (11520, "trainer", "tell every host, and ask it back"),
        (20160, "compliance", "look again at ten broadcasts")]),
}

PRICE_ERROR = Drill(
    title="The price card is wrong",
    situation="A dress of ¥189 stands on air at ¥18.90; goods and parcel cost ¥73. Six orders a minute come in, and "
              "friends tell friends: 15 % more a minute. You are the director. An order you give takes its minutes; "
              "then you give the next.",
    began="20:14", a_minute=6.0, growth=1.15, loss=54.0, currency="¥",
    moves=(                                            # not in the order of the plan: that is the reader's part
        Move("count", "Data", "Count the orders and the money at the wrong price.", 2.0,
             "The number is there, and it stands still.", needs=("link",),
             early="While the link is up the number is old before it is read. It has to be counted again."),
        Move("manager", "You", "Ring the manager first, and wait for his word about the link.", 6.0,
             "“Of course take it down”, he says. The plan had said so.", wrong=True),
        Move("fix", "Product manager", "Correct the price, have it read by a second person, put the link up.", 2.0,
             "¥189, read aloud by somebody else.", needs=("say",),
             early="The dress is back before anybody has said a word about it. Comments ask about nothing else, and it "
                   "is taken off again."),
        Move("joke", "Host", "Let her joke about it, to keep the room warm.", 1.0,
             "The joke is a clip by now. It brings those who missed the price.", growth=1.3, wrong=True),
        Move("tell", "You", "Tell the host by ear: a price is wrong, word within ten minutes, next product.", 0.5,
             "She says so in one sentence and takes up the next dress. Nobody tells friends any more.", growth=1.0),
        Move("write", "Service lead", "Write the same words to every buyer.", 2.0,
             "One message, one answer at every desk.", needs=("decide",),
             early="Each desk answers with words of its own. They must be written again."),
        Move("cancel", "Room control", "Cancel all these orders without a word.", 1.0,
             "Buyers ask why, under the video. A paid order may be a contract: a person who knows the law decides "
             "about it, not the desk.", wrong=True),
        Move("link", "Room control", "Take the product link down.", 0.5,
             "The link is down. No more orders at ¥18.90.", stops=True),
        Move("decide", "Operations lead", "Decide: honour the orders, or cancel with amends.", 2.0,
             "Within her limit, and written down with the minute.", needs=("count",),
             early="“How many are there?”, she asks. Nobody has counted yet."),
        Move("hold", "Warehouse", "Hold these parcels, and cancel nothing.", 0.5,
             "The parcels wait. Both ways are still open."),
        Move("delete", "Room control", "Take the recording off the platform.", 1.0,
             "Now your own proof is gone as well, and rules ask for records to be kept.", wrong=True),
        Move("say", "Host", "Say on air what happened, and what each buyer gets.", 1.0,
             "Her words are those that were decided.", needs=("decide",),
             early="She promises what nobody has decided, and will have to take it back."),
        Move("note", "Room control", "Note the time and keep the screen.", 0.5,
             "Began 20:14, shown ¥18.90, list ¥189. Nobody will argue about that tomorrow."),
    ),
    plan=("link", "tell", "note", "count", "hold", "decide", "say", "write", "fix"))


def plan_table(plans=None):
    """The plans as rows: plan, starts, decides, limit, steps, first step, last minute."""
    rows = [(name, starts, decides, limit, len(steps), steps[0][2], steps[-1][0])
            for name, (starts, decides, limit, steps) in (plans or PLANS).items()]
    return pd.DataFrame(rows, columns=["plan", "starts", "decides", "limit", "steps", "first", "minutes"])
