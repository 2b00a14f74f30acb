/* The button that prints a whole page. */
for (const button of document.querySelectorAll(".ls-page-tools button")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
