/* The buttons of a page on somebody's own data: they print it, and forget what was typed into its card. */
(function () {
  "use strict";

  function button(id, action) {
    const found = document.getElementById(id);
    if (!found) return;
    found.hidden = false;
    found.addEventListener("click", action);
  }

  button("ls-print-page", () => window.print());
  button("ls-forget", () => {
    if (!window.confirm("Forget everything that you typed on this page?")) return;
    window.liveshop.kept.forget();
    location.reload();
  });
})();
