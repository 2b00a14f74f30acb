/* Two reading aids: hide the code of a chapter, and print. The page is complete without them. */
(function () {
  "use strict";
  const KEY = "liveshop-code";
  const page = document.documentElement;

  function remembered() {
    try { return localStorage.getItem(KEY); } catch (blocked) { return null; }
  }

  // Only a click is remembered: a page that merely opens (or a link with ?code=hidden) never overwrites the choice.
  function remember(choice) {
    try { localStorage.setItem(KEY, choice); } catch (blocked) { /* a private window */ }
  }

  function showCode(choice, button) {
    const shown = choice !== "hidden";
    page.dataset.code = shown ? "shown" : "hidden";
    if (!button) return;
    button.setAttribute("aria-pressed", String(shown));
    button.title = shown ? "Hide the code and read the text and figures alone" : "Show the code again";
  }

  // Before the first paint, so that hidden code does not flash up; the button comes when the page is there.
  showCode(new URLSearchParams(location.search).get("code") || remembered());

  document.addEventListener("DOMContentLoaded", function () {
    const button = document.getElementById("ls-code-toggle");
    if (button) {
      showCode(page.dataset.code, button);
      button.addEventListener("click", function () {
        const choice = page.dataset.code === "hidden" ? "shown" : "hidden";
        showCode(choice, button);
        remember(choice);
      });
    } else delete page.dataset.code; // a page without the button hides nothing
    const print = document.getElementById("ls-print");
    if (print) print.addEventListener("click", function () { window.print(); });
  });
})();
