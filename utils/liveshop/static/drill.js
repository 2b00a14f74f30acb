/* The tabletop drill (liveshop.playbook.drill): orders are given one by one, each takes its minutes, by the rules of
   `play` there. The orders are read from the form without a script, which this one replaces. */
(function () {
  "use strict";

  const PACE = 5 / 60;                                  // minutes of the room for a second of the reader
  const clock = (minutes) => {
    const seconds = Math.round(60 * minutes), two = (value) => String(value).padStart(2, "0");
    return `${two(Math.floor(seconds / 3600) % 24)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  };
  const whole = (value) => Math.round(value).toLocaleString("en-US");
  const list = (words) => words.map((one) => `“${one.replace(/\.$/, "")}”`).join(", ");

  function movesOf(section) {
    return [...section.querySelectorAll("details[data-move]")].map((place) => {
      const { move, minutes, needs, early, growth } = place.dataset, words = place.querySelector("summary").textContent;
      return { name: move, words, minutes: Number(minutes), needs: needs ? needs.split(" ") : [], early,
        growth: growth ? Number(growth) : null, stops: "stops" in place.dataset, wrong: "wrong" in place.dataset,
        reply: place.querySelector("span").textContent };
    });
  }

  function start(section) {
    const form = section.querySelector("form");
    if (!form || !form.hidden) return;
    const about = section.dataset, moves = movesOf(section), plan = about.plan.split(" ");
    const part = (name) => form.querySelector(`[data-${name}]`);
    const [said, log, judged, running] = ["said", "log", "judged", "running"].map(part);
    const place = form.querySelector(".ls-drill-moves");
    let state;

    function pass(minutes) {
      if (state.stopped === null) {
        const grown = Math.pow(state.growth, minutes);
        state.orders += state.rate * (state.growth === 1 ? minutes : (grown - 1) / Math.log(state.growth));
        state.rate *= grown;
      }
      state.minutes += minutes;
    }

    function show() {
      part("clock").textContent = clock(Number(about.began) + state.minutes);
      part("count").textContent = `${whole(state.orders)} orders at the wrong price, ` +
        `${about.currency}${whole(Number(about.loss) * state.orders)} if all are sent`;
    }

    const words = (name) => moves.find((move) => move.name === name).words;

    function judge() {
      state.over = true;
      const missing = plan.filter((name) => !state.done.includes(name));
      const wrong = state.done.filter((name) => !plan.includes(name));
      const loss = about.currency + whole(Number(about.loss) * state.orders);
      const parts = [state.stopped === null ? "The link is still up: orders go on at the wrong price."
        : `The link was down after ${state.stopped.toFixed(1)} minutes, with ${whole(state.orders)} orders: ${loss}.`];
      if (state.early.length) parts.push(`Too early: ${list(state.early.map(words))}.`);
      if (wrong.length) parts.push(`Better not at all: ${list(wrong.map(words))}.`);
      parts.push(missing.length ? `Not done: ${list(missing.map(words))}.` : "Nothing of the plan is missing.");
      judged.hidden = false;
      part("end").hidden = true;
      return parts.join(" ");
    }

    function make(move, button) {
      if (state.over || state.done.includes(move.name)) return;
      pass(move.minutes);
      const early = move.needs.some((need) => !state.done.includes(need));
      if (early) state.early.push(move.name);
      else {
        state.done.push(move.name);
        button.setAttribute("aria-disabled", "true");       // stays where it is: the keyboard does not lose its place
        if (move.growth) state.growth = move.growth;
        if (move.stops && state.stopped === null) state.stopped = state.minutes;
      }
      show();
      const text = `${part("clock").textContent} ${early ? "Too early. " + move.early : move.reply}`;
      log.appendChild(document.createElement("li")).textContent = `${move.words} ${text}`;
      said.textContent = plan.every((name) => state.done.includes(name)) ? `${text} ${judge()}` : text;
    }

    function begin() {
      state = { minutes: 0, orders: 0, rate: Number(about.rate), growth: Number(about.growth), stopped: null, done: [],
        early: [], over: false };
      log.replaceChildren();
      judged.hidden = true;
      part("end").hidden = false;
      said.textContent = "Which order do you give first?";
      place.replaceChildren(...moves.map((move) => {
        const button = document.createElement("button");
        button.type = "button";
        button.dataset.name = move.name;
        button.textContent = `${move.words} (${move.minutes} min)`;
        button.addEventListener("click", () => make(move, button));
        return button;
      }));
      show();
    }

    form.hidden = false;
    section.querySelector("[data-plain]").hidden = true;
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("keydown", (event) => event.ctrlKey || event.metaKey || event.stopPropagation());
    part("end").addEventListener("click", () => {
      said.textContent = judge();
      part("again").focus();
    });
    part("again").addEventListener("click", () => {
      begin();
      place.firstElementChild.focus();
    });
    setInterval(() => {                                      // the room goes on while she thinks, if she likes it so
      if (!running.checked || state.over || document.hidden || !section.isConnected) return;
      pass(PACE);
      show();
    }, 1000);
    begin();
  }

  document.querySelectorAll(".ls-drill").forEach(start);
})();
