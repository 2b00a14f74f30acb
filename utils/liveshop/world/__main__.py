"""Command line: `python -m liveshop.world` writes the tables of the simulated brand."""

from __future__ import annotations

import argparse
import sys
import textwrap
import time

from liveshop.world.parameters import SEED, Parameters, describe
from liveshop.world.season import ROOMS, write


def _parameters_help():
    lines = ["scenario parameters (change with --set NAME=VALUE, as often as you like):", ""]
    for name, value, unit, meaning in describe():
        lines.append(f"  {name} = {value:g}  [{unit}]")
        lines.extend(textwrap.wrap(meaning, 96, initial_indent="      ", subsequent_indent="      "))
    return "\n".join(lines)


def main(arguments=None):
    """Run the command; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m liveshop.world",
        description="Simulate the brand Qinghe and write its tables (Parquet), the truth (truth.json) and a dirty "
        "raw export.",
        epilog=_parameters_help(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--out", default="data", help="folder to write to (default: data)")
    parser.add_argument(
        "--seed", type=int, default=SEED, help=f"random seed; the same seed gives the same tables (default: {SEED})"
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="change a scenario parameter, such as giveaway.crowd_intent=0.5",
    )
    parser.add_argument("--rooms", type=int, default=ROOMS, help=f"number of broadcasts (default: {ROOMS})")
    parser.add_argument("--size", type=float, default=1.0, help="scale of the audience (default: 1)")
    parser.add_argument(
        "--benchmark",
        type=int,
        metavar="VIEWERS",
        help="simulate one room of so many viewers to a temporary folder instead, and print time, memory and size",
    )
    options = parser.parse_args(arguments)
    try:
        changes = {}
        for item in options.set:
            name, equals, value = item.partition("=")
            if not equals:
                raise ValueError(f"--set needs NAME=VALUE, such as giveaway.anchor=0, not {item!r}")
            changes[name.strip()] = value.strip()
        parameters = Parameters().but(changes)
        if options.benchmark is not None:
            from liveshop.world.big_room import benchmark

            print(benchmark(options.benchmark))
            return 0
        begin = time.perf_counter()
        tables = write(options.out, parameters, options.seed, options.rooms, options.size)
    except (ValueError, OSError) as error:
        print(f"liveshop.world: {error}", file=sys.stderr)
        return 2
    for name, frame in tables.items():
        print(f"{name:18} {len(frame):>9,} rows")
    print(f"written to {options.out} in {time.perf_counter() - begin:.1f} s, seed {options.seed}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
