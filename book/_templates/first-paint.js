
/* Before anything is painted: the colours that the reader chose, or else those of her system. */
(function (page) {
  let kept = {};
  try { kept = JSON.parse(localStorage.getItem("liveshop")) || {}; } catch (forbidden) { /* then nothing is kept */ }
  const chosen = kept.mode === "light" || kept.mode === "dark";
  page.dataset.mode = chosen ? kept.mode : "auto";
  page.dataset.theme = chosen ? kept.mode : matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  document.querySelector("meta[name=color-scheme]").content = page.dataset.theme;
  {%- if course_notebook %}
  const code = new URLSearchParams(location.search).get("code") || kept.code;
  page.dataset.code = code === "hidden" ? "hidden" : "shown";
  {%- endif %}
})(document.documentElement);
