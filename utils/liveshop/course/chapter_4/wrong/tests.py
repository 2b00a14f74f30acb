"""Wrong ways in section 4.4: defects counted, sample size, splits, CUPED and the next step."""

import numpy as np
import pandas as pd

from liveshop.course.chapter_4.samples.past import past_tests, shrunk
from liveshop.methods import experiment


def defects(asked):
    """Other counts of the same defects, for 4.4a."""
    lines, right = asked.lines, asked.right()
    once = lines.drop_duplicates()
    cells = once.stack()
    body = len(lines)
    yield {"titles": 3}, "The headings themselves are no defect: count what stands above them."
    yield {"titles": 0}, "There are lines above the headings: open the file as text."
    yield {"titles": 1}, "There are two lines: a name, and a period."
    groups = int(lines.duplicated(keep=False).sum())
    yield {"doubled": groups}, "You counted both lines of each pair. One of them repeats the other."
    yield {"doubled": body - lines.iloc[:, 0].nunique() + 1}, "One of those that you count is no repeated line."
    yield {"doubled": 0}, "There are doubled lines: compare whole lines."
    yield {"summed": 0}, "Look at the end of the file: 合计 is a total."
    yield {"summed": 2}, "There is one line of totals."
    yield {"codes": right["codes"] + right["dashes"]}, "Count the two signs for nothing apart."
    yield {"dashes": right["codes"] + right["dashes"]}, "Count the two signs for nothing apart."
    for name, found, said in (
        ("codes", (cells == "-124").sum(), "−124"), ("dashes", (cells == "--").sum(), "--"),
        ("wan", cells.str.endswith("万").sum(), "万"), ("percents", cells.str.endswith("%").sum(), "%"),
    ):
        if found != right[name]:
            yield {name: int(found)}, (
                f"You dropped the doubled lines first; {said} is counted in all lines as they stand.")
        yield {name: 0}, f"{said} is there: compare the cells as text, before anything makes numbers of them."
    known = pd.to_numeric(lines.iloc[:, 5], errors="coerce").notna().sum()
    yield {"wan": int(known)}, "Those are the counts that are plain numbers in one column."
    for count in {int(lines[name].str.endswith("万").sum()) for name in lines} - {0}:
        yield {"wan": count}, "That is one column alone, or lines. Count cells, in all columns."
    yield {"percents": body}, "Not every line has a rate: some hold --, and the total has none."
    yield {"percents": 1}, "That is the number of columns with %. Count the cells."
    for letter, said in (("A", "Views are never fewer than viewers, and here they are not."),
                         ("C", "Orders are never fewer than buyers, and here they are not."),
                         ("D", "Likes are many and new followers few in every room; here too.")):
        yield {"swapped": letter}, said + " Compare with `tables.streams` name by name."


def other_counts(asked):
    """Rarer ones: GMV by another road."""
    money = asked.tables.streams.gmv
    yield {"gmv": money.mean()}, "That is the mean of a broadcast. Asked is the sum."
    yield {"gmv": asked.right()["gmv"] / 100}, "You divided by 100 twice, or the yuan once more."
    once = asked.lines.drop_duplicates()
    for value in (len(asked.lines), len(once), len(once) - 1):
        yield {"doubled": value}, "That is how many lines there are. Asked is how many repeat an earlier one."
    yield {"dashes": asked.right()["codes"]}, "That is how often −124 stands there."
    right = asked.right()
    lines, cells = asked.lines, asked.lines.stack()
    yield {"doubled": int(lines["直播标题"].duplicated().sum())}, "Titles repeat. Count lines equal in every cell."
    yield {"codes": int(cells.str.contains("124").sum())}, "Cells that only contain 124 are in. Take whole cells: −124."
    for name, sign in (("codes", "-124"), ("dashes", "--")):
        for count in set((lines == sign).sum()) - {0, right[name]}:
            yield {name: int(count)}, "That is one column alone. Count cells, in all columns."
    yield {"percents": len(lines) - 1}, "Not every line has a rate: some hold --."
    yield {"percents": len(once) - 1}, "That is how many broadcasts there are. Count the cells with %."
    yield {"percents": len(lines) - right["percents"]}, "Those are the lines without a rate. Count those with one."
    yield from _other_money(asked)
    yield {"summed": right["doubled"] + right["summed"]}, "Doubled lines are no totals: count 合计 alone."
    yield {"titles": 4}, "Two lines stand above the headings. The headings, and what is below, are none of them."
    taken = {"codes": right["dashes"], "dashes": right["codes"], "percents": len(once) - 1}
    for name in ("doubled", "codes", "dashes", "wan", "percents"):
        for shift in {-3, -2, -1, 1, 2, 3} - {taken.get(name, right[name]) - right[name]}:
            yield {name: right[name] + shift}, "Near. Take all lines below the headings, and whole cells of text."
    yield {"codes": asked.right()["dashes"]}, "That is how often -- stands there."


def _other_money(asked):
    """GMV of other lines (4.4a)."""
    lines = asked.lines[asked.lines.iloc[:, 0] != "合计"]
    once = lines.drop_duplicates()
    coded, dashed = (once == "-124").any(axis=1), (once == "--").any(axis=1)
    ways = {
        "You dropped both lines of each pair. One of them stays.": [lines.drop_duplicates(keep=False)],
        "One broadcast a title is left. Titles repeat: drop lines that are equal in every cell.": [
            lines.drop_duplicates("直播标题")],
        "You dropped lines with a missing cell. Their GMV is sound.": [
            once[~coded], once[~dashed], once[~coded & ~dashed]]}
    for said, kept in ways.items():
        for rows in kept:
            yield {"gmv": pd.to_numeric(rows["成交总额(分)"]).sum() / 100}, said
    ads = pd.to_numeric(once["投流费用(分)"], errors="coerce").sum() / 100
    yield {"gmv": asked.right()["gmv"] / 1e4}, "That is in 万. Asked are yuan."
    yield {"gmv": ads}, "That is what was spent on ads (投流费用). GMV is 成交总额."
    yield {"gmv": asked.right()["gmv"] - ads}, "You took the ads off. GMV is what was ordered, before any cost."
    if "orders" in asked.tables:
        yield {"gmv": asked.tables.orders.paid_amount.sum()}, "Those are all orders, of every place. Take the export."
        paid = asked.tables.orders[asked.tables.orders.paid.notna()]
        yield {"gmv": paid.paid_amount.sum()}, "Those are all paid orders, of every place. Take the export."


def sizes(asked):
    """Other sizes and other days, for 4.4b."""
    each, days = asked.right()
    yield {"each": 2 * each}, "That is both arms together. Asked is one arm."
    yield {"each": np.ceil(each / 2)}, "You halved it: the formula gives one arm already."
    one = asked.but(alpha=0.10).right()[0]
    yield (2 * one, asked.days(one)), "That is one-sided, and both arms together."
    yield {"days": np.ceil(each / asked.a_day)}, "The 2,500 a day are both arms together: twice the units are needed."
    yield {"days": np.ceil(4 * each / asked.a_day)}, "You doubled twice: two arms share 2,500 a day."
    yield {"days": np.floor(2 * each / asked.a_day)}, "Round up: with a day less there are too few."
    fixed = np.ceil(16 * 0.04 * 0.96 / 0.006**2)
    yield {"each": fixed}, "That is the rule of thumb 16 × variance / change². Near, but take the formula."
    level = 0.05
    plain = np.ceil((1.959964 / level) ** 2 * 0.04 * 0.96)
    yield {"each": np.ceil(16 * 0.043 * 0.957 / 0.006**2)}, (
        "That is the rule of thumb 16 × variance / change². Near, but take the formula.")
    yield {"each": plain}, "That is the size of a poll, for a margin of 5 points. A test compares two arms."
    spread = {old: asked.base * (1 - asked.base) + other for old, other in (
        ("both old", asked.base * (1 - asked.base)), ("two", 0.046 * 0.954), ("half", 0.5 - asked.base * 0.96))}
    z, change = 2.801585, asked.lift
    alone = (1.959964 * np.sqrt(0.04 * 0.96) + 0.841621 * np.sqrt(0.046 * 0.954)) / change
    ways = {
        (1.959964 / change) ** 2 * 0.04 * 0.96:
            "That is the size for a margin of 0.6 points around one share. A test compares two, with power.",
        (z / change) ** 2 * spread["both old"]: "You took the spread of the old page for both arms; 4.6 % has more.",
        (z / change) ** 2 * spread["half"]: "You took the spread of a share of one half. The shares are 4.0 and 4.6 %.",
        z * spread["two"] / change**2: "1.96 + 0.84 must be squared, as the change is.",
        (z / change) ** 2 * (np.sqrt(0.04 * 0.96) + np.sqrt(0.046 * 0.954)): (
            "You added standard deviations. Variances add: p(1 − p) of both arms."),
        alone**2: "That is one sample against a fixed 4 %. A test compares two arms, and both vary.",
        each * asked.base: "Those are orders. Asked are customers, most of whom do not order.",
    }
    for size, said in ways.items():
        size = np.ceil(size)
        yield (size, asked.days(size)), said
    yield {"days": np.ceil(2 * each / asked.a_day / 7)}, "Those are weeks. Asked are days."


def other_sizes(asked):
    """Rarer sizes."""
    for power in (0.7, 0.75, 0.85, 0.95):
        yield {"each": asked.needed(power=power)}, f"That is for a power of {power:.0%}. Asked are 80 %."
    means = np.ceil(experiment.mean_sample_size(0.006, 0.2))
    yield {"each": means}, "You took 0.2 for a standard deviation. That of a share follows from the share."
    each = asked.right()[0]
    for weeks in (7, 14, 21, 28):
        if weeks > asked.right()[1]:
            yield {"days": weeks}, (
                f"{weeks} days are whole weeks, which is wise. Asked are the fewest days that suffice.")
    shares = (0.04 * 0.96 + 0.046 * 0.954) / 0.006**2
    pooled = (1.96 * np.sqrt(2 * 0.043 * 0.957) + 0.84 * np.sqrt(0.04 * 0.96 + 0.046 * 0.954)) ** 2 / 0.006**2
    for rounded in (2.8**2 * shares, pooled):
        yield {"each": np.ceil(rounded)}, "You took 1.96 and 0.84, rounded. Near: take them with more digits."
    for shift in (each - 10, each + 10):
        yield {"each": shift}, "Near. Do not round on the way."


def splits(asked):
    """Other rules for a broken split, for 4.4c."""
    tests = asked.tests
    if (tests.split < 0.05).sum() != asked.bad.sum():
        yield {"broken": int((tests.split < 0.05).sum())}, (
            "That is the count at .05. With 24 tests one or more falls below it by chance.")
    yield {"broken": int((tests.units < tests.planned).sum())}, (
        "You counted tests with fewer units than planned. Some of them were stopped early, with a sound split.")
    yield {"broken": int((tests.split < 0.1).sum())}, "That is the count at .10: chance brings two of 24 there."
    yield {"broken": int((tests.new_units != tests.units - tests.new_units).sum())}, (
        "A coin never gives exactly half. Ask how far from half chance goes: the p-value of the split.")
    yield {"broken": int((tests.pvalue < 0.05).sum())}, "That is p of the outcome. The split has a p-value of its own."
    stopped, stricter = int(tests.stopped.sum()), int((tests.split < 0.001).sum())
    said = "Those are the tests that were stopped early", "Those are the tests with a split below 0.001"
    if stopped == stricter:
        yield {"broken": stopped}, f"{said[0]}, or those with a split below 0.001. The limit is 0.002."
    else:
        yield {"broken": stopped}, f"{said[0]}."
        if stricter != asked.bad.sum():
            yield {"broken": stricter}, f"{said[1]}. The limit is 0.002."
    yield {"broken": int((~asked.bad).sum())}, "Those are the tests with a sound split."
    share, right = tests.new_units / tests.units, asked.right()[1]
    facts = {}                                     # test -> what is true of it, and is not what is asked
    for name, fact in (
        (tests.units.idxmin(), "has the fewest units"), (tests.split.idxmin(), "has the smallest p-value of the split"),
        ((tests.planned - tests.units).idxmax(), "misses most of the planned units"),
        ((tests.new_units - tests.units / 2).abs().idxmax(), "has the largest difference in units"),
        (share.idxmax(), "has the largest share of the new arm, but a share below half counts as well"),
        (tests.lift.idxmax(), "has the largest lift"), (tests.pvalue.idxmin(), "has the smallest p-value of outcome"),
        (tests.split.idxmax(), "has the most even split"),
    ):
        facts.setdefault(int(name.split("-")[1]), []).append(fact)
    for number, said in facts.items():
        if number != right:
            yield {"lopsided": number}, (
                f"It {' and '.join(said)}. Asked is the share of the new arm that is farthest from half.")
    won = asked.winners
    if asked.bad.sum() != len(won):
        yield {"won": int(asked.bad.sum())}, "Those are the broken ones."
    yield {"lift": 100 * won.lift.sum()}, "That is the sum of their lifts."
    yield {"lift": 100 * won.lift.median()}, "That is the median of their lifts. The mean is asked."
    yield {"lift": 100 * np.average(won.lift, weights=won.error**-2.0)}, (
        "That is weighted by what each knows. The plain mean is asked.")
    yield {"lift": 100 * np.average(won.lift, weights=won.units)}, "That is weighted by units. The plain mean is asked."
    yield {"lift": 100 * won.lift.max()}, "That is the largest of them."
    sound = asked.tests[~asked.bad]
    for mean in (sound.lift.mean(), won.lift.sum() / len(tests)):
        yield {"lift": 100 * mean}, (
            "That is the mean of all sound tests, or the winners' sum over 24. Divide by the number of winners.")
    yield {"won": len(sound)}, "Those are all sound tests, losers too."
    yield {"won": len(sound), "lift": 100 * sound.lift.mean()}, "Those are all sound tests, losers too."
    yield {"won": len(tests), "lift": 100 * tests.lift.mean()}, "Those are all 24 tests, whether they won or not."
    yield {"lift": 100 * asked.tests.lift.mean()}, "That is the mean of all 24 tests."
    broken = asked.tests[asked.bad]
    yield {"lift": 100 * broken.lift.mean()}, "That is the mean lift of the broken ones."


def other_splits(asked):
    """Rarer ones: one broken test more or less, another number of winners."""
    right = asked.right()
    for shift in (-2, -1, 1, 2):
        yield {"broken": right[0] + shift}, "Take `past.split < 0.002` and count."
        yield {"won": right[2] + shift}, "Take p below .05 and a lift above 0, among the sound ones, and count."
    for name in asked.tests.index[asked.bad]:
        yield {"lopsided": int(name.split("-")[1])}, "It is broken, and another one lies farther from half."
    for name in asked.tests.index[~asked.bad]:
        yield {"lopsided": int(name.split("-")[1])}, "Its split is sound. Take the one farthest from half."
    whole = asked.winners[~asked.winners.stopped]
    yield {"won": len(whole), "lift": 100 * whole.lift.mean()}, (
        "You left out those that were stopped early too. Asked here is a sound split alone.")
    yield {"lift": 100 * whole.lift.mean()}, (
        "You left out those that were stopped early too. Asked here is a sound split alone.")
    early = asked.winners[asked.winners.stopped]
    yield {"won": len(early), "lift": 100 * early.lift.mean()}, "Those are the winners that were stopped early."
    sound = asked.tests[~asked.bad]
    drawn = shrunk(sound)[asked.winners.index].mean(), shrunk(sound[~sound.stopped])[whole.index].mean()
    for mean in drawn:
        yield {"lift": 100 * mean}, "Those lifts are shrunk. Asked are the lifts as reported."
    yield {"lift": 100 * asked.winners.pvalue.mean()}, "That is the mean of their p-values."
    known = getattr(asked.tables, "truth", None) or {}
    if "experiments.past_effects" in known:
        effects = pd.Series(known["experiments.past_effects"])[asked.winners.index]
        yield {"lift": 100 * effects.mean()}, "That is what they do in truth. Asked is what they reported."
    for name, row in asked.winners.iterrows():
        yield {"lift": 100 * row.lift}, f"That is {name} alone."


def before(asked):
    """Other numbers of the same correlation, for 4.4d."""
    r = asked.correlation
    removed, needed, least = asked.right()
    slope = experiment.cuped(asked.rows.outcome, asked.rows.before).theta
    yield {"removed": r, "needed": asked.units * (1 - r)}, "That is the correlation. Its square is taken away."
    yield {"removed": r}, "That is the correlation. Its square is taken away."
    yield {"removed": 1 - r**2}, "That is what is left. Asked is what is taken away."
    yield {"removed": 1 - np.sqrt(1 - r**2)}, "That is by how much the standard deviation falls. Asked is the variance."
    gains = past_tests(asked.tables).removed

    def both(share, said):
        return {"removed": share, "needed": asked.units * (1 - share)}, said

    for share in (r**4, gains.mean(), gains.median()):
        yield both(share, "That is the square of `.removed`, or the middle of all tests. Take past-24, and one square.")
    yield both(slope, "That is theta, the slope.")
    ranks = asked.rows[["outcome", "before"]].rank()
    ranked = float(np.corrcoef(ranks.outcome, ranks.before)[0, 1])
    yield both(ranked, "That is the correlation of ranks. Take that of yuan, squared.")
    yield both(ranked**2, "That is the correlation of ranks, squared. Take that of yuan.")
    logs = np.log(asked.rows[["outcome", "before"]].clip(lower=0.1))
    yield both(float(np.corrcoef(logs.outcome, logs.before)[0, 1] ** 2), "You took logarithms. Take yuan.")
    less = (asked.rows.outcome - asked.rows.before).var() / asked.rows.outcome.var()
    yield both(1 - less, "You took `before` off as it is. CUPED takes off theta times `before`.")
    yield {"needed": asked.units * removed}, "That is what is spared. Asked is what is needed."
    yield {"needed": asked.units * np.sqrt(1 - removed)}, "The number of units goes with the variance: no root."
    yield {"needed": asked.units * (1 - removed) ** 2}, "You took the share that is left twice."
    yield {"needed": asked.units / (1 - removed)}, "You divided: with less noise fewer are needed."
    yield {"needed": asked.units}, "That is without CUPED. What is left of the variance is the share that is needed."
    yield {"needed": asked.units * (1 - r)}, "You took the correlation; its square is taken away."
    most = int(gains.idxmax().split("-")[1])
    yield {"least": most}, "That one gains most."
    second = int(gains.nsmallest(2).index[1].split("-")[1])
    yield {"least": second}, "That one gains little; another gains less."
    for name in gains.index[gains.isna()]:
        yield {"least": int(name.split("-")[1])}, (
            "It has no time before, as its customers are new. Asked is among those that have one.")


def other_before(asked):
    """Rarer ones: one arm alone, other tests, other counts."""
    for arm in ("new", "old"):
        yield asked.but(arm=arm), f"You took the arm “{arm}” alone. One slope for both arms together."
    removed, units = asked.correlation**2, asked.units
    for arm, rows in asked.rows.groupby("arm"):
        yield {"needed": len(rows) * (1 - removed)}, f"You took those who came in “{arm}”. Planned were {units}."
    yield {"needed": units * (1 + removed)}, "You added the share. With less noise fewer are needed."
    yield {"needed": units * (1 - removed**2)}, "You squared the share: `.removed` is a square already."
    yield {"needed": 2 * units * removed}, "That is what is spared in both arms. Asked is what one arm needs."
    yield {"needed": units / removed}, "You divided by the share. Multiply by what is left of the variance."
    gains = past_tests(asked.tables).removed.dropna()
    for name in gains.index.drop(asked.name, errors="ignore"):
        yield {"removed": gains[name], "needed": units * (1 - gains[name])}, f"That is {name}. Asked is {asked.name}."
    rows = asked.tables.experiments
    rows = rows[rows.experiment_id.isin(gains.index)].dropna(subset=["outcome", "before"])
    pooled = float(np.corrcoef(rows.outcome, rows.before)[0, 1] ** 2)
    yield {"removed": pooled, "needed": units * (1 - pooled)}, f"You pooled all tests. Asked is {asked.name} alone."
    right = asked.right()[2]
    for number in range(1, 25):
        if number != right:
            yield {"least": number}, "Another test gains less: look for the smallest share."


def steps():
    """Wrong next steps, for 4.4e."""
    early = "With daily looks and no boundary chance alone stops one test in five. "
    yield {"early": "B"}, early + "Nothing speaks against the assignment: it is only too early."
    yield {"early": "C"}, early + "Nothing may be brought out on day 4."
    yield {"early": "D"}, early + "It is still running: let it come to its end."
    broken = "805 against 612 is no coin: p of the split is far below 0.001. "
    yield {"lopsided": "A"}, broken + "More days bring more of the same fault."
    yield {"lopsided": "C"}, broken + "Who is missing in one arm makes the 14 %."
    yield {"lopsided": "D"}, broken + "More units repeat the fault; first find it."
    lonely = "Of 24 tests without effect one in expectation has p below .05. "
    yield {"lonely": "A"}, lonely + "It has come to its end already."
    yield {"lonely": "B"}, lonely + "The split is sound: there is nothing to throw away. It is only weak."
    yield {"lonely": "C"}, lonely + "It is a candidate, no winner."
    solid = "It has passed all that was agreed beforehand. "
    yield {"solid": "A"}, solid + "It has come to its end."
    yield {"solid": "B"}, solid + "The split is sound."
    yield {"solid": "D"}, solid + "To wait costs the gain."
