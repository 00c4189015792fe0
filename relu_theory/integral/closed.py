"""Exact numbers with powers of sqrt(pi) and sqrt(2): the values of Gaussian and spherical moments.

A `PiNumber` is a finite sum of ``q pi^(i/2) 2^(j/2)`` with rational q, integer i and j in {0, 1}.
Since pi is transcendental and sqrt(2) irrational, that sum is unique, so equality is decided.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import factorial
from typing import Any, Protocol

from flint import arb, ctx, fmpq

from relu_theory.errors import InvalidInput, Undecided
from relu_theory.exact import fraction, rational

__all__ = ["PiNumber", "double_factorial", "gamma_half", "sign_of"]

_PRECISIONS = (64, 256, 1024, 4096)


class PiNumber:
    """A number in the ring of the rationals with sqrt(2), sqrt(pi) and 1/sqrt(pi).

    Parameters
    ----------
    terms : mapping from (i, j) to rational
        The coefficient of ``pi^(i/2) 2^(j/2)``, j in {0, 1}.

    Examples
    --------
    >>> half = gamma_half(1)
    >>> half * half, half * half == PiNumber({(2, 0): 1})
    (pi, True)
    >>> (half * half.inverse()).fraction
    Fraction(1, 1)
    """

    __slots__ = ("terms",)

    def __init__(self, terms: Mapping[tuple[int, int], Any]) -> None:
        self.terms = {key: q for key, v in sorted(terms.items()) if (q := rational(v)) != 0}

    @classmethod
    def of(cls, value: Any) -> PiNumber:
        """The number itself, or a rational as a PiNumber."""
        return value if isinstance(value, PiNumber) else cls({(0, 0): value})

    @property
    def is_rational(self) -> bool:
        """Whether neither sqrt(2) nor pi occurs."""
        return set(self.terms) <= {(0, 0)}

    @property
    def fraction(self) -> Fraction:
        """The value as a Fraction.

        Raises
        ------
        InvalidInput
            When it is irrational; use `enclosure` or `sympy`.
        """
        if not self.is_rational:
            raise InvalidInput(f"{self} is irrational; read .enclosure() or .sympy()")
        return fraction(self.terms.get((0, 0), fmpq(0)))

    def enclosure(self, bits: int = 128) -> arb:
        """A ball around the number, computed with this many bits."""
        with ctx.workprec(bits):
            root_pi, root_two = arb.pi().sqrt(), arb(2).sqrt()
            return sum((arb(q) * root_pi**i * root_two**j for (i, j), q in self.terms.items()),
                       arb(0))  # fmt: skip

    def sympy(self) -> Any:
        """The number as a sympy expression."""
        import sympy

        return sympy.Add(*(
            sympy.Rational(int(q.p), int(q.q)) * sympy.sqrt(sympy.pi) ** i * sympy.sqrt(2) ** j
            for (i, j), q in self.terms.items()
        ))  # fmt: skip

    def inverse(self) -> PiNumber:
        """One over the number, when it is a single term.

        Raises
        ------
        InvalidInput
            When it is zero or a sum of several terms.
        """
        if len(self.terms) != 1:
            raise InvalidInput(f"only a single term has an inverse here, got {self}")
        ((i, j), q), = self.terms.items()
        return PiNumber({(-i, j): 1 / (q * 2**j)})

    def __add__(self, other: Any) -> PiNumber:
        total = dict(self.terms)
        for key, q in PiNumber.of(other).terms.items():
            total[key] = total.get(key, fmpq(0)) + q
        return PiNumber(total)

    __radd__ = __add__

    def __mul__(self, other: Any) -> PiNumber:
        total: dict[tuple[int, int], fmpq] = {}
        for (i, j), p in self.terms.items():
            for (k, m), q in PiNumber.of(other).terms.items():
                key = (i + k, (j + m) % 2)
                total[key] = total.get(key, fmpq(0)) + p * q * 2 ** ((j + m) // 2)
        return PiNumber(total)

    __rmul__ = __mul__

    def __neg__(self) -> PiNumber:
        return self * -1

    def __sub__(self, other: Any) -> PiNumber:
        return self + -PiNumber.of(other)

    def __rsub__(self, other: Any) -> PiNumber:
        return PiNumber.of(other) - self

    def __truediv__(self, other: Any) -> PiNumber:
        return self * PiNumber.of(other).inverse()

    def sign(self) -> int:
        """-1, 0 or 1, decided by enclosures that are refined until they exclude zero."""
        return sign_of(self) if self.terms else 0

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, (PiNumber, int, Fraction, fmpq)):
            return NotImplemented
        return self.terms == PiNumber.of(other).terms

    def __hash__(self) -> int:
        return hash(tuple((key, fraction(q)) for key, q in self.terms.items()))

    def _order(self, other: Any) -> int:
        """The sign of self - other; against a ball it must be visible at once."""
        if not isinstance(other, arb):
            return (self - other).sign()
        gap = self.enclosure() - other
        if gap.contains(0):
            raise Undecided(f"{self} lies in the ball {other}; compute that with more bits")
        return 1 if gap > 0 else -1

    def __lt__(self, other: Any) -> bool:
        return self._order(other) < 0

    def __le__(self, other: Any) -> bool:
        return self._order(other) <= 0

    def __gt__(self, other: Any) -> bool:
        return self._order(other) > 0

    def __ge__(self, other: Any) -> bool:
        return self._order(other) >= 0

    def __float__(self) -> float:
        return float(self.enclosure())

    def __repr__(self) -> str:
        return " + ".join(_spelled(key, q) for key, q in self.terms.items()) or "0"


def _spelled(key: tuple[int, int], q: fmpq) -> str:
    i, j = key
    power = f"pi^{i // 2}" if i % 2 == 0 else f"pi^({i}/2)"
    factors = [*(["sqrt(2)"] if j else []), *(["pi" if i == 2 else power] if i else [])]
    if not factors:
        return str(q)
    return "*".join(factors if q == 1 else [str(q), *factors])


class _Enclosed(Protocol):
    def enclosure(self, bits: int = 128) -> arb:
        """A ball around the number, computed with this many bits."""


def sign_of(number: _Enclosed) -> int:
    """-1 or 1 for a number that is not zero, by enclosures refined until they exclude zero.

    Raises
    ------
    Undecided
        When the finest enclosure still contains zero.

    Examples
    --------
    >>> sign_of(PiNumber({(2, 0): 113, (0, 0): -355}))     # 113 pi - 355
    -1
    """
    for bits in _PRECISIONS:
        ball = number.enclosure(bits)
        if not ball.contains(0):
            return 1 if ball > 0 else -1
    raise Undecided(f"the sign of {number} is not visible with {_PRECISIONS[-1]} bits")


def double_factorial(n: int) -> int:
    """``n (n - 2) (n - 4) ...`` down to 1 or 2; 1 for n = 0 and n = -1.

    Examples
    --------
    >>> double_factorial(7), double_factorial(6), double_factorial(-1)
    (105, 48, 1)
    """
    product = 1
    while n > 1:
        product, n = product * n, n - 2
    return product


def gamma_half(m: int) -> PiNumber:
    """Gamma(m/2) for a positive integer m.

    Examples
    --------
    >>> gamma_half(6), gamma_half(5)
    (2, 3/4*pi^(1/2))
    """
    if m < 1:
        raise InvalidInput(f"m must be a positive integer, got {m}")
    if m % 2 == 0:
        return PiNumber.of(factorial(m // 2 - 1))
    return PiNumber({(1, 0): fmpq(double_factorial(m - 2), 2 ** ((m - 1) // 2))})
