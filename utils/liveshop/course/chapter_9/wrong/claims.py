"""Wrong ways in section 9.1: claims weighed by the wrong number, tails of a count."""

import numpy as np
from scipy.stats import binom, norm, poisson

from liveshop.course.chapter_9.samples import claims, scoreboard


def least_held(asked):
    """For the claim whose intervals hold least often: other orders, and other counts of the right claim."""
    board, seasons = asked.board, asked.seasons
    right = asked.named(asked.right())
    better = seasons[seasons.role == "section's"]
    width = (better.high - better.low).groupby(better.letter).mean()
    first = better[better.seed == better.seed.min()].set_index("letter").error.abs()
    orders = {
        "It has the largest error in its own unit, or the widest intervals. Yuan and shares cannot be compared": width,
        "Its quick answer has the largest error; asked is the section's": board.quick_rms.where(width < 1_000, 0),
        "It has the largest error in one season; that is luck": first.where(width < 1_000, 0),
        "It gains least on its quick answer; that is the second question": claims.ratio_of(seasons),
    }
    named = {order.astype(float).idxmax(): words for words, order in reversed(orders.items())}
    for letter in board.index.difference([right["weakest"]]):
        yield {"weakest": letter}, (
            f"{named[letter]}. " if letter in named else "") + (
            f"Of its intervals {board.held[letter]} of {board.intervals[letter]} hold; another claim has fewer.")
    held, total = right["held"], board.intervals[right["weakest"]]
    yield {"held": total - held}, "Those are the intervals that miss. Asked are those that hold."
    yield {"held": total}, "That is how many intervals there are, and the most that hold. Asked is the least."
    yield {"held": 0}, "So many of the *quick* answer's intervals hold. Take the section's answer."
    yield {"held": 19}, "That is 95 % of twenty: what is promised, not what was found."
    for other, letters in board.index.to_series().groupby(board.held.astype(int)):
        if other not in (held, total, 19):
            yield {"held": other}, f"So many hold at {' and '.join(letters)}. Another claim has fewer: take the least."
    for miscounted in (held - 1, held + 1):
        yield {"held": miscounted}, "That is one off. Read the column `held`, or count the seasons again."
    yield {"held": held / total}, "That is the share. Asked is the number of twenty."


def least_gain(asked):
    """For the claim that gains least on its quick answer: other orders, and other ratios of the right claim."""
    seasons, board = asked.seasons, asked.board
    ratios, right = claims.ratio_of(seasons), asked.named(asked.right())
    for letter in ratios.index.difference([right["least_gain"]]):
        words = {ratios.idxmin(): "That is the smallest ratio: the section's answer gains most there.",
                 board.rms.astype(float).idxmax(): "It has the largest error in its own unit. Divide by the quick "
                                                   "answer's error first.",
                 right["weakest"]: "Its intervals hold least often; that was the first question."}
        yield {"least_gain": letter}, words.get(letter, f"Its ratio is {ratios[letter]:.2f}; another is larger.")
    at, left = right["least_gain"], right["left"]
    one, quick = (seasons[(seasons.letter == at) & (seasons.role == role)].error for role in ("section's", "quick"))
    for value, sentence in (
        (1 / left, "Upside down: the section's error stands above the line."),
        (left**2, "That is the ratio of the mean *squared* errors. Take the roots."),
        (left - 1, "That is how much larger it is. Asked is the ratio itself."),
        (1 - left, "That is the part of the error that is gone. Asked is what is left."),
        (one.abs().mean() / quick.abs().mean(), "Those are mean errors without sign. Asked is the root of the mean "
                                                "square."),
        (one.std() / quick.std(), "Those are the spreads. The root of the mean square has the bias in it."),
        (abs(one.mean() / quick.mean()), "Those are the biases. Luck of a single season is not in them."),
        (abs(one.iloc[0] / quick.iloc[0]), "That is the first season alone. Take all of them."),
        (np.abs(one.to_numpy() / quick.to_numpy()).mean(), "You took the mean of the seasons' ratios. Form the two "
                                                           "errors first, and divide once."),
        (round(board.rms[at], 3) / round(board.quick_rms[at], 3), "You rounded the two errors to three decimals first. "
                                                                   "Divide them as they are."),
        (float(np.sqrt((one**2).mean())), "That is the section's error, not divided yet."),
        (float(np.sqrt((quick**2).mean())), "That is the quick answer's error alone."),
        (abs(one.mean()) / np.sqrt((quick**2).mean()), "You divided the section's bias. Take its `rms`."),
        (abs(one.mean()) / np.sqrt((one**2).mean()), "That is bias over error of one answer. Take both `rms`."),
        (abs(board.rms[at] - board.quick_rms[at]), "That is the difference of the two errors. Asked is their ratio."),
        (ratios.mean(), "That is the mean of the ten ratios. Asked is the largest."),
        (board.held[at] / board.intervals[at], "That is the share of its intervals that hold. Divide errors."),
        (ratios[right["weakest"]], "That is the ratio of the first question's claim."),
        (ratios.median(), "That is the middle of the ten. Asked is the largest."),
        (100 * left, "That is in per cent. Asked is a ratio."),
    ):
        yield {"left": value}, sentence
    for letter in ratios.drop([at, right["weakest"]]).nlargest(3).index:
        yield {"left": ratios[letter]}, f"That is the ratio of claim {letter}; another is larger."


def of_twenty(asked):
    """Tails and counts of 9.1c that are near the right ones."""
    yield from _chances(asked)
    yield from _expectations(asked)
    yield from _counts(asked)
    expected, held = asked.right()[1], asked.rows.held
    yield {"follows": "A"}, (
        f"About {expected:.0f} such answers come by luck alone from methods that keep their promise.")
    yield {"follows": "C"}, (
        f"Luck gives about {expected:.0f}; the board has more, and {held.min():.0f} of 20 is hardly ever luck.")
    yield {"follows": "D"}, "Twenty seasons are few: a method that holds 95 % gives 17 or fewer in 8 of 100 trials."


def _chances(asked):
    chance, many = asked.right()[0], len(asked.rows)
    exactly, more = binom.pmf(17, 20, 0.95), binom.pmf([18, 19, 20], 20, 0.95)
    mean, sd = 20 * 0.95, np.sqrt(20 * 0.95 * 0.05)
    for value, sentence in (
        (exactly, "That is exactly 17. Asked are 17 or fewer."),
        (1 - chance, "That is 18 or more. Asked are 17 or fewer."),
        (norm.cdf((17.5 - mean) / sd), "That is the normal curve, too rough so near the end. Take the binomial."),
        (norm.cdf((17 - mean) / sd), "That is the normal curve, too rough so near the end. Take the binomial."),
        (0.85, "That is 17 of 20 as a share. Asked is a chance."),
        (0.15, "That is 3 of 20, the share that misses. Asked is a chance."),
        (0.95, "That is the chance that *one* interval holds."),
        *((one, f"That is exactly {held_by}. Asked are 17 or fewer.") for held_by, one in enumerate(more, start=18)),
        (0.05, "That is the chance that *one* interval misses."),
        (0.95**17, "That is the chance that 17 given intervals hold, whatever the other three do."),
        (0.05**3, "That is the chance that three given intervals miss."),
        (binom.cdf(15, 20, 0.95), "That is 15 or fewer. Asked are 17 or fewer."),
        (binom.cdf(19, 20, 0.95), "That is 19 or fewer, all but the case that none misses. Asked are 17 or fewer."),
        (binom.sf(18, 20, 0.95), "That is 19 or *more*. Asked are 17 or fewer."),
        (poisson.sf(2, 20 * 0.05), "That is the Poisson curve, an approximation. Take the binomial."),
        (1 - binom.cdf(16, 20, 0.95), "That is 17 or *more*. Asked are 17 or fewer."),
        (2 * chance, "That counts both ends. Asked are 17 or fewer."),
        (100 * chance, "That is in per cent. Asked is a fraction."),
    ):
        yield {"chance": value}, sentence
        if 0 < value < 1 and value != 0.85:
            yield {"chance": value, "expected": many * value}, sentence


def _expectations(asked):
    chance, expected, found, _ = asked.right()
    many, every = len(asked.rows), len(scoreboard.intervals(asked.tables))
    exactly = binom.pmf(17, 20, 0.95)
    for value, sentence in (
        (20 * chance, "You multiplied by the twenty seasons. Multiply by the number of answers."),
        (many * 0.05, "That is one answer in twenty. Multiply the chance of 17 or fewer by the number of answers."),
        (many * exactly, "That is for exactly 17. Asked are 17 or fewer."),
        (1 - (1 - chance) ** many, "That is the chance of at least one such answer. Asked is how many to expect."),
        (many, "That is how many answers there are. Multiply by the chance."),
        (many * 0.85, "You multiplied by 17 of 20. Multiply by the chance of 17 or fewer."),
        (many - expected, "Those are the answers with 18 or more."),
        (many * 0.95, "You multiplied by the 95 % that are promised. Multiply by the chance of 17 or fewer."),
        (100 * chance, "That is the chance in per cent. Multiply it, as a fraction, by the number of answers."),
        (found * chance, "You multiplied by the answers with 17 or fewer. Multiply by all answers of `twenties`."),
        (many - found, "Those are the answers with 18 or more. Asked is how many with 17 or fewer luck would give."),
        (len(scoreboard.pairs(asked.tables)) * chance, "That is for all questions. Take the answers of `twenties`."),
        (every * chance, "That is for all answers with intervals. Take those of `twenties`."),
        (found, "That is how many there are on the board. Asked is how many luck would give."),
        (17, "That is how many intervals hold at such an answer. Asked is a number of answers."),
    ):
        yield {"expected": value}, sentence


def _counts(asked):
    expected, many, held = asked.right()[1], len(asked.rows), asked.rows.held
    every = len(scoreboard.intervals(asked.tables))
    for value, sentence in (
        (int((held < 17).sum()), "Those have fewer than 17. Asked are 17 or fewer."),
        (int((held == 17).sum()), "Those have exactly 17. Asked are 17 or fewer."),
        (int((held <= 18).sum()), "Those have 18 or fewer, less than is promised. Asked are 17 or fewer."),
        (int((held > 17).sum()), "Those have 18 or more."),
        (int((held >= 17).sum()), "Those have 17 or *more*. Asked are 17 or fewer."),
        (many, "That is how many answers there are."),
        (every, "Those are all answers with intervals. Asked are those of `twenties` with 17 or fewer."),
        *((int((held == one).sum()), f"Those have exactly {one}. Asked are 17 or fewer.") for one in (16, 18, 19)),
        (int((held <= 15).sum()), "Those have 15 or fewer. Asked are 17 or fewer."),
        (int((held == 20).sum()), "Those hold in all twenty seasons."),
        (round(expected), "That is how many luck would give. Count those on the board."),
        (int((held <= 17).sum()) - round(expected), "Those are more than luck would give. Asked are all of them."),
        (17, "That is how many intervals hold at such an answer. Count the answers."),
    ):
        yield {"found": value}, sentence
