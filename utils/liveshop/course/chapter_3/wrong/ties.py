"""Wrong ways in section 3.1: ties of a member, of friends, orders with a social touch, and what explains a figure."""

import numpy as np
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
            for values in (counted.reindex(members, fill_value=0), counted):
                yield {"mean_ties": values.mean(), "median_ties": values.median()}, one_way
                yield {"mean_ties": values.mean()}, one_way
        twice = followed.reindex(members, fill_value=0) + following.reindex(members, fill_value=0)
        yield {"mean_ties": twice.mean()}, (
            "Pairs who follow each other were counted twice. " + WHICH)
        yield {"mean_ties": twice[twice > 0].mean()}, (
            "Pairs who follow each other were counted twice, and members without a tie are missing. " + WHICH)
    yield from _mutual_and_mixed(asked)
    rows = tables.follows
    touching = rows.follower_id.isin(members) | rows.followed_id.isin(members)
    yield {"mean_ties": touching.sum() / len(members)}, "One end need not be a member in your count. " + WHICH
    yield {"mean_ties": each.sum() / len(everybody)}, "You divided by all customers. Below the line stand the members."
    found = network.friendship_paradox(samples.members_map(tables))
    yield {"mean_ties": found.friends_pooled}, "Those are the ties of friends, not of members: that is exercise b."
    yield {"mean_ties": found.friends_per_person}, "Those are the ties of friends, not of members: that is exercise b."
    yield {"mean_ties": each.median()}, "That is the median, or the mean without its decimals: two are asked."
    yield {"median_ties": each.mean()}, "That is the mean. The median is the number of the member in the middle."
    yield {"mean_ties": each.max()}, "That is the largest number of ties."
    yield {"median_ties": each.max()}, "That is the largest number of ties."
    yield {"mean_ties": each.std()}, "That is the standard deviation."
    for value in (each.quantile(0.25), each.quantile(0.75), each.mode().iloc[0]):
        if value != each.median():
            yield {"median_ties": value}, "That is a quartile or the commonest number, not the middle one."
    yield {"mean_ties": (each == 0).mean()}, "That is the share without a tie."
    yield {"mean_ties": each.sum()}, "That is the sum of all ends of ties. Divide it by the members."
    yield {"mean_ties": each.sum() / 2}, "That is the number of ties."


def _mutual_and_mixed(asked):
    """Ties that run both ways, with one member at least, of strangers; other means (3.1a)."""
    tables, each = asked.tables, asked.each
    members, social = each.index, samples.social_map(tables)
    inside = tables.follows[tables.follows.follower_id.isin(members) & tables.follows.followed_id.isin(members)]
    back = set(zip(inside.followed_id, inside.follower_id, strict=True))
    both = inside[[pair in back for pair in zip(inside.follower_id, inside.followed_id, strict=True)]]
    mutual = both.follower_id.value_counts().reindex(members, fill_value=0)
    yield {"mean_ties": mutual.mean(), "median_ties": mutual.median()}, (
        "You kept only pairs who follow each other. One direction is enough for a tie.")
    yield {"mean_ties": mutual.mean()}, "You kept only pairs who follow each other. One direction is enough for a tie."
    known = set(members)
    touching = [pair for pair in social.edges() if pair[0] in known or pair[1] in known]
    one_end = "One end need not be a member in your count. " + WHICH
    yield {"mean_ties": len(touching) / len(members)}, one_end
    yield {"mean_ties": 2 * len(touching) / len(members)}, one_end
    ends = pd.Series([person for pair in touching for person in pair]).value_counts()
    yield {"mean_ties": ends.mean()}, one_end
    everything = "The ties of all customers stand above the line, and members alone below it. " + WHICH
    yield {"mean_ties": 2 * social.number_of_edges() / len(members)}, everything
    yield {"mean_ties": social.number_of_edges() / len(members)}, everything
    yield {"mean_ties": samples.ties_each(tables).drop(members, errors="ignore").mean()}, (
        "Those are the customers who are no members.")
    tied = each[each > 0]
    yield {"mean_ties": np.exp(np.log(tied).mean())}, "That is a geometric mean of those with a tie. Asked is the mean."
    yield {"mean_ties": each[each <= each.quantile(0.99)].mean()}, "The best tied are left out. All members count."
    if "joined" in tables.customers and "orders" in tables:
        first = tables.orders.created.min().normalize()
        new = tables.customers.customer_id[tables.customers.joined >= first]
        yield {"mean_ties": each[members.isin(new)].mean()}, (
            "You left out members who were customers before the season. They are members too.")


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
    yield from _one_end(asked, each)
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
        ((theirs == own).mean(), "Those are level with their friends. Asked is: fewer."),
    ):
        yield {"fewer": value}, sentence
    yield from _other_friends(asked, tied)


def _one_end(asked, each):
    """Averages over one end of each tie, or over rows of the table (3.1b)."""
    rows, members = asked.tables.follows, each.index
    rows = rows[rows.follower_id.isin(members) & rows.followed_id.isin(members)]
    pairs = pd.DataFrame({"low": rows[["follower_id", "followed_id"]].min(axis=1),
                          "high": rows[["follower_id", "followed_id"]].max(axis=1)}).drop_duplicates()
    low, high = pairs.low.map(each), pairs.high.map(each)
    followers = rows.followed_id.value_counts().reindex(members, fill_value=0)
    following = rows.follower_id.value_counts().reindex(members, fill_value=0)
    one, other = rows.followed_id.map(each), rows.follower_id.map(each)
    only = "You took one end of each tie only. Both ends count, each once."
    twice = "Pairs who follow each other are in it twice. Each pair is one tie."
    for value, sentence in (
        (pd.concat([low, high], axis=1).max(axis=1).mean(), "You took the better tied end of each tie. Both count."),
        (pd.concat([low, high], axis=1).min(axis=1).mean(), "You took the worse tied end of each tie. Both count."),
        (low.mean(), only), (high.mean(), only),
        (one.mean(), "You took the followed end of each row only. Both ends count."),
        (other.mean(), "You took the following end of each row only. Both ends count."),
        (pd.concat([one, other]).mean(), twice),
        (pd.concat([rows.followed_id, rows.follower_id]).map(followers + following).mean(), twice),
        (rows.followed_id.map(followers).mean(), "Those are followers of the followed. A tie runs either way, and has "
                                                 "two ends."),
    ):
        yield {"over_ties": value}, sentence


def _other_friends(asked, tied):
    """Ties with people who are no members, and other ways to hold a member against her friends (3.1b)."""
    inside, social = samples.members_map(asked.tables), samples.social_map(asked.tables)
    every = samples.ties_each(asked.tables)
    ends = pd.DataFrame([(one, other) for pair in inside.edges() for one, other in (pair, pair[::-1])],
                        columns=["her", "friend"])
    own, theirs = ends.her.map(tied), ends.friend.map(tied)
    friends = theirs.groupby(ends.her)
    each = tied.reindex(friends.groups.keys())
    for value, word in ((friends.max(), "her best tied friend"), (friends.sum(), "the sum of her friends")):
        yield {"fewer": (value.reindex(each.index) > each).mean()}, (
            f"You held each member against {word}. Asked is her friends' mean.")
    single = "You held single friends against her, tie by tie or the least tied. Asked is her friends' mean, by member."
    yield {"fewer": (own < theirs).mean()}, single
    yield {"fewer": (friends.min().reindex(each.index) > each).mean()}, single
    yield {"over_ties": pd.concat([ends.her, ends.friend]).map(every).mean()}, (
        "The ends are members, but their ties with people who are no members are counted.")
    wide = pd.DataFrame([(one, other) for one in inside if one in social for other in social.neighbors(one)],
                        columns=["her", "friend"])
    seen = wide.friend.map(every)
    means = seen.groupby(wide.her).mean()
    outside = (means > every.reindex(means.index)).mean()
    mixed = "The friends need not be members in your count. Keep the ties whose two ends are members."
    yield {"over_ties": seen.mean(), "fewer": outside}, mixed
    yield {"over_ties": seen.mean()}, mixed
    yield {"fewer": outside}, mixed
    everybody = network.friendship_paradox(social)
    yield {"over_ties": everybody.friends_per_person}, (
        "That is the mean of means, and of all customers. Asked is over ties, among members.")


def windows(asked):
    """Other windows and sides of the order (3.1c)."""
    orders, right = asked.paid_orders, asked.right()
    before, after = orders.before <= 7, orders.after <= 7
    both = (before | after).mean()
    yield {"before_share": both}, (
        "Touches after the order are in, which cannot have brought it; or you counted customers in place of orders.")
    yield {"before_share": after.mean()}, "Those are touches after the order: you turned the time round."
    yield {"before_share": orders.before.notna().mean()}, "You counted any touch before the order, however long before."
    yield {"before_share": (orders.before.notna() | orders.after.notna()).mean()}, (
        "Those are orders of customers with any touch at all. Asked are seven days before the order.")
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
        (100 * ((before | orders.after.notna()).mean() - right[0]), "You counted any touch after the order, however "
                                                                    "long after. Asked are seven days."),
        (100 * ((orders.before.notna() | orders.after.notna()).mean() - right[0]), "You counted any touch before or "
                                                                                   "after. Asked are seven days."),
        (100 * ((orders.before <= 14).mean() - right[0]), "You made the window before the order longer. Asked is what "
                                                          "touches *after* it add."),
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
        later = pd.merge_asof(
            orders[["order_id", "customer_id", "created"]], kinds[["customer_id", "touched"]].sort_values("touched"),
            left_on="created", right_on="touched", by="customer_id", direction="forward")
        before = near.created - near.touched <= pd.Timedelta(days=7)
        after = later.touched - later.created <= pd.Timedelta(days=7)
        yield {"before_share": before.mean()}, sentence
        yield {"before_share": before.mean(), "careless_points": 100 * ((before | after).mean() - before.mean())}, (
            sentence)
    social = touched[touched.kind == "social"]
    yield {"before_share": orders.customer_id.isin(touched.customer_id).mean()}, (
        "Those are orders of customers with a touch of any kind at any time.")
    yield {"before_share": len(social) / len(touched)}, "That is the share of touches that are social. Count orders."
    yield {"before_share": social.order_id.notna().mean()}, (
        "That is the share of touches that name an order. Count orders, not touches.")
    named = social.order_id
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
    for days in (1, 3, 5, 6, 10, 14, 21, 28, 30):
        yield asked.but(days=days), f"Your window is {days} day{'s' * (days > 1)} long. Asked are seven."
    yield asked.but(days=8), "Your window is eight days long, or whole days are cut off. Seven days are 168 hours."
    own = asked.paid_orders
    yield asked.shares(own.drop_duplicates("customer_id")), (
        "You kept one order of each customer, her first. All her orders count.")
    yield {"before_share": (every.before <= 7).sum() / len(own)}, (
        "Touched orders from rooms and shelf are above the line. Keep the social shop there too.")
    if "channel_id" in tables.orders:
        channel = tables.orders.drop_duplicates("order_id").set_index("order_id").channel_id
        for name, some in own.groupby(own.order_id.map(channel)):
            yield asked.shares(some), f"You kept the orders of one channel, {name}. All channels count."
    if "customers" in tables and "member_since" in tables.customers:
        members = samples.members(tables).index
        yield asked.shares(every[every.customer_id.isin(members)]), (
            "Those are all orders of members, from rooms and shelf too. Keep `source == \"social\"`.")
        yield asked.shares(own[own.customer_id.isin(members)]), (
            "You kept the buyers who are members now. All orders of the social shop count.")
        yield asked.shares(every[every.source.eq("social") & every.customer_id.isin(samples.social_map(tables))]), (
            "You left out buyers who stand in no tie. A touch needs none.")
    yield asked.but(orders=lambda d: d.assign(paid=d.created)), (
        "Unpaid orders are in: keep those with a time in `paid`.")
    yield asked.but(orders=lambda d: d.assign(order_id=d.order_id + d.line_no.astype(str))), (
        "You counted lines. The lines of one basket are one order.")
    yield asked.but(orders=lambda d: d.assign(paid=d.created, order_id=d.order_id + d.line_no.astype(str))), (
        "You counted lines, unpaid ones too. Keep the paid ones, each order once.")


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
