"""Pseudo-shattering by one neuron, and fat-shattering by bounded linear functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

from flint import fmpq

from relu_theory.errors import InvalidInput, ShapeError, TooLarge
from relu_theory.exact.linalg import solve
from relu_theory.exact.numbers import fraction, rational, rational_vector
from relu_theory.vc.realise import Refutation, realise
from relu_theory.vc.systems import Point, System, read_points

__all__ = ["Neuron", "fat_shatters", "margin_squared", "pseudo_shatters"]


@dataclass(frozen=True)
class Neuron:
    """The real functions ``relu(w . x + b)`` on R^inputs; b = 0 without ``bias``.

    Raises
    ------
    InvalidInput
        When inputs is not a positive int.
    """

    inputs: int
    bias: bool = True

    def __post_init__(self) -> None:
        if isinstance(self.inputs, bool) or not isinstance(self.inputs, int) or self.inputs < 1:
            raise InvalidInput(f"inputs must be a positive int, got {self.inputs!r}")

    def system(self, points: Sequence[Point], thresholds: Sequence[fmpq]) -> System:
        """``relu(w . x_i + b) - t_i s``, and one more row, s, that is to be positive."""
        one = [fmpq(1)] if self.bias else []
        size = self.inputs + self.bias
        base = [(*[fmpq(0)] * size, -t) for t in thresholds]
        forms = [((*point, *one, fmpq(0)),) for point in points]
        positive = (*[fmpq(0)] * size, fmpq(1))
        nothing = ((fmpq(0),) * (size + 1),)
        return System((*base, positive), (*forms, nothing), (0,), False, None)


def pseudo_shatters(neuron: Neuron, points: Any, thresholds: Any) -> bool:
    """Whether each set of points is exactly where some function exceeds the thresholds.

    Parameters
    ----------
    neuron : Neuron
    points : m distinct points
    thresholds : m numbers

    Raises
    ------
    ShapeError
        When there are not as many thresholds as points.
    TooLarge
        For more than 16 points.

    Notes
    -----
    ``f(x_i) > t_i`` is made homogeneous by a parameter s > 0 that multiplies the thresholds; then
    each labeling is decided as in `relu_theory.vc.realises`, positives by exact parameters and
    negatives by exact Farkas multipliers.

    Examples
    --------
    The pseudo-dimension of relu(w x + b) on the line is 2:

    >>> pseudo_shatters(Neuron(1), [[0], [1]], [0, 0])
    True
    >>> pseudo_shatters(Neuron(1), [[0], [1], [2]], [0, 0, 0])
    False
    """
    exact = read_points(points, neuron.inputs)
    levels = rational_vector(thresholds, name="thresholds")
    if len(levels) != len(exact):
        raise ShapeError(f"thresholds must have {len(exact)} entries, got {len(levels)}")
    if len(exact) > 16:
        raise TooLarge(f"at most 16 points are decided, got {len(exact)}")
    system = neuron.system(exact, levels)
    words = product((1, -1), repeat=len(exact))
    return not any(isinstance(realise(system, [*word, 1]), Refutation) for word in words)


def margin_squared(points: Any) -> Fraction:
    """The square of the largest margin at which ``x -> w . x``, |w| <= 1, shatters the points.

    It is the least, over all signs, of the squared distance from 0 to the convex hull of the points
    s_i x_i; 0 when they are dependent with some signs.

    Raises
    ------
    TooLarge
        For more than 12 points.

    Notes
    -----
    Thresholds may be 0: half the difference of the functions for opposite labels has the same
    margin. For fixed signs the largest margin is the distance of the hull from 0 (duality); the
    nearest point is found exactly, by Wolfe's algorithm on rationals.

    Examples
    --------
    >>> margin_squared([[1, 0, 0], [0, 1, 0], [0, 0, 1]])
    Fraction(1, 3)
    """
    rows = [rational_vector(p, name=f"points[{i}]") for i, p in enumerate(points)]
    exact = read_points(points, len(rows[0]) if rows else 0)
    if len(exact) > 12:
        raise TooLarge(f"at most 12 points are decided, got {len(exact)}")
    best: fmpq | None = None
    for tail in product((1, -1), repeat=len(exact) - 1):
        signed = [
            [s * v for v in p] for s, p in zip((1, *tail), exact, strict=True)
        ]
        distance = _nearest(signed)
        if best is None or distance < best:
            best = distance
    return fraction(best)


def fat_shatters(points: Any, bound: Any, margin: Any) -> bool:
    """Whether ``x -> w . x``, |w| <= bound, shatters the points with this margin.

    Exact: compares ``bound^2 * margin_squared(points)`` with ``margin^2``. At most
    ``(bound * radius / margin)^2`` points of norm <= radius are shattered.

    Raises
    ------
    InvalidInput
        Unless bound and margin are positive.

    Examples
    --------
    >>> [fat_shatters([[1, 0], [0, 1]], 1, g) for g in ("7/10", "3/4")]
    [True, False]
    """
    b, g = rational(bound), rational(margin)
    if b <= 0 or g <= 0:
        raise InvalidInput(f"bound and margin must be positive, got {bound} and {margin}")
    return bool(fraction(b * b) * margin_squared(points) >= fraction(g * g))


def _nearest(points: list[list[fmpq]]) -> fmpq:
    """The squared distance from 0 to the convex hull, by Wolfe's algorithm in exact arithmetic."""
    chosen, weights = [min(range(len(points)), key=lambda i: _dot(points[i], points[i]))], [fmpq(1)]
    while True:
        x = _combination(points, chosen, weights)
        square = _dot(x, x)
        entering = min(range(len(points)), key=lambda i: _dot(points[i], x))
        if square == 0 or _dot(points[entering], x) >= square:
            return square
        chosen, weights = [*chosen, entering], [*weights, fmpq(0)]
        while True:
            affine = _affine_minimum([points[i] for i in chosen])
            if min(affine) >= 0:
                chosen = [i for i, w in zip(chosen, affine, strict=True) if w]
                weights = [w for w in affine if w]
                break
            step = min(
                w / (w - a) for w, a in zip(weights, affine, strict=True) if a < 0
            )
            moved = [w + step * (a - w) for w, a in zip(weights, affine, strict=True)]
            chosen = [i for i, w in zip(chosen, moved, strict=True) if w]
            weights = [w for w in moved if w]


def _affine_minimum(points: list[list[fmpq]]) -> list[fmpq]:
    """Weights with sum 1 of the point of the affine hull that is nearest to 0."""
    k = len(points)
    system = [[_dot(a, b) for b in points] + [fmpq(1)] for a in points]
    system.append([fmpq(1)] * k + [fmpq(0)])
    found = solve(system, [fmpq(0)] * k + [fmpq(1)])
    assert found is not None, "a convex problem on a flat has a minimum"
    return found[:k]


def _combination(points: list[list[fmpq]], chosen: list[int], weights: list[fmpq]) -> list[fmpq]:
    rows = [points[i] for i in chosen]
    return [_dot(weights, column) for column in zip(*rows, strict=True)]


def _dot(a: Sequence[fmpq], b: Sequence[fmpq]) -> fmpq:
    return sum((x * y for x, y in zip(a, b, strict=True)), fmpq(0))
