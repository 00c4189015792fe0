"""Bounds from intervals around every entry of the Jacobian (Fast-Lip, RecurJac)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from relu_theory.lipschitz.norms import OperatorNorm
from relu_theory.network import ReluNetwork

__all__ = ["entrywise_bound", "jacobian_ranges"]

Floats = NDArray[np.float64]
UNIT = 2.0**-53
FREE, OFF, ON = 0, 1, 2


def jacobian_ranges(
    net: ReluNetwork, state: NDArray[np.int64]
) -> tuple[Floats, Floats, list[Floats]]:
    """Elementwise bounds on the Jacobian when the neurons of state 0 may have any slope in [0, 1].

    Returns
    -------
    low, high : (out, d) arrays, rounded outwards
    backward : for each hidden layer, (width,) array
        How much a free neuron can matter: the spread of what it passes on.

    Examples
    --------
    >>> net = ReluNetwork([[[1], [2]], [[1, -1]]], [[0, 0], [0]])
    >>> low, high, _ = jacobian_ranges(net, np.array([0, 0]))
    >>> bool(low[0, 0] <= -2 <= 1 <= high[0, 0])
    True
    """
    low = high = net.weights[-1]
    at, spreads = net.num_neurons, []
    for level in range(net.depth - 1, -1, -1):
        weight = net.weights[level]
        width = len(weight)
        at -= width
        part = state[at : at + width]
        free, off = part == FREE, part == OFF
        low = np.where(off, 0.0, np.where(free, np.minimum(low, 0.0), low))
        high = np.where(off, 0.0, np.where(free, np.maximum(high, 0.0), high))
        spread = np.where(free, np.maximum(-low, high).max(axis=0), 0.0)
        spreads.append(spread * np.abs(weight).sum(axis=1))
        positive, negative = np.maximum(weight, 0.0), np.minimum(weight, 0.0)
        room = np.maximum(np.abs(low), np.abs(high)) @ np.abs(weight)
        room = 2 * (2 * width + 8) * UNIT * room + 1e-290
        low, high = (
            low @ positive + high @ negative - room,
            high @ positive + low @ negative + room,
        )
    return low, high, spreads[::-1]


def entrywise_bound(
    net: ReluNetwork, norm: OperatorNorm, state: NDArray[np.int64]
) -> tuple[float, Floats]:
    """An upper bound on the norm of every Jacobian of a state, and the spreads of its free neurons.

    The norm of a matrix with entries between bounds is at most that of the centre plus that of the
    radius, and at most that of the largest absolute values; the smaller is taken.
    """
    with np.errstate(all="ignore"):
        low, high, spreads = jacobian_ranges(net, state)
        size = np.maximum(np.abs(low), np.abs(high))
        centre, radius = (low + high) / 2, (high - low) / 2 * (1 + 1e-14) + 2.0**-52 * size
        nothing = np.zeros(low.shape)
        whole = norm.bounds(size[None], 2.0**-52 * size)[1][0]
        parts = norm.bounds(centre[None], nothing)[1][0] + norm.bounds(radius[None], nothing)[1][0]
    bound = min(float(whole), float(parts) * (1 + 1e-14))
    everything = np.concatenate([np.zeros(0), *spreads])
    return (bound if np.isfinite(bound) else np.inf), everything[state == FREE]
