"""Bounds of a network layer by layer, each with what proves it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flint import fmpq, fmpq_mat

from relu_theory.intervals import Interval, affine_image
from relu_theory.network import ReluNetwork
from relu_theory.relaxation.lines import Chords, chords, fixed_slopes, rounded
from relu_theory.relaxation.substitution import Slopes, concretised, substituted

__all__ = ["Point", "Trace", "linear_trace", "two_sided"]

Point = list[list[fmpq]]
"""A point of a relaxed set: the input, then the activations of every hidden layer."""


@dataclass
class Trace:
    """What is proved about a network on a box, layer after layer.

    Attributes
    ----------
    intervals : list of Interval
        Pre-activations of the hidden layers, then the outputs.
    chords : list of Chords, one for each hidden layer
    proofs : list, one entry for each interval
        None where the layer follows by interval arithmetic from the interval before it; otherwise
        for each earlier layer the slopes of the lower lines, one list for all bounds or one for
        each of the 2 n bounds (lower ones first), or None for one by interval arithmetic.
    attained : list of lists of points, one list for each interval
        For each of the 2 n bounds a point of the relaxed set where it is attained; empty where
        none were computed.
    hulls : list of LayerHull, one for each hidden layer
        For the multi-neuron relaxation only.
    """

    net: ReluNetwork
    box: Interval
    precision: int | None
    intervals: list[Interval] = field(default_factory=list)
    chords: list[Chords] = field(default_factory=list)
    proofs: list[list[Any] | None] = field(default_factory=list)
    attained: list[list[Point]] = field(default_factory=list)
    hulls: list[Any] = field(default_factory=list)

    @property
    def layer(self) -> int:
        """The index of the layer that comes next."""
        return len(self.intervals)

    def add(
        self, interval: Interval, proof: list[Any] | None, attained: Sequence[Point] = ()
    ) -> None:
        """Enter the bounds of the next layer, rounded outward if it is a hidden one."""
        hidden = self.layer < self.net.depth
        interval = rounded(interval, self.precision) if hidden else interval
        if hidden:
            self.chords.append(chords(interval, self.precision))
        self.intervals.append(interval)
        self.proofs.append(proof)
        self.attained.append(list(attained))

    def from_intervals(self) -> Interval:
        """Bounds of the next layer from those of the layer before it."""
        inner = self.intervals[-1].relu() if self.intervals else self.box
        weight, bias = self.net.exact.weights[self.layer], self.net.exact.biases[self.layer]
        return affine_image(weight, bias, inner)

    def from_slopes(self, slopes: list[Slopes]) -> Interval:
        """Bounds of the next layer by back-substitution along the given lower lines."""
        exact, layer = self.net.exact, self.layer
        rows, offsets = two_sided(exact.weights[layer], exact.biases[layer])
        forms = substituted(
            rows, offsets, exact.weights[:layer], exact.biases[:layer], slopes, self.chords
        )
        values = concretised(*forms, self.box)
        size = len(values) // 2
        return Interval(values[:size], [-value for value in values[size:]])


def two_sided(weight: fmpq_mat, bias: Sequence[fmpq]) -> tuple[fmpq_mat, list[fmpq]]:
    """The rows of an affine map, then their negatives."""
    entries = weight.entries()
    rows = fmpq_mat(2 * weight.nrows(), weight.ncols(), entries + [-w for w in entries])
    return rows, [*bias, *(-b for b in bias)]


def linear_trace(net: ReluNetwork, box: Interval, method: str, precision: int | None) -> Trace:
    """Interval arithmetic (``"ibp"``), or one of the DeepPoly methods."""
    trace = Trace(net, box, precision)
    slopes: list[Slopes] = []
    for layer in range(net.depth + 1):
        if method == "ibp":
            trace.add(trace.from_intervals(), None)
        else:
            trace.add(trace.from_slopes(slopes), list(slopes))
        if method != "ibp" and layer < net.depth:
            slopes.append([fixed_slopes(trace.intervals[-1], method)])
    return trace
