/* Answers: the boxes of exercises, and quizzes. What is needed to judge is in the page; what was answered is kept in
   this browser (kept.js) and comes back with its verdict, judged anew.
   Without this script the page shows the questions, hints and explanations. */
(function () {
  "use strict";

  const kept = window.liveshop.kept;
  const NAMED = 1, MADE = 6;      // ranks of a case: the exercise's own mistakes, and the last
  const data = (root) => JSON.parse(root.querySelector('script[type="application/json"]').textContent);

  // What was typed as a number, of which 31 % is 0.31 where a fraction is asked; NaN when it is none.
  function number(text, fraction) {
    const { value, percent } = window.liveshop.number(text);
    return percent && fraction ? value / 100 : value;
  }

  function say(place, state, text) {
    const words = { right: "Right.", wrong: "Not yet.", "not-attempted": "Not attempted." }[state];
    place.className = "ls-verdict ls-" + state;
    place.textContent = "";
    const strong = document.createElement("strong");
    strong.textContent = words;
    place.append(strong, " ");
    // `code` between backticks, everything else is text
    text.split(/`([^`]+)`/).forEach((part, i) => {
      if (i % 2 === 0) return place.append(part);
      const code = document.createElement("code");
      code.textContent = part;
      place.append(code);
    });
  }

  // The rules of liveshop.practice.judge, on the cases that liveshop.practice.cases computed.
  const alike = (answer, value) => answer.trim().toLowerCase() === String(value).trim().toLowerCase();

  function fits(field, answer, value) {
    if (field.choice) return alike(answer, value);
    return Math.abs(answer - value) <= Math.max(field.margin, 1e-9 * Math.abs(value));
  }

  // How far answers are from those of a case, in margins; above 1 it does not fit.
  function distance([values, , margins], answers) {
    return Math.max(...Object.entries(values).map(([name, value], i) => {
      if (typeof value === "string") return alike(answers[name], value) ? 0 : Infinity;
      return Math.abs(answers[name] - value) / Math.max(margins[i], 1e-9 * Math.abs(value), 1e-15);
    }));
  }

  // One amount of the exercise, or one divided by another, in place of the answer: as _made in liveshop.practice.cases.
  function made(field, amounts) {
    const forms = Object.entries(amounts).map(([name, value]) => [value, `That is ${name}.`]);
    for (const [above, whole] of Object.entries(amounts))
      for (const [below, part] of Object.entries(amounts))
        if (above !== below && part)
          forms.push([whole / part, `That could be ${above}, divided by ${below}.`],
            [1000 * whole / part, `That could be 1,000 × ${above}, divided by ${below}.`]);
    return forms.filter(([value]) => field.margin <= 0.006 * Math.abs(value)
        && Math.abs(value - field.right) > field.margin)
      .map(([value, words]) => [{ [field.name]: value }, `${words} Asked is: ${field.unit || field.title}.`,
        [field.margin], MADE]);
  }

  // [sentence, the groups of fields that it explains]: a named one of several fields first, then the first rank, then
  // what explains most, then the nearest.
  function recognised(cases, answers, right) {
    const fitting = [];
    cases.forEach((one, place) => {
      const wrong = Object.keys(one[0]).filter((name) => !right.has(name));
      const far = wrong.length ? distance(one, answers) : Infinity;
      const rank = one[3] === NAMED && wrong.length > 1 ? -1 : one[3];
      if (far <= 1) fitting.push({ order: [rank, -wrong.length, far, place], wrong, words: one[1] });
    });
    fitting.sort((a, b) => a.order.map((x, i) => x - b.order[i]).find((x) => x) || 0);
    const told = new Map();
    const explained = new Set();
    for (const { wrong, words } of fitting) {
      if (wrong.every((name) => explained.has(name))) continue;
      wrong.forEach((name) => explained.add(name));
      told.set(words, [...(told.get(words) || []), wrong]);
    }
    return [told, explained];
  }

  // What is impossible about a number, whatever the right one is.
  function outside({ whole, least, most, unit, fraction }, value) {
    if (whole && !Number.isInteger(value)) return `${Number(value.toPrecision(6))} is no whole number, and one is asked.`;
    if ((least === null || value >= least) && (most === null || value <= most)) return "";
    const bound = most !== null && value > most ? `above ${most}` : `below ${least}`;
    return `It cannot be ${bound}${fraction ? `, as a ${unit}` : ""}.`;
  }

  function judge({ fields, others, words, cases, amounts, praise }, texts) {
    if (texts.some((text) => !text.trim())) return ["not-attempted", "Give your answer first, then press Check."];
    const answers = {};
    for (let i = 0; i < fields.length; i++) {
      const field = fields[i];
      answers[field.name] = field.choice ? texts[i] : number(texts[i], field.fraction);
      if (!field.choice && Number.isNaN(answers[field.name]))
        return ["wrong", `${field.title}: “${texts[i].trim()}” could not be read as a number. Write it like 1234.5.`];
    }
    const rights = [Object.fromEntries(fields.map((f) => [f.name, f.right])), ...others];
    const met = rights.map((one) => new Set(
      fields.filter((f) => fits(f, answers[f.name], one[f.name])).map((f) => f.name)));
    const right = met.reduce((best, one) => (one.size > best.size ? one : best));
    if (right.size === fields.length) return ["right", praise];
    const several = fields.length > 1;
    const named = Object.fromEntries(fields.map((f) => [f.name, f]));
    const all = cases.map(([values, word, ...rest]) => [values, words[word], ...rest])
      .concat(fields.flatMap((f) => made(f, amounts[f.name] || {})));
    const [told, explained] = recognised(all, answers, right);
    const said = [...told].map(([sentence, found]) => (several && found[0].length === 1
      ? found.map(([name]) => named[name].title).join(", ") + ": " : "") + sentence);
    for (const field of fields) {
      if (right.has(field.name) || explained.has(field.name)) continue;
      const answer = answers[field.name];
      const prefix = several ? field.title + ": " : "";
      if (field.choice) said.push(`${prefix}${answer} is not it.`);
      else if (outside(field, answer)) said.push(prefix + outside(field, answer));
      else {
        const shown = answer.toLocaleString("en", { minimumFractionDigits: field.decimals, maximumFractionDigits: field.decimals });
        said.push(`${prefix}${shown} is ${answer > field.right ? "too high" : "too low"}. The hint helps.`);
      }
    }
    if (several && right.size)
      said.push("Right already: " + fields.filter((f) => right.has(f.name)).map((f) => f.title).join(", ") + ".");
    return ["wrong", said.join(" ")];
  }

  /* What is kept of one answer: {given, state}, with the state only while it is that of what is given. `shelf` is
     "answers" for exercises, by their number, and "quiz" for questions, by their text. */
  function keep(shelf, name, given, state) {
    const all = kept.shelf(shelf);
    all[name] = state === "right" || state === "wrong" ? { given, state } : { given };
    kept.set(shelf, all);
  }

  /* A form that keeps its answers and brings them back. `read` gives what is in it, `write` puts it there,
     `verdict` judges it: [state, words]. */
  function answering(form, shelf, name, { read, write, verdict }) {
    const place = form.querySelector(".ls-verdict");
    const check = () => {
      const [state, words] = verdict();
      say(place, state, words);
      return state;
    };
    const clear = () => {      // a verdict stands beside the answer that it judges, and no other
      place.className = "ls-verdict";
      place.textContent = "";
    };
    const bring = () => {
      if (form.contains(document.activeElement)) return;
      const before = kept.shelf(shelf)[name] || {};
      write(before.given || {});
      if (before.state) check();
      else clear();
    };
    form.addEventListener("input", () => {
      clear();
      keep(shelf, name, read());
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      keep(shelf, name, read(), check());
    });
    kept.watch(bring);
    bring();
  }

  function practice(section) {
    const form = section.querySelector("form.ls-answer");
    if (!form) return;
    const exercise = data(section);
    const parts = Array.from(form.querySelectorAll("[data-field]"));
    const answer = (part) => (part.querySelector("input:checked, input[type=text], select") || { value: "" }).value;
    const names = exercise.fields.map((field) => field.name);
    form.hidden = false;
    answering(form, "answers", section.dataset.exercise, {
      read: () => Object.fromEntries(names.map((name, i) => [name, answer(parts[i])])),
      write: (given) => parts.forEach((part, i) => part.querySelectorAll("input, select").forEach((box) => {
        const text = given[names[i]] || "";
        if (box.type === "radio") box.checked = box.value === text;
        else box.value = text;
      })),
      verdict: () => judge(exercise, parts.map(answer)),
    });
  }

  /* --- Quizzes --- */

  function judgeNumber(text, answers) {
    if (!text.trim()) return ["not-attempted", "Give a number first, then press Check."];
    if (Number.isNaN(number(text, true))) return ["wrong", "That could not be read as a number. Write it like 1234.5."];
    const near = (given, low, high) => {
      const slack = 1e-9 * Math.max(1, Math.abs(low), Math.abs(high));
      return given >= low - slack && given <= high + slack;
    };
    // "40 %" is .4, or 40 where the question asks for per cent.
    const read = (fraction) => answers.find((a) => !a.default && near(number(text, fraction), a.low, a.high));
    const found = read(true) || read(false) || answers.find((a) => a.default);
    return [found.right ? "right" : "wrong", found.feedback];
  }

  function judgeChoice(chosen, answers, single) {
    if (!chosen.length) return ["not-attempted", "Choose an answer first, then press Check."];
    const wrong = chosen.filter((i) => !answers[i].right);
    if (single || wrong.length)
      return [wrong.length ? "wrong" : "right", answers[wrong.length ? wrong[0] : chosen[0]].feedback];
    const all = answers.filter((a) => a.right).length;
    const words = chosen.map((i) => answers[i].feedback).join(" ");
    if (chosen.length < all) return ["wrong", `${words} ${chosen.length} of ${all} found so far.`];
    return ["right", words];
  }

  function question(form) {
    const answers = data(form);
    const boxes = Array.from(form.querySelectorAll("input"));
    const numeric = form.dataset.type === "numeric";
    const text = (box) => box.parentNode.textContent.trim();   // choices are kept by their words: their order may change
    const asked = form.querySelector(numeric ? "label" : "legend").cloneNode(true);
    asked.querySelectorAll("strong:first-child, .ls-unit").forEach((part) => part.remove());
    form.querySelector("button").hidden = false;
    answering(form, "quiz", asked.textContent.trim(), {
      read: () => (numeric ? [boxes[0].value] : boxes.filter((box) => box.checked).map(text)),
      write: (given) => boxes.forEach((box) => {
        if (numeric) box.value = given[0] || "";
        else box.checked = Array.from(given).includes(text(box));
      }),
      verdict: () => (numeric ? judgeNumber(boxes[0].value, answers)
        : judgeChoice(boxes.map((box, i) => (box.checked ? i : -1)).filter((i) => i >= 0), answers,
          form.dataset.type === "multiple_choice")),
    });
  }

  // In JupyterLab the script comes with every quiz: what an earlier one has brought to life is left alone.
  function alive(root) {
    if (root.dataset.alive) return true;
    root.dataset.alive = "yes";
    return false;
  }

  document.querySelectorAll("section.ls-practice").forEach((section) => alive(section) || practice(section));
  document.querySelectorAll("form.ls-question").forEach((form) => alive(form) || question(form));
})();
