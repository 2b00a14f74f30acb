"""Cells that stopped with an error, so that a check can say when it judges an answer from before.

A learner changes her answer, the cell stops with an error, and she runs the check below it: the variable still
holds what the cell gave the last time. IPython tells of every cell that it runs; from that stands here which
variables a failed cell would have set and did not. A variable that some later cell sets is forgotten.
"""

import ast
import re
import sys
import warnings

_old = {}                        # name of a variable -> (what it holds, the failed cell's number, the error's name)
_running = ""                    # the source of the cell that runs now
_held = {}                       # what the variables that it sets held before

_SETS = re.compile(r"^[ \t]*((?:[^\W\d]\w*\s*,\s*)*[^\W\d]\w*)\s*=(?!=)", re.M)
_OWN_NAMES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_OWN_SCOPES = (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def watch():
    """Follow the cells of the kernel in which this runs; nothing where there is none."""
    shell = _shell()
    if shell is not None and _before not in shell.events.callbacks["pre_run_cell"]:
        shell.events.register("pre_run_cell", _before)
        shell.events.register("post_run_cell", _after)


def told(id):
    """What a learner must know of the answers that the running cell hands to check `id`: a sentence, or ""."""
    for name, held in handed_over(id).items():
        value, number, error = _old.get(name, (None, None, None))
        if number is None or held is not value:
            continue
        rest = ": mend it and run it, then run this one again." if value is ... else (
            ", so this is the answer from before it.")
        return f"Cell [{number}] stopped with an error ({error}){rest}"
    return ""


def handed_over(id):
    """The variables that the running cell hands to check `id`: name -> what it holds. Empty without a kernel."""
    shell = _shell()
    held = {} if shell is None else shell.user_ns
    return {name: held[name] for name in _handed_over(_running, id) if name in held}


def _shell():
    """The running IPython, or None; it is not loaded for this."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython is not None else None


def _before(info):
    global _running
    _running = _plain(info.raw_cell)
    _held.clear()
    variables = _shell().user_ns
    for name in _set_by(_running):
        _old.pop(name, None)
        if name in variables:
            _held[name] = variables[name]


def _after(result):
    error, variables = result.error_before_exec or result.error_in_exec, _shell().user_ns
    reached = _reached(result, variables) if error is not None and result.execution_count is not None else None
    if reached is not None:
        fresh = _set_by(_running, before=reached)
        for name in _set_by(_running) & set(variables):
            value = variables[name]
            if value is ... or (name not in fresh and name in _held and _held[name] is value):
                _old[name] = value, result.execution_count, type(error).__name__
    _held.clear()


def _plain(source):
    """A cell as Python: without its magic commands."""
    try:
        return _shell().transform_cell(re.sub(r"\A%%.*\n", "\n", source))
    except SyntaxError:
        return source


def _reached(result, variables):
    """The line of the cell at which its error came up, 0 when nothing ran, None when that cannot be told."""
    if result.error_before_exec:
        return 0
    line, trace = None, result.error_in_exec.__traceback__
    while trace is not None:
        if trace.tb_frame.f_globals is variables and trace.tb_frame.f_code.co_name == "<module>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _tree(source):
    """A cell's syntax tree, or None when it is no Python."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")      # Python says them when it runs the cell
        try:
            return ast.parse(source)
        except (SyntaxError, ValueError):
            return None


def _set_by(source, before=None):
    """Names of the variables that a cell sets; with `before`, of those set by statements that end before that line."""
    tree = _tree(source)
    if tree is None:
        return set() if before is not None else set(re.split(r"\s*,\s*", ",".join(_SETS.findall(source))))
    names, nodes = set(), [one for one in tree.body if before is None or one.end_lineno < before]
    while nodes:
        node = nodes.pop()
        if isinstance(node, _OWN_NAMES):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif not isinstance(node, _OWN_SCOPES):
            nodes.extend(ast.iter_child_nodes(node))
    return names


def _handed_over(source, id):
    """Names of the variables that a cell hands to the check of exercise `id`, in their order."""
    tree = _tree(source)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args
             and isinstance(node.args[0], ast.Constant) and node.args[0].value == id] if tree else []
    return [node.id for call in calls for node in ast.walk(call) if isinstance(node, ast.Name)]
