"""Classes of classifiers x -> [f(x) > 0] with real weights, on which shattering is decided.

`Halfspaces` and `OneHidden` and the group-convolutional class become a `System` of linear forms;
`Threshold`, `Intersections` and `Unions` are Boolean functions of halfspaces.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import combinations_with_replacement, product
from math import comb
from typing import Any

from flint import fmpq

from relu_theory.errors import InvalidInput, TooLarge
from relu_theory.vc.systems import Point, System

__all__ = [
    "Halfspaces",
    "Intersections",
    "OneHidden",
    "Threshold",
    "Unions",
]

Combined = dict[int, tuple[tuple[int, ...], int]]
"""Labelings as bit sets: the halfspaces that give each, and the threshold function of them."""


@dataclass(frozen=True)
class Halfspaces:
    """``x -> [w . x + b > 0]`` on R^dim; b = 0 when ``homogeneous``.

    Raises
    ------
    InvalidInput
        When dim is not a positive int.

    Examples
    --------
    >>> Halfspaces(2).parameters
    3
    """

    dim: int
    homogeneous: bool = False

    def __post_init__(self) -> None:
        _positive("dim", self.dim)

    @property
    def inputs(self) -> int:
        """The input dimension."""
        return self.dim

    @property
    def parameters(self) -> int:
        """The number of real parameters."""
        return self.dim + (not self.homogeneous)

    def growth_bound(self, points: int) -> int:
        """At most this many labelings of so many points."""
        if self.homogeneous:
            return sum(comb(points, i) for i in range(self.dim + 1))
        return 2 * sum(comb(points - 1, i) for i in range(self.dim + 1))

    def system(self, points: tuple[Point, ...]) -> System:
        """The forms on exact points."""
        one = [] if self.homogeneous else [fmpq(1)]
        base = tuple((*point, *one) for point in points)
        shift = None if self.homogeneous else self.dim
        return System(base, tuple(() for _ in points), (), False, shift)

    def layers(self, theta: Sequence[Fraction], signs: Sequence[int]) -> tuple[Any, Any]:
        """Weights and biases of w . x + b."""
        _as_many(theta, self.parameters, signs, 0)
        bias = Fraction(0) if self.homogeneous else theta[-1]
        return [[list(theta[: self.dim])]], [[bias]]

    def to_dict(self) -> dict[str, Any]:
        """The description that certificates hold."""
        return {"name": "Halfspaces", "inputs": self.dim, "homogeneous": self.homogeneous}


@dataclass(frozen=True)
class OneHidden:
    """``x -> [sum_k v_k relu(w_k . x + b_k) + a . x + c > 0]`` with ``units`` hidden neurons.

    Parameters
    ----------
    inputs, units : int
        At least 1.
    skip : bool
        Whether there is a linear part a . x.
    output_bias : bool
        Whether there is c.

    Raises
    ------
    InvalidInput
        When a size is not a positive int.

    Examples
    --------
    >>> OneHidden(2, 2).parameters
    9
    """

    inputs: int
    units: int
    skip: bool = False
    output_bias: bool = True

    def __post_init__(self) -> None:
        _positive("inputs", self.inputs)
        _positive("units", self.units)

    @property
    def parameters(self) -> int:
        """The number of weights and biases."""
        hidden = self.units * (self.inputs + 2)
        return hidden + self.output_bias + self.inputs * self.skip

    def growth_bound(self, points: int) -> int:
        """At most this many labelings: multisets of signed dichotomies, times linear labelings.

        For a fixed pattern f is linear in its n parameters and labels points as halfspaces of R^n
        do, with the closed side negative where there is no output bias.
        """
        patterns = 2 * sum(comb(points - 1, i) for i in range(self.inputs + 1))
        n = self.units * (self.inputs + 1) + self.output_bias + self.inputs * self.skip
        if self.output_bias:
            linear = 2 * sum(comb(points - 1, i) for i in range(n))
        else:
            linear = sum(comb(points, i) for i in range(n + 1))
        return comb(2 * patterns + self.units - 1, self.units) * linear

    def system(self, points: tuple[Point, ...]) -> System:
        """The forms on exact points; parameters are (w_k, b_k) for each k, then c, then a."""
        width = self.inputs + 1
        hidden = self.units * width
        size = hidden + self.output_bias + self.inputs * self.skip
        base, forms = [], []
        for point in points:
            row = [fmpq(0)] * size
            if self.output_bias:
                row[hidden] = fmpq(1)
            if self.skip:
                row[size - self.inputs :] = point
            base.append(tuple(row))
            forms.append(tuple(self._form(k * width, size, point) for k in range(self.units)))
        shift = hidden if self.output_bias else None
        return System(tuple(base), tuple(forms), tuple(range(self.units)), True, shift)

    def _form(self, at: int, size: int, point: Point) -> Point:
        row = [fmpq(0)] * size
        row[at : at + self.inputs + 1] = [*point, fmpq(1)]
        return tuple(row)

    def layers(self, theta: Sequence[Fraction], signs: Sequence[int]) -> tuple[Any, Any]:
        """Weights and biases; a linear part becomes two units."""
        width = self.inputs + 1
        hidden = self.units * width
        size = hidden + self.output_bias + self.inputs * self.skip
        _as_many(theta, size, signs, self.units)
        rows = [list(theta[k : k + width]) for k in range(0, hidden, width)]
        weights, biases, out = [r[:-1] for r in rows], [r[-1] for r in rows], list(signs)
        if self.skip:
            a = list(theta[size - self.inputs :])
            weights += [a, [-v for v in a]]
            biases += [Fraction(0)] * 2
            out += [1, -1]
        c = theta[hidden] if self.output_bias else Fraction(0)
        return [weights, [out]], [biases, [c]]

    def to_dict(self) -> dict[str, Any]:
        """The description that certificates hold."""
        return {
            "name": "OneHidden",
            "inputs": self.inputs,
            "units": self.units,
            "skip": self.skip,
            "output_bias": self.output_bias,
        }


@dataclass(frozen=True)
class _OfHalfspaces:
    """A Boolean function of the labels of ``units`` affine halfspaces in R^inputs."""

    inputs: int
    units: int

    def __post_init__(self) -> None:
        _positive("inputs", self.inputs)
        _positive("units", self.units)

    def to_dict(self) -> dict[str, Any]:
        """The description that certificates hold."""
        return {"name": type(self).__name__, "inputs": self.inputs, "units": self.units}

    def growth_bound(self, points: int) -> int:
        """At most this many labelings: multisets of dichotomies."""
        halves = 2 * sum(comb(points - 1, i) for i in range(self.inputs + 1))
        return comb(halves + self.units - 1, self.units)


@dataclass(frozen=True)
class Intersections(_OfHalfspaces):
    """Intersections of ``units`` affine halfspaces of R^inputs.

    Examples
    --------
    >>> sorted(Intersections(1, 2).combine([0b00, 0b01, 0b10, 0b11], 2))
    [0, 1, 2, 3]
    """

    def combine(self, halfspaces: Collection[int], count: int) -> Combined:
        """All intersections of that many of the bit sets, with the sets that give them."""
        found: Combined = {(1 << count) - 1: ((), 0)}
        for _ in range(self.units):
            found = {a & b: ((*c, b), 0) for a, (c, _) in found.items() for b in halfspaces}
        return found


@dataclass(frozen=True)
class Unions(_OfHalfspaces):
    """Unions of ``units`` affine halfspaces of R^inputs."""

    def combine(self, halfspaces: Collection[int], count: int) -> Combined:
        """All unions of that many of the bit sets, with the sets that give them."""
        found: Combined = {0: ((), 0)}
        for _ in range(self.units):
            found = {a | b: ((*c, b), 0) for a, (c, _) in found.items() for b in halfspaces}
        return found


@dataclass(frozen=True)
class Threshold(_OfHalfspaces):
    """One hidden layer of thresholds: ``[sum_k v_k [w_k . x + b_k > 0] + c > 0]``, units <= 4."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.units > 4:
            raise TooLarge(f"Threshold is decided for at most 4 units, got {self.units}")

    def growth_bound(self, points: int) -> int:
        """At most this many labelings: multisets of dichotomies, times threshold functions."""
        return super().growth_bound(points) * len(threshold_functions(self.units))

    def combine(self, halfspaces: Collection[int], count: int) -> Combined:
        """All threshold functions of that many of the bit sets, with sets and function."""
        everything = (1 << count) - 1
        found: Combined = {}
        for chosen in combinations_with_replacement(halfspaces, self.units):
            cells = list(_cells(chosen, everything))
            for accepted in threshold_functions(self.units):
                label = sum(c for k, c in enumerate(cells) if accepted >> k & 1)
                found.setdefault(label, (chosen, accepted))
        return found


def _cells(chosen: tuple[int, ...], everything: int) -> Iterator[int]:
    for inside in product((False, True), repeat=len(chosen)):
        cell = everything
        for one, half in zip(inside, chosen, strict=True):
            cell &= half if one else ~half
        yield cell


@cache
def threshold_functions(inputs: int) -> dict[int, tuple[Fraction, ...]]:
    """All linear threshold functions on {0, 1}^inputs, with weights and bias.

    Bit sets over the points in order.
    """
    from relu_theory.vc.growth import halfspace_sets

    cube = tuple(tuple(map(fmpq, p)) for p in product((0, 1), repeat=inputs))
    return halfspace_sets(cube)


def _positive(name: str, value: Any) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise InvalidInput(f"{name} must be a positive int, got {value!r}")


def _as_many(theta: Sequence[Fraction], size: int, signs: Sequence[int], units: int) -> None:
    if len(theta) != size or len(signs) != units:
        raise InvalidInput(
            f"theta and signs must have {size} and {units} entries for this architecture, got "
            f"{len(theta)} and {len(signs)}; give the one that the labeling was asked of"
        )
