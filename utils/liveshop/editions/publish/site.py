"""The book as a site: the built pages, and what lets a phone install it and read all of it without a network.

A service worker keeps the whole book at the first visit; the web app manifest says what a phone installs. Both are for
pages that come from a server. The same pages open from a folder, where a browser takes neither.
"""

import hashlib
import json
import shutil
import tempfile
import zipfile
from pathlib import Path

from liveshop.editions.cells import EditionError
from liveshop.editions.publish.lite import FOLDER, RUN, SCRIPT, Lite, add_lite
from liveshop.editions.publish.pages import COVER, in_order, read
from liveshop.editions.publish.policy import with_policy
from liveshop.medium import render

WORKER, MANIFEST = "service-worker.js", "manifest.webmanifest"
ICONS = (192, 512)                                  # what phones ask for, in pixels
GREEN, PAPER = "#0b6b5d", "#fbfaf7"
LEFT_OUT = (".buildinfo", "objects.inv")
ZIP_TIME = (2025, 3, 3, 0, 0, 0)                    # the same pages give the same zip


def site(html, out, lite: Lite | None = None) -> Path:
    """Write the built book of the folder `html` to the folder `out`, ready for a web server, and beside it as a zip.

    With `lite` its sections run in the reader's browser too; the zip, which is for folders, is without that. A site
    that was in `out` goes. Returns the zip's path. EditionError where no book was built, and where `out` holds
    something else.
    """
    html, out = Path(html), Path(out)
    if out.exists() and not (out / WORKER).exists() and (not out.is_dir() or any(out.iterdir())):
        raise EditionError(f"{out} holds other files: choose an empty or a new folder with --out.")
    title = read(in_order(html)[0]).title.get_text().strip()
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent) as folder:
        made = _make(html, Path(folder) / out.name, title)
        packed = _zip(made, Path(folder) / f"{out.name}.zip")
        if lite:
            made = _make(html, Path(folder) / "served", title, lite)
        shutil.rmtree(out, ignore_errors=True)
        made.replace(out)
        return packed.replace(out.with_suffix(".zip"))


def _make(html: Path, made: Path, title: str, lite: Lite | None = None) -> Path:
    shutil.copytree(html, made, ignore=shutil.ignore_patterns(*LEFT_OUT))
    if lite:
        add_lite(made, lite)
    _add_icons(made)
    (made / MANIFEST).write_text(json.dumps(_manifest(title), ensure_ascii=False, indent=1), encoding="utf-8")
    for page in made.rglob("*.html"):
        _finish(page, made, lite.address if lite else "")
    _add_worker(made)
    return made


def _manifest(title: str) -> dict:
    return {
        "name": title, "short_name": "Live shop", "lang": "en", "start_url": COVER, "scope": "./",
        "display": "standalone", "background_color": PAPER, "theme_color": GREEN,
        "icons": [{"src": f"icon-{size}.png", "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
                  for size in ICONS for purpose in ("any", "maskable")],
    }


def _add_icons(folder: Path) -> None:
    """The plant of the book's mark, on green to the edge, so that a phone may cut any shape from it."""
    from PIL import Image, ImageDraw

    big = 1024
    image = Image.new("RGB", (big, big), GREEN)
    draw = ImageDraw.Draw(image)
    draw.line([(big / 2, big * .78), (big / 2, big * .34)], fill=PAPER, width=big // 16)
    for left, top, halves in ((.30, .30, ((1, 0, 90), (0, 1, 270))), (.50, .46, ((0, 0, 0), (1, 1, 180)))):
        for right, low, start in halves:        # a leaf: two quarters of a circle, back to back
            x, y = left + .2 * right, top + .2 * low
            box = [big * (x - .2), big * (y - .2), big * (x + .2), big * (y + .2)]
            draw.chord(box, start, start + 90, fill=PAPER)
    for size in ICONS:
        image.resize((size, size), Image.Resampling.LANCZOS).save(folder / f"icon-{size}.png", optimize=True)


def _finish(page: Path, folder: Path, asked: str) -> None:
    """Lead a page to what is installed and kept, and last, since it names all that stands in the page, its policy."""
    place, text = page.relative_to(folder), page.read_text(encoding="utf-8")
    if place.parts[0] != FOLDER:        # JupyterLite has a worker of its own
        lead = render("liveshop.editions", "site-head.html", root="../" * len(place.parts[:-1]), manifest=MANIFEST,
                      worker=WORKER, way=f"{FOLDER}/{RUN}?" in text)
        text = text.replace("</head>", f"{lead}</head>", 1)
    page.write_text(with_policy(text, place.as_posix(), asked), encoding="utf-8")


def _add_worker(folder: Path) -> None:
    """The worker names every file of the site, and its cache after what they hold: a new book replaces the old one.

    Of lite/ it keeps the page alone that says what cannot be had: the rest is heavy, and for those who ask for it.
    """
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    kept = (f"{FOLDER}/{RUN}", f"{FOLDER}/{SCRIPT}")
    files = [name for name in files if not name.startswith(f"{FOLDER}/") or name in kept]
    digest = hashlib.sha256()
    for name in files:
        digest.update(name.encode() + b"\0" + (folder / name).read_bytes())
    worker = render("liveshop.editions", "service-worker.js", cache=digest.hexdigest()[:16], files=files)
    (folder / WORKER).write_text(worker, encoding="utf-8")


def _zip(folder: Path, path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                info = zipfile.ZipInfo(f"{folder.name}/{file.relative_to(folder).as_posix()}", ZIP_TIME)
                archive.writestr(info, file.read_bytes(), zipfile.ZIP_DEFLATED)
    return path
