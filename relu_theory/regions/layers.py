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
Corners = tuple[Floats, Floats]


@dataclass(frozen=True)
class Maps:
    """Bounds on the affine maps of a layer's neurons over the patterns that a domain can show.

    A neuron whose sign is the same on the whole domain contributes its map or nothing; any other
    contributes the interval between the two.

    Attributes
    ----------
    centre, radius : (n, d + 1) arrays
        Every exact map lies within `radius` of `centre`, entry by entry.
    error : (n, d + 1) array
        A map summed up in floats, in any order, is off by at most this.
    partial : (n, d + 1) array
        Bound on every partial sum of such a summation.
    """

    centre: Floats
    radius: Floats
    error: Floats
    partial: Floats

    @property
    def extent(self) -> Floats:
        """Bound on the size of every coefficient; zero only where it vanishes structurally."""
        size = (np.abs(self.centre) + self.radius + self.error) * (1 + 2.0**-40)
        return np.where(self.partial > 0, np.maximum(size, TINY), 0.0)

    def scaled(self, exponents: NDArray[np.int64]) -> Maps:
        """The bounds after multiplying neuron i by 2**exponents[i]."""
        e = exponents[:, None]
        return Maps(*(_ldexp(x, e) for x in (self.centre, self.radius, self.error, self.partial)))


@dataclass(frozen=True)
class Layer:
    """One hidden layer after rescaling; columns of `affine` are inputs and, last, the bias.

    Attributes
    ----------
    affine : (n, m + 1) array
        Scaled weights and biases, rounded once where `factors` are given.
    maps : Maps
    integral : bool
        Every map is an integer vector below 2**53 (then there is no error at all).
    exponents : (n,) integer array or None
        The scale factors as powers of two, or None when `factors` holds them as rationals.
    """

    affine: Floats
    maps: Maps
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

    @cached_property
    def extent(self) -> Floats:
        """Bound on the coefficients of each neuron's map, (n, d + 1)."""
        return self.maps.extent

    @cached_property
    def error(self) -> Floats:
        """Bound on the float error of each coefficient, (n, d + 1); zero when exact."""
        error = self.maps.error
        return np.where((error > 0) & ~np.bool_(self.integral), error + TINY, 0.0)

    @cached_property
    def magnitude(self) -> Floats:
        """Bound on the value at a ray whose coordinates are at most 1."""
        return self.extent.sum(axis=1) * (1 + 1e-12)

    @cached_property
    def filter_error(self) -> Floats:
        """Bound on the float error of a value at an exact ray with coordinates at most 1."""
        size = self.extent.shape[1]
        error = self.error.sum(axis=1) * (1 + 1e-12) + (size + 2) * UNIT * self.magnitude
        return np.where(self.magnitude > 0, error + TINY, 0.0)

    @cached_property
    def row_error(self) -> Floats:
        """Bound on the error of a single coefficient of a neuron's map."""
        return self.error.max(axis=1)

    @cached_property
    def largest(self) -> float:
        """Bound on the values at rays of size 1 when integral, else infinite."""
        return float(self.magnitude.max(initial=0.0)) if self.integral else np.inf


def scaled_layers(net: ReluNetwork, box: Corners | None = None) -> list[Layer]:
    """The hidden layers of a network, rescaled, with their bounds.

    Parameters
    ----------
    net : ReluNetwork
    box : pair of (d,) float arrays, optional
        Lower and upper ends of a box that holds the domain; it makes the bounds tighter.

    Examples
    --------
    >>> net = ReluNetwork([[[0.5], [-3.0]], [[1, 1]]], [[0.25, 6], [0]])
    >>> [row.tolist() for row in scaled_layers(net)[0].affine]
    [[2.0, 1.0], [-3.0, 6.0]]
    """
    scale = _scale_floats if net.float_exact else _scale_rationals
    layers: list[Layer] = []
    for level in range(net.depth):
        layers.append(scale(net, level, layers[-1] if layers else None, box))
    return layers


def _scale_floats(
    net: ReluNetwork, level: int, before: Layer | None, box: Corners | None
) -> Layer:
    rows = np.column_stack([net.weights[level], net.biases[level]])
    if before is not None:
        if before.exponents is None:
            return _scale_rationals(net, level, before, box)
        undo = np.append(-before.exponents, 0)
        with np.errstate(over="ignore"):
            original, rows = rows, _ldexp(rows, undo)
        if not np.array_equal(_ldexp(rows, -undo), original):
            return _scale_rationals(net, level, before, box)
    if (before is None or before.integral) and _may_be_integral(rows):
        low, _ = _exponent_range(rows)
        integers = _ldexp(rows, -low[:, None])
        whole = _maps(integers, before, box)
        if whole.partial.sum(axis=1).max(initial=0.0) < TWO53:
            return Layer(integers, _without_error(whole), True, -low, None)
    high = _exponents(np.abs(rows).max(axis=1))
    original, rows = rows, _ldexp(rows, -high[:, None])
    maps = _maps(rows, before, box)
    shift = _exponents(maps.extent.sum(axis=1))
    scaled = _ldexp(rows, -shift[:, None])
    if not np.array_equal(_ldexp(scaled, (high + shift)[:, None]), original):
        return _scale_rationals(net, level, before, box)
    return Layer(scaled, maps.scaled(-shift), False, -high - shift, None)


def _scale_rationals(
    net: ReluNetwork, level: int, before: Layer | None, box: Corners | None
) -> Layer:
    rows, factors = _primitive_rows(net, level, before)
    largest = max((abs(x) for row in rows for x in row), default=0)
    if largest < TWO53 and (before is None or before.integral):
        integers = np.array(rows, dtype=float)
        whole = _maps(integers, before, box)
        if whole.partial.sum(axis=1).max(initial=0.0) < TWO53:
            return Layer(integers, _without_error(whole), True, None, tuple(factors))
    tops = [max((abs(x) for x in row), default=0) or 1 for row in rows]
    floats = np.array(
        [[float_of(fmpq(x, t)) for x in row] for row, t in zip(rows, tops, strict=True)]
    )
    lost = np.array([[x != 0 for x in row] for row in rows]) & (np.abs(floats) < LEAST)
    floats = np.where(lost, LEAST, floats)
    maps = _maps(floats, before, box, np.where(lost, 2 * LEAST, UNIT * np.abs(floats)))
    shift = _exponents(maps.extent.sum(axis=1))
    exact = tuple(f / t * fmpq(2) ** int(-s) for f, t, s in zip(factors, tops, shift, strict=True))
    return Layer(np.ldexp(floats, -shift[:, None]), maps.scaled(-shift), False, None, exact)


def _primitive_rows(
    net: ReluNetwork, level: int, before: Layer | None
) -> tuple[list[tuple[int, ...]], list[fmpq]]:
    """Rows as primitive integers, the scale of the layer below undone, and their own scale."""
    weights, biases = net.exact.weights[level].table(), net.exact.biases[level]
    undo = [1 / s for s in before.scale] if before is not None else [fmpq(1)] * net.input_dim
    rows, factors = [], []
    for weight, bias in zip(weights, biases, strict=True):
        row = [w * s for w, s in zip(weight, undo, strict=True)] + [bias]
        whole = primitive(row)
        lead = next((k for k, x in enumerate(whole) if x), None)
        factors.append(fmpq(1) if lead is None else fmpq(whole[lead]) / row[lead])
        rows.append(whole)
    return rows, factors


def _without_error(maps: Maps) -> Maps:
    return Maps(maps.centre, maps.radius, np.zeros_like(maps.error), maps.partial)


def _ldexp(x: Floats, exponents: NDArray[np.int64]) -> Floats:
    """As numpy's ldexp; by products with powers of two, many times quicker, where these exist."""
    if np.abs(exponents).max(initial=0) > 1000:
        return np.ldexp(x, exponents)
    return x * np.ldexp(1.0, exponents)


def _may_be_integral(rows: Floats) -> bool:
    """Whether every row is an integer vector of at most 53 bits times a power of two."""
    for some in (rows[:1], rows):
        low, high = _exponent_range(some)
        if np.any(high - low > 53):
            return False
    return True


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


def _maps(
    rows: Floats, before: Layer | None, box: Corners | None, wrong: Floats | None = None
) -> Maps:
    """Bounds for a layer's maps from those of the layer below.

    `wrong` bounds the errors of the entries of `rows` themselves.
    """
    absolute = np.abs(rows)
    wrong = np.zeros_like(rows) if wrong is None else wrong
    if before is None:
        return Maps(rows, wrong, wrong, absolute)
    low, high, on = _after_relu(before, box)
    below = np.where(on[:, None], before.extent, 0.0)
    weights, w = rows[:, :-1], absolute[:, :-1]
    centre, radius = weights @ ((low + high) / 2), w @ ((high - low) / 2)
    partial, carried = w @ below, w @ np.where(on[:, None], before.maps.error, 0.0)
    centre[:, -1] += rows[:, -1]
    partial[:, -1] += absolute[:, -1]
    # A product may underflow to zero; the coefficient is not structurally zero for that.
    present = (w > 0).astype(float) @ (below > 0) > 0
    partial = np.where(present, np.maximum(partial, TINY), partial)
    # Products, sums in any order, and the rounding of the bound itself.
    misread = wrong[:, :-1] @ below
    misread[:, -1] += wrong[:, -1]
    error = carried + misread + (on.sum() + 4) * UNIT * partial
    slack = (len(on) + 4) * 2.0**-52
    radius += misread + slack * partial
    return Maps(centre, radius * (1 + slack), error * (1 + slack), partial * (1 + slack))


def _after_relu(layer: Layer, box: Corners | None) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Interval of each neuron's map after its ReLU, and which neurons are ever active."""
    low, high = layer.maps.centre - layer.maps.radius, layer.maps.centre + layer.maps.radius
    below, above = np.minimum(low, 0.0), np.maximum(high, 0.0)
    if box is None:
        return below, above, np.ones(len(low), dtype=bool)
    value, spread = _values(layer, box)
    active, dead = value > spread, value < -spread
    low = np.where(active[:, None], low, np.where(dead[:, None], 0.0, below))
    high = np.where(active[:, None], high, np.where(dead[:, None], 0.0, above))
    return low, high, ~dead


def _values(layer: Layer, box: Corners) -> tuple[Floats, Floats]:
    """Pre-activations on a box: within `spread` of `value`."""
    middle = np.append((box[0] + box[1]) / 2, 1.0)
    half = np.append((box[1] - box[0]) / 2 * (1 + 1e-12), 0.0)
    maps = layer.maps
    value = maps.centre @ middle
    spread = np.abs(maps.centre) @ half + maps.radius @ (np.abs(middle) + half)
    return value, spread + layer.extent @ (np.abs(middle) + half) * 1e-12 + TINY
