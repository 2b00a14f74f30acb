"""Which life the interactive parts of a page lead: with a kernel, in a committed notebook, or in the book."""

import os

VARIABLE = "LIVESHOP_EXPLORERS"
EDITIONS = ("live", "opening", "frames")


def edition():
    """Say which edition is being made: "live", "opening" or "frames".

    "live" (the default) has a kernel and shows ipywidgets; "opening" shows only the first frame (committed
    notebooks, plain scripts); "frames" shows plain HTML that needs no kernel (the book).
    Read from the environment variable LIVESHOP_EXPLORERS at every call; any other value is a ValueError.
    """
    value = os.environ.get(VARIABLE) or "live"
    if value not in EDITIONS:
        raise ValueError(f"{VARIABLE} is “{value}”; set it to live, opening or frames, or leave it unset.")
    return value
