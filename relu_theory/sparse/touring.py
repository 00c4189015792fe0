"""Shortest paths that touch the edges of a convex chain in order: a search in floats or balls.

Vertex j of the chain is V_j; edge j joins V_(j-1) to V_j. A shortest path from the first vertex to
the last that touches every edge falls into pieces between the vertices on it. A piece from V_i to
V_k meets the edges i + 2, ..., k - 1 inside and is reflected there: unfolded, it is a segment.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

__all__ = ["shortest_pieces"]

#: A float, or an arb ball; a comparison that a ball leaves open counts as false.
Number = Any
Vector = tuple[Number, Number]
Frame = tuple[Number, Number, Number, Number, Number, Number]

_IDENTITY: Frame = (1, 0, 0, 1, 0, 0)


def shortest_pieces(
    vertices: Sequence[Vector], slopes: Sequence[Number], open_start: bool, open_end: bool
) -> list[tuple[int, int]]:
    """The pieces (i, k) of the shortest path, in order.

    Parameters
    ----------
    vertices : n + 1 points V_0, ..., V_n, of floats or of arb balls
    slopes : n + 2 numbers
        Edge j = 1, ..., n lies on a line of slope ``slopes[j]``; the first and last number are the
        slopes of the rays before V_0 and after V_n.
    open_start, open_end : bool
        Whether the path may start anywhere on the ray before V_0 (the piece is then (-1, k)), end
        anywhere on the ray after V_n (then (i, n + 1)).
    """
    n = len(vertices) - 1
    best: list[Number] = [math.inf] * (n + 1)
    last = [(-1, -1)] * (n + 1)
    best[0] = 0
    if open_start:
        for k, length in _from_ray(vertices, slopes):
            if length < best[k]:
                best[k], last[k] = length, (-1, k)
    for i in range(n):
        for k, length in _from_vertex(vertices, slopes, i):
            if best[i] + length < best[k]:
                best[k], last[k] = best[i] + length, (i, k)
    end, total, final = n, best[n], None
    if open_end:
        # Mirrored in the second axis, the chain runs the other way: V_k becomes vertex n - k.
        mirrored = [(-m, c) for m, c in reversed(vertices)]
        for k, length in _from_ray(mirrored, [-s for s in reversed(slopes)]):
            if best[n - k] + length < total:
                end, total, final = n - k, best[n - k] + length, (n - k, n + 1)
    pieces = [final] if final else []
    while end > 0 or last[0] != (-1, -1):
        pieces.append(last[end])
        end = last[end][0]
        if end < 0:
            break
    return pieces[::-1]


def _from_vertex(
    vertices: Sequence[Vector], slopes: Sequence[Number], i: int
) -> Iterator[tuple[int, Number]]:
    """Pieces from V_i: the vertices k that they reach, and their lengths."""
    start, frame = vertices[i], _IDENTITY
    right, left = None, None
    for k in range(i + 1, len(vertices)):
        x, y = _apply(frame, vertices[k])
        ray = (x - start[0], y - start[1])
        if right is None or (_cross(right, ray) >= 0 and _cross(ray, left) >= 0):
            yield k, _length(*ray)
        if k == i + 1:
            continue
        # The piece goes on through edge k, seen from V_i between two directions.
        x, y = _apply(frame, vertices[k - 1])
        ends = (x - start[0], y - start[1]), ray
        low, high = ends if _cross(*ends) >= 0 else ends[::-1]
        right = low if right is None or _cross(right, low) > 0 else right
        left = high if left is None or _cross(high, left) > 0 else left
        if _cross(right, left) <= 0:
            return
        frame = _reflected(frame, vertices[k], slopes[k])


def _from_ray(
    vertices: Sequence[Vector], slopes: Sequence[Number]
) -> Iterator[tuple[int, Number]]:
    """Pieces that leave the ray before V_0 at a right angle."""
    size = _length(1 + 0 * slopes[0], slopes[0])
    along = (1 / size, slopes[0] / size)
    origin, frame = vertices[0], _IDENTITY
    low, high = -math.inf, 0
    for k in range(1, len(vertices)):
        x, y = _apply(frame, vertices[k])
        here = (x - origin[0]) * along[0] + (y - origin[1]) * along[1]
        if low <= here <= high:
            yield k, abs((x - origin[0]) * along[1] - (y - origin[1]) * along[0])
        x, y = _apply(frame, vertices[k - 1])
        before = (x - origin[0]) * along[0] + (y - origin[1]) * along[1]
        low, high = max(low, min(here, before)), min(high, max(here, before))
        if low >= high:
            return
        frame = _reflected(frame, vertices[k], slopes[k])


def _length(x: Number, y: Number) -> Number:
    return math.hypot(x, y) if isinstance(x, float) else (x * x + y * y).sqrt()


def _cross(a: Vector, b: Vector) -> float:
    return a[0] * b[1] - a[1] * b[0]


def _apply(frame: Frame, point: Vector) -> Vector:
    a, b, c, d, e, f = frame
    return a * point[0] + b * point[1] + e, c * point[0] + d * point[1] + f


def _reflected(frame: Frame, point: Vector, slope: float) -> Frame:
    """The frame after the reflection in the line of this slope through a point."""
    square = 1 + slope * slope
    p, q = (1 - slope * slope) / square, 2 * slope / square
    x, y = point
    e, f = x - p * x - q * y, y - q * x + p * y
    a, b, c, d, g, h = frame
    return (
        a * p + b * q, a * q - b * p, c * p + d * q, c * q - d * p,
        a * e + b * f + g, c * e + d * f + h,
    )  # fmt: skip
