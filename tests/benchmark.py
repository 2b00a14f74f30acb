"""Measures the speeds that the course promises and prints each beside its limit.

    make bench                  all of them (a few minutes)
    make bench ONLY=slider      those whose name holds the word; ONLY=lines for the reading of a large export
    make bench ONLY=size        the measures on ten million entries through DuckDB, and on one million on Spark

More for the last: SIZE=100000000 and SPARK=10000000 for other numbers of entries, SHOP=folder for a shop that
tests/large_shop.py has written with SIZE entries, OUT=book/own-data/large.json to keep what the book shows.

What could not be measured says why. The exit code is 1 when a limit is passed.
"""

from __future__ import annotations

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
CHAPTERS = sorted((ROOT / "notebooks").glob("[0-9][0-9]-*.ipynb"))


class NotMeasuredError(Exception):
    """Why a figure is missing, in words."""


def seconds(*command, **environment) -> float:
    started = time.perf_counter()
    run = subprocess.run(
        [str(part) for part in command], cwd=ROOT, capture_output=True, text=True, env={**os.environ, **environment}
    )
    if run.returncode:
        raise NotMeasuredError("failed: " + (run.stderr or run.stdout).strip()[-200:].replace("\n", " "))
    return time.perf_counter() - started


def import_time() -> float:
    code = "import time; t = time.perf_counter(); import liveshop; print(time.perf_counter() - t)"
    return statistics.median(
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)
        for _ in range(7)
    )


def chapter_time() -> float:
    """The slowest chapter, run whole, kernel start included."""
    if not CHAPTERS:
        raise NotMeasuredError("no chapter")
    import nbformat

    from liveshop import editions

    slowest = 0.0
    for path in CHAPTERS:
        nb = nbformat.read(path, as_version=4)
        started = time.perf_counter()
        editions.run(nb, path.parent)
        slowest = max(slowest, time.perf_counter() - started)
    return slowest


def data_time() -> float:
    with tempfile.TemporaryDirectory() as folder:
        return seconds(sys.executable, "-m", "liveshop.world", "--out", folder)


def book_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="book-"))
    book_folder.time = seconds(
        BIN / "jupyter-book", "build", "-W", "-n", "--keep-going", "--path-output", folder, ROOT
    )
    return folder / "_build" / "html"


def book_time() -> float:
    return book_folder.time


def big_room() -> tuple[float, float]:
    """Seconds and megabytes for a room of ten million viewers, from the simulator's own report."""
    run = subprocess.run(
        [sys.executable, "-m", "liveshop.world", "--benchmark", "10000000"], cwd=ROOT, capture_output=True, text=True
    )
    took = re.search(r"([\d.]+) s\b", run.stdout)
    memory = re.search(r"([\d,.]+) MB", run.stdout)
    if run.returncode or not took or not memory:
        raise NotMeasuredError(
            "the simulator did not report: " + (run.stdout + run.stderr).strip()[-150:].replace("\n", " ")
        )
    return float(took[1]), float(memory[1].replace(",", ""))


SLIDE = """async moves => {
  const waits = [];
  for (const root of document.querySelectorAll('.ls-explore')) {
    const slider = root.querySelector('input[type=range]');
    if (!slider) continue;
    root.scrollIntoView({block: 'center'});
    await new Promise(done => setTimeout(done, 300));
    const low = +slider.min, high = +slider.max, step = +slider.step || 1, count = Math.round((high - low) / step);
    for (let move = 1; move <= moves; move++) {
      // A hand knows nothing of the screen's rhythm: the input comes at any moment between two frames.
      await new Promise(done => setTimeout(done, 20 + 16 * Math.random()));
      const started = performance.now();
      slider.value = low + step * (move % (count + 1));
      slider.dispatchEvent(new Event('input', {bubbles: true}));
      const picture = root.querySelector('img');
      // The new picture is decoded, then the next frame is drawn.
      await picture.decode();
      const channel = new MessageChannel();
      const worked = performance.now() - started;
      await new Promise(done => {
        channel.port1.onmessage = done;
        requestAnimationFrame(() => channel.port2.postMessage(0));
      });
      waits.push([worked, performance.now() - started]);
    }
  }
  return waits;
}"""


def slider_time(html: Path) -> tuple[float, float]:
    """Medians in ms over all sliders: work until the new picture is decoded, and until its frame is painted."""
    chromium = shutil.which("chromium")
    if chromium is None:
        raise NotMeasuredError("no chromium")
    from playwright.sync_api import sync_playwright

    waits = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        for path in sorted((html / "notebooks").glob("*.html")):
            page.goto(path.as_uri())
            waits += page.evaluate(SLIDE, 40)
        browser.close()
    if not waits:
        raise NotMeasuredError("no slider in the book")
    return statistics.median(work for work, _ in waits), statistics.median(painted for _, painted in waits)


def kernel_slider_time() -> float:
    """Median ms from a moved control to the new picture in its widget, over the explorers of the chapters."""
    if not CHAPTERS:
        raise NotMeasuredError("no chapter")
    import json

    import nbformat

    from liveshop import editions

    times = []
    for path in CHAPTERS:
        nb = nbformat.read(path, as_version=4)
        nb.cells.append(
            nbformat.v4.new_code_cell(
                "import json as _json, time as _time\n"
                "from liveshop.explorers import Explorer as _Explorer\n"
                "_times = []\n"
                "for _one in [value for value in list(globals().values()) if isinstance(value, _Explorer)]:\n"
                "    *_boxes, _picture = _one.widget().children\n"
                "    for _values in list(_one.combinations())[1:9]:\n"
                "        for _box, _control in zip(_boxes, _one.controls):\n"
                "            if _box.value != _values[_control.name]:\n"
                "                _began = _time.perf_counter()\n"
                "                _box.value = _values[_control.name]    # drawn, packed and handed to the page\n"
                "                _times.append(1000 * (_time.perf_counter() - _began))\n"
                "print(_json.dumps(_times))"
            )
        )
        done = editions.run(nb, path.parent)
        times += json.loads(done.cells[-1].outputs[0]["text"])
    if not times:
        raise NotMeasuredError("no explorer")
    return statistics.median(times)


def bgnbd_fit(customers: int) -> float:
    """Seconds for BG/NBD on simulated customers, no two histories alike; the import of SciPy is not counted."""
    from simulated_buyers import bgnbd_time

    bgnbd_time(200)
    return bgnbd_time(customers)


def order_lines(lines: int = 2_000_000) -> tuple[float, float]:
    """Processor time and memory of order lines through a mapping, as multiples of plain pandas.

    The best of three runs each, by turns: what else runs on the machine slows both.
    """
    from order_lines import write

    def run(how: str, path: Path) -> list[float]:
        command = [sys.executable, str(ROOT / "tests" / "order_lines.py"), how, str(path)]
        return [float(n) for n in subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()]

    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder) / "orders.csv", lines)
        runs = [(run("adapt", path), run("pandas", path)) for _ in range(3)]
    ours, plain = ([min(figures) for figures in zip(*one, strict=True)] for one in zip(*runs, strict=True))
    return ours[0] / plain[0], ours[1] / plain[1]


def large_shops():
    """The shops on which the measures are tried, as SIZE=, SPARK= and SHOP= say."""
    from large import Shops

    return Shops(int(os.environ.get("SIZE") or 10_000_000), int(os.environ.get("SPARK") or 1_000_000),
                 os.environ.get("SHOP"))


def at_size(shops) -> list[tuple]:
    """For each measure its time through DuckDB as a multiple of hand-written SQL, and its memory; then Spark.

    Time is the processor's, the best of several runs by turns: what else runs on the machine slows both.
    """
    from large import MEASURES

    def measured(call, *args):
        try:
            return call(*args)
        except (RuntimeError, ValueError) as error:
            raise NotMeasuredError(str(error)) from error

    def told(name: str) -> dict:
        return measured(shops.through_duckdb, name)

    def ratio(name: str) -> float:
        return told(name)["busy"] / told(name)["by_hand_busy"]

    def differing() -> int:
        if shutil.which("java") is None:
            raise NotMeasuredError("no Java")
        return measured(shops.differing_on_spark)

    return [line for name in MEASURES for line in (
        (f"at size: {name}, beside SQL", lambda name=name: ratio(name), "×", 2),
        (f"at size: {name}, memory", lambda name=name: told(name)["memory"], "MB", 4000),
    )] + [("at size: measures with other figures on Spark", differing, "", 0)]


def page_weight(html: Path) -> float:
    weights = [path.stat().st_size / 1e6 for path in (html / "notebooks").glob("*.html")]
    if not weights:
        raise NotMeasuredError("no page of a section")
    return max(weights)


def main() -> int:
    only = os.environ.get("ONLY", "")
    html: list[Path] = []

    def built() -> Path:
        if not html:
            html.append(book_folder())
        return html[0]

    room: list[tuple[float, float]] = []

    def roomful(which: int) -> float:
        if not room:
            room.append(big_room())
        return room[0][which]

    mapped: list[tuple[float, float]] = []

    def through_a_mapping(which: int) -> float:
        if not mapped:
            mapped.append(order_lines())
        return mapped[0][which]

    shops = large_shops()
    chapters = max(len(CHAPTERS), 1)
    measures = [
        ("import liveshop", import_time, "s", 1.5),
        ("the slowest chapter, run whole", chapter_time, "s", 20),
        ("course data, regenerated", data_time, "s", 60),
        (
            f"book, {chapters} chapter{'s' if chapters > 1 else ''}",
            lambda: (built(), book_time())[1],
            "s",
            60 + 30 * chapters,
        ),
        ("slider in the book, input to decoded picture", lambda: slider_time(built())[0], "ms", 16),
        ("slider in the book, input to painted frame", lambda: slider_time(built())[1], "ms", 16),
        ("slider with a kernel, one redraw", kernel_slider_time, "ms", 150),
        ("the heaviest page of a section", lambda: page_weight(built()), "MB", 1.2),
        ("BG/NBD, 2,357 customers", lambda: bgnbd_fit(2357), "s", 1),
        ("BG/NBD, 1,000,000 customers", lambda: bgnbd_fit(1_000_000), "s", 60),
        ("a room of ten million viewers", lambda: roomful(0), "s", 30),
        ("its memory", lambda: roomful(1), "MB", 2000),
        ("two million order lines through a mapping", lambda: through_a_mapping(0), "×", 5),
        ("memory of these order lines", lambda: through_a_mapping(1), "×", 3),
        *at_size(shops),
    ]
    passed = True
    print(f"{'':46} {'measured':>12} {'at most':>10}")
    for name, measure, unit, limit in measures:
        if only and only not in name:
            continue
        try:
            value = measure()
        except NotMeasuredError as reason:
            print(f"{name:46} not measured: {reason}", flush=True)
            passed = False
            continue
        over = value > limit
        passed &= not over
        print(f"{name:46} {value:9.2f} {unit:2} {limit:7g} {unit:2}{'  over' if over else ''}", flush=True)
    if shops.beside and os.environ.get("OUT"):
        shops.record(os.environ["OUT"])
    if html:
        shutil.rmtree(html[0].parents[1], ignore_errors=True)
    print("The test suite's own time is in its closing line: at most 25 minutes on a quiet machine.")
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
