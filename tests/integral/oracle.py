"""Slow independent answers: Gauss quadrature in floats and the expectation formula in numpy."""

from collections.abc import Callable
from typing import Any

import numpy as np
import sympy


def second_moment(rep: Any, x: list[float], top: float, cells: int = 500) -> float:
    """E[(a relu)^2] of a two-dimensional form at x, by a grid in the angle, radius and bias.

    The coefficient is read from the printed sympy expression, not from the fields.
    """
    w1, w2, b = sympy.symbols("w1 w2 b", real=True)
    square = sympy.lambdify((w1, w2, b), rep.coefficient() ** 2 * rep.density(), "numpy")
    bias, width = (np.arange(cells) + 0.5) * top / cells, top / cells
    angle = 2 * np.pi * (np.arange(60) + 0.5) / 60
    total = 0.0
    for radius, weight in _radii(rep):
        u, v = radius * np.cos(angle)[:, None], radius * np.sin(angle)[:, None]
        active = np.maximum(u * x[0] + v * x[1] - bias[None, :], 0) ** 2
        values = square(u, v, bias[None, :]) * active
        total += weight * values.sum(axis=1).mean() * width
    return float(total)


def _radii(rep: Any) -> list[tuple[float, float]]:
    if rep.law.kind == "sphere":
        return [(1.0, 1.0)]
    edges = np.linspace(0, 9, 200)
    middles = (edges[1:] + edges[:-1]) / 2
    return [(r, r * np.exp(-r * r / 2) * (edges[1] - edges[0])) for r in middles]


def minimal_cost(slopes: list[Any], knots: list[Any], skip: bool, weight: Callable) -> float:
    """min sum |a_k| cost over one-dimensional networks with fine candidate knots, by LP.

    The function has the given slopes between the given knots. Neurons face either way; output bias
    is free, and so is a linear term when ``skip``.
    """
    from scipy.optimize import linprog

    places = sorted({*knots, *np.linspace(-6, 6, 25)})
    points = np.linspace(-8, 8, 801)
    values = np.zeros_like(points) + float(slopes[0]) * points
    for k, jump in zip(knots, np.diff([float(s) for s in slopes]), strict=True):
        values += jump * np.maximum(points - float(k), 0)
    columns, cost = [], []
    for s in places:
        for side in (1, -1):
            column = np.maximum(side * (points - float(s)), 0)
            columns += [column, -column]
            cost += [weight(float(s))] * 2
    free = [np.ones_like(points), points] if skip else [np.ones_like(points)]
    for column in free:
        columns += [column, -column]
        cost += [0.0, 0.0]
    found = linprog(cost, A_eq=np.array(columns).T, b_eq=values, method="highs")
    return float(found.fun)
