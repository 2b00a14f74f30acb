"""The class contest: ranks, what a strategy may do, and that one that misbehaves loses and changes nothing else."""

from __future__ import annotations

import os
import shutil
import textwrap
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import liveshop
from liveshop.course.chapter_9 import capstone
from liveshop.course.chapter_9.contest import TEMPLATE, contest, write
from liveshop.course.chapter_9.contest.ranking import Entry, ranked
from liveshop.world.play import policies, weeks

PLAYS = 20  # the fewest that a contest has
CAREFUL = "def decide(view):\n    return {'order': max(3 * view.asked - view.ordered, 0), 'agents': 6}\n"

# A strategy, and words of the sentence that says why it is out.
OUT = {
    "crash": (
        "def decide(view):\n    return {'hours': 1 / (view.week - 3)}",
        "Week 3: ZeroDivisionError: division by zero (line 2)"),
    "syntax": ("def decide(view):\n    return {", "Week 1: SyntaxError"),
    "nothing": ("", "no function decide(view)"),
    "missing": ("import no_such_library", "ModuleNotFoundError"),
    "leaves": ("import sys\ndef decide(view):\n    sys.exit()", "SystemExit"),
    "exits": ("import os\ndef decide(view):\n    os._exit(3)", "ended by itself (exit code 3)"),
    "kills": ("import os, signal\ndef decide(view):\n    os.kill(os.getpid(), 9)", "ended by a signal (Killed)"),
    "realtime": ("import os\ndef decide(view):\n    os.kill(os.getpid(), 35)", "ended by a signal"),
    "asks": ("def decide(view):\n    return {'hours': float(input())}", "EOFError"),
    "deep": ("def decide(view):\n    return decide(view)", "RecursionError"),
    "number": ("def decide(view):\n    return 18", "A decision is a dict of levers, not int"),
    "none": ("def decide(view):\n    pass", "not NoneType"),
    "lever": ("def decide(view):\n    return {'price': 9}", "There is no lever 'price'"),
    "word": ("def decide(view):\n    return {'rundown': 'wild'}", "'wild' is no choice"),
    "nan": ("def decide(view):\n    return {'hours': float('nan')}", "hours: 'nan' is no number"),
    "endless": ("def decide(view):\n    return {'order': float('inf')}", "order: 'inf' is no number"),
    "object": ("def decide(view):\n    return {'hours': object()}", "plain numbers and words, and no object"),
    "texts": ("def decide(view):\n    return {'agents': '4'}", "agents: '4' is no number"),
    "worse": (
        "class Sly(Exception):\n    def __str__(self):\n        raise self\ndef decide(view):\n    raise Sly",
        "ended by itself (exit code 1)"),
    "hungry": ("def decide(view):\n    return {'hours': len(bytearray(2**32))}", "MemoryError"),
    "writes": ("open('big', 'wb').write(bytes(2**26))\ndef decide(view):\n    return {}", "OSError"),
}

# Finds the line to the contest among the open files of its process.
LINE = """
import json, os, socket
def line():
    for number in range(3, 30):
        try:
            return socket.socket(fileno=os.dup(number))
        except OSError:
            pass
"""
TAMPERS = {
    "score": ("line().sendall(b'{\"score\": 1e9}\\n')", "something that is no decision"),
    "rubbish": ("line().sendall(b'\\xff\\x00 rubbish\\n')", "something that is no decision"),
    "nested": ("line().sendall(b'[' * 60_000 + b'\\n')", "something that is no decision"),
    "flood": ("line().sendall(bytes(10**7))", "more than 65,536 bytes for one decision"),
    "hangs up": ("line().shutdown(socket.SHUT_RDWR)", "its process"),
    "names": ("line().sendall(json.dumps({'failed': '\\x1b[2J=1+1\\n' * 99}).encode() + b'\\n')", r"\x1b[2J=1+1\n"),
}


@pytest.fixture
def folder(tmp_path):
    """A folder for strategies; `folder.add(name, code)` puts one in."""
    class Folder(type(tmp_path)):
        def add(self, name, code):
            (self / f"{name}.py").write_text(textwrap.dedent(code), encoding="utf-8")
            return self

    made = Folder(tmp_path / "strategies")
    made.mkdir()
    return made


def held(folder, **limits):
    """The places of a contest by strategy."""
    return contest(folder, **{"plays": PLAYS, "seed": 5, **limits}).places.set_index("strategy")


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """The place of a careful strategy that has nobody beside it."""
    place = tmp_path_factory.mktemp("alone")
    (place / "careful.py").write_text(CAREFUL)
    return held(place).loc["careful.py"]


def test_template_is_the_habit_and_no_better(folder):
    shutil.copy(TEMPLATE, folder)
    places = held(folder)
    mine = places.loc[TEMPLATE.name]
    assert mine.why == "" and mine.place == 1
    assert mine.score == pytest.approx(places.score["habit"]) and mine.over_habit == pytest.approx(0)
    assert mine.score < places.score["greedy"] < places.score["best known"]


def test_result_is_that_of_a_play_in_the_course(folder, alone):
    seeds = np.random.default_rng(5).integers(0, 2**32, PLAYS)
    game = capstone.play(lambda view: {"order": max(3 * view.asked - view.ordered, 0), "agents": 6}, seeds)
    assert alone.score == pytest.approx(game.score) and alone["mean"] == pytest.approx(game.result.mean())
    worst = np.sort(game.result)[: PLAYS // 10].mean()
    assert alone.worst_tenth == pytest.approx(worst)


def test_who_misbehaves_is_out_and_the_others_do_not_notice(folder, alone):
    folder.add("careful", CAREFUL)
    for name, (code, _) in OUT.items():
        folder.add(name, code)
    for name, (deed, _) in TAMPERS.items():
        folder.add(name, f"{LINE}\ndef decide(view):\n    {deed}\n    return {{}}")
    places = held(folder)
    assert places.loc["careful.py"].drop("seconds").equals(alone.drop("seconds"))
    assert places.place.dropna().tolist() == [1]
    for name, (_, words) in {**OUT, **TAMPERS}.items():
        assert places.why[f"{name}.py"] and words in places.why[f"{name}.py"], name
    assert places.why.map(str.isprintable).all() and places.why.map(len).max() < 700


def test_who_hangs_is_out_in_time(folder, alone):
    folder.add("careful", CAREFUL).add("loops", "def decide(view):\n    while True: pass")
    folder.add("imports", "while True: pass").add("sleeps", "import time\ndef decide(view):\n    time.sleep(600)")
    folder.add("slow", "import time\ndef decide(view):\n    time.sleep(.3)\n    return {}")
    # answers without end, and reads none of the views that come
    folder.add("deaf", f"{LINE}\ndef decide(view):\n    while True: line().sendall(b'{{\"decision\": {{}}}}\\n')")
    begun = time.monotonic()
    places = held(folder, seconds=9)
    assert time.monotonic() - begun < 60
    for name in ("loops", "imports", "sleeps"):
        assert places.why[f"{name}.py"] == "Week 1: it took more than 1.5 seconds for one decision.", name
    assert "it took more than 9 seconds for all its plays" in places.why["slow.py"]
    assert places.score["careful.py"] == alone.score


def test_what_a_strategy_starts_ends_with_it(folder, tmp_path):
    started = tmp_path / "started"
    folder.add("forks", f"""
        import os, time
        def decide(view):
            if not os.path.exists({str(started)!r}) and not os.fork():
                with open({str(started)!r}, "w") as file:
                    file.write(str(os.getpid()))
                time.sleep(600)
            return {{}}
        """)
    assert held(folder).why["forks.py"] == ""
    number = int(started.read_text())
    for _ in range(50):
        try:
            os.kill(number, 0)
        except ProcessLookupError:
            return
        if "(zombie)" in Path(f"/proc/{number}/status").read_text():
            return  # it has ended, and nobody has asked for its exit code yet
        time.sleep(0.1)
    pytest.fail("it goes on")


def test_who_changes_the_other_files_changes_no_place(folder, alone):
    folder.add("careful", CAREFUL).add("a_vandal", f"""
        import pathlib
        for path in pathlib.Path({str(folder)!r}).iterdir():
            path.write_text("")
        def decide(view):
            return {{}}
        """)
    assert held(folder).score["careful.py"] == alone.score
    assert (folder / "careful.py").read_text() == ""  # as it may: a process is no sandbox


def test_a_strategy_sees_neither_luck_nor_settings_nor_the_other_strategies(folder, monkeypatch, alone):
    monkeypatch.setenv("CONTEST_SECRET", "a key")
    folder.add("other", CAREFUL)
    folder.add("peeks", """
        import gc, os, sys
        def decide(view):
            assert not [name for name in sys.modules if name.startswith("liveshop")]
            assert not [one for one in gc.get_objects() if type(one).__name__ in ("Luck", "State", "Game")]
            assert not [name for name in vars(view) if name in ("seed", "luck", "stress", "trust", "wear", "fatigue")]
            assert os.listdir(".") == ["strategy.py"] and "CONTEST_SECRET" not in os.environ
            assert not [text for text in sys.argv if "strategies" in text]
            return {"order": max(3 * view.asked - view.ordered, 0), "agents": 6}
        """)
    places = held(folder)
    assert places.why["peeks.py"] == "" and places.score["peeks.py"] == alone.score


def test_deeds_that_bring_nothing(folder, alone):
    """Changed views, patched libraries, forged decisions, results of its own: what was decided counts, no more."""
    deeds = {
        "alters": "view.profit = view.active = 1e12; view.past = ()",
        "patches": "import json, builtins; json.loads = json.dump = None; builtins.float = lambda value: 1e12",
        "results": "open('results.csv', 'w').write('place,strategy\\n1,results.py\\n')",
        "prints": "print('x' * 10_000); import sys; print('Place 1', file=sys.stderr)",
    }
    for name, deed in deeds.items():
        folder.add(name, f"""
            def decide(view):
                order = max(3 * view.asked - view.ordered, 0)
                {deed}
                return {{"order": order, "agents": 6}}
            """)
    folder.add("forges", f"""{LINE}
answered = []
def decide(view):
    if not answered:
        line().sendall(b'{{"decision": {{"hours": 30, "media": {{"feed": 1e12}}}}, "score": 1e12}}\\n')
    answered.append(view.week)
    return {{}}
""")
    places = held(folder)
    for name in ("alters", "results", "prints"):
        assert places.score[f"{name}.py"] == alone.score, (name, places.why[f"{name}.py"])
    assert places.why["patches.py"]  # its own process cannot read the next view
    assert not places.score["forges.py"] > places.score["best known"]
    assert not (folder / "results.csv").exists()


def test_memory_is_of_one_play(folder):
    folder.add("remembers", """
        from __future__ import annotations
        from dataclasses import dataclass
        import numpy as np
        import pandas as pd

        @dataclass
        class Seen:
            week: int

        seen: list[Seen] = []

        def helper(view):
            return np.int64(4) + pd.Series([0, 2]).max()

        def decide(view):
            assert [one.week for one in seen] == list(range(1, view.week))
            assert len(view.past) == len(seen) and (view.last is None) == (view.week == 1)
            assert view.ordered == view.stock + sum(view.arriving) and isinstance(view.ahead + (1,), tuple)
            seen.append(Seen(view.week))
            return {"agents": helper(view), "backup": np.bool_(True), "media": {"feed": np.float32(9000)}}
        """)
    package = Path(liveshop.__file__).parents[1]
    folder.add("dataclass", f"""
        import sys
        sys.path.insert(0, {str(package)!r})  # where the package is not installed
        from liveshop.course.chapter_9.capstone import Decision
        def decide(view):
            return Decision(agents=6.0, backup=True, media={{"feed": 9000}})
        """)
    places = held(folder)
    assert places.why["remembers.py"] == "" and places.why["dataclass.py"] == ""
    assert places.score["dataclass.py"] == places.score["remembers.py"]


def test_more_than_the_budget_and_the_limits_is_carried_out_at_them(folder):
    folder.add("greedy", """
        def decide(view):
            media = dict.fromkeys(("feed", "search", "influencer", "content"), 1e300)
            return {"hours": 1e9, "agents": 10**30, "temporary": -1e9, "order": 1e300, "media": media}
        """)
    places = held(folder)
    assert places.why["greedy.py"] == "" and np.isfinite(places.score["greedy.py"])
    assert places.score["greedy.py"] < places.score["habit"]


def test_neither_the_order_nor_the_company_of_strategies_matters(folder, tmp_path):
    codes = [CAREFUL.replace("6", str(agents)) for agents in (3, 5, 7)]
    for number, code in enumerate(codes):
        folder.add(f"s{number}", code)
    first = held(folder).score
    for number, code in enumerate(reversed(codes)):
        folder.add(f"s{number}", code)
    folder.add("s9", "import os\ndef decide(view):\n    os._exit(0)")
    again = held(folder).score
    assert [first[f"s{number}.py"] for number in (0, 1, 2)] == [again[f"s{number}.py"] for number in (2, 1, 0)]
    assert first.drop_duplicates().size == 3 + 3


def test_fresh_seeds_unless_a_seed_is_given(folder):
    folder.add("careful", CAREFUL)
    drawn = contest(folder, plays=PLAYS)
    again = contest(folder, plays=PLAYS, seed=drawn.seed)
    other = contest(folder, plays=PLAYS)
    same = ["strategy", "score", "over_habit_low"]
    assert drawn.places[same].equals(again.places[same]) and not drawn.places[same].equals(other.places[same])
    assert f"SEED={drawn.seed}" in str(drawn)


# --- places ----------------------------------------------------------------------------------------


def test_places_ties_and_intervals():
    random = np.random.default_rng(3)
    luck = random.normal(0, 200, 200)
    habit = 1000 + luck
    near = habit + 100 + random.normal(0, 30, 200)
    entries = [
        Entry("low", habit - 50), Entry("twin", near), Entry("near", near), Entry("top", near + 60),
        Entry("close", near - 2 + random.normal(0, 30, 200)), Entry("out", why="gone"),
        Entry("habit", habit, house=True),
    ]
    places = ranked(entries, habit).set_index("strategy")
    assert places.index[0] == "top" and places.index[-1] == "out"
    assert places.place["top"] == 1 and places.place["low"] == 5 and places.place["near"] == places.place["twin"]
    assert pd.isna(places.place["habit"]) and pd.isna(places.place["out"])
    ties = {"top": False, "near": True, "twin": True, "close": False}
    assert places.tied_with_next.dropna().to_dict() == ties
    over = places.loc["top"]
    assert over.over_habit_low < over.over_habit < over.over_habit_high
    assert over.over_habit_high - over.over_habit_low < 20  # paired: the luck that both met is out of it
    assert places.over_habit["low"] == pytest.approx(-50) and places.over_habit_low["low"] == pytest.approx(-50)


def test_intervals_hold_what_they_promise():
    """Of 95 % intervals of the difference between two policies on 200 seeds, nearly all hold its value on 20,000."""
    def bold(state):
        """The best known without a second supplier: it loses rarely, and then much."""
        return replace(policies.best(state), second=0.0)
    many, other = (weeks.play(policy, range(20_000)).result for policy in (policies.best, bold))
    whole = weeks.score(other) - weeks.score(many)
    held_it = 0
    for part in range(100):
        some = slice(200 * part, 200 * part + 200)
        row = ranked([Entry("bold", other[some])], many[some]).iloc[0]
        held_it += row.over_habit_low <= whole <= row.over_habit_high
    assert held_it >= 95


# --- the folder, and the command -------------------------------------------------------------------


def test_results_are_a_table_without_formulas(folder):
    folder.add("=1+1", CAREFUL).add("小明", CAREFUL)
    folder.add("a\nb\u202e", "def decide(view):\n    raise ValueError('=2+2')")
    done = contest(folder, plays=PLAYS, seed=5)
    table = pd.read_csv(write(done, folder))
    assert set(table.strategy) >= {"'=1+1.py", "小明.py", r"a\nb\u202e.py"}
    assert not table.select_dtypes("str").apply(lambda one: one.str.startswith("=")).any(axis=None)
    assert (table.seed == 5).all() and (table.plays == PLAYS).all()
    assert r"Out: a\nb\u202e.py: Week 1: ValueError: =2+2 (line 2)" in str(done)
    first, second = [line for line in str(done).splitlines() if line.endswith(("  =1+1.py", "  小明.py"))]
    assert first.split()[0] == "1=" and second.split()[0] == "1" and "= these plays do not tell" in str(done)


def test_what_is_no_strategy_is_counted(folder):
    folder.add("careful", CAREFUL).add(".hidden", CAREFUL)
    for name in ("one.ipynb", "two.ipynb", "notes.txt", "results.csv"):
        (folder / name).write_text("")
    (folder / "more").mkdir()
    os.mkfifo(folder / "pipe.py")
    (folder / "large.py").write_bytes(b"#" * 2_000_000)
    (folder / "sealed.py").symlink_to(folder / "nowhere.py")
    folder.add("a\nb", CAREFUL).add(r"a\nb", CAREFUL)
    done = contest(folder, plays=PLAYS)
    assert "Left out: 1 folder, 1 hidden file, 2 notebooks, 3 other files. A strategy is one file" in str(done)
    assert done.places.set_index("strategy").why["large.py"] == "it is larger than 1,048,576 bytes."
    assert {r"a\nb.py", r"a\\nb.py", "careful.py"} == set(done.places.dropna(subset="place").strategy)


@pytest.mark.parametrize(("limits", "words"), [
    ({"plays": 19}, "SEEDS=19 cannot be"), ({"plays": 10**9}, "SEEDS=1000000000"), ({"seconds": 0}, "SECONDS=0"),
    ({"seconds": float("nan")}, "SECONDS=nan"), ({"seed": -1}, "SEED=-1"),
])
def test_limits_that_make_no_sense(folder, limits, words):
    with pytest.raises(ValueError, match=words):
        contest(folder.add("careful", CAREFUL), **limits)
