"""Figures and explorers as a reader sees them: letters that are large enough on a phone, sharp, of one size."""
from __future__ import annotations

import pytest

from reader import Reader, pages

LEAST = 9               # css pixels of the smallest letters
FIGURES = """() => [...document.querySelectorAll("article img[data-lettering]")].map(img => {
    const room = getComputedStyle(img);
    const shown = img.getBoundingClientRect().width - parseFloat(room.paddingLeft) - parseFloat(room.paddingRight);
    return {
        name: img.closest("[data-explorer]")?.dataset.explorer || img.alt.slice(0, 60),
        letters: img.dataset.lettering * shown / img.getAttribute("width"),
        sharpness: img.naturalWidth / shown,
        over: img.getBoundingClientRect().right - innerWidth,
    };
})"""
SIZES = """async () => {
    const found = {};
    for (const figure of document.querySelectorAll("figure[data-explorer]")) {
        const opening = figure.querySelector("img.ls-frame"), sizes = new Set();
        const { images } = JSON.parse(document.getElementById("frames-" + figure.dataset.explorer).textContent);
        for (const source of [opening.src, ...images.filter(source => source)]) {
            const image = new Image();
            image.src = source;
            await image.decode();
            sizes.add(`${image.naturalWidth} × ${image.naturalHeight}`);
        }
        found[figure.dataset.explorer] = [...sizes];
    }
    return found;
}"""


@pytest.fixture(scope="module")
def illustrated(book):
    found = [path for path in pages(book) if "data-lettering=" in path.read_text(encoding="utf-8")]
    assert found
    return found


@pytest.mark.parametrize("width", [360, 390, 1280])
def test_figures_are_legible_and_sharp(illustrated, browser, width):
    reader = Reader(browser, "desktop" if width > 1000 else "phone")
    reader.page.set_viewport_size({"width": width, "height": 844})
    for path in illustrated:
        page = reader.open(path)
        figures = page.evaluate(FIGURES)
        bare = page.locator("article .cell_output img:not([data-lettering])").count()
        assert figures and not bare, f"{path.name}: {bare} pictures do not say how large their letters are"
        for figure in figures:
            name = f"{path.name}, {figure['name']}"
            assert figure["letters"] >= LEAST, f"{name}: letters of {figure['letters']:.1f} px"
            assert figure["sharpness"] >= 1, f"{name}: {figure['sharpness']:.2f} pixels per css pixel"
            assert figure["over"] <= 0.5, f"{name}: {figure['over']:.0f} px over the edge"
    reader.close()


def test_all_frames_of_an_explorer_have_one_size(illustrated, reader):
    found = {name: sizes for path in illustrated for name, sizes in reader.open(path).evaluate(SIZES).items()}
    assert found and all(len(sizes) == 1 for sizes in found.values()), found
