"""CPWL: a frozen univariate continuous piecewise-linear function with its calculus."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
from flint import arb, fmpq, fmpq_mat
from numpy.typing import ArrayLike, NDArray

from relu_theory.cpwl import calculus, networks
from relu_theory.cpwl.calculus import Piece, Range
from relu_theory.cpwl.networks import SkipNetwork
from relu_theory.errors import InvalidInput, ShapeError
from relu_theory.exact.numbers import fraction, rational, rational_vector
from relu_theory.network import ReluNetwork

__all__ = ["CPWL"]

_ZERO = fmpq(0)


@dataclass(frozen=True, init=False, repr=False)
class CPWL:
    """A continuous piecewise-linear function of one variable.

    Parameters
    ----------
    knots : n strictly increasing numbers
    slopes : n + 1 numbers
        From left to right. Knots without a change of slope are dropped.
    intercept : number
        The leftmost piece is x -> slopes[0] x + intercept.

    Raises
    ------
    InvalidInput, ShapeError
        When the knots do not increase, or the lengths do not fit.

    Examples
    --------
    >>> hat = CPWL([0, "1/2", 1], [0, 2, -2, 0])
    >>> hat("1/3"), hat.variation(), hat.range(0, "1/4").upper
    (Fraction(2, 3), Fraction(8, 1), Fraction(1, 2))
    >>> hat.compose(hat).num_pieces
    6
    """

    _knots: tuple[fmpq, ...]
    _slopes: tuple[fmpq, ...]
    _intercept: fmpq

    def __init__(self, knots: Iterable[Any], slopes: Iterable[Any], intercept: Any = 0) -> None:
        points = rational_vector(knots, name="knots")
        gradients = rational_vector(slopes, name="slopes")
        if len(gradients) != len(points) + 1:
            raise ShapeError(
                f"slopes must have {len(points) + 1} entries, one more than knots, "
                f"got {len(gradients)}"
            )
        calculus.require_increasing(points, "knots")
        self._set(points, gradients, rational(intercept))

    def _set(self, knots: Sequence[fmpq], slopes: Sequence[fmpq], intercept: fmpq) -> None:
        kept = [i for i in range(len(knots)) if slopes[i] != slopes[i + 1]]
        object.__setattr__(self, "_knots", tuple(knots[i] for i in kept))
        object.__setattr__(self, "_slopes", (slopes[0], *(slopes[i + 1] for i in kept)))
        object.__setattr__(self, "_intercept", intercept)

    @classmethod
    def _of(cls, knots: Sequence[fmpq], slopes: Sequence[fmpq], intercept: fmpq) -> CPWL:
        made = cls.__new__(cls)
        made._set(knots, slopes, intercept)
        return made

    @classmethod
    def _of_pieces(cls, pieces: Iterable[Piece]) -> CPWL:
        starts, _, slopes, intercepts = zip(*pieces, strict=True)
        return cls._of(starts[1:], slopes, intercepts[0])

    @classmethod
    def affine(cls, slope: Any, intercept: Any = 0) -> CPWL:
        """The function x -> slope x + intercept."""
        return cls([], [slope], intercept)

    @classmethod
    def from_points(
        cls, x: Iterable[Any], y: Iterable[Any], left_slope: Any = None, right_slope: Any = None
    ) -> CPWL:
        """Connect the points (x[i], y[i]), x strictly increasing.

        Beyond the ends the outer segments are extended, unless slopes are given there; a single
        point is extended as a constant.

        Examples
        --------
        >>> CPWL.from_points([0, 1, 2], [0, 1, 0], right_slope=0).slopes
        (Fraction(1, 1), Fraction(-1, 1), Fraction(0, 1))
        """
        points, values = rational_vector(x, name="x"), rational_vector(y, name="y")
        if not points or len(points) != len(values):
            raise ShapeError(
                f"x and y must have one entry per point and at least one point, got {len(points)} "
                f"and {len(values)}"
            )
        calculus.require_increasing(points, "x")
        inner = [
            (d - c) / (b - a)
            for (a, b), (c, d) in zip(pairwise(points), pairwise(values), strict=True)
        ] or [_ZERO]
        left = inner[0] if left_slope is None else rational(left_slope)
        right = inner[-1] if right_slope is None else rational(right_slope)
        slopes = [left, *(inner if len(points) > 1 else ()), right]
        return cls._of(points, slopes, values[0] - left * points[0])

    @classmethod
    def from_relus(
        cls, knots: Iterable[Any], jumps: Iterable[Any], slope: Any = 0, intercept: Any = 0
    ) -> CPWL:
        """The function x -> slope x + intercept + sum of jumps[k] max(x - knots[k], 0).

        The knots may come in any order and repeat.
        """
        points, steps = rational_vector(knots, name="knots"), rational_vector(jumps, name="jumps")
        if len(points) != len(steps):
            raise ShapeError(
                f"jumps must have one entry per knot, got {len(steps)} for {len(points)}"
            )
        return cls._summed(zip(points, steps, strict=True), rational(slope), rational(intercept))

    @classmethod
    def _summed(cls, terms: Iterable[tuple[fmpq, fmpq]], slope: fmpq, intercept: fmpq) -> CPWL:
        """The line plus the ReLUs with these knots and jumps, in any order."""
        total: dict[fmpq, fmpq] = {}
        for t, c in terms:
            total[t] = total.get(t, _ZERO) + c
        knots = sorted(total)
        slopes = accumulate((total[t] for t in knots), initial=slope)
        return cls._of(knots, list(slopes), intercept)

    @classmethod
    def from_network(cls, net: ReluNetwork, output: int = 0, *, max_pieces: int = 10**6) -> CPWL:
        """The function that one output of a network with one input computes, of any depth.

        Raises
        ------
        ShapeError, InvalidInput, TooLarge
            Not one input, no such output, or more than ``max_pieces`` activation regions.

        Examples
        --------
        >>> net = ReluNetwork([[[1], [-1]], [[1, 1]]], [[0, 0], [0]])
        >>> CPWL.from_network(net)
        CPWL(knots=[0], slopes=[-1, 1], intercept=0)
        """
        return cls._of_pieces(networks.pieces(net, output, max_pieces))

    @property
    def knots(self) -> tuple[Fraction, ...]:
        """The points at which the slope changes, increasing."""
        return tuple(map(fraction, self._knots))

    @property
    def slopes(self) -> tuple[Fraction, ...]:
        """The slopes of the pieces, from left to right: one more than knots."""
        return tuple(map(fraction, self._slopes))

    @property
    def jumps(self) -> tuple[Fraction, ...]:
        """The change of slope at every knot."""
        return tuple(map(fraction, self._jumps))

    @property
    def values(self) -> tuple[Fraction, ...]:
        """The values at the knots."""
        return tuple(map(fraction, self._values))

    @property
    def intercept(self) -> Fraction:
        """The value at 0 of the line that extends the leftmost piece."""
        return fraction(self._intercept)

    @property
    def left_slope(self) -> Fraction:
        """The slope towards minus infinity."""
        return fraction(self._slopes[0])

    @property
    def right_slope(self) -> Fraction:
        """The slope towards plus infinity."""
        return fraction(self._slopes[-1])

    @property
    def num_pieces(self) -> int:
        """The number of maximal intervals on which the function is affine."""
        return len(self._slopes)

    @property
    def lipschitz(self) -> Fraction:
        """The largest absolute slope."""
        return fraction(max(map(abs, self._slopes)))

    @cached_property
    def _jumps(self) -> tuple[fmpq, ...]:
        return tuple(b - a for a, b in pairwise(self._slopes))

    @cached_property
    def _values(self) -> tuple[fmpq, ...]:
        if not self._knots:
            return ()
        first = self._slopes[0] * self._knots[0] + self._intercept
        gaps = ((b - a) for a, b in pairwise(self._knots))
        steps = (s * h for s, h in zip(self._slopes[1:-1], gaps, strict=True))
        return tuple(accumulate(steps, initial=first))

    def _pieces(self) -> Iterator[Piece]:
        ends = (None, *self._knots, None)
        yield None, ends[1], self._slopes[0], self._intercept
        for i, (t, v) in enumerate(zip(self._knots, self._values, strict=True)):
            yield t, ends[i + 2], self._slopes[i + 1], v - self._slopes[i + 1] * t

    def _at(self, x: fmpq) -> fmpq:
        i = bisect_right(self._knots, x)
        if not i:
            return self._slopes[0] * x + self._intercept
        return self._values[i - 1] + self._slopes[i] * (x - self._knots[i - 1])

    def __call__(self, x: Any) -> Fraction:
        """The exact value at x."""
        return fraction(self._at(rational(x)))

    def sample(self, x: ArrayLike) -> NDArray[np.float64]:
        """The values at the points of an array, in floats (for drawing)."""
        return calculus.sampled(self._pieces(), np.asarray(x, dtype=np.float64))

    def __add__(self, other: CPWL) -> CPWL:
        if not isinstance(other, CPWL):
            return NotImplemented
        terms = zip(self._knots + other._knots, self._jumps + other._jumps, strict=True)
        slope = self._slopes[0] + other._slopes[0]
        return CPWL._summed(terms, slope, self._intercept + other._intercept)

    def scale(self, factor: Any) -> CPWL:
        """The function factor * f."""
        c = rational(factor)
        return CPWL._of(self._knots, [c * s for s in self._slopes], c * self._intercept)

    def __neg__(self) -> CPWL:
        return self.scale(-1)

    def __sub__(self, other: CPWL) -> CPWL:
        return self + -other if isinstance(other, CPWL) else NotImplemented

    def relu(self) -> CPWL:
        """The function max(f, 0)."""
        return CPWL._of_pieces(
            (low, high, m[0, 0], m[0, 1])
            for piece in self._pieces()
            for low, high, m in calculus.rectified(*piece[:2], fmpq_mat(1, 2, list(piece[2:])))
        )

    def maximum(self, other: CPWL) -> CPWL:
        """The pointwise maximum of two functions."""
        return other + (self - other).relu()

    def minimum(self, other: CPWL) -> CPWL:
        """The pointwise minimum of two functions."""
        return self - (self - other).relu()

    def compose(self, inner: CPWL) -> CPWL:
        """The function x -> self(inner(x))."""
        return CPWL._of_pieces(calculus.composed(list(self._pieces()), inner._pieces()))

    def range(self, lower: Any = None, upper: Any = None) -> Range:
        """The infimum and supremum on [lower, upper], and where they are attained first.

        A missing end is infinite; a bound that is not attained is an infinity.

        Examples
        --------
        >>> CPWL([0], [-1, 1]).range(-1, 2)
        Range(lower=Fraction(0, 1), upper=Fraction(2, 1), argmin=Fraction(0, 1),
              argmax=Fraction(2, 1))
        """
        low, high = (None if end is None else rational(end) for end in (lower, upper))
        if low is not None and high is not None and low > high:
            raise InvalidInput(f"lower must not exceed upper, got {lower} > {upper}")
        return calculus.extreme_values(self._at, self._knots, self._slopes, low, high)

    @property
    def is_affine(self) -> bool:
        """Whether there is no knot."""
        return not self._knots

    @property
    def is_convex(self) -> bool:
        """Whether the slopes increase; a function f is concave when -f is convex."""
        return all(c > 0 for c in self._jumps)

    @property
    def is_nondecreasing(self) -> bool:
        """Whether no slope is negative; f is nonincreasing when -f is nondecreasing."""
        return all(s >= 0 for s in self._slopes)

    def extrema(self) -> tuple[tuple[Fraction, Fraction, str], ...]:
        """Local extrema as (first point, last point, "min" or "max"), from left to right.

        A plateau is one extremum when the function turns there; the two points differ then.

        Examples
        --------
        >>> CPWL([0, 1, 2], [-1, 0, 1, -1]).extrema() == ((0, 1, "min"), (2, 2, "max"))
        True
        """
        return calculus.turning_points(self._knots, self._slopes)

    def variation(self, p: Any = 1) -> int | Fraction | arb:
        """V_p: the sum of the p-th powers of the absolute changes of slope, 0 <= p <= 1.

        Returns
        -------
        int, Fraction or flint.arb
            The number of knots for p = 0, the total variation of the derivative for p = 1, and
            otherwise a certified enclosure.

        Examples
        --------
        >>> f = CPWL([0, 1], [0, 4, 0])
        >>> f.variation(0), f.variation(), f.variation("1/2")
        (2, Fraction(8, 1), 4.00000000000000)
        """
        power = rational(p)
        if not 0 <= power <= 1:
            raise InvalidInput(f"p must lie in [0, 1], got {p}")
        if power == 0:
            return len(self._knots)
        if power == 1:
            return fraction(sum(map(abs, self._jumps), _ZERO))
        return sum((arb(abs(c)) ** arb(power) for c in self._jumps), arb(0))

    def num_relus(self, skip: bool = False) -> int:
        """The least number of neurons of a one-hidden-layer network that computes the function.

        Parameters
        ----------
        skip : bool
            Whether a linear term outside of the neurons is free; the output bias always is.

        Raises
        ------
        Undecided
            With the bracket [n, n + 1], when the search for a subset of the n jumps is too large.

        Notes
        -----
        With the skip, the number n of knots. Without, see `relu_theory.cpwl.networks`.

        Examples
        --------
        >>> CPWL([0], [-1, 1]).num_relus(), CPWL([0], [-1, 1]).num_relus(skip=True)
        (2, 1)
        >>> CPWL([0, 1], [-1, 0, 1]).num_relus()
        2
        """
        return networks.minimal_size(self._jumps, self._slopes[0], skip)

    def to_network(self, skip: bool = False) -> ReluNetwork | SkipNetwork:
        """A one-hidden-layer network with `num_relus` neurons that computes the function.

        Returns
        -------
        ReluNetwork, or with ``skip`` a SkipNetwork
            A constant, and with ``skip`` any affine function, needs no neuron: its network has no
            hidden layer.

        Raises
        ------
        Undecided
            As `num_relus`; ask for ``skip`` then.

        Examples
        --------
        >>> CPWL([0], [-1, 1]).to_network(skip=True).network.widths
        (1,)
        """
        parts = self._knots, self._jumps, self._slopes[0], self._intercept
        return networks.with_skip(*parts) if skip else networks.without_skip(*parts)

    def __repr__(self) -> str:
        knots, slopes = (", ".join(map(str, row)) for row in (self._knots, self._slopes))
        return f"CPWL(knots=[{knots}], slopes=[{slopes}], intercept={self._intercept})"
