"""Waves: amplitudes times the mean of cos or sin over point or normal frequencies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isqrt
from typing import TYPE_CHECKING, Any

import numpy as np
from flint import acb, arb, ctx, fmpq

from relu_theory.errors import InvalidInput
from relu_theory.exact import float_of, fraction, rational
from relu_theory.integral.cubature import certified_integral
from relu_theory.integral.polynomial import (
    Polynomial,
    read_in_all_variables,
    read_polynomial,
)
from relu_theory.integral.proof import Proof, Step
from relu_theory.integral.representation import count_of
from relu_theory.integral.sampling import affine_plus_neurons, known_scheme, uniforms
from relu_theory.integral.trigonometric import exponential_mean
from relu_theory.network import ReluNetwork

if TYPE_CHECKING:
    from relu_theory.integral.fourier import FourierRepresentation

__all__ = ["Wave", "closed", "latex", "prove", "rational_sympy", "read_waves",
           "remainder", "sample", "square_mean"]  # fmt: skip


@dataclass(frozen=True)
class Wave:
    """``amplitude E[h(omega.x)]`` with omega normal: h(mean.x) e^(-variance.x^2/2).

    Attributes
    ----------
    kind : "cos" or "sin"
    amplitude : fmpq
    mean, variance : d rationals
        A zero variance is a point.
    """

    kind: str
    amplitude: fmpq
    mean: tuple[fmpq, ...]
    variance: tuple[fmpq, ...]

    def at(self, point: Sequence[fmpq]) -> fmpq:
        """mean.x"""
        return sum((m * x for m, x in zip(self.mean, point, strict=True)), fmpq(0))

    def spread(self, point: Sequence[fmpq]) -> fmpq:
        """The variance of omega.x."""
        return sum((v * x * x for v, x in zip(self.variance, point, strict=True)), fmpq(0))

    def wave(self, u: Any) -> Any:
        """h(u), in sympy."""
        import sympy

        return sympy.cos(u) if self.kind == "cos" else sympy.sin(u)

    @property
    def sympy_amplitude(self) -> Any:
        """The amplitude as a sympy number."""
        return rational_sympy(self.amplitude)

    def sympy(self, symbols: Sequence[Any]) -> Any:
        """The wave as a sympy expression."""
        import sympy

        phase = sum(rational_sympy(m) * x for m, x in zip(self.mean, symbols, strict=True))
        square = sum(rational_sympy(v) * x**2 for v, x in zip(self.variance, symbols, strict=True))
        return self.sympy_amplitude * self.wave(phase) * sympy.exp(-square / 2)


def read_waves(
    expr: Any, variables: Iterable[Any] | None
) -> tuple[tuple[Any, ...], tuple[Wave, ...], fmpq, tuple[fmpq, ...]]:
    """Symbols, waves, and value and gradient at 0 of an expression.

    The expression is a sum of an affine polynomial and of rational multiples of products of one
    sine or cosine of a linear form and one exponential of minus a sum of squares, either of which
    may be absent.

    Raises
    ------
    InvalidInput
        For any other summand, or without waves.
    """
    import sympy

    expr = sympy.expand(sympy.sympify(expr), trig=False)
    plain, found = sympy.Integer(0), []
    _, symbols, _ = read_polynomial(0, variables or sorted(expr.free_symbols, key=str) or ["x"])
    for summand in sympy.Add.make_args(expr):
        if summand.is_polynomial(*symbols):
            plain += summand
        else:
            found.append(_wave(summand, symbols))
    if not found:
        raise InvalidInput(f"expr has no sine, cosine or Gaussian: {expr}; use another form")
    polynomial = read_polynomial(plain, symbols)[0]
    if polynomial.degree > 1:
        raise InvalidInput(f"the polynomial part must be affine for 'fourier', got {plain}")
    tangent = read_in_all_variables(plain, symbols)
    value = tangent.coefficient((0,) * len(symbols))
    slope = [tangent.derivative(i).coefficient((0,) * len(symbols)) for i in range(len(symbols))]
    for wave in found:
        if wave.kind == "cos":
            value += wave.amplitude
        else:
            slope = [s + wave.amplitude * m for s, m in zip(slope, wave.mean, strict=True)]
    return symbols, tuple(found), value, tuple(slope)


def _wave(summand: Any, symbols: tuple[Any, ...]) -> Wave:
    import sympy

    amplitude, kind = sympy.Integer(1), "cos"
    phase = square = sympy.Integer(0)
    trigonometric = 0
    for factor in sympy.Mul.make_args(summand):
        if factor.is_Rational or isinstance(factor, sympy.Float):
            amplitude *= sympy.Rational(factor)
        elif isinstance(factor, (sympy.cos, sympy.sin)):
            kind, phase = type(factor).__name__, factor.args[0]
            trigonometric += 1
        elif isinstance(factor, sympy.exp):
            square -= 2 * factor.args[0]
        else:
            trigonometric = 2
    try:
        linear = read_in_all_variables(phase, symbols)
        quadratic = read_in_all_variables(sympy.expand(square), symbols)
        good = trigonometric <= 1
    except InvalidInput:
        good = False
    if not good or set(linear.parts()) - {1} or not _squares(quadratic):
        raise InvalidInput(
            f"the summand {summand} is no rational multiple of cos or sin of a linear form "
            "(without constant) and of exp of minus a sum of squares"
        )
    units = [tuple(int(i == j) for j in range(len(symbols))) for i in range(len(symbols))]
    mean = tuple(linear.coefficient(e) for e in units)
    variance = tuple(quadratic.coefficient(tuple(2 * p for p in e)) for e in units)
    return Wave(kind, rational(amplitude), mean, variance)


def _squares(p: Polynomial) -> bool:
    return all(sum(e) == 2 and max(e) == 2 and q > 0 for e, q in p.terms.items())


_ARGUMENT = (
    "h'' = -h for h = cos and sin, so the integrals over u, whose second derivatives are h'' as "
    "well and which vanish twice at 0, are h(z) - h(0) - h'(0) z. For a normal omega, Z = (omega - "
    "mean).x / s is standard: E cos(s Z) and e^(-s^2/2) have the same power series, E Z^(2k) / "
    "(2k)! = 1 / (2^k k!), by induction (the ratio step), and E sin(s Z) = 0; the addition "
    "theorem gives E h(omega.x) = h(mean.x) e^(-s^2/2). So the waves are the summands of f, and "
    "the tangents add up to its tangent."
)


def prove(rep: FourierRepresentation) -> Proof:
    """The proof of a Fourier form from its fields."""
    import sympy

    z = sympy.Symbol("z", real=True)
    steps = []
    for h in (sympy.cos(z), sympy.sin(z)):
        steps.append(Step(f"({h})'' = -{h}", sympy.diff(h, z, 2), -h))
    (k,) = Polynomial.variables(1)
    steps.append(Step("(2k + 1) 2 (k + 1) = (2k + 2) (2k + 1)",
                      (k * 2 + 1) * (k + 1) * 2, (k * 2 + 2) * (k * 2 + 1)))  # fmt: skip
    total = sum((w.sympy(rep.symbols) for w in rep.waves), sympy.Integer(0))
    rest = sympy.expand(sympy.sympify(rep.expr) - total, trig=False)
    tangent = read_in_all_variables(rest, rep.symbols) if rest.is_polynomial(*rep.symbols) else None
    value, slope = fmpq(0), [fmpq(0)] * rep.inputs
    for w in rep.waves:
        value += w.amplitude if w.kind == "cos" else 0
        slope = [s + (w.amplitude * m if w.kind == "sin" else 0)
                 for s, m in zip(slope, w.mean, strict=True)]  # fmt: skip
    variables = Polynomial.variables(rep.inputs)
    found = Polynomial.constant(rep.inputs, rep.constant - value)
    for v, s, own in zip(variables, rep.slope, slope, strict=True):
        found = found + v * (s - own)
    steps.append(Step("f minus its waves is the affine rest", tangent, found))
    return Proof.of(_ARGUMENT, steps)


def closed(wave: Wave, point: Sequence[fmpq]) -> arb:
    """h(z) - h(0) - h'(0) z for a point frequency."""
    z = arb(wave.at(point))
    return z.cos() - 1 if wave.kind == "cos" else z.sin() - z


def remainder(wave: Wave, point: Sequence[fmpq]) -> arb:
    """E of the integral of h''(+-u) (|z| - u) over [0, |z|], z = omega.x, by quadrature.

    The inner integral is z^2 times that of h''(z v) (1 - v) over v in [0, 1], entire in z.
    """
    mean, square = wave.at(point), wave.spread(point)
    if not square:
        return _inner(wave, acb(mean)).real if mean else arb(0)
    deviation = arb(square).sqrt()
    end = isqrt(3 * (ctx.prec + 60)) + 2
    body = certified_integral(
        lambda t, _: _inner(wave, t * deviation + mean) * (-t * t / 2).exp(), -end, end
    )
    # |inner| <= z^2/2 <= mean^2 + deviation^2 t^2, and t^j <= t^j e^(t^2/4 - end^2/4) beyond end.
    half, three = arb(1) / 2, arb(3) / 2
    far = arb(end * end) / 2
    tail = arb(mean**2) * far.gamma_upper(half) * arb(2).sqrt()
    tail += arb(square) * far.gamma_upper(three) * arb(8).sqrt()
    return (body + arb(0, tail.abs_upper())) / (2 * arb.pi()).sqrt()


def _inner(wave: Wave, z: Any) -> Any:
    def integrand(v: Any, _: bool) -> Any:
        h = (z * v).cos() if wave.kind == "cos" else (z * v).sin()
        return h * (v - 1)

    goal = arb(2) ** -ctx.prec
    return acb.integral(integrand, 0, 1, rel_tol=goal, abs_tol=goal) * z * z


def square_mean(waves: Sequence[Wave], lower: list[fmpq], upper: list[fmpq]) -> arb:
    """E[(sum of amplitude (h(z) - h(0) - h'(0) z))^2] on a box, for point frequencies."""
    constant = -sum((w.amplitude for w in waves if w.kind == "cos"), fmpq(0))
    dim = len(lower)
    slope = [-sum((w.amplitude * w.mean[i] for w in waves if w.kind == "sin"), fmpq(0))
             for i in range(dim)]  # fmt: skip
    affine = Polynomial.constant(dim, constant)
    for v, s in zip(Polynomial.variables(dim), slope, strict=True):
        affine = affine + v * s
    from relu_theory.integral.moments import box_mean

    total = arb(box_mean(affine * affine, range(dim), lower, upper))
    for w in waves:
        total += 2 * w.amplitude * _affine_mean(w, constant, slope, lower, upper)
        for other in waves:
            total += w.amplitude * other.amplitude * _product_mean(w, other, lower, upper)
    return total


def _part(wave: Wave, value: acb) -> arb:
    return value.real if wave.kind == "cos" else value.imag


def _affine_mean(
    wave: Wave, constant: fmpq, slope: list[fmpq], lower: list[fmpq], upper: list[fmpq]
) -> arb:
    total = exponential_mean(wave.mean, lower, upper) * constant
    for i, s in enumerate(slope):
        if s:
            total += exponential_mean(wave.mean, lower, upper, i) * s
    return _part(wave, total)


def _product_mean(a: Wave, b: Wave, lower: list[fmpq], upper: list[fmpq]) -> arb:
    """cos cos, sin sin and cos sin by the addition theorem."""
    plus, minus = (
        exponential_mean([p + s * q for p, q in zip(a.mean, b.mean, strict=True)], lower, upper)
        for s in (1, -1)
    )
    if a.kind == b.kind == "cos":
        return (plus.real + minus.real) / 2
    if a.kind == b.kind == "sin":
        return (minus.real - plus.real) / 2
    return (plus.imag + minus.imag * (1 if a.kind == "sin" else -1)) / 2


def sample(
    rep: FourierRepresentation, m: int, rng: np.random.Generator, importance: str
) -> ReluNetwork:
    """A network of m neurons ``+-omega.x - u``, in floats, with expectation f on the cube."""
    count_of(m)
    known_scheme(importance)
    if importance == "optimal":
        raise InvalidInput("the form 'fourier' has no optimal importance law here; use 'iid'")
    d = rep.inputs
    u = uniforms(m, d + 3, rng, importance)
    shares = np.array([float_of(p) for p in rep.probabilities()])
    which = np.minimum(np.searchsorted(np.cumsum(shares), u[:, 1]), len(shares) - 1)
    from scipy.special import ndtri

    mean = np.array([[float_of(v) for v in w.mean] for w in rep.waves])[which]
    deviation = np.sqrt([[float_of(v) for v in w.variance] for w in rep.waves])[which]
    omega = mean + deviation * ndtri(u[:, 3:])
    reach = float(rep.radius) * np.abs(omega).sum(axis=1)
    side = np.where(u[:, 2] < 0.5, 1.0, -1.0)
    bias = reach * u[:, 0]
    amplitude = np.array([float_of(w.amplitude) for w in rep.waves])[which] / shares[which]
    cosine = np.array([w.kind == "cos" for w in rep.waves])[which]
    curve = -np.where(cosine, np.cos(bias), np.sin(side * bias))
    linear = [fraction(s) for s in rep.slope]
    return affine_plus_neurons(
        fraction(rep.constant), linear, side[:, None] * omega, bias,
        amplitude * 2 * reach * curve / m,
    )  # fmt: skip


def latex(wave: Wave, symbols: Sequence[Any]) -> str:
    """The integral part of one wave."""
    import sympy

    phase = sympy.latex(sum(rational_sympy(m) * x for m, x in zip(wave.mean, symbols, strict=True)))
    sides = (
        rf"\left[({{}}\omega x - u)_+ \{wave.kind} u + (-\omega x - u)_+ \{wave.kind}(-u)\right]"
    )
    size = sympy.latex(-wave.sympy_amplitude)
    if any(wave.variance):
        mean = sympy.latex([rational_sympy(m) for m in wave.mean])
        spread = sympy.latex([rational_sympy(v) for v in wave.variance])
        law = rf"\mathbb{{E}}_{{\omega \sim N({mean}, {spread})}}"
        return rf"\left({size}\right) {law} \int_0^{{R|\omega|_1}} {sides} du"
    return rf"\left({size}\right) \int_0^{{R|\omega|_1}} {sides} du \Big|_{{\omega x = {phase}}}"


def rational_sympy(q: fmpq) -> Any:
    """A rational as a sympy number."""
    import sympy

    return sympy.Rational(int(q.p), int(q.q))
