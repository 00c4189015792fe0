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

from relu_theory._kernels import scaling as kernel
from relu_theory.exact import float_of, primitive
from relu_theory.network import ReluNetwork

TWO53 = 2.0**53
# What an entry that would underflow is replaced by: the error stays far below that bound's least.
LEAST = 1e-300

Floats = NDArray[np.float64]
Corners = tuple[Floats, Floats]
_NONE = np.zeros((0, 0))


@dataclass(frozen=True)
class Maps:
    """Bounds on the affine maps of a layer's neurons over the patterns that a domain can show.

    A neuron whose sign is the same on the whole domain contributes its map or nothing; any other
    contributes the interval between the two.

    Attributes
    ----------
    bounds : (4, n, d + 1) array
        The four arrays that follow.
    centre, radius : (n, d + 1) arrays
        Every exact map lies within `radius` of `centre`, entry by entry.
    error : (n, d + 1) array
        A map summed up in floats, in any order, is off by at most this.
    partial : (n, d + 1) array
        Bound on every partial sum of such a summation.
    """

    bounds: Floats

    centre = property(lambda self: self.bounds[kernel.CENTRE])
    radius = property(lambda self: self.bounds[kernel.RADIUS])
    error = property(lambda self: self.bounds[kernel.ERROR])
    partial = property(lambda self: self.bounds[kernel.PARTIAL])


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
    extent : (n, d + 1) array
        Bound on the coefficients of each neuron's map; zero only where they vanish structurally.
    error : (n, d + 1) array
        Bound on the float error of each coefficient; zero when exact.
    magnitude, filter_error : (n,) arrays
        Bounds on the value at a ray whose coordinates are at most 1, and on the float error of
        that value when the ray is exact.
    row_error : (n,) array
        Bound on the error of a single coefficient of a neuron's map.
    """

    def __init__(
        self, affine: Floats, maps: Maps, integral: bool, exponents: NDArray[np.int64] | None,
        factors: tuple[fmpq, ...] | None,
    ) -> None:
        self.affine, self.maps, self.integral = affine, maps, integral
        self.exponents, self.factors = exponents, factors
        shape = maps.bounds.shape[1:]
        self.extent, self.error, neuron = np.empty(shape), np.empty(shape), np.empty((3, shape[0]))
        kernel.unit_bounds(maps.bounds, integral, self.extent, self.error, neuron)
        self.magnitude, self.filter_error, self.row_error = neuron

    @cached_property
    def scale(self) -> tuple[fmpq, ...]:
        """The exact positive factor of every neuron."""
        if self.factors is not None:
            return self.factors
        two = fmpq(2)
        return tuple(two ** int(e) for e in self.exponents)

    @property
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


def float_rows(net: ReluNetwork, level: int) -> Floats:
    """Weights and, last, biases of a layer as one fresh float array."""
    weights = net.weights[level]
    rows = np.empty((weights.shape[0], weights.shape[1] + 1))
    rows[:, :-1], rows[:, -1] = weights, net.biases[level]
    return rows


def _scale_floats(
    net: ReluNetwork, level: int, before: Layer | None, box: Corners | None
) -> Layer:
    rows = _unscaled(net, level, before)
    if rows is None:
        return _scale_rationals(net, level, before, box)
    if before is None or before.integral:
        low = np.empty(len(rows), np.int64)
        if kernel.lowest_bits(rows, low):
            integers = np.ldexp(rows, -low[:, None])
            whole = _maps(integers, before, box)
            if _fits(whole):
                return Layer(integers, _without_error(whole), True, -low, None)
    scaled = _scaled(rows, _NONE, before, box)
    if scaled is None:
        return _scale_rationals(net, level, before, box)
    maps, exponents = scaled
    return Layer(rows, maps, False, -exponents, None)


def _unscaled(net: ReluNetwork, level: int, before: Layer | None) -> Floats | None:
    """Weights, the scale of the layer below undone, and biases; None where floats lose any."""
    rows = float_rows(net, level)
    if before is None:
        return rows
    if before.exponents is None or not kernel.divide_columns(rows, before.exponents):
        return None
    return rows


def _scaled(
    rows: Floats, wrong: Floats, before: Layer | None, box: Corners | None
) -> tuple[Maps, NDArray[np.int64]] | None:
    """Divide rows, in place, by powers of two: their maps and the exponents, None if not exactly.

    `wrong` bounds the errors of the rows, and is divided as they are.
    """
    exponents = np.empty(len(rows), np.int64)
    kept = kernel.scale_rows(rows, wrong, exponents)
    maps = _maps(rows, before, box, wrong)
    kept &= kernel.scale_maps(rows, maps.bounds, exponents)
    return (maps, exponents) if kept else None


def _scale_rationals(
    net: ReluNetwork, level: int, before: Layer | None, box: Corners | None
) -> Layer:
    rows, factors = _primitive_rows(net, level, before)
    largest = max((abs(x) for row in rows for x in row), default=0)
    if largest < TWO53 and (before is None or before.integral):
        integers = np.array(rows, dtype=float)
        whole = _maps(integers, before, box)
        if _fits(whole):
            return Layer(integers, _without_error(whole), True, None, tuple(factors))
    tops = [max((abs(x) for x in row), default=0) or 1 for row in rows]
    floats = np.array(
        [[float_of(fmpq(x, t)) for x in row] for row, t in zip(rows, tops, strict=True)]
    )
    lost = np.array([[x != 0 for x in row] for row in rows]) & (np.abs(floats) < LEAST)
    floats = np.where(lost, LEAST, floats)
    wrong = np.where(lost, 2 * LEAST, kernel.UNIT * np.abs(floats))
    # Entries are at least LEAST and at most 1: far from what a power of two could lose.
    maps, shift = _scaled(floats, wrong, before, box)
    exact = tuple(f / t * fmpq(2) ** int(-s) for f, t, s in zip(factors, tops, shift, strict=True))
    return Layer(floats, maps, False, None, exact)


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


def _fits(maps: Maps) -> bool:
    """Whether every value at a ray of size 1 is below 2**53."""
    return bool(maps.partial.sum(axis=1).max(initial=0.0) < TWO53)


def _without_error(maps: Maps) -> Maps:
    bounds = maps.bounds.copy()
    bounds[kernel.ERROR] = 0.0
    return Maps(bounds)


def _maps(
    rows: Floats, before: Layer | None, box: Corners | None, wrong: Floats = _NONE
) -> Maps:
    """Bounds for a layer's maps from those of the layer below.

    `wrong` bounds the errors of the entries of `rows` themselves.
    """
    if before is None:
        bounds = np.zeros((4, *rows.shape))
        bounds[kernel.CENTRE], bounds[kernel.PARTIAL] = rows, np.abs(rows)
        if wrong.size:
            bounds[kernel.RADIUS] = bounds[kernel.ERROR] = wrong
        return Maps(bounds)
    bounds = np.empty((4, len(rows), before.extent.shape[1]))
    kernel.bound_maps(rows, wrong, before.maps.bounds, before.extent, _homogeneous(box), bounds)
    return Maps(bounds)


def _homogeneous(box: Corners | None) -> Floats:
    """Middle and half-widths of a box with the coordinate 1 behind."""
    if box is None:
        return _NONE
    out = np.empty((2, len(box[0]) + 1))
    out[0, :-1], out[0, -1] = (box[0] + box[1]) / 2, 1.0
    out[1, :-1], out[1, -1] = (box[1] - box[0]) / 2 * (1 + 1e-12), 0.0
    return out
