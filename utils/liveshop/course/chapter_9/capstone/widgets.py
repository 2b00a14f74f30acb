"""The capstone played by hand: with a kernel in ipywidgets, in the book by the page's own script."""

from __future__ import annotations

import html

import pandas as pd

from liveshop import medium
from liveshop.course.chapter_9.capstone.game import action_of, play, so_far
from liveshop.course.chapter_9.capstone.log import whole
from liveshop.course.chapter_9.capstone.replay import compare, costliest, standing
from liveshop.course.chapter_9.capstone.tool import GROUPS, UNSEEN, costs, limits, show_game, sign_told, usual
from liveshop.course.chapter_9.capstone.view import SWITCHES, WHOLE, Decision, day_words, words
from liveshop.world.play.weeks import constants, spent, start


def desk(seed=1):
    """Play the twelve weeks by hand on one seed; a `Desk` that keeps what was decided.

    With a kernel it shows a form. In the book the page's game stands there, in a committed notebook the habit's weeks;
    then nothing comes back to the kernel, and `plan` stays empty.
    """
    one = Desk(seed)
    if medium.current() == "live":
        from IPython.display import display

        display(one.form())
    else:
        show_game(seed)
    return one


class Desk:
    """What was decided by hand. plan: a `Decision` a week; twelve of them are a plan that `play` takes."""

    def __init__(self, seed):
        self.seed, self.plan = seed, []

    def __repr__(self):
        return f"Market {self.seed}: {len(self.plan)} of {constants().weeks} weeks decided"

    def form(self):
        """The form with its levers, as a widget."""
        import ipywidgets as widgets

        self.boxes = {lever: _box(widgets, lever) for levers in GROUPS.values() for lever in levers}
        self.situation, self.money, self.said = widgets.HTML(), widgets.HTML(), widgets.HTML()
        self.button = widgets.Button(description="Close the week", button_style="primary")
        self.button.on_click(lambda _: self.close())
        for box in self.boxes.values():
            box.observe(lambda _: self._budget(), "value")
        parts = [widgets.VBox([widgets.HTML(f"<strong>{group}</strong>"), *(self.boxes[lever] for lever in levers)])
                 for group, levers in GROUPS.items()]
        self._show()
        return widgets.VBox([self.said, self.situation, *parts, self.money, self.button])

    def decision(self):
        """What the form says now."""
        values = {lever: box.value for lever, box in self.boxes.items()}
        media = {kind: values.pop(kind) for kind in constants().kinds}
        return Decision(media=media, **values)

    def close(self):
        """Carry out what the form says, and show what came of it; after the last week nothing more."""
        if len(self.plan) < constants().weeks:
            self.plan.append(self.decision())
            self._show()

    def _show(self):
        """What happened, and what is known of the week to come; at the end how it went."""
        over = len(self.plan) == constants().weeks
        game, self.view = (play(self.plan, [self.seed]), None) if over else so_far(self.plan, self.seed)
        self.state = game.weeks[-1].after if self.plan else start([self.seed])
        self.said.value = "".join([_told(game)] if self.plan else []) + ("".join(self._end(game)) if over else "")
        self.button.disabled = over
        self.situation.value = "" if over else _situation(self.view)
        self._budget()

    def _budget(self):
        """The budget line."""
        if self.view is None:
            self.money.value = ""
            return
        cost = float(spent(self.state, action_of([self.decision()]))[0])
        left = self.view.budget - cost
        told = f"{whole(left)} CNY left." if left >= 0 else f"{whole(-left)} CNY too much, so media will shrink."
        self.money.value = f"Budget of the week {whole(self.view.budget)} CNY, decided {whole(cost)} CNY: {told}"

    def _end(self, game):
        """Result, curves, score of the plan over unseen seeds, and what decisions cost, as HTML."""
        yield f"<p><strong>The end. Your result is {whole(game.result[self.seed])} CNY.</strong></p>"
        yield _table("Profit so far, CNY", compare(self.plan, self.seed))
        told = words()["judged"]
        yield f"<p>{told['plan'].format(count=len(UNSEEN))}</p><p>{told['score']} {told['known']}</p>"
        yield _table("Over unseen markets, CNY", standing(self.plan, UNSEEN))
        lost = costliest(self.plan, self.seed).head(10)
        lost["lever"] = [words()["levers"][lever]["label"] for lever in lost.lever]
        yield f"<p>{told['costs']}</p>" + _table("What decisions cost", lost.set_index("week"))


def _box(widgets, lever):
    """The widget of one lever."""
    about = words()["levers"][lever]
    common = {"description": f"{about['label']} ({about['zh']})", "style": {"description_width": "16em"},
              "layout": {"width": "min(34em, 95%)"}, "tooltip": f"{about['help']} {costs()[lever]}"}
    choices = {"rundown": constants().rundowns, "coupon": constants().coupons}
    if lever in choices:
        options = [(words()["choices"][option], option) for option in choices[lever]]
        return widgets.Dropdown(options=options, **common)
    if lever in SWITCHES:
        return widgets.Checkbox(value=False, **common)
    least, most = limits()[lever]
    if lever in WHOLE:
        return widgets.BoundedIntText(value=int(usual()[lever]), min=least, max=most, **common)
    return widgets.BoundedFloatText(value=float(usual()[lever]), min=least, max=most, **common)


def _told(game):
    """The last week's profit and what happened, as HTML."""
    last = game.log.iloc[-1]
    ledger = game.ledger.round().rename(columns={**words()["posts"], "profit": "Profit"})
    text = f"Week {last.week} is closed: profit {whole(last.profit)} CNY. {last.happened}"
    return f'<p role="status">{html.escape(text)}</p>' + _table("Ledger, CNY", ledger.T)


def _situation(view):
    """What is known before a week, as HTML."""
    rows = [
        ("Season, 1 is an ordinary week", f"{view.season:.2f}"),
        ("Season of the weeks to come", ", ".join(f"{one:.2f}" for one in view.ahead) or "none: this is the last"),
        ("Active members", whole(view.active)), ("Silent members", whole(view.silent)),
        ("Stock, pieces", whole(view.stock)),
        ("Arriving this week, next week, the one after", ", ".join(whole(one) for one in view.arriving[:3])),
        ("Asked for last week, pieces", whole(view.asked)),
        ("Sign of trouble at the suppliers: this week, next week, the one after", ", ".join(_signs(view))),
        ("Temporary agents booked for this week", whole(view.temporary)), ("Profit so far, CNY", whole(view.profit)),
    ]
    title = f"Week {view.week} of {constants().weeks}, from {day_words(view.week)}"
    known = _table(title + (": the festival" if view.festival else ""), pd.Series(dict(rows)).to_frame("now"))
    return f"{known}<p>{sign_told()}</p>"


def _signs(view):
    """The suppliers' signs for this week and the two after it, as they were told in the two weeks before and now."""
    earlier = [f"{week['signal']:.2f}" for week in view.past[-2:]]
    return [*["unknown"] * (2 - len(earlier)), *earlier, f"{view.signal:.2f}"]


def _table(caption, frame):
    """A frame as an HTML table, amounts in whole yuan."""
    shown = frame.to_html(float_format=lambda value: whole(value), border=0)
    return f"<details open><summary>{html.escape(caption)}</summary>{shown}</details>"
