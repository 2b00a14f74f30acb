"""What a page of the site may do: a Content-Security-Policy in its head, so that no script runs but the site's own.

A server of plain files, as GitHub Pages, sends no headers of one's own, so each page carries its policy in a `meta`. It
names what stands in the page by fingerprint: the scripts of the frame, the style sheets, the `style` attributes. A
script in the text, which a table or a title may have brought in, gets none, nor has one that is added to a page later.
What a header alone can say stands in book/teach/publish.md.
"""

import re
from html.parser import HTMLParser
from pathlib import PurePosixPath

from liveshop.editions.page import fingerprint

# Directives by the folder of a page; the innermost folder that is named here rules, "." the whole site. A directive
# takes the fingerprints of what stands in the page, unless it is left out or lets everything in ('unsafe-inline').
POLICIES = {
    ".": {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "",                        # the sheets in the page; none is linked
        "style-src-attr": "'unsafe-hashes'",    # the word lets fingerprints name attributes, and nothing else
        "img-src": "'self' data:",
        "manifest-src": "'self'",
        "worker-src": "'self'",                 # the service worker
        "form-action": "'self'",                # the search
        "base-uri": "'none'",
        "object-src": "'none'",
    },
    # JupyterLab compiles its settings' schemas and styles itself; Python is WebAssembly, in a worker of its own.
    "lite": {
        "default-src": "'none'",
        "script-src": "'self' 'unsafe-eval'",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "media-src": "data: blob:",
        "connect-src": "'self' {asked}",
        "frame-src": "'self'",
        "manifest-src": "'self'",
        "worker-src": "'self' blob:",
        "form-action": "'none'",
        "base-uri": "'none'",
        "object-src": "'none'",
    },
}
# Scripts of other types are data, which no browser runs.
RUN = ("", "text/javascript", "application/javascript", "module", "importmap", "speculationrules")
# The one script of the frame that stands behind the text, so that explorers answer as they come (layout.html).
BEHIND_TEXT = "window.liveshop && liveshop.explorers()"
# How a page is encoded must be known within its first 1,024 bytes, so that goes before.
_HEAD = re.compile(r"<head\b[^>]*>(?:\s*<meta\s+charset=[^>]*>)?", re.IGNORECASE)


def with_policy(page: str, place: str, asked: str = "") -> str:
    """The HTML `page` with its policy at the head, before anything that it could rule.

    `place` is the page's path in the site, with slashes: its folder chooses the policy. `asked`: the one other address
    below which pages of lite/ may ask, for Python, where the publisher has named it.
    """
    folder = next(str(parent) for parent in PurePosixPath(place).parents if str(parent) in POLICIES)
    inline = _Inline()
    inline.feed(page)
    policy = "; ".join(f"{name} {_sources(sources.format(asked=asked), inline.found.get(name, ()))}"
                       for name, sources in POLICIES[folder].items())
    head = _HEAD.search(page)
    start = head.end() if head else 0           # a page that only leads on has no head
    return f'{page[:start]}<meta http-equiv="Content-Security-Policy" content="{policy}">{page[start:]}'


def _sources(named: str, texts) -> str:
    if "'unsafe-inline'" in named:              # which a fingerprint beside it would take back
        return named
    return " ".join([*named.split(), *sorted({fingerprint(text) for text in texts})]) or "'none'"


class _Inline(HTMLParser):
    """Gathers what a policy holds back unless it names it, by the directive that does."""

    def __init__(self):
        super().__init__()
        self.found = {"script-src": [], "style-src": [], "style-src-attr": []}
        self._in_text, self._read = False, None

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self._in_text |= tag == "article"       # its end is not believed: the text could have written it
        if "style" in given:
            self.found["style-src-attr"].append(given["style"] or "")
        if tag == "style" or tag == "script" and "src" not in given and (given.get("type") or "").lower() in RUN:
            self._read = ""

    def handle_data(self, data):
        if self._read is not None:
            self._read += data

    def handle_endtag(self, tag):
        if self._read is not None and (tag == "style" or not self._in_text or self._read == BEHIND_TEXT):
            self.found[f"{tag}-src"].append(self._read)
        self._read = None
