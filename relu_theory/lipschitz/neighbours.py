"""Better points by walking from a region to those that few switches separate from it."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from relu_theory.lipschitz.ascent import pattern_norms, switched_on
from relu_theory.lipschitz.norms import OperatorNorm
from relu_theory.lipschitz.reachability import Reachability
from relu_theory.network import ReluNetwork

__all__ = ["walk"]

Floats = NDArray[np.float64]
# Above this many neurons only single switches are tried, and never more regions than this.
_PAIRED, _ASKED = 64, 3000


def walk(net: ReluNetwork, norm: OperatorNorm, reach: Reachability, point: Floats) -> Floats:
    """A point whose region has the largest norm among all that two switches lead to, in floats.

    Whether a region exists is asked from the linear program of its rows, which is exact up to
    rounding since every neuron is fixed. Goes on from each better region, best first.
    """
    state = np.concatenate([np.zeros(0, bool), *(a[0] for a in switched_on(net, point[None]))])
    value = float(_norms(net, norm, state[None])[0])
    pairs = _switches(len(state))
    asked, moved = 0, True
    while moved and asked < _ASKED:
        moved = False
        others = state ^ pairs
        norms = _norms(net, norm, others)
        for k in np.argsort(-norms):
            if norms[k] <= value * (1 + 1e-9) or asked >= _ASKED:
                break
            asked += 1
            found = reach.ask(np.where(others[k], 2, 1))
            if found.slack > 1e-9:
                state, value, point, moved = others[k], float(norms[k]), found.point, True
                break
    return point


def _switches(count: int) -> NDArray[np.bool_]:
    """All sets of one neuron, and of two when they are few."""
    chosen = [(i,) for i in range(count)]
    sets = [*chosen, *combinations(range(count), 2)] if count <= _PAIRED else chosen
    masks = np.zeros((len(sets), count), bool)
    for row, members in enumerate(sets):
        masks[row, list(members)] = True
    return masks


def _norms(net: ReluNetwork, norm: OperatorNorm, states: NDArray[np.bool_]) -> Floats:
    active, at = [], 0
    for width in net.widths:
        active.append(states[:, at : at + width])
        at += width
    return pattern_norms(net, norm, active, len(states))
