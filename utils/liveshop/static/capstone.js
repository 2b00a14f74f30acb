/* The capstone's game (liveshop.course.chapter_9.capstone): twelve weeks are decided one by one, and judged at the end.
   weeks.js is the model, replays.js plays plans and tells why; the data stand in the tool's own script element. */
(function () {
  "use strict";

  const { number, weeks, replaying } = window.liveshop;
  const WEEKS = 12, SWITCHES = ["backup", "second", "review"], WHOLE = ["agents", "temporary", "order"];
  const sum = (values) => values.reduce((total, value) => total + value, 0);
  const whole = (value) => (Math.round(value) + 0).toLocaleString("en-US").replace("-", "−");   // no -0
  const money = (value) => `${whole(value)} CNY`;

  function element(tag, about = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(about)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  }

  // rows: lists of texts, the first of each its heading
  function table(caption, heads, rows, wide = false) {
    const made = element("table", {}, element("caption", {}, caption),
      element("thead", {}, element("tr", {}, ...heads.map((text) => element("th", { scope: "col" }, text)))),
      element("tbody", {}, ...rows.map(([first, ...rest]) => element("tr", {},
        element("th", { scope: "row" }, first), ...rest.map((text) => element("td", {}, text))))));
    if (!wide) return made;
    return element("div", { class: "ls-wide", role: "region", tabindex: "0", "aria-label": caption }, made);
  }

  const paragraph = (...children) => element("p", {}, ...children);
  const fold = (title, ...children) => element("details", {}, element("summary", {}, title), ...children);

  // Profit so far by week, a line each: [name, values]. The first, the player's, is thick; dashes tell the others apart.
  function curves(lines, said) {
    const [width, height, left, right, top, bottom] = [360, 240, 62, 94, 10, 24];
    const svg = (tag, about, text) => {
      const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
      for (const [name, value] of Object.entries(about)) made.setAttribute(name, value);
      if (text) made.textContent = text;
      return made;
    };
    const all = lines.flatMap(([, values]) => values), low = Math.min(0, ...all), high = Math.max(1, ...all);
    const x = (week) => left + (week - 1) / (WEEKS - 1) * (width - left - right);
    const y = (value) => top + (high - value) / (high - low) * (height - top - bottom);
    const drawn = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": said });
    for (const value of [low, high].concat(low < 0 ? [0] : [])) {
      drawn.append(svg("line", { x1: left, x2: width - right, y1: y(value), y2: y(value), class: "ls-ring" }),
        svg("text", { x: left - 4, y: y(value) + 4, "text-anchor": "end" }, `${whole(value / 1000)} K`));
    }
    for (const week of [1, 6, WEEKS]) {
      drawn.append(svg("text", { x: x(week), y: height - 6, "text-anchor": "middle" }, `week ${week}`));
    }
    const ends = lines.map(([name, values], index) => ({ name, index, at: y(values[WEEKS - 1]) }))
      .sort((one, two) => one.at - two.at);
    ends.forEach((end, place) => {              // names stand one below the other
      end.at = Math.max(end.at, place ? ends[place - 1].at + 14 : top + 4);
    });
    const over = Math.max(0, ends[ends.length - 1].at - (height - bottom));
    for (const { name, index, at } of ends) {
      const points = lines[index][1].map((value, week) => `${x(week + 1).toFixed(1)},${y(value).toFixed(1)}`).join(" ");
      const dashes = ["none", "2 3", "7 3", "10 3 2 3"][index];
      drawn.append(svg("polyline", { points, "stroke-dasharray": dashes, class: index ? "ls-line" : "ls-line ls-own" }),
        svg("text", { x: width - right + 5, y: at - over + 4 }, name));
    }
    return drawn;
  }

  function start(section) {
    const form = section.querySelector("form");
    if (!form || !form.hidden) return;
    const data = JSON.parse(section.querySelector("script").textContent), c = data.constants, words = data.words;
    const model = weeks(c), replays = replaying(model, c, words), kept = window.liveshop.kept;
    const part = (name) => form.querySelector(`[data-${name}]`);
    const field = (lever) => form.querySelector(`[data-lever="${lever}"]`);
    const label = (lever) => words.levers[lever].label;
    const limited = Object.keys(data.limits);      // the levers that are numbers
    const usual = Object.fromEntries(limited.map((lever) => [lever, field(lever).value]));
    let seed = Number(section.dataset.seed), plan = [], game;

    // What is decided --------------------------------------------------------------------------------------------------

    function complaint(lever, text) {
      const [least, most] = data.limits[lever];
      const range = `from ${least.toLocaleString("en-US")} to ${most.toLocaleString("en-US")}`;
      const kind = WHOLE.includes(lever) ? "whole number" : "number", read = number(text);
      if (!text.trim()) return `${label(lever)}: the field is empty. Give a ${kind} ${range}.`;
      const shown = text.trim().length > 20 ? `${text.trim().slice(0, 20)}…` : text.trim();
      if (!Number.isFinite(read.value) || read.percent) {
        return `${label(lever)}: “${shown}” is no number. Give a ${kind} ${range}.`;
      }
      if (read.value < least || read.value > most) {
        return `${label(lever)}: “${shown}” is outside the limits. Give a ${kind} ${range}.`;
      }
      if (WHOLE.includes(lever) && !Number.isInteger(read.value)) return `${label(lever)}: give a whole number ${range}.`;
      return "";
    }

    const wrong = () => limited.filter((lever) => complaint(lever, field(lever).value));

    function mark(lever, text) {
      const box = field(lever);
      document.getElementById(`${box.id}-wrong`).textContent = text;
      if (text) box.setAttribute("aria-invalid", "true");
      else box.removeAttribute("aria-invalid");
    }

    function decided() {
      const value = (lever) => number(field(lever).value).value;
      return {
        rundown: Number(field("rundown").value), coupon: Number(field("coupon").value), media: c.kinds.map(value),
        ...Object.fromEntries(["hours", ...WHOLE].map((lever) => [lever, value(lever)])),
        ...Object.fromEntries(SWITCHES.map((lever) => [lever, field(lever).checked ? 1 : 0])),
      };
    }

    function fill(action) {
      for (const lever of limited) {
        const k = c.kinds.indexOf(lever);
        field(lever).value = !action ? usual[lever] : k < 0 ? action[lever] : action.media[k];
        mark(lever, "");
      }
      for (const lever of ["rundown", "coupon"]) field(lever).value = action ? action[lever] : 0;
      for (const lever of SWITCHES) field(lever).checked = Boolean(action && action[lever]);
    }

    function budget() {
      const most = model.budget(game.state.week);
      if (wrong().length) {
        part("budget").textContent = `Budget of the week ${money(most)}. A field is no number within its limits.`;
        return;
      }
      const spent = model.spent(game.state, decided()), left = most - spent;
      part("budget").textContent = `Budget of the week ${money(most)}, decided ${money(spent)}: ` + (left >= 0
        ? `${money(left)} left.` : `${money(-left)} too much, so media will shrink.`);
      const said = left < 0 ? "Over the budget: media will shrink." : "";
      if (part("over").textContent !== said) part("over").textContent = said;
    }

    // What is shown ----------------------------------------------------------------------------------------------------

    function situation() {
      const state = game.state, week = state.week, [now, ...ahead] = c.season.slice(week);
      const signs = [...game.weeks.map(({ before }) => before.signal), state.signal];      // each of the week after next
      const sign = (when) => (when in signs ? signs[when].toFixed(2) : "unknown");
      part("as-before").hidden = !week;
      part("week").textContent = `Week ${week + 1} of ${WEEKS}, from ${data.days[week]}` +
        (c.festival_weeks.includes(week) ? ": the festival" : "");
      part("situation").replaceChildren(table("What you know", ["What", "Now"], [
        ["Season, 1 is an ordinary week", now.toFixed(2)],
        ["Season of the weeks to come", ahead.map((one) => one.toFixed(2)).join(", ") || "none: this is the last"],
        ["Active members", whole(state.active)], ["Silent members", whole(state.silent)],
        ["Stock", `${whole(state.stock)} pieces`],
        ["Arriving this week, next week, the one after", state.due.slice(0, 3).map(whole).join(", ")],
        ["Asked for last week", `${whole(state.demand)} pieces`],
        ["Sign of trouble at the suppliers: this week, next week, the one after",
          [week - 2, week - 1, week].map(sign).join(", ")],
        ["Temporary agents booked for this week", whole(state.temporary)], ["Profit so far", money(game.profit)],
      ]));
    }

    // The last week's profit by post, beside the week before it.
    function ledger() {
      const shown = game.weeks.slice(-2).reverse(), heads = ["Post", "This week", "Week before"];
      const posts = Object.keys(words.posts).filter((post) => shown.some((week) => week.posts[post]));
      return table("Ledger of the week, CNY", heads.slice(0, 1 + shown.length), [
        ...posts.map((post) => [words.posts[post], ...shown.map((week) => whole(week.posts[post]))]),
        ["Profit", ...shown.map((week) => whole(week.told.profit))]]);
    }

    function history() {
      let so = 0;
      const rows = game.weeks.map((week, index) => {
        so += week.told.profit;
        const { done } = week, measures = SWITCHES.filter((lever) => done[lever]).map(label).join(", ");
        return [String(index + 1), whole(week.told.profit), whole(so), words.choices[c.rundowns[done.rundown]],
          String(done.hours), ...done.media.map(whole), words.choices[c.coupons[done.coupon]], String(done.agents),
          String(done.temporary), whole(done.order), measures || "none"];
      });
      const told = element("ol", {}, ...game.weeks.map((week) => element("li", {}, replays.happened(week).join(" "))));
      part("history").replaceChildren(...(rows.length ? [table("Your weeks", ["Week", "Profit, CNY", "So far, CNY",
        label("rundown"), "Hours", ...c.kinds.map(label), "Coupon", "Agents", "Temporary, next week", "Ordered",
        "Measures"], rows, true), fold("What happened in each week, and why", told)] : []));
    }

    // The end: on this market, as a plan on unseen ones, and the decision that cost most.
    function judged() {
      const place = part("end");
      const known = Object.entries(data.markets).map(([name, markets]) => [name, ...markets[seed]]);
      const own = game.weeks.map((_, week) => sum(game.weeks.slice(0, week + 1).map(({ told }) => told.profit)));
      const all = [["you", own, game.value], ...known];      // who, profit so far by week, value at the end
      const passed = known.filter(([, so, value]) => game.result > so.at(-1) + value).map(([name]) => name);
      const better = passed.length ? `You did better than ${passed.join(", ")}.` : "All three known policies did better.";
      place.setAttribute("aria-label", `The end of the game: result ${money(game.result)}`);
      place.replaceChildren(
        paragraph(element("strong", {}, `The end. Your result is ${money(game.result)}. ${better}`)),
        table(`Market ${seed}, CNY`, ["Who", "Profit", "Value at the end", "Result"],
          all.map(([name, so, value]) => [name, ...[so.at(-1), value, so.at(-1) + value].map(whole)])),
        table("Your value at the end, CNY", ["What", "CNY"],
          Object.entries(game.ends).map(([post, value]) => [words.ends[post], whole(value)])),
        paragraph("Profit so far, week by week, on the same luck:"),
        curves(all, `Profit so far after week ${WEEKS}: ` +
          all.map(([name, so]) => `${name} ${money(so.at(-1))}`).join(", ")),
        fold("The same as a table", table("Profit so far, CNY", ["Week", ...all.map(([name]) => name)],
          own.map((_, week) => [String(week + 1), ...all.map(([, so]) => whole(so[week]))]), true)),
        ...policy(), ...costs(), fold("Your plan for the notebook", element("pre", { tabindex: "0" }, code())));
    }

    // The plan as Python reads it: plan = [...], for capstone.play(plan, [seed]).
    function code() {
      const lines = plan.map(({ rundown, coupon, media, ...rest }) => JSON.stringify({
        rundown: c.rundowns[rundown], coupon: c.coupons[coupon],
        media: Object.fromEntries(c.kinds.map((kind, k) => [kind, media[k]])), ...rest,
      }));
      return `plan = [\n${lines.map((line) => `    ${line},\n`).join("")}]\ncapstone.play(plan, [${seed}]).result`;
    }

    function policy() {
      const [first, count] = data.unseen, results = [];
      for (let k = 0; k < count; k += 1) results.push(replays.play(plan, first + k).result);
      const scores = [["your plan", replays.score(results)], ...Object.entries(data.scores)]
        .sort((one, two) => two[1] - one[1]);
      return [
        paragraph(words.judged.plan.replace("{count}", count)), paragraph(words.judged.score),
        paragraph(words.judged.known),
        table("Score over unseen markets, CNY", ["Who", "Score"], scores.map(([name, value]) => [name, whole(value)]))];
    }

    function costs() {
      const shown = (lever, value) => (lever === "rundown" ? words.choices[c.rundowns[value]]
        : lever === "coupon" ? words.choices[c.coupons[value]] : SWITCHES.includes(lever) ? (value ? "yes" : "no")
          : value < 100 ? String(Math.round(10 * value) / 10) : whole(value));
      const all = replays.costliest(plan, seed).filter(({ gain }) => gain >= 1), [most] = all;
      if (!most) return [paragraph("No single decision of yours earned less than the best known policy's in its place.")];
      return [
        paragraph(element("strong", {}, `The decision that cost most: week ${most.week}, ${label(most.lever)}, ` +
          `${shown(most.lever, most.decided)} instead of ${shown(most.lever, most.instead)}. ` +
          `It cost ${money(most.gain)}.`)),
        paragraph(words.judged.costs),
        table("What decisions cost", ["Decision", "Yours", "Instead", "Cost, CNY"], all.slice(0, 10).map((one) => [
          `Week ${one.week}: ${label(one.lever)}`, shown(one.lever, one.decided), shown(one.lever, one.instead),
          whole(one.gain)]))];
    }

    function told() {
      const last = game.weeks.at(-1), over = plan.length === WEEKS;
      part("result").hidden = !last;
      if (!last) return;
      part("result").setAttribute("aria-label", `Week ${plan.length}, closed`);
      part("said").replaceChildren(
        paragraph(element("strong", {}, `Week ${plan.length} is closed: profit ${money(last.told.profit)}.`)),
        element("ul", {}, ...replays.happened(last).map((sentence) => element("li", {}, sentence))),
        ...(over ? [paragraph(`The game is over: your result is ${money(game.result)}.`)] : []));
      part("ledger").replaceChildren(ledger());
    }

    function render() {
      game = replays.play(plan, seed);
      const over = plan.length === WEEKS;
      part("playing").hidden = over;
      part("end").hidden = !over;
      part("market").value = seed;
      fill(plan.at(-1));
      told();
      history();
      if (over) judged();
      else {
        situation();
        budget();
      }
    }

    // What is kept -----------------------------------------------------------------------------------------------------

    function sound(action) {
      const within = (value, lever) => {
        const [least, most] = data.limits[lever];
        return Number.isFinite(value) && value >= least && value <= most;
      };
      return action && Array.isArray(action.media) && c.kinds.every((kind, k) => within(action.media[k], kind))
        && ["hours", ...WHOLE].every((lever) => within(action[lever], lever))
        && ["rundown", "coupon"].every((lever) => [0, 1, 2].includes(action[lever]))
        && SWITCHES.every((lever) => [0, 1].includes(action[lever]));
    }

    function load() {
      const found = kept && kept.get("capstone");
      const good = found && Object.hasOwn(data.markets.habit, found.seed) && Array.isArray(found.plan)
        && found.plan.length <= WEEKS && found.plan.every(sound);
      if (good) [seed, plan] = [found.seed, found.plan];
      else plan = [];
      const older = good ? "The game has changed since you played these weeks: they are reckoned anew. "
        : "The game that was kept does not fit this one: it begins anew. ";
      lasts(found && found.model !== data.model ? older : "");
    }

    function keep() {
      if (kept) kept.set("capstone", plan.length ? { seed, plan, model: data.model } : undefined);
      lasts();
    }

    function lasts(older = "") {
      part("kept").textContent = older + (kept && kept.lasting()
        ? "The game is kept in this browser and survives a reload."
        : "This browser keeps nothing: the game is lost when you leave the page.");
    }

    form.hidden = false;
    section.querySelector("[data-plain]").hidden = true;
    form.addEventListener("keydown", (event) => {
      if (!event.ctrlKey && !event.metaKey) event.stopPropagation();
      // Enter in a field would close the week, which cannot be undone.
      if (event.key === "Enter" && event.target.matches("input")) event.preventDefault();
    });
    form.addEventListener("input", (event) => {
      const lever = event.target.dataset.lever;
      if (!lever) return;
      if (event.target.hasAttribute("aria-invalid")) mark(lever, complaint(lever, event.target.value));
      budget();
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      for (const lever of limited) mark(lever, complaint(lever, field(lever).value));
      if (wrong().length) return field(wrong()[0]).focus();
      plan = [...plan, decided()];
      keep();
      render();
      part("result").focus();
    });
    form.querySelector("[type=submit]").addEventListener("click", (event) => {
      if (event.detail > 1) event.preventDefault();      // the second of a double click would close the next week
    });
    part("new").addEventListener("click", () => {
      if (plan.length && !window.confirm("Begin a new game? The weeks that you have played are lost.")) return;
      [seed, plan] = [Number(part("market").value), []];
      keep();
      render();
      part("week").focus();
    });
    load();
    render();
    if (kept) {
      kept.watch(() => {
        const before = JSON.stringify({ seed, plan });
        load();
        if (JSON.stringify({ seed, plan }) !== before) render();
      });
    }
  }

  document.querySelectorAll(".ls-capstone").forEach(start);
})();
