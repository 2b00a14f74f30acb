/* The self-assessment (liveshop.playbook.maturity): points of areas, where to start, what to read. The rules are those
   of `assess` there. In the book the answers are kept as a card (kept.js), so that "My playbook" has them; the card on
   the same page is told. Without this script the form is to be ticked and added up by hand. */
(function () {
  "use strict";

  const kept = window.liveshop && window.liveshop.kept;      // a notebook keeps nothing
  const SVG = "http://www.w3.org/2000/svg";
  const total = (values) => values.reduce((sum, value) => sum + value, 0);
  const listed = (names) => [names.slice(0, -1).join(", "), names[names.length - 1]].filter(Boolean).join(" and ");
  const lowestFirst = (rows) => [...rows].sort((one, other) => one.answer - other.answer);    // stable

  // rows: [{area, section, tables, answer}], all answered; each: most points of an area
  function assess(rows, { each, low, reads }) {
    const areas = [...new Set(rows.map((row) => row.area))].map((name) => {
      const answers = rows.filter((row) => row.area === name).map((row) => row.answer);
      return { name, points: total(answers), lowest: Math.min(...answers) };
    });
    const few = Math.min(...areas.map((area) => area.points));
    const weakest = areas.filter((area) => area.points === few);
    const start = weakest.reduce((best, area) => (area.lowest < best.lowest ? area : best)).name;
    const read = [...new Set([...lowestFirst(rows.filter((row) => row.area === start)),
      ...lowestFirst(rows.filter((row) => row.area !== start && row.answer <= low))].map((row) => row.section))];
    const way = rows.find((row) => row.tables).answer >= reads ? "with code" : "without code";
    const all = total(areas.map((area) => area.points)), names = listed(weakest.map((area) => area.name));
    const level = weakest.length === 1 ? "" : ` each; start with ${start}`;
    return { areas, start, fields: { ...Object.fromEntries(areas.map((area) => [area.name, String(area.points)])),
      total: String(all), weakest: names, start, read: read.join(", "), way },
      sentence: `${all} of ${each * areas.length} points. Weakest: ${names}, ${few} of ${each} points${level}. ` +
        `Read first: ${read.join(", ")}. Way: ${way}.` };
  }

  function drawn(name, settings, text) {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(settings)) made.setAttribute(key, value);
    if (text) made.textContent = text;
    return made;
  }

  // Areas are spokes from the middle, as many as there are; rings stand at a third, two thirds and all of the points.
  function radar(svg, areas, each, start) {
    const at = (place, share) => {
      const angle = -Math.PI / 2 + 2 * Math.PI * place / areas.length;
      return [90 * share * Math.cos(angle), 90 * share * Math.sin(angle)];
    };
    const ring = (shares, settings) =>
      drawn("polygon", { points: shares.map((share, place) => at(place, share).join()).join(" "), ...settings });
    svg.replaceChildren(
      ...[1 / 3, 2 / 3, 1].map((share) => ring(areas.map(() => share), { fill: "none", class: "ls-ring" })),
      ...areas.map((_, place) => drawn("line", { x2: at(place, 1)[0], y2: at(place, 1)[1], class: "ls-ring" })),
      ring(areas.map((area) => area.points / each), { class: "ls-shape" }),
      ...areas.map((area, place) => {
        const [x, y] = at(place, area.points / each);
        return drawn("circle", { cx: x, cy: y, r: area.name === start ? 7 : 4, class: area.name === start ? "ls-weak" : "ls-dot" });
      }),
      ...areas.map((area, place) => {
        const [x, y] = at(place, 1.2);
        const anchor = Math.abs(x) < 1 ? "middle" : x > 0 ? "start" : "end";
        return drawn("text", { x: Math.abs(x) < 1 ? 0 : Math.sign(x) * 96, y: y + 5, "text-anchor": anchor }, `${area.name} ${area.points}`);
      }));
    svg.setAttribute("aria-label", `Radar: ${areas.map((area) => `${area.name} ${area.points}`).join(", ")} of ${each} points.`);
  }

  // The numbers of sections lead to their pages where the book's own contents name them.
  function linked(text) {
    const pages = [...document.querySelectorAll("nav a[href]")];
    return text.split(/(\b\d\.\d\b)/).map((part) => {
      const found = /^\d\.\d$/.test(part) && pages.find((link) => link.textContent.trim().startsWith(part + " "));
      return found ? Object.assign(document.createElement("a"), { href: found.href, textContent: part }) : part;
    });
  }

  function start(section) {
    if (section.dataset.ready) return;
    section.dataset.ready = "yes";
    const { id, title, each, low, reads } = section.dataset;
    const rules = { each: Number(each), low: Number(low), reads: Number(reads) };
    const form = section.querySelector("form"), result = section.querySelector("[data-result]");
    const said = section.querySelector(".ls-verdict"), svg = section.querySelector("svg"), body = section.querySelector("tbody");
    const statements = [...form.querySelectorAll("fieldset")].map((set) => ({
      area: set.dataset.area, section: set.dataset.section, tables: "tables" in set.dataset,
      text: set.querySelector("[data-text]").textContent, boxes: [...set.querySelectorAll("input")] }));
    const rows = () => statements.map((one) => {
      const box = one.boxes.find((box) => box.checked);
      return { ...one, answer: box ? Number(box.value) : null };
    });
    const content = () => {
      const found = kept && kept.shelf("cards")[id];
      return found && window.liveshop.cards.isCard(found) ? found : {};
    };

    function show() {
      const all = rows(), given = all.filter((row) => row.answer !== null), whole = given.length === all.length;
      const found = whole && assess(all, rules);
      result.hidden = !given.length;
      result.querySelector("[data-whole]").hidden = !whole;
      if (!whole) {
        const first = statements[all.findIndex((row) => row.answer === null)];
        said.textContent = `${given.length} of ${all.length} answered. Next: ${first.text}`;
        return null;
      }
      said.replaceChildren(...linked(found.sentence));
      radar(svg, found.areas, rules.each, found.start);
      body.replaceChildren();
      for (const area of found.areas) {
        const row = body.insertRow(), head = row.appendChild(document.createElement("th"));
        head.scope = "row";
        head.textContent = area.name;
        for (const value of [area.points, area.lowest]) row.insertCell().textContent = value;
      }
      result.querySelector("code").textContent = `answered = [${all.map((row) => row.answer).join(", ")}]`;
      return found;
    }

    // Answers stand in the card's table, so that they travel with its exports; the fields hold the result.
    function keep() {
      const found = show(), mine = content(), all = rows();
      if (!kept) return;
      const fields = { ...mine.fields }, started = all.some((row) => row.answer !== null);
      for (const name of [...new Set(all.map((row) => row.area)), "total", "weakest", "start", "read", "way"]) {
        if (started) fields[name] = found ? found.fields[name] : "";
        else delete fields[name];
      }
      const table = started ? { columns: JSON.parse(section.dataset.columns),
        rows: all.map((row) => [row.area, row.text, row.answer === null ? "" : String(row.answer)]) } : undefined;
      const held = kept.set("cards", { ...kept.shelf("cards"), [id]: { ...mine, title, fields, table } });
      result.querySelector("[data-kept]").textContent = held
        ? `Kept as card ${id} on this device, and sent nowhere. It is the first page of “My playbook”.`
        : "This browser keeps nothing here: note the result before you leave the page.";
      window.dispatchEvent(new StorageEvent("storage"));       // the card on this page shows it at once
    }

    function restore() {
      const table = content().table;
      const known = new Map((table ? table.rows : []).map(([, text, answer]) => [text, answer]));
      for (const one of statements)
        for (const box of one.boxes) box.checked = known.get(one.text) === box.value;
      show();
    }

    section.querySelector("[data-plain]").hidden = true;
    form.addEventListener("change", keep);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("keydown", (event) => event.ctrlKey || event.metaKey || event.stopPropagation());
    form.querySelector("button").addEventListener("click", () => {
      form.reset();
      keep();
      statements[0].boxes[0].focus();
    });
    if (!kept) return show();
    restore();
    kept.watch(restore);
  }

  document.querySelectorAll(".ls-maturity").forEach(start);
})();
