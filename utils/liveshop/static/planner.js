/* The planner of tests (liveshop.playbook.planner): reckons as the reader types. The formulas are those of
   liveshop.methods.experiment. Without this script the page shows the table of looks. */
(function () {
  "use strict";

  // Quantile of the normal law by Newton's steps on its distribution.
  function quantile(share) {
    let z = 0;
    for (let step = 0; step < 40; step++) {
      z -= (1 - tail(z) - share) / (Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI));
    }
    return z;
  }

  // Chance of more than z: the series near the middle, the continued fraction in the tail.
  function tail(z) {
    if (z < 0) return 1 - tail(-z);
    const density = Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
    if (z < 3) {
      let term = z, sum = z;
      for (let k = 1; k < 80; k++) { term *= z * z / (2 * k + 1); sum += term; }
      return 0.5 - density * sum;
    }
    let fraction = 0;
    for (let k = 60; k > 0; k--) fraction = k / (z + fraction);
    return density / (z + fraction);
  }

  function perArm(plan) {
    const alpha = quantile(0.975), power = quantile(plan.power);
    if (plan.kind === "mean") return 2 * ((alpha + power) * plan.sd / plan.change) ** 2 + alpha ** 2 / 4;
    const one = plan.baseline, other = one + plan.change, middle = (one + other) / 2;
    const root = alpha * Math.sqrt(2 * middle * (1 - middle)) +
      power * Math.sqrt(one * (1 - one) + other * (1 - other));
    return (root / plan.change) ** 2;
  }

  const written = (value) => value.toLocaleString("en-US", { maximumFractionDigits: 0 });
  const short = (value) => value.toLocaleString("en-US", { maximumSignificantDigits: 4 });
  const percent = (value) => (100 * value).toFixed(1) + " %";

  function sizes(plan) {
    if (!(plan.day > 0)) return "Units a day: give a number above zero.";
    if (!plan.change)
      return "Smallest change: give a number other than 0, such as 0.5 or 1,500. A percentage of an amount needs the old arm too.";
    if (plan.kind === "mean" && !(plan.sd > 0)) return "Standard deviation: give a number above zero.";
    const other = plan.baseline + plan.change;
    if (plan.kind === "share" && !(plan.baseline > 0 && plan.baseline < 1 && other > 0 && other < 1))
      return "Give the old arm as a share between 0 and 1 (0.04 for 4 %), and a change that stays between them.";
    const each = Math.max(2, Math.ceil(perArm(plan) - 1e-9)), days = Math.ceil(2 * each / plan.day);
    const shown = (value) => plan.kind === "share" ? short(100 * value) + " %" : short(value);
    const told = Number.isNaN(other) ? "" : `, to tell ${shown(other)} from ${shown(plan.baseline)}`;
    return `${written(each)} units in each arm, ${written(2 * each)} in all${told}: ${written(days)} ${days === 1 ? "day" : "days"}. ` +
      (days < 14 ? "Run two whole weeks all the same: weekdays differ." : "End on a whole week.");
  }

  function costs(plan, chosen) {
    if (plan.looks === 1) return "One look, at the end: 5.0 % of tests without effect raise a false alarm.";
    return `${plan.looks} looks, each at 5 %: ${percent(Number(chosen.dataset.alarm))} of tests without effect raise a ` +
      `false alarm. With a boundary it is 5.0 %, and the last look asks for ${Number(chosen.dataset.limit).toFixed(2)} standard errors.`;
  }

  function split(plan) {
    const all = plan.new + plan.old;
    if (!(plan.new >= 0 && plan.old >= 0 && all > 0 && plan.planned > 0 && plan.planned < 1))
      return "Give two counts, and a planned share between 0 and 1.";
    const z = Math.abs(plan.new - all * plan.planned) / Math.sqrt(all * plan.planned * (1 - plan.planned));
    const p = 2 * tail(z);
    return `p ${p < 0.0001 ? "is less than 0.0001" : "= " + p.toFixed(4)}. ` + (p < 0.001
      ? "The split is broken: throw the result away and find the fault."
      : p < 0.01 ? "Look at the assignment; among many tests one such split is chance." : "Nothing against this split.");
  }

  function start(section) {
    const form = section.querySelector("form");
    if (!form || !form.hidden) return;
    const inputs = [...form.querySelectorAll("[data-plan]")];
    function reckon() {
      const plan = {};
      for (const one of inputs) {
        if (one.type === "radio") { if (one.checked) plan.kind = one.value; continue; }
        const { value, percent } = window.liveshop.number(one.value);
        const ofOld = plan.kind === "mean" && ["change", "sd"].includes(one.dataset.plan);
        plan[one.dataset.plan] = percent ? value / 100 * (ofOld ? plan.baseline : 1) : value;
      }
      const say = (what, text) => { form.querySelector(`[data-say="${what}"]`).textContent = text; };
      say("size", sizes(plan));
      say("looks", costs(plan, form.querySelector('[data-plan="looks"]').selectedOptions[0]));
      say("split", split(plan));
    }
    form.hidden = false;
    form.addEventListener("input", reckon);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("keydown", (event) => event.ctrlKey || event.metaKey || event.stopPropagation());
    reckon();
  }

  document.querySelectorAll(".ls-planner").forEach(start);
})();
