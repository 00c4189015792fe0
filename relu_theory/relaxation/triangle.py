"""The triangle relaxation (Delta): a linear program for every bound, proved in rationals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from flint import fmpq, fmpq_mat

from relu_theory.exact.numbers import float_of, rational
from relu_theory.intervals import Interval
from relu_theory.network import ReluNetwork
from relu_theory.relaxation.exact_lp import minimise
from relu_theory.relaxation.float_lp import TOLERANCE, FloatTriangle, Found
from relu_theory.relaxation.lines import fixed_slopes
from relu_theory.relaxation.multipliers import Multipliers, uncrossed
from relu_theory.relaxation.substitution import Slopes
from relu_theory.relaxation.trace import Point, Trace, two_sided

__all__ = ["triangle_trace"]

ZERO, ONE = fmpq(0), fmpq(1)
NOTHING = Multipliers([], [], [])
Form = tuple[list[fmpq], fmpq]
"""An affine function of the columns of the program: coefficients and offset."""


def triangle_trace(
    net: ReluNetwork, box: Interval, precision: int | None, intermediate: str | None = None
) -> Trace:
    """Bounds of every layer by the triangle relaxation of the layers before it.

    With ``intermediate``, a DeepPoly method, the hidden layers have its bounds instead, or those
    of interval arithmetic where they are better; the outputs are then bounded along slopes that
    the float solver found, whatever the precision.

    Without a precision every bound is the exact optimum, proved by multipliers and by a point
    where it is attained. With one, the slopes of the lower lines are those that the float solver
    found, taken as rationals: the bound is proved and lies at most rounding errors outside the
    optimum.
    """
    trace = Trace(net, box, precision)
    program = _Program(trace, precision is None and intermediate is None)
    for layer in range(net.depth + 1):
        if layer == 0:
            trace.add(trace.from_slopes([]), [], program.corners() if program.exact else ())
        elif intermediate is not None and layer < net.depth:
            program.bound_linearly(intermediate)
        elif program.exact:
            program.bound_exactly()
        else:
            program.bound()
        if layer < net.depth:
            program.grow()
    return trace


class _Program:
    """The program over the inputs and the unstable neurons so far, in floats and exactly."""

    def __init__(self, trace: Trace, exact: bool) -> None:
        self.trace, self.exact = trace, exact
        lower, upper = (np.array([float_of(x) for x in end]) for end in trace.box)
        self.floats = FloatTriangle(lower, upper)
        self.size = len(lower)
        # The activations of the last layer as floats: forms . v + offsets.
        self.forms, self.offsets = np.eye(self.size), np.zeros(self.size)
        self.unstable: list[list[int]] = []
        # For each unstable neuron its chord's slope and the multipliers behind both its bounds.
        self.steepness: list[Any] = []
        self.proofs: list[tuple[Multipliers, Multipliers]] = []
        self.last = [NOTHING] * (2 * trace.net.exact.weights[0].nrows())
        self.solutions: list[Found] = []

    def _preactivations(self) -> tuple[np.ndarray, np.ndarray]:
        net, layer = self.trace.net, self.trace.layer
        weight, bias = net.weights[layer], net.biases[layer]
        return weight @ self.forms, weight @ self.offsets + bias

    def corners(self) -> list[Point]:
        """For each bound of the first layer a corner of the box where it is attained."""
        rows, _ = two_sided(self.trace.net.exact.weights[0], self.trace.net.exact.biases[0])
        return [
            [[low if c > 0 else up for c, low, up in zip(row, *self.trace.box, strict=True)]]
            for row in rows.table()
        ]

    def grow(self) -> None:
        """Put the layer that was bounded last into the program."""
        layer = self.trace.layer - 1
        interval, chords = self.trace.intervals[layer], self.trace.chords[layer]
        weight, bias = self.trace.net.weights[layer], self.trace.net.biases[layer]
        forms, offsets = weight @ self.forms, weight @ self.offsets + bias
        ends = list(zip(*interval, strict=True))
        chosen = [j for j, (low, up) in enumerate(ends) if low < 0 < up]
        slopes, shifts = (np.array([float_of(part[j]) for j in chosen]) for part in chords)
        self.floats.add_layer(forms[chosen], offsets[chosen], slopes, shifts)
        active = np.array([low >= 0 for low, _ in ends])
        self.forms = np.pad(forms * active[:, None], ((0, 0), (0, len(chosen))))
        self.offsets = offsets * active
        for position, j in enumerate(chosen):
            self.forms[j], self.offsets[j] = 0.0, 0.0
            self.forms[j, self.size + position] = 1.0
        self.size += len(chosen)
        self.unstable.append(chosen)
        self.steepness += [
            chords.slopes[j] if self.exact else float_of(chords.slopes[j]) for j in chosen
        ]
        self.proofs += [(self.last[j], self.last[len(ends) + j]) for j in chosen]

    def _costs(self) -> Iterator[np.ndarray]:
        forms, _ = self._preactivations()
        yield from np.concatenate([forms, -forms])

    def bound(self) -> None:
        """Bounds of the next layer along the slopes that the float solver found."""
        self.last = [
            self._straight(self.floats.minimise(cost).multipliers) for cost in self._costs()
        ]
        slopes = self._slopes([list(map(rational, found.slopes())) for found in self.last])
        self.trace.add(self.trace.from_slopes(slopes), slopes)

    def bound_linearly(self, method: str) -> None:
        """Bounds of the next layer by back-substitution and by intervals, the better of both."""
        trace = self.trace
        slopes: list[Slopes] = [[fixed_slopes(ends, method)] for ends in trace.intervals]
        first, second = trace.from_slopes(slopes), trace.from_intervals()
        lower = list(map(max, first.lower, second.lower))
        upper = list(map(min, first.upper, second.upper))
        better = [a < b for a, b in zip(first.lower, second.lower, strict=True)]
        better += [a > b for a, b in zip(first.upper, second.upper, strict=True)]
        # No slopes where interval arithmetic is the proof.
        rows = [[None if b else own for b in better] for (own,) in slopes]
        trace.add(Interval(lower, upper), rows)
        none = [0.0] * len(self.steepness)
        self.last = [Multipliers(none, none, none)] * (2 * len(lower))

    def _straight(self, found: Multipliers) -> Multipliers:
        tolerance = ZERO if self.exact else TOLERANCE
        return uncrossed(found, self.steepness, self.proofs, tolerance)

    def _slopes(self, found: Sequence[Sequence[fmpq]]) -> list[Slopes]:
        """For each layer the slopes of all its neurons, a row for each bound."""
        layers: list[Slopes] = []
        start = 0
        for interval, chosen in zip(self.trace.intervals, self.unstable, strict=True):
            stable = [ONE if low >= 0 else ZERO for low in interval.lower]
            table = []
            for row in found:
                own = list(stable)
                for j, slope in zip(chosen, row[start : start + len(chosen)], strict=True):
                    own[j] = slope
                table.append(own)
            layers.append(table)
            start += len(chosen)
        return layers

    def bound_exactly(self) -> None:
        """The exact optimum of every bound of the next layer."""
        exact = _Exact(self.trace, self.unstable)
        net, layer = self.trace.net.exact, self.trace.layer
        goals = exact.images(*two_sided(net.weights[layer], net.biases[layer]))
        self.last, points, values = [], [], []
        for cost, goal in zip(self._costs(), goals, strict=True):
            found = self.floats.minimise(cost) if any(self.unstable) else None
            optimum = minimise(exact.rows, exact.rhs, goal[0], exact.guess(found), exact.start())
            self.last.append(self._straight(exact.multipliers(optimum.multipliers)))
            points.append(exact.point(optimum.point))
            values.append(_value(goal, optimum.point))
        proof = self._slopes([found.slopes() for found in self.last])
        interval = self.trace.from_slopes(proof)
        assert interval.lower + [-x for x in interval.upper] == values  # strong duality
        self.trace.add(interval, proof, points)


class _Exact:
    """The constraints rows . v >= rhs of the program in rationals."""

    def __init__(self, trace: Trace, unstable: Sequence[Sequence[int]]) -> None:
        self.trace = trace
        self.inputs = len(trace.box.lower)
        self.size = self.inputs + sum(map(len, unstable))
        self.rows: list[list[fmpq]] = []
        self.rhs: list[fmpq] = []
        for i, (low, up) in enumerate(zip(*trace.box, strict=True)):
            self._add(self._unit(i), low)
            self._add(self._unit(i, -1), -up)
        self.activations = [(self._unit(i), ZERO) for i in range(self.inputs)]
        self.layers = [self.activations]
        self.preactivations: list[Form] = []
        for layer, chosen in enumerate(unstable):
            self._grow(layer, chosen)

    def _unit(self, i: int, sign: int = 1) -> list[fmpq]:
        return [fmpq(sign) if j == i else ZERO for j in range(self.size)]

    def _add(self, row: list[fmpq], rhs: fmpq) -> None:
        self.rows.append(row)
        self.rhs.append(rhs)

    def images(self, weight: fmpq_mat, bias: Sequence[fmpq]) -> list[Form]:
        """An affine map of the activations of the last layer."""
        table = [row for row, _ in self.activations]
        forms = weight * fmpq_mat(len(table), self.size, [q for row in table for q in row])
        moved = weight * fmpq_mat(len(table), 1, [shift for _, shift in self.activations])
        shifts = [m + b for m, b in zip(moved.entries(), bias, strict=True)]
        return list(zip(forms.table(), shifts, strict=True))

    def _grow(self, layer: int, chosen: Sequence[int]) -> None:
        exact, chords = self.trace.net.exact, self.trace.chords[layer]
        forms = self.images(exact.weights[layer], exact.biases[layer])
        nothing = ([ZERO] * self.size, ZERO)
        low = self.trace.intervals[layer].lower
        following = [form if low[j] >= 0 else nothing for j, form in enumerate(forms)]
        for j in chosen:
            (form, shift), slope, offset = forms[j], chords.slopes[j], chords.offsets[j]
            column = self.inputs + len(self.preactivations)
            self._add(self._unit(column), ZERO)
            self._add(_sum(self._unit(column), form, fmpq(-1)), shift)
            self._add(_sum(self._unit(column, -1), form, slope), -(slope * shift + offset))
            following[j] = self._unit(column), ZERO
            self.preactivations.append(forms[j])
        self.activations = following
        self.layers.append(following)

    def guess(self, found: Found | None) -> list[int] | None:
        """The rows that are tight in the basis of the float solver."""
        if found is None:
            return None
        tight = []
        for i, side in enumerate(found.columns):
            if side:
                at_end = 2 * i + int(side > 0)
                tight.append(at_end if i < self.inputs else self._first(i - self.inputs))
        for i, side in enumerate(found.rows):
            if side:
                tight.append(self._first(i // 2) + 1 + i % 2)
        return tight if len(tight) == self.size else None

    def _first(self, neuron: int) -> int:
        return 2 * self.inputs + 3 * neuron

    def start(self) -> list[int]:
        """The rows that are tight where every input is at its lower end, and every ReLU exact."""
        point = list(self.trace.box.lower)
        tight = [2 * i for i in range(self.inputs)]
        for neuron, form in enumerate(self.preactivations):
            value = _value(form, point)
            point.append(max(value, ZERO))
            tight.append(self._first(neuron) + (value > 0))
        return tight

    def multipliers(self, found: dict[int, fmpq]) -> Multipliers:
        """The multipliers of the rows, neuron by neuron."""
        firsts = [self._first(neuron) for neuron in range(len(self.preactivations))]
        return Multipliers(*([found.get(first + k, ZERO) for first in firsts] for k in range(3)))

    def point(self, columns: Sequence[fmpq]) -> Point:
        """A vertex as the input and the activations of every layer."""
        return [[_value(form, columns) for form in layer] for layer in self.layers]


def _value(form: Form, point: Sequence[fmpq]) -> fmpq:
    return sum((a * x for a, x in zip(form[0], point, strict=False) if a), form[1])


def _sum(first: Sequence[fmpq], second: Sequence[fmpq], factor: fmpq) -> list[fmpq]:
    return [a + factor * b for a, b in zip(first, second, strict=True)]
