"""Wrong ways that many exercises share, to be yielded from `mistakes` and `variants` of an exercise.

    def mistakes(self):
        yield from wrong_ratios("ctor", streams.orders, streams.product_clicks, of="broadcasts")

    def variants(self):
        yield from usual(self)                                # unpaid lines, trials, … by the tables that it needs
        yield self.but(viewer_sessions=everything("source", "follow")), "Those are the viewers of all sources."
"""

from itertools import combinations


def wrong_ratios(field, numerator, denominator, of, scale=1.0):
    """For a ratio of two sums: the mean of the ratios, what stands above the line alone, and its mean.

    numerator, denominator : one value a row (Series); of : what the rows are, in the plural; scale : what the ratio
    is multiplied with (1,000 for GPM). Yields ({field: value}, sentence).
    """
    there = denominator > 0
    ratios = numerator[there] / denominator[there]
    for value in (ratios.mean(), ratios.median()):
        yield {field: scale * value}, (
            f"That is the mean or the median over the {of}, and each counts as much as any other, however small. "
            "Sum above and below first, then divide once.")
    yield {field: numerator.sum()}, "That is the sum that belongs above the line: it is not divided yet."
    yield {field: numerator.mean()}, f"That is the mean over the {of} of what stands above the line, not divided yet."


def wrong_summaries(field, values, of, scale=1.0):
    """For one number of a column: its other summaries. values : a Series; of : what it is of, in words; scale : what
    each is multiplied with. Yields ({field: value}, sentence); the asked one is left out by being right."""
    for value, name in (
        (values.mean(), "mean"), (values.median(), "plain median"), (values.sum(), "sum"), (values.max(), "largest"),
        (values.min(), "smallest"), (values.std(), "standard deviation"), (values.quantile(0.25), "lower quartile"),
        (values.quantile(0.75), "upper quartile"),
    ):
        yield {field: scale * value}, f"That is the {name} of {of}."
    yield {field: len(values)}, f"That is how many there are of {of}."


def wrong_parts(field, effect, change=lambda estimate: estimate):
    """For the estimate of an effect: the other numbers of its result. change : what was made of the estimate.

    Yields ({field: value}, sentence).
    """
    low, high = effect.interval
    for value, name in ((low, "lower end of the interval"), (high, "upper end of the interval"),
                        (effect.standard_error, "standard error")):
        yield {field: change(value)}, f"That is the {name}. Take the estimate."
        if change(value) != value:
            yield {field: value}, f"That is the {name}, as the method gives it. Take the estimate, and turn it."
    yield {field: -change(effect.estimate)}, "The sign is turned round."


def everything(column, value):
    """A change of a frame for `Exercise.but`: every row counts as if its `column` were `value`."""
    return lambda frame: frame.assign(**{column: value})


def unpaid_in(orders):
    """Order lines as if all were paid."""
    return orders.assign(paid=orders.paid.fillna(orders.created))


def orders_for_persons(orders):
    """Order lines as if every order were by somebody else."""
    return orders.assign(customer_id=orders.order_id)


def usual(asked):
    """The variants that belong to the tables an exercise needs; those that leave all its answers alone are left out."""
    tried = {
        "orders": [(unpaid_in, "Unpaid order lines are in: keep those with a time in `paid`."),
                   (orders_for_persons, "You counted orders; asked are persons.")],
        "refunds": [(lambda refunds: refunds.iloc[:0], "Refunds are not taken off.")],
        "streams": [(everything("is_trial", False), "The newcomers' trials are in.")],
    }
    for table, changes in tried.items():
        for change, sentence in changes if table in asked.needs else ():
            other = asked.but(**{table: change})
            if asked.named(other.right()) != asked.key.right:
                yield other, sentence


def exchanged(asked):
    """Each two numbers in each other's place: first of all, since one of them may look like another slip."""
    right = asked.named(asked.right())
    for one, other in combinations([field for field in asked.fields if not field.options], 2):
        yield {one.name: right[other.name], other.name: right[one.name]}, (
            f"These two stand in each other's place: {one.title}, and {other.title}.")
