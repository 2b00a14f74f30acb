/* Cards: printed alone. */
(function () {
  "use strict";

  function card(section) {
    const button = section.querySelector("button.ls-print");
    if (!button) return;
    button.hidden = false;
    button.addEventListener("click", () => {
      const sheet = document.createElement("div");
      sheet.id = "ls-sheet";
      sheet.append(section.cloneNode(true)); // ticks and typed text come along
      document.body.append(sheet);
      document.documentElement.classList.add("ls-printing");
      const after = () => {
        document.documentElement.classList.remove("ls-printing");
        sheet.remove();
        window.removeEventListener("afterprint", after);
      };
      window.addEventListener("afterprint", after);
      window.print();
    });
  }

  document.querySelectorAll("section.ls-card").forEach(card);
})();
