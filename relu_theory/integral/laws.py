"""Laws of the weight vector w, and exact conditional expectations given a projection <w, x>.

Every polynomial form integrates C(w) h(<w, x>) over one of two rotation-invariant laws. Write
r = |x| and <w, x> = r tau. With w = tau x/r + (the rest), the rest is again Gaussian, or uniform on
a sphere of squared radius 1 - tau^2, so E[C(w) | tau] is a finite sum

    sum of  c  Q(x) / r^deg(Q)  tau^a (1 - tau^2)^j,

with rational c and homogeneous polynomials Q that are Laplacians of parts of C (`Law.pieces`):
(Delta - D^2)^j C at tau x/r, where D is the derivative along x/r, expands by the binomial theorem,
and D^(2m) Q = deg(Q) ... (deg(Q) - 2m + 1) Q(x/r) tau^(deg(Q) - 2m) there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from math import comb, factorial, perm, prod
from typing import Any, NamedTuple

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from relu_theory.integral.closed import PiNumber, double_factorial, gamma_half
from relu_theory.integral.moments import gaussian_mean, gaussian_moment, sphere_mean, sphere_norm
from relu_theory.integral.polynomial import Exponents, Polynomial

__all__ = ["GAUSSIAN", "SPHERE", "Law", "Piece"]

GAUSSIAN, SPHERE = "gaussian", "sphere"


class Piece(NamedTuple):
    """The term ``factor * part(x) / |x|^degree * tau^power * (1 - tau^2)^chord``."""

    factor: fmpq
    part: Polynomial
    degree: int
    power: int
    chord: int


@dataclass(frozen=True)
class Law:
    """A rotation-invariant law of the weight vector.

    Attributes
    ----------
    kind : "gaussian" or "sphere"
        Standard normal on R^n, or uniform on the unit sphere of R^n.
    inputs : int
        The dimension d of x.
    support : tuple of int
        The coordinates of w on which coefficient polynomials depend, in their order.
    extra : 0 or 1
        Coordinates beyond d, which a neuron does not see; they come last in the polynomials.
    """

    kind: str
    inputs: int
    support: tuple[int, ...]
    extra: int = 0

    @property
    def ambient(self) -> int:
        """The dimension n = d + extra in which w is drawn."""
        return self.inputs + self.extra

    def mean(self, c: Polynomial) -> fmpq:
        """E[C(w)], exactly."""
        return gaussian_mean(c) if self.kind == GAUSSIAN else sphere_mean(c, self.ambient)

    def ridge_moment(self, c: Polynomial, k: int) -> Polynomial:
        """E[C(w) <w, x>^k] as a polynomial in x_S and, last, z = the sum of the other x_i^2.

        Computed monomial by monomial from the moments of the law. There is no last variable when
        every coordinate of x is in the support.
        """
        size, rest = len(self.support), self.inputs > len(self.support)
        total: dict[Exponents, fmpq] = {}
        for e, q in c.terms.items():
            hidden = gaussian_moment(e[size:])
            scale = sphere_norm(self.ambient, sum(e) + k) if self.kind == SPHERE else 1
            if not hidden or (sum(e[:size]) + k) % 2:
                continue
            for j in range(k // 2 + 1 if rest else 1):
                weight = q * fmpq(comb(k, 2 * j) * double_factorial(2 * j - 1) * hidden, scale)
                for beta in _partners(e[:size], k - 2 * j):
                    moment = gaussian_moment(tuple(map(int.__add__, e[:size], beta)))
                    ways = factorial(k - 2 * j) // prod(map(factorial, beta))
                    key = (*beta, j) if rest else beta
                    total[key] = total.get(key, fmpq(0)) + weight * (moment * ways)
        return Polynomial(size + rest, total)

    def pieces(self, c: Polynomial) -> list[Piece]:
        """E[C(w) | tau] as a sum of `Piece`s, whose parts are polynomials in x_S."""
        found: list[Piece] = []
        for degree, part in c.parts().items():
            images = [part]
            while images[-1].laplacian().terms:
                images.append(images[-1].laplacian())
            for j in range(degree // 2 + 1):
                found += self._order(images, degree, j)
        return found

    def _order(self, images: list[Polynomial], degree: int, j: int) -> Iterator[Piece]:
        lowest = self._chord_scale(j)
        for m in range(j + 1):
            left = degree - 2 * (j - m)
            if j - m >= len(images) or left - 2 * m < 0 or not lowest:
                continue
            part = _without_last(images[j - m], self.extra)
            if part.terms:
                factor = lowest * (comb(j, m) * (-1) ** m * perm(left, 2 * m))
                chord = j if self.kind == SPHERE else 0
                yield Piece(factor, part, left, left - 2 * m, chord)

    def _chord_scale(self, j: int) -> fmpq:
        if self.kind == GAUSSIAN:
            return fmpq(1, 2**j * factorial(j))
        norm = sphere_norm(self.ambient - 1, 2 * j)
        # On the two points of a line nothing is left beside tau.
        return fmpq(1, 2**j * factorial(j) * norm) if norm else fmpq(0)

    def half_moment(self, power: int, chord: int = 0) -> PiNumber:
        """E[tau_+^power (1 - tau^2)^chord]; the Gaussian law has no chord.

        Examples
        --------
        >>> Law("sphere", 3, ()).half_moment(1), Law("gaussian", 3, ()).half_moment(1)
        (1/4, 1/2*sqrt(2)*pi^(-1/2))
        """
        n = self.ambient
        if self.kind == GAUSSIAN:
            root = PiNumber({(0, power % 2): 2 ** (power // 2)})
            return root * gamma_half(power + 1) * gamma_half(1).inverse() * fmpq(1, 2)
        if n == 1:
            return PiNumber.of(0 if chord else fmpq(1, 2))
        above = gamma_half(power + 1) * gamma_half(n - 1 + 2 * chord) * gamma_half(n)
        below = gamma_half(n + power + 2 * chord) * gamma_half(1) * gamma_half(n - 1)
        return above * below.inverse() * fmpq(1, 2)

    def from_uniform(self, u: NDArray[np.float64]) -> NDArray[np.float64]:
        """Weight vectors (m, n) from numbers in (0, 1) of shape (m, n), by inverse normal cdf."""
        from scipy.special import ndtri

        w = ndtri(u)
        if self.kind == SPHERE:
            w = w / np.linalg.norm(w, axis=1, keepdims=True)
        return w

    def visible(self, w: NDArray[np.float64]) -> NDArray[np.float64]:
        """The coordinates of w on which coefficient polynomials depend."""
        columns = [*self.support, *range(self.inputs, self.ambient)]
        return w[:, columns]

    def describe(self) -> str:
        """The law in LaTeX."""
        n = self.ambient
        return rf"N(0, I_{{{n}}})" if self.kind == GAUSSIAN else rf"\mathrm{{U}}(S^{{{n - 1}}})"


def _partners(e: Exponents, k: int) -> Iterator[Exponents]:
    """Exponents of degree k that make e even in every coordinate."""
    size = len(e)
    odd = [power % 2 for power in e]
    pairs, left = divmod(k - sum(odd), 2)
    if left or pairs < 0 or (not size and k):
        return
    if not size:
        yield ()
        return
    for counts in product(range(pairs + 1), repeat=size - 1):
        if sum(counts) <= pairs:
            full = (*counts, pairs - sum(counts))
            yield tuple(o + 2 * c for o, c in zip(odd, full, strict=True))


def _without_last(p: Polynomial, extra: int) -> Polynomial:
    """The polynomial where the last coordinates are zero."""
    if not extra:
        return p
    size = p.size - extra
    return Polynomial(size, {e[:size]: q for e, q in p.terms.items() if not any(e[size:])})


def evaluate_pieces(pieces: list[Piece], x: list[Any], radius: Any) -> list[tuple[Any, int, int]]:
    """Coefficients of ``tau^power (1 - tau^2)^chord`` at a point, in any ring with division."""
    return [
        (piece.part.evaluate(x) * piece.factor / radius**piece.degree, piece.power, piece.chord)
        for piece in pieces
    ]
