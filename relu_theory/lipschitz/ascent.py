"""Lower bounds: gradients at points, random and climbed, each proved by an exact region."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from relu_theory.exact import fraction, fraction_array
from relu_theory.lipschitz.magnitude import floats_around
from relu_theory.lipschitz.norms import OperatorNorm, Value
from relu_theory.lipschitz.result import Witness, exact_gradient, is_interior
from relu_theory.network import ReluNetwork

__all__ = ["Incumbent", "climb", "gradient_norms", "pattern_norms", "sample_points", "switched_on"]

Floats = NDArray[np.float64]


class Incumbent:
    """The largest gradient proved so far.

    Attributes
    ----------
    value : Fraction or Root, or None before anything was found
    witness : Witness or None
    floor : float
        Not above the value.
    """

    def __init__(self, net: ReluNetwork, norm: OperatorNorm) -> None:
        self.net, self.norm = net, norm
        self.value: Value | None = None
        self.witness: Witness | None = None
        self.floor, self.ceiling = 0.0, 0.0

    def offer(self, x: Iterable[Any], size: float) -> bool:
        """Take the region around a point if its norm, about `size`, is a record.

        The point must lie strictly off every break, decided exactly; then its region is
        full-dimensional.
        """
        if self.value is not None and size <= self.floor * (1 + 1e-12):
            return False
        point = tuple(map(fraction, x))
        pattern = self.net.pattern(point)
        if not is_interior(self.net, pattern, point):
            return False
        gradient = exact_gradient(self.net, pattern)
        value = self.norm.exact(gradient)
        if self.value is not None and not value > self.value:
            return False
        self.value = value
        self.witness = Witness(pattern, point, fraction_array(gradient))
        self.floor, self.ceiling = floats_around(value)
        return True


def switched_on(net: ReluNetwork, points: Floats) -> list[NDArray[np.bool_]]:
    """Which neurons of each layer are on at some points, in floats: arrays (n, width)."""
    h, found = points, []
    for weight, bias in zip(net.weights[:-1], net.biases[:-1], strict=True):
        z = h @ weight.T + bias
        found.append(z > 0)
        h = np.maximum(z, 0.0)
    return found


def pattern_norms(
    net: ReluNetwork, norm: OperatorNorm, active: list[NDArray[np.bool_]], count: int
) -> Floats:
    """The norms of the Jacobians under `count` patterns, reached or not, in floats."""
    jacobian: Any = np.broadcast_to(net.weights[0], (count, *net.weights[0].shape))
    for mask, weight in zip(active, net.weights[1:], strict=True):
        jacobian = weight @ np.where(mask[:, :, None], jacobian, 0.0)
    return norm.bounds(jacobian, np.zeros(jacobian.shape[1:]))[1]


def gradient_norms(net: ReluNetwork, norm: OperatorNorm, points: Floats) -> Floats:
    """The norms of the Jacobians at many points, in floats."""
    return pattern_norms(net, norm, switched_on(net, points), len(points))


def sample_points(
    low: Floats | None, high: Floats | None, dim: int, count: int, rng: np.random.Generator
) -> Floats:
    """Uniform points of a box, or points of R^d at several scales."""
    if low is None or high is None:
        scales = 10.0 ** rng.uniform(-2, 3, (count, 1))
        return rng.standard_normal((count, dim)) * scales
    return low + (high - low) * rng.random((count, dim))


def climb(
    net: ReluNetwork, norm: OperatorNorm, points: Floats, box: Any, rng: np.random.Generator,
    rounds: int = 40, keep: int = 16,
) -> tuple[Floats, Floats]:
    """Perturb the best points with shrinking steps; returns points and their norms, best first."""
    values = gradient_norms(net, norm, points)
    order = np.argsort(-values)[:keep]
    points, values = points[order], values[order]
    for k in range(rounds):
        step = 0.5 ** (k * 8 / rounds)
        width = (box[1] - box[0]) if box is not None else 1 + np.abs(points)[:, None, :]
        moved = points[:, None, :] + step * width * rng.standard_normal(
            (len(points), 24, points.shape[1])) * 0.5
        if box is not None:
            moved = np.clip(moved, *box)
        found = gradient_norms(net, norm, moved.reshape(-1, points.shape[1]))
        found = found.reshape(len(points), -1)
        best = found.argmax(axis=1)
        rows = np.arange(len(points))
        better = found[rows, best] > values
        points = np.where(better[:, None], moved[rows, best], points)
        values = np.where(better, found[rows, best], values)
    order = np.argsort(-values)
    return points[order], values[order]
