"""An adapter that is naive on purpose: what a failing report looks like.

    python -m relu_theory.testing relu_theory.testing.naive:Naive

Everything is computed in floats, as a first version in a notebook would be: regions by linear
programs and a solver's usual tolerance, slopes at random points, bounds by interval arithmetic.
All of it is right on networks in general position and of moderate size.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from relu_theory.domain import Box, Polyhedron
from relu_theory.network import ReluNetwork

__all__ = ["Naive"]

Floats = NDArray[np.float64]
_MOST_NEURONS = 12
_TOLERANCE = 1e-7
_SAMPLES = 500


class Naive:
    """Region counts, Lipschitz constants and bounds in floats.

    Examples
    --------
    >>> from relu_theory import families
    >>> net = families.gaussian(2, [3, 2], seed=0)
    >>> naive, square = Naive(), Box(-1, 1, dim=2)
    >>> naive.count_regions(net, square)
    5
    >>> traps = {case.name: case.network for case in families.load_traps()}
    >>> naive.count_regions(traps["gap of 1e-9"], square)        # there are 3
    2
    """

    lipschitz_claim = "exact"
    lipschitz_tolerance = 1e-6

    def count_regions(self, net: ReluNetwork, domain: Polyhedron) -> int | None:
        """The patterns whose inequalities have room by the solver; None for many neurons."""
        if net.num_neurons > _MOST_NEURONS:
            return None
        bounds: list[tuple[float | None, float | None]] = [(None, None)] * net.input_dim
        if isinstance(domain, Box):
            bounds = [
                (float(low), float(high))
                for low, high in zip(domain.lower, domain.upper, strict=True)]
        rows = np.zeros((0, net.input_dim + 1))
        return _patterns(net, 0, np.eye(net.input_dim), np.zeros(net.input_dim), rows, bounds)

    def lipschitz(self, net: ReluNetwork, domain: Polyhedron, ord: float) -> float:
        """The largest norm of a Jacobian at random points."""
        rng = np.random.default_rng(0)
        low, high = np.full(net.input_dim, -10.0), np.full(net.input_dim, 10.0)
        if isinstance(domain, Box):
            low, high = (np.array(end, dtype=float) for end in (domain.lower, domain.upper))
        points = rng.uniform(low, high, (_SAMPLES, net.input_dim))
        return max(float(np.linalg.norm(_jacobian(net, x), ord)) for x in points)

    def bounds(self, net: ReluNetwork, box: Box) -> tuple[Floats, Floats]:
        """Interval arithmetic, rounded to nearest."""
        low, high = (np.array(end, dtype=float) for end in (box.lower, box.upper))
        ends = low, high
        for weight, bias in zip(net.weights, net.biases, strict=True):
            plus, minus = np.maximum(weight, 0), np.minimum(weight, 0)
            ends = plus @ low + minus @ high + bias, plus @ high + minus @ low + bias
            low, high = (np.maximum(end, 0) for end in ends)
        return ends


def _patterns(
    net: ReluNetwork, layer: int, matrix: Floats, shift: Floats, rows: Floats, bounds: list[Any]
) -> int:
    """Patterns from a layer on, where some rows are positive and its inputs are (matrix, shift)."""
    if layer == net.depth:
        return 1
    weight = net.weights[layer] @ matrix
    bias = net.weights[layer] @ shift + net.biases[layer]
    cells: list[tuple[Floats, list[int]]] = [(rows, [])]
    for row in np.column_stack([weight, bias]):
        halves = [(np.vstack([r, side * row]), [*on, side]) for r, on in cells for side in (1, -1)]
        cells = [(r, on) for r, on in halves if _has_room(r, bounds)]
    switched = [(r, np.array(on) > 0) for r, on in cells]
    return sum(
        _patterns(net, layer + 1, weight * on[:, None], bias * on, r, bounds) for r, on in switched)


def _has_room(rows: Floats, bounds: list[Any]) -> bool:
    """Whether some point makes every row larger than the tolerance."""
    from scipy.optimize import linprog

    slack = np.column_stack([-rows[:, :-1], np.ones(len(rows))])
    goal = np.zeros(slack.shape[1])
    goal[-1] = -1
    found = linprog(goal, A_ub=slack, b_ub=rows[:, -1], bounds=[*bounds, (None, 1)])
    return bool(found.status == 0 and found.x[-1] > _TOLERANCE)


def _jacobian(net: ReluNetwork, x: Floats) -> Floats:
    matrix = net.weights[0]
    for values, weight in zip(net.preactivations(x), net.weights[1:], strict=True):
        matrix = weight @ (matrix * (values > 0)[:, None])
    return matrix
