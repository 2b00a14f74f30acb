"""HTML of exercises and quizzes, from the templates beside this file; every value is escaped."""

from functools import lru_cache
from importlib.resources import files

from liveshop import medium


def render(template, **values):
    """The template of this name ("exercise.html") filled with these values, as a string of HTML.

    Filters for texts: `plain` (a text with `code` between backticks), `script` (data inside a script element).
    """
    return _environment().get_template(template).render(**values)


@lru_cache
def _environment():
    from jinja2 import Environment, FunctionLoader
    from markupsafe import Markup

    environment = Environment(loader=FunctionLoader(_source), autoescape=True)
    environment.filters["plain"] = lambda text: Markup(medium.text_html(str(text)))
    environment.filters["script"] = lambda data: Markup(medium.script_json(data))
    return environment


def _source(name):
    """A template with its lines joined: line breaks and indents are for those who read it, and not for the page."""
    text = (files("liveshop.practice") / "templates" / name).read_text(encoding="utf-8")
    return "".join(line.strip() for line in text.splitlines())
