"""An executed notebook as one HTML page that needs nothing else."""

from liveshop import medium
from liveshop.editions.cells import tags


def markdown(text):
    """Markdown as HTML. What looks like HTML in the text is shown, not obeyed."""
    from markdown_it import MarkdownIt
    from markupsafe import Markup

    return Markup(MarkdownIt("commonmark", {"html": False}).enable("table").render(text))


def page(nb, title: str) -> str:
    """The executed notebook as one HTML page that needs nothing else: no script, no other server."""
    return medium.render(
        "liveshop.editions", "page.html", title=title, style=medium.static("course.css", "interactive.css"),
        cells=[_shown(cell) for cell in nb.cells],
    )


def _shown(cell) -> dict:
    """What the page shows of a cell: its text, or its code (but of set-up and cards) and outputs."""
    if cell.cell_type == "markdown":
        return {"text": markdown(cell.source), "code": "", "outputs": [], "moves": False}
    silent = {"card", "setup", "parameters"} & set(tags(cell)) or not cell.source.strip()
    return {
        "text": "",
        "code": "" if silent else cell.source,
        "outputs": [_output(output) for output in cell.outputs],
        "moves": "explorer" in tags(cell) and cell.outputs,
    }


def _output(output) -> dict:
    from markupsafe import Markup

    found = output.get("data", {})
    return {
        "printed": output.text if output.output_type == "stream" else "",
        # Output that the course itself makes (tables, figures, cards) is HTML and has escaped what came from the data.
        "html": Markup("".join(found.get("text/html", ""))),
        "png": found.get("image/png", "").strip(),
        "plain": "".join(found.get("text/plain", "")),
    }
