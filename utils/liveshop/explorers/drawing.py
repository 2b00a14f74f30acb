"""The frames of an explorer: from figures to small pictures of one size, within a weight."""

import io
import math
import os
from dataclasses import dataclass

from liveshop import medium
from liveshop.explorers.controls import ExploreError

MOST_BYTES = 235_000  # of all pictures in base64 and all sentences: three explorers fit on a page of 1.2 MB
MOST_WIDTH, MOST_HEIGHT = 700, 420  # css pixels
# Pixels per css pixel and colours, from the best to the least: the first that fits is taken. Below one pixel it blurs.
QUALITIES = [(1.5, 24), (1.25, 20), (1.0, 16), (1.0, 12)]


@dataclass(frozen=True)
class Drawn:
    """A figure as pixels (height × width × 3 bytes) with its sentence.

    `width`: css pixels at which it is shown where there is room; `lettering`: its smallest letters in css pixels then,
    None without any text.
    """

    pixels: object
    sentence: str
    width: int
    lettering: float | None


@dataclass(frozen=True)
class Frame:
    """One picture: the values that made it, the image file (WebP); the rest as in `Drawn`."""

    values: dict
    image: bytes
    sentence: str
    width: int
    lettering: float | None


def css_width(width, height, most=None):
    """Css pixels of width at which a figure of so many inches is shown; `most` is the author's own limit."""
    return round(min(100 * width, MOST_HEIGHT * width / height, most or MOST_WIDTH, MOST_WIDTH))


def drawn(name, answer, values, size=None, scale=1.0):
    """What the function `name` answered for `values`, as `Drawn`.

    `size`: (width, height) in css pixels, otherwise the figure's own shape; `scale`: pixels per css pixel.
    Raises ExploreError on an answer that is not (figure, sentence).
    """
    import matplotlib.pyplot as plt
    import numpy as np
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    if not (isinstance(answer, tuple) and len(answer) == 2 and isinstance(answer[1], str)):
        raise ExploreError(f"{name} must return (figure, sentence); it returned {type(answer).__name__}.")
    figure, sentence = answer
    figure = getattr(figure, "figure", figure)
    if not hasattr(figure, "canvas"):
        raise ExploreError(f"{name} must return a matplotlib figure first, not {type(figure).__name__}.")
    if not sentence.strip():
        raise ExploreError(f"{name} returned an empty sentence for {values}; it says what the figure shows.")
    if size:
        figure.set_size_inches(size[0] / 100, size[1] / 100)
    width, height = figure.get_size_inches()
    shown = css_width(width, height, size and size[0])
    medium.told_figure(figure).set_dpi(shown / width * scale)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    pixels = np.asarray(canvas.buffer_rgba())[..., :3].copy()
    plt.close(figure)  # otherwise the notebook would show it a second time
    return Drawn(pixels, medium.told(" ".join(sentence.split())), shown, medium.lettering(figure, shown))


def frame_of(values, figure, colours):
    """The `Frame` of a `Drawn` figure."""
    return Frame(values, webp(figure.pixels, colours), figure.sentence, figure.width, figure.lettering)


def frames_of(name, draw, combinations):
    """A `Frame` for each of the combinations of values, in their order; `draw(values, scale)` as `Explorer.draw`.

    All frames have one size in pixels and one quality, the best at which the pictures stay within
    MOST_BYTES. Raises ExploreError when none does, or when the figures differ in size.
    """
    sample = [combinations[place * (len(combinations) - 1) // 4] for place in range(5)]
    for step, (scale, colours) in enumerate(QUALITIES):
        last = step == len(QUALITIES) - 1
        if not last and len(combinations) > 5:
            share = sum(len(webp(draw(values, scale).pixels, colours)) for values in sample) / len(sample)
            if share * len(combinations) * 4 / 3 > MOST_BYTES * 0.97:  # so that it is drawn once
                continue
        frames = _all_drawn(name, draw, combinations, scale, colours)
        if last or weight(frames) <= MOST_BYTES:
            break
    if weight(frames) > MOST_BYTES:
        raise ExploreError(
            f"{name}: its {len(frames)} frames weigh {weight(frames) / 1000:.0f} KB; they may weigh "
            f"{MOST_BYTES / 1000:.0f} KB. Use fewer steps, fewer panels or flatter colours."
        )
    return frames


def _all_drawn(name, draw, combinations, scale, colours):
    def work(values):
        figure = draw(values, scale)
        return frame_of(values, figure, colours), figure.pixels.shape

    made = _on_all_cores(work, combinations)
    for frame, shape in made:
        if shape != made[0][1]:
            raise ExploreError(f"{name}: the frame of {frame.values} has another size than the first; fix the figure's "
                               "size.")
    return [frame for frame, _ in made]


def _on_all_cores(work, items):
    """[work(item) for item in items], shared between the cores where the system can fork.

    A function written in a notebook cannot be sent to a fresh process; a forked one has it already.
    macOS and Windows cannot fork safely, a browser not at all: they work through the list alone.
    """
    global _work
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") and hasattr(os, "fork") else 1
    if cores < 2 or len(items) < 8:
        return [work(item) for item in items]
    from concurrent.futures import ProcessPoolExecutor  # here, as Python in a browser has no processes
    from multiprocessing import get_context

    _work = work
    with ProcessPoolExecutor(cores, mp_context=get_context("fork")) as pool:
        return list(pool.map(_do_work, items, chunksize=4))


def _do_work(item):
    return _work(item)


def webp(pixels, colours):
    """A palette picture as lossless WebP: the smallest file for flat charts, and quick to decode."""
    import numpy as np
    from PIL import Image

    few = Image.fromarray(pixels).quantize(colours, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    # The palette averages; keep the paper exactly as it was.
    palette = few.getpalette()
    paper = int(np.asarray(few)[0, 0])
    palette[3 * paper : 3 * paper + 3] = [int(value) for value in pixels[0, 0]]
    few.putpalette(palette)
    file = io.BytesIO()
    few.convert("RGB").save(file, "WEBP", lossless=True, method=4, quality=60)
    return file.getvalue()


def weight(frames):
    """Bytes of the different pictures in base64 and of the different sentences."""
    pictures = sum(4 * math.ceil(len(image) / 3) for image in {frame.image for frame in frames})
    return pictures + sum(len(sentence.encode()) for sentence in {frame.sentence for frame in frames})


def shape_of(image):
    """(width, height) of an image file in pixels."""
    from PIL import Image

    with Image.open(io.BytesIO(image)) as picture:
        return picture.size
