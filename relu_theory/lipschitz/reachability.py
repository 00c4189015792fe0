"""Whether inputs of a box can switch neurons as required, as far as a relaxation can tell."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from relu_theory._kernels import reachability as kernel
from relu_theory.network import ReluNetwork

__all__ = ["Reach", "Reachability"]

Floats = NDArray[np.float64]
States = NDArray[np.int64]
UNIT = 2.0**-53
_PIVOTS = 2000


class Reach(NamedTuple):
    """An answer: ``impossible`` is proved; ``point`` is an input that the relaxation suggests."""

    impossible: bool
    point: Floats
    slack: float


class Reachability:
    """The triangle relaxation of a network on a box, with further half-spaces of the domain.

    Parameters
    ----------
    net : ReluNetwork
    low, high : (d,) arrays
        The box.
    ranges : (neurons,) arrays
        Proved bounds on the pre-activations there.
    rows : (m, d + 1) array
        Half-spaces a . x + b >= 0 of the domain that the box does not give.
    """

    def __init__(self, net: ReluNetwork, low: Floats, high: Floats,
                 ranges: tuple[Floats, Floats], rows: Floats) -> None:
        self.low, self.high, self.ranges, self.rows = low, high, ranges, rows
        self.ends = np.array([low, high])
        self.dim = net.input_dim
        self.widths = np.array([net.input_dim, *net.widths, net.output_dim], np.int64)
        self.weights = np.concatenate([w.ravel() for w in net.weights])
        self.biases = np.concatenate([np.zeros(0), *net.biases[:-1]])
        self.terms = float(sum(int(w) + 6 for w in self.widths) + 40)

    def ask(self, state: States) -> Reach:
        """Maximise the least slack of all fixed neurons."""
        rows, sizes = (self._rows(state, absolute) for absolute in (False, True))
        scale = np.abs(rows[:, :-1]).max(axis=1, initial=0.0)
        scale = np.where(scale > 0, scale, np.maximum(np.abs(rows[:, -1]), 1e-300))[:, None]
        rows, sizes = rows / scale, sizes / scale
        free = state == 0
        free[len(free) - self.widths[-2] :] = False
        low = np.concatenate([self.low, np.zeros(int(free.sum()))])
        high = np.concatenate([self.high, self.ranges[1][free]])
        if len(rows) == 0:
            return Reach(False, (self.low + self.high) / 2, np.inf)
        status, slack, point, weights = kernel.largest_slack(rows, low, high, _PIVOTS, np.inf)
        impossible = False
        if slack < 0 and status != kernel.STOPPED:
            impossible = self._proved(rows, sizes, low, high, np.maximum(weights, 0.0))
        return Reach(impossible, np.clip(point[: self.dim], self.low, self.high), float(slack))

    def settle(self, state: States, order: NDArray[np.int64], seen: NDArray[np.bool_],
               ) -> tuple[States, Floats]:
        """Fix those free neurons for which one way to switch is proved impossible.

        Parameters
        ----------
        state : (neurons,) array
        order : (m,) array
            The neurons to ask about, one after the other.
        seen : (neurons, 2) array
            Whether some point with this state has the neuron off, and on; these are not asked.

        Returns
        -------
        state : (neurons,) array
        points : (k, d) array
            Points that obey the given state, found on the way.
        """
        state, seen = state.copy(), seen.copy()
        points, stored, at = np.empty((len(order) * 2, self.dim)), 0, 0
        while at < len(order):
            at, switch, found = kernel.probe(
                self.weights, self.biases, self.widths, state, *self.ranges, self.rows, self.ends,
                order, at, seen, points[stored:], _PIVOTS)
            stored += found
            if switch:
                neuron = order[at]
                flipped = state.copy()
                flipped[neuron] = switch
                seen[neuron, switch - 1] = True
                if self.ask(flipped).impossible:
                    state[neuron] = 3 - switch
                    at += 1
        return state, points[:stored]

    def _rows(self, state: States, absolute: bool) -> Floats:
        low, high = self.ranges
        rows = kernel.relaxation(self.weights, self.biases, self.widths, state, low, high, absolute)
        if not len(self.rows):
            return np.asarray(rows)
        given = np.zeros((len(self.rows), rows.shape[1]))
        given[:, : self.dim], given[:, -1] = self.rows[:, :-1], self.rows[:, -1]
        return np.vstack([rows, np.abs(given) if absolute else given])

    def _proved(self, rows: Floats, sizes: Floats, low: Floats, high: Floats,
                weights: Floats) -> bool:
        """Whether the weighted sum of the rows is negative on all of the box, with rounding."""
        reach = np.append(np.maximum(np.abs(low), np.abs(high)), 1.0)
        total = weights @ rows
        ends = np.where(total[:-1] > 0, total[:-1] * high, total[:-1] * low)
        most = ends.sum() + total[-1]
        room = (self.terms + len(rows) + rows.shape[1]) * UNIT * float(weights @ sizes @ reach)
        return bool(most + 2 * room + 1e-290 < 0)
