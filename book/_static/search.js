/* Search in the book, also from a folder without a network.

   Two scripts are made with the book and loaded when somebody searches. search-index.js: pages [address, title],
   entries [page, place, kind, title], terms [names of one thing: English, Chinese, pinyin]; search-text.js: of each
   entry [text, names in its code].
   All words must occur in a place or in the title of its page. A word is found whatever its case, accents and English
   ending, Chinese anywhere, and what the glossary calls otherwise under all its names.
   A hit opens page.html?mark=word&mark=another word#place, where marks.js, which is loaded before this, marks the words.
   What is typed and what is found are put into pages as text, never as HTML. */
(function () {
  "use strict";
  const ROOT = document.documentElement.dataset.content_root || "./";
  const SHOWN = 20;      // hits at first
  const { fold, ways, next, places, HAN, LETTER } = window.liveshop.words;
  const key = (name) => fold(name).replace(/[^\p{L}\p{N}]/gu, "");
  const make = (name, about = {}, ...children) => {
    const made = Object.assign(document.createElement(name), about);
    made.append(...children);
    return made;
  };

  /* --- Questions -------------------------------------------------------------------------------------------- */

  // Typed text as words; of each the ways to find it, by its own letters and by the other names of the term it is in.
  function asked(index, query) {
    const words = [];
    for (const part of fold(query.normalize("NFKC")).match(/\p{Script=Han}+|[^\s\p{Script=Han}]+/gu) || []) {
      const word = part.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}%]+$/gu, "");
      if (word) words.push(...(HAN.test(word) ? chinese(index, word) : [word]));
    }
    const made = words.map((word) => ({ word, ways: ways(word), names: [] }));
    for (let from = 0; from < words.length; from++) {
      for (let to = Math.min(words.length, from + 6); to > from; to--) {
        const said = key(words.slice(from, to).join(""));
        const terms = index.names.get(said) || index.names.get(said.replace(/s$/, ""));
        if (!terms) continue;
        const names = [...terms].flat().map(fold).map((text) => ({ text, begins: !HAN.test(text) }));
        // Syllables of pinyin are no words of their own: "fu dai" is not looked for in "full" and "daily".
        const pinyin = to - from > 1 && [...terms].some((term) => key(term[term.length - 1]) === said);
        for (let i = from; i < to; i++) {
          made[i].names = pinyin ? names : names.filter((name) => key(name.text) !== said);
          if (pinyin) made[i].ways = [];
        }
        from = to - 1;
        break;
      }
    }
    return made;
  }

  // Chinese has no blanks: a run of it is cut into the glossary's names and what stands between them.
  function chinese(index, run) {
    const parts = [];
    let rest = "";
    for (let at = 0; at < run.length; ) {
      let length = Math.min(index.longest, run.length - at);
      while (length > 1 && !index.names.has(run.slice(at, at + length))) length--;
      if (length > 1) {
        if (rest) parts.push(rest);
        rest = "";
        parts.push(run.slice(at, at + length));
      } else rest += run[at];
      at += Math.max(1, length);
    }
    return rest ? [...parts, rest] : parts;
  }

  const WEIGHT = { page: 100, heading: 60, card: 55, exercise: 55, explorer: 55, term: 50 };

  // What a word is worth in an entry: in its title before in its text, at the start of a word before within one.
  function worth(entry, word) {
    let best = 0;
    for (const [all, share] of [[word.ways, 1], [word.names, 0.9]]) {
      for (const way of all) {
        const title = next(entry.title, way, 0);
        const within = title && title[0] && LETTER.test(entry.title[title[0] - 1]);
        if (title) best = Math.max(best, share * WEIGHT[entry.kind] * (within ? 0.6 : 1));
        if (best >= 50) continue;
        let count = 0;
        for (let at = next(entry.text, way, 0); at && count < 5; at = next(entry.text, way, at[1])) count++;
        if (count) best = Math.max(best, share * (10 + count));
        else if (next(entry.code, way, 0)) best = Math.max(best, share * 3);
      }
    }
    return best;
  }

  const waysOf = (words) => words.flatMap((word) => [...word.ways, ...word.names]);
  const has = (text, word) => [word.ways, word.names].some((all) => all.some((way) => next(text, way, 0)));

  function search(index, query) {
    const words = asked(index, query);
    const hits = [];
    if (!words.length) return { words, hits };
    const whole = fold(query.normalize("NFKC")).trim();
    for (const entry of index.entries) {
      const own = words.filter((word) => has(entry.all, word));
      const page = index.pages[entry.page].folded;
      if (!own.length || !words.every((word) => own.includes(word) || has(page, word))) continue;
      let score = 5 * (words.length - own.length);
      for (const word of own) score += worth(entry, word);
      if (entry.title === whole || key(entry.title) === key(whole)) score += 60;
      else if (words.length > 1 && entry.title.includes(whole)) score += 30;
      else if (words.length > 1 && entry.text.includes(whole)) score += 15;
      hits.push({ entry, score });
    }
    hits.sort((a, b) => b.score - a.score || a.entry.place - b.entry.place);
    return { words, hits };
  }

  /* --- The index -------------------------------------------------------------------------------------------- */

  const read = {};
  function reading(name) {
    read[name] = read[name] || new Promise((done, failed) => {
      const script = make("script", { src: ROOT + name, onload: done });
      script.onerror = () => { delete read[name]; script.remove(); failed(); };
      document.head.append(script);
    });
    return read[name];
  }

  // The titles come first, so that a slow line has its first hits soon; then the text, and the hits in it.
  let index = null;
  async function titles() {
    await reading("search-index.js");
    return index = index || prepared(window.liveshop.searchIndex);
  }
  async function texts() {
    await titles();
    await reading("search-text.js");
    if (!index.whole) withText(index, window.liveshop.searchText);
    return index;
  }

  function prepared({ pages, entries, terms }) {
    const names = new Map();
    let longest = 0;
    for (const term of terms) {
      for (const name of term) {
        const spelt = [key(name), key(name.normalize("NFD").replace(/u\u0308/g, "v"))];      // ü is typed as u or as v
        for (const one of spelt) names.set(one, (names.get(one) || new Set()).add(term));
        if (HAN.test(name)) longest = Math.max(longest, name.length);
      }
    }
    return {
      names, longest, whole: false,
      pages: pages.map(([address, title]) => ({ address, title, folded: fold(title) })),
      entries: entries.map(([page, anchor, kind, title], place) =>
        ({ place, page, anchor, kind, shown: { title, text: "", code: "" }, title: fold(title), text: "", code: "", all: fold(title) })),
    };
  }

  function withText(index, texts) {
    index.entries.forEach((entry, i) => {
      [entry.shown.text, entry.shown.code] = texts[i];
      [entry.text, entry.code] = texts[i].map(fold);
      entry.all = `${entry.title}\n${entry.text}\n${entry.code}`;
    });
    index.whole = true;
    return index;
  }

  /* --- Hits ------------------------------------------------------------------------------------------------- */

  // A text as a piece of a page, with the places marked.
  function marked(text, found) {
    const piece = document.createDocumentFragment();
    let from = 0;
    for (const [start, end] of found) {
      piece.append(text.slice(from, start), make("mark", {}, text.slice(start, end)));
      from = end;
    }
    piece.append(text.slice(from));
    return piece;
  }

  // The words around the hit: the piece of the text that holds most of what was asked.
  function excerpt(entry, words) {
    const all = waysOf(words);
    const { text, code } = entry.shown;
    const found = places(entry.text, all, 40);
    if (!found.length && !places(entry.title, all).length && entry.code) {
      const said = code.split(" ").filter((name) => words.some((word) => has(fold(name), word))).slice(0, 6).join("  ");
      return make("span", {}, "In the code: ", make("code", {}, marked(said, places(fold(said), all))));
    }
    const length = 170;
    let best = 0, most = -1;
    for (const [start] of found) {
      const near = entry.text.slice(start, start + length - 40);
      const count = words.filter((word) => has(near, word)).length;
      if (count > most) [best, most] = [start, count];
    }
    let from = Math.max(0, best - 40), to = Math.min(text.length, from + length);
    if (from) from = Math.min(best, text.indexOf(" ", from) + 1 || from);
    if (to < text.length) to = Math.max(text.lastIndexOf(" ", to), to - 15);
    const here = found.filter(([start, end]) => start >= from && end <= to);
    const piece = marked(text.slice(from, to), here.map(([start, end]) => [start - from, end - from]));
    return make("span", {}, from ? "… " : "", piece, to < text.length ? " …" : "");
  }

  // What is marked on the page: the words as they were typed, and the other names that stand in this entry.
  function address(index, entry, words) {
    const marks = new Set();
    for (const word of words) {
      if (word.ways.some((way) => next(entry.all, way, 0)) || !word.names.length) marks.add(word.word);
      for (const way of word.names) if (next(entry.all, way, 0)) marks.add(way.text);
    }
    const query = new URLSearchParams([...marks].slice(0, 12).map((mark) => ["mark", mark]));
    const read = `${entry.title}\n${entry.text}`;
    if (!words.some((word) => has(read, word))) query.set("code", "shown");      // it stands in the code alone
    return `${ROOT}${index.pages[entry.page].address}?${query}${entry.anchor ? "#" + entry.anchor : ""}`;
  }

  const KINDS = { card: "Card", exercise: "Exercise", explorer: "Explorer", term: "Glossary" };

  function shownHit(index, { entry }, words) {
    const all = waysOf(words);
    const title = make("span", { className: "ls-hit-title" }, marked(entry.shown.title, places(entry.title, all)));
    const kind = KINDS[entry.kind];
    if (kind && !entry.shown.title.startsWith(kind)) {
      title.prepend(make("span", { className: "ls-hit-kind" }, kind), " ");
    }
    const text = make("span", { className: "ls-hit-text" }, excerpt(entry, words));
    return make("li", {}, make("a", { href: address(index, entry, words) }, title, text));
  }

  // Hits page by page, the page with the best hit first.
  function shownHits(index, hits, words) {
    const groups = new Map();
    for (const hit of hits) groups.set(hit.entry.page, [...(groups.get(hit.entry.page) || []), hit]);
    return [...groups].map(([page, its]) => {
      const title = make("h2", { className: "ls-hit-page" }, index.pages[page].title);
      return make("section", {}, title, make("ol", {}, ...its.map((hit) => shownHit(index, hit, words))));
    });
  }

  const counted = (number, one, many) => `${number.toLocaleString("en")} ${number === 1 ? one : many}`;

  function nothing(index, words, ask) {
    const alone = words.length < 2 ? [] : words.map(({ word }) => [word, search(index, word).hits.length]);
    const advice = make("div", { className: "ls-no-hits" });
    if (alone.length) {
      const list = make("ul");
      for (const [word, count] of alone) {
        const said = `${word}: ${counted(count, "place", "places")}`;
        const button = make("button", { type: "button", disabled: !count }, said);
        button.addEventListener("click", () => ask(word));
        list.append(make("li", {}, button));
      }
      advice.append(make("p", {}, "Each word alone:"), list);
    }
    advice.append(make("p", {}, "Try fewer letters, or another word for it. ",
      "English, Chinese (福袋) and pinyin (fudai) are understood. ",
      make("a", { href: `${ROOT}book/reference/glossary.html` }, "The glossary"), " has the terms of the course."));
    return advice;
  }

  /* --- A field with its hits: in the dialog and on the search page ---------------------------------------------- */

  function searching(box, changed = () => {}) {
    const field = box.querySelector('input[type="search"]');
    const state = box.querySelector("[role=status]");
    const list = box.querySelector(".ls-hits");
    let all = false, before = null;
    const links = () => [...list.querySelectorAll("a")];

    function ask(text) {
      field.value = text;
      field.focus();
      answer();
    }

    async function answer() {
      const query = field.value;
      if (!query.trim()) {
        before = null;
        list.replaceChildren();
        state.textContent = "Type a word in English, Chinese or pinyin.";
        return changed("");
      }
      if (!index) state.textContent = "Reading the index …";
      try { await titles(); } catch (missing) { return unread("index"); }
      if (query !== field.value) return;      // typed on meanwhile
      show(query);
      changed(query);
      if (index.whole) return;
      try { await texts(); } catch (missing) { return unread("text"); }
      if (query === field.value) show(query);
    }

    function unread(what) {
      state.textContent = `The ${what} could not be read: search-${what}.js is not beside the book, ` +
        "or the network is away. Try again.";
    }

    function show(query) {
      if (query !== before) all = false;
      before = query;
      const { words, hits } = search(index, query);
      const some = all ? hits : hits.slice(0, SHOWN);
      const focused = list.contains(document.activeElement) ? document.activeElement.hash : null;
      list.replaceChildren(...shownHits(index, some, words));
      state.textContent = said(query, words, hits);
      if (words.length && !hits.length && index.whole) list.append(nothing(index, words, ask));
      if (some.length < hits.length) list.append(rest(query, hits.length));
      if (focused !== null) (links().find((link) => link.hash === focused) || field).focus();
    }

    function said(query, words, hits) {
      if (!words.length) return "Type a word: signs alone are not searched.";
      const coming = index.whole ? "." : " so far; the text is still being read …";
      if (!hits.length && !index.whole) return `No title has it${coming}`;
      if (!hits.length && words.length > 1) return "No place has all of these words.";
      if (!hits.length) return `Nothing in the book has “${query.trim()}”.`;
      const pages = new Set(hits.map((hit) => hit.entry.page)).size;
      return `${counted(hits.length, "place", "places")} on ${counted(pages, "page", "pages")}${coming}`;
    }

    function rest(query, number) {
      const words = `Show all ${number.toLocaleString("en")} places`;
      const more = make("button", { type: "button", className: "ls-more" }, words);
      more.addEventListener("click", () => {
        const known = new Set(links().map((link) => link.href));
        all = true;
        show(query);
        (links().find((link) => !known.has(link.href)) || field).focus();
      });
      return more;
    }

    field.addEventListener("input", answer);
    field.form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (field.value !== before || !links().length) await answer();
      (links()[0] || field).focus();      // once more Enter opens it; a phone puts its keyboard away
    });
    box.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step || event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
      const stops = [field, ...links()];
      const at = stops.indexOf(document.activeElement);
      if (at < 0) return;
      event.preventDefault();
      stops[Math.min(stops.length - 1, Math.max(0, at + step))].focus();
    });
    return { field, answer };
  }

  /* --- The dialog ------------------------------------------------------------------------------------------- */

  let dialog = null, opened = null;
  const slash = () => !(window.liveshop && window.liveshop.kept) || window.liveshop.kept.get("slash") !== false;

  function built() {
    dialog = make("dialog", { id: "ls-search" });
    dialog.setAttribute("aria-label", "Search the course");
    const field = make("input", { type: "search", name: "q", autocomplete: "off", spellcheck: false });
    field.placeholder = "Search the course";
    field.setAttribute("aria-label", field.placeholder);
    field.setAttribute("autocapitalize", "off");
    const close = make("button", { type: "button", className: "ls-close" }, "Close");
    close.addEventListener("click", () => dialog.close());
    const form = make("form", { action: `${ROOT}search.html` }, field, close);
    form.setAttribute("role", "search");
    const state = make("p", { className: "ls-hits-state" });
    state.setAttribute("role", "status");
    const tick = make("input", { type: "checkbox", checked: slash() });
    tick.addEventListener("change", () => window.liveshop.kept && window.liveshop.kept.set("slash", tick.checked));
    const keys = make("p", { className: "ls-keys" },
      "↓ ↑ and Enter choose a place, Esc closes. Ctrl+K opens the search. ",
      make("label", {}, tick, " So does the key /"));
    dialog.append(form, state, make("div", { className: "ls-hits" }), keys);
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());      // beside it
    // A hit on the page that is open: the page is opened anew with the marks, or the browser goes to the place.
    dialog.addEventListener("click", (event) => event.target.closest("a") && setTimeout(() => dialog.close()));
    document.body.append(dialog);
    opened = searching(dialog);
  }

  function open() {
    const page = document.getElementById("ls-search-page");
    if (page) return page.querySelector('input[type="search"]').focus();
    if (!dialog) built();
    if (!dialog.open) dialog.showModal();
    opened.field.focus();
    opened.field.select();
    opened.answer();
    texts().catch(() => {});
  }

  const BUTTONS = "#ls-search-button, .search-button-field";

  // Before other scripts of the page.
  window.addEventListener("click", (event) => {
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;      // a new tab or window
    if (!event.target.closest || !event.target.closest(BUTTONS)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    open();
  }, true);
  window.addEventListener("keydown", (event) => {
    const typing = event.target.closest && event.target.closest("input, textarea, select, [contenteditable]");
    const held = event.ctrlKey || event.metaKey;
    const control = (event.key || "").toLowerCase() === "k" && held && !event.shiftKey && !event.altKey;
    const alone = event.key === "/" && !held && !event.altKey && !typing && slash();
    if (!control && !alone) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    open();
  }, true);

  /* --- The search page ---------------------------------------------------------------------------------------- */

  function searchPage() {
    const page = document.getElementById("ls-search-page");
    if (!page) return;
    page.querySelector("form").hidden = false;
    const { field, answer } = searching(page, (query) => {
      const address = query ? "?q=" + encodeURIComponent(query) : location.pathname;
      try { history.replaceState(null, "", address); } catch (folder) { /* from a folder it stays as it is */ }
    });
    field.value = new URLSearchParams(location.search).get("q") || "";
    field.focus();
    answer();
  }

  window.liveshop.search = { prepared, withText, search, open };

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", searchPage);
  else searchPage();
})();
