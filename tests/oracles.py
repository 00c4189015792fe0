"""Obvious exact answers to hold the engine against; nothing here comes from the package.

A network is a list of weight matrices and a list of bias vectors (the last pair is the output
layer), a domain a list of rows ``(a_1, ..., a_d, b)`` meaning ``a.x + b >= 0``; all numbers are
ints or Fractions. Partial activation patterns are extended one neuron at a time. Each carries an
interior point of its cell, so that only the side of the new neuron away from that point needs
a decision: an exact simplex method with Bland's rule looks for a point of the cell on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import gcd, lcm

Row = tuple[Fraction, ...]
Matrix = Sequence[Sequence[Fraction]]
Pattern = tuple[tuple[bool, ...], ...]
Point = tuple[Fraction, ...]


def regions(weights: Sequence[Matrix], biases: Matrix, domain: Matrix = ()) -> list[Pattern]:
    """The sorted patterns of the full-dimensional activation regions of a network on a domain."""
    return sorted(pattern for pattern, _ in regions_with_points(weights, biases, domain))


def regions_with_points(
    weights: Sequence[Matrix], biases: Matrix, domain: Matrix = ()
) -> Iterator[tuple[Pattern, Point]]:
    """Pairs of a pattern and an exact interior point of its region, in no special order.

    A neuron is active where its pre-activation is positive; one that vanishes identically on a
    cell is inactive. A domain without interior has no regions here: see :func:`pull_back`.
    """
    dimension = len(weights[0][0])
    start = interior_point([as_row(row) for row in domain], dimension)
    if start is not None:
        rows = [as_row(row) for row in domain if any(row[:-1])]
        identity = [tuple(Fraction(i == j) for j in range(dimension + 1)) for i in range(dimension)]
        yield from _layers(weights[:-1], biases[:-1], rows, start, identity, ())


def _layers(
    weights: Sequence[Matrix],
    biases: Matrix,
    rows: list[Row],
    point: Point,
    values: Sequence[Row],
    pattern: Pattern,
) -> Iterator[tuple[Pattern, Point]]:
    if not weights:
        yield pattern, point
        return
    neurons = [
        combination(weight, values, bias, len(point))
        for weight, bias in zip(weights[0], biases[0], strict=True)
    ]
    for bits, cell, inside in _neurons(neurons, rows, point, ()):
        outputs = [
            row if bit else tuple(Fraction(0) for _ in row)
            for row, bit in zip(neurons, bits, strict=True)
        ]
        yield from _layers(weights[1:], biases[1:], cell, inside, outputs, (*pattern, bits))


def _neurons(
    neurons: Sequence[Row], rows: list[Row], point: Point, bits: tuple[bool, ...]
) -> Iterator[tuple[tuple[bool, ...], list[Row], Point]]:
    if len(bits) == len(neurons):
        yield bits, rows, point
        return
    row = neurons[len(bits)]
    for bit, side in ((True, row), (False, tuple(-entry for entry in row))):
        constant = not any(row[:-1])
        if constant and bit == (row[-1] > 0):
            yield from _neurons(neurons, rows, point, (*bits, bit))
        elif not constant and (inside := cross(rows, point, side)) is not None:
            yield from _neurons(neurons, [*rows, side], inside, (*bits, bit))


def interior_point(rows: Sequence[Row], dimension: int) -> Point | None:
    """An interior point of ``{x : a.x + b >= 0 for every row}``, or None where there is none."""
    point: Point | None = (Fraction(0),) * dimension
    done: list[Row] = []
    for row in rows:
        if any(row[:-1]):
            point = cross(done, point, row)
            done.append(row)
        if point is None or (not any(row[:-1]) and row[-1] < 0):
            return None
    return point


def cross(rows: list[Row], point: Point, side: Row) -> Point | None:
    """A point where all rows and `side` are positive, from one where all rows are, or None."""
    start = value(side, point)
    if start > 0:
        return point
    here = [(*row[:-1], value(row, point)) for row in rows]
    step = feasible_step(here, (*side[:-1], start))
    if step is None:
        return None
    end = start + sum(a * u for a, u in zip(side, step, strict=False))
    share = (start / (start - end) + 1) / 2
    target = tuple(x + share * u for x, u in zip(point, step, strict=True))
    return shorten(target, [*rows, side])


def feasible_step(rows: Sequence[Row], goal: Row) -> Point | None:
    """A step u with ``a.u + b >= 0`` for every row (all b > 0) and ``goal`` positive, or None.

    Simplex method on the dictionary of slacks, Bland's rule. Variables 0..d-1 are the free
    coordinates of u: they enter in either direction and never leave.
    """
    dimension = len(goal) - 1
    outside = list(range(dimension))
    inside = list(range(dimension, dimension + len(rows)))
    table, goal = [list(row) for row in rows], list(goal)
    while goal[-1] <= 0:
        entering = [
            (name, j)
            for j, name in enumerate(outside)
            if goal[j] > 0 or (goal[j] and name < dimension)
        ]
        if not entering:
            return None
        column = min(entering)[1]
        sign = 1 if goal[column] > 0 else -1
        leaving = [
            (-row[-1] / (sign * row[column]), inside[i], i)
            for i, row in enumerate(table)
            if inside[i] >= dimension and sign * row[column] < 0
        ]
        if not leaving:
            length = sign * (1 - goal[-1] / abs(goal[column]))
            return _coordinates(table, inside, outside, dimension, {outside[column]: length})
        pivot = min(leaving)[2]
        goal = _pivot(table, goal, pivot, column)
        inside[pivot], outside[column] = outside[column], inside[pivot]
    return _coordinates(table, inside, outside, dimension, {})


def _pivot(table: list[list[Fraction]], goal: list[Fraction], pivot: int, column: int) -> list:
    row = table[pivot]
    solved = [-entry / row[column] for entry in row]
    solved[column] = 1 / Fraction(row[column])
    table[pivot] = solved

    def replaced(other: list[Fraction]) -> list[Fraction]:
        factor = other[column]
        if not factor:
            return other
        new = [entry + factor * extra for entry, extra in zip(other, solved, strict=True)]
        new[column] = factor * solved[column]
        return new

    table[:] = [entry if i == pivot else replaced(entry) for i, entry in enumerate(table)]
    return replaced(goal)


def _coordinates(
    table: list[list[Fraction]],
    inside: list[int],
    outside: list[int],
    dimension: int,
    moved: dict[int, Fraction],
) -> Point:
    found = {name: Fraction(0) for name in range(dimension)} | moved
    for name, row in zip(inside, table, strict=True):
        found[name] = row[-1] + sum(row[outside.index(j)] * t for j, t in moved.items())
    return tuple(Fraction(found[name]) for name in range(dimension))


def shorten(point: Point, rows: Sequence[Row]) -> Point:
    """A point with small denominators at which every row is still positive (`point` at worst)."""
    for denominator in (1, 2, 8, 64, 1024, 2**20):
        near = tuple(Fraction(round(x * denominator), denominator) for x in point)
        if all(value(row, near) > 0 for row in rows):
            return near
    return point


def as_row(row: Sequence[Fraction]) -> Row:
    """The row as a tuple of Fractions."""
    return tuple(Fraction(entry) for entry in row)


def value(row: Row, point: Point) -> Fraction:
    """``a.x + b`` for the row ``(a, b)``."""
    return sum((a * x for a, x in zip(row, point, strict=False)), row[-1])


def combination(
    weights: Sequence[Fraction], rows: Sequence[Row], bias: Fraction, dimension: int
) -> Row:
    """The affine function ``sum of weight * row + bias`` on R^dimension as a row."""
    total = [Fraction(0)] * dimension + [Fraction(bias)]
    for weight, row in zip(weights, rows, strict=True):
        total = [a + weight * b for a, b in zip(total, row, strict=True)]
    return tuple(total)


def pull_back(weights: Sequence[Matrix], biases: Matrix, matrix: Matrix, shift: Sequence[Fraction]):
    """The network ``t -> net(A t + s)``: the way to ask about a lower-dimensional domain."""
    columns = list(zip(*matrix, strict=True))
    first = [
        [sum(w * a for w, a in zip(row, column, strict=True)) for column in columns]
        for row in weights[0]
    ]
    moved = [
        sum((w * s for w, s in zip(row, shift, strict=True)), Fraction(b))
        for row, b in zip(weights[0], biases[0], strict=True)
    ]
    return [first, *weights[1:]], [moved, *biases[1:]]


def cell_rows(weights: Sequence[Matrix], biases: Matrix, pattern: Pattern) -> list[Row]:
    """Rows ``(a, b)`` with ``a.x + b >= 0`` on the closed region of a pattern, neuron by neuron."""
    dimension = len(weights[0][0])
    values = [tuple(Fraction(i == j) for j in range(dimension + 1)) for i in range(dimension)]
    rows: list[Row] = []
    for weight, bias, bits in zip(weights[:-1], biases[:-1], pattern, strict=True):
        neurons = [combination(w, values, b, dimension) for w, b in zip(weight, bias, strict=True)]
        rows += [
            row if bit else tuple(-entry for entry in row)
            for row, bit in zip(neurons, bits, strict=True)
        ]
        values = [
            row if bit else tuple(0 * entry for entry in row)
            for row, bit in zip(neurons, bits, strict=True)
        ]
    return rows


@dataclass(frozen=True)
class Cell:
    """A closed region with its homogeneous generators, (x w, w) for vertices, (x, 0) for rays."""

    pattern: Pattern
    rays: tuple[tuple[int, ...], ...]
    masks: tuple[int, ...]

    def generators(self) -> tuple[list[tuple[int, ...]], list[int]]:
        """The generators, and for each facet the bit mask of the generators on it."""
        return list(self.rays), list(self.masks)


def cells(weights: Sequence[Matrix], biases: Matrix, domain: Matrix = ()) -> Iterator[Cell]:
    """The regions with the generators of their closures; both directions of each common line."""
    dimension = len(weights[0][0])
    normals = [tuple(row) for row in weights[0]] if len(weights) > 1 else []
    lines = null_space([*normals, *(row[:-1] for row in domain)], dimension)
    free = {max(i for i, entry in enumerate(line) if entry) for line in lines}
    kept = [i for i in range(dimension + 1) if i not in free]
    both = [tuple(sign * entry for entry in (*line, 0)) for line in lines for sign in (1, -1)]
    for pattern, _ in regions_with_points(weights, biases, domain):
        rows = [*map(as_row, domain), *cell_rows(weights, biases, pattern)]
        rows.append((*(Fraction(0),) * dimension, Fraction(1)))
        found = extreme_rays([tuple(row[i] for i in kept) for row in rows], len(kept))
        rays = [
            tuple(dict(zip(kept, ray, strict=True)).get(i, 0) for i in range(dimension + 1))
            for ray in found
        ]
        rays = (*rays, *both)
        yield Cell(pattern, rays, _facet_masks(rays, rows))


def _facet_masks(rays: Sequence[tuple[int, ...]], rows: Sequence[Row]) -> tuple[int, ...]:
    """The inclusion-maximal proper sets of generators on which some row vanishes."""
    masks = {
        sum(
            1 << i
            for i, ray in enumerate(rays)
            if not sum(a * y for a, y in zip(row, ray, strict=True))
        )
        for row in rows
    }
    masks.discard((1 << len(rays)) - 1)
    return tuple(sorted(m for m in masks if not any(m & ~n == 0 for n in masks - {m})))


def lifted(cell: Cell, matrix: Matrix, shift: Sequence[Fraction]) -> Cell:
    """The cell t -> A t + s of a flat domain, in the coordinates of the whole space."""
    rays = []
    for *t, w in cell.rays:
        x = [
            sum((a * b for a, b in zip(row, t, strict=True)), s * w)
            for row, s in zip(matrix, shift, strict=True)
        ]
        rays.append(primitive([*x, w]))
    return Cell(cell.pattern, tuple(rays), cell.masks)


def null_space(rows: Sequence[Sequence[Fraction]], dimension: int) -> list[tuple[int, ...]]:
    """A basis of the common kernel, one vector for each free coordinate, which is its last."""
    solved: dict[int, list[Fraction]] = {}
    for row in rows:
        left = list(map(Fraction, row))
        for pivot, other in solved.items():
            left = [a - left[pivot] * b for a, b in zip(left, other, strict=True)]
        pivot = next((i for i, entry in enumerate(left) if entry), None)
        if pivot is not None:
            left = [entry / left[pivot] for entry in left]
            for key, other in solved.items():
                solved[key] = [b - other[pivot] * a for a, b in zip(left, other, strict=True)]
            solved[pivot] = left
    free = [i for i in range(dimension) if i not in solved]
    return [
        primitive([-solved[i][f] if i in solved else Fraction(i == f) for i in range(dimension)])
        for f in free
    ]


def extreme_rays(rows: Sequence[Row], dimension: int) -> list[tuple[int, ...]]:
    """Primitive extreme rays of the pointed cone ``{y : row.y >= 0}``, by trying all corners."""
    found = set()
    rows = sorted({as_row(row) for row in rows if any(row)})
    for corner in combinations(rows, dimension - 1):
        line = null_line(corner, dimension)
        for ray in () if line is None else (line, tuple(-entry for entry in line)):
            if all(sum(a * y for a, y in zip(row, ray, strict=True)) >= 0 for row in rows):
                found.add(ray)
    return sorted(found)


def null_line(rows: Sequence[Row], dimension: int) -> tuple[int, ...] | None:
    """The primitive integer vector spanning the common kernel, or None if that is no line."""
    minors = []
    for column in range(dimension):
        square = [[*row[:column], *row[column + 1 :]] for row in rows]
        minors.append((-1) ** column * determinant(square))
    if not any(minors):
        return None
    return primitive(minors)


def primitive(row: Sequence[Fraction]) -> tuple[int, ...]:
    """The positive multiple of a non-zero row whose entries are integers without common factor."""
    exact = list(map(Fraction, row))
    whole = [int(entry * lcm(*(e.denominator for e in exact))) for entry in exact]
    return tuple(entry // gcd(*whole) for entry in whole)


def determinant(matrix: Matrix) -> Fraction:
    """The determinant by expansion along the first row."""
    if not matrix:
        return Fraction(1)
    return sum(
        (
            (-1) ** j * entry * determinant([[*row[:j], *row[j + 1 :]] for row in matrix[1:]])
            for j, entry in enumerate(matrix[0])
            if entry
        ),
        Fraction(0),
    )
