"""DeepPoly and interval bounds in floats, rounded outward: for networks too large for rationals.

A linear form is held with float coefficients, which are taken as exact; what a floating-point
operation may have lost is a bound on the form's change and is moved into its constant, using the
largest absolute values that the variables of the layer can take.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from relu_theory.domain import Box
from relu_theory.intervals import (
    TINY,
    UNIT,
    FloatInterval,
    affine_image_float,
    interval_bounds_float,
    outward,
)
from relu_theory.network import ReluNetwork

__all__ = ["float_bounds"]

Floats = NDArray[np.float64]


class _Layer(NamedTuple):
    """One hidden layer: its map, the lines around its ReLUs, and the sizes of its values."""

    weight: Floats
    bias: Floats
    slopes: Floats
    high: Floats
    offsets: Floats
    before: Floats
    inner: Floats


def float_bounds(net: ReluNetwork, box: Box, method: str) -> list[FloatInterval]:
    """Enclosures of the bounds of every layer; the last ones are those of the outputs.

    Parameters
    ----------
    net : ReluNetwork
        Its exact weights may differ from its floats: half a unit in the last place is allowed for.
    box : Box
    method : {"ibp", "deeppoly0", "deeppoly1", "crown"}

    Returns
    -------
    list of FloatInterval
        Sound for the exact network. Where back-substitution overflows, interval arithmetic from
        the layer before takes its place.

    Notes
    -----
    Depth^2 / 2 matrix products for the back-substituted methods.
    """
    if method == "ibp":
        return interval_bounds_float(net, box)
    outer = outward(box)
    found: list[FloatInterval] = []
    layers: list[_Layer] = []
    inner = outer
    for weight, bias in zip(net.weights, net.biases, strict=True):
        interval = affine_image_float(weight, bias, inner)
        if layers:
            interval = _finite(_substituted(weight, bias, layers, outer, inner), interval)
        found.append(interval)
        lines = _lines(interval, method)
        layers.append(_Layer(weight, bias, *lines, interval.magnitude(), inner.magnitude()))
        inner = interval.relu()
    return found


def _finite(first: FloatInterval, second: FloatInterval) -> FloatInterval:
    """The first bounds; the second ones where the first overflowed."""
    known = np.isfinite(first.lower) & np.isfinite(first.upper)
    return FloatInterval(*(np.where(known, a, b) for a, b in zip(first, second, strict=True)))


def _lines(interval: FloatInterval, method: str) -> tuple[Floats, Floats, Floats]:
    """Lower slopes, and lines above the ReLU on the interval whatever was rounded."""
    low, up = interval
    with np.errstate(all="ignore"):
        unstable = (low < 0) & (up > 0)
        slope = np.where(unstable, up / (up - low), 0.0)
        finite = unstable & np.isfinite(low) & np.isfinite(up) & np.isfinite(slope)
        slope = np.where(finite, slope, 0.0)
        # The line must reach 0 at low and up at up; each product is off by half a unit.
        left = np.nextafter(-slope * low, math.inf)
        right = np.nextafter(up - np.nextafter(slope * up, -math.inf), math.inf)
        offset = np.where(finite, np.maximum(left, right), np.maximum(up, 0.0))
    active = low >= 0
    high, offset = np.where(active, 1.0, slope), np.where(active | (up <= 0), 0.0, offset)
    one = {"deeppoly0": np.zeros_like(active), "deeppoly1": unstable, "crown": up > -low}[method]
    return np.where(active | (unstable & one), 1.0, 0.0), high, offset


def _substituted(
    weight: Floats, bias: Floats, layers: list[_Layer], box: FloatInterval, inner: FloatInterval
) -> FloatInterval:
    """Both bounds of weight z + bias by back-substitution through the layers."""
    rows, constant = np.concatenate([weight, -weight]), np.concatenate([bias, -bias])
    with np.errstate(all="ignore"):
        # The exact weights may differ from the floats.
        total = np.abs(rows) @ inner.magnitude() + np.abs(constant)
        constant = _less(constant, 2 * UNIT * total, rows.shape[1], inner.magnitude())
        for layer in reversed(layers):
            rows, constant = _through_relu(rows, constant, layer)
            rows, constant = _through_map(rows, constant, layer)
        size = rows.shape[1]
        plus, minus = np.maximum(rows, 0.0), np.minimum(rows, 0.0)
        low = plus @ box.lower + minus @ box.upper + constant
        total = np.abs(rows) @ box.magnitude() + np.abs(constant)
        low = _less(low, (size + 8) * UNIT * total, size, box.magnitude())
    low = np.where(np.isnan(low), -math.inf, low)
    half = len(low) // 2
    return FloatInterval(low[:half], -low[half:])


def _through_relu(rows: Floats, constant: Floats, layer: _Layer) -> tuple[Floats, Floats]:
    minus = np.minimum(rows, 0.0)
    total = np.abs(minus) @ layer.offsets + np.abs(constant)
    size = rows.shape[1]
    moved = minus @ layer.offsets + constant
    rows = np.maximum(rows, 0.0) * layer.slopes + minus * layer.high
    # Each new coefficient is a rounded product.
    total = (size + 8) * UNIT * total + 2 * UNIT * (np.abs(rows) @ layer.before)
    return rows, _less(moved, total, size, np.maximum(layer.before, layer.offsets))


def _through_map(rows: Floats, constant: Floats, layer: _Layer) -> tuple[Floats, Floats]:
    size = rows.shape[1]
    bias, largest = np.abs(layer.bias), np.abs(layer.weight) @ layer.inner
    total = np.abs(rows) @ (largest + bias) + np.abs(constant)
    moved = rows @ layer.bias + constant
    return rows @ layer.weight, _less(
        moved, (size + 8) * UNIT * total, size * layer.weight.shape[1], layer.inner
    )


def _less(value: Floats, error: Floats, size: int, largest: Floats) -> Floats:
    """The value less its error bound, whose own rounding and underflow are allowed for."""
    error = 1.01 * error + TINY * (4 * size + 8) * (1.0 + largest.max(initial=0.0))
    low = np.nextafter(value - error, -math.inf)
    return np.where(np.isfinite(error), low, -math.inf)
