"""A network prepared for the search: rescaled float layers with proved error bounds.

Multiplying a neuron by a positive number and the weights that leave it by the inverse changes
neither the function nor any pattern. That freedom is used twice: a layer whose rows can be made
small integers is kept as integers, so that float arithmetic on it is exact; any other row is
scaled by a power of two such that its magnitude bound is about 1, which keeps weights scaled by
2**-200 or 2**60 away from underflow and overflow.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from relu_theory.exact import float_of, primitive
from relu_theory.network import ReluNetwork

UNIT = 2.0**-53
TWO53 = 2.0**53
# Below every error worth knowing and above the underflow of products of scaled numbers.
TINY = 1e-280
# What an entry that would underflow is replaced by: the error stays far below TINY.
LEAST = 1e-300

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Layer:
    """One hidden layer after rescaling; columns of `affine` are inputs and, last, the bias.

    Attributes
    ----------
    affine : (n, m + 1) array
        Scaled weights and biases, rounded once where `rounded`.
    extent : (n, d + 1) array
        Upper bound on the coefficients of each neuron's affine map over every pattern; an entry is
        zero only where the coefficient vanishes for structural reasons.
    growth : float
        The maps computed in floats differ from the exact ones by at most growth * 2**-53 * extent.
    integral : bool
        Every map is an integer vector below 2**53 (then there is no error at all).
    exponents : (n,) integer array or None
        The scale factors as powers of two, or None when `factors` holds them as rationals.
    """

    affine: Floats
    extent: Floats
    growth: float
    integral: bool
    exponents: NDArray[np.int64] | None
    factors: tuple[fmpq, ...] | None

    @cached_property
    def scale(self) -> tuple[fmpq, ...]:
        """The exact positive factor of every neuron."""
        if self.factors is not None:
            return self.factors
        two = fmpq(2)
        return tuple(two ** int(e) for e in self.exponents)

    @property
    def magnitude(self) -> Floats:
        """Bound on the value at a ray whose coordinates are at most 1."""
        return self.extent.sum(axis=1) * (1 + 1e-12)

    @property
    def filter_error(self) -> Floats:
        """Bound on the float error of a value at an exact ray with coordinates at most 1."""
        size = self.extent.shape[1]
        factor = (self.growth + size + 2) * UNIT
        return np.where(self.magnitude > 0, factor * self.magnitude + TINY, 0.0)

    @property
    def row_error(self) -> Floats:
        """Bound on the error of a single coefficient of a neuron's map."""
        error = self.growth * UNIT * self.extent.max(axis=1) * (1 + 1e-12)
        return np.where(error > 0, error + TINY, 0.0)


def scaled_layers(net: ReluNetwork) -> list[Layer]:
    """The hidden layers of a network, rescaled, with their bounds.

    Examples
    --------
    >>> net = ReluNetwork([[[0.5], [-3.0]], [[1, 1]]], [[0.25, 6], [0]])
    >>> [row.tolist() for row in scaled_layers(net)[0].affine]
    [[2.0, 1.0], [-1.0, 2.0]]
    """
    scale = _scale_floats if net.float_exact else _scale_rationals
    layers: list[Layer] = []
    for level in range(net.depth):
        layers.append(scale(net, level, layers[-1] if layers else None))
    return layers


def _scale_floats(net: ReluNetwork, level: int, before: Layer | None) -> Layer:
    weights, biases = net.weights[level], net.biases[level]
    rows = np.column_stack([weights, biases])
    if before is not None:
        if before.exponents is None:
            return _scale_rationals(net, level, before)
        undo = np.append(-before.exponents, 0)
        original, rows = rows, np.ldexp(rows, undo)
        if not np.array_equal(np.ldexp(rows, -undo), original):
            return _scale_rationals(net, level, before)
    low, high = _exponent_range(rows)
    small = bool(np.all(high - low <= 53))
    if small and (before is None or before.integral):
        integers = np.ldexp(rows, -low[:, None])
        extent = _extent(integers, before)
        if extent.sum(axis=1).max(initial=0.0) < TWO53:
            return Layer(integers, extent, 0.0, True, -low, None)
    original, rows = rows, np.ldexp(rows, -high[:, None])
    shift = _exponents(_extent(rows, before).sum(axis=1))
    exponents = -high - shift
    scaled = np.ldexp(rows, -shift[:, None])
    if not np.array_equal(np.ldexp(scaled, (high + shift)[:, None]), original):
        return _scale_rationals(net, level, before)
    growth = 0.0 if before is None else before.growth + before.affine.shape[0] + 3
    return Layer(scaled, _extent(scaled, before), growth, False, exponents, None)


def _scale_rationals(net: ReluNetwork, level: int, before: Layer | None) -> Layer:
    exact_weights, exact_biases = net.exact.weights[level], net.exact.biases[level]
    undo = [1 / s for s in before.scale] if before is not None else None
    rows, factors = [], []
    for i in range(exact_weights.nrows()):
        row = [exact_weights[i, j] for j in range(exact_weights.ncols())]
        if undo is not None:
            row = [w * u for w, u in zip(row, undo, strict=True)]
        row.append(exact_biases[i])
        whole = primitive(row)
        lead = next((k for k, x in enumerate(whole) if x), None)
        factors.append(fmpq(1) if lead is None else fmpq(whole[lead]) / row[lead])
        rows.append(whole)
    largest = max((abs(x) for row in rows for x in row), default=0)
    if largest < TWO53 and (before is None or before.integral):
        integers = np.array(rows, dtype=float)
        extent = _extent(integers, before)
        if extent.sum(axis=1).max(initial=0.0) < TWO53:
            return Layer(integers, extent, 0.0, True, None, tuple(factors))
    tops = [max((abs(x) for x in row), default=0) or 1 for row in rows]
    floats = np.array(
        [[float_of(fmpq(x, t)) for x in row] for row, t in zip(rows, tops, strict=True)]
    )
    nonzero = np.array([[x != 0 for x in row] for row in rows])
    lost = nonzero & (np.abs(floats) < LEAST)
    floats = np.where(lost, LEAST, floats)
    shift = _exponents(_extent(floats, before).sum(axis=1))
    scaled = np.ldexp(floats, -shift[:, None])
    exact = tuple(f / t * fmpq(2) ** int(-s) for f, t, s in zip(factors, tops, shift, strict=True))
    growth = 1.0 if before is None else before.growth + before.affine.shape[0] + 4
    return Layer(scaled, _extent(scaled, before), growth, False, None, exact)


def _exponent_range(rows: Floats) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Per row: exponent of the lowest set bit, and of the first power of two above all entries."""
    mantissa, exponent = np.frexp(rows)
    whole = np.ldexp(mantissa, 53).astype(np.int64)
    lowest_bit = (whole & -whole).astype(float)
    trailing = np.frexp(lowest_bit)[1] - 1
    low = np.where(whole != 0, exponent.astype(np.int64) - 53 + trailing, 1 << 20).min(axis=1)
    high = np.where(whole != 0, exponent.astype(np.int64), -(1 << 20)).max(axis=1)
    empty = low == 1 << 20
    return np.where(empty, 0, low), np.where(empty, 0, high)


def _exponents(values: Floats) -> NDArray[np.int64]:
    return np.where(values > 0, np.frexp(values)[1], 0).astype(np.int64)


def _extent(rows: Floats, before: Layer | None) -> Floats:
    """Bound the affine maps of a layer: |weights| times the extent below, plus |biases|."""
    absolute = np.abs(rows)
    if before is None:
        return np.where(rows != 0, np.maximum(absolute, TINY), 0.0)
    weights, biases = absolute[:, :-1], absolute[:, -1]
    extent = weights @ before.extent
    extent[:, -1] += biases
    structural = (weights > 0).astype(float) @ (before.extent > 0).astype(float) > 0
    structural[:, -1] |= biases > 0
    rounded = extent * (1 + 2.0**-40)
    integral = before.integral and np.array_equal(extent, np.rint(extent))
    return np.where(structural, np.maximum(extent if integral else rounded, TINY), 0.0)
