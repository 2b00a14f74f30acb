"""Templates: every value escaped, lines joined, nothing missing passed over."""

import pytest
from jinja2 import UndefinedError
from markupsafe import Markup

from liveshop import medium

NASTY = """</script><b onclick="x('y')">`a`"""


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package with templates of its own; its name."""
    folder = tmp_path / "a_room" / "templates"
    folder.mkdir(parents=True)
    (folder.parent / "__init__.py").touch()
    (folder / "page.html").write_text('<p title="{{ text }}">\n   {{ text }}\n</p>\n')
    (folder / "list.md.jinja").write_text("- {{ text }}\n\n- two\n")
    (folder / "filters.html").write_text("{{ text|plain }}<script>{{ text|script }}</script>")
    monkeypatch.syspath_prepend(tmp_path)
    yield "a_room"
    medium._templates.cache_clear()


def test_values_are_escaped_and_lines_joined(package):
    safe = "&lt;/script&gt;&lt;b onclick=&quot;x(&#x27;y&#x27;)&quot;&gt;`a`"
    assert medium.render(package, "page.html", text=NASTY) == f'<p title="{safe}">{safe}</p>'
    assert "<b>" in medium.render(package, "page.html", text=Markup("<b>"))
    assert medium.render(package, "list.md.jinja", text="one\n") == "- one\n\n\n- two"


def test_filters_escape_too(package):
    page = medium.render(package, "filters.html", text=NASTY)
    assert page.count("</script>") == 1 and "<b" not in page.split("<script>")[0] and "<code>a</code>" in page


def test_a_value_that_is_not_given_is_an_error(package):
    with pytest.raises(UndefinedError, match="text"):
        medium.render(package, "page.html")
