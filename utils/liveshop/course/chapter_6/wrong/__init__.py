"""The wrong ways to the answers of chapter 6's exercises, each with the sentence that names it.

A module a section, a function a kind of slip. They take the exercise and yield what `Exercise.mistakes` or
`Exercise.variants` yields: values (of a field, or of all), sentence.
"""


def of_two(first, second, values, what="Give each of the two"):
    """Two answers made into one: `values` are those of the fields `first` and `second`; what the second then holds."""
    one, other = values
    yield {second: other - one}, f"That is the difference of the two. {what}."
    yield {second: one - other}, f"That is the difference of the two. {what}."
    yield {second: other / one}, f"That is the ratio of the two. {what}."
    yield {second: one / other}, f"That is the ratio of the two. {what}."
