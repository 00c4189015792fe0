"""Convex polygons in the plane of box ends (l, u), cut by lines, in rationals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise

__all__ = ["Line", "Polygon", "centre", "pieces", "triangle_cells"]

Corner = tuple[Fraction, Fraction]
Polygon = tuple[Corner, ...]
Line = tuple[Fraction, Fraction, Fraction]
"""Coefficients (a, b, c) of a l + b u + c."""


def value(line: Line, corner: Corner) -> Fraction:
    """The value a l + b u + c."""
    return line[0] * corner[0] + line[1] * corner[1] + line[2]


def centre(polygon: Polygon) -> Corner:
    """The mean of the corners: an interior point."""
    size = len(polygon)
    return sum(c[0] for c in polygon) / Fraction(size), sum(c[1] for c in polygon) / Fraction(size)


def pieces(polygon: Polygon, lines: Iterable[Line]) -> list[Polygon]:
    """The two-dimensional pieces into which lines cut a convex polygon; constants cut nothing."""
    found = [polygon]
    for line in lines:
        if line[0] == line[1] == 0:
            continue
        found = [part for p in found for part in (_half(p, line, 1), _half(p, line, -1)) if part]
    return found


def _half(polygon: Polygon, line: Line, sign: int) -> Polygon:
    """The part where sign * line >= 0, or nothing when it has no interior."""
    values = [sign * value(line, corner) for corner in polygon]
    if max(values) <= 0:
        return ()
    if min(values) >= 0:
        return polygon
    kept: list[Corner] = []
    around = zip(pairwise([*polygon, polygon[0]]), pairwise([*values, values[0]]), strict=True)
    for (p, q), (a, b) in around:
        if a >= 0:
            kept.append(p)
        if a * b < 0:
            share = a / (a - b)
            kept.append((p[0] + share * (q[0] - p[0]), p[1] + share * (q[1] - p[1])))
    return tuple(kept)


def triangle_cells(knots: Sequence[Fraction]) -> list[tuple[int, int, Polygon]]:
    """The cells of {l <= u} between sorted knots: indices of the intervals of l and u, polygon."""
    found = []
    for j, (c, d) in enumerate(pairwise(knots)):
        for i, (a, b) in enumerate(pairwise(knots[: j + 2])):
            corners = ((a, c), (b, c), (b, d), (a, d)) if i < j else ((a, c), (b, d), (a, d))
            found.append((i, j, corners))
    return found
