"""After a cell that stopped with an error the check says that the answer is from before it, in a real kernel."""

import re
import sys
from pathlib import Path

import nbformat
import pytest

from liveshop.editions import kernel

SETUP = (
    f"import sys; sys.path.insert(0, {str(Path(__file__).parents[1])!r})\n"
    "from example.page import TABLES\nfrom liveshop import check, practice\npractice.use(TABLES)"
)
CHECK = 'check("0.1a", gpm)'
OLD = "stopped with an error"
RIGHT = "gpm = 9_000_000 / 1400"


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    """A kernel as JupyterLab starts it."""
    from jupyter_client.manager import start_new_kernel

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LIVESHOP_MEDIUM", "live")
        patch.delenv("NBGRADER_EXECUTION", raising=False)
        manager, client = start_new_kernel(kernel_name="python3", cwd=str(tmp_path_factory.mktemp("kernel")))
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


@pytest.fixture
def run(client):
    """Runs cells one after the other, errors or not, and gives what each shows; the first has the number 1."""
    def run(*cells):
        before, _ = _run(client, "%reset -f -s")
        _run(client, SETUP)
        told = [_run(client, cell)[1] for cell in cells]
        return [re.sub(r"(?<=Cell \[)\d+", lambda m: str(int(m[0]) - before - 1), one) for one in told]

    return run


def _run(client, source):
    """The number of a cell and what it shows."""
    told = []

    def hear(message):
        content = message["content"]
        told.append(content.get("data", {}).get("text/plain", content.get("evalue", "")))

    reply = client.execute_interactive(source, output_hook=hear, timeout=60, stop_on_error=False)
    return reply["content"]["execution_count"], " ".join(filter(None, told))


def test_the_dots_are_told_by_the_learners_own_names(run):
    assert run("mine = ...", 'check("0.1a", mine)')[-1].startswith(
        "Not attempted. `mine` still holds the dots. Replace them by your answer, run the cell, then run this one")
    said = run("a, b, c = ..., 0.3, [...]", 'check("0.1b", a, b, c)')[-1]
    assert said.startswith("Not attempted. `a` and `c` still hold the dots.")


def test_the_answer_of_the_run_before_is_called_old(run):
    said = run(
        RIGHT, CHECK,
        "gpm = 1000 * gvm / 1400", CHECK, CHECK,                       # again and again, until it is mended
        RIGHT, CHECK,
        "gpm = = 3", CHECK,                                            # nothing ran
        "total = 9_000_000\ngpm = total / 0", CHECK,
        "%%time\ngpm = 9_000_000 / 1400", CHECK,
    )
    name, syntax, zero = said[3], said[8], said[10]
    assert said[1].startswith("Right.") and said[6].startswith("Right.") and said[12].startswith("Right.")
    assert name.startswith("Cell [3] stopped with an error (NameError), so this is the answer from before it. Right.")
    assert name == said[4]
    assert syntax.startswith("Cell [8] stopped with an error (SyntaxError), so this")
    assert zero.startswith("Cell [10] stopped with an error (ZeroDivisionError), so this")


def test_dots_that_still_stand_after_an_error_are_no_forgotten_answer(run):
    said = run("gpm = ...      # replace the dots\ngpm = 1000 * gvm", CHECK)
    assert said[1] == ("Not attempted. Cell [1] stopped with an error (NameError): mend it and run it, then run this "
                       "one again.")


def test_an_answer_that_is_new_is_not_called_old(run):
    said = run(
        "gpm = 7500.0", CHECK,
        f"{RIGHT}\nprint(undefined)", CHECK,                           # set before the error
        "for views in (1, 1400):\n    gpm = 9_000_000 / views\n    if views > 1: raise ValueError", CHECK,
        "other = undefined", CHECK,                                    # another cell's trouble
        "gpm = undefined", "gpm = [9_000_000 / 1400][0]", CHECK,       # mended elsewhere
        "gpm = undefined", f"{RIGHT}; {CHECK}",                        # mended in the cell of the check
        "gpm = undefined", f"exec({RIGHT!r})", CHECK,                  # set where nobody can see it
        "def gpm_of(views):\n    gpm = undefined\n    return gpm", "gpm_of(3)", CHECK,
    )
    checks = [3, 5, 7, 10, 12, 15, 18]
    assert [said[place][:6] for place in checks] == ["Right."] * len(checks)


def test_each_check_of_a_cell_speaks_of_its_own_answer(run):
    said = run(f"{RIGHT}\nother = 3", "other = undefined", f'{CHECK}\ncheck("0.1c", [other])')
    first, second = said[-1].split(OLD)
    assert first.startswith("Right.") and "answer from before it" in second


def test_a_check_whose_variable_was_never_set_is_the_kernels_matter(run):
    assert run("gpm = undefined", CHECK)[-1] == "name 'gpm' is not defined"


def test_run_all_of_a_sound_notebook_is_silent():
    cells = [SETUP, *["gpm = ...", RIGHT, CHECK] * 2]
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
    text = nbformat.writes(kernel.run(nb, Path(__file__).parent, medium="live", timeout=60))
    assert OLD not in text and "Right." in text


def test_a_grader_judges_what_there_is(monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    cells = [SETUP, "gpm = 7500.0", "gpm = undefined", CHECK]
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
    (error,) = kernel.run(nb, Path(__file__).parent, medium="live", timeout=60, allow_errors=True).cells[-1].outputs
    assert error.evalue.startswith("Not yet. You divided by viewers")


def test_without_a_kernel_nothing_is_followed(monkeypatch):
    from liveshop.practice import failed

    monkeypatch.delitem(sys.modules, "IPython", raising=False)
    failed.watch()
    assert failed.told("0.1a") == ""
