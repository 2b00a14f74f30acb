"""Wrong answers to the exercises of 2.1: the averages, the funnels and the best minutes of one night."""

from liveshop.course.chapter_2 import anatomy
from liveshop.practice.ways import wrong_summaries

# -- 2.1a -----------------------------------------------------------------------------------------


def averages(asked):
    night, minutes = asked.busiest, asked.minutes
    watched, length = night.watch_seconds, night.stream_seconds
    yield {"acu": night.pcu}, "That is the peak (PCU). ACU is the average: watch time over time on air."
    yield {"acu": watched / night.views}, (
        "That is watch time per view, in seconds. Divide by the length of the broadcast.")
    yield {"acu": watched / night.viewers}, (
        "That is watch time per viewer, in seconds. Divide by the length of the broadcast.")
    yield {"acu": night.viewers / (length / 60)}, "Those are viewers per minute. ACU needs how long they stayed."
    streams = asked.tables.streams
    for other in {streams.pcu.idxmax(), streams.started.idxmax(), streams.gmv.idxmax()} - {night.name}:
        one = streams.loc[other]
        its = asked.but(busiest=one).right()
        for values in ({"acu": its[0], "found": its[1]}, {"acu": its[0]}, {"found": its[1]}):
            yield values, f"That is broadcast {one.stream_id}. Asked is the one with the most entries."
    yield {"acu": night.pcu / 2}, "That is half of the peak. Rooms differ in how peaked they are: take watch time."
    yield {"acu": night.views / (length / 3600)}, "Those are entries per hour. ACU needs how long they stayed."
    yield {"found": minutes.online.mean()}, (
        "That is the mean over minutes. A minute in which many come in must count for each of them.")
    yield {"found": (minutes.online**2).sum() / minutes.online.sum()}, (
        "That is what somebody who is there finds: you weighed each minute by the people in it. Weigh it by those who "
        "come in.")
    yield {"found": (minutes.online * minutes.enters).mean()}, (
        "That is the mean over minutes of online × enters. Divide the sum of the products by the sum of `enters`.")
    yield {"found": (minutes.online * minutes.enters).sum()}, "That is the sum. Divide it by the entries of the night."
    yield {"found": (minutes.online * minutes.enters).sum() / minutes.online.sum()}, (
        "You divided by the people online. Divide by the entries.")
    earlier = minutes.online.shift(fill_value=0)
    yield {"found": (earlier * minutes.enters).sum() / minutes.enters.sum()}, (
        "You took the count at the end of the minute before. Asked is the minute in which the entry came.")
    yield {"found": minutes.online.sum() / minutes.enters.sum()}, (
        "Those are the minutes that an entry lasts. Asked is how many people it finds.")
    yield {"found": minutes.enters.mean()}, "That is how many come in in a minute, not how many they find."
    yield {"found": night.viewers / len(minutes)}, "Those are viewers per minute, not how many an entry finds."
    yield {"found": ((minutes.online - minutes.enters) * minutes.enters).sum() / minutes.enters.sum()}, (
        "You took those who came in that minute off the count. Take `online` as it stands.")
    yield {"found": minutes.online[minutes.enters.idxmax()]}, (
        "That is what those find who come in the one minute with the most entries. Average over all entries.")


def rarer_averages(asked):
    night, minutes, streams = asked.busiest, asked.minutes, asked.tables.streams
    yield {"acu": night.views / (night.stream_seconds / 60)}, (
        "Those are entries per minute. They say who comes, not who is there.")
    season = asked.tables.stream_minutes
    yield {"found": (season.online * season.enters).sum() / season.enters.sum()}, (
        "That is over all broadcasts. Asked is the one with the most entries.")
    yield {"found": (minutes.online * minutes.enters).sum() / night.viewers}, (
        "You divided by the viewers. Divide by the entries: who came in twice found two rooms.")
    yield {"acu": streams.watch_seconds.sum() / streams.stream_seconds.sum()}, (
        "That is the ACU over all broadcasts. Asked is the one with the most entries.")
    yield {"acu": (streams.watch_seconds / streams.stream_seconds).mean()}, (
        "That is the mean ACU of all broadcasts. Asked is the one with the most entries.")
    for field in ("acu", "found"):
        yield from wrong_summaries(field, minutes.online, "the minute counts of the people online")
    later = minutes.online.shift(-1, fill_value=0)
    yield {"found": (later * minutes.enters).sum() / minutes.enters.sum()}, (
        "You took the count of the minute after. Asked is the minute in which the entry came.")
    yield {"found": (minutes.online * minutes.exits).sum() / minutes.exits.sum()}, (
        "You weighed the minutes by those who left. Weigh them by those who came in.")
    yield {"acu": minutes.online[minutes.online > 0].mean()}, (
        "That leaves out minutes with nobody. They are on air, too.")
    yield {"found": minutes.online[minutes.enters > 0].mean()}, (
        "You asked whether anybody came in. Each entry counts: weigh the minute by `enters`.")


def amounts_of_averages(asked):
    """What the two averages are made of."""
    night, minutes = asked.busiest, asked.minutes
    counts = {"the seconds watched": night.watch_seconds, "the seconds on air": night.stream_seconds,
              "the entries": night.views, "the viewers": night.viewers, "the minutes on air": len(minutes),
              "the minutes watched": night.watch_seconds / 60,
              "the hours watched": night.watch_seconds / 3600, "the sum of `online`": minutes.online.sum()}
    return {"acu": counts, "found": counts}


# -- 2.1b -----------------------------------------------------------------------------------------


def events_for_shares(asked):
    night, entries = asked.busiest, asked.entries
    views, viewers = len(entries), entries.viewer_id.nunique()
    clicks, orders = entries.product_clicks.sum(), entries.paid.sum()
    yield {"clicked_views": clicks / views}, (
        "Those are clicks per view: events, and one view may hold several. Asked is the share of views with a click.")
    yield {"clicked_viewers": clicks / viewers}, (
        "Those are clicks per viewer. Asked is the share of viewers who clicked at least once.")
    yield {"clicked_viewers": clicks / views}, (
        "Those are clicks per view. Group by viewer, and ask whether there is a click.")
    yield {"bought_views": orders / views}, (
        "Those are paid orders per view. A view with two orders counts once: ask whether there is one.")
    yield {"bought_viewers": orders / viewers}, (
        "Those are paid orders per viewer. Somebody with three orders is one buyer.")
    yield {"bought_viewers": orders / views}, "Those are paid orders per view. Here one is a viewer."
    yield {"bought_viewers": asked.shares(entries, "ordered")[0]}, "You counted unpaid orders too. Bought means paid."
    yield {"bought_views": asked.shares(entries, "ordered")[1]}, "You counted unpaid orders too. Bought means paid."
    clicked = (entries.product_clicks > 0).sum()
    bought = (entries.paid > 0).sum()
    per_viewer = entries.groupby("viewer_id")[["product_clicks", "paid"]].sum() > 0
    clickers, buyers = per_viewer.sum()
    for field, top, below in (
        ("clicked_viewers", clicked, viewers), ("bought_viewers", bought, viewers),
        ("clicked_views", clickers, views), ("bought_views", buyers, views),
    ):
        yield {field: top / below}, (
            "The numerator counts one unit and the denominator the other. Count both in views, or both in viewers.")
    yield {"bought_viewers": buyers / clickers}, (
        "That is the share of those who clicked. The question divides by all viewers.")
    yield {"bought_views": bought / clicked}, (
        "That is the share of the views with a click. The question divides by all views.")
    yield {"bought_views": orders / clicks}, "Those are orders per click (CTOR). The question divides by views."
    yield {"bought_viewers": orders / clicks}, "Those are orders per click (CTOR). The question divides by viewers."
    stayed = asked.shares(entries, "stayed")
    yield {"clicked_viewers": stayed[0]}, "Those are viewers who stayed 60 seconds. Asked is who clicked."
    yield {"clicked_views": stayed[1]}, "Those are views of 60 seconds or more. Asked is which hold a click."
    for below, words in ((night.product_impressions, "product impression"), (night.impressions, "impression")):
        for field, top in (("clicked_views", clicks), ("clicked_viewers", clicks), ("bought_views", orders)):
            yield {field: top / below}, (
                f"Those are events per {words}. The question asks for a share of views, or of viewers.")
    yield {"clicked_views": clicked / night.impressions}, (
        "You divided by impressions. Those are times that the room was shown; the question divides by views.")
    baskets = asked.of_night("viewer_sessions")[["viewer_id", "carted"]]
    yield {"clicked_views": baskets.carted.mean()}, "Those put something into the basket. Asked is who clicked."
    yield {"clicked_viewers": baskets.groupby("viewer_id").carted.any().mean()}, (
        "Those put something into the basket. Asked is who clicked.")
    yield from other_viewers(entries)


def other_viewers(entries):
    """2.1b: shares of only some entries, of two events or more, or averaged over viewers."""
    for which in ("first", "last"):
        kept = entries.drop_duplicates("viewer_id", keep=which)
        yield {"clicked_viewers": (kept.product_clicks > 0).mean(), "bought_viewers": (kept.paid > 0).mean()}, (
            f"You kept only the {which} entry of each viewer. What she did in her other entries counts too.")
    long = entries[entries.watch_seconds >= anatomy.STAY]
    yield {"clicked_views": (long.product_clicks > 0).mean(), "bought_views": (long.paid > 0).mean()}, (
        "You kept only the entries that stayed 60 seconds. The short ones came in, too.")
    stayers = long.groupby("viewer_id")[["product_clicks", "paid"]].sum() > 0
    yield {"clicked_viewers": stayers.product_clicks.mean(), "bought_viewers": stayers.paid.mean()}, (
        "You kept only the entries that stayed 60 seconds. The short ones came in, too.")
    twice = "Those have two or more. Asked is at least one."
    of_viewers = entries.groupby("viewer_id")[["product_clicks", "paid"]].sum()
    for unit, counts in (("views", entries), ("viewers", of_viewers)):
        yield {f"clicked_{unit}": (counts.product_clicks > 1).mean()}, twice
        yield {f"bought_{unit}": (counts.paid > 1).mean()}, twice
    per_view = (entries[["product_clicks", "paid"]] > 0).groupby(entries.viewer_id).mean().mean()
    yield {"clicked_viewers": per_view.product_clicks, "bought_viewers": per_view.paid}, (
        "You took the share of views for each viewer and averaged. Ask of each viewer whether, in any of her entries.")


def other_funnels(asked):
    right = asked.right()
    yield (right[2], right[3], right[0], right[1]), (
        "The two units are exchanged: viewers are persons, views are entries.")
    rows = asked.rows
    clicked, bought = (asked.shares(rows, step) for step in ("clicked", "paid"))
    yield (clicked[0], bought[0], clicked[1], bought[1]), (
        "That is the whole season. Asked is the one broadcast with the most entries.")
    persons = anatomy.funnel(rows, "persons")
    yield (persons.clicked / persons.came, persons.paid / persons.came, clicked[1], bought[1]), (
        "That is the whole season. Asked is the one broadcast with the most entries.")
    yield tuple(1 - share for share in right), "Those are the shares that did *not* get there."


def amounts_of_funnels(asked):
    entries = asked.entries
    people = entries.groupby("viewer_id")[["product_clicks", "paid"]].sum()
    counts = {"the views": len(entries), "the viewers": len(people), "the clicks": entries.product_clicks.sum(),
              "the paid orders": entries.paid.sum(), "the viewers who clicked": (people.product_clicks > 0).sum(),
              "the buyers": (people.paid > 0).sum(), "the views with a click": (entries.product_clicks > 0).sum(),
              "the views with a paid order": (entries.paid > 0).sum()}
    return dict.fromkeys(("clicked_viewers", "bought_viewers", "clicked_views", "bought_views"), counts)


# -- 2.1c -----------------------------------------------------------------------------------------


def other_minutes(asked):
    minutes, length = asked.minutes, asked.length
    earned = minutes.set_index("minute").gmv
    first, best, _ = asked.right()
    yield {"first": first + length - 1}, (
        "That is the last of the five minutes: a rolling sum is named by its end. Asked is the first.")
    yield {"first": first + length}, "That is the minute after the five. Asked is the first of them."
    yield {"first": first + length // 2}, "That is the middle of the five minutes. Asked is the first."
    yield {"first": first + 1}, "You count minutes from 1. The column begins at 0."
    grid = earned.groupby(earned.index // length).sum()
    on_grid = "Your stretches begin only at 0, 5, 10. Let them begin at any minute."
    if length * grid.idxmax() != first:
        yield {"first": length * grid.idxmax(), "earned": grid.max()}, on_grid
        early = " Or you begin one minute early." if length * grid.idxmax() == first - 1 else ""
        yield {"first": length * grid.idxmax()}, on_grid + early
        yield {"earned": grid.max()}, on_grid
    yield {"first": earned.idxmax(), "earned": earned.max()}, "That is the best single minute. Asked are five in a row."
    yield {"earned": earned.nlargest(length).sum()}, "Those are the five best minutes, and they are not in a row."
    yield {"earned": best / length}, "That is the mean of the five minutes. Asked is what they earned together."
    yield {"earned": earned.sum()}, "That is the whole night."
    slot = asked.plan[asked.plan.gmv == asked.plan.gmv.max()].iloc[0]
    yield {"first": slot.start_minute, "earned": slot.gmv}, (
        "That is the slot of the rundown that sold most. Asked are five minutes in a row, whatever the slots.")
    yield {"first": minutes.minute[minutes.online.idxmax()]}, "That is the fullest minute. Asked is where the money is."
    for length_of, words in ((10, "ten"), (4, "four"), (3, "three")):
        other = asked.but(length=length_of).right()
        yield {"earned": other[1]}, f"Those are {words} minutes in a row. Asked are five."
    for begin, words in ((first, "to the minute after"), (first - 1, "from the minute before")):
        yield {"earned": earned.loc[begin:begin + length].sum()}, (
            f"Those are six minutes, {words}: `.loc` takes both ends. Asked are five.")
    yield {"first": asked.plan.slot_no[asked.plan.start_minute <= first].max()}, (
        "That is the number of the slot. Asked is the minute.")
    slot = anatomy.on_table(asked.plan, first)
    if slot.start_minute != first:
        yield {"first": slot.start_minute}, "That is where the slot begins. Asked is the first of the five minutes."
    on_now = minutes[minutes.slot_no == slot.slot_no]
    yield {"earned": on_now.gmv.sum()}, "That is what the whole slot earned. Asked are the five minutes."
    for column, words in (("orders", "orders"), ("product_clicks", "clicks")):
        inside = minutes[minutes.minute.between(first, first + length - 1)][column].sum()
        yield {"earned": inside}, f"Those are the {words} of the five minutes. Asked is their GMV."


def rarer_minutes(asked):
    yield {"earned": asked.but(length=6).right()[1]}, "Those are six minutes in a row. Asked are five."
    first, gmv = asked.right()[0], asked.minutes.set_index("minute").gmv
    yield {"first": first - 1}, "You begin one minute early."
    yield {"earned": gmv.loc[first + 1:first + asked.length].sum()}, "Those five minutes begin one minute late."
    yield {"earned": 100 * asked.right()[1] / gmv.sum()}, "That is per cent of the night. Asked are yuan."
    least = gmv.rolling(asked.length).sum()
    yield {"first": least.idxmin() - asked.length + 1, "earned": least.min()}, "Those earned least. Asked is the most."
    yield {"earned": least.min()}, "That is what the poorest five minutes earned. Asked is the most."
    in_order = asked.tables.stream_minutes.sort_values(["stream_id", "minute"], ignore_index=True)
    stretches = in_order.groupby("stream_id").gmv.rolling(asked.length).sum().droplevel(0)
    yield {"first": in_order.minute[stretches.idxmax()] - asked.length + 1, "earned": stretches.max()}, (
        "That is the best stretch of all broadcasts. Asked is the one with the most entries.")
    orders = asked.minutes.set_index("minute").orders.rolling(asked.length).sum()
    yield {"earned": orders.max()}, "That is a number of orders, in the five minutes with most. Asked are yuan."


def other_stretches(asked):
    minutes = asked.minutes.set_index("minute")
    gmv = minutes.gmv.rolling(asked.length).sum()
    for column, words in (("orders", "orders"), ("watch_seconds", "watch time"), ("enters", "entries")):
        last = minutes[column].rolling(asked.length).sum().idxmax()
        first = int(last) - asked.length + 1
        if first != asked.right()[0]:
            yield {"first": first, "earned": gmv[last]}, (
                f"Those are the five minutes with the most {words}. Asked is the most money.")
    streams = asked.tables.streams
    others = {streams.stream_seconds.idxmax(), streams.gmv.idxmax(), streams.pcu.idxmax(), streams.started.idxmax()}
    for other in others - {asked.busiest.name}:
        yield asked.but(busiest=streams.loc[other]), (
            f"That is broadcast {streams.stream_id[other]}. Asked is the one with the most entries.")


def other_products(asked):
    first, _, right = asked.right()
    for minute, words in ((first + asked.length - 1, "in the last of the five minutes"), (first - 1, "just before")):
        product = asked.on_table(minute)
        if product and product != right:
            yield {"product": product}, f"That was on the table {words}."
    for product in asked.plan.product_id.unique():
        if product != right:
            yield {"product": product}, (
                "That product was on the table at another time of the night. Look for the slot that holds the first "
                "of the five minutes.")
    for product in sorted(set(asked.tables.products.product_id) - set(asked.plan.product_id)):
        yield {"product": product}, "That product was not on the table that night. Look into this broadcast's rundown."
