"""Exercises of section 5.3: how long viewers stay, and what makes them leave."""

from functools import cached_property

import numpy as np

from liveshop.course.chapter_5 import samples
from liveshop.course.chapter_5.wrong import staying
from liveshop.course.chapter_5.wrong.staying import NAGGING, PROMPT_MINUTES, PROMPT_RATIO, average_ratio
from liveshop.methods import retention
from liveshop.practice import Exercise, Field, exercise

SOURCE, LATE_SECONDS = "search", 600        # 5.3a looks at these entries in the last ten minutes


@exercise(
    "5.3a",
    title="Median watch time, with viewers still there at the end",
    fields=[Field("median_seconds", "Median watch time", "seconds", decimals=0)],
    hint=["Whoever was still there at the end would have stayed longer, nobody knows how long.",
          "`methods.retention.median_minutes` counts her as present until then and as nothing afterwards; mind its "
          "unit."],
    needs=("viewer_sessions", "streams"),
)
class CensoredMedian(Exercise):
    praise = ("The curve uses each viewer for exactly as long as she was seen. The plain median is too short here, "
              "because for those who stayed to the end it takes the end of the broadcast for a decision of theirs.")
    explain = ("Kaplan–Meier multiplies, second by second, the share that did not leave among those who could still be "
               "seen. A censored viewer counts below the line while she is there and never above it.")
    source, seconds = SOURCE, LATE_SECONDS

    @cached_property
    def late(self):
        """Entries from this source in the last seconds of a broadcast; None for either: all."""
        entries = self.tables.viewer_sessions
        entries = entries[entries.source == self.source] if self.source else entries
        left = entries.stream_id.map(self.tables.streams.set_index("stream_id").stream_seconds) - entries.entered_second
        return entries[left <= self.seconds] if self.seconds else entries

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
        yield late["watch_seconds"].mean(), "That is the mean, and with the stays cut off at that. The median is asked."
        yield left["watch_seconds"].mean(), (
            "That is a mean, and only of those who left. The median is asked, and those who stayed belong to it.")
        yield self.but(seconds=None).late["watch_seconds"].median(), (
            f"That is the plain median of all entries from {self.source}; only those of the last ten minutes are "
            "asked.")
        yield late[late["stayed_to_end"].astype(bool)]["watch_seconds"].median(), (
            "Those are only the viewers who stayed to the end.")

    def variants(self):
        yield self.but(seconds=None), (
            f"Those are entries from {self.source} of other minutes too, not only of the last ten.")
        yield self.but(source=None), "Those are the entries of all sources."
        yield self.but(source=None, seconds=None), "Those are all entries of all sources."
        for minutes in (5, 15, 20):
            yield self.but(seconds=60 * minutes), f"Those are the last {minutes} minutes. Ten are asked."
        for source in ("feed", "follow", "share", "paid", "video"):
            yield self.but(source=source), f"Those are entries from `{source}`; asked is `{self.source}`."

    def rarer(self):
        return staying.median(self)


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
        Field("extra", "How much higher is the leaving hazard", "fraction (0.10 means 10 % higher)", decimals=2),
        Field("leavers", "Leavers of 1,000 in a stalled minute", "viewers", decimals=0, tolerance=2, least=0,
              most=1000),
        Field("reading", "In words", options=READINGS),
    ],
    hint=["The ratio multiplies the hazard, not the share and not the minutes.",
          "A hazard is a rate: the share still there after a minute is exp(−hazard)."],
    needs=("viewer_sessions", "stream_minutes"),
)
class StutterHazard(Exercise):
    praise = ("A hazard ratio multiplies a rate for as long as the cause lasts, here two minutes. "
              "How many minutes of watching it costs depends on how long viewers would have stayed.")
    explain = ("Extra hazard = ratio − 1. With a hazard h per minute, 1 − exp(−h) leave within the minute; "
               "the stalled minute has ratio × h. A ratio of 1.8 is no 1.8 minutes and no 80 % of the room.")
    sources, usual = "source", 0.25      # usual: leavers per viewer and minute while nothing is wrong

    @cached_property
    def hazard(self):
        """The row of a stalled picture of the hazard regression, on the exercise's sample."""
        rows = retention.episodes(self.tables.viewer_sessions, minutes=self.tables.stream_minutes, sample=40_000,
                                  keep=["source"], seed=5)
        rows = rows.assign(stalled=samples.stalled(rows))
        return retention.leaving_hazard(rows, ["stalled"], by=self.sources).loc["stalled"]

    @staticmethod
    def leaving(hazard):
        """How many of 1,000 leave within a minute at this hazard."""
        return 1000 * (1 - np.exp(-hazard))

    def right(self):
        ratio = float(self.hazard.hazard_ratio)
        return ratio - 1, self.leaving(self.usual * ratio), "C"

    def mistakes(self):
        row, usual = self.hazard, self.usual
        ratio = float(row.hazard_ratio)
        yield {"extra": ratio}, (
            "That is the ratio itself. A ratio of 1 would be no change, so the extra is the ratio less 1.")
        yield {"extra": 1 - 1 / ratio}, (
            "That is what one over the ratio takes away: you read it as a change in minutes. The ratio multiplies the "
            "rate of leaving.")
        yield {"extra": np.log(ratio)}, "That is the coefficient, the logarithm of the ratio."
        yield {"extra": row.standard_error}, "That is the standard error of the coefficient."
        for end in ("low", "high"):
            yield {"extra": row[end] - 1}, f"That is the {end} end of the interval, less 1. Take the estimate."
            yield {"extra": row[end]}, f"That is the {end} end of the interval. Take the estimate, less 1."
        yield {"leavers": 1000 * usual * ratio}, ("That is hazard × 1,000. As viewers leave, fewer are left "
                                                  "who could: 1 − exp(−hazard) of them go within the minute.")
        yield {"leavers": self.leaving(usual) * ratio}, (
            "You multiplied the share that leaves. The ratio belongs to the hazard, inside the exponential.")
        yield {"leavers": self.leaving(usual)}, "That is an ordinary minute; the stalled one is asked."
        yield {"leavers": 1000 * usual}, (
            "That is the ordinary hazard × 1,000. The stalled minute is asked, and a hazard is no share.")
        yield {"leavers": 1000 * np.exp(-usual * ratio)}, "That is how many stay."
        yield {"leavers": self.leaving(usual * ratio) - self.leaving(usual)}, (
            "Those are the further leavers, beside the ordinary ones. All who leave are asked.")
        yield {"leavers": 1000 * usual * (ratio - 1)}, (
            "That is the extra hazard × 1,000. All who leave are asked, and a hazard is no share.")
        yield {"leavers": self.leaving(usual * (ratio - 1))}, (
            "You took the extra hazard alone. The whole hazard of a stalled minute is ratio × 0.25.")
        yield {"leavers": self.leaving(ratio)}, "You left the 0.25 out: the hazard is ratio × 0.25."
        yield {"leavers": self.leaving(usual + ratio - 1)}, (
            "You added the extra to the hazard. The ratio multiplies it.")
        yield {"leavers": 1000 * (1 - (1 - usual) ** ratio)}, (
            "You took 0.25 as the share that leaves. It is the hazard: exp(−0.25) of the room stay an ordinary minute.")
        yield {"leavers": self.leaving(usual * ratio) / 1000}, "That is the share of the room. Of 1,000 are asked."
        yield {"leavers": self.leaving(usual / ratio)}, "You divided by the ratio. A stalled picture makes more leave."
        yield {"leavers": self.leaving(2 * usual * ratio)}, "That is after two minutes; one is asked."
        yield {"reading": "A"}, ("Only if the picture stalled for the whole stay, and even then only if the "
                                 "hazard did not change with time. A stall of a minute costs far less.")
        yield {"reading": "B"}, (
            "A hazard ratio has no unit: it multiplies a rate and says nothing in minutes by itself.")
        yield {"reading": "D"}, (
            "The share that leaves depends on the hazard there was to begin with; the ratio only multiplies it.")

    def variants(self):
        yield self.but(sources=None), "All sources are in one pot there: `by=\"source\"` compares like with like."

    def rarer(self):
        return staying.hazard(self)


@exercise(
    "5.3c",
    title="The best prompt interval when prompts tire",
    fields=[
        Field("interval", "Minutes between prompts", "whole minutes from 1 to 12", decimals=0, least=1, most=12,
              whole=True),
        Field("ratio", "Average hazard ratio at that interval", "ratio to the hazard without prompts", decimals=3),
    ],
    hint=["Two things change with the interval: how much of the effect is left on average, and how many prompts fall "
          "into ten minutes.",
          "Write a function that averages the fading effect over the seconds between two prompts and multiplies by the "
          "fatigue; then try 1 to 12."],
)
class PromptInterval(Exercise):
    praise = ("And look how flat it is: four and five minutes are less than half a point apart. "
              "What must not happen is one every minute, which is worse than silence.")
    explain = ("Between two prompts k minutes apart the ratio is 0.60 ** (1 − s / 5) at s minutes, averaged over s "
               "from 0 to k, times exp(0.10 × (10 / k − 2)) where k is below 5. The average is smallest at 4.")
    slips = {}

    def average(self, interval):
        return average_ratio(interval, **self.slips)

    def right(self):
        best = min(range(1, 13), key=self.average)
        return best, self.average(best)

    def mistakes(self):
        best, lowest = self.right()
        for other in range(2, 13):
            if other != best:
                yield {"interval": other}, {
                    5: "Waiting until the effect is gone wastes its last minutes: a slightly earlier prompt costs "
                       "little fatigue and keeps the hazard lower. (Or did you add the fatigue to the ratio, without "
                       "its exponential?)",
                    2: "At two minutes five prompts fall into ten minutes; the fatigue eats most of what they bring.",
                    3: "Close, but three minutes already pay for 1.3 prompts too many. Did you count the fatigue for "
                       "prompts above two within ten minutes?",
                    10: "That is the span in which prompts are counted. Half of that time nothing works.",
                }.get(other, f"At {other} minutes nothing works for {other - 5} of them. Earlier is better.")
            if other in (2, 3, 5):
                yield {"ratio": average_ratio(other)}, f"That is the average at {other} minutes between prompts."
        yield {"ratio": PROMPT_RATIO}, "That is the ratio in the second after a prompt; it fades from then on."
        yield {"ratio": average_ratio(1)}, "That is the average at one prompt a minute."
        at_best = {
            "That average leaves out the fatigue of the prompts above two within ten minutes.": {"fatigue": 0},
            "You let every prompt tire. Only those above two within ten minutes do.": {"above": 0},
            "The effect fades in a straight line on the log scale, not as a ratio.": {"linear": True},
            "You added the fatigue to the ratio. It is on the log scale: multiply by its exponential.": {"added": True},
            "You took the ratio at whole minutes only. It changes within a minute: use a finer grid.": {
                "since": np.arange},
            "You took the ends of the minutes only. The effect is larger before: use a finer grid.": {
                "since": lambda interval: np.arange(interval) + 1},
        }
        for sentence, slips in at_best.items():
            yield {"ratio": average_ratio(best, **slips)}, sentence
        since = (np.arange(60 * best) + 0.5) / 60
        log = np.log(PROMPT_RATIO) * np.clip(1 - since / PROMPT_MINUTES, 0, None)
        tired = NAGGING * max(10 / best - 2, 0)
        yield {"ratio": np.exp(log.mean() + tired)}, (
            "You averaged the logarithms. Asked is the average of the ratios: exponential first, then the mean.")
        yield {"ratio": np.exp(log).mean() * (1 + tired)}, (
            "You multiplied by 1 + the fatigue. It is on the log scale: multiply by its exponential.")
        yield {"ratio": np.exp(tired)}, "That is the fatigue alone."

    def variants(self):
        for sentence, slips in {
            "You left the fatigue out: at one a minute ten prompts fall into ten minutes, eight of them too many, and "
            "the average is above 1.": {"fatigue": 0},
            "You let every prompt tire. Only those above two within ten minutes do.": {"above": 0},
        }.items():
            yield self.but(slips=slips), sentence
        for parts in (2, 4, 10, 100):
            grid = [i / parts for i in range(parts, 12 * parts + 1)]
            finest = min(grid, key=average_ratio)
            if finest != round(finest):
                yield (finest, average_ratio(finest)), "You tried parts of minutes too. Whole minutes are asked."

    def rarer(self):
        return staying.interval(self)


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
    hint=["For each comparison ask: what must a viewer have survived to be counted in this group?",
          "If the answer is “nothing before the clock starts”, time is not immortal."],
)
class SpotImmortalTime(Exercise):
    praise = ("A, C and E put a viewer into a group by something that needs time to happen, and then count that time "
              "as the group's success. F has no immortal time, and still proves no cause: followers were different "
              "people before they came.")
    explain = ("Ask when the clock starts and when the group is known. In B and D both happen at the same moment, in F "
               "the group is known at the door. In A, C and E the group is known only later, and whoever left before "
               "could not get in.")

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
