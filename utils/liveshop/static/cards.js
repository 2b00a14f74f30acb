/* Cards: what is written on them is kept in this browser (kept.js), the same card on every page; each is printed alone.
   Without this script a card can be read and printed, and its fields filled in for the printer. */
(function () {
  "use strict";

  const kept = window.liveshop.kept;
  const KEEPS = "What you type here stays on this device and is sent nowhere.";
  const whose = document.documentElement.dataset.figures || "Qinghe's";
  const FILLED = `Filled in with ${whose} figures: type over them. `;
  const FORGETS = "This browser keeps nothing here: it is a private window, or storage is switched off or full. " +
    "Print the card before you leave the page.";

  function element(name, settings, ...children) {
    const made = Object.assign(document.createElement(name), settings);
    made.append(...children);
    return made;
  }

  // Browsers that do not let a box grow with its text get as many lines as it takes.
  const grows = window.CSS && CSS.supports && CSS.supports("field-sizing", "content");
  function fit(box) {
    if (grows) return;
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight + 2}px`;
  }

  function card(section) {
    const id = section.dataset.card;
    const title = section.dataset.title;
    const fields = Array.from(section.querySelectorAll("textarea[data-name]"));
    const ticks = Array.from(section.querySelectorAll(".ls-checklist input"));
    const notes = section.querySelector(".ls-notes textarea");
    const said = element("p", { className: "ls-kept" });
    said.setAttribute("role", "status");
    const earlier = element("div", { className: "ls-earlier", hidden: true });
    const place = section.querySelector(".ls-card-table");
    const table = place && cardTable(place, (columns, rows) => change((mine) => (mine.table = { columns, rows })), say);
    const what = (box) => box.parentNode.querySelector(".ls-task").textContent;

    const content = () => (isCard(kept.shelf("cards")[id]) ? kept.shelf("cards")[id] : {});

    // Changes one part of what is kept of this card; another page may have written the others since.
    function change(alter) {
      const mine = { title, ...content() };
      alter(mine);
      say(kept.set("cards", { ...kept.shelf("cards"), [id]: mine }) ? KEEPS : FORGETS);
    }

    function say(text, ...more) {
      if (said.textContent !== text || more.length) said.replaceChildren(text, ...more);
    }

    function show() {
      const mine = content();
      const typed = mine.fields || {};
      for (const box of fields) {
        const text = typed[box.dataset.name];
        if (box !== document.activeElement) box.value = text === undefined ? box.defaultValue : text;
        fit(box);
      }
      const done = mine.ticks || [];
      for (const box of ticks) box.checked = done.includes(what(box));
      if (notes && notes !== document.activeElement) { notes.value = mine.notes || ""; fit(notes); }
      if (table) table.show(mine.table);
      showEarlier(typed, done);
      const given = !content().title && fields.some((box) => box.defaultValue);
      say(kept.lasting() ? (given ? FILLED : "") + KEEPS : FORGETS);
    }

    // What the card no longer asks for stays, and stays visible.
    function showEarlier(typed, done) {
      const names = fields.map((box) => box.dataset.name);
      const lines = ticks.map(what);
      const left = [
        ...Object.entries(typed).filter(([name, text]) => !names.includes(name) && text)
          .map(([name, text]) => `${name}: ${text}`),
        ...done.filter((line) => !lines.includes(line)).map((line) => `✓ ${line}`),
      ];
      earlier.hidden = !left.length;
      earlier.replaceChildren(element("p", { textContent: "Kept from an earlier version of this card:" }),
        element("ul", {}, ...left.map((line) => element("li", { textContent: line }))));
    }

    for (const box of fields)
      box.addEventListener("input", () => {
        fit(box);
        change((mine) => (mine.fields = { ...mine.fields, [box.dataset.name]: box.value }));
      });
    for (const box of ticks)
      box.addEventListener("change", () => change((mine) => {
        const others = (mine.ticks || []).filter((line) => line !== what(box));
        mine.ticks = box.checked ? [...others, what(box)] : others;
      }));
    if (notes) notes.addEventListener("input", () => { fit(notes); change((mine) => (mine.notes = notes.value)); });

    const button = section.querySelector("button.ls-print");
    button.before(earlier);
    button.after(said);
    button.hidden = false;
    button.addEventListener("click", () => printAlone(section));
    kept.watch(show);
    show();
  }

  const isText = (one) => typeof one === "string";
  const areTexts = (all) => Array.isArray(all) && all.every(isText);
  const isObject = (one) => one !== null && typeof one === "object" && !Array.isArray(one);

  /* Whether something is the content of a card: {title, fields: {name: text}, ticks: [text],
     table: {columns: [text], rows: [[text]]}, notes}, each part only when there is something in it. */
  function isCard(one) {
    if (!isObject(one)) return false;
    const { title = "", fields = {}, ticks = [], table = { columns: [], rows: [] }, notes = "" } = one;
    return isText(title) && isText(notes) && isObject(fields) && Object.values(fields).every(isText) && areTexts(ticks) &&
      isObject(table) && areTexts(table.columns) && Array.isArray(table.rows) && table.rows.every(areTexts);
  }

  /* A kept table as the card has it now: its own columns first, then what it no longer has. */
  function aligned(own, { columns, rows }) {
    const width = Math.max(columns.length, ...rows.map((row) => row.length));
    const names = Array.from({ length: width }, (_, i) => columns[i] || "");
    const places = own.map((name) => names.indexOf(name));
    const others = names.map((_, i) => i).filter((i) => !places.includes(i));
    return {
      columns: [...own, ...others.map((i) => names[i])],
      rows: rows.map((row) => [...places, ...others].map((i) => row[i] || "")),
    };
  }

  /* --- The table of a card: cells to type in, rows to add and to take away --- */

  function cardTable(place, keep, say) {
    const head = place.querySelector("thead tr");
    const body = place.querySelector("tbody");
    const own = Array.from(head.children, (cell) => cell.textContent);
    const start = Array.from(body.rows, (row) => Array.from(row.cells, (cell) => cell.textContent));
    let columns = own;
    const heard = element("span", { className: "ls-unseen", textContent: "Take the row away" });
    head.append(element("th", { scope: "col", className: "ls-remove" }, heard));
    const more = element("button", { type: "button", className: "ls-add", textContent: "Add a row" });
    place.after(more);

    const rows = () => Array.from(body.rows, (row) => Array.from(row.querySelectorAll("textarea"), (box) => box.value));
    const changed = () => keep(columns, rows());

    function show(table) {
      if (body.contains(document.activeElement)) return;   // she is typing: her own text is the newest
      const shown = table ? aligned(own, table) : { columns: own, rows: start };
      columns = shown.columns;
      head.querySelectorAll(".ls-more").forEach((cell) => cell.remove());
      head.lastElementChild.before(...columns.slice(own.length).map((name) =>
        element("th", { scope: "col", className: "ls-more", textContent: name })));
      body.replaceChildren(...shown.rows.map(line));
      number();
    }

    function line(cells) {
      const remove = element("button", { type: "button", textContent: "×" });
      const row = element("tr", {}, ...columns.map((_, i) => element("td", {}, cell(cells[i] || ""))),
        element("td", { className: "ls-remove" }, remove));
      remove.addEventListener("click", () => takeAway(row));
      return row;
    }

    function cell(text) {
      const box = element("textarea", { rows: 1, autocomplete: "off", value: text });
      box.addEventListener("input", () => { fit(box); changed(); });
      setTimeout(() => fit(box));
      return box;
    }

    function number() {
      Array.from(body.rows).forEach((row, i) => {
        row.querySelectorAll("textarea").forEach((box, j) =>
          box.setAttribute("aria-label", `${columns[j]}, row ${i + 1}`));
        row.querySelector("button").setAttribute("aria-label", `Remove row ${i + 1}`);
      });
    }

    function takeAway(row) {
      const before = rows();
      const at = row.rowIndex - 1;
      row.remove();
      number();
      changed();
      const next = body.rows[Math.min(at, body.rows.length - 1)];
      (next ? next.querySelector("button") : more).focus();
      const undo = element("button", { type: "button", textContent: "Put it back" });
      undo.addEventListener("click", () => {
        body.replaceChildren(...before.map(line));
        number();
        changed();
        body.rows[at].querySelector("textarea").focus();
      });
      say(`Row ${at + 1} is removed. `, undo);
    }

    more.addEventListener("click", () => {
      body.append(line([]));
      number();
      changed();
      body.rows[body.rows.length - 1].querySelector("textarea").focus();
    });
    return { show };
  }

  /* --- Printing one card --- */

  function printAlone(section) {
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
  }

  window.liveshop.cards = { aligned, isCard, isObject, isText, areTexts };
  document.querySelectorAll("section.ls-card[data-card]").forEach(card);
})();
