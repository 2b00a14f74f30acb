/* Words as the book's search sees them, and their marks on a page that was opened from a hit:
   page.html?mark=word&mark=another word#place. Without such an address this script marks nothing. */
(function () {
  "use strict";

  /* --- Words ------------------------------------------------------------------------------------------------ */

  // Small letters without accents, plain quotes and dashes; as many characters as before, so that places stay.
  const UNLIKE = /[\t\n\r\u00a0\u00c0-\u024f\u1e00-\u1eff\u2010-\u2015\u2018-\u201f\u2212\uff01-\uff5e]/g;
  const PLAIN = { "\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2212": "-", "ø": "o", "Ø": "o", "ı": "i" };
  function plain(sign) {
    if (PLAIN[sign]) return PLAIN[sign];
    if (sign <= "\u00a0") return " ";
    if (sign >= "\u2010" && sign <= "\u2015") return "-";
    const bare = sign.normalize("NFKD").replace(/[\u0300-\u036f]/g, "");
    return bare.length === 1 ? bare : sign;
  }
  const fold = (text) => text.replace(UNLIKE, plain).toLowerCase();

  const LETTER = /[\p{L}\p{N}]/u;
  const HAN = /\p{Script=Han}/u;

  const ENDINGS = ["", "s", "es", "e", "ed", "er", "ers", "ing", "ings", "'s"];
  const Y_ENDINGS = ["y", "ies", "ied", "ying", "y's"];

  // The ways in which a word may stand in a text: where it may begin, and what may follow.
  function ways(word) {
    if (HAN.test(word)) return [{ text: word }];
    const found = [{ text: word, begins: word.length <= 3 }];      // "ad" is not looked for in "read"
    const stem = (text, endings) => text.length >= 3 && found.push({ text, begins: true, endings });
    if (/ies$|ied$/.test(word)) stem(word.slice(0, -3), Y_ENDINGS);
    else if (/y$/.test(word)) stem(word.slice(0, -1), Y_ENDINGS);
    const ending = /(?:ings?|ed|es|e|s)$/.exec(word);
    if (ending && !/ss$|us$|is$/.test(word)) {
      stem(word.slice(0, ending.index), ENDINGS);
      if (ending[0] === "es" || ending[0] === "ings") stem(word.slice(0, -1), ENDINGS);
    }
    return found;
  }

  // Where the text has it first from a place on: [from, to], or null. `text` is folded.
  function next(text, way, from) {
    for (let at = text.indexOf(way.text, from); at >= 0; at = text.indexOf(way.text, at + 1)) {
      if (way.begins && at && LETTER.test(text[at - 1])) continue;
      let to = at + way.text.length;
      if (way.endings) {
        while (to < text.length && /[a-z']/.test(text[to])) to++;
        const ending = text.slice(at + way.text.length, to).replace(/'$/, "");
        if (!way.endings.includes(ending)) continue;
        to = at + way.text.length + ending.length;
      }
      return [at, to];
    }
    return null;
  }

  // All places of any of the ways, in order, none within another.
  function places(text, all, most = Infinity) {
    const found = [];
    for (const way of all) {
      for (let at = next(text, way, 0), left = most; at && left > 0; at = next(text, way, at[1]), left--) found.push(at);
    }
    found.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
    let end = 0;
    return found.filter(([from, to]) => from >= end && (end = to));
  }

  /* --- Marks on a page that was opened from a hit ------------------------------------------------------------ */

  // Not marked: what is no text of the page, and the hints and answers of exercises, which a search does not open.
  const UNMARKED = "script, style, noscript, textarea, select, button, svg, math, .headerlink, " +
    ".ls-practice-title, .ls-practice details, .ls-verdict, details.hide > summary";
  const BLOCK = "p, li, dt, dd, td, th, tr, pre, h1, h2, h3, h4, h5, h6, div, section, figure, figcaption, " +
    "blockquote, summary, legend, label, details";

  function marking() {
    const typed = new URLSearchParams(location.search).getAll("mark");
    const asks = typed.map((word) => fold(word.normalize("NFKC")).trim()).filter(Boolean);
    const article = document.querySelector(".bd-article");
    if (!asks.length || !article) return;
    const marks = markAll(article, asks.flatMap(ways));
    const target = aim();
    const from = !target ? 0 : Math.max(0, marks.findIndex((mark) =>
      target.contains(mark) || target.compareDocumentPosition(mark) & Node.DOCUMENT_POSITION_FOLLOWING));
    const inside = marks.filter((mark) => target && belongs(mark, target));
    const text = inside.filter((mark) => !mark.closest("details.hide"));      // code is unfolded if no text has it
    (text.length ? text : inside).forEach(unfold);
    bar(asks, marks, from);
    const place = () => {
      const mark = [...inside, ...marks.slice(from)].find(shown);
      if (!mark) return;
      if (target) target.scrollIntoView({ behavior: "instant" });
      const { top, bottom } = mark.getBoundingClientRect();
      const away = !target || top < 0 || bottom > innerHeight - 100;
      if (away) mark.scrollIntoView({ block: "center", behavior: "instant" });
    };
    place();
    // The browser goes to the place of the address once more when all is there; then this has the last word.
    let moved = false;
    for (const event of ["wheel", "touchstart", "keydown", "pointerdown"]) {
      addEventListener(event, () => (moved = true), { once: true, passive: true });
    }
    if (document.readyState !== "complete") addEventListener("load", () => setTimeout(() => moved || place()));
  }

  // What the address names, or what is shown around it.
  function aim() {
    let target = null;
    try {
      target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    } catch (broken) { /* an address that names no place */ }
    while (target && !shown(target)) target = target.parentElement;
    return target;
  }

  // Whether a mark is in the text of the place itself: below its heading, and below no other.
  function belongs(mark, target) {
    const place = target.closest("dt, figure, section");
    if (!place) return false;
    const meaning = place.nodeName === "DT" ? place.nextElementSibling : null;
    if (meaning && meaning.contains(mark)) return true;
    return place.contains(mark) && (!place.matches("section[id]") || mark.closest("section[id]") === place);
  }

  const shown = (element) => element.getClientRects().length > 0;

  function unfold(mark) {
    for (let fold = mark.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  }

  // The words may run over several elements: the text of the page is searched as one, and marked piece by piece.
  function markAll(article, all) {
    const pieces = [];
    let text = "", block = null;
    const walker = document.createTreeWalker(article, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.parentElement.closest(UNMARKED)) continue;
      const its = node.parentElement.closest(BLOCK);
      if (its !== block) text += "\u0001";
      block = its;
      pieces.push([text.length, node]);
      text += node.data;
    }
    const found = places(fold(text), all);
    const marks = [];
    // From the end, so that the places before stay where they are.
    for (let i = pieces.length - 1, last = found.length - 1; i >= 0 && last >= 0; i--) {
      const [start, node] = pieces[i];
      const end = start + node.data.length;
      for (let j = last; j >= 0 && found[j][1] > start; j--) {
        const from = Math.max(found[j][0], start) - start, to = Math.min(found[j][1], end) - start;
        if (to > from) {
          node.splitText(to);
          const mark = document.createElement("mark");
          mark.className = "ls-mark";
          const word = node.splitText(from);
          word.replaceWith(mark);
          mark.append(word);
          marks.unshift(mark);
        }
        if (found[j][0] >= start) last = j - 1;
      }
    }
    return marks;
  }

  // How many places are marked, a way from one to the next, and a way to take the marks away.
  function bar(asks, marks, at) {
    const said = asks.map((word) => `“${word}”`).join(", ");
    const count = document.createElement("p");
    const times = `marked ${marks.length} ${marks.length === 1 ? "time" : "times"}`;
    count.textContent = `${said}: ${marks.length ? times : "not in the text of this page"}`;
    count.setAttribute("role", "status");
    const box = document.createElement("div");
    box.className = "ls-marks";
    box.append(count);
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", "Marked words");
    const button = (words, action) => {
      const made = document.createElement("button");
      made.type = "button";
      made.textContent = words;
      made.addEventListener("click", action);
      box.append(made);
    };
    const go = (step) => () => {
      marks[at].classList.remove("ls-mark-here");
      // Past what stays hidden, such as code that the reader has hidden.
      for (let tries = 0; tries < marks.length; tries++) {
        at = (at + step + marks.length) % marks.length;
        unfold(marks[at]);
        if (shown(marks[at])) break;
      }
      marks[at].classList.add("ls-mark-here");
      marks[at].scrollIntoView({ block: "center", behavior: "instant" });
    };
    if (marks.length) marks[at].classList.add("ls-mark-here");
    if (marks.length > 1) { button("Previous", go(-1)); button("Next", go(1)); }
    button("Remove marks", () => {
      for (const mark of marks) {
        const parent = mark.parentNode;
        if (!parent) continue;
        mark.replaceWith(...mark.childNodes);
        parent.normalize();
      }
      box.remove();
      const left = new URLSearchParams(location.search);
      left.delete("mark");
      const address = location.pathname + (String(left) && "?" + left) + location.hash;
      try { history.replaceState(null, "", address); } catch (folder) { /* from a folder it stays as it is */ }
    });
    document.body.append(box);
  }

  window.liveshop = window.liveshop || {};
  window.liveshop.words = { fold, ways, next, places, HAN, LETTER };

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", marking);
  else marking();
})();
