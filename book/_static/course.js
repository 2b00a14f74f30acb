/* What moves in the book: explorers, answer boxes, quizzes and cards.
   Everything it needs is in the page: no request, no storage, no library. Without it the page
   shows the opening frames, the questions, hints and explanations. */
(function () {
  "use strict";

  const each = (root, selector, action) => root.querySelectorAll(selector).forEach(action);
  const data = (root) => JSON.parse(root.querySelector('script[type="application/json"]').textContent);

  /* --- Explorers: the same controls as with a kernel, over frames drawn beforehand ------------- */

  function explorer(figure) {
    const { sizes, texts, start, images, sentences, frames } = data(figure);
    const picture = figure.querySelector("img.ls-frame");
    const sentence = figure.querySelector(".ls-sentence");
    const controls = figure.querySelector(".ls-controls");
    const place = start.slice();
    const kept = new Map(); // pictures decoded and ready; few, so that a phone keeps its memory
    let wanted = 0;

    // Only the opening picture is missing in the list: it is the one in the page.
    for (let i = 0; i < images.length; i++) if (images[i] === null) images[i] = picture.src;
    picture.decoding = "sync"; // picture and sentence are painted together

    const frame = (at) => frames[at.reduce((index, value, i) => index * sizes[i] + value, 0)];

    function ready(image) {
      let made = kept.get(image);
      if (made) {
        kept.delete(image); // to the end of the line: it was used last
      } else {
        made = new Image();
        made.src = images[image];
        made.decode().catch(() => {});
      }
      kept.set(image, made);
      if (kept.size > 12) kept.delete(kept.keys().next().value);
      return made;
    }

    function neighbours() {
      place.forEach((value, i) => {
        for (const near of [value - 1, value + 1]) {
          if (near < 0 || near >= sizes[i]) continue;
          const at = place.slice();
          at[i] = near;
          ready(frame(at)[0]);
        }
      });
    }

    function show() {
      const [image, words] = frame(place);
      if (picture.src !== images[image]) {
        ready(image);
        picture.src = images[image];
      }
      if (sentence.textContent !== sentences[words]) {
        sentence.textContent = sentences[words];
        picture.alt = sentences[words];
      }
      // Get the next pictures ready once this one is on the screen.
      const mine = ++wanted;
      setTimeout(() => mine === wanted && neighbours(), 60);
    }

    Array.from(controls.children).forEach((control, i) => {
      const range = control.querySelector('input[type="range"]');
      const value = control.querySelector(".ls-value");
      const move = (to) => {
        if (to === place[i]) return;
        place[i] = to;
        if (range) {
          range.setAttribute("aria-valuetext", texts[i][to]);
          value.textContent = texts[i][to];
        }
        show();
      };
      control.addEventListener("input", (event) => {
        const box = event.target;
        if (box.type === "checkbox") {
          const on = Number(box.dataset.on);
          move(box.checked ? on : 1 - on);
        } else move(Number(box.value));
      });
      // A browser that comes back to the page may remember where its controls stood.
      if (range) range.value = start[i];
      each(control, 'input[type="checkbox"]', (box) => (box.checked = Number(box.dataset.on) === start[i]));
      each(control, 'input[type="radio"]', (box) => (box.checked = Number(box.value) === start[i]));
      each(control, "select", (box) => (box.selectedIndex = start[i]));
    });
    controls.addEventListener("pointerenter", neighbours, { once: true });
    controls.addEventListener("focusin", neighbours, { once: true });
    controls.hidden = false;
  }

  /* --- Answers --------------------------------------------------------------------------------- */

  // A number as people write it: 1,234.5, 31 %, −3, full-width digits. NaN when it is none.
  function number(text, fraction) {
    let plain = text.normalize("NFKC").replace(/[\s\u00a0\u2009\u202f¥,]/g, "").replace(/[−–]/g, "-");
    const percent = plain.endsWith("%");
    if (percent) plain = plain.slice(0, -1);
    if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain)) return NaN;
    return Number(plain) / (percent && fraction ? 100 : 1);
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

  // The rules of liveshop.practice.engine, on the cases that it computed.
  function fits(field, answer, value) {
    if (field.choice) return answer.trim().toLowerCase() === String(value).trim().toLowerCase();
    const grown = field.right && Math.abs(value) > Math.abs(field.right) ? Math.round(Math.abs(value / field.right)) : 1;
    const scale = grown === 100 || grown === 1000 ? Math.abs(value / field.right) : 1;
    return Math.abs(answer - value) <= Math.max(field.margin * scale, 1e-9 * Math.abs(value));
  }

  function judge({ fields, cases, praise }, texts) {
    if (texts.some((text) => !text.trim())) return ["not-attempted", "Give your answer first, then press Check."];
    const answers = {};
    for (let i = 0; i < fields.length; i++) {
      const field = fields[i];
      answers[field.name] = field.choice ? texts[i] : number(texts[i], field.fraction);
      if (!field.choice && Number.isNaN(answers[field.name]))
        return ["wrong", `${field.title}: “${texts[i].trim()}” could not be read as a number. Write it like 1234.5.`];
    }
    const right = new Set(fields.filter((f) => fits(f, answers[f.name], f.right)).map((f) => f.name));
    if (right.size === fields.length) return ["right", praise];
    const several = fields.length > 1;
    const named = Object.fromEntries(fields.map((f) => [f.name, f]));
    const explained = new Set();
    const said = [];
    for (const [values, words] of cases) {
      const names = Object.keys(values);
      const wrong = names.filter((name) => !right.has(name));
      if (!wrong.length || wrong.every((name) => explained.has(name))) continue;
      if (!names.every((name) => fits(named[name], answers[name], values[name]))) continue;
      wrong.forEach((name) => explained.add(name));
      said.push((several && wrong.length === 1 ? named[wrong[0]].title + ": " : "") + words);
    }
    for (const field of fields) {
      if (right.has(field.name) || explained.has(field.name)) continue;
      const answer = answers[field.name];
      const prefix = several ? field.title + ": " : "";
      if (field.choice) said.push(`${prefix}${answer} is not it.`);
      else {
        const shown = answer.toLocaleString("en", { minimumFractionDigits: field.decimals, maximumFractionDigits: field.decimals });
        said.push(`${prefix}${shown} is ${answer > field.right ? "too high" : "too low"}. The hint helps.`);
      }
    }
    if (several && right.size)
      said.push("Right already: " + fields.filter((f) => right.has(f.name)).map((f) => f.title).join(", ") + ".");
    return ["wrong", said.join(" ")];
  }

  function practice(section) {
    const form = section.querySelector("form.ls-answer");
    if (!form) return;
    const exercise = data(section);
    const parts = Array.from(form.querySelectorAll("[data-field]"));
    const answer = (part) => (part.querySelector("input:checked, input[type=text]") || { value: "" }).value;
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      say(form.querySelector(".ls-verdict"), ...judge(exercise, parts.map(answer)));
    });
  }

  /* --- Quizzes --------------------------------------------------------------------------------- */

  function question(form) {
    const answers = data(form);
    const place = form.querySelector(".ls-verdict");
    const boxes = Array.from(form.querySelectorAll("input"));
    form.querySelector("button").hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (form.dataset.type === "numeric") {
        const given = number(boxes[0].value, true);
        if (!boxes[0].value.trim()) return say(place, "not-attempted", "Give a number first, then press Check.");
        if (Number.isNaN(given)) return say(place, "wrong", "That could not be read as a number. Write it like 1234.5.");
        const near = (low, high) => {
          const slack = 1e-9 * Math.max(1, Math.abs(low), Math.abs(high));
          return given >= low - slack && given <= high + slack;
        };
        const found = answers.find((a) => !a.default && near(a.low, a.high)) || answers.find((a) => a.default);
        return say(place, found.right ? "right" : "wrong", found.feedback);
      }
      const chosen = boxes.map((box, i) => (box.checked ? i : -1)).filter((i) => i >= 0);
      if (!chosen.length) return say(place, "not-attempted", "Choose an answer first, then press Check.");
      const wrong = chosen.filter((i) => !answers[i].right);
      if (form.dataset.type === "multiple_choice" || wrong.length)
        return say(place, wrong.length ? "wrong" : "right", answers[wrong.length ? wrong[0] : chosen[0]].feedback);
      const all = answers.filter((a) => a.right).length;
      const words = chosen.map((i) => answers[i].feedback).join(" ");
      if (chosen.length < all) return say(place, "wrong", `${words} ${chosen.length} of ${all} found so far.`);
      say(place, "right", words);
    });
  }

  /* --- Cards: printed alone ---------------------------------------------------------------------- */

  function card(section) {
    const button = section.querySelector("button.ls-print");
    if (!button) return;
    button.hidden = false;
    button.addEventListener("click", () => {
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
    });
  }

  function start() {
    each(document, "figure.ls-explore[data-explorer]", explorer);
    each(document, "section.ls-practice", practice);
    each(document, "form.ls-question", question);
    each(document, "section.ls-card", card);
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
