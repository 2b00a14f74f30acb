/* The frame of a page: colours, code to hide, print, contents, "On this page", copying.
   It runs before the page is read and listens to the whole document, so that a button works as soon as it is seen.
   Colours and code stand already as the reader wants them: first-paint.js. Only what she presses is kept. */
(function () {
  "use strict";
  const page = document.documentElement;
  const { kept } = window.liveshop;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const wide = matchMedia("(min-width: 992px)");

  // Does something with a part of the page once it is there.
  function once(selector, action) {
    const part = document.querySelector(selector);
    if (part) action(part);
    else if (document.readyState === "loading") requestAnimationFrame(() => once(selector, action));
  }

  /* --- Colours and code ----------------------------------------------------------------------------- */

  function show({ mode = page.dataset.mode, code = page.dataset.code }) {
    page.dataset.mode = mode;
    page.dataset.theme = mode !== "auto" ? mode : dark.matches ? "dark" : "light";
    document.querySelector("meta[name=color-scheme]").content = page.dataset.theme;
    if (code) page.dataset.code = code;
    const button = document.getElementById("ls-code-toggle");
    if (!button) return;
    button.setAttribute("aria-pressed", String(code !== "hidden"));
    button.title = code === "hidden" ? "Show the code again" : "Hide the code and read the text and figures alone";
  }

  function change(name, value) {
    show({ [name]: value });
    kept.set(name, value);
  }

  dark.addEventListener("change", () => show({}));
  kept.watch(() => show({ mode: kept.get("mode") }));
  once("#ls-code-toggle", () => show({}));

  /* --- Buttons ----------------------------------------------------------------------------------------- */

  // On a narrow screen the browser itself opens the drawers; those that cannot, and a wide screen, are told here.
  function drawer(button) {
    const side = document.getElementById(button.getAttribute("popovertarget"));
    if (wide.matches && side.id === "pst-primary-sidebar") return page.classList.toggle("ls-no-contents"), true;
    if ("popover" in side) return false;
    return side.classList.toggle("ls-open"), true;
  }

  function close(side) {
    side.classList.remove("ls-open");
    if ("popover" in side && side.matches(":popover-open")) side.hidePopover();
  }

  const BUTTONS = {
    "#ls-mode": () => change("mode", { light: "dark", dark: "auto", auto: "light" }[page.dataset.mode]),
    "#ls-code-toggle": () => change("code", page.dataset.code === "hidden" ? "shown" : "hidden"),
    "#ls-print": () => window.print(),
    "[popovertarget]": drawer,
    "[popover] a": (link) => (close(link.closest("[popover]")), false),
    ".copybtn": copy,
    "a[data-code]": (way) => (kept.set("code", way.dataset.code), false),      // a way through the book, with code or without
  };

  document.addEventListener("click", (event) => {
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const open = document.querySelector(".ls-open");      // a drawer of a browser without popover: a tap beside it closes it
    if (open && !open.contains(event.target)) {
      close(open);
      event.preventDefault();
      return;
    }
    for (const [selector, action] of Object.entries(BUTTONS)) {
      const pressed = event.target.closest(selector);
      if (pressed && action(pressed) !== false) event.preventDefault();
    }
  });

  /* --- Copying ------------------------------------------------------------------------------------------- */

  function copy(button) {
    const text = button.parentElement.querySelector("pre").textContent;
    const said = (words) => {
      button.textContent = words;
      setTimeout(() => (button.textContent = "Copy"), 2000);
    };
    const byHand = () => {   // a page from an address without https may not use the clipboard otherwise
      const field = Object.assign(document.createElement("textarea"), { value: text });
      document.body.append(field);
      field.select();
      said(document.execCommand("copy") ? "Copied" : "Not allowed");
      field.remove();
      button.focus();
    };
    if (navigator.clipboard) navigator.clipboard.writeText(text).then(() => said("Copied"), byHand);
    else byHand();
  }

  function addCopyButtons() {
    for (const pre of document.querySelectorAll(".bd-article .cell_input pre, .bd-article div.highlight:not(.cell_output *) pre")) {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "copybtn" });
      button.textContent = "Copy";
      button.setAttribute("aria-live", "polite");
      pre.after(button);
    }
  }

  /* --- Contents and "On this page" ------------------------------------------------------------------------ */

  // The part of the page that an address leads to.
  function target(hash) {
    try { return document.getElementById(decodeURIComponent(hash.slice(1))); } catch (malformed) { return null; }
  }

  // Scrolls a column, and nothing else, until an entry is well inside it.
  function bringIntoView(column, entry) {
    const outer = column.getBoundingClientRect(), inner = entry.getBoundingClientRect();
    if (inner.top < outer.top + 40 || inner.bottom > outer.bottom - 40)
      column.scrollTop += inner.top - outer.top - outer.height / 3;
  }

  once("#main-content", () => {
    const column = document.getElementById("pst-primary-sidebar");
    const showCurrent = () => {
      const entries = column.querySelectorAll(".current > a");
      if (entries.length) bringIntoView(column, entries[entries.length - 1]);
    };
    showCurrent();
    column.addEventListener("toggle", showCurrent);
  });

  function follow(nav) {
    const entries = Array.from(nav.querySelectorAll('a[href^="#"]'), (link) => ({ link, heading: target(link.hash) })).filter(({ heading }) => heading);
    const column = nav.closest(".bd-sidebar-secondary");
    let marked, chosen, waiting = false;

    // What is read stands in the upper part of the screen; at the end of the page, further down.
    function current() {
      if (chosen) return chosen;
      const left = page.scrollHeight - innerHeight - scrollY;
      const line = Math.max(120, innerHeight / 4, innerHeight - left);
      let found;
      for (const entry of entries) if (entry.heading.getBoundingClientRect().top <= line) found = entry;
      return found;
    }

    function mark() {
      waiting = false;
      const now = current();
      if (now === marked) return;
      if (marked) marked.link.removeAttribute("aria-current");
      if (now) now.link.setAttribute("aria-current", "true");
      marked = now;
      if (now) bringIntoView(column, now.link);
    }

    function soon() {
      if (!waiting) requestAnimationFrame(mark);
      waiting = true;
    }

    // Near the end of a page a heading that was chosen cannot come to the top: it counts until the reader moves on.
    function choose() {
      const heading = target(location.hash);
      chosen = entries.find((entry) => entry.heading === heading);
      soon();
    }
    for (const moved of ["wheel", "touchmove", "keydown", "pointerdown"])
      addEventListener(moved, () => (chosen = undefined), { passive: true });
    addEventListener("hashchange", choose);
    nav.addEventListener("click", () => setTimeout(choose));
    column.addEventListener("toggle", () => marked && bringIntoView(column, marked.link));
    addEventListener("scroll", soon, { passive: true });
    addEventListener("resize", soon, { passive: true });
    choose();
  }

  /* What scrolls sideways can be scrolled by keyboard: it is a stop of the tabulator. All are measured, then all are set. */
  function makeReachable() {
    const boxes = document.querySelectorAll(".bd-article :is(pre, .pst-scrollable-table-container, .cell_output > .output, .ls-formula)");
    const wide = Array.from(boxes).filter((box) => box.scrollWidth > box.clientWidth && !box.querySelector("pre"));
    for (const box of wide) box.tabIndex = 0;
  }

  document.addEventListener("DOMContentLoaded", () => {
    addCopyButtons();
    once("#pst-page-toc-nav", follow);
  });
  addEventListener("load", makeReachable);
  addEventListener("resize", makeReachable, { passive: true });
  document.addEventListener("toggle", makeReachable, true);     // a fold has been opened
})();
