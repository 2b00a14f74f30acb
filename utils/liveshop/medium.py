"""How things are shown: in which life (with a kernel, in a notebook, in the book), as what HTML, in what size."""

import html
import json
import os
import re
from functools import cache
from importlib.resources import files

VARIABLE = "LIVESHOP_MEDIUM"
MEDIA = ("live", "opening", "frames")
STATIC = files("liveshop") / "static"      # style sheets and scripts of every page; the book takes them from here too


def current():
    """Say for which medium explorers, checks, quizzes and cards are shown now: "live", "opening" or "frames".

    "live" (the default) has a kernel and shows ipywidgets; "opening" shows only the first frame (committed
    notebooks, plain scripts); "frames" shows plain HTML that needs no kernel (the book).
    Read from the environment variable LIVESHOP_MEDIUM at every call; any other value is a ValueError.
    """
    value = os.environ.get(VARIABLE) or "live"
    if value not in MEDIA:
        raise ValueError(f"{VARIABLE} is “{value}”; set it to live, opening or frames, or leave it unset.")
    return value


_NOT_A_NUMBER = re.compile(
    r"(?:(?<![\w.])[-−+]?[¥$€£]?(?:nan|inf)\b|(?<!\w)NaT\b|<NA>|&lt;NA&gt;)(?:\s?%)?")


_YUAN = re.compile(r"¥\s?(?=[\d–])|\b[Yy]uan\b")
CURRENCY = "LIVESHOP_CURRENCY"


def currency():
    """The currency of the amounts that are shown, as its code (ISO 4217): CNY, or what LIVESHOP_CURRENCY says."""
    return os.environ.get(CURRENCY) or "CNY"


def told(text):
    """A text for people: a number that nobody knows is called so (+nan% → not known), money is in its currency.

    Texts are written for yuan; in another currency ¥1,234 becomes IDR 1,234, and “yuan” IDR.
    """
    text = _NOT_A_NUMBER.sub("not known", text)
    if (code := currency()) == "CNY":
        return text
    return _YUAN.sub(lambda sign: f"{code}\u00a0" if sign[0].startswith("¥") else code, text)


def told_figure(figure):
    """The texts in a figure as `told` has them; the figure."""
    if currency() != "CNY":
        for text in figure.findobj(lambda part: hasattr(part, "set_text") and hasattr(part, "get_text")):
            text.set_text(told(text.get_text()))
    return figure


def show(plain, rich):
    """Show HTML with its plain text beside it in a notebook; print the plain text elsewhere."""
    from IPython import get_ipython
    from IPython.display import display

    if get_ipython() is None:
        print(plain)
    else:
        display({"text/plain": plain, "text/html": rich}, raw=True)


def text_html(text):
    """Plain text as HTML; `code` between backticks."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text, quote=False))


def render(package, template, **values):
    """A Jinja2 template from a package's folder `templates/`, its values escaped unless they are Markup.

    The lines of an .html template are joined: breaks and indents are for those who read it, and not for the page
    (so a blank that the page needs stands within a line).
    Filters: `plain` (a text with `code` between backticks), `script` (data inside a script element).
    """
    return _templates(package).get_template(template).render(**values)


@cache
def _templates(package):
    from jinja2 import Environment, FunctionLoader, StrictUndefined
    from markupsafe import Markup

    def source(name):
        text = (files(package) / "templates" / name).read_text(encoding="utf-8")
        return "".join(line.strip() for line in text.splitlines()) if name.endswith(".html") else text

    def escaped(value):
        # The entities of html.escape; Jinja2's own are others, and would rewrite every stored output.
        return value if hasattr(value, "__html__") else Markup(html.escape(str(value)))

    made = Environment(loader=FunctionLoader(source), autoescape=True, undefined=StrictUndefined, finalize=escaped)
    made.filters["plain"] = lambda text: Markup(text_html(str(text)))
    made.filters["script"] = lambda data: Markup(script_json(data))
    return made


def lettering(figure, css_width):
    """Height in css pixels of the smallest letters of a drawn figure that is shown so many css pixels wide.

    `figure`: a matplotlib figure. A raised or lowered part of a formula is 0.7 of its size. None without any text.
    """
    sizes = [
        text.get_fontsize() * (0.7 if re.search(r"\$.*[\^_].*\$", text.get_text()) else 1.0)
        for text in figure.findobj(lambda artist: hasattr(artist, "get_fontsize"))
        if text.get_visible() and text.get_text().strip()
    ]
    return round(min(sizes) / 72 * css_width / figure.get_size_inches()[0], 1) if sizes else None


def static(*names):
    """These style sheets or scripts of `static/` as the content of a style or script element."""
    from markupsafe import Markup

    return Markup("".join((STATIC / name).read_text(encoding="utf-8") for name in names))


def script_json(data):
    """JSON that may stand inside a script element: no text in it can close the element."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
