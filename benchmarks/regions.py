"""Nanoseconds for each region that is counted:  python -m benchmarks.regions [NAME ...] [--quick]

Processor time of one thread, the smallest of several runs, in exact arithmetic; compilation is not
included, everything else is, from a network whose exact weights have not been looked at. Beside it:
the share of the compiled search (the rest prepares the network, and costs the same for few regions
as for many), the ratio to float arithmetic, how the signs were decided, the memory that one count
takes, a naive float enumerator on the same network, and an exact oracle on a small network of the
same kind.
"""

from __future__ import annotations

import argparse
import gc
import json
import resource
import sys
import time
import tracemalloc
from collections.abc import Callable
from itertools import groupby
from pathlib import Path
from typing import Any

from benchmarks.peers import naive_float, oracle
from benchmarks.workloads import WORKLOADS, Workload
from relu_theory import Box, families, regions
from relu_theory._kernels import cells, planar

_COLUMNS = (
    ("workload", 33), ("regions", 9), ("ns/region", 10), ("asked", 6), ("kernel ns", 11),
    ("exact/float", 12),
    ("float", 8), ("integer", 8), ("rational", 9), ("MB", 7), ("naive ns", 10), ("oracle ns", 12),
)  # fmt: skip
_ENOUGH_SECONDS, _MOST_RUNS = 2.0, 200
_LOOP = 1_000_000


def main(arguments: list[str] | None = None) -> int:
    """Print the table; the exit status is 1 when a count is wrong."""
    options = _options(arguments)
    chosen = [w for w in WORKLOADS if _wanted(w, options)]
    print(f"machine: {machine_speed():.1f} ns for each turn of an empty-handed Python loop")
    _warm_up()
    print(_line([name for name, _ in _COLUMNS]))
    rows = []
    for workload in chosen:
        rows.append(measure(workload))
        print(_line(_cells(rows[-1])), flush=True)
    print(f"machine: {machine_speed():.1f} ns for each turn, afterwards")
    print("\n".join(_summary(rows)))
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1) + "\n")
    return int(any(row["wrong"] for row in rows))


def measure(workload: Workload) -> dict[str, Any]:
    """One row: every figure of a workload, in nanoseconds, megabytes and shares."""
    tally = regions.Tally()
    exact, counted = _fastest(workload, _count)
    kernel = _kernel_seconds(workload)
    rounded, _ = _fastest(workload, _count_in_floats)
    before = _resident()
    megabytes = _peak(workload, tally)
    decided = max(1, tally.by_float + tally.by_integer + tally.by_rational)
    row = {
        "name": workload.name,
        "family": workload.family,
        "like": workload.like,
        "regions": counted,
        "ns": 1e9 * exact / counted,
        "seconds": exact,
        "target": workload.target,
        "kernel": 1e9 * kernel / counted,
        "exact/float": exact / rounded,
        "float": tally.by_float / decided,
        "integer": tally.by_integer / decided,
        "rational": tally.by_rational / decided,
        "MB": max(megabytes, _resident() - before),
        "naive": None,
        "oracle": None,
        "wrong": [] if workload.regions in (None, counted) else [f"known are {workload.regions}"],
    }
    _beside(workload, row)
    return row


def _beside(workload: Workload, row: dict[str, Any]) -> None:
    if workload.naive is not None:
        net = workload.make()
        seconds, counted = _timed(lambda: naive_float(net, *workload.naive), 3)
        row["naive"] = 1e9 * seconds / counted
        if counted != row["regions"]:
            row["wrong"].append(f"the naive enumerator counts {counted}")
    if workload.small is not None:
        net = workload.small()
        domain = workload.domain(net)
        seconds, counted = _timed(lambda: oracle(net, domain), 1)
        row["oracle"] = 1e9 * seconds / counted
        if counted != regions.count(net, domain):
            row["wrong"].append(f"the oracle counts {counted} on the small network")


def machine_speed() -> float:
    """Nanoseconds for one turn of a plain Python loop: compare machines, and moments, by it."""

    def loop() -> int:
        total = 0
        for i in range(_LOOP):
            total += i & 3
        return total

    return 1e9 * _timed(loop, 5)[0] / _LOOP


def _count(net: Any, domain: Any) -> int:
    return regions.count(net, domain)


def _count_in_floats(net: Any, domain: Any) -> int:
    return regions.count(net, domain, arithmetic="float")


def _fastest(workload: Workload, count: Callable[[Any, Any], int]) -> tuple[float, int]:
    best, spent, runs = float("inf"), 0.0, 0
    while runs == 0 or (spent < _ENOUGH_SECONDS and runs < _MOST_RUNS):
        # A collection just before would time a processor whose caches it has emptied.
        gc.collect()
        net, domain = _fresh(workload)
        start = time.process_time()
        counted = count(net, domain)
        seconds = time.process_time() - start
        best, spent, runs = min(best, seconds), spent + seconds, runs + 1
    return best, counted


def _kernel_seconds(workload: Workload) -> float:
    """The least processor time that the compiled search takes of a count."""
    times: list[float] = []

    def timed(advance: Callable[..., int]) -> Callable[..., int]:
        def call(*arguments: Any) -> int:
            start = time.process_time()
            status = advance(*arguments)
            times[-1] += time.process_time() - start
            return status
        return call

    given = cells.advance, planar.advance
    cells.advance, planar.advance = map(timed, given)
    try:
        for _ in range(3 if workload.slow else 20):
            times.append(0.0)
            _count(*_fresh(workload))
    finally:
        cells.advance, planar.advance = given
    return min(times)


def _fresh(workload: Workload) -> tuple[Any, Any]:
    net = workload.make()
    return net, workload.domain(net)


def _timed(call: Callable[[], Any], runs: int) -> tuple[float, Any]:
    """The smallest processor time of some calls, and the last result."""
    times = []
    gc.collect()
    for _ in range(runs):
        start = time.process_time()
        result = call()
        times.append(time.process_time() - start)
    return min(times), result


def _peak(workload: Workload, tally: regions.Tally) -> float:
    """Megabytes that a count allocates at most at one time, numpy's arrays included."""
    net = workload.make()
    tracemalloc.start()
    regions.count(net, workload.domain(net), tally=tally)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 2**20


def _resident() -> float:
    unit = 1 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 2**20


def _warm_up() -> None:
    """Compile every kernel, or load it from the cache."""
    for dim in (1, 2, 3):
        net = families.gaussian(dim, [4, 4], seed=0)
        for domain in (None, Box(-1, 1, dim=dim)):
            regions.count(net, domain)
            regions.count(net, domain, arithmetic="float")
        naive_float(net, -1, 1)


def _summary(rows: list[dict[str, Any]]) -> list[str]:
    """Sentences about what was asked for: speed, flatness, degenerate input, right counts."""
    lines = []
    for row in rows:
        if row["target"] is not None:
            lines.append(f"{row['name']}: {row['ns'] / row['target']:.2f} times what was asked for")
        if row["name"].startswith("r6"):
            lines.append(f"{row['name']}: {row['seconds']:.2f} s (asked: 5)")
    for family, group in groupby(rows, key=lambda row: row["family"]):
        members = list(group)
        if family in ("tents", "lines") and len(members) > 1:
            whole, kernel = ([row[key] for row in members] for key in ("ns", "kernel"))
            lines.append(
                f"{family}: dearest over cheapest region {max(whole) / min(whole):.2f}, of the "
                f"kernel {max(kernel) / min(kernel):.2f} (asked: 1.5)")
    generic = {row["name"].split(":")[0]: row["ns"] for row in rows}
    for row in rows:
        if row["like"] in generic:
            ratio = row["ns"] / generic[row["like"]]
            lines.append(f"{row['name']}: {ratio:.2f} times the generic {row['like']} (asked: 3)")
    return lines + [f"{row['name']}: {what}!" for row in rows for what in row["wrong"]]


def _cells(row: dict[str, Any]) -> list[str]:
    shares = [f"{row[key]:.2%}" for key in ("float", "integer", "rational")]
    return [
        row["name"] + (" !" if row["wrong"] else ""),
        str(row["regions"]),
        f"{row['ns']:.0f}",
        _or_dash(row["target"]),
        f"{row['kernel']:.0f}",
        f"{row['exact/float']:.2f}",
        *shares,
        f"{row['MB']:.1f}",
        _or_dash(row["naive"]),
        _or_dash(row["oracle"]),
    ]


def _or_dash(value: float | None) -> str:
    return "-" if value is None else f"{value:.0f}"


def _line(cells: list[str]) -> str:
    (first, width), *others = zip(cells, (width for _, width in _COLUMNS), strict=True)
    return first.ljust(width) + "".join(cell.rjust(size) for cell, size in others)


def _wanted(workload: Workload, options: argparse.Namespace) -> bool:
    if options.names:
        return any(workload.name.startswith(name) for name in options.names)
    return not (options.quick and workload.slow)


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.regions")
    parser.add_argument("names", metavar="NAME", nargs="*", help="workloads by their first letters")
    parser.add_argument("--quick", action="store_true", help="leave out what takes seconds")
    parser.add_argument("--json", metavar="FILE", type=Path, help="write the rows to a file, too")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
