"""Wrong ways in section 6.2: interaction rates, a ratio in words, and the regret of thirty days."""

import numpy as np

from liveshop.methods import bandit

TYPES = ["photo", "video", "live", "link", "status"]

# -- interaction rates (6.2a) ------------------------------------------------------------------------------


def tops_and_bases(asked):
    """Other numbers above and below the line, in both rates."""
    for top, below, sentence in (
        ("actions", "viewers", "You counted actions. A person who likes, comments and shares is one person: use "
                               "`engaged`."),
        ("shown", "viewers", "You counted actions, without the clicks. Use `engaged`: persons who responded."),
        ("actions", "impressions", "That is actions per impression; both ends should be persons, `engaged` over "
                                   "`viewers`."),
        ("shown", "impressions", "That is actions per impression; both ends should be persons, `engaged` over "
                                 "`viewers`."),
        ("engaged", "impressions", "Right on top, wrong below: impressions count every showing, and many people are "
                                   "shown a post more than once. Divide by `viewers`."),
        ("reactions", "viewers", "Reactions are actions, and comments, shares and clicks are left out. Use `engaged`."),
        ("reactions", "impressions", "That is reactions per impression, the figure of the table above. Here persons "
                                     "are asked."),
        ("clicks", "impressions", "That is the click-through rate of the showings. Here persons are asked."),
        ("viewers", "impressions", "That is the share of showings that reached somebody new. Put `engaged` on top."),
        ("engaged", "actions", "You divided persons by actions. Divide by the persons who saw it, `viewers`."),
        ("engaged", "reactions", "You divided persons by reactions. Divide by the persons who saw it, `viewers`."),
        *((one, "viewers", "That is a part of the actions. Use `engaged`: persons who responded in any way.")
          for one in ("clicks", "comments", "shares", "talk")),
    ):
        yield asked.both(lambda rows, top=top, below=below: asked.rate(rows, top, below)), sentence


def means(asked):
    """Other ways to put the rows together, in both rates."""
    every = asked.persons
    for value, sentence in (
        (lambda rows: (rows.engaged / rows.viewers).mean(), "You averaged the rates of the rows. A post seen by forty "
                                                            "people then counts as much as one seen by thousands; "
                                                            "divide the sums."),
        (lambda rows: (rows.engaged / rows.viewers).median(), "You took the median of the rows. A row seen by forty "
                                                              "people then counts as much as one seen by thousands; "
                                                              "divide the sums."),
        (lambda rows: (rows.engaged > 0).mean(), "That is the share of rows with any response. Divide persons by "
                                                 "persons."),
        (lambda rows: rows.engaged.sum() / rows.post_id.nunique(), "That is persons per post. Divide by the persons "
                                                                   "who saw it."),
        (lambda rows: rows.engaged.sum() / len(rows), "That is persons per row. Divide by the persons who saw it."),
        (lambda rows: rows.engaged.sum(), "That is the top alone: persons who responded. Divide by `viewers`."),
        (lambda rows: rows.viewers.sum(), "That is the base alone: persons who saw it. Divide `engaged` by it."),
        (lambda rows: rows.engaged.sum() / every.viewers.sum(), "You divided by everybody who saw any post. Divide by "
                                                                "the viewers of these posts."),
        (lambda rows: rows.engaged.sum() / every.engaged.sum(), "That is a share of all who responded. Divide by the "
                                                                "persons who saw these posts."),
        (lambda rows: rows.viewers.sum() / every.viewers.sum(), "That is a share of all viewers. Divide `engaged` by "
                                                                "`viewers` of these posts."),
    ):
        yield asked.both(value), sentence


def other_rows(asked):
    """Rates of other posts, or of other readers."""
    every, rate = asked.persons, asked.rate
    links, videos, office = every[every.type == "link"], every[every.type == "video"], every[every.segment == "office"]
    yield {"link": links.groupby("segment").apply(rate, include_groups=False).mean()}, (
        "You averaged the rates of the four segments. They differ in size: divide the sums.")
    by_post = links.groupby("post_id")[["engaged", "viewers"]].sum()
    yield {"link": (by_post.engaged / by_post.viewers).mean()}, (
        "You averaged the rates of the posts. A post with few readers then counts as much as one with thousands; "
        "divide the sums.")
    yield {"link": rate(every)}, "That is the rate of all posts together; keep the links."
    for kind in sorted(set(TYPES) - {"link"}):
        yield {"link": rate(every[every.type == kind])}, f"That is the rate of type {kind}; keep the links."
    for _, rows in links.groupby("segment"):
        yield {"link": rate(rows)}, "That is links in one segment alone; all segments are asked."
    yield {"office_video": rate(videos)}, "That is video for all segments; keep the office readers."
    yield {"office_video": rate(office)}, "That is every format among office readers; keep the videos."
    for kind in sorted(set(TYPES) - {"video"}):
        yield {"office_video": rate(office[office.type == kind])}, f"That is type {kind} among office readers."
    for segment in ("basics", "weekend", "bargain"):
        yield {"office_video": rate(videos[videos.segment == segment])}, (
            f"That is video in the segment {segment}; keep the office readers.")
    both = videos[videos.segment == "office"]
    for part, of in (("engaged", videos), ("engaged", office), ("viewers", videos), ("viewers", office)):
        yield {"office_video": both[part].sum() / of[part].sum()}, (
            "That is the share of office's videos in a larger number. Divide their `engaged` by their `viewers`.")
    yield {"office_video": both.engaged.sum() / videos.viewers.sum()}, (
        "You divided by the viewers of all segments. Divide by the office readers who saw it.")


# -- a ratio in words (6.2b) -------------------------------------------------------------------------------


def per_cents(video, live):
    """What people make of the two ratios, in per cent."""
    of_video = ("That is how many more a live gets than a video. The question goes the other way, so the live is the "
                "base.")
    gains = "You divided what each gains over a photo. Divide the ratios."
    for value, sentence in (
        (100 * (live - video), "You subtracted the ratios: those are points of a *photo's* reactions. Fewer than a "
                               "live means as a share of the live's."),
        (100 * (video - live), "You subtracted the ratios: those are points of a *photo's* reactions. Fewer than a "
                               "live means as a share of the live's."),
        (100 * (live / video - 1), of_video),
        (-100 * (live / video - 1), of_video),
        (100 * video / live, "That is what is left. Fewer by how much? Take it from 100."),
        (100 * live / video, "That is a live in per cent of a video. Take the live as the base."),
        (100 * (video - 1), "That is the video against the photo."),
        (100 * (live - 1), "That is the live against the photo."),
        (100 * video, "That is the ratio of video in per cent. Divide it by that of live, and take the result from "
                      "100."),
        (100 * live, "That is the ratio of live in per cent. Divide that of video by it, and take that from 100."),
        (100 * (2 - video), "You took the gain over a photo from 100. Divide the two ratios."),
        (100 * (2 - live), "You took the gain over a photo from 100. Divide the two ratios."),
        (100 * (1 - 1 / video), "That compares the photo with the video."),
        (100 * (1 - 1 / live), "That compares the photo with the live."),
        (100 * np.log(live / video), "That could be a difference of logarithms, or a share of the mean of both. Take "
                                     "the ratio itself, to the unit."),
        (100 * (video - 1) / (live - 1), gains),
        (100 * (1 - (video - 1) / (live - 1)), gains),
        (100 * (live - video) / (live + video), "You divided by the sum. The live is the base."),
        (live - video, "That is below one, and per cent are asked. Mind that ratios are divided, not subtracted: 1 "
                       "less the one by the other."),
        (live / video, "That is a ratio. How many per cent fewer is asked: take the ratio to the live from 1."),
    ):
        yield {"fewer": value}, sentence


def readings():
    """The other sentences."""
    yield {"meaning": "A"}, (
        "The ratio is no percentage of persons. It multiplies whatever a photo gets, be that three or three hundred.")
    yield {"meaning": "C"}, "How many see it has been taken out: impressions are the base of the ratio."
    yield {"meaning": "D"}, (
        "The ratio multiplies; it adds no fixed number. A post with a hundred times the reactions gains a hundred "
        "times as many.")
    yield {"promise": "B"}, (
        "Author, hour and quarter were held equal; what the picture shows was not. Somebody chose which ideas to film.")
    yield {"promise": "A"}, (
        "They say what to try first. A comparison like for like is a good guess, though not a proof.")
    yield {"promise": "D"}, "She gives up photos, not lives. The comparison to make is with the photo."


# -- thirty days of Thompson sampling (6.2c) ---------------------------------------------------------------


def other_races(asked):
    """Races over other days and readers, or by another rule."""
    for days in (7, 14, 20, 60, 90, 180, 365, 500):
        yield asked.compared(asked.learned(days, 200, 500), asked.rotated(days)), (
            "That could be a race over another number of days. The question asks for 30.")
    for readers in (10, 50, 100, 400, 500, 1000):
        yield asked.compared(asked.learned(30, readers, 500), asked.rotated(30, readers)), (
            "That could be a race with another number of readers. The question has 200: `batch=200`.")
    yield asked.compared(asked.learned(30, 1, 500), asked.rotated(30, 1)), (
        "That is far too small: one reader a post. Every post goes to 200 readers, `batch=200`.")
    yield asked.compared(asked.learned(6000, 1, 30), asked.rotated(6000, 1)), (
        "Your sampler learns after every reader. It learns once a day: 30 days with `batch=200`.")
    for test in (6, 10, 15):
        tested = bandit.split_then_commit(asked.RATES, 30, test, runs=2000, batch=200)
        yield asked.compared(tested, asked.races[1]), f"That looks like the A/B test that commits after {test} days."


def other_numbers(asked):
    """Other numbers of the same race."""
    small = ("That is far too small: the loss of one day, or of one reader. Regret is added up over 30 days of 200 "
             "readers.")
    for value, sentence in (
        (lambda race: race.mean_regret.mean(), "You averaged the cumulative curve over the days. Take its last value."),
        (lambda race: race.mean_regret.sum(), "You added up a curve that is cumulative already. Take its last value."),
        (lambda race: race.mean_regret[0], "That is the first day. Take the last value of the curve."),
        (lambda race: race.mean_regret[9], "That is the tenth day. Take the last value of 30."),
        (lambda race: race.mean_regret[-1] / 30, small),
        (lambda race: race.mean_regret[-1] - race.mean_regret[-2], small),
        (lambda race: race.regret[:, -1].max(), "That is the worst of the runs. Take their mean."),
        (lambda race: race.successes.sum(axis=1).mean(), "Those are the responses won. Regret is what was lost against "
                                                         "posting the best format every day."),
        (lambda race: np.quantile(race.regret[:, -1], 0.95), "That is an end of the runs. Take their mean."),
        (lambda race: race.regret[:, -1].std(), "That is the scatter of the runs. Take their mean."),
    ):
        yield asked.compared(*asked.races, value), sentence


def against_the_calendar(asked):
    """What people set beside the calendar."""
    learned, rotated = asked.races
    loss, whole = learned.mean_regret[-1], rotated.mean_regret[-1]
    best = 30 * 200 * max(asked.RATES)
    yield {"regret": whole}, "That is the fixed calendar's regret. Learning should cost less."
    yield {"regret": whole - loss}, "That is what was saved against the calendar. Asked is what was lost."
    yield {"regret": best}, (
        "That is what the best format would win in 30 days. Regret is the gap between that and what Thompson sampling "
        "wins.")
    yield {"regret": rotated.successes.sum(axis=1).mean()}, "That is what the calendar wins. Asked is what was lost."
    for value in (100 * loss / best, learned.regret[:, -1].std()):
        yield {"regret": value}, (
            "That could be per cent of what the best format would win, or the scatter of the runs. Give the responses "
            "lost, as the mean of the runs.")
    yield {"of_calendar": learned.best_share.mean()}, (
        "That is how often the best format was posted. Divide the regret by the calendar's.")
    for value, sentence in (
        (whole / loss, "You turned it round: the calendar's regret goes below."),
        (1 - loss / whole, "That is the share that was saved. The question asks for the share that is still lost."),
        (whole - loss, "That is a difference in responses. Divide by the calendar's regret."),
        (loss / best, "You divided by what the best format would win. Divide by the calendar's regret."),
        (loss / rotated.mean_regret[0], "You divided by the calendar's first day. Take its last value."),
        (loss / asked.rotated(30, 1).mean_regret[-1], "The calendar too posts to 200 readers: `batch=200`."),
        (loss / rotated.successes.sum(axis=1).mean(), "You divided by what the calendar wins. Divide by its regret."),
        (learned.successes.sum() / len(learned.successes) / (rotated.successes.sum() / len(rotated.successes)),
         "That compares what was won. The regrets are to be compared."),
    ):
        yield {"of_calendar": value}, sentence
