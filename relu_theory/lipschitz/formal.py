"""The formal constant: what the chain rule gives when ReLUs may switch either way at zero."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from relu_theory.domain import Ball, Polyhedron
from relu_theory.errors import TooLarge
from relu_theory.exact import float_of, fraction, fraction_array
from relu_theory.lipschitz.exact import (
    as_polyhedron,
    exact,
    gradient_bounds,
    tangent_of,
)
from relu_theory.lipschitz.magnitude import Root, floats_around
from relu_theory.lipschitz.norms import operator_norm
from relu_theory.lipschitz.result import Constant, Witness, exact_gradient
from relu_theory.network import Pattern, ReluNetwork
from relu_theory.regions.cell import Cell
from relu_theory.regions.enumeration import cells
from relu_theory.regions.start import Question, pose

__all__ = ["formal"]

Floats = NDArray[np.float64]
UNIT = 2.0**-53
_MOST_UNDECIDED = 16


def formal(
    net: ReluNetwork,
    domain: Polyhedron | Ball | None = None,
    ord_in: Any = 2,
    ord_out: Any = 2,
    *,
    limit: int = 1_000_000,
) -> Constant:
    r"""The largest norm of a product W_L D ... D W_0 that some point of the domain allows.

    At a point a neuron with positive pre-activation has derivative 1, one with negative has 0, and
    one at zero may have either. This is what automatic differentiation and most verifiers bound;
    it is at least the Lipschitz constant of the function, and larger where a pattern holds only on
    a lower-dimensional face.

    Parameters
    ----------
    net, domain, ord_in, ord_out
        As in `exact`; Euclidean balls are not supported.
    limit : int
        Give up after this many patterns.

    Returns
    -------
    Constant
        Its witness is a pattern and a point at which it is allowed, which need not be interior.

    Raises
    ------
    InvalidInput, ShapeError
        As in `exact`.
    TooLarge
        When more than 16 neurons vanish at one point, or the limit is passed.

    Notes
    -----
    The allowed patterns are largest at the vertices of the complex of regions. At a simple vertex
    (as many hyperplanes as dimensions) all of them are those of regions: the neurons there, taken
    layer by layer, have Jacobians of one sign on all sides. So only the other vertices are looked
    at; floats with proved bounds say which these are.

    Examples
    --------
    >>> identity = ReluNetwork([[[1], [-1]], [[1, -1]]], [[0, 0], [0]])
    >>> exact(identity, None, 1, 1).value, formal(identity, None, 1, 1).value
    (Fraction(1, 1), Fraction(2, 1))
    """
    inner = as_polyhedron(domain, net.input_dim)
    base = exact(net, inner, ord_in, ord_out)
    question = pose(net, inner)
    if question is None or question.dim == 0 or net.depth == 0:
        return base
    tangent, relative = tangent_of(inner)
    norm = operator_norm(base.ord_in, base.ord_out, net.output_dim, net.input_dim, tangent)
    value, witness = base.value, base.witness
    floor, looked = floats_around(value)[0], 0
    for pattern, point in _allowed(net, inner, question):
        looked += 1
        if looked > limit:
            raise TooLarge(f"limit={limit} patterns was passed; raise it", looked)
        packed, pattern_at = _packed(pattern)
        if gradient_bounds(net, norm, packed, pattern_at)[1][0] < floor:
            continue
        gradient = exact_gradient(net, pattern)
        found = norm.exact(gradient)
        if found > value:
            value, floor = found, floats_around(found)[0]
            lifted = _lift(question, point)
            witness = Witness(pattern, lifted, fraction_array(gradient))
    lower, upper = value.enclosure() if isinstance(value, Root) else (value, value)
    return Constant(lower, upper, "exact", "chain rule", base.ord_in, base.ord_out, witness,
                    relative, {**base.details, "patterns": looked}, value)


def _allowed(
    net: ReluNetwork, domain: Polyhedron, question: Question
) -> Iterator[tuple[Pattern, tuple[Any, ...]]]:
    """Patterns allowed at the vertices that are not simple, each once, with such a vertex."""
    seen_points: set[Any] = set()
    seen: set[Pattern] = set()
    for cell in cells(net, domain):
        seen.add(cell.pattern)
        for position in _not_simple(cell, question):
            ray, _ = cell.exact_vertex(position)
            if ray in seen_points:
                continue
            seen_points.add(ray)
            point = tuple(fraction(fmpq(v, ray[-1])) for v in ray[:-1])
            for pattern in _patterns_at(question.network, point):
                if pattern not in seen:
                    seen.add(pattern)
                    yield pattern, point


def _not_simple(cell: Cell, question: Question) -> list[int]:
    """Positions of the vertices of a cell where more hyperplanes may meet than dimensions."""
    rays, delta = cell.float_generators()
    finite = np.flatnonzero(rays[:, -1] > 2 * delta)
    last = rays[finite, -1:]
    with np.errstate(all="ignore"):
        points = rays[finite, :-1] / last
        room = (delta[finite, None] * (1 + np.abs(points)) / (last - delta[finite, None])
                + 4 * UNIT * np.abs(points))
        tight = _maybe_zero(question, points, room * (1 + 1e-12))
    return [int(k) for k in finite[tight > question.dim]]


def _maybe_zero(question: Question, points: Floats, room: Floats) -> Any:
    """How many domain rows and neurons may vanish at points known up to ``room``."""
    rows = np.array([[float_of(v) for v in row] for row in question.rows])
    rows = rows.reshape(-1, question.dim + 1)
    layers = [(rows[:, :-1], rows[:, -1])]
    values, error = _affine(layers[0], points, room)
    total = (~(np.abs(values) > error)).sum(axis=1)
    net = question.network
    for layer in zip(net.weights[:-1], net.biases[:-1], strict=True):
        values, error = _affine(layer, points, room)
        total += (~(np.abs(values) > error)).sum(axis=1)
        points, room = np.maximum(values, 0.0), error
    return total


def _affine(layer: tuple[Floats, Floats], x: Floats, room: Floats) -> tuple[Floats, Floats]:
    weight, bias = layer
    size = np.abs(weight)
    terms = weight.shape[1] + 6
    error = room @ size.T + terms * UNIT * ((np.abs(x) + room) @ size.T + np.abs(bias)) + 1e-290
    return x @ weight.T + bias, error * (1 + 1e-12)


def _patterns_at(net: ReluNetwork, point: tuple[Any, ...]) -> Iterator[Pattern]:
    """All patterns that the chain rule allows at a point; neurons without input stay off."""
    values = net.preactivations_exact(point)
    free = [(level, i) for level, layer in enumerate(values)
            for i, v in enumerate(layer) if v == 0 and np.any(net.weights[level][i])]
    if len(free) > _MOST_UNDECIDED:
        raise TooLarge(
            f"{len(free)} neurons vanish at {tuple(map(str, point))}: 2^{len(free)} patterns; "
            f"at most {_MOST_UNDECIDED} are supported", len(free))
    for choice in product((False, True), repeat=len(free)):
        switched = dict(zip(free, choice, strict=True))
        yield tuple(tuple(switched.get((level, i), v > 0) for i, v in enumerate(layer))
                    for level, layer in enumerate(values))


def _packed(pattern: Pattern) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    words = [(len(layer) + 63) // 64 for layer in pattern]
    packed = []
    for layer, count in zip(pattern, words, strict=True):
        octets = np.packbits(np.array([*layer, *[False] * (64 * count - len(layer))]),
                             bitorder="little")
        packed.append(octets.view("<u8").astype(np.uint64))
    starts: NDArray[np.int64] = np.cumsum(words) - np.array(words, dtype=np.int64)
    return np.concatenate(packed)[None], starts


def _lift(question: Question, point: tuple[Any, ...]) -> tuple[Any, ...]:
    if question.lift_matrix is None or question.lift_offset is None:
        return point
    rows = question.lift_matrix.tolist()
    return tuple(fraction(sum((a * x for a, x in zip(row, map(_rational, point), strict=True)), o))
                 for row, o in zip(rows, question.lift_offset, strict=True))


def _rational(x: Any) -> fmpq:
    return fmpq(x.numerator, x.denominator)
