"""An executed notebook as one HTML page that needs nothing else."""

import base64
import hashlib

from liveshop import medium
from liveshop.editions.cells import tags


def markdown(text):
    """Markdown as HTML. What looks like HTML in the text is shown, not obeyed."""
    from markdown_it import MarkdownIt
    from markupsafe import Markup

    return Markup(MarkdownIt("commonmark", {"html": False}).enable("table").render(text))


def page(nb, title: str) -> str:
    """The executed notebook as one HTML page that needs nothing else and may ask nobody: its own script alone runs.

    What is typed into its card stays in the browser under a key of this page's own: the same figures, the same key.
    """
    cells = [_shown(cell) for cell in nb.cells]
    cards = "".join(output["html"] for cell, shown in zip(nb.cells, cells, strict=True) if "card" in tags(cell)
                    for output in shown["outputs"])
    script = medium.static("kept.js", "numbers.js", "planner.js", "places.js", "cards.js", "page.js")
    return medium.render(
        "liveshop.editions", "page.html", title=title, style=medium.static("course.css", "interactive.css"),
        cells=cells, has_card=bool(cards), script=script, policy=_POLICY.format(fingerprint(script)),
        kept=f"liveshop-{hashlib.sha256(cards.encode()).hexdigest()[:12]}",
    )


# No request at all, and of scripts only the one with this fingerprint.
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src {}"


def fingerprint(text: str) -> str:
    """What names a script or a style in a Content-Security-Policy: its SHA-256, as CSP Level 3 writes it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


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
