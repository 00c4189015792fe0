"""Proofs of the polynomial forms, and of the exponential kernel, by finitely many exact equalities.

Each function returns the steps and the argument that makes them a proof. They are computed from
the fields of the representation, so a changed coefficient is found.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import factorial
from typing import TYPE_CHECKING

from flint import fmpq

from relu_theory.exact import rational
from relu_theory.integral.closed import PiNumber
from relu_theory.integral.exponential import ExpPolynomial
from relu_theory.integral.harmonic import gegenbauer, power_constant
from relu_theory.integral.laws import GAUSSIAN
from relu_theory.integral.moments import gaussian_mean
from relu_theory.integral.polynomial import Polynomial
from relu_theory.integral.proof import Proof, Step

if TYPE_CHECKING:
    from relu_theory.integral.ridge import RidgeRepresentation

__all__ = ["prove"]


def prove(rep: RidgeRepresentation) -> Proof:
    """The proof that belongs to the form of a representation."""
    if rep.multiplied:
        return Proof.of(_EXPONENTIAL, _exponential(rep))
    if rep.bias.point is None:
        return Proof.of(_POWERS, _powers(rep))
    if rep.law.kind == GAUSSIAN:
        return Proof.of(_FIXED, _fixed(rep))
    return Proof.of(_FUNK_HECKE, _funk_hecke(rep))


_POWERS = (
    "Let t = <w, x>. The bias steps say that the integral of b^(k-2) relu(t - b) over b > 0 is "
    "h_k(t) = t_+^k / (k (k - 1)), as h_k'' = t^(k-2) and h_k(0) = h_k'(0) = 0; biases beyond the "
    "largest |t| do not contribute. C_k has the parity of k and w is symmetric, so E[C_k h_k(t)] "
    "is half of E[C_k t^k] / (k (k - 1)), which the moment steps evaluate as the part of degree k."
)


def _powers(rep: RidgeRepresentation) -> Iterator[Step]:
    yield _affine(rep)
    yield Step("biases reach the radius", rep.bias.upper, rep.radius)
    degrees = {t.kernel.power + 2 for t in rep.terms} | {k for k in rep.target.parts() if k > 1}
    for k in sorted(degrees):
        terms = [t for t in rep.terms if t.kernel.power == k - 2]
        total = Polynomial(len(rep.law.support) + _rest(rep), {})
        for term in terms:
            yield from _bias_steps(term.kernel.profile(), k - 2, term.kernel.rate)
            yield Step(f"C_{k}(-w) = (-1)^{k} C_{k}(w)", term.c.reflect(), term.c * (-1) ** k)
            scale = rational(term.scale.fraction) * fmpq(1, 2 * k * (k - 1))
            total = total + rep.law.ridge_moment(term.c, k) * scale
        claim = f"E[C_{k}(w) <w, x>^{k}] / (2 k (k - 1)) is the part of degree {k} of f"
        yield Step(claim, total, rep.target.part(k).extend(_rest(rep)))


_FIXED = (
    "On |x| = 1 let t = <w, x>, standard normal. E[C_k(w) | t] is a polynomial in t of degree at "
    "most deg C_k = k, and a polynomial of degree k is determined by its moments against t^0, ..., "
    "t^k: those of the moment steps are the moments of f_k(x) He_k(t). And the integral of He_k(t) "
    "phi(t) relu(t - b) is He_(k-2)(b) phi(b): both vanish at infinity, and both have second "
    "derivative He_k phi, as (P phi)' = (P' - b P) phi shows. The factor is its reciprocal."
)


def _fixed(rep: RidgeRepresentation) -> Iterator[Step]:
    yield _affine(rep)
    b = rational(rep.bias.point)
    yield Step("e^exponent sqrt(2 pi) is 1 / phi(b)", rational(rep.exponent), b * b / 2)
    found = Polynomial(rep.target.size, {}) + rep.affine
    for term in rep.terms:
        k = term.c.degree
        part = rep.target.part(k)
        hermite, lower = _hermite(k), _hermite(k - 2)
        yield Step(f"(He_{k - 2} phi)'' = He_{k} phi", _twice(lower), hermite)
        scale = term.scale * PiNumber({(-1, 1): fmpq(1, 2)})
        yield Step(f"the factor of C_{k} is 1 / (He_{k - 2}(b) phi(b))",
                   scale * lower.evaluate([b]), PiNumber.of(1))  # fmt: skip
        for n in range(k + 1):
            moment = rep.law.ridge_moment(term.c, n)
            want = part.extend(_rest(rep)) * (factorial(k) if n == k else 0)
            yield Step(f"E[C_{k}(w) <w, x>^{n}]", moment, want)
        found = found + part
    yield Step("the parts add up to f", found, rep.target)


_FUNK_HECKE = (
    "On |x| = 1 let t = <theta, x>. E[Y_l(theta) | t] is a polynomial in t of degree at most l "
    "(the even powers of the chord are polynomials in t), and is determined by its moments against "
    "t^0, ..., t^l: those of the moment steps are the moments of Y_l(x) G_l(t), G_l the Gegenbauer "
    "polynomial with G_l(1) = 1, which is orthogonal to lower powers. So E[Y_l relu(t)] = Y_l(x) "
    "E[G_l(t) t_+], a finite sum of half moments; the factor of Y_l is its reciprocal. On a sphere "
    "in R^1 every function is of degree at most 1."
)


def _funk_hecke(rep: RidgeRepresentation) -> Iterator[Step]:
    n, rest = rep.law.ambient, _rest(rep)
    yield Step("the bias is zero", rep.bias.point, 0)
    total = rep.affine
    for term in rep.terms:
        degree = term.c.degree
        g = gegenbauer(n, degree) if n > 1 else [fmpq(0)] * degree + [fmpq(1)]
        value = sum((rep.law.half_moment(i + 1) * c for i, c in enumerate(g)), PiNumber({}))
        yield Step(f"the factor of Y_{degree} is 1 / E[G_{degree}(t) t_+]", term.scale * value,
                   PiNumber.of(1))  # fmt: skip
        for k in range(degree + 1):
            moment = _on_sphere(rep.law.ridge_moment(term.c, k), rest)
            mu = power_constant(n, degree, degree) if k == degree else 0
            yield Step(f"E[Y_{degree} <theta, x>^{k}] on |x| = 1", moment,
                       _on_sphere(term.c.extend(rest), rest) * mu)  # fmt: skip
        total = total + term.c
    yield Step("the parts add up to f on |x| = 1", _on_sphere(total.extend(rest), rest),
               _on_sphere(rep.target.extend(rest), rest))  # fmt: skip


_EXPONENTIAL = (
    "Cameron and Martin: E[F(w) e^<w,x>] e^(-|x|^2/2) = E[F(w + x)], a polynomial, which the "
    "shift step evaluates as f. By the bias steps h_c'' = e^(c t), h_c(0) = h_c'(0) = 0 for c = 1, "
    "-1, so e^t = 1 + t + h_1(t_+) + h_-1((-t)_+); the reflection step turns the last term into "
    "the weight F(-w) at t > 0, and the affine step evaluates E[F (1 + t)]."
)


def _exponential(rep: RidgeRepresentation) -> Iterator[Step]:
    forward, backward = rep.terms
    f, size = forward.c * rational(forward.scale.fraction), forward.c.size
    both = f.extend(size).evaluate(
        [a + b for a, b in _doubled(size)] + [Polynomial(2 * size, {})] * size
    )
    shifted = _average_first(_as_polynomial(both, 2 * size), size)
    yield Step("E[F(w + x)] = f(x)", shifted, rep.target)
    yield Step("rates of the bias weights", (forward.kernel.rate, backward.kernel.rate), (1, -1))
    for term in (forward, backward):
        yield from _bias_steps(term.kernel.profile(), term.kernel.power, term.kernel.rate)
    yield Step("powers of the bias weights", (forward.kernel.power, backward.kernel.power), (0, 0))
    yield Step("the second weight is F(-w)",
               backward.c * rational(backward.scale.fraction), f.reflect())  # fmt: skip
    linear = Polynomial.constant(size, gaussian_mean(f))
    for v in Polynomial.variables(size):
        linear = linear + v * gaussian_mean(f * v)
    yield Step("E[F(w) (1 + <w, x>)] is the affine part", linear, rep.affine)


def _doubled(size: int) -> list[tuple[Polynomial, Polynomial]]:
    both = Polynomial.variables(2 * size)
    return list(zip(both[:size], both[size:], strict=True))


def _as_polynomial(value: Polynomial | fmpq, size: int) -> Polynomial:
    return value if isinstance(value, Polynomial) else Polynomial.constant(size, value)


def _average_first(p: Polynomial, size: int) -> Polynomial:
    """The Gaussian mean over the first ``size`` variables."""
    total: dict[tuple[int, ...], fmpq] = {}
    for e, q in p.terms.items():
        mean = gaussian_mean(Polynomial(size, {e[:size]: 1}))
        total[e[size:]] = total.get(e[size:], fmpq(0)) + q * mean
    return Polynomial(p.size - size, total)


def _affine(rep: RidgeRepresentation) -> Step:
    low = rep.target.part(0) + rep.target.part(1)
    return Step("the affine part of f is kept", rep.affine, low)


def _bias_steps(h: ExpPolynomial, power: int, rate: object) -> Iterator[Step]:
    want = ExpPolynomial.monomial(power, rate)
    yield Step(f"h'' = t^{power} e^({rate} t)", h.derivative().derivative(), want)
    yield Step("h(0) = h'(0) = 0", (h.at_zero(), h.derivative().at_zero()), (0, 0))


def _rest(rep: RidgeRepresentation) -> int:
    return int(rep.law.inputs > len(rep.law.support))


def _on_sphere(p: Polynomial, rest: int) -> Polynomial:
    """Normal form modulo |x|^2 = 1: z, or the square of the last coordinate, is eliminated."""
    if not p.size:
        return p
    *others, last = Polynomial.variables(p.size)
    square = 1 - sum((v * v for v in others), last * 0)
    total = last * 0
    for e, q in p.terms.items():
        times, left = (e[-1], 0) if rest else divmod(e[-1], 2)
        reduced = Polynomial(p.size, {(*e[:-1], left): q})
        total = total + reduced * square**times
    return total


def _hermite(k: int) -> Polynomial:
    (b,) = Polynomial.variables(1)
    return (b**k).heat(fmpq(-1, 2))


def _twice(p: Polynomial) -> Polynomial:
    """P with (p phi)'' = P phi."""
    (b,) = Polynomial.variables(1)
    for _ in range(2):
        p = p.derivative(0) - b * p
    return p
