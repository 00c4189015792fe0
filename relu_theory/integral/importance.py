"""The best importance law: density proportional to |g| times the L2 norm of the neuron.

Biases are drawn from a density that is constant on the cells of a fine grid and proportional to the
best one at their midpoints; coefficients use the density that was really drawn from, so samples
remain unbiased. Directions are drawn by rejection; their coefficients contain E|C(w)|, and where
that number is not known to a relative error of 1e-12, sampling is refused. The expected error is
then a wide ball, from Hölder's inequality.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from flint import acb, arb, fmpq
from numpy.typing import NDArray

from relu_theory.errors import InvalidInput
from relu_theory.exact import rational
from relu_theory.integral.closed import gamma_half
from relu_theory.integral.cubature import certified_integral
from relu_theory.integral.distributions import (
    Distribution,
    UniformBall,
    UniformBox,
    UniformSphere,
    as_distribution,
)
from relu_theory.integral.laws import SPHERE
from relu_theory.integral.representation import as_ball
from relu_theory.integral.sampling import known_scheme, uniforms
from relu_theory.integral.variation import mean_absolute

if TYPE_CHECKING:
    from relu_theory.integral.interval import IntervalRepresentation
    from relu_theory.integral.ridge import RidgeRepresentation

__all__ = ["interval_neuron_norm", "interval_neurons", "optimal_neurons", "optimal_norm"]

Floats = NDArray[np.float64]
_CELLS = 4096
_RELATIVE = Fraction(1, 10**12)


def optimal_norm(rep: RidgeRepresentation, distribution: Distribution) -> arb:
    """The integral of |g(w, b)| |relu(<w, x> - b)| over (w, b), as a ball.

    Raises
    ------
    InvalidInput
        Unless the form is on the unit sphere with one homogeneous part, and the distribution is
        uniform on a sphere or ball (then the norm depends on b only).

    Notes
    -----
    As tight as E|C(w)| is known (see `sphere_absolute_mean` for where that is to 1e-12).
    """
    term, reach, power = _separable(rep, distribution)
    mean = mean_absolute(rep.law, term.c, sweep=True)
    wide = arb(rational(mean.lower)).union(arb(rational(mean.upper)))
    # b = R cos(psi) and <w, x> = R cos(phi), whose density is sin(phi)^power.
    mass = (gamma_half(1) * gamma_half(power + 1) / gamma_half(power + 2)).enclosure()

    def integrand(psi: Any, analytic: bool) -> Any:
        inner = acb.integral(
            lambda v, _: ((psi * v).cos() - psi.cos()) ** 2 * (psi * v).sin() ** power * psi,
            0, 1, rel_tol=arb(2) ** -50, abs_tol=arb(2) ** -70,
        )  # fmt: skip
        norm = inner.sqrt(analytic=analytic) * psi.sin()
        return norm * psi.cos() ** term.kernel.power

    body = certified_integral(integrand, fmpq(0), arb.pi() / 2, 30)
    factor = arb(reach) ** (term.kernel.power + 2) / mass.sqrt()
    return body * factor * wide * abs(as_ball(term.scale))


def _tight_mean(rep: RidgeRepresentation, term: Any) -> tuple[Fraction, Fraction]:
    mean = mean_absolute(rep.law, term.c, sweep=True)
    if mean.upper - mean.lower > _RELATIVE * mean.lower:
        raise InvalidInput(
            f"importance='optimal' needs E|C(w)| of the coefficient polynomial to a relative error "
            f"of 1e-12, which is not at hand for {term.c!r} on the sphere of R^{rep.law.ambient}; "
            "use importance='iid', 'stratified' or 'qmc'"
        )
    return mean.lower, mean.upper


def _separable(rep: RidgeRepresentation, distribution: Distribution) -> tuple[Any, fmpq, int]:
    if rep.law.kind != SPHERE or rep.law.extra or rep.bias.point is not None or len(rep.terms) != 1:
        raise InvalidInput(
            "optimal importance needs the form 'spherical' of a function with one homogeneous part "
            "of degree >= 2; sample the parts separately"
        )
    if rep.inputs < 2 or not isinstance(distribution, (UniformBall, UniformSphere)):
        raise InvalidInput(
            "optimal importance needs a Ball or UniformSphere in at least two dimensions"
        )
    # A point of a ball of R^d is the projection of a point of a sphere of R^(d + 2).
    power = rep.inputs - 2 if isinstance(distribution, UniformSphere) else rep.inputs
    return rep.terms[0], rational(distribution.radius), power


def optimal_neurons(
    rep: RidgeRepresentation, m: int, rng: np.random.Generator, distribution: Any
) -> tuple[Floats, Floats, Floats]:
    """Weight vectors (m, n), biases and coefficients from the optimal law, in floats.

    Raises
    ------
    InvalidInput
        Where `optimal_norm` does, and without a distribution.
    """
    if distribution is None:
        raise InvalidInput("importance='optimal' needs distribution=, the law of the inputs")
    law = as_distribution(distribution, rep.inputs)
    rep._check_domain(law)
    term, reach, power = _separable(rep, law)
    # The coefficients contain E|C|: without it no sample is unbiased, so this comes first.
    low, high = _tight_mean(rep, term)
    top = float(int(reach.p) / int(reach.q))
    b, density = _draw_on_grid(
        lambda s: s**term.kernel.power * _neuron_norm(s / top, power), 0.0, top, m, rng
    )
    w, signs = _directions(rep, term, m, rng)
    scale = float(term.scale) * float((low + high) / 2)
    return w, b, scale * signs * b**term.kernel.power / density


def _neuron_norm(s: Floats, power: int) -> Floats:
    """|relu(<w, x>/R - s)| up to a factor, by Gauss-Legendre quadrature in the angle."""
    nodes, weights = np.polynomial.legendre.leggauss(40)
    end = np.arccos(np.clip(s, -1, 1))[:, None]
    angle = end * (nodes[None, :] + 1) / 2
    values = (np.cos(angle) - s[:, None]) ** 2 * np.sin(angle) ** power
    return np.sqrt(np.maximum((values * weights).sum(axis=1) * end[:, 0] / 2, 0))


def _directions(
    rep: RidgeRepresentation, term: Any, m: int, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Unit vectors with density proportional to |C(w)|, and the signs of C, by rejection."""
    largest = sum(abs(float(int(q.p) / int(q.q))) for q in term.c.terms.values())
    kept: list[Floats] = []
    while sum(map(len, kept)) < m:
        w = rng.standard_normal((4 * m, rep.law.ambient))
        w /= np.linalg.norm(w, axis=1, keepdims=True)
        c = term.c.float_values(rep.law.visible(w))
        kept.append(w[rng.random(len(w)) * largest < np.abs(c)])
    chosen = np.concatenate(kept)[:m]
    return chosen, np.sign(term.c.float_values(rep.law.visible(chosen)))


def _draw_on_grid(
    shape: Callable[[Floats], Floats], low: float, high: float, m: int, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Points of an interval and the cell-wise constant density that they were drawn from."""
    width = (high - low) / _CELLS
    middles = low + width * (np.arange(_CELLS) + 0.5)
    heights = np.abs(shape(middles))
    # No cell is left out: a zero of the shape at a midpoint is no zero of the weight.
    heights = heights + 1e-6 * heights.max()
    masses = heights / heights.sum()
    cells = rng.choice(_CELLS, m, p=masses)
    return low + width * (cells + rng.random(m)), masses[cells] / width


def interval_neuron_norm(s: Any, analytic: bool, right: bool, low: fmpq, high: fmpq) -> Any:
    """The L2 norm on uniform t in [low, high] of relu(t - s) if it faces right, or relu(s - t)."""
    reach = acb(high) - s if right else s - acb(low)
    return reach.sqrt(analytic=analytic) ** 3 / (3 * arb(high - low)).sqrt()


def interval_neurons(
    rep: IntervalRepresentation, m: int, rng: np.random.Generator, importance: str,
    distribution: Any,
) -> tuple[Floats, Floats, Floats]:  # fmt: skip
    """Weights (m, 1), biases and coefficients of the one-dimensional form, in floats."""
    known_scheme(importance)
    low, high, c = float(rep.low), float(rep.high), float(rep.centre)
    if importance == "optimal":
        law = as_distribution(distribution, 1) if distribution is not None else None
        if not isinstance(law, UniformBox):
            raise InvalidInput("importance='optimal' needs distribution=Box(low, high) here")
        low, high = float(law.box.lower[0]), float(law.box.upper[0])

        def shape(s: Floats) -> Floats:
            reach = np.where(s >= c, high - s, s - low)
            return np.abs(rep.second.float_values(s[:, None])) * reach**1.5

        s, density = _draw_on_grid(shape, low, high, m, rng)
    else:
        s = low + (high - low) * uniforms(m, 1, rng, importance)[:, 0]
        density = np.full(m, 1 / (high - low))
    facing = np.where(s >= c, 1.0, -1.0)
    return facing[:, None], facing * s, rep.second.float_values(s[:, None]) / density
