"""Functions of the radius that Gaussian weights give rise to, in closed form.

With tau standard normal let ``M_k(a) = E[tau_+^k e^(a tau)]``. Then M_0 = e^(a^2/2) Phi(a),
M_1 = a M_0 + 1/sqrt(2 pi) and M_(k+1) = a M_k + k M_(k-1), by parts. A `RadialFunction` is a sum of
``c r^p M_k(rate r)``, times ``e^(-damping r^2)``.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from math import comb, factorial
from typing import Any

from flint import acb, arb, arb_poly, ctx, fmpq

from relu_theory.exact import rational
from relu_theory.integral.closed import PiNumber, gamma_half
from relu_theory.integral.cubature import certified_integral
from relu_theory.integral.exponential import ExpPolynomial

__all__ = ["RadialFunction", "half_line_moments"]

Key = tuple[int, int, fmpq]
_COUNTS = (40, 60, 90, 130, 180, 240, 340, 480, 640)


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

    def expansion(self, reach: arb) -> tuple[list[arb], arb]:
        """Taylor coefficients at r = 0, and a bound of all later terms together for r <= reach.

        From M_k(a) = sum of a^j / j! E[tau_+^(k+j)]. With all signs positive the series has a sum
        at t reach, for t > 1, and its terms past N at reach are at most t^(-N) times that.
        """
        majorant = RadialFunction(-abs(self.damping))
        for (p, k, rate), c in self.terms.items():
            key = (p, k, abs(rate))
            majorant.terms[key] = majorant.terms.get(key, 0) + abs(arb(c))
        sizes = {t: majorant(acb(t * reach)).real.upper() for t in (2, 4, 8)}
        for count in _COUNTS:
            remainder = min((sizes[t] * arb(t) ** -count for t in sizes), key=arb.mid)
            if remainder < arb(2) ** (-ctx.prec // 2):
                break
        return self._series(count), remainder

    def _series(self, count: int) -> list[arb]:
        plain = [arb(0)] * count
        for (p, k, rate), c in self.terms.items():
            power = fmpq(1)
            for j in range(count - p):
                plain[p + j] += _absolute_moment(k + j) / 2 * c * power
                power = power * rate / (j + 1)
                if not power:
                    break
        if not self.damping:
            return plain
        gauss = [fmpq(0)] * count
        for i in range((count + 1) // 2):
            gauss[2 * i] = (-self.damping) ** i / factorial(i)
        product = arb_poly(plain) * arb_poly(gauss)
        return [product[n] for n in range(count)]

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
