(function () {
  const slides = [...document.querySelectorAll(".slide")];
  const here = () => slides.reduce((best, slide, i) => Math.abs(slide.getBoundingClientRect().top) < Math.abs(slides[best].getBoundingClientRect().top) ? i : best, 0);
  const steps = { ArrowRight: 1, ArrowDown: 1, PageDown: 1, " ": 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1, Home: -1e6, End: 1e6 };
  document.addEventListener("keydown", function (event) {
    if (!(event.key in steps) || event.target.closest("summary, a") || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    slides[Math.min(slides.length - 1, Math.max(0, here() + steps[event.key]))].scrollIntoView();
  });
})();
