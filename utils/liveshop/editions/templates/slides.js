(function () {
  const slides = [...document.querySelectorAll(".slide")], jump = document.getElementById("jump"), speak = document.getElementById("speak");
  const near = (slide) => Math.abs(slide.getBoundingClientRect().top);
  const here = () => slides.reduce((best, slide, i) => near(slide) < near(slides[best]) ? i : best, 0);
  const steps = { ArrowRight: 1, ArrowDown: 1, PageDown: 1, " ": 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1, Home: -1e6, End: 1e6 };
  let notes = null, began = 0, shown = -1;

  /* A slide that is taller than the screen is set smaller, down to a little over half; on a phone one scrolls. */
  function fit(slide) {
    const part = slide.querySelector(".shown");
    part.style.fontSize = "";
    if (innerWidth <= 700) return;
    for (let size = 95; size >= 55 && slide.scrollHeight > innerHeight + 1; size -= 5) part.style.fontSize = size + "%";
  }

  function turn(step) {
    const now = here(), closed = slides[now].querySelector("details:not([open])");
    if (step === 1 && closed) closed.open = true;         /* the answer comes before the next slide */
    else slides[Math.min(slides.length - 1, Math.max(0, now + step))].scrollIntoView();
  }

  /* The speaker's window: written from here, so that it works from a folder and asks nobody. */
  function open() {
    notes = window.open("", "notes", "popup,width=760,height=640");
    if (!notes) return;
    const page = notes.document, style = page.createElement("style");
    style.textContent = "body { font: 20px/1.45 sans-serif; margin: 1.5em; } small { color: #555; } #clock { float: right; }";
    page.title = "Notes";
    page.head.replaceChildren(style);
    page.body.innerHTML = '<small id="clock"></small><h2 id="now"></h2><div id="said"></div><hr><small>Next: <span id="next"></span></small>';
    page.addEventListener("keydown", keys);
    began = began || Date.now();
    shown = -1;
    tell();
  }

  function name(slide) {
    const parts = [".now", "h1, h2", ".rule", ".shown > :not(.kind, img, .moves)", "img", ".kind"];
    const said = slide && parts.map((part) => slide.querySelector(part)).find(Boolean);
    return said ? (said.alt || said.textContent).trim().slice(0, 160) : "the end";
  }

  function tell() {
    if (!notes || notes.closed) return;
    const page = notes.document, now = here(), minutes = Math.floor((Date.now() - began) / 60000);
    page.getElementById("clock").textContent = new Date().toTimeString().slice(0, 5) + ", minute " + minutes + ", slide " + (now + 1);
    if (now === shown) return;
    shown = now;
    const said = slides[now].querySelector("template.notes"), answer = slides[now].querySelector(".shown details");
    page.getElementById("now").textContent = name(slides[now]);
    page.getElementById("said").replaceChildren(...(said ? [said.content.cloneNode(true)] : []));
    if (answer) page.getElementById("said").append(...[...answer.children].slice(1).map((part) => part.cloneNode(true)));
    page.getElementById("next").textContent = name(slides[now + 1]);
  }

  function keys(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === " " && event.target.closest && event.target.closest("summary, a, button")) return;
    if (event.key === "Escape") jump.open = false;
    else if (event.key === "c") { jump.open = !jump.open; if (jump.open) jump.querySelector("a").focus(); }
    else if (event.key === "n") open();
    else if (event.key in steps && !jump.open) { event.preventDefault(); turn(steps[event.key]); }
  }

  document.addEventListener("keydown", keys);
  jump.addEventListener("keydown", (event) => { if (event.key === "Escape") { jump.open = false; jump.querySelector("summary").focus(); } });
  jump.addEventListener("click", (event) => { if (event.target.closest("a")) jump.open = false; });
  speak.hidden = !document.querySelector("template.notes");
  speak.addEventListener("click", open);
  document.addEventListener("toggle", (event) => { const slide = event.target.closest(".slide"); if (slide) fit(slide); }, true);
  addEventListener("resize", () => slides.forEach(fit));
  addEventListener("load", () => slides.forEach(fit));
  setInterval(tell, 250);
})();
