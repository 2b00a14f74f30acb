"""A notebook run once from top to bottom."""

import copy
import os

from liveshop.editions.cells import KERNEL, EditionError
from liveshop.medium import VARIABLE


def run(nb, folder, medium: str = "opening", timeout: int = 300, allow_errors: bool = False, **environment: str):
    """The notebook run once from top to bottom in `folder`; a new notebook with its outputs.

    `medium` is what explorers, checks and cards show (LIVESHOP_MEDIUM); `environment` holds further variables.
    Raises EditionError that names the cell and the error, unless `allow_errors`.
    """
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    nb = copy.deepcopy(nb)
    nb.metadata["kernelspec"] = dict(KERNEL)
    # The kernel runs under this very Python, whatever kernels are registered on the machine.
    environment |= {VARIABLE: medium}
    before = {name: os.environ.get(name) for name in environment}
    os.environ.update(environment)
    try:
        _execute(nb, folder, timeout, allow_errors)
    except CellExecutionError as error:
        where = next(
            (f"Cell {number} ended in {error.ename}: {error.evalue}. "
             f"It begins: {cell.source.strip().splitlines()[0]!r}."
             for number, cell in enumerate(nb.cells, 1)
             if any(output.output_type == "error" for output in cell.get("outputs", []))),
            f"A cell ended in {error.ename}: {error.evalue}.",
        )
        raise EditionError(where) from None
    except CellTimeoutError:
        raise EditionError(f"A cell ran for more than {timeout} seconds.") from None
    except DeadKernelError:
        raise EditionError("The kernel died while the notebook ran: there may be too little memory.") from None
    finally:
        for name, value in before.items():
            os.environ.pop(name)
            if value is not None:
                os.environ[name] = value
    return nb


def _execute(nb, folder, timeout, allow_errors, tries=3):
    """Run the notebook's cells. Of two kernels that start at once, one may lose its ports: it gets another try."""
    from nbclient import NotebookClient
    from nbclient.exceptions import DeadKernelError

    for further in reversed(range(tries)):
        client = NotebookClient(
            nb, timeout=timeout, kernel_name="python3", allow_errors=allow_errors, record_timing=False,
            resources={"metadata": {"path": str(folder)}}, extra_arguments=["--IPKernelApp.log_level=ERROR"],
        )
        try:
            client.execute()
            return
        except DeadKernelError:      # while the cells ran
            raise
        except RuntimeError as error:
            if "died before" not in str(error):
                raise
            if not further:
                raise EditionError(f"The kernel did not start: {error}.") from error
