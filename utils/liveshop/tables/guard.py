"""The last line of defence: whatever goes wrong inside, the reader meets one sentence."""

from functools import wraps

from liveshop.tables.contract import TableError


def only_table_errors(function):
    """Turn any other exception of `function` into a TableError. Known bad input has its own sentence further in."""

    @wraps(function)
    def guarded(*args, **kwargs):
        try:
            return function(*args, **kwargs)
        except TableError:
            raise
        except (Exception, RecursionError) as error:
            text = " ".join(str(error).split())[:200]
            raise TableError(problem=f"the input cannot be used ({type(error).__name__}: {text})",
                             remedy="open it in a spreadsheet, save it as .csv or .xlsx and try again") from error

    return guarded
