"""The frame of a page: the book's own scripts and no others; what explorers need comes last on the wire."""
from __future__ import annotations

import re

# An explorer of the page with all its frames: the pictures that a reader may ask for weigh more than all text.
EXPLORER = re.compile(r'(<figure class="ls-explore"[^>]* data-explorer="([^"]+)"[^>]*>(?:(?!</figure>).)*?)'
                      r'<script type="application/json">(.*?)</script>', re.DOTALL)
# The scripts that make the frame answer stand in the head, before the style; the others after the text they work on.
FIRST = ("kept.js", "reading.js")
# A tool's script goes with its tool.
TOOLS = {"planner.js": "ls-planner", "places.js": "ls-places", "drill.js": "ls-drill", "maturity.js": "ls-maturity",
         **dict.fromkeys(("weeks.js", "replays.js", "capstone.js"), "ls-capstone")}


def page_context(app, pagename, templatename, context, doctree) -> None:
    own = {f"_static/{name if isinstance(name, str) else name[0]}" for name in app.config.html_js_files}
    body = context.get("body", "")
    unused = {f"_static/{name}" for name, tool in TOOLS.items() if tool not in body}
    scripts = [script for script in context["script_files"] if script.filename in own - unused]
    first = [script for script in scripts if script.filename.removeprefix("_static/") in FIRST]
    context["script_files"] = []
    context["course_first_scripts"] = first
    context["course_scripts"] = [script for script in scripts if script not in first]
    context["course_frames"] = frames = []

    def to_the_end(explorer: re.Match) -> str:
        frames.append((f"frames-{explorer[2]}", explorer[3]))
        return explorer[1]

    if "body" in context:
        context["body"] = EXPLORER.sub(to_the_end, context["body"])
