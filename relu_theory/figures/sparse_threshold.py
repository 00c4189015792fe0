"""The cost V_p of interpolants against p, and the powers at which the optimum changes.

Left, one run of four points with jumps e, 1, 1, e: two merged pairs (2 knots) against the two large
jumps merged (3 knots), each relative to the polygon through the data (4 knots); they cross at
p*. Right, the number of knots of the solution against p for many such runs, of random e and
alternating sign.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np

from relu_theory import sparse
from relu_theory.cpwl import CPWL

SIZE = (10.0, 4.0)
SEED = 3
THEOREMS = (
    "nakhleh2025_sparse.small_powers",
    "nakhleh2025_sparse.short_runs",
    "nakhleh2025_sparse.block_programme",
)

_COLOURS = ("#0072B2", "#D55E00", "#009E73")


def data(rng: np.random.Generator, fast: bool) -> dict[str, Any]:
    """Cost curves and certified thresholds for three values of e; a solution path."""
    curves = []
    for epsilon in (Fraction(1, 10), Fraction(1, 100), Fraction(1, 1000)):
        jumps = [epsilon, Fraction(1), Fraction(1), epsilon]
        f = CPWL.from_relus(range(1, 5), jumps)
        path = sparse.solution_path(range(6), [f(k) for k in range(6)])
        functions = [segment.solution.function for segment in path.segments]
        curves.append(
            {
                "epsilon": epsilon,
                "threshold": path.threshold.lower,
                "jumps": [jumps, *(g.jumps for g in functions)],
            }
        )
    jumps = []
    for k in range(4 if fast else 12):
        small = Fraction(int(10 ** rng.uniform(0, 4)), 10**5)
        jumps += [(-1) ** k * c for c in (small, 1, 1, small)]
    f = CPWL.from_relus(range(1, len(jumps) + 1), jumps)
    x = range(len(jumps) + 2)
    y = [f(k) for k in x]
    path = sparse.solution_path(x, y)
    steps = [(s.lower, s.upper, s.solution.count) for s in path.segments]
    return {"curves": curves, "steps": steps, "least": sparse.interpolate(x, y).count}


def draw(data: dict[str, Any], fig: Any) -> None:
    """Curves on the left, steps on the right."""
    left, right = fig.subplots(1, 2)
    p = np.linspace(0.001, 0.999, 300)
    for curve, colour, marker in zip(data["curves"], _COLOURS, "os^", strict=True):
        polygon, pairs, middle = ([float(c) for c in row] for row in curve["jumps"])
        base = _cost(polygon, p)
        at = float(curve["threshold"])
        name = f"e = {curve['epsilon']}: p* = {at:.4f}"
        left.plot(p, _cost(pairs, p) / base, color=colour)
        left.plot(p, _cost(middle, p) / base, color=colour, linestyle=(0, (4, 2)))
        height = _cost(pairs, np.array([at])) / _cost(polygon, np.array([at]))
        left.plot([at], height, marker, color=colour, markersize=7)
        left.plot([], [], f"{marker}-", color=colour, markersize=7, label=name)
    left.plot([], [], color="0.3", label="2 knots")
    left.plot([], [], color="0.3", linestyle=(0, (4, 2)), label="3 knots")
    left.legend(fontsize=8, loc="lower right")
    left.set(xlabel="p", ylabel="$V_p$ relative to the polygon (4 knots)", xlim=(0, 1))
    left.set_title("jumps e, 1, 1, e: two interpolants")
    for low, high, count in data["steps"]:
        right.plot([float(low), float(high)], [count] * 2, color="#0072B2", linewidth=2)
    for before, after in pairwise(data["steps"]):
        right.plot([float(before[1])] * 2, [before[2], after[2]], color="#0072B2", linewidth=0.6)
    right.axhline(data["least"], color="0.5", linestyle=(0, (1, 2)))
    right.set(xlabel="p", ylabel="knots of the solution", xlim=(0, 1))
    right.yaxis.get_major_locator().set_params(integer=True)
    right.set_title(f"{len(data['steps']) - 1} critical powers, least number {data['least']}")


def _cost(jumps: list[float], p: np.ndarray) -> np.ndarray:
    return np.sum(np.abs(np.array(jumps))[:, None] ** p, axis=0)
