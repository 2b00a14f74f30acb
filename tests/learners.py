"""Measures what learners need of a shared machine: a kernel each, all alive at once, every cell of a chapter run.

    python tests/learners.py                                  each chapter by itself, one learner
    python tests/learners.py 10 notebooks/05-*.ipynb          ten learners at once in this chapter

On Linux alone, whose /proc tells how processes share their memory. A megabyte is 10**6 bytes.

    own        what a kernel holds for itself, her tables and figures above all: the cost of one more learner
    libraries  the files of the packages, which all kernels of one environment hold together
    peak       the most that one kernel held at any moment, libraries included
    work       the processor's time of a kernel, its start included
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
import time
from pathlib import Path
from typing import NamedTuple

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[1]
HEADS = ["learners", "own MB", "libraries MB", "together MB", "peak MB", "work s", "clock s"]
TICK = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


class Kernel(NamedTuple):
    """What the system says of one process: megabytes, and seconds of the processor."""

    own: float
    proportional: float
    peak: float
    work: float


def looked(pid: int) -> Kernel:
    """A process as it is now."""
    rollup, status, stat = (Path(f"/proc/{pid}/{name}").read_text() for name in ("smaps_rollup", "status", "stat"))

    def megabytes(name: str, text: str = rollup) -> float:
        return int(re.search(rf"^{name}:\s+(\d+) kB", text, re.MULTILINE)[1]) * 1024 / 1e6

    user, system = stat.rsplit(")", 1)[1].split()[11:13]
    return Kernel(megabytes("Pss_Anon"), megabytes("Pss"), megabytes("VmHWM", status), (int(user) + int(system)) / TICK)


async def learner(path: Path, through: asyncio.Barrier) -> tuple[Kernel, float]:
    """Her kernel after the last cell, while the others' are alive too, and the seconds until she was through."""
    client = NotebookClient(nbformat.read(path, as_version=4), timeout=900, kernel_name="python3",
                            resources={"metadata": {"path": str(path.parent)}},
                            extra_arguments=["--IPKernelApp.log_level=ERROR"])
    client.nb.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    began = time.perf_counter()
    async with client.async_setup_kernel():
        for index, cell in enumerate(client.nb.cells):
            await client.async_execute_cell(cell, index)
        took = time.perf_counter() - began
        await through.wait()
        found = looked(client.km.provisioner.pid)
        await through.wait()
    return found, took


async def together(path: Path, count: int) -> list[str]:
    """What is told of so many learners in one chapter at the same time, column by column."""
    through = asyncio.Barrier(count)
    found = await asyncio.gather(*(learner(path, through) for _ in range(count)))
    kernels, times = zip(*found, strict=True)
    own, whole = sum(one.own for one in kernels), sum(one.proportional for one in kernels)
    peak, work = max(one.peak for one in kernels), sum(one.work for one in kernels) / count
    figures = (count, own / count, whole - own, whole, peak, work, max(times))
    return [path.stem, *(f"{figure:.0f}" for figure in figures)]


def main(arguments: list[str]) -> int:
    if not Path("/proc/self/smaps_rollup").exists():
        print("This system does not tell how processes share their memory: measure on Linux.", file=sys.stderr)
        return 1
    count = int(arguments[0]) if arguments else 1
    paths = [Path(name).resolve() for name in arguments[1:]] or sorted((ROOT / "notebooks").glob("[0-9][0-9]-*.ipynb"))
    print(f"{'chapter':24}", *HEADS)
    for path in paths:
        name, *figures = asyncio.run(together(path, count))
        print(f"{name:24}", *(f"{one:>{len(head)}}" for one, head in zip(figures, HEADS, strict=True)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
