"""Signs of sums of p-th powers of positive rationals, decided exactly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from math import gcd

from flint import arb, ctx, fmpq, fmpz

__all__ = ["Ambiguous", "FixedPower", "PowerRange", "vanishes"]

Terms = Mapping[fmpq, int]
"""Positive bases with integer coefficients: the sum of coefficient * base^p."""

_FIRST_PRECISION = 64


class Ambiguous(Exception):
    """The sign of a sum changes, or may change, within the range of exponents."""


class FixedPower:
    """Powers with one rational exponent 0 < p <= 1, and exact signs of their sums."""

    def __init__(self, p: fmpq) -> None:
        self.p = p
        self._enclosure = arb(p)

    def power(self, base: fmpq) -> arb:
        """An enclosure of base^p."""
        return arb(base) ** self._enclosure

    def sign(self, terms: Terms) -> int:
        """The exact sign of a sum.

        The precision is doubled until the enclosure excludes zero; before that, `vanishes`
        settles whether it ever will.
        """
        terms = {base: c for base, c in terms.items() if c}
        if not terms:
            return 0
        precision = _FIRST_PRECISION
        while True:
            precision *= 2
            with ctx.workprec(precision):
                exponent = arb(self.p)
                total = sum((c * arb(base) ** exponent for base, c in terms.items()), arb(0))
            if total > 0 or total < 0:
                return 1 if total > 0 else -1
            if precision == 4 * _FIRST_PRECISION and vanishes(terms, self.p):
                return 0


class PowerRange:
    """Powers with all exponents of an interval within [0, 1], and signs that hold on all of it.

    At the ends 0 and 1 the sign is that of the limit from inside.
    """

    def __init__(self, low: Fraction, high: Fraction) -> None:
        self.low, self.high = low, high
        ends = [arb(fmpq(q.numerator, q.denominator)) for q in (low, high)]
        self._range = ends[0].union(ends[1])
        self._middle = (ends[0] + ends[1]) / 2

    def power(self, base: fmpq) -> arb:
        """An enclosure of base^p for all p of the range."""
        return arb(base) ** self._range

    def sign(self, terms: Terms) -> int:
        """The sign of a sum, the same for all exponents of the range.

        Raises
        ------
        Ambiguous
            When the enclosures do not show such a sign.

        Notes
        -----
        The mean value theorem: D(p) = D(m) + D'(q) (p - m). Where D vanishes at the end 0 or 1,
        the sign of D inside is that of D' or -D'.
        """
        terms = {base: c for base, c in terms.items() if c}
        if not terms:
            return 0
        slope = self._derivative(terms)
        middle = sum((c * arb(base) ** self._middle for base, c in terms.items()), arb(0))
        candidates = [middle + slope * (self._range - self._middle)]
        if self.low == 0 and sum(terms.values()) == 0:
            candidates.append(slope)
        if self.high == 1 and sum((c * base for base, c in terms.items()), fmpq(0)) == 0:
            candidates.append(-slope)
        for enclosure in candidates:
            if enclosure > 0 or enclosure < 0:
                return 1 if enclosure > 0 else -1
        raise Ambiguous

    def _derivative(self, terms: Terms) -> arb:
        parts = ((arb(base), c) for base, c in terms.items())
        return sum((c * base.log() * base**self._range for base, c in parts), arb(0))


def vanishes(terms: Terms, p: fmpq) -> bool:
    """Whether the sum of coefficient * base^p is exactly zero.

    Parameters
    ----------
    terms : positive rational bases with integer coefficients
    p : rational exponent

    Notes
    -----
    Write p = u / v. Real v-th roots of positive rationals no two of which have a rational ratio
    are linearly independent over the rationals [Mordell 1953]. So the sum is zero exactly when
    it is zero within every class of powers with rational ratios, where it is rational arithmetic.

    Examples
    --------
    sqrt(2) + sqrt(8) = sqrt(18):

    >>> vanishes({fmpq(2): 1, fmpq(8): 1, fmpq(18): -1}, fmpq(1, 2))
    True
    >>> vanishes({fmpq(2): 1, fmpq(3): -1}, fmpq(1, 2))
    False
    """
    classes: list[tuple[fmpq, fmpq]] = []
    for base, c in Counter(terms).items():
        for i, (leader, total) in enumerate(classes):
            ratio = _rational_power(base / leader, p)
            if ratio is not None:
                classes[i] = leader, total + c * ratio
                break
        else:
            classes.append((base, fmpq(c)))
    return not any(total for _, total in classes)


def _rational_power(q: fmpq, p: fmpq) -> fmpq | None:
    """q^p if it is rational; q > 0."""
    u, v = int(p.p), int(p.q)
    top, bottom = _root(int(q.p), v), _root(int(q.q), v)
    if top is None or bottom is None or gcd(u, v) != 1:
        return None
    return fmpq(top**u, bottom**u)


def _root(n: int, v: int) -> int | None:
    """The integer v-th root of n >= 1, if there is one."""
    if n == 1 or v == 1:
        return n
    if v >= n.bit_length():
        return None
    root = int(fmpz(n).root(v))
    return root if root**v == n else None
