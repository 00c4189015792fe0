"""Means of ``x^e |x|^s`` over boxes of at most three dimensions, for every integer s.

With F homogeneous of degree n, div(x F) = (d + n) F: the integral over the box is that of
F (x . normal) over its facets, divided by d + n. On a facet at height h, with S = h^2 and
rho^2 = S + |u|^2, the integrals K(e, s) of u^e rho^s satisfy two recursions by parts,

    (s + 2) K(e, s) = [u_i^(e_i - 1) rho^(s + 2)] - (e_i - 1) K(e - 2_i, s + 2),
    (k + s) K(0, s) = s S K(0, s - 2) + sum over sides of [u_i rho^s],

where [.] is a difference of integrals over the two ends of side i. They leave K(0, -1) and K(e, -2)
to certified quadrature over one side, the other being in closed form.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from flint import acb, arb, ctx, fmpq

from relu_theory.errors import TooLarge
from relu_theory.integral.closed import PiNumber
from relu_theory.integral.cubature import certified_integral
from relu_theory.integral.moments import interval_moment
from relu_theory.integral.polynomial import Polynomial
from relu_theory.integral.radial import RadialFunction

__all__ = ["BoxMoments", "box_mean_of", "box_power_mean"]

MAX_BOX_DIMENSION = 3
_GUARD = 64

Sides = tuple[tuple[fmpq, fmpq], ...]
Key = tuple[fmpq, Sides, tuple[int, ...], int]


def box_power_mean(
    q: Polynomial, support: Sequence[int], lower: list[fmpq], upper: list[fmpq], power: int
) -> PiNumber | arb:
    """E[Q(x_S) |x|^power] on a box for homogeneous Q; exact in dimension one.

    Raises
    ------
    TooLarge
        In more than three dimensions.
    """
    if len(lower) == 1:
        return PiNumber.of(_on_interval(q, power, lower[0], upper[0]))
    return _moments(lower, upper).polynomial_mean(q, support, power)


def box_mean_of(
    q: Polynomial, support: Sequence[int], lower: list[fmpq], upper: list[fmpq],
    psi: RadialFunction,
) -> arb:  # fmt: skip
    """E[Q(x_S/|x|) psi(|x|)] on a box, by the power series of psi with a proved remainder.

    Raises
    ------
    TooLarge
        In more than three dimensions.
    """
    moments, degree = _moments(lower, upper), max(q.degree, 0)
    reach = sum((max(a * a, b * b) for a, b in zip(lower, upper, strict=True)), fmpq(0))
    coefficients, remainder = psi.expansion(arb(reach).sqrt())
    total = arb(0)
    for n, c in enumerate(coefficients):
        if c != 0:
            total += moments.polynomial_mean(q, support, n - degree) * c
    # |Q(x/|x|)| is at most the sum of its coefficients.
    error = remainder * sum((abs(c) for c in q.terms.values()), fmpq(0))
    return total + arb(0, error.abs_upper())


def _moments(lower: Sequence[fmpq], upper: Sequence[fmpq]) -> BoxMoments:
    if len(lower) > MAX_BOX_DIMENSION:
        raise TooLarge(
            f"enclosures over a box are computed for at most {MAX_BOX_DIMENSION} dimensions, got "
            f"{len(lower)}; ask for a ball, a sphere, a Gaussian or Points, or use bound",
            len(lower),
        )
    return _remembered(tuple(map(str, lower)), tuple(map(str, upper)), ctx.prec + _GUARD)


@lru_cache(maxsize=32)
def _remembered(lower: tuple[str, ...], upper: tuple[str, ...], bits: int) -> BoxMoments:
    ends = [[fmpq(*map(int, v.split("/"))) for v in end] for end in (lower, upper)]
    return BoxMoments(*ends, bits)


class BoxMoments:
    """E[x^e |x|^s] for x uniform on a box, as balls.

    Parameters
    ----------
    lower, upper : d <= 3 rationals
    bits : int
        Working precision.

    Examples
    --------
    >>> moments = BoxMoments([fmpq(-1)], [fmpq(1)], 64)
    >>> moments.mean((2,), -1).contains(fmpq(1, 2))      # E|x|
    True
    """

    def __init__(self, lower: Sequence[fmpq], upper: Sequence[fmpq], bits: int) -> None:
        self.lower, self.upper, self.bits = lower, upper, bits
        self._means: dict[tuple[tuple[int, ...], int], arb] = {}
        self._facet: dict[Key, arb] = {}

    def mean(self, e: tuple[int, ...], s: int) -> arb:
        """E[x^e |x|^s]; |e| + s must be at least 0."""
        if (e, s) not in self._means:
            with ctx.workprec(self.bits):
                total, volume = arb(0), fmpq(1)
                for low, high in zip(self.lower, self.upper, strict=True):
                    volume *= high - low
                for i, value, sign, sides in self._facets():
                    rest = (*e[:i], *e[i + 1 :])
                    # A point of the facet x_i = value: x^e (x . normal) = value^(e_i + 1) u^rest.
                    total += self._integral((value**2, sides, rest, s)) * (
                        sign * value ** (e[i] + 1)
                    )
                self._means[e, s] = total / ((len(e) + sum(e) + s) * volume)
        return self._means[e, s]

    def polynomial_mean(self, q: Polynomial, support: Sequence[int], s: int) -> arb:
        """E[Q(x_S) |x|^s] for a homogeneous polynomial Q in the coordinates ``support``."""
        total = arb(0)
        for e, c in q.terms.items():
            full = [0] * len(self.lower)
            for i, power in zip(support, e, strict=True):
                full[i] = power
            total += self.mean(tuple(full), s) * c
        return total

    def _facets(self) -> Iterator[tuple[int, fmpq, int, Sides]]:
        ends = list(zip(self.lower, self.upper, strict=True))
        for i, (low, high) in enumerate(ends):
            sides = (*ends[:i], *ends[i + 1 :])
            yield from ((i, v, sign, sides) for v, sign in ((low, -1), (high, 1)) if v)

    def _integral(self, key: Key) -> arb:
        """The integral of u^e (S + |u|^2)^(s/2) over a product of intervals, S > 0."""
        if key not in self._facet:
            self._facet[key] = self._computed(*key)
        return self._facet[key]

    def _computed(self, square: fmpq, sides: Sides, e: tuple[int, ...], s: int) -> arb:
        k = len(sides)
        if not k:
            return arb(square ** (s // 2)) if s % 2 == 0 else arb(square).sqrt() ** s
        if s == 0:
            return _box_integral(sides, e)
        if s == -2 or (s == -1 and not any(e)):
            return _base(square, sides, e, s)
        if any(e):
            i = next(j for j, power in enumerate(e) if power)
            edge = self._ends(square, sides, e, i, e[i] - 1, s + 2)
            if e[i] > 1:
                lower = (*e[:i], e[i] - 2, *e[i + 1 :])
                edge -= self._integral((square, sides, lower, s + 2)) * (e[i] - 1)
            return edge / (s + 2)
        if s > 0:
            return (self._integral((square, sides, e, s - 2)) * (square * s)
                    + self._edges(square, sides, e, s)) / (k + s)  # fmt: skip
        above = self._integral((square, sides, e, s + 2)) * (k + s + 2)
        return (above - self._edges(square, sides, e, s + 2)) / (square * (s + 2))

    def _edges(self, square: fmpq, sides: Sides, e: tuple[int, ...], s: int) -> arb:
        return sum((self._ends(square, sides, e, i, 1, s) for i in range(len(sides))), arb(0))

    def _ends(
        self, square: fmpq, sides: Sides, e: tuple[int, ...], i: int, power: int, s: int
    ) -> arb:
        """[u_i^power rho^s], integrated over the other sides."""
        rest, left = (*sides[:i], *sides[i + 1 :]), (*e[:i], *e[i + 1 :])
        low, high = sides[i]
        values = (
            self._integral((square + c * c, rest, left, s)) * c**power for c in (high, low)
        )
        return next(values) - next(values)


def _box_integral(sides: Sides, e: tuple[int, ...]) -> arb:
    total = fmpq(1)
    for (low, high), power in zip(sides, e, strict=True):
        total *= (high - low) * interval_moment(low, high, power)
    return arb(total)


def _base(square: fmpq, sides: Sides, e: tuple[int, ...], s: int) -> arb:
    """The same by quadrature over the last side, for s = -1 or -2."""
    (low, high), n = sides[0], e[0]
    if len(sides) == 1:
        flat = acb(square)
        return (_side(n, s, flat, high, False) - _side(n, s, flat, low, False)).real

    def along(y: Any, analytic: bool) -> Any:
        inner = square + y * y
        value = _side(n, s, inner, high, analytic) - _side(n, s, inner, low, analytic)
        return value * y ** e[1]

    return certified_integral(along, *sides[1])


def _side(n: int, s: int, square: Any, end: fmpq, analytic: bool) -> Any:
    """The integral of u^n (square + u^2)^(s/2) over u in [0, end], for s = -1, -2 and n >= 0."""
    if end < 0:
        return _side(n, s, square, -end, analytic) * (-1) ** (n + 1)
    if n >= 2:
        if s == -1:
            root = (square + end * end).sqrt(analytic=analytic)
            below = _side(n - 2, s, square, end, analytic)
            return (root * end ** (n - 1) - square * below * (n - 1)) / n
        return end ** (n - 1) / fmpq(n - 1) - square * _side(n - 2, s, square, end, analytic)
    root = square.sqrt(analytic=analytic)
    if s == -1:
        far = (square + end * end).sqrt(analytic=analytic)
        return far - root if n else ((far + end) / root).log(analytic=analytic)
    if n:
        return ((square + end * end) / square).log(analytic=analytic) / 2
    turn = acb(0, 1) * end / root
    return ((1 + turn) / (1 - turn)).log(analytic=analytic) / (root * acb(0, 2))


def _on_interval(q: Polynomial, power: int, low: fmpq, high: fmpq) -> fmpq:
    total = fmpq(0)
    for e, c in q.terms.items():
        degree = sum(e)
        sides = ((max(low, fmpq(0)), high, 1), (max(-high, fmpq(0)), -low, (-1) ** degree))
        for a, b, sign in sides:
            if b > a:
                n = degree + power + 1
                total += c * sign * (b**n - a**n) / n
    return total / (high - low)
