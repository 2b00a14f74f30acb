/* All cards of a reader, or all cards of the course empty, in one document, in the order in which they are used:
   the same as utils/liveshop/playbook/document.py makes of a folder.

   window.liveshop.whole(words, pairs, blank)   words: of liveshop.playbook.whole; pairs: [[card, content]].
     title, blank
     groups       [[use, [page]]] in the order of use; pages: all of them
     contents     [[use, [page], [page of another group that has lines for this time too]]]
                  A page: {card, content, title, place,
                  entries: [[label, unit, text]], tasks: [{done, what, details}], columns, rows}
     decided      [[card, decision, owner, date]]; what is missing is said
     markdown()   a text; word(), excel() a Blob */
(function () {
  "use strict";

  const { markdown, word, excel, cards: { aligned } } = window.liveshop;

  const number = (id) => id.match(/^(\d+)\.(\d+)(.*)$/).slice(1).map((part) => part.padStart(4, "0")).join();
  const inOrder = ([a], [b]) => (b.first || 0) - (a.first || 0) || (number(a.id) < number(b.id) ? -1 : 1);
  const empty = (columns, rows) => Array.from({ length: rows }, () => columns.map(() => ""));

  function pageOf([card, content], blank) {
    const { fields = {}, ticks = [], table = { columns: [], rows: [] } } = content;
    const own = card.fields.map((field) => field.name);
    const lines = card.checklist.map((item) => item.what);
    const { columns, rows } = aligned(card.columns, table);
    return {
      card, content, title: `Card ${card.id}: ${card.title}${card.title_zh ? ` (${card.title_zh})` : ""}`,
      place: "card_" + card.id.replace(".", "_"),
      entries: [...card.fields.map((field) => [field.label, field.unit, fields[field.name] || ""]),
                ...Object.entries(fields).filter(([name]) => !own.includes(name)).map(([name, text]) => [name, "", text])],
      tasks: [...card.checklist.map((item) => ({ ...item, done: ticks.includes(item.what) })),
              ...ticks.filter((what) => !lines.includes(what)).map((what) => ({ what, details: "", done: true }))],
      columns, rows: blank && columns.length ? empty(columns, card.rows) : rows,
    };
  }

  window.liveshop.whole = function (words, pairs, blank) {
    const found = (pattern, text) => (text.match(new RegExp(pattern)) || [])[1];
    const dateOf = (text) => {
      const day = found(words.day, text);
      return found(words.date, text) || (day ? words.named.replace("{}", () => day) : words.missing.date);
    };
    const uses = words.uses.map(([use]) => use);
    const useOf = (card) => (uses.includes(card.use) ? card.use : uses[uses.length - 1]);
    const groups = words.uses.map(([use, called]) =>
      [called, pairs.filter(([card]) => useOf(card) === use).sort(inOrder).map((pair) => pageOf(pair, blank))])
      .filter(([, pages]) => pages.length);
    const pages = groups.flatMap(([, group]) => group);
    const inCourse = pages.slice().sort((a, b) => inOrder([{ id: a.card.id }], [{ id: b.card.id }]));
    const contents = words.uses.map(([use, called]) =>
      [called, pages.filter(({ card }) => useOf(card) === use),
       inCourse.filter(({ card }) => (card.also || []).includes(use))])
      .filter(([, own, others]) => own.length || others.length);
    const calledAll = (uses) => words.uses.filter(([use]) => uses.includes(use)).map(([, called]) => called).join(", ");
    const title = blank ? words.blank : words.title;
    const decided = blank ? empty(words.decided, words.blanks) : pages.flatMap(({ card, content: { fields = {} } }) =>
      card.fields.filter((field) => field.decides && fields[field.name]).map((field) => {
        const text = markdown.tidy(fields[field.name]);
        return [card.id, `${field.label}: ${text}`, found(words.owner, text) || words.missing.owner,
                dateOf(text)];
      }));

    /* --- Markdown --- */

    function asMarkdown() {
      const lines = ["# My playbook", "", words.private, "", "## Contents", ""];
      for (const [use, group, others] of contents)
        lines.push(`**${use}**`, "", ...group.map((page) => `- ${markdown.escape(page.title)}`),
          ...(others.length ? [`- ${words.also} ${others.map(({ card }) => card.id).join(", ")}`] : []), "");
      const [head, ...rows] = [words.decided, ...decided].map(markdown.row);
      const table = rows.length ? [head, "|" + " --- |".repeat(words.decided.length), ...rows] : [words.none];
      lines.push("## Decisions", "", ...table, "");
      return [...lines, ...pages.map(cardMarkdown)].join("\n");
    }

    function cardMarkdown({ card, content, columns, rows }) {
      const written = markdown.write(card, content);
      if (!blank || !rows.length) return written;
      return [written, ...markdown.table(columns, rows), ""].join("\n");
    }

    /* --- Word --- */

    const asWord = () => word(title, [
      { paragraph: words.private },
      { heading: "Contents", level: 2 },
      ...contents.flatMap(([use, group, others]) =>
        [{ paragraph: "", name: use }, ...group.map((page) => ({ link: page.title, place: page.place })),
         ...(others.length ? [alsoLine(others)] : [])]),
      { heading: "Decisions", level: 2 },
      decided.length ? { table: [words.decided, ...decided], tall: blank } : { paragraph: words.none },
      ...groups.flatMap(([use, group]) => [{ heading: use, level: 2 }, ...group.flatMap(cardBlocks)]),
    ]);

    const alsoLine = (others) =>
      ({ paragraph: `${words.also} `, links: others.map(({ card, place }) => [card.id, place]) });

    const cardBlocks = ({ card, content, title, place, entries, tasks, columns, rows }) => [
      { heading: title, level: 3, place },
      ...(card.purpose ? [{ paragraph: card.purpose, quiet: true }] : []),
      ...(entries.length ? [{
        table: entries.map(([label, unit, text]) => [label + (unit ? ` (${unit})` : ""), text]), plain: true, tall: blank,
      }] : []),
      ...tasks.map(({ what, details, done }) => ({ tick: what + (details ? ` (${details})` : ""), done })),
      ...(rows.length ? [{ table: [columns, ...rows], tall: blank }] : []),
      ...(content.notes || blank ? [{ name: "Notes", paragraph: (content.notes || "") + (blank ? "\n\n" : "") }] : []),
    ];

    /* --- Excel --- */

    function asExcel() {
      const names = pages.map(({ card }) => excel.name(`${card.id} ${card.title}`));
      const many = (part, all) => `${part} of ${all.length}`;
      const listed = pages.map(({ card, entries, tasks }, i) => ({
        texts: [groups.find(([, group]) => group.includes(pages[i]))[0], card.id, card.title, card.title_zh,
                many(entries.filter(([, , text]) => text).length, entries),
                many(tasks.filter(({ done }) => done).length, tasks), calledAll(card.also || [])],
        link: [2, names[i]],
      }));
      return excel.book([
        { name: "Contents", widths: [20, 9, 46, 34, 12, 12, 30], rows: [
          { texts: [title], kind: "title" }, { texts: ["", "", words.private] },
          { texts: ["Decisions"], link: [0, "Decisions"] },
          { texts: ["Used", "Card", "Title", "中文", "Fields filled", "Lines done", "Also"], kind: "head" }, ...listed] },
        { name: "Decisions", widths: [9, 80, 30, 30], rows: [
          { texts: ["Decisions"], kind: "title" }, { texts: words.decided, kind: "head" },
          ...(decided.length ? decided : [[words.none]]).map((texts) => ({ texts }))] },
        ...pages.map((page, i) => ({ name: names[i], widths: [44, 44, 22, 22, 22, 14, 14, 14], rows: cardRows(page) })),
      ]);
    }

    function cardRows({ card, content, title, entries, tasks, columns, rows }) {
      const part = (head, all) => (all.length ? [{ texts: [] }, { texts: head, kind: "head" }, ...all] : []);
      return [
        { texts: [title], kind: "title" }, { texts: [card.purpose] }, { texts: ["Contents"], link: [0, "Contents"] },
        ...part(["Field", "Your entry", "Unit"],
          entries.map(([label, unit, text]) => ({ texts: [label, text, unit], typed: true }))),
        ...part(["Checklist", "Who · when · number", "Done"],
          tasks.map(({ done, what, details }) => ({ texts: [what, details, done ? "☒" : "☐"] }))),
        ...part(columns, rows.map((texts) => ({ texts, typed: true }))),
        ...part(["Notes"], content.notes || blank ? [{ texts: [content.notes || ""] }] : []),
      ];
    }

    return { title, blank, groups, contents, pages, decided, markdown: asMarkdown, word: asWord, excel: asExcel };
  };
})();
