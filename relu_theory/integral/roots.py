"""Sums of rational multiples of square roots: exact values of Euclidean norms."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import isqrt
from typing import Any

from flint import arb, ctx, fmpq, fmpz

from relu_theory.errors import InvalidInput
from relu_theory.exact import fraction, rational
from relu_theory.integral.closed import sign_of

__all__ = ["RootSum"]


class RootSum:
    """A sum of ``c sqrt(n)`` with rational c and square-free integers n >= 1; equality is decided.

    Square roots of different square-free integers are linearly independent over the rationals.

    Parameters
    ----------
    terms : iterable of pairs (c, s)
        Rational c and rational s >= 0, for ``c sqrt(s)``.

    Examples
    --------
    >>> RootSum([(1, 8), (1, "1/2"), (3, 4)])
    6 + 5/2*sqrt(2)
    >>> RootSum([(2, 2)]) == RootSum([(1, 8)])
    True
    """

    __slots__ = ("terms",)

    def __init__(self, terms: Iterable[tuple[Any, Any]]) -> None:
        found: dict[int, fmpq] = {}
        for c, s in terms:
            factor, root = _simplified(rational(c), rational(s))
            found[root] = found.get(root, fmpq(0)) + factor
        self.terms = {root: c for root, c in sorted(found.items()) if c}

    @property
    def is_rational(self) -> bool:
        """Whether no root is left."""
        return set(self.terms) <= {1}

    @property
    def fraction(self) -> Fraction:
        """The value, when it is rational.

        Raises
        ------
        InvalidInput
            Otherwise; use `enclosure` or `sympy`.
        """
        if not self.is_rational:
            raise InvalidInput(f"{self} is irrational; read .enclosure() or .sympy()")
        return fraction(self.terms.get(1, fmpq(0)))

    def enclosure(self, bits: int = 128) -> arb:
        """A ball around the value."""
        with ctx.workprec(bits):
            return sum((arb(c) * arb(root).sqrt() for root, c in self.terms.items()), arb(0))

    def sympy(self) -> Any:
        """The value as a sympy expression."""
        import sympy

        return sympy.Add(*(
            sympy.Rational(int(c.p), int(c.q)) * sympy.sqrt(root) for root, c in self.terms.items()
        ))  # fmt: skip

    def _pairs(self) -> list[tuple[Any, Any]]:
        return [(c, root) for root, c in self.terms.items()]

    def __add__(self, other: Any) -> RootSum:
        return RootSum([*self._pairs(), *_of(other)._pairs()])

    def __mul__(self, factor: Any) -> RootSum:
        return RootSum([(c * rational(factor), root) for root, c in self.terms.items()])

    def __sub__(self, other: Any) -> RootSum:
        return self + _of(other) * -1

    def sign(self) -> int:
        """-1, 0 or 1."""
        return sign_of(self) if self.terms else 0

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, (RootSum, int, Fraction, fmpq)):
            return NotImplemented
        return self.terms == _of(other).terms

    def __hash__(self) -> int:
        return hash(tuple((root, fraction(c)) for root, c in self.terms.items()))

    def __lt__(self, other: Any) -> bool:
        return (self - other).sign() < 0

    def __le__(self, other: Any) -> bool:
        return (self - other).sign() <= 0

    def __gt__(self, other: Any) -> bool:
        return (self - other).sign() > 0

    def __ge__(self, other: Any) -> bool:
        return (self - other).sign() >= 0

    def __float__(self) -> float:
        return float(self.enclosure())

    def __repr__(self) -> str:
        return " + ".join(
            str(c) if root == 1 else f"{c}*sqrt({root})" for root, c in self.terms.items()
        ) or "0"  # fmt: skip


def _of(value: Any) -> RootSum:
    return value if isinstance(value, RootSum) else RootSum([(value, 1)])


def _simplified(c: fmpq, s: fmpq) -> tuple[fmpq, int]:
    """c sqrt(p/q) = (c/q) sqrt(p q), with the square part of p q taken out."""
    if s < 0:
        raise InvalidInput(f"the root of a negative number {s} is not real")
    inside = int(s.p * s.q)
    if not inside or not c:
        return fmpq(0), 1
    root = isqrt(inside)
    if root * root == inside:
        return c * root / s.q, 1
    outside, free = 1, 1
    for prime, power in fmpz(inside).factor():
        outside *= int(prime) ** (power // 2)
        free *= int(prime) ** (power % 2)
    return c * outside / s.q, free
