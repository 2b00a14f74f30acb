/* The choice between places (liveshop.playbook.place_tool): reckons as the reader types. Weighted scores, the draws of
   weights and the turn are those of liveshop.methods.decision. Without this script the page shows the order as a table. */
(function () {
  "use strict";

  const DRAWS = 4000;
  const total = (values) => values.reduce((sum, value) => sum + value, 0);
  const dot = (one, other) => total(one.map((value, place) => value * other[place]));
  const shares = (values) => { const sum = total(values); return values.map((value) => value / sum); };
  const percent = (value) => (100 * value).toFixed(0) + " %";

  // Numbers from 0 to 1, the same at each reckoning (mulberry32): the shares must not flicker as somebody types.
  function lot() {
    let state = 20250302;
    return () => {
      state = (state + 0x6d2b79f5) | 0;
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
    };
  }

  // The text as criteria, weights and places; a sentence when something is missing in it.
  function read(text) {
    const lines = text.normalize("NFKC").split(/\r?\n/).filter((line) => line.trim());
    const mark = ["\t", ";"].find((one) => (lines[0] || "").includes(one)) || ",";
    const rows = lines.map((line) => line.split(mark).map((cell) => cell.trim()));
    while (rows.length && rows.every((row) => row.length > 1 && row[row.length - 1] === ""))
      rows.forEach((row) => row.pop());                     // empty columns that a spreadsheet sent along
    if (rows.length < 4) throw "Give a line of criteria, a line of weights, and at least two places.";
    const criteria = rows[0].slice(1), places = rows.slice(2);
    if (criteria.length < 2) throw "Give at least two criteria in the first line, after a first word such as “place”.";
    const numbers = (row, lowest, highest, range) => {
      if (row.length !== rows[0].length)
        throw `“${row[0]}” has ${row.length - 1} numbers; there are ${criteria.length} criteria.`;
      return row.slice(1).map((cell, place) => {
        const { value } = window.liveshop.number(cell);
        if (!(value >= lowest && value <= highest)) throw `“${row[0]}”, ${criteria[place]}: ${range}, not “${cell}”.`;
        return value;
      });
    };
    const weights = numbers(rows[1], 0, 1e6, "a weight is a number from 0 to a million");
    if (!(total(weights) > 0)) throw "At least one weight must be above 0.";
    return { criteria, weights: shares(weights), weighed: rows[1][0], names: places.map((row) => row[0] || "(no name)"),
      scores: places.map((row) => numbers(row, 1, 9, "a score is a number from 1 to 9")) };
  }

  const points = (choice, weights) => choice.scores.map((row) => dot(row, weights));
  const best = (values) => values.indexOf(Math.max(...values));

  // Share of draws in which each place is first, with weights that `draw` gives.
  function wins(choice, draw) {
    const count = choice.names.map(() => 0);
    for (let turn = 0; turn < DRAWS; turn++) count[best(points(choice, shares(draw())))] += 1 / DRAWS;
    return count;
  }

  // The smallest change of one weight, in points of weight, that puts another place first; the others give way.
  function smallestTurn(choice, first) {
    let found = null;
    choice.criteria.forEach((criterion, place) => {
      const weight = choice.weights[place];
      if (weight === 1) return;
      const rest = choice.weights.map((one, at) => (at === place ? 0 : one / (1 - weight)));
      choice.scores.forEach((row, rival) => {
        if (rival === first) return;
        const apart = choice.scores[first][place] - row[place];
        const others = dot(choice.scores[first], rest) - dot(row, rest);
        const at = others / (others - apart);
        if (!(at >= 0 && at <= 1)) return;
        if (!found || Math.abs(at - weight) < Math.abs(found.at - found.weight))
          found = { criterion, weight, at, name: choice.names[rival] };
      });
    });
    return found;
  }

  function verdict(choice, score, order) {
    const [first, next] = order, turn = smallestTurn(choice, first), lead = score[first] - score[next];
    const said = `Weights from the line “${choice.weighed}”: ` +      // a forgotten line of weights shows here
      (lead < 1e-9 ? `${choice.names[first]} and ${choice.names[next]} are level.`
        : `${choice.names[first]} is first, ${lead.toFixed(2)} points before ${choice.names[next]}.`);
    if (!turn) return said + " No single weight turns the order.";
    const [from, to] = [percent(turn.weight), percent(turn.at)];
    return said + ` ${turn.name} comes first when the weight of ${turn.criterion} ` +
      (from === to ? `moves from ${from} by less than a point` : `goes from ${from} to ${to}`) + ": look at it again first.";
  }

  function start(section) {
    const form = section.querySelector("form");
    if (!form || !form.hidden) return;
    const area = form.querySelector("textarea"), said = form.querySelector(".ls-verdict");
    const table = form.querySelector("table"), body = table.tBodies[0];
    function reckon() {
      body.replaceChildren();
      table.hidden = true;
      let choice;
      try { choice = read(area.value); } catch (problem) {
        if (typeof problem !== "string") throw problem;
        said.textContent = problem;
        return;
      }
      const random = lot(), score = points(choice, choice.weights);
      const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
      const near = wins(choice, () => choice.weights.map((weight) => weight * Math.exp(0.3 * normal())));
      const any = wins(choice, () => choice.weights.map(() => -Math.log(1 - random())));
      const order = score.map((_, place) => place).sort((one, other) => score[other] - score[one]);
      for (const place of order) {
        const row = body.insertRow();
        const head = row.appendChild(document.createElement("th"));
        head.scope = "row";
        head.textContent = choice.names[place];
        for (const text of [score[place].toFixed(2), percent(near[place]), percent(any[place])])
          row.insertCell().textContent = text;
      }
      table.hidden = false;
      said.textContent = verdict(choice, score, order);
    }
    form.hidden = false;
    section.querySelector("[data-plain]").hidden = true;
    form.addEventListener("input", reckon);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("keydown", (event) => event.ctrlKey || event.metaKey || event.stopPropagation());
    reckon();
  }

  document.querySelectorAll(".ls-places").forEach(start);
})();
