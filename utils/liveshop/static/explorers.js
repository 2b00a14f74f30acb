/* Explorers: the same controls as with a kernel, over frames drawn beforehand.
   All that an explorer needs is in the page, its frames at the end of it: text and opening pictures come first, and
   each explorer starts as soon as its frames are there. Without this script the page shows the opening frames. */
(function () {
  "use strict";

  function explorer(figure, data) {
    const { sizes, texts, start, images, sentences, frames } = JSON.parse(data.textContent);
    const picture = figure.querySelector("img.ls-frame");
    const sentence = figure.querySelector(".ls-sentence");
    const controls = figure.querySelector(".ls-controls");
    const place = start.slice();
    const kept = new Map(); // pictures decoded and ready; few, so that a phone keeps its memory
    let wanted = 0;

    // Only the opening picture is missing in the list: it is the one in the page.
    for (let i = 0; i < images.length; i++) if (images[i] === null) images[i] = picture.src;
    picture.decoding = "sync"; // picture and sentence are painted together

    const frame = (at) => frames[at.reduce((index, value, i) => index * sizes[i] + value, 0)];

    function ready(image) {
      let made = kept.get(image);
      if (made) {
        kept.delete(image); // to the end of the line: it was used last
      } else {
        made = new Image();
        made.src = images[image];
        made.decode().catch(() => {});
      }
      kept.set(image, made);
      if (kept.size > 12) kept.delete(kept.keys().next().value);
      return made;
    }

    function neighbours() {
      place.forEach((value, i) => {
        for (const near of [value - 1, value + 1]) {
          if (near < 0 || near >= sizes[i]) continue;
          const at = place.slice();
          at[i] = near;
          ready(frame(at)[0]);
        }
      });
    }

    function show() {
      const [image, words] = frame(place);
      if (picture.src !== images[image]) {
        ready(image);
        picture.src = images[image];
      }
      if (sentence.textContent !== sentences[words]) sentence.textContent = sentences[words];
      // Get the next pictures ready once this one is on the screen.
      const mine = ++wanted;
      setTimeout(() => mine === wanted && neighbours(), 60);
    }

    controls.querySelectorAll(".ls-control").forEach((control, i) => {
      const range = control.querySelector('input[type="range"]');
      const value = control.querySelector(".ls-value");
      const move = (to) => {
        if (to === place[i]) return;
        place[i] = to;
        if (range) {
          range.setAttribute("aria-valuetext", texts[i][to]);
          value.textContent = texts[i][to];
        }
        show();
      };
      const follow = (box) => {
        if (box.type !== "checkbox") return move(Number(box.value));
        const on = Number(box.dataset.on);
        move(box.checked ? on : 1 - on);
      };
      control.addEventListener("input", (event) => follow(event.target));
      // The reader may have moved it before the frames were there, or come back to the page.
      follow(control.querySelector('input:not([type="radio"]), input:checked, select'));
    });
    controls.addEventListener("pointerenter", neighbours, { once: true });
    controls.addEventListener("focusin", neighbours, { once: true });
    controls.hidden = false;
  }

  // Every explorer whose frames are there and that has not started; the page calls it after each lot of frames.
  function explorers() {
    for (const figure of document.querySelectorAll("figure.ls-explore[data-explorer]:not([data-started])")) {
      const data = figure.querySelector('script[type="application/json"]') || document.getElementById("frames-" + figure.dataset.explorer);
      if (!data) continue;
      figure.dataset.started = "";
      explorer(figure, data);
    }
  }

  window.liveshop = window.liveshop || {};
  window.liveshop.explorers = explorers;
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", explorers);
  else explorers();
})();
