"""Spend with the visits that it brought, and the survey."""

from liveshop.methods import response
from liveshop.tables.memory import once_per_tables

KINDS = ("feed", "search", "influencer", "content")
USUAL = {"feed": 130.0, "search": 30.0, "influencer": 45.0, "content": 20.0}     # units of 3.5 yuan times city size
UNIT = 3.5
LOGS = ["watch_minutes", "clothing_budget"]     # traits of the survey that are skewed


@once_per_tables
def response_curves(tables):
    """Response curves of the four kinds of spend, per unit of 3.5 yuan in a city of size 1."""
    sizes = tables.cities.set_index("city").market_size
    spend = [f"spend_{kind}" for kind in KINDS]
    history = tables.history.rename(columns=dict(zip(spend, KINDS, strict=True)))
    return response.fit_response(history, "visits", KINDS, "city", "week", size=(UNIT * sizes).to_dict(), usual=USUAL)


def planted_value(truth):
    """Function of a spend in units, {kind: units}: the log of visits that it adds in truth."""
    curves = truth["media.response"]
    return lambda spend: float(sum(
        one["effect"] * response.saturation(spend[kind], one["half"]) for kind, one in curves.items()))


@once_per_tables
def answers(tables):
    """The survey with each customer's planted segment."""
    return tables.survey.merge(tables.customers[["customer_id", "segment"]], on="customer_id")
