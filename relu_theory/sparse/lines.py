"""Interpolants whose pieces are lines through two neighbouring data points.

Such an interpolant is the increasing list of the segments that it extends. It begins with the
first segment and ends with the last. Between two kept segments at most one is left out; its two
points have the same curvature, and the knot is where the lines beside it cross.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from relu_theory.cpwl import CPWL
from relu_theory.sparse.points import Points

__all__ = ["function_of", "knot_count", "sparsest_lines"]


def knot_count(points: Points) -> int:
    """The least number of knots: half the length of every run, rounded up.

    Examples
    --------
    >>> from relu_theory.sparse.points import read_points
    >>> knot_count(read_points(range(7), [0, 0, 1, 3, 5, 8, 12]))
    2
    """
    _, lengths, _ = points.run_arrays
    return int(((lengths + 1) // 2).sum())


def sparsest_lines(points: Points) -> NDArray[np.int64]:
    """The kept segments of one interpolant with the least number of knots.

    In every run the points are paired, from the right; the first point of a run of odd length
    remains a knot of its own.
    """
    starts, lengths, _ = points.run_arrays
    kept = np.ones(len(points) - 1, dtype=bool)
    total = int(lengths.sum())
    place = np.arange(total) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    at = np.repeat(starts, lengths) + place
    size = np.repeat(lengths, lengths)
    opens = (place % 2 == size % 2) & (place + 1 < size)
    # Entry j of the signs belongs to point j + 1, which segments j and j + 1 share.
    kept[at[opens] + 1] = False
    return np.flatnonzero(kept)


def function_of(points: Points, lines: NDArray[np.int64]) -> CPWL:
    """The interpolant with these kept segments."""
    left, right = lines[:-1], lines[1:]
    dx, dy = points.dx, points.dy
    turn = dy[right] * dx[left] - dy[left] * dx[right]
    bent = turn != 0
    left, right, turn = left[bent], right[bent], turn[bent]
    tops, bottoms = _crossings(points, left, right, turn)
    scale = points.x_scale
    knots = [fmpq(a, b * scale) for a, b in zip(tops.tolist(), bottoms.tolist(), strict=True)]
    slopes = _slopes(points, np.concatenate((lines[:1], right)))
    x, y = points.abscissa(0), points.ordinate(0)
    return CPWL._of(knots, slopes, y - slopes[0] * x)


def _crossings(
    points: Points, left: NDArray[np.int64], right: NDArray[np.int64], turn: NDArray[Any]
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Numerators and denominators of where the lines of the segments cross."""
    dx, dy = points.dx, points.dy
    tops, bottoms = points.x[right].copy(), np.ones_like(points.x[right])
    wide = right - left == 2
    a, b, c, down = left[wide], left[wide] + 1, right[wide], -turn[wide]
    ahead = dx[a] * (dy[b] * dx[c] - dy[c] * dx[b])
    tops[wide] = points.x[b] * down + ahead
    bottoms[wide] = down
    return tops, bottoms


def _slopes(points: Points, segments: NDArray[np.int64]) -> list[fmpq]:
    rises, widths = points.dy[segments].tolist(), points.dx[segments].tolist()
    up, down = points.x_scale, points.y_scale
    return [fmpq(a * up, b * down) for a, b in zip(rises, widths, strict=True)]
