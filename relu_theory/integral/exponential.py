"""Exponential polynomials: finite sums of ``t^i e^(c t)`` with rational coefficients and rates.

They are the integrals of bias weights against a ReLU: ``h(t)`` with ``h'' = b^n e^(c b)``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flint import arb, fmpq

from relu_theory.exact import rational

__all__ = ["ExpPolynomial"]


class ExpPolynomial:
    """A sum of ``p_c(t) e^(c t)`` over rational rates c, with rational polynomials p_c.

    Parameters
    ----------
    parts : mapping from rate to coefficients in increasing order

    Examples
    --------
    >>> h = ExpPolynomial({1: [1]}).antiderivative().antiderivative()
    >>> h == ExpPolynomial({1: [1], 0: [-1, -1]})    # e^t - 1 - t
    True
    """

    __slots__ = ("parts",)

    def __init__(self, parts: Mapping[Any, Sequence[Any]]) -> None:
        cleaned: dict[fmpq, list[fmpq]] = {}
        for rate, coefficients in parts.items():
            row = [rational(c) for c in coefficients]
            while row and not row[-1]:
                row.pop()
            if row:
                cleaned[rational(rate)] = row
        self.parts = dict(sorted(cleaned.items()))

    @classmethod
    def monomial(cls, power: int, rate: Any = 0) -> ExpPolynomial:
        """``t^power e^(rate t)``."""
        return cls({rate: [0] * power + [1]})

    def derivative(self) -> ExpPolynomial:
        """The derivative."""
        parts = {}
        for rate, row in self.parts.items():
            lowered = [*(i * c for i, c in enumerate(row[1:], 1)), fmpq(0)]
            parts[rate] = [rate * c + low for c, low in zip(row, lowered, strict=True)]
        return ExpPolynomial(parts)

    def antiderivative(self) -> ExpPolynomial:
        """The antiderivative that vanishes at zero."""
        total = ExpPolynomial({})
        for rate, row in self.parts.items():
            total = total + ExpPolynomial({rate: _integrated(row, rate)})
        return total - ExpPolynomial({0: [total.at_zero()]})

    def at_zero(self) -> fmpq:
        """The value at t = 0."""
        return sum((row[0] for row in self.parts.values()), fmpq(0))

    def evaluate(self, t: Any) -> Any:
        """The value at an arb or acb ball."""
        total = arb(0)
        for rate, row in self.parts.items():
            value = t * 0
            for c in reversed(row):
                value = value * t + c
            total = value * (t * rate).exp() + total if rate else total + value
        return total

    def __add__(self, other: ExpPolynomial) -> ExpPolynomial:
        parts = {rate: list(row) for rate, row in self.parts.items()}
        for rate, row in other.parts.items():
            own = parts.setdefault(rate, [])
            own += [fmpq(0)] * (len(row) - len(own))
            for i, c in enumerate(row):
                own[i] += c
        return ExpPolynomial(parts)

    def __mul__(self, factor: Any) -> ExpPolynomial:
        scale = rational(factor)
        return ExpPolynomial({rate: [scale * c for c in row] for rate, row in self.parts.items()})

    __rmul__ = __mul__

    def __sub__(self, other: ExpPolynomial) -> ExpPolynomial:
        return self + other * -1

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ExpPolynomial) and self.parts == other.parts

    def __hash__(self) -> int:
        return hash(repr(self))

    def sympy(self, t: Any) -> Any:
        """The function as a sympy expression in t."""
        import sympy

        return sympy.Add(*(
            _sympy(c) * t**i * sympy.exp(_sympy(rate) * t)
            for rate, row in self.parts.items() for i, c in enumerate(row)
        ))  # fmt: skip

    def __repr__(self) -> str:
        return f"ExpPolynomial({ {str(r): list(map(str, row)) for r, row in self.parts.items()} })"


def _sympy(q: fmpq) -> Any:
    import sympy

    return sympy.Rational(int(q.p), int(q.q))


def _integrated(row: Sequence[fmpq], rate: fmpq) -> list[fmpq]:
    if not rate:
        return [fmpq(0), *(c / (i + 1) for i, c in enumerate(row))]
    found = [fmpq(0)] * len(row)
    carry = fmpq(0)
    for i in reversed(range(len(row))):
        found[i] = (row[i] - carry) / rate
        carry = i * found[i]
    return found
