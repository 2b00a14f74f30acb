"""An explorer as an element of a page: plain HTML that needs no kernel (static/explorers.js moves it)."""

import base64
import itertools

from markupsafe import Markup

from liveshop import medium
from liveshop.explorers.drawing import shape_of

_count = itertools.count(1)  # element ids must differ on a page


def still(frame, title="", **moving):
    """The element with one `Frame`: title, picture, sentence unless sentence=""; `moving` adds what `element` needs."""
    width, height = shape_of(frame.image)
    values = {"sentence": frame.sentence, "lettering": frame.lettering, "key": "", "controls": (), "label": "",
              "longest": "", "data": "", **moving}
    return medium.render("liveshop.explorers", "explorer.html", title=title, source=_uri(frame.image),
                         width=frame.width, height=round(frame.width * height / width), **values)


def said(sentence, longest):
    """The sentence of an explorer with a kernel, as high as the longest that it has said."""
    return medium.render("liveshop.explorers", "said.html", sentence=sentence, longest=longest)


def element(name, controls, frames, start, title=""):
    """The element of the book: controls, the frame `start`, its sentence, and all frames as data.

    Without JavaScript the controls stay hidden and the opening frame and sentence remain.
    """
    data = _data(controls, frames, start)
    return still(start, title, key=f"{name}-{next(_count)}", place=f"explore-{name.replace('_', '-')}",
                 controls=controls, label=title or name.replace("_", " "), longest=max(data["sentences"], key=len),
                 lettering=min((frame.lettering for frame in frames if frame.lettering), default=None),
                 data=Markup(medium.script_json(data)))


def _data(controls, frames, start):
    """What the script reads; equal pictures and equal sentences are stored once."""
    images, sentences = {}, {}
    for frame in frames:
        images.setdefault(frame.image, len(images))
        sentences.setdefault(frame.sentence, len(sentences))
    return {
        "sizes": [len(control.values) for control in controls],
        "texts": [control.texts for control in controls],
        "start": [control.start for control in controls],
        # The opening picture is in the page already.
        "images": [None if image == start.image else _uri(image) for image in images],
        "sentences": list(sentences),
        "frames": [[images[frame.image], sentences[frame.sentence]] for frame in frames],
    }


def _uri(image):
    return "data:image/webp;base64," + base64.b64encode(image).decode()
