"""Certified ranges of the pre-activations on a box, and the neurons that never switch there."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from relu_theory.domain import Ball, Box, Polyhedron
from relu_theory.network import ReluNetwork

__all__ = ["bounding_box", "preactivation_ranges", "stable_state"]

Floats = NDArray[np.float64]
UNIT = 2.0**-53
FREE, OFF, ON = 0, 1, 2


def bounding_box(domain: Polyhedron | Ball | None) -> tuple[Floats, Floats] | None:
    """Float ends, rounded outwards, of a box around a bounded domain; None for others."""
    if domain is None:
        return None
    if isinstance(domain, Ball):
        ends: Any = [(c - domain.radius, c + domain.radius) for c in domain.center]
    elif isinstance(domain, Box):
        ends = list(zip(domain.lower, domain.upper, strict=True))
    elif domain.is_bounded:
        rays = domain.generators().rays
        points = [[Fraction(v, ray[-1]) for v in ray[:-1]] for ray in rays if ray[-1]]
        ends = [(min(axis), max(axis)) for axis in zip(*points, strict=True)]
    else:
        return None
    low = np.array([_outward(a, -np.inf) for a, _ in ends])
    return low, np.array([_outward(b, np.inf) for _, b in ends])


def _outward(x: Fraction, towards: float) -> float:
    value = float(x)
    if (Fraction(value) > x) if towards < 0 else (Fraction(value) < x):
        return float(np.nextafter(value, towards))
    return value


def preactivation_ranges(net: ReluNetwork, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Bounds on all hidden pre-activations, layer after layer, by interval arithmetic.

    Parameters
    ----------
    low, high : (d,) arrays
        The ends of a box of inputs.

    Returns
    -------
    low, high : (neurons,) arrays
        Rounded outwards; on the first layer they are attained.

    Examples
    --------
    >>> net = ReluNetwork([[[1, -1]], [[1]]], [[0.5], [0]])
    >>> a, b = preactivation_ranges(net, np.zeros(2), np.ones(2))
    >>> bool(a[0] <= -0.5 < -0.499 and 1.499 < 1.5 <= b[0])
    True
    """
    lows, highs = [], []
    for weight, bias in zip(net.weights[:-1], net.biases[:-1], strict=True):
        middle, radius = low / 2 + high / 2, high / 2 - low / 2
        size = np.abs(weight)
        centre, spread = weight @ middle + bias, size @ radius
        terms = weight.shape[1] + 8
        slack = terms * UNIT * (size @ (np.abs(middle) + radius) + np.abs(bias)) + 1e-290
        lows.append(centre - spread - 2 * slack)
        highs.append(centre + spread + 2 * slack)
        low, high = np.maximum(lows[-1], 0.0), np.maximum(highs[-1], 0.0)
    empty = np.zeros(0)
    return np.concatenate([empty, *lows]), np.concatenate([empty, *highs])


def stable_state(
    net: ReluNetwork, domain: Polyhedron | Ball | None
) -> tuple[NDArray[np.int64], Floats, Floats]:
    """For each hidden neuron 0 (may switch), 1 (off) or 2 (on) on the domain, and its range."""
    box = bounding_box(domain)
    count = net.num_neurons
    if box is None:
        return np.zeros(count, np.int64), np.full(count, -np.inf), np.full(count, np.inf)
    low, high = preactivation_ranges(net, *box)
    state = np.zeros(count, np.int64)
    state[high <= 0] = OFF
    state[(low >= 0) & (high > 0)] = ON
    return state, low, high
