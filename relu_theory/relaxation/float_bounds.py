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

__all__ = ["bounds_on_boxes", "float_bounds"]

Floats = NDArray[np.float64]


class _Layer(NamedTuple):
    """One hidden layer on k boxes: its map, the lines around its ReLUs, the sizes of its values."""

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
    one = FloatInterval(*(end[None] for end in outward(box)))
    found, _ = bounds_on_boxes(net, one, method)
    return [FloatInterval(low[0], up[0]) for low, up in found]


def bounds_on_boxes(
    net: ReluNetwork, boxes: FloatInterval, method: str
) -> tuple[list[FloatInterval], Floats]:
    """The bounds of `float_bounds` on many boxes at once, by back-substitution.

    Parameters
    ----------
    net : ReluNetwork
    boxes : FloatInterval
        Arrays of shape (k, d).
    method : {"deeppoly0", "deeppoly1", "crown"}

    Returns
    -------
    list of FloatInterval of (k, n) arrays, one for each layer
    (k, 2 outputs, d) array
        Gradients of the affine forms of the input below the outputs, then below their negatives.
    """
    found: list[FloatInterval] = []
    layers: list[_Layer] = []
    inner = boxes
    rows = np.zeros((0, 0, 0))
    for weight, bias in zip(net.weights, net.biases, strict=True):
        interval = affine_image_float(weight, bias, inner)
        rows = np.concatenate([weight, -weight])[None]
        if layers:
            form, rows = _substituted(rows, bias, layers, boxes, inner)
            interval = _finite(form, interval)
        found.append(interval)
        lines = _lines(interval, method)
        layers.append(_Layer(weight, bias, *lines, interval.magnitude(), inner.magnitude()))
        inner = interval.relu()
    return found, np.broadcast_to(rows, (len(boxes.lower), *rows.shape[1:]))


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
    rows: Floats, bias: Floats, layers: list[_Layer], boxes: FloatInterval, inner: FloatInterval
) -> tuple[FloatInterval, Floats]:
    """Both bounds of weight z + bias by back-substitution, and the forms of the input."""
    constant = np.concatenate([bias, -bias])[None]
    with np.errstate(all="ignore"):
        # The exact weights may differ from the floats.
        total = _times(np.abs(rows), inner.magnitude()) + np.abs(constant)
        constant = _less(constant, 2 * UNIT * total, rows.shape[2], inner.magnitude())
        for layer in reversed(layers):
            rows, constant = _through_relu(rows, constant, layer)
            rows, constant = _through_map(rows, constant, layer)
        size = rows.shape[2]
        plus, minus = np.maximum(rows, 0.0), np.minimum(rows, 0.0)
        low = _times(plus, boxes.lower) + _times(minus, boxes.upper) + constant
        total = _times(np.abs(rows), boxes.magnitude()) + np.abs(constant)
        low = _less(low, (size + 8) * UNIT * total, size, boxes.magnitude())
    low = np.where(np.isnan(low), -math.inf, low)
    half = low.shape[1] // 2
    return FloatInterval(low[:, :half], -low[:, half:]), rows


def _times(rows: Floats, values: Floats) -> Floats:
    """For each box the products of its (m, n) rows with its n values."""
    return np.matmul(rows, values[:, :, None])[:, :, 0]


def _through_relu(rows: Floats, constant: Floats, layer: _Layer) -> tuple[Floats, Floats]:
    minus = np.minimum(rows, 0.0)
    shift = _times(minus, layer.offsets)
    total = np.abs(shift) + np.abs(constant)
    size = rows.shape[2]
    moved = shift + constant
    rows = np.maximum(rows, 0.0) * layer.slopes[:, None] + minus * layer.high[:, None]
    # Each new coefficient is a rounded product.
    total = (size + 8) * UNIT * total + 2 * UNIT * _times(np.abs(rows), layer.before)
    return rows, _less(moved, total, size, np.maximum(layer.before, layer.offsets))


def _through_map(rows: Floats, constant: Floats, layer: _Layer) -> tuple[Floats, Floats]:
    size = rows.shape[2]
    bias, largest = np.abs(layer.bias), layer.inner @ np.abs(layer.weight).T
    total = _times(np.abs(rows), largest + bias) + np.abs(constant)
    moved = rows @ layer.bias + constant
    return rows @ layer.weight, _less(
        moved, (size + 8) * UNIT * total, size * layer.weight.shape[1], layer.inner
    )


def _less(value: Floats, error: Floats, size: int, largest: Floats) -> Floats:
    """The value less its error bound, whose own rounding and underflow are allowed for."""
    widest = largest.max(axis=-1, keepdims=True, initial=0.0)
    error = 1.01 * error + TINY * (4 * size + 8) * (1.0 + widest)
    low = np.nextafter(value - error, -math.inf)
    return np.where(np.isfinite(error), low, -math.inf)
