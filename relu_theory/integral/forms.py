"""The forms of representation that `represent` knows, each a construction of its weights.

f_k is the part of degree k of a polynomial f, He its image under exp(-Delta/2), sigma the uniform
law on a sphere, gamma the standard normal law. The formulas are derived here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import factorial
from typing import Any

from flint import fmpq

from relu_theory.errors import InvalidInput
from relu_theory.exact import fraction, rational
from relu_theory.integral.bias import BiasLaw, Kernel
from relu_theory.integral.closed import PiNumber
from relu_theory.integral.fourier import FourierRepresentation
from relu_theory.integral.harmonic import decompose, extension, power_constant, relu_constant
from relu_theory.integral.interval import IntervalRepresentation
from relu_theory.integral.laws import GAUSSIAN, SPHERE, Law
from relu_theory.integral.moments import gaussian_mean, sphere_norm
from relu_theory.integral.polynomial import Polynomial, read_polynomial
from relu_theory.integral.representation import Representation
from relu_theory.integral.ridge import RidgeRepresentation, Term

__all__ = ["FORMS", "represent"]

ONE = PiNumber.of(1)


@dataclass(frozen=True)
class _Problem:
    """A polynomial in the variables that occur, all symbols, and where the former are."""

    f: Polynomial
    symbols: tuple[Any, ...]
    support: tuple[int, ...]

    def law(self, kind: str, extra: int = 0) -> Law:
        return Law(kind, len(self.symbols), self.support, extra)

    @property
    def affine(self) -> Polynomial:
        return self.f.part(0) + self.f.part(1)

    @property
    def curved(self) -> dict[int, Polynomial]:
        """The parts of degree at least 2."""
        return {k: p for k, p in self.f.parts().items() if k >= 2}

    @property
    def lowest(self) -> int:
        """The power of the bias law: that of the lowest part."""
        return min(self.curved, default=2) - 2


def represent(
    expr: Any, form: str, variables: Iterable[Any] | None = None, **options: Any
) -> Representation:
    """An explicit integral representation of a function over ReLU neurons.

    Parameters
    ----------
    expr : sympy expression
        A polynomial with rational coefficients; for ``"fourier"`` a sum of an affine function,
        sines, cosines and Gaussians (see `fourier`).
    form : str
        ``"taylor"``: one variable, weights f'' on an interval (``interval=(low, high)``,
        by default (-1, 1)). ``"hermite"``: Gaussian w and a random bias on (0, inf) (``rate=1``
        of its Gamma law). ``"hermite-fixed"``: Gaussian w and one bias (``bias=0``), on |x| = 1.
        ``"spherical"``: unit w, biases in [0, radius], least L2 norm (``radius=1``).
        ``"harmonic"``: the harmonic extension in one more dimension (``radius=1``).
        ``"funk-hecke"``: unit w, no bias, on |x| = 1. ``"exponential"``: Gaussian w, and the
        network is multiplied by e^(-|x|^2/2) (``rate=1`` of the bias). ``"fourier"``: f by its
        Fourier transform on |x| <= radius (``radius=1``).
    variables : sequence of symbols or names, optional
        All d inputs in order; by default the symbols of expr.

    Returns
    -------
    Representation

    Raises
    ------
    InvalidInput
        For an unknown form or option, an expression that the form cannot take, or a bias at which
        the form degenerates.
    TooLarge
        For a degree or number of monomials beyond the limits.

    Notes
    -----
    Everything is rational arithmetic on polynomials in the variables that occur; the number d of
    inputs may be in the thousands. The derivations are ours; the subject is that of [Lee 2026].

    Examples
    --------
    >>> import sympy
    >>> x, y = sympy.symbols("x y")
    >>> rep = represent(x**2 * y, "spherical", variables=sympy.symbols("x y z"))
    >>> rep.verify()
    <Proof: 6 exact steps, HOLDS>
    >>> rep.evaluate([0.5, 0.5, 0.25]).contains(fmpq(1, 8))
    True
    >>> from relu_theory.integral import UniformSphere
    >>> rep.expected_error(1, UniformSphere(3))
    104/35
    """
    if form not in FORMS:
        raise InvalidInput(f"form must be one of {', '.join(FORMS)}, got {form!r}")
    allowed, build = FORMS[form]
    unknown = set(options) - set(allowed)
    if unknown:
        names = ", ".join(allowed) or "none"
        raise InvalidInput(f"the form {form!r} has the options {names}, got {sorted(unknown)}")
    if form == "fourier":
        return FourierRepresentation.of(expr, variables, **options)
    return build(_Problem(*read_polynomial(expr, variables)), **options)


def _taylor(problem: _Problem, interval: Any = (-1, 1)) -> Representation:
    if len(problem.symbols) != 1:
        raise InvalidInput(
            f"the form 'taylor' is for one variable, got {len(problem.symbols)}; use 'spherical'"
        )
    f = problem.f if problem.f.size else problem.f.extend(1)
    return IntervalRepresentation.of(f, problem.symbols[0], interval)


def _hermite(problem: _Problem, rate: Any = 1) -> Representation:
    terms = tuple(
        Term(ONE * fmpq(2, factorial(k - 2)), f.heat(fmpq(-1, 2)), Kernel(k - 2))
        for k, f in problem.curved.items()
    )
    bias = BiasLaw(problem.lowest, _positive("rate", rate))
    law = problem.law(GAUSSIAN)
    return RidgeRepresentation(
        "hermite", problem.f, problem.symbols, law, bias, terms, problem.affine
    )


def _hermite_fixed(problem: _Problem, bias: Any = 0) -> Representation:
    b = rational(bias)
    terms = []
    for k, f in problem.curved.items():
        (t,) = Polynomial.variables(1)
        value = (t ** (k - 2)).heat(fmpq(-1, 2)).evaluate([b])
        if not value:
            raise InvalidInput(
                f"bias must not be a zero of He_{k - 2}, since f has a part of degree {k}; got "
                f"{bias}, use another rational such as {fraction(b) + Fraction(1, 2)}"
            )
        terms.append(Term(PiNumber({(1, 1): 1 / value}), f.heat(fmpq(-1, 2)), Kernel()))
    return RidgeRepresentation(
        "hermite-fixed", problem.f, problem.symbols, problem.law(GAUSSIAN),
        BiasLaw(point=fraction(b)), tuple(terms), problem.affine,
        exponent=fraction(b * b / 2), on_sphere=True,
    )  # fmt: skip


def _spherical(problem: _Problem, radius: Any = 1) -> Representation:
    n = len(problem.symbols)
    terms = []
    for k, f in problem.curved.items():
        b = f * 0
        for degree, y in decompose(f, n).items():
            b = b + y * (1 / power_constant(n, k, degree))
        terms.append(Term(ONE * (2 * k * (k - 1)), b, Kernel(k - 2)))
    return _on_ball("spherical", problem, problem.law(SPHERE), terms, radius)


def _harmonic(problem: _Problem, radius: Any = 1) -> Representation:
    n = len(problem.symbols) + 1
    terms = [
        Term(ONE * fmpq(2 * sphere_norm(n, 2 * k), factorial(k - 2)), extension(f), Kernel(k - 2))
        for k, f in problem.curved.items()
    ]
    return _on_ball("harmonic", problem, problem.law(SPHERE, extra=1), terms, radius)


def _on_ball(
    form: str, problem: _Problem, law: Law, terms: list[Term], radius: Any
) -> RidgeRepresentation:
    size = _positive("radius", radius)
    bias = BiasLaw(problem.lowest, upper=size)
    return RidgeRepresentation(
        form, problem.f, problem.symbols, law, bias, tuple(terms), problem.affine, radius=size
    )


def _funk_hecke(problem: _Problem) -> Representation:
    n, found = len(problem.symbols), {}
    affine = problem.affine
    for f in problem.curved.values():
        for degree, y in decompose(f, n).items():
            if degree <= 1:
                affine = affine + y
            else:
                found[degree] = found.get(degree, y * 0) + y
    found = {degree: y for degree, y in found.items() if y.terms}
    for degree in found:
        if degree % 2:
            raise InvalidInput(
                f"the form 'funk-hecke' has no odd harmonic of degree {degree} >= 3 without "
                "biases; use 'spherical' or 'hermite-fixed'"
            )
    terms = [Term(relu_constant(n, k).inverse(), y, Kernel()) for k, y in sorted(found.items())]
    return RidgeRepresentation(
        "funk-hecke", problem.f, problem.symbols, problem.law(SPHERE),
        BiasLaw(point=Fraction(0)), tuple(terms), affine, on_sphere=True,
    )  # fmt: skip


def _exponential(problem: _Problem, rate: Any = 1) -> Representation:
    weight = problem.f.heat(fmpq(-1, 2))
    affine = Polynomial.constant(weight.size, gaussian_mean(weight))
    for v in Polynomial.variables(weight.size):
        affine = affine + v * gaussian_mean(weight * v)
    terms = (
        Term(ONE, weight, Kernel(0, Fraction(1))),
        Term(ONE, weight.reflect(), Kernel(0, Fraction(-1))),
    )
    bias = BiasLaw(0, _positive("rate", rate))
    return RidgeRepresentation(
        "exponential", problem.f, problem.symbols, problem.law(GAUSSIAN), bias, terms, affine,
        multiplied=True,
    )  # fmt: skip


def _positive(name: str, value: Any) -> Fraction:
    number = fraction(value)
    if number <= 0:
        raise InvalidInput(f"{name} must be positive, got {value}")
    return number


#: The options of each form, and how it is built.
FORMS: dict[str, tuple[tuple[str, ...], Any]] = {
    "taylor": (("interval",), _taylor),
    "hermite": (("rate",), _hermite),
    "hermite-fixed": (("bias",), _hermite_fixed),
    "spherical": (("radius",), _spherical),
    "harmonic": (("radius",), _harmonic),
    "funk-hecke": ((), _funk_hecke),
    "exponential": (("rate",), _exponential),
    "fourier": (("radius",), None),
}
