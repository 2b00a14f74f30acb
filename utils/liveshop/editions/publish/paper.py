"""The book on paper: one PDF with contents, links that lead within it, and every answer, set by Chromium."""

import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import unquote, urlsplit

from liveshop.editions.cells import EditionError
from liveshop.editions.publish.pages import in_order, read
from liveshop.environment import CHROMIUM
from liveshop.medium import render
from liveshop.tables.writing import atomic

# What paper has no use for: what moves, what is pressed, and the code of set-ups and explorers.
LEFT_OUT = ("script, style, template, button, dialog, .headerlink, form.ls-answer, .ls-controls, .ls-ways, .ls-onward, "
            ".ls-jump, .ls-skip, .tag_book-setup, .tag_book-explorer > details")
REFERRING = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "headers")


def pdf(html, path) -> Path:
    """Write the built book of the folder `html` as one PDF to `path`, and return the path.

    EditionError where no book was built, or where there is no Chromium to set it.
    """
    html = Path(html).resolve()
    with tempfile.TemporaryDirectory(dir=html.parent, ignore_cleanup_errors=True) as folder:
        whole = Path(folder) / "book.html"
        whole.write_text(one_page(html), encoding="utf-8")
        with atomic(path) as temporary:
            _print(whole, temporary)
    return Path(path)


def one_page(html: Path) -> str:
    """All pages of the book one after another, as one HTML page whose links lead within it."""
    # A page that shows what the reader has kept in her browser has nothing to print.
    paths = [path for path in in_order(html) if not read(path).select_one("article .ls-mine")]
    names = {path: _name(html, path) for path in paths}
    cover, parts = read(paths[0]), []
    for path in paths:
        article = read(path).select_one("article.bd-article")
        title = article.select_one("h1")
        _prepare(article, path, names)
        parts.append({"name": names[path], "title": _words(title), "article": article.decode_contents(),
                      "section": bool(re.match(r"\d+\.\d", _words(title)))})
    inline = [style.get_text() for style in cover.select("head style")]
    from markupsafe import Markup

    for part in parts:
        part["article"] = Markup(part["article"])
    return render("liveshop.editions", "paper.html", title=cover.title.get_text().strip(),
                  inline=Markup("\n".join(inline)), parts=parts)


def _name(html: Path, path: Path) -> str:
    return "page-" + re.sub(r"[^a-z0-9]+", "-", path.relative_to(html).with_suffix("").as_posix())


def _words(title) -> str:
    return " ".join(title.find(string=True, recursive=False).split()) if title else ""


def _prepare(article, path: Path, names: dict[Path, str]) -> None:
    """An article for paper: what moves goes, folds are open, places and links carry the page's name."""
    for element in article.select(LEFT_OUT):
        element.decompose()
    for hidden in article.select("noscript"):        # the answers of a quiz
        hidden.unwrap()
    for fold in article.select("details"):
        fold["open"] = ""
    name = names[path]
    for element in article.find_all(True):
        if element.has_attr("id"):
            element["id"] = f"{name}--{element['id']}"
        if element.has_attr("name") and element.name == "input":
            element["name"] = f"{name}--{element['name']}"
        for attribute in REFERRING:
            if element.has_attr(attribute):
                places = element[attribute]
                places = places.split() if isinstance(places, str) else places
                element[attribute] = " ".join(f"{name}--{place}" for place in places)
    for image in article.select("img[src]"):
        image["loading"] = "eager"
        if not image["src"].startswith("data:"):
            image["src"] = (path.parent / unquote(urlsplit(image["src"]).path)).resolve().as_uri()
    for link in article.select("a[href]"):
        _turn_inwards(link, path, names)


def _turn_inwards(link, path: Path, names: dict[Path, str]) -> None:
    """A link to another page of the book leads to where it stands in the PDF; one to a file of the site is a text."""
    parts = urlsplit(link["href"])
    if parts.scheme:
        return
    target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
    if target in names:
        link["href"] = f"#{names[target]}" + (f"--{parts.fragment}" if parts.fragment else "")
    else:
        del link["href"]


def _print(whole: Path, path: Path) -> None:
    browser = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if browser is None:
        raise EditionError("The PDF is set by Chromium, and there is none here: install it, then make pdf again.")
    command = [browser, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={whole.parent / 'profile'}",
               "--no-pdf-header-footer", "--generate-pdf-document-outline", f"--print-to-pdf={path}", whole.as_uri()]
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode or not path.stat().st_size:
        told = (run.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise EditionError(f"Chromium could not set the PDF: {told}")
