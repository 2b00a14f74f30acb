"""Wrong ways in section 3.1: ties of a member, of friends, orders with a social touch, and what explains a figure."""

import pandas as pd

from liveshop.course.chapter_3 import samples
from liveshop.methods import network

WHICH = "Keep the ties whose two ends are members, each pair once; all members count, those without a tie too."


def degrees(graph):
    """Ties of each person of a graph."""
    return pd.Series(dict(graph.degree()), dtype=float)


def _either_way(tables, ids=None):
    """Ties of each member as the table has them, in each direction a row: followed, and following."""
    ties = tables.follows
    if ids is not None:
        ties = ties[ties.follower_id.isin(ids) & ties.followed_id.isin(ids)]
    return ties.followed_id.value_counts(), ties.follower_id.value_counts()


def other_degrees(asked):
    """Other ties, other people, other ways to count (3.1a)."""
    tables, each = asked.tables, asked.each
    members, everybody = each.index, samples.ties_each(tables)
    tied = each[each > 0]
    for values, sentence in (
        (everybody.reindex(members), "You counted the members' ties with all customers. " + WHICH),
        (everybody, "Those are all customers. " + WHICH),
        (everybody[everybody > 0], "Those are all customers who have a tie. " + WHICH),
        (everybody.reindex(members)[lambda d: d > 0], "Ties with people who are no members are in. " + WHICH),
        (tied, "You left out members without a tie to another member: they have 0, and they are members."),
        (each.reindex(members[everybody.reindex(members) > 0]), "Members without any tie are missing. " + WHICH),
    ):
        yield {"mean_ties": values.mean(), "median_ties": values.median()}, sentence
        yield {"mean_ties": values.mean()}, sentence
    half = "You counted each tie at one end only. A tie belongs to both: the mean is twice the ties over the members."
    yield {"mean_ties": each.sum() / 2 / len(each)}, half
    yield {"mean_ties": each.sum() / 2 / len(tied)}, half
    for inside in (members, None):
        followed, following = _either_way(tables, inside)
        one_way = "You counted followers only, or whom she follows only. Here a tie counts whichever way it runs, once."
        for counted in (followed, following):
            yield {"mean_ties": counted.reindex(members, fill_value=0).mean()}, one_way
            yield {"mean_ties": counted.mean()}, one_way
        twice = followed.reindex(members, fill_value=0) + following.reindex(members, fill_value=0)
        yield {"mean_ties": twice.mean()}, (
            "Pairs who follow each other were counted twice. " + WHICH)
        yield {"mean_ties": twice[twice > 0].mean()}, (
            "Pairs who follow each other were counted twice, and members without a tie are missing. " + WHICH)
    rows = tables.follows
    touching = rows.follower_id.isin(members) | rows.followed_id.isin(members)
    yield {"mean_ties": touching.sum() / len(members)}, "One end need not be a member in your count. " + WHICH
    yield {"mean_ties": each.sum() / len(everybody)}, "You divided by all customers. Below the line stand the members."
    found = network.friendship_paradox(samples.members_map(tables))
    yield {"mean_ties": found.friends_pooled}, "Those are the ties of friends, not of members: that is exercise b."
    yield {"mean_ties": found.friends_per_person}, "Those are the ties of friends, not of members: that is exercise b."
    yield {"mean_ties": each.median(), "median_ties": round(each.mean())}, "Mean and median have changed places."
    yield {"mean_ties": each.max()}, "That is the largest number of ties."
    yield {"median_ties": each.max()}, "That is the largest number of ties."
    yield {"mean_ties": each.std()}, "That is the standard deviation."
    for value in (each.quantile(0.25), each.quantile(0.75), each.mode().iloc[0]):
        if value != each.median():
            yield {"median_ties": value}, "That is a quartile or the commonest number, not the middle one."
    yield {"mean_ties": (each == 0).mean()}, "That is the share without a tie."
    yield {"mean_ties": each.sum()}, "That is the sum of all ends of ties. Divide it by the members."
    yield {"mean_ties": each.sum() / 2}, "That is the number of ties."


def of_hiding():
    for letter, sentence in {
        "B": "Members without a tie are in the mean, as zeros. And a median hides how far the upper half reaches.",
        "C": "All are in the median too, by their rank. And the mean does hide something: most members lie below it.",
        "D": "Look at the largest number of ties beside both. An ordinary member is nowhere near it, nor at the mean.",
    }.items():
        yield {"hides": letter}, sentence


def friends(asked):
    """Other averages of friends, other shares (3.1b)."""
    graph, found = samples.members_map(asked.tables), asked.found
    each = degrees(graph)
    tied = each[each > 0]
    theirs = pd.Series({person: tied[list(graph.neighbors(person))].mean() for person in tied.index})
    for value, sentence in (
        (found.friends_per_person, "That is the mean of means: every member's friends averaged first. Asked is over "
                                   "ties, where each end of each tie counts once."),
        (each.mean(), "That is the mean of the members themselves, not of their friends."),
        (tied.mean(), "That is the mean of the members with a tie, not of their friends."),
        (found.friends_pooled - 1, "That is how many *further* ties a friend has. The one to the member counts too."),
        ((each**2).mean(), "That is the mean of the squares. Divide their sum by the sum of the ties, not by people."),
        ((tied**2).mean(), "That is the mean of the squares. Divide their sum by the sum of the ties, not by people."),
        (theirs.median(), "That is a median, of the members' friends. Asked is the mean over the ends of ties."),
        (found.friends_pooled / 2, "Each tie has two ends, and both are counted above and below the line."),
        (2 * found.friends_pooled, "Both ends of a tie count, but they count below the line too."),
        (found.friends_pooled / each.mean(), "That is a ratio: how many times the mean of members."),
        (found.friends_pooled - each.mean(), "That is the difference to the members' mean."),
        (each.max(), "That is the largest number of ties."),
        ((each**2).sum(), "That is the sum of the squares. Divide it by the sum of the ties."),
    ):
        yield {"over_ties": value}, sentence
    own = tied[theirs.index]
    middles = pd.Series({person: tied[list(graph.neighbors(person))].median() for person in tied.index})
    yield {"fewer": (middles > own).mean()}, "You took the median of her friends. Asked is their mean."
    for value, sentence in (
        ((theirs > own).sum() / len(each), "You divided by all members. Below the line stand those who have a friend."),
        ((theirs >= own).mean(), "Those who are level with their friends are in. Asked is: fewer."),
        ((theirs < own).mean(), "Those are the members who have more than their friends."),
        ((theirs <= own).mean(), "Those are the members who have as many as their friends, or more."),
        ((tied < found.friends_pooled).mean(), "You held every member against one average of all. Hold her against "
                                               "her own friends."),
        ((tied < found.friends_per_person).mean(), "You held every member against one average of all. Hold her against "
                                                   "her own friends."),
        ((each < found.friends_pooled).mean(), "You held every member against one average of all. Hold her against "
                                               "her own friends."),
        ((each < each.mean()).mean(), "Those have fewer than the mean member. Asked is: fewer than their own friends."),
        ((tied < tied.mean()).mean(), "Those have fewer than the mean member. Asked is: fewer than their own friends."),
        ((theirs > own).sum(), "That is a number of members. Asked is a share of those with a tie."),
    ):
        yield {"fewer": value}, sentence


def windows(asked):
    """Other windows and sides of the order (3.1c)."""
    orders, right = asked.paid_orders, asked.right()
    before, after = orders.before <= 7, orders.after <= 7
    both = (before | after).mean()
    yield {"before_share": both}, "Touches after the order are in. What came after it cannot have brought it."
    yield {"before_share": after.mean()}, "Those are touches after the order: you turned the time round."
    yield {"before_share": orders.before.notna().mean()}, "You counted any touch before the order, however long before."
    yield {"before_share": (orders.before.notna() | orders.after.notna()).mean()}, (
        "Those are orders of customers with any touch at all. Asked are seven days before the order.")
    for days in (1, 3, 14, 28, 30):
        yield {"before_share": (orders.before <= days).mean()}, f"Your window has {days} days. Asked are seven."
    yield {"before_share": before.groupby(orders.customer_id).mean().mean()}, (
        "You averaged over customers. Every order counts once.")
    yield {"before_share": before.sum()}, "That is a number of orders. Divide it by all of them."
    yield {"before_share": before.sum() / len(samples.touched_orders(asked.tables))}, (
        "You divided by all paid orders. Below the line stand those of the social shop.")
    yield {"before_share": before.sum() / orders.customer_id.isin(samples.touches(asked.tables).customer_id).sum()}, (
        "You left out the orders of buyers without any touch. They are orders too.")
    yield {"before_share": 1 - right[0]}, "Those are the orders without a touch."
    yield {"before_share": (before & after).mean()}, "Those had a touch on both sides. A touch before is enough."
    for value, sentence in (
        (100 * after.mean(), "Those are all orders with a touch after. How many come in that had none before?"),
        (both, "That is the careless share itself. Asked is how many points it is above the right one."),
        (100 * both, "That is the careless share itself. Asked is how many points it is above the right one."),
        (100 * (both / right[0] - 1), "That is in per cent of the right share. Points are the plain difference."),
        (both / right[0], "That is a ratio. Points are the plain difference, times 100."),
        (both - right[0], "That is a fraction. A percentage point is a hundredth: multiply by 100."),
        (100 * (after.mean() - right[0]), "That holds after against before. Asked is before *or* after, less before."),
        (-right[1], "The sign is turned: counting more touches makes the share larger."),
        (100 * (before & after).mean(), "Those had a touch on both sides; they are in the right share already."),
    ):
        yield {"careless_points": value}, sentence


def kinds_of_touch(asked):
    """Touches of all kinds, and the table's own column of orders."""
    tables, orders = asked.tables, asked.paid_orders
    if "touchpoints" not in tables:
        return
    touched = tables.touchpoints
    for kinds, sentence in (
        (touched, "Touches of all kinds are in: rooms, search and paid ones too. Keep `kind == \"social\"`."),
        (touched[touched.kind == "live"], "Those are touches by live rooms. Keep `kind == \"social\"`."),
    ):
        near = pd.merge_asof(
            orders[["order_id", "customer_id", "created"]], kinds[["customer_id", "touched"]].sort_values("touched"),
            left_on="created", right_on="touched", by="customer_id", allow_exact_matches=False)
        yield {"before_share": (near.created - near.touched <= pd.Timedelta(days=7)).mean()}, sentence
    named = touched[touched.kind == "social"].order_id
    yield {"before_share": orders.order_id.isin(named).mean()}, (
        "You took the column `order_id` of the touches: it names one order a touch, the next, and misses a second "
        "order in the same seven days.")
    yield {"before_share": orders.order_id.isin(touched.order_id).mean()}, (
        "You took the column `order_id` of touches of all kinds. Keep the social ones, and look at the time.")


def other_orders(asked):
    """Orders of all sources or of members, unpaid ones, lines."""
    tables = asked.tables
    yield asked.but(source=None), "Those are all paid orders. Keep those placed in the social shop."
    for source in ("live", "shelf"):
        yield asked.but(source=source), f"Those are orders of the source {source}. Keep `source == \"social\"`."
    every = samples.touched_orders(tables)
    if "customers" in tables and "member_since" in tables.customers:
        members = samples.members(tables).index
        yield asked.shares(every[every.customer_id.isin(members)]), (
            "Those are all orders of members, from rooms and shelf too. Keep `source == \"social\"`.")
        yield asked.shares(every[every.source.eq("social") & every.customer_id.isin(samples.social_map(tables))]), (
            "You left out buyers who stand in no tie. A touch needs none.")
    yield asked.but(orders=lambda d: d.assign(paid=d.created)), (
        "Unpaid orders are in: keep those with a time in `paid`.")
    yield asked.but(orders=lambda d: d.assign(order_id=d.order_id + d.line_no.astype(str))), (
        "You counted lines. The lines of one basket are one order.")


def explanations():
    """What does not explain the four figures of 3.1d."""
    alike = "Nobody has to copy anybody for that: friends were alike before either of them bought."
    yield {"friends_repeat": "influence"}, alike
    yield {"friends_repeat": "sampling"}, "How many ties they have is not asked: both groups were found through a tie."
    yield {"friends_repeat": "time"}, "No date is turned round here. Ask whether friends resemble each other anyway."
    arithmetic = "Who has many ties is somebody's friend many times. That is so in any network, whatever people do."
    for other in ("likeness", "influence", "time"):
        yield {"popular_friends": other}, arithmetic
    dates = "It counts touches from seven days before to seven days after. What came after cannot have brought it."
    for other in ("likeness", "influence", "sampling"):
        yield {"touch_after": other}, dates
    lot = "A lot chose whose friends they are, so both groups of friends are alike, and equally well tied."
    for other in ("likeness", "sampling", "time"):
        yield {"lottery": other}, lot
