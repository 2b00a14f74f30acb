/* The page "My playbook": all filled cards and the progress, to take away, bring in and forget.
   What it lists is what kept.js keeps; the deck of the course stands in the page. */
(function () {
  "use strict";

  const { kept, markdown, whole, cards: { isCard, isObject, isText, areTexts } } = window.liveshop;
  const page = document.getElementById("ls-my-playbook");
  const deck = JSON.parse(page.querySelector('script[type="application/json"]').textContent);
  const [state, said, progress, cards] =
    ["ls-state", "ls-said", "ls-progress", "ls-my-cards"].map((name) => page.querySelector("." + name));

  function element(name, settings, ...children) {
    const made = Object.assign(document.createElement(name), settings);
    made.append(...children);
    return made;
  }
  const list = (name, items) => element(name, {}, ...items.map((text) => element("li", { textContent: text })));
  const many = (number, one) => `${number} ${one}${number === 1 ? "" : "s"}`;

  /* --- What is filled --- */

  const known = (id, content) => deck.cards.find((card) => card.id === id) || markdown.unknown(id, content.title || "");
  const parts = (content) => ({
    fields: Object.fromEntries(Object.entries(content.fields || {}).filter(([, text]) => text.trim())),
    ticks: content.ticks || [],
    table: { columns: (content.table || {}).columns || [], rows: markdown.filledRows((content.table || {}).rows) },
    notes: (content.notes || "").trim(),
    title: content.title,
  });
  const isId = (id) => /^\d{1,3}\.\d{1,3}[a-z]?$/.test(id);

  // What is shown and taken along: the cards that hold anything, or all cards of the course without an entry.
  function shownNow() {
    const blank = page.querySelector("#ls-blank").checked;
    return whole(deck.words, blank ? deck.cards.map((card) => [card, {}]) : filled(), blank);
  }

  // [card, content] of all that hold anything
  function filled() {
    return Object.entries(kept.shelf("cards")).filter(([id, content]) => isId(id) && isCard(content))
      .map(([id, content]) => [known(id, content), parts(content)])
      .filter(([, c]) => Object.keys(c.fields).length || c.ticks.length || c.table.rows.length || c.notes);
  }

  /* --- The page --- */

  function show() {
    const all = shownNow();
    const mine = filled().length;
    const front = all.pages.length ? [contentsOf(all), decisionsOf(all)] : [];
    cards.replaceChildren(...front, ...all.groups.flatMap(([use, pages]) =>
      [element("h2", { textContent: use }), ...pages.map((one) => shown(one, all.blank))]));
    page.classList.toggle("ls-listed", all.pages.length > 0);
    progress.replaceChildren(...progressLines());
    page.querySelectorAll(".ls-needs-cards").forEach((button) => (button.disabled = !all.pages.length));
    state.classList.toggle("ls-warning", !kept.lasting());
    if (!kept.lasting())
      state.textContent = "This browser keeps nothing for the course: it is a private window, or storage is switched " +
        "off or full. What you type on a card is gone when you leave its page. Print the card, or open the book in an " +
        "ordinary window.";
    else if (mine) state.textContent = `${many(mine, "card")} with entries of yours, on this device.`;
    else state.textContent = "No card is filled in yet. Whatever you type or tick on a card appears here. " +
      (location.protocol === "file:" ? "You opened the book from a folder: there, browsers other than Chrome " +
        "and Edge may keep each page by itself, and this page then sees nothing of the others." : "");
  }

  function contentsOf(all) {
    const made = element("nav", {}, element("h2", { textContent: "Contents" }),
      element("p", { textContent: deck.words.private }));
    made.setAttribute("aria-label", "Contents, in the order of use");
    const link = (one, text) => element("a", { href: `#my-${one.place}`, textContent: text });
    for (const [use, pages, others] of all.contents) {
      made.append(element("p", {}, element("strong", { textContent: use })));
      if (pages.length)
        made.append(element("ul", { className: "ls-jump-list" },
          ...pages.map((one) => element("li", {}, link(one, one.title)))));
      if (others.length)
        made.append(element("p", { className: "ls-also" }, `${deck.words.also} `,
          ...others.flatMap((one, i) => [...(i ? [", "] : []), link(one, one.card.id)])));
    }
    return made;
  }

  function decisionsOf(all) {
    const made = element("section", { className: "ls-my-decisions" },
      element("h2", { textContent: "Decisions" }));
    if (!all.decided.length) made.append(element("p", { textContent: deck.words.none }));
    else {
      const table = tableElement([deck.words.decided, ...all.decided], "Decisions, with owner and date");
      table.caption.className = "ls-unseen";   // the heading says it to the eye
      made.append(element("div", { className: "ls-card-table", tabIndex: 0 }, table));
    }
    return made;
  }

  function shown({ card, content, title, place, entries, tasks, columns, rows }, blank) {
    const made = element("section", { className: "ls-my-card", id: `my-${place}` },
      element("h3", { textContent: title }));
    if (blank && card.purpose) made.append(element("p", { textContent: card.purpose }));
    const asked = entries.filter(([, , text]) => text || blank);
    if (asked.length)
      made.append(element("dl", {}, ...asked.flatMap(([label, unit, text]) =>
        [element("dt", { textContent: label + (unit ? ` (${unit})` : "") }), element("dd", { textContent: text })])));
    if (content.ticks && content.ticks.length) {
      const done = `${content.ticks.length} of ${many(tasks.length, "line")} of the checklist done:`;
      made.append(element("p", { textContent: done }));
    }
    if (blank || (content.ticks && content.ticks.length))
      made.append(list("ul", tasks.map((line) => `${line.done ? "☒" : "☐"} ${line.what}` +
        (blank && line.details ? ` (${line.details})` : ""))));
    if (rows.length)
      made.append(element("div", { className: "ls-card-table", tabIndex: 0 },
        tableElement([columns, ...rows], `Table of card ${card.id}`)));
    if (content.notes || blank)
      made.append(element("p", { className: "ls-my-notes", textContent: `Notes: ${content.notes || ""}` }));
    if (!blank) made.append(actionsOf(card));
    return made;
  }

  function actionsOf(card) {
    const forget = element("button", { type: "button", textContent: "Forget this card" });
    forget.setAttribute("aria-label", `Forget card ${card.id}`);
    forget.addEventListener("click", () => forgetCard(card.id));
    const actions = element("p", { className: "ls-actions" });
    if (card.home)
      actions.append(element("a", { href: card.home, textContent: `Change card ${card.id}` }), " ",
        element("a", { href: card.section.page, textContent: `Section ${card.section.number}` }), " ");
    actions.append(forget);
    return actions;
  }

  function tableElement([head, ...rows], caption) {
    const line = (cells, name, about) =>
      element("tr", {}, ...cells.map((text) => element(name, { ...about, textContent: text })));
    return element("table", {}, element("caption", { textContent: caption }),
      element("thead", {}, line(head, "th", { scope: "col" })),
      element("tbody", {}, ...rows.map((row) => line(row, "td", {}))));
  }

  function progressLines() {
    const answers = kept.shelf("answers");
    const quiz = kept.shelf("quiz");
    const count = (shelf, names, wanted) => names.filter((name) => (shelf[name] || {}).state === wanted).length;
    const lines = deck.chapters.map((chapter) => {
      const right = count(answers, chapter.exercises, "right");
      const wrong = count(answers, chapter.exercises, "wrong");
      const known = count(quiz, chapter.questions, "right");
      const tried = right + wrong + known + count(quiz, chapter.questions, "wrong");
      return tried && `Chapter ${chapter.number}, ${chapter.title}: ` +
        `${right} of ${chapter.exercises.length} exercises right${wrong ? ` and ${wrong} not yet` : ""}; ${known} of ${chapter.questions.length} quiz questions right.`;
    }).filter(Boolean);
    return lines.length ? [element("h2", { textContent: "Exercises and quizzes" }), list("ul", lines)] : [];
  }

  /* --- Away --- */

  function download(name, blob) {
    const link = element("a", { href: URL.createObjectURL(blob), download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    tell(`${name} is in your downloads.`);
  }

  const fileName = (kind) => `my-playbook${shownNow().blank ? "-blank" : ""}.${kind}`;

  async function copy() {
    const text = shownNow().markdown();
    try {
      await navigator.clipboard.writeText(text);
    } catch (forbidden) {   // an older way, for browsers that ask for a served page
      const box = element("textarea", { value: text });
      document.body.append(box);
      box.select();
      const done = document.execCommand("copy");
      box.remove();
      if (!done) return tell("This browser does not let a page copy: download the Markdown instead.");
    }
    tell("Copied as Markdown.");
  }

  /* --- In --- */

  const isAnswer = (one) => isObject(one) && (areTexts(one.given) ||
    (isObject(one.given) && Object.values(one.given).every(isText))) &&
    [undefined, "right", "wrong"].includes(one.state);

  // What a file brings: {cards, answers, quiz}, and the game of the capstone, which checks it itself. Throws an Error
  // with the reason alone.
  function readFile(text) {
    if (!/^\s*[[{]/.test(text)) return { cards: markdown.read(text, deck.cards), answers: {}, quiz: {} };
    let found;
    try { found = JSON.parse(text); } catch (broken) { throw new Error("it is no complete JSON"); }
    const { cards = {}, answers = {}, quiz = {}, capstone } = isObject(found) ? found : {};
    const demand = (holds, words) => { if (!holds) throw new Error(words); };
    demand([cards, answers, quiz].every(isObject), "its cards or answers are not written as this page writes them");
    for (const [id, one] of Object.entries(cards))
      demand(isId(id) && isCard(one), `card ${id.slice(0, 20)} in it is not written as this page writes it`);
    demand([...Object.values(answers), ...Object.values(quiz)].every(isAnswer),
      "an answer in it is not written as this page writes it");
    demand([cards, answers, quiz].some((one) => Object.keys(one).length) || isObject(capstone),
      "there is no card and no answer in it");
    return { cards, answers, quiz, capstone: isObject(capstone) ? capstone : undefined };
  }

  // The file goes before what is here, entry by entry; what the file leaves empty, or only spaces otherwise, stays.
  // Gives the content, and how many entries of hers it replaces.
  function merged(mine, theirs) {
    const here = parts(mine);
    const there = parts(theirs);
    const plain = (one) => JSON.stringify(one || "", (_, text) => (isText(text) ? markdown.tidy(text) : text));
    const differ = (one, other) => plain(one) !== plain(other);
    const fields = Object.entries(there.fields).filter(([name, text]) => differ(here.fields[name], text));
    const notes = there.notes && differ(here.notes, there.notes);
    const table = there.table.rows.length > 0 && differ(here.table, there.table);
    const content = {
      title: theirs.title || mine.title || "", fields: { ...mine.fields, ...Object.fromEntries(fields) },
      ticks: Array.from(new Set([...here.ticks, ...there.ticks])), notes: notes ? there.notes : mine.notes || "",
      table: table ? there.table : mine.table,
    };
    const replaced = fields.filter(([name]) => here.fields[name]).length + (notes && here.notes ? 1 : 0) +
      (table && here.table.rows.length ? 1 : 0);
    return [content, replaced];
  }

  async function bring(file) {
    const fail = (reason) => tell(`${file.name} could not be read: ${reason}. Nothing was changed.`);
    // A browser keeps some 5 million letters; of Chinese each takes three bytes.
    if (file.size > 2e7) return fail("it is larger than 20 MB, so it is no file of this page");
    let found;
    try {
      found = readFile(new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer()));
    } catch (problem) {
      const noText = problem instanceof TypeError;
      return fail(noText ? "it is not a text in UTF-8; choose the Markdown or JSON file of this page" : problem.message);
    }
    const before = { cards: kept.shelf("cards"), answers: kept.shelf("answers"), quiz: kept.shelf("quiz") };
    const game = kept.get("capstone");
    const cards = { ...before.cards };
    let replaced = 0;
    for (const [id, theirs] of Object.entries(found.cards)) {
      const [content, number] = merged(isCard(cards[id]) ? cards[id] : {}, theirs);
      cards[id] = content;
      replaced += number;
    }
    const put = (all) => Object.entries(all).map(([name, value]) => kept.set(name, value)).every(Boolean);
    const both = (shelf) => ({ ...before[shelf], ...found[shelf] });
    const held = put({ cards, answers: both("answers"), quiz: both("quiz"), capstone: game || found.capstone });
    show();
    // What the file brought goes back to what it was; what another page wrote since stays.
    const undone = (shelf) => {
      const now = { ...kept.shelf(shelf) };
      for (const name of Object.keys(found[shelf])) {
        if (Object.hasOwn(before[shelf], name)) now[name] = before[shelf][name];
        else delete now[name];
      }
      return now;
    };
    const number = Object.keys(found.answers).length + Object.keys(found.quiz).length;
    const undo = element("button", { type: "button", textContent: "Undo the import" });
    undo.addEventListener("click", () => {
      put({ cards: undone("cards"), answers: undone("answers"), quiz: undone("quiz"), capstone: game });
      show();
      tell("The import is undone.");
    });
    const answers = number ? ` and ${many(number, "answer")}` : "";
    const gone = replaced === 1 ? " 1 entry of yours was replaced." : ` ${replaced} entries of yours were replaced.`;
    tell(`Imported from ${file.name}: ${many(Object.keys(found.cards).length, "card")}${answers}.${replaced ? gone : ""}` +
      `${held ? "" : " This browser could not keep it: it lasts until you leave the page."} `, undo);
  }

  /* --- Gone --- */

  function forgetCard(id) {
    const { [id]: gone, ...others } = kept.shelf("cards");
    kept.set("cards", others);
    show();
    const undo = element("button", { type: "button", textContent: "Bring it back" });
    undo.addEventListener("click", () => {
      kept.set("cards", { ...kept.shelf("cards"), [id]: gone });
      show();
      tell(`Card ${id} is back.`);
    });
    tell(`Card ${id} is forgotten. `, undo);
    undo.focus();
  }

  function forget() {
    if (!window.confirm("Forget everything that the course keeps on this device: cards, ticks, notes, answers and " +
      "settings? It cannot be brought back.")) return;
    kept.forget();
    show();
    tell("Everything is forgotten.");
  }

  function tell(text, ...more) {
    said.replaceChildren(text, ...more);
  }

  const actions = {
    markdown: () => download(fileName("md"), new Blob([shownNow().markdown()], { type: "text/markdown" })),
    word: () => download(fileName("docx"), shownNow().word()),
    excel: () => download(fileName("xlsx"), shownNow().excel()),
    json: () => download("my-playbook.json",
      new Blob([JSON.stringify(kept.all(), null, 1)], { type: "application/json" })),
    copy, print: () => window.print(), forget,
  };
  for (const [name, action] of Object.entries(actions))
    page.querySelector(`[data-action="${name}"]`).addEventListener("click", action);
  page.querySelector("#ls-blank").addEventListener("change", show);
  const file = page.querySelector('input[type="file"]');
  file.addEventListener("change", async () => {
    if (file.files.length) await bring(file.files[0]);
    file.value = "";   // the same file may be chosen again
  });
  page.hidden = false;
  kept.watch(show);
  show();
})();
