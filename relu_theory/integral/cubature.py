"""Certified integration: one-dimensional by flint, over boxes by cones from the origin."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import Any

from flint import acb, arb, ctx, fmpq

from relu_theory.errors import TooLarge, Undecided
from relu_theory.exact import fraction
from relu_theory.integral.closed import PiNumber
from relu_theory.integral.polynomial import Polynomial

__all__ = ["box_mean_of", "box_power_mean", "certified_integral", "outward"]

MAX_BOX_DIMENSION = 3


def certified_integral(
    integrand: Callable[[Any, bool], Any], start: Any, end: Any, tolerance: int | None = None
) -> arb:
    """The integral of an analytic function over an interval, as a ball that contains it.

    Parameters
    ----------
    integrand : callable
        Maps an acb ball and a flag to an acb ball; when the flag is True it must return a
        non-finite ball unless it is analytic there (see `flint.acb.integral`).
    start, end : real numbers
    tolerance : int, optional
        The relative error aimed at is 2 to minus this power.

    Raises
    ------
    Undecided
        When flint's adaptive quadrature gives no finite enclosure.
    """
    goal = arb(2) ** -(tolerance or ctx.prec)
    found = acb.integral(integrand, acb(start), acb(end), rel_tol=goal, abs_tol=goal).real
    if not found.is_finite():
        raise Undecided("the quadrature gave no finite enclosure; raise the precision (bits=)")
    return found


def outward(value: Any, bits: int = 60) -> tuple[Fraction, Fraction]:
    """Rational bounds of a ball (or of an exact number: the number itself, twice)."""
    if isinstance(value, PiNumber):
        if value.is_rational:
            return value.fraction, value.fraction
        value = value.enclosure()
    if not isinstance(value, arb):
        return fraction(value), fraction(value)
    return tuple(  # type: ignore[return-value]
        Fraction(int(man), 1) * Fraction(2) ** int(exp)
        for man, exp in (value.lower().man_exp(), value.upper().man_exp())
    )


def box_power_mean(
    q: Polynomial, support: Sequence[int], lower: list[fmpq], upper: list[fmpq], power: int
) -> PiNumber | arb:
    """E[Q(x_S) |x|^power] on a box for homogeneous Q; exact in dimension one.

    The integrand F is homogeneous of degree s, so div(x F) = (d + s) F, and the integral over the
    box is that of F (x . normal) over its facets, divided by d + s.

    Raises
    ------
    TooLarge
        In more than three dimensions.
    """
    if len(lower) == 1:
        return PiNumber.of(_on_interval(q, power, lower[0], upper[0]))
    degree, total = max(q.degree, 0) + power, arb(0)
    for at, height, sides in _facets(lower, upper):
        total += _facet_power(q, support, power, at, sides) * height
    return total / ((len(lower) + degree) * _volume(lower, upper))


def _facet_power(
    q: Polynomial, support: Sequence[int], power: int, at: tuple[int, fmpq], sides: list[Any]
) -> arb:
    """The integral of Q(y) |y|^power over a facet: one side in closed form, the other certified."""
    axis, low, high = sides[0]
    inner = support.index(axis) if axis in support else None

    def along(y: Any, analytic: bool) -> Any:
        fixed = {at[0]: acb(at[1])} | ({sides[1][0]: y} if len(sides) > 1 else {})
        square = sum((v * v for v in fixed.values()), acb(0))
        total, known = acb(0), {}
        for e, c in q.terms.items():
            term = acb(c)
            for place, i in enumerate(support):
                if i != axis:
                    term *= fixed[i] ** e[place]
            n = e[inner] if inner is not None else 0
            if n not in known:
                known[n] = _side(n, power, square, high, analytic) - _side(
                    n, power, square, low, analytic
                )
            total += term * known[n]
        return total

    if len(sides) == 1:
        return along(None, False).real
    return certified_integral(along, sides[1][1], sides[1][2], 50)


def _side(n: int, power: int, square: Any, s: fmpq, analytic: bool) -> Any:
    """The integral of u^n (square + u^2)^(power/2) over u in [0, s], for an odd power."""
    if n >= 2:
        first = _side(n - 2, power + 2, square, s, analytic)
        return first - square * _side(n - 2, power, square, s, analytic)
    root, start = (square + s * s).sqrt(analytic=analytic), square.sqrt(analytic=analytic)
    if n == 1:
        return (root ** (power + 2) - start ** (power + 2)) / (power + 2)
    if power == -1:
        ratio = (root + s) / start
        return ratio.log(analytic=analytic)
    if power < -1:
        above = _side(0, power + 2, square, s, analytic) * (power + 3)
        return (above - root ** (power + 2) * s) / (square * (power + 2))
    below = _side(0, power - 2, square, s, analytic)
    return (root**power * s + square * below * power) / (power + 1)


def box_mean_of(
    q: Polynomial, support: Sequence[int], lower: list[fmpq], upper: list[fmpq],
    psi: Any,
) -> arb:  # fmt: skip
    """E[Q(x_S/|x|) psi(|x|)] on an interval or rectangle, by cones from the origin.

    With x = rho y, y on a facet, the integral over rho is a power series G(|y|) with a proved
    remainder (`RadialFunction.primitive`); the integral over the facet is certified.

    Raises
    ------
    TooLarge
        In more than two dimensions.
    """
    dim, total = len(lower), arb(0)
    if dim > 2:
        raise TooLarge(
            f"on a box this form has enclosures in at most 2 dimensions, got {dim}; ask for a "
            "ball, a sphere, Points, or use bound"
        )
    degree = max(q.degree, 0)
    reach = sum((max(a * a, b * b) for a, b in zip(lower, upper, strict=True)), fmpq(0))
    primitive = psi.primitive(dim, arb(reach).sqrt() * fmpq(3, 2))
    for at, height, sides in _facets(lower, upper):

        def along(y: Any, analytic: bool, at: Any = at, sides: Any = sides) -> Any:
            point = {at[0]: acb(at[1])} | ({sides[0][0]: y} if sides else {})
            radius = sum((v * v for v in point.values()), acb(0)).sqrt(analytic=analytic)
            value = q.evaluate([point[i] for i in support]) * primitive(radius)
            return value / radius ** (degree + dim)

        part = certified_integral(along, *sides[0][1:], 50) if sides else along(None, False).real
        total += part * height
    return total / _volume(lower, upper)


def _facets(
    lower: list[fmpq], upper: list[fmpq]
) -> Iterator[tuple[tuple[int, fmpq], fmpq, list[tuple[int, fmpq, fmpq]]]]:
    """Facets that do not lie in a plane through the origin: x_i = c, and x . normal there."""
    if len(lower) > MAX_BOX_DIMENSION:
        raise TooLarge(
            f"enclosures over a box are computed for at most {MAX_BOX_DIMENSION} dimensions, got "
            f"{len(lower)}; ask for a ball, a sphere, a Gaussian or Points, which are exact"
        )
    for i in range(len(lower)):
        sides = [(j, lower[j], upper[j]) for j in range(len(lower)) if j != i]
        for value, sign in ((lower[i], -1), (upper[i], 1)):
            if value:
                yield (i, value), value * sign, sides


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


def _volume(lower: list[fmpq], upper: list[fmpq]) -> fmpq:
    size = fmpq(1)
    for low, high in zip(lower, upper, strict=True):
        size *= high - low
    return size
