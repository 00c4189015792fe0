"""Microseconds for each cell whose exact geometry is computed:  python -m benchmarks.geometry

Processor time from a fresh network, the stream of cells included, on Gaussian networks with two
inputs on [-1, 1]^2. The first column is the stream alone.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

from benchmarks.regions import machine_speed
from relu_theory import Box, ReluNetwork, families, regions
from relu_theory.plotting import planar

__all__ = ["TASKS", "main"]


def _each(method: str) -> Callable[[ReluNetwork, Box], list[Any]]:
    def run(net: ReluNetwork, box: Box) -> list[Any]:
        found = [getattr(cell, method) for cell in regions.cells(net, box)]
        return [one() if callable(one) else one for one in found]

    return run


TASKS: dict[str, Callable[[ReluNetwork, Box], Any]] = {
    "stream": lambda net, box: list(regions.cells(net, box)),
    "vertices": _each("vertices"),
    "volume": _each("volume"),
    "interior": _each("interior_point"),
    "gradient": _each("gradient"),
    "complex": regions.polyhedral_complex,
    "dual": regions.dual_graph,
    "picture": planar,
    "certify": regions.certify,
    "check": lambda net, box: _certificates[net].check(),
}
_certificates: dict[ReluNetwork, Any] = {}


def main(arguments: list[str] | None = None) -> int:
    """Print a row for each width (16 and 64 unless others are given) of three hidden layers."""
    chosen = sys.argv[1:] if arguments is None else arguments
    widths = list(map(int, chosen)) or [16, 64]
    print(f"machine: {machine_speed():.1f} ns for each turn of an empty-handed Python loop")
    print("".join(f"{name:>10}" for name in ("width", "cells", *TASKS)))
    box = Box(-1, 1, dim=2)
    for run in TASKS.values():
        _prepare(net := families.gaussian(2, [4, 3], seed=0), box)
        run(net, box)
    for width in widths:
        _prepare(net := families.gaussian(2, [width] * 3, seed=0), box)
        count = regions.count(net, box)
        row = [f"{1e6 * _seconds(run, width, box) / count:.0f}" for run in TASKS.values()]
        print("".join(f"{entry:>10}" for entry in (width, count, *row)), flush=True)
    return 0


def _prepare(net: ReluNetwork, box: Box) -> None:
    _certificates[net] = regions.certify(net, box)


def _seconds(run: Callable[[ReluNetwork, Box], Any], width: int, box: Box) -> float:
    net = families.gaussian(2, [width] * 3, seed=0)
    start = time.process_time()
    run(net, box)
    return time.process_time() - start


if __name__ == "__main__":
    sys.exit(main())
