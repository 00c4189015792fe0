"""Classes with one layer of ReLUs as systems of forms that are linear in the parameters.

On points x_1..x_m every such network is
``f_i(theta) = base_i . theta + sum_u sign(u) relu(form_iu . theta)``, where the sign of an output
weight is all that is left of it: its size goes into the hidden weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import Any

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from relu_theory.errors import InvalidInput, ShapeError
from relu_theory.exact.numbers import float_of, rational_vector

__all__ = ["Row", "System", "read_labels", "read_points"]

Point = tuple[fmpq, ...]
LABEL, ON, OFF = 0, 1, 2


@dataclass(frozen=True)
class Row:
    """One linear inequality ``a . theta >= b`` of a search: what it says, and about which point.

    ``kind`` is LABEL (with the units that count as active), ON or OFF (with one unit).
    """

    kind: int
    point: int
    units: tuple[int, ...]


@dataclass(frozen=True)
class System:
    """The forms of an architecture on m points.

    Attributes
    ----------
    base : m rows of n numbers
    forms : m lists of U rows of n numbers
    neurons : tuple of U ints
        The neuron of each unit; the units of one neuron share their sign.
    signed : bool
        Whether a neuron may have output weight -1; otherwise all are +1.
    shift : int or None
        The parameter that is an output bias, if there is one.
    """

    base: tuple[Point, ...]
    forms: tuple[tuple[Point, ...], ...]
    neurons: tuple[int, ...]
    signed: bool
    shift: int | None

    @property
    def size(self) -> int:
        """The number n of parameters."""
        return len(self.base[0])

    @property
    def shift_free(self) -> bool:
        """Whether opposite labelings go together: an output bias, and outputs of either sign."""
        return self.shift is not None and (self.signed or not self.neurons)

    @cached_property
    def kinds(self) -> tuple[int, ...]:
        """0 for units that are a whole neuron and may be exchanged, -1 for others."""
        return tuple(0 if self.neurons.count(j) == 1 else -1 for j in self.neurons)

    def sign_patterns(self) -> list[tuple[int, ...]]:
        """The signs of the units, up to the order of the neurons."""
        count = len(set(self.neurons))
        positive = range(count, -1, -1) if self.signed else [count]
        return [tuple(1 if j < k else -1 for j in self.neurons) for k in positive]

    @cached_property
    def floats(self) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
        """Floats of forms, base, and the powers of two that scaled each parameter."""
        m, n = len(self.base), self.size
        base = np.array([[float_of(v) for v in row] for row in self.base]).reshape(m, n)
        forms = np.array([[[float_of(v) for v in r] for r in rows] for rows in self.forms])
        forms = forms.reshape(m, len(self.neurons), n)
        largest = np.abs(np.concatenate([base, forms.reshape(-1, n)])).max(axis=0)
        scale = np.exp2(-np.ceil(np.log2(np.where(largest > 0, largest, 1.0))))
        return np.ascontiguousarray(forms * scale), np.ascontiguousarray(base * scale), scale

    @cached_property
    def _integers(self) -> tuple[list[list[int]], list[list[list[int]]]]:
        """Forms and base of each point times a positive integer."""
        bases, forms = [], []
        for row, rows in zip(self.base, self.forms, strict=True):
            factor = lcm(*(int(v.q) for r in (row, *rows) for v in r))
            bases.append([int(v * factor) for v in row])
            forms.append([[int(v * factor) for v in r] for r in rows])
        return bases, forms

    def labels_at(self, theta: Sequence[Fraction], signs: Sequence[int]) -> tuple[bool, ...]:
        """The labels ``f_i(theta) > 0``, in integers."""
        factor = lcm(*(t.denominator for t in theta))
        whole = [int(t * factor) for t in theta]
        out = []
        for row, rows in zip(*self._integers, strict=True):
            value = sum(a * t for a, t in zip(row, whole, strict=True))
            for sign, form in zip(signs, rows, strict=True):
                inner = sum(a * t for a, t in zip(form, whole, strict=True))
                value += sign * inner if inner > 0 else 0
            out.append(value > 0)
        return tuple(out)

    def column(self, row: Row, signs: Sequence[int], labels: Sequence[int]) -> list[fmpq]:
        """``(a, -b)`` of a row ``a . theta >= b``."""
        forms = self.forms[row.point]
        if row.kind != LABEL:
            factor = 1 if row.kind == ON else -1
            return [factor * v for v in forms[row.units[0]]] + [fmpq(0)]
        label = labels[row.point]
        values = list(self.base[row.point])
        for u in row.units:
            values = [v + signs[u] * a for v, a in zip(values, forms[u], strict=True)]
        return [label * v for v in values] + [fmpq(-1 if label > 0 else 0)]


def read_points(points: Any, inputs: int) -> tuple[Point, ...]:
    """Distinct exact points of R^inputs.

    Raises
    ------
    ShapeError
        When a point has not `inputs` coordinates.
    InvalidInput
        When there are no points, two are equal (both positions are named), or one is no number.
    """
    found: dict[Point, int] = {}
    try:
        rows = list(points)
    except TypeError:
        raise ShapeError(f"points must be a list of points, got {points!r}") from None
    for i, row in enumerate(rows):
        point = tuple(rational_vector(row, name=f"points[{i}]"))
        if len(point) != inputs:
            raise ShapeError(
                f"points[{i}] must have {inputs} coordinates, as the architecture has inputs; "
                f"got {len(point)}"
            )
        if point in found:
            raise InvalidInput(
                f"points must be distinct, but points[{i}] equals points[{found[point]}]; "
                "leave one of them out"
            )
        found[point] = i
    if not found:
        raise InvalidInput("points must hold at least one point, got none")
    return tuple(found)


def read_labels(labels: Any, count: int) -> tuple[int, ...]:
    """Labels as 1 and -1; booleans and 0/1 are read as well.

    Raises
    ------
    ShapeError
        When their number is not that of the points.
    InvalidInput
        When one is not a label.
    """
    given = list(labels)
    if len(given) != count:
        raise ShapeError(f"labels must have one entry for each of {count} points, got {len(given)}")
    for i, label in enumerate(given):
        if label not in (0, 1, -1):
            raise InvalidInput(f"labels[{i}] must be 1 or -1 (or 1 or 0), got {label!r}")
    return tuple(1 if label == 1 else -1 for label in given)
