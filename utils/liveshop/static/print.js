/* On paper nothing unfolds: before a page is printed its folds open, afterwards they are as they were. */
(function () {
  "use strict";
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = Array.from(document.querySelectorAll("article details:not([open])"));
    for (const fold of closed) fold.open = true;
  });
  addEventListener("afterprint", () => {
    for (const fold of closed) fold.open = false;
    closed = [];
  });
})();
