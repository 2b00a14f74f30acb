"""Explorers: one figure function, shown with sliders with or without a kernel.

    @explore(discount=(0.0, 0.5, 0.05), giveaway=[False, True])
    def opening_offer(discount, giveaway):
        fig = ...                                    # a matplotlib Figure
        return fig, f"At {discount:.0%} off, …"      # the sentence that says what it shows

With a kernel the reader gets ipywidgets and a redraw. In the built book she gets the same
controls over pre-rendered frames in plain HTML (book/_static/course.js moves them). A committed
notebook holds the opening frame only. `liveshop.medium.current()` says which.
"""

import base64
import html
import io
import itertools
import math
import multiprocessing
import os
from collections import OrderedDict
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from liveshop import medium

MOST_FRAMES = 60
MOST_BYTES = 230_000  # of all pictures in base64: ten explorers and their text have to fit a chapter page of 3 MB
MOST_WIDTH, MOST_HEIGHT = 700, 420  # css pixels
# Pixels per css pixel and colours, from the best to the least: the first that fits is taken.
QUALITIES = [(1.5, 24), (1.25, 20), (1.0, 16), (0.85, 12)]

_count = itertools.count(1)  # element ids must differ on a page


class ExploreError(ValueError):
    """What is wrong with an explorer, in one sentence."""


@dataclass(frozen=True)
class Control:
    """One parameter of an explorer: its values, how they are written, and which comes first."""

    name: str
    kind: str  # "slider", "checkbox" or "choice"
    label: str
    values: tuple
    texts: tuple
    start: int


@dataclass(frozen=True)
class Frame:
    """One picture: the values that made it, the image file (WebP) and its sentence."""

    values: dict
    image: bytes
    sentence: str


def explore(_title="", _labels=None, _formats=None, _start=None, _size=None, **parameters):
    """Turn a figure function into an explorer and show it.

    Parameters
    ----------
    **parameters : one keyword for each parameter of the function:
        (low, high, step) for a slider, [False, True] for a tick box, any other list, or a dict
        of label -> value, for a choice. At most 60 combinations in all.
    _title : what the explorer is about, shown above its controls.
    _labels : parameter -> label; otherwise the parameter's name.
    _formats : parameter -> how to write a value: a format specification (".0%") or a function.
    _start : parameter -> value of the opening frame; otherwise the first value of each.
    _size : (width, height) of the figure in css pixels; otherwise the figure's own shape, at most
        700 × 420.

    The function returns (figure, sentence). The decorated name is an `Explorer`.
    """
    if callable(_title):
        raise ExploreError("Write @explore(parameter=values, …) above the function: it has no parameters yet.")

    def show(function):
        explorer = Explorer(function, parameters, _title, _labels or {}, _formats or {}, _start or {}, _size)
        explorer.show()
        return explorer

    return show


class Explorer:
    """A figure function with its controls. Call it like the function itself.

    `.values` maps each parameter to the tuple of its values, `.frames()` draws them all,
    `.html()` is the page element of the book, `.opening()` the opening frame.
    """

    def __init__(self, function, parameters, title="", labels=None, formats=None, start=None, size=None):
        self.function = function
        self.name = function.__name__
        self.__name__ = function.__name__
        self.__doc__ = function.__doc__
        self.title = title
        self.size = size
        self.controls = _controls(self.name, parameters, labels or {}, formats or {}, start or {})
        self.values = {control.name: control.values for control in self.controls}
        count = math.prod(len(values) for values in self.values.values())
        if count > MOST_FRAMES:
            raise ExploreError(
                f"{self.name}: {' × '.join(str(len(v)) for v in self.values.values())} = {count} frames; "
                f"an explorer has at most {MOST_FRAMES}. Use fewer or wider steps."
            )

    def __call__(self, *args, **kwargs):
        return self.function(*args, **kwargs)

    def combinations(self):
        """All combinations of values, as dicts; the last parameter changes fastest."""
        for values in itertools.product(*self.values.values()):
            yield dict(zip(self.values, values))

    @property
    def start(self):
        """The values of the opening frame."""
        return {control.name: control.values[control.start] for control in self.controls}

    # -- drawing ------------------------------------------------------------------------------

    def draw(self, values, scale=1.0):
        """The picture (height × width × 3 array of bytes) and the sentence of one combination."""
        import matplotlib.pyplot as plt
        import numpy as np
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        answer = self.function(**values)
        if not (isinstance(answer, tuple) and len(answer) == 2 and isinstance(answer[1], str)):
            raise ExploreError(f"{self.name} must return (figure, sentence); it returned {type(answer).__name__}.")
        figure, sentence = answer
        figure = getattr(figure, "figure", figure)
        if not hasattr(figure, "canvas"):
            raise ExploreError(f"{self.name} must return a matplotlib figure first, not {type(figure).__name__}.")
        if not sentence.strip():
            raise ExploreError(f"{self.name} returned an empty sentence for {values}; it is the figure's alternative text.")
        if self.size:
            figure.set_size_inches(self.size[0] / 100, self.size[1] / 100)
        width, height = figure.get_size_inches()
        css_width = min(self.size[0] if self.size else MOST_WIDTH, MOST_WIDTH, MOST_HEIGHT * width / height)
        figure.set_dpi(css_width / width * scale)
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        pixels = np.asarray(canvas.buffer_rgba())[..., :3].copy()
        plt.close(figure)  # otherwise the notebook would show it a second time
        return pixels, " ".join(sentence.split())

    def opening(self):
        """The opening `Frame`."""
        pixels, sentence = self.draw(self.start, QUALITIES[0][0])
        return Frame(self.start, _webp(pixels, 64), sentence)

    def frames(self):
        """Draw every combination: a list of `Frame` in the order of `combinations()`.

        All frames have one size in pixels and one quality, the best at which the explorer's
        pictures stay within MOST_BYTES.
        """
        combinations = list(self.combinations())
        sample = [combinations[place * (len(combinations) - 1) // 4] for place in range(5)]
        for step, (scale, colours) in enumerate(QUALITIES):
            last = step == len(QUALITIES) - 1
            if not last and len(combinations) > 5:
                weight = sum(len(_webp(self.draw(values, scale)[0], colours)) for values in sample)
                if weight / len(sample) * len(combinations) * 4 / 3 > MOST_BYTES * 0.97:    # so that it is drawn once
                    continue
            frames = self._frames(combinations, scale, colours)
            if last or _weight(frames) <= MOST_BYTES:
                break
        if _weight(frames) > MOST_BYTES:
            raise ExploreError(
                f"{self.name}: its {len(frames)} frames weigh {_weight(frames) / 1000:.0f} KB; they may weigh "
                f"{MOST_BYTES / 1000:.0f} KB. Use fewer steps, fewer panels or flatter colours."
            )
        return frames

    def _frames(self, combinations, scale, colours):
        drawn = _on_all_cores(lambda values: self._picture(values, scale, colours), combinations)
        shapes = {shape for _, _, shape in drawn}
        if len(shapes) > 1:
            other = next(values for values, (_, _, shape) in zip(combinations, drawn) if shape != drawn[0][2])
            raise ExploreError(f"{self.name}: the frame of {other} has another size than the first; fix the figure's size.")
        return [Frame(values, image, sentence) for values, (image, sentence, _) in zip(combinations, drawn)]

    def _picture(self, values, scale, colours):
        pixels, sentence = self.draw(values, scale)
        return _webp(pixels, colours), sentence, pixels.shape

    # -- showing ------------------------------------------------------------------------------

    def show(self):
        """Show the explorer in the form that this edition asks for."""
        from IPython import get_ipython
        from IPython.display import display

        if get_ipython() is None:  # a plain script: run it once, so that a mistake shows
            print(self.draw(self.start)[1])
        elif medium.current() == "live":
            display(self.widget())
        elif medium.current() == "frames":
            frames = self.frames()
            display({"text/plain": self._opening_of(frames).sentence, "text/html": self.html(frames)}, raw=True)
        else:
            display(self._repr_mimebundle_(), raw=True)

    def _repr_mimebundle_(self, include=None, exclude=None):
        frame = self.opening()
        return {"text/plain": frame.sentence, "text/html": self._figure(frame)}

    def __repr__(self):
        return f"<Explorer {self.name}: {', '.join(f'{len(v)} × {n}' for n, v in self.values.items())}>"

    def _opening_of(self, frames):
        start = self.start
        return next(frame for frame in frames if frame.values == start)

    def _figure(self, frame, controls="", data="", name=""):
        width, height = _pixels_of(frame.image)
        css_width = min(MOST_WIDTH, round(MOST_HEIGHT * width / height), self.size[0] if self.size else MOST_WIDTH)
        sentence = html.escape(frame.sentence)
        title = f'<p class="ls-explore-title"><strong>{html.escape(self.title)}</strong></p>' if self.title else ""
        identity = f' data-explorer="{html.escape(name)}"' if name else ""
        return (
            f'<figure class="ls-explore"{identity} style="margin:1em 0;max-width:{css_width}px">{title}{controls}'
            f'<img class="ls-frame dark-light" src="{_uri(frame.image)}" alt="{sentence}" '
            f'width="{css_width}" height="{round(css_width * height / width)}" style="max-width:100%;height:auto;background:#fff">'
            f'<figcaption><p class="ls-sentence" aria-live="polite">{sentence}</p></figcaption>{data}</figure>'
        )

    def html(self, frames=None):
        """The element of the book: controls, opening frame, sentence and all frames as data.

        Without JavaScript the controls stay hidden and the opening frame and sentence remain.
        """
        frames = self.frames() if frames is None else frames
        start = self._opening_of(frames)
        images, sentences = OrderedDict(), OrderedDict()
        for frame in frames:
            images.setdefault(frame.image, len(images))
            sentences.setdefault(frame.sentence, len(sentences))
        key = f"{self.name}-{next(_count)}"
        data = {
            "sizes": [len(control.values) for control in self.controls],
            "texts": [control.texts for control in self.controls],
            "start": [control.start for control in self.controls],
            # The opening picture is in the page already.
            "images": [None if image == start.image else _uri(image) for image in images],
            "sentences": list(sentences),
            "frames": [[images[frame.image], sentences[frame.sentence]] for frame in frames],
        }
        controls = "".join(_control_html(control, f"{key}-{control.name}") for control in self.controls)
        label = html.escape(self.title or self.name.replace("_", " "))
        return self._figure(
            start,
            f'<div class="ls-controls" role="group" aria-label="Controls: {label}" hidden>{controls}</div>',
            f'<script type="application/json">{medium.script_json(data)}</script>',
            key,
        )

    def widget(self):
        """ipywidgets controls over a picture that is redrawn (a kernel is needed)."""
        import ipywidgets as widgets

        picture = widgets.HTML()
        seen = OrderedDict()  # pictures already drawn: moving back is at once

        def redraw(_=None):
            values = {control.name: box.value for control, box in zip(self.controls, boxes)}
            key = tuple(map(repr, values.values()))
            if key not in seen:
                pixels, sentence = self.draw(values, 1.25)
                seen[key] = self._figure(Frame(values, _webp(pixels, 64), sentence))
                if len(seen) > 2 * MOST_FRAMES:
                    seen.popitem(last=False)
            picture.value = seen[key]

        boxes = []
        for control in self.controls:
            options = list(zip(control.texts, control.values))
            common = {"description": control.label, "style": {"description_width": "initial"}}
            first = control.values[control.start]
            if control.kind == "slider":
                box = widgets.SelectionSlider(options=options, value=first, layout={"width": "min(32em, 95%)"}, **common)
            elif control.kind == "checkbox":
                box = widgets.Checkbox(value=first, indent=False, **common)
            else:
                kind = widgets.RadioButtons if len(options) <= 5 else widgets.Dropdown
                box = kind(options=options, value=first, **common)
            box.observe(redraw, "value")
            boxes.append(box)
        redraw()
        # The title stands in the figure; controls come first, as in the book.
        return widgets.VBox([*boxes, picture])


# -- parts --------------------------------------------------------------------------------------


def _controls(name, parameters, labels, formats, start):
    if not parameters:
        raise ExploreError(f"{name}: give at least one parameter, such as @explore(discount=(0.0, 0.5, 0.05)).")
    for what, given in (("_labels", labels), ("_formats", formats), ("_start", start)):
        for unknown in set(given) - set(parameters):
            raise ExploreError(f"{name}: {what} names {unknown!r}, which is not one of its parameters.")
    controls = []
    for parameter, given in parameters.items():
        values, texts = _values(name, parameter, given)
        if texts is None:
            write = formats.get(parameter)
            if write is None:
                texts = [f"{value:g}" if isinstance(value, float) else str(value) for value in values]
            else:
                texts = [write(value) if callable(write) else format(value, write) for value in values]
        if isinstance(given, tuple):
            kind = "slider"
        elif len(values) == 2 and all(isinstance(value, bool) for value in values):
            kind = "checkbox"
        else:
            kind = "choice"
        first = 0
        if parameter in start:
            near = [i for i, value in enumerate(values) if value == start[parameter] or _close(value, start[parameter])]
            if not near:
                raise ExploreError(f"{name}: _start gives {parameter}={start[parameter]!r}, which is not one of its values.")
            first = near[0]
        label = labels.get(parameter) or parameter.replace("_", " ").capitalize()
        controls.append(Control(parameter, kind, label, tuple(values), tuple(texts), first))
    return controls


def _close(a, b):
    try:
        return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12)
    except TypeError:
        return False


def _values(name, parameter, given):
    """The values of a parameter and, for a dict, their labels."""
    if isinstance(given, dict):
        values, texts = list(given.values()), [str(key) for key in given]
    elif isinstance(given, tuple):
        if len(given) != 3 or not all(isinstance(n, (int, float)) and not isinstance(n, bool) for n in given):
            raise ExploreError(f"{name}: {parameter} must be (low, high, step) in numbers, or a list of values; it is {given!r}.")
        low, high, step = given
        if step <= 0 or high < low:
            raise ExploreError(f"{name}: {parameter}={given!r} needs low ≤ high and a step above 0.")
        count = math.floor((high - low) / step + 1e-9) + 1
        # 0.15, not 0.15000000000000002
        values = [low + i * step if isinstance(low, int) and isinstance(step, int) else round(low + i * step, 12) for i in range(count)]
        texts = None
    else:
        values, texts = list(given), None
    if len(values) < 2:
        raise ExploreError(f"{name}: {parameter} has {len(values)} value; a control needs two at least.")
    return values, texts


def _control_html(control, key):
    key, label = html.escape(key), html.escape(control.label)
    texts = [html.escape(str(text)) for text in control.texts]
    if control.kind == "slider":
        return (
            f'<div class="ls-control"><label for="{key}">{label}</label>'
            f'<input type="range" id="{key}" min="0" max="{len(texts) - 1}" step="1" value="{control.start}" '
            f'aria-valuetext="{texts[control.start]}"><span class="ls-value" aria-hidden="true">{texts[control.start]}</span></div>'
        )
    if control.kind == "checkbox":
        # The values may come in either order; the tick stands for True.
        on = control.values.index(True)
        checked = " checked" if control.start == on else ""
        return (
            f'<div class="ls-control"><label><input type="checkbox" id="{key}" data-on="{on}"{checked}> {label}</label></div>'
        )
    if len(texts) <= 5:
        options = "".join(
            f'<label><input type="radio" name="{key}" value="{i}"{" checked" if i == control.start else ""}> {text}</label>'
            for i, text in enumerate(texts)
        )
        return f'<fieldset class="ls-control"><legend>{label}</legend>{options}</fieldset>'
    options = "".join(
        f'<option value="{i}"{" selected" if i == control.start else ""}>{text}</option>' for i, text in enumerate(texts)
    )
    return f'<div class="ls-control"><label for="{key}">{label}</label><select id="{key}">{options}</select></div>'


def _on_all_cores(work, items):
    """[work(item) for item in items], shared between the cores where the system can fork.

    A function written in a notebook cannot be sent to a fresh process; a forked one has it already.
    macOS and Windows cannot fork safely and work through the list alone.
    """
    global _work
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    if cores < 2 or len(items) < 8:
        return [work(item) for item in items]
    _work = work
    with ProcessPoolExecutor(cores, mp_context=multiprocessing.get_context("fork")) as pool:
        return list(pool.map(_do_work, items, chunksize=4))


def _do_work(item):
    return _work(item)


def _webp(pixels, colours):
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


def _uri(image):
    return "data:image/webp;base64," + base64.b64encode(image).decode()


def _weight(frames):
    """Bytes of the different pictures in base64."""
    return sum(4 * math.ceil(len(image) / 3) for image in {frame.image for frame in frames})


def _pixels_of(image):
    from PIL import Image

    with Image.open(io.BytesIO(image)) as picture:
        return picture.size
