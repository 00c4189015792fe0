"""The exact constant on a Euclidean ball: which regions reach into it, decided in rationals."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
from flint import fmpq, fmpq_mat
from numpy.typing import NDArray

from relu_theory.certificate import Bracket
from relu_theory.domain import Ball, Box
from relu_theory.errors import InvalidInput, ShapeError, TooLarge, Undecided
from relu_theory.exact import fraction, fraction_array, rational
from relu_theory.lipschitz.exact import gradient_bounds
from relu_theory.lipschitz.magnitude import Root
from relu_theory.lipschitz.norms import check_order, operator_norm
from relu_theory.lipschitz.result import Constant, Witness, exact_gradient
from relu_theory.network import ReluNetwork
from relu_theory.regions.batches import Batch, batches
from relu_theory.regions.cell import Cell

__all__ = ["exact_on_ball", "squared_distance"]

Floats = NDArray[np.float64]


def exact_on_ball(
    net: ReluNetwork, ball: Ball, ord_in: Any, ord_out: Any, limit: int | None = None
) -> Constant:
    """`exact` on a Euclidean ball: regions of its bounding box, by decreasing norm.

    Examples
    --------
    The second piece of this network starts at 1, the circle ends there:

    >>> net = ReluNetwork([[[1, 0], [1, 0]], [[1, 5]]], [[3, -1], [0]])
    >>> [exact_on_ball(net, Ball([0, 0], r), 2, 2).value.squared for r in (1, "1.0001")]
    [Fraction(1, 1), Fraction(36, 1)]
    """
    p, q = check_order("ord_in", ord_in), check_order("ord_out", ord_out)
    if ball.radius <= 0:
        raise InvalidInput(f"radius must be positive, got {ball.radius}; give a larger ball")
    if ball.dim != net.input_dim:
        raise ShapeError(f"domain has dimension {ball.dim} but the network has {net.input_dim} "
                         "inputs; give a domain of the network's dimension")
    norm = operator_norm(p, q, net.output_dim, net.input_dim)
    box = Box([c - ball.radius for c in ball.center], [c + ball.radius for c in ball.center])
    found: list[tuple[float, Batch, int]] = []
    seen = 0
    for batch in batches(net, box):
        seen += len(batch)
        if limit is not None and seen > limit:
            raise TooLarge(f"limit={limit} regions was passed; raise it or shrink the ball", seen)
        _, upper = gradient_bounds(net, norm, batch.patterns, batch.pattern_at)
        found += [(float(u), batch, k) for k, u in enumerate(upper)]
    found.sort(key=lambda item: -item[0])
    best, asked = None, 0
    for bound, batch, k in found:
        if best is not None and Fraction(bound) < best[0]:
            break
        cell = batch.cell(k)
        gradient = exact_gradient(net, cell.pattern)
        value = norm.exact(gradient)
        if best is None or value > best[0]:
            asked += 1
            point = _inside(cell, ball)
            if point is not None:
                best = value, Witness(cell.pattern, point, fraction_array(gradient))
    assert best is not None
    value, witness = best
    lower, high = value.enclosure() if isinstance(value, Root) else (value, value)
    return Constant(lower, high, "exact", "enumeration", p, q, witness, False,
                    {"regions": seen, "asked": asked}, value)


def _inside(cell: Cell, ball: Ball) -> tuple[Fraction, ...] | None:
    """A point of the open cell in the open ball, or None when they do not meet."""
    inner = cell.interior_point
    if squared(inner, ball.center) < ball.radius**2:
        return inner
    nearest = squared_distance([(*f.normal, f.offset) for f in cell.facets()], ball.center)
    if nearest is None:
        raise Undecided(
            "whether a region meets the ball could not be decided; change the radius a little",
            Bracket(0, float("inf")))
    size, point = nearest
    if size >= ball.radius**2:
        return None
    # Points between the nearest one and an interior one are interior: go near enough.
    step = Fraction(1, 2)
    while True:
        moved = tuple(a + step * (b - a) for a, b in zip(point, inner, strict=True))
        if squared(moved, ball.center) < ball.radius**2:
            return moved
        step /= 4


def squared(x: Any, y: Any) -> Fraction:
    """The squared Euclidean distance of two rational points."""
    return sum(((a - b) ** 2 for a, b in zip(x, y, strict=True)), Fraction(0))


def squared_distance(
    rows: list[tuple[int, ...]], center: Any
) -> tuple[Fraction, tuple[Fraction, ...]] | None:
    """The exact squared distance of a point from {x : a . x + b >= 0}, and the nearest point.

    Floats find the active rows (least-distance programming); the projection onto them is solved
    in rationals and verified: multipliers not negative, all rows satisfied. None when floats
    found no active rows that verify.

    Examples
    --------
    >>> squared_distance([(1, 1, -2)], [0, 0])
    (Fraction(2, 1), (Fraction(1, 1), Fraction(1, 1)))
    """
    centre = [rational(c) for c in center]
    gaps = [sum((a * c for a, c in zip(row, centre, strict=False)), fmpq(row[-1])) for row in rows]
    if all(gap >= 0 for gap in gaps):
        return Fraction(0), tuple(map(fraction, centre))
    for active in _guesses(rows, gaps):
        found = _project(rows, gaps, active, centre)
        if found is not None:
            return found
    return None


def _guesses(rows: list[tuple[int, ...]], gaps: list[fmpq]) -> list[list[int]]:
    from scipy.optimize import nnls

    normals = np.array([[float(v) for v in row[:-1]] for row in rows])
    lengths = np.linalg.norm(normals, axis=1)
    offsets = np.array([float(fraction(g)) for g in gaps]) / lengths
    normals /= lengths[:, None]
    target = np.zeros(normals.shape[1] + 1)
    target[-1] = 1.0
    weights, _ = nnls(np.vstack([normals.T, -offsets[None]]), target)
    top = weights.max(initial=0.0)
    guesses = [list(np.flatnonzero(weights > cut * top)) for cut in (0.0, 1e-9, 1e-6, 1e-3)]
    return [[int(i) for i in guess] for guess in guesses]


def _project(
    rows: list[tuple[int, ...]], gaps: list[fmpq], active: list[int], centre: list[fmpq]
) -> tuple[Fraction, tuple[Fraction, ...]] | None:
    if not active:
        return None
    dim = len(centre)
    normals = fmpq_mat(len(active), dim, [fmpq(v) for i in active for v in rows[i][:-1]])
    gram = normals * normals.transpose()
    if gram.rank() < len(active):
        return None
    right = fmpq_mat(len(active), 1, [-gaps[i] for i in active])
    multipliers = gram.inv() * right
    if any(multipliers[i, 0] < 0 for i in range(len(active))):
        return None
    move = normals.transpose() * multipliers
    point = [c + move[i, 0] for i, c in enumerate(centre)]
    for row in rows:
        if sum((a * x for a, x in zip(row, point, strict=False)), fmpq(row[-1])) < 0:
            return None
    size = sum((move[i, 0] ** 2 for i in range(dim)), fmpq(0))
    return fraction(size), tuple(map(fraction, point))
