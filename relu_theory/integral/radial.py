"""Functions of the radius that Gaussian weights give rise to, in closed form.

With tau standard normal let ``M_k(a) = E[tau_+^k e^(a tau)]``. Then M_0 = e^(a^2/2) Phi(a),
M_1 = a M_0 + 1/sqrt(2 pi) and M_(k+1) = a M_k + k M_(k-1), by parts. A `RadialFunction` is a sum of
``c r^p M_k(rate r)``, times ``e^(-damping r^2)``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from math import comb, factorial
from typing import Any

from flint import acb, acb_poly, arb, ctx, fmpq

from relu_theory.exact import rational
from relu_theory.integral.closed import PiNumber, gamma_half
from relu_theory.integral.cubature import certified_integral
from relu_theory.integral.exponential import ExpPolynomial

__all__ = ["RadialFunction", "half_line_moments"]

Key = tuple[int, int, fmpq]
_SERIES = 240


def half_line_moments(a: Any, top: int) -> list[Any]:
    """M_0(a), ..., M_top(a) for an acb ball a.

    Examples
    --------
    >>> half_line_moments(acb(0), 2)[2].real.contains(fmpq(1, 2))
    True
    """
    found = [(a * a / 2).exp() * (-a / arb(2).sqrt()).erfc() / 2]
    found.append(a * found[0] + 1 / (2 * arb.pi()).sqrt())
    for k in range(1, top):
        found.append(a * found[k] + found[k - 1] * k)
    return found[: top + 1]


class RadialFunction:
    """The function ``r -> e^(-damping r^2) * sum of c r^p M_k(rate r)``.

    Parameters
    ----------
    damping : rational
    terms : mapping from (p, k, rate) to rational or arb
    """

    def __init__(self, damping: Any = 0) -> None:
        self.damping = rational(damping)
        self.terms: dict[Key, Any] = {}

    def add(self, factor: Any, power: int, profile: ExpPolynomial) -> None:
        """Add ``factor E[tau^power profile(r tau) 1(tau > 0)]``."""
        for rate, row in profile.parts.items():
            for i, c in enumerate(row):
                if c:
                    key = (i, power + i, rate)
                    self.terms[key] = self.terms.get(key, 0) + factor * c

    def __call__(self, r: Any) -> Any:
        rates = {rate for _, _, rate in self.terms}
        top = max((k for _, k, _ in self.terms), default=0)
        known = {rate: half_line_moments(r * rate, top) for rate in rates}
        total = acb(0)
        for (p, k, rate), c in self.terms.items():
            total += known[rate][k] * r**p * c
        return total * (r * r * -self.damping).exp() if self.damping else total

    def primitive(self, dim: int, reach: arb) -> Callable[[Any], Any]:
        """R -> the integral of psi(s) s^(dim - 1) over [0, R], for complex |R| <= reach.

        A power series, from M_k(a) = sum of a^j / j! E[tau_+^(k+j)]. All coefficients past N
        together are at most 2^(-N) times the majorant (all signs positive) at twice the reach.
        """
        series = acb_poly([c / (n + dim) for n, c in enumerate(self._series(_SERIES))])
        majorant = RadialFunction(-abs(self.damping))
        majorant.terms = {(p, k, abs(rate)): abs(arb(c)) for (p, k, rate), c in self.terms.items()}
        for (p, k, rate), c in self.terms.items():
            if rate < 0 and (p, k, -rate) in self.terms:
                majorant.terms[p, k, -rate] = abs(arb(c)) + abs(arb(self.terms[p, k, -rate]))
        size = majorant(acb(2 * reach)).real * arb(2) ** -_SERIES
        error = (size * reach**dim).abs_upper()

        def evaluate(radius: Any) -> Any:
            if not radius.abs_upper() < reach:
                return acb("nan")
            return series(radius) * radius**dim + acb(arb(0, error), arb(0, error))

        return evaluate

    def _series(self, count: int) -> list[arb]:
        """The first Taylor coefficients at r = 0."""
        plain = [arb(0)] * count
        for (p, k, rate), c in self.terms.items():
            for j in range(count - p):
                moment = _absolute_moment(k + j) / 2
                plain[p + j] += moment * c * rate**j / factorial(j)
                if not rate:
                    break
        if not self.damping:
            return plain
        gauss = [arb((-self.damping) ** i / factorial(i)) for i in range((count + 1) // 2)]
        return [
            sum((gauss[i] * plain[n - 2 * i] for i in range(n // 2 + 1)), arb(0))
            for n in range(count)
        ]

    def gaussian_mean(self, dim: int) -> arb:
        """E[psi(|x|)] for x standard normal in R^dim; infinite when the growth does not allow it.

        The integral over [0, T] is enclosed; beyond T the majorants of `growth` are integrated.
        """
        widest = max((g[2] for g in self.growth()), default=fmpq(0))
        if widest >= 1:
            return arb.pos_inf()
        scale = arb(2) ** (1 - arb(dim) / 2) / gamma_half(dim).enclosure(ctx.prec)
        end = int((3 * (ctx.prec + 40) / (1 - float(int(widest.p) / int(widest.q)))) ** 0.5) + 2
        body = certified_integral(
            lambda r, _: self(r) * r ** (dim - 1) * (-r * r / 2).exp(), 0, end
        )
        tail = sum((_tail(c, p + dim - 1, rate, end) for c, p, rate in self.growth()), arb(0))
        return (body + arb(0, tail.abs_upper())) * scale

    def growth(self) -> Iterable[tuple[arb, int, fmpq]]:
        """Triples (c, p, s): |psi(r)| is at most the sum of ``c r^p e^(s r^2/2)``, r > 0.

        M_k(a) <= e^(a^2/2) E|tau + a|^k for a > 0, and M_k(a) <= E|tau|^k for a <= 0.
        """
        for (p, k, rate), c in self.terms.items():
            size = abs(arb(c))
            if rate <= 0:
                yield size * _absolute_moment(k), p, -2 * self.damping
                continue
            for j in range(k + 1):
                factor = size * _absolute_moment(j) * comb(k, j) * rate ** (k - j)
                yield factor, p + k - j, rate**2 - 2 * self.damping


def _absolute_moment(k: int) -> arb:
    return _moment(k, ctx.prec)


@cache
def _moment(k: int, bits: int) -> arb:
    root = PiNumber({(0, k % 2): fmpq(2) ** (k // 2)})
    return (root * gamma_half(k + 1) / gamma_half(1)).enclosure(bits)


def _tail(c: arb, p: int, rate: fmpq, end: int) -> arb:
    """c times the integral of r^p e^(-(1 - rate) r^2/2) beyond ``end``."""
    half, decay = arb(p + 1) / 2, arb(1 - rate) / 2
    return c * decay**-half * (decay * end * end).gamma_upper(half) / 2
