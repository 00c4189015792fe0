"""Square roots as exact numbers: compared exactly, enclosed as closely as asked."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from functools import total_ordering
from typing import Any

from flint import arb, ctx, fmpq, fmpq_mat, fmpz_poly

from relu_theory.errors import InvalidInput
from relu_theory.exact import fraction

__all__ = ["Root", "floats_around", "largest_eigenvalue_root", "root_of"]

_FIRST_BITS, _MOST_BITS = 64, 1 << 20


@total_ordering
class Root:
    """The square root of the largest real root of an integer polynomial.

    Parameters
    ----------
    polynomial : flint.fmpz_poly
        All of its roots are real and not negative, as those of a Gram matrix are.

    Notes
    -----
    Two roots are compared exactly: the polynomials share a factor g, and the largest roots of g
    and of the two cofactors differ pairwise, so that enough bits separate them.

    Examples
    --------
    >>> a, b = Root(fmpz_poly([-2, 1])), Root(fmpz_poly([4, -4, 1]))
    >>> a, a == b, float(a) == 2**0.5, a > Fraction(7, 5)
    (sqrt(2), True, True, True)
    """

    __slots__ = ("_polynomial",)

    def __init__(self, polynomial: fmpz_poly) -> None:
        common = polynomial.gcd(polynomial.derivative())
        simple = polynomial // common
        self._polynomial = simple // simple.content()

    @property
    def polynomial(self) -> list[int]:
        """Integer coefficients, constant first, of a square-free polynomial of the square."""
        return [int(c) for c in self._polynomial.coeffs()]

    @property
    def squared(self) -> Fraction | None:
        """The square where it is rational, else None."""
        coefficients = self._polynomial.coeffs()
        if len(coefficients) == 2:
            return fraction(fmpq(-coefficients[0], coefficients[1]))
        for factor, _ in self._polynomial.factor()[1]:
            c = factor.coeffs()
            if len(c) == 2:
                candidate = fraction(fmpq(-c[0], c[1]))
                if Root(fmpz_poly([-candidate.numerator, candidate.denominator])) == self:
                    return candidate
        return None

    def enclosure(self, bits: int = 64) -> tuple[Fraction, Fraction]:
        """Rational bounds ``(lower, upper)``, about ``bits`` bits apart."""
        with _precision(bits + 16):
            root = _square_root(_largest(self._polynomial))
            return max(Fraction(0), _dyadic(root.lower())), _dyadic(root.upper())

    def __float__(self) -> float:
        lower, upper = self.enclosure(80)
        return float((lower + upper) / 2)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, (Root, int, Fraction, float)):
            return NotImplemented
        return _compare(self, other) == 0

    def __lt__(self, other: Any) -> bool:
        if not isinstance(other, (Root, int, Fraction, float)):
            return NotImplemented
        return _compare(self, other) < 0

    def __hash__(self) -> int:
        return hash(float(self))

    def __repr__(self) -> str:
        squared = self.squared
        if squared is None:
            return f"sqrt(largest root of {self._polynomial})"
        return f"sqrt({squared})"


def largest_eigenvalue_root(gram: fmpq_mat) -> Root:
    """The square root of the largest eigenvalue of a positive semidefinite rational matrix.

    Examples
    --------
    >>> largest_eigenvalue_root(fmpq_mat(2, 2, [2, 1, 1, 2]))
    sqrt(3)
    """
    return Root(gram.charpoly().numer())


def _compare(a: Root, b: Root | Fraction | int | float) -> int:
    if isinstance(b, float) and not math.isfinite(b):
        return -1 if b > 0 else 1
    if not isinstance(b, Root):
        if b < 0:
            return 1
        square = Fraction(b) ** 2
        b = Root(fmpz_poly([-square.numerator, square.denominator]))
    common = a._polynomial.gcd(b._polynomial)
    if common.degree() == a._polynomial.degree() == b._polynomial.degree():
        return 0
    parts = [common, a._polynomial // common, b._polynomial // common]
    bits = _FIRST_BITS
    while bits < _MOST_BITS:
        with _precision(bits):
            # None stands below every root.
            shared, left, right = (
                _largest(p) if p.degree() > 0 else None for p in parts
            )
            order = _decide(shared, left, right)
        if order is not None:
            return order
        bits *= 2
    raise InvalidInput("two roots agree to a million bits; this is not expected to happen")


def _decide(shared: arb | None, left: arb | None, right: arb | None) -> int | None:
    """The order of max(shared, left) and max(shared, right), None where the balls overlap."""
    a, b = _larger(shared, left), _larger(shared, right)
    if a == "unknown" or b == "unknown":
        return None
    if a is shared and b is shared:
        return 0
    if a < b:
        return -1
    return 1 if a > b else None


def _larger(x: Any, y: Any) -> Any:
    if x is None or y is None:
        return y if x is None else x
    if x > y:
        return x
    return y if y > x else "unknown"


def _largest(polynomial: fmpz_poly) -> arb:
    """The largest of the roots, which are all real."""
    pairs: Any = polynomial.complex_roots()
    roots = [root.real for root, _ in pairs]
    best = roots[0]
    for root in roots[1:]:
        best = best.max(root)
    return best


def _square_root(x: arb) -> arb:
    return x.max(arb(0)).sqrt()


def _dyadic(x: arb) -> Fraction:
    mantissa, exponent = x.man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


@contextmanager
def _precision(bits: int) -> Iterator[None]:
    before = ctx.prec
    ctx.prec = bits
    try:
        yield
    finally:
        ctx.prec = before


def root_of(square: Any) -> Root:
    """The square root of a nonnegative rational.

    Examples
    --------
    >>> root_of("9/4") == Fraction(3, 2)
    True
    """
    value = fraction(square)
    if value < 0:
        raise InvalidInput(f"square must not be negative, got {value}")
    return Root(fmpz_poly([-value.numerator, value.denominator]))


def floats_around(value: Fraction | Root) -> tuple[float, float]:
    """Floats below and above a number, at most a few units in the last place apart."""
    lower, upper = value.enclosure(64) if isinstance(value, Root) else (value, value)
    low, high = float(lower), float(upper)
    if Fraction(low) > lower:
        low = math.nextafter(low, -math.inf)
    if Fraction(high) < upper:
        high = math.nextafter(high, math.inf)
    return low, high
