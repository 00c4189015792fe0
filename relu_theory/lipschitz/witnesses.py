"""Points that show how neurons can switch, shared by the nodes of a search."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from relu_theory.lipschitz.ascent import switched_on
from relu_theory.network import ReluNetwork

__all__ = ["Witnesses"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Witnesses:
    """A growing list of points; a node refers by index to those that obey its state.

    They save questions (a neuron seen both on and off need not be asked about) and decide nothing.
    """

    def __init__(self, net: ReluNetwork, points: Floats, rows: Floats) -> None:
        self.net = net
        inside = (points @ rows[:, :-1].T + rows[:, -1] >= 0).all(axis=1)
        self._points = points[inside]
        self._shown = self._switches(self._points)
        self._count = len(self._points)

    def everything(self) -> Ints:
        """All points."""
        return np.arange(self._count)

    def add(self, points: Floats) -> Ints:
        """Append points, (k, d); returns their indices."""
        first, self._count = self._count, self._count + len(points)
        while self._count > len(self._points):
            self._points = np.concatenate([self._points, np.empty_like(self._points), points])
            more = np.empty((len(self._points) - len(self._shown), self._shown.shape[1]), np.int8)
            self._shown = np.concatenate([self._shown, more])
        self._points[first : self._count] = points
        self._shown[first : self._count] = self._switches(points)
        return np.arange(first, self._count)

    def obeying(self, indices: Ints, neuron: int, switch: int) -> Ints:
        """Those of some points at which a neuron is off (1) or on (2)."""
        return indices[self._shown[indices, neuron] == switch]

    def seen(self, indices: Ints) -> NDArray[np.bool_]:
        """Whether a neuron is off at one of some points, and on: (neurons, 2)."""
        shown = self._shown[indices]
        return np.stack([(shown == 1).any(axis=0), (shown == 2).any(axis=0)], axis=1)

    def agrees(self, index: int, state: Ints) -> bool:
        """Whether a point obeys all fixed neurons of a state."""
        fixed = state != 0
        return bool((self._shown[index, fixed] == state[fixed]).all())

    def _switches(self, points: Floats) -> NDArray[np.int8]:
        active = np.concatenate([np.zeros((len(points), 0), bool), *switched_on(self.net, points)],
                                axis=1)
        return np.where(active, 2, 1).astype(np.int8)
