"""Which names a step makes and which it takes from steps before it: read from its source, without running it."""

import ast
import builtins


def names(source: str, since: int = 1) -> tuple[set, set]:
    """(made, used): the names that a cell gives a value, and those that it takes from cells before it.

    since: made counts from the statement that reaches this line. A cell that changes part of a table
    (`now["segment"] = …`) both uses and makes it. A source that cannot be read makes and uses nothing.
    """
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return set(), set()
    made, used = set(), set()
    for statement in body:
        used |= _taken(statement) - made
        made |= _given(statement)
    late = set().union(*(_given(statement) for statement in body if statement.end_lineno >= since))
    return late, used - set(dir(builtins))


def _taken(statement):
    own = _inner(statement)
    taken = {one.id for one in ast.walk(statement) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load)}
    if isinstance(statement, ast.AugAssign):
        taken |= {one.id for one in ast.walk(statement.target) if isinstance(one, ast.Name)}
    simple = isinstance(statement, ast.Assign | ast.AugAssign | ast.AnnAssign | ast.Expr | ast.Import | ast.ImportFrom)
    return taken - own if simple else taken - own - _given(statement)


def _given(statement):
    own, given = _inner(statement), set()
    for one in ast.walk(statement):
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store):
            given.add(one.id)
        elif isinstance(one, ast.Subscript | ast.Attribute) and isinstance(one.ctx, ast.Store):
            root = one.value
            while isinstance(root, ast.Subscript | ast.Attribute):
                root = root.value
            given |= {root.id} if isinstance(root, ast.Name) else set()
        elif isinstance(one, ast.alias):
            given.add((one.asname or one.name).partition(".")[0])
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return {statement.name}
    return given - own


def _inner(statement):
    """Names that live only within comprehensions, lambdas and functions."""
    inner = set()
    for one in ast.walk(statement):
        if isinstance(one, ast.comprehension):
            inner |= {name.id for name in ast.walk(one.target) if isinstance(name, ast.Name)}
        elif isinstance(one, ast.arg):
            inner.add(one.arg)
        elif isinstance(one, ast.FunctionDef):
            inner |= {name.id for name in ast.walk(one) if isinstance(name, ast.Name)
                      and isinstance(name.ctx, ast.Store)}
    return inner
