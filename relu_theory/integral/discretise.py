"""Deterministic discretisation: few neurons chosen by convex optimisation, with the exact error."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from relu_theory.domain import Box
from relu_theory.errors import InvalidInput, TooLarge
from relu_theory.integral.network_error import MAX_DIMENSION, squared_error
from relu_theory.integral.polynomial import read_polynomial
from relu_theory.integral.representation import count_of
from relu_theory.integral.sampling import affine_plus_neurons
from relu_theory.network import ReluNetwork

__all__ = ["Discretisation", "discretise"]

Floats = NDArray[np.float64]
METHODS = ("sparse", "min-norm")


@dataclass(frozen=True)
class Discretisation:
    """A network found by optimisation, and what is proved about it.

    Attributes
    ----------
    network : ReluNetwork
        m neurons, a constant and 2 more neurons for the linear part.
    squared_error : Fraction
        The mean of (f - N)^2 over the box, exactly.
    neurons : int
        m.
    """

    network: ReluNetwork
    squared_error: Fraction
    neurons: int


def discretise(
    expr: Any, m: int, box: Box, variables: Any = None, method: str = "sparse",
    directions: int = 16, biases: int = 10, tolerance: float = 1e-3,
) -> Discretisation:  # fmt: skip
    """Approximate a polynomial on a box by m neurons from a grid of candidates.

    Parameters
    ----------
    expr : sympy expression
        A polynomial.
    m : int
    box : Box
        In at most 3 dimensions.
    method : str
        ``"sparse"``: least squares with an l1 penalty; of a decreasing sequence of penalties the
        one whose m largest neurons fit best. ``"min-norm"``: the least sum of |coefficients| with
        an L2 error of at most ``tolerance`` times the norm of f, of which the m largest are kept.
        Both are followed by least squares on the chosen neurons.
    directions, biases : int
        The size of the grid: unit directions of a half sphere, biases across the box.
    tolerance : float
        Relative.

    Returns
    -------
    Discretisation

    Notes
    -----
    The search is in floats and no optimum is claimed: the problem is convex on the grid only. The
    error of the network that is returned is exact (`network_error.squared_error`).

    Examples
    --------
    >>> found = discretise("x**2", 6, Box([-1], [1]))
    >>> found.squared_error < Fraction(1, 1000)
    True
    """
    _check(m, box, method)
    f, symbols, support = read_polynomial(expr, variables)
    points, weights = _nodes(box)
    target = f.float_values(points[:, list(support)])
    w, b = _candidates(box, directions, biases)
    features = np.maximum(points @ w.T - b, 0)
    affine = np.column_stack([np.ones(len(points)), points])
    scale = np.sqrt(weights)[:, None]
    chosen = _chosen(features * scale, affine * scale, target * scale[:, 0], m, method, tolerance)
    design = np.column_stack([affine, features[:, chosen]]) * scale
    solution = np.linalg.lstsq(design, target * scale[:, 0], rcond=None)[0]
    d = box.dim
    net = affine_plus_neurons(
        solution[0], solution[1 : d + 1].tolist(), w[chosen], b[chosen], solution[d + 1 :]
    )
    return Discretisation(net, squared_error(net, expr, box, symbols), len(chosen))


def _check(m: int, box: Box, method: str) -> None:
    count_of(m)
    if method not in METHODS:
        raise InvalidInput(f"method must be one of {', '.join(METHODS)}, got {method!r}")
    if not isinstance(box, Box):
        raise InvalidInput(f"box must be a Box, got {box!r}")
    if box.dim > MAX_DIMENSION:
        raise TooLarge(f"box must have at most {MAX_DIMENSION} dimensions, got {box.dim}")


def _nodes(box: Box) -> tuple[Floats, Floats]:
    """Tensor Gauss-Legendre nodes of the box and weights with sum 1."""
    count = {1: 200, 2: 28, 3: 12}[box.dim]
    nodes, weights = np.polynomial.legendre.leggauss(count)
    low, high = (np.array([float(v) for v in end]) for end in (box.lower, box.upper))
    mesh = np.meshgrid(*[nodes] * box.dim, indexing="ij")
    unit = np.stack([axis.ravel() for axis in mesh], axis=1)
    mass = np.ones(1)
    for _ in range(box.dim):
        mass = np.outer(mass, weights / 2).ravel()
    return low + (high - low) * (unit + 1) / 2, mass


def _candidates(box: Box, directions: int, biases: int) -> tuple[Floats, Floats]:
    w = _half_sphere(box.dim, directions)
    low, high = (np.array([float(v) for v in end]) for end in (box.lower, box.upper))
    middle, half = (low + high) / 2, (high - low) / 2
    steps = (np.arange(biases) + 0.5) / biases * 2 - 1
    reach = np.abs(w) @ half
    b = (w @ middle)[:, None] + reach[:, None] * steps[None, :]
    return np.repeat(w, biases, axis=0), b.ravel()


def _half_sphere(d: int, count: int) -> Floats:
    if d == 1:
        return np.ones((1, 1))
    if d == 2:
        angle = np.pi * np.arange(count) / count
        return np.stack([np.cos(angle), np.sin(angle)], axis=1)
    # A spiral of nearly equal spacing on the upper half of the sphere.
    k = np.arange(count) + 0.5
    height, turn = 1 - k / count, np.pi * (1 + 5**0.5) * k
    side = np.sqrt(1 - height**2)
    return np.stack([side * np.cos(turn), side * np.sin(turn), height], axis=1)


def _chosen(
    features: Floats, affine: Floats, target: Floats, m: int, method: str, tolerance: float
) -> Floats:
    import cvxpy as cp

    # Affine functions are free: project them out.
    basis = np.linalg.qr(affine)[0]
    A, y = features - basis @ (basis.T @ features), target - basis @ (basis.T @ target)
    size = np.linalg.norm(A, axis=0)
    keep = np.flatnonzero(size > 1e-9 * max(size.max(), 1e-300))
    if not len(keep) or np.linalg.norm(y) < 1e-12:
        return keep[:0]
    # The same minimisers with a square matrix.
    q, A = np.linalg.qr(A[:, keep])
    c, y = cp.Variable(len(keep)), q.T @ y
    if method == "min-norm":
        goal = tolerance * float(np.linalg.norm(target))
        floor = np.linalg.norm(A @ np.linalg.lstsq(A, y, rcond=None)[0] - y)
        limit = [cp.norm(A @ c - y) <= max(goal, 1.01 * float(floor))]
        cp.Problem(cp.Minimize(cp.norm1(c)), limit).solve()
        return keep[np.argsort(-np.abs(c.value) * size[keep])[:m]]
    penalty = cp.Parameter(nonneg=True)
    problem = cp.Problem(cp.Minimize(cp.sum_squares(A @ c - y) + penalty * cp.norm1(c)))
    best, least, top = keep[:0], np.inf, 2 * float(np.abs(A.T @ y).max())
    for factor in 0.5 ** np.arange(1, 11):
        penalty.value = top * factor
        problem.solve()
        strong = int((np.abs(c.value) > 1e-4 * np.abs(c.value).max()).sum())
        order = np.argsort(-np.abs(c.value) * size[keep])[: min(m, strong)]
        residual = A[:, order] @ np.linalg.lstsq(A[:, order], y, rcond=None)[0] - y
        if np.linalg.norm(residual) < least:
            best, least = keep[order], np.linalg.norm(residual)
        if strong > 4 * m:
            break
    return best
