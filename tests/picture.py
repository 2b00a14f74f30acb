"""Takes the picture of README.md anew from the built book: the top of a section, and an explorer after a move.

make picture
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from reader import CHROMIUM, Reader

ROOT = Path(__file__).resolve().parents[1]
SECTION = ROOT / "_build" / "html" / "notebooks" / "5-1.html"
PICTURE = ROOT / "book" / "pictures" / "chapter.png"
GROUND, GAP = "#f4f1ea", 16


def shots() -> list[Image.Image]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        reader = Reader(browser)
        page = reader.open(SECTION)
        page.set_viewport_size({"width": 1120, "height": 760})
        top = page.screenshot()
        explorer = page.locator("figure.ls-explore").first
        explorer.scroll_into_view_if_needed()
        slider = explorer.locator("input[type=range]").first
        slider.focus()
        for _ in range(3):
            slider.press("ArrowRight")
        explorer.locator("input[type=checkbox]").first.check()
        moved = explorer.screenshot()
        reader.close()
        browser.close()
    return [Image.open(io.BytesIO(shot)).convert("RGB") for shot in (top, moved)]


def main() -> int:
    if CHROMIUM is None or not SECTION.exists():
        print(
            "The picture is taken from the built book with chromium: "
            "install it, run make book, then make picture again.",
            file=sys.stderr,
        )
        return 1
    left, right = shots()
    sheet = Image.new("RGB", (left.width + right.width + 2 * GAP, max(left.height, right.height + 2 * GAP)), GROUND)
    sheet.paste(left, (0, 0))
    sheet.paste(right, (left.width + GAP, (sheet.height - right.height) // 2))
    sheet.quantize(128).save(PICTURE, optimize=True)
    print(f"{PICTURE.relative_to(ROOT)}: {sheet.width} × {sheet.height} pixels, {PICTURE.stat().st_size / 1000:.0f} KB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
