"""Certified interval bounds of every pre-activation of a network on a bounded domain."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from flint import fmpq, fmpq_mat
from numpy.typing import NDArray

from relu_theory.domain import Box, resolve
from relu_theory.errors import InvalidInput
from relu_theory.exact.numbers import float_of, fraction
from relu_theory.network import ReluNetwork

__all__ = [
    "FloatInterval",
    "Interval",
    "affine_image",
    "affine_image_float",
    "enclosing_box",
    "interval_bounds",
    "interval_bounds_float",
    "outward",
]

Floats = NDArray[np.float64]
UNIT, TINY = 2.0**-53, 2.0**-1074


class Interval(NamedTuple):
    """Exact ends of the intervals of one layer: two lists of flint rationals."""

    lower: list[fmpq]
    upper: list[fmpq]

    def relu(self) -> Interval:
        """The image under max(., 0)."""
        return Interval(*([max(value, fmpq(0)) for value in end] for end in self))


class FloatInterval(NamedTuple):
    """Float ends that enclose the exact intervals of one layer."""

    lower: Floats
    upper: Floats

    def relu(self) -> FloatInterval:
        """The image under max(., 0)."""
        return FloatInterval(np.maximum(self.lower, 0.0), np.maximum(self.upper, 0.0))

    def magnitude(self) -> Floats:
        """The largest absolute value in each interval."""
        return np.maximum(np.abs(self.lower), np.abs(self.upper))


def enclosing_box(domain: Any, dim: int) -> Box:
    """The smallest box around a bounded, non-empty domain in R^dim.

    Parameters
    ----------
    domain : Box or bounded Polytope
    dim : int
        The number of inputs of the network that the domain is for.

    Raises
    ------
    InvalidInput
        When the domain is empty or unbounded, or no polyhedron.
    ShapeError
        When its dimension is not ``dim``.

    Examples
    --------
    >>> from relu_theory import Polytope
    >>> enclosing_box(Polytope([[-1, 0], [0, -1], [2, 1]], [0, 0, 1]), 2).upper
    (Fraction(1, 2), Fraction(1, 1))
    """
    polyhedron = resolve(domain, dim)
    if isinstance(polyhedron, Box):
        return polyhedron
    if polyhedron.is_empty:
        raise InvalidInput("domain must not be empty, since nothing has bounds on it; give another")
    if not polyhedron.is_bounded:
        raise InvalidInput(
            f"domain must be bounded, got {polyhedron}: pre-activations have no interval bounds on "
            "an unbounded set; give a Box"
        )
    vertices = [[fmpq(x, ray[-1]) for x in ray[:-1]] for ray in polyhedron.generators().rays]
    columns = list(zip(*vertices, strict=True))
    return Box([fraction(min(c)) for c in columns], [fraction(max(c)) for c in columns])


def interval_bounds(net: ReluNetwork, domain: Any) -> list[Interval]:
    """Exact interval arithmetic (IBP): bounds of every pre-activation and of the outputs.

    Parameters
    ----------
    net : ReluNetwork
    domain : Box or bounded Polytope
        A polytope is replaced by the smallest box around it.

    Returns
    -------
    list of Interval
        One for each hidden layer, then one for the outputs. The bounds are those of rational
        interval arithmetic, without rounding: every pre-activation on the domain lies in them.

    Raises
    ------
    InvalidInput, ShapeError
        As `enclosing_box`.

    Notes
    -----
    Two matrix-vector products for each layer. Bits of the ends grow linearly with depth.

    Examples
    --------
    >>> net = ReluNetwork([[[1], [-1]], [[1, -1]]], [[0, 0], [0]])
    >>> interval_bounds(net, Box(-1, 2, dim=1))[-1]
    Interval(lower=[-1], upper=[2])
    """
    box = enclosing_box(domain, net.input_dim)
    current = Interval([_rational(x) for x in box.lower], [_rational(x) for x in box.upper])
    found = []
    for weight, bias in zip(net.exact.weights, net.exact.biases, strict=True):
        found.append(affine_image(weight, bias, current))
        current = found[-1].relu()
    return found


def affine_image(weight: fmpq_mat, bias: list[fmpq], inner: Interval) -> Interval:
    """The exact interval hull of weight x + bias over a box of x."""
    lower, upper = _column(inner.lower), _column(inner.upper)
    rows, columns = weight.nrows(), weight.ncols()
    zero = fmpq(0)
    entries = weight.entries()
    plus = fmpq_mat(rows, columns, [w if w > 0 else zero for w in entries])
    minus = weight - plus
    low = (plus * lower + minus * upper).entries()
    high = (plus * upper + minus * lower).entries()
    return Interval(
        [v + b for v, b in zip(low, bias, strict=True)],
        [v + b for v, b in zip(high, bias, strict=True)],
    )


def interval_bounds_float(net: ReluNetwork, domain: Any) -> list[FloatInterval]:
    """Interval arithmetic in floats, rounded outward: it encloses `interval_bounds`.

    Parameters and errors as `interval_bounds`.

    Returns
    -------
    list of FloatInterval
        Enclosures for the exact network, also where its weights are no floats. An end that
        overflows is infinite.

    Notes
    -----
    Every product of a matrix and a vector is widened by an a priori bound of its rounding error,
    so that the order in which a library sums does not matter [Higham 2002, section 3.1].

    Examples
    --------
    A float product alone answers [0, 0] here:

    >>> net = ReluNetwork([[[1]], [[1]]], [[2**53], [-(2**53)]])
    >>> lower, upper = interval_bounds_float(net, Box(0, 1, dim=1))[-1]
    >>> bool(lower[0] <= 0 and upper[0] >= 1)
    True
    """
    box = enclosing_box(domain, net.input_dim)
    current = outward(box)
    found = []
    for weight, bias in zip(net.weights, net.biases, strict=True):
        found.append(affine_image_float(weight, bias, current))
        current = found[-1].relu()
    return found


def affine_image_float(weight: Floats, bias: Floats, inner: FloatInterval) -> FloatInterval:
    """An enclosure of the interval hull of weight x + bias over a box of x, or over each of many.

    The exact weights may differ from the given ones by half a unit in the last place. The ends of
    many boxes are the rows of two arrays.
    """
    plus, minus = np.maximum(weight, 0.0).T, np.minimum(weight, 0.0).T
    size = weight.shape[1]
    with np.errstate(all="ignore"):
        largest = inner.magnitude()
        total = largest @ np.abs(weight).T + np.abs(bias)
        error = (1.01 * (size + 8) * UNIT) * total
        widest = largest.max(axis=-1, keepdims=True, initial=0.0)
        error = error + TINY * (4 * size + 8) * (1.0 + widest)
        low = np.nextafter(inner.lower @ plus + inner.upper @ minus + bias - error, -math.inf)
        high = np.nextafter(inner.upper @ plus + inner.lower @ minus + bias + error, math.inf)
    return FloatInterval(
        np.where(np.isfinite(error) & ~np.isnan(low), low, -math.inf),
        np.where(np.isfinite(error) & ~np.isnan(high), high, math.inf),
    )


def outward(box: Box) -> FloatInterval:
    """The ends of a box as floats, rounded outward where they are no floats."""
    lower = np.array([_directed(x, -math.inf) for x in box.lower])
    upper = np.array([_directed(x, math.inf) for x in box.upper])
    return FloatInterval(lower, upper)


def _directed(x: Any, towards: float) -> float:
    nearest = float_of(x)
    beyond = math.isfinite(nearest) and (fraction(nearest) > x) == (towards > 0)
    if math.isfinite(nearest) and (beyond or fraction(nearest) == x):
        return nearest
    return math.nextafter(nearest, towards)


def _rational(x: Any) -> fmpq:
    return fmpq(x.numerator, x.denominator)


def _column(values: list[fmpq]) -> fmpq_mat:
    return fmpq_mat(len(values), 1, values)
