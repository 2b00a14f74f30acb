// The capstone's plays of a plan, one seed at a time: what happened and why, and what each decision cost. It tells the
// same as log.py and replay.py of the capstone, from the same words.
//
//   const replays = replaying(model, constants, words);      model: weeks(constants)
//   replays.play(plan, seed)          {weeks: [{before, asked, done, told, posts, after}], profit, ends, value, result}
//   replays.happened(week)            sentences
//   replays.costliest(plan, seed)     [{week, lever, decided, instead, gain}], the costliest first
//   replays.score(results)            half the mean and half the mean of the worst tenth
//
// A plan is a list of actions as weeks.js takes them. play of fewer than twelve plays the weeks that there are.
(function (root) {
  "use strict";

  const LEVERS = ["rundown", "coupon", "hours", "agents", "temporary", "order", "backup", "second", "review"];
  const sum = (values) => values.reduce((total, value) => total + value, 0);
  const whole = (value) => value.toLocaleString("en-US", { maximumFractionDigits: 0 });
  const share = (factor) => whole(100 * Math.abs(1 - factor));

  function replaying(model, c, words) {
    function close(state, asked) {
      const before = { ...state }, done = model.within(state, asked), told = model.step(state, done);
      return { before, asked, done, told, posts: model.posts(done, told), after: { ...state } };
    }

    function play(plan, seed) {
      const state = model.start(seed), weeks = plan.map((asked) => close(state, asked));
      const profit = sum(weeks.map((week) => week.told.profit)), ends = model.endPosts(state);
      const value = sum(Object.values(ends));
      return { weeks, state, profit, ends, value, result: profit + value };
    }

    function mishaps({ done, told }) {
      const causes = [];
      if (told.outage > 0) causes.push([done.backup ? "outage_backup" : "outage", { share: whole(100 * told.outage) }]);
      if (told.late_pieces >= 1) causes.push([done.second ? "late_second" : "late", { pieces: whole(told.late_pieces) }]);
      if (told.fine > 0) {
        const name = done.rundown === 1 ? "fine_giveaway" : "fine";
        causes.push([done.review ? "fine_review" : name, { money: whole(told.fine) }]);
      }
      return causes;
    }

    function desk({ before, done, told }) {
      const causes = [];
      if (told.unserved >= 1) causes.push(["unserved", { orders: whole(told.unserved) }]);
      if (told.slow >= 0.1) {
        causes.push(["slow", {
          share: whole(100 * told.slow), contacts: whole(told.contacts), agents: String(told.agents + told.temporary),
        }]);
      }
      if (told.gone >= 1) causes.push(["gone", { members: whole(told.gone) }]);
      if (done.coupon !== 0) {
        causes.push(["moved", { orders: whole(told.moved) }]);
        const anyway = told.coupons / c.coupon.face - told.moved;
        if (anyway >= 1) causes.push(["anyway", { orders: whole(anyway) }]);
        if (before.wear >= 0.1) causes.push(["worn", { share: whole(100 * before.wear) }]);
      }
      return causes;
    }

    function moods(before) {
      const room = c.room, trust = Math.exp(room.trust * (before.trust - c.start.trust));
      return [
        ["tired", Math.exp(-room.fatigue * before.fatigue)],
        ["anchor", Math.exp(-room.anchor * before.anchor)],
        [trust < 1 ? "trust_low" : "trust_high", trust],
      ].filter(([, factor]) => Math.abs(1 - factor) >= 0.01).map(([name, factor]) => [name, { share: share(factor) }]);
    }

    function happened(week) {
      const cut = sum(week.asked.media) - sum(week.done.media);
      const causes = [
        ...(cut >= 1 ? [["shrunk", { money: whole(cut) }]] : []), ...mishaps(week), ...desk(week), ...moods(week.before),
      ];
      return (causes.length ? causes : [["quiet", {}]]).map(
        ([name, values]) => words.why[name].replace(/\{(\w+)\}/g, (all, key) => values[key]));
    }

    // One lever of one week exchanged for the best known's choice there; the rest as the player decided it.
    function costliest(plan, seed) {
      const played = play(plan, seed), found = [];
      played.weeks.forEach((week, number) => {
        const other = model.best(week.before), limited = model.within(week.before, other);
        const tryOut = (lever, decided, instead, change) => {
          if (decided === instead) return;
          const changed = plan.map((action, when) => (when === number ? { ...action, ...change } : action));
          const gain = Math.round(100 * (play(changed, seed).result - played.result)) / 100;    // to the fen: ties are ties
          found.push({ week: number + 1, lever, decided, instead, gain });
        };
        for (const lever of LEVERS) {
          tryOut(lever, Number(week.done[lever]), limited[lever], { [lever]: limited[lever] });
        }
        c.kinds.forEach((kind, k) => {
          const media = week.asked.media.slice();
          media[k] = other.media[k];
          tryOut(kind, week.asked.media[k], other.media[k], { media });
        });
      });
      return found.sort((one, two) => two.gain - one.gain);
    }

    function score(results) {
      const sorted = results.slice().sort((one, two) => one - two);
      const worst = sorted.slice(0, Math.max(1, Math.floor(sorted.length / 10)));
      return (sum(sorted) / sorted.length + sum(worst) / worst.length) / 2;
    }

    return { play, happened, costliest, score };
  }

  if (typeof module !== "undefined") module.exports = replaying;
  else (root.liveshop = root.liveshop || {}).replaying = replaying;
})(typeof globalThis === "undefined" ? this : globalThis);
