"""The explorer: a figure function with its controls, and the decorator that makes one."""

import itertools
import math

from liveshop import medium
from liveshop.explorers import page
from liveshop.explorers.controls import ExploreError, controls_of
from liveshop.explorers.drawing import QUALITIES, drawn, frame_of, frames_of

MOST_FRAMES = 60


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
    _size : (width, height) of the figure in css pixels; otherwise the figure's own size, 100 css pixels an
        inch, at most 700 × 420. On a phone it is as wide as the screen: at most 5.2 inches keep 10 points legible.

    The function returns (figure, sentence). The decorated name is an `Explorer`. Raises ExploreError
    on parameters or settings that do not fit.
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
        self.controls = controls_of(self.name, parameters, labels or {}, formats or {}, start or {})
        self.values = {control.name: control.values for control in self.controls}
        count = math.prod(len(values) for values in self.values.values())
        if count > MOST_FRAMES:
            raise ExploreError(
                f"{self.name}: {' × '.join(str(len(v)) for v in self.values.values())} = {count} frames; "
                f"an explorer has at most {MOST_FRAMES}. Use fewer or wider steps."
            )

    def __call__(self, *args, **kwargs):
        return self.function(*args, **kwargs)

    def __repr__(self):
        return f"<Explorer {self.name}: {', '.join(f'{len(v)} × {n}' for n, v in self.values.items())}>"

    def combinations(self):
        """All combinations of values, as dicts; the last parameter changes fastest."""
        for values in itertools.product(*self.values.values()):
            yield dict(zip(self.values, values, strict=True))

    @property
    def start(self):
        """The values of the opening frame."""
        return {control.name: control.values[control.start] for control in self.controls}

    def draw(self, values, scale=1.0):
        """The figure of one combination, as `Drawn`.

        `scale` is pixels per css pixel. Raises ExploreError when the function does not give both.
        """
        return drawn(self.name, self.function(**values), values, self.size, scale)

    def opening(self):
        """The opening `Frame`."""
        return self._frame(self.start, QUALITIES[0][0])

    def frames(self):
        """Draw every combination: a list of `Frame` in the order of `combinations()`.

        All frames have one size in pixels and one quality, the best at which the explorer's pictures
        stay within MOST_BYTES; ExploreError when none does.
        """
        return frames_of(self.name, self.draw, list(self.combinations()))

    def html(self, frames=None):
        """The element of the book: controls, opening frame, sentence and all frames as data.

        Without JavaScript the controls stay hidden and the opening frame and sentence remain.
        """
        frames = self.frames() if frames is None else frames
        return page.element(self.name, self.controls, frames, self._opening_of(frames), self.title)

    def widget(self):
        """ipywidgets controls below a picture that is redrawn (a kernel is needed)."""
        from liveshop.explorers.widget import widget

        def picture(values):
            frame = self._frame(values, 1.25)
            return page.still(frame, self.title, sentence=""), frame.sentence

        return widget(self.controls, picture, page.said)

    def show(self):
        """Show the explorer in the form that this medium asks for."""
        from IPython import get_ipython
        from IPython.display import display

        if get_ipython() is None:  # a plain script: run it once, so that a mistake shows
            print(self.draw(self.start).sentence)
        elif medium.current() == "live":
            display(self.widget())
        elif medium.current() == "frames":
            frames = self.frames()
            display({"text/plain": self._opening_of(frames).sentence, "text/html": self.html(frames)}, raw=True)
        else:
            display(self._repr_mimebundle_(), raw=True)

    def _repr_mimebundle_(self, include=None, exclude=None):
        frame = self.opening()
        return {"text/plain": frame.sentence, "text/html": page.still(frame, self.title)}

    def _frame(self, values, scale):
        return frame_of(values, self.draw(values, scale), 64)

    def _opening_of(self, frames):
        start = self.start
        return next(frame for frame in frames if frame.values == start)
