"""Sparse polynomials with rational coefficients, and their reading from sympy expressions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from math import comb
from typing import Any

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from relu_theory.errors import InvalidInput, ShapeError, TooLarge
from relu_theory.exact import float_of, fraction, rational

__all__ = ["Exponents", "Polynomial", "read_in_all_variables", "read_polynomial"]

Exponents = tuple[int, ...]
MAX_DEGREE = 24
MAX_MONOMIALS = 20_000


class Polynomial:
    """A polynomial in ``size`` variables with rational coefficients.

    Parameters
    ----------
    size : int
    terms : mapping from exponents (``size`` nonnegative ints) to rational numbers

    Examples
    --------
    >>> x, y = Polynomial.variables(2)
    >>> ((x + y) * (x - y)).terms == {(2, 0): 1, (0, 2): -1}
    True
    """

    __slots__ = ("size", "terms")

    def __init__(self, size: int, terms: Mapping[Exponents, Any]) -> None:
        self.size = size
        self.terms = {e: q for e, v in terms.items() if (q := rational(v)) != 0}

    @classmethod
    def _raw(cls, size: int, terms: dict[Exponents, fmpq]) -> Polynomial:
        made = cls.__new__(cls)
        made.size, made.terms = size, {e: q for e, q in terms.items() if q}
        return made

    @classmethod
    def constant(cls, size: int, value: Any) -> Polynomial:
        """The constant polynomial."""
        return cls(size, {(0,) * size: value})

    @classmethod
    def variables(cls, size: int) -> list[Polynomial]:
        """The coordinates x_1, ..., x_size."""
        return [cls(size, {tuple(int(i == j) for j in range(size)): 1}) for i in range(size)]

    @property
    def degree(self) -> int:
        """The total degree; -1 for the zero polynomial."""
        return max(map(sum, self.terms), default=-1)

    def part(self, degree: int) -> Polynomial:
        """The homogeneous part of this degree."""
        return self._raw(self.size, {e: q for e, q in self.terms.items() if sum(e) == degree})

    def parts(self) -> dict[int, Polynomial]:
        """The non-zero homogeneous parts by degree."""
        return {k: self.part(k) for k in sorted(set(map(sum, self.terms)))}

    def coefficient(self, exponents: Exponents) -> fmpq:
        """The coefficient of a monomial."""
        return self.terms.get(exponents, fmpq(0))

    def derivative(self, i: int) -> Polynomial:
        """The partial derivative by variable i."""
        lowered = {}
        for e, q in self.terms.items():
            if e[i]:
                lowered[(*e[:i], e[i] - 1, *e[i + 1 :])] = q * e[i]
        return self._raw(self.size, lowered)

    def laplacian(self) -> Polynomial:
        """The sum of the second derivatives."""
        total: dict[Exponents, fmpq] = {}
        for e, q in self.terms.items():
            for i, power in enumerate(e):
                if power > 1:
                    key = (*e[:i], power - 2, *e[i + 1 :])
                    total[key] = total.get(key, fmpq(0)) + q * (power * (power - 1))
        return self._raw(self.size, total)

    def heat(self, time: Any) -> Polynomial:
        """exp(time * Laplacian) applied to the polynomial, a finite sum.

        Examples
        --------
        >>> (cube,) = [v * v * v for v in Polynomial.variables(1)]
        >>> cube.heat("-1/2").terms == {(3,): 1, (1,): -3}
        True
        """
        total, term, j, tau = self, self, 0, rational(time)
        while (term := term.laplacian()).terms:
            j += 1
            term = term * (tau / j)
            total = total + term
        return total

    def reflect(self) -> Polynomial:
        """The polynomial w -> p(-w)."""
        return self._raw(self.size, {e: -q if sum(e) % 2 else q for e, q in self.terms.items()})

    def scaled(self, factor: Any) -> Polynomial:
        """The polynomial w -> p(factor w)."""
        t = rational(factor)
        return self._raw(self.size, {e: q * t ** sum(e) for e, q in self.terms.items()})

    def extend(self, more: int) -> Polynomial:
        """The same polynomial with further variables behind, which do not occur."""
        tail = (0,) * more
        return self._raw(self.size + more, {(*e, *tail): q for e, q in self.terms.items()})

    def evaluate(self, point: Sequence[Any]) -> Any:
        """The value at numbers of any ring that multiplies with fmpq (fmpq, arb, Polynomial)."""
        if len(point) != self.size:
            raise ShapeError(f"point must have {self.size} entries, got {len(point)}")
        powers = [[1] for _ in point]
        total: Any = fmpq(0)
        for e, q in self.terms.items():
            term: Any = q
            for value, known, power in zip(point, powers, e, strict=True):
                while len(known) <= power:
                    known.append(value if len(known) == 1 else known[-1] * value)
                if power:
                    term = known[power] * term
            total = term + total
        return total

    def float_values(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Values at the rows of an array of shape (m, size), in float64 arithmetic."""
        total = np.zeros(len(points))
        for e, q in self.terms.items():
            term = np.full(len(points), float_of(q))
            for i, power in enumerate(e):
                if power:
                    term *= points[:, i] ** power
            total += term
        return total

    def __add__(self, other: Any) -> Polynomial:
        total = dict(self.terms)
        for e, q in self._coerced(other).terms.items():
            total[e] = total.get(e, fmpq(0)) + q
        return self._raw(self.size, total)

    __radd__ = __add__

    def __mul__(self, other: Any) -> Polynomial:
        if not isinstance(other, Polynomial):
            factor = rational(other)
            return self._raw(self.size, {e: q * factor for e, q in self.terms.items()})
        total: dict[Exponents, fmpq] = {}
        for e, p in self.terms.items():
            for f, q in self._coerced(other).terms.items():
                key = tuple(map(int.__add__, e, f))
                total[key] = total.get(key, fmpq(0)) + p * q
        return self._raw(self.size, total)

    __rmul__ = __mul__

    def __neg__(self) -> Polynomial:
        return self * -1

    def __sub__(self, other: Any) -> Polynomial:
        return self + -self._coerced(other)

    def __rsub__(self, other: Any) -> Polynomial:
        return self._coerced(other) - self

    def __pow__(self, power: int) -> Polynomial:
        result = Polynomial.constant(self.size, 1)
        for _ in range(power):
            result = result * self
        return result

    def _coerced(self, other: Any) -> Polynomial:
        if not isinstance(other, Polynomial):
            return Polynomial.constant(self.size, other)
        if other.size != self.size:
            raise ShapeError(f"polynomials in {self.size} and {other.size} variables do not mix")
        return other

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Polynomial):
            return NotImplemented
        return self.size == other.size and self.terms == other.terms

    def __hash__(self) -> int:
        return hash((self.size, frozenset((e, fraction(q)) for e, q in self.terms.items())))

    def sympy(self, symbols: Sequence[Any]) -> Any:
        """The polynomial as a sympy expression in the given symbols."""
        import sympy

        return sympy.Add(*(
            sympy.Rational(int(q.p), int(q.q)) * sympy.Mul(*(s**p for s, p in zip(symbols, e,
                                                                                 strict=True)))
            for e, q in sorted(self.terms.items(), reverse=True)
        ))  # fmt: skip

    def __repr__(self) -> str:
        spelled = {e: str(fraction(q)) for e, q in sorted(self.terms.items(), reverse=True)}
        return f"Polynomial({self.size}, {spelled})"


def read_polynomial(expr: Any, variables: Iterable[Any] | None = None) -> tuple[
    Polynomial, tuple[Any, ...], tuple[int, ...]
]:  # fmt: skip
    """The polynomial that a sympy expression (or a number, or text) spells.

    Parameters
    ----------
    expr : sympy expression, number or text
    variables : sequence of symbols or names, optional
        All d inputs in order, whether they occur or not; by default the symbols that occur, sorted
        by name.

    Returns
    -------
    polynomial : Polynomial
        In the variables that occur only.
    variables : tuple of symbols
        All d of them.
    support : tuple of int
        Which of the d variables occur.

    Raises
    ------
    InvalidInput
        For an expression that is no polynomial with rational coefficients, for a symbol that is
        not among ``variables``, or without any variable.
    TooLarge
        For a degree or a number of monomials beyond the limits of exact arithmetic.
    """
    import sympy

    try:
        expr = sympy.sympify(expr)
    except (sympy.SympifyError, TypeError) as error:
        raise InvalidInput(f"expr must be a sympy expression, got {expr!r} ({error})") from None
    symbols = _symbols(expr, variables)
    if not expr.is_polynomial(*symbols):
        raise InvalidInput(
            f"expr must be a polynomial in {', '.join(map(str, symbols))}, got {expr}; "
            "trigonometric and Gaussian functions have the form 'fourier'"
        )
    _within_limits(_degree_bound(expr, symbols), len(expr.free_symbols))
    used = [i for i, s in enumerate(symbols) if s in expr.free_symbols]
    # Poly needs a generator even for a constant.
    poly = sympy.Poly(expr, *([symbols[i] for i in used] or symbols[:1]))
    size = len(used)
    terms = {tuple(e[:size]): _coefficient(c, expr) for e, c in poly.terms()}
    return Polynomial(size, terms), symbols, tuple(used)


def read_in_all_variables(expr: Any, variables: Iterable[Any] | None = None) -> Polynomial:
    """The same polynomial in all d variables, whether they occur or not.

    Examples
    --------
    >>> read_in_all_variables("2*y", ["x", "y"])
    Polynomial(2, {(0, 1): '2'})
    """
    part, symbols, support = read_polynomial(expr, variables)
    terms = {}
    for e, q in part.terms.items():
        full = [0] * len(symbols)
        for i, power in zip(support, e, strict=True):
            full[i] = power
        terms[tuple(full)] = q
    return Polynomial(len(symbols), terms)


def _symbols(expr: Any, variables: Iterable[Any] | None) -> tuple[Any, ...]:
    import sympy

    if variables is None:
        chosen = tuple(sorted(expr.free_symbols, key=_natural))
    else:
        chosen = tuple(sympy.Symbol(v) if isinstance(v, str) else v for v in variables)
    if not chosen:
        raise InvalidInput("variables must name at least one input of a constant expression")
    if len(set(chosen)) < len(chosen):
        raise InvalidInput(f"variables must be different symbols, got {chosen}")
    missing = expr.free_symbols - set(chosen)
    if missing:
        raise InvalidInput(
            f"variables must contain every symbol of expr; {sorted(map(str, missing))} is missing"
        )
    return chosen


def _natural(symbol: Any) -> tuple[str, int, str]:
    name = str(symbol)
    head = name.rstrip("0123456789")
    return head, int(name[len(head) :] or -1), name


def _degree_bound(expr: Any, symbols: tuple[Any, ...]) -> int:
    """The degree before anything is expanded or cancels."""
    if expr in symbols:
        return 1
    if expr.is_Pow:
        return _degree_bound(expr.base, symbols) * int(expr.exp)
    degrees = [_degree_bound(a, symbols) for a in expr.args]
    return sum(degrees) if expr.is_Mul else max(degrees, default=0)


def _within_limits(degree: int, size: int) -> None:
    if degree > MAX_DEGREE:
        raise TooLarge(f"the degree must be at most {MAX_DEGREE}, got {degree}", degree)
    if comb(size + max(degree, 0), size) > MAX_MONOMIALS:
        raise TooLarge(
            f"there are more than {MAX_MONOMIALS} monomials of degree {degree} in {size} "
            "variables; split the polynomial into sums over fewer variables",
            degree,
        )


def _coefficient(value: Any, expr: Any) -> fmpq:
    import sympy

    if isinstance(value, sympy.Float):
        value = Fraction(*map(int, sympy.Rational(value).as_numer_denom()))
    if not (isinstance(value, Fraction) or value.is_Rational):
        raise InvalidInput(
            f"expr must have rational coefficients, got {value} in {expr}; "
            "approximate it by a Rational"
        )
    return rational(value)
