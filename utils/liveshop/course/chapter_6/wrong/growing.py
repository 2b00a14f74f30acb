"""Wrong ways in section 6.1: growth accounting, K, hit rates, and what an invitation is worth."""

import pandas as pd

from liveshop.course.chapter_6 import samples
from liveshop.course.chapter_6.wrong import of_two
from liveshop.methods import effects, recommend

# -- growth accounting (6.1a) ------------------------------------------------------------------------------


def columns(asked):
    """Columns and ratios of July's account in place of those asked for."""
    july, june = asked.months.loc["2025-07"], asked.months.loc["2025-06"]
    won = july.new + july.revived
    yield {"new": won}, (
        "You counted the revived as new: all who were not active in June. New is only who had never bought before.")
    kept = "Those are the kept: active in June and in July. They are neither new nor revived nor lost."
    yield {"revived": july.kept, "quick_ratio": (july.new + july.kept) / july.lost}, kept
    active = "Those are all who were active in July: new, kept and revived together."
    for field in ("new", "revived", "lost"):
        yield {field: july.kept}, kept
        yield {field: july.active}, active
    yield {"new": july.active, "quick_ratio": (july.active + july.revived) / july.lost}, active
    yield {"revived": july.kept + july.revived}, "The kept are in it, who were active in June. Revived were away."
    yield {"new": july.new + july.kept}, "The kept are in it, who were active in June. New had never bought before."
    yield {"lost": june.active - july.active}, (
        "That is the net change. Lost are all who were active in June and not in July; the newly won must not be set "
        "off against them.")
    yield {"lost": june.active}, "Those are all who were active in June. Some of them bought in July as well."
    yield {"lost": june.active - july.new}, "You took the new from those of June. Lost = active in June − kept."
    yield {"lost": june.active - july.revived}, "You took the revived from June's. Lost = active in June − kept."
    joined = asked.tables.customers.set_index("customer_id").joined.dt.strftime("%Y-%m") == "2025-07"
    bought = asked.live.customer_id[asked.live.created.dt.strftime("%Y-%m") == "2025-07"].drop_duplicates()
    yield {"new": joined.reindex(bought).sum()}, (
        "Those are July's buyers who joined in July. New are also those who joined after 3 March and buy for the first "
        "time.")
    yield {"new": joined.sum()}, "Those are all who joined in July. New are buyers, at their first order in a room."
    for value, sentence in (
        (july.new / july.lost, "The revived count too: (new + revived) / lost."),
        (july.revived / july.lost, "The new count too: (new + revived) / lost."),
        (july.active / july.lost, "The kept are neither won nor lost: (new + revived) / lost."),
        (july.active / june.active, "That is the growth of the active. The quick ratio divides the won by the lost."),
        (july.lost / won, "You turned it round: the won go on top."),
        (won - july.lost, "That is the difference. The quick ratio divides the won by the lost."),
        ((won - july.lost) / july.lost, "You took the lost off first. The quick ratio divides the won by the lost."),
        (july.new / (july.new + july.lost), "That is a share. The quick ratio divides the won by the lost."),
        (won / (won + july.lost), "You divided by the won and the lost together. Divide by the lost."),
        (won / june.active, "You divided by the active of June. Divide by the lost."),
        (won / july.active, "You divided by the active of July. Divide by the lost."),
        (july.lost / june.active, "That is the share lost. The quick ratio divides the won by the lost."),
        (july.kept / june.active, "That is the share kept. The quick ratio divides the won by the lost."),
    ):
        yield {"quick_ratio": value}, sentence


def rows(asked):
    """Rows of the account that are not July's, or are July's with others known from before."""
    live, customers, july = asked.live, asked.tables.customers, "2025-07"
    for month, row in asked.months.iterrows():
        if f"{month}" != july and row.lost > 0:
            yield row, f"That is the row of {month.strftime('%B')}. Take July, which is held against June."
    total = asked.months.sum()
    total["quick_ratio"] = (total.new + total.revived) / total.lost
    yield total, "Those are sums over the season. Take the row of July."
    yield asked.accounts(live, known=()).loc[july], (
        "You took the first order in the table for the first order ever. Whoever had `joined` before 3 March is "
        "revived, not new.")
    for ids in (customers.customer_id[customers.member_since.notna()], customers.customer_id):
        yield asked.accounts(live, ids).loc[july], (
            "You took others for known from before. Seen before are the customers who had `joined` before 3 March.")
    for day in ("2025-03-01", "2025-03-04", "2025-04-01", "2025-05-01", "2025-06-01", "2025-07-01"):
        row = asked.accounts(live, asked.known(day)).loc[july]
        if row.new != asked.answers["new"]:
            yield row, (
                "Your day is another: known from before are those who had `joined` before 3 March. Who joined later "
                "and never bought in a room is new.")


def other_buyers(asked):
    """July's row of other orders, or of orders in place of persons."""
    orders, live, july = asked.tables.orders, asked.live, "2025-07"
    paid = orders[orders.paid.notna()]
    yield asked.accounts(orders[orders.source == "live"]).loc[july], (
        "You counted unpaid orders as well. Active means a paid one: keep the lines with a time in `paid`.")
    yield asked.accounts(paid).loc[july], (
        "Those are the buyers of the whole firm. Keep the orders with `source == \"live\"`.")
    for source in sorted(set(paid.source) - {"live"}):
        yield asked.accounts(paid[paid.source == source]).loc[july], (
            f"Those are the buyers of the source {source}. Keep the orders with `source == \"live\"`.")
    yield asked.accounts(live[~live.order_id.isin(asked.tables.refunds.order_id)]).loc[july], (
        "You left out orders that went back. A paid order counts, whatever became of it.")
    for unit in ("order_id", "line"):
        yield counted(asked, unit), "You counted orders, or their lines. A person who buys twice is one person."


def counted(asked, unit):
    """July with orders or lines counted in place of persons."""
    lines = asked.live if unit == "line" else asked.live.drop_duplicates(unit)
    june, july = (lines[lines.created.dt.strftime("%Y-%m") == month] for month in ("2025-06", "2025-07"))
    seen = july.customer_id.isin([*asked.known(), *lines.customer_id[lines.created < "2025-07-01"]])
    away = ~july.customer_id.isin(june.customer_id)
    new, revived, lost = (~seen).sum(), (seen & away).sum(), (~june.customer_id.isin(july.customer_id)).sum()
    return pd.Series({"new": new, "revived": revived, "lost": lost, "quick_ratio": (new + revived) / lost})


# -- K (6.1b) ----------------------------------------------------------------------------------------------


def sums_of_rounds(k, multiplier):
    """What people take for the sum 1 + K + K² + …"""
    for value, sentence in (
        (1 + k, "That stops after the first round of friends. They invite as well: 1 + K + K² + …"),
        (1 + k + k**2, "That stops after the second round of friends. They invite as well: the sum is 1/(1 − K)."),
        (1 + k + k**2 + k**3, "That stops after the third round of friends. The sum of all is 1/(1 − K)."),
        (1 / k, "That is 1/K. The sum 1 + K + K² + … is 1/(1 − K)."),
        (multiplier - 1, "Those are the invited alone; count the member herself too."),
        (1 - k, "That is 1 − K. The sum 1 + K + K² + … is its inverse, 1/(1 − K)."),
        (1 / (1 + k), "The sign is turned: the sum 1 + K + K² + … is 1/(1 − K)."),
        (k / (1 + k), "That is no sum of rounds. 1 + K + K² + … is 1/(1 − K)."),
        (1 / (1 - k**2), "You squared K. The sum 1 + K + K² + … is 1/(1 − K)."),
        (2.718281828**k, "That is an exponential. Each round is K times the one before: the sum is 1/(1 − K)."),
        (1 / (1 - round(k, 2)), "You rounded K before you divided. Keep three decimals of K at least."),
        (1 / (1 - round(k, 1)), "You rounded K before you divided. Keep three decimals of K at least."),
    ):
        yield {"multiplier": value}, sentence


def bases(asked):
    """What people divide by, or whose K they take."""
    users, sent, came = asked.users, asked.sent, asked.sent[asked.sent.came]
    members, everything = samples.members(asked.tables), samples.invitations(asked.tables)
    yield len(came) / sent.sharer_id.nunique(), (
        "You divided by those who invited. Members who never invite are members too.")
    yield len(came) / came.sharer_id.nunique(), (
        "You divided by those whose invitations were accepted. All members who joined in April are the users.")
    yield len(came) / sent.sharer_id[sent.joined].nunique(), (
        "You divided by those whose invitations were accepted. All members who joined in April are the users.")
    yield len(came) / len(members), "You divided by all members. Those who joined in April are the users."
    yield len(came) / len(sent), "That is the share accepted. K multiplies it by the invitations per member."
    yield len(came) / sent.opened.notna().sum(), "That is a share of the invitations opened. K is per member."
    yield len(came), "That is a number of sign-ups. Divide it by the members."
    yield everything.came.sum() / len(users), "Those are the sign-ups through everybody. Take those through April's."
    yield everything.came.sum() / len(members), (
        "That is K of all members, the unripe ones of August included. Take those who joined in April.")
    ripe, days = samples.ripe_members(asked.tables), samples.ripe_days(asked.tables)
    yield samples.friends_within(asked.tables, ripe, days).mean(), (
        "That looks like the K of the text, of all members of thirteen weeks or more. Take those who joined in April, "
        "up to the end.")
    customers = asked.joined(asked.tables.customers.set_index("customer_id").joined)
    yield asked.invitations_of(customers).came.sum() / len(customers), (
        "You took the customers who `joined` the firm in April. Members of the social shop have a `member_since`.")
    for month, name in (("2025-03", "March"), ("2025-05", "May"), ("2025-06", "June"), ("2025-07", "July")):
        others = asked.joined(members.since, month)
        yield asked.invitations_of(others).came.sum() / len(others), (
            f"Those are the members who joined in {name}. Take April.")
    short = users[members.since[users] < "2025-04-30"]
    yield asked.invitations_of(short).came.sum() / len(short), "Your April ends with the 29th. It has thirty days."


def invitations(asked):
    """Which invitations people count, or what of them."""
    many, sent, came = len(asked.users), asked.sent, asked.sent[asked.sent.came]
    everything = samples.invitations(asked.tables)
    yield len(sent) / many, "Those are the invitations per member. K multiplies them by the share accepted."
    yield sent.opened.notna().sum() / many, "Those are invitations opened. A look is not a sign-up."
    yield sent.joined.sum() / many, (
        "Some of these joined something else than the shop. Keep those whose receiver is a member.")
    yield sent.sharer_id.nunique() / many, "That is the share of members who invited. K counts who signed up."
    yield came.sharer_id.nunique() / many, "Those are members who brought somebody. Count the friends."
    early = "You took only a part of the time. Members go on inviting: count up to the end."
    yield (came.shared.dt.month == 4).sum() / many, early
    for day in ("2025-05-01", "2025-06-01", "2025-07-01", "2025-08-01"):
        yield (came.receiver_id.map(samples.members(asked.tables).since) < day).sum() / many, early
    for days in (14, 28, 30, 56, 60, 90, 91):
        yield (came.days <= days).sum() / many, early
    in_april = everything[everything.shared.dt.strftime("%Y-%m") == "2025-04"]
    yield in_april.came.sum() / many, (
        "You took the invitations that anybody sent in April. Take those whose sharer joined in April, and all of "
        "theirs up to the end.")
    since = samples.members(asked.tables).since
    signed_up = everything.receiver_id.map(since).dt.strftime("%Y-%m") == "2025-04"
    yield (everything.came & signed_up).sum() / many, (
        "Those are friends who signed up in April, through anybody. Take those whom April's members brought, up to the "
        "end.")


# -- hit rates (6.1c) --------------------------------------------------------------------------------------


def recommenders(asked):
    """Other recommenders, and other numbers of a hit rate."""
    before, week, after = asked.split
    right = asked.answers
    yield from of_two("neighbours", "best_sellers", (right["neighbours"], right["best_sellers"]))
    fits = recommend.item_neighbours(before), recommend.popularity(before, days=7)
    neighbours, fresh = (recommend.hit_rate(fit, after, 10, known_only=True).rate for fit in fits)
    yield {"neighbours": neighbours, "best_sellers": fresh}, (
        "Only the list forgets the spring here: give the neighbours the week from 28 July too, and test both on the "
        "customers of that week.")
    yield {"best_sellers": fresh}, (
        "That list knows the customers of the whole season. Train it on the orders of the week alone, so that both are "
        "tested on the same customers.")
    other = recommend.hit_rate(recommend.factorise(week, 8), after, 10, known_only=True)
    yield {"neighbours": other.rate}, "That is matrix factorisation. Asked are item neighbours."
    yield {"best_sellers": other.rate}, "That is matrix factorisation. Asked are the best sellers."
    yield (other.customers, other.customers), "That is a number of customers. The hit rate is the `.rate`."
    for near in (5, 10, 50):
        fit = recommend.item_neighbours(week, neighbours=near)
        rate = recommend.hit_rate(fit, after, 10, known_only=True).rate
        if abs(rate - right["neighbours"]) > 0.002:
            yield {"neighbours": rate}, "You changed the number of neighbours. Leave it at its usual 20."
    fits = recommend.item_neighbours(week), recommend.popularity(week)
    found = [recommend.hit_rate(fit, after, 10, known_only=True) for fit in fits]
    for end in (0, 1):
        yield tuple(one.interval[end] for one in found), (
            "That is an end of the 95 % interval. The hit rate itself is the `.rate`.")


def weeks(asked):
    """Other weeks of training."""
    before, week, _ = asked.split
    after, created = asked.split[2], before.created
    yield asked.rates(before, after), (
        "You trained on the whole season. Both are to be given the same week: orders from 28 July on.")
    for first in ("2025-07-21", "2025-07-14", "2025-07-07", "2025-07-01"):
        yield asked.rates(before[created >= first], after), (
            "You trained on several weeks. The week from 28 July is asked.")
    for first, last in (("2025-07-28", "2025-08-03"), ("2025-07-29", "2025-08-04"), ("2025-07-27", "2025-08-04"),
                        ("2025-07-27", "2025-08-03")):
        yield asked.rates(before[created.between(first, last, inclusive="left")], after), (
            "Your week is a day off: it runs from 28 July up to and including 3 August.")
    yield asked.rates(before[created.between("2025-07-21", "2025-07-28", inclusive="left")], after), (
        "You trained on the week before, from 21 July. The week from 28 July is asked.")
    yield asked.rates(week[week.created >= "2025-08-01"], after), "You trained on a few days. The week is asked."


def tests_of_hits(asked):
    """Other splits, tests and rules of the hit rate."""
    (_, week, after), events = asked.split, asked.events
    for shuffled, hidden in (recommend.random_split(events, 0.2),
                             recommend.random_split(events[events.created < "2025-08-18"], 0.2)):
        yield asked.rates(shuffled, hidden), (
            "That is a random split: the recommender has been trained on orders that came after those it has to guess. "
            "Split by time.")
    yield asked.rates(week, events[events.created >= "2025-08-04"]), (
        "Your test runs on to the end of August. Cut it after 17 August: a longer test gives more chances to hit.")
    yield asked.rates(week, after[after.created < "2025-08-17"]), (
        "Your test ends with 16 August. The seventeenth belongs to it: orders before the eighteenth.")
    yield asked.rates(week, events[events.created.between("2025-08-04", "2025-08-19", inclusive="left")]), (
        "Your test goes on to 18 August. It ends with the seventeenth.")
    yield asked.rates(week, after[after.created < "2025-08-11"]), "That is one week of test. Take the fortnight."
    yield asked.rates(week, events[events.created >= "2025-08-18"]), (
        "You tested on the fortnight after. Test on the one that follows the week, from 4 August.")
    between = events.created.between("2025-08-11", "2025-08-18", inclusive="left")
    yield asked.rates(events[between], events[events.created >= "2025-08-18"]), (
        "That is the split of the text, 18 August. Move it a fortnight back.")
    yield asked.rates(week, after, known_only=False), (
        "You kept customers without an order in that week. For them a recommender knows nothing but the best sellers: "
        "set known_only=True.")
    for how in ({"new_only": False}, {"new_only": False, "known_only": False}):
        yield asked.rates(week, after, **how), "You counted what she had bought already. Leave `new_only` as it is."
    for k in (1, 3, 5, 20):
        yield asked.rates(week, after, k), f"That is the hit rate at {k}. Ten products are shown."
    orders = asked.tables.orders.dropna(subset=["paid", "customer_id"])
    firm = (orders[orders.created.between(*days, inclusive="left")]
            for days in (("2025-07-28", "2025-08-04"), ("2025-08-04", "2025-08-18")))
    yield asked.rates(*firm), "Those are all orders of the firm. Take the members' orders."


# -- what an invitation is worth (6.1d) --------------------------------------------------------------------


def differences(asked):
    """What people take for the naive difference."""
    rows = asked.rows
    invited, others = rows.further[rows.invited], rows.further[~rows.invited]
    yield invited.mean(), "That is the level of the invited; take the others' off."
    yield 1 + invited.mean(), "Those are all orders of the invited. Take the level of the others off."
    yield others.mean(), "That is the level of the others; take it off that of the invited."
    yield rows.further.mean(), "That is the mean of everybody. Compare the invited with the others."
    yield invited.mean() / others.mean(), "That is a ratio. The difference of the two means is asked."
    for factor in (1, 100):
        yield factor * (invited.mean() / others.mean() - 1), (
            "That is relative to the others' orders. The question asks for orders per member.")
    yield invited.mean() - rows.further.mean(), "You compared with everybody. Compare with those not invited."
    yield invited.sum() - others.sum(), "That is a difference of sums. There are more of the others: take means."
    yield invited.median() - others.median(), "That is a difference of medians. How many more is a question of means."
    yield asked.naive(samples.buyers(asked.tables, whole=False)), (
        "Some of these had fewer than 56 days left. Take only buyers whose whole window is in the data.")
    season = samples.order_times(asked.tables).groupby("customer_id").size()
    yield asked.naive(rows.assign(season=season), "season"), (
        "You counted orders up to the end of August. Whoever came early has more time then: count 56 days for all.")
    yield asked.naive(rows[rows.again > 0]), (
        "You left out those who never came again. They made no further order: they count with zero.")
    fit = effects.pooled_effect(rows, "further", "invited")
    for end in fit.interval:
        yield end, "That is an end of the 95 % interval. The difference itself is the `.estimate`."
    yield fit.estimate / 8, "That is a week's share. The 56 days are asked."


def matches(asked):
    """What people take for the difference matched on the friend."""
    rows, ties = asked.rows, samples.contacts(asked.tables)
    circles = samples.circles(rows, ties)
    paper = ["segment", "channel_id", "age_band", "month"]
    database = "You held equal what the database knows. That hardly helps; match on the friend, in `circles`."
    yield effects.matched_effect(rows, "further", "invited", paper).estimate, database
    yield effects.matched_effect(rows, "further", "invited", ["channel_id"]).estimate, database
    yield effects.adjusted_effect(rows, "further", "invited", ["segment", "month"]).estimate, database
    yield asked.naive(circles), (
        "That pools all circles. Set each invited member against the contacts of her own friend: matched_effect.")
    follows = asked.tables.follows.rename(columns={"follower_id": "friend", "followed_id": "contact"})
    followers = asked.tables.follows.rename(columns={"followed_id": "friend", "follower_id": "contact"})
    for ring, sentence in (
        (pd.DataFrame({"friend": rows.index, "contact": rows.index}),
         "You compared with the friend herself. She was chosen by having invited; take her other contacts."),
        (follows[["friend", "contact"]], "You took only those whom the friend follows. Her followers are her contacts "
                                         "too."),
        (followers[["friend", "contact"]], "You took only the friend's followers. Those whom she follows are her "
                                           "contacts too."),
        (samples.contacts_of_contacts(asked.tables), "Those are contacts of contacts, one step too far. Take the "
                                                     "friend's own."),
    ):
        yield asked.matched(ring), sentence
    by_friend = circles.groupby(["friend", "invited"]).further.mean().unstack().dropna()
    yield (by_friend[True] - by_friend[False]).mean(), (
        "Each friend counts once here. Each invited member counts once: a friend who invited three counts three times.")
    yield by_friend[True].mean() / by_friend[False].mean(), "That is a ratio. The difference is asked."
    yield circles.further[circles.invited].mean(), "That is the level of the invited; take that of the contacts off."
    yield circles.further[~circles.invited].mean(), "That is the level of the contacts; take it off the invited's."
    fit = effects.matched_effect(circles, "further", "invited", ["friend"], cluster="friend")
    for end in fit.interval:
        yield end, "That is an end of the 95 % interval. The difference itself is the `.estimate`."
    yield fit.estimate / 8, "That is a week's share. The 56 days are asked."


def outcomes(asked):
    """Other outcomes, in both numbers."""
    ties = samples.contacts(asked.tables)
    share = asked.naive(asked.rows, "again"), asked.matched(ties, "again")
    for factor in (1, 100):
        yield tuple(factor * one for one in share), (
            "That is the share with a second order. The outcome here is `further`, the number of orders.")
