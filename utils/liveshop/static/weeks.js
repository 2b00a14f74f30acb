// The weekly model of the capstone for a page, one seed at a time: the same as weeks.py, from the same weeks.json.
//
//   const model = weeks(constants);              constants: what weeks.json holds
//   let state = model.start(seed);
//   const told = model.step(state, model.within(state, action));   changes the state, tells what happened
//   model.endValue(state)                        what the shop is worth after the last week
//   model.best(state)                            what the best known policy decides: policies.best
//
// action: {rundown, hours, media: [feed, search, influencer, content], coupon, agents, temporary, order, backup, second,
// review}; rundown and coupon are numbers into constants.rundowns and constants.coupons.
(function (root) {
  "use strict";

  function sum(values) {
    return values.reduce((total, value) => total + value, 0);
  }

  function clip(value, low, high) {
    return Math.min(Math.max(value, low), high);
  }

  // mulberry32: 32-bit whole numbers alone, so that Python draws the same
  function luck(seed) {
    let state = Number((BigInt(seed) * 2654435761n) % 4294967296n) >>> 0;
    function uniform() {
      state = (state + 0x6d2b79f5) >>> 0;
      let t = state;
      t = Math.imul(t ^ (t >>> 15), t | 1);
      t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
      return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    }
    function normal() {
      let total = 0;
      for (let k = 0; k < 6; k += 1) total += uniform();
      return total * Math.SQRT2 - 3 * Math.SQRT2;
    }
    return { uniform, normal };
  }

  function weeks(c) {
    const risen = (levels) =>
      sum(levels.map((level, k) => c.media.effect[k] * (1 - Math.pow(2, -level / c.media.half[k]))));
    const usually = risen(c.media.usual);
    const isFestive = (week) => c.festival_weeks.includes(week);
    const ordered = (state) => state.stock + sum(state.due);

    function start(seed) {
      const s = c.start, g = c.goods, draws = luck(seed);
      const stress = [g.stress_first * draws.normal()];
      for (let k = 0; k < 2; k += 1) stress.push(g.stress_keep * stress[k] + g.stress_spread * draws.normal());
      return {
        week: 0, active: s.active, silent: s.silent, fatigue: s.fatigue, anchor: s.anchor, trust: s.trust,
        wear: s.wear, stock: s.stock, demand: s.demand, due: s.due.slice(), media: c.media.usual.slice(),
        joined: [s.joined, s.joined], temporary: 0, stress, signal: stress[2] + g.signal_spread * draws.normal(),
        luck: draws,
      };
    }

    function spent(state, action) {
      return sum(action.media) + c.room.plan_cost * (action.rundown === 2) + c.room.prizes * (action.rundown === 1)
        + c.service.agent * action.agents + c.service.temporary * state.temporary
        + c.risk.backup * action.backup + c.goods.second * action.second + c.risk.review * action.review;
    }

    const budget = (week) => (isFestive(week) ? c.money.budget_festival : c.money.budget);

    // The action in its limits; over the budget of the week, media shrink.
    function within(state, action) {
      const given = {
        rundown: 0, hours: 18, coupon: 0, agents: 4, temporary: 0, order: 0, backup: 0, second: 0, review: 0, ...action,
      };
      given.hours = clip(given.hours, c.room.hours_least, c.room.hours_most);
      given.agents = clip(given.agents, 0, c.service.agents_most);
      given.temporary = clip(given.temporary, 0, c.service.temporary_most);
      given.order = clip(given.order, 0, c.goods.order_most);
      given.media = (action.media || c.media.usual).map((money) => Math.max(money, 0));
      const room = Math.max(budget(state.week) - spent(state, { ...given, media: [] }), 0);
      const share = Math.min(1, room / Math.max(sum(given.media), 1));
      given.media = given.media.map((money) => money * share);
      return given;
    }

    // The week's profit by post: margins above nought, costs below; together they are the profit.
    function posts(action, told) {
      const media = Object.fromEntries(c.kinds.map((kind, k) => [kind, -action.media[k]]));
      return {
        rooms: told.live_orders * c.room.basket * c.room.margin,
        members: told.member_orders * c.members.basket * c.members.margin,
        coupons: -told.coupons,
        hours: -action.hours * c.room.hour_cost,
        ...media,
        planning: -c.room.plan_cost * (action.rundown === 2),
        prizes: -c.room.prizes * (action.rundown === 1),
        agents: -c.service.agent * action.agents,
        temporary: -c.service.temporary * told.temporary,
        backup: -c.risk.backup * action.backup,
        second: -c.goods.second * action.second,
        review: -c.risk.review * action.review,
        holding: -c.goods.hold * told.stock,
        fine: -told.fine,
        fixed: -c.money.fixed,
      };
    }

    function mishaps(state, action, u) {
      const r = c.risk, g = c.goods;
      const pOut = Math.min(r.outage * (isFestive(state.week) ? r.outage_festival : 1), 1);
      const pLate = Math.min(g.disruption * Math.exp(g.stress * state.stress[0]), g.disruption_most);
      const pFine = (r.fine + r.fine_giveaway * c.rundown.anchor[action.rundown]) * (1 - r.review_cut * action.review);
      return {
        lost: u[0] < pOut
          ? (r.outage_low + (r.outage_high - r.outage_low) * u[1]) * (1 - r.backup_cut * action.backup) : 0,
        late: u[2] < pLate && !(u[5] < g.second_cut && action.second > 0),
        fine: u[3] < pFine ? r.fine_low + (r.fine_high - r.fine_low) * u[4] : 0,
      };
    }

    function wanted(state, action, media, normal, lost) {
      const f = c.season[state.week], room = c.room, m = c.members, trust = state.trust - c.start.trust;
      const pull = Math.pow(f, room.season_power) * Math.exp(risen(media) - usually);
      const entries = room.entries * room.hours * Math.pow(action.hours / room.hours, room.hours_power) * pull
        * c.rundown.entries[action.rundown] * Math.exp(room.spread * normal[0]);
      const mood = -room.fatigue * state.fatigue - room.anchor * state.anchor + room.trust * trust;
      const conversion = room.conversion * c.rundown.orders[action.rundown] * Math.exp(mood)
        * Math.pow(f, room.conversion_power);
      const live = entries * conversion * Math.exp(room.conversion_spread * normal[1]) * (1 - lost);
      const moved = state.silent * (1 - state.wear) * c.coupon.moves[action.coupon];
      const annoyed = action.coupon === 1 ? state.active * c.coupon.annoys : 0;
      const usual = (state.active - annoyed) * m.rate * Math.pow(f, m.season_power);
      const own = usual * Math.exp(m.spread * normal[2] + m.trust * trust) + moved;
      return { pull, entries, live, moved, annoyed, own };
    }

    // Goods of the week: what arrives, what is sold of what is asked for, what is under way.
    function goods(state, action, late, asked) {
      const g = c.goods, delayed = late ? g.late * state.due[0] : 0;
      const there = state.stock + state.due[0] - delayed;
      const due = [...state.due.slice(1), 0];
      due[1] += delayed;
      due[g.lead - 1] += action.order;
      const demand = asked * g.pieces, sold = Math.min(demand, there);
      return { due, demand, fill: sold / Math.max(demand, 1e-9), stock: there - sold, delayed };
    }

    function step(state, action) {
      const memory = c.memory, m = c.members, service = c.service, draws = state.luck;
      const media = state.media.map(
        (level, k) => c.media.carry[k] * level + (1 - c.media.carry[k]) * action.media[k]);
      const normal = [draws.normal(), draws.normal(), draws.normal()];
      const u = [0, 1, 2, 3, 4, 5].map(() => draws.uniform());
      const { lost, late, fine } = mishaps(state, action, u);
      const { pull, entries, live, moved, annoyed, own } = wanted(state, action, media, normal, lost);
      const { due, demand, fill, stock, delayed } = goods(state, action, late, live + own);
      const liveSold = live * fill, ownSold = own * fill;
      const used = moved * fill + (action.coupon === 1
        ? c.coupon.redeem * (state.active - annoyed) * m.rate * fill * c.coupon.regular : 0);
      const contacts = service.of_members * ownSold + service.of_rooms * liveSold;
      const agents = Math.max(action.agents + state.temporary, service.least);
      const slow = 1 / (1 + Math.exp(-service.steep * (contacts / (service.contacts * agents) - 1)));
      const gone = Math.min(
        service.harm * slow * contacts + c.goods.unfilled * (own - ownSold), m.most_gone * state.active);
      const joined = m.join * pull + m.friends * state.joined[1];
      const stayed = moved * fill * c.coupon.stay, returned = m.returning * state.silent;
      const active = state.active * (1 - m.leave) - gone + joined + stayed + returned;
      const silent = state.silent * (1 - m.lapse) - stayed - returned + state.active * m.leave + m.stays_known * gone;
      const told = {
        entries, live_orders: liveSold, member_orders: ownSold, fill, slow, fine, outage: lost,
        late: late ? 1 : 0, active, silent: Math.max(silent, 0), stock, spent: spent(state, action),
        coupons: c.coupon.face * used, hours: action.hours, agents: action.agents, temporary: state.temporary, gone,
        unserved: (live + own) * (1 - fill), moved: moved * fill, contacts, late_pieces: delayed,
      };
      told.profit = sum(Object.values(posts(action, told)));
      const tired = memory.fatigue_gain * Math.max(action.hours - c.room.hours, 0) / memory.fatigue_hours;
      const stress = c.goods.stress_keep * state.stress[2] + c.goods.stress_spread * draws.normal();
      Object.assign(state, {
        week: state.week + 1, active, silent: told.silent, stock, due, media, demand,
        fatigue: memory.fatigue * state.fatigue + tired,
        anchor: memory.anchor * state.anchor + (1 - memory.anchor) * c.rundown.anchor[action.rundown],
        trust: memory.trust * state.trust + (1 - memory.trust) * (1 - slow),
        wear: Math.min(c.coupon.wear_keep * state.wear + c.coupon.wear * (action.coupon !== 0), 1),
        joined: [joined, state.joined[0]], temporary: action.temporary,
        stress: [state.stress[1], state.stress[2], stress],
        signal: stress + c.goods.signal_spread * draws.normal(),
      });
      return told;
    }

    // What the shop is worth after the last week by post: its members, its name, its stock out of bounds.
    function endPosts(state) {
      const end = c.end, known = 1 - Math.pow(2, -state.media[3] / c.media.half[3]), all = ordered(state);
      return {
        active: state.active * end.active,
        silent: state.silent * end.silent,
        name: end.content * known,
        stock: -end.stock_low_cost * Math.max(end.stock_low - all, 0)
          - end.stock_high_cost * Math.max(all - end.stock_high, 0),
      };
    }

    const endValue = (state) => sum(Object.values(endPosts(state)));

    // The best policy that a search has found; why, policies.py says.
    function best(state) {
      const p = c.best, week = state.week, festive = isFestive(week), first = Math.min(...c.festival_weeks);
      const season = [...c.season, 0.95, 0.95, 0.95];
      const asked = (from, to) => sum(season.slice(from, to).map((f) => Math.pow(f, p.season)));
      const hours = (when) => clip(
        p.hours * (1 + p.festival_hours * isFestive(when) - p.rest * (when + 1 === first)),
        c.room.hours_least, c.room.hours_most);
      const agents = (when) => {
        const f = season[when], s = c.service;
        const members = s.of_members * state.active * c.members.rate * Math.pow(f, c.members.season_power);
        const rooms = s.of_rooms * 800 * Math.pow(f, 1.15) * Math.pow(hours(when) / c.room.hours, c.room.hours_power);
        return Math.ceil(p.agents * (members + rooms) / s.contacts);
      };
      const ordinary = state.demand / Math.pow(season[Math.max(week - 1, 0)], p.season);
      const more = first > week && first - week <= 3 ? p.before_festival : 0;
      const target = week >= c.weeks - 2 ? ordinary * asked(week, c.weeks) + p.left
        : p.cover * ordinary * asked(week, week + 3) + ordinary * (p.safety + more);
      const media = [p.feed, p.search, p.influencer, p.content * (week < 9 ? 1 : p.content_late)];
      return {
        rundown: 2, hours: hours(week), media: media.map((money) => money * (1 + p.festival_media * festive)),
        coupon: state.wear < p.worn ? 2 : 0, agents: Math.max(agents(week) - state.temporary, 0),
        temporary: week + 1 < c.weeks ? Math.max(agents(week + 1) - c.service.agents_most, 0) : 0,
        order: Math.max(target - ordered(state), 0), backup: 1, second: state.signal > p.signal ? 1 : 0, review: 1,
      };
    }

    return { best, start, within, step, endPosts, endValue, ordered, posts, spent, budget };
  }

  if (typeof module !== "undefined") module.exports = weeks;
  else (root.liveshop = root.liveshop || {}).weeks = weeks;
})(typeof globalThis === "undefined" ? this : globalThis);
