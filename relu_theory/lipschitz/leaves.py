"""Exact answers about the ends of a search: its domain, and full activation patterns."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
from flint import fmpq, fmpq_mat
from numpy.typing import NDArray

from relu_theory.domain import Ball, Polyhedron
from relu_theory.errors import InvalidInput, TooLarge
from relu_theory.exact import float_of, fraction, generators, primitive, rank
from relu_theory.exact.farkas import nonnegative_combination
from relu_theory.lipschitz.exact import as_polyhedron, tangent_of
from relu_theory.network import Pattern, ReluNetwork

__all__ = ["excluded", "influential", "interior_point", "pattern_of", "search_region"]

# Beyond this the double description of a pattern may take too long.
_MOST_DIMENSIONS = 6


def pattern_of(net: ReluNetwork, state: NDArray[np.int64]) -> Pattern:
    """The pattern of a state in which every neuron is off (1) or on (2)."""
    bits, at, out = [bool(s == 2) for s in state], 0, []
    for width in net.widths:
        out.append(tuple(bits[at : at + width]))
        at += width
    return tuple(out)


def interior_point(
    net: ReluNetwork, pattern: Pattern, domain: Polyhedron | Ball
) -> tuple[Fraction, ...] | None:
    """A point in the interior of the part of a domain with this pattern, or None.

    Raises
    ------
    TooLarge
        On balls, and in more than 6 dimensions when there is such a point.

    Notes
    -----
    Up to 6 dimensions by the double description of the part. Beyond, rows r_k . (x, 1) > 0 have no
    solution exactly when some y >= 0, not 0, gives sum of y_k r_k = 0 (Gordan 1873), 1 > 0 among
    them; that is decided by an exact simplex method.

    Examples
    --------
    Both halves of the identity gadget are on only at 0:

    >>> from relu_theory import WholeSpace
    >>> gadget = ReluNetwork([[[1], [-1]], [[1, -1]]], [[0, 0], [0]])
    >>> interior_point(gadget, ((True, True),), WholeSpace(1)) is None
    True
    >>> interior_point(gadget, ((True, False),), WholeSpace(1))
    (Fraction(1, 1),)
    """
    if isinstance(domain, Ball):
        raise TooLarge("patterns are decided exactly on polyhedra only, got a Euclidean ball")
    dim = net.input_dim
    rows = [*domain.halfspaces(), *_rows(net, pattern), (*[0] * dim, 1)]
    if dim > _MOST_DIMENSIONS:
        if _no_interior(rows):
            return None
        raise TooLarge("a point in a region is found exactly in at most "
                       f"{_MOST_DIMENSIONS} dimensions, got {dim}", dim)
    lines, rays, _ = generators(rows, dim + 1)
    if not any(ray[-1] > 0 for ray in rays):
        return None
    if rank([list(r) for r in (*lines, *rays)]) < dim + 1:
        return None
    total = [sum(column) for column in zip(*rays, strict=True)]
    return tuple(fraction(fmpq(v, total[-1])) for v in total[:-1])


def search_region(net: ReluNetwork, domain: Any) -> tuple[Any, NDArray[np.float64]]:
    """The domain, and its float half-spaces beyond its bounding box."""
    nothing = np.zeros((0, net.input_dim + 1))
    if isinstance(domain, Ball) and domain.ord == 2:
        if domain.radius <= 0:
            raise InvalidInput(f"radius must be positive, got {domain.radius}")
        return domain, nothing
    region = as_polyhedron(domain, net.input_dim)
    if tangent_of(region)[1]:
        raise InvalidInput(
            "domain must have interior for a search; use lipschitz.exact, which treats every "
            "domain within its affine hull, or restrict the network to it"
        )
    if hasattr(region, "lower"):
        return region, nothing
    rows = np.array([[float_of(v) for v in row] for row in region.halfspaces()])
    return region, rows.reshape(-1, net.input_dim + 1)


def influential(net: ReluNetwork, state: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which neurons reach an output through weights that are not zero and neurons not fixed off."""
    onward = np.ones(net.output_dim, bool)
    found: list[NDArray[np.bool_]] = [np.zeros(0, bool)]
    ends = np.cumsum(net.widths)
    for level in range(len(net.widths) - 1, -1, -1):
        last = int(ends[level])
        onward = (net.weights[level + 1][onward] != 0).any(axis=0)
        onward &= state[last - net.widths[level] : last] != 1
        found.append(onward)
    return np.concatenate(found[::-1])


def excluded(net: ReluNetwork, state: NDArray[np.int64], domain: Polyhedron) -> bool:
    """Whether the fixed neurons of a state hold on no open set: decided exactly, in part.

    Only layers up to the first that is not fixed altogether are looked at, so False proves nothing.
    """
    bits, at = [], 0
    for width in net.widths:
        bits.append(tuple(None if s == 0 else bool(s == 2) for s in state[at : at + width]))
        at += width
        if None in bits[-1]:
            break
    rows = [*domain.halfspaces(), *_rows(net, tuple(bits)), (*[0] * net.input_dim, 1)]
    return _no_interior(rows)


def _no_interior(rows: list[tuple[int, ...]]) -> bool:
    """Whether no (x, s) makes all products with the rows positive."""
    lifted = [(*row, 1) for row in rows]
    return nonnegative_combination(lifted, [0] * len(rows[0]) + [1]) is not None


def _rows(net: ReluNetwork, pattern: tuple[tuple[bool | None, ...], ...],
          ) -> list[tuple[int, ...]]:
    """Half-spaces of the pattern in exact integers, none for None; rows of zeros are left out."""
    rows: list[tuple[int, ...]] = []
    matrix: fmpq_mat | None = None
    for mask, weight, bias in zip(pattern, net.exact.weights, net.exact.biases, strict=False):
        table = _augmented(weight, bias) if matrix is None else _advance(weight, bias, matrix)
        kept = []
        for on, row in zip(mask, table, strict=True):
            signed = row if on else [-v for v in row]
            if on is not None and any(signed):
                rows.append(primitive(signed))
            kept.append(row if on else [fmpq(0)] * len(row))
        matrix = fmpq_mat(len(kept), len(kept[0]), [v for row in kept for v in row])
    return rows


def _augmented(weight: fmpq_mat, bias: list[fmpq]) -> list[list[fmpq]]:
    return [[*row, b] for row, b in zip(weight.tolist(), bias, strict=True)]


def _advance(weight: fmpq_mat, bias: list[fmpq], matrix: fmpq_mat) -> list[list[fmpq]]:
    rows = (weight * matrix).tolist()
    return [[*row[:-1], row[-1] + b] for row, b in zip(rows, bias, strict=True)]
