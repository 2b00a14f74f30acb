"""What goes from the sections of chapter 5 onto paper: the lines of a run of show, and the rows of the hosts' board."""

import numpy as np

SAY = {"traffic": "Price first. Who is here for the first time?",
       "hero": "Trait, advantage, scene; price; sizes; again.",
       "profit": "The customer who has worn it, in her words.", "image": "Why we make it this way."}
ASK = {"traffic": ["Quiz: which fabric is it?", "Vote: which colour shall I put on, 1 or 2?"],
       "hero": ["Height and weight: I tell you your size", "Who is between two sizes?",
                "Vote: with the belt or without, 1 or 2?"],
       "profit": ["Where would you wear it?", "What else do you have that goes with it?"],
       "image": ["None: let them look"]}
DRAW = "Draw among those who ordered it: the belt to it"
WHO = {"traffic": "host; moderator greets", "hero": "host; assistant wears it", "profit": "host; reply desk",
       "image": "host"}


def night_sheet(slots, products):
    """The sheet of a night, a row a slot in this order: minute, product, role, offer, line, interaction, who.

    slots : as `methods.rundown.plan` gives them, in the order of the show; products : with name. The line names what
    comes next, because that is the reason to stay; the later half of the heroes begins with a draw among buyers.
    """
    names = slots.product_id.map(products.set_index("product_id")["name"])
    full, turn = slots.list_price, slots.groupby("role").cumcount()
    offers = [f"¥{price * (1 - cut):,.0f} instead of ¥{price:,.0f}" if cut > 0 else f"¥{price:,.0f}, no discount"
              for price, cut in zip(full, slots.discount, strict=True)]
    asked = [ASK[role][place % len(ASK[role])] for role, place in zip(slots.role, turn, strict=True)]
    sheet = slots[["role"]].assign(
        minute=slots.minutes.cumsum() - slots.minutes, product=names, offer=offers,
        line=slots.role.map(SAY) + [*(" Next: " + names.iloc[1:]), " When we meet again."],
        interaction=asked, who=slots.role.map(WHO))
    heroes = sheet.index[sheet.role == "hero"]
    sheet.loc[heroes[len(heroes) // 2:][:1], "interaction"] = DRAW
    return sheet[["minute", "product", "role", "offer", "line", "interaction", "who"]]


def per_cent(log):
    """A change of the logarithm as signed per cent."""
    return f"{100 * np.expm1(log):+.0f} %".replace("-", "−")


def board(fair, sure=0.8):
    """The board of the hosts, a row a host: figures, range, and what follows this week.

    fair : `methods.hosts.scorecard`; sure : the weight on her own figure below which nothing is decided.
    """
    week = np.select(
        [fair.weight < sure, fair.low > 0, fair.high < 0],
        ["too little seen: more clicks in each broadcast, no verdict", "shows her three best minutes in the session",
         "drill of the step from click to order; look again in four broadcasts"], "nothing to decide from numbers")
    return fair.reset_index(names="host")[["host", "broadcasts"]].assign(**{
        "against average": fair.estimate.map(per_cent).to_numpy(),
        "range": [f"{per_cent(low)} to {per_cent(high)}" for low, high in zip(fair.low, fair.high, strict=True)],
        "this week": week})
