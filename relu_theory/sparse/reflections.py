"""Exact shortest paths by way of lines: reflect the end in the lines, draw a segment, fold it.

A line is written (x, y) for the points (m, c) with c = x m - y. All coordinates stay rational.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from flint import fmpq

from relu_theory.sparse.hyperbola import rational_root

__all__ = ["Vector", "knot_of", "path_steps", "path_to_line", "reflected_path", "squared_length"]

Vector = tuple[fmpq, fmpq]


def path_steps(path: Sequence[Vector]) -> list[tuple[Vector, Vector]]:
    """The moves of a path, without those that stay."""
    return [(a, b) for a, b in pairwise(path) if a != b]


def knot_of(step: tuple[Vector, Vector]) -> fmpq:
    """The abscissa at which the two lines of a step cross."""
    a, b = step
    return (b[1] - a[1]) / (b[0] - a[0])


def reflected_path(start: Vector, lines: Sequence[Vector], end: Vector) -> list[Vector]:
    """Shortest from start to end by way of the lines (x, y): c = x m - y, in order."""
    images = [end]
    for line in reversed(lines):
        images.append(_mirror(images[-1], line))
    path = [start]
    for line, image in zip(lines, reversed(images), strict=False):
        path.append(_crossing(path[-1], image, line))
    return [*path, end]


def path_to_line(start: Vector, lines: Sequence[Vector], last: Vector) -> list[Vector]:
    """Shortest from start to a last line, by way of the others."""
    image = start
    for line in lines:
        image = _mirror(image, line)
    foot = _mirror(image, last)
    foot = ((image[0] + foot[0]) / 2, (image[1] + foot[1]) / 2)
    return reflected_path(start, lines, foot)


def _offset(p: Vector, line: Vector) -> fmpq:
    return p[1] - line[0] * p[0] + line[1]


def _mirror(p: Vector, line: Vector) -> Vector:
    shift = 2 * _offset(p, line) / (1 + line[0] ** 2)
    return p[0] + shift * line[0], p[1] - shift


def _crossing(a: Vector, b: Vector, line: Vector) -> Vector:
    start, end = _offset(a, line), _offset(b, line)
    share = start / (start - end) if start != end else fmpq(0)
    return a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])


def squared_length(path: Sequence[Vector]) -> fmpq:
    """The squared length of a piece, whose steps have commensurable lengths."""
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in path_steps(path)]
    sizes = [p * p + q * q for p, q in steps]
    if not sizes:
        return fmpq(0)
    total = fmpq(0)
    for size in sizes:
        ratio = rational_root(size / sizes[0])
        assert ratio is not None
        total += ratio
    return total**2 * sizes[0]
