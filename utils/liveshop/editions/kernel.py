"""A notebook run once from top to bottom."""

import asyncio
import copy
import os
import signal
import tempfile
import threading
from contextlib import contextmanager, suppress

from liveshop.editions.cells import KERNEL, EditionError
from liveshop.medium import VARIABLE

STOPS = (signal.SIGINT, signal.SIGTERM)
SOCKET_NAME = 103   # characters that the path of a socket may have, on macOS; Linux takes some more


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
    from nbclient.exceptions import DeadKernelError

    for further in reversed(range(tries)):
        client = _client()(
            nb, timeout=timeout, kernel_name="python3", allow_errors=allow_errors, record_timing=False,
            resources={"metadata": {"path": str(folder)}}, extra_arguments=["--IPKernelApp.log_level=ERROR"],
        )
        try:
            with _signals_as_before(), _sockets_of_our_own(client):  # nbclient leaves Python's own behind
                client.execute()
            return
        except (DeadKernelError, RuntimeError, asyncio.CancelledError) as error:
            if client.stopped:
                raise KeyboardInterrupt from None
            if isinstance(error, DeadKernelError | asyncio.CancelledError):      # while the cells ran
                raise
            if "died before" not in str(error):
                raise
            if not further:
                raise EditionError(f"The kernel did not start: {error}.") from error


def _client():
    """nbclient's class, but one that knows of itself whether Ctrl-C or SIGTERM has ended the kernel."""
    from nbclient import NotebookClient

    class Client(NotebookClient):
        stopped = False

        async def async_start_new_kernel(self, **given):
            loop, task = asyncio.get_running_loop(), asyncio.current_task()

            def stop():
                self.stopped, self.shutdown_kernel = True, "immediate"  # asked politely, it would tell of its last cell
                task.cancel()

            with suppress(RuntimeError, NotImplementedError):  # not in the main thread; another system
                for number in STOPS:
                    loop.add_signal_handler(number, stop)
            await super().async_start_new_kernel(**given)

    return Client


@contextmanager
def _sockets_of_our_own(client):
    """The kernel is spoken to through files that only this account can open.

    Jupyter's ports on the machine's loopback, which systems without such files need, let every account of a shared
    machine read what a kernel sends: the figures of somebody's own export.
    """
    with tempfile.TemporaryDirectory(prefix="kernel-") as place:
        if os.name == "posix" and len(f"{place}/kernel-ipc-5") <= SOCKET_NAME:
            client.config.KernelManager.update(transport="ipc", connection_file=f"{place}/kernel.json")
        yield


@contextmanager
def _signals_as_before():
    """The handlers of Ctrl-C and SIGTERM that were there before are there again afterwards."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in STOPS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
