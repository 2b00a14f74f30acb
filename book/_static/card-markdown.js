/* Cards as Markdown, and back: the same format, line for line, as utils/liveshop/playbook/as_markdown.py,
   where it is described.

   window.liveshop.markdown
     write(card, content)   a card as Markdown
     read(text, deck)       identity -> content; throws an Error whose message is the reason alone
     filledRows(rows)       rows without the empty ones at the end
     tidy(text)             text with one space for every run of white space; line breaks stay
     unknown(id, title)     a card that the course does not have
     escape, row, table     a text on one line, the cells of a row, headings and rows, each as Markdown

   A card: {id, title, title_zh, purpose, fields: [{name, label, unit}], checklist: [{what, details}], columns}.
   A content: {title, fields: {name: text}, ticks: [what], table: {columns, rows}, notes}. */
(function () {
  "use strict";

  const BLANK = /[\s\x00-\x1f\x7f-\x9f\ufeff]+/g;   // liveshop.playbook.content has the same list
  const lines = (text) => String(text).split(/\r\n?|\n/);
  const tidy = (text) => lines(text).map((line) => line.replace(BLANK, " ").trim()).join("\n").trim();
  const unknown = (id, title) => ({ id, title, title_zh: "", purpose: "", fields: [], checklist: [], columns: [] });

  /* --- Writing --- */

  const SIGNS = { "<": "&lt;", ">": "&gt;", "&": "&amp;" };
  const escape = (text) => tidy(text).replace(/\n/g, " ").replace(/[<>&]/g, (sign) => SIGNS[sign])
    .replace(/[\\`*_{}[\]|#~$!]/g, "\\$&");
  const inline = (text) => tidy(text).split("\n").map(escape).join("<br>");
  const about = (text) => (text ? ` (${escape(text)})` : "");
  const fieldStart = (field) => `- **${escape(field.label)}**${about(field.unit)}:`;
  const task = (item) => escape(item.what) + about(item.details);
  const row = (cells) => `| ${cells.map(inline).join(" | ")} |`;

  const wholeTable = (columns, rows) => [row(columns), "|" + " --- |".repeat(columns.length), ...rows.map(row)];

  function filledRows(rows) {
    const kept = (rows || []).slice();
    while (kept.length && !kept[kept.length - 1].some(tidy)) kept.pop();
    return kept;
  }

  function fieldLines(card, fields) {
    const own = card.fields.map((field) => field.name);
    const rest = Object.keys(fields).filter((name) => !own.includes(name) && tidy(fields[name]));
    return [
      ...card.fields.map((field) => `${fieldStart(field)} ${inline(fields[field.name] || "")}`.trimEnd()),
      ...rest.map((name) => `- **${escape(name)}**: ${inline(fields[name])}`),
    ];
  }

  function taskLines(card, ticks) {
    const own = card.checklist.map((item) => item.what);
    return [
      ...card.checklist.map((item) => `- [${ticks.includes(item.what) ? "x" : " "}] ${task(item)}`),
      ...ticks.filter((what) => !own.includes(what)).map((what) => `- [x] ${inline(what)}`),
    ];
  }

  function tableLines(card, table) {
    if (!filledRows(table.rows).length) return [];
    const { columns, rows } = window.liveshop.cards.aligned(card.columns, {
      columns: table.columns, rows: filledRows(table.rows),
    });
    return wholeTable(columns, rows);
  }

  function write(card, content) {
    const { fields = {}, ticks = [], table = { columns: card.columns, rows: [] }, notes = "" } = content;
    const zh = card.title_zh ? ` (${escape(card.title_zh)})` : "";
    const written = [`## Card ${card.id}: ${escape(card.title)}${zh}`, ""];
    if (card.purpose) written.push(`*${escape(card.purpose)}*`, "");
    const parts = [fieldLines(card, fields), taskLines(card, ticks), tableLines(card, table),
                   tidy(notes) ? [`Notes: ${inline(notes)}`] : []];
    for (const part of parts) if (part.length) written.push(...part, "");
    return written.join("\n");
  }

  /* --- Reading --- */

  const CARD = /^#+ +Card +(\d{1,3}\.\d{1,3}[a-z]?)(?:: *(.*))?$/;
  const TICK = /^[-*+] \[([ xX])\] (.*)$/;
  const FIELD = /^[-*+] \*\*((?:\\.|[^*\\])+)\*\*((?: \([^:]*\))?):(.*)$/;
  const ESCAPED = /<br ?\/?>|\\([\\`*_{}[\]|#~$!])|&(lt|gt|amp);/g;
  const RULE = /^:?-+:?$/;
  const READ = { lt: "<", gt: ">", amp: "&" };
  const plain = (text) => text.replace(ESCAPED, (_, sign, name) => sign || READ[name] || "\n");
  const unescape = (text) => tidy(plain(text));

  // An escaped border is text.
  function cells(line) {
    const parts = line.replace(/\\./g, (two) => (two === "\\|" ? "\u0000" : two)).split("|").slice(1);
    if (!parts[parts.length - 1].trim()) parts.pop();
    return parts.map((part) => unescape(part.replace(/\u0000/g, "\\|")));
  }

  // Name and value of a field's line; a label that the card does not have is its own name.
  function fieldOf(card, line) {
    for (const field of card.fields) {
      const start = fieldStart(field);
      if (line.slice(1).startsWith(start.slice(1))) return [field.name, line.slice(start.length)];
    }
    const found = line.match(FIELD);
    if (!found) return null;
    const name = unescape(found[1]);
    const known = card.fields.find((field) => tidy(field.label) === name);   // the unit was changed since
    return known ? [known.name, found[3]] : [name + plain(found[2]), found[3]];
  }

  // A line of the checklist; one that the card does not have is kept when it is ticked, and otherwise a note.
  function takeTask(card, line, tick, content, notes) {
    const known = card.checklist.find((item) => tick[2] === task(item))
      || card.checklist.find((item) => tick[2].startsWith(escape(item.what) + " ("));
    if (tick[1] !== " ") content.ticks.push(known ? known.what : unescape(tick[2]));
    else if (!known) notes.push(unescape(line.slice(2)));
  }

  function readCard(card, taken) {
    const content = { title: card.title, fields: {}, ticks: [] };
    const table = [];
    const notes = [];
    let purpose = false;
    for (const line of taken) {
      const tick = line.match(TICK);
      const field = tick ? null : fieldOf(card, line);
      if (tick) takeTask(card, line, tick, content, notes);
      else if (field) { if (unescape(field[1])) content.fields[field[0]] = unescape(field[1]); }
      else if (line.startsWith("|")) table.push(cells(line));
      else if (!purpose && (/^\*.*\*$/.test(line) || line === escape(card.purpose))) purpose = true;
      else notes.push(unescape(line.replace(/^Notes:/, "")));
    }
    const [columns = [], ...rows] = table;
    if (rows.length && rows[0].every((cell) => RULE.test(cell))) rows.shift();
    return Object.assign(content, { table: { columns, rows }, notes: tidy(notes.join("\n")) });
  }

  function read(text, deck) {
    const found = new Map();
    let taken = null;
    for (let line of lines(text.replace(/^\ufeff/, ""))) {
      line = line.trim();
      const start = line.match(CARD);
      if (start) {
        if (found.has(start[1])) throw new Error(`card ${start[1]} stands in it twice; leave one of them`);
        const card = deck.find((one) => one.id === start[1]) || unknown(start[1], unescape(start[2] || ""));
        taken = [];
        found.set(start[1], [card, taken]);
      } else if (taken && line && line !== "# My playbook") taken.push(line);
    }
    if (!found.size)
      throw new Error("there is no card in it; a card begins with a line such as “## Card 5.1: Run of show”");
    return Object.fromEntries(Array.from(found, ([id, [card, own]]) => [id, readCard(card, own)]));
  }

  window.liveshop = window.liveshop || {};
  window.liveshop.markdown = { write, read, filledRows, tidy, unknown, escape, row, table: wholeTable };
})();
