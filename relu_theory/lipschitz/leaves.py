"""Exact answers about one full activation pattern: a point in its interior, or none."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from flint import fmpq, fmpq_mat
from numpy.typing import NDArray

from relu_theory.domain import Polyhedron
from relu_theory.errors import TooLarge
from relu_theory.exact import fraction, generators, primitive, rank
from relu_theory.network import Pattern, ReluNetwork

__all__ = ["interior_point", "pattern_of"]

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
    net: ReluNetwork, pattern: Pattern, domain: Polyhedron
) -> tuple[Fraction, ...] | None:
    """A point in the interior of the part of a domain with this pattern, or None.

    Raises
    ------
    TooLarge
        In more than 6 dimensions.

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
    dim = net.input_dim
    if dim > _MOST_DIMENSIONS:
        raise TooLarge(f"deciding a pattern exactly needs at most {_MOST_DIMENSIONS} inputs, "
                       f"got {dim}", dim)
    rows = [*domain.halfspaces(), *_rows(net, pattern), (*[0] * dim, 1)]
    lines, rays, _ = generators(rows, dim + 1)
    if not any(ray[-1] > 0 for ray in rays):
        return None
    if rank([list(r) for r in (*lines, *rays)]) < dim + 1:
        return None
    total = [sum(column) for column in zip(*rays, strict=True)]
    return tuple(fraction(fmpq(v, total[-1])) for v in total[:-1])


def _rows(net: ReluNetwork, pattern: Pattern) -> list[tuple[int, ...]]:
    """Half-spaces of the pattern in exact integers; constant rows are kept when they fail."""
    rows: list[tuple[int, ...]] = []
    matrix: fmpq_mat | None = None
    for mask, weight, bias in zip(pattern, net.exact.weights, net.exact.biases, strict=False):
        table = _augmented(weight, bias) if matrix is None else _advance(weight, bias, matrix)
        kept = []
        for on, row in zip(mask, table, strict=True):
            signed = row if on else [-v for v in row]
            if any(signed):
                rows.append(primitive(signed))
            kept.append(row if on else [fmpq(0)] * len(row))
        matrix = fmpq_mat(len(kept), len(kept[0]), [v for row in kept for v in row])
    return rows


def _augmented(weight: fmpq_mat, bias: list[fmpq]) -> list[list[fmpq]]:
    return [[*row, b] for row, b in zip(weight.tolist(), bias, strict=True)]


def _advance(weight: fmpq_mat, bias: list[fmpq], matrix: fmpq_mat) -> list[list[fmpq]]:
    rows = (weight * matrix).tolist()
    return [[*row[:-1], row[-1] + b] for row, b in zip(rows, bias, strict=True)]
