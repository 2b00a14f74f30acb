"""A tool that works in the page: a form with a script of its own, and what stands there where no script runs."""

import itertools
import os
from uuid import uuid4

from markupsafe import Markup

from liveshop import medium
from liveshop.playbook.sheet import ASKED

_count = itertools.count(1)


def show_in_page(tool, plain, table, package="liveshop.playbook", **values):
    """Show a tool: templates/<tool>.html of a package with these values and the script static/<tool>.js.

    plain: what stands where no HTML is shown; table: the HTML that a reader without the script has. In a committed
    notebook there is the table alone; in the book and on a page of one's own run the form as well; with a kernel the
    output brings the script along.
    """
    live = medium.current() == "live"
    # Notebooks of several kernels stand in one page of JupyterLab: a count would give a name twice.
    name = f"{tool}-{uuid4().hex[:8]}" if live else f"{tool}-{next(_count)}"
    element = table
    if medium.current() != "opening" or os.environ.get(ASKED):
        element = Markup(medium.render(package, f"{tool}.html", name=name, table=table, **values))
    if live:
        element = Markup("<div><style>{}</style>{}<script>{}</script></div>").format(
            medium.static("interactive.css"), element, medium.static("numbers.js", f"{tool}.js"))
    medium.show(plain, element)
