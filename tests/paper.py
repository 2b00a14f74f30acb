"""What tests of printed pages share: a PDF opened, and its pages that waste paper."""

EMPTY = 1 / 3           # at most so much of what a page has for printing, below its last line
TOP, BOTTOM = 14 / 297, 16 / 297        # the margins of A4, as course.css has them


def opened(data):
    """A PDF, from its bytes or its path."""
    import pypdfium2

    return pypdfium2.PdfDocument(data)


def emptyish(document, own_sheet=None) -> dict[int, float]:
    """The pages but the last that are more than a third empty below their last mark: number -> share of the height.

    own_sheet : the letters with which a page begins that has a sheet of its own; the one before it may end early.
    """
    shares = {}
    for number in range(len(document) - 1):
        image = document[number].render(scale=0.5).to_pil().convert("L")
        printed = image.crop((0, int(image.height * TOP), image.width, int(image.height * (1 - BOTTOM)) + 1))
        marks = printed.point(lambda value: 255 * (value < 240)).getbbox()
        following = document[number + 1].get_textpage().get_text_bounded().lstrip().upper()
        if not (own_sheet and following.startswith(own_sheet)):
            shares[number + 1] = round(1 - (marks[3] if marks else 0) / printed.height, 2)
    return {number: share for number, share in shares.items() if share > EMPTY}
