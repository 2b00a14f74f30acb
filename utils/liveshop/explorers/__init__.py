"""Explorers: one figure function, shown with sliders with or without a kernel.

    @explore(discount=(0.0, 0.5, 0.05), giveaway=[False, True])
    def opening_offer(discount, giveaway):
        fig = ...                                    # a matplotlib Figure
        return fig, f"At {discount:.0%} off, …"      # the sentence that says what it shows

With a kernel the reader gets ipywidgets and a redraw. In the built book she gets the same
controls over pre-rendered frames in plain HTML (static/explorers.js moves them). A committed
notebook holds the opening frame only. `liveshop.medium.current()` says which.
"""

from liveshop.explorers.controls import Control, ExploreError
from liveshop.explorers.drawing import MOST_BYTES, MOST_HEIGHT, MOST_WIDTH, QUALITIES, Frame
from liveshop.explorers.explorer import MOST_FRAMES, Explorer, explore

__all__ = ["MOST_BYTES", "MOST_FRAMES", "MOST_HEIGHT", "MOST_WIDTH", "QUALITIES", "Control", "ExploreError",
           "Explorer", "Frame", "explore"]
