"""Exercises of section 5.3: how long viewers stay, and what makes them leave."""

from functools import cached_property

import numpy as np

from liveshop.course.chapter_5 import samples
from liveshop.methods import retention
from liveshop.practice import Exercise, Field, exercise

LATE_SECONDS = 600        # 5.3a looks at entries in the last ten minutes
ORDINARY_HAZARD = 0.25    # 5.3b: leavers per viewer and minute while nothing is wrong
PROMPT_RATIO, PROMPT_MINUTES, NAGGING = 0.70, 5.0, 0.05   # 5.3c, as the text of the exercise gives them


@exercise(
    "5.3a",
    title="Median watch time, with viewers still there at the end",
    fields=[Field("median_seconds", "Median watch time", "seconds", decimals=0, tolerance=1.0)],
    hint="Whoever was still there at the end would have stayed longer, nobody knows how long. "
         "`methods.retention.median_minutes` counts her as present until then and as nothing afterwards; mind its "
         "unit.",
    needs=("viewer_sessions", "streams"),
)
class CensoredMedian(Exercise):
    praise = ("The curve uses each viewer for exactly as long as she was seen. The plain median is too short here, "
              "because for those who stayed to the end it takes the end of the broadcast for a decision of theirs.")
    explain = ("Kaplan–Meier multiplies, second by second, the share that did not leave among those who could still be "
               "seen. A censored viewer counts below the line while she is there and never above it.")
    code = """
seconds_of = tables.streams.set_index("stream_id").stream_seconds
followers = tables.viewer_sessions[tables.viewer_sessions.source == "follow"]
late = followers[followers.stream_id.map(seconds_of) - followers.entered_second <= 600]
median_seconds = 60 * methods.retention.median_minutes(late)
"""

    @cached_property
    def late(self):
        """Entries from followed hosts in the last ten minutes of a broadcast."""
        seconds = self.tables.streams.set_index("stream_id").stream_seconds
        followers = self.tables.viewer_sessions[self.tables.viewer_sessions.source == "follow"]
        return followers[followers.stream_id.map(seconds) - followers.entered_second <= LATE_SECONDS]

    def right(self):
        return 60 * retention.median_minutes(self.late)

    def mistakes(self):
        late = self.late
        left = late[~late["stayed_to_end"].astype(bool)]
        yield late["watch_seconds"].median(), (
            "You took the end of the broadcast for a decision to leave: viewers who stayed to the end count as leavers "
            "in that median.")
        yield left["watch_seconds"].median(), (
            "You dropped the viewers who stayed to the end. They are the patient ones, so what is left looks more "
            "impatient than the room was.")
        yield self.right() / 60, "That is the median in minutes; seconds are asked."
        yield late["watch_seconds"].mean(), "That is the mean, and with the stays cut off at that. The median is asked."
        everyone = self.tables.viewer_sessions[self.tables.viewer_sessions["source"] == "follow"]
        yield everyone["watch_seconds"].median(), (
            "That is the plain median of all entries from followed hosts; only those of the last ten minutes are "
            "asked.")


READINGS = {
    "A": "Stays become shorter by that factor.",
    "B": "She stays that many minutes less.",
    "C": "She leaves at a higher rate while the picture stalls.",
    "D": "That share of the room leaves.",
}


@exercise(
    "5.3b",
    title="Read a hazard ratio",
    fields=[
        Field("extra", "How much higher is the leaving hazard", "fraction (0.10 means 10 % higher)", decimals=2,
              tolerance=0.03),
        Field("leavers", "Leavers of 1,000 in a stalled minute", "viewers", decimals=0, tolerance=6),
        Field("reading", "In words", options=READINGS),
    ],
    hint="A hazard is a rate: the share still there after a minute is exp(−hazard). The ratio multiplies the hazard, "
         "not the share and not the minutes.",
    needs=("viewer_sessions", "stream_minutes"),
)
class StutterHazard(Exercise):
    praise = ("A hazard ratio multiplies a rate for as long as the cause lasts, here two minutes. "
              "How many minutes of watching it costs depends on how long viewers would have stayed.")
    explain = ("Extra hazard = ratio − 1. With a hazard h per minute, 1 − exp(−h) leave within the minute; "
               "the stalled minute has ratio × h. A ratio of 1.8 is no 1.8 minutes and no 80 % of the room.")
    code = """
ratio = stall_hazard.loc["stalled", "hazard_ratio"]
extra = ratio - 1
leavers = 1000 * (1 - np.exp(-0.25 * ratio))
reading = "C"
"""

    @cached_property
    def ratio(self):
        """The hazard ratio of a stalled picture on the exercise's sample."""
        rows = retention.episodes(self.tables.viewer_sessions, minutes=self.tables.stream_minutes, sample=40_000,
                                  keep=["source"], seed=5)
        hazard = retention.leaving_hazard(rows.assign(stalled=samples.stalled(rows)), ["stalled"], by="source")
        return float(hazard.loc["stalled", "hazard_ratio"])

    def right(self):
        ratio = self.ratio
        return ratio - 1, 1000 * (1 - np.exp(-ORDINARY_HAZARD * ratio)), "C"

    def mistakes(self):
        ratio = self.ratio
        yield {"extra": ratio}, (
            "That is the ratio itself. A ratio of 1 would be no change, so the extra is the ratio less 1.")
        yield {"extra": 1 - 1 / ratio}, (
            "That is what one over the ratio takes away: you read it as a change in minutes. The ratio multiplies the "
            "rate of leaving.")
        yield {"extra": np.log(ratio)}, "That is the coefficient, the logarithm of the ratio."
        yield {"leavers": 1000 * ORDINARY_HAZARD * ratio}, ("That is hazard × 1,000. As viewers leave, fewer are left "
                                                            "who could: 1 − exp(−hazard) of them go within the minute.")
        yield {"leavers": 1000 * (1 - np.exp(-ORDINARY_HAZARD)) * ratio}, (
            "You multiplied the share that leaves. The ratio belongs to the hazard, inside the exponential.")
        yield {"leavers": 1000 * (1 - np.exp(-ORDINARY_HAZARD))}, (
            "That is an ordinary minute; the stalled one is asked.")
        yield {"leavers": 1000 * np.exp(-ORDINARY_HAZARD * ratio)}, "That is how many stay."
        yield {"reading": "A"}, ("Only if the picture stalled for the whole stay, and even then only if the "
                                       "hazard did not change with time. A stall of a minute costs far less.")
        yield {"reading": "B"}, (
            "A hazard ratio has no unit: it multiplies a rate and says nothing in minutes by itself.")
        yield {"reading": "D"}, (
            "The share that leaves depends on the hazard there was to begin with; the ratio only multiplies it.")


def average_ratio(interval, fatigue=NAGGING):
    """Mean hazard ratio between two prompts `interval` minutes apart, on a grid of seconds."""
    since = (np.arange(round(60 * interval)) + 0.5) / 60
    fading = np.log(PROMPT_RATIO) * np.clip(1 - since / PROMPT_MINUTES, 0, None)
    return float(np.exp(fading).mean() * np.exp(fatigue * max(10 / interval - 2, 0)))


@exercise(
    "5.3c",
    title="The best prompt interval when prompts tire",
    fields=[
        Field("interval", "Minutes between prompts", "whole minutes", decimals=0, tolerance=0.01),
        Field("ratio", "Average hazard ratio at that interval", "fraction of the hazard without prompts", decimals=3,
              tolerance=0.004),
    ],
    hint="Write a function that averages the fading effect over the seconds between two prompts and multiplies by the "
         "fatigue; then try 1 to 12.",
)
class PromptInterval(Exercise):
    praise = ("And look how flat it is: three, four and five minutes are about a point apart. "
              "What must not happen is one every minute, which is worse than silence.")
    explain = ("Between two prompts k minutes apart the ratio is 0.70 ** (1 − s / 5) at s minutes, averaged over s "
               "from 0 to k, times exp(0.05 × (10 / k − 2)) where k is below 5. The average is smallest at 4.")
    code = """
def average_ratio(interval):
    since = (np.arange(60 * interval) + 0.5) / 60
    fading = np.log(0.70) * np.clip(1 - since / 5, 0, None)
    return np.exp(fading).mean() * np.exp(0.05 * max(10 / interval - 2, 0))

interval = min(range(1, 13), key=average_ratio)
ratio = average_ratio(interval)
"""

    def right(self):
        best = min(range(1, 13), key=average_ratio)
        return best, average_ratio(best)

    def mistakes(self):
        best = self.right()[0]
        yield {"interval": 1}, (
            "You left the fatigue out: at one a minute ten prompts fall into ten minutes, eight of them too many, and "
            "the average is above 1.")
        yield {"interval": 5}, (
            "Waiting until the effect is gone wastes its last minutes: a slightly earlier prompt costs little fatigue "
            "and keeps the hazard lower.")
        yield {"interval": 2}, (
            "At two minutes five prompts fall into ten minutes; the fatigue eats most of what they bring.")
        yield {"interval": 3}, (
            "Close, but three minutes already pay for 1.3 prompts too many. Did you count the fatigue for prompts "
            "above two within ten minutes?")
        yield {"interval": 10}, "That is the span in which prompts are counted. Half of that time nothing works."
        yield {"ratio": average_ratio(best, fatigue=0)}, (
            "That average leaves out the fatigue of the prompts above two within ten minutes.")
        yield {"ratio": PROMPT_RATIO}, "That is the ratio in the second after a prompt; it fades from then on."
        yield {"ratio": 1 - average_ratio(best)}, "That is the reduction; the ratio is one less that."


IMMORTAL, FAIR = "immortal time", "no immortal time"
WITHIN = "Nobody had to last to get into a group:"


@exercise(
    "5.3d",
    title="Spot the immortal time",
    fields=[
        Field("a", "A. Viewers who commented watched three times as long as viewers who did "
                   "not", options=(IMMORTAL, FAIR)),
        Field("b", "B. Of those still there at minute 3, those who had commented by then stayed as much longer as "
                   "those who had not", options=(IMMORTAL, FAIR)),
        Field("c", "C. Viewers whose picture stalled at least once watched longer than viewers whose picture never "
                   "did", options=(IMMORTAL, FAIR)),
        Field("d", "D. Of those in the room when a coin was tossed, fewer left in the next minute when the prompt was "
                   "spoken", options=(IMMORTAL, FAIR)),
        Field("e", "E. Winners of the draw at minute 40 watched longer than the average "
                   "viewer", options=(IMMORTAL, FAIR)),
        Field("f", "F. Viewers who came from the page of followed hosts stayed longer than those from the "
                   "feed", options=(IMMORTAL, FAIR)),
    ],
    hint="For each comparison ask: what must a viewer have survived to be counted in this group? If the answer is "
         "“nothing before the clock starts”, time is not immortal.",
)
class SpotImmortalTime(Exercise):
    praise = ("A, C and E put a viewer into a group by something that needs time to happen, and then count that time "
              "as the group's success. F has no immortal time, and still proves no cause: followers were different "
              "people before they came.")
    explain = ("Ask when the clock starts and when the group is known. In B and D both happen at the same moment, in F "
               "the group is known at the door. In A, C and E the group is known only later, and whoever left before "
               "could not get in.")
    code = (
        'verdicts = ["immortal time", "no immortal time", "immortal time", "no immortal time", "immortal time", "no '
        'immortal time"]')

    def right(self):
        return IMMORTAL, FAIR, IMMORTAL, FAIR, IMMORTAL, FAIR

    def mistakes(self):
        yield {"a": FAIR}, (
            "A viewer who leaves after ten seconds has hardly had time to comment, so she falls into the other group "
            "because she left.")
        yield {"b": IMMORTAL}, (
            f"{WITHIN} both are counted from minute 3, and both were there then. That is the landmark.")
        yield {"c": FAIR}, (
            "A stall has more chances to happen in a longer stay. It is the comment's comparison with the sign that "
            "gives it away: nobody believes that stalls keep viewers.")
        yield {"d": IMMORTAL}, (
            f"{WITHIN} everyone was in the room when the coin fell, and the coin knew nothing about them.")
        yield {"e": FAIR}, (
            "To win at minute 40 one must be there at minute 40: forty minutes are a gift of the definition.")
        yield {"f": IMMORTAL}, (
            f"{WITHIN} the source is known at the door. (It is no cause either, but that is another trap: selection.)")
