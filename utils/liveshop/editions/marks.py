"""Marks by nbgrader that a submission cannot give itself.

nbgrader runs a submission in a kernel and believes what its check cells show. Here a check cell only sends the
learner's answers, and this process, which the kernel cannot reach, judges them on the class's tables and writes the
cell's output: right, a part of the points, or the sentence that says what is wrong.

The course folder's nbgrader_config.py names `PREPROCESSORS`; nothing else imports this module, since it needs nbgrader.
"""

import ast
import os
from functools import cache

import nbformat
from nbgrader.converters.autograde import Autograde
from nbgrader.preprocessors import Execute
from traitlets import Unicode

from liveshop.practice.exercise import RIGHT, WRONG, Verdict
from liveshop.practice.grade import SENT, marked
from liveshop.practice.show import verdict_html
from liveshop.practice.worked import CHECK
from liveshop.tables import load

_SENDING = "from liveshop.practice import grade as _grade\n"


class Judge(Execute):
    """Runs a submission as nbgrader's Execute does, and judges the answers itself."""

    data = Unicode("data", help="The folder with the tables on which answers are judged.").tag(config=True)

    def preprocess(self, nb, resources, km=None):
        """Run a submission; where it ends its kernel or makes it silent, the checks behind give no points."""
        for cell in filter(_is_check, nb.cells):
            cell.outputs = shown(Verdict(WRONG, "The notebook stopped before this check."), 0)
        try:
            return super().preprocess(nb, resources, km)
        except (RuntimeError, TimeoutError) as error:       # nbclient's: the kernel died, or answers no more
            self.log.warning("The notebook stopped: %s", error)
            return nb, resources

    def preprocess_cell(self, cell, resources, cell_index):
        """Run a cell; of a check cell send the answers, judge them, and show what came of it."""
        found = CHECK.search(cell.source) if _is_check(cell) else None
        if found is None:
            return super().preprocess_cell(cell, resources, cell_index)
        source, cell.source, outputs = cell.source, sending(cell.source), []
        try:
            cell, resources = super().preprocess_cell(cell, resources, cell_index)
            outputs = cell.outputs
        finally:            # whatever happened, nothing that the kernel showed is left to give points
            cell.source = source
            cell.outputs = shown(self.judged(found[1], outputs), float(cell.metadata.nbgrader.points))
        return cell, resources

    def judged(self, exercise, outputs):
        """The `Verdict` on what a check cell sent."""
        sent = [output.data[SENT] for output in outputs if SENT in output.get("data", {})]
        if sent:
            return marked(exercise, "".join(sent[-1]), _tables(self.data, os.stat(self.data).st_mtime_ns))
        failed = next((f"{output.ename}: {output.evalue}" for output in outputs if output.output_type == "error"), "")
        why = " ".join(failed.split())[:200] or "the notebook put something else in its place"
        return Verdict(WRONG, f"The check could not read your answer ({why}).")


@cache
def _tables(folder: str, changed: int):
    """The class's tables, read once for all submissions, and again when the folder has changed."""
    return load(folder)


def _is_check(cell) -> bool:
    return cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("grade", False)


def sending(source: str) -> str:
    """The code of a check cell with its call of check made into one that sends the answers."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "check":
            node.func = ast.parse("_grade.send", mode="eval").body
    return _SENDING + ast.unparse(tree)


def shown(verdict, points: float) -> list:
    """The outputs of a check cell from which nbgrader takes its points and its feedback."""
    output = nbformat.v4.new_output
    sentence = {"text/plain": str(verdict), "text/html": verdict_html(verdict)}
    if verdict.state == RIGHT and verdict.share == 1:
        return [output("display_data", sentence)]
    if verdict.share > 0:
        part = output("execute_result", {"text/plain": repr(points * verdict.share)}, execution_count=None)
        return [output("display_data", sentence), part]
    return [output("error", ename="Not yet", evalue=str(verdict), traceback=[str(verdict)])]


PREPROCESSORS = [Judge if one is Execute else one for one in Autograde.autograde_preprocessors.default()]
