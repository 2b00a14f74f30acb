"""Figures and explorers as a reader sees them: large letters on a phone, sharp, and nothing jumps as a slider moves."""
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
# Every sentence is written, and every control moved through its whole range, the others where they stand.
HEIGHTS = """async () => {
    const found = {};
    for (const figure of document.querySelectorAll("figure[data-explorer]")) {
        const seen = new Set(), look = () => seen.add(Math.round(10 * figure.getBoundingClientRect().height) / 10);
        const sizes = new Set(), sentence = figure.querySelector(".ls-sentence"), opening = sentence.textContent;
        const data = JSON.parse(figure.querySelector("script[type='application/json']").textContent);
        look();
        for (const text of data.sentences) { sentence.textContent = text; look(); }
        sentence.textContent = opening;
        for (const source of data.images.filter(source => source)) {
            const image = new Image();
            image.src = source;
            await image.decode();
            sizes.add(`${image.naturalWidth} × ${image.naturalHeight}`);
        }
        for (const slider of figure.querySelectorAll("input[type=range]")) {
            const began = slider.value;
            for (let value = +slider.min; value <= +slider.max; value++) {
                slider.value = value;
                slider.dispatchEvent(new Event("input", { bubbles: true }));
                look();
            }
            slider.value = began;
            slider.dispatchEvent(new Event("input", { bubbles: true }));
        }
        const picture = figure.querySelector("img.ls-frame");
        sizes.add(`${picture.naturalWidth} × ${picture.naturalHeight}`);
        found[figure.dataset.explorer] = [[...seen], [...sizes]];
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


@pytest.mark.parametrize("width", [360, 390, 1280])
def test_explorers_keep_their_height(illustrated, browser, width):
    reader = Reader(browser, "desktop" if width > 1000 else "phone")
    reader.page.set_viewport_size({"width": width, "height": 844})
    count = 0
    for path in illustrated:
        for name, (heights, sizes) in reader.open(path).evaluate(HEIGHTS).items():
            assert len(sizes) == 1, f"{path.name}, {name}: pictures of {sizes}"
            assert max(heights) - min(heights) <= 1, f"{path.name}, {name}: from {min(heights)} to {max(heights)} px"
            count += 1
    assert count
    reader.close()
