"""Where an enumeration starts: pointed cones that together cover the domain.

The kernel works on pointed cones.  A domain without vertices is made so in two exact steps: the
directions in which neither the network nor the domain changes are divided out, and the rest is
split by hyperplanes of first-layer neurons, which the enumeration would split by anyway.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from flint import fmpq, fmpq_mat

from relu_theory.domain import Box, Polyhedron, reduce, resolve
from relu_theory.exact import (
    float_of,
    generators,
    independent_rows,
    nullspace,
    primitive,
    rank,
    rational,
)
from relu_theory.network import ReluNetwork
from relu_theory.regions.layers import float_rows

Row = tuple[int, ...]
# Facet identities: neurons are (layer << 32) | index; these two kinds are negative.
AT_INFINITY = -(1 << 61)
ONE = fmpq(1)


Orthant = tuple[tuple[bool, ...], Sequence[Row], Sequence[int]]


def domain_source(row: int) -> int:
    """The facet identity of a row of the domain."""
    return -1 - row


@dataclass(frozen=True)
class Cone:
    """A pointed cone to enumerate in, with the first-layer signs that hold on it.

    Attributes
    ----------
    rays : tuple of integer tuples (x..., w)
    sources : tuple of int
        Facet identities, see `domain_source`; a neuron's is its index.
    rows : tuple of integer tuples
        The hyperplane of each source.
    tight : tuple of tuple of int
        For each ray the positions in `sources` of the hyperplanes through it.
    signs : tuple of (neuron, bool)
        First-layer neurons known on the cone.
    """

    rays: tuple[Row, ...]
    sources: tuple[int, ...]
    rows: tuple[Row, ...]
    tight: tuple[tuple[int, ...], ...]
    signs: tuple[tuple[int, bool], ...] = ()


@dataclass(frozen=True)
class Question:
    """A network on a full-dimensional domain without common lineality, and the way back.

    A point t of the reduced space is the point ``lift_matrix t + lift_offset`` of the given one;
    `lines` spans the directions that were divided out (in the given space).
    """

    network: ReluNetwork
    rows: tuple[Row, ...]
    lift_matrix: fmpq_mat | None
    lift_offset: list[fmpq] | None
    lines: tuple[Row, ...]
    box: Box | None
    given: ReluNetwork
    domain: Polyhedron
    dim: int
    row_names: tuple[int, ...]
    volume_scale: fmpq = ONE

    def corners(self) -> tuple[np.ndarray, np.ndarray] | None:
        """The box in floats, rounded outwards by a little, or None for other domains."""
        if self.box is None:
            return None
        lower, upper = (np.array([float_of(x) for x in side])
                        for side in (self.box.lower, self.box.upper))
        slack = 1e-12 * (np.abs(lower) + np.abs(upper))
        return lower - slack, upper + slack


def pose(net: ReluNetwork, domain: Polyhedron | None = None) -> Question | None:
    """Reduce a question to a full-dimensional one; None when the domain is empty."""
    domain = resolve(domain, net.input_dim)
    reduced = reduce(domain)
    if reduced is None:
        return None
    inner, matrix, offset = net, None, None
    if reduced.A is not None:
        matrix, offset = reduced.A, list(reduced.b)
        inner = net.restrict(matrix, offset) if reduced.domain.dim else net
    return _divide_out(_rescale(Question(
        inner, tuple(reduced.domain.halfspaces()), matrix, offset, (),
        reduced.domain if isinstance(reduced.domain, Box) else None,
        net, domain, reduced.domain.dim, reduced.rows,
    )))


def _rescale(question: Question) -> Question:
    """Move a small, thin or far box near to [-1, 1]^k, exactly.

    On a box like [1500, 1515] x [-0.06, 0.06] every float would lose the digits that matter; the
    search runs in t with x = D t + c, D powers of two and c multiples of them.
    """
    box = question.box
    if box is None or not question.dim or not question.network.depth or _near_unit(box):
        return question
    ends = [[rational(x) for x in side] for side in (box.lower, box.upper)]
    half = [(up - lo) / 2 for lo, up in zip(*ends, strict=True)]
    scale = [_power_of_two_near(h) for h in half]
    shift = [((lo + up) / (2 * s) + fmpq(1, 2)).floor() * s
             for lo, up, s in zip(*ends, scale, strict=True)]
    size = question.dim
    diagonal = fmpq_mat(size, size, [scale[i] if i == j else 0 for i in range(size)
                                     for j in range(size)])
    inside = [[(e - c) / s for e, c, s in zip(side, shift, scale, strict=True)] for side in ends]
    inner, matrix, offset = Box(*inside), question.lift_matrix, question.lift_offset
    if matrix is not None:
        moved = matrix * fmpq_mat(size, 1, shift)
        offset = [moved[i, 0] + o for i, o in enumerate(offset)]
    return replace(
        question,
        network=question.network.restrict(diagonal, shift),
        rows=tuple(inner.halfspaces()), box=inner,
        lift_matrix=diagonal if matrix is None else matrix * diagonal,
        lift_offset=shift if matrix is None else offset,
        volume_scale=math.prod(scale, start=fmpq(1)),
    )


def _near_unit(box: Box) -> bool:
    """Whether a box is neither far, thin, small nor large: a matter of cost, not of truth."""
    lower, upper = map(float_of, box.lower), map(float_of, box.upper)
    sides = [(lo + up, (up - lo) / 2) for lo, up in zip(lower, upper, strict=True)]
    halves = [half for _, half in sides]
    return (max(halves) <= min(16 * min(halves), 64) and min(halves) >= 1 / 64
            and all(abs(middle) <= 16 * half for middle, half in sides))


def _power_of_two_near(x: fmpq) -> fmpq:
    return fmpq(2) ** (int(x.p).bit_length() - int(x.q).bit_length())


def _divide_out(question: Question) -> Question:
    """Restrict to a complement of the directions that neither first layer nor domain sees."""
    dim, rows, inner = question.dim, question.rows, question.network
    if question.box is not None or dim == 0:
        return question
    normals = [r[:-1] for r in rows] + _first_normals(inner, dim)
    common = nullspace(normals, dim)
    if not common:
        return question
    columns = independent_rows(list(zip(*normals, strict=True))) if normals else []
    keep = fmpq_mat(dim, len(columns), [int(c == i) for i in range(dim) for c in columns])
    matrix = question.lift_matrix
    return replace(
        question,
        network=inner.restrict(keep, [fmpq(0)] * dim) if columns else inner,
        rows=tuple((*(r[c] for c in columns), r[-1]) for r in rows),
        lines=tuple(_through(matrix, v) for v in common),
        lift_matrix=keep if matrix is None else matrix * keep,
        lift_offset=[fmpq(0)] * dim if matrix is None else question.lift_offset,
        dim=len(columns),
    )


def _through(matrix: fmpq_mat | None, vector: Row) -> Row:
    if matrix is None:
        return tuple(vector)
    image = matrix * fmpq_mat(len(vector), 1, list(vector))
    return primitive([image[i, 0] for i in range(image.nrows())])


def _first_normals(net: ReluNetwork, dim: int) -> list[Row]:
    """Integer normals of first-layer neurons: all, or only enough to span the space."""
    if net.depth == 0:
        return []
    if net.float_exact:
        chosen = _well_conditioned(net.weights[0], dim)
        normals = [_integer_row(net, i)[:-1] for i in chosen]
        if rank(normals) == dim if normals else dim == 0:
            return normals
    return [_integer_row(net, i)[:-1] for i in range(net.widths[0])]


def _well_conditioned(weights: np.ndarray, count: int) -> list[int]:
    """Greedy choice of rows, each far from the span of those before."""
    with np.errstate(all="ignore"):
        norms = np.abs(weights).max(axis=1, initial=0.0)
        rows = weights / np.where(norms > 0, norms, 1.0)[:, None]
        chosen: list[int] = []
        for _ in range(min(count, len(rows))):
            lengths = (rows * rows).sum(axis=1)
            best = int(np.argmax(lengths))
            if not lengths[best] > 1e-12:
                break
            chosen.append(best)
            unit = rows[best] / np.sqrt(lengths[best])
            rows = rows - np.outer(rows @ unit, unit)
    return chosen


def _integer_row(net: ReluNetwork, neuron: int) -> Row:
    if net.float_exact:
        values = [*net.weights[0][neuron].tolist(), float(net.biases[0][neuron])]
        return primitive(values)
    exact = net.exact
    width = exact.weights[0].ncols()
    row = [exact.weights[0][neuron, k] for k in range(width)]
    return primitive([*row, exact.biases[0][neuron]])


def cones(question: Question) -> Iterator[Cone]:
    """Pointed full-dimensional cones that cover the question's domain without overlap."""
    dim = question.dim
    splitters = _splitters(question)
    if question.box is not None and not splitters:
        yield _box_cone(question)
        return
    infinity = (0,) * dim + (1,)
    base = [*question.rows, infinity]
    sources = [domain_source(i) for i in range(len(question.rows))] + [AT_INFINITY]
    hyperplanes = [_integer_row(question.network, i) for i in splitters]
    parallel = _parallel_neurons(question.network, splitters, hyperplanes)
    orthants = _orthants if not question.rows else _general_orthants
    for signs, rays, tight in orthants(base, hyperplanes, dim):
        known = dict(zip(splitters, signs, strict=True))
        known |= {i: known[j] is same for i, j, same in parallel}
        yield _cone(rays, tight, sources + splitters, base + hyperplanes, dim,
                    tuple(known.items()))


def _general_orthants(base: list[Row], hyperplanes: list[Row], dim: int) -> Iterator[Orthant]:
    """Signs, rays and tight rows of the full-dimensional cones that some hyperplanes cut out."""
    for signs in product((True, False), repeat=len(hyperplanes)):
        oriented = [
            row if s else tuple(-x for x in row) for row, s in zip(hyperplanes, signs, strict=True)
        ]
        found = generators(base + oriented, dim + 1)
        if rank(found.rays) == dim + 1:
            yield signs, found.rays, found.tight


def _orthants(base: list[Row], hyperplanes: list[Row], dim: int) -> Iterator[Orthant]:
    """The same for the whole space, where one cone gives all: its directions change sign.

    A cone over an orthant has the common vertex of the hyperplanes and, for each of them, the
    direction that lies on all others and at infinity.
    """
    found = generators(base + hyperplanes, dim + 1)
    across = [next((k for k in range(dim) if not mask >> (1 + k) & 1), None)
              for mask in found.tight]
    for signs in product((True, False), repeat=dim):
        rays = [ray if k is None or signs[k] else tuple(-x for x in ray)
                for ray, k in zip(found.rays, across, strict=True)]
        yield signs, rays, found.tight


def _splitters(question: Question) -> list[int]:
    """First-layer neurons whose hyperplanes make the domain pointed.

    A network whose first layer is central gets its origin as a vertex too: it is exact there, so
    the coincidence of all hyperplanes costs nothing.
    """
    net, dim = question.network, question.dim
    if net.depth == 0 or dim == 0:
        return []
    normals = [r[:-1] for r in question.rows]
    have = dim if question.box is not None else (rank(normals) if normals else 0)
    if have < dim:
        order = _well_conditioned(net.weights[0], dim) if net.float_exact else []
        order += [i for i in range(net.widths[0]) if i not in set(order)] if len(
            order) < dim else []
        start = independent_rows(normals) if normals else []
        table = [normals[i] for i in start] + [_integer_row(net, i)[:-1] for i in order]
        chosen = independent_rows(table)
        if len(chosen) < dim:
            table = table[:len(start)] + [_integer_row(net, i)[:-1] for i in range(net.widths[0])]
            order, chosen = list(range(net.widths[0])), independent_rows(table)
        return [order[i - len(start)] for i in chosen if i >= len(start)]
    if net.float_exact and dim <= 4 and net.widths[0] > dim and not net.biases[0].any():
        chosen = _well_conditioned(net.weights[0], dim)
        return chosen if all(r[-1] > 0 for r in question.rows) else []
    return []


def _parallel_neurons(
    net: ReluNetwork, splitters: Sequence[int], hyperplanes: Sequence[Row]
) -> list[tuple[int, int, bool]]:
    """Neurons on the same hyperplane as a splitter: (neuron, splitter, same side)."""
    if not splitters:
        return []
    found = []
    rows = float_rows(net, 0)
    for s, plane in zip(splitters, hyperplanes, strict=True):
        near = _nearly_parallel(rows, rows[s])
        for i in near:
            if i in splitters:
                continue
            other = _integer_row(net, int(i))
            if other == plane:
                found.append((int(i), s, True))
            elif other == tuple(-x for x in plane):
                found.append((int(i), s, False))
    return found


def _nearly_parallel(rows: np.ndarray, row: np.ndarray) -> np.ndarray:
    scale = np.abs(rows).max(axis=1)
    with np.errstate(invalid="ignore"):
        unit = rows / np.where(scale > 0, scale, 1.0)[:, None]
    # Rows beyond the range of floats give NaN, and are left to the exact comparison.
    with np.errstate(invalid="ignore"):
        mine = row / np.abs(row).max()
        apart = np.minimum(np.abs(unit - mine).max(axis=1), np.abs(unit + mine).max(axis=1))
    return np.flatnonzero(~(apart >= 1e-9) & (scale > 0))


def _box_cone(question: Question) -> Cone:
    """Corners of a box as products of its ends, cheaper than double description."""
    box, dim = question.box, question.dim
    rows = question.rows
    ends = list(zip(box.lower, box.upper, strict=True))
    place = {}
    for r, row in enumerate(rows):
        axis = next(k for k in range(dim) if row[k])
        place[axis, row[axis] < 0] = r
    rays, tight = [], []
    for choice in product((False, True), repeat=dim):
        corner = [ends[k][c] for k, c in enumerate(choice)]
        rays.append(primitive([*corner, 1]))
        tight.append(sum(1 << place[k, c] for k, c in enumerate(choice)))
    sources = [domain_source(i) for i in range(len(rows))]
    return _cone(rays, tight, sources, list(rows), dim, ())


def _cone(rays, tight, sources, rows, dim, signs) -> Cone:
    """Keep the hyperplanes that touch at least `dim` rays: the others cannot be facets."""
    counts = [sum(mask >> r & 1 for mask in tight) for r in range(len(rows))]
    keep = [r for r in range(len(rows)) if counts[r] >= dim]
    return Cone(
        rays=tuple(tuple(r) for r in rays),
        sources=tuple(sources[r] for r in keep),
        rows=tuple(tuple(rows[r]) for r in keep),
        tight=tuple(tuple(t for t, r in enumerate(keep) if mask >> r & 1) for mask in tight),
        signs=signs,
    )
